"""A folder that Transformers opens by itself; of a torchvision model, its weights with a script that opens them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import transformers
from numpy.typing import NDArray
from PIL import Image

from core.export.check import Comparison, compare
from core.export.subject import Subject
from core.models.reference import find, load_network
from core.tasks import task_named


def export(subject: Subject, folder: Path) -> Comparison:
    """Write the folder, open it as others would, and compare."""
    subject.network.save(folder)
    kind = "torchvision" if subject.network.family == "torchvision" else "transformers"
    reads = "text" if subject.reads_text else "image"
    subject.write_papers(folder, example_script(f"{kind}_{reads}"))
    if kind == "torchvision":
        again = load_network(find(str(folder)), task_named(subject.result.task["id"]).head, subject.result.labels)
        again.module.eval()
        return compare(subject.expected, subject.answered(lambda batch: again.module(**batch).logits))
    auto = getattr(transformers, task_named(subject.result.task["id"]).head)
    module = auto.from_pretrained(folder, local_files_only=True, use_safetensors=True).float().eval()
    found = subject.answered(lambda batch: module(**batch).logits)
    return compare(subject.expected, found, _from_raw(subject, folder, module))


def example_script(name: str) -> str:
    """A runnable example that goes into the export, kept as a real file so that it is checked like any other."""
    return (files("resources") / "export" / f"{name}.py").read_text("utf-8")


def _from_raw(subject: Subject, folder: Path, module: transformers.PreTrainedModel) -> NDArray[np.float32]:
    """[N, C] logits by way of the exported folder's own preprocessing, from the raw inputs."""
    rows = subject.rows.to_pydict()
    answers = []
    if subject.reads_text:
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
        pairs = rows.get("text_pair") or [None] * len(rows["text"])
        limit = getattr(subject.encoded, "limit", None)
        for first, second in zip(rows["text"], pairs, strict=True):
            batch = tokenizer(first, second, truncation=True, max_length=limit, return_tensors="pt")
            answers.append(module(**batch).logits.detach().numpy())
    else:
        processor = transformers.AutoImageProcessor.from_pretrained(folder, local_files_only=True)
        for path in rows["image"]:
            with Image.open(path) as image:
                answers.append(module(**processor(image.convert("RGB"), return_tensors="pt")).logits.detach().numpy())
    return np.concatenate(answers)
