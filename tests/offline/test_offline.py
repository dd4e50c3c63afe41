"""Tests can't reach another machine."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest
from pytest_socket import SocketConnectBlockedError

from tests.offline.sitecustomize import NetworkUseError

ELSEWHERE = ("192.0.2.1", 443)  # an address reserved for documentation


@pytest.mark.filterwarnings("ignore:A test tried to use")  # pytest-socket warns besides raising
def test_no_connection_from_here() -> None:
    with socket.socket() as plug, pytest.raises(SocketConnectBlockedError):
        plug.connect(ELSEWHERE)


def test_no_packet_from_here() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as plug, pytest.raises(NetworkUseError):
        plug.sendto(b"", ELSEWHERE)


def test_no_lookup_from_here() -> None:
    with pytest.raises(NetworkUseError):
        socket.getaddrinfo("api.vimmerse.net", 443)


@pytest.mark.parametrize(
    "statement", [f"socket.socket().connect({ELSEWHERE})", "socket.getaddrinfo('example.com', 80)"]
)
def test_no_connection_from_a_child_process(statement: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import socket; {statement}"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "NetworkUseError" in done.stderr


def test_loopback_connections_are_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
