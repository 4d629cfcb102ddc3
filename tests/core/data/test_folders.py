"""Folders: which files are which part, class folders of pictures, and what is left out with a note."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from PIL import Image
from pydantic import ValidationError

from core.data.open import open_data
from core.data.parts import part_named
from core.data.splits import split
from core.errors import BadData, WrongUse
from core.settings.data import DataOptions


def opened(path, **options):
    return open_data(DataOptions(path=str(path), **options))


def parts_of(imported):
    return dict(Counter(imported.table["split"].to_pylist()))


def kinds(imported):
    return [problem.kind for problem in imported.problems]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("train", "train"),
        ("Training_Set", "train"),
        ("sst_dev", "validation"),
        ("VAL", "validation"),
        ("validation-00000-of-00001", "validation"),
        ("train-00001-of-00002", "train"),
        ("myTestData", "test"),
        ("test1", "test"),
        ("seg_test", "test"),
        ("contest", ""),
        ("device", ""),
        ("reviews", ""),
    ],
)
def test_names_of_parts(name, part):
    assert part_named(name) == part


def test_split_files(data, write_csv, reviews):
    write_csv(data / "train-00000-of-00002.csv", ["text", "label"], reviews(30))
    write_csv(data / "train-00001-of-00002.csv", ["text", "label"], reviews(30, start=30))
    write_csv(data / "sst_dev.tsv", ["text", "label"], reviews(10, start=100), "\t")
    write_csv(data / "TEST.CSV", ["text", "label"], reviews(10, start=200))
    imported = opened(data)
    assert parts_of(imported) == {"train": 60, "validation": 10, "test": 10}
    assert set(imported.table["file"].to_pylist()) == {
        "train-00000-of-00002.csv",
        "train-00001-of-00002.csv",
        "sst_dev.tsv",
        "TEST.CSV",
    }
    assert imported.root == data


def test_split_folders(data, write_jsonl, reviews):
    for part, start in (("train", 0), ("valid", 100), ("testing", 200)):
        objects = [{"text": text, "label": label} for text, label in reviews(20, start=start)]
        write_jsonl(data / "set" / part / "data.jsonl", objects)
    imported = opened(data)
    assert parts_of(imported) == {"train": 20, "validation": 20, "test": 20}
    assert imported.table["file"][0].as_py() == "set/train/data.jsonl"


def test_files_without_a_part_are_training_data(data, write_csv, reviews):
    write_csv(data / "one.csv", ["text", "label"], reviews(30))
    write_csv(data / "two.csv", ["text", "label"], reviews(30, start=30))
    write_csv(data / "test.csv", ["text", "label"], reviews(9, start=90))
    assert parts_of(opened(data)) == {"": 60, "test": 9}


def test_a_competition_folder(data, write_csv, reviews, sentence):
    write_csv(data / "train.csv", ["id", "text", "target"], [[n, *row] for n, row in enumerate(reviews(60))])
    write_csv(data / "test.csv", ["id", "text"], [[n, sentence(n + 500)] for n in range(30)])
    write_csv(data / "sample_submission.csv", ["id", "target"], [[n, "pos"] for n in range(30)])
    imported = opened(data)
    assert parts_of(imported) == {"train": 60}
    assert not imported.bad
    notes = [problem.said()["text"] for problem in imported.problems]
    assert any("sample_submission.csv" in note for note in notes)
    assert any("test.csv is left out: its 30 rows have nothing in the column target" in note for note in notes)


def test_a_test_file_whose_classes_are_secret(data, write_csv, reviews):
    write_csv(data / "train.csv", ["text", "label"], reviews(60))
    write_csv(data / "test.csv", ["text", "label"], [[text, -1] for text, _ in reviews(30, start=500)])
    imported = opened(data)
    assert parts_of(imported) == {"train": 60}
    assert kinds(imported) == ["left-out"]


def test_classes_that_training_does_not_have_are_bad_rows(data, write_csv, reviews):
    write_csv(data / "train.csv", ["text", "label"], reviews(100))
    write_csv(data / "test.csv", ["text", "label"], [*reviews(30, start=500), ["something else", "odd"]])
    imported = opened(data)
    assert [str(row) for row in imported.bad] == [
        "test.csv, row 32: The class odd does not occur in the training part."
    ]
    assert "odd" not in imported.table["label"].to_pylist()


def test_without_training_data(data, write_csv, reviews):
    write_csv(data / "test.csv", ["text", "label"], reviews(30))
    with pytest.raises(BadData, match="no file is called train"):
        opened(data)


def test_other_files_beside_the_data(data, write_csv, write_jsonl, reviews, picture):
    write_csv(data / "train.csv", ["text", "label"], reviews(60))
    write_jsonl(data / "settings.json", [{"name": "x"}])
    picture(data / "figures" / "plot.png")
    (data / "README.md").write_text("read me")
    (data / "__MACOSX").mkdir()
    (data / "__MACOSX" / "._train.csv").write_bytes(b"\0\0")
    (data / ".hidden.csv").write_text("a,b\n1,2\n")
    imported = opened(data)
    assert parts_of(imported) == {"train": 60}
    assert kinds(imported) == ["left-out", "left-out"]


@pytest.mark.parametrize("ending", [".png", ".jpg", ".JPEG", ".webp", ".bmp", ".tiff", ".gif"])
def test_class_folders_in_every_format(data, class_folders, ending):
    imported = opened(class_folders(data, {"cat": 4, "dog": 4}, ending))
    assert imported.format == "image-folders"
    assert imported.task_id == "image-classification"
    assert imported.labels() == ["cat", "dog"]
    assert imported.table["width"].to_pylist() == [24] * 8
    assert imported.table["height"].to_pylist() == [16] * 8
    assert imported.table["file"][0].as_py() == f"cat/0{ending}"
    assert imported.table["image"][0].as_py() == str(data / "cat" / f"0{ending}")
    assert not imported.bad
    assert imported.reads() == {"text": [], "text_pair": None}


def test_part_folders_wrapped_and_nested(data, class_folders):
    class_folders(data / "archive" / "set" / "Training", {"cat/front": 3, "cat/side": 3, "dog": 6})
    class_folders(data / "archive" / "set" / "val" / "val", {"cat": 2, "dog": 2}, start=100)
    class_folders(data / "__MACOSX" / "set", {"cat": 2}, start=200)
    class_folders(data / "archive" / ".cache", {"cat": 2}, start=300)
    imported = opened(data)
    assert parts_of(imported) == {"train": 12, "validation": 4}
    assert Counter(imported.table["label"].to_pylist()) == {"cat": 8, "dog": 8}


def test_a_test_folder_without_classes_is_left_out(data, class_folders):
    class_folders(data / "train", {"cat": 6, "dog": 6})
    class_folders(data / "test", {".": 5}, start=100)
    imported = opened(data)
    assert parts_of(imported) == {"train": 12}
    assert "5 pictures lie in test without a class folder" in imported.problems[0].said()["text"]
    class_folders(data / "test" / "unknown", {"all": 5}, start=100)
    assert parts_of(opened(data)) == {"train": 12}


def test_train_may_be_a_class(data, class_folders):
    imported = opened(class_folders(data, {"car": 5, "plane": 5, "train": 5}))
    assert imported.labels() == ["car", "plane", "train"]
    assert parts_of(imported) == {"": 15}


def test_bad_pictures_are_listed_and_left_out(data, class_folders, picture):
    class_folders(data, {"cat": 60, "dog": 60})
    whole = picture(data / "cat" / "0.jpg", 999, (300, 200)).read_bytes()
    (data / "cat" / "0.jpg").write_bytes(whole[: len(whole) // 2])
    (data / "cat" / "1.png").write_bytes(b"")
    (data / "dog" / "2.png").write_text("<html>not found</html>")
    (data / "dog" / "3.png").write_bytes((data / "dog" / "3.png").read_bytes()[:200])
    imported = opened(data)
    assert {row.file: str(row).split(": ")[1] for row in imported.bad} == {
        "cat/0.jpg": "It is damaged.",
        "cat/1.png": "The file is empty.",
        "dog/2.png": "It is no picture, or of a format that Attune does not read.",
        "dog/3.png": "It is damaged.",
    }
    assert len(imported.table) == 117


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_decompression_bomb_is_a_bad_picture(data, class_folders):
    class_folders(data, {"cat": 30, "dog": 30})
    Image.new("1", (10_000, 10_000)).save(data / "cat" / "0.png")
    assert [str(row) for row in opened(data).bad] == ["cat/0.png: It has more than 89 million pixels."]


def test_odd_folders_of_pictures_are_explained(data, class_folders, write_csv, reviews):
    class_folders(data / "flat", {".": 5})
    with pytest.raises(BadData, match="5 pictures, but no folder for each class"):
        opened(data / "flat")
    with pytest.raises(BadData, match="One picture"):
        opened(data / "flat" / "0.png")
    class_folders(data / "masks", {"images": 5, "masks": 5})
    with pytest.raises(BadData, match="another task"):
        opened(data / "masks")
    class_folders(data / "only", {"cat": 5})
    with pytest.raises(BadData, match="no folder for each class"):
        opened(data / "only")
    class_folders(data / "mixed", {"cat": 8, "dog": 8, "bird/.": 0})
    (data / "mixed" / "bird").mkdir()
    write_csv(data / "mixed" / "metadata.csv", ["text", "label"], reviews(30))
    mixed = opened(data / "mixed")
    assert mixed.format == "image-folders"
    assert sorted(kinds(mixed)) == ["empty-class", "left-out"]


def test_data_must_suit_the_task_that_is_asked_for(data, class_folders):
    class_folders(data, {"cat": 4, "dog": 4})
    with pytest.raises(WrongUse, match=r"(?s)text-classification needs.*image-classification"):
        open_data(DataOptions(path=str(data)), "text-classification")
    with pytest.raises(WrongUse, match="no task called"):
        open_data(DataOptions(path=str(data)), "juggling")


def test_nothing_on_the_persons_disk_is_changed(data, class_folders, write_csv, reviews):
    class_folders(data / "pictures", {"cat": 4, "dog": 4})
    write_csv(data / "table.csv", ["text", "label"], reviews(30))
    before = {path: path.stat().st_mtime_ns for path in data.rglob("*")}
    split(opened(data / "pictures").table, DataOptions(path="x"))
    opened(data / "table.csv")
    assert {path: path.stat().st_mtime_ns for path in data.rglob("*")} == before


def test_illustrations_beside_a_table(data, write_csv, class_folders, reviews):
    write_csv(data / "train.csv", ["text", "label"], reviews(60))
    class_folders(data / "docs", {"plots": 10, "screens": 10})
    assert opened(data).format == "csv"


def test_pictures_of_other_formats_are_noted(data, class_folders):
    class_folders(data, {"cat": 6, "dog": 6})
    (data / "cat" / "a.heic").write_bytes(b"x")
    assert ".heic" in opened(data).problems[0].said()["text"]


def test_links_to_nothing_and_pipes(data, class_folders, write_csv, reviews):
    class_folders(data / "pictures", {"cat": 30, "dog": 30})
    (data / "pictures" / "cat" / "lost.png").symlink_to(data / "nowhere.png")
    imported = opened(data / "pictures")
    assert [row.file for row in imported.bad] == ["cat/lost.png"]
    write_csv(data / "tables" / "train.csv", ["text", "label"], reviews(30))
    if hasattr(os, "mkfifo"):
        os.mkfifo(data / "tables" / "test.csv")
    (data / "tables" / "again").symlink_to(data / "tables")
    assert len(opened(data / "tables").table) == 30


@pytest.mark.parametrize("given", ["a\0b", "x" * 5000, "~nobody-of-this-name/data", ""])
def test_impossible_paths(given):
    with pytest.raises((BadData, ValidationError)):
        open_data(DataOptions(path=given))
