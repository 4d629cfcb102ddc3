"""A JSON file that is one array of objects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from core.data.sources.json_values import NOT_JSON, Rows, reason_of
from core.data.sources.source import Batch, DataFile, Report, Source
from core.data.sources.text_file import open_text
from core.errors import BadData

_OPENING = re.compile(r"\s*\[")
_BETWEEN = re.compile(r"[ \t\r\n]*(,?)[ \t\r\n]*")
_LINE_END = re.compile(r"\r\n|\r|\n")


def batches(file: DataFile, names_before: tuple[str, ...] | None, report: Report) -> Iterator[Batch]:
    """Read one file in batches; elements that are no object are reported and left out.

    Raises: BadData where the array itself is broken: what follows a broken element cannot be told apart.
    """
    with open_text(file.path) as stream:
        text = stream.read()
    rows = Rows(file, report)
    decode = json.JSONDecoder().raw_decode
    opening = _OPENING.match(text)
    position, line, counted = opening.end() if opening else 0, 1, 0
    position = _past_separator(text, position)
    while position < len(text) and text[position] != "]":
        line, counted = line + len(_LINE_END.findall(text, counted, position)), position
        try:
            value, end = decode(text, position)
        except (ValueError, RecursionError) as cause:
            broken = line + len(_LINE_END.findall(text, position, getattr(cause, "pos", position)))
            raise _broken(file, broken, reason_of(cause)) from cause
        rows.add(line, value, end - position)
        position = _past_separator(text, end)
        if rows.full:
            yield rows.take()
    if position >= len(text):
        raise _broken(file, line, "the list is never closed")
    if len(rows):
        yield rows.take()


def _past_separator(text: str, position: int) -> int:
    between = _BETWEEN.match(text, position)
    return between.end() if between else position


def _broken(file: DataFile, line: int, reason: str) -> BadData:
    return BadData(
        NOT_JSON,
        where=f"{file.shown}, line {line}",
        remedy="Mend the file, or save it as JSON Lines, where one broken line spoils only itself.",
        values={"reason": reason},
    )


def _begins(head: str) -> bool:
    return re.match(r"\s*\[\s*\{", head) is not None


SOURCE = Source(format="json", endings=(".json", ".jsonl"), begins=_begins, batches=batches)
