"""Text classification: one class for each text or pair of texts."""

from __future__ import annotations

from typing import Literal

from core.options import Options, option
from core.tasks.task import Task


class TextClassificationOptions(Options):
    id: Literal["text-classification"] = "text-classification"
    max_length: int | None = option(
        None,
        "Longest text",
        "Longer texts are cut off here. Empty: what the data needs, at most 256 or what the model can read.",
        unit="tokens",
        ge=8,
        le=131_072,
    )


TASK = Task(
    id="text-classification",
    title="Text classification",
    sentence="One class for each text: sentiment, topic, intent, spam.",
    columns=("text", "label"),
    options=TextClassificationOptions,
    head="AutoModelForSequenceClassification",
    work="core.tasks.text_classification.work:TextClassification",
    metrics=("accuracy", "balanced_accuracy", "macro_precision", "macro_recall", "macro_f1"),
    best="accuracy",
    best_when_unequal="macro_f1",
    exports=("transformers", "adapter", "onnx"),
)
