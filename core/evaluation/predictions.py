"""predictions.parquet: what the model answered to each example of the person's validation and test parts.

Columns: split, input (the text, or the image's path), text_pair where the task has one, hash, label, prediction,
confidence, correct, and scores: the probability of each class in the order of the labels, which stand as a JSON list
in the schema's metadata under "labels".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from core.evaluation.classification import Ints
from core.files import written_aside


def predictions(
    split: str,
    inputs: Sequence[str],
    hashes: Sequence[str],
    truth: Ints,
    scores: NDArray[np.floating],
    labels: Sequence[str],
    text_pairs: Sequence[str] | None = None,
) -> pa.Table:
    """The table of one part of the data.

    Args:
        split: train, validation or test.
        inputs, hashes: [N] what the model saw, and the example's fingerprint.
        truth: [N] class numbers.
        scores: [N, C] probabilities; the highest is the answer.
        labels: [C] the classes' names.
        text_pairs: [N] second texts, where the task has them.
    """
    names = pa.array(labels, pa.string())
    answers = scores.argmax(axis=1)
    flat = pa.array(scores.astype(np.float32, copy=False).ravel())
    columns = {
        "split": pa.array([split] * len(inputs), pa.dictionary(pa.int32(), pa.string())),
        "input": pa.array(inputs, pa.string()),
        **({} if text_pairs is None else {"text_pair": pa.array(text_pairs, pa.string())}),
        "hash": pa.array(hashes, pa.string()),
        "label": names.take(pa.array(truth)),
        "prediction": names.take(pa.array(answers)),
        "confidence": pa.array(scores.max(axis=1).astype(np.float32, copy=False)),
        "correct": pa.array(answers == truth),
        "scores": pa.FixedSizeListArray.from_arrays(flat, len(labels)),
    }
    return pa.table(columns).replace_schema_metadata({"labels": json.dumps(list(labels), ensure_ascii=False)})


def write_predictions(path: Path, parts: Sequence[pa.Table]) -> None:
    """Write the tables of all parts into one file, whole or not at all."""
    with written_aside(path) as aside:
        pq.write_table(pa.concat_tables(parts), aside, compression="zstd")


def read_predictions(path: Path) -> pa.Table:
    return pq.read_table(path)


def labels_of(table: pa.Table) -> list[str]:
    """The names of the classes, in the order of the column `scores`."""
    return list(json.loads(table.schema.metadata[b"labels"]))
