"""Which columns hold the texts: one, several to be joined, or two that make a pair."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.data.findings import Problem
from core.data.names import is_body, is_heading, is_pair, label_evidence, text_evidence
from core.data.profile import Profile

_CLOSE = 1.0  # scores nearer than this are no clear decision


@dataclass(frozen=True)
class Texts:
    """The columns to join into `text`, and the one for `text_pair`, if any."""

    joined: tuple[str, ...]
    pair: str | None = None


def is_text(profile: Profile) -> bool:
    """Whether a column can well be a text: readable, and not the same few values again and again."""
    return _is_readable(profile) and (profile.variety > 0.1 or (text_evidence(profile.name) > 0 and profile.words >= 3))


def _is_readable(profile: Profile) -> bool:
    """Whether a column holds neither lists, objects, numbers, dates, links nor codes, and is not named like a class."""
    others = (profile.lists, profile.objects, profile.numbers, profile.dates, profile.addresses)
    if not profile.filled or max(others) >= 0.5:
        return False
    if profile.codes >= 0.8 and profile.words < 1.5:
        return False
    return not (label_evidence(profile.name) >= 3 and profile.variety <= 0.5 and profile.words < 8)


def score(profile: Profile) -> float:
    """How well a column serves as the text: many words, seldom the same, named like one."""
    length = min(math.log2(1 + profile.words), 6.0)
    missing = 3.0 if profile.mostly_empty else 0.0
    return length * (0.25 + 0.75 * min(profile.variety, 1.0)) + text_evidence(profile.name) - missing


def find_texts(profiles: Sequence[Profile]) -> Texts | None:
    """Choose among columns, which come in the order of the table; None where none holds text."""
    texts = [profile for profile in profiles if is_text(profile)]
    if not texts:
        return _of_few_phrases(profiles)
    best = max(texts, key=score)
    if pair := _pair(texts, best):
        return pair
    if all(re.fullmatch(r"column_\d+", profile.name) for profile in profiles):
        return Texts(_all_prose(texts) or (best.name,))
    return Texts(_with_heading(texts, best))


def _of_few_phrases(profiles: Sequence[Profile]) -> Texts | None:
    """Where no column is a text by its variety, such as a few commands spoken by many: the one named so, or the most
    various one.
    """
    readable = [profile for profile in profiles if _is_readable(profile) and profile.distinct > 1]
    if not any(text_evidence(profile.name) > 0 for profile in readable) and len(readable) < 2:
        return None  # a lone column of few values is rather the class
    return Texts((max(readable, key=lambda profile: (text_evidence(profile.name) > 0, profile.distinct)).name,))


def _pair(texts: list[Profile], best: Profile) -> Texts | None:
    """The first two columns whose names belong together, unless a far better text stands beside them."""
    sides = [text for text in texts if text.words >= 2 or text.variety > 0.5 or text_evidence(text.name) > 0]
    for first in sides:
        for second in sides:
            if is_pair(first.name, second.name) and max(score(first), score(second)) >= score(best) - 2:
                return Texts((first.name,), second.name)
    return None


def _all_prose(texts: list[Profile]) -> tuple[str, ...]:
    """Without names, all columns of prose belong to the text: title and body, or question and answer."""
    return tuple(text.name for text in texts if text.words >= 3 and text.variety > 0.5 and not text.mostly_empty)


def _with_heading(texts: list[Profile], best: Profile) -> tuple[str, ...]:
    """The best text, with the heading that stands over it or the body that stands under it."""
    others = [text for text in texts if text is not best and text.words >= 1.5]
    parts = [text for text in others if is_heading(text.name)] if is_body(best.name) else []
    if not parts and is_heading(best.name):
        parts = [text for text in others if is_body(text.name)]
    if not parts:
        return (best.name,)
    chosen = {best.name, max(parts, key=score).name}
    return tuple(text.name for text in texts if text.name in chosen)


def close_texts(profiles: Sequence[Profile], chosen: Texts) -> Problem | None:
    """A note where another column might as well have been the text."""
    taken = {*chosen.joined, chosen.pair}
    least = min(score(profile) for profile in profiles if profile.name in chosen.joined)
    rivals = [profile for profile in profiles if profile.name not in taken and is_text(profile)]
    close = [profile.name for profile in rivals if score(profile) > least - _CLOSE]
    if not close:
        return None
    return Problem(
        "ambiguous-text",
        "The text is taken from {chosen}, but {others} might be meant too. To choose, set data.text_columns, for"
        " example data.text_columns=[{example}].",
        where=", ".join(chosen.joined),
        count=len(close),
        examples=tuple(close),
        values={"chosen": ", ".join(chosen.joined), "others": ", ".join(close), "example": close[0]},
    )
