"""Whether a table's first row names its columns, and how columns without a name are called."""

from __future__ import annotations

import re
from collections import Counter
from itertools import count

from core.data.names import is_known
from core.data.sources.text_file import clean_name

_NUMBER = re.compile(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?%?")
_LONGEST_NAME_CHARACTERS = 100
_LONGEST_NAME_WORDS = 12


def has_header(rows: list[list[str]], names_before: tuple[str, ...] | None) -> bool:
    """Tell by content whether the first of these rows is a header.

    Args:
        rows: the first rows of the file, at least one.
        names_before: the columns of the files before this one in the same data, where there are some.
    """
    first, rest = [cell.strip() for cell in rows[0]], rows[1:]
    if names_before and set(first) & set(names_before):
        return True
    if [cell for cell in first if cell] == [str(number) for number in range(len([cell for cell in first if cell]))]:
        return len(first) > 1  # 0, 1, 2: how pandas names columns that have no name
    if len(first) > 1 and all(is_known(cell.lower()) for cell in first):
        return True
    if _recurs(first, rest):
        return False
    if len(first) == 1:  # a list of texts; names are one word
        return len(first[0].split()) == 1
    if any(is_known(cell) for cell in first):
        return True
    return not any(_NUMBER.fullmatch(cell) or _is_long(cell) for cell in first)


def _is_long(cell: str) -> bool:
    return len(cell) > _LONGEST_NAME_CHARACTERS or len(cell.split()) > _LONGEST_NAME_WORDS


def _recurs(first: list[str], rest: list[list[str]]) -> bool:
    """Whether a cell of the first row occurs again in its column, as classes do and names do not. (The whole row does
    where files were put together with their headers.)
    """
    others = [cells for row in rest if (cells := [cell.strip() for cell in row]) != first]
    return any(
        cell and any(len(row) > place and row[place] == cell for row in others) for place, cell in enumerate(first)
    )


def column_names(first: list[str], rows: list[list[str]]) -> tuple[str, ...]:
    """The columns a header names: each with a name of its own, as many as the rows have fields.

    R names all columns but the first, which numbers the rows; some programs end every row with a delimiter.
    """
    names = [cell.strip() for cell in first]
    wider = [row for row in rows if len(row) == len(names) + 1]
    if rows and len(wider) > 0.9 * len(rows):
        if all(row[-1] == "" for row in wider):
            names = [*names, ""]
        elif all(row[0].strip().isdigit() for row in wider):
            names = ["", *names]
    distinct: dict[str, None] = {}
    for place, name in enumerate(names, start=1):
        distinct[_unlike(distinct, clean_name(name) or f"column_{place}")] = None
    return tuple(distinct)


def _unlike(taken: dict[str, None], name: str) -> str:
    numbered = (f"{name}_{number}" for number in count(2))
    return name if name not in taken else next(other for other in numbered if other not in taken)


def numbered_names(rows: list[list[str]]) -> tuple[str, ...]:
    """column_1 .. column_n, as many as most rows have fields."""
    width = Counter(len(row) for row in rows).most_common(1)[0][0]
    return tuple(f"column_{place}" for place in range(1, width + 1))
