"""Image classification: one class for each picture."""

from __future__ import annotations

from typing import Literal

from core.options import Options, option
from core.tasks.task import Task


class ImageClassificationOptions(Options):
    id: Literal["image-classification"] = "image-classification"
    image_size: int | None = option(
        None,
        "Image size",
        "Pictures are brought to this many pixels a side. Empty: what the model was trained on.",
        unit="px",
        ge=32,
        le=2048,
    )
    augmentation: Literal["none", "light", "standard"] = option(
        "standard", "Augmentation", "Vary the training pictures (section, brightness), so that less is learnt by heart."
    )
    flip: bool = option(
        True, "Mirror pictures", "Also show pictures mirrored. Turn it off where left and right matter, as in writing."
    )


TASK = Task(
    id="image-classification",
    title="Image classification",
    sentence="One class for each picture: species, products, defects, findings.",
    columns=("image", "label"),
    options=ImageClassificationOptions,
    head="AutoModelForImageClassification",
    work="core.tasks.image_classification.work:ImageClassification",
    metrics=("accuracy", "balanced_accuracy", "macro_precision", "macro_recall", "macro_f1"),
    best="accuracy",
    best_when_unequal="macro_f1",
    exports=("transformers", "adapter", "onnx"),
)
