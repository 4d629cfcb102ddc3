"""A finished run's answers to the person's own inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.data.findings import BadRow
from core.data.inputs import Input, read_inputs
from core.evaluation.answers import Answers
from core.evaluation.judge import answers
from core.models.device import device_to_answer
from core.models.result import load_result, read_result, result_folder
from core.tasks import task_named
from core.tasks.work import work_of

_AT_ONCE = 512  # inputs: sorted by length together, and little memory


@dataclass(frozen=True)
class Predictions:
    """Answers come as they are computed; `bad` are the inputs that cannot be read and are left out."""

    labels: list[str]
    answers: Answers
    bad: Sequence[BadRow]


def predict(run: Path, inputs: list[str]) -> Predictions:
    """Answer inputs: texts, files of texts, pictures or folders of pictures.

    Raises: BadModel where there is no result; BadData where an input does not exist or cannot be read.
    """
    folder = result_folder(run)
    result = read_result(folder)
    kind: Literal["text", "image"] = "image" if task_named(result.task["id"]).columns[0] == "image" else "text"
    read, bad = read_inputs(inputs, kind, result.columns)
    network, device = load_result(folder), device_to_answer()
    network.module.to(device)
    work = work_of(result.task["id"])(result.options, tuple(result.labels))

    def answered() -> Iterator[tuple[str, NDArray[np.float32]]]:
        for start in range(0, len(read), _AT_ONCE):
            portion = read[start : start + _AT_ONCE]
            encoded = work.encode(_table(portion, kind), network, keep=False)
            scores = answers(work, network.module, encoded, device)
            yield from ((each.shown, row) for each, row in zip(portion, scores, strict=True))

    return Predictions(result.labels, answered(), bad)


def _table(inputs: Sequence[Input], kind: str) -> pa.Table:
    if kind == "image":
        return pa.table({"image": [each.image for each in inputs]})
    columns = {"text": [each.text for each in inputs]}
    if any(each.text_pair is not None for each in inputs):
        columns["text_pair"] = [each.text_pair or "" for each in inputs]
    return pa.table(columns)
