"""Comparing an export's answers with the model's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import RunFailed

# Rounding in float32 through a few dozen layers moves a logit by about 1e-5; a wrong weight moves it by far more.
_TOLERANCE = 1e-3
_AGREEMENT = 0.95  # for the same answer from the raw input, where another library decodes and resizes


@dataclass(frozen=True)
class Comparison:
    """How an export's answers differ from the model's.

    Attributes:
        examples: real validation examples compared.
        max_difference: the largest difference of a logit, both fed the same tensors.
        agreement: share of these examples with the same answer.
        scale: the largest logit, which says what a difference means.
        from_raw: share with the same answer when the export's own preprocessing reads the raw input; None where the
            export brings none.
    """

    examples: int
    max_difference: float
    agreement: float
    scale: float
    from_raw: float | None = None

    def demand(self, format: str) -> None:
        """Raises: RunFailed unless the export answers as the model does."""
        if self.max_difference > _TOLERANCE * max(1.0, self.scale) or self.agreement < _AGREEMENT:
            what = "The {format} export answers otherwise than the model (difference {difference}); it was removed."
        elif self.from_raw is not None and self.from_raw < _AGREEMENT:
            what = "The {format} export prepares raw inputs otherwise than the model was trained on; it was removed."
        else:
            return
        raise RunFailed(
            what,
            remedy="Report this with the run's folder; the result itself is untouched.",
            values={"format": format, "difference": f"{self.max_difference:.2e}"},
        )


def compare(
    expected: NDArray[np.float32], found: NDArray[np.float32], from_raw: NDArray[np.float32] | None = None
) -> Comparison:
    """Compare logits [N, C]; a difference that is not a number counts as infinite."""
    difference = np.abs(expected - found)
    raw = None if from_raw is None else float((from_raw.argmax(axis=1) == expected.argmax(axis=1)).mean())
    return Comparison(
        examples=len(expected),
        max_difference=float(np.where(np.isfinite(difference), difference, np.inf).max()),
        agreement=float((expected.argmax(axis=1) == found.argmax(axis=1)).mean()),
        scale=float(np.abs(expected).max()),
        from_raw=raw,
    )
