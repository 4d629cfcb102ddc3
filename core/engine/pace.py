"""How long a run lasts: epochs, steps or minutes, and how far it is."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

from core.settings.evaluation import EvaluationOptions
from core.settings.training import TrainingOptions


class Pace:
    """The steps of a run.

    Attributes:
        steps_per_epoch: optimiser steps that see every example once.
        last_step: the last step, or None where minutes decide.
    """

    def __init__(
        self, examples: int, batch_size: int, training: TrainingOptions, evaluation: EvaluationOptions
    ) -> None:
        self.steps_per_epoch = math.ceil(examples / batch_size)
        self._minutes = training.max_minutes
        by_epochs = training.epochs * self.steps_per_epoch if self._minutes is None else None
        self.last_step = training.max_steps or by_epochs
        self._evaluates_every = evaluation.every_steps or self.steps_per_epoch
        self._started = time.monotonic()
        self._over = False

    def steps(self) -> Iterator[int]:
        """1, 2, 3 … until the budget is spent; time is counted from the first one."""
        self._started = time.monotonic()
        step = 0
        while not self._over:
            step += 1
            yield step
            self._over = self._over or self.is_last(step)

    def is_last(self, step: int) -> bool:
        if self.last_step is not None and step >= self.last_step:
            return True
        return self._minutes is not None and self._elapsed_share() >= 1

    def progress(self, step: int) -> float:
        """The middle of this step as a share of the training, 0 to 1."""
        by_steps = (step - 0.5) / self.last_step if self.last_step else 0.0
        by_time = self._elapsed_share() if self._minutes is not None else 0.0
        return min(1.0, max(by_steps, by_time))

    def epoch(self, step: int) -> float:
        return step / self.steps_per_epoch

    def evaluates_at(self, step: int) -> bool:
        """At every so many steps and always after the last one. Asked once a step: time may run out in between."""
        self._over = self.is_last(step)
        return self._over or step % self._evaluates_every == 0

    def _elapsed_share(self) -> float:
        assert self._minutes is not None
        return (time.monotonic() - self._started) / (60 * self._minutes)
