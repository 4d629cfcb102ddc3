"""Folders in the cache that are made once and then only read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.files import folder_aside


def made_once(folder: Path, make: Callable[[Path], None]) -> None:
    """Let `make` fill a new folder that then becomes `folder`, unless that is there already."""
    if folder.exists():
        return
    try:
        with folder_aside(folder) as aside:
            make(aside)
    except OSError:
        if not folder.exists():  # another process was quicker: what it made is the same
            raise
