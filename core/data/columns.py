"""What each column of a table means, and why Attune thinks so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from core.data.findings import Column, Problem
from core.data.label_column import check_label, close_labels, find_label
from core.data.names import label_evidence, text_evidence
from core.data.parts import TRAIN, part_of_value
from core.data.profile import Profile, profile
from core.data.text_columns import Texts, close_texts, find_texts, is_text
from core.errors import BadData, WrongUse
from core.settings.data import DataOptions


@dataclass(frozen=True)
class Meaning:
    """The columns that standard columns are made from, what is said of every column, and what is not quite clear.

    `columns` begins with those that are used, texts in the order in which they are joined.
    """

    texts: Texts
    label: str
    split: str | None
    columns: tuple[Column, ...]
    problems: tuple[Problem, ...]


def find_meaning(table: pa.Table, names: Sequence[str], options: DataOptions) -> Meaning:
    """Decide by content, with names as evidence; what the person named is never overruled.

    Args:
        table: raw cells of the training part, all columns strings.
        names: the columns that count.
    Raises:
        WrongUse where the person names a column that does not exist.
        BadData where no column can be the text or the class, or the class is of a kind that is not offered.
    """
    _check_names(names, options)
    profiles = {name: profile(name, table) for name in names}
    split = _split_column(table, profiles)
    texts = _texts(profiles, options, {options.label_column, split})
    label, problems = _label(profiles, table, options, {*texts.joined, texts.pair, split})
    check_label(profiles[label])
    if not options.text_columns:
        rivals = [one for one in profiles.values() if one.name not in (label, split)]
        problems = [*filter(None, [close_texts(rivals, texts)]), *problems]
    used = [name for name in (*texts.joined, texts.pair, label, split) if name is not None]
    in_use_first = [*used, *(name for name in names if name not in used)]
    columns = tuple(_column(profiles[name], texts, label, split, options) for name in in_use_first)
    return Meaning(texts, label, split, columns, tuple(problems))


def _check_names(names: Sequence[str], options: DataOptions) -> None:
    named = [*options.text_columns, options.text_pair_column, options.label_column]
    for name in named:
        if name is not None and name not in names:
            raise WrongUse(
                "There is no column called {name}.",
                where=options.path,
                remedy="The columns are: {known}.",
                values={"name": name, "known": ", ".join(names)},
            )
    twice = [name for name in named if name is not None and named.count(name) > 1]
    if twice:
        raise WrongUse(
            "The column {name} is named for two purposes.",
            remedy="Name a column once: as text, as second text or as label.",
            values={"name": twice[0]},
        )


def _split_column(table: pa.Table, profiles: dict[str, Profile]) -> str | None:
    """A column whose every value names a part, training among them."""
    for name, one in profiles.items():
        if 1 < one.distinct <= 5 and not one.mostly_empty:
            values = [value for value in pc.unique(table[name]).to_pylist() if value is not None and value.strip()]
            found = {part_of_value(value) for value in values}
            if TRAIN in found and None not in found:
                return name
    return None


def _texts(profiles: dict[str, Profile], options: DataOptions, taken: set[str | None]) -> Texts:
    if options.text_columns:
        return Texts(options.text_columns, options.text_pair_column)
    free = [one for one in profiles.values() if one.name not in taken | {options.text_pair_column}]
    texts = find_texts(free)
    if texts is None:
        raise BadData(
            "No column looks like text. The columns are: {columns}.",
            where=options.path,
            remedy="Name the text with data.text_columns.",
            values={"columns": ", ".join(profiles)},
        )
    return Texts(texts.joined, options.text_pair_column) if options.text_pair_column else texts


def _label(
    profiles: dict[str, Profile], table: pa.Table, options: DataOptions, taken: set[str | None]
) -> tuple[str, list[Problem]]:
    if options.label_column:
        return options.label_column, []
    free = [one for one in profiles.values() if one.name not in taken]
    label = find_label(free, table)
    if label is None:
        raise BadData(
            "No column looks like a class: a few values that occur again and again. The columns are: {columns}.",
            where=options.path,
            remedy="Name the class with data.label_column.",
            values={"columns": ", ".join(profiles)},
        )
    close = close_labels(free, label, table)
    return label, [close] if close else []


def _column(one: Profile, texts: Texts, label: str, split: str | None, options: DataOptions) -> Column:
    if one.name in texts.joined:
        named = bool(options.text_columns)
        return Column(one.name, "text", _why_text(one, named, len(texts.joined)), _values(one))
    if one.name == texts.pair:
        named = options.text_pair_column is not None
        why = "Named by you." if named else "It belongs to {first} by its name, and holds texts too."
        return Column(one.name, "text_pair", why, {} if named else {"first": texts.joined[0]})
    if one.name == label:
        return Column(one.name, "label", _why_label(one, options.label_column is not None), _values(one))
    if one.name == split:
        return Column(one.name, "split", "Every value names a part of the data, such as train or test.")
    return Column(one.name, "ignored", _why_ignored(one), _values(one))


def _values(one: Profile) -> dict[str, object]:
    return {"words": round(one.words, 1), "distinct": one.distinct, "filled": one.filled, "rows": one.rows}


def _why_text(one: Profile, named: bool, joined: int) -> str:
    if named:
        return "Named by you."
    why = "Its cells have {words} words on average; about {distinct} of {filled} are different"
    why += ", and it is named like a text" if text_evidence(one.name) > 0 else ""
    return why + (". It is joined with the other text columns by a line break." if joined > 1 else ".")


def _why_label(one: Profile, named: bool) -> str:
    if named:
        return "Named by you."
    why = "It has {distinct} different values in {filled} rows"
    return why + (", and it is named like a class." if label_evidence(one.name) >= 2 else ".")


def _why_ignored(one: Profile) -> str:
    reasons = (
        (one.filled == 0, "It is empty."),
        (one.mostly_empty, "It is mostly empty: {filled} of {rows} cells are filled."),
        (one.lists >= 0.5, "It holds lists."),
        (one.objects >= 0.5, "It holds objects."),
        (one.dates >= 0.5, "It holds dates or times."),
        (one.addresses >= 0.5, "It holds links, addresses or file names."),
        (one.distinct == 1, "It has the same value everywhere."),
        (one.numbers >= 0.5 and one.variety > 0.9, "It holds a different number in each row, like a count or an id."),
        (one.numbers >= 0.5, "It holds numbers."),
        (one.codes >= 0.8 and one.variety > 0.5, "Its values look like identifiers."),
        (is_text(one), "It holds text, but another column fits better."),
    )
    return next(
        (why for holds, why in reasons if holds), "It has {distinct} different values; other columns fit better."
    )
