"""Prepare a network for a method: freeze, add adapters, and keep what is frozen in its evaluation mode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import nn

from core.errors import WrongUse
from core.methods.lora import add_lora
from core.models.network import Network
from core.options import Options
from core.settings.method import HeadOnly, Lora, WholeModel


@dataclass
class Adapted:
    """A network made ready.

    Attributes:
        network: its module is the one to train.
        frozen: the submodules that must not change: dropout and batch statistics rest in them.
        adapter: weights are saved as an adapter beside the base.
    """

    network: Network
    frozen: tuple[nn.Module, ...]
    adapter: bool

    def train(self) -> None:
        """Set the module to training mode, but leave frozen parts as they are when they answer."""
        self.network.module.train()
        for module in self.frozen:
            module.eval()


def adapt(network: Network, method: Options) -> Adapted:
    """Make the network ready for a method. Raises: WrongUse where the two do not go together."""
    for kind, make in _METHODS.items():
        if isinstance(method, kind):
            return make(network, method)
    raise WrongUse("There is no such method.", str(method))


def _whole(network: Network, _: Options) -> Adapted:
    network.module.requires_grad_(True)
    return Adapted(network, frozen=(), adapter=False)


def _head(network: Network, _: Options) -> Adapted:
    """Only the head learns, and with it a pooling layer: it summarises the text for the head and for nothing else."""
    names = [name for name, _ in network.module.named_modules() if name.split(".")[-1] == "pooler"]
    parts = (*network.head, *names)
    network.head = parts
    for name, parameter in network.module.named_parameters():
        parameter.requires_grad_(network.in_head(name))
    frozen = tuple(
        module
        for name, module in network.module.named_modules()
        if name and not list(module.children()) and not any(f"{name}.".startswith(f"{part}.") for part in parts)
    )
    return Adapted(network, frozen, adapter=False)


def _lora(network: Network, method: Options) -> Adapted:
    assert isinstance(method, Lora)
    add_lora(network, method)
    # Batch statistics belong to the frozen base: they would drift away from the saved weights.
    norms = tuple(each for each in network.module.modules() if isinstance(each, nn.modules.batchnorm._BatchNorm))
    return Adapted(network, norms, adapter=True)


_METHODS: dict[type[Options], Callable[[Network, Options], Adapted]] = {
    WholeModel: _whole,
    HeadOnly: _head,
    Lora: _lora,
}


def set_dropout(module: nn.Module, share: float) -> bool:
    """Set every dropout the architecture has to this share; False where it has none."""
    layers = [each for each in module.modules() if isinstance(each, nn.Dropout)]
    for layer in layers:
        layer.p = share
    rated: list[Any] = [each for each in module.modules() if isinstance(getattr(each, "drop_rate", None), float)]
    for each in rated:  # timm's networks keep it as a number and call the function
        each.drop_rate = share
    return bool(layers or rated)
