"""One run of transformers' Trainer, in a process of its own, on the same rows and from the same weights.

A variant is a dict: `arguments` for TrainingArguments, and for texts `pad_to`, a length that all of them are padded to.
Data is prepared as transformers' example scripts do it; token lists are held in memory, not in a `datasets.Dataset`,
which is quicker.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch.utils.data import Dataset
from torchvision.transforms import (
    CenterCrop,
    Compose,
    Normalize,
    RandomHorizontalFlip,
    RandomResizedCrop,
    Resize,
    ToTensor,
)
from transformers import DataCollatorWithPadding, Trainer, TrainingArguments, default_data_collator, set_seed

from core.engine.material import Material, make_work, read_material
from core.models.network import Network
from core.models.result import pretrained
from core.spec import RunSpec
from core.tasks.text_classification.work import USUAL_LIMIT
from tests.benchmarks.attune_side import spec

Examples = list[dict[str, Any]]


def main() -> None:
    asked = json.loads(sys.argv[1])
    began = time.monotonic()
    if asked.get("threads"):
        torch.set_num_threads(asked["threads"])
    run = spec(asked)
    material = read_material(run)
    network = _network(run, material)
    parts = _texts if network.tokenizer is not None else _pictures
    examples, collator = parts(asked["variant"], material, network)
    ready_s = time.monotonic() - began
    if asked.get("warm_steps"):
        trainer(asked, asked["warm_steps"], _network(run, material), examples, collator).train()
        network = _network(run, material)
    ours = trainer(asked, asked.get("steps"), network, examples, collator)
    done = ours.train()
    answer = {
        "samples_per_second": done.metrics["train_samples_per_second"],
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "ready_s": ready_s,
    }
    if asked.get("judged"):
        answer |= {part: _accuracy(ours, examples[part]) for part in ("validation", "test")}
    print(json.dumps(answer))


def trainer(asked: dict[str, Any], steps: int | None, network: Network, examples: dict, collator: Any) -> Trainer:
    arguments = TrainingArguments(
        output_dir=str(Path(asked["home"]) / "trainer"), per_device_train_batch_size=32, per_device_eval_batch_size=64,
        num_train_epochs=asked["epochs"], max_steps=steps or -1, seed=asked.get("seed", 0), use_cpu=True,
        report_to="none", save_strategy="no", eval_strategy="no", disable_tqdm=True, remove_unused_columns=False,
        **asked["variant"]["arguments"],
    )  # fmt: skip
    return Trainer(
        model=network.module, args=arguments, train_dataset=examples["train"], data_collator=collator,
        processing_class=network.tokenizer,
    )  # fmt: skip


def _network(run: RunSpec, material: Material) -> Network:
    """The same weights and the same new head as Attune's, in the memory format in which they were saved."""
    set_seed(run.seed)
    network = make_work(run, material.labels).load(pretrained(run.model.ref))
    network.module.to(memory_format=torch.contiguous_format)
    return network


def _texts(variant: dict[str, Any], material: Material, network: Network) -> tuple[dict[str, Examples], Any]:
    pad_to = variant.get("pad_to")
    columns = [name for name in ("text", "text_pair") if name in material.table.column_names]
    encoded = network.tokenizer(
        *(material.table[name].to_pylist() for name in columns), truncation=True, max_length=pad_to or USUAL_LIMIT,
        padding="max_length" if pad_to else False,
    )  # fmt: skip
    labels = _labels(material)
    every = [{**{name: encoded[name][row] for name in encoded}, "label": labels[row]} for row in range(len(labels))]
    collator = default_data_collator if pad_to else DataCollatorWithPadding(network.tokenizer)
    return {part: [every[row] for row in rows] for part, rows in material.rows.items()}, collator


class Pictures(Dataset):
    """Decoded, cut and scaled whenever they are asked for, as in the official image classification example."""

    def __init__(self, paths: list[str], labels: list[int], transform: Compose) -> None:
        self._paths, self._labels, self._transform = paths, labels, transform

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, number: int) -> dict[str, Any]:
        with Image.open(self._paths[number]) as image:
            return {"pixel_values": self._transform(image.convert("RGB")), "labels": self._labels[number]}


def _pictures(variant: dict[str, Any], material: Material, network: Network) -> tuple[dict[str, Pictures], Any]:
    picture = network.picture
    assert picture is not None
    last = [ToTensor(), Normalize(picture.mean, picture.std)]
    varied = Compose([RandomResizedCrop(picture.size), RandomHorizontalFlip(), *last])
    plain = Compose([Resize(picture.resize[1:]), CenterCrop(picture.size), *last])
    paths, labels = material.table["image"].to_pylist(), _labels(material)
    parts = {
        part: Pictures(
            [paths[row] for row in rows], [labels[row] for row in rows], varied if part == "train" else plain
        )
        for part, rows in material.rows.items()
    }
    return parts, default_data_collator


def _labels(material: Material) -> list[int]:
    numbers = {label: number for number, label in enumerate(material.labels)}
    return [numbers[label] for label in material.table["label"].to_pylist()]


def _accuracy(ours: Trainer, examples: Any) -> float:
    found = ours.predict(examples)
    return float((np.argmax(found.predictions, axis=-1) == found.label_ids).mean())


if __name__ == "__main__":
    main()
