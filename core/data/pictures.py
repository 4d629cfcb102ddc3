"""Importing pictures: each one is decoded to see that it is whole, and becomes a row."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa

from core.data.decoding import Checked, check
from core.data.findings import BadRow, Column
from core.data.parts import TRAIN
from core.data.sources.class_folders import FORMAT
from core.data.sources.source import DataFile, Report
from core.errors import BadData

_AT_ONCE = 2048
_SCHEMA = pa.schema(
    [
        ("image", pa.string()),
        ("label", pa.string()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("split", pa.string()),
        ("hash", pa.string()),
        ("file", pa.string()),
        ("row", pa.int64()),
    ]
)
_COLUMNS = (
    Column("picture", "image", "The files are pictures."),
    Column("folder", "label", "Each picture lies in a folder called like its class."),
)

Usable = tuple[DataFile, Checked]


def import_pictures(
    files: Sequence[DataFile], folder: Path, report: Report, progress: Callable[[int, int], None] | None
) -> tuple[str, tuple[Column, ...]]:
    """Write `folder`/data.arrow; return the format and what its columns mean. Pictures that cannot be decoded are
    reported.
    """
    # Training first: a class that does not occur there can neither be learnt nor judged.
    ordered = sorted(files, key=lambda file: file.split not in ("", TRAIN))
    classes: set[str] = set()
    done = 0
    with pa.ipc.new_file(folder / "data.arrow", _SCHEMA) as writer:
        for chunk in _chunks(ordered):
            usable = [pair for pair in _checked(chunk, report) if _is_known(pair[0], classes, report)]
            writer.write_batch(_batch(usable))
            done += len(chunk)
            if progress is not None:
                progress(done, len(files))
    return FORMAT, _COLUMNS


def _chunks(files: Sequence[DataFile]) -> Iterator[Sequence[DataFile]]:
    for start in range(0, len(files), _AT_ONCE):
        yield files[start : start + _AT_ONCE]


def _checked(files: Sequence[DataFile], report: Report) -> Iterator[Usable]:
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for file, result in zip(files, threads.map(check_or_reason, [file.path for file in files]), strict=True):
            if isinstance(result, Checked):
                yield file, result
            else:
                report.bad.append(BadRow(file.shown, 0, result.what, result.values))


def check_or_reason(path: Path) -> Checked | BadData:
    """What is known of a picture, or why it cannot be used."""
    try:
        return check(path)
    except BadData as reason:
        return reason


def _is_known(file: DataFile, classes: set[str], report: Report) -> bool:
    if file.split in ("", TRAIN):
        classes.add(file.label)
    elif file.label not in classes:
        reason = "The class {cell} does not occur in the training part."
        report.bad.append(BadRow(file.shown, 0, reason, {"cell": file.label}))
        return False
    return True


def _batch(usable: list[Usable]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(
        [
            {
                "image": str(file.path),
                "label": file.label,
                "width": checked.width,
                "height": checked.height,
                "split": file.split,
                "hash": checked.hash,
                "file": file.shown,
                "row": 0,
            }
            for file, checked in usable
        ],
        schema=_SCHEMA,
    )
