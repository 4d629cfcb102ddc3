"""The work of text classification: texts become tokens, tokens become padded batches."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import torch
from numpy.typing import NDArray

from core.data.tokens import TokenTable, kept_tokens, tokens_now
from core.models.network import Network
from core.models.reference import Pretrained, load_network
from core.tasks.classification import Classification, class_numbers
from core.tasks.text_classification import TASK, TextClassificationOptions
from core.tasks.work import Batch, Draw, Encoded

# Sentences and short reviews fit; attention's cost grows with the square, and a notice names what was cut off.
USUAL_LIMIT = 256


@dataclass
class EncodedTexts:
    """Tokenised texts with their classes.

    Attributes:
        rows: which texts of the table these examples are.
        limit: where texts were cut off, in tokens.
    """

    tokens: TokenTable
    rows: NDArray[np.int64]
    targets: NDArray[np.int64]
    padding: int
    left: bool
    limit: int

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        return self.tokens.lengths[self.rows]

    @property
    def vocabulary(self) -> NDArray[np.int64]:
        return np.unique(np.append(self.tokens.ids_of(self.rows), self.padding)).astype(np.int64)

    def __len__(self) -> int:
        return len(self.rows)

    def part(self, rows: NDArray[np.int64]) -> EncodedTexts:
        return replace(self, rows=self.rows[rows], targets=self.targets[rows])

    def batch(self, positions: NDArray[np.int64], draw: Draw | None = None) -> Batch:
        ids, mask, types = self.tokens.padded(self.rows[positions], self.padding, self.left)
        batch = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
        if types is not None:
            batch["token_type_ids"] = torch.from_numpy(types)
        return {**batch, "labels": torch.from_numpy(self.targets[positions])}


class TextClassification(Classification):
    """One class for each text or pair of texts."""

    def __init__(self, options: TextClassificationOptions, labels: tuple[str, ...], **training: Any) -> None:
        super().__init__(**training)
        self._options, self._labels = options, labels

    def load(self, pretrained: Pretrained) -> Network:
        return load_network(pretrained, TASK.head, self._labels)

    def limit(self, network: Network) -> int:
        """Where texts are cut off, in tokens."""
        able = network.max_length or USUAL_LIMIT
        return min(self._options.max_length or USUAL_LIMIT, able)

    def encode(self, table: pa.Table, network: Network, keep: bool = True) -> EncodedTexts:
        tokenizer, limit = network.tokenizer, self.limit(network)
        texts = table["text"]
        pairs = table["text_pair"] if "text_pair" in table.column_names else None

        def tokenise(rows: Sequence[int]) -> tuple[list[list[int]], list[list[int]] | None]:
            part = slice(rows[0], rows[-1] + 1)
            first = texts[part].to_pylist()
            second = pairs[part].to_pylist() if pairs is not None else None
            encoded = tokenizer(first, second, truncation=True, max_length=limit, return_attention_mask=False)
            kinds = encoded.get("token_type_ids") if second else None
            return encoded["input_ids"], kinds

        if keep:
            texts_seen = f"{_content(texts)} {_content(pairs) if pairs is not None else ''}"
            tokens = kept_tokens(table.num_rows, tokenise, f"1 {limit} {_fingerprint(tokenizer)} {texts_seen}")
        else:
            tokens = tokens_now(table.num_rows, tokenise)
        return EncodedTexts(
            tokens=tokens,
            rows=np.arange(table.num_rows),
            targets=class_numbers(self._labels, _strings(table, "label")),
            padding=tokenizer.pad_token_id or 0,
            left=tokenizer.padding_side == "left",
            limit=limit,
        )

    def notes(self, encoded: Encoded) -> list[tuple[str, dict[str, Any]]]:
        assert isinstance(encoded, EncodedTexts)
        cut = int((encoded.lengths >= encoded.limit).sum())
        if not cut:
            return []
        text = (
            "{cut} of {count} texts reach the limit of {limit} tokens; what lies behind it is not read. "
            "Raise task.max_length if the end matters."
        )
        return [(text, {"cut": cut, "count": len(encoded), "limit": encoded.limit})]


def _strings(table: pa.Table, column: str) -> list[str]:
    return table[column].to_pylist() if column in table.column_names else [""] * table.num_rows


def _fingerprint(tokenizer: Any) -> str:
    backend = getattr(tokenizer, "backend_tokenizer", None)
    content = backend.to_str() if backend is not None else repr(sorted(tokenizer.get_vocab().items()))
    return hashlib.sha256(content.encode()).hexdigest()


def _content(column: pa.ChunkedArray) -> str:
    """A hash of a column's texts, a portion at a time."""
    digest = hashlib.sha256()
    for batch in pa.table({"text": column}).to_batches(max_chunksize=50_000):
        digest.update(json.dumps(batch["text"].to_pylist()).encode())
    return digest.hexdigest()
