"""Compares Attune with the Trainer: fresh processes in turn, A B A B, and the median of each round's ratio."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from core.hardware.processor import instruction_sets

ROOT = Path(__file__).parents[2]
LIBRARIES = ("torch", "torchvision", "transformers", "accelerate", "timm", "numpy")
Variants = dict[str, dict[str, Any]]


def main(task: str, data: str, model: str, variants: Variants, settings: list[str] | None = None) -> None:
    """Read the command line, compare, and print.

    Args:
        data, model: what is taken where the command line names nothing else.
        variants: the Trainer's settings under the name each is asked for by; `trainer_side` says what they mean.
        settings: what Attune is told besides the number of epochs, where its defaults do not suit the data.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=data, help="file or folder, as Attune reads it")
    parser.add_argument("--model", default=model, help="starter:NAME or a Transformers folder")
    parser.add_argument("--variants", nargs="+", default=list(variants), choices=list(variants))
    parser.add_argument("--rounds", type=int, default=3, help="how often Attune and every variant are run in turn")
    parser.add_argument("--steps", type=int, default=None, help="instead of one epoch")
    parser.add_argument("--threads", type=int, default=None, help="default: one for each physical core")
    parser.add_argument("--set", action="append", default=settings or [], help="another setting of Attune's")
    parser.add_argument("--accuracy", action="store_true", help="instead of the speed: 3 epochs each, then judged")
    parser.add_argument("--epochs", type=int, default=3, help="of --accuracy")
    asked = parser.parse_args()

    request = {"task": task, "data": asked.data, "model": asked.model, "threads": asked.threads, "settings": asked.set}
    chosen = {name: variants[name] for name in asked.variants}
    print(machine(asked))
    if asked.accuracy:
        compare_accuracy({**request, "epochs": asked.epochs}, chosen, asked.rounds)
    else:
        compare_speed({**request, "epochs": 1, "steps": asked.steps, "warm_steps": 10}, chosen, asked.rounds)


def machine(asked: argparse.Namespace) -> str:
    """What the figures depend on, in two lines."""
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{platform.machine()}, {os.cpu_count()} CPUs ({', '.join(instruction_sets())}), "
        f"{asked.threads or 'default'} threads, load {os.getloadavg()[0]:.2f}, Python {platform.python_version()}\n"
        f"{versions}\n{asked.model} on {asked.data}, batch size 32\n"
    )


def compare_speed(request: dict[str, Any], variants: Variants, rounds: int) -> None:
    ratios: dict[str, list[float]] = {name: [] for name in variants}
    print(f"{'round':6}{'':24}{'samples/s':>10}{'ratio':>8}{'peak MiB':>10}{'ready s':>9}{'load':>7}")
    for number in range(1, rounds + 1):
        ours = child("attune_side", request)
        _show(number, "Attune", ours)
        for name, variant in variants.items():
            theirs = child("trainer_side", {**request, "variant": variant})
            ratios[name].append(ours["samples_per_second"] / theirs["samples_per_second"])
            _show(number, f"Trainer, {name}", theirs, ratios[name][-1])
    print()
    for name, found in ratios.items():
        spread = f"{min(found):.2f} to {max(found):.2f}"
        print(f"Attune is {statistics.median(found):.2f} times as fast as the Trainer, {name} ({spread})")


def compare_accuracy(request: dict[str, Any], variants: Variants, rounds: int) -> None:
    """Every round with another seed: of the new head, the order and the dropout."""
    print(f"{'seed':6}{'':24}{'validation':>11}{'test':>8}")
    for seed in range(rounds):
        asked = {**request, "seed": seed, "judged": True}
        judged = {"Attune": child("attune_side", asked)}
        for name, variant in variants.items():
            judged[f"Trainer, {name}"] = child("trainer_side", {**asked, "variant": variant})
        for name, found in judged.items():
            print(f"{seed:<6}{name:24}{found['validation']:11.4f}{found['test']:8.4f}", flush=True)


def _show(number: int, name: str, found: dict[str, Any], ratio: float | None = None) -> None:
    shown = f"{ratio:8.2f}" if ratio else f"{'':8}"
    print(
        f"{number:<6}{name:24}{found['samples_per_second']:10.1f}{shown}{found['peak_mib']:10.0f}"
        f"{found['ready_s']:9.1f}{os.getloadavg()[0]:7.2f}",
        flush=True,
    )


def child(side: str, request: dict[str, Any]) -> dict[str, Any]:
    """What a side answers in a process of its own, with an empty ATTUNE_HOME: nothing is left from another run."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "ATTUNE_HOME": home, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true"}
        command = [sys.executable, "-m", f"tests.benchmarks.{side}", json.dumps({**request, "home": home})]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{side} failed:\n{done.stderr[-4000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))
