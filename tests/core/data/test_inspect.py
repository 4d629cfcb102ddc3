"""The look at data before training."""

from __future__ import annotations

import json

from core.data.inspect import inspect
from core.settings.data import DataOptions


def looked(path, **options):
    said = inspect(DataOptions(path=str(path), **options))
    json.dumps(said)
    return said, {problem["kind"]: problem for problem in said["problems"]}


def test_a_sound_table(data, write_csv, reviews):
    said, problems = looked(write_csv(data / "a.csv", ["text", "label"], reviews(200)))
    assert said["task"] == "text-classification"
    assert said["format"] == "csv"
    assert said["examples"] == 200
    assert said["splits"] == {"train": 150, "validation": 20, "test": 30}
    assert said["labels"] == {"neg": 100, "pos": 100}
    assert [(column["name"], column["role"]) for column in said["columns"]] == [("text", "text"), ("label", "label")]
    assert all(set(column) >= {"name", "role", "why"} for column in said["columns"])
    assert problems == {}


def test_a_table_with_everything_wrong(data, write_csv, reviews, sentence):
    rows = reviews(400, ("pos", "pos", "pos", "neg"))
    rows += [[sentence(900), "rare"], [sentence(901), "rare"], [sentence(902), "Pos "]]
    rows += [rows[0], [rows[1][0], "neg"], ["", "pos"]]
    write_csv(data / "train.csv", ["text", "label"], rows)
    write_csv(data / "test.csv", ["text", "label"], [rows[2], *reviews(50, start=2000)])
    said, problems = looked(data)
    assert said["labels"] == {"neg": 126, "Pos": 1, "pos": 327, "rare": 2}
    assert problems["bad-rows"]["examples"] == [
        {"file": "train.csv", "row": 407, "reason": "The column text is empty."}
    ]
    assert {one["label"] for one in problems["few-examples"]["examples"]} == {"Pos", "rare"}
    assert "class_weights" in problems["imbalance"]["text"]
    assert "pos" in problems["imbalance"]["text"]
    assert {one["label"] for one in problems["label-spelling"]["examples"]} == {"Pos", "pos"}
    assert problems["duplicates"]["count"] == 3
    assert problems["duplicates"]["examples"][0] == {"file": "train.csv", "row": 405, "label": "pos"}
    assert problems["conflicting-labels"]["count"] == 1
    assert problems["same-in-two-splits"]["count"] == 1
    assert problems["same-in-two-splits"]["examples"][0]["file"] == "test.csv"
    assert all(set(problem) >= {"kind", "text", "where", "count"} for problem in said["problems"])


def test_class_folders(data, class_folders):
    class_folders(data / "train", {"cat": 30, "dog": 3})
    class_folders(data / "val", {"cat": 5, "dog": 5}, start=28)
    (data / "train" / "bird").mkdir()
    said, problems = looked(data)
    assert said["task"] == "image-classification"
    assert said["format"] == "image-folders"
    assert said["splits"]["validation"] == 10
    assert sum(said["splits"].values()) == 43
    assert problems["empty-class"]["where"] == "train/bird"
    assert problems["few-examples"]["where"] == "dog"
    twice = [problem["count"] for problem in said["problems"] if problem["kind"] == "same-in-two-splits"]
    assert sum(twice) == 5


def test_the_same_data_says_the_same_twice(data, write_csv, reviews):
    path = write_csv(data / "a.csv", ["text", "label"], [*reviews(100), ["", "pos"]])
    assert looked(path) == looked(path)


def test_classes_that_only_look_alike(data, write_csv, sentence):
    names = ["C", "C++", "1", "-1", "very good", "Very-Good", "bad", "bad."]
    rows = [[sentence(number), names[number % len(names)]] for number in range(160)]
    said, _ = looked(write_csv(data / "a.csv", ["text", "label"], rows))
    spelt = [problem["examples"] for problem in said["problems"] if problem["kind"] == "label-spelling"]
    assert [[one["label"] for one in group] for group in spelt] == [["Very-Good", "very good"], ["bad", "bad."]]
