"""Which column holds the class."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from core.data.findings import Problem
from core.data.names import label_evidence, names_classes_of
from core.data.profile import Profile
from core.errors import BadData

_CLOSE = 1.5  # scores nearer than this are no clear decision
_NAMED = 2.0  # evidence from which on a name speaks for a class


def is_label(profile: Profile) -> bool:
    """Whether a column can be a class: few short values, each of them for several rows.

    A column named like a class is taken even if it holds lists or measurements, so that `check_label` can say why
    that does not work.
    """
    evidence = label_evidence(profile.name)
    if not profile.filled or max(profile.dates, profile.addresses) >= 0.5 or profile.words > 10:
        return False
    if profile.lists >= 0.5 or profile.is_continuous:
        return evidence >= _NAMED
    return profile.variety <= 0.5 or (evidence >= 3 and profile.variety <= 0.9) or profile.filled < 3


def score(profile: Profile) -> float:
    """How well a column serves as the class: named like one, many rows a value, words or a few whole numbers."""
    rows_a_value = 1 / profile.variety if profile.variety else 1.0
    total = label_evidence(profile.name) + min(math.log10(rows_a_value), 2.0)
    total += 0.5 if profile.distinct <= 50 else 0.0
    total -= 2.0 if profile.distinct == 1 else 0.0
    total -= 3.0 if profile.mostly_empty else 0.0
    if profile.numbers < 0.5:
        return total + (0.5 if profile.codes < 0.8 else -0.5)
    if profile.wholes < 0.95:
        return total - 1.5
    return total + (0.25 if profile.distinct <= 30 else -1.0)


def find_label(profiles: Sequence[Profile], table: pa.Table) -> str | None:
    """Choose among columns; of numbers and the names that stand for them, the names. None where none can be a class."""
    fitting = [profile for profile in profiles if is_label(profile)]
    if not fitting:
        return None
    best = max(fitting, key=score)
    readable = (other.name for other in fitting if names_classes_of(best.name, other.name))
    return next((name for name in readable if _same_classes(table, best.name, name)), best.name)


def _same_classes(table: pa.Table, name: str, other: str) -> bool:
    """Whether two columns say the same: each value of one goes with exactly one of the other."""
    pairs = table.select([name, other]).group_by([name, other]).aggregate([]).num_rows
    return bool(
        pairs == pc.count_distinct(table[name], "all").as_py() == pc.count_distinct(table[other], "all").as_py()
    )


def close_labels(profiles: Sequence[Profile], chosen: str, table: pa.Table) -> Problem | None:
    """A note where another column might as well have been the class."""
    least = next(score(profile) for profile in profiles if profile.name == chosen)
    rivals = [profile for profile in profiles if profile.name != chosen and is_label(profile)]
    close = [
        profile.name
        for profile in sorted(rivals, key=score, reverse=True)
        if score(profile) > least - _CLOSE and not _same_classes(table, chosen, profile.name)
    ]
    if not close:
        return None
    return Problem(
        "ambiguous-label",
        "The class is taken from {chosen}, but {others} might be meant. To choose, set data.label_column, for example "
        "data.label_column={example}.",
        where=chosen,
        count=len(close),
        examples=tuple(close),
        values={"chosen": chosen, "others": ", ".join(close), "example": close[0]},
    )


def check_label(profile: Profile) -> None:
    """Raise BadData where the column holds something else than one class a row."""
    if profile.lists >= 0.5:
        raise BadData(
            "The column {name} holds several classes for each row. Attune does not offer that yet.",
            where=profile.name,
            remedy="Give each row one class, or name another column with data.label_column.",
            values={"name": profile.name},
        )
    if profile.is_continuous:
        raise BadData(
            "The column {name} holds {distinct} different measurements, not classes. Attune does not offer to predict"
            " numbers (regression) yet.",
            where=profile.name,
            remedy="Turn the numbers into classes such as low and high, or name another column with data.label_column.",
            values={"name": profile.name, "distinct": profile.distinct},
        )
    if profile.filled >= 20 and profile.variety > 0.5:
        raise BadData(
            "The column {name} has {distinct} different values in {filled} rows: too many to be classes.",
            where=profile.name,
            remedy="Name the column that holds the class with data.label_column.",
            values={"name": profile.name, "distinct": profile.distinct, "filled": profile.filled},
        )
