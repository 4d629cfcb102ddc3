"""Files of a folder that hold other things than examples: other columns, or no known class."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.columns import Meaning
from core.data.findings import Problem
from core.data.sources.source import Report
from core.data.staging import Staged


def usable_files(staged: Staged, meaning: Meaning, report: Report) -> np.ndarray:
    """[files] bool, which files can give examples; of the others a note says why not.

    Only whole files are judged here, such as a test file whose classes are kept secret; single bad rows are not.
    """
    needed = [meaning.label, *([meaning.texts.pair] if meaning.texts.pair is not None else [])]
    classes = _values(staged.training_rows(), meaning.label)
    used = np.ones(len(staged.files), bool)
    for place, file in enumerate(staged.files):
        rows = staged.rows_of(place)
        if not len(rows):
            continue
        lacking = [name for name in needed if not _has_values(rows, name)]
        if not any(_has_values(rows, name) for name in meaning.texts.joined):
            lacking.append(meaning.texts.joined[0])
        if lacking:
            used[place] = False
            text = "{file} is left out: its {rows} rows have nothing in the column {column}."
            report.problems.append(_note(text, file.shown, len(rows), lacking[0]))
        elif meaning.split is None and not classes & _values(rows, meaning.label):
            used[place] = False
            text = "{file} is left out: none of its {rows} rows has a class that occurs in the training part."
            report.problems.append(_note(text, file.shown, len(rows), meaning.label))
    return used


def _has_values(rows: pa.Table, name: str) -> bool:
    return any(
        pc.any(pc.greater(pc.binary_length(pc.utf8_trim_whitespace(chunk)), 0)).as_py() for chunk in rows[name].chunks
    )


def _values(rows: pa.Table, name: str) -> set[str]:
    values = pc.unique(pc.utf8_trim_whitespace(rows[name])).to_pylist()
    return {value for value in values if value}


def _note(text: str, file: str, rows: int, column: str) -> Problem:
    return Problem("left-out", text, where=file, count=rows, values={"file": file, "rows": rows, "column": column})
