"""What each command of the command line does: call the heavy half by name, and print what it says."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from core.errors import BadData, WrongUse
from core.events import Event
from core.heavy import resolve
from core.library.projects import create_project, next_run_folder, projects
from core.library.samples import lay_out, samples
from core.places import samples as samples_folder
from core.progress import TerminalProgress
from core.settings.data import DataOptions
from core.spec import apply_settings, choose_method, read_values

Command = Callable[[argparse.Namespace], None]


def inspect(arguments: argparse.Namespace) -> None:
    values: dict[str, Any] = {"data": {"path": arguments.path}}
    _apply(values, arguments)
    known = {name: value for name, value in values["data"].items() if name in DataOptions.model_fields}
    found = resolve("inspect")(DataOptions.model_validate(known), arguments.task)
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    splits = ", ".join(f"{count} {name}" for name, count in found["splits"].items())
    print(f"{found['examples']} examples for {found['task']} ({found['format']}): {splits}")
    for column in found["columns"]:
        print(f"  {column['name']}: {column['role']}. {column['why']}")
    print("Classes: " + ", ".join(f"{label} ({count})" for label, count in found["labels"].items()))
    for problem in found["problems"]:
        where = f" ({problem['where']})" if problem.get("where") else ""
        print(f"Problem: {problem['text']}{where}")


def train(arguments: argparse.Namespace) -> None:
    if arguments.run:
        if arguments.data or arguments.spec or arguments.output:
            raise WrongUse("--run carries out the spec in that folder, and goes with nothing else.", "--run")
        folder = Path(arguments.run)
    else:
        folder = resolve("new_run")(_spec_values(arguments), _needed(arguments.output, "--output RUN")).path
    _carry_out(folder, arguments.json)
    if not arguments.json:
        _say_result(folder)


def evaluate(arguments: argparse.Namespace) -> None:
    found = resolve("evaluate")(Path(arguments.run), arguments.data)
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for part in found["examples"]:
        print(f"{part}: {found['examples'][part]} examples")
        for name, value in found[part].items():
            low, high = found["intervals"][part][name]
            print(f"  {name}: {value:.4f} (95 % interval {low:.4f} to {high:.4f})")
    if found["unknown_labels"]:
        print(f"{found['unknown_labels']} examples are of classes this model does not know and were left out.")


def predict(arguments: argparse.Namespace) -> None:
    found = resolve("predict")(Path(arguments.run), arguments.inputs)
    for row in found.bad:
        print(f"attune: left out: {row}", file=sys.stderr)
    if arguments.output:
        resolve("write_answers")(Path(arguments.output), found.answers, found.labels)
        if not arguments.json:
            print(f"Written to {arguments.output}")
            return
        return
    answered = 0
    for shown, scores in found.answers:
        answered += 1
        ranked = {label: round(float(score), 6) for label, score in zip(found.labels, scores, strict=True)}
        best = max(ranked, key=ranked.__getitem__)
        if arguments.json:
            print(json.dumps({"input": shown, "prediction": best, "scores": ranked}, ensure_ascii=False), flush=True)
        else:
            print(f"{best} ({100 * ranked[best]:.1f} %): {shown}")
    if not answered:
        raise BadData("None of the inputs can be answered.", ", ".join(arguments.inputs)[:200])


def export(arguments: argparse.Namespace) -> None:
    report = resolve("export")(Path(arguments.run), arguments.format, Path(arguments.output))
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False))
        return
    print(
        f"Exported to {report['path']} and checked: the largest difference is {report['max_difference']:.1e} on "
        f"{report['examples']} examples, and {100 * report['agreement']:.0f} % of the answers agree."
    )


def models(arguments: argparse.Namespace) -> None:
    found = resolve("models")()
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for model in found:
        state = "ready" if model["installed"] else model["how"]
        size = f"{model['parameters'] / 1e6:.1f} M parameters, {model['licence']}"
        print(f"{model['ref']}: {model['title']} ({size}); {state}")


def sample(arguments: argparse.Namespace) -> None:
    """Make a project of a sample, fine-tune, export, and say where everything lies."""
    began = time.monotonic()
    known = {each.name: each for each in samples()}
    name = arguments.name or next(iter(known))
    if name not in known:
        raise WrongUse("There is no sample called {name}.", "", "The samples are: {known}.",
                       {"name": name, "known": ", ".join(known)})  # fmt: skip
    chosen = known[name]
    data = lay_out(chosen, samples_folder())
    project = next((each for each in projects() if each.title == chosen.title), None)
    project = project or create_project(chosen.title, chosen.task)
    values: dict[str, Any] = {
        "data": {"path": str(data)},
        "model": {"ref": chosen.starter},
        "task": {"id": chosen.task},
    }
    apply_settings(values, list(chosen.settings))
    folder = resolve("new_run")(values, next_run_folder(project, chosen.starter.partition(":")[2])).path
    _carry_out(folder, arguments.json)
    exported = folder / "export-transformers"
    report = resolve("export")(folder, "transformers", exported)
    if arguments.json:
        print(json.dumps({"run": str(folder), "export": report}, ensure_ascii=False))
        return
    _say_result(folder)
    print(f"Export: {exported} (largest difference {report['max_difference']:.1e} on {report['examples']} examples)")
    print(f"All of it took {time.monotonic() - began:.0f} s.")


def _spec_values(arguments: argparse.Namespace) -> dict[str, Any]:
    """The spec as far as it was said: from a file, from words, and from --set above both."""
    values: dict[str, Any] = read_values(Path(arguments.spec)) if arguments.spec else {}
    if arguments.data:
        values.setdefault("data", {})["path"] = arguments.data
    if arguments.model:
        values.setdefault("model", {})["ref"] = arguments.model
    if not arguments.spec:
        _needed(arguments.data, "DATA")
        _needed(arguments.model, "--model REF")
    if arguments.task:
        values.setdefault("task", {})["id"] = arguments.task
    if arguments.method:
        choose_method(values, arguments.method)
    _apply(values, arguments)
    _make_absolute(values)
    return values


def _apply(values: dict[str, Any], arguments: argparse.Namespace) -> None:
    apply_settings(values, arguments.settings)
    if arguments.allow_bad:
        values["data"]["allow_bad"] = True


def _make_absolute(values: dict[str, Any]) -> None:
    """A run's spec must mean the same from any folder. What is no text is left for the check to refuse."""
    data, model = values.get("data"), values.get("model")
    if isinstance(data, dict) and isinstance(data.get("path"), str) and data["path"]:
        data["path"] = str(Path(data["path"]).expanduser().absolute())
    if isinstance(model, dict) and isinstance(model.get("ref"), str) and model["ref"]:
        model["ref"] = _absolute_ref(model["ref"])


