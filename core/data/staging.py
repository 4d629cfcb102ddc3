"""Raw rows on disk: every cell of every file as text in Arrow files, so that a column can be judged as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from core.data.findings import Problem
from core.data.parts import TRAIN
from core.data.sources import source_of
from core.data.sources.source import Batch, DataFile, Report, Source
from core.data.sources.text_file import WINDOWS, open_text
from core.errors import BadData

# Beside the person's columns; no source gives a name with a NUL.
FILE, ROW = "\0file", "\0row"


@dataclass(frozen=True)
class Staged:
    """The raw rows of all files.

    Attributes:
        format: of the first file.
        table: their columns as strings, null where a file has no such column, and FILE (int32, the place in `files`)
            and ROW (int64, the line where the row starts).
        starts: [files + 1] where each file's rows begin in the table, which has the files in their order.
    """

    format: str
    files: tuple[DataFile, ...]
    table: pa.Table
    starts: np.ndarray

    def names(self) -> list[str]:
        return [name for name in self.table.column_names if name not in (FILE, ROW)]

    def rows_of(self, place: int) -> pa.Table:
        """The raw rows of one file."""
        start, end = self.starts[place : place + 2].tolist()
        return self.table.slice(start, end - start)

    def training_rows(self) -> pa.Table:
        """The raw rows of all files that their names do not give to another part."""
        training = [self.rows_of(place) for place, file in enumerate(self.files) if file.split in ("", TRAIN)]
        return pa.concat_tables([self.table.slice(0, 0), *training])


def stage(files: Sequence[DataFile], folder: Path, report: Report) -> Staged:
    """Read the files into Arrow files in `folder`; memory holds one batch at a time.

    Raises: BadData where a file as a whole cannot be read.
    """
    paths: list[Path] = []
    writer, schema = None, None
    try:
        for record in raw_rows(files, None, report):
            if record.schema != schema:  # an Arrow file has one schema; keys of JSON may appear later
                if writer is not None:
                    writer.close()
                schema = record.schema
                paths.append(folder / f"raw-{len(paths)}.arrow")
                writer = pa.ipc.new_file(paths[-1], schema)
            assert writer is not None
            writer.write_batch(record)
    finally:
        if writer is not None:
            writer.close()
    empty = pa.table({FILE: pa.array([], pa.int32()), ROW: pa.array([], pa.int64())})
    table = pa.concat_tables([empty, *map(read_mapped, paths)], promote_options="default")
    starts = np.searchsorted(table[FILE].to_numpy(), np.arange(len(files) + 1))
    return Staged(_source(files[0]).format, tuple(files), table, starts)


def raw_rows(files: Sequence[DataFile], names: tuple[str, ...] | None, report: Report) -> Iterator[pa.RecordBatch]:
    """Read the files one after the other, as columns of strings with FILE and ROW.

    Args:
        names: columns that the files are known to have, or None; later files are expected to be like the first.
    """
    for place, file in enumerate(files):
        with open_text(file.path) as stream:
            encoding = stream.encoding
        if encoding == WINDOWS:
            report.problems.append(
                Problem(
                    "encoding",
                    "{file} is not UTF-8 and was read as Windows-1252. Should letters look wrong, save it as UTF-8.",
                    where=file.shown,
                    count=1,
                    values={"file": file.shown},
                )
            )
        for batch in _source(file).batches(file, names, report):
            yield _with_place(batch, place)
            names = names or batch.names


def read_mapped(path: Path) -> pa.Table:
    """An Arrow file as a table that lies in a memory map."""
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def _source(file: DataFile) -> Source:
    source = source_of(file.path)
    if source is None:
        raise BadData("Attune cannot read files of this kind.", where=str(file.path))
    return source


def _with_place(batch: Batch, place: int) -> pa.RecordBatch:
    files = pa.array(np.full(len(batch.rows), place, np.int32))
    return pa.RecordBatch.from_arrays(
        [*batch.columns, files, pa.array(batch.rows, pa.int64())], [*batch.names, FILE, ROW]
    )
