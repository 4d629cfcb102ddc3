"""The work of image classification: pictures are decoded once, then cut and varied from memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.data.images import image_cache, prepare
from core.models.network import Network
from core.models.picture import Picture
from core.models.reference import Pretrained, load_network
from core.tasks.classification import Classification, class_numbers
from core.tasks.image_classification import TASK, ImageClassificationOptions
from core.tasks.image_classification.augmentation import vary
from core.tasks.work import Batch, Draw, Encoded


@dataclass
class EncodedPictures:
    """Decoded pictures [N, H, W, 3] uint8, memory-mapped, and the classes of those among them that `rows` names."""

    pixels: NDArray[np.uint8]
    rows: NDArray[np.int64]
    targets: NDArray[np.int64]
    picture: Picture
    options: ImageClassificationOptions
    lengths: None = None
    vocabulary: None = None

    def __len__(self) -> int:
        return len(self.rows)

    def part(self, rows: NDArray[np.int64]) -> EncodedPictures:
        return replace(self, rows=self.rows[rows], targets=self.targets[rows])

    def batch(self, positions: NDArray[np.int64], draw: Draw | None = None) -> Batch:
        # Stored as height, width, channel, which seen as channel first is PyTorch's channels_last: no copy.
        pixels = torch.from_numpy(self.pixels[self.rows[positions]]).permute(0, 3, 1, 2)
        height, width = self.picture.size
        if draw is None:
            top, left = (pixels.shape[2] - height) // 2, (pixels.shape[3] - width) // 2
            pixels = pixels[:, :, top : top + height, left : left + width]
        else:
            pixels = vary(pixels, positions, draw, self.picture.size, self.options.augmentation, self.options.flip)
        return {"pixel_values": _scaled(pixels, self.picture), "labels": torch.from_numpy(self.targets[positions])}


class ImageClassification(Classification):
    """One class for each picture."""

    def __init__(self, options: ImageClassificationOptions, labels: tuple[str, ...], **training: Any) -> None:
        super().__init__(**training)
        self._options, self._labels = options, labels

    def load(self, pretrained: Pretrained) -> Network:
        network = load_network(pretrained, TASK.head, self._labels, self._options.image_size)
        network.module.to(memory_format=torch.channels_last)
        return network

    def encode(self, table: pa.Table, network: Network, keep: bool = True) -> EncodedPictures:
        assert network.picture is not None
        labels = table["label"].to_pylist() if "label" in table.column_names else [""] * table.num_rows
        paths, geometry = table["image"].to_pylist(), network.picture.roomy_geometry
        pixels = image_cache(paths, geometry) if keep else np.stack([prepare(path, geometry) for path in paths])
        return EncodedPictures(
            pixels, np.arange(table.num_rows), class_numbers(self._labels, labels), network.picture, self._options
        )

    def notes(self, encoded: Encoded) -> list[tuple[str, dict[str, Any]]]:
        return []


def _scaled(pixels: Tensor, picture: Picture) -> Tensor:
    """uint8 to float32 with the network's mean and deviation, in one pass over the pixels."""
    mean = torch.tensor(picture.mean).view(1, 3, 1, 1) * 255
    factor = 1 / (torch.tensor(picture.std).view(1, 3, 1, 1) * 255)
    return torch.addcmul(-mean * factor, pixels.float(), factor)
