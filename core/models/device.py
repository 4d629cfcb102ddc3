"""On what a run computes, in which precision, with how many threads and with what memory policy."""

from __future__ import annotations

import ctypes
import os
import sys
from dataclasses import dataclass

import psutil
import torch

from core.errors import WrongUse
from core.hardware.processor import instruction_sets

# glibc's mallopt: give no memory back to the system, and take it from the heap instead of fresh, zeroed pages.
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_MAX = -1, -2, -4


@dataclass(frozen=True)
class Compute:
    """What was chosen: a torch device string, accelerate's name of the precision, and the CPU threads."""

    device: str
    precision: str
    threads: int

    @property
    def mixed_precision(self) -> str:
        return "no" if self.precision == "fp32" else self.precision


def device_to_answer() -> torch.device:
    """The best device for a model's answers, in float32, with this process prepared for it."""
    compute = choose_compute("auto", "fp32", None)
    prepare_process(compute, deterministic=False)
    return torch.device(compute.device)


def choose_compute(device: str, precision: str, threads: int | None) -> Compute:
    """Resolve "auto". Raises: WrongUse for a device or a precision this machine does not have."""
    kind = _device(device)
    if precision == "auto":
        precision = _best_precision(kind)
    elif precision == "fp16" and not kind.startswith("cuda"):
        raise WrongUse("fp16 needs an NVIDIA or AMD GPU.", "training.precision", "Leave it at auto.")
    return Compute(kind, precision, threads or psutil.cpu_count(logical=False) or os.cpu_count() or 1)


def _device(wanted: str) -> str:
    available = {
        "cuda": torch.cuda.is_available(),
        "xpu": torch.xpu.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if wanted == "auto":
        return next(name for name, there in available.items() if there)
    name, _, number = wanted.partition(":")
    if not available[name] or (number and int(number) >= getattr(torch, name).device_count()):
        there = ", ".join(each for each, able in available.items() if able)
        raise WrongUse(
            "This machine has no device {name}.", "device", "It has: {there}.", {"name": wanted, "there": there}
        )
    return wanted


def _best_precision(device: str) -> str:
    if device.startswith("cuda"):
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"
    if device.startswith("xpu"):
        return "bf16"
    if device == "cpu" and {"amx_bf16", "avx512_bf16"} & set(instruction_sets()):
        return "bf16"
    return "fp32"


def prepare_process(compute: Compute, deterministic: bool) -> None:
    """Settings of the whole process; called once, before anything is computed."""
    torch.set_num_threads(compute.threads)
    if compute.device == "cpu":
        keep_freed_memory()
    if deterministic:
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.use_deterministic_algorithms(True, warn_only=True)
        torch.backends.cudnn.benchmark = False
    os.environ["ACCELERATE_TORCH_DEVICE"] = compute.device


def keep_freed_memory() -> None:
    """Let glibc reuse freed tensors' memory instead of asking the system for zeroed pages at each step.

    PyTorch has no caching allocator on the CPU, and glibc maps every large block anew: the page faults cost a fifth of
    a MiniLM step and, for pictures, up to half of it (measured: 137 to 167 and 9.8 to 18.5 samples/s).
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    if mallopt is not None:
        mallopt(_M_MMAP_MAX, 0)
        mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)
        mallopt(_M_TOP_PAD, 64 * 2**20)
