"""What a person in a terminal sees of a run: a progress bar, and a line for each thing worth a sentence."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

from tqdm import tqdm

from core.errors import fill
from core.events import Event, Finished, Note, Plan, Scores, Stage, Started, Step

_STAGES = {
    "data": "Reading the data",
    "model": "Loading the model",
    "encoding": "Preparing the examples",
    "training": "Training",
    "judging": "Judging the best model",
}


class TerminalProgress:
    """Shows a run's events on standard error. Used as the echo of the event writer."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._metric = ""

    def __call__(self, event: Event, line: str) -> None:
        match event:
            case Started():
                self._say(f"Computing on {event.device} in {event.precision}, {event.threads} threads")
            case Stage():
                self._say(f"{_STAGES.get(event.stage, event.stage)} …")
            case Note():
                self._say(f"Note: {fill(event.text, event.values)}")
            case Plan():
                self._begin(event)
            case Step() if self._bar is not None:
                self._bar.update(event.step - self._bar.n)
                speed = f"{event.samples_per_second:.0f}/s"
                self._bar.set_postfix_str(f"loss {event.loss:.3f}, {speed}", refresh=False)
            case Scores():
                better = ", the best so far" if event.best else ""
                value, loss = event.scores[self._metric], event.scores["loss"]
                self._say(f"Epoch {event.epoch:.2f}: validation {self._metric} {value:.3f}, loss {loss:.3f}{better}")
            case Finished():
                self.close()
                why = "nothing better came" if event.reason == "early_stopping" else "as long as planned"
                self._say(
                    f"Done after {event.step} steps in {event.seconds:.0f} s ({why}); kept step {event.best_step}."
                )

    def _begin(self, plan: Plan) -> None:
        self._metric = plan.metric
        counts = f"{plan.train_examples} to train, {plan.validation_examples} to validate, {plan.test_examples} to test"
        self._say(f"{counts}; {len(plan.labels)} classes")
        share = 100 * plan.trainable_parameters / max(1, plan.parameters)
        rates = f"{plan.learning_rate:g}, head {plan.head_learning_rate:g} ({plan.rate_source})"
        trained = f"{plan.parameters / 1e6:.1f} M parameters, {min(share, 100):.1f} % of them are trained"
        self._say(f"{trained}; learning rate {rates}")
        self._bar = tqdm(total=plan.last_step, unit="step", file=sys.stderr, dynamic_ncols=True, mininterval=0.5)

    def _say(self, sentence: str) -> None:
        tqdm.write(sentence, file=sys.stderr)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def __enter__(self) -> TerminalProgress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
