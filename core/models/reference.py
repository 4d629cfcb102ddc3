"""What a model reference means: a starter, a folder, a torchvision architecture with its weights, or an earlier run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import BadModel, WrongUse
from core.models.network import Network
from core.models.picture import Picture
from core.models.safety import read_json
from core.models.starters import STARTERS, starter_folder
from core.models.torchvision_weights import load_torchvision
from core.models.transformers_folder import load_folder


@dataclass(frozen=True)
class Pretrained:
    """Pretrained weights on this machine.

    Attributes:
        ref: as the person wrote it.
        family: "transformers" or "torchvision".
        path: the Transformers folder or, of torchvision, the weights file.
        architecture: torchvision's name; empty for a Transformers folder, which says it itself.
    """

    ref: str
    family: str
    path: Path
    architecture: str = ""

    @property
    def licence(self) -> str:
        name = self.ref.removeprefix("starter:")
        return STARTERS[name].licence if self.ref.startswith("starter:") and name in STARTERS else "unknown"

    @property
    def weights(self) -> list[Path]:
        """The files that hold the weights."""
        return [self.path] if self.path.is_file() else sorted(self.path.glob("*.safetensors"))


def find(ref: str) -> Pretrained:
    """Find what a reference names. Raises: WrongUse for an unknown form; BadModel where nothing lies there."""
    scheme, _, rest = ref.partition(":")
    if scheme == "starter":
        return Pretrained(ref, "transformers", starter_folder(rest))
    if scheme == "torchvision":
        architecture, at, file = rest.partition("@")
        if not at or not file:
            raise WrongUse("The weights file is missing.", ref, "Write torchvision:resnet18@path/to/weights.pth")
        path = Path(file).expanduser()
        if not path.is_file():
            raise BadModel("There is no such weights file.", str(path))
        return Pretrained(ref, "torchvision", path, architecture)
    folder = Path(ref).expanduser()
    if not folder.is_dir():
        raise BadModel(
            "There is no such model.", ref, "Name a model folder, an earlier run, or one of: {known}.",
            {"known": ", ".join(starter.ref for starter in STARTERS.values())},
        )  # fmt: skip
    if not (folder / "config.json").is_file():
        raise BadModel("This folder holds no model: config.json is missing.", str(folder))
    config = read_json(folder / "config.json")
    if config.get("library_name") == "torchvision":
        return Pretrained(ref, "torchvision", folder / "model.safetensors", str(config.get("architecture", "")))
    return Pretrained(ref, "transformers", folder)


def load_network(
    pretrained: Pretrained, head_class: str, labels: Sequence[str], image_size: int | None = None
) -> Network:
    """Load the weights with a head for these labels, in float32. Raises: BadModel, WrongUse."""
    if pretrained.family == "transformers":
        return load_folder(pretrained.path, head_class, labels, image_size)
    if head_class != "AutoModelForImageClassification":
        raise WrongUse("A torchvision model reads pictures, not texts.", pretrained.ref)
    own = pretrained.path.parent / "config.json"
    saved = read_json(own) if own.exists() else {}
    saved = saved if saved.get("library_name") == "torchvision" else {}
    picture = Picture.from_dict(saved["picture"]) if saved.get("picture") else None
    network = load_torchvision(pretrained.architecture, pretrained.path, labels, picture, saved.get("labels") or ())
    if image_size and network.picture:
        network.picture = network.picture.resized(image_size)
    return network
