"""Whatever bytes a file holds, a person meets an AttuneError or their data, never a traceback."""

from __future__ import annotations

import csv
import json
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.decoding import check
from core.data.inspect import inspect
from core.data.open import open_data
from core.errors import AttuneError
from core.settings.data import DataOptions

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
SEED_CSV = b'text,label\n"a, b",x\nc d,y\n' * 3
SEED_JSON = b'{"text": "a b", "label": "x"}\n{"text": "c d", "label": 1}\n' * 3


@pytest.fixture(scope="module", autouse=True)
def one_home(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTUNE_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture
def home():
    """The module's home serves all examples."""


def inspected(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        with suppress(AttuneError):
            json.dumps(inspect(DataOptions(path=str(path), allow_bad=True)))


def spoilt(seed: bytes):
    """The seed with some bytes replaced or put in."""
    edits = st.lists(st.tuples(st.integers(0, len(seed)), st.integers(0, 2), st.binary(max_size=4)), max_size=6)

    def apply(changes):
        content = seed
        for place, length, put in changes:
            content = content[:place] + put + content[place + length :]
        return content

    return edits.map(apply)


delimited = st.text(st.sampled_from('ab1,;\t|"\\\n\r \0é'), max_size=60).map(str.encode)
pieces = [
    "{",
    "}",
    "[",
    "]",
    '"text"',
    '"label"',
    ":",
    ",",
    "1",
    "null",
    "NaN",
    "1e999",
    "\n",
    '"\\ud800"',
    '"\\u0000"',
    "-",
]
jsonish = st.lists(st.sampled_from(pieces), max_size=30).map(lambda parts: "".join(parts).encode())


@given(st.one_of(st.binary(max_size=80), delimited, spoilt(SEED_CSV)), st.sampled_from(["a.csv", "a.tsv", "a.txt"]))
@settings(max_examples=150, deadline=None)
def test_any_bytes_as_a_table(content, name):
    inspected(name, content)


@given(st.one_of(st.binary(max_size=80), jsonish, spoilt(SEED_JSON)), st.sampled_from(["a.jsonl", "a.json", "data"]))
@settings(max_examples=150, deadline=None)
def test_any_bytes_as_json(content, name):
    inspected(name, content)


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"BM", b"II*\0", b"RIFF"]),
)
@settings(max_examples=150, deadline=None)
def test_any_bytes_as_a_picture(content, magic):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.png"
        path.write_bytes(magic + content)
        with suppress(AttuneError):
            check(path)


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20).filter(str.strip)
rows = st.lists(st.tuples(cells, st.sampled_from(["pos", "neg"])), min_size=4, max_size=20)


@given(rows, st.booleans())
@settings(max_examples=80, deadline=None)
def test_well_formed_tables_come_back_as_they_were(rows, as_json):
    rows = [*rows, ("x", "pos"), ("y", "neg")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("a.jsonl" if as_json else "a.csv")
        with open(path, "w", newline="", encoding="utf-8") as file:
            if as_json:
                file.writelines(json.dumps({"text": text, "label": label}) + "\n" for text, label in rows)
            else:
                csv.writer(file).writerows([("text", "label"), *rows])
        imported = open_data(DataOptions(path=str(path), text_columns=("text",), label_column="label"))
    assert not imported.bad
    table = imported.table.select(["text", "label"]).to_pylist()
    assert [(row["text"], row["label"]) for row in table] == rows
