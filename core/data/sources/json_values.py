"""JSON objects as rows of cells."""

from __future__ import annotations

from typing import Any

from core.data.findings import BadRow
from core.data.sources.source import LIST, OBJECT, Batch, DataFile, Report
from core.data.sources.text_file import CHARACTERS_A_BATCH, ROWS_A_BATCH, cells, clean_name
from core.errors import BadData

_MOST_NAMES = 1000
NOT_JSON = "It is not valid JSON: {reason}."


def reason_of(cause: ValueError | RecursionError) -> str:
    """Why JSON could not be read, in few words. Python refuses integers of more than 4,300 digits."""
    if isinstance(cause, RecursionError):
        return "it is nested too deep"
    said = getattr(cause, "msg", "") or "a number in it is too long"
    return said[0].lower() + said[1:]


class Rows:
    """Gathers objects until they make a batch; the columns are the keys in the order in which they first occur."""

    def __init__(self, file: DataFile, report: Report) -> None:
        self._file = file
        self._report = report
        self._objects: list[dict[str, Any]] = []
        self._numbers: list[int] = []
        self._names: dict[str, None] = {}
        self._characters = 0

    def add(self, number: int, value: Any, characters: int) -> None:
        """Add the value that starts in line `number` and takes so many characters; only objects are rows.

        Raises: BadData where the names are so many that they cannot be columns.
        """
        if not isinstance(value, dict):
            self._report.bad.append(BadRow(self._file.shown, number, "It is not a JSON object with named values."))
            return
        self._names |= dict.fromkeys(value)
        if len(self._names) > _MOST_NAMES:
            raise BadData(
                "Its objects have more than {most} different names; rows of a table share theirs.",
                where=self._file.shown,
                remedy="Write each example as an object with the same few names, such as text and label.",
                values={"most": _MOST_NAMES},
            )
        self._objects.append(value)
        self._numbers.append(number)
        self._characters += characters

    @property
    def full(self) -> bool:
        return len(self._objects) >= ROWS_A_BATCH or self._characters > CHARACTERS_A_BATCH

    def __len__(self) -> int:
        return len(self._objects)

    def take(self) -> Batch:
        """The gathered rows as a batch; gathering starts anew."""
        names = tuple(name for name in self._names if name == clean_name(name))
        columns = [cells([cell(value.get(name)) for value in self._objects]) for name in names]
        batch = Batch(names, columns, self._numbers)
        self._objects, self._numbers, self._characters = [], [], 0
        return batch


def cell(value: Any) -> str | None:
    """A JSON value as a cell: numbers and truth values as text, null and NaN as missing."""
    if isinstance(value, str):
        return value
    if value is None or value != value:
        return None
    if isinstance(value, list):
        return LIST
    return OBJECT if isinstance(value, dict) else str(value)
