"""The result of a run: what attune.json beside the weights says, and loading the model it describes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from core import places
from core.errors import BadModel
from core.files import folder_aside, sha256_of, write_atomically
from core.models.network import Network
from core.models.reference import Pretrained, find, load_network
from core.models.safety import read_json
from core.options import Options
from core.tasks import task_named

VERSION = 1


@dataclass(frozen=True)
class Result:
    """What is needed to use a fine-tuned model again.

    Attributes:
        task: the task's options as they were, `id` among them.
        labels: the classes in the order of the logits.
        adapter: the folder holds a LoRA adapter, and the weights it was trained on lie at `base_path`.
        base_sha256: of the base's weight files, in order; another base would answer wrongly.
        columns: which columns of the data were read, by role.
        max_length: of texts, in tokens.
    """

    task: dict[str, Any]
    labels: list[str]
    adapter: bool
    base_ref: str
    base_family: str
    base_architecture: str
    base_path: str
    base_sha256: list[str]
    columns: dict[str, Any] = field(default_factory=dict)
    max_length: int | None = None
    version: int = VERSION

    @property
    def options(self) -> Options:
        return task_named(self.task["id"]).options.model_validate(self.task)

    def save(self, folder: Path) -> None:
        write_atomically(
            folder / "attune.json", (json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n").encode()
        )


def result_folder(run: Path) -> Path:
    """The result of a run's folder, or the folder itself where it is one. Raises: BadModel."""
    for folder in (run / "result", run):
        if (folder / "attune.json").is_file():
            return folder
    if (run / "spec.json").is_file():
        raise BadModel("This run has no result yet.", str(run), "Let it finish first: attune train --run RUN")
    raise BadModel("There is no run here.", str(run), "Name the folder that was given as --output.")


def read_result(folder: Path) -> Result:
    values = read_json(folder / "attune.json")
    if values.get("version", 0) > VERSION:
        raise BadModel("This result was written by a newer Attune.", str(folder), "Update Attune.")
    known = {each.name for each in fields(Result)}
    try:
        return Result(**{name: value for name, value in values.items() if name in known})
    except TypeError as cause:
        raise BadModel("attune.json is incomplete.", str(folder)) from cause


def load_result(folder: Path) -> Network:
    """The fine-tuned model in float32, ready to answer; an adapter is merged into its base. Raises: BadModel."""
    result = read_result(folder)
    head_class = task_named(result.task["id"]).head
    image_size = result.task.get("image_size")
    if not result.adapter:
        return load_network(find(str(folder)), head_class, result.labels, image_size)
    base = Pretrained(result.base_ref, result.base_family, Path(result.base_path), result.base_architecture)
    if not base.path.exists():
        base = find(result.base_ref)
    if [sha256_of(path) for path in base.weights] != result.base_sha256:
        raise BadModel("The model this adapter was trained on has changed.", str(base.path), "Put the old one back.")
    network = load_network(base, head_class, result.labels, image_size)
    from peft import PeftModel  # half a second that only adapters pay

    network.module = PeftModel.from_pretrained(network.module, folder).merge_and_unload()
    return network


def pretrained(ref: str) -> Pretrained:
    """Find what a reference names, an earlier run among them; an adapter is merged once into a folder of its own."""
    folder = Path(ref).expanduser()
    is_ours = any((folder / name).is_file() for name in ("spec.json", "attune.json"))
    if ref.startswith(("starter:", "torchvision:")) or not is_ours:
        return find(ref)
    found = result_folder(folder)
    if not read_result(found).adapter:
        return Pretrained(ref, *_placed(find(str(found))))
    merged = places.cache() / "merged" / sha256_of(found / "adapter_model.safetensors")[:32]
    if not merged.exists():
        with folder_aside(merged) as aside:
            load_result(found).save(aside)
    return Pretrained(ref, *_placed(find(str(merged))))


def _placed(found: Pretrained) -> tuple[str, Path, str]:
    return found.family, found.path, found.architecture
