"""Tables as people have them: every delimiter, encoding and oddity, and what becomes of bad rows."""

from __future__ import annotations

import json

import pytest

from core.data.open import open_data
from core.errors import BadData, WrongUse
from core.settings.data import DataOptions


def opened(path, **options):
    return open_data(DataOptions(path=str(path), **options))


def reasons(imported):
    return {(row.file, row.row): str(row).split(": ", 1)[1] for row in imported.bad}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_is_found(data, write_csv, reviews, delimiter):
    rows = [[f"{text}, or; so", label] for text, label in reviews(40)]
    imported = opened(write_csv(data / "a.csv", ["text", "label"], rows, delimiter))
    assert imported.table["text"].to_pylist() == [text for text, _ in rows]
    assert imported.table["label"].to_pylist() == [label for _, label in rows]
    assert imported.format == "csv"
    assert imported.task_id == "text-classification"
    assert not imported.bad
    assert not imported.problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(data, reviews, encoding, line_end):
    lines = ["text,label", *(f"{text} größer,{label}" for text, label in reviews(30))]
    (data / "a.csv").write_bytes(line_end.join(lines).encode(encoding))
    imported = opened(data / "a.csv")
    assert imported.table["text"][0].as_py().endswith("größer")
    assert imported.table["row"].to_pylist() == list(range(2, 32))


def test_a_row_is_named_by_the_line_where_it_starts(data, reviews):
    rows = [f'"{text}\nsecond line, ""quoted""",{label}' for text, label in reviews(30)]
    (data / "a.csv").write_text("text,label\n\n" + "\n".join(rows))
    imported = opened(data / "a.csv")
    assert imported.table["row"].to_pylist() == list(range(3, 63, 2))
    assert imported.table["text"][0].as_py().endswith('second line, "quoted"')


def test_bad_rows_are_listed_and_left_out(data, reviews):
    lines = [f"{text},{label}".encode() for text, label in reviews(200)]
    lines[10] = b"too,many,fields"
    lines[20] = b"too few"
    lines[30] = b"bytes \xff\xfe here,pos"
    lines[40] = b"a NUL \0 byte,pos"
    lines[50] = b"  ,pos"
    lines[60] = b"no label at all,"
    lines[70] = b'"a quote that nothing closes,pos'
    (data / "a.csv").write_bytes(b"text,label\n" + b"\n".join(lines))
    imported = opened(data / "a.csv")
    assert len(imported.table) == 193
    assert {row: reason for (_, row), reason in reasons(imported).items()} == {
        12: "It has 3 fields instead of 2.",
        22: "It has 1 fields instead of 2.",
        32: "The column text holds bytes that are not UTF-8; save the file as UTF-8.",
        42: "The column text holds a NUL byte.",
        52: "The column text is empty.",
        62: "The column label is empty.",
        72: "A quotation mark is never closed, or a field is far too long.",
    }


def test_flaws_in_a_column_that_is_not_used_do_no_harm(data, reviews):
    lines = [f"{number},{text},{label},".encode() + b"J\xfcrgen" for number, (text, label) in enumerate(reviews(30))]
    (data / "a.csv").write_bytes(b"id,text,label,author\n" + b"\n".join(lines))
    assert len(opened(data / "a.csv").table) == 30


def test_bad_json_lines_are_listed_and_left_out(data, reviews):
    lines = [json.dumps({"text": text, "label": label}) for text, label in reviews(300)]
    spoilt = {
        10: '{"text": "cut',
        20: "[1, 2]",
        30: '"only a text"',
        40: '{"label": "pos"}',
        50: '{"text": "a", "label": null}',
        60: '{"text": "a", "label": {"name": "pos"}}',
        70: '{"text": ["a"], "label": "pos"}',
        80: '{"text": "half a pair \\ud800", "label": "pos"}',
        90: "[" * 100_000,
        100: '{"text": "a", "label": ' + "1" * 5000 + "}",
        110: '{"text": "a\\u0000b", "label": "pos"}',
    }
    for row, line in spoilt.items():
        lines[row - 1] = line
    (data / "a.jsonl").write_bytes("\n".join(lines).encode() + b'\n{"text": "\xff", "label": "pos"}\n')
    imported = opened(data / "a.jsonl")
    assert imported.format == "jsonl"
    assert len(imported.table) == 300 - len(spoilt)
    found = {row: reason for (_, row), reason in reasons(imported).items()}
    assert sorted(found) == [*spoilt, 301]
    assert found[20] == found[30] == "It is not a JSON object with named values."
    assert found[40] == "The column text is empty."
    assert found[60] == "The column label holds an object where a text belongs."
    assert found[70] == "The column text holds a list where a text belongs."
    assert found[90] == "It is not valid JSON: it is nested too deep."
    assert found[100] == "It is not valid JSON: a number in it is too long."
    assert found[301] == "It holds bytes that are not UTF-8."


