"""Each test of the library has a bare home."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def attune_home(tmp_path, monkeypatch):
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"
