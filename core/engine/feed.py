"""Gives the loop the micro-batches of each step, made ready ahead of time where a device would wait for them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType

import numpy as np
import torch

from core.engine.order import Positions
from core.tasks.work import Batch, Draw, Encoded

_AHEAD = 3


@dataclass(frozen=True)
class StepBatches:
    """What one optimiser step learns from, on this process.

    Attributes:
        micro_batches: on the device.
        examples: how many there are, over all processes.
        tokens, cells: real tokens, and places in the padded batches; 0 where examples have no length.
    """

    micro_batches: list[Batch]
    examples: int
    tokens: int
    cells: int


class Feed:
    """The micro-batches of step 1, 2, 3 …, for one process of several.

    Args:
        batches_of: the batches of an epoch, from 0 on.
        ahead: prepare the next steps in a thread. On a CPU that thread would take a core from the computation.
    """

    def __init__(
        self, encoded: Encoded, batches_of: Callable[[int], list[Positions]], micro_batch_size: int, seed: int,
        device: torch.device, rank: int = 0, processes: int = 1, ahead: bool = False,
    ) -> None:  # fmt: skip
        self._encoded, self._batches_of, self._micro = encoded, batches_of, micro_batch_size
        self._seed, self._device, self._rank, self._processes = seed, device, rank, processes
        self._plan = self._positions()
        self._pool = ThreadPoolExecutor(1, "batches") if ahead else None
        self._ready: deque[Future[StepBatches]] = deque()

    def take(self) -> StepBatches:
        """The next step's micro-batches."""
        if self._pool is None:
            return self._made(*next(self._plan))
        while len(self._ready) < _AHEAD:
            self._ready.append(self._pool.submit(self._made, *next(self._plan)))
        return self._ready.popleft().result()

    def _positions(self) -> Iterator[tuple[int, Positions]]:
        epoch = 0
        while True:
            for positions in self._batches_of(epoch):
                yield epoch, positions
            epoch += 1

    def _made(self, epoch: int, positions: Positions) -> StepBatches:
        lengths = self._encoded.lengths
        if lengths is not None:  # neighbours in length share a micro-batch, so a step needs less padding
            positions = positions[np.argsort(-lengths[positions], kind="stable")]
        own = positions[self._rank :: self._processes]
        parts = [own[start : start + self._micro] for start in range(0, len(own), self._micro)]
        draw = Draw(self._seed, epoch)
        return StepBatches(
            micro_batches=[self._moved(self._encoded.batch(part, draw)) for part in parts],
            examples=len(positions),
            tokens=0 if lengths is None else int(lengths[positions].sum()),
            cells=0
            if lengths is None
            else sum(len(part) * int(lengths[part].max()) for part in parts) * self._processes,
        )

    def _moved(self, batch: Batch) -> Batch:
        if self._device.type == "cpu":
            return batch
        pin = self._device.type == "cuda"
        return {
            name: (tensor.pin_memory() if pin else tensor).to(self._device, non_blocking=pin)
            for name, tensor in batch.items()
        }

    def __enter__(self) -> Feed:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
