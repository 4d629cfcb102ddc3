"""A folder of the person as a tree, without what systems leave in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.data.order import natural
from core.errors import BadData

_LITTER = {"__macosx", "thumbs.db", "desktop.ini", "$recycle.bin"}


@dataclass(frozen=True)
class Folder:
    """A folder with its files and folders in natural order, hidden ones left out."""

    path: Path
    files: tuple[Path, ...]
    folders: tuple[Folder, ...]

    @property
    def name(self) -> str:
        return self.path.name

    def all_files(self) -> Iterator[Path]:
        yield from self.files
        for folder in self.folders:
            yield from folder.all_files()


def read_folder(path: Path, above: frozenset[Path] = frozenset()) -> Folder:
    """Read a folder and all below it. Links are followed, except into a folder that is being read already.

    Raises: BadData where a folder may not be read.
    """
    above |= {path.resolve()}
    files, folders = [], []
    try:
        entries = sorted(os.scandir(path), key=lambda entry: natural(entry.name))
    except OSError as cause:
        raise BadData("This folder cannot be read.", where=str(path), remedy="Check its permissions.") from cause
    for entry in entries:
        if entry.name.startswith(".") or entry.name.lower() in _LITTER:
            continue
        if not entry.is_dir():
            if entry.is_file() or entry.is_symlink():  # a link to nothing is reported later; a pipe would wait forever
                files.append(path / entry.name)
        elif not (entry.is_symlink() and Path(entry.path).resolve() in above):
            folders.append(read_folder(path / entry.name, above))
    return Folder(path, tuple(files), tuple(folders))


def located(given: str) -> Path:
    """The path that a person gave. Raises: BadData where nothing is there, or where it is no possible path."""
    try:
        path = Path(given).expanduser()
        if path.exists():
            return path
    except (OSError, ValueError, RuntimeError):  # too long; with a NUL; of a user who does not exist
        pass
    raise BadData("There is nothing at this path.", where=given, remedy="Check the name.")


def stamp(path: Path) -> tuple[int, int]:
    """Size in bytes and time of the last change in ns: whether a file is still the same. Of no file zeros."""
    try:
        stat = path.stat()
    except OSError:
        return 0, 0
    return stat.st_size, stat.st_mtime_ns
