"""Texts and pictures without classes, to predict on: typed in, or from files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Literal

import pyarrow as pa

from core.data.findings import BadRow
from core.data.pictures import check_or_reason
from core.data.profile import profile
from core.data.sources import endings
from core.data.sources.class_folders import pictures_in
from core.data.sources.source import DataFile, Report
from core.data.sources.text_file import is_damaged, open_text
from core.data.staging import FILE, ROW, raw_rows
from core.data.standard import read_texts, sort_out
from core.data.text_columns import Texts, is_text
from core.data.walk import located, read_folder
from core.errors import BadData

PAIR_MARK = "|||"


@dataclass(frozen=True)
class Input:
    """One example to predict on.

    Attributes:
        shown: how to show it: the text itself (both of a pair), or the picture's path.
        text, text_pair: for texts.
        image: path of a picture.
        file, row: where it stands, if it came from a file.
    """

    shown: str
    text: str | None = None
    text_pair: str | None = None
    image: str | None = None
    file: str = ""
    row: int = 0


def read_inputs(
    inputs: Sequence[str], kind: Literal["text", "image"], columns: Mapping[str, Any]
) -> tuple[list[Input], list[BadRow]]:
    """Read what a person gives to a trained model.

    Args:
        inputs: for texts, each the path of a .csv, .tsv, .jsonl or .json file, of a .txt file with a text a line, or
            the text itself; "first ||| second" where the model reads pairs. For pictures, paths of files, or of folders
            that are searched to their depth.
        kind: what the model reads.
        columns: as `Imported.reads()` gave them in training: {"text": [names], "text_pair": name or None}.
    Returns: the usable inputs in order, and the rows or pictures that are left out.
    Raises: BadData where a path does not exist, a file has not the columns, or nothing is usable.
    """
    report = Report()
    if kind == "image":
        found = [image for given in inputs for image in _pictures(given, report)]
    else:
        texts = Texts(tuple(columns.get("text") or ("text",)), columns.get("text_pair"))
        found = [text for given in inputs for text in _texts(given, texts, report)]
    if not found:
        first = "".join(f"\n{row}" for row in report.bad[:5])
        raise BadData("There is nothing to predict on.{first}", values={"first": first})
    return found, report.bad


def _texts(given: str, texts: Texts, report: Report) -> Iterator[Input]:
    path = _file_named(given)
    if path is None:
        yield from _text(given, texts, "", 0, report)
    elif path.suffix.lower() == ".txt":
        with open_text(path) as stream:
            for number, line in enumerate(stream, start=1):
                if not line.isspace():
                    yield from _text(line.rstrip("\r\n"), texts, str(path), number, report)
    else:
        yield from _rows(path, texts, report)


def _file_named(given: str) -> Path | None:
    """The file a text names, if it names one.

    Raises: BadData where it looks like a file's name and there is none: nobody wants the name itself classified.
    """
    if PurePath(given).suffix.lower() not in endings() | {".txt"}:
        return None
    try:
        path = located(given)
    except BadData:
        if len(given.split()) == 1:
            raise
        return None
    return path if path.is_file() else None


def _text(given: str, texts: Texts, file: str, row: int, report: Report) -> Iterator[Input]:
    """One text, or two with PAIR_MARK between them."""
    sides = [side.strip() for side in given.split(PAIR_MARK, 1)] if texts.pair is not None else [given]
    if "\0" in given or is_damaged(given):
        report.bad.append(BadRow(file, row, "It holds bytes that are not text."))
    elif not all(side.strip() for side in sides):
        report.bad.append(BadRow(file, row, "The text is empty."))
    elif texts.pair is not None and len(sides) == 1:
        if not file:
            raise BadData(
                "This model reads two texts at once.",
                where=given[:80],
                remedy='Put "|||" between them: first text ||| second text.',
            )
        report.bad.append(BadRow(file, row, "The second text is missing: {mark} stands nowhere.", {"mark": PAIR_MARK}))
    else:
        yield Input(given, sides[0], sides[1] if texts.pair is not None else None, file=file, row=row)


def _rows(path: Path, texts: Texts, report: Report) -> Iterator[Input]:
    file = DataFile(path, str(path))
    expected = (*texts.joined, *([texts.pair] if texts.pair is not None else []))
    batches = [pa.Table.from_batches([batch]) for batch in raw_rows([file], expected, report)]
    if not batches:
        return
    table = pa.concat_tables(batches, promote_options="default")
    texts = _columns_in(table, texts, path)
    for batch in table.to_batches():
        standard, reasons = read_texts(batch, texts)
        usable, bad = sort_out(batch, reasons, (file,))
        report.bad += bad
        sides = [column.filter(usable).to_pylist() for column in standard.values()]
        for row, *both in zip(batch.column(ROW).filter(usable).to_pylist(), *sides, strict=True):
            shown = f" {PAIR_MARK} ".join(both)
            yield Input(shown, both[0], both[1] if len(both) == 2 else None, file=str(path), row=row)


def _columns_in(table: pa.Table, texts: Texts, path: Path) -> Texts:
    """The columns of training, or as many columns of text as training had, if the file has exactly those."""
    names = [name for name in table.column_names if name not in (FILE, ROW)]
    needed = [*texts.joined, *([texts.pair] if texts.pair is not None else [])]
    if set(needed) <= set(names):
        return texts
    readable = [name for name in names if is_text(profile(name, table))]
    found = next((some for some in (readable, names) if len(some) == len(needed)), None)
    if found is None:
        raise BadData(
            "This file has not the columns that the model reads: {needed}. It has: {names}.",
            where=str(path),
            remedy="Name the columns as in the training data.",
            values={"needed": ", ".join(needed), "names": ", ".join(names)},
        )
    return Texts(tuple(found[: len(texts.joined)]), found[-1] if texts.pair is not None else None)


def _pictures(given: str, report: Report) -> Iterator[Input]:
    path = located(given)
    if not path.is_dir():
        if isinstance(reason := check_or_reason(path), BadData):
            raise reason
        yield Input(str(path), image=str(path), file=str(path))
        return
    pictures = pictures_in(read_folder(path))
    if not pictures:
        raise BadData("This folder holds no pictures.", where=given)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for picture, result in zip(pictures, threads.map(check_or_reason, pictures), strict=True):
            if isinstance(result, BadData):
                report.bad.append(BadRow(str(picture), 0, result.what, result.values))
            else:
                yield Input(str(picture), image=str(picture), file=str(picture))
