"""In which order examples are seen: from seed and epoch alone, so that any step's batch can be found again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.int64]
_POOL = 50  # batches that are sorted together: random enough to learn from, sorted enough to need little padding


def epoch_batches(
    count: int, batch_size: int, seed: int, epoch: int, lengths: Positions | None = None,
    shares: NDArray[np.float64] | None = None,
) -> list[Positions]:  # fmt: skip
    """The batches of one epoch: every example once, or `count` draws by `shares` where those are given.

    Args:
        lengths: [count] tokens; texts of similar length are put together, and the batches are shuffled again.
        shares: [count] probability of each example, for oversampling.
    Returns: ceil(count / batch_size) arrays of positions; one of them may be shorter.
    """
    random = np.random.default_rng((seed, epoch))
    order = random.permutation(count) if shares is None else random.choice(count, count, p=shares)
    if lengths is None:
        return [order[start : start + batch_size] for start in range(0, count, batch_size)]
    pool = _POOL * batch_size
    batches = []
    for start in range(0, count, pool):
        part = order[start : start + pool]
        part = part[np.argsort(-lengths[part], kind="stable")]
        batches += [part[each : each + batch_size] for each in range(0, len(part), batch_size)]
    return [batches[number] for number in random.permutation(len(batches))]


def oversampling_shares(targets: Positions) -> NDArray[np.float64]:
    """[N] probabilities by which every class is drawn equally often."""
    _, place, counts = np.unique(targets, return_inverse=True, return_counts=True)
    shares = 1.0 / counts[place]
    return shares / shares.sum()


def class_weights(counts: Positions, beta: float = 0.999) -> NDArray[np.float32]:
    """Weigh rare classes up by the effective number of their examples.

    Args:
        counts: [C] training examples of each class, each at least 1.
        beta: 0 weighs all classes alike; towards 1 the weights near the inverse counts.
    Returns: [C] float32 weights whose mean is 1, so that the learning rate keeps its meaning.
    Source: Cui et al., Class-Balanced Loss Based on Effective Number of Samples, CVPR 2019.
    """
    weights = (1 - beta) / (1 - np.power(beta, np.maximum(counts, 1)))
    return (weights / weights.mean()).astype(np.float32)
