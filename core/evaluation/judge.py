"""The network's answers for a part of the data."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from core.tasks.work import Encoded, Work


def answers(
    work: Work, module: nn.Module, encoded: Encoded, device: torch.device, batch_size: int = 64
) -> NDArray[np.float32]:
    """[N, C] probabilities in the order of the examples. The module's mode is left as it was found.

    Texts of similar length are computed together; nothing is drawn at random, so the training's state is not touched.
    """
    count = len(encoded)
    order = np.arange(count) if encoded.lengths is None else np.argsort(-encoded.lengths, kind="stable")
    was_training = {each for each in module.modules() if each.training}
    module.eval()
    parts = []
    try:
        with torch.inference_mode():
            for start in range(0, count, batch_size):
                batch = encoded.batch(order[start : start + batch_size])
                batch = {name: tensor.to(device) for name, tensor in batch.items()}
                parts.append(work.scores(module, batch).float().cpu().numpy())
    finally:
        for each in was_training:
            each.training = True
    if not parts:
        return np.empty((0, 0), np.float32)
    scores = np.concatenate(parts)
    restored = np.empty_like(scores)
    restored[order] = scores
    return restored


def mean_loss(scores: NDArray[np.float32], targets: NDArray[np.int64]) -> float:
    """The mean cross-entropy of answers [N, C]; a probability of 0 counts as the smallest one float32 can hold."""
    chosen = scores[np.arange(len(targets)), targets]
    return float(-np.log(np.maximum(chosen, np.finfo(np.float32).tiny)).mean())
