"""The kinds of mistakes a person can meet: what happened, where, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class AttuneError(Exception):
    """A failure told to the person.

    `what` and `remedy` are English templates (`str.format`) whose named values travel apart, so that a window can
    translate the template. `where` names a file, row, column or option and is never translated.
    """

    exit_code: ClassVar[int] = 4

    def __init__(self, what: str, where: str = "", remedy: str = "", values: Mapping[str, Any] | None = None) -> None:
        # All four in args: errors cross process borders by pickle, which calls the class with them again.
        super().__init__(what, where, remedy, dict(values or {}))
        self.what, self.where, self.remedy, self.values = what, where, remedy, dict(values or {})

    def __str__(self) -> str:
        parts = [fill(self.what, self.values)]
        if self.where:
            parts.append(f"Where: {self.where}")
        if self.remedy:
            parts.append(fill(self.remedy, self.values))
        return "\n".join(parts)


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Put the named values into a template; a template without values is shown as it is."""
    return template.format(**values) if values else template


class WrongUse(AttuneError):
    """An option, a name or a combination that does not exist or does not fit."""

    exit_code = 2


class BadData(AttuneError):
    """The person's data cannot be used as it is."""

    exit_code = 3


class BadModel(AttuneError):
    """A model cannot be found, is damaged, or may not be loaded safely."""

    exit_code = 3


class RunFailed(AttuneError):
    """A fine-tuning, an evaluation or an export did not reach its end."""

    exit_code = 4


class Interrupted(AttuneError):
    """The person or the system ended the work before its end."""

    exit_code = 130