def test_a_json_file_is_one_list_or_one_object_a_line(data, reviews):
    objects = [{"text": text, "label": label} for text, label in reviews(30)]
    (data / "a.json").write_text(json.dumps([*objects[:20], 5, *objects[20:]], indent=1))
    imported = opened(data / "a.json")
    assert imported.format == "json"
    assert len(imported.table) == 30
    assert imported.table["row"].to_pylist()[:2] == [2, 6]
    assert reasons(imported) == {("a.json", 82): "It is not a JSON object with named values."}
    (data / "b.json").write_text("\n".join(map(json.dumps, objects)))
    assert opened(data / "b.json").format == "jsonl"


def test_a_broken_json_list_says_where(data):
    (data / "a.json").write_text('[\n{"text": "a", "label": "b"},\n{"text": oops}]')
    with pytest.raises(BadData, match=r"a\.json, line 3"):
        opened(data / "a.json")


def test_labels_are_texts(data, write_jsonl, sentence):
    values = [True, False, 1, 2.5, " with blanks "]
    objects = [{"text": sentence(number), "label": values[number % 5]} for number in range(50)]
    imported = opened(write_jsonl(data / "a.jsonl", objects))
    assert set(imported.table["label"].to_pylist()) == {"True", "False", "1", "2.5", "with blanks"}


def test_many_bad_rows_stop_unless_allowed(data, write_csv, reviews):
    path = write_csv(data / "a.csv", ["text", "label"], [*reviews(90), *([["", "pos"]] * 10)])
    with pytest.raises(BadData, match=r"(?s)10 of 100 rows.*a.csv, row 92: The column text is empty") as caught:
        opened(path)
    assert "allow_bad" in str(caught.value)
    imported = opened(path, allow_bad=True)
    assert (len(imported.table), len(imported.bad)) == (90, 10)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "file is empty"),
        ("text,label\n", "no row"),
        ("\n\n\n", "no row"),
        ("text,label\n,\n,\n", "No column looks like text"),
        ("a,b\n1,2,3\n4,5,6\n7\n8\n", "No row can be used|No column"),
    ],
)
def test_nothing_usable_is_said_clearly(data, content, said):
    (data / "a.csv").write_text(content)
    with pytest.raises(BadData, match=said):
        opened(data / "a.csv")


def test_paths_without_data(data):
    with pytest.raises(BadData, match="nothing at this path"):
        opened(data / "missing.csv")
    with pytest.raises(BadData, match="empty"):
        opened(data)
    (data / "notes.pdf").write_bytes(b"x")
    with pytest.raises(BadData, match=r"1 \.pdf"):
        opened(data)
    with pytest.raises(BadData, match=r"end with \.pdf"):
        opened(data / "notes.pdf")


def test_one_class_is_no_classification(data, write_csv, reviews):
    with pytest.raises(BadData, match="only one class, pos"):
        opened(write_csv(data / "a.csv", ["text", "label"], reviews(30, ("pos",))))


def test_files_without_a_header(data, write_csv, sentence):
    rows = [[number % 4 + 1, sentence(number), sentence(1000 + number, 20)] for number in range(80)]
    imported = opened(write_csv(data / "train.csv", None, rows))
    assert imported.reads() == {"text": ["column_2", "column_3"], "text_pair": None}
    assert imported.table["text"][0].as_py() == f"{rows[0][1]}\n{rows[0][2]}"
    assert len(imported.table) == 80
    assert [problem.kind for problem in imported.problems] == ["no-header"]


