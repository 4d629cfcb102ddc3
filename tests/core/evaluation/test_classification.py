"""Scores agree with scikit-learn on any answers, and intervals with drawing the examples one by one."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sklearn

from core.evaluation.classification import (
    confusion,
    decides,
    intervals,
    per_class,
    scores,
    scores_of_answers,
)
from core.tasks import task_named

CLASSES = 6
pairs = st.lists(st.tuples(st.integers(0, CLASSES - 1), st.integers(0, CLASSES - 1)), min_size=1, max_size=60)


def by_scikit_learn(truth, predicted):
    average = {"average": "macro", "zero_division": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of classes that occur only in the prediction
        return {
            "accuracy": sklearn.accuracy_score(truth, predicted),
            "balanced_accuracy": sklearn.balanced_accuracy_score(truth, predicted),
            "macro_precision": sklearn.precision_score(truth, predicted, **average),
            "macro_recall": sklearn.recall_score(truth, predicted, **average),
            "macro_f1": sklearn.f1_score(truth, predicted, **average),
        }


def some_answers(classes, examples, right, seed=0):
    random = np.random.default_rng(seed)
    truth = random.integers(classes, size=examples)
    return truth, np.where(random.random(examples) < right, truth, random.integers(classes, size=examples))


@settings(max_examples=100, deadline=None)
@given(pairs)
def test_scores_are_those_of_scikit_learn(answers):
    truth, predicted = np.array(answers).T
    expected = pytest.approx(by_scikit_learn(truth, predicted), abs=1e-12)
    assert scores_of_answers(truth, predicted, CLASSES) == expected
    assert {name: float(score) for name, score in scores(confusion(truth, predicted, CLASSES)).items()} == expected


@settings(max_examples=50, deadline=None)
@given(pairs)
def test_counts_and_rates_of_each_class_are_those_of_scikit_learn(answers):
    truth, predicted = np.array(answers).T
    numbers = list(range(CLASSES))
    matrix = confusion(truth, predicted, CLASSES)
    assert matrix.dtype == np.int64
    assert (matrix == sklearn.confusion_matrix(truth, predicted, labels=numbers)).all()

    rows = per_class(matrix, [f"class {number}" for number in numbers])
    ours = [[row[name] for row in rows] for name in ("precision", "recall", "f1", "examples")]
    theirs = sklearn.precision_recall_fscore_support(truth, predicted, labels=numbers, zero_division=0)
    np.testing.assert_allclose(ours, theirs, atol=1e-12)
    assert rows[3]["label"] == "class 3"


def test_many_matrices_are_scored_at_once():
    matrices = np.stack([confusion(*some_answers(4, 50, 0.5, seed), 4) for seed in range(6)]).reshape(2, 3, 4, 4)
    together = scores(matrices)["macro_f1"]
    assert together.shape == (2, 3)
    assert together[1, 2] == scores(matrices[1, 2])["macro_f1"]


def test_class_numbers_may_be_narrow():
    """300 squared is too much for 8 and for 16 bits."""
    truth = np.array([0, 150, 299], np.int16)
    assert confusion(truth, truth, 300)[299, 299] == 1


def test_nothing_to_score_is_undefined_not_an_error():
    nothing = np.zeros(0, np.int64)
    assert all(np.isnan(score) for score in scores_of_answers(nothing, nothing, 3).values())
    assert all(np.isnan(bounds).all() for bounds in intervals(nothing, nothing, 3).values())


def test_intervals_are_those_of_drawing_example_by_example():
    truth, predicted = some_answers(5, 300, 0.6)
    random = np.random.default_rng(1)
    redrawn = random.integers(300, size=(4000, 300))
    plain = [scores_of_answers(truth[rows], predicted[rows], 5) for rows in redrawn]
    for name, bounds in intervals(truth, predicted, 5, samples=4000, seed=2).items():
        expected = np.percentile([each[name] for each in plain], (2.5, 97.5))
        assert bounds == pytest.approx(expected, abs=0.005), name  # the interval itself is 0.1 wide


def test_a_drawn_sample_is_scored_as_scikit_learn_scores_it(monkeypatch):
    """Every single sample, not only their percentiles: written out as examples again, in parts of two samples."""
    import core.evaluation.classification as room

    truth, predicted = some_answers(5, 40, 0.5)
    monkeypatch.setattr(room, "_DRAWN_AT_ONCE", 2 * len(np.unique(truth * 5 + predicted)))
    cells, examples = np.unique(truth * 5 + predicted, return_counts=True)
    draws = np.random.default_rng(3).multinomial(40, examples / 40, size=7)
    expected = [by_scikit_learn(*np.divmod(np.repeat(cells, draw), 5)) for draw in draws]
    for name, bounds in intervals(truth, predicted, 5, samples=7, seed=3).items():
        assert bounds == pytest.approx(np.percentile([each[name] for each in expected], (2.5, 97.5))), name


def test_the_same_seed_gives_the_same_intervals():
    answers = some_answers(3, 100, 0.7)
    assert intervals(*answers, 3, 200, seed=5) == intervals(*answers, 3, 200, seed=5)
    assert intervals(*answers, 3, 200, seed=5) != intervals(*answers, 3, 200, seed=6)


def test_intervals_of_many_classes_need_no_matrix_a_sample():
    """100 dense matrices of 3,000 classes would take 7 GB."""
    truth, predicted = some_answers(3000, 20_000, 0.8)
    low, high = intervals(truth, predicted, 3000, samples=100)["accuracy"]
    assert low < (truth == predicted).mean() < high


@pytest.mark.parametrize(
    ("train_counts", "metric"),
    [([100, 100], "accuracy"), ([149, 100], "accuracy"), ([150, 100], "macro_f1"), ([5, 0], "macro_f1")],
)
def test_unequal_classes_let_another_metric_decide(train_counts, metric):
    assert decides(task_named("text-classification"), np.array(train_counts)) == metric
