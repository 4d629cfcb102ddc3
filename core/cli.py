"""The command line: its words, and how errors leave it. What each command does stands in `core.commands`."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any

from core import __version__, commands
from core.errors import AttuneError
from core.settings.method import METHODS
from core.tasks import tasks

_REF = "a model folder, starter:NAME, torchvision:resnet18@WEIGHTS, or the folder of an earlier run"


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command and return the exit code.

    0 done, 2 wrong use, 3 bad data or model, 4 the work failed, 130 interrupted.
    """
    arguments = parser().parse_args(argv)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        arguments.command(arguments)
    except AttuneError as error:
        print(f"attune: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("attune: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
        return 0
    return 0


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="attune",
        description="Fine-tune pretrained models on your own machine, offline. Without arguments the window opens.",
    )
    top.add_argument("--version", action="version", version=f"attune {__version__}")
    words = top.add_subparsers(required=True, metavar="COMMAND")

    inspect = _command(words, "inspect", "say what was found in a file or folder", commands.inspect)
    inspect.add_argument("path", metavar="PATH")
    _data_words(inspect)

    train = _command(words, "train", "fine-tune a model", commands.train)
    train.add_argument("data", nargs="?", metavar="DATA", help="a file, or a folder of files or of images by class")
    train.add_argument("--model", metavar="REF", help=_REF)
    train.add_argument("--output", metavar="RUN", help="the new folder of the run")
    train.add_argument("--spec", metavar="FILE", help="a spec (.yaml or .json) instead of DATA and --model")
    train.add_argument("--run", metavar="RUN", help="carry out the spec.json in this folder")
    train.add_argument("--method", choices=list(METHODS), help="which weights learn: whole model, head only, or LoRA")
    _data_words(train)

    evaluate = _command(words, "evaluate", "judge a run's model again", commands.evaluate)
    evaluate.add_argument("run", metavar="RUN")
    evaluate.add_argument("--data", metavar="PATH", help="other data with labels; else the run's own kept parts")

    predict = _command(words, "predict", "answer texts, files of texts, pictures or folders of them", commands.predict)
    predict.add_argument("run", metavar="RUN")
    predict.add_argument("inputs", nargs="+", metavar="INPUT")
    predict.add_argument("--output", metavar="FILE", help="write the answers into FILE.csv or FILE.jsonl")

    export = _command(words, "export", "write the model in a format others read, and check it", commands.export)
    export.add_argument("run", metavar="RUN")
    export.add_argument("--format", required=True, metavar="FORMAT", help="transformers, adapter or onnx")
    export.add_argument("--output", required=True, metavar="DIR", help="a new folder")

    _command(words, "models", "list the models that can be used on this machine", commands.models)
    sample = _command(words, "sample", "fine-tune on a sample project, to see how it works", commands.sample)
    sample.add_argument("name", nargs="?", default="", metavar="NAME", help="which sample; else the first one")
    return top


def _command(words: Any, name: str, help: str, command: commands.Command) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = words.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.")
    one.add_argument("--json", action="store_true", help="print JSON, and nothing else, on standard output")
    one.set_defaults(command=command)
    return one


def _data_words(one: argparse.ArgumentParser) -> None:
    one.add_argument("--task", metavar="TASK", help=f"instead of finding it: {', '.join(tasks())}")
    one.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", dest="settings",
        help="any option of the spec, such as training.epochs=3 or data.label_column=topic; may be repeated",
    )  # fmt: skip
    one.add_argument("--allow-bad", action="store_true", help="go on though more than 5 %% of the rows cannot be used")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
