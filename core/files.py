"""Files and folders that are whole or not there, and their fingerprints."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` so that a reader, also after a crash, finds the old file or the new one, never a part."""
    with written_aside(path) as aside, open(aside, "wb") as file:
        file.write(data)


@contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """Yield a path beside `path` to write to; when the block ends well, it takes the place of `path`, durably."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")  # same folder: rename cannot cross disks
    try:
        yield aside
        sync_file(aside)
        replace(aside, path)
    except BaseException:  # also Ctrl-C: leave no litter
        aside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


@contextmanager
def folder_aside(folder: Path) -> Iterator[Path]:
    """Yield a new folder beside `folder`; when the block ends well, it becomes `folder`, which must not exist."""
    aside = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    shutil.rmtree(aside, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside.mkdir()
    try:
        yield aside
        for path in sorted(aside.rglob("*")):
            sync_folder(path) if path.is_dir() else sync_file(path)
        sync_folder(aside)
        replace(aside, folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    sync_folder(folder.parent)


def replace(source: Path, target: Path, tries: int = 10) -> None:
    """Rename over `target`. Windows refuses while a virus scanner or an indexer holds the file: try for 5 seconds."""
    for attempt in range(1, tries + 1):
        try:
            source.replace(target)
            return
        except PermissionError:
            if os.name != "nt" or attempt == tries:
                raise
            time.sleep(0.1 * attempt)


def sync_file(path: Path) -> None:
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make new names in a folder durable. Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
