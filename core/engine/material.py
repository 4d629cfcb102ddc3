"""The data of a run: read, split, and its classes counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.data.open import Imported, open_data
from core.data.splits import split
from core.engine.order import class_weights
from core.errors import BadData
from core.evaluation.classification import decides
from core.spec import RunSpec
from core.tasks import task_named
from core.tasks.work import Work, work_of

PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class Material:
    """What a run works on.

    Attributes:
        table: every usable example, memory-mapped; `rows` of each part of it.
        labels: the classes of the training part, in the order of the model's answers.
        train_counts: [C] training examples of each class.
        metric: the one that decides which model is best.
    """

    imported: Imported
    table: pa.Table
    rows: dict[str, NDArray[np.int64]]
    labels: tuple[str, ...]
    train_counts: NDArray[np.int64]
    metric: str


def read_material(spec: RunSpec) -> Material:
    """Import the data and split it. Raises: BadData where a part would be empty or has only one class."""
    imported = open_data(spec.data, spec.task_id)
    rows = split(imported.table, spec.data)
    for part in PARTS:
        if not len(rows[part]):
            raise BadData(
                "There are too few examples: nothing is left for the {part} part.",
                spec.data.path,
                "Add examples; 20 of each class is a sensible minimum.",
                {"part": part},
            )
    labels = tuple(imported.labels())
    numbers = {label: number for number, label in enumerate(labels)}
    trained = imported.table["label"].take(pa.array(rows["train"])).to_pylist()
    counts = np.bincount([numbers[label] for label in trained], minlength=len(labels))
    return Material(imported, imported.table, rows, labels, counts, decides(task_named(spec.task_id), counts))


def make_work(spec: RunSpec, labels: tuple[str, ...], train_counts: NDArray[np.int64] | None = None) -> Work:
    """The task's work for these classes; with the counts of the training part, its loss is weighted as asked."""
    weighted = spec.training.balance == "class_weights" and train_counts is not None
    weights = class_weights(train_counts) if weighted and train_counts is not None else None
    training: dict[str, Any] = {"label_smoothing": spec.training.label_smoothing, "class_weights": weights}
    return work_of(spec.task_id)(spec.task, labels, **training)
