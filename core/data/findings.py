"""What was found in the data: columns and their roles, rows that cannot be used, things worth knowing.

Every sentence is an English template with its values beside it, so that a window can translate the template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from core.errors import fill

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A column of the person's data. `role` is a standard column's name, or "ignored"; `why` says how it is known."""

    name: str
    role: str
    why: str
    values: Values = field(default_factory=dict)

    def said(self) -> dict[str, Any]:
        return {**asdict(self), "why": fill(self.why, self.values), "template": self.why}


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row or a file that is left out. `row` is the physical line where it starts, from 1; 0 for a file as a whole."""

    file: str
    row: int
    reason: str
    values: Values = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{place(self.file, self.row)}: {fill(self.reason, self.values)}"

    def said(self) -> dict[str, Any]:
        return {"file": self.file, "row": self.row, "reason": fill(self.reason, self.values)}


@dataclass(frozen=True)
class Problem:
    """Something the person should know; it stops nothing.

    Attributes:
        kind: a stable name for the kind, such as "bad-rows" or "imbalance".
        text: the sentence, a template for `values`.
        where: the file, column or class it is about, or "".
        count: how many rows, files or classes it concerns.
        examples: a few of them, as JSON-able values.
    """

    kind: str
    text: str
    where: str = ""
    count: int = 0
    examples: Sequence[Any] = ()
    values: Values = field(default_factory=dict)

    def said(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "text": fill(self.text, self.values),
            "where": self.where,
            "count": self.count,
            "examples": list(self.examples),
            "template": self.text,
            "values": dict(self.values),
        }


def place(file: str, row: int) -> str:
    return f"{file}, row {row}" if row else file
