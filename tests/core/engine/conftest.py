"""What every test of the engine needs: accelerate forgets the run before, and one run leaves nothing in the process."""

import os

import pytest
import torch
from accelerate.state import AcceleratorState


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch):
    """accelerate keeps device and precision in singletons, and a run sets its device in the environment."""
    monkeypatch.setitem(os.environ, "ACCELERATE_TORCH_DEVICE", "cpu")
    threads = torch.get_num_threads()
    AcceleratorState._reset_state(reset_partial_state=True)
    yield
    AcceleratorState._reset_state(reset_partial_state=True)
    torch.set_num_threads(threads)
