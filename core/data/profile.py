"""What the cells of a column look like: how long, how many different, and of what kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.sources.source import LIST, OBJECT

_SAMPLE = 2000
_LONG_CHARACTERS = 60  # classes are shorter, so longer cells need not all be counted
_LONGEST_MATCH = 200  # dates, links and codes are shorter; a document of megabytes need not be searched

_NUMBER = re.compile(r"[-+]?(\d+([.,]\d+)?|[.,]\d+)([eE][-+]?\d+)?")
_WHOLE = re.compile(r"[-+]?\d+")
_DATE = re.compile(r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([T ].*)?|\d{1,2}:\d\d(:\d\d)?")
_LONG_DATE = re.compile(
    r"(\w{3,9},? )?(\w{3,9} \d{1,2}|\d{1,2} \w{3,9}),?( \d\d:\d\d(:\d\d)?)?( [+-]\d{4}| \w{3})? ?\d{4}.*"
)
_ADDRESS = re.compile(r"(https?://|www\.)\S+|\S+@\S+\.\w+|(\.{0,2}[/\\])?([\w.-]+[/\\])*[\w.-]+\.[A-Za-z]{3,4}")
_CODE = re.compile(r"(?=\S*\d)[\w.:#-]+|[0-9a-f-]{16,}", re.ASCII)
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")  # Thai, Japanese, Chinese: no blanks between words
_LIST = re.compile(r"\[.*\]", re.DOTALL)


@dataclass(frozen=True)
class Profile:
    """One column. Shares are of its filled cells, measured on a sample, from 0 to 1.

    Attributes:
        rows: how many cells it has; filled: how many are neither missing nor blank.
        distinct: how many different values; of long cells estimated from the sample.
        characters, words: means.
        numbers, wholes: shares of numbers, and of whole numbers among all cells.
        dates, addresses, codes, lists: shares of dates or times, of URLs, e-mail addresses and paths, of cells such as
            "A-1023" or "9f86d081", and of lists.
        objects: share of objects, in JSON.
    """

    name: str
    rows: int
    filled: int
    distinct: int
    characters: float
    words: float
    numbers: float
    wholes: float
    dates: float
    addresses: float
    codes: float
    lists: float
    objects: float

    @property
    def variety(self) -> float:
        """How many of the filled cells are different, as a share."""
        return self.distinct / self.filled if self.filled else 0.0

    @property
    def mostly_empty(self) -> bool:
        return self.filled < 0.5 * self.rows

    @property
    def is_continuous(self) -> bool:
        """Whether it measures something: numbers with fractions, too many different ones to be classes."""
        fractions = self.numbers >= 0.95 and self.wholes < 0.95
        return fractions and (self.distinct > 20 or self.variety > 0.5)


def profile(name: str, table: pa.Table) -> Profile:
    """Judge one column of raw cells."""
    column = table[name]
    trimmed = [pc.utf8_trim_whitespace(chunk) for chunk in column.chunks]
    filled = sum(map(_filled, trimmed))
    sample = [value for value in _sample(trimmed) if value]
    characters = _mean([len(value) for value in sample])
    distinct = len(set(sample))
    if characters <= _LONG_CHARACTERS:
        distinct = _filled(pc.unique(pa.chunked_array(trimmed, pa.string())))
    elif len(sample) > 1:
        distinct = round(distinct / len(sample) * filled)
    return Profile(
        name=name,
        rows=len(column),
        filled=filled,
        distinct=distinct,
        characters=characters,
        words=_mean([_words(value) for value in sample]),
        numbers=_share(sample, _NUMBER),
        wholes=_share(sample, _WHOLE),
        dates=max(_share(sample, _DATE), _share(sample, _LONG_DATE)),
        addresses=_share(sample, _ADDRESS),
        codes=_share(sample, _CODE),
        lists=_mean([value == LIST or _LIST.fullmatch(value) is not None for value in sample]),
        objects=_mean([value == OBJECT for value in sample]),
    )


def _filled(trimmed: pa.Array) -> int:
    """How many cells are neither missing nor empty."""
    return pc.sum(pc.greater(pc.binary_length(trimmed), 0)).as_py() or 0


def _sample(chunks: Sequence[pa.Array]) -> list[str | None]:
    """Cells from all over the column, because files are often sorted."""
    rows = sum(map(len, chunks))
    wanted = np.unique(np.linspace(0, max(rows - 1, 0), min(rows, _SAMPLE)).astype(np.int64))
    taken: list[str | None] = []
    start = 0
    for chunk in chunks:
        inside = wanted[(wanted >= start) & (wanted < start + len(chunk))] - start
        taken += chunk.take(pa.array(inside)).to_pylist()
        start += len(chunk)
    return taken


def _words(value: str) -> float:
    return len(value.split()) + len(_UNSPACED.findall(value)) / 2


def _share(sample: list[str], pattern: re.Pattern[str]) -> float:
    return _mean([pattern.fullmatch(value, 0, _LONGEST_MATCH) is not None for value in sample])


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
