"""Real files for the data room: tables, class folders, and pictures of every odd kind."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

WORDS = ("the", "a", "film", "plot", "scene", "quite", "dull", "bright", "slow", "but", "never", "warm", "cold", "good")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Attune's own folder, apart from the test's data, which lies in tmp_path / "data"."""
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path / "home"))
    (tmp_path / "data").mkdir()
    return tmp_path / "home"


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def sentence():
    """A maker of different sentences: sentence(i) is the same in every run."""

    def make(number: int, words: int = 9) -> str:
        random = np.random.default_rng(number)
        return f"{' '.join(random.choice(WORDS, words))} {number}"

    return make


@pytest.fixture
def write_csv():
    def write(path: Path, header: list[str] | None, rows: list[list[object]], delimiter: str = ",") -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerows([*([header] if header else []), *rows])
        return path

    return write


@pytest.fixture
def write_jsonl():
    def write(path: Path, objects: list[object]) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(value) + "\n" for value in objects), encoding="utf-8")
        return path

    return write


@pytest.fixture
def reviews(sentence):
    """Rows of a well-formed table: reviews(n) gives n pairs of text and class, the classes in turn."""

    def make(count: int, classes: tuple[str, ...] = ("pos", "neg"), start: int = 0) -> list[list[object]]:
        return [[sentence(start + number), classes[number % len(classes)]] for number in range(count)]

    return make


@pytest.fixture
def picture():
    """A maker of pictures of noise, each different: picture(path, seed) writes one in the format its ending says."""

    def make(path: Path, seed: int = 0, size: tuple[int, int] = (24, 16), mode: str = "RGB", **how: object) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        values = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
        Image.fromarray(values).convert(mode).save(path, **how)
        return path

    return make


@pytest.fixture
def class_folders(picture):
    """class_folders(root, {"cat": 6, "dog": 6}) writes so many pictures of each class."""

    def make(root: Path, counts: dict[str, int], ending: str = ".png", start: int = 0) -> Path:
        seed = start
        for name, count in counts.items():
            for number in range(count):
                picture(root / name / f"{number}{ending}", seed)
                seed += 1
        return root

    return make
