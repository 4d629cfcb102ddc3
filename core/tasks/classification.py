"""What every task with one class an example shares: its loss and its answer."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from core.tasks.work import Batch


class Classification:
    """The loss and the answer of a classifier.

    Args:
        label_smoothing: share of the target spread over all classes.
        class_weights: [C] weights of the classes in the loss, or None for equal ones.
    """

    def __init__(self, label_smoothing: float = 0.0, class_weights: NDArray[np.float32] | None = None) -> None:
        self._smoothing = label_smoothing
        self._weights = None if class_weights is None else torch.from_numpy(class_weights)

    def count_targets(self, batches: list[Batch]) -> Tensor:
        labels = torch.cat([batch["labels"] for batch in batches])
        if self._weights is None:
            return torch.tensor(float(len(labels)), device=labels.device)
        return self._weights.to(labels.device)[labels].sum()

    def loss_sum(self, module: nn.Module, batch: Batch) -> Tensor:
        weights = None if self._weights is None else self._weights.to(batch["labels"].device)
        return functional.cross_entropy(
            self._logits(module, batch), batch["labels"], weights, reduction="sum", label_smoothing=self._smoothing
        )

    def scores(self, module: nn.Module, batch: Batch) -> Tensor:
        return self._logits(module, batch).softmax(dim=-1)

    def _logits(self, module: nn.Module, batch: Batch) -> Tensor:
        return module(**{name: tensor for name, tensor in batch.items() if name != "labels"}).logits.float()


def class_numbers(labels: tuple[str, ...], column: list[str]) -> NDArray[np.int64]:
    """Class numbers of a label column; -1 for a label that is none of these."""
    numbers = {label: number for number, label in enumerate(labels)}
    return np.array([numbers.get(label, -1) for label in column], dtype=np.int64)
