"""Pictures to pixels: every mode, turned upright, resized as torchvision does, and kept."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from PIL import Image

from core.data.decoding import check
from core.data.images import Geometry, decode, image_cache, prepare
from core.errors import BadData

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
BICUBIC = Image.Resampling.BICUBIC
BILINEAR = Image.Resampling.BILINEAR


def saved(path, image, **how):
    image.save(path, **how)
    return str(path)


def test_transparency_becomes_white(data):
    half = Image.new("RGBA", (4, 4), (255, 0, 0, 128))
    clear = Image.new("LA", (4, 4), (0, 0))
    palette = Image.new("P", (4, 4), 0)
    palette.putpalette([0, 0, 255, 0, 255, 0])
    palette.putpixel((0, 0), 1)
    assert decode(saved(data / "a.png", half)).getpixel((0, 0)) == (255, 127, 127)
    assert decode(saved(data / "b.png", clear)).getpixel((0, 0)) == (255, 255, 255)
    seen = decode(saved(data / "c.gif", palette, transparency=1))
    assert seen.getpixel((0, 0)) == (255, 255, 255)
    assert seen.getpixel((1, 1)) == (0, 0, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "RGBA", "LA", "YCbCr"])
def test_every_mode_becomes_rgb(data, mode):
    white = Image.new("RGB", (8, 6), "white").convert(mode)
    image = decode(saved(data / "a.tiff", white))
    assert image.mode == "RGB"
    assert image.size == (8, 6)
    assert min(np.asarray(image).ravel()) >= 254


def test_sixteen_bits_are_stretched_from_their_own_range(data):
    values = np.array([[0, 2000], [1000, 4000]], np.uint16)
    for ending in ("png", "tiff"):
        image = decode(saved(data / f"a.{ending}", Image.fromarray(values)))
        assert np.asarray(image)[..., 0].tolist() == [[0, 128], [64, 255]]
    floats = np.array([[-1.0, 0.0], [np.nan, 1.0]], np.float32)
    assert np.asarray(decode(saved(data / "f.tiff", Image.fromarray(floats))))[0, 0, 0] == 0
    constant = Image.fromarray(np.full((2, 2), 500, np.uint16))
    assert np.asarray(decode(saved(data / "c.png", constant))).max() == 0


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_turned_upright(data, orientation):
    upright = Image.fromarray(np.kron(np.array([[0, 80, 160], [240, 40, 120]], np.uint8), np.ones((16, 16), np.uint8)))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow's Transpose that turns upright into what a camera saves
    saved_as = upright if orientation == 1 else upright.transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    for ending in ("jpg", "png", "tiff", "webp"):
        path = saved(data / f"a.{ending}", saved_as, exif=exif, quality=100)
        difference = np.asarray(decode(path).convert("L")).astype(int) - np.asarray(upright)
        assert np.abs(difference).max() < 12, ending
        checked = check(path)
        assert (checked.width, checked.height) == upright.size, ending


def test_damaged_exif_data_does_not_spoil_a_picture(data, picture):
    content = picture(data / "a.jpg", exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\xff" * 40).read_bytes()
    (data / "b.jpg").write_bytes(content)
    assert decode(data / "b.jpg").size == (24, 16)


def test_the_first_frame_counts(data):
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    for ending in ("gif", "webp", "tiff"):
        frames[0].save(data / f"a.{ending}", save_all=True, append_images=frames[1:])
        assert decode(data / f"a.{ending}").getpixel((0, 0))[0] > 200


def test_what_is_no_picture_is_said(data):
    (data / "a.png").write_bytes(b"")
    with pytest.raises(BadData, match="empty"):
        decode(data / "a.png")
    with pytest.raises(BadData, match="cannot be read"):
        decode(data / "missing.png")


@pytest.mark.parametrize("ending", [".png", ".jpg", ".webp", ".bmp", ".tiff", ".gif"])
def test_a_file_cut_anywhere_only_raises_bad_data(data, picture, ending):
    content = picture(data / f"a{ending}", size=(60, 40)).read_bytes()
    for end in range(0, len(content), max(1, len(content) // 60)):
        (data / f"b{ending}").write_bytes(content[:end])
        for use in (check, decode):
            with suppress(BadData):
                use(data / f"b{ending}")


@pytest.mark.parametrize("size", [(300, 200), (200, 301), (33, 33), (500, 20), (3, 700)])
@pytest.mark.parametrize(
    ("short", "crop", "resample"), [(64, (56, 56), BILINEAR), (40, (64, 48), BICUBIC), (56, (56, 56), BICUBIC)]
)
def test_as_torchvision_resizes_and_crops(data, picture, size, short, crop, resample):
    functional = pytest.importorskip("torchvision.transforms.functional")
    path = picture(data / "a.png", size=size)
    with Image.open(path) as image:
        resized = functional.resize(image, short, functional.InterpolationMode(resample.name.lower()))
        expected = np.asarray(functional.center_crop(resized, list(crop)))
    given = prepare(str(path), Geometry(("shortest", short), crop, resample))
    if max(size) <= 32 * min(size):
        assert np.array_equal(given, expected)
    assert given.shape == (*crop, 3)


def test_stretched_exactly(data, picture):
    path = picture(data / "a.png", size=(90, 40))
    geometry = Geometry(("exact", 32, 48), None, BICUBIC)
    with Image.open(path) as image:
        assert np.array_equal(prepare(str(path), geometry), np.asarray(image.resize((48, 32), BICUBIC)))
    with pytest.raises(ValueError, match="crop"):
        Geometry(("shortest", 32), None, BICUBIC)


def test_a_large_jpeg_decoded_smaller_looks_the_same(data):
    ramp = np.linspace(0, 255, 1600).astype(np.uint8)
    photo = Image.fromarray(np.stack([np.tile(ramp, (1200, 1))] * 3, axis=-1))
    path = saved(data / "a.jpg", photo, quality=95)
    geometry = Geometry(("shortest", 64), (64, 64), BICUBIC)
    exact = photo.resize((85, 64), BICUBIC).crop((10, 0, 74, 64))
    difference = prepare(path, geometry).astype(int) - np.asarray(exact)
    assert decode(path, at_least=192).size == (400, 300)
    assert np.abs(difference).max() <= 4


def test_the_cache_is_in_order_and_made_once(data, picture, home):
    paths = [str(picture(data / f"{number}.png", number)) for number in range(300)]
    geometry = Geometry(("exact", 8, 10), None, BILINEAR)
    said = []
    pixels = image_cache(paths, geometry, lambda done, of: said.append((done, of)))
    assert isinstance(pixels, np.memmap)
    assert pixels.shape == (300, 8, 10, 3)
    assert pixels.dtype == np.uint8
    for number in (0, 17, 299):
        assert np.array_equal(pixels[number], prepare(paths[number], geometry))
    assert said == [(256, 300), (300, 300)]
    again = image_cache(paths, geometry, lambda done, of: pytest.fail("decoded again"))
    assert np.array_equal(again, pixels)
    picture(data / "17.png", 999)
    assert not np.array_equal(image_cache(paths, geometry)[17], pixels[17])
    assert len(list((home / "cache" / "images").iterdir())) == 2


def test_a_cache_of_nothing_and_of_a_missing_picture(data, home):
    geometry = Geometry(("exact", 8, 8), None, BILINEAR)
    assert image_cache([], geometry).shape == (0, 8, 8, 3)
    with pytest.raises(BadData, match="not there any more"):
        image_cache([str(data / "a.png")], geometry)
    (data / "a.png").write_text("no picture")
    with pytest.raises(BadData):
        image_cache([str(data / "a.png")], geometry)
    assert len(list((home / "cache" / "images").iterdir())) == 1
