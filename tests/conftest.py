"""What holds for every test: no screen, no network, and a home of its own for what Attune keeps."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = "1"


@pytest.fixture(scope="session", autouse=True)
def attune_home(tmp_path_factory):
    """One ATTUNE_HOME for all, so that a starter model is unpacked once; a room that needs a bare one overrides it."""
    home = tmp_path_factory.mktemp("attune-home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTUNE_HOME", str(home))
        yield home


@pytest.fixture(autouse=True)
def one_thread():
    """Two busy processes on few cores slow each other several times, because idle threads of torch spin."""
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Refuse connections and look-ups beyond this machine, and fail the test even where the refusal was swallowed."""
    tried = []

    def guarded(call, address_of):
        def guard(*arguments, **options):
            address = address_of(*arguments)
            if is_local(address):
                return call(*arguments, **options)
            tried.append(address[0])
            raise OSError(f"Tests have no network: {address[0]}")

        return guard

    for name in ("connect", "connect_ex"):
        call = getattr(socket.socket, name)
        monkeypatch.setattr(socket.socket, name, guarded(call, lambda _, address: address))
    monkeypatch.setattr(socket, "getaddrinfo", guarded(socket.getaddrinfo, lambda host, *_: (host,)))
    yield tried
    assert not tried, f"The test reached out to {tried}."


def is_local(address):
    """Whether an address as `socket` takes it stays on this machine; paths and bytes are those of Unix sockets."""
    if not isinstance(address, tuple):
        return True
    host = address[0]
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
