"""metrics.json holds what was promised, and the sentences say what its numbers mean."""

import json

import numpy as np
import pytest

from core.evaluation.report import metrics_document, sentences, write_metrics
from core.tasks import task_named

NOTHING = (np.zeros(0, np.int64), np.zeros(0, np.int64))


def document(test, train_counts=(50, 50), labels=("ham", "spam"), validation=NOTHING):
    return metrics_document(
        task_named("text-classification"),
        labels,
        np.array(train_counts),
        validation,
        test,
        train_samples=640,
        train_seconds=12.5,
        best_step=40,
        bootstrap_samples=200,
        seed=0,
    )


def answers(*rows):
    """(truth, prediction, how often) as class numbers."""
    truth, predicted, times = np.array(rows).T
    return np.repeat(truth, times), np.repeat(predicted, times)


GOOD = answers((0, 0, 90), (0, 1, 10), (1, 1, 60), (1, 0, 40))


def test_the_file_holds_what_was_promised(tmp_path):
    write_metrics(tmp_path / "metrics.json", document(GOOD, validation=GOOD))
    content = json.loads((tmp_path / "metrics.json").read_text("utf-8"), parse_constant=pytest.fail)
    metrics = {"accuracy", "balanced_accuracy", "macro_precision", "macro_recall", "macro_f1"}

    assert content["task"] == "text-classification"
    assert content["metric"] == "accuracy"
    assert content["test"].keys() == content["baselines"]["majority"].keys() == metrics
    assert content["validation"] == content["test"]
    assert content["test"]["accuracy"] == 0.75
    assert content["baselines"]["majority"]["accuracy"] == 0.5
    assert content["intervals"].keys() == {"test", "validation"}
    low, high = content["intervals"]["test"]["accuracy"]
    assert low < 0.75 < high
    assert content["per_class"][1] == {
        "label": "spam",
        "precision": pytest.approx(6 / 7),
        "recall": 0.6,
        "f1": pytest.approx(12 / 17),
        "examples": 100,
    }
    assert content["confusion"] == {"labels": ["ham", "spam"], "test": [[90, 10], [40, 60]]}
    assert content["train"] == {"samples": 640, "seconds": 12.5}
    assert content["best_step"] == 40
    assert content["labels"] == ["ham", "spam"]


def test_what_is_undefined_is_null(tmp_path):
    write_metrics(tmp_path / "metrics.json", document(NOTHING))
    content = json.loads((tmp_path / "metrics.json").read_text("utf-8"), parse_constant=pytest.fail)
    assert content["test"]["accuracy"] is None
    assert content["intervals"]["test"]["macro_f1"] == [None, None]
    assert sentences(content)[0] == "There is no test example."


def test_a_clear_result_in_three_sentences():
    standing, weakest, confused = sentences(document(GOOD))
    assert standing.startswith("Test accuracy 75.0 % (95 % interval ")
    assert standing.endswith("always answering the largest class: 50.0 %).")
    assert weakest == 'The weakest class is "spam": 60.0 % of its test examples (100) are recognised.'
    assert confused == 'The most frequent confusion is "spam" taken for "ham": 40 of 50 mistakes.'


def test_a_result_near_the_baseline_is_doubted():
    poor = answers((0, 0, 12), (0, 1, 8), (1, 1, 11), (1, 0, 9))
    assert sentences(document(poor))[1].startswith("Warning")


def test_of_unequal_classes_the_metric_that_decides_is_named_and_doubted():
    """Always answering the larger class has 90 % accuracy, and is worth nothing."""
    always = answers((0, 0, 90), (1, 0, 10))
    standing, doubt, *_ = sentences(document(always, train_counts=(90, 10)))
    assert standing.startswith("Test accuracy 90.0 %")
    assert "and macro f1 47.4 %" in standing
    assert doubt.startswith("Warning")


def test_without_a_mistake_there_is_no_weakness():
    perfect = answers((0, 0, 20), (1, 1, 20))
    assert sentences(document(perfect))[1:] == ["No test example was answered wrongly."]


def test_a_class_without_test_examples_is_not_the_weakest():
    found = sentences(document(GOOD, labels=("ham", "spam", "never"), train_counts=(50, 50, 50)))
    assert not any("never" in sentence for sentence in found)


def test_a_label_cannot_command_the_terminal():
    found = sentences(document(GOOD, labels=("ham\x1b[2J\n", "spam")))
    assert '"ham?[2J"' in found[-1]
