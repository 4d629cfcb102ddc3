"""How a file of delimited values separates and quotes, told from its content."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from core.data.sources.text_file import open_text

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 1000
# The csv module's own limit of 131,072 is less than a long document has; no limit would let one quotation mark that is
# never closed swallow the file.
LONGEST_FIELD = 4 * 2**20


@dataclass(frozen=True)
class Dialect:
    """A delimiter, and what quotation marks mean.

    Attributes:
        quoted: fields may be quoted; otherwise a quotation mark is a character like any other.
        escaped: a quotation mark within quotes is written \\" instead of "".
    """

    delimiter: str
    quoted: bool = True
    escaped: bool = False

    def rows(self, lines: Iterable[str], strict: bool = False) -> Any:
        """Iterate over rows, each a list of fields. Raises csv.Error at rows it cannot read."""
        csv.field_size_limit(LONGEST_FIELD)
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            doublequote=not self.escaped,
            escapechar="\\" if self.escaped else None,
            strict=strict,
        )


def dialect_of(path: Path, head: str) -> Dialect:
    """Find the dialect in which most rows have as many fields as the first one.

    Args:
        path: the file, which is read through where only the whole can tell.
        head: how it begins.
    """
    lines = head.splitlines(keepends=True)
    whole = lines[:-1] if len(lines) > 1 else lines  # the last line may be cut
    tries = [Dialect(delimiter) for delimiter in _DELIMITERS if delimiter in _first(lines)]
    if not tries:
        return Dialect(next((mark for mark in ("\t", "|", ";") if mark not in head), ","))  # one column
    best = max(tries, key=lambda dialect: _regularity(dialect, whole))
    if '\\"' in head:
        best = max(best, Dialect(best.delimiter, escaped=True), key=lambda dialect: _regularity(dialect, whole))
    if best.delimiter == "\t" and _quotes_are_text(path):
        best = Dialect("\t", quoted=False)
    return best


def _first(lines: list[str]) -> str:
    return next((line for line in lines if line.strip()), "")


def _regularity(dialect: Dialect, lines: list[str]) -> tuple[float, int]:
    """The share of rows with as many fields as the first, which must have several, and how many that are."""
    counts: list[int] = []
    rows = dialect.rows(lines, strict=True)
    for _ in range(_SAMPLE_ROWS):
        try:
            counts.extend(len(row) for row in islice(rows, _SAMPLE_ROWS) if row)
            break
        except csv.Error:
            counts.append(0)
    if not counts or counts[0] < 2:
        return 0.0, 0
    return round(counts.count(counts[0]) / len(counts), 2), counts[0]


def _quotes_are_text(path: Path) -> bool:
    """Whether a tab-separated file was written without quoting: every line has as many tabs as the first, and some
    field begins with a quotation mark that nothing closes. Read with quoting, such a field swallows the rows after it.
    """
    unclosed = re.compile(r'(?:^|\t)"(?!(?:[^"\t]|"")*"(?:\t|\r?$))')
    tabs, found = None, False
    with open_text(path) as stream:
        for line in stream:
            if tabs is None:
                tabs = line.count("\t")
            if line.count("\t") != tabs and line.strip():
                return False
            found = found or ('"' in line and unclosed.search(line.rstrip("\r\n")) is not None)
    return found
