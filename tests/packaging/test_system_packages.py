"""The script that looks at the system before anything is installed."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from desktop import libraries

SCRIPT = Path(__file__).parents[2] / "packaging" / "system_packages.py"


@pytest.fixture
def script(monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    return runpy.run_path(str(SCRIPT))


def test_it_needs_nothing_that_is_installed():
    """-I and -S: no environment, no site-packages, as on a new machine."""
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run([sys.executable, "-I", "-S", SCRIPT], capture_output=True, text=True, timeout=60, env=bare)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_it_names_the_packages_of_a_new_debian(script, capsys):
    assert script["main"](["--debian"]) == 0
    names = capsys.readouterr().out.split()
    assert {"libegl1", "libxcb-cursor0", "python3-venv"} <= set(names)


def test_an_old_python_is_told(script, monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    assert script["main"]([]) == 1
    assert "needs Python 3.11 or newer" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can lack libraries")
def test_missing_libraries_are_told_with_their_packages(script, monkeypatch, capsys):
    monkeypatch.setattr(libraries, "_loads", lambda name: name != "libEGL.so.1")
    assert script["main"]([]) == 1
    assert "libEGL.so.1" in capsys.readouterr().err
