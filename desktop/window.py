"""The frame: menu and pages. No logic."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QSettings, QSize
from PySide6.QtGui import QCloseEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow

from core import places
from desktop.pages.library import LibraryPage


class Window(QMainWindow):
    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Attune")
        self.library = LibraryPage(self)
        self.setCentralWidget(self.library)
        self._fill_menu()
        self._restore_geometry()
        (self.library.table if self.library.has_projects() else self).setFocus()

    def _fill_menu(self) -> None:
        menu = self.menuBar().addMenu("&File")
        menu.addAction(self.library.open_folder)
        menu.addAction("&Reload", QKeySequence.StandardKey.Refresh, self.library.load)
        menu.addSeparator()
        menu.addAction("&Quit", QKeySequence.StandardKey.Quit, self.close)

    def _restore_geometry(self) -> None:
        stored = settings().value("window/geometry")
        if not (isinstance(stored, QByteArray) and self.restoreGeometry(stored)):
            self.resize(QSize(960, 600).boundedTo(self.screen().availableSize()))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Look again when the person comes back: a run in the terminal may have made a project meanwhile."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.library.load()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        settings().setValue("window/geometry", self.saveGeometry())
        super().closeEvent(event)


def settings() -> QSettings:
    """What the window remembers of itself: under ATTUNE_HOME when that is set, else where the system keeps such."""
    home = places.home()
    if home:
        return QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)
    return QSettings("Attune", "Attune")
