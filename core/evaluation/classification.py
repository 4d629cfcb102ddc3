"""Scores of classification, their 95 % intervals, and which of them decides.

Every score follows from three counts a class: hits (rightly predicted), predicted and actual examples. So the formulas
stand here once, for one confusion matrix as for a thousand bootstrap samples of thousands of classes, which as dense
matrices would fill the memory.

Shape letters: N examples, C classes, K distinct cells (truth, predicted), B bootstrap samples drawn at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.tasks.task import Task

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.float64]

UNEQUAL = 1.5  # classes are unequal when the largest has this many times the examples of the smallest
_DRAWN_AT_ONCE = 2**21  # counts held at once while resampling: 16 MB an array


def confusion(truth: Ints, predicted: Ints, classes: int) -> NDArray[np.int64]:
    """Count each pair of true and predicted class.

    Args:
        truth, predicted: [N] class numbers from 0 to classes - 1.
    Returns: [C, C] counts; rows are the truth.
    """
    cells = _cells(truth, predicted, classes)
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes).astype(np.int64, copy=False)


def scores(confusion: Ints) -> dict[str, Floats]:
    """Score confusion matrices [..., C, C]; each score has the leading axes. See `scores_of_counts`."""
    return scores_of_counts(*_counts(confusion))


def scores_of_answers(truth: Ints, predicted: Ints, classes: int) -> dict[str, float]:
    """Score class numbers [N] without a matrix, which 10,000 classes would make 800 MB. See `scores_of_counts`."""
    right = truth[truth == predicted]
    hits, answered, actual = (np.bincount(numbers, minlength=classes) for numbers in (right, predicted, truth))
    return {name: float(score) for name, score in scores_of_counts(hits, answered, actual).items()}


def scores_of_counts(hits: Ints, predicted: Ints, actual: Ints) -> dict[str, Floats]:
    """Score from the counts of each class, as scikit-learn defines the scores with zero_division=0.

    Macro averages run over the classes that occur in truth or prediction, balanced accuracy over those in truth.

    Args:
        hits, predicted, actual: [..., C] examples of each class rightly predicted, predicted, and true.
    Returns: each score with the leading axes; NaN where there is no example.
    """
    precision, recall, f1 = _rates(hits, predicted, actual)
    in_truth, occurs = actual > 0, actual + predicted > 0
    return {
        "accuracy": _ratio(hits.sum(-1), actual.sum(-1), undefined=np.nan),
        "balanced_accuracy": _mean(recall, in_truth),
        "macro_precision": _mean(precision, occurs),
        "macro_recall": _mean(recall, occurs),
        "macro_f1": _mean(f1, occurs),
    }


def per_class(confusion: Ints, labels: Sequence[str]) -> list[dict[str, Any]]:
    """Precision, recall, F1 and the number of true examples of each class of one confusion matrix [C, C]."""
    hits, predicted, actual = _counts(confusion)
    precision, recall, f1 = _rates(hits, predicted, actual)
    rows = zip(labels, precision.tolist(), recall.tolist(), f1.tolist(), actual.tolist(), strict=True)
    return [
        {"label": label, "precision": precision, "recall": recall, "f1": f1, "examples": examples}
        for label, precision, recall, f1, examples in rows
    ]


def intervals(
    truth: Ints, predicted: Ints, classes: int, samples: int = 1000, seed: int = 0
) -> dict[str, tuple[float, float]]:
    """Between which two numbers each score lies in 95 % of equally likely test sets.

    Args:
        truth, predicted: [N] class numbers.
        samples: how often the N examples are drawn anew, with replacement.
        seed: the same seed gives the same intervals.
    Returns: the 2.5th and 97.5th percentile of each score; NaN where there is no example.
    Source: Efron & Tibshirani, An Introduction to the Bootstrap, 1993, section 13.3 (the percentile interval).
    """
    if not len(truth):
        return dict.fromkeys(scores_of_answers(truth, predicted, classes), (np.nan, np.nan))
    drawn = [scores_of_counts(*part) for part in _resampled(truth, predicted, classes, samples, seed)]
    bounds = {name: np.percentile(np.concatenate([each[name] for each in drawn]), (2.5, 97.5)) for name in drawn[0]}
    return {name: (float(low), float(high)) for name, (low, high) in bounds.items()}


def decides(task: Task, train_counts: Ints) -> str:
    """The metric that chooses the best model, by the number of training examples of each class [C]."""
    unequal = train_counts.max() >= UNEQUAL * train_counts.min()
    return task.best_when_unequal if unequal else task.best


def _resampled(
    truth: Ints, predicted: Ints, classes: int, samples: int, seed: int
) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Draw bootstrap samples in parts; yield the counts of each class [B, C] in every sample of a part.

    Drawing N examples with replacement is one multinomial draw over the distinct cells: for 100,000 examples of two
    classes four numbers instead of 100,000 (measured: 1 ms instead of 0.9 s for 1,000 samples).
    """
    random = np.random.default_rng(seed)
    cells, examples = np.unique(_cells(truth, predicted, classes), return_counts=True)
    of_truth, of_predicted = np.divmod(cells, classes)
    right = of_truth == of_predicted
    at_once = max(1, _DRAWN_AT_ONCE // max(len(cells), classes))
    for start in range(0, samples, at_once):
        part = min(at_once, samples - start)
        draws = random.multinomial(len(truth), examples / len(truth), size=part)
        yield (
            _by_class(draws[:, right], of_truth[right], classes),
            _by_class(draws, of_predicted, classes),
            _by_class(draws, of_truth, classes),
        )


def _by_class(draws: Ints, of_class: Ints, classes: int) -> Ints:
    """Add up the draws [B, K] of the cells of each class, given the class [K] of each cell: [B, C]."""
    places = np.arange(len(draws))[:, None] * classes + of_class
    sums = np.bincount(places.ravel(), weights=draws.ravel(), minlength=len(draws) * classes)
    return sums.reshape(len(draws), classes).astype(np.int64)


def _cells(truth: Ints, predicted: Ints, classes: int) -> NDArray[np.int64]:
    return truth.astype(np.int64) * classes + predicted  # 64 bits: 50,000 classes squared overflow 32


def _counts(confusion: Ints) -> tuple[Ints, Ints, Ints]:
    return confusion.diagonal(axis1=-2, axis2=-1), confusion.sum(-2), confusion.sum(-1)


def _rates(hits: Ints, predicted: Ints, actual: Ints) -> tuple[Floats, Floats, Floats]:
    return _ratio(hits, predicted), _ratio(hits, actual), _ratio(2 * hits, predicted + actual)


def _mean(values: Floats, included: NDArray[np.bool_]) -> Floats:
    return _ratio((values * included).sum(-1), included.sum(-1), undefined=np.nan)


def _ratio(part: Any, whole: Any, undefined: float = 0.0) -> Floats:
    return np.divide(part, whole, out=np.full(np.shape(whole), undefined), where=np.asarray(whole) > 0)
