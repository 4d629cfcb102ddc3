"""The typed events of a run, and their one-line JSON form in events.jsonl.

One flat object a line: {"number": 1, "time": 1700000000.0, "kind": "step", "step": 1, "loss": 0.7}. Lines are
numbered from 1 without a hole. Numbers that are not finite are the strings "NaN", "Infinity" and "-Infinity".
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar

from core.errors import BadData

_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


@dataclass(frozen=True, kw_only=True)
class Event:
    kind: ClassVar[str]
    number: int = 0
    time: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Started(Event):
    """A process took the run up: which attempt, from which step on, and on what it computes."""

    kind: ClassVar[str] = "started"
    attempt: int
    step: int
    device: str
    precision: str
    threads: int
    versions: dict[str, str]
    instruction_sets: list[str]


@dataclass(frozen=True, kw_only=True)
class Plan(Event):
    """What Attune chose where the spec left it open."""

    kind: ClassVar[str] = "plan"
    task: str
    metric: str
    labels: list[str]
    train_examples: int
    validation_examples: int
    test_examples: int
    trainable_parameters: int
    parameters: int
    batch_size: int
    micro_batch_size: int
    learning_rate: float
    head_learning_rate: float
    rate_source: str
    steps_per_epoch: int
    last_step: int | None
    max_minutes: float | None


@dataclass(frozen=True, kw_only=True)
class Stage(Event):
    """A part of the work began that is not a step: reading data, loading the model, judging."""

    kind: ClassVar[str] = "stage"
    stage: str


@dataclass(frozen=True, kw_only=True)
class Note(Event):
    """Something the person should know: an English template whose values travel apart."""

    kind: ClassVar[str] = "note"
    text: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Step(Event):
    """One optimiser step."""

    kind: ClassVar[str] = "step"
    step: int
    epoch: float
    loss: float
    grad_norm: float
    learning_rate: float
    samples_per_second: float
    tokens_per_second: float | None = None
    padding_share: float | None = None


@dataclass(frozen=True, kw_only=True)
class Scores(Event):
    """An evaluation on the validation part; `best` says that this is the best model so far."""

    kind: ClassVar[str] = "scores"
    step: int
    epoch: float
    split: str
    scores: dict[str, float]
    best: bool


@dataclass(frozen=True, kw_only=True)
class Finished(Event):
    """The run reached its end, and `result/` holds the best model."""

    kind: ClassVar[str] = "finished"
    step: int
    reason: str
    best_step: int
    metric: str
    validation: float
    test: float
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Failed(Event):
    kind: ClassVar[str] = "failed"
    what: str
    where: str
    remedy: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Stopped(Event):
    """The run ended before its end because someone or the system wanted it so."""

    kind: ClassVar[str] = "interrupted"
    step: int


KINDS: dict[str, type[Event]] = {
    event.kind: event for event in (Started, Plan, Stage, Note, Step, Scores, Finished, Failed, Stopped)
}


def to_line(event: Event) -> str:
    """The event as one line of JSON, without the line break."""
    values = {"number": event.number, "time": event.time, "kind": event.kind}
    values |= {name: value for name, value in asdict(event).items() if name not in ("number", "time")}
    return json.dumps(_writable(values), ensure_ascii=False, allow_nan=False)


def from_line(line: str | bytes) -> Event:
    """Read one line. Fields that a newer Attune added are passed over. Raises: BadData."""
    try:
        values = json.loads(line)
        kind = KINDS[values.pop("kind")]
        types = {each.name: str(each.type) for each in fields(kind)}
        return kind(**{name: _readable(value, types[name]) for name, value in values.items() if name in types})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as cause:
        raise BadData("This line is not an event.", repr(line[:80])) from cause


class EventWriter:
    """Appends numbered events to events.jsonl and flushes each, so that a reader sees whole lines at once."""

    def __init__(self, path: Path, echo: Callable[[Event, str], None] | None = None) -> None:
        self._number = _cut_torn_line(path)
        self.last_step = 0
        self._file = open(path, "a", encoding="utf-8", newline="\n")
        self._echo = echo

    def write(self, event: Event) -> None:
        self._number += 1
        self.last_step = getattr(event, "step", self.last_step)
        event = type(event)(**{**_shallow(event), "number": self._number, "time": time.time()})
        line = to_line(event)
        self._file.write(line + "\n")
        self._file.flush()
        if self._echo:
            self._echo(event, line)

    def close(self) -> None:
        self._file.close()


def _cut_torn_line(path: Path) -> int:
    """Cut a last line without an end, as a crash leaves it; return the number of whole lines."""
    if not path.exists():
        return 0
    with open(path, "rb+") as file:
        content = file.read()
        file.truncate(content.rfind(b"\n") + 1)
        return content.count(b"\n")


def _shallow(event: Event) -> dict[str, Any]:
    return {each.name: getattr(event, each.name) for each in fields(event)}


def _writable(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    if isinstance(value, dict):
        return {key: _writable(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_writable(each) for each in value]
    return value


def _readable(value: Any, declared: str) -> Any:
    """Turn the three strings back into numbers, only where a number is declared: a label may be called NaN."""
    if "float" not in declared:
        return value
    if isinstance(value, dict):
        return {key: _NOT_FINITE.get(each, each) for key, each in value.items()}
    return _NOT_FINITE.get(value, value)
