"""One run of Attune, in a process of its own: its defaults, with the batch size and the epochs of both sides."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

from core.events import Stage, from_line
from core.heavy import resolve
from core.runs.folder import RunFolder, create_run
from core.spec import RunSpec, apply_settings, spec_from


def main() -> None:
    asked = json.loads(sys.argv[1])
    home = Path(asked["home"])
    ready_s = None
    if asked.get("warm_steps"):
        warm = _run(home / "warm", spec(asked, steps=asked["warm_steps"]))
        ready_s = seconds_until_training(warm)
    folder = _run(home / "run", spec(asked, steps=asked.get("steps")))
    document = json.loads((folder.result / "metrics.json").read_text("utf-8"))
    answer = {
        "samples_per_second": document["train"]["samples"] / document["train"]["seconds"],
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "ready_s": ready_s if ready_s is not None else seconds_until_training(folder),
        "validation": document["validation"]["accuracy"],
        "test": document["test"]["accuracy"],
    }
    print(json.dumps(answer))


def spec(asked: dict[str, Any], steps: int | None = None) -> RunSpec:
    values = {
        "task": {"id": asked["task"]},
        "data": {"path": asked["data"]},
        "model": {"ref": asked["model"]},
        "training": {
            "epochs": asked["epochs"], "max_steps": steps, "batch_size": 32, "threads": asked.get("threads"),
        },
        "seed": asked.get("seed", 0),
    }  # fmt: skip
    apply_settings(values, asked.get("settings", []))
    return spec_from(values)


def seconds_until_training(folder: RunFolder) -> float:
    """From the first event to the training stage: reading and decoding the data, and loading the model."""
    events = [from_line(line) for line in folder.events.read_bytes().splitlines()]
    began = next(event.time for event in events if isinstance(event, Stage) and event.stage == "training")
    return began - events[0].time


def _run(path: Path, asked: RunSpec) -> RunFolder:
    folder = create_run(path, asked)
    resolve("train")(folder.path)
    return folder


if __name__ == "__main__":
    main()
