"""torchvision's classifiers from a weights file: the architecture is torchvision's, the weights are the person's."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torchvision import models
from transformers.modeling_outputs import ImageClassifierOutput

from core.errors import BadModel, WrongUse
from core.models.network import Network
from core.models.picture import Picture, imagenet_picture

# How each is built, and its parameters with ImageNet's 1,000 classes.
ARCHITECTURES: dict[str, tuple[Callable[..., nn.Module], int]] = {
    "resnet18": (models.resnet18, 11_689_512),
    "resnet50": (models.resnet50, 25_557_032),
}


class TorchvisionClassifier(nn.Module):
    """A torchvision network that answers as Transformers' classifiers do: by name in, an output with logits out."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pixel_values: Tensor) -> ImageClassifierOutput:
        return ImageClassifierOutput(logits=self.network(pixel_values))


def load_torchvision(
    architecture: str, weights: Path, labels: Sequence[str], picture: Picture | None = None, known: Sequence[str] = ()
) -> Network:
    """Build the architecture, fill it from the file, and give it a new last layer unless `known` are these labels.

    Raises: WrongUse for an architecture that is not offered; BadModel where the file is damaged or does not fit.
    """
    if architecture not in ARCHITECTURES:
        raise WrongUse(
            "torchvision's {name} is not offered.", remedy="Offered are: {known}.",
            values={"name": architecture, "known": ", ".join(ARCHITECTURES)},
        )  # fmt: skip
    tensors = read_weights(weights)
    classes = tensors["fc.weight"].shape[0] if "fc.weight" in tensors else 1000
    network: Any = ARCHITECTURES[architecture][0](weights=None, num_classes=classes)
    try:
        network.load_state_dict(tensors)
    except RuntimeError as cause:
        raise BadModel(
            "These weights do not belong to {name}.", str(weights), "{reason}",
            {"name": architecture, "reason": str(cause)[:300]},
        ) from cause  # fmt: skip
    fresh: frozenset[str] = frozenset()
    if list(known) != list(labels):
        network.fc = nn.Linear(network.fc.in_features, len(labels))
        fresh = frozenset({"network.fc.weight", "network.fc.bias"})
    return Network(
        module=TorchvisionClassifier(network.float()),
        family="torchvision",
        architecture=architecture,
        labels=tuple(labels),
        head=("network.fc",),
        fresh=fresh,
        picture=picture or imagenet_picture(),
    )


def read_weights(path: Path) -> dict[str, Tensor]:
    """The tensors of a .safetensors, .pth or .pt file; a pickle may hold nothing but tensors. Raises: BadModel."""
    try:
        if path.suffix == ".safetensors":
            content: Any = load_file(path)
        else:
            content = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as cause:
        raise BadModel("The weights file cannot be read.", str(path)) from cause
    except (SafetensorError, pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError) as cause:
        raise BadModel(
            "The weights file is damaged, or holds more than weights.", str(path), "Save the state_dict alone."
        ) from cause
    if isinstance(content, dict) and isinstance(content.get("state_dict"), dict):
        content = content["state_dict"]
    if not isinstance(content, dict) or not all(isinstance(each, Tensor) for each in content.values()):
        raise BadModel("The weights file does not hold a state_dict.", str(path), "Save the state_dict alone.")
    return {name.removeprefix("module."): tensor for name, tensor in content.items()}
