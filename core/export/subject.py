"""What is exported: the model as it lies in the result, and real examples to compare with."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.data.open import open_data
from core.data.splits import split
from core.errors import BadModel
from core.models.network import Network
from core.models.result import Result, load_result
from core.spec import load_spec
from core.tasks.work import Batch, Encoded, work_of

_EXAMPLES = 32
_BATCH = 8  # small, so that batches of several lengths are compared


@dataclass
class Subject:
    """A result to export.

    Attributes:
        network: the model in float32 on the CPU, an adapter merged.
        rows: the raw validation examples, in standard columns.
        encoded: the same as tensors.
    """

    folder: Path
    result: Result
    network: Network
    rows: pa.Table
    encoded: Encoded

    @property
    def reads_text(self) -> bool:
        return self.network.tokenizer is not None

    def batches(self) -> list[Batch]:
        """The examples as inputs of the network, without their labels."""
        parts = [
            np.arange(start, min(start + _BATCH, len(self.encoded))) for start in range(0, len(self.encoded), _BATCH)
        ]
        batches = [self.encoded.batch(part) for part in parts]
        return [{name: each for name, each in batch.items() if name != "labels"} for batch in batches]

    @cached_property
    def expected(self) -> NDArray[np.float32]:
        """[N, C] logits of the model itself."""
        return self.answered(lambda batch: self.network.module(**batch).logits)

    def answered(self, answer: Callable[[Mapping[str, Tensor]], Any]) -> NDArray[np.float32]:
        """[N, C] logits of anything that answers a batch."""
        with torch.inference_mode():
            return np.concatenate([np.asarray(answer(batch), dtype=np.float32) for batch in self.batches()])

    def write_papers(self, folder: Path, example: str) -> None:
        """What belongs into every export: labels, the model card, the numbers, and a runnable example."""
        (folder / "labels.json").write_text(
            json.dumps(self.result.labels, ensure_ascii=False, indent=1) + "\n", "utf-8"
        )
        card = (self.folder / "README.md").read_text("utf-8") if (self.folder / "README.md").exists() else ""
        usage = f"\n## Run it\n\n```\npython predict.py {'INPUT TEXT' if self.reads_text else 'PICTURE.jpg'}\n```\n"
        (folder / "README.md").write_text(card + usage, "utf-8")
        (folder / "metrics.json").write_bytes((self.folder / "metrics.json").read_bytes())
        (folder / "predict.py").write_text(example, "utf-8")


def subject_of(run: Path, folder: Path, result: Result) -> Subject:
    """Load a result and the validation examples of its run. Raises: BadModel, BadData."""
    if not (run / "spec.json").is_file():
        raise BadModel("An export is compared on the run's own examples.", str(run), "Name the run's folder.")
    spec = load_spec(run / "spec.json")
    imported = open_data(spec.data, spec.task_id)
    validation = split(imported.table, spec.data)["validation"]
    chosen = validation[np.linspace(0, len(validation) - 1, min(_EXAMPLES, len(validation))).round().astype(np.int64)]
    network = load_result(folder)
    network.module.eval()
    work = work_of(result.task["id"])(result.options, tuple(result.labels))
    rows = imported.table.take(pa.array(chosen))
    return Subject(folder, result, network, rows, work.encode(rows, network, keep=False))
