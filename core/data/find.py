"""Which of the files under a path are the data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from core.data.findings import Problem
from core.data.parts import TRAIN, part_named
from core.data.sources import endings, source_of
from core.data.sources.class_folders import (
    has_class_folders,
    has_part_folders,
    is_picture,
    labelled_pictures,
    pictures_in,
)
from core.data.sources.source import DataFile, Report
from core.data.walk import Folder, read_folder, stamp
from core.errors import BadData

_MANY_PICTURES = 10  # fewer beside tables are taken for illustrations
_READ = "Attune reads .csv, .tsv, .jsonl and .json files, folders of them, and pictures in a folder for each class."


@dataclass(frozen=True)
class Found:
    """The files to import. `pictures`: each is a picture with its class; otherwise they hold rows.

    `root` is the folder that the files' `shown` is relative to.
    """

    root: Path
    pictures: bool
    files: tuple[DataFile, ...]


def find(path: Path, report: Report) -> Found:
    """Decide which files to read, and note what is left out.

    Raises: BadData where there is nothing that Attune can learn from.
    """
    if not path.is_dir():
        return _one_file(path)
    root = read_folder(path)
    tables = [file for file in root.all_files() if file.suffix.lower() in endings()]
    pictures = pictures_in(root)
    if has_class_folders(root) and not (tables and _outweigh(tables, pictures, root)):
        if tables:
            text = "{count} table files such as {example} are left out: the pictures' folders say their classes."
            report.problems.append(_left_out(text, root, tables))
        return Found(path, True, tuple(labelled_pictures(root, report)))
    if tables:
        if pictures:
            text = "{count} pictures such as {example} are left out: the data is taken from the table files."
            report.problems.append(_left_out(text, root, pictures))
        return Found(path, False, tuple(_choose_tables(root, tables, report)))
    raise _nothing(root, pictures)


def _outweigh(tables: list[Path], pictures: list[Path], root: Folder) -> bool:
    """Whether pictures in folders are but illustrations of tables: few, or beside a table that is called train."""
    called_train = any(part_named(table.stem) == TRAIN for table in tables)
    return len(pictures) < _MANY_PICTURES or (called_train and not has_part_folders(root))


def _one_file(path: Path) -> Found:
    if is_picture(path):
        raise BadData("One picture is no data set.", where=str(path), remedy="Choose the folder with all pictures.")
    if source_of(path) is None:
        raise BadData(
            "Attune does not read files that end with {ending}.",
            where=str(path),
            remedy="Save the data as CSV or JSON Lines. " + _READ,
            values={"ending": path.suffix or path.name},
        )
    return Found(path.parent, False, (DataFile(path, path.name),))


def _choose_tables(root: Folder, paths: list[Path], report: Report) -> list[DataFile]:
    """The files of the format that holds the training part; others, such as a settings.json, are left out."""
    groups: dict[str, list[DataFile]] = {}
    for path in paths:
        source = source_of(path)
        assert source is not None
        shown = path.relative_to(root.path)
        groups.setdefault(source.format, []).append(DataFile(path, shown.as_posix(), _part_of(shown)))
    chosen = max(groups, key=lambda name: (any(file.split == TRAIN for file in groups[name]), _bytes(groups[name])))
    others = [file.path for name, files in groups.items() if name != chosen for file in files]
    if others:
        text = "{count} files of another format, such as {example}, are left out."
        report.problems.append(_left_out(text, root, others))
    return _with_training(root, groups[chosen], report)


def _with_training(root: Folder, files: list[DataFile], report: Report) -> list[DataFile]:
    """Where no file is called train, those without a part's name are the training data; otherwise they are left out."""
    unnamed = [file for file in files if not file.split]
    if any(file.split == TRAIN for file in files):
        if unnamed:
            text = "{count} files such as {example} are left out: their names say no part, and others are called train."
            report.problems.append(_left_out(text, root, [file.path for file in unnamed]))
        return [file for file in files if file.split]
    if not unnamed:
        raise BadData(
            "There is no training part: no file is called train.",
            where=str(root.path),
            remedy="Name the file to learn from train, such as train.csv, or choose a single file.",
        )
    return files


def _part_of(shown: Path) -> str:
    """The part that a file's name says, or the nearest folder's."""
    return next((part for name in (shown.stem, *reversed(shown.parts[:-1])) if (part := part_named(name))), "")


def _bytes(files: list[DataFile]) -> int:
    return sum(stamp(file.path)[0] for file in files)


def _left_out(text: str, root: Folder, paths: list[Path]) -> Problem:
    shown = [path.relative_to(root.path).as_posix() for path in paths]
    values = {"count": len(shown), "example": shown[0]}
    return Problem("left-out", text, count=len(shown), examples=tuple(shown[:5]), values=values)


def _nothing(root: Folder, pictures: list[Path]) -> BadData:
    if pictures:
        return BadData(
            "There are {count} pictures, but no folder for each class.",
            where=str(root.path),
            remedy="Put the pictures of each class in a folder called like the class, at least two of them.",
            values={"count": len(pictures)},
        )
    kinds = Counter(path.suffix.lower() or path.name for path in root.all_files())
    seen = ", ".join(f"{count} {ending}" for ending, count in kinds.most_common(5))
    return BadData(
        "There is no data in this folder. It holds: {seen}." if seen else "This folder is empty.",
        where=str(root.path),
        remedy=_READ,
        values={"seen": seen} if seen else None,
    )
