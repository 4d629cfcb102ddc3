"""The model card: README.md of a result, as Hugging Face reads it and as a stranger needs it.

Source of the front matter: https://huggingface.co/docs/hub/model-cards
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from core.evaluation.wording import markdown, percent
from core.spec import RunSpec
from core.tasks import task_named

_CLASSES_SHOWN = 50
_FEW_EXAMPLES = 30  # below this a class's recall is known to no better than about ± 18 percentage points
_HUB_ID = re.compile(r"[\w.-]+(/[\w.-]+)?")
# A folder on this machine, from its drive or root on: all that stands before the last / or \ and after a : or @.
_FOLDERS = re.compile(r"(?:[A-Za-z]:)?[^:@]*[/\\]")


@dataclass(frozen=True)
class CardFacts:
    """What a card tells.

    Attributes:
        title: the model's name.
        base_model: the pretrained model: an id on the Hugging Face Hub, or a reference whose folders are left out.
        license: the base model's license as Hugging Face writes it, such as apache-2.0; empty where it is not known.
        spec: what was asked of the run.
        examples: the number of examples in each part of the data.
        document: the content of metrics.json.
        usage: Python that loads the model and asks it once.
    """

    title: str
    base_model: str
    license: str
    spec: RunSpec
    examples: Mapping[str, int]
    document: Mapping[str, Any]
    usage: str


def model_card(facts: CardFacts) -> str:
    """The card as Markdown. It names the data's last folder only, so that it can be given away."""
    sections = [
        _front_matter(facts),
        f"# {markdown(facts.title)}",
        _summary(facts),
        "## Labels\n\n" + _labels(facts.document["labels"]),
        "## Data\n\n" + _data(facts),
        "## Settings\n\n" + _settings(facts.spec),
        "## Results\n\n" + _results(facts.document),
        "## Results of each class\n\n" + _classes(facts.document["per_class"]),
        "## Limits\n\n" + _limits(facts.document["per_class"]),
        "## How to use it\n\n" + f"```python\n{facts.usage.strip()}\n```",
    ]
    return "\n\n".join(sections) + "\n"


def _front_matter(facts: CardFacts) -> str:
    base_model = _without_folders(facts.base_model)
    # The Hub knows metrics by their plain names: macro_f1 is an f1.
    metrics = dict.fromkeys(re.sub("^(macro|balanced)_", "", name) for name in facts.document["test"])
    values = {
        "license": facts.license or "unknown",
        # The Hub refuses a card whose base model is not an id.
        **({"base_model": base_model} if _HUB_ID.fullmatch(base_model) else {}),
        "pipeline_tag": facts.document["task"],
        "tags": ["attune", facts.document["task"]],
        "metrics": list(metrics),
    }
    return f"---\n{yaml.safe_dump(values, sort_keys=False, allow_unicode=True)}---"


def _summary(facts: CardFacts) -> str:
    task = task_named(facts.document["task"])
    return (
        f"**{task.title}.** {task.sentence} Fine-tuned from "
        f"{markdown(_without_folders(facts.base_model))} with Attune (method: {facts.spec.method.id})."
    )


def _labels(labels: Sequence[str]) -> str:
    shown = ", ".join(markdown(label) for label in labels[:_CLASSES_SHOWN])
    more = len(labels) - _CLASSES_SHOWN
    return f"{len(labels)} classes: {shown}" + (f", and {more} more in config.json." if more > 0 else ".")


def _data(facts: CardFacts) -> str:
    name = re.split(r"[/\\]", facts.spec.data.path.rstrip("/\\"))[-1]
    return f"The examples of {markdown(name)}:\n\n" + _table(("Part", "Examples"), facts.examples.items())


def _settings(spec: RunSpec) -> str:
    hidden = {"data": {"path"}, "model": {"ref"}}  # they name folders of the machine
    changed = dict(_flat(spec.model_dump(mode="json", exclude_defaults=True, exclude=hidden)))
    # The method names itself by a default, which the dump leaves out.
    rows = ({"method.id": spec.method.id} | changed).items()
    return "All others have their default.\n\n" + _table(
        ("Setting", "Value"), ((f"`{name}`", markdown(str(value))) for name, value in rows)
    )


def _results(document: Mapping[str, Any]) -> str:
    baselines = document["baselines"]
    heads = ("Metric", "Validation", "Test", "95 % interval of test", *(f"Baseline: {name}" for name in baselines))
    rows = []
    for name, test in document["test"].items():
        low, high = (percent(bound) for bound in document["intervals"]["test"][name])
        others = (percent(scores.get(name)) for scores in baselines.values())
        rows.append((name, percent(document["validation"][name]), percent(test), f"{low} to {high}", *others))
    return (
        f"The best model was chosen by {document['metric']} on the validation part (step {document['best_step']}).\n\n"
        + _table(heads, rows)
        + "\n\nThe baseline *majority* always answers the largest class of the training part."
    )


def _classes(classes: Sequence[Mapping[str, Any]]) -> str:
    shown = classes
    note = ""
    if len(classes) > _CLASSES_SHOWN:
        shown = sorted(classes, key=lambda each: each["recall"])[:_CLASSES_SHOWN]
        note = f"The {_CLASSES_SHOWN} weakest of {len(classes)} by recall; metrics.json holds all.\n\n"
    rates = ("precision", "recall", "f1")
    rows = ((markdown(each["label"]), *(percent(each[rate]) for rate in rates), each["examples"]) for each in shown)
    return note + _table(("Class", "Precision", "Recall", "F1", "Test examples"), rows)


def _limits(classes: Sequence[Mapping[str, Any]]) -> str:
    rare = sum(each["examples"] < _FEW_EXAMPLES for each in classes)
    points = [
        "The numbers hold for inputs like those of the test part; inputs from elsewhere may be answered worse.",
        "The model always answers one of its labels, also to an input that belongs to none.",
        "The intervals tell what the size of the test part leaves open, not what another seed would change.",
        "Whatever the base model learnt before, its biases included, may show, and its license applies.",
    ]
    if rare:
        points.append(
            f"{rare} of {len(classes)} classes have fewer than {_FEW_EXAMPLES} test examples; their numbers are rough."
        )
    return "\n".join(f"- {point}" for point in points)


def _table(heads: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown; its cells are Markdown already."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def _flat(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Nested options as (training.epochs, 3)."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _without_folders(reference: str) -> str:
    """torchvision:resnet18@/home/me/w.pth is torchvision:resnet18@w.pth; org/name stays."""
    return reference if _HUB_ID.fullmatch(reference) else _FOLDERS.sub("", reference.rstrip("/\\"))
