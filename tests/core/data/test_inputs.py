"""What a person gives to a trained model: texts, files, pictures, folders."""

from __future__ import annotations

import pytest

from core.data.inputs import Input, read_inputs
from core.errors import BadData

ONE = {"text": ["review"], "text_pair": None}
JOINED = {"text": ["title", "body"], "text_pair": None}
PAIR = {"text": ["premise"], "text_pair": "hypothesis"}


def texts(inputs, columns=ONE):
    found, bad = read_inputs(inputs, "text", columns)
    assert not bad
    return [(one.text, one.text_pair) if one.text_pair is not None else one.text for one in found]


def test_texts_themselves():
    found, bad = read_inputs(["I liked it.", "so, so"], "text", ONE)
    assert found == [Input("I liked it.", "I liked it."), Input("so, so", "so, so")]
    assert not bad
    assert texts(["~me and data.csv", "x " * 5000 + ".csv"]) == ["~me and data.csv", "x " * 5000 + ".csv"]


def test_a_pair_is_written_with_bars():
    (one,), _ = read_inputs(["A man sleeps. ||| Nobody is awake."], "text", PAIR)
    assert (one.text, one.text_pair) == ("A man sleeps.", "Nobody is awake.")
    with pytest.raises(BadData, match="two texts"):
        read_inputs(["A man sleeps."], "text", PAIR)
    assert texts(["a ||| b"], ONE) == ["a ||| b"]


def test_a_file_is_read_by_the_columns_of_training(data, write_csv, write_jsonl):
    path = write_csv(data / "a.csv", ["id", "review", "note"], [[1, "good one", "x"], [2, "bad one", "y"]])
    found, _ = read_inputs([str(path)], "text", ONE)
    assert found == [
        Input("good one", "good one", file=str(path), row=2),
        Input("bad one", "bad one", file=str(path), row=3),
    ]
    path = write_jsonl(data / "b.jsonl", [{"body": "long", "title": "short"}, {"body": "only"}])
    assert texts([str(path)], JOINED) == ["short\nlong", "only"]
    path = write_csv(data / "c.tsv", ["premise", "hypothesis"], [["a b", "c d"]], "\t")
    found, _ = read_inputs([str(path)], "text", PAIR)
    assert (found[0].shown, found[0].text, found[0].text_pair) == ("a b ||| c d", "a b", "c d")


def test_other_names_are_understood_if_nothing_else_can_be_meant(data, write_csv, sentence):
    rows = [[number, sentence(number), sentence(number + 50)] for number in range(5)]
    two = write_csv(data / "a.csv", ["id", "s1", "s2"], rows)
    assert texts([str(two)], PAIR)[0] == (rows[0][1], rows[0][2])
    with pytest.raises(BadData, match=r"(?s)needs?.*review|reads: review. It has: id, s1, s2"):
        read_inputs([str(two)], "text", ONE)
    one = write_csv(data / "b.csv", None, [["I liked it a lot"], ["I did not"]])
    assert texts([str(one)]) == ["I liked it a lot", "I did not"]
    named = write_csv(data / "c.csv", ["comment"], [["fine"], ["x1"]])
    assert texts([str(named)]) == ["fine", "x1"]


def test_a_text_file_has_a_text_a_line(data):
    path = data / "a.txt"
    path.write_bytes(b"first one\r\n\r\n  second, one  \n")
    found, _ = read_inputs([str(path)], "text", ONE)
    assert [(one.text, one.row) for one in found] == [("first one", 1), ("  second, one  ", 3)]
    path.write_text("a ||| b\nno second\n")
    found, bad = read_inputs([str(path)], "text", PAIR)
    assert [one.text_pair for one in found] == ["b"]
    assert [row.row for row in bad] == [2]


def test_bad_rows_are_given_back(data, write_csv):
    path = write_csv(data / "a.csv", ["review", "n"], [["good one", 1], ["", 2], ["another one", 3], ["odd"]])
    found, bad = read_inputs([str(path), "typed"], "text", ONE)
    assert [one.text for one in found] == ["good one", "another one", "typed"]
    assert [row.row for row in bad] == [5, 3]
    (data / "b.txt").write_bytes(b"fine\n\xff\xfe\xff\n")
    found, bad = read_inputs([str(data / "b.txt")], "text", ONE)
    assert (len(found), bad[0].row) == (1, 2)


def test_nothing_to_predict_on(data):
    for inputs in ([], ["  "]):
        with pytest.raises(BadData, match="nothing to predict on"):
            read_inputs(inputs, "text", ONE)
    with pytest.raises(BadData, match="nothing at this path"):
        read_inputs(["missing.csv"], "text", ONE)
    (data / "empty.csv").write_text("")
    with pytest.raises(BadData, match="nothing to predict on"):
        read_inputs([str(data / "empty.csv")], "text", ONE)


def test_pictures_and_folders_of_them(data, picture, class_folders):
    single = picture(data / "one.jpg")
    folder = class_folders(data / "more", {"cat": 2, "deep/er": 1})
    (folder / "cat" / "2.png").write_bytes(b"no picture")
    (folder / "notes.txt").write_text("x")
    found, bad = read_inputs([str(folder), str(single)], "image", {})
    assert [one.image for one in found] == [
        str(folder / "cat" / "0.png"),
        str(folder / "cat" / "1.png"),
        str(folder / "deep" / "er" / "0.png"),
        str(single),
    ]
    assert [row.file for row in bad] == [str(folder / "cat" / "2.png")]


def test_what_is_no_picture(data):
    (data / "a.png").write_text("x")
    (data / "empty").mkdir()
    for given, said in (("a.png", "no picture"), ("b.png", "nothing at this path"), ("empty", "no pictures")):
        with pytest.raises(BadData, match=said):
            read_inputs([str(data / given)], "image", {})
