"""Options of the training itself: how long, how large a step, how exact."""

from __future__ import annotations

from typing import Literal

from core.options import Options, option


class TrainingOptions(Options):
    epochs: int = option(
        10,
        "Epochs",
        "How often the training data is seen at most; early stopping usually ends sooner.",
        ge=1,
        le=10_000,
    )
    max_steps: int | None = option(
        None,
        "Steps",
        "End after this many optimiser steps instead of after epochs.",
        ge=1,
        le=100_000_000,
        advanced=True,
    )
    max_minutes: float | None = option(
        None, "Time budget", "End after this time instead of after epochs.", unit="min", gt=0, le=100_000, advanced=True
    )
    batch_size: int | None = option(
        None,
        "Batch size",
        "Examples a step learns from, over all devices. Empty: by the amount of data. Memory never changes it.",
        ge=1,
        le=65_536,
    )
    micro_batch_size: int | None = option(
        None,
        "Micro-batch size",
        "Examples computed at once. Lower it when memory runs out; gradients add up to the batch size.",
        ge=1,
        le=65_536,
        advanced=True,
    )
    learning_rate: float | None = option(
        None,
        "Learning rate",
        "How far one step moves the weights. Empty: chosen by task, model size and method. Halve it if the loss jumps.",
        gt=0,
        le=1,
    )
    head_learning_rate: float | None = option(
        None,
        "Rate of the new head",
        "The new last layer starts from nothing and may move faster.",
        gt=0,
        le=1,
        advanced=True,
    )
    schedule: Literal["linear", "cosine", "constant"] = option(
        "linear", "Schedule", "How the learning rate falls towards the end.", advanced=True
    )
    warmup: float = option(
        0.1,
        "Warm-up",
        "Share of the training in which the learning rate climbs to its full value.",
        ge=0,
        le=0.9,
        advanced=True,
    )
    weight_decay: float = option(
        0.01, "Weight decay", "Pulls weights towards zero; raise it against overfitting.", ge=0, le=1, advanced=True
    )
    max_grad_norm: float = option(
        1.0,
        "Gradient clipping",
        "Longer gradients are shortened to this length; 0 turns it off.",
        ge=0,
        le=1e6,
        advanced=True,
    )
    label_smoothing: float = option(
        0.0,
        "Label smoothing",
        "Makes the model less sure of itself; useful when some labels are wrong.",
        ge=0,
        lt=1,
        advanced=True,
    )
    dropout: float | None = option(
        None,
        "Dropout",
        "Share of signals dropped while training, against overfitting. Empty: as the model has it.",
        ge=0,
        lt=1,
        advanced=True,
    )
    balance: Literal["none", "class_weights", "oversample"] = option(
        "none",
        "Rare classes",
        "Weigh rare classes up in the loss, or show their examples more often.",
        advanced=True,
    )
    early_stopping: int = option(
        3,
        "Patience",
        "End when this many evaluations in a row bring nothing better; 0 turns it off. The best model is always kept.",
        ge=0,
        le=10_000,
    )
    precision: Literal["auto", "fp32", "bf16", "fp16"] = option(
        "auto", "Precision", "Numbers used for computing. auto: bf16 where the device is built for it.", advanced=True
    )
    length_bucketing: bool = option(
        True, "Bucket by length", "Batch texts of similar length, so that little is spent on padding.", advanced=True
    )
    deterministic: bool = option(
        False, "Deterministic", "The same weights, bit for bit, on the same machine. Slower on a GPU.", advanced=True
    )
    threads: int | None = option(
        None, "CPU threads", "Empty: one for each physical core.", ge=1, le=1024, advanced=True
    )
