"""Writes what happens in the loop into the run's events, without making the device wait at each step."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import torch
from torch import Tensor

from core.engine.feed import StepBatches
from core.errors import RunFailed
from core.events import EventWriter, Step

_FLUSH_S = 0.5  # reading a number from a GPU waits for it, so a few steps are read together


@dataclass(frozen=True)
class _Pending:
    step: int
    epoch: float
    loss: Tensor
    grad_norm: Tensor
    learning_rate: float
    batches: tuple[int, int, int]
    seconds: float


class StepRecord:
    """Collects steps and writes them as events. Also the loop's stopwatch: `samples` in `seconds` up to `last_step`."""

    def __init__(self, events: EventWriter, waits: bool) -> None:
        self._events, self._waits = events, waits
        self._pending: list[_Pending] = []
        self._flushed = time.monotonic()
        self.samples, self.seconds, self.last_step = 0, 0.0, 0

    def step(
        self, step: int, epoch: float, loss: Tensor, grad_norm: Tensor, learning_rate: float, batches: StepBatches,
        seconds: float,
    ) -> None:  # fmt: skip
        """Take one step's numbers. Raises: RunFailed where an earlier loss turned out not to be finite."""
        counts = (batches.examples, batches.tokens, batches.cells)
        self._pending.append(_Pending(step, epoch, loss, grad_norm, learning_rate, counts, seconds))
        self.samples += batches.examples
        self.last_step = step
        self.seconds += seconds
        if not self._waits or time.monotonic() - self._flushed > _FLUSH_S:
            self.flush()

    def flush(self) -> None:
        if not self._pending:
            return
        numbers = torch.stack(
            [torch.stack([each.loss, each.grad_norm.to(each.loss)]) for each in self._pending]
        ).tolist()
        seconds = sum(each.seconds for each in self._pending)
        examples = sum(each.batches[0] for each in self._pending)
        tokens = sum(each.batches[1] for each in self._pending)
        for each, (loss, grad_norm) in zip(self._pending, numbers, strict=True):
            cells = each.batches[2]
            self._events.write(
                Step(
                    step=each.step,
                    epoch=round(each.epoch, 6),
                    loss=loss,
                    grad_norm=grad_norm,
                    learning_rate=each.learning_rate,
                    samples_per_second=examples / seconds if seconds else 0.0,
                    tokens_per_second=tokens / seconds if tokens and seconds else None,
                    padding_share=1 - each.batches[1] / cells if cells else None,
                )
            )
            if not math.isfinite(loss):
                raise RunFailed(
                    "The loss became {loss} at step {step}; the model cannot learn any more.",
                    "training.learning_rate",
                    "Halve the learning rate, or set training.precision=fp32.",
                    {"loss": str(loss), "step": each.step},
                )
        self._pending.clear()
        self._flushed = time.monotonic()
