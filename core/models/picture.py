"""What a model expects of a picture: how it is resized, cut and scaled. Read from the model's own files."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from core.data.images import Geometry
from core.errors import BadModel

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_FILTERS = {"nearest": 0, "lanczos": 1, "bilinear": 2, "bicubic": 3, "box": 4, "hamming": 5}  # Pillow's numbers


@dataclass(frozen=True)
class Picture:
    """The preprocessing of one model.

    Attributes:
        resize: ("shortest", side) keeps the aspect, ("exact", height, width) does not.
        size: (height, width) the network sees, cut from the centre of the resized picture.
        resample: Pillow's filter number.
        mean, std: a channel each, applied to values from 0 to 1.
    """

    resize: tuple[Any, ...]
    size: tuple[int, int]
    resample: int
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @property
    def exact_geometry(self) -> Geometry:
        """How a picture is shown to the network when it is judged."""
        return Geometry(resize=self.resize, crop=self.size, resample=self.resample)

    @property
    def roomy_geometry(self) -> Geometry:
        """The same with the rim kept, so that training can choose its own section.

        The rim is a multiple of four pixels, half of it on each side: then the centre of the roomy picture is, to the
        pixel, the centre that `exact_geometry` cuts, however halves are rounded.
        """
        if self.resize[0] == "exact":
            return self.exact_geometry
        height, width = (side + 4 * (max(0, self.resize[1] - side) // 4) for side in self.size)
        return Geometry(resize=self.resize, crop=(height, width), resample=self.resample)

    def resized(self, side: int) -> Picture:
        """The same preprocessing for another side length."""
        share = side / self.size[0]
        scaled = tuple(round(each * share) for each in self.resize[1:])
        return Picture((self.resize[0], *scaled), (side, side), self.resample, self.mean, self.std)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_dict(values: dict[str, Any]) -> Picture:
        return Picture(
            tuple(values["resize"]),
            tuple(values["size"]),
            values["resample"],
            tuple(values["mean"]),
            tuple(values["std"]),
        )


def imagenet_picture() -> Picture:
    """torchvision's usual preprocessing of ImageNet models: 256, centre 224, bilinear."""
    return Picture(("shortest", 256), (224, 224), _FILTERS["bilinear"], IMAGENET_MEAN, IMAGENET_STD)


def picture_of_timm(config: dict[str, Any]) -> Picture:
    """Read timm's `pretrained_cfg`, as its `resolve_data_config` and `create_transform` do for evaluation."""
    height, width = config.get("input_size", (3, 224, 224))[1:]
    scaled = [math.floor(side / config.get("crop_pct", 0.875)) for side in (height, width)]
    squash = config.get("crop_mode", "center") == "squash" or height != width
    return Picture(
        resize=("exact", *scaled) if squash else ("shortest", scaled[0]),
        size=(height, width),
        resample=_FILTERS.get(config.get("interpolation", "bicubic"), _FILTERS["bicubic"]),
        mean=tuple(config.get("mean", IMAGENET_MEAN)),
        std=tuple(config.get("std", IMAGENET_STD)),
    )


def picture_of_processor(config: dict[str, Any], where: str) -> Picture:
    """Read a preprocessor_config.json of Transformers. Raises: BadModel where it says nothing about the size."""
    mean, std = (0.5,) * 3, (0.5,) * 3
    if config.get("do_normalize", True):
        mean, std = tuple(config.get("image_mean") or mean), tuple(config.get("image_std") or std)
    else:
        mean, std = (0.0,) * 3, (1.0,) * 3
    resample = int(config.get("resample", _FILTERS["bilinear"]))
    size = config.get("size") or config.get("crop_size")
    if isinstance(size, int):
        size = {"shortest_edge": size} if config.get("do_center_crop") else {"height": size, "width": size}
    if not isinstance(size, dict):
        raise BadModel("This file does not say how large pictures are.", where)
    if "shortest_edge" not in size:
        exact = (int(size["height"]), int(size["width"]))
        return Picture(("exact", *exact), _crop_of(config, exact), resample, mean, std)
    side = int(size["shortest_edge"])
    if "crop_pct" in config or str(config.get("image_processor_type", "")).startswith("ConvNext"):
        # ConvNeXt's rule: below 384 pixels resize larger and cut the centre, from 384 on resize exactly.
        if side >= 384:
            return Picture(("exact", side, side), (side, side), resample, mean, std)
        return Picture(
            ("shortest", int(side / (config.get("crop_pct") or 224 / 256))), (side, side), resample, mean, std
        )
    return Picture(("shortest", side), _crop_of(config, (side, side)), resample, mean, std)


def _crop_of(config: dict[str, Any], default: tuple[int, int]) -> tuple[int, int]:
    crop = config.get("crop_size")
    if not config.get("do_center_crop") or not crop:
        return default
    return (crop, crop) if isinstance(crop, int) else (int(crop["height"]), int(crop["width"]))
