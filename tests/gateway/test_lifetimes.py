"""What becomes of a call when its caller hangs up, and when the gateway is told to stop."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable

import httpx
import pytest
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.emulator import AT_ONCE, Emulator

from tests.gateway.serving import Heard, RawApi, Running, answer, ended, read_all, serving, until

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
CREATE = b"POST /story/idea-2-video HTTP/1.1\r\nHost: g\r\nX-Api-Key: k\r\n" + FORM
CREATED = answer(b'{"id": "story-1", "status": "new"}')


def create(extra: bytes = b"") -> bytes:
    return CREATE + extra + b"Content-Length: 6\r\n\r\nidea=x"


class Waiting:
    """An API that answers when it is told to."""

    def __init__(self, given: bytes | None) -> None:
        self.given = given
        self.asked = threading.Semaphore(0)
        self.go = threading.Event()
        self.closed = threading.Event()

    def __call__(self, heard: Heard, plug: socket.socket) -> bytes | None:
        self.asked.release()
        if self.given is None:
            if ended(plug):
                self.closed.set()
            return None
        assert self.go.wait(20)
        return self.given


def detached(running: Running) -> Callable[[], bool]:
    """Whether a call goes on whose caller is gone."""
    return lambda: bool(running.gateway._detached)


@pytest.mark.parametrize("path", [b"/story/abc", b"/v2/story/abc", b"/media/abc/download"])
def test_a_free_call_ends_with_its_caller(path: bytes) -> None:
    play = Waiting(None)
    with RawApi(play) as api, serving(Policy(base_url=api.base_url)) as running:
        with running.connect() as plug:
            plug.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: g\r\n\r\n")
            assert play.asked.acquire(timeout=20)
        assert play.closed.wait(20)
        line = running.access_log.find(disconnected=True)
    assert line["status"] == 499
    assert "ids" not in line


@pytest.mark.parametrize("access_log", [True, False])
@pytest.mark.parametrize(
    ("request_", "given", "ids"),
    [
        (create(), CREATED, ["story-1"]),
        (b"POST /v2/story HTTP/1.1\r\nHost: g\r\nContent-Length: 2\r\n\r\n{}", CREATED, ["story-1"]),
        (
            create().replace(b"Length: 6", b"Length: 28").replace(b"idea=x", b"idea=x&visibility_status=0  "),
            answer(b'{"data": {"id": "v1-story"}}'),
            ["v1-story"],
        ),
    ],
    ids=["translated", "untouched", "passed on"],
)
def test_a_paid_call_is_seen_through(request_: bytes, given: bytes, ids: list[str], access_log: bool) -> None:
    play = Waiting(given)
    config = GatewayConfig(access_log=access_log)
    with RawApi(play) as api, serving(Policy(base_url=api.base_url), config) as running:
        with running.connect() as plug:
            plug.sendall(request_)
            assert play.asked.acquire(timeout=20)
        until(detached(running), "the notice that the caller is gone")
        play.go.set()
        line = running.access_log.find(disconnected=True)
    assert line["ids"] == ids
    assert line["status"] == 200
    assert len(api.heard) == 1


def test_a_paid_call_that_fails_without_its_caller_says_so() -> None:
    play = Waiting(b"")
    with (
        RawApi(lambda heard, plug: play(heard, plug) or None) as api,
        serving(Policy(base_url=api.base_url)) as running,
    ):
        with running.connect() as plug:
            plug.sendall(create())
            assert play.asked.acquire(timeout=20)
        until(detached(running), "the notice that the caller is gone")
        play.go.set()
        line = running.access_log.find(disconnected=True)
    assert (line["error"], line["status"], line["paid"]) == ("UPSTREAM_DISCONNECTED", 502, True)


@pytest.mark.parametrize("path", [b"/v2/story", b"/story"])
def test_an_answer_that_breaks_off_without_its_caller(path: bytes) -> None:
    """Half of an untouched answer has come: what it named is still noted, and the end is an error."""
    play = Waiting(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"id": "half"}')

    def half(heard: Heard, plug: socket.socket) -> None:
        plug.sendall(play(heard, plug) or b"")

    body = b"idea=x&visibility_status=0"
    head = b"POST " + path + b" HTTP/1.1\r\nHost: g\r\n" + FORM
    with RawApi(half) as api, serving(Policy(base_url=api.base_url)) as running:
        with running.connect() as plug:
            plug.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            assert play.asked.acquire(timeout=20)
        until(detached(running), "the notice that the caller is gone")
        play.go.set()
        line = running.access_log.find(disconnected=True)
    assert line["error"] == "RemoteProtocolError"
    assert line["ids"] == ["half"]


def test_a_download_ends_with_its_caller() -> None:
    """A caller who has seen enough: the file's host is not read to its end."""
    closed = threading.Event()
    piece = b"x" * 65536

    def endless(heard: Heard, plug: socket.socket) -> bytes | None:
        if b"/v2/media" in heard.line:
            url = f"http://127.0.0.1:{api.port}/file"
            return answer(json.dumps({"id": "m", "processing_status": "success", "result": [url]}).encode())
        plug.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n")
        try:
            while True:
                plug.sendall(piece)
        except OSError:
            closed.set()
        return None

    with RawApi(endless) as api, serving(Policy(base_url=api.base_url)) as running:
        with running.connect() as plug:
            plug.sendall(b"GET /media/m/download HTTP/1.1\r\nHost: g\r\n\r\n")
            seen = b""
            while len(seen) < 2 * len(piece):  # some of the film, not its headers alone
                seen += plug.recv(len(piece))
        assert seen.startswith(b"HTTP/1.1 200")
        assert closed.wait(20)
        line = running.access_log.find(disconnected=True)
    assert line["status"] == 200
    assert line["bytes_out"] > 0


