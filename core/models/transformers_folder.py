"""Loading a Transformers folder: a new head where the classes are new, safetensors only, nothing executed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors import SafetensorError
from torch import nn
from transformers import AutoTokenizer
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

from core.errors import BadModel
from core.models.network import Network
from core.models.picture import Picture, imagenet_picture, picture_of_processor, picture_of_timm
from core.models.safety import check_folder, clean_config, read_json

# Arguments of timm.create_model that read other files or fetch them.
_TIMM_REFUSED = ("pretrained", "checkpoint_path", "pretrained_cfg", "pretrained_cfg_overlay", "cache_dir")


def load_folder(folder: Path, head_class: str, labels: Sequence[str], image_size: int | None = None) -> Network:
    """Load a folder with the head that `head_class` (an Auto class) brings for these labels.

    A head that already answers with exactly these labels is kept; any other is new, drawn from torch's random state.

    Raises: BadModel where the folder is incomplete, damaged, unsafe, or its architecture has no such head.
    """
    check_folder(folder)
    if not list(folder.glob("*.safetensors")):
        raise BadModel(
            "This model has no safetensors weights.",
            str(folder),
            "Files such as pytorch_model.bin can run code when they are opened; save the model as safetensors.",
        )
    config, known = _config(folder, labels)
    reads_pictures = head_class == "AutoModelForImageClassification"
    picture = _picture(folder, config, image_size) if reads_pictures else None
    module, fresh = _load(folder, head_class, config)  # the module keeps a copy of the configuration
    head = _head_of(module)
    if known != list(labels):
        fresh |= _start_anew(module, head, fresh)
    network = Network(
        module=module.float(),
        family="transformers",
        architecture=config.model_type,
        labels=tuple(labels),
        head=head,
        fresh=frozenset(fresh),
        picture=picture,
    )
    if not reads_pictures:
        network.tokenizer = load_tokenizer(folder)
        network.max_length = _max_length(config, network.tokenizer)
        if network.tokenizer.pad_token is None:  # GPT-2 and its like were trained without padding
            network.tokenizer.pad_token = network.tokenizer.eos_token
        network.module.config.pad_token_id = network.tokenizer.pad_token_id  # type: ignore[union-attr]
    return network


def _config(folder: Path, labels: Sequence[str]) -> tuple[Any, list[str]]:
    """The configuration for these labels, and the labels the folder's own head answers with."""
    values = clean_config(read_json(folder / "config.json"))
    model_type = values.pop("model_type", None)
    if model_type not in CONFIG_MAPPING:
        raise BadModel(
            "Transformers {version} does not know this architecture: {name}.",
            str(folder / "config.json"),
            values={"version": transformers.__version__, "name": str(model_type)},
        )
    known = [str(name) for name in (values.get("id2label") or {}).values()] or list(values.get("label_names") or [])
    if model_type == "timm_wrapper":
        _check_timm(values, folder)
    names = dict(enumerate(labels))
    try:
        # num_labels tells timm's wrapper that the classes are ours; elsewhere it follows from id2label.
        extra = {"num_labels": len(labels)} if model_type == "timm_wrapper" else {}
        config = CONFIG_MAPPING[model_type].from_dict(
            values, id2label=names, label2id={name: number for number, name in names.items()}, **extra
        )
    except (TypeError, ValueError, KeyError) as cause:
        raise BadModel(
            "The model's configuration does not fit its architecture.", str(folder), str(cause)[:300]
        ) from cause
    if model_type == "timm_wrapper":
        config.label_names = list(labels)  # it is what the wrapper writes and reads back instead of id2label
    config.problem_type = "single_label_classification"
    return config, known


def _check_timm(values: dict[str, Any], folder: Path) -> None:
    import timm  # a second of start-up that only timm's models pay

    name = str(values.get("architecture", ""))
    if not timm.is_model(name.split(".")[0]) or ":" in name or "/" in name:
        raise BadModel("timm does not know this architecture: {name}.", str(folder), values={"name": name})
    for key in values.get("model_args") or {}:
        if key in _TIMM_REFUSED:
            raise BadModel("This model asks timm to read other files ({key}).", str(folder), values={"key": key})


