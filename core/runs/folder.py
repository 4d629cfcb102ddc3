"""The folder of a run, which is the truth about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.errors import WrongUse
from core.spec import RunSpec, load_spec


@dataclass(frozen=True)
class RunFolder:
    path: Path

    @property
    def spec(self) -> Path:
        return self.path / "spec.json"

    @property
    def events(self) -> Path:
        return self.path / "events.jsonl"

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoints"

    @property
    def result(self) -> Path:
        return self.path / "result"

    @property
    def is_finished(self) -> bool:
        """The result is complete or absent, so its presence says that the run reached its end."""
        return (self.result / "metrics.json").is_file()

    def read_spec(self) -> RunSpec:
        if not self.spec.is_file():
            raise WrongUse("There is no run here: spec.json is missing.", str(self.path))
        return load_spec(self.spec)


def create_run(path: Path, spec: RunSpec) -> RunFolder:
    """Make a run's folder with what was asked. Raises: WrongUse where the folder holds something already."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise WrongUse(
            "The output folder is not empty, and nothing is ever overwritten.", str(path), "Name a new folder."
        )
    path.mkdir(parents=True, exist_ok=True)
    folder = RunFolder(path)
    spec.save(folder.spec)
    return folder
