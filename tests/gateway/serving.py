"""A gateway over real sockets, an API that sends exact bytes, and the gateway's access log."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send
from vimmerse._server import listen
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.gateway.access_log import LOGGER
from vimmerse.compat.gateway.app import create_app
from vimmerse.compat.gateway.body_storage import BodyStorage
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.gateway.server import make_server

TIMEOUT = 20.0  # seconds; everything here takes milliseconds


def until(condition: Callable[[], object], what: str) -> None:
    """Wait until a condition is met."""
    deadline = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.005)


class AccessLog(logging.Handler):
    """The lines of the access log."""

    def __init__(self) -> None:
        super().__init__()
        self.written = 0  # since the start
        self._lines: list[dict[str, Any]] = []
        self._changed = threading.Condition()

    def emit(self, record: logging.LogRecord) -> None:
        with self._changed:
            self.written += 1
            self._lines.append(json.loads(record.getMessage()))
            self._changed.notify_all()

    def find(self, **fields: Any) -> dict[str, Any]:
        """The latest line with these fields; waits for it, since a line is written after its response."""

        def matches() -> list[dict[str, Any]]:
            return [line for line in self._lines if all(line.get(name) == value for name, value in fields.items())]

        with self._changed:
            assert self._changed.wait_for(matches, TIMEOUT), self._lines
            return matches()[-1]

    def clear(self) -> None:
        with self._changed:
            self._lines.clear()

    @property
    def text(self) -> str:
        with self._changed:
            return json.dumps(self._lines)


class CountedRequests:
    """An ASGI app that counts the requests which another app has received, and is handling."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.received = 0
        self.active = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.received += 1
        self.active += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.active -= 1


@dataclass
class Running:
    """A gateway in a thread."""

    base_url: str
    port: int
    requests: CountedRequests
    bodies: BodyStorage
    server: uvicorn.Server
    thread: threading.Thread
    access_log: AccessLog

    def is_idle(self) -> bool:
        """Whether every call has ended, including those without clients: each writes a line at its end."""
        return self.access_log.written == self.requests.received

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(TIMEOUT)
        assert not self.thread.is_alive()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), TIMEOUT)

    def raw(self, request: bytes) -> bytes:
        """What comes back for these bytes, until the connection ends."""
        with self.connect() as sock:
            sock.sendall(request)
            return read_all(sock)


def read_all(sock: socket.socket) -> bytes:
    pieces = []
    while piece := sock.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


@contextmanager
def serving(
    policy: Policy,
    config: GatewayConfig | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    make_server: Callable[[Starlette, GatewayConfig], uvicorn.Server] = make_server,
) -> Iterator[Running]:
    config = config or GatewayConfig()
    app = create_app(policy, config, transport=transport)
    app.router.default = requests = CountedRequests(app.router.default)
    server = make_server(app, config)
    listener = listen("127.0.0.1", 0)
    access_log = AccessLog()
    logger = logging.getLogger(LOGGER)
    before = logger.level, logger.propagate
    logger.addHandler(access_log)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    port = listener.getsockname()[1]
    running = Running(f"http://127.0.0.1:{port}", port, requests, app.state.gateway.bodies, server, thread, access_log)
    try:
        until(lambda: server.started, "the server's start")
        yield running
    finally:
        running.stop()
        logger.removeHandler(access_log)
        logger.level, logger.propagate = before


@dataclass
class ReceivedRequest:
    """A request as it was received."""

    head: bytes
    body: bytes

    @property
    def line(self) -> bytes:
        return self.head.split(b"\r\n", 1)[0]

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        lines = self.head.split(b"\r\n")[1:]
        return [(name, value.strip()) for name, _, value in (line.partition(b":") for line in lines if line)]

    def header(self, name: bytes) -> list[bytes]:
        return [value for key, value in self.headers if key.lower() == name]


Handler = Callable[[ReceivedRequest, socket.socket], bytes | None]


def http_response(
    content: bytes, status: bytes = b"200 OK", headers: bytes = b"Content-Type: application/json\r\n"
) -> bytes:
    """An HTTP response with its length."""
    return b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" % (status, headers, len(content), content)


class RawApi:
    """A server that sends the bytes that ``handler`` returns; None closes the connection."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.requests: list[ReceivedRequest] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> RawApi:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with sock, sock.makefile("rb") as file:
            while (received := self._receive(file)) is not None:
                self.requests.append(received)
                response = self.handler(received, sock)
                if response is None:
                    return
                sock.sendall(response)

    def _receive(self, file: Any) -> ReceivedRequest | None:
        lines = []
        try:
            while (line := file.readline()) not in (b"\r\n", b""):
                lines.append(line)
            if not lines:
                return None
            received = ReceivedRequest(b"".join(lines), b"")
            if received.header(b"content-length"):
                received.body = file.read(int(received.header(b"content-length")[0]))
            elif received.header(b"transfer-encoding"):
                while size := int(file.readline(), 16):
                    received.body += file.read(size)
                    file.readline()
                file.readline()
        except (OSError, ValueError):
            return None
        return received


def ended(sock: socket.socket) -> bool:
    """Wait until the other side has closed the connection."""
    sock.settimeout(TIMEOUT)
    try:
        return sock.recv(1) == b""
    except ConnectionError:
        return True
