"""Ways to make calls that will be interrupted, and the ids that must be reported when they are."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Callable, Coroutine, Generator, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import httpx
import httpx2
import requests
import vimmerse.compat
from requests.adapters import HTTPAdapter
from vimmerse.compat import (
    AsyncCompatClient,
    AsyncCompatTransport,
    CompatAdapter,
    CompatClient,
    CompatTransport,
    Policy,
    install,
)
from vimmerse.compat import requests as drop_in
from vimmerse.compat.core.errors import MAY_EXIST
from vimmerse.compat.core.messages import Notice
from vimmerse.compat.runtime import settings

BASE = "http://api.example"
KEY = "key-of-the-interruptions-0123456789"
HEADERS = {"X-Api-Key": KEY}
PACKAGE = str(Path(vimmerse.compat.__path__[0]))


class Foreign(BaseException):
    """The cancellation of an unknown event loop."""


@dataclass
class Service:
    """A fake API. Counts the paid requests it received and records the ids whose responses arrived completely."""

    begun: int = 0
    received: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    done: bool = False  # the caller has the response

    def respond(self, method: str, path: str) -> tuple[bytes, str]:
        """Return the response body and, for a paid request, the id of the job that it created."""
        if path.endswith("/v2/image"):
            return json.dumps(
                {"id": "asset", "results": ["https://cdn.example/1.png"], "status": "success"}
            ).encode(), ""
        if method == "GET":
            preset = {"motion_type": "KlingAI", "prompt": "Rain"}
            return json.dumps({"id": "m0", "processing_status": "success", "pose_preset": preset}).encode(), ""
        if method == "PUT" and self.begun:  # the free one that sets the visibility
            return json.dumps({"id": "m0", "title": "x"}).encode(), ""
        self.begun += 1
        id = f"job-{self.begun}"
        return json.dumps({"id": id, "status": "new", "processing_status": "new"}).encode(), id

    def policy(self) -> Policy:
        return Policy(base_url=BASE, on_warning=self.notices.append)


class Suspended:
    """A point at which a coroutine waits."""

    def __await__(self) -> Generator[None, None, None]:
        yield


class Pieces(httpx.AsyncByteStream, httpx2.AsyncByteStream):
    """A response body that arrives in three pieces."""

    def __init__(self, service: Service, body: bytes, id: str) -> None:
        self._service, self._body, self._id = service, body, id

    async def __aiter__(self) -> Any:
        third = len(self._body) // 3 + 1
        for start in range(0, len(self._body), third):
            await Suspended()
            yield self._body[start : start + third]
        if self._id:
            self._service.received.append(self._id)

    async def aclose(self) -> None:
        await Suspended()


class Transport(httpx.AsyncBaseTransport, httpx2.AsyncBaseTransport):
    """Reaches the service through several suspension points."""

    def __init__(self, service: Service, library: Any) -> None:
        self._service, self._library = service, library

    async def handle_async_request(self, request: Any) -> Any:
        body, id = self._service.respond(request.method, request.url.path)
        for _ in ("connect", "send", "wait"):
            await Suspended()
        stream = Pieces(self._service, body, id)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        return self._library.Response(200, headers=headers, stream=stream)


PRESETS: Any = [{"MotionType": name, "Params": "Prompt=Rain"} for name in ("Auto", "Vidu")]
#: v1 calls: method, path, and the arguments of the library's request function.
CALLS: Mapping[str, tuple[str, str, dict[str, Any]]] = {
    "a story": ("POST", "/story/idea-2-video", {"data": {"idea": "Rain"}}),
    "two motions, private": (
        "POST",
        "/media/prompt",
        {"json": {"pose_preset": PRESETS, "visibility_status": "0"}},
    ),
    "an upload first": (
        "POST",
        "/media/upload",
        {"files": {"image": ("1.png", b"\x89PNG", "image/png")}, "data": {"data": '{"prompt": "Rain"}'}},
    ),
    "a lookup first": ("POST", "/media/m0/process", {}),
}


@dataclass
class InterruptedCall:
    """How one call ended."""

    service: Service
    error: BaseException | None  # None for a coroutine that was closed: it raises nothing
    logged: list[str]
    handing_over: bool = False

    @property
    def notes(self) -> str:
        """The notes of the exception."""
        return " ".join(getattr(self.error, "__notes__", ()))

    def missing(self) -> str:
        """Describe a message that is missing or unexpected. Empty if there is none."""
        paid = [notice for notice in self.service.notices if notice.kind == "paid"]
        texts = {"notice": " ".join(map(str, paid)), "log": " ".join(self.logged)}
        if self.error is not None:
            texts["note"] = self.notes
        expected = list(self.service.received)
        if self.service.begun > len(expected):
            expected.append(MAY_EXIST)
        for channel, text in texts.items():
            if not expected and text:
                return f"the {channel} says {text!r}"
            for words in expected:
                # While a response is being returned, the id may be unknown: MAY_EXIST is enough.
                if words not in text and not (self.handing_over and MAY_EXIST in text):
                    return f"the {channel} does not say {words!r}"
        return ""


class Log(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def logged() -> Iterator[list[str]]:
    logger, log = logging.getLogger("vimmerse"), Log()
    logger.addHandler(log)
    propagate, logger.propagate = logger.propagate, False
    try:
        yield log.lines
    finally:
        logger.removeHandler(log)
        logger.propagate = propagate


# Async entry points


def httpx_async(service: Service, call: str, library: Any = httpx) -> Coroutine[Any, Any, Any]:
    """v1 code on httpx over :class:`AsyncCompatTransport`."""
    method, path, options = CALLS[call]

    async def play() -> Any:
        transport = AsyncCompatTransport(Transport(service, library), service.policy())
        client = library.AsyncClient(base_url=BASE, transport=transport, headers=HEADERS)
        return await client.request(method, path, **options)

    return play()


def httpx2_async(service: Service, call: str) -> Coroutine[Any, Any, Any]:
    """The same on httpx2."""
    return httpx_async(service, call, httpx2)


def compat_client_async(service: Service, call: str) -> Coroutine[Any, Any, Any]:
    """:class:`AsyncCompatClient`."""

    async def play() -> Any:
        policy = service.policy().replace(api_key=KEY)
        client = AsyncCompatClient(policy=policy, transport=Transport(service, httpx))
        if call == "a story":
            return await client.idea_to_video(idea="Rain")
        if call == "two motions, private":
            return await client.create_media_from_prompt(pose_preset=PRESETS, visibility_status="0")
        if call == "an upload first":
            return await client.create_media(prompt="Rain", image_files=[("1.png", io.BytesIO(b"\x89PNG"))])
        return await client.process_media("m0")

    return play()


ASYNC_ENTRY_POINTS: Mapping[str, Callable[[Service, str], Coroutine[Any, Any, Any]]] = {
    "httpx": httpx_async,
    "httpx2": httpx2_async,
    "AsyncCompatClient": compat_client_async,
}
ENDINGS: Mapping[str, Callable[[], BaseException]] = {
    "asyncio's cancellation": asyncio.CancelledError,
    "another loop's": Foreign,
    "Ctrl-C": KeyboardInterrupt,
    "the coroutine is closed": GeneratorExit,
}


# Sync entry points


class Tracer:
    """Raises KeyboardInterrupt at the n-th line of the package after it was armed."""

    def __init__(self, line: int) -> None:
        self._left = line
        self._armed = False
        self.where = ""

    def arm(self) -> None:
        """A paid response has arrived: start counting."""
        self._armed = True

    def done(self) -> None:
        """The call has returned."""
        self._armed = False

    def __call__(self, frame: FrameType, event: str, argument: object) -> Any:
        return self._line if _is_ours(frame.f_code) else None

    def _line(self, frame: FrameType, event: str, argument: object) -> Any:
        if event == "line" and self._armed and not self.where:
            if self._left == 0:
                self.where = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
                raise KeyboardInterrupt
            self._left -= 1
        return self._line


class SyncTransport(httpx.BaseTransport, httpx2.BaseTransport):
    """The service, at once. The tracer is notified of paid responses."""

    def __init__(self, service: Service, library: Any, tracer: Tracer) -> None:
        self._service, self._library, self._tracer = service, library, tracer

    def handle_request(self, request: Any) -> Any:
        body, id = self._service.respond(request.method, request.url.path)
        if id:
            self._service.received.append(id)
            self._tracer.arm()
        return self._library.Response(200, headers={"Content-Type": "application/json"}, stream=_Once(body))


class _Once(httpx.SyncByteStream, httpx2.SyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        yield self._body


def _sync_httpx(service: Service, call: str, tracer: Tracer, library: Any = httpx) -> None:
    method, path, options = CALLS[call]
    transport = CompatTransport(SyncTransport(service, library, tracer), service.policy())
    with library.Client(base_url=BASE, transport=transport, headers=HEADERS) as client:
        client.request(method, path, **options)
        tracer.done()


def _sync_httpx2(service: Service, call: str, tracer: Tracer) -> None:
    _sync_httpx(service, call, tracer, httpx2)


def _sync_client(service: Service, call: str, tracer: Tracer) -> None:
    client = CompatClient(KEY, policy=service.policy(), transport=SyncTransport(service, httpx, tracer))
    if call == "a story":
        client.idea_to_video(idea="Rain")
    elif call == "two motions, private":
        client.create_media_from_prompt(pose_preset=PRESETS, visibility_status="0")
    elif call == "an upload first":
        client.create_media(prompt="Rain", image_files=[("1.png", io.BytesIO(b"\x89PNG"))])
    else:
        client.process_media("m0")
    tracer.done()


def _adapter(service: Service, tracer: Tracer) -> Callable[..., requests.Response]:
    def send(self: HTTPAdapter, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        path = urlsplit(request.url).path
        body, id = service.respond(request.method or "", str(path))
        if id:
            service.received.append(id)
            tracer.arm()
        response = requests.Response()
        response.status_code, response.raw = 200, io.BytesIO(body)
        response.headers["Content-Type"] = "application/json"
        return response

    return send


def _requests(
    entry_point: Callable[[Service], AbstractContextManager[Callable[..., requests.Response]]],
) -> Callable[[Service, str, Tracer], None]:
    def play(service: Service, call: str, tracer: Tracer) -> None:
        method, path, options = CALLS[call]
        with mock.patch.object(HTTPAdapter, "send", _adapter(service, tracer)), entry_point(service) as request:
            request(method, BASE + path, headers=HEADERS, **options)
            tracer.done()

    return play


@contextmanager
def _mounted(service: Service) -> Iterator[Callable[..., requests.Response]]:
    with requests.Session() as session:
        session.mount(BASE, CompatAdapter(policy=service.policy()))
        yield session.request


@contextmanager
def _session(service: Service) -> Iterator[Callable[..., requests.Response]]:
    with drop_in.Session(service.policy()) as session:
        yield session.request


@contextmanager
def _function(service: Service) -> Iterator[Callable[..., requests.Response]]:
    with mock.patch.object(settings, "resolve", return_value=service.policy()):
        yield drop_in.request


@contextmanager
def _installed(service: Service) -> Iterator[Callable[..., requests.Response]]:
    with install(service.policy()), requests.Session() as session:
        yield session.request


SYNC_ENTRY_POINTS: Mapping[str, Callable[[Service, str, Tracer], None]] = {
    "httpx": _sync_httpx,
    "httpx2": _sync_httpx2,
    "CompatClient": _sync_client,
    "CompatAdapter": _requests(_mounted),
    "drop-in Session": _requests(_session),
    "drop-in function": _requests(_function),
    "install()": _requests(_installed),
}


def _is_ours(code: CodeType) -> bool:
    return code.co_filename.startswith(PACKAGE)
