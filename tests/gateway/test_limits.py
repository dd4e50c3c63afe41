"""Limits of size, time and number, each with an error in v1's format."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from vimmerse._server import raise_descriptor_limit
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.runtime import bodies as _bodies
from vimmerse.emulator import Emulator

from tests.gateway.serving import RawApi, ReceivedRequest, Running, http_response, read_all, serving, until
from tests.sampling import sampled

pytestmark = pytest.mark.slow

CONFIG = GatewayConfig(max_body=300_000, max_header=4096, header_timeout=0.2, body_timeout=0.2, keep_alive_timeout=1)


@pytest.fixture(scope="module")
def narrow(shared_emulator: Emulator) -> Iterator[Running]:
    with serving(Policy(base_url=shared_emulator.base_url), CONFIG) as running:
        yield running


def parsed(response: bytes) -> tuple[int, dict[str, str]]:
    head, _, body = response.partition(b"\r\n\r\n")
    assert b"\r\nconnection: close" in head.lower()
    return int(head.split(b" ")[1]), json.loads(body)


def code(response: bytes) -> tuple[int, str]:
    status, error = parsed(response)
    assert error["message"] == error["code"]
    assert error["detail"]
    return status, error["code"]


@pytest.mark.parametrize("path", ["/story", "/image/x"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit(narrow: Running, path: str, chunked: bool) -> None:
    body = b"x" * 300_001
    content = (body[start : start + 50_000] for start in range(0, len(body), 50_000)) if chunked else body
    response = httpx.post(narrow.base_url + path, content=content)
    assert response.status_code == 413
    assert response.json()["code"] == "BODY_TOO_LARGE"
    assert "300000 bytes" in response.json()["detail"]


def test_a_body_at_the_limit(narrow: Running, emulator: Emulator) -> None:
    assert httpx.post(f"{narrow.base_url}/image/x", content=b"x" * 300_000).status_code == 404
    assert 300_000 in [request.size for request in emulator.requests]  # beside one that a test before has broken off


def test_headers_over_the_limit_in_one_piece(narrow: Running) -> None:
    response = narrow.raw(b"GET /story/x HTTP/1.1\r\nHost: g\r\nX: " + b"x" * 4096 + b"\r\n\r\n")
    assert code(response) == (431, "HEADERS_TOO_LARGE")


def test_headers_over_the_limit_that_never_end(narrow: Running) -> None:
    response = narrow.raw(b"GET /story/x HTTP/1.1\r\nHost: g\r\nX: " + b"x" * 5000)
    assert code(response) == (431, "HEADERS_TOO_LARGE")


def test_a_long_query_counts_as_a_header(narrow: Running) -> None:
    assert httpx.get(f"{narrow.base_url}/story/x?" + "x" * 4096).status_code == 431


def test_an_incomplete_head(narrow: Running) -> None:
    assert code(narrow.raw(b"GET /story/x HTT")) == (408, "REQUEST_TIMEOUT")


def test_a_silent_connection(narrow: Running) -> None:
    with narrow.connect() as sock:
        assert read_all(sock) == b""


def test_an_incomplete_head_of_a_second_request(narrow: Running) -> None:
    with narrow.connect() as sock, sock.makefile("rb") as file:
        sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: g\r\n\r\n")
        while file.readline() != b"\r\n":
            continue
        assert b"ok" in file.read(len(httpx.get(f"{narrow.base_url}/healthz").content))
        sock.sendall(b"GET /healthz HT")
        assert code(file.read()) == (408, "REQUEST_TIMEOUT")


def test_pipelined_requests_get_their_responses_in_order(narrow: Running) -> None:
    one = b"GET /healthz HTTP/1.1\r\nHost: g\r\n"
    assert narrow.raw((one + b"\r\n") * 2 + one + b"Connection: close\r\n\r\n").count(b"HTTP/1.1 200") == 3


@pytest.mark.parametrize("path", [b"/story", b"/image/x"])
def test_a_body_that_stalls(narrow: Running, path: bytes) -> None:
    response = narrow.raw(b"POST " + path + b" HTTP/1.1\r\nHost: g\r\nContent-Length: 10\r\n\r\nabc")
    assert code(response) == (408, "REQUEST_TIMEOUT")


def test_a_truncated_body_is_not_sent(narrow: Running, emulator: Emulator) -> None:
    narrow.access_log.clear()
    with narrow.connect() as sock:
        sock.sendall(b"POST /story HTTP/1.1\r\nHost: g\r\nContent-Length: 10\r\n\r\nabc")
    line = narrow.access_log.find(path="/story")
    assert (line["status"], line["disconnected"]) == (499, True)
    assert emulator.requests == ()


def test_an_invalid_chunk(narrow: Running) -> None:
    """No response has been started yet, so the client gets an error."""
    response = narrow.raw(b"POST /story HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
    assert code(response) == (400, "BAD_REQUEST")


def test_a_full_disk(narrow: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(writer: _bodies.BodyWriter, piece: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_bodies.BodyWriter, "write", full)
    response = httpx.post(f"{narrow.base_url}/story", data={"idea": "x"})
    assert response.status_code == 507
    assert "No space left on device" in response.json()["detail"]


def test_max_concurrency() -> None:
    free, begun = threading.Event(), threading.Semaphore(0)

    def slow(received: ReceivedRequest, sock: socket.socket) -> bytes:
        begun.release()
        assert free.wait(20)
        return http_response(b'{"id": "x"}')

    with RawApi(slow) as api, serving(Policy(base_url=api.base_url), GatewayConfig(max_concurrency=2)) as limited:
        responses: list[int] = []

        def call() -> None:
            responses.append(httpx.get(f"{limited.base_url}/story/x", timeout=20).status_code)

        threads = [threading.Thread(target=call) for _ in range(2)]
        for thread in threads:
            thread.start()
            assert begun.acquire(timeout=20)
        rejected = httpx.get(f"{limited.base_url}/story/x")
        assert httpx.get(f"{limited.base_url}/healthz").status_code == 200
        free.set()
        for thread in threads:
            thread.join(20)
        assert (rejected.status_code, rejected.json()["code"]) == (503, "GATEWAY_BUSY")
        assert rejected.headers["retry-after"] == "1"
        assert responses == [200, 200]
        until(limited.is_idle, "the end of all calls")
        assert httpx.get(f"{limited.base_url}/story/x").status_code == 200


def test_no_more_connections_to_the_api_than_requests_at_once() -> None:
    callers, rounds = 30, 2

    async def call(client: httpx.AsyncClient, base_url: str) -> list[int]:
        return [(await client.get(f"{base_url}/{path}")).status_code for path in ("story/x", "v2/story/x") * rounds]

    async def calls(base_url: str) -> list[list[int]]:
        limits = httpx.Limits(max_connections=callers, max_keepalive_connections=callers)
        async with httpx.AsyncClient(limits=limits, timeout=20) as client:
            return await asyncio.gather(*(call(client, base_url) for _ in range(callers)))

    def answer(received: ReceivedRequest, sock: socket.socket) -> bytes:
        return http_response(b'{"id": "x"}')

    with RawApi(answer) as api, serving(Policy(base_url=api.base_url)) as running:
        assert asyncio.run(calls(running.base_url)) == [[200] * 2 * rounds] * callers
        assert len(api.requests) == callers * 2 * rounds
        assert api.connections <= 2 * callers  # calls and streams have connections of their own


def drip(running: Running, path: bytes) -> bytes:
    """Send a body that never pauses for long and never ends, and return the response."""
    with running.connect() as sock:
        sock.sendall(b"POST " + path + b" HTTP/1.1\r\nHost: g\r\nContent-Length: 1000000\r\n\r\n")
        ended = threading.Event()

        def send() -> None:
            while not ended.wait(0.01):
                try:
                    sock.sendall(b"x")
                except OSError:
                    return

        sender = threading.Thread(target=send)
        sender.start()
        response = b""
        try:
            while piece := sock.recv(65536):
                response += piece
        except ConnectionResetError:
            pass  # what was received before is complete; the client still sends on a connection that has ended
        finally:
            ended.set()
            sender.join(20)
        return response


@pytest.mark.parametrize("path", sampled([b"/story", b"/image/x"], 2))
def test_a_slow_body_exceeds_the_request_timeout(emulator: Emulator, path: bytes) -> None:
    config = GatewayConfig(request_timeout=0.3)
    with serving(Policy(base_url=emulator.base_url), config) as running:
        response = drip(running, path)
        assert code(response) == (408, "REQUEST_TIMEOUT")
        assert "did not arrive within 0.3 seconds" in parsed(response)[1]["detail"]


class Stalling:
    """An API that sends half of each file or other read, and the rest when a test lets it."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.begun = threading.Semaphore(0)

    def __call__(self, received: ReceivedRequest, sock: socket.socket) -> bytes:
        if b"/v2/media/" in received.line:
            shown = {"id": "m", "processing_status": "success", "result": [f"http://127.0.0.1:{self.port}/file"]}
            return http_response(json.dumps(shown).encode())
        if received.line.startswith(b"GET"):
            sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfi")
            self.begun.release()
            assert self.go.wait(20)
            return b"lm"
        return http_response(b'{"id": "story-1"}')

    port = 0


