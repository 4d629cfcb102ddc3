"""The formats Attune reads rows from: one module a format, found by looking into this folder."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from core.data.sources.source import Source
from core.data.sources.text_file import head_of

_TELL_NOTHING = ("", ".txt", ".data")  # endings that leave the format to the content


@cache
def sources() -> tuple[Source, ...]:
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    return tuple(module.SOURCE for module in modules if hasattr(module, "SOURCE"))


def endings() -> frozenset[str]:
    return frozenset(ending for source in sources() for ending in source.endings)


def source_of(path: Path) -> Source | None:
    """The source that reads this file, by its ending and by how it begins; None where none does."""
    ending = path.suffix.lower()
    fitting = [source for source in sources() if ending in source.endings or ending in _TELL_NOTHING]
    if len(fitting) > 1:
        head = head_of(path)
        fitting = [source for source in fitting if source.begins(head)] or fitting[-1:]
    return fitting[0] if fitting else None
