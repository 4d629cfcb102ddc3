"""What the engine asks of a task: the heavy side of its folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from torch import Tensor, nn

from core.models.network import Network
from core.models.reference import Pretrained
from core.tasks import task_named

Batch = dict[str, Tensor]


@dataclass(frozen=True)
class Draw:
    """Where random variation of an example comes from: the same for the same seed and epoch, on every machine, in
    whatever order examples are fetched."""

    seed: int
    epoch: int

    def generator(self, example: int) -> np.random.Generator:
        return np.random.default_rng((self.seed, self.epoch, example))


class Encoded(Protocol):
    """Examples as the network reads them.

    Attributes:
        targets: [N] class numbers; -1 where unknown.
        lengths: [N] tokens of each example, or None where all have the same size.
        vocabulary: the token numbers that occur, in order, or None where there are no tokens.
    """

    @property
    def targets(self) -> NDArray[np.int64]: ...

    @property
    def lengths(self) -> NDArray[np.int64] | None: ...

    @property
    def vocabulary(self) -> NDArray[np.int64] | None: ...

    def __len__(self) -> int: ...

    def part(self, rows: NDArray[np.int64]) -> Encoded:
        """Some of these examples, in this order; nothing is copied."""
        ...

    def batch(self, positions: NDArray[np.int64], draw: Draw | None = None) -> Batch:
        """Examples as tensors by the names of the network's arguments, and `labels` [n].

        Args:
            draw: vary the examples as while training; None shows them as they are.
        """
        ...


class Work(Protocol):
    """The work of one task for one set of labels."""

    def load(self, pretrained: Pretrained) -> Network: ...

    def encode(self, table: pa.Table, network: Network, keep: bool = True) -> Encoded:
        """Make rows with the task's standard columns ready for the network.

        Args:
            keep: in the cache, for the next run on the same data. A few inputs of the moment are not worth it.
        """
        ...

    def notes(self, encoded: Encoded) -> list[tuple[str, dict[str, Any]]]:
        """What the person should know about these examples: templates and their values."""
        ...

    def count_targets(self, batches: list[Batch]) -> Tensor:
        """How much the loss of these batches counts together, as a scalar."""
        ...

    def loss_sum(self, module: nn.Module, batch: Batch) -> Tensor:
        """The summed loss of a batch; divided by its targets it is the mean."""
        ...

    def scores(self, module: nn.Module, batch: Batch) -> Tensor:
        """[n, C] probabilities of each class, float32."""
        ...


def work_of(task_id: str) -> Callable[..., Work]:
    """The class that does a task's work, from its name in the task's description.

    It is called with the task's options, the labels, and what the training sets of the loss
    (`label_smoothing`, `class_weights`).
    """
    module, _, name = task_named(task_id).work.partition(":")
    return cast("Callable[..., Work]", getattr(import_module(module), name))
