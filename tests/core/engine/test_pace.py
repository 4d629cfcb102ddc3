"""How long a run lasts, by epochs, steps or minutes."""

from itertools import islice

import pytest

from core.engine import pace
from core.engine.pace import Pace
from core.settings.evaluation import EvaluationOptions
from core.settings.training import TrainingOptions


def make(examples=100, batch_size=32, every_steps=None, **training):
    return Pace(examples, batch_size, TrainingOptions(**training), EvaluationOptions(every_steps=every_steps))


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test sets, in seconds."""
    now = {"s": 1000.0}
    monkeypatch.setattr(pace.time, "monotonic", lambda: now["s"])
    return now


def test_epochs_are_whole_passes_the_last_batch_included():
    found = make(examples=100, batch_size=32, epochs=3)
    assert (found.steps_per_epoch, found.last_step) == (4, 12)
    assert list(found.steps()) == list(range(1, 13))
    assert found.epoch(6) == 1.5


def test_steps_count_instead_of_epochs():
    found = make(epochs=3, max_steps=5)
    assert list(found.steps()) == [1, 2, 3, 4, 5]


def test_evaluation_comes_after_each_epoch_and_at_the_end():
    found = make(examples=100, batch_size=32, max_steps=10)
    assert [step for step in found.steps() if found.evaluates_at(step)] == [4, 8, 10]


def test_evaluation_comes_at_every_so_many_steps_and_at_the_end():
    found = make(every_steps=3, max_steps=7)
    assert [step for step in found.steps() if found.evaluates_at(step)] == [3, 6, 7]


def test_progress_stands_in_the_middle_of_a_step():
    found = make(max_steps=4)
    assert [found.progress(step) for step in found.steps()] == [0.125, 0.375, 0.625, 0.875]


def test_minutes_end_a_run_and_its_last_step_is_evaluated(clock):
    found = make(max_minutes=1)
    assert found.last_step is None
    evaluated, progress = [], []
    for step in found.steps():
        progress.append(found.progress(step))
        clock["s"] += 7
        if found.evaluates_at(step):
            evaluated.append(step)
    assert step == 9  # the first one that ends after 60 s
    assert evaluated == [4, 8, 9]
    assert progress == pytest.approx([7 * done / 60 for done in range(9)])


def test_time_counts_from_the_first_step(clock):
    found = make(max_minutes=1)
    clock["s"] += 3600  # loading took an hour
    assert list(islice(found.steps(), 3)) == [1, 2, 3]
    assert found.progress(3) == 0


def test_steps_and_minutes_together_end_with_the_earlier(clock):
    assert list(make(max_minutes=1, max_steps=4).steps()) == [1, 2, 3, 4]
    seen = []
    for step in make(max_minutes=1, max_steps=100).steps():
        clock["s"] += 31
        seen.append(step)
    assert seen == [1, 2]


def test_an_evaluation_during_which_time_runs_out_is_followed_by_one_last_step(clock):
    """What was evaluated as an ordinary step must not end the run: the last step is always evaluated."""
    found = make(max_minutes=1, every_steps=2)
    evaluated = []
    for step in found.steps():
        if found.evaluates_at(step):
            evaluated.append(step)
            clock["s"] += 61
    assert evaluated[-1] == step
