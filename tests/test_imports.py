"""Imports point one way: no circles, and nothing light leads to torch. Imports inside functions count."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("core", "desktop")
HEAVY = ("core.data", "core.models", "core.methods", "core.engine", "core.evaluation", "core.export")
HEAVY_LIBRARIES = {"torch", "torchvision", "transformers", "peft", "accelerate", "datasets", "timm"}


@cache
def modules() -> dict[str, Path]:
    """Every module of the product and its file."""
    found = {}
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports(module: str) -> frozenset[str]:
    """What a module imports anywhere in its file: modules of ours by full name, libraries by their first name."""
    path = modules()[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {resolve(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")
            base = ".".join(parents[: len(parents) + 1 - node.level]) if node.level else ""
            source = ".".join(part for part in (base, node.module) if part)
            # `from core.tasks import task` names a module, `from core.tasks import tasks` something in one.
            found |= {resolve(f"{source}.{alias.name}", source) for alias in node.names}
    return frozenset(found - {module})


def resolve(name: str, otherwise: str = "") -> str:
    if name in modules():
        return name
    name = otherwise or name
    return name if name in modules() else name.partition(".")[0]


def within(module: str, rooms: tuple[str, ...]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def is_description(module: str) -> bool:
    """What a task says about itself: core.tasks, core.tasks.task, and each task's folder itself."""
    parts = module.split(".")
    folder = parts[:2] == ["core", "tasks"] and modules()[module].name == "__init__.py"
    return module == "core.tasks.task" or (folder and len(parts) <= 3)


def light_modules() -> list[str]:
    """All but the heavy rooms and the work of tasks: a new module is light until its room is named above."""
    work = [module for module in modules() if within(module, ("core.tasks",)) and not is_description(module)]
    return [module for module in modules() if not within(module, HEAVY) and module not in work]


def reached_from(module: str) -> dict[str, str]:
    """All that is loaded with a module, by the way it is reached; also the packages that a module stands in."""
    reached, waiting = {module: module}, [module]
    while waiting:
        current = waiting.pop()
        loaded = set(imports(current)) if current in modules() else set()
        loaded |= {parent for each in loaded for parent in parents_of(each)} | set(parents_of(current))
        for each in loaded - reached.keys():
            reached[each] = f"{reached[current]} -> {each}"
            waiting.append(each)
    return reached


def parents_of(module: str) -> list[str]:
    parts = module.split(".")
    return [name for name in (".".join(parts[:length]) for length in range(1, len(parts))) if name in modules()]


def circles(graph: dict[str, frozenset[str]]) -> list[list[str]]:
    """Strongly connected parts of more than one module (Tarjan, 1972)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(module: str) -> None:
        order[module] = lowest[module] = len(order)
        stack.append(module)
        for each in graph[module]:
            if each not in order:
                visit(each)
                lowest[module] = min(lowest[module], lowest[each])
            elif each in stack:
                lowest[module] = min(lowest[module], order[each])
        if lowest[module] == order[module]:
            part = stack[stack.index(module) :]
            del stack[-len(part) :]
            if len(part) > 1:
                found.append(sorted(part))

    for module in graph:
        if module not in order:
            visit(module)
    return found


def test_a_circle_is_found():
    graph = {"a": frozenset("b"), "b": frozenset("c"), "c": frozenset("b"), "d": frozenset("a")}
    assert circles(graph) == [["b", "c"]]


def test_imports_form_no_circle():
    graph = {module: frozenset(imports(module) & modules().keys()) for module in modules()}
    assert circles(graph) == []


@pytest.mark.parametrize("module", light_modules())
def test_light_modules_lead_to_nothing_heavy(module):
    reached = reached_from(module)
    heavy = {way for name, way in reached.items() if within(name, HEAVY) or name in HEAVY_LIBRARIES}
    heavy |= {way for name, way in reached.items() if within(name, ("core.tasks",)) and not is_description(name)}
    assert sorted(heavy, key=len)[:3] == []


def test_loading_everything_light_loads_no_heavy_library():
    """What reading the files cannot show: libraries that import others, and modules imported by a name in a text."""
    program = f"""
import importlib, sys
for module in {light_modules()!r}:
    importlib.import_module(module)
from core.tasks import tasks
assert tasks()
print(sorted({HEAVY_LIBRARIES | {"sklearn"}!r} & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
