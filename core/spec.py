"""RunSpec: everything that was asked of a run, complete enough to run it again anywhere.

The options are declared in `core.settings` and by each task; this module composes them, reads and writes them as
JSON and YAML, and applies `--set name=value`.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError

from core.errors import WrongUse
from core.files import write_atomically
from core.options import Options, option
from core.settings.data import DataOptions
from core.settings.evaluation import EvaluationOptions
from core.settings.method import METHODS, Method, WholeModel
from core.settings.model import ModelOptions
from core.settings.training import TrainingOptions
from core.tasks import tasks

if TYPE_CHECKING:
    TaskOptions = Options
else:  # the registry decides which classes may stand here; each names itself by its literal `id`
    TaskOptions = Annotated[
        functools.reduce(lambda left, right: left | right, [task.options for task in tasks().values()]),
        Field(discriminator="id"),
    ]

VERSION: Literal[1] = 1


class RunSpec(Options):
    """One fine-tuning, as asked."""

    version: Literal[1] = VERSION
    task: TaskOptions
    data: DataOptions
    model: ModelOptions
    method: Method = WholeModel()
    training: TrainingOptions = TrainingOptions()
    evaluation: EvaluationOptions = EvaluationOptions()
    seed: int = option(
        0, "Seed", "Same seed, same data order and same starting weights of new layers.", ge=0, le=2**32 - 1
    )
    device: str = option(
        "auto", "Device", "auto, cpu, cuda, cuda:0, mps or xpu.", pattern=r"^(auto|cpu|mps|(cuda|xpu)(:\d+)?)$"
    )

    @property
    def task_id(self) -> str:
        return str(self.task.id)  # type: ignore[attr-defined]

    @property
    def method_id(self) -> str:
        return str(self.method.id)

    def to_json(self) -> str:
        return json.dumps(self.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"

    def to_yaml(self) -> str:
        return str(yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False))

    def save(self, path: Path) -> None:
        write_atomically(path, self.to_json().encode("utf-8", "surrogatepass"))


def load_spec(path: Path) -> RunSpec:
    """Read a spec from a .json, .yaml or .yml file.

    Raises: WrongUse where the file is missing, is not JSON or YAML, or holds options that do not exist or do not fit;
        all mistakes are named together.
    """
    return spec_from(read_values(path), where=str(path))


def read_values(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8")
        values = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except OSError as cause:
        raise WrongUse("The spec cannot be read.", str(path), "Name a .yaml or .json file.") from cause
    except (ValueError, yaml.YAMLError, RecursionError) as cause:
        raise WrongUse("The spec is neither JSON nor YAML.", str(path), str(cause)[:300]) from cause
    if not isinstance(values, dict):
        raise WrongUse("The spec holds no options.", str(path))
    return values


def spec_from(values: Mapping[str, Any], where: str = "") -> RunSpec:
    """Validate values into a spec; all mistakes in one report. Raises: WrongUse."""
    try:
        return RunSpec.model_validate(values)
    except ValidationError as cause:
        raise WrongUse("Some options do not fit:\n{mistakes}", where, values={"mistakes": _mistakes(cause)}) from cause


def apply_settings(values: dict[str, Any], settings: list[str]) -> None:
    """Place each `name=value` (`training.epochs=3`) into `values`. The value is read as YAML. Raises: WrongUse."""
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals or not name.strip():
            raise WrongUse("A setting is written name=value.", setting, "For example: --set training.epochs=3")
        try:
            value = yaml.safe_load(text)
        except yaml.YAMLError as cause:
            raise WrongUse("The value of this setting cannot be read.", setting, "Put quotes around text.") from cause
        place = values
        *groups, last = name.strip().split(".")
        for group in groups:
            place = place.setdefault(group, {})
            if not isinstance(place, dict):
                raise WrongUse("There is no such option.", name)
        place[last] = value


def choose_method(values: dict[str, Any], method_id: str) -> None:
    if method_id not in METHODS:
        raise WrongUse(
            "There is no method called {name}.",
            remedy="The methods are: {known}.",
            values={"name": method_id, "known": ", ".join(METHODS)},
        )
    values.setdefault("method", {})["id"] = method_id


def schema() -> dict[str, Any]:
    """The JSON schema of a spec, for forms, editors and checks."""
    return RunSpec.model_json_schema()


def _mistakes(error: ValidationError) -> str:
    tagged = {*METHODS, *tasks()}
    lines = []
    for mistake in error.errors():
        # Pydantic names the chosen alternative inside the path (task, text-classification, max_length): drop it.
        place = ".".join(str(part) for part in mistake["loc"] if part not in tagged)
        message = "there is no such option" if mistake["type"] == "extra_forbidden" else mistake["msg"]
        lines.append(f"  {place}: {message}")
    return "\n".join(lines)
