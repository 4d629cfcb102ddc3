"""An embedding that trains only the rows its training texts use.

A row that no training text uses never gets a gradient, so Adam never moves it; yet PyTorch writes a zero gradient,
measures it, and updates two moments for it at every step. A small data set uses a few thousand of a vocabulary's
30,000 to 250,000 rows, and these rows are half of a small model's parameters and most of a multilingual one's. Giving
the optimiser only the used rows changes no result (without weight decay, which would shrink unused rows too; they stay
as pretrained, which is better) and saves their share of every step and of the optimiser's memory.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from core.models.network import Network

_WORTH_IT = 0.8  # of the vocabulary; above that there is nothing to save


class UsedRows(nn.Module):
    """Stands in for an embedding while training.

    Args:
        embedding: [V, D] the whole one.
        used: [R] row numbers, ascending, that training texts use.
    """

    places: Tensor
    resting: Tensor

    def __init__(self, embedding: nn.Embedding, used: NDArray[np.int64]) -> None:
        super().__init__()
        rows = torch.from_numpy(used)
        places = torch.full((embedding.num_embeddings,), -1, dtype=torch.int64)
        places[rows] = torch.arange(len(rows))
        self.used = rows
        self.padding = None if embedding.padding_idx is None else int(places[embedding.padding_idx])
        self.rows = nn.Parameter(embedding.weight.detach()[rows].clone())
        self.register_buffer("places", places, persistent=False)
        self.register_buffer("resting", embedding.weight.detach(), persistent=False)

    def forward(self, tokens: Tensor) -> Tensor:
        places = self.places[tokens]
        if self.training:
            return functional.embedding(places, self.rows, self.padding)
        unknown = places < 0
        vectors = functional.embedding(places.clamp(min=0), self.rows)
        vectors[unknown] = self.resting[tokens[unknown]].to(vectors.dtype)
        return vectors

    def whole(self) -> nn.Embedding:
        """The whole embedding with the trained rows in their places."""
        weight = self.resting.clone()
        weight[self.used.to(weight.device)] = self.rows.detach()
        padding = None if self.padding is None or self.padding < 0 else int(self.used[self.padding])
        return nn.Embedding.from_pretrained(weight, freeze=False, padding_idx=padding)


def train_used_rows(network: Network, vocabulary: NDArray[np.int64] | None) -> None:
    """Replace the input embedding where that saves something; a tied output layer would need every row."""
    if vocabulary is None or network.family != "transformers":
        return
    embedding = network.module.get_input_embeddings()  # type: ignore[operator]
    tied = getattr(network.module.config, "tie_word_embeddings", False) and _has_output(network.module)
    if type(embedding) is not nn.Embedding or tied or len(vocabulary) > _WORTH_IT * embedding.num_embeddings:
        return
    if embedding.padding_idx is not None and embedding.padding_idx not in vocabulary:
        vocabulary = np.unique(np.append(vocabulary, embedding.padding_idx))
    network.module.set_input_embeddings(UsedRows(embedding, vocabulary))  # type: ignore[operator]


def restore_rows(network: Network) -> None:
    """Put the whole embedding back before the network is saved."""
    stand_ins = [each for each in network.module.modules() if isinstance(each, UsedRows)]
    if stand_ins:
        network.module.set_input_embeddings(stand_ins[0].whole())  # type: ignore[operator]


def _has_output(module: nn.Module) -> bool:
    return module.get_output_embeddings() is not None  # type: ignore[operator]
