"""The loop: what one fine-tuning does, from top to bottom."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import torch
from accelerate import Accelerator
from torch import nn
from torch.optim import Optimizer

from core.engine.best import BestKept
from core.engine.feed import Feed
from core.engine.optimizer import Schedule, total_norm
from core.engine.pace import Pace
from core.engine.record import StepRecord
from core.tasks.work import Work


class Ending(StrEnum):
    """Why the loop ended."""

    BUDGET = "budget"
    NOTHING_BETTER = "early_stopping"


@dataclass
class Parts:
    """What moves: the module and optimiser as accelerate prepared them, and what feeds and measures them.

    Attributes:
        to_training: sets the module to training mode, frozen parts excepted.
        kernels: the context in which step `n` is computed.
        evaluate: scores the module after step `n` and says whether it is the best so far.
    """

    module: nn.Module
    optimizer: Optimizer
    schedule: Schedule
    feed: Feed
    work: Work
    pace: Pace
    record: StepRecord
    best: BestKept
    max_grad_norm: float
    to_training: Callable[[], None]
    kernels: Callable[[int], AbstractContextManager[Any]]
    evaluate: Callable[[int], bool]


def train(parts: Parts, accelerator: Accelerator) -> Ending:
    """Train until the budget is spent or nothing better is to be expected.

    Raises: RunFailed where the loss is not a finite number any more.
    """
    module, optimizer, work = parts.module, parts.optimizer, parts.work
    trainable = [each for each in module.parameters() if each.requires_grad]
    parts.to_training()
    for step in parts.pace.steps():
        began = time.perf_counter()
        batches = parts.feed.take()
        learning_rate = parts.schedule.set(parts.pace.progress(step))
        targets = accelerator.reduce(work.count_targets(batches.micro_batches))
        loss = torch.zeros((), device=accelerator.device)
        for number, batch in enumerate(batches.micro_batches, start=1):
            last = number == len(batches.micro_batches)
            with nullcontext() if last else accelerator.no_sync(module):
                with parts.kernels(step):
                    # Sum over all targets, not mean of means: a short micro-batch must not weigh more.
                    share = work.loss_sum(module, batch) / targets
                accelerator.backward(share * accelerator.num_processes)  # DDP averages; undo it
            loss += share.detach()  # stays on the device: .item() would wait for it
        clipped = parts.max_grad_norm > 0
        grad_norm = accelerator.clip_grad_norm_(trainable, parts.max_grad_norm) if clipped else total_norm(trainable)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        seconds = time.perf_counter() - began
        parts.record.step(
            step, parts.pace.epoch(step), accelerator.reduce(loss), grad_norm, learning_rate, batches, seconds
        )
        if parts.pace.evaluates_at(step):
            parts.record.flush()
            parts.evaluate(step)
            if parts.best.is_exhausted:
                return Ending.NOTHING_BETTER
            parts.to_training()
    return Ending.BUDGET
