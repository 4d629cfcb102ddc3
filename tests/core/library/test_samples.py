from __future__ import annotations

import csv
import re
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from core import spec
from core.library.samples import lay_out, samples
from core.tasks import tasks

MESSAGES, DIGITS = samples()


@pytest.fixture
def rows(tmp_path):
    with open(lay_out(MESSAGES, tmp_path), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_sample_can_be_asked_for_as_a_run(sample):
    values = {"task": {"id": sample.task}, "data": {"path": sample.data}, "model": {"ref": sample.starter}}
    spec.apply_settings(values, list(sample.settings))
    assert spec.spec_from(values).task_id in tasks()


def test_messages_are_of_six_unequal_classes(rows):
    counts = Counter(row["category"] for row in rows)
    assert len(rows) >= 480
    assert len(set(counts.values())) == len(counts) == 6
    assert min(counts.values()) >= 40


def test_no_two_messages_are_nearly_the_same(rows):
    words = [frozenset(re.findall(r"\w+", row["message"].lower())) for row in rows]
    assert max(len(one & other) / len(one | other) for one, other in combinations(words, 2)) < 0.5


def test_messages_say_how_many_they_are(rows, tmp_path):
    about = (tmp_path / MESSAGES.name / "ABOUT.md").read_text("utf-8")
    assert f"{len(rows)} messages" in about
    assert MESSAGES.sentence.startswith(f"{len(rows)} messages")
    for category, count in Counter(row["category"] for row in rows).items():
        assert f"| {category} | {count} |" in about


def test_digits_are_pictures_in_a_folder_a_class(tmp_path):
    digits = lay_out(DIGITS, tmp_path)
    assert sorted(folder.name for folder in digits.iterdir()) == list("0123456789")
    pictures = sorted(digits.rglob("*.png"))
    assert len(pictures) == 1797
    with Image.open(pictures[0]) as picture:
        assert (picture.mode, picture.size) == ("L", (32, 32))
        grey = np.asarray(picture)
    assert grey.min() == 0
    assert grey.max() > 200


def test_a_sample_is_written_once(tmp_path):
    data = lay_out(MESSAGES, tmp_path)
    data.write_text("message,category\nmine,mine\n", "utf-8")
    assert lay_out(MESSAGES, tmp_path) == data
    assert "mine" in data.read_text("utf-8")


def test_a_sample_that_could_not_be_written_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(Image.Image, "save", fail)
    with pytest.raises(OSError, match="disk is full"):
        lay_out(DIGITS, tmp_path)
    assert list(tmp_path.iterdir()) == []


def fail(*_):
    raise OSError("disk is full")