def test_a_headerless_message_collection(data, write_csv, sentence):
    rows = [[("ham", "spam")[number % 7 == 0], sentence(number)] for number in range(80)]
    imported = opened(write_csv(data / "SMSSpamCollection", None, rows, "\t"))
    assert imported.labels() == ["ham", "spam"]
    assert len(imported.table) == 80


def test_quotation_marks_in_a_file_that_never_quotes(data, reviews):
    lines = [
        f'"{text}\t{label}' if number % 9 == 0 else f"{text}\t{label}"
        for number, (text, label) in enumerate(reviews(90))
    ]
    (data / "a.tsv").write_text("sentence\tlabel\n" + "\n".join(lines))
    imported = opened(data / "a.tsv")
    assert len(imported.table) == 90
    assert imported.table["text"][0].as_py().startswith('"')


def test_a_quote_in_the_middle_of_a_field_is_kept_readable(data, reviews):
    lines = [
        f'"{text}" they said,{label}' if number == 9 else f"{text},{label}"
        for number, (text, label) in enumerate(reviews(90))
    ]
    (data / "a.csv").write_text("sentence,label\n" + "\n".join(lines))
    imported = opened(data / "a.csv")
    assert len(imported.table) == 90
    assert imported.table["text"][9].as_py().endswith("they said")


def test_backslash_escapes(data, reviews):
    lines = [f'"they said \\"{text}, really\\"",{label}' for text, label in reviews(60)]
    (data / "a.csv").write_text("text,label\n" + "\n".join(lines))
    imported = opened(data / "a.csv")
    assert len(imported.table) == 60
    assert imported.table["text"][0].as_py().endswith('really"')


def test_a_document_longer_than_the_csv_module_expects(data, write_csv, reviews):
    rows = reviews(30)
    rows[3][0] = "word " * 200_000
    assert len(opened(write_csv(data / "a.csv", ["text", "label"], rows)).table) == 30


def test_what_the_person_names_is_used(data, write_csv, sentence):
    rows = [[sentence(number), sentence(500 + number), "ab"[number % 2], "xyz"[number % 3]] for number in range(60)]
    path = write_csv(data / "a.csv", ["text", "other", "label", "kind"], rows)
    imported = opened(path, text_columns=("other", "text"), label_column="kind")
    assert imported.table["text"][0].as_py() == f"{rows[0][1]}\n{rows[0][0]}"
    assert imported.reads()["text"] == ["other", "text"]
    assert imported.labels() == ["x", "y", "z"]
    paired = opened(path, text_columns=("text",), text_pair_column="other")
    assert paired.table["text_pair"][0].as_py() == rows[0][1]
    with pytest.raises(WrongUse, match=r"(?s)no column called body.*text, other, label, kind"):
        opened(path, text_columns=("body",))
    with pytest.raises(WrongUse, match="two purposes"):
        opened(path, text_columns=("text",), label_column="text")


def test_a_second_import_only_maps(data, write_csv, reviews, home):
    path = write_csv(data / "a.csv", ["text", "label"], [*reviews(60), ["", "pos"]])
    first = opened(path)
    (folder,) = (home / "cache" / "imports").iterdir()
    written = (folder / "data.arrow").stat().st_mtime_ns
    second = opened(path)
    assert (folder / "data.arrow").stat().st_mtime_ns == written
    assert second.table.equals(first.table)
    assert (second.bad, second.columns, second.problems) == (first.bad, first.columns, first.problems)
    write_csv(path, ["text", "label"], reviews(61))
    assert len(opened(path).table) == 61


def test_a_cache_that_was_emptied_by_half_is_made_again(data, write_csv, reviews, home):
    path = write_csv(data / "a.csv", ["text", "label"], reviews(60))
    opened(path)
    (folder,) = (home / "cache" / "imports").iterdir()
    (folder / "data.arrow").unlink()
    assert len(opened(path).table) == 60


def test_equal_texts_have_equal_hashes_however_accents_are_written(data, write_csv, reviews):
    rows = [*reviews(20), ["caf\u00e9", "pos"], ["cafe\u0301", "neg"]]
    hashes = opened(write_csv(data / "a.csv", ["text", "label"], rows)).table["hash"].to_pylist()
    assert hashes[-1] == hashes[-2]
    assert len(set(hashes)) == 21
    assert all(len(one) == 16 for one in hashes)


