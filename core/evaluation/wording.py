"""How numbers and the person's own names are written in sentences and cards."""

from __future__ import annotations

import math
import re


def percent(share: float | None) -> str:
    return "unknown" if share is None or math.isnan(share) else f"{100 * share:.1f} %"


def one_line(text: str, longest: int = 80) -> str:
    """A name from the person's data that can neither break a line nor command a terminal."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in " ".join(text.split()))
    return printable if len(printable) <= longest else printable[: longest - 3] + "..."


def markdown(text: str) -> str:
    """A name that shows as it is inside a sentence or a cell of a table."""
    return re.sub(r"([\\`*_{}\[\]<>#|~&$!])", r"\\\1", one_line(text))
