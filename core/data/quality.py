"""What is wrong or odd with data that can be used: its classes, its doubles, its bad rows."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.findings import BadRow, Problem
from core.data.order import in_order
from core.data.parts import TRAIN
from core.data.splits import dense_ranks

_FEW = 5
_UNEQUAL = 10
_EXAMPLES = 5
_BAD_SHOWN = 1000


def problems_of(table: pa.Table, parts: Mapping[str, np.ndarray], bad: Sequence[BadRow]) -> list[Problem]:
    """Everything worth knowing of standard columns.

    Args:
        table: in standard columns.
        parts: the rows of each part.
        bad: what was left out.
    """
    return [*_bad_rows(bad), *_classes(table, parts[TRAIN]), *_spellings(table), *_doubles(table, parts)]


def _bad_rows(bad: Sequence[BadRow]) -> Iterator[Problem]:
    if bad:
        yield Problem(
            "bad-rows",
            "Rows or files that cannot be used and are left out: {count}.",
            count=len(bad),
            examples=tuple(row.said() for row in bad[:_BAD_SHOWN]),
            values={"count": len(bad)},
        )


def _classes(table: pa.Table, train: np.ndarray) -> Iterator[Problem]:
    counts = Counter(table["label"].take(pa.array(train)).to_pylist())
    few = [name for name in in_order(counts) if counts[name] < _FEW]
    if few:
        yield Problem(
            "few-examples",
            "Classes with fewer than {few} training examples: {names}.",
            where=few[0],
            count=len(few),
            examples=tuple({"label": name, "count": counts[name]} for name in few),
            values={"count": len(few), "few": _FEW, "names": ", ".join(few[:_EXAMPLES])},
        )
    (largest, most), (smallest, least) = counts.most_common(1)[0], counts.most_common()[-1]
    if most > _UNEQUAL * least:
        yield Problem(
            "imbalance",
            "The class {largest} has {most} training examples, {smallest} only {least}. Consider"
            " training.balance=class_weights, and judge by macro F1 rather than accuracy.",
            where=smallest,
            count=least,
            values={"largest": largest, "most": most, "smallest": smallest, "least": least},
        )


def _spellings(table: pa.Table) -> Iterator[Problem]:
    """Classes that differ in capitals, blanks or the like only."""
    counts = dict(zip(*(column.to_pylist() for column in pc.value_counts(table["label"]).flatten()), strict=True))
    alike: dict[str, list[str]] = {}
    for name in in_order(counts):
        alike.setdefault(_plain(name), []).append(name)
    for names in alike.values():
        if len(names) > 1:
            yield Problem(
                "label-spelling",
                "The classes {names} may be one class in several spellings.",
                where=names[0],
                count=sum(counts[name] for name in names),
                examples=tuple({"label": name, "count": counts[name]} for name in names),
                values={"names": ", ".join(f'"{name}"' for name in names)},
            )


def _plain(name: str) -> str:
    """A class's name as it would be said; "C" and "C++", "1" and "-1" stay apart."""
    folded = unicodedata.normalize("NFKC", name).casefold().strip().rstrip(".,;:")
    return re.sub(r"(?<=[^\W\d_])[\s_-]+(?=[^\W\d_])", "", folded)


def _doubles(table: pa.Table, parts: Mapping[str, np.ndarray]) -> Iterator[Problem]:
    groups = dense_ranks(table["hash"])
    _, firsts = np.unique(groups, return_index=True)
    first_of = firsts[groups]  # of each row, the first row with the same content
    copies = np.flatnonzero(first_of != np.arange(len(table)))
    if not len(copies):
        return
    yield Problem(
        "duplicates",
        "Exact copies of other examples: {count}. Copies stay together when parts are carved.",
        count=len(copies),
        examples=_places(table, copies),
        values={"count": len(copies)},
    )
    labels = dense_ranks(table["label"])
    other = copies[labels[copies] != labels[first_of[copies]]]
    if len(other):
        yield Problem(
            "conflicting-labels",
            "Copies of other examples with another class: {count}. One of the two classes must be wrong.",
            count=len(other),
            examples=_places(table, other),
            values={"count": len(other)},
        )
    for first, second in combinations(parts, 2):
        shared = parts[second][np.isin(groups[parts[second]], groups[parts[first]])]
        if len(shared):
            yield Problem(
                "same-in-two-splits",
                "Examples of {second} that also stand in {first}: {count}. Results on {second} look too good.",
                where=second,
                count=len(shared),
                examples=_places(table, shared),
                values={"count": len(shared), "first": first, "second": second},
            )


def _places(table: pa.Table, rows: np.ndarray) -> tuple[dict[str, object], ...]:
    return tuple(table.select(["file", "row", "label"]).take(pa.array(rows[:_EXAMPLES])).to_pylist())
