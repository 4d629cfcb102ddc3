"""Say what this system lacks before Attune is installed: Python 3.11 with venv, and on Linux the libraries Qt needs.

    python3 packaging/system_packages.py            exit 0 when all is there, else 1 with the commands that install it
    python3 packaging/system_packages.py --debian   the names of all packages that a new Debian or Ubuntu needs

Runs on the bare Python of the system, and so that it can complain about an old one, on Python 3.8.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # nothing is installed yet
from desktop import libraries

OLDEST = (3, 11)


def main(arguments: list[str]) -> int:
    if arguments == ["--debian"]:
        names = {debian for debian, _ in libraries.ALL.values()} | {"python3-venv"}
        sys.stdout.write(" ".join(sorted(names)) + "\n")
        return 0
    problems = [*wrong_with_python(), *missing_libraries()]
    if problems:
        sys.stderr.write("\n".join(problems) + "\n")
    return 1 if problems else 0


def wrong_with_python() -> list[str]:
    running = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < OLDEST:
        return [
            f"Attune needs Python 3.11 or newer; {sys.executable} is {running}.\n"
            "Name another one so: make PYTHON=python3.11 run"
        ]
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return []
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    return [
        f"{sys.executable} cannot make virtual environments.\n"
        f"Install with: sudo apt-get install {package}\n          or: sudo dnf install python3-libs"
    ]


def missing_libraries() -> list[str]:
    missing = libraries.missing(os.environ)
    return [libraries.how_to_install(missing)] if missing else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
