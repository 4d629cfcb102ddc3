"""Picture files to RGB pixels, whatever the file holds."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from core.data.fingerprint import content_hash
from core.errors import BadData

_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "DIB", "TIFF", "GIF")  # Pillow reads MPO, from phones, as JPEG
_MOST_PIXELS = 89_478_485  # above this Pillow warns of a decompression bomb: RGB would take a quarter of a GiB
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Checked:
    """A picture that can be decoded: its size as people see it, in pixels, and what tells equal files."""

    width: int
    height: int
    hash: str


def decode(path: str | Path, at_least: int | None = None) -> Image.Image:
    """Decode a picture to RGB, turned as its EXIF data says; of several frames the first.

    Transparency becomes white. 16-bit and floating-point greys are stretched from their own range to 0..255.

    Args:
        at_least: where given, a large JPEG may be decoded smaller, quickly, but with no side shorter than this.
    Raises: BadData where the file is no picture, is damaged, or would take too much memory.
    """
    image = _open(path, _read(path), at_least)
    try:
        return _to_rgb(_upright(image))
    except (ValueError, OSError, MemoryError) as cause:
        raise BadData("Its colours cannot be read.", where=str(path)) from cause


def check(path: str | Path) -> Checked:
    """Decode a picture to see that it is whole. Raises: BadData where it is not."""
    content = _read(path)
    image = _open(path, content, at_least=1)
    return Checked(*_seen_size(image), content_hash(content))


def _read(path: str | Path) -> bytes:
    try:
        content = Path(path).read_bytes()
    except OSError as cause:
        reason = cause.strerror or str(cause)
        raise BadData("This picture cannot be read: {reason}.", where=str(path), values={"reason": reason}) from cause
    if not content:
        raise BadData("The file is empty.", where=str(path), remedy="Leave it out.")
    return content


def _open(path: str | Path, content: bytes, at_least: int | None) -> Image.Image:
    try:
        image = Image.open(BytesIO(content), formats=_FORMATS)
        width, height = image.size
        if width * height <= _MOST_PIXELS:
            image.info["full_size"] = image.size
            if at_least is not None:
                image.draft(None, (at_least, at_least))
            image.load()
            return image
    except Image.DecompressionBombError:
        pass
    except Exception as cause:  # Pillow's readers raise whatever the bytes lead them to: SyntaxError, struct.error, ...
        text = "It is no picture, or of a format that Attune does not read." if _unknown(cause) else "It is damaged."
        raise BadData(text, where=str(path), remedy="Leave it out, or save it again as PNG or JPEG.") from cause
    raise BadData(
        "It has more than {most} million pixels.",
        where=str(path),
        remedy="Make it smaller.",
        values={"most": _MOST_PIXELS // 10**6},
    )


def _unknown(cause: Exception) -> bool:
    return isinstance(cause, UnidentifiedImageError)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # damaged EXIF data does not spoil the picture
        return 1


def _upright(image: Image.Image) -> Image.Image:
    turn = _UPRIGHT.get(_orientation(image))
    return image if turn is None else image.transpose(turn)


def _seen_size(image: Image.Image) -> tuple[int, int]:
    # A JPEG was decoded smaller; a TIFF has been turned by Pillow already.
    width, height = image.info["full_size"] if image.format in ("JPEG", "MPO") else image.size
    return (height, width) if _orientation(image) in (5, 6, 7, 8) else (width, height)


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        return _stretched(image)
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        straight = image.convert({"La": "LA", "RGBa": "RGBA"}.get(image.mode, image.mode)).convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), straight).convert("RGB")
    return image.convert("RGB")


def _stretched(image: Image.Image) -> Image.Image:
    """A grey picture of more than 8 bits; Pillow's own conversion would cut everything above 255."""
    values = np.nan_to_num(np.asarray(image, dtype=np.float64))
    low, high = values.min(), values.max()
    scaled = (values - low) * (255.0 / (high - low) if high > low else 0.0)
    return Image.fromarray(np.round(scaled).astype(np.uint8)).convert("RGB")