@pytest.mark.parametrize("path", ["/media/m/download", "/v2/story/x"])
def test_slow_readers_take_no_connection_from_paid_calls(path: str) -> None:
    handler = Stalling()
    config = GatewayConfig(max_connections=5, max_downloads=5, max_concurrency=6, pool_timeout=0.2)
    with RawApi(handler) as api, serving(Policy(base_url=api.base_url), config) as running:
        handler.port = api.port
        response: list[bytes] = []
        threads = [
            threading.Thread(target=lambda: response.append(httpx.get(running.base_url + path, timeout=20).content))
            for _ in range(5)
        ]
        for thread in threads:
            thread.start()
            assert handler.begun.acquire(timeout=20)
        busy = httpx.get(running.base_url + path, timeout=20)
        paid = [httpx.post(f"{running.base_url}/{to}", data={"idea": "x"}, timeout=20) for to in ("story", "v2/story")]
        handler.go.set()
        for thread in threads:
            thread.join(20)
        assert (busy.status_code, busy.json()["code"]) == (503, "GATEWAY_BUSY")
        assert [one.status_code for one in paid] == [200, 200]
        assert response == [b"film"] * 5
        until(running.is_idle, "the end of all calls")
        assert httpx.get(running.base_url + path, timeout=20).content == b"film"


