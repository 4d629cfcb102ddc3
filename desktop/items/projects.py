"""The table of projects: name, task, number of runs, last change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QDateTime, QLocale, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.library.projects import Project, projects, runs
from core.tasks import tasks

Index = QModelIndex | QPersistentModelIndex
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
NOWHERE = QModelIndex()


@dataclass(frozen=True)
class Row:
    project: Project
    runs: int


@dataclass(frozen=True)
class Column:
    """One column; `characters` is its width before the person changes it, of the first the least width."""

    title: str
    text: Callable[[Row], str]
    characters: int
    alignment: Qt.AlignmentFlag = LEFT


def task_text(row: Row) -> str:
    if row.project.problem:
        return row.project.problem
    known = tasks().get(row.project.task)
    return known.title if known else row.project.task


def changed_text(row: Row) -> str:
    # Not the locale's short form: 03/04/26 is two different days.
    return QDateTime.fromSecsSinceEpoch(int(row.project.changed)).toString("yyyy-MM-dd hh:mm")


COLUMNS = (
    Column("Project", lambda row: row.project.title, 16),
    Column("Task", task_text, 24),
    Column("Runs", lambda row: QLocale().toString(row.runs), 6, RIGHT),
    Column("Last change", changed_text, 16, RIGHT),
)


class ProjectsModel(QAbstractTableModel):
    """The projects on disk, the one that changed last first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    def load(self) -> None:
        """Look at the disk again. Views hear of it only when something differs, and so keep their selection.

        Raises: BadData where the folder of projects cannot be read; then nothing is shown.
        """
        found: list[Row] = []
        try:
            found = [Row(project, len(runs(project))) for project in projects()]
        finally:
            if found != self._rows:
                self.beginResetModel()
                self._rows = found
                self.endResetModel()

    def folder(self, row: int) -> Path:
        return self._rows[row].project.folder

    def row_of(self, folder: Path) -> int | None:
        """The row of the project that lies in `folder`; None when it has gone."""
        return next((place for place, row in enumerate(self._rows) if row.project.folder == folder), None)

    def rowCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 (Qt's name)
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 (Qt's name)
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column.alignment
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.project.problem or str(row.project.folder)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}: {column.text(row)}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return COLUMNS[section].alignment
        return None
