"""Options of the method: which weights move, and how."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.options import Options, option


class WholeModel(Options):
    """Every weight learns: the best result where memory and data allow it."""

    id: Literal["whole"] = "whole"


class HeadOnly(Options):
    """Only the new last layer learns: quickest, safest with very little data, and nothing is forgotten."""

    id: Literal["head"] = "head"


class Lora(Options):
    """Small matrices beside the frozen weights learn (Hu et al., LoRA, ICLR 2022): little memory, small files."""

    id: Literal["lora"] = "lora"
    rank: int = option(
        16, "Rank", "Size of the small matrices. Raise it when the model cannot fit the training data.", ge=1, le=1024
    )
    alpha: float = option(
        32.0, "Alpha", "The adapter's strength; it counts as alpha divided by rank.", gt=0, le=4096, advanced=True
    )
    dropout: float = option(
        0.05, "Adapter dropout", "Share of the adapter's inputs dropped while training.", ge=0, lt=1, advanced=True
    )
    target_modules: tuple[str, ...] = option(
        (),
        "Target layers",
        "Names of the layers that get an adapter. Empty: those that suit the architecture.",
        advanced=True,
    )


Method = Annotated[WholeModel | HeadOnly | Lora, Field(discriminator="id")]
METHODS: dict[str, type[Options]] = {"whole": WholeModel, "head": HeadOnly, "lora": Lora}
