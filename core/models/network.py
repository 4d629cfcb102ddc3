"""A model that is loaded: the module, what it reads, and which of its parts are new."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors.torch import save_file
from torch import nn

from core.models.picture import Picture


@dataclass
class Network:
    """A classifier whose forward takes the batch's tensors by name and returns an output with `logits`.

    Attributes:
        module: the network, in float32.
        family: "transformers" (timm's models among them) or "torchvision".
        architecture: the model type or the torchvision name.
        labels: the classes in the order of the logits.
        head: names of the submodules that answer; everything else is the pretrained backbone.
        fresh: parameters that the pretrained weights did not bring.
        tokenizer: for text; picture: for images.
        max_length: the longest text in tokens the network can read.
    """

    module: nn.Module
    family: str
    architecture: str
    labels: tuple[str, ...]
    head: tuple[str, ...]
    fresh: frozenset[str]
    tokenizer: Any = None
    picture: Picture | None = None
    max_length: int | None = None

    def in_head(self, parameter: str) -> bool:
        return parameter in self.fresh or any(parameter.startswith(f"{part}.") for part in self.head)

    def save(self, folder: Path) -> None:
        """Write the model in its family's standard format."""
        if self.family == "torchvision":
            save_torchvision(self, folder)
        else:
            self.module.save_pretrained(folder)  # type: ignore[operator]
        self.save_reader(folder)

    def save_reader(self, folder: Path) -> None:
        """Write what turns text or pictures into the network's input."""
        if self.tokenizer is not None:
            self.tokenizer.save_pretrained(folder)
        if self.picture is not None and self.family == "transformers" and self.architecture != "timm_wrapper":
            write_processor(self.picture, folder)  # timm keeps its own inside config.json


def save_torchvision(network: Network, folder: Path) -> None:
    """safetensors under torchvision's own names, and a config.json with architecture, labels and preprocessing."""
    tensors = {name: tensor.contiguous() for name, tensor in network.module.network.state_dict().items()}  # type: ignore[union-attr]
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    config = {
        "library_name": "torchvision",
        "architecture": network.architecture,
        "labels": list(network.labels),
        "picture": network.picture.as_dict() if network.picture else None,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2, ensure_ascii=False) + "\n", "utf-8")


def write_processor(picture: Picture, folder: Path) -> None:
    """A preprocessor_config.json by which Transformers prepares pictures exactly as this network saw them."""
    size = (
        {"shortest_edge": picture.resize[1]}
        if picture.resize[0] == "shortest"
        else {"height": picture.resize[1], "width": picture.resize[2]}
    )
    config = {
        "image_processor_type": "CLIPImageProcessor",  # the one that can resize by the shortest side and cut the centre
        "do_convert_rgb": True,
        "do_resize": True,
        "size": size,
        "resample": picture.resample,
        "do_center_crop": True,
        "crop_size": {"height": picture.size[0], "width": picture.size[1]},
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": list(picture.mean),
        "image_std": list(picture.std),
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")
