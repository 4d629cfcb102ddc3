"""The entry point, in processes of its own: what it loads, and what it says where no window can open."""

from __future__ import annotations

import locale
import os
import subprocess
import sys

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop import app, libraries
from desktop.theme import Theme

LINUX_ONLY = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can lack a display or its libraries")
HEAVY = {"torch", "torchvision", "transformers", "datasets", "peft", "accelerate", "sklearn", "timm"}


def attune(*arguments, **environment):
    """Run `python -m desktop` without a display but what is given."""
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    bare.pop("QT_QPA_PLATFORM", None)
    command = [sys.executable, "-m", "desktop", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env={**bare, **environment})


def loaded_after(statement):
    program = f"import sys\n{statement}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    return set(done.stdout.split())


def test_the_window_loads_nothing_that_trains():
    loaded = loaded_after("import desktop.app")
    assert "desktop.window" in loaded
    assert not loaded & HEAVY


def test_the_entry_point_alone_loads_neither_half():
    loaded = loaded_after("import desktop.__main__")
    assert not loaded & ({"PySide6", "pydantic", "core"} | HEAVY)


@LINUX_ONLY
def test_without_a_display_a_sentence_says_so():
    done = attune()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("There is no display")
    assert len(done.stderr.splitlines()) == 1


@LINUX_ONLY
@pytest.mark.skipif(bool(libraries.missing({"DISPLAY": ":0"})), reason="this system lacks libraries of X11")
def test_a_display_that_does_not_answer_is_told():
    done = attune(DISPLAY=":987")
    assert done.returncode == 2
    assert "The display :987 does not answer" in done.stderr


@LINUX_ONLY
def test_a_missing_library_is_named_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr(libraries, "_loads", lambda name: name not in ("libEGL.so.1", "libxcb-cursor.so.0"))
    assert libraries.missing({}) == ["libEGL.so.1"]
    missing = libraries.missing({"DISPLAY": ":0"})
    assert missing == ["libEGL.so.1", "libxcb-cursor.so.0"]
    monkeypatch.setattr(libraries.shutil, "which", lambda tool: tool == "apt-get")
    told = libraries.how_to_install(missing)
    assert "libEGL.so.1, libxcb-cursor.so.0" in told
    assert told.endswith("sudo apt-get install libegl1 libxcb-cursor0")
    monkeypatch.setattr(libraries.shutil, "which", lambda tool: None)
    assert "dnf install libglvnd-egl xcb-util-cursor" in libraries.how_to_install(missing)


@LINUX_ONLY
@pytest.mark.parametrize(
    ("environment", "needed"),
    [
        ({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, set()),
        ({"QT_QPA_PLATFORM": "wayland"}, set(libraries.WAYLAND)),
        ({"QT_QPA_PLATFORM": "xcb"}, set(libraries.XCB)),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, set(libraries.XCB)),
    ],
)
def test_only_the_libraries_of_the_platform_in_use_are_needed(monkeypatch, environment, needed):
    monkeypatch.setattr(libraries, "_loads", lambda name: name in libraries.ALWAYS)
    assert set(libraries.missing(environment)) == needed


@LINUX_ONLY
def test_x11_is_not_needed_where_wayland_is_complete(monkeypatch):
    monkeypatch.setattr(libraries, "_loads", lambda name: name not in libraries.XCB)
    assert libraries.missing({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}) == []


def test_the_window_opens_and_numbers_keep_their_point(qapp, monkeypatch):
    closing = []

    def close_the_window():
        [window] = [widget for widget in QApplication.topLevelWidgets() if widget.windowTitle() == "Attune"]
        closing.append(locale.localeconv()["decimal_point"])
        window.close()

    monkeypatch.setattr(app, "QApplication", lambda argv: qapp)
    monkeypatch.setattr(app.signal, "signal", lambda *_: None)  # Ctrl-C must go on to end the tests
    QTimer.singleShot(200, close_the_window)
    assert app.main([]) == 0
    assert closing == ["."]
    for dressed in qapp.findChildren(Theme):
        qapp.styleHints().colorSchemeChanged.disconnect(dressed.follow)
