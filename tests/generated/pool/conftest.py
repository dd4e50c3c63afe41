"""A server for the pooled transport, over real sockets, that shows what happens to its connections."""

from __future__ import annotations

import importlib.util
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any

import anyio
import httpx
import pytest
from vimmerse._http.pool import AsyncPooledTransport

TIMEOUT = 20.0  # seconds; everything here takes milliseconds
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BACKENDS = ["asyncio", *(["trio"] if importlib.util.find_spec("trio") else [])]


class Connection:
    """A connection at the server."""

    def __init__(self, server: Server, number: int, sock: socket.socket) -> None:
        self.server, self.number, self.sock = server, number, sock
        self.closed = threading.Event()  # by the client

    def serve(self) -> None:
        keep_open = True
        with suppress(OSError), self.sock, self.sock.makefile("rb") as file:
            while keep_open and (head := self._head(file)):
                with self.server.changed:
                    self.server.served.append((self.number, head))
                    self.server.changed.notify_all()
                keep_open = self.server.respond(self, head)
        if keep_open:
            self.closed.set()
        with self.server.changed:
            self.server.open.discard(self.number)
            self.server.changed.notify_all()

    def _head(self, file: Any) -> bytes:
        lines = []
        while (line := file.readline()) not in (b"\r\n", b""):
            lines.append(line)
        return b"".join(lines)


class Server:
    """Calls ``respond`` for each request, which says whether the connection stays open."""

    def __init__(self, respond: Callable[[Connection, bytes], bool] | None = None) -> None:
        self.respond = respond or self.ok
        self.connections: list[Connection] = []
        self.served: list[tuple[int, bytes]] = []  # number of the connection, request line and headers
        self.open: set[int] = set()
        self.most_open = 0
        self.changed = threading.Condition()
        self.go = threading.Event()  # lets held responses go
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.go.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def ok(self, connection: Connection, head: bytes) -> bool:
        if b"/held" in head:
            self.go.wait(TIMEOUT)
        connection.sock.sendall(RESPONSE)
        return True

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            connection = Connection(self, len(self.connections), sock)
            with self.changed:
                self.connections.append(connection)
                self.open.add(connection.number)
                self.most_open = max(self.most_open, len(self.open))
                self.changed.notify_all()
            threading.Thread(target=connection.serve, daemon=True).start()

    @property
    def paths(self) -> list[str]:
        return [head.split()[1].decode() for _, head in self.served]

    async def has_served(self, count: int) -> None:
        await in_thread(self.wait, lambda: len(self.served) >= count)

    async def has_accepted(self, count: int) -> None:
        await in_thread(self.wait, lambda: len(self.connections) >= count)

    async def has_seen_close(self, *numbers: int) -> None:
        for number in numbers:
            assert await in_thread(self.connections[number].closed.wait, TIMEOUT)

    def wait(self, condition: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, TIMEOUT)


async def in_thread(function: Callable[..., Any], *arguments: Any) -> Any:
    return await anyio.to_thread.run_sync(function, *arguments)


def limits(connections: int | None = 10, idle: int | None = 10, expiry: float | None = None) -> httpx.Limits:
    return httpx.Limits(max_connections=connections, max_keepalive_connections=idle, keepalive_expiry=expiry)


def request(server: Server | str, path: str = "/", method: str = "GET", **more: Any) -> httpx.Request:
    base = server if isinstance(server, str) else f"http://127.0.0.1:{server.port}"
    extensions = {"timeout": {"connect": TIMEOUT, "read": TIMEOUT, "write": TIMEOUT, "pool": TIMEOUT}}
    return httpx.Request(method, base + path, extensions={**extensions, **more})


async def fetch(pool: AsyncPooledTransport, server: Server | str, path: str = "/", method: str = "GET") -> bytes:
    return await (await pool.handle_async_request(request(server, path, method))).aread()


@pytest.fixture(params=BACKENDS)
def run(request: pytest.FixtureRequest) -> Callable[[Callable[[], Awaitable[None]]], None]:
    return lambda test: anyio.run(test, backend=request.param)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


Run = Callable[[Callable[[], Awaitable[None]]], None]
