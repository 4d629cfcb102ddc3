"""The tasks Attune can do. One folder a task; nothing outside a task's folder knows its name."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from core.errors import WrongUse
from core.tasks.task import Task


@cache
def tasks() -> dict[str, Task]:
    """Every task by its id, found by looking into this folder."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__) if found.ispkg)
    return {module.TASK.id: module.TASK for module in modules}


def task_named(task_id: str) -> Task:
    if task_id not in tasks():
        raise WrongUse(
            "There is no task called {name}.",
            remedy="The tasks are: {known}.",
            values={"name": task_id, "known": ", ".join(sorted(tasks()))},
        )
    return tasks()[task_id]
