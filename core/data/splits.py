"""The parts of a data set: those that it has, and those carved from its training part.

A part that is present is never touched, except that training gives away what is missing. What it gives is chosen by
the order of the examples' hashes within each class: the same examples whatever the order of files and rows, and equal
examples never on two sides.
"""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.parts import TEST, TRAIN, VALIDATION
from core.settings.data import DataOptions

Indices = np.ndarray  # [n] int64, rows of the table in ascending order


def split(table: pa.Table, options: DataOptions) -> dict[str, Indices]:
    """Say which rows belong to which part.

    Args:
        table: with the columns `split` ("" counts as training), `label` and `hash`.
        options: its shares say how much of the training part becomes a part that is missing.
    Returns: "train", "validation" and "test" with ascending row numbers; together every row once.
        Each carved part holds its share of every class, rounded, but at least one of three different examples.
        Of one or two, training keeps all.
    """
    parts = {name: np.flatnonzero(pc.equal(table["split"], name).to_numpy()) for name in (VALIDATION, TEST)}
    train = np.setdiff1d(np.arange(len(table)), np.concatenate([parts[VALIDATION], parts[TEST]]))
    # Test first: another share for validation then leaves the test part as it is.
    shares = {TEST: options.test_share, VALIDATION: options.validation_share}
    missing = {name: share for name, share in shares.items() if not len(parts[name])}
    carved = carve(table["label"].take(pa.array(train)), table["hash"].take(pa.array(train)), missing)
    parts |= {name: train[rows] for name, rows in carved.items()}
    kept = np.setdiff1d(train, np.concatenate([*(parts[name] for name in missing), np.empty(0, np.int64)]))
    return {TRAIN: kept, VALIDATION: parts[VALIDATION], TEST: parts[TEST]}


def carve(labels: pa.ChunkedArray, hashes: pa.ChunkedArray, shares: dict[str, float]) -> dict[str, Indices]:
    """Choose examples for each named part, in the order of the names.

    Args:
        labels, hashes: [n] of each example. Equal hashes stay together, in the class that sorts first among theirs.
        shares: of each class for each part; their sum may reach 1.
    Returns: for each part the chosen positions, ascending.
    """
    group_of, class_of, sizes = _groups(labels, hashes)
    part_of = np.zeros(len(sizes), np.int64)
    for members in _by_class(class_of):
        _carve_class(members, sizes, list(shares.values()), part_of)
    part_of_row = part_of[group_of]
    return {name: np.flatnonzero(part_of_row == number) for number, name in enumerate(shares, start=1)}


def _groups(labels: pa.ChunkedArray, hashes: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Equal examples as groups in the order of their hashes: of each row its group; of each group class and size."""
    group_of, rank_of_label = dense_ranks(hashes), dense_ranks(labels)
    order = np.lexsort((rank_of_label, group_of))
    _, first, sizes = np.unique(group_of[order], return_index=True, return_counts=True)
    return group_of, rank_of_label[order][first], sizes


def dense_ranks(values: pa.ChunkedArray) -> np.ndarray:
    """[n] the place of each value among the different ones, from 0: equal for equal values."""
    return pc.rank(values, tiebreaker="dense").to_numpy().astype(np.int64) - 1


def _by_class(class_of: np.ndarray) -> list[np.ndarray]:
    """The groups of each class, in the order of their hashes."""
    order = np.argsort(class_of, kind="stable")
    borders = np.flatnonzero(np.diff(class_of[order])) + 1
    return np.split(order, borders) if len(order) else []


def _carve_class(members: np.ndarray, sizes: np.ndarray, shares: list[float], part_of: np.ndarray) -> None:
    """Mark in `part_of` the groups of one class that go to part 1, 2, ...; the others stay 0, the training part."""
    if len(members) < 1 + max(len(shares), 2):
        return
    examples = int(sizes[members].sum())
    free = members
    for number, share in enumerate(shares, start=1):
        still_needed = len(shares) - number + 1  # one group for each later part, and one for training
        wanted = max(1, math.ceil(share * examples - 0.5))  # halves go down: two parts of one half must both fit
        chosen = _choose(free, sizes[free], wanted, len(free) - still_needed)
        part_of[chosen] = number
        free = free[part_of[free] == 0]


def _choose(groups: np.ndarray, sizes: np.ndarray, wanted: int, most: int) -> np.ndarray:
    """The first groups that fit into `wanted` examples, at most `most` of them; one in any case, the smallest."""
    if sizes.max() == 1:
        return groups[: min(wanted, most)]
    chosen, room = [], wanted
    for group, size in zip(groups.tolist(), sizes.tolist(), strict=True):
        if size <= room:
            chosen.append(group)
            room -= size
        if room == 0 or len(chosen) == most:
            break
    return np.array(chosen or [groups[np.argmin(sizes)]], dtype=np.int64)
