"""Limits of size, time and number, each with an answer in v1's shape."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.runtime import bodies as _bodies
from vimmerse.emulator import Emulator

from tests.gateway.serving import Heard, RawApi, Running, answer, read_all, serving, until

pytestmark = pytest.mark.slow

CONFIG = GatewayConfig(max_body=300_000, max_header=4096, header_timeout=0.2, body_timeout=0.2, keep_alive_timeout=1)


@pytest.fixture(scope="module")
def narrow(shared_emulator: Emulator) -> Iterator[Running]:
    with serving(Policy(base_url=shared_emulator.base_url), CONFIG) as running:
        yield running


def parsed(found: bytes) -> tuple[int, dict[str, str]]:
    head, _, body = found.partition(b"\r\n\r\n")
    assert b"\r\nconnection: close" in head.lower()
    return int(head.split(b" ")[1]), json.loads(body)


def code(found: bytes) -> tuple[int, str]:
    status, error = parsed(found)
    assert error["message"] == error["code"]
    assert error["detail"]
    return status, error["code"]


@pytest.mark.parametrize("path", ["/story", "/image/x"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit(narrow: Running, path: str, chunked: bool) -> None:
    body = b"x" * 300_001
    content = (body[start : start + 50_000] for start in range(0, len(body), 50_000)) if chunked else body
    found = httpx.post(narrow.base_url + path, content=content)
    assert found.status_code == 413
    assert found.json()["code"] == "BODY_TOO_LARGE"
    assert "300000 bytes" in found.json()["detail"]


def test_a_body_at_the_limit(narrow: Running, emulator: Emulator) -> None:
    assert httpx.post(f"{narrow.base_url}/image/x", content=b"x" * 300_000).status_code == 404
    assert 300_000 in [request.size for request in emulator.requests]  # beside one that a test before has broken off


def test_headers_over_the_limit_in_one_piece(narrow: Running) -> None:
    found = narrow.raw(b"GET /story/x HTTP/1.1\r\nHost: g\r\nX: " + b"x" * 4096 + b"\r\n\r\n")
    assert code(found) == (431, "HEADERS_TOO_LARGE")


def test_headers_over_the_limit_that_never_end(narrow: Running) -> None:
    found = narrow.raw(b"GET /story/x HTTP/1.1\r\nHost: g\r\nX: " + b"x" * 5000)
    assert code(found) == (431, "HEADERS_TOO_LARGE")


def test_a_long_query_counts(narrow: Running) -> None:
    assert httpx.get(f"{narrow.base_url}/story/x?" + "x" * 4096).status_code == 431


def test_a_request_without_end(narrow: Running) -> None:
    assert code(narrow.raw(b"GET /story/x HTT")) == (408, "REQUEST_TIMEOUT")


def test_a_connection_that_says_nothing(narrow: Running) -> None:
    with narrow.connect() as plug:
        assert read_all(plug) == b""


def test_a_second_request_without_end(narrow: Running) -> None:
    with narrow.connect() as plug, plug.makefile("rb") as file:
        plug.sendall(b"GET /healthz HTTP/1.1\r\nHost: g\r\n\r\n")
        while file.readline() != b"\r\n":
            continue
        assert b"ok" in file.read(len(httpx.get(f"{narrow.base_url}/healthz").content))
        plug.sendall(b"GET /healthz HT")
        assert code(file.read()) == (408, "REQUEST_TIMEOUT")


def test_pipelined_requests_are_answered_in_order(narrow: Running) -> None:
    one = b"GET /healthz HTTP/1.1\r\nHost: g\r\n"
    assert narrow.raw((one + b"\r\n") * 2 + one + b"Connection: close\r\n\r\n").count(b"HTTP/1.1 200") == 3


@pytest.mark.parametrize("path", [b"/story", b"/image/x"])
def test_a_body_that_stalls(narrow: Running, path: bytes) -> None:
    found = narrow.raw(b"POST " + path + b" HTTP/1.1\r\nHost: g\r\nContent-Length: 10\r\n\r\nabc")
    assert code(found) == (408, "REQUEST_TIMEOUT")


def test_a_body_that_breaks_off_is_no_request(narrow: Running, emulator: Emulator) -> None:
    narrow.access_log.clear()
    with narrow.connect() as plug:
        plug.sendall(b"POST /story HTTP/1.1\r\nHost: g\r\nContent-Length: 10\r\n\r\nabc")
    line = narrow.access_log.find(path="/story")
    assert (line["status"], line["disconnected"]) == (499, True)
    assert emulator.requests == ()


def test_garbage_in_place_of_a_chunk(narrow: Running) -> None:
    """Nothing has been answered yet, so the error is."""
    found = narrow.raw(b"POST /story HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
    assert code(found) == (400, "BAD_REQUEST")


def test_a_full_disk(narrow: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(writer: _bodies.BodyWriter, piece: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_bodies.BodyWriter, "write", full)
    found = httpx.post(f"{narrow.base_url}/story", data={"idea": "x"})
    assert found.status_code == 507
    assert "No space left on device" in found.json()["detail"]


def test_so_many_and_no_more() -> None:
    free, begun = threading.Event(), threading.Semaphore(0)

    def slow(heard: Heard, plug: socket.socket) -> bytes:
        begun.release()
        assert free.wait(20)
        return answer(b'{"id": "x"}')

    with RawApi(slow) as api, serving(Policy(base_url=api.base_url), GatewayConfig(max_concurrency=2)) as limited:
        answers: list[int] = []

        def call() -> None:
            answers.append(httpx.get(f"{limited.base_url}/story/x", timeout=20).status_code)

        threads = [threading.Thread(target=call) for _ in range(2)]
        for thread in threads:
            thread.start()
            assert begun.acquire(timeout=20)
        refused = httpx.get(f"{limited.base_url}/story/x")
        assert httpx.get(f"{limited.base_url}/healthz").status_code == 200
        free.set()
        for thread in threads:
            thread.join(20)
        assert (refused.status_code, refused.json()["code"]) == (503, "GATEWAY_BUSY")
        assert refused.headers["retry-after"] == "1"
        assert answers == [200, 200]
        until(lambda: limited.gateway._active == 0, "the end of all calls")
        assert httpx.get(f"{limited.base_url}/story/x").status_code == 200


def drip(running: Running, path: bytes) -> bytes:
    """A body that never pauses for long, and never ends."""
    with running.connect() as plug:
        plug.sendall(b"POST " + path + b" HTTP/1.1\r\nHost: g\r\nContent-Length: 1000000\r\n\r\n")
        ended = threading.Event()

        def send() -> None:
            while not ended.wait(0.01):
                try:
                    plug.sendall(b"x")
                except OSError:
                    return

        sender = threading.Thread(target=send)
        sender.start()
        found = b""
        try:
            while piece := plug.recv(65536):
                found += piece
        except ConnectionResetError:
            pass  # what came in before is whole all the same; the end of a connection that one goes on sending to
        finally:
            ended.set()
            sender.join(20)
        return found


@pytest.mark.parametrize("path", [b"/story", b"/image/x"])
def test_a_body_that_drips(emulator: Emulator, path: bytes) -> None:
    config = GatewayConfig(request_timeout=0.3)
    with serving(Policy(base_url=emulator.base_url), config) as running:
        found = drip(running, path)
        assert code(found) == (408, "REQUEST_TIMEOUT")
        assert "did not arrive within 0.3 seconds" in parsed(found)[1]["detail"]


class Stalling:
    """An API whose files and other reads begin, and go on once they are let."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.begun = threading.Semaphore(0)

    def __call__(self, heard: Heard, plug: socket.socket) -> bytes:
        if b"/v2/media/" in heard.line:
            shown = {"id": "m", "processing_status": "success", "result": [f"http://127.0.0.1:{self.port}/file"]}
            return answer(json.dumps(shown).encode())
        if heard.line.startswith(b"GET"):
            plug.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfi")
            self.begun.release()
            assert self.go.wait(20)
            return b"lm"
        return answer(b'{"id": "story-1"}')

    port = 0