def test_a_file_of_an_old_windows_program(data, reviews):
    rows = [f"{text} costs \u00a35 \u2013 \u201csch\u00f6n\u201d,{label}" for text, label in reviews(50)]
    (data / "a.csv").write_bytes(("text,label\n" + "\n".join(rows)).encode("cp1252"))
    imported = opened(data / "a.csv")
    assert imported.table["text"][0].as_py().endswith("\u00a35 \u2013 \u201csch\u00f6n\u201d")
    assert [problem.kind for problem in imported.problems] == ["encoding"]
    rows[0] = rows[0].replace("\u00a3", "\u0141")
    (data / "b.csv").write_bytes("\n".join(["text,label", *rows]).encode("cp1252", "replace") + "\nŁódź,pos".encode())
    with pytest.raises(BadData, match="not UTF-8; save the file as UTF-8"):
        opened(data / "b.csv")


def test_as_r_and_pandas_write_tables(data, reviews):
    rows = reviews(40)
    (data / "r.csv").write_text(
        '"text","label"\n' + "".join(f'"{n}","{t}","{label}"\n' for n, (t, label) in enumerate(rows))
    )
    (data / "trailing.csv").write_text("text,label\n" + "".join(f"{t},{label},\n" for t, label in rows))
    (data / "pandas.csv").write_text("0,1\n" + "".join(f"{t},{label}\n" for t, label in rows))
    (data / "twice.csv").write_text(
        "text,label,text\n" + "".join(f"{t},{label},{n}\n" for n, (t, label) in enumerate(rows))
    )
    for name in ("r", "trailing", "pandas", "twice"):
        imported = opened(data / f"{name}.csv")
        assert imported.table["text"].to_pylist() == [text for text, _ in rows], name
        assert imported.labels() == ["neg", "pos"]
        assert not imported.bad


def test_texts_with_delimiters_that_nobody_quoted_are_bad_rows(data, reviews):
    lines = [f"{text}, really,{label}" for text, label in reviews(60)]
    (data / "a.csv").write_text("text,label\n" + "\n".join(lines))
    with pytest.raises(BadData, match="3 fields instead of 2"):
        opened(data / "a.csv")


def test_keys_that_come_later_in_json(data, write_jsonl, reviews):
    objects = [{"text": text, "label": label} for text, label in reviews(60_000)]
    objects[-1]["remark"] = "late"
    objects[-1]["meta"] = {"source": "x"}
    imported = opened(write_jsonl(data / "a.jsonl", objects))
    assert len(imported.table) == 60_000
    assert {column.name: column.role for column in imported.columns}["remark"] == "ignored"


def test_objects_keyed_by_names_are_no_table(data, write_jsonl):
    objects = [{f"key {place} {number}": 1 for number in range(100)} for place in range(20)]
    with pytest.raises(BadData, match="more than 1000 different names"):
        opened(write_jsonl(data / "a.jsonl", objects))


def test_a_header_in_the_middle_is_a_bad_row(data, reviews):
    lines = ["text,label", *(f"{text},{label}" for text, label in reviews(60))]
    (data / "a.csv").write_text("\n".join([*lines, *lines]))
    imported = opened(data / "a.csv")
    assert reasons(imported) == {("a.csv", 62): "It is the header once more."}
    assert imported.labels() == ["neg", "pos"]


def test_names_that_are_also_cells(data, reviews):
    lines = ["Text,Label", *(f"{text},{label}" for text, label in reviews(30)), "text,pos", "label,neg"]
    (data / "a.csv").write_text("\n".join(lines))
    assert len(opened(data / "a.csv").table) == 32


def test_an_ending_that_says_nothing(data, reviews):
    objects = [{"text": text, "label": label} for text, label in reviews(30)]
    (data / "a.txt").write_text("\n".join(map(json.dumps, objects)))
    (data / "b").write_text(json.dumps(objects))
    assert opened(data / "a.txt").format == "jsonl"
    assert opened(data / "b").format == "json"
