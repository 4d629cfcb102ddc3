"""What a task says about itself without any heavy import: forms, checks and lists are made from it."""

from __future__ import annotations

from dataclasses import dataclass

from core.options import Options


@dataclass(frozen=True)
class Task:
    """The description of one kind of work.

    Attributes:
        id: its name in specs and on the command line.
        title, sentence: what people read.
        columns: the standard columns that its examples need.
        options: the task's own options; the class has a field `id` that is the literal `id`.
        head: the Auto class of Transformers that brings the model with the right head.
        work: the class that does the work, as "module:name", imported only where heavy work is done.
        metrics: what is measured, best known first.
        best: the metric that decides which model is kept.
        best_when_unequal: the one that decides instead when classes are unequal in size.
        exports: the formats a result can be exported to.
    """

    id: str
    title: str
    sentence: str
    columns: tuple[str, ...]
    options: type[Options]
    head: str
    work: str
    metrics: tuple[str, ...]
    best: str
    best_when_unequal: str
    exports: tuple[str, ...]
