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

WINDOWS = "cp1252"
ROWS_A_BATCH = 50_000
CHARACTERS_A_BATCH = 64 * 2**20  # long documents: an Arrow array of strings ends at 2 GiB
_HEAD_CHARACTERS = 256 * 1024
# Bytes of Windows-1252 that texts are full of: euro, quotation marks, dashes, dots, pound, degree, fractions, letters
# with accents; as surrogateescape decodes them.
_WINDOWS = re.compile("[\0-\x7f\udc80\udc85\udc91-\udc97\udc99\udca0-\udcfd]*")
_DAMAGED = re.compile("[\ud800-\udfff]")


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """Open a text with its line ends untouched; undecodable bytes become lone surrogates, see `is_damaged`.

    Raises: BadData where the file cannot be read, also in the middle.
    """
    try:
        encoding = _encoding_of(path)
        errors = "surrogateescape" if encoding == "utf-8-sig" else "replace"
        with open(path, encoding=encoding, errors=errors, newline="") as stream:
            yield stream
    except OSError as cause:
        raise BadData(
            "This file cannot be read: {reason}.",
            where=str(path),
            remedy="Check that it is there and that you may read it.",
            values={"reason": cause.strerror or str(cause)},
        ) from cause


def _encoding_of(path: Path) -> str:
    """UTF-8, unless a mark says UTF-16, or the text was plainly written by an old Windows program.

    That is: so many lines are not UTF-8 that the file would be refused, none holds a UTF-8 letter beyond ASCII, and all
    odd bytes are letters and signs that people of Western Europe write. A few damaged bytes are no such evidence.
    """
    with open(path, "rb") as raw:
        head = raw.read(_HEAD_CHARACTERS)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    lines = head.splitlines()[: -1 if len(head) == _HEAD_CHARACTERS else None]  # the last line may be cut
    foreign = [line.decode("utf-8", "surrogateescape") for line in lines if not line.isascii()]
    odd = [line for line in foreign if is_damaged(line)]
    plain = all(_WINDOWS.fullmatch(line) for line in odd)
    return WINDOWS if len(odd) == len(foreign) > 0.05 * len(lines) and plain else "utf-8-sig"


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
