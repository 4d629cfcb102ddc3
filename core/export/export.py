"""Exporting a result: written aside, loaded again, compared on real examples, and only then put in its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.errors import RunFailed, WrongUse
from core.export import adapter, onnx, transformers
from core.export.check import Comparison
from core.export.subject import Subject, subject_of
from core.files import folder_aside
from core.models.result import read_result, result_folder
from core.tasks import task_named

Export = Callable[[Subject, Path], Comparison]
FORMATS: dict[str, Export] = {
    "transformers": transformers.export,
    "adapter": adapter.export,
    "onnx": onnx.export,
}


def export(run: Path, format: str, output: Path) -> dict[str, Any]:
    """Export a run's result into a new folder.

    Returns: `format`, `path`, `examples` compared, `max_difference` of the logits, and `agreement`: the share of
        examples with the same answer.
    Raises: WrongUse for a format that does not apply or a folder that is taken; BadModel or BadData where result or
        data are gone; RunFailed where the export answers otherwise than the model; nothing is left then.
    """
    folder = result_folder(run)
    result = read_result(folder)
    applicable = [name for name in task_named(result.task["id"]).exports if name != "adapter" or result.adapter]
    if format not in applicable:
        raise WrongUse(
            "This result cannot be exported as {format}.",
            str(run),
            "What applies: {applicable}.",
            {"format": format, "applicable": ", ".join(applicable)},
        )
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise WrongUse("The output folder is not empty, and nothing is ever overwritten.", str(output))
    subject = subject_of(run, folder, result)
    if output.exists():
        output.rmdir()  # empty: the finished export takes its place
    try:
        with folder_aside(output.absolute()) as aside:
            comparison = FORMATS[format](subject, aside)
            comparison.demand(format)
            report = {"format": format, "path": str(output), **asdict(comparison)}
            (aside / "export.json").write_text(json.dumps({**report, "path": "."}, indent=2) + "\n", "utf-8")
    except OSError as cause:
        raise RunFailed(
            "The export could not be written: {reason}", str(output), values={"reason": str(cause)}
        ) from cause
    return report
