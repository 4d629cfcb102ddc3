"""The walls that tests/conftest.py puts around every test hold."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from core import places


def test_the_home_is_a_new_folder(attune_home):
    assert places.home() == attune_home
    assert Path.home() not in places.projects().parents


def test_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as connection:
        assert connection.getpeername() == server.getsockname()


def test_no_library_may_probe_the_network():
    assert os.environ["HF_HUB_OFFLINE"] == "1"


def test_reaching_out_is_refused_and_remembered(no_network):
    with socket.socket() as plain, pytest.raises(OSError, match="no network"):
        plain.connect(("192.0.2.1", 80))
    with pytest.raises(OSError, match="no network"):
        socket.getaddrinfo("example.org", 443)
    assert no_network == ["192.0.2.1", "example.org"]
    no_network.clear()  # else it would fail this test, as it does where a library swallows the refusal
