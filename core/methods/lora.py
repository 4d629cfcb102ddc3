"""LoRA: small matrices beside frozen weights (Hu et al., LoRA, ICLR 2022), by peft."""

from __future__ import annotations

import re

from peft import LoraConfig, get_peft_model
from torch import nn

from core.errors import WrongUse
from core.models.network import Network
from core.settings.method import Lora

# The linear layers of each architecture's blocks, by the last part of their names. Adapting all of them, not only the
# attention's query and value, is what reaches the whole model's quality (Dettmers et al., QLoRA, 2023, figure 2).
TARGETS: dict[str, tuple[str, ...]] = {
    "bert": ("query", "key", "value", "dense"),
    "roberta": ("query", "key", "value", "dense"),
    "xlm-roberta": ("query", "key", "value", "dense"),
    "camembert": ("query", "key", "value", "dense"),
    "electra": ("query", "key", "value", "dense"),
    "distilbert": ("q_lin", "k_lin", "v_lin", "out_lin", "lin1", "lin2"),
    "deberta-v2": ("query_proj", "key_proj", "value_proj", "dense"),
    "modernbert": ("Wqkv", "Wo", "Wi"),
    "gpt2": ("c_attn", "c_proj", "c_fc"),
    "vit": ("query", "key", "value", "dense"),
    "dinov2": ("query", "key", "value", "dense", "fc1", "fc2"),
    "swin": ("query", "key", "value", "dense"),
}


def add_lora(network: Network, method: Lora) -> None:
    """Wrap the network's module; the head stays whole and is saved with the adapter.

    Raises: WrongUse where named target layers do not exist.
    """
    targets = target_layers(network, method.target_modules)
    config = LoraConfig(
        r=method.rank,
        lora_alpha=method.alpha,
        lora_dropout=method.dropout,
        target_modules=targets,
        modules_to_save=list(network.head) or None,
    )
    network.module = get_peft_model(network.module, config)


def target_layers(network: Network, named: tuple[str, ...] = ()) -> list[str]:
    """Full names of the layers that get an adapter: those named, else those of the architecture, else every layer
    that can have one (linear, and convolutions with one group: peft cannot adapt grouped ones)."""
    wanted = named or TARGETS.get(network.architecture, ())
    able = {
        name: module
        for name, module in network.module.named_modules()
        if _adaptable(module) and not any(f"{name}.".startswith(f"{part}.") for part in network.head)
    }
    found = [name for name in able if not wanted or any(re.search(rf"(^|\.){re.escape(end)}$", name) for end in wanted)]
    if not found and named:
        raise WrongUse(
            "This model has no layers of these names that LoRA can adapt.", ", ".join(named),
            "Leave method.target_modules empty, or use for example: {known}.",
            {"known": ", ".join(sorted({name.split(".")[-1] for name in able})[:12])},
        )  # fmt: skip
    return found or list(able)


def _adaptable(module: nn.Module) -> bool:
    if isinstance(module, nn.Conv2d):
        return module.groups == 1
    return isinstance(module, nn.Linear) or type(module).__name__ == "Conv1D"  # GPT-2's transposed linear layer
