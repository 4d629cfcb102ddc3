"""The result of a run: the best model as it lies on the disk, loaded again and judged, with all that explains it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import torch
from numpy.typing import NDArray

from core.engine.material import Material
from core.evaluation.card import CardFacts, model_card
from core.evaluation.judge import answers
from core.evaluation.predictions import predictions, write_predictions
from core.evaluation.report import metrics_document, write_metrics
from core.files import folder_aside, sha256_of
from core.models.network import Network
from core.models.reference import Pretrained
from core.models.result import Result, load_result
from core.runs.folder import RunFolder
from core.spec import RunSpec
from core.tasks import task_named
from core.tasks.work import Work


@dataclass
class Outcome:
    """What the loop left.

    Attributes:
        network: holds the best weights.
        adapter: its module is peft's, and only the adapter is saved.
        batch_size: examples judged at once; what training had room for, judging has.
        samples, seconds: how many examples the loop learnt from, in what time.
    """

    spec: RunSpec
    source: Pretrained
    network: Network
    adapter: bool
    work: Work
    material: Material
    best_step: int
    samples: int
    seconds: float
    device: torch.device
    batch_size: int


def write_result(folder: RunFolder, outcome: Outcome) -> dict[str, Any]:
    """Write RUN/result, whole or not at all; return the content of metrics.json.

    The numbers are those of the model as it was read back from the disk, in float32: what is judged is what is kept.
    """
    with folder_aside(folder.result) as aside:
        _save_model(outcome, aside)
        network = load_result(aside)
        network.module.to(outcome.device)
        judged = {part: _judged(outcome, network, part) for part in ("validation", "test")}
        document = _document(outcome, judged)
        write_predictions(aside / "predictions.parquet", [_table(outcome, part, judged[part]) for part in judged])
        (aside / "README.md").write_text(_card(outcome, document), "utf-8")
        write_metrics(aside / "metrics.json", document)
    return document


def _save_model(outcome: Outcome, folder: Path) -> None:
    network, spec = outcome.network, outcome.spec
    if outcome.adapter:
        network.module.save_pretrained(folder)  # type: ignore[operator]
        (folder / "README.md").unlink(missing_ok=True)  # peft's, an empty form
        network.save_reader(folder)
    else:
        network.save(folder)
    Result(
        task=spec.task.model_dump(mode="json"),
        labels=list(outcome.material.labels),
        adapter=outcome.adapter,
        base_ref=outcome.source.ref,
        base_family=outcome.source.family,
        base_architecture=outcome.source.architecture,
        base_path=str(outcome.source.path.absolute()),
        base_sha256=[sha256_of(path) for path in outcome.source.weights],
        columns=outcome.material.imported.reads(),
        max_length=network.max_length,
    ).save(folder)


def _judged(outcome: Outcome, network: Network, part: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The true classes [N] and the probabilities [N, C] of a part."""
    encoded = outcome.work.encode(outcome.material.table, network).part(outcome.material.rows[part])
    return encoded.targets, answers(outcome.work, network.module, encoded, outcome.device, outcome.batch_size)


def _document(outcome: Outcome, judged: dict[str, tuple[NDArray[np.int64], NDArray[np.float32]]]) -> dict[str, Any]:
    pairs = {part: (truth, scores.argmax(axis=1)) for part, (truth, scores) in judged.items()}
    return metrics_document(
        task_named(outcome.spec.task_id),
        outcome.material.labels,
        outcome.material.train_counts,
        pairs["validation"],
        pairs["test"],
        train_samples=outcome.samples,
        train_seconds=outcome.seconds,
        best_step=outcome.best_step,
        bootstrap_samples=outcome.spec.evaluation.bootstrap_samples,
        seed=outcome.spec.seed,
    )


def _table(outcome: Outcome, part: str, judged: tuple[NDArray[np.int64], NDArray[np.float32]]) -> pa.Table:
    rows = outcome.material.table.take(pa.array(outcome.material.rows[part]))
    shown = task_named(outcome.spec.task_id).columns[0]
    pairs = rows["text_pair"].to_pylist() if "text_pair" in rows.column_names else None
    return predictions(
        part, rows[shown].to_pylist(), rows["hash"].to_pylist(), *judged, outcome.material.labels, pairs
    )  # fmt: skip


def _card(outcome: Outcome, document: dict[str, Any]) -> str:
    facts = CardFacts(
        title=f"{Path(outcome.spec.data.path).name}, {task_named(outcome.spec.task_id).title.lower()}",
        base_model=outcome.source.ref,
        license=outcome.source.licence,
        spec=outcome.spec,
        examples={part: len(rows) for part, rows in outcome.material.rows.items()},
        document=document,
        usage="# attune predict RUN INPUT\n# attune export RUN --format transformers --output DIR",
    )
    return model_card(facts)
