"""Comma-, semicolon-, tab- or bar-separated values, with or without a header."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from core.data.findings import BadRow, Problem
from core.data.sources.dialect import Dialect, dialect_of
from core.data.sources.header import column_names, has_header, numbered_names
from core.data.sources.source import Batch, DataFile, Report, Source
from core.data.sources.text_file import CHARACTERS_A_BATCH, ROWS_A_BATCH, cells, head_of, open_text

_ROWS_TO_JUDGE_BY = 1000
Record = tuple[int, list[str]]


def batches(file: DataFile, names_before: tuple[str, ...] | None, report: Report) -> Iterator[Batch]:
    """Read one file in batches; rows that do not fit its columns are reported and left out."""
    dialect = dialect_of(file.path, head_of(file.path))
    with open_text(file.path) as stream:
        records = _records(_Lines(stream), dialect)
        first = list(islice(records, _ROWS_TO_JUDGE_BY))
        if not first:
            return
        names, first = _name_columns(file, first, names_before, report)
        yield from _batches(file, names, chain(first, records), report)


def _name_columns(
    file: DataFile, first: list[Record], names_before: tuple[str, ...] | None, report: Report
) -> tuple[tuple[str, ...], list[Record]]:
    """The names of the columns, and the first rows without the header."""
    rows = [row for _, row in first]
    if has_header(rows, names_before):
        return column_names(rows[0], rows[1:]), first[1:]
    names = numbered_names(rows)
    report.problems.append(
        Problem(
            "no-header",
            "The first row of {file} looks like data, not like names; its columns are called {names}.",
            where=file.shown,
            count=1,
            examples=(rows[0],),
            values={"file": file.shown, "names": ", ".join(names)},
        )
    )
    if names_before is not None and len(names_before) == len(names):
        names = names_before
    return names, first


def _batches(file: DataFile, names: tuple[str, ...], records: Iterable[Record], report: Report) -> Iterator[Batch]:
    width, header = len(names), list(names)
    rows: list[list[str]] = []
    numbers: list[int] = []
    characters = 0
    for number, row in records:
        if len(row) != width:
            report.bad.append(_wrong_width(file, number, len(row), width))
            continue
        if row == header:  # as where files were put together
            report.bad.append(BadRow(file.shown, number, "It is the header once more."))
            continue
        rows.append(row)
        numbers.append(number)
        characters += sum(map(len, row))
        if len(rows) == ROWS_A_BATCH or characters > CHARACTERS_A_BATCH:
            yield _batch(names, rows, numbers)
            rows, numbers, characters = [], [], 0
    if rows:
        yield _batch(names, rows, numbers)


def _batch(names: tuple[str, ...], rows: list[list[str]], numbers: list[int]) -> Batch:
    return Batch(names, [cells(column) for column in zip(*rows, strict=True)], numbers)


def _wrong_width(file: DataFile, number: int, found: int, width: int) -> BadRow:
    if found == 0:
        return BadRow(file.shown, number, "A quotation mark is never closed, or a field is far too long.")
    return BadRow(file.shown, number, "It has {found} fields instead of {width}.", {"found": found, "width": width})


class _Lines:
    """The lines of a file, which remembers those of the current record, so that they can be read once more."""

    def __init__(self, stream: Iterable[str]) -> None:
        self._stream = iter(stream)
        self._again: list[str] = []
        self.record: list[str] = []
        self.number = 0  # of the last line given

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._stream)
        self.number += 1
        self.record.append(line)
        return line

    def only_first(self) -> str:
        """The current record's first line; the others will be given again."""
        line, *others = self.record
        self._again.extend(reversed(others))
        self.number -= len(others)
        return line


def _records(lines: _Lines, dialect: Dialect) -> Iterator[Record]:
    """Yield each row with the line where it starts; blank lines are none. A row that cannot be read is empty.

    A quotation mark that is not closed, or closed in the middle of a field, would take the rows after it along. Its
    line is therefore read alone, and reading goes on with the next line.
    """
    rows = dialect.rows(lines, strict=True)
    while True:
        start = lines.number + 1
        lines.record.clear()
        try:
            row = next(rows)
            if len(row) > 1 or (row and row[0].strip()):
                yield start, row
        except StopIteration:
            return
        except csv.Error:
            yield start, _read_alone(lines.only_first(), dialect)


def _read_alone(line: str, dialect: Dialect) -> list[str]:
    try:
        row: list[str] = next(dialect.rows([line]))
    except (csv.Error, StopIteration):
        return []
    return row if not row[-1].endswith(("\n", "\r")) else []  # its last field ran beyond the line's end


def _begins(head: str) -> bool:
    return not head.lstrip().startswith(("{", "["))


SOURCE = Source(format="csv", endings=(".csv", ".tsv", ".tab", ".psv"), begins=_begins, batches=batches)
