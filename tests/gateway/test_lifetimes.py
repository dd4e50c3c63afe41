"""What happens to calls if the client disconnects, and if the gateway is shut down."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.gateway.config import GatewayConfig

from tests.gateway.serving import RawApi, ReceivedRequest, Running, ended, http_response, read_all, serving, until

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
CREATE = b"POST /story/idea-2-video HTTP/1.1\r\nHost: g\r\nX-Api-Key: k\r\n" + FORM
CREATED = http_response(b'{"id": "story-1", "status": "new"}')


def create(extra: bytes = b"") -> bytes:
    return CREATE + extra + b"Content-Length: 6\r\n\r\nidea=x"


class Waiting:
    """An API that responds when a test lets it."""

    def __init__(self, response: bytes | None) -> None:
        self.response = response
        self.requested = threading.Semaphore(0)
        self.go = threading.Event()
        self.closed = threading.Event()

    def __call__(self, received: ReceivedRequest, sock: socket.socket) -> bytes | None:
        self.requested.release()
        if self.response is None:
            if ended(sock):
                self.closed.set()
            return None
        assert self.go.wait(20)
        return self.response


def detached(running: Running) -> Callable[[], bool]:
    """Whether a call continues without its client: the gateway has returned to the server, and not written its line."""
    return lambda: running.requests.active < running.requests.received - running.access_log.written


@pytest.mark.parametrize("path", [b"/story/abc", b"/v2/story/abc", b"/media/abc/download"])
def test_a_disconnect_ends_a_free_call(path: bytes) -> None:
    handler = Waiting(None)
    with RawApi(handler) as api, serving(Policy(base_url=api.base_url)) as running:
        with running.connect() as sock:
            sock.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: g\r\n\r\n")
            assert handler.requested.acquire(timeout=20)
        assert handler.closed.wait(20)
        line = running.access_log.find(disconnected=True)
    assert line["status"] == 499
    assert "ids" not in line


@pytest.mark.parametrize("access_log", [True, False])
@pytest.mark.parametrize(
    ("request_", "response", "ids"),
    [
        (create(), CREATED, ["story-1"]),
        (b"POST /v2/story HTTP/1.1\r\nHost: g\r\nContent-Length: 2\r\n\r\n{}", CREATED, ["story-1"]),
        (
            create().replace(b"Length: 6", b"Length: 28").replace(b"idea=x", b"idea=x&visibility_status=0  "),
            http_response(b'{"data": {"id": "v1-story"}}'),
            ["v1-story"],
        ),
    ],
    ids=["translated", "untouched", "passed on"],
)
def test_a_paid_call_completes_after_a_disconnect(
    request_: bytes, response: bytes, ids: list[str], access_log: bool
) -> None:
    handler = Waiting(response)
    config = GatewayConfig(access_log=access_log)
    with RawApi(handler) as api, serving(Policy(base_url=api.base_url), config) as running:
        with running.connect() as sock:
            sock.sendall(request_)
            assert handler.requested.acquire(timeout=20)
        until(detached(running), "the client's disconnect")
        handler.go.set()
        line = running.access_log.find(disconnected=True)
    assert line["ids"] == ids
    assert line["status"] == 200
    assert len(api.requests) == 1


def test_a_paid_call_that_fails_after_a_disconnect_is_logged() -> None:
    handler = Waiting(b"")
    with (
        RawApi(lambda received, sock: handler(received, sock) or None) as api,
        serving(Policy(base_url=api.base_url)) as running,
    ):
        with running.connect() as sock:
            sock.sendall(create())
            assert handler.requested.acquire(timeout=20)
        until(detached(running), "the client's disconnect")
        handler.go.set()
        line = running.access_log.find(disconnected=True)
    assert (line["error"], line["status"], line["paid"]) == ("UPSTREAM_DISCONNECTED", 502, True)


@pytest.mark.parametrize("path", [b"/v2/story", b"/story"])
def test_a_truncated_response_after_a_disconnect(path: bytes) -> None:
    """The ids in the part that has arrived are logged, and so is the error."""
    handler = Waiting(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"id": "half"}')

    def half(received: ReceivedRequest, sock: socket.socket) -> None:
        sock.sendall(handler(received, sock) or b"")

    body = b"idea=x&visibility_status=0"
    head = b"POST " + path + b" HTTP/1.1\r\nHost: g\r\n" + FORM
    with RawApi(half) as api, serving(Policy(base_url=api.base_url)) as running:
        with running.connect() as sock:
            sock.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            assert handler.requested.acquire(timeout=20)
        until(detached(running), "the client's disconnect")
        handler.go.set()
        line = running.access_log.find(disconnected=True)
    assert line["error"] == "RemoteProtocolError"
    assert line["ids"] == ["half"]


def test_a_disconnect_ends_a_download() -> None:
    """The rest of the file is not read from its host."""
    closed = threading.Event()
    piece = b"x" * 65536

    def endless(received: ReceivedRequest, sock: socket.socket) -> bytes | None:
        if b"/v2/media" in received.line:
            url = f"http://127.0.0.1:{api.port}/file"
            return http_response(json.dumps({"id": "m", "processing_status": "success", "result": [url]}).encode())
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n")
        try:
            while True:
                sock.sendall(piece)
        except OSError:
            closed.set()
        return None

    with RawApi(endless) as api, serving(Policy(base_url=api.base_url)) as running:
        with running.connect() as sock:
            sock.sendall(b"GET /media/m/download HTTP/1.1\r\nHost: g\r\n\r\n")
            seen = b""
            while len(seen) < 2 * len(piece):  # some of the film, not its headers alone
                seen += sock.recv(len(piece))
        assert seen.startswith(b"HTTP/1.1 200")
        assert closed.wait(20)
        line = running.access_log.find(disconnected=True)
    assert line["status"] == 200
    assert line["bytes_out"] > 0


def test_a_disconnect_ends_an_endless_response_to_a_paid_call() -> None:
    closed = threading.Event()

    def endless(received: ReceivedRequest, sock: socket.socket) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while True:
                sock.sendall(b"x" * 65536)
        except OSError:
            closed.set()

    with RawApi(endless) as api, serving(Policy(base_url=api.base_url)) as running:
        with running.connect() as sock:
            sock.sendall(b"POST /v2/x HTTP/1.1\r\nHost: g\r\nContent-Length: 0\r\n\r\n")
            assert sock.recv(1000).startswith(b"HTTP/1.1 200")
        assert closed.wait(20)
        assert running.access_log.find(disconnected=True)["status"] == 200


def rejected(running: Running) -> bool:
    """Whether the server accepts no more connections: it closes its socket shortly after the shutdown has begun."""
    try:
        running.connect().close()
    except OSError:
        return True
    return False


def test_the_shutdown_waits_for_running_calls() -> None:
    handler = Waiting(CREATED)
    with RawApi(handler) as api, serving(Policy(base_url=api.base_url)) as running:
        with running.connect() as sock, running.connect() as gone:
            sock.sendall(create(b"Connection: close\r\n"))
            gone.sendall(create())
            for _ in range(2):
                assert handler.requested.acquire(timeout=20)
            gone.close()
            until(detached(running), "the client's disconnect")
            running.server.should_exit = True
            until(lambda: rejected(running), "the end of new connections")
            handler.go.set()
            assert b'{"data":{"id":"story-1"' in read_all(sock)
        line = running.access_log.find(disconnected=True)
        running.thread.join(20)
    assert line["ids"] == ["story-1"]


def test_the_shutdown_waits_for_paid_calls_without_clients(caplog: pytest.LogCaptureFixture) -> None:
    handler = Waiting(CREATED)
    caplog.set_level(logging.INFO, "vimmerse.gateway")
    with RawApi(handler) as api, serving(Policy(base_url=api.base_url)) as running:
        with running.connect() as sock:
            sock.sendall(create())
            assert handler.requested.acquire(timeout=20)
        until(detached(running), "the client's disconnect")
        running.server.should_exit = True
        until(lambda: "waiting for 1 paid calls" in caplog.text, "the wait")
        handler.go.set()
        running.thread.join(20)
        assert running.access_log.find(disconnected=True)["ids"] == ["story-1"]
    assert "abandoned" not in caplog.text


def test_the_shutdown_has_a_limit() -> None:
    """Clients that still wait get a response; calls that may have cost credits are logged."""
    handler = Waiting(CREATED)
    config = GatewayConfig(shutdown_timeout=0, paid_shutdown_timeout=0)
    with RawApi(handler) as api, serving(Policy(base_url=api.base_url), config) as running:
        with running.connect() as paid, running.connect() as free, running.connect() as slow:
            paid.sendall(create())
            free.sendall(b"GET /story/x HTTP/1.1\r\nHost: g\r\n\r\n")
            for _ in range(2):
                assert handler.requested.acquire(timeout=20)
            slow.sendall(b"POST /story HTTP/1.1\r\nHost: g\r\nContent-Length: 9\r\n\r\nabc")
            until(lambda: running.requests.active == 3, "the third call")
            running.server.should_exit = True
            responses = [read_all(sock) for sock in (paid, free, slow)]
        lines = [running.access_log.find(path=path) for path in ("/story/idea-2-video", "/story/{story_id}", "/story")]
        running.thread.join(20)
        handler.go.set()
    for response in responses:
        assert b'"code": "GATEWAY_STOPPING"' in response
    assert [response.split(b" ")[1] for response in responses] == [b"504", b"503", b"503"]
    assert [b"\r\nretry-after" in response.lower() for response in responses] == [False, True, True]
    assert [b"may have been created" in response for response in responses] == [True, False, False]
    assert [line["error"] for line in lines] == ["ABANDONED", "GATEWAY_STOPPING", "GATEWAY_STOPPING"]
    assert [line["status"] for line in lines] == [504, 503, 503]


def test_another_server_waits_for_paid_calls_too(caplog: pytest.LogCaptureFixture) -> None:
    """Without :meth:`Gateway.stop`, the time for them runs from the end of the lifespan."""

    def plain_uvicorn(app: Starlette, config: GatewayConfig) -> uvicorn.Server:
        return uvicorn.Server(uvicorn.Config(app, lifespan="on", log_config=None))

    handler = Waiting(CREATED)
    caplog.set_level(logging.INFO, "vimmerse.gateway")
    with RawApi(handler) as api, serving(Policy(base_url=api.base_url), make_server=plain_uvicorn) as running:
        assert httpx.get(f"{running.base_url}/healthz").status_code == 200
        with running.connect() as sock:
            sock.sendall(create())
            assert handler.requested.acquire(timeout=20)
        until(detached(running), "the client's disconnect")
        running.server.should_exit = True
        until(lambda: "waiting for 1 paid calls" in caplog.text, "the wait")
        handler.go.set()
        running.thread.join(20)
        assert running.access_log.find(disconnected=True)["ids"] == ["story-1"]