def test_slow_senders_and_forwarded_downloads_take_no_connection_from_paid_calls() -> None:
    """A media that only v1 knows, and bodies that arrive slowly on a path that is not a v1 call."""
    begun, go = threading.Semaphore(0), threading.Event()

    def handler(received: ReceivedRequest, sock: socket.socket) -> bytes:
        if received.line.startswith(b"GET /v2/"):
            return http_response(b"{}", b"404 Not Found")
        if received.line.startswith(b"GET"):
            sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfi")
            begun.release()
            assert go.wait(20)
            return b"lm"
        return http_response(b'{"id": "story-1"}')

    config = GatewayConfig(max_connections=2, pool_timeout=0.2)
    with RawApi(handler) as api, serving(Policy(base_url=api.base_url), config) as running, ExitStack() as stack:
        stack.callback(go.set)
        for headers in (b"Content-Length: 9\r\n", b"Content-Length: 9000000\r\n", b"Transfer-Encoding: chunked\r\n"):
            for _ in range(2):
                dripping = stack.enter_context(running.connect())
                dripping.sendall(b"POST /v2/story HTTP/1.1\r\nHost: g\r\n" + headers + b"\r\n1")
        until(lambda: running.requests.active == 6, "six bodies")
        threads = []
        paid = [httpx.post(f"{running.base_url}/{to}", data={"idea": "x"}, timeout=20) for to in ("story", "v2/story")]
        assert [one.status_code for one in paid] == [200, 200]
    with RawApi(handler) as api, serving(Policy(base_url=api.base_url), config) as running, ExitStack() as stack:
        go.clear()
        stack.callback(go.set)
        for _ in range(2):
            threads.append(threading.Thread(target=httpx.get, args=(f"{running.base_url}/media/m/download",)))
            threads[-1].start()
            assert begun.acquire(timeout=20)
        paid = [httpx.post(f"{running.base_url}/{to}", data={"idea": "x"}, timeout=20) for to in ("story", "v2/story")]
        assert [one.status_code for one in paid] == [200, 200]
        go.set()
        for thread in threads:
            thread.join(20)


def descriptors(config: GatewayConfig) -> int:
    """One for each caller, its stored body and each connection, and some for files and callers between two requests."""
    assert config.max_concurrency is not None
    return 2 * config.max_concurrency + 2 * config.max_connections + 2 * config.max_downloads + 1000


@pytest.mark.parametrize(
    ("soft", "hard", "expected"),
    [(1024, 1_048_576, 8192), (1024, 4096, 4096), (256, -1, 8192), (20_000, 20_000, None), (-1, -1, None)],
)
def test_serve_raises_the_limit_of_descriptors(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, expected: int | None
) -> None:
    resource = pytest.importorskip("resource")
    limits = []
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limit: limits.append(limit))
    raise_descriptor_limit()
    assert limits == ([] if expected is None else [(expected, hard)])


def test_windows_has_no_limit_of_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    raise_descriptor_limit()


def test_the_default_limits_fit_that_number_of_descriptors() -> None:
    assert descriptors(GatewayConfig()) < 8192


def test_each_request_in_progress_finds_a_connection() -> None:
    config = GatewayConfig()
    assert config.max_connections == config.max_keepalive_connections == config.max_concurrency
