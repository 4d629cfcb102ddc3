"""Importing tables: files of rows become one Arrow file of standard text columns."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.columns import Meaning, find_meaning
from core.data.findings import Column
from core.data.left_out import usable_files
from core.data.sources.source import DataFile, Report
from core.data.staging import FILE, ROW, Staged, stage
from core.data.standard import Reason, hashes_of, is_training, parts_of, read_labels, read_texts, sort_out
from core.data.walk import stamp
from core.errors import BadData
from core.settings.data import DataOptions


def import_tables(
    files: Sequence[DataFile], options: DataOptions, folder: Path, report: Report
) -> tuple[str, tuple[Column, ...]]:
    """Write `folder`/data.arrow; return the files' format and what their columns mean.

    Raises: BadData where the files hold nothing to learn from; WrongUse where a named column does not exist.
    """
    raw = folder / "raw"
    raw.mkdir()
    read_as, meaning = _import_through(raw, files, options, folder / "data.arrow", report)
    shutil.rmtree(raw)  # only here: Windows deletes no file that is still mapped
    return read_as, meaning.columns


def _import_through(
    raw: Path, files: Sequence[DataFile], options: DataOptions, target: Path, report: Report
) -> tuple[str, Meaning]:
    staged = stage(files, raw, report)
    training = staged.training_rows()
    if not len(training):
        raise _nothing_usable(files, options.path, report)
    meaning = find_meaning(training, staged.names(), options)
    report.problems += meaning.problems
    used = usable_files(staged, meaning, report)
    with pa.ipc.new_file(target, _schema(meaning)) as writer:
        for batch in _standard_batches(staged, meaning, used, report):
            writer.write_batch(batch)
    return staged.format, meaning


def _nothing_usable(files: Sequence[DataFile], path: str, report: Report) -> BadData:
    if report.bad:
        text = "No row can be used.{first}"
    elif any(stamp(file.path)[0] for file in files):
        text = "There is no row to learn from, only a header or nothing."
    else:
        text = "The file is empty." if len(files) == 1 else "The files are empty."
    first = "".join(f"\n{row}" for row in report.bad[:5])
    remedy = "A table needs a row for each example, with a text and a class."
    return BadData(text, where=path, remedy=remedy, values={"first": first})


def _schema(meaning: Meaning) -> pa.Schema:
    texts = ["text", "text_pair"] if meaning.texts.pair is not None else ["text"]
    strings = [(name, pa.string()) for name in (*texts, "label", "split", "hash", "file")]
    return pa.schema([*strings, ("row", pa.int64())])


def _standard_batches(staged: Staged, meaning: Meaning, used: np.ndarray, report: Report) -> Iterator[pa.RecordBatch]:
    """Training rows first, because a class that does not occur among them can neither be learnt nor judged.

    Args:
        used: [files] bool, which files to read.
    """
    classes: set[str] = set()
    for for_training in (True, False):
        for batch in staged.table.to_batches():
            parts = parts_of(batch, staged.files, meaning.split)
            wanted = used[batch.column(FILE).to_numpy()] & (is_training(parts) == for_training)
            if wanted.any():
                known = None if for_training else classes
                standard = _standard_batch(
                    batch.filter(pa.array(wanted)), parts[wanted], staged, meaning, known, report
                )
                if for_training:
                    classes |= set(pc.unique(standard.column("label")).to_pylist())
                yield standard


def _standard_batch(
    batch: pa.RecordBatch, parts: np.ndarray, staged: Staged, meaning: Meaning, known: set[str] | None, report: Report
) -> pa.RecordBatch:
    """The usable rows of one batch; the others are reported.

    Args:
        parts: [n] the part of each row.
        known: the classes that may occur, or None for any.
    """
    texts, reasons = read_texts(batch, meaning.texts)
    labels, more = read_labels(batch, meaning.label)
    reasons += more
    if known is not None:
        unknown = ~pc.is_in(labels, pa.array(sorted(known), pa.string())).to_numpy(zero_copy_only=False)
        reasons.append(
            Reason(unknown, "The class {cell} does not occur in the training part.", meaning.label, cells=labels)
        )
    usable, bad = sort_out(batch, reasons, staged.files)
    report.bad += bad
    texts = {name: column.filter(usable) for name, column in texts.items()}
    shown = pa.array([file.shown for file in staged.files], pa.string())
    columns = {
        **texts,
        "label": labels.filter(usable),
        "split": pa.array(parts, pa.string()).filter(usable),
        "hash": hashes_of(texts),
        "file": shown.take(batch.column(FILE)).filter(usable),
        "row": batch.column(ROW).filter(usable),
    }
    return pa.record_batch(columns, schema=_schema(meaning))
