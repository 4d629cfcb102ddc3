"""The library: every project as a row, or what to do while there is none."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QFont, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core import places
from core.errors import AttuneError
from desktop import theme
from desktop.items.projects import COLUMNS, Index, ProjectsModel

FIRST_STEPS = (
    ("sample", "Fine-tune a small model on 501 customer messages: a few minutes, and no data of yours is needed."),
    ("inspect DATA", "Look into your own file or folder: what task it suits, and what would hurt training."),
    ("train DATA --model starter:minilm --output RUN", "Fine-tune a model on it. RUN is a new folder for the result."),
)


class RowDelegate(QStyledItemDelegate):
    """Marks the selected row, and no single cell in it: Fusion would dim that cell's text."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802 (Qt's name)
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus


class LibraryPage(QWidget):
    """Lists the projects. `open_folder` is an action for menus; it opens the selected project's folder."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ProjectsModel(self)
        self.table = projects_table(self.model)
        self.empty = empty_state()
        self.notice = label("", selectable=True)
        self.open_folder = self._opening_action()
        self._shown = QStackedWidget()
        self._lay_out()
        self._selected: Path | None = None
        self.table.selectionModel().currentRowChanged.connect(self._remember)
        self.table.doubleClicked.connect(self._open)
        self.model.modelReset.connect(self._select_again)
        self.load()

    def load(self) -> None:
        """Read the projects from disk, and show them or what is wrong."""
        problem = ""
        try:
            self.model.load()
        except AttuneError as error:
            problem = str(error)
        self._tell(problem)
        self._shown.setVisible(not problem)
        self._shown.setCurrentWidget(self.table if self.has_projects() else self.empty)
        self.open_folder.setEnabled(self.has_projects())

    def has_projects(self) -> bool:
        return self.model.rowCount() > 0

    def _opening_action(self) -> QAction:
        action = QAction("&Open Project Folder", self)
        action.setShortcuts([QKeySequence(Qt.Key.Key_Return), QKeySequence(Qt.Key.Key_Enter)])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # Return belongs to the table, not to the window
        action.triggered.connect(lambda: self._open(self.table.currentIndex()))
        self.table.addAction(action)
        return action

    def _lay_out(self) -> None:
        self._shown.addWidget(self.table)
        self._shown.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * theme.SPACE, 2 * theme.SPACE, 3 * theme.SPACE, 3 * theme.SPACE)
        column.setSpacing(2 * theme.SPACE)
        column.addWidget(label("Projects", theme.heading(self.font())))
        column.addWidget(self.notice)
        column.addWidget(self._shown, stretch=1)
        column.addStretch(0)  # keeps the texts at the top while nothing is shown below them

    def _open(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        folder = self.model.folder(index.row())
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._tell(f"No program on this system opened the folder. It is:\n{folder}")

    def _tell(self, problem: str) -> None:
        self.notice.setText(problem)
        self.notice.setVisible(bool(problem))

    def _remember(self, current: QModelIndex) -> None:
        if current.isValid():
            self._selected = self.model.folder(current.row())

    def _select_again(self) -> None:
        """After a change on disk: the project that was selected, or the first."""
        row = self.model.row_of(self._selected) if self._selected else None
        self.table.selectRow(row or 0)


def projects_table(model: ProjectsModel) -> QTableView:
    table = QTableView()
    table.setAccessibleName("Projects")
    table.setModel(model)
    table.setItemDelegate(RowDelegate(table))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)  # Tab leaves the table, the arrows move in it
    row_height = table.fontMetrics().height() + 2 * theme.SPACE
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(row_height)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setFixedHeight(row_height)
    # Widths from the font, never from the contents: that would read every row.
    for place, column in enumerate(COLUMNS):
        table.setColumnWidth(place, table.fontMetrics().horizontalAdvance("0") * column.characters + 3 * theme.SPACE)
    table.setMinimumWidth(header.length() + 3 * theme.SPACE)  # with room for a scroll bar
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    return table


def empty_state() -> QWidget:
    """Says what to do next: in this version, fine-tuning starts on the command line."""
    texts = QWidget()
    texts.setMaximumWidth(texts.fontMetrics().averageCharWidth() * 110)  # longer lines are hard to read
    column = QVBoxLayout(texts)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.SPACE)
    column.addWidget(label("There is no project yet", theme.subheading(texts.font())))
    column.addWidget(
        label("In this version fine-tuning starts on the command line, and its projects appear here. In a terminal:")
    )
    for arguments, sentence in FIRST_STEPS:
        column.addSpacing(theme.SPACE)
        column.addWidget(code(f"{program()} {arguments}"))
        column.addWidget(label(sentence))
    column.addSpacing(2 * theme.SPACE)
    column.addWidget(label(f"Projects lie in {places.projects()}", selectable=True))
    column.addStretch()
    page = QScrollArea(widgetResizable=True)
    page.setFrameShape(QFrame.Shape.NoFrame)
    page.setAccessibleName("What to do next")
    page.setWidget(texts)
    return page


def label(text: str, font: QFont | None = None, *, selectable: bool = False) -> QLabel:
    """Text as it is, never read as HTML: it may hold the name of a file. Selectable text can be reached by Tab."""
    made = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    if font:
        made.setFont(font)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return made


def code(text: str) -> QLabel:
    """A command to type or copy, in letters of one width as large as the text around it."""
    made = label(text, theme.fixed(QApplication.font()), selectable=True)
    made.setBackgroundRole(QPalette.ColorRole.Midlight)
    made.setAutoFillBackground(True)
    made.setMargin(theme.SPACE)
    return made


def program() -> str:
    """How to call Attune from a terminal: its full path where the shell would not find it by name."""
    beside = shutil.which("attune", path=str(Path(sys.executable).parent))
    if beside is None or shutil.which("attune"):
        return "attune"
    return f'"{beside}"' if " " in beside else beside
