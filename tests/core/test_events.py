from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadData
from core.events import KINDS, EventWriter, Note, Scores, Stage, Step, from_line, to_line

NUMBERS = st.floats(allow_nan=False)


def a_step(step=1, loss=0.5):
    return Step(step=step, epoch=0.1, loss=loss, grad_norm=1.0, learning_rate=1e-4, samples_per_second=10.0)


@given(NUMBERS, st.text(), st.dictionaries(st.text(), st.text() | NUMBERS.filter(math.isfinite)))
def test_an_event_reads_back_as_it_was_written(number, text, values):
    scores = Scores(step=3, epoch=1.0, split="validation", scores={"f1": number}, best=True)
    for event in (a_step(loss=number), Note(text=text, values=values), scores):
        line = to_line(event)
        assert "\n" not in line
        assert from_line(line) == event


def test_numbers_that_are_not_finite_are_strings_and_come_back():
    line = to_line(a_step(loss=math.nan))
    assert json.loads(line)["loss"] == "NaN"
    assert math.isnan(from_line(line).loss)
    assert from_line(to_line(a_step(loss=-math.inf))).loss == -math.inf


def test_a_label_called_nan_stays_a_label():
    assert from_line(to_line(Note(text="{label}", values={"label": "NaN"}))).values == {"label": "NaN"}


def test_lines_are_numbered_without_a_hole_also_after_a_torn_one(tmp_path):
    path = tmp_path / "events.jsonl"
    first = EventWriter(path)
    first.write(Stage(stage="data"))
    first.write(a_step())
    first.close()
    with open(path, "a") as file:
        file.write('{"number": 3, "ti')
    second = EventWriter(path)
    second.write(Stage(stage="judging"))
    second.close()
    lines = path.read_text().splitlines()
    assert [json.loads(line)["number"] for line in lines] == [1, 2, 3]
    assert json.loads(lines[2])["stage"] == "judging"


def test_the_echo_sees_the_line_as_it_was_written(tmp_path):
    seen = []
    writer = EventWriter(tmp_path / "events.jsonl", lambda event, line: seen.append((event.number, line)))
    writer.write(Stage(stage="data"))
    writer.close()
    assert seen == [(1, (tmp_path / "events.jsonl").read_text().strip())]


def test_fields_of_a_newer_attune_are_passed_over_and_nonsense_is_refused():
    assert from_line('{"number": 1, "time": 0, "kind": "stage", "stage": "data", "colour": 3}').stage == "data"
    for line in ("", "[]", "{}", '{"kind": "stage"}', '{"kind": "dance"}', "\x00", '{"kind": []}'):
        with pytest.raises(BadData):
            from_line(line)
    assert len(KINDS) == 9