def _load(folder: Path, head_class: str, config: Any) -> tuple[nn.Module, set[str]]:
    try:
        module, report = getattr(transformers, head_class).from_pretrained(
            folder,
            config=config,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            ignore_mismatched_sizes=True,
            output_loading_info=True,
            dtype=torch.float32,
        )
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError, ImportError) as cause:
        raise BadModel(
            "This model cannot be loaded as a classifier.", str(folder), "{reason}", {"reason": str(cause)[:400]}
        ) from cause
    fresh = set(report["missing_keys"]) | {name for name, *_ in report["mismatched_keys"]}
    parameters = dict(module.named_parameters())
    brought = sum(tensor.numel() for name, tensor in parameters.items() if name not in fresh)
    if brought * 2 < sum(tensor.numel() for tensor in parameters.values()):
        raise BadModel("The weights in this folder do not belong to its configuration.", str(folder))
    return module, fresh


def _head_of(module: nn.Module) -> tuple[str, ...]:
    prefix = module.base_model_prefix
    timm_model: Any = getattr(module, "timm_model", None)
    if timm_model is not None:
        names = timm_model.pretrained_cfg.get("classifier") or ()
        return tuple(f"timm_model.{name}" for name in ([names] if isinstance(names, str) else names))
    return tuple(name for name, child in module.named_children() if name != prefix and list(child.parameters()))


def _start_anew(module: nn.Module, head: tuple[str, ...], fresh: set[str]) -> set[str]:
    """Forget a head that was trained for other classes, though it happens to have the right size."""
    renewed = set()
    for part in head:
        for name, layer in module.get_submodule(part).named_modules(prefix=part):
            stale = [f"{name}.{each}" for each, _ in layer.named_parameters(recurse=False)]
            if stale and not fresh.intersection(stale) and isinstance(layer, nn.Linear):
                layer.reset_parameters()
                renewed.update(stale)
    return renewed


def _picture(folder: Path, config: Any, image_size: int | None) -> Picture:
    path = folder / "preprocessor_config.json"
    if hasattr(config, "pretrained_cfg"):
        picture = picture_of_timm(config.pretrained_cfg)
    else:
        picture = picture_of_processor(read_json(path), str(path)) if path.exists() else imagenet_picture()
    if image_size is None or image_size == picture.size[0]:
        return picture
    if getattr(config, "image_size", None) is not None:
        raise BadModel(
            "This architecture reads pictures of {size} pixels only.", str(folder), "Leave task.image_size empty.",
            {"size": picture.size[0]},
        )  # fmt: skip
    if hasattr(config, "pretrained_cfg"):
        config.pretrained_cfg = {**config.pretrained_cfg, "input_size": [3, image_size, image_size]}
        return picture_of_timm(config.pretrained_cfg)
    return picture.resized(image_size)


def load_tokenizer(folder: Path) -> Any:
    try:
        return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as cause:  # tokenizers raises bare Exception for a damaged file
        raise BadModel(
            "The model's tokenizer cannot be read.", str(folder), "Copy the model folder again, with tokenizer.json."
        ) from cause


def _max_length(config: Any, tokenizer: Any) -> int:
    limits = [int(tokenizer.model_max_length)] if tokenizer.model_max_length < 10**6 else []
    positions = getattr(config, "max_position_embeddings", None) or getattr(config, "n_positions", None)
    if isinstance(positions, int) and positions > 0:
        # RoBERTa and its kin count positions from behind the padding token: 514 positions read 512 tokens.
        kin = any(name in config.model_type for name in ("roberta", "camembert", "mpnet", "longformer", "esm"))
        limits.append(positions - (config.pad_token_id or 0) - 1 if kin else positions)
    return min(limits, default=512)
