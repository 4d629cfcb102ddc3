"""A finished run judged again: on its own data, or on other data of the same kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from core.data.open import Imported, open_data
from core.data.splits import split
from core.errors import BadData, WrongUse
from core.evaluation.classification import confusion, intervals, per_class, scores_of_answers
from core.evaluation.judge import answers
from core.evaluation.plain_json import without_nan
from core.models.device import device_to_answer
from core.models.result import Result, load_result, read_result, result_folder
from core.models.safety import read_json
from core.settings.data import DataOptions
from core.spec import load_spec
from core.tasks.work import work_of


def evaluate(run: Path, data: str | None = None) -> dict[str, Any]:
    """Score a run's model.

    Args:
        data: other data with labels; its test part where it has one, else its validation part, else all of it.
            None: the validation and test parts the run kept aside.
    Returns: as metrics.json: `task`, `metric`, a {metric: number} for each part judged, `intervals`, `per_class` and
        `confusion` of the last part, `examples` of each part, and `unknown_labels`: examples of classes the model
        does not know, which cannot be judged.
    Raises: BadModel where there is no result; BadData where the data is gone or holds none of the model's classes.
    """
    folder = result_folder(run)
    result = read_result(folder)
    imported, rows = _own_parts(run) if data is None else _other_part(data, result)
    network, device = load_result(folder), device_to_answer()
    network.module.to(device)
    work = work_of(result.task["id"])(result.options, tuple(result.labels))
    encoded = work.encode(imported.table, network)
    known = read_json(folder / "metrics.json")
    document: dict[str, Any] = {"task": result.task["id"], "metric": known["metric"], "data": data, "unknown_labels": 0}
    document |= {"examples": {}, "intervals": {}, "labels": result.labels}
    for name, part in rows.items():
        part = part[encoded.targets[part] >= 0]
        document["unknown_labels"] += len(rows[name]) - len(part)
        if not len(part):
            raise BadData("No example is of a class this model knows.", data or "", "It knows: {labels}.",
                          {"labels": ", ".join(result.labels)})  # fmt: skip
        chosen = encoded.part(part)
        predicted = answers(work, network.module, chosen, device).argmax(axis=1)
        document |= _judged(name, chosen.targets, predicted, result.labels, document)
    return dict(without_nan(document))


def _judged(
    name: str, truth: np.ndarray, predicted: np.ndarray, labels: list[str], document: dict[str, Any]
) -> dict[str, Any]:
    matrix = confusion(truth, predicted, len(labels))
    return {
        name: scores_of_answers(truth, predicted, len(labels)),
        "examples": {**document["examples"], name: len(truth)},
        "intervals": {**document["intervals"], name: intervals(truth, predicted, len(labels))},
        "per_class": per_class(matrix, labels),
        "confusion": {"labels": labels, name: matrix.tolist()},
    }


def _own_parts(run: Path) -> tuple[Imported, dict[str, np.ndarray]]:
    if not (run / "spec.json").is_file():
        raise WrongUse("This model does not know its data any more.", str(run), "Name data with --data.")
    spec = load_spec(run / "spec.json")
    imported = open_data(spec.data, spec.task_id)
    rows = split(imported.table, spec.data)
    return imported, {name: rows[name] for name in ("validation", "test")}


def _other_part(data: str, result: Result) -> tuple[Imported, dict[str, np.ndarray]]:
    imported = _open_alike(data, result)
    parts = imported.table["split"].combine_chunks()
    for name in ("test", "validation"):
        rows = np.flatnonzero(pa.compute.equal(parts, name).to_numpy(zero_copy_only=False))
        if len(rows):
            return imported, {"test": rows}
    return imported, {"test": np.arange(imported.table.num_rows)}


def _open_alike(data: str, result: Result) -> Imported:
    """Read the columns the model was trained on; where they have other names here, those found by their content."""
    named = DataOptions(
        path=data,
        text_columns=tuple(result.columns.get("text") or ()),
        text_pair_column=result.columns.get("text_pair"),
        label_column=result.columns.get("label"),
    )
    try:
        return open_data(named, result.task["id"])
    except WrongUse:
        return open_data(DataOptions(path=data), result.task["id"])
