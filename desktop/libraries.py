"""The system's shared libraries that Qt needs on Linux: which are missing, and the packages that bring them.

Only the standard library, and nothing newer than Python 3.8: `packaging/system_packages.py` asks before anything is
installed, and the entry point asks before Qt is loaded, because Qt ends the process when a library is missing.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Mapping

# name of the library: (package of Debian and Ubuntu, package of Fedora); as the ELF headers of PySide6 6.11 list them
ALWAYS = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libX11.so.6": ("libx11-6", "libX11"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libz.so.1": ("zlib1g", "zlib"),
    "libzstd.so.1": ("libzstd1", "libzstd"),
}
XCB = {
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb"),
    "libxcb.so.1": ("libxcb1", "libxcb"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
}
WAYLAND = {
    "libwayland-client.so.0": ("libwayland-client0", "libwayland-client"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "libwayland-cursor"),
}
ALL = {**ALWAYS, **XCB, **WAYLAND}


def has_display(environment: Mapping[str, str]) -> bool:
    """Whether Qt has somewhere to show a window. Only Linux can lack it, as on a server reached through ssh."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform != "linux" or any(environment.get(name) for name in named)


def missing(environment: Mapping[str, str]) -> list[str]:
    """The libraries that Qt would look for in vain when it shows a window in this environment."""
    if sys.platform != "linux":
        return []
    platform = environment.get("QT_QPA_PLATFORM", "")
    lacking = [name for name in ALWAYS if not _loads(name)]
    if platform.startswith("wayland"):
        return lacking + [name for name in WAYLAND if not _loads(name)]
    if platform.startswith("xcb") or (not platform and environment.get("DISPLAY")):
        # Where Wayland is there too and complete, Qt can do without X11.
        if not platform and environment.get("WAYLAND_DISPLAY") and all(_loads(name) for name in WAYLAND):
            return lacking
        return lacking + [name for name in XCB if not _loads(name)]
    return lacking


def display_answers(environment: Mapping[str, str]) -> bool:
    """Whether the X display that is named can be reached; of other kinds, Qt itself says so in words."""
    named = sys.platform == "linux" and environment.get("DISPLAY")
    if not named or environment.get("WAYLAND_DISPLAY") or environment.get("QT_QPA_PLATFORM", "xcb") != "xcb":
        return True
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    connection = x11.XOpenDisplay(environment["DISPLAY"].encode())
    if connection:
        x11.XCloseDisplay(ctypes.c_void_p(connection))
    return bool(connection)


def how_to_install(names: list[str]) -> str:
    """Say which libraries are missing, and the command that installs them here."""
    debian = " ".join(sorted({ALL[name][0] for name in names}))
    fedora = " ".join(sorted({ALL[name][1] for name in names}))
    commands = {"apt-get": f"sudo apt-get install {debian}", "dnf": f"sudo dnf install {fedora}"}
    known = [command for tool, command in commands.items() if shutil.which(tool)] or list(commands.values())
    return f"The system lacks {', '.join(names)}.\nInstall with: " + "\n          or: ".join(known)


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name, mode=os.RTLD_LAZY)
    except OSError:
        return False
    return True
