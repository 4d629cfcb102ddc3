"""Projects on disk: a folder with a project.json, and its runs in numbered folders below."""

from __future__ import annotations

import re
import time
import unicodedata
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from core import places
from core.errors import BadData, WrongUse
from core.files import write_atomically

# Windows gives these names to devices, in any letter case.
DEVICE_NAMES = {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(10))}
RUN_FOLDER = re.compile(r"(\d{4,})-.+")


class ProjectFile(BaseModel):
    """What stands in project.json. `created` is in seconds since 1970."""

    version: Literal[1] = 1
    title: str = Field(min_length=1)
    task: str
    created: float


@dataclass(frozen=True)
class Project:
    """A project as its folder shows it.

    Attributes:
        changed: when something in it changed last, in seconds since 1970.
        problem: why project.json cannot be used; then the title is the folder's name and the task is empty.
    """

    folder: Path
    title: str
    task: str
    changed: float
    problem: str = ""


def projects() -> list[Project]:
    """All projects, the one that changed last first. Raises: BadData where the folder of projects cannot be read."""
    root = places.projects()
    try:
        folders = [folder for folder in root.iterdir() if _holds_a_project(folder)]
    except FileNotFoundError:
        return []
    except OSError as cause:
        raise BadData(
            "The folder of the projects cannot be read: {reason}.",
            str(root),
            "Give yourself the right to read it, or set ATTUNE_HOME to another folder.",
            values={"reason": cause.strerror or cause},
        ) from cause
    return sorted((load_project(folder) for folder in folders), key=lambda project: project.changed, reverse=True)


def load_project(folder: Path) -> Project:
    """Read a project's folder; a damaged project.json is told in `problem`, so that its runs stay within reach."""
    changed = _changed(folder)
    try:
        told = ProjectFile.model_validate_json((folder / "project.json").read_bytes())
    except OSError as cause:
        problem = f"Damaged: its project.json cannot be read ({cause.strerror or cause})."
    except ValidationError:
        problem = "Damaged: its project.json is torn, or was written by a newer Attune."
    else:
        return Project(folder, told.title, told.task, changed)
    return Project(folder, folder.name, "", changed, problem)


def create_project(title: str, task: str) -> Project:
    """Make a new folder for a project; one that exists is never touched. Raises: WrongUse where the title is empty."""
    # A title from the command line may hold bytes that are no UTF-8; they would make the file unreadable.
    title = " ".join(title.encode("utf-8", "replace").decode().split())
    if not title:
        raise WrongUse("A project needs a title.")
    folder = _new_folder(places.projects(), slug(title))
    told = ProjectFile(title=title, task=task, created=time.time())
    write_atomically(folder / "project.json", (told.model_dump_json(indent=2) + "\n").encode())
    return load_project(folder)


def runs(project: Project) -> list[Path]:
    """The folders of the project's runs, in the order of their numbers."""
    return [folder for _, folder in _numbered_runs(project.folder)]


def next_run_folder(project: Project, name: str) -> Path:
    """Where the next run belongs, `runs/0007-name`. The folder is not made."""
    numbers = [number for number, _ in _numbered_runs(project.folder)]
    return project.folder / "runs" / f"{max(numbers, default=0) + 1:04}-{slug(name, 'run')}"


def slug(title: str, default: str = "project") -> str:
    """Turn a title into a folder name that every system accepts; letters of all scripts stay.

    At most 40 characters, so that also in UTF-8 it stays within the 255 bytes of a name.
    """
    name = unicodedata.normalize("NFKC", title).casefold()
    name = re.sub(r"[\W_]+", "-", name)[:40].strip("-") or default
    return f"{name}-{default}" if name in DEVICE_NAMES else name


def _new_folder(parent: Path, name: str) -> Path:
    parent.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        folder = parent / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir()  # not looked up before: of two processes, only one succeeds
        except FileExistsError:
            continue
        return folder
    raise AssertionError


def _holds_a_project(folder: Path) -> bool:
    """Whether this is a project, also a damaged one: hidden folders are someone's half-made or deleted ones."""
    hidden = folder.name.startswith(".")
    return not hidden and ((folder / "project.json").exists() or (folder / "runs").is_dir())


def _numbered_runs(folder: Path) -> list[tuple[int, Path]]:
    """The folders of runs with their numbers, in order."""
    try:
        found = [(RUN_FOLDER.fullmatch(place.name), place) for place in (folder / "runs").iterdir() if place.is_dir()]
    except OSError:  # none yet, or none that can be reached
        return []
    return sorted((int(match[1]), place) for match, place in found if match)


def _changed(folder: Path) -> float:
    """The newest change among the project's file, its list of runs, and what the runs wrote."""
    written = [folder, folder / "project.json", folder / "runs"]
    written += [run / "events.jsonl" for _, run in _numbered_runs(folder)]
    return max((_modified(path) for path in written), default=0.0)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
