"""A look at data before anything is trained: what it is, how it splits, what is odd."""

from __future__ import annotations

from typing import Any

import pyarrow.compute as pc

from core.data.open import open_data
from core.data.order import in_order
from core.data.quality import problems_of
from core.data.splits import split
from core.settings.data import DataOptions


def inspect(options: DataOptions, task_id: str | None = None) -> dict[str, Any]:
    """Say what Attune makes of the data, as JSON-able values.

    Returns: task, format, examples (usable ones), splits {part: count} as training would use them, columns
        [{name, role, why}], labels {class: count in all parts}, problems [{kind, text, where, count, examples}].
    Raises: BadData or WrongUse as `open_data`.
    """
    imported = open_data(options, task_id)
    parts = split(imported.table, options)
    counts = {count["values"]: count["counts"] for count in pc.value_counts(imported.table["label"]).to_pylist()}
    problems = [*imported.problems, *problems_of(imported.table, parts, imported.bad)]
    return {
        "task": imported.task_id,
        "format": imported.format,
        "examples": len(imported.table),
        "splits": {name: len(rows) for name, rows in parts.items()},
        "columns": [column.said() for column in imported.columns],
        "labels": {name: counts[name] for name in in_order(counts)},
        "problems": [problem.said() for problem in problems],
    }
