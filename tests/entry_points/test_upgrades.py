"""An upgraded connection (a websocket) passes through every entry point unchanged."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import httpx
import httpx2
import pytest
import requests
from vimmerse.compat import AsyncCompatTransport, CompatAdapter, CompatTransport, Policy

UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Key": "dGhlIHNhbXBsZQ==", "X-Twice": "1"}
URLS = ["https://api.vimmerse.net/workflow/socket", "https://example.org/story/socket"]


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_httpx_gets_the_upgraded_connection(library: ModuleType, url: str) -> None:
    stream, seen = object(), []

    def handle(request: Any) -> Any:
        seen.append(request)
        return library.Response(101, headers={"Upgrade": "websocket"}, extensions={"network_stream": stream})

    request = library.Request("GET", url, headers=UPGRADE)
    policy = Policy()
    response = CompatTransport(library.MockTransport(handle), policy=policy).handle_request(request)
    later = asyncio.run(
        AsyncCompatTransport(library.MockTransport(handle), policy=policy).handle_async_request(request)
    )
    assert seen == [request, request]
    assert all(one is request for one in seen)  # the caller's own object: nothing was read, nothing was written
    for one in (response, later):
        assert (one.status_code, one.extensions["network_stream"]) == (101, stream)


@pytest.fixture
def raw() -> Iterator[tuple[int, list[bytes]]]:
    """A server that upgrades one connection and then echoes what it receives."""
    seen: list[bytes] = []

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += connection.recv(4096)
            seen.append(head)
            connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
            connection.sendall(connection.recv(4096))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1], seen
        thread.join()


def test_requests_gets_the_upgraded_connection(raw: tuple[int, list[bytes]]) -> None:
    port, seen = raw
    url = f"http://127.0.0.1:{port}/workflow/socket"
    with requests.Session() as session:
        session.mount("http://", CompatAdapter(policy=Policy(base_url=f"http://127.0.0.1:{port}")))
        response = session.get(url, headers=UPGRADE, stream=True)
        assert response.status_code == 101
        assert not hasattr(response, "vimmerse")
        connection: Any = response.raw._connection  # noqa: SLF001  # urllib3 has no public name for it
        connected = connection.sock
        connected.sendall(b"\x81\x02hi")
        assert connected.recv(16) == b"\x81\x02hi"
        response.close()
    assert b"Upgrade: websocket\r\n" in seen[0]
    assert seen[0].startswith(b"GET /workflow/socket HTTP/1.1\r\n")
