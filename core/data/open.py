"""Opening data: found, imported into the cache the first time, mapped ever after."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from core.data.cached import made_once
from core.data.find import Found, find
from core.data.findings import BadRow, Column, Problem
from core.data.order import in_order, natural
from core.data.parts import TEST, VALIDATION
from core.data.pictures import import_pictures
from core.data.sources.source import Report
from core.data.staging import read_mapped
from core.data.tables import import_tables
from core.data.walk import located, stamp
from core.errors import BadData, WrongUse
from core.places import cache
from core.settings.data import DataOptions
from core.tasks import task_named, tasks

_VERSION = 1  # of what an import holds; raise it when anything in this room finds other things in the same files
_MOST_BAD = 0.05
Progress = Callable[[int, int], None]  # (done, of)


@dataclass(frozen=True)
class Imported:
    """Data in standard columns.

    Attributes:
        task_id: the task it is for.
        format: "csv", "jsonl", "json" or "image-folders".
        table: a row an example, mapped from disk; training rows first.
        columns: the person's columns, with their roles.
        bad: rows and files that are left out.
        problems: what else the person should know of how the data was read.
        root: what the column `file` is relative to.
    """

    task_id: str
    format: str
    table: pa.Table
    columns: tuple[Column, ...]
    bad: tuple[BadRow, ...]
    problems: tuple[Problem, ...]
    root: Path

    def labels(self) -> list[str]:
        """The names of the training part's classes: numbers by size, words by alphabet, "class 2" before "class 10"."""
        training = pc.invert(pc.is_in(self.table["split"], pa.array([VALIDATION, TEST])))
        return in_order(pc.unique(self.table["label"].filter(training)).to_pylist())

    def reads(self) -> dict[str, Any]:
        """The columns that a text is read from, for `read_inputs`: {"text": [...], "text_pair": name or None}."""
        named: dict[str, list[str]] = {"text": [], "text_pair": []}
        for column in self.columns:
            named.get(column.role, []).append(column.name)
        return {"text": named["text"], "text_pair": next(iter(named["text_pair"]), None)}


def open_data(options: DataOptions, task_id: str | None = None, progress: Progress | None = None) -> Imported:
    """Read the data that the options name.

    Args:
        task_id: what it must be fit for; None: the task that its columns suit best.
        progress: called with how many files are done, and of how many, where that takes time.
    Raises:
        BadData where there is nothing usable, only one class, or more bad rows than are accepted.
        WrongUse where a named column or task does not exist, or the data has not the columns the task needs.
    """
    path = located(options.path).resolve()
    noted = Report()
    found = find(path, noted)
    folder = cache() / "imports" / _key(path, found, options)
    if not all((folder / name).exists() for name in ("data.arrow", "findings.json")):
        shutil.rmtree(folder, ignore_errors=True)  # a cache may be emptied by half
    made_once(folder, lambda aside: _import(found, options, aside, progress))
    imported = _map(folder, found.root, noted, task_id)
    _check_bad(imported, options)
    _check_classes(imported, options)
    return imported


def _key(path: Path, found: Found, options: DataOptions) -> str:
    """A name for this import: it changes with the files and with what the columns are said to mean."""
    files = [(file.shown, *stamp(file.path)) for file in found.files]
    named = [options.text_columns, options.text_pair_column, options.label_column]
    return hashlib.sha256(json.dumps([_VERSION, str(path), files, named]).encode()).hexdigest()[:32]


def _import(found: Found, options: DataOptions, folder: Path, progress: Progress | None) -> None:
    """Fill a folder with data.arrow and with findings.json."""
    report = Report()
    if found.pictures:
        read_as, columns = import_pictures(found.files, folder, report, progress)
    else:
        read_as, columns = import_tables(found.files, options, folder, report)
    findings = {
        "format": read_as,
        "columns": [asdict(column) for column in columns],
        "bad": [asdict(row) for row in sorted(report.bad, key=lambda row: (natural(row.file), row.row))],
        "problems": [asdict(problem) for problem in report.problems],
    }
    (folder / "findings.json").write_text(json.dumps(findings), encoding="utf-8")


def _map(folder: Path, root: Path, noted: Report, task_id: str | None) -> Imported:
    findings = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    table = read_mapped(folder / "data.arrow")
    return Imported(
        task_id=_match(set(table.column_names), task_id),
        format=findings["format"],
        table=table,
        columns=tuple(Column(**column) for column in findings["columns"]),
        bad=tuple(BadRow(**row) for row in findings["bad"]),
        problems=(*noted.problems, *(Problem(**problem) for problem in findings["problems"])),
        root=root,
    )


def _match(offered: set[str], task_id: str | None) -> str:
    """The task that needs most of the offered columns; or the given one, if the columns suffice."""
    fitting = [task for task in tasks().values() if set(task.columns) <= offered]
    if task_id is None and fitting:
        return max(fitting, key=lambda task: len(task.columns)).id
    if task_id is not None and task_named(task_id) in fitting:
        return task_id
    raise WrongUse(
        "This data has the columns {offered}, which is not what the task {task} needs.",
        remedy="It suits: {fitting}.",
        values={
            "offered": ", ".join(sorted(offered)),
            "task": task_id or "",
            "fitting": ", ".join(task.id for task in fitting) or "no task",
        },
    )


def _check_bad(imported: Imported, options: DataOptions) -> None:
    bad, usable = len(imported.bad), len(imported.table)
    first = "".join(f"\n{row}" for row in imported.bad[:5])
    if not usable:
        raise BadData(
            "None of the {count} rows or files can be used.{first}",
            where=options.path,
            remedy="Mend them, or choose other data.",
            values={"count": bad, "first": first},
        )
    if bad > _MOST_BAD * (bad + usable) and not options.allow_bad:
        raise BadData(
            "{bad} of {count} rows or files cannot be used, more than {most} %.{first}",
            where=options.path,
            remedy="Mend them, or set data.allow_bad=true to go on without them.",
            values={"bad": bad, "count": bad + usable, "most": round(100 * _MOST_BAD), "first": first},
        )


def _check_classes(imported: Imported, options: DataOptions) -> None:
    classes = imported.labels()
    if len(classes) < 2:
        raise BadData(
            "There is only one class, {name}; nothing can be told apart."
            if classes
            else "There is no training example.",
            where=options.path,
            remedy="Add examples of another class, or name another column with data.label_column.",
            values={"name": classes[0]} if classes else None,
        )
