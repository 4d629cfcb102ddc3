"""A LoRA adapter as peft opens it, beside the name of the model it belongs to."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from peft import PeftModel

from core.export.check import Comparison, compare
from core.export.subject import Subject
from core.export.transformers import example_script
from core.models.reference import Pretrained, load_network
from core.tasks import task_named

_FILES = ("adapter_model.safetensors", "adapter_config.json")


def export(subject: Subject, folder: Path) -> Comparison:
    """Copy the adapter, put it on its base as others would, and compare."""
    for name in _FILES:
        shutil.copyfile(subject.folder / name, folder / name)
    _name_base(folder / "adapter_config.json", subject.result.base_ref)
    subject.network.save_reader(folder)
    subject.write_papers(folder, example_script("adapter_text" if subject.reads_text else "adapter_image"))
    result = subject.result
    base = Pretrained(result.base_ref, result.base_family, Path(result.base_path), result.base_architecture)
    network = load_network(base, task_named(result.task["id"]).head, result.labels, result.task.get("image_size"))
    module = PeftModel.from_pretrained(network.module, folder).eval()
    return compare(subject.expected, subject.answered(lambda batch: module(**batch).logits))


def _name_base(path: Path, ref: str) -> None:
    """The base by its reference: a path of this machine would mean nothing elsewhere."""
    config = json.loads(path.read_text("utf-8"))
    config["base_model_name_or_path"] = ref if ref.startswith("starter:") else Path(ref.partition("@")[2] or ref).name
    path.write_text(json.dumps(config, indent=2) + "\n", "utf-8")
