"""Parts: what is given is never touched, what is missing is carved by hash within each class."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.fingerprint import content_hash
from core.data.splits import split
from core.settings.data import DataOptions

PARTS = ("train", "validation", "test")


def table_of(rows):
    """rows: [(content, label, split)]"""
    return pa.table(
        {
            "label": pa.array([label for _, label, _ in rows], pa.string()),
            "hash": pa.array([content_hash(content.encode()) for content, _, _ in rows], pa.string()),
            "split": pa.array([part for _, _, part in rows], pa.string()),
        }
    )


def options(validation=0.10, test=0.15):
    return DataOptions(path="x", validation_share=validation, test_share=test)


shares = st.floats(0.01, 0.5)
contents = st.text(st.sampled_from("abcdefgh"), min_size=1, max_size=3)
tables = st.lists(
    st.tuples(contents, st.sampled_from("xyz"), st.sampled_from(["", "train", "validation", "test"])), max_size=60
)
unsplit = st.lists(st.tuples(contents, st.sampled_from("xyz"), st.just("")), max_size=80)


@given(tables, shares, shares)
def test_every_row_is_in_exactly_one_part_and_given_parts_stay(rows, validation, test):
    parts = split(table_of(rows), options(validation, test))
    assert list(parts) == list(PARTS)
    assert sorted(np.concatenate(list(parts.values())).tolist()) == list(range(len(rows)))
    for name in ("validation", "test"):
        given_rows = [number for number, row in enumerate(rows) if row[2] == name]
        if given_rows:
            assert parts[name].tolist() == given_rows
    assert all(rows.dtype == np.int64 and (np.diff(rows) > 0).all() for rows in parts.values())


@given(tables, shares, shares, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, validation, test, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    straight = split(table_of(rows), options(validation, test))
    shuffled = split(table_of([rows[number] for number in order]), options(validation, test))
    for name in PARTS:
        assert sorted(order[number] for number in shuffled[name]) == straight[name].tolist()


@given(unsplit, shares, shares)
def test_copies_stay_together(rows, validation, test):
    parts = split(table_of(rows), options(validation, test))
    found = [{rows[number][0] for number in parts[name]} for name in PARTS]
    assert sum(map(len, found)) == len(set.union(*found))


@given(st.lists(st.integers(1, 40), min_size=1, max_size=4), shares, shares)
@settings(max_examples=60)
def test_each_class_gives_its_share_within_one(sizes, validation, test):
    rows = [(f"{label}-{number}", f"class {label}", "") for label, size in enumerate(sizes) for number in range(size)]
    parts = split(table_of(rows), options(validation, test))
    counts = {name: Counter(rows[number][1] for number in parts[name]) for name in PARTS}
    for label, size in enumerate(sizes):
        name = f"class {label}"
        assert counts["train"][name] >= 1
        if size < 3:
            assert counts["train"][name] == size
            continue
        for part, share in (("validation", validation), ("test", test)):
            assert counts[part][name] >= 1
            assert abs(counts[part][name] - share * size) <= 1


@given(unsplit)
def test_a_class_of_three_different_examples_is_in_every_part(rows):
    parts = split(table_of(rows), options())
    label_of = {}
    for content, label, _ in rows:
        label_of[content] = min(label, label_of.get(content, label))
    distinct = Counter(label_of.values())
    for name in PARTS:
        there = {label_of[rows[number][0]] for number in parts[name]}
        assert {label for label, count in distinct.items() if count >= 3} <= there


def test_a_missing_part_is_carved_from_train_only():
    rows = [(f"t{number}", "ab"[number % 2], "train") for number in range(100)]
    rows += [(f"e{number}", "ab"[number % 2], "test") for number in range(20)]
    parts = split(table_of(rows), options())
    assert parts["test"].tolist() == list(range(100, 120))
    assert len(parts["validation"]) == 10
    assert (parts["validation"] < 100).all()


def test_another_validation_share_leaves_the_test_part_as_it_is():
    rows = [(f"t{number}", "ab"[number % 2], "") for number in range(400)]
    first, second = (split(table_of(rows), options(validation=share)) for share in (0.1, 0.3))
    assert first["test"].tolist() == second["test"].tolist()
    assert len(second["validation"]) == 120


@pytest.mark.parametrize("copies", [1, 50])
def test_a_text_that_fills_a_class_stays_in_training(copies):
    rows = [("yes", "a", "")] * copies + [(f"other {number}", "a", "") for number in range(50)]
    parts = split(table_of(rows), options())
    assert len(parts["test"]) == round(0.15 * len(rows))
    if copies > 1:
        assert set(range(copies)) <= set(parts["train"].tolist())
