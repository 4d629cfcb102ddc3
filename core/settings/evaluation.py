"""Options of judging: how often while training, and how surely afterwards."""

from __future__ import annotations

from core.options import Options, option


class EvaluationOptions(Options):
    every_steps: int | None = option(
        None, "Evaluate every", "Empty: after every epoch.", unit="steps", ge=1, le=100_000_000, advanced=True
    )
    batch_size: int | None = option(
        None, "Evaluation batch size", "Empty: chosen by Attune.", ge=1, le=65_536, advanced=True
    )
    bootstrap_samples: int = option(
        1000, "Bootstrap samples", "How often the test is redrawn for the intervals.", ge=100, le=100_000, advanced=True
    )
