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
            files.append(path / entry.name)
        elif not (entry.is_symlink() and Path(entry.path).resolve() in above):
            folders.append(read_folder(path / entry.name, above))
    return Folder(path, tuple(files), tuple(folders))
