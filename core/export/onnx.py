"""ONNX, which runs without PyTorch: exported by torch.onnx, checked by onnxruntime."""

from __future__ import annotations

import json
import logging
import warnings
from pathlib import Path
from typing import Any

import onnxruntime
import torch
from torch import Tensor, nn

from core.export.check import Comparison, compare
from core.export.subject import Subject
from core.export.transformers import example_script


class LogitsOnly(nn.Module):
    """The network with its inputs in a fixed order and its logits as the only output."""

    def __init__(self, module: nn.Module, names: list[str]) -> None:
        super().__init__()
        self.module, self.names = module, names

    def forward(self, *inputs: Tensor) -> Tensor:
        logits: Tensor = self.module(**dict(zip(self.names, inputs, strict=True))).logits
        return logits


def export(subject: Subject, folder: Path) -> Comparison:
    """Write model.onnx with the preprocessing beside it, run it, and compare."""
    example = subject.batches()[0]
    names = list(example)
    # Only what varies is left open: with every dimension open, an EfficientNet took 400 s to export instead of 9.
    length = torch.export.Dim("length", min=2, max=subject.network.max_length or 512)
    open_sizes = {0: torch.export.Dim("batch", min=1, max=4096)}
    shapes = [{**open_sizes, 1: length} if subject.reads_text else open_sizes for _ in names]
    with warnings.catch_warnings(), _quiet():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            LogitsOnly(subject.network.module, names).eval(),
            tuple(example.values()),
            folder / "model.onnx",
            input_names=names,
            output_names=["logits"],
            dynamo=True,
            dynamic_shapes=(tuple(shapes),),
            external_data=False,
            verbose=False,
        )
    _write_reading(subject, folder)
    subject.write_papers(folder, example_script("onnx_text" if subject.reads_text else "onnx_image"))
    session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])

    def answer(batch: Any) -> Any:
        return session.run(["logits"], {name: batch[name].contiguous().numpy() for name in names})[0]

    return compare(subject.expected, subject.answered(answer))


def _write_reading(subject: Subject, folder: Path) -> None:
    """What turns raw input into the network's: the tokenizer, or the numbers of the picture's preprocessing."""
    network = subject.network
    if network.tokenizer is not None:
        network.tokenizer.save_pretrained(folder)
        reading: dict[str, Any] = {"max_length": getattr(subject.encoded, "limit", None)}
    else:
        assert network.picture is not None
        reading = network.picture.as_dict()
    (folder / "preprocessing.json").write_text(json.dumps(reading, indent=2) + "\n", "utf-8")


class _quiet:  # noqa: N801 - used like a function, as contextlib's own are
    """The exporter reports its progress through loggers; a failure still comes as an exception."""

    def __enter__(self) -> None:
        self._before = logging.root.manager.disable
        logging.disable(logging.WARNING)

    def __exit__(self, *error: object) -> None:
        logging.disable(self._before)
