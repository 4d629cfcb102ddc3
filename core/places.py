"""Where Attune keeps what is its own: projects, models it converted, and caches that may be deleted at any time."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def home() -> Path | None:
    """The one folder that holds everything, when the environment variable ATTUNE_HOME names it."""
    named = os.environ.get("ATTUNE_HOME")
    return Path(named).expanduser() if named else None


def projects() -> Path:
    return (home() or Path(platformdirs.user_documents_dir()) / "Attune") / "projects"


def models() -> Path:
    return (home() or Path(platformdirs.user_data_dir("attune", appauthor=False))) / "models"


def samples() -> Path:
    return (home() or Path(platformdirs.user_data_dir("attune", appauthor=False))) / "samples"


def cache() -> Path:
    return (home() or Path(platformdirs.user_cache_dir("attune", appauthor=False))) / "cache"
