"""If the API fails, the response has v1's format and says whether a job may exist."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from typing import Any, cast

import httpx
import pytest
from vimmerse.compat.core.errors import StrictModeError
from vimmerse.compat.core.messages import Notice
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.gateway.app import create_app
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.emulator import Emulator

from tests.gateway.serving import RawApi, ReceivedRequest, Running, read_all, serving

FORM = {"idea": "x", "motion_type": "KlingAI"}
MAY_EXIST = "The job may have been created, and charged: check before you send it again."


PRIVATE = "what the caller has sent"


class Failing(httpx.AsyncBaseTransport):
    """A transport that fails as a test wants it."""

    def __init__(self) -> None:
        self.handler: Callable[[httpx.Request], httpx.Response] = lambda request: httpx.Response(200)
        self.seen: list[str] = []
        self.reads = True  # the request's body, before it responds

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(f"{request.method} {request.url.raw_path.decode()}")
        if self.reads:
            async for _ in cast(httpx.AsyncByteStream, request.stream):
                continue
        return self.handler(request)


def raising(error: Exception) -> Callable[[httpx.Request], httpx.Response]:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error

    return handler


@pytest.fixture(scope="module")
def shared_failing() -> Failing:
    return Failing()


@pytest.fixture
def failing(shared_failing: Failing) -> Failing:
    shared_failing.__init__()  # type: ignore[misc]  # as new
    return shared_failing


@pytest.fixture(scope="module")
def through(shared_failing: Failing) -> Any:
    config = GatewayConfig(max_answer=10_000)
    with serving(Policy(base_url="https://api.example/base"), config, shared_failing) as running:
        yield running


@pytest.mark.parametrize(
    ("error", "status", "code", "sent"),
    [
        (httpx.ConnectError("x"), 502, "UPSTREAM_UNREACHABLE", False),
        (httpx.ConnectTimeout("x"), 504, "UPSTREAM_TIMEOUT", False),
        (httpx.PoolTimeout("x"), 503, "GATEWAY_BUSY", False),
        (httpx.ReadTimeout("x"), 504, "UPSTREAM_TIMEOUT", True),
        (httpx.WriteTimeout("x"), 504, "UPSTREAM_TIMEOUT", True),
        (httpx.ReadError("x"), 502, "UPSTREAM_DISCONNECTED", True),
        (httpx.RemoteProtocolError("x"), 502, "UPSTREAM_DISCONNECTED", True),
        (httpx.DecodingError("x"), 502, "UPSTREAM_ERROR", True),
    ],
)
@pytest.mark.parametrize(
    ("method", "path", "paid"),
    [
        ("POST", "/story/idea-2-video", True),
        ("GET", "/story/abc", False),
        ("POST", "/v2/story", True),
        ("GET", "/v2/story/abc", False),
    ],
)
def test_the_api_can_t_be_reached(
    through: Running,
    failing: Failing,
    error: Exception,
    status: int,
    code: str,
    sent: bool,
    method: str,
    path: str,
    paid: bool,
) -> None:
    failing.handler = raising(error)
    failing.reads = sent
    response = httpx.request(method, through.base_url + path, data=FORM if method == "POST" else None)
    assert response.status_code == status
    shown = response.json()
    assert (shown["message"], shown["code"]) == (code, code)
    assert (MAY_EXIST in shown["detail"]) is (paid and sent)
    assert ("The request was not sent." in shown["detail"]) is (not sent)
    assert ("retry-after" in response.headers) is (status == 503)
    assert len(failing.seen) == 1, "it must not be repeated"


def test_jobs_created_before_the_failure_are_named(through: Running, failing: Failing) -> None:
    def second_fails(request: httpx.Request) -> httpx.Response:
        if len(failing.seen) == 1:
            return httpx.Response(200, json={"id": "media-1"})
        raise httpx.ConnectError("x")

    failing.handler = second_fails
    presets = [{"MotionType": name, "Params": "Prompt=a"} for name in ("Auto", "KlingAI")]
    response = httpx.post(f"{through.base_url}/media/prompt", json={"title": "T", "pose_preset": presets})
    assert response.status_code == 502
    assert response.json()["created_ids"] == ["media-1"]
    assert "Already created, and paid for: media-1." in response.json()["detail"]
    assert through.access_log.find(path="/media/prompt", ids=["media-1"])["status"] == 502


def test_a_response_above_the_limit(through: Running, failing: Failing) -> None:
    failing.handler = lambda request: httpx.Response(200, json={"id": "x" * 10_000})
    response = httpx.get(f"{through.base_url}/story/abc")
    assert (response.status_code, response.json()["code"]) == (502, "BAD_UPSTREAM_ANSWER")
    assert "more than 10000 bytes" in response.json()["detail"]


def test_a_response_that_is_not_json(through: Running, failing: Failing) -> None:
    failing.handler = lambda request: httpx.Response(200, html="<h1>Hello</h1>")
    response = httpx.post(f"{through.base_url}/story/idea-2-video", data=FORM)
    assert (response.status_code, response.json()["message"]) == (502, "BAD_UPSTREAM_ANSWER")
    assert MAY_EXIST in response.json()["detail"]
    # By its error: lines of the tests before come when they come.
    assert through.access_log.find(path="/story/idea-2-video", error="BAD_UPSTREAM_ANSWER")["status"] == 502


def test_an_invalid_file_url(through: Running, failing: Failing) -> None:
    failing.handler = lambda request: httpx.Response(
        200, json={"id": "m", "processing_status": "success", "result": ["https://files.example/\x01"]}
    )
    response = httpx.get(f"{through.base_url}/media/m/download")
    assert response.status_code == 502
    assert response.json()["message"] == response.json()["code"]


@pytest.mark.parametrize("chunked", [True, False])
def test_a_response_before_the_body_is_complete(through: Running, failing: Failing, chunked: bool) -> None:
    """The client gets it, whatever it has yet to send, and can reuse the connection."""
    failing.reads = False
    failing.handler = lambda request: httpx.Response(413, stream=httpx.ByteStream(b"no"))
    body = b"x" * 10_000_000
    with httpx.Client(base_url=through.base_url) as client:
        response = client.post("/image/x", content=iter([body]) if chunked else body)
        assert (response.status_code, response.content) == (413, b"no")
        assert client.get("/healthz").status_code == 200


def test_an_internal_error_shows_no_details(
    through: Running, failing: Failing, caplog: pytest.LogCaptureFixture
) -> None:
    failing.handler = raising(RuntimeError(PRIVATE))
    response = httpx.get(f"{through.base_url}/story/own")
    assert (response.status_code, response.json()["code"]) == (500, "INTERNAL_ERROR")
    through.access_log.find(path="/story/{story_id}", error="INTERNAL_ERROR")
    assert "RuntimeError in" in caplog.text
    assert PRIVATE not in caplog.text + response.text
    assert MAY_EXIST not in response.json()["detail"]
    paid = httpx.post(f"{through.base_url}/story/idea-2-video", data=FORM)
    assert paid.status_code == 500
    assert MAY_EXIST in paid.json()["detail"]


@pytest.mark.parametrize("path", ["/v2/story/x", "/story/x/download"])
def test_a_truncated_response_does_not_look_complete(path: str) -> None:
    def cut(received: ReceivedRequest, sock: socket.socket) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")

    with RawApi(cut) as api, serving(Policy(base_url=api.base_url)) as running:
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(running.base_url + path)
        assert running.access_log.find(error="UPSTREAM_CUT")["bytes_out"] == 3


def test_errors_of_strict_mode_and_the_credit_limit_have_v1s_format(emulator: Emulator) -> None:
    policy = Policy(base_url=emulator.base_url, mode="strict", max_credits=10)
    with serving(policy) as running:
        strict = httpx.post(f"{running.base_url}/story/idea-2-video", data={"idea": "x", "seed": "7"})
        dear = httpx.post(f"{running.base_url}/story/idea-2-video", data={"idea": "x"})
    assert (strict.status_code, strict.json()["message"]) == (400, "NOT_TRANSLATABLE")
    assert strict.json()["field"] == "seed"
    assert (dear.status_code, dear.json()["code"]) == (402, "CREDIT_LIMIT")
    assert emulator.requests == ()


def test_a_notice_may_stop_a_call(emulator: Emulator) -> None:
    shown: list[Notice] = []

    def refuse(notice: Notice) -> None:
        shown.append(notice)
        if notice.kind == "lossy":
            raise StrictModeError("not like this", field=notice.field)

    with serving(Policy(base_url=emulator.base_url, on_warning=refuse)) as running:
        response = httpx.post(f"{running.base_url}/story/idea-2-video", data={"idea": "x", "seed": "7"})
    assert (response.status_code, response.json()["detail"]) == (400, "not like this")
    assert [notice.kind for notice in shown] == ["deprecated", "lossy"]
    assert emulator.requests == ()


def scope(**changes: Any) -> dict[str, Any]:
    """An ASGI request that our own server would not make."""
    return {
        "type": "http",
        "method": "GET",
        "path": "/v2/x",
        "raw_path": b"/v2/x",
        "query_string": b"",
        "headers": [],
        "server": ("127.0.0.1", 80),
        **changes,
    }


def through_asgi(app: Any, given: dict[str, Any], send: Any = None) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def run() -> None:
        complete = False

        async def receive() -> dict[str, Any]:
            nonlocal complete
            if complete:
                await asyncio.Event().wait()
            complete = True
            return {"type": "http.request", "body": b"", "more_body": False}

        async def keep(message: dict[str, Any]) -> None:
            sent.append(message)

        await app(given, receive, send or keep)

    asyncio.run(run())
    return sent


def app(handler: Callable[[httpx.Request], httpx.Response], config: GatewayConfig | None = None) -> tuple[Any, Failing]:
    failing = Failing()
    failing.handler = handler
    return create_app(Policy(base_url="https://api.example"), config or GatewayConfig(), transport=failing), failing


def ok(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, stream=httpx.ByteStream(b"{}"))


def test_a_websocket_is_closed() -> None:
    sent = through_asgi(app(ok)[0], {"type": "websocket", "path": "/x", "headers": []})
    assert [message["type"] for message in sent] == ["websocket.close"]


@pytest.mark.parametrize("changes", [{}, {"raw_path": None}, {"root_path": "/mounted", "raw_path": b"/mounted/v2/x"}])
def test_other_servers_paths(changes: dict[str, Any]) -> None:
    asgi_app, failing = app(ok)
    sent = through_asgi(asgi_app, scope(**changes))
    assert sent[0]["status"] == 200
    assert failing.seen == ["GET /v2/x"]


@pytest.mark.parametrize("changes", [{"raw_path": b"/v2/\xff"}, {"query_string": b"a b"}, {"raw_path": b"/a\r\nX: y"}])
def test_unusual_bytes_from_another_server(changes: dict[str, Any]) -> None:
    asgi_app, failing = app(ok)
    assert through_asgi(asgi_app, scope(**changes))[0]["status"] == 400
    assert failing.seen == []


@pytest.mark.parametrize("path", ["/v2/x", "/story/x"])
def test_a_server_whose_send_raises_after_a_disconnect(path: str) -> None:
    asgi_app, failing = app(ok)

    async def send(message: dict[str, Any]) -> None:
        raise ConnectionResetError

    assert through_asgi(asgi_app, scope(path=path, raw_path=path.encode()), send) == []
    assert len(failing.seen) == 1


def test_an_error_after_a_disconnect() -> None:
    async def send(message: dict[str, Any]) -> None:
        raise ConnectionResetError

    assert through_asgi(app(ok)[0], scope(raw_path=b"*"), send) == []


def test_a_client_that_does_not_read() -> None:
    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    asgi_app, _ = app(lambda request: httpx.Response(200, json={"id": "x"}), GatewayConfig(send_timeout=0.01))
    assert through_asgi(asgi_app, scope(path="/story/x", raw_path=b"/story/x"), send) == []


class Stream(httpx.AsyncByteStream):
    """A body that starts, and then calls a function."""

    def __init__(self, then: Callable[[], Any]) -> None:
        self._then = then
        self.closed = threading.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"abc"
        await self._then()

    async def aclose(self) -> None:
        self.closed.set()


def test_a_transport_may_repeat_the_length(through: Running, failing: Failing) -> None:
    failing.handler = lambda request: httpx.Response(
        200, headers=[("Content-Length", "5"), ("Content-Length", "5")], stream=httpx.ByteStream(b"story")
    )
    assert httpx.get(f"{through.base_url}/v2/x").content == b"story"


def test_a_response_that_arrives_during_cancellation() -> None:
    stream = Stream(asyncio.Event().wait)

    class Late(Failing):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await super().handle_async_request(request)
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
            return httpx.Response(200, stream=stream)

    asgi_app = create_app(Policy(base_url="https://api.example"), GatewayConfig(), transport=Late())
    messages: Iterator[dict[str, Any]] = iter(
        [{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}]
    )
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(cast(Any, asgi_app)(scope(), receive, send))
    assert sent == []
    assert stream.closed.is_set()


def test_an_internal_error_after_a_disconnect(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Failing):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await super().handle_async_request(request)
            await returned.wait()
            raise RuntimeError(PRIVATE)

    returned = asyncio.Event()

    asgi_app = create_app(Policy(base_url="https://api.example"), GatewayConfig(), transport=Broken())
    messages: Iterator[dict[str, Any]] = iter(
        [{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}]
    )

    async def receive() -> dict[str, Any]:
        return next(messages)

    async def send(message: Any) -> None:
        raise AssertionError(message)

    async def run() -> None:
        await cast(Any, asgi_app)(scope(method="POST"), receive, send)
        returned.set()
        await asgi_app.state.gateway.close()

    logger = logging.getLogger("vimmerse.gateway.access")
    logger.addHandler(caplog.handler)  # while another test's gateway runs, the logger hands nothing up
    try:
        with caplog.at_level(logging.INFO, logger.name):
            asyncio.run(run())
    finally:
        logger.removeHandler(caplog.handler)
    reported = {one.getMessage() for one in caplog.records if one.name == logger.name}
    (line,) = [response for response in map(json.loads, reported) if response["disconnected"]]
    assert line["error"] == "RuntimeError"
    assert PRIVATE not in caplog.text


def test_an_internal_error_during_the_response(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise RuntimeError(PRIVATE)

    stream = Stream(fail)
    failing = Failing()
    failing.handler = lambda request: httpx.Response(200, stream=stream)
    with serving(Policy(base_url="https://api.example"), transport=failing) as running:
        response = running.raw(b"GET /v2/x HTTP/1.1\r\nHost: g\r\n\r\n")
        assert running.access_log.find(error="INTERNAL_ERROR")["status"] == 200
    assert response.endswith(b"\r\n3\r\nabc\r\n"), "an incomplete response must not look complete"
    assert stream.closed.is_set()
    assert PRIVATE not in caplog.text


def test_invalid_bytes_during_the_response() -> None:
    stream = Stream(lambda: asyncio.Event().wait())
    failing = Failing()
    failing.reads = False
    failing.handler = lambda request: httpx.Response(200, stream=stream)
    with serving(Policy(base_url="https://api.example"), transport=failing) as running, running.connect() as sock:
        sock.sendall(b"POST /v2/x HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n")
        response = b""
        while not response.endswith(b"\r\nabc\r\n"):
            response += sock.recv(65536)
        sock.sendall(b"zz\r\n")
        assert read_all(sock) == b""
        assert stream.closed.wait(20)


def test_an_invalid_status() -> None:
    asgi_app, _ = app(lambda request: httpx.Response(600, stream=httpx.ByteStream(b"")))
    sent = through_asgi(asgi_app, scope())
    assert sent[0]["status"] == 502
    assert json.loads(sent[1]["body"])["code"] == "UPSTREAM_ERROR"
