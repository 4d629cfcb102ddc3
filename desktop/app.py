"""The application: Qt, the theme, and the window."""

from __future__ import annotations

import locale
import signal
import sys

from PySide6.QtWidgets import QApplication

from core import __version__
from desktop.theme import Theme
from desktop.window import Window


def main(argv: list[str] | None = None) -> int:
    """Show the window until it is closed; `argv` holds options for Qt. Returns the exit code."""
    app = QApplication([sys.argv[0], *(argv or [])])
    # QApplication takes the system's locale, and with a decimal comma other libraries misread numbers.
    locale.setlocale(locale.LC_NUMERIC, "C")
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Qt's loop never returns to Python, so Ctrl-C would wait for ever
    app.setApplicationName("Attune")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("attune")
    Theme(app)
    window = Window()
    window.show()
    return app.exec()
