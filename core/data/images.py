"""Pictures at the size a model reads, decoded once and kept for all epochs."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from core.data.cached import made_once
from core.data.decoding import decode
from core.errors import BadData, RunFailed
from core.places import cache

__all__ = ["Geometry", "decode", "image_cache", "prepare"]

_VERSION = 1
_AT_ONCE = 256  # pictures in memory
_LONGEST_STRIP = 32  # sides longer than this times the other are cut before resizing, not after
_DRAFT_GAP = 3  # a JPEG decoded to three times the wanted size looks the same once resized (Pillow's reducing_gap)

Progress = Callable[[int, int], None]  # (done, of)


@dataclass(frozen=True)
class Geometry:
    """How a picture is brought to a fixed size.

    Attributes:
        resize: ("shortest", S) brings the shorter side to S and keeps the aspect; ("exact", H, W) stretches.
        crop: the (H, W) to cut from the middle, black where the picture is smaller; needed after "shortest".
        resample: a filter of Pillow, such as PIL.Image.Resampling.BICUBIC.
    """

    resize: tuple[Literal["shortest"], int] | tuple[Literal["exact"], int, int]
    crop: tuple[int, int] | None
    resample: int

    def __post_init__(self) -> None:
        if self.resize[0] == "shortest" and self.crop is None:
            raise ValueError("pictures resized by their shorter side need a crop to be of one size")

    @property
    def size(self) -> tuple[int, int]:
        """(H, W) of every picture."""
        if self.crop is not None:
            return self.crop
        _, height, width = self.resize  # type: ignore[misc]
        return height, width


def image_cache(paths: Sequence[str], geometry: Geometry, progress: Progress | None = None) -> np.memmap:
    """Decode and resize pictures, or map the result of the last time.

    Args:
        paths: of the pictures, which decide the order.
        progress: called with how many are done, and of how many.
    Returns: [N, H, W, 3] uint8, mapped read-only.
    Raises: BadData where a picture cannot be decoded; RunFailed where the disk has no room.
    """
    folder = cache() / "images" / _key(paths, geometry)
    made_once(folder, lambda aside: _write(aside / "pixels.npy", paths, geometry, progress))
    return np.load(folder / "pixels.npy", mmap_mode="r")


def prepare(path: str, geometry: Geometry) -> np.ndarray:
    """One picture as [H, W, 3] uint8. Raises: BadData where it cannot be decoded."""
    image = decode(path, at_least=_DRAFT_GAP * max(geometry.resize[1:]))
    return np.asarray(_cropped(_resized(image, geometry), geometry.crop))


def _key(paths: Sequence[str], geometry: Geometry) -> str:
    digest = hashlib.sha256(json.dumps([_VERSION, asdict(geometry)]).encode())
    for path in paths:
        try:
            stat = Path(path).stat()
        except OSError as cause:
            raise BadData("This picture is not there any more.", where=path, remedy="Import the data again.") from cause
        digest.update(json.dumps([path, stat.st_size, stat.st_mtime_ns]).encode())
    return digest.hexdigest()[:32]


def _write(target: Path, paths: Sequence[str], geometry: Geometry, progress: Progress | None) -> None:
    """Write the pixels as a .npy file, in order. (Filling a memory map instead would kill the process where the disk
    is full.)
    """
    shape = (len(paths), *geometry.size, 3)
    _check_room(target.parent, int(np.prod(shape)))
    with open(target, "wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
        for done, pixels in enumerate(_prepared(paths, geometry), start=1):
            file.write(pixels.tobytes())
            if progress is not None and (done % _AT_ONCE == 0 or done == len(paths)):
                progress(done, len(paths))


def _prepared(paths: Sequence[str], geometry: Geometry) -> Iterator[np.ndarray]:
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # Pillow lets go of the interpreter while it decodes
        for start in range(0, len(paths), _AT_ONCE):
            yield from threads.map(lambda path: prepare(path, geometry), paths[start : start + _AT_ONCE])


def _check_room(folder: Path, needed_bytes: int) -> None:
    free_bytes = shutil.disk_usage(folder).free
    if needed_bytes > free_bytes:
        raise RunFailed(
            "The prepared pictures need {needed} GB, but the disk has only {free} GB free.",
            where=str(folder),
            remedy="Make room, choose a smaller image size, or set ATTUNE_HOME to a folder on another disk.",
            values={"needed": round(needed_bytes / 1e9, 1), "free": round(free_bytes / 1e9, 1)},
        )


def _resized(image: Image.Image, geometry: Geometry) -> Image.Image:
    if geometry.resize[0] == "exact":
        _, height, width = geometry.resize
        return image.resize((width, height), geometry.resample)
    short_side = geometry.resize[1]
    image = _without_ends(image)
    short, long = sorted(image.size)
    long_side = int(short_side * long / short)  # cut off, not rounded, as torchvision does
    size = (short_side, long_side) if image.width <= image.height else (long_side, short_side)
    return image.resize(size, geometry.resample)


def _without_ends(image: Image.Image) -> Image.Image:
    """Cut the ends of a strip of which only the middle is kept anyway: resized, it might fill the memory."""
    width = min(image.width, _LONGEST_STRIP * image.height)
    height = min(image.height, _LONGEST_STRIP * image.width)
    return image if (width, height) == image.size else _cropped(image, (height, width))


def _cropped(image: Image.Image, crop: tuple[int, int] | None) -> Image.Image:
    """The middle of a picture. Where it is smaller, black is added first, as torchvision does; the odd pixel of padding
    then stands at the right or below.
    """
    if crop is None:
        return image
    height, width = crop
    if width > image.width or height > image.height:
        padded = Image.new("RGB", (max(width, image.width), max(height, image.height)))
        padded.paste(image, (max(width - image.width, 0) // 2, max(height - image.height, 0) // 2))
        image = padded
    top, left = round((image.height - height) / 2.0), round((image.width - width) / 2.0)
    return image.crop((left, top, left + width, top + height))