def test_a_paid_answer_without_end_ends_with_its_caller() -> None:
    closed = threading.Event()

    def endless(heard: Heard, plug: socket.socket) -> None:
        plug.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while True:
                plug.sendall(b"x" * 65536)
        except OSError:
            closed.set()

    with RawApi(endless) as api, serving(Policy(base_url=api.base_url)) as running:
        with running.connect() as plug:
            plug.sendall(b"POST /v2/x HTTP/1.1\r\nHost: g\r\nContent-Length: 0\r\n\r\n")
            assert plug.recv(1000).startswith(b"HTTP/1.1 200")
        assert closed.wait(20)
        assert running.access_log.find(disconnected=True)["status"] == 200


def refused(running: Running) -> bool:
    """Whether the server takes no more connections: it closes its socket shortly after it has begun to stop."""
    try:
        running.connect().close()
    except OSError:
        return True
    return False


def test_stopping_waits_for_what_is_under_way() -> None:
    play = Waiting(CREATED)
    with RawApi(play) as api, serving(Policy(base_url=api.base_url)) as running:
        with running.connect() as plug, running.connect() as gone:
            plug.sendall(create(b"Connection: close\r\n"))
            gone.sendall(create())
            for _ in range(2):
                assert play.asked.acquire(timeout=20)
            gone.close()
            until(detached(running), "the notice that the caller is gone")
            running.server.should_exit = True
            until(lambda: running.gateway._shutdown_started is not None, "the stop")
            until(lambda: refused(running), "the end of new connections")
            play.go.set()
            assert b'{"data":{"id":"story-1"' in read_all(plug)
        line = running.access_log.find(disconnected=True)
        running.thread.join(20)
    assert line["ids"] == ["story-1"]


def test_stopping_waits_for_paid_calls_alone(caplog: pytest.LogCaptureFixture) -> None:
    play = Waiting(CREATED)
    caplog.set_level(logging.INFO, "vimmerse.gateway")
    with RawApi(play) as api, serving(Policy(base_url=api.base_url)) as running:
        with running.connect() as plug:
            plug.sendall(create())
            assert play.asked.acquire(timeout=20)
        until(detached(running), "the notice that the caller is gone")
        running.server.should_exit = True
        until(lambda: "waiting for 1 paid calls" in caplog.text, "the wait")
        play.go.set()
        running.thread.join(20)
        assert running.access_log.find(disconnected=True)["ids"] == ["story-1"]
    assert "abandoned" not in caplog.text


def test_stopping_has_a_limit() -> None:
    """Those who still wait get a word; what may have cost credits is named in the log."""
    play = Waiting(CREATED)
    config = GatewayConfig(shutdown_timeout=0, paid_shutdown_timeout=0)
    with RawApi(play) as api, serving(Policy(base_url=api.base_url), config) as running:
        with running.connect() as paid, running.connect() as free, running.connect() as slow:
            paid.sendall(create())
            free.sendall(b"GET /story/x HTTP/1.1\r\nHost: g\r\n\r\n")
            for _ in range(2):
                assert play.asked.acquire(timeout=20)
            slow.sendall(b"POST /story HTTP/1.1\r\nHost: g\r\nContent-Length: 9\r\n\r\nabc")
            until(lambda: running.gateway._active == 3, "the third call")
            running.server.should_exit = True
            answers = [read_all(plug) for plug in (paid, free, slow)]
        lines = [running.access_log.find(path=path) for path in ("/story/idea-2-video", "/story/{story_id}", "/story")]
        running.thread.join(20)
        play.go.set()
    for given in answers:
        assert b'"code": "GATEWAY_STOPPING"' in given
    assert [given.split(b" ")[1] for given in answers] == [b"504", b"503", b"503"]
    assert [b"\r\nretry-after" in given.lower() for given in answers] == [False, True, True]
    assert [b"may have been created" in given for given in answers] == [True, False, False]
    assert [line["error"] for line in lines] == ["ABANDONED", "GATEWAY_STOPPING", "GATEWAY_STOPPING"]
    assert [line["status"] for line in lines] == [504, 503, 503]


def test_the_app_may_be_stopped_by_another_server() -> None:
    """Without :meth:`Gateway.stop` the time runs from the lifespan's end."""
    with Emulator(transition=AT_ONCE) as emulator, serving(Policy(base_url=emulator.base_url)) as running:
        running.server.on_shutdown = lambda: None
        assert httpx.get(f"{running.base_url}/story/x", headers={"X-Api-Key": "k"}).status_code == 404
        running.stop()
    assert running.gateway._shutdown_started is None