@pytest.mark.parametrize("path", ["/media/m/download", "/v2/story/x"])
def test_those_who_read_slowly_take_nothing_from_paid_calls(path: str) -> None:
    play = Stalling()
    config = GatewayConfig(max_connections=5, max_downloads=5, max_concurrency=6, pool_timeout=0.2)
    with RawApi(play) as api, serving(Policy(base_url=api.base_url), config) as running:
        play.port = api.port
        found: list[bytes] = []
        threads = [
            threading.Thread(target=lambda: found.append(httpx.get(running.base_url + path, timeout=20).content))
            for _ in range(5)
        ]
        for thread in threads:
            thread.start()
            assert play.begun.acquire(timeout=20)
        busy = httpx.get(running.base_url + path, timeout=20)
        paid = [httpx.post(f"{running.base_url}/{to}", data={"idea": "x"}, timeout=20) for to in ("story", "v2/story")]
        play.go.set()
        for thread in threads:
            thread.join(20)
        assert (busy.status_code, busy.json()["code"]) == (503, "GATEWAY_BUSY")
        assert [one.status_code for one in paid] == [200, 200]
        assert found == [b"film"] * 5
        until(lambda: running.gateway._active == 0, "the end of all calls")
        assert not running.gateway._downloads


def test_nor_do_downloads_that_v1_has_nor_those_who_send_slowly() -> None:
    """A media that only v1 knows, read slowly; and bodies that drip, on a path that is no v1 call."""
    begun, go = threading.Semaphore(0), threading.Event()

    def play(heard: Heard, plug: socket.socket) -> bytes:
        if heard.line.startswith(b"GET /v2/"):
            return answer(b"{}", b"404 Not Found")
        if heard.line.startswith(b"GET"):
            plug.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfi")
            begun.release()
            assert go.wait(20)
            return b"lm"
        return answer(b'{"id": "story-1"}')

    config = GatewayConfig(max_connections=2, pool_timeout=0.2)
    with RawApi(play) as api, serving(Policy(base_url=api.base_url), config) as running, ExitStack() as stack:
        stack.callback(go.set)
        for headers in (b"Content-Length: 9\r\n", b"Content-Length: 9000000\r\n", b"Transfer-Encoding: chunked\r\n"):
            for _ in range(2):
                dripping = stack.enter_context(running.connect())
                dripping.sendall(b"POST /v2/story HTTP/1.1\r\nHost: g\r\n" + headers + b"\r\n1")
        until(lambda: running.gateway._active == 6, "six bodies")
        threads = []
        paid = [httpx.post(f"{running.base_url}/{to}", data={"idea": "x"}, timeout=20) for to in ("story", "v2/story")]
        assert [one.status_code for one in paid] == [200, 200]
    with RawApi(play) as api, serving(Policy(base_url=api.base_url), config) as running, ExitStack() as stack:
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


def test_the_number_of_requests_at_work_has_a_limit() -> None:
    config = GatewayConfig()
    assert config.max_concurrency is not None
    # One descriptor for each caller and connection, and some for files: below the usual 1024.
    assert config.max_concurrency + 2 * config.max_connections + 2 * config.max_downloads < 1000
