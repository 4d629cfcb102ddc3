"""The processor's instruction sets that matter for training."""

from __future__ import annotations

import platform
import subprocess
import sys
from functools import cache
from pathlib import Path

_OF_INTEREST = ("avx2", "avx512f", "avx512_bf16", "avx512_fp16", "amx_bf16", "amx_int8", "neon", "asimd", "bf16", "sve")


@cache
def instruction_sets() -> tuple[str, ...]:
    """Names as Linux writes them, in a fixed order; empty where the system does not say."""
    flags = set(_flags())
    return tuple(name for name in _OF_INTEREST if name in flags)


def _flags() -> list[str]:
    if sys.platform.startswith("linux"):
        text = Path("/proc/cpuinfo").read_text("utf-8", "replace") if Path("/proc/cpuinfo").exists() else ""
        lines = [line for line in text.splitlines() if line.startswith(("flags", "Features"))]
        return lines[0].split(":", 1)[1].split() if lines else []
    if sys.platform == "darwin" and platform.machine() == "arm64":
        known = subprocess.run(["/usr/sbin/sysctl", "-n", "hw.optional.arm.FEAT_BF16"], capture_output=True, text=True)
        return ["neon", "bf16"] if known.stdout.strip() == "1" else ["neon"]
    return []
