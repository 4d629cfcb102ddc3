"""Options of the pretrained model."""

from __future__ import annotations

from core.options import Options, option


class ModelOptions(Options):
    ref: str = option(
        ...,
        "Model",
        "A model folder, starter:NAME, torchvision:resnet18@weights-file, or the folder of an earlier run.",
        min_length=1,
    )
