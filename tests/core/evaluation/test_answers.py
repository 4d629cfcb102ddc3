"""Answers to a person's own inputs, read back as a program or a spreadsheet would."""

import csv
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import WrongUse
from core.evaluation.answers import harmless, write_answers

LABELS = ["good", "=bad"]
ANSWERS = [('fine, "really"\nfine', np.array([0.75, 0.25], np.float32)), ("=1+1", np.array([0.1, 0.9], np.float32))]


def test_a_table_for_a_spreadsheet(tmp_path):
    write_answers(tmp_path / "answers.csv", iter(ANSWERS), LABELS)
    with open(tmp_path / "answers.csv", encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["input", "prediction", "confidence", "score_good", "score_=bad"],
            ['fine, "really"\nfine', "good", "0.75", "0.75", "0.25"],
            ["'=1+1", "'=bad", "0.9", "0.1", "0.9"],
        ]


def test_lines_for_a_program_hold_the_text_as_it_is(tmp_path):
    write_answers(tmp_path / "answers.JSONL", iter(ANSWERS), LABELS)
    lines = (tmp_path / "answers.JSONL").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"input": 'fine, "really"\nfine', "prediction": "good", "scores": {"good": 0.75, "=bad": 0.25}},
        {"input": "=1+1", "prediction": "=bad", "scores": {"good": 0.1, "=bad": 0.9}},
    ]


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "-1+1", "-3.5\n=1", "+"])
def test_a_formula_is_made_text(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "word", "-3.5", "+49", "-.5", "1e-3", "-3,5", "+1.000,5", "a=b"])
def test_other_text_and_numbers_stay(text):
    assert harmless(text) == text


@given(st.text(alphabet="=+-@\t\r\n'0123456789.,eA ", max_size=8))
def test_no_cell_is_a_formula(text):
    cell = harmless(text)
    if cell.startswith(("=", "@", "\t", "\r")):
        pytest.fail(repr(cell))
    if cell.startswith(("+", "-")):  # then it is a number and nothing else
        assert not set(cell[1:]) & set("=@\t\r\n' A")


def test_a_semicolon_cannot_open_a_second_cell(tmp_path):
    """A spreadsheet set to semicolons would read an unquoted a;=1+1 as two cells."""
    write_answers(tmp_path / "answers.csv", [("a;=1+1", ANSWERS[0][1])], LABELS)
    assert '"a;=1+1"' in (tmp_path / "answers.csv").read_text("utf-8")


@pytest.mark.parametrize("name", ["answers.csv", "answers.jsonl"])
def test_a_path_that_is_no_utf8_can_be_written(tmp_path, name):
    write_answers(tmp_path / name, [("caf\udce9.png", ANSWERS[0][1])], LABELS)
    assert "caf\\udce9.png" in (tmp_path / name).read_text("utf-8")


def test_another_ending_is_refused_before_any_work(tmp_path):
    def answers():
        raise AssertionError("asked")
        yield

    with pytest.raises(WrongUse, match=r"\.csv or \.jsonl"):
        write_answers(tmp_path / "answers.xlsx", answers(), LABELS)


def test_an_interruption_leaves_nothing_behind(tmp_path):
    def answers():
        yield ANSWERS[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_answers(tmp_path / "answers.csv", answers(), LABELS)
    assert not list(tmp_path.iterdir())
