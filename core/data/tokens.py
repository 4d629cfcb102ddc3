"""Texts as token numbers: made once, kept in one flat file, and laid out into padded batches."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core import places
from core.data.cached import made_once

Tokenise = Callable[[Sequence[int]], tuple[list[list[int]], list[list[int]] | None]]
_PORTION = 2_000  # texts tokenised at once: enough to keep the tokenizer's threads busy, little memory


@dataclass(frozen=True)
class TokenTable:
    """Token numbers of N texts, one after the other.

    Attributes:
        ids: [T] int32, memory-mapped.
        types: [T] uint8 segment of each token, or None where texts have one segment.
        starts: [N + 1] where each text begins.
    """

    ids: NDArray[np.int32]
    types: NDArray[np.uint8] | None
    starts: NDArray[np.int64]

    @property
    def lengths(self) -> NDArray[np.int64]:
        return np.diff(self.starts)

    def ids_of(self, rows: NDArray[np.int64]) -> NDArray[np.int32]:
        """The token numbers of these texts, one after the other."""
        return self.ids[self._places(rows)]

    def _places(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where the tokens of these texts lie in the flat file."""
        lengths = self.lengths[rows]
        return np.repeat(self.starts[rows] - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())

    def padded(
        self, positions: NDArray[np.int64], padding: int, left: bool = False
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64] | None]:
        """[n, L] token numbers, attention mask and segments of these texts, padded to the longest of them."""
        lengths = self.lengths[positions]
        columns = np.arange(lengths.max())
        mask = columns >= columns.size - lengths[:, None] if left else columns < lengths[:, None]
        where = self._places(positions)
        ids = np.full(mask.shape, padding, dtype=np.int64)
        ids[mask] = self.ids[where]
        if self.types is None:
            return ids, mask.astype(np.int64), None
        types = np.zeros(mask.shape, dtype=np.int64)
        types[mask] = self.types[where]
        return ids, mask.astype(np.int64), types


def tokens_now(count: int, tokenise: Tokenise) -> TokenTable:
    """The tokens of a few texts, kept nowhere."""
    ids, types = tokenise(range(count)) if count else ([], None)
    return TokenTable(_flat(ids, np.int32), None if types is None else _flat(types, np.uint8), _starts(ids))


def kept_tokens(count: int, tokenise: Tokenise, identity: str) -> TokenTable:
    """The tokens of `count` texts, taken from the cache when the same were tokenised before.

    Args:
        tokenise: token numbers, and segments where there are several, of the texts at these positions.
        identity: names the texts, the tokenizer and the limit; whatever changes the outcome must be in it.
    """
    folder = places.cache() / "tokens" / hashlib.sha256(identity.encode()).hexdigest()[:32]
    made_once(folder, lambda aside: _write(aside, count, tokenise))
    types = _mapped(folder / "types.bin", np.uint8)
    starts = np.load(folder / "starts.npy")
    return TokenTable(_mapped(folder / "ids.bin", np.int32), types if len(types) else None, starts)


def _write(folder: Path, count: int, tokenise: Tokenise) -> None:
    starts = [np.zeros(1, np.int64)]
    with open(folder / "ids.bin", "wb") as ids_file, open(folder / "types.bin", "wb") as types_file:
        for start in range(0, count, _PORTION):
            ids, types = tokenise(range(start, min(start + _PORTION, count)))
            starts.append(starts[-1][-1] + _starts(ids)[1:])
            ids_file.write(_flat(ids, np.int32).tobytes())
            if types is not None:
                types_file.write(_flat(types, np.uint8).tobytes())
    np.save(folder / "starts.npy", np.concatenate(starts))


def _flat(texts: list[list[int]], kind: type) -> NDArray:
    return np.fromiter((token for text in texts for token in text), kind)


def _starts(texts: list[list[int]]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum([len(text) for text in texts], dtype=np.int64)]).astype(np.int64)


def _mapped(path: Path, kind: type) -> NDArray:
    return np.memmap(path, dtype=kind, mode="r") if path.stat().st_size else np.empty(0, kind)
