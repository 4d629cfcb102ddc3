"""Folders in the cache that are made once and then only read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.errors import RunFailed
from core.files import folder_aside


def made_once(folder: Path, make: Callable[[Path], None]) -> None:
    """Let `make` fill a new folder that then becomes `folder`, unless that is there already.

    Raises: RunFailed where it cannot be written.
    """
    if folder.exists():
        return
    try:
        with folder_aside(folder) as aside:
            make(aside)
    except OSError as cause:
        if folder.exists():  # another process was quicker: what it made is the same
            return
        raise RunFailed(
            "What Attune makes of the data cannot be stored: {reason}.",
            where=str(folder.parent),
            remedy="Make room there, or set the environment variable ATTUNE_HOME to a folder on another disk.",
            values={"reason": cause.strerror or str(cause)},
        ) from cause
