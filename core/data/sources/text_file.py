"""Text files as they come: UTF-8 with or without a mark, UTF-16 with one, any line ends, some bytes damaged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pyarrow as pa

from core.data.sources.source import UNDECODABLE
from core.errors import BadData

ROWS_A_BATCH = 50_000
CHARACTERS_A_BATCH = 64 * 2**20  # long documents: an Arrow array of strings ends at 2 GiB
_HEAD_CHARACTERS = 256 * 1024
_DAMAGED = re.compile("[\ud800-\udfff]")


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """Open a text with its line ends untouched; undecodable bytes become lone surrogates, see `is_damaged`.

    Raises: BadData where the file cannot be read, also in the middle.
    """
    try:
        with open(path, "rb") as raw:
            mark = raw.read(2)
        if mark in (b"\xff\xfe", b"\xfe\xff"):
            stream = open(path, encoding="utf-16", errors="replace", newline="")
        else:
            stream = open(path, encoding="utf-8-sig", errors="surrogateescape", newline="")
        with stream:
            yield stream
    except OSError as cause:
        raise BadData(
            "This file cannot be read: {reason}.",
            where=str(path),
            remedy="Check that it is there and that you may read it.",
            values={"reason": cause.strerror or str(cause)},
        ) from cause


def head_of(path: Path) -> str:
    with open_text(path) as stream:
        return stream.read(_HEAD_CHARACTERS)


def is_damaged(text: str) -> bool:
    """Whether a text holds what UTF-8 cannot: bytes that were not UTF-8, or half a surrogate pair from JSON."""
    return not text.isascii() and _DAMAGED.search(text) is not None


def cells(values: Sequence[str | None]) -> pa.Array:
    """Texts as an Arrow array; damaged ones become UNDECODABLE."""
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        whole = [UNDECODABLE if value is not None and is_damaged(value) else value for value in values]
        return pa.array(whole, pa.string())


def clean_name(name: str) -> str:
    """A column's name as a text that every later step can hold."""
    return name.encode("utf-8", "replace").decode().replace("\0", "?")
