"""The order people expect of names."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts "class 2" before "class 10", and digits before words."""
    pieces = re.findall(r"[0-9]+|[^0-9]+", name)
    return tuple((0, int(piece[:18]), piece) if piece[0] in "0123456789" else (1, 0, piece) for piece in pieces)


def in_order(names: Iterable[str]) -> list[str]:
    """Names sorted by size where all are numbers, also negative ones and fractions; otherwise naturally."""
    names = sorted(names, key=natural)
    numbers = [_number(name) for name in names]
    if any(math.isnan(number) for number in numbers):
        return names
    return [name for _, name in sorted(zip(numbers, names, strict=True), key=lambda pair: pair[0])]


def _number(name: str) -> float:
    try:
        return float(name)
    except ValueError:
        return math.nan
