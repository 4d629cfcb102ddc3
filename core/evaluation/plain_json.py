"""JSON that every reader accepts: numbers that are not finite, which JSON does not know, become null."""

from __future__ import annotations

import json
import math
from typing import Any


def json_line(value: Any) -> str:
    """`value` as JSON on one line. Raises: TypeError where it holds more than dicts, lists and plain values."""
    return json.dumps(without_nan(value), ensure_ascii=False, allow_nan=False)


def without_nan(value: Any) -> Any:
    """A copy with None in place of each number that is not finite; tuples become lists."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: without_nan(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_nan(each) for each in value]
    return value
