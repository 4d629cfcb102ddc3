"""What the model answers to a person's own inputs, as a table for a spreadsheet or as lines for a program."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from core.errors import WrongUse
from core.evaluation.plain_json import json_line
from core.files import written_aside

Answers = Iterable[tuple[str, NDArray[np.floating]]]  # each input with the probability [C] of each class

_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)*|[.,]\d+)([eE][+-]?\d+)?")


def write_answers(path: Path, answers: Answers, labels: Sequence[str]) -> None:
    """Write the answers into a .csv or .jsonl file, whole or not at all; nothing but one answer is held in memory.

    CSV has the columns input, prediction, confidence, and score_LABEL for each class; a line of JSON is
    {"input": ..., "prediction": ..., "scores": {label: probability}}.

    Raises: WrongUse where the ending is another, before the first answer is asked for.
    """
    write = _FORMATS.get(path.suffix.lower())
    if write is None:
        raise WrongUse(
            "Answers cannot be written into this kind of file.",
            str(path),
            "Choose a name that ends with {endings}.",
            {"endings": " or ".join(_FORMATS)},
        )
    # A path on Linux may hold bytes that are no UTF-8: \udcXX in their place keeps the file readable.
    with (
        written_aside(path) as aside,
        open(aside, "w", encoding="utf-8", errors="backslashreplace", newline="") as file,
    ):
        write(file, answers, labels)


def _write_csv(file: TextIO, answers: Answers, labels: Sequence[str]) -> None:
    # Text is always quoted: where lists are separated by semicolons, "a;=1+1" would else become two cells.
    table = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    table.writerow(["input", "prediction", "confidence", *(f"score_{label}" for label in labels)])
    for asked, scores in answers:
        best = int(scores.argmax())
        values = [_rounded(score) for score in scores]
        table.writerow([harmless(asked), harmless(labels[best]), values[best], *values])


def _write_jsonl(file: TextIO, answers: Answers, labels: Sequence[str]) -> None:
    for asked, scores in answers:
        values = dict(zip(labels, map(_rounded, scores), strict=True))
        line = json_line({"input": asked, "prediction": labels[int(scores.argmax())], "scores": values})
        file.write(line + "\n")


_FORMATS: dict[str, Callable[[TextIO, Answers, Sequence[str]], None]] = {".csv": _write_csv, ".jsonl": _write_jsonl}


def harmless(text: str) -> str:
    """Put ' before text that a spreadsheet would run as a formula; numbers such as -3.5 stay.

    Source: CWE-1236, Improper Neutralization of Formula Elements in a CSV File.
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _rounded(score: float) -> float:
    return round(float(score), 6)  # float32 knows seven digits; more would be noise
