"""The names people give to the parts of a data set: which file, folder or value means training, validation or test."""

from __future__ import annotations

import re

TRAIN, VALIDATION, TEST = PARTS = ("train", "validation", "test")

_WORDS = {
    **dict.fromkeys(("train", "training", "trainset"), TRAIN),
    **dict.fromkeys(("validation", "validate", "valid", "val", "dev", "devset", "eval", "evaluation"), VALIDATION),
    **dict.fromkeys(("test", "testing", "testset"), TEST),
}


def part_named(name: str) -> str:
    """Tell the part from a name such as "train-00000-of-00002.jsonl" or "sst_dev.csv"; "" where it says none.

    Words are taken whole, so that "device" and "contest" mean nothing; the first one that means a part decides.
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    words = re.findall(r"[a-z]+", spaced.lower())
    return next((_WORDS[word] for word in words if word in _WORDS), "")


def part_of_value(value: str) -> str | None:
    """Tell the part from a cell of a split column; None where the cell is anything else."""
    return _WORDS.get(value.strip().lower())
