"""A new run's spec: what the person said, completed by what the data says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.data.open import open_data
from core.errors import WrongUse
from core.models.result import pretrained
from core.runs.folder import RunFolder, create_run
from core.settings.data import DataOptions
from core.spec import spec_from
from core.tasks import task_named


def new_run(values: Mapping[str, Any], output: Path) -> RunFolder:
    """Complete the values of a spec, check them, and make the run's folder.

    Args:
        values: of a RunSpec; `task.id` may be missing, and is then found by the data's content.
    Raises: WrongUse where options do not fit or the folder is taken; BadData and BadModel where the data or the model
        cannot be used. No folder is left then.
    """
    task = dict(values.get("task") or {})
    if "id" in task:
        task_named(str(task["id"]))
    else:
        task["id"] = open_data(_data_options(values)).task_id
    spec = spec_from({**values, "task": task})
    open_data(spec.data, spec.task_id)
    pretrained(spec.model.ref)
    return create_run(output, spec)


def _data_options(values: Mapping[str, Any]) -> DataOptions:
    data = values.get("data")
    if not isinstance(data, dict) or "path" not in data:
        raise WrongUse("The data's path is missing.", "data.path")
    try:
        return DataOptions.model_validate(data)
    except ValueError as cause:
        raise WrongUse(
            "The options of the data do not fit: {reason}", "data", values={"reason": str(cause)[:300]}
        ) from cause
