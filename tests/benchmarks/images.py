"""Image classification: python -m tests.benchmarks.images [--data photos/] [--accuracy]"""

import tempfile
from pathlib import Path

from core.library.samples import write_digits
from tests.benchmarks.measure import Variants, main

VARIANTS: Variants = {
    "bf16": {"arguments": {"bf16": True}},
    "defaults": {"arguments": {}},
}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        write_digits(Path(folder))
        main("image-classification", str(Path(folder) / "digits"), "starter:efficientnet-lite0", VARIANTS)
