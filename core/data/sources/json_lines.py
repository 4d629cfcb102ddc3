"""JSON Lines: one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator

from core.data.findings import BadRow
from core.data.sources.json_values import NOT_JSON, Rows, reason_of
from core.data.sources.source import Batch, DataFile, Report, Source
from core.data.sources.text_file import is_damaged, open_text


def batches(file: DataFile, names_before: tuple[str, ...] | None, report: Report) -> Iterator[Batch]:
    """Read one file in batches; lines that are no object are reported and left out, blank lines are nothing."""
    rows = Rows(file, report)
    with open_text(file.path) as stream:
        for number, line in enumerate(stream, start=1):
            if line.isspace():
                continue
            if is_damaged(line):
                report.bad.append(BadRow(file.shown, number, "It holds bytes that are not UTF-8."))
                continue
            try:
                rows.add(number, json.loads(line), len(line))
            except (ValueError, RecursionError) as cause:
                report.bad.append(BadRow(file.shown, number, NOT_JSON, {"reason": reason_of(cause)}))
            if rows.full:
                yield rows.take()
    if len(rows):
        yield rows.take()


SOURCE = Source(format="jsonl", endings=(".jsonl", ".ndjson", ".json"), begins=lambda head: True, batches=batches)
