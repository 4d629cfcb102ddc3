"""A baseline is scored like any other answers."""

import numpy as np
import pytest

from core.evaluation.baselines import baselines, majority


def test_majority_answers_the_largest_training_class():
    scores = majority(np.array([2, 7, 1]), np.array([1, 1, 1, 0]))
    assert scores["accuracy"] == 0.75
    assert scores["balanced_accuracy"] == 0.5
    # Class 1: precision 3/4, recall 1, so F1 6/7; class 0: 0; class 2 occurs nowhere.
    assert scores["macro_f1"] == pytest.approx(3 / 7)


def test_the_largest_training_class_may_not_occur_in_the_test():
    assert majority(np.array([1, 9]), np.array([0, 0]))["accuracy"] == 0


def test_every_baseline_stands_under_its_name():
    train_counts, truth = np.array([3, 1]), np.array([0, 1])
    assert baselines(train_counts, truth) == {"majority": majority(train_counts, truth)}
