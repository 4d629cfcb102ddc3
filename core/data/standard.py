"""Raw rows to standard rows: what is usable is kept, the rest is named with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.findings import BadRow
from core.data.fingerprint import content_hash
from core.data.parts import TRAIN, part_of_value
from core.data.sources.source import LIST, OBJECT, UNDECODABLE, DataFile
from core.data.staging import FILE, ROW
from core.data.text_columns import Texts

_FLAWS = (
    (UNDECODABLE, "The column {column} holds bytes that are not UTF-8; save the file as UTF-8."),
    (LIST, "The column {column} holds a list where a text belongs."),
    (OBJECT, "The column {column} holds an object where a text belongs."),
    ("", "The column {column} holds a NUL byte."),
)


@dataclass(frozen=True)
class Reason:
    """Why some rows of a batch are bad.

    Attributes:
        rows: [n] bool.
        text: a template for the column's name and, where `cells` are given, the row's cell.
    """

    rows: np.ndarray
    text: str
    column: str
    cells: pa.Array | None = None


def read_texts(batch: pa.RecordBatch, texts: Texts) -> tuple[dict[str, pa.Array], list[Reason]]:
    """The standard columns `text` and, for pairs, `text_pair` of raw rows; and which rows lack them."""
    sides = {"text": texts.joined} | ({"text_pair": (texts.pair,)} if texts.pair is not None else {})
    columns = {side: _join([_filled(batch, name) for name in names]) for side, names in sides.items()}
    flawed = chain.from_iterable(_flawed(batch, name) for name in chain(*sides.values()))
    missing = [Reason(_mask(pc.is_null(columns[side])), _missing(names), names[0]) for side, names in sides.items()]
    return columns, [*flawed, *missing]


def read_labels(batch: pa.RecordBatch, name: str) -> tuple[pa.Array, list[Reason]]:
    """The standard column `label` of raw rows, without blanks around it; and which rows lack it."""
    labels = pc.utf8_trim_whitespace(_filled(batch, name))
    return labels, [*_flawed(batch, name), Reason(_mask(pc.is_null(labels)), "The column {column} is empty.", name)]


def parts_of(batch: pa.RecordBatch, files: tuple[DataFile, ...], split: str | None) -> np.ndarray:
    """[n] the part each raw row belongs to, by its split column if there is one, otherwise by its file; or ""."""
    if split is not None:
        values = batch.column(split).to_pylist()
        return np.array([part_of_value(value or "") or "" for value in values], dtype=object)
    names = np.array([file.split for file in files], dtype=object)
    return names[batch.column(FILE).to_numpy()]


def is_training(parts: np.ndarray) -> np.ndarray:
    return (parts == TRAIN) | (parts == "")


def hashes_of(columns: dict[str, pa.Array]) -> pa.Array:
    """The content hash of each row's text or pair. Texts that look alike are alike: accents are composed (NFC)."""
    sides = [pc.utf8_normalize(column, "NFC").to_pylist() for column in columns.values()]
    contents = sides[0] if len(sides) == 1 else ["\0".join(both) for both in zip(*sides, strict=True)]
    return pa.array([content_hash(content.encode()) for content in contents], pa.string())


def sort_out(
    batch: pa.RecordBatch, reasons: list[Reason], files: tuple[DataFile, ...]
) -> tuple[pa.Array, list[BadRow]]:
    """Which rows of a batch are usable, as [n] bool, and the others with the first reason against each."""
    reason_of = np.full(batch.num_rows, -1)
    for number, reason in enumerate(reasons):
        reason_of[(reason_of < 0) & reason.rows] = number
    bad = []
    for row in np.flatnonzero(reason_of >= 0).tolist():
        reason = reasons[reason_of[row]]
        values = {"column": reason.column}
        if reason.cells is not None:
            values["cell"] = reason.cells[row].as_py()
        file = files[batch.column(FILE)[row].as_py()].shown
        bad.append(BadRow(file, batch.column(ROW)[row].as_py(), reason.text, values))
    return pa.array(reason_of < 0), bad


def _filled(batch: pa.RecordBatch, name: str) -> pa.Array:
    """A column with null for blank cells."""
    column = batch.column(name)
    return pc.if_else(
        pc.equal(pc.binary_length(pc.utf8_trim_whitespace(column)), 0), pa.scalar(None, pa.string()), column
    )


def _join(columns: list[pa.Array]) -> pa.Array:
    """Several texts as one, a line each; null where all are missing."""
    if len(columns) == 1:
        return columns[0]
    joined = pc.binary_join_element_wise(*columns, "\n", null_handling="skip")
    return pc.if_else(pc.equal(pc.binary_length(joined), 0), pa.scalar(None, pa.string()), joined)


def _missing(names: tuple[str, ...]) -> str:
    return "The column {column} is empty." if len(names) == 1 else "The text columns, {column} first, are empty."


def _flawed(batch: pa.RecordBatch, name: str) -> list[Reason]:
    """Cells that hold no text; sources mark them with a NUL, which no usable text contains."""
    column = batch.column(name)
    with_nul = _mask(pc.match_substring(column, "\0"))
    if not with_nul.any():
        return []
    marked = [(_mask(pc.equal(column, mark)) if mark else with_nul, text) for mark, text in _FLAWS]
    return [Reason(rows, text, name) for rows, text in marked]


def _mask(values: pa.Array) -> np.ndarray:
    return values.fill_null(False).to_numpy(zero_copy_only=False)
