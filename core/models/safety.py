"""What a model folder may say. Nothing in it is executed, and no key of its config makes a library import or fetch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from core.errors import BadModel

MAX_CONFIG_BYTES = 32 * 2**20  # real ones hold label names and quantisation tables; 32 MB is far above all of them
# Keys by which published attacks made a library load code: CVE-2026-4372 (_attn_implementation_internal),
# CVE-2026-5843 (model_file), auto_map and custom_pipeline (remote code), kernels from a hub.
_REFUSED = ("auto_map", "model_file", "custom_pipeline", "custom_pipelines", "trust_remote_code")
_REFUSED_PARTS = ("attn_implementation", "kernel_config", "use_kernels", "hub_kernel")
_CONFIGS = ("config.json", "tokenizer_config.json", "preprocessor_config.json", "adapter_config.json")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object of bounded size. Raises: BadModel."""
    try:
        if path.stat().st_size > MAX_CONFIG_BYTES:
            raise BadModel("This file is too large to be a model's configuration.", str(path))
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as cause:
        raise BadModel("This file cannot be read as JSON.", str(path), "Copy the model folder again.") from cause
    if not isinstance(content, dict):
        raise BadModel("This file does not hold a JSON object.", str(path), "Copy the model folder again.")
    return content


def check_folder(folder: Path) -> list[str]:
    """Refuse a folder whose files ask for code; return the keys that will be dropped.

    Raises: BadModel naming the file and the key.
    """
    dropped = []
    for name in _CONFIGS:
        path = folder / name
        if not path.exists():
            continue
        for key in _all_keys(read_json(path)):
            if key in _REFUSED or any(part in key for part in _REFUSED_PARTS):
                raise BadModel(
                    "This model asks to run or fetch code ({key}), which Attune never does.",
                    str(path),
                    "Use a model whose architecture is part of Transformers, timm or torchvision.",
                    {"key": key},
                )
            if key.startswith("_") and name == "config.json" and key != "_name_or_path":
                dropped.append(key)
    return dropped


def clean_config(config: dict[str, Any]) -> dict[str, Any]:
    """The configuration without private keys, which libraries act on and no model needs."""
    return {key: value for key, value in config.items() if not key.startswith("_")}


def _all_keys(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*map(str, value), *(key for each in value.values() for key in _all_keys(each))]
    if isinstance(value, list):
        return [key for each in value for key in _all_keys(each)]
    return []
