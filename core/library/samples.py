"""The samples: real data that lies ready, so that a first fine-tuning needs no data of one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from core.files import folder_aside

DIGITS_ABOUT = """# Handwritten digits

1,797 grey pictures of digits, written by 43 people, in one folder a digit. They are the test part of "Optical
Recognition of Handwritten Digits" (E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, CC BY 4.0) as
scikit-learn ships it: 8 x 8 pixels of 16 grey levels, here enlarged to 32 x 32.
"""


@dataclass(frozen=True)
class Sample:
    """Data to try Attune with.

    Attributes:
        name: its folder, and what the command line calls it.
        title, sentence: what people read.
        task: the id of the task it is made for.
        starter: the model to begin with, as a reference.
        settings: what differs from the defaults, as `--set` takes it.
        data: the file or folder with the examples, within the sample's folder.
        write: fills the sample's new folder.
    """

    name: str
    title: str
    sentence: str
    task: str
    starter: str
    settings: tuple[str, ...]
    data: str
    write: Callable[[Path], None]


def samples() -> list[Sample]:
    return [
        Sample(
            name="customer-messages",
            title="Customer messages",
            sentence="501 messages to an online shop: who should answer, delivery, refunds, accounts or somebody else?",
            task="text-classification",
            starter="starter:minilm",
            settings=(),
            data="messages.csv",
            write=write_messages,
        ),
        Sample(
            name="handwritten-digits",
            title="Handwritten digits",
            sentence="1,797 small pictures of handwritten digits: which digit is it?",
            task="image-classification",
            starter="starter:efficientnet-lite0",
            # A mirrored 2 is no 2; and 8 x 8 pixels do not gain from being enlarged to 224.
            settings=("task.flip=false", "task.image_size=96"),
            data="digits",
            write=write_digits,
        ),
    ]


def lay_out(sample: Sample, folder: Path) -> Path:
    """Write the sample's data into `folder` at its first use; return the file or folder that holds the examples."""
    place = folder / sample.name
    if not place.exists():
        with folder_aside(place) as aside:
            sample.write(aside)
    return place / sample.data


def write_messages(folder: Path) -> None:
    source = files("resources") / "samples" / "customer-messages"
    for name in ("messages.csv", "ABOUT.md"):
        (folder / name).write_bytes((source / name).read_bytes())


def write_digits(folder: Path) -> None:
    # Only here: listing the samples must not cost the second that scikit-learn takes to load.
    from PIL import Image
    from sklearn.datasets import load_digits

    images, digits = load_digits(return_X_y=True)
    for number, (pixels, digit) in enumerate(zip(images.reshape(-1, 8, 8), digits, strict=True)):
        place = folder / "digits" / str(digit)
        place.mkdir(parents=True, exist_ok=True)
        grey = (pixels * (255 / 16)).round().astype("uint8")
        # 8 x 8 is too small to judge by eye, and below what image models and viewers take well.
        Image.fromarray(grey).resize((32, 32), Image.Resampling.BICUBIC).save(place / f"{number:04}.png")
    (folder / "ABOUT.md").write_text(DIGITS_ABOUT, "utf-8")
