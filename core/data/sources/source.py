"""What a source of rows promises, and the raw rows it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from core.data.findings import BadRow, Problem

# A cell that holds no text is kept as one of these, because its row is bad only if the column is used. No text can be
# mistaken for one: a text with a NUL byte is itself unusable.
LIST, OBJECT, UNDECODABLE = "\0list", "\0object", "\0undecodable"


@dataclass(frozen=True)
class DataFile:
    """One of the person's files.

    Attributes:
        path: where it is.
        shown: its path below the data's root, with slashes: how reports and the column `file` name it.
        split: the part its name or folder says, or "".
        label: the class its folder says, for pictures in class folders.
    """

    path: Path
    shown: str
    split: str = ""
    label: str = ""


@dataclass
class Report:
    """Collects what is found out on the way."""

    bad: list[BadRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Batch:
    """Raw rows: equally long string columns, where null is a missing cell, and the line where each row starts."""

    names: tuple[str, ...]
    columns: list[pa.Array]
    rows: list[int]


@dataclass(frozen=True)
class Source:
    """A format of rows.

    Attributes:
        format: its name in reports.
        endings: of its files' names, in lower case.
        begins: whether a text that begins so is of this format; asked where several share an ending.
        batches: reads one file. It is given the columns of the files before it, or None, reports bad rows instead of
            raising, and raises BadData only where the file as a whole cannot be read.
    """

    format: str
    endings: tuple[str, ...]
    begins: Callable[[str], bool]
    batches: Callable[[DataFile, tuple[str, ...] | None, Report], Iterator[Batch]]
