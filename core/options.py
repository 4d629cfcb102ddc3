"""The base of every option: declared once, with all that a form, a command line, a check and a manual need."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict


class Options(BaseModel):
    """A group of options. Immutable; a name that does not exist is a mistake, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def option(default: Any, title: str, help: str, *, unit: str = "", advanced: bool = False, **limits: Any) -> Any:
    """Declare one option.

    Args:
        default: the value when the person says nothing; None where Attune chooses.
        title: what the form calls it.
        help: what it does and when to touch it, in one or two sentences.
        unit: of the number, as shown behind it.
        advanced: folded away until the person asks for all settings.
        limits: pydantic's ge, gt, le, lt, min_length, pattern.
    """
    extra: JsonDict = {"unit": unit, "advanced": advanced}
    return Field(default, title=title, description=help, json_schema_extra=extra, **limits)