def _absolute_ref(ref: str) -> str:
    scheme, at, file = ref.partition("@")
    if ref.startswith("torchvision:") and at:
        return f"{scheme}@{Path(file).expanduser().absolute()}"
    return ref if ref.startswith(("starter:", "torchvision:")) else str(Path(ref).expanduser().absolute())


def _needed(value: str | None, name: str) -> Path:
    if not value:
        raise WrongUse(
            "{name} is missing.", "attune train", "attune train DATA --model REF --output RUN", {"name": name}
        )
    return Path(value)


def _carry_out(folder: Path, as_json: bool) -> None:
    carry_out = resolve("train")
    if as_json:
        carry_out(folder, _print_line)
        return
    with TerminalProgress() as progress:
        carry_out(folder, progress)


def _print_line(event: Event, line: str) -> None:
    print(line, flush=True)


def _say_result(folder: Path) -> None:
    document = json.loads((folder / "result" / "metrics.json").read_text("utf-8"))
    _print_all(resolve("sentences")(document))
    metric = document["metric"]
    for name, scores in document["baselines"].items():
        print(f"Baseline {name}: {metric} {scores[metric]:.3f}; this model: {document['test'][metric]:.3f} (test part)")
    print(f"Result: {folder / 'result'}")


def _print_all(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)
