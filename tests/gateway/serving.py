"""A gateway over real sockets, an API that plays exact bytes, and the lines that the gateway writes."""

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
from vimmerse._server import listen
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.gateway.access_log import LOGGER
from vimmerse.compat.gateway.app import Gateway, create_app
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.gateway.server import Server, make_server

PATIENCE = 20.0  # seconds; everything here takes milliseconds


def until(condition: Callable[[], object], what: str) -> None:
    """Wait for something that comes; fail when it does not."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come"
        time.sleep(0.005)


class AccessLog(logging.Handler):
    """The lines of the access log."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[dict[str, Any]] = []
        self._changed = threading.Condition()

    def emit(self, record: logging.LogRecord) -> None:
        with self._changed:
            self._lines.append(json.loads(record.getMessage()))
            self._changed.notify_all()

    def find(self, **fields: Any) -> dict[str, Any]:
        """The latest line with these fields; waits for it, since a line is written after its answer."""

        def found() -> list[dict[str, Any]]:
            return [line for line in self._lines if all(line.get(name) == value for name, value in fields.items())]

        with self._changed:
            assert self._changed.wait_for(found, PATIENCE), self._lines
            return found()[-1]

    def clear(self) -> None:
        with self._changed:
            self._lines.clear()

    @property
    def text(self) -> str:
        with self._changed:
            return json.dumps(self._lines)


@dataclass
class Running:
    """A gateway in a thread."""

    base_url: str
    port: int
    gateway: Gateway
    server: Server
    thread: threading.Thread
    access_log: AccessLog

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def raw(self, request: bytes) -> bytes:
        """What comes back for these bytes, until the connection ends."""
        with self.connect() as plug:
            plug.sendall(request)
            return read_all(plug)


def read_all(plug: socket.socket) -> bytes:
    pieces = []
    while piece := plug.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


@contextmanager
def serving(
    policy: Policy, config: GatewayConfig | None = None, transport: httpx.AsyncBaseTransport | None = None
) -> Iterator[Running]:
    config = config or GatewayConfig()
    app = create_app(policy, config, transport=transport)
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
    running = Running(f"http://127.0.0.1:{port}", port, app.state.gateway, server, thread, access_log)
    try:
        until(lambda: server.started, "the server's start")
        yield running
    finally:
        running.stop()
        logger.removeHandler(access_log)
        logger.level, logger.propagate = before


@dataclass
class Heard:
    """A request as it came over the wire."""

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


Answer = Callable[[Heard, socket.socket], bytes | None]


def answer(content: bytes, status: bytes = b"200 OK", headers: bytes = b"Content-Type: application/json\r\n") -> bytes:
    """An HTTP answer with its length."""
    return b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" % (status, headers, len(content), content)


class RawApi:
    """A server that hears exact bytes and answers with what ``play`` gives; None ends the connection."""

    def __init__(self, play: Answer) -> None:
        self.play = play
        self.heard: list[Heard] = []
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
                plug, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(plug,), daemon=True).start()

    def _talk(self, plug: socket.socket) -> None:
        with plug, plug.makefile("rb") as file:
            while (heard := self._hear(file)) is not None:
                self.heard.append(heard)
                given = self.play(heard, plug)
                if given is None:
                    return
                plug.sendall(given)

    def _hear(self, file: Any) -> Heard | None:
        lines = []
        try:
            while (line := file.readline()) not in (b"\r\n", b""):
                lines.append(line)
            if not lines:
                return None
            heard = Heard(b"".join(lines), b"")
            if heard.header(b"content-length"):
                heard.body = file.read(int(heard.header(b"content-length")[0]))
            elif heard.header(b"transfer-encoding"):
                while size := int(file.readline(), 16):
                    heard.body += file.read(size)
                    file.readline()
                file.readline()
        except (OSError, ValueError):
            return None
        return heard


def ended(plug: socket.socket) -> bool:
    """Wait until the other side has closed the connection."""
    plug.settimeout(PATIENCE)
    try:
        return plug.recv(1) == b""
    except ConnectionError:
        return True
