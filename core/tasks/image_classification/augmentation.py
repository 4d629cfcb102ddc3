"""Varied pictures for training, by torchvision.transforms.v2.

What happens to a picture is drawn from (seed, epoch, example), so it does not depend on the order in which a
prefetching thread asks for it, and a resumed run sees the same pictures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torchvision.transforms.v2 import functional

from core.tasks.work import Draw


@dataclass(frozen=True)
class Strength:
    """How far pictures are varied: the section's area and aspect, and the range of brightness and contrast."""

    area: tuple[float, float]
    aspect: tuple[float, float]
    light: float


STRENGTHS = {
    "none": Strength((1.0, 1.0), (1.0, 1.0), 0.0),
    "light": Strength((0.7, 1.0), (0.9, 1.1), 0.1),
    # Half of the picture at least: the 8 % of ImageNet training from scratch (Szegedy et al., 2015) would cut small
    # data sets' objects away in the few epochs of a fine-tuning.
    "standard": Strength((0.4, 1.0), (3 / 4, 4 / 3), 0.2),
}


def vary(
    pixels: Tensor, examples: NDArray[np.int64], draw: Draw, size: tuple[int, int], strength: str, flip: bool
) -> Tensor:
    """[n, 3, H, W] uint8 to [n, 3, *size] in channels_last: a random section, mirrored or not, in another light."""
    settings = STRENGTHS[strength]
    varied = torch.empty((len(pixels), 3, *size), dtype=torch.uint8).to(memory_format=torch.channels_last)
    for number, example in enumerate(examples.tolist()):
        random = draw.generator(example)
        top, left, height, width = _section(random, settings, pixels.shape[2], pixels.shape[3], size)
        mirrored = random.random() < 0.5
        brightness, contrast = random.uniform(1 - settings.light, 1 + settings.light, size=2)
        each = functional.resized_crop(pixels[number], top, left, height, width, list(size), antialias=True)
        if flip and mirrored:
            each = functional.horizontal_flip(each)
        if settings.light:
            each = functional.adjust_contrast(functional.adjust_brightness(each, brightness), contrast)
        varied[number] = each
    return varied


def _section(
    random: np.random.Generator, settings: Strength, height: int, width: int, size: tuple[int, int]
) -> tuple[int, int, int, int]:
    """Top, left, height and width of a random section, as in RandomResizedCrop; without variation the centre."""
    area = random.uniform(*settings.area) * height * width
    aspect = math.exp(random.uniform(math.log(settings.aspect[0]), math.log(settings.aspect[1])))
    if settings.area == (1.0, 1.0):
        cut = (min(size[0], height), min(size[1], width))
        return (height - cut[0]) // 2, (width - cut[1]) // 2, *cut
    cut = (min(height, round(math.sqrt(area / aspect))), min(width, round(math.sqrt(area * aspect))))
    return int(random.integers(0, height - cut[0] + 1)), int(random.integers(0, width - cut[1] + 1)), *cut
