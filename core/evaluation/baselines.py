"""What a result must beat to be worth anything: answers that need no fine-tuning."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.evaluation.classification import Ints, scores_of_answers


def majority(train_counts: Ints, test_truth: Ints) -> dict[str, float]:
    """The scores of always answering the largest training class.

    Args:
        train_counts: [C] training examples of each class.
        test_truth: [N] class numbers.
    Returns: each score; NaN where there is no test example.
    """
    answers = np.full_like(test_truth, train_counts.argmax())
    return scores_of_answers(test_truth, answers, len(train_counts))


BASELINES: dict[str, Callable[[Ints, Ints], dict[str, float]]] = {"majority": majority}


def baselines(train_counts: Ints, test_truth: Ints) -> dict[str, dict[str, float]]:
    """The scores of every baseline by its name."""
    return {name: baseline(train_counts, test_truth) for name, baseline in BASELINES.items()}
