"""metrics.json of a result: every number that says how good it is, and a few sentences about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.evaluation.baselines import baselines
from core.evaluation.classification import Ints, confusion, decides, intervals, per_class, scores_of_answers
from core.evaluation.plain_json import json_line, without_nan
from core.evaluation.wording import one_line, percent
from core.files import write_atomically
from core.tasks.task import Task


def metrics_document(
    task: Task,
    labels: Sequence[str],
    train_counts: Ints,
    validation: tuple[Ints, Ints],
    test: tuple[Ints, Ints],
    *,
    train_samples: int,
    train_seconds: float,
    best_step: int,
    bootstrap_samples: int,
    seed: int,
) -> dict[str, Any]:
    """Judge the result on its validation and test parts.

    Args:
        train_counts: [C] training examples of each class.
        validation, test: the true and the predicted class numbers [N] of each part.
        train_samples, train_seconds: how many examples the loop learnt from, repetitions counted, and in what time:
            loading of data counts, evaluation and saving do not.
        best_step: the optimiser step whose model was kept.
        bootstrap_samples, seed: of the intervals.
    Returns: the content of metrics.json; None where a number is undefined, as with a part that has no example.
    """
    classes = len(labels)
    matrix = confusion(*test, classes)
    document = {
        "task": task.id,
        "metric": decides(task, train_counts),
        "validation": scores_of_answers(*validation, classes),
        "test": scores_of_answers(*test, classes),
        "baselines": baselines(train_counts, test[0]),
        "intervals": {
            "test": intervals(*test, classes, bootstrap_samples, seed),
            "validation": intervals(*validation, classes, bootstrap_samples, seed),
        },
        "per_class": per_class(matrix, labels),
        "confusion": {"labels": list(labels), "test": matrix.tolist()},
        "train": {"samples": train_samples, "seconds": train_seconds},
        "best_step": best_step,
        "labels": list(labels),
    }
    return dict(without_nan(document))


def write_metrics(path: Path, document: Mapping[str, Any]) -> None:
    """Write metrics.json, one entry a line: a matrix of 1,000 classes with a number a line would be unreadable."""
    lines = ",\n".join(f"  {json_line(name)}: {json_line(value)}" for name, value in document.items())
    write_atomically(path, f"{{\n{lines}\n}}\n".encode())


def sentences(document: Mapping[str, Any]) -> list[str]:
    """What a person should know first, in two to four sentences: how good, whether worth anything, what is weak."""
    tested = [each for each in document["per_class"] if each["examples"]]
    if not tested:
        return ["There is no test example.", "How good the result is on new data is unknown."]
    return [_standing(document), *_doubt(document), *_weakness(document["confusion"], tested)]


def _standing(document: Mapping[str, Any]) -> str:
    names = dict.fromkeys(("accuracy", document["metric"]))
    return f"Test {' and '.join(_measured(document, name) for name in names)}."


def _measured(document: Mapping[str, Any], name: str) -> str:
    low, high = document["intervals"]["test"][name]
    return (
        f"{name.replace('_', ' ')} {percent(document['test'][name])} (95 % interval {percent(low)} to {percent(high)}; "
        f"always answering the largest class: {percent(document['baselines']['majority'][name])})"
    )


def _doubt(document: Mapping[str, Any]) -> list[str]:
    metric = document["metric"]
    low, _ = document["intervals"]["test"][metric]
    if low > document["baselines"]["majority"][metric]:
        return []
    return ["Warning: this is not clearly better than always answering the largest class."]


def _weakness(confusion: Mapping[str, Any], tested: list[dict[str, Any]]) -> list[str]:
    mistakes = [
        (count, truth, predicted)
        for truth, row in enumerate(confusion["test"])
        for predicted, count in enumerate(row)
        if count and predicted != truth
    ]
    if not mistakes:
        return ["No test example was answered wrongly."]
    labels = [f'"{one_line(label)}"' for label in confusion["labels"]]
    # Of equally weak classes the larger one, of equally frequent confusions the first.
    weakest = min(tested, key=lambda each: (each["recall"], -each["examples"]))
    count, truth, predicted = max(mistakes, key=lambda each: each[0])
    return [
        f'The weakest class is "{one_line(weakest["label"])}": {percent(weakest["recall"])} of its test examples '
        f"({weakest['examples']}) are recognised.",
        f"The most frequent confusion is {labels[truth]} taken for {labels[predicted]}: {count} of "
        f"{sum(each[0] for each in mistakes)} mistakes.",
    ]
