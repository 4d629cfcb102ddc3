"""Options of the data: where it lies, what its columns mean, how it is split."""

from __future__ import annotations

from core.options import Options, option


class DataOptions(Options):
    path: str = option(..., "Data", "A file, or a folder of files or of images by class.", min_length=1)
    text_columns: tuple[str, ...] = option(
        (), "Text columns", "The columns to read, joined by a line break. Empty: found by their content."
    )
    text_pair_column: str | None = option(
        None, "Second text", "A second text that belongs to the first, such as a hypothesis or an answer."
    )
    label_column: str | None = option(
        None, "Label column", "The column that holds the class. Empty: found by its content."
    )
    validation_share: float = option(
        0.10,
        "Validation share",
        "How much of the training part is kept to choose the best model, where the data has no validation part.",
        ge=0.01,
        le=0.5,
    )
    test_share: float = option(
        0.15,
        "Test share",
        "How much of the training part is kept to judge the result, where the data has no test part.",
        ge=0.01,
        le=0.5,
    )
    allow_bad: bool = option(
        False,
        "Accept many bad rows",
        "Go on when more than 5 % of the rows or files cannot be used. They are left out all the same.",
        advanced=True,
    )
