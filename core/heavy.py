"""The heavy half's entrances, as text. Light code names them here and nowhere else, and imports none of them.

A name is resolved inside a run's own process, so that a window, a list of tasks or `attune --help` never waits for
torch.
"""

from __future__ import annotations

import os
import warnings
from importlib import import_module
from typing import Any

ENTRANCES: dict[str, str] = {
    "inspect": "core.data.inspect:inspect",
    "new_run": "core.engine.new_run:new_run",
    "train": "core.engine.run:carry_out",
    "evaluate": "core.evaluation.evaluate:evaluate",
    "predict": "core.evaluation.predict:predict",
    "write_answers": "core.evaluation.answers:write_answers",
    "sentences": "core.evaluation.report:sentences",
    "export": "core.export.export:export",
    "models": "core.models.listing:models",
}


def resolve(name: str) -> Any:
    """Import an entrance. The libraries behind it are told first to stay off the network and to print nothing."""
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ[variable] = "1"
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    # How long libgomp's threads spin for work before they sleep. Its own choice is quickest on a machine that does
    # nothing else, but beside one busy program a run then took 4 to 8 times as long, as spinning threads keep waiting
    # ones off the cores. Measured on two cores, 60 MiniLM steps: 8.8 s alone and 38 to 50 s beside a busy program;
    # with 3,000 turns 10 s and 13 s; with sleep at once 12.6 s and 13 s.
    os.environ.setdefault("GOMP_SPINCOUNT", "5000")
    # transformers warns about its own next version; a person in a terminal can do nothing about it.
    warnings.filterwarnings("ignore", category=FutureWarning, module="transformers")
    module, _, attribute = ENTRANCES[name].partition(":")
    return getattr(import_module(module), attribute)
