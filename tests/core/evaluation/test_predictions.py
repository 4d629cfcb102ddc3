"""Predictions come back from the file as they went in."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.evaluation.predictions import labels_of, predictions, read_predictions, write_predictions

LABELS = ["ham", "späm, or so"]
SCORES = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])


def part(split="test", **columns):
    return predictions(split, ["a", "b", "c"], ["h1", "h2", "h3"], np.array([0, 1, 1]), SCORES, LABELS, **columns)


def test_the_columns_are_those_that_were_promised(tmp_path):
    write_predictions(tmp_path / "predictions.parquet", [part("validation"), part("test")])
    table = read_predictions(tmp_path / "predictions.parquet")

    text, score = pa.string(), pa.float32()
    assert [(field.name, field.type) for field in table.schema] == [
        ("split", pa.dictionary(pa.int32(), text)),
        ("input", text),
        ("hash", text),
        ("label", text),
        ("prediction", text),
        ("confidence", score),
        ("correct", pa.bool_()),
        ("scores", pa.list_(score, 2)),
    ]
    assert labels_of(table) == LABELS
    assert table["split"].to_pylist() == ["validation"] * 3 + ["test"] * 3
    assert table.slice(5).to_pylist() == [
        {
            "split": "test",
            "input": "c",
            "hash": "h3",
            "label": LABELS[1],
            "prediction": LABELS[0],
            "confidence": pytest.approx(0.6),
            "correct": False,
            "scores": pytest.approx([0.6, 0.4]),
        }
    ]


def test_a_second_text_stands_beside_the_first(tmp_path):
    write_predictions(tmp_path / "predictions.parquet", [part(text_pairs=["x", "y", "z"])])
    table = read_predictions(tmp_path / "predictions.parquet")
    assert table.column_names[:3] == ["split", "input", "text_pair"]
    assert table["text_pair"].to_pylist() == ["x", "y", "z"]


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "predictions.parquet"
    write_predictions(path, [part()])

    def fill_the_disk(table, aside, **options):
        aside.write_bytes(b"PAR1")
        raise OSError("No space left on device")

    monkeypatch.setattr(pq, "write_table", fill_the_disk)
    with pytest.raises(OSError, match="No space"):
        write_predictions(path, [part("validation")])
    assert [each.name for each in tmp_path.iterdir()] == ["predictions.parquet"]
    assert read_predictions(path)["split"][0].as_py() == "test"


def test_an_empty_part_is_a_table_too(tmp_path):
    nothing = predictions("test", [], [], np.zeros(0, np.int64), np.zeros((0, 2), np.float32), LABELS)
    write_predictions(tmp_path / "predictions.parquet", [part("validation"), nothing])
    assert read_predictions(tmp_path / "predictions.parquet").num_rows == 3
