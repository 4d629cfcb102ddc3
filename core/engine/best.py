"""Keeps the best model seen so far, and says when nothing better is to be expected."""

from __future__ import annotations

from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from core.files import written_aside


class BestKept:
    """The best evaluation and its weights, in one file that is replaced only by a better one.

    Args:
        folder: where the weights are kept while the run goes on.
        patience: evaluations in a row without anything better after which the run ends; 0 for never.
    """

    def __init__(self, folder: Path, patience: int) -> None:
        self._path, self._patience = folder / "best.safetensors", patience
        self._best: tuple[float, float] | None = None
        self._since = 0
        self.step = 0

    @property
    def is_exhausted(self) -> bool:
        return bool(self._patience) and self._since >= self._patience

    def consider(self, step: int, score: float, loss: float, module: nn.Module) -> bool:
        """Keep the module if it is better: by its score and, where small validation parts tie, by its loss."""
        candidate = (score, -loss)
        if self._best is not None and candidate <= self._best:
            self._since += 1
            return False
        self._best, self._since, self.step = candidate, 0, step
        self._path.parent.mkdir(exist_ok=True)
        with written_aside(self._path) as aside:
            save_file(_moving(module), aside, metadata={"step": str(step)})
        return True

    def load_into(self, module: nn.Module) -> None:
        """Give the module the best weights back."""
        saved = load_file(self._path)
        for name, tensor in _moving(module).items():
            tensor.copy_(saved[name])

    def forget(self) -> None:
        """Delete the file, once the result holds the weights."""
        self._path.unlink(missing_ok=True)


def _moving(module: nn.Module) -> dict[str, Tensor]:
    """What training changes: trainable parameters, and buffers such as batch statistics."""
    parameters = {name: each.detach() for name, each in module.named_parameters() if each.requires_grad}
    kept = module.state_dict()
    buffers = {name: each for name, each in module.named_buffers() if name in kept}
    return {name: each.contiguous() for name, each in {**parameters, **buffers}.items()}
