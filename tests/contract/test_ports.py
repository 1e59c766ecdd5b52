"""Two servers of tests never get the same port."""

import os
import socket

import pytest
from support import ports
from support.ports import HOST, free_port


@pytest.fixture
def _begins(monkeypatch: pytest.MonkeyPatch, socket_enabled: None) -> None:
    """Let every search begin at the same port, as two processes may by chance."""
    begins = ports.secrets.randbelow(500)
    monkeypatch.setattr(ports.secrets, "randbelow", lambda _: begins)


@pytest.mark.usefixtures("_begins")
def test_a_port_is_given_once() -> None:
    found = [free_port() for _ in range(3)]
    assert len(set(found)) == 3


@pytest.mark.usefixtures("_begins")
def test_one_where_somebody_listens_is_passed_over() -> None:
    taken = free_port()
    os.close(ports._LOCKED.pop())  # the server below listens without holding a lock
    with socket.create_server((HOST, taken)):
        assert free_port() != taken


@pytest.mark.usefixtures("socket_enabled")
def test_none_is_of_those_the_kernel_chooses_from() -> None:
    with socket.create_server((HOST, 0)) as server:
        assert free_port() < server.getsockname()[1]
