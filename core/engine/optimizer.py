"""AdamW with the right parameters in the right groups, and how the learning rate moves over the training."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.optim import AdamW, Optimizer

from core.engine.defaults import Rates
from core.models.network import Network
from core.settings.training import TrainingOptions


def make_optimizer(network: Network, rates: Rates, weight_decay: float) -> AdamW:
    """AdamW (Loshchilov & Hutter, 2019) over the trainable parameters; norms and biases do not decay."""
    whole = {parameter for name, parameter in _trainable(network.module) if _decays(name, parameter, network.module)}
    groups = []
    for in_head in (False, True):
        for decays in (True, False):
            parameters = [
                parameter
                for name, parameter in _trainable(network.module)
                if network.in_head(_plain(name)) == in_head and (parameter in whole) == decays
            ]
            if parameters:
                rate = rates.head if in_head else rates.base
                decay = weight_decay if decays else 0.0
                groups.append({"params": parameters, "lr": rate, "base_lr": rate, "weight_decay": decay})
    kinds = {parameter.device.type for parameter in whole}
    return AdamW(groups, lr=rates.base, fused=bool(kinds) and kinds <= {"cpu", "cuda"})


def _trainable(module: nn.Module) -> list[tuple[str, nn.Parameter]]:
    return [(name, parameter) for name, parameter in module.named_parameters() if parameter.requires_grad]


def _plain(name: str) -> str:
    """The parameter's name before peft wrapped it."""
    return name.removeprefix("base_model.model.").replace(".modules_to_save.default", "")


def _decays(name: str, parameter: nn.Parameter, module: nn.Module) -> bool:
    owner = module.get_submodule(name.rpartition(".")[0])
    is_norm = "norm" in type(owner).__name__.lower()
    return parameter.ndim > 1 and not is_norm and not name.endswith(".bias")


class Schedule:
    """Sets the learning rate from how much of the training is done: up during the warm-up, then down."""

    def __init__(self, optimizer: Optimizer, options: TrainingOptions) -> None:
        self._optimizer, self._options = optimizer, options

    def set(self, progress: float) -> float:
        """Set the rates for a step at `progress` (0 to 1) of the training; return the first group's."""
        factor = learning_rate_factor(progress, self._options.schedule, self._options.warmup)
        for group in self._optimizer.param_groups:
            group["lr"] = group["base_lr"] * factor
        return float(self._optimizer.param_groups[0]["lr"])


def learning_rate_factor(progress: float, shape: str, warmup: float) -> float:
    """The share of the full rate: climbs linearly to 1 at `warmup`, then falls to 0 at progress 1, or stays."""
    if progress < warmup:
        return progress / warmup
    done = min(1.0, (progress - warmup) / (1 - warmup))
    match shape:
        case "linear":
            return 1 - done
        case "cosine":
            return 0.5 * (1 + math.cos(math.pi * done))
        case _:
            return 1.0


def total_norm(parameters: list[nn.Parameter]) -> torch.Tensor:
    """The length of the whole gradient, for the record where it is not clipped."""
    return torch.nn.utils.get_total_norm([each.grad for each in parameters if each.grad is not None])
