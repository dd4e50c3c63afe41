"""Calls that are broken off at every point: is what they leave behind named?

    python -m tests.faults.interruptions           the whole sweep; writes the table to docs/reliability.md
    python -m tests.faults.interruptions --print   the whole sweep; prints the table

A call is started again and again, and each time broken off one point later, until it completes:

* async, by hand: at every point where a coroutine can be suspended, by whatever a loop may throw into it. The service
  is a transport of its own that suspends while it connects, sends, reads each piece of an answer, and closes;
* async, by the loop: as above on asyncio, and on trio where that is installed, with real connections to an emulator;
* sync: at every line of the package from the first paid answer on, by Ctrl-C.

A point counts as told when everything that ends the call with names each id whose answer was received, and says of a
paid request without an answer that its job may exist. Before a paid request nothing may be said.
"""

from __future__ import annotations

import asyncio
import importlib.util
import io
import itertools
import json
import logging
import sys
import warnings
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
from vimmerse.emulator import AT_ONCE, Emulator

from tests.faults.pages import Page

BASE = "http://api.example"
KEY = "key-of-the-interruptions-0123456789"
HEADERS = {"X-Api-Key": KEY}
PACKAGE = str(Path(vimmerse.compat.__path__[0]))
PAGE = Page(Path(__file__).resolve().parents[2] / "docs" / "reliability.md", "python -m tests.faults.interruptions")


class Foreign(BaseException):
    """A cancellation of a loop that nobody here has heard of."""


@dataclass
class Service:
    """Answers requests, and knows which paid ones it has begun to take and which answers were received whole."""

    begun: int = 0
    received: list[str] = field(default_factory=list)
    heard: list[Notice] = field(default_factory=list)
    done: bool = False  # the caller has the answer

    def answer(self, method: str, path: str) -> tuple[bytes, str]:
        """The body of an answer, and the id of the job that it tells of, if the request is paid."""
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
        return Policy(base_url=BASE, on_warning=self.heard.append)


class Suspended:
    """A point at which a coroutine waits."""

    def __await__(self) -> Generator[None, None, None]:
        yield


class Pieces(httpx.AsyncByteStream, httpx2.AsyncByteStream):
    """A body that comes in three pieces."""

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
    """The service, reached through points of suspension."""

    def __init__(self, service: Service, library: Any) -> None:
        self._service, self._library = service, library

    async def handle_async_request(self, request: Any) -> Any:
        body, id = self._service.answer(request.method, request.url.path)
        for _ in ("connect", "send", "wait"):
            await Suspended()
        stream = Pieces(self._service, body, id)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        return self._library.Response(200, headers=headers, stream=stream)


PRESETS: Any = [{"MotionType": name, "Params": "Prompt=Rain"} for name in ("Auto", "Vidu")]
#: v1 calls: method, path, and what the library is told to send.
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
    "a look-up first": ("POST", "/media/m0/process", {}),
}


@dataclass
class Told:
    """How one call ended."""

    service: Service
    error: BaseException | None  # None: a coroutine that was closed, which nothing comes out of
    logged: list[str]
    handing_over: bool = False

    @property
    def notes(self) -> str:
        """What the exception says."""
        return " ".join(getattr(self.error, "__notes__", ()))

    def missing(self) -> str:
        """What should have been said and was not, or the reverse; empty where all is well."""
        paid = [notice for notice in self.service.heard if notice.kind == "paid"]
        said = {"notice": " ".join(map(str, paid)), "log": " ".join(self.logged)}
        if self.error is not None:
            said["note"] = self.notes
        wanted = list(self.service.received)
        if self.service.begun > len(wanted):
            wanted.append(MAY_EXIST)
        for channel, text in said.items():
            if not wanted and text:
                return f"the {channel} says {text!r}"
            for words in wanted:
                # Where an answer is being handed over nobody can say more than that the job may exist.
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


# Async, by hand


def httpx_async(service: Service, call: str, library: Any = httpx) -> Coroutine[Any, Any, Any]:
    """v1 code on httpx over :class:`AsyncCompatTransport`."""
    method, path, options = CALLS[call]

    async def play() -> Any:
        door = AsyncCompatTransport(Transport(service, library), service.policy())
        client = library.AsyncClient(base_url=BASE, transport=door, headers=HEADERS)
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


ASYNC_DOORS: Mapping[str, Callable[[Service, str], Coroutine[Any, Any, Any]]] = {
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


def by_hand(door: str, call: str, ending: str) -> Iterator[Told]:
    """Break a call off at each point where it is suspended."""
    point = 0
    while True:
        service = Service()
        coroutine = ASYNC_DOORS[door](service, call)
        with logged() as lines:
            try:
                for _ in range(point + 1):
                    coroutine.send(None)
            except StopIteration:
                return
            error = ENDINGS[ending]()
            if isinstance(error, GeneratorExit):
                coroutine.close()
                yield Told(service, None, lines)
                point += 1
                continue
            try:
                coroutine.throw(error)
                while True:  # what is shielded, or closes, goes on
                    coroutine.send(None)
            except StopIteration:
                raise AssertionError("the cancellation was swallowed") from None
            except BaseException as caught:
                yield Told(service, caught, lines)
        point += 1


# Async, by a loop, over real connections


class Stepped:
    """Awaits a coroutine, and cancels it when it is suspended for the n-th time."""

    def __init__(self, inner: Coroutine[Any, Any, Any], point: int, cancel: Callable[[], object]) -> None:
        self._inner, self._point, self._cancel = inner, point, cancel
        self.reached = False

    def __await__(self) -> Generator[Any, Any, Any]:
        steps = self._inner.__await__()
        count, value, error = 0, None, None
        while True:
            try:
                waited = steps.send(value) if error is None else steps.throw(error)
            except StopIteration as end:
                return end.value
            if count == self._point:
                self.reached = True
                self._cancel()
            count += 1
            value = error = None
            try:
                value = yield waited
            except BaseException as thrown:
                error = thrown


class Spy(httpx.AsyncBaseTransport):
    """Real connections; notes paid requests that are begun, and answers that are whole."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        paid = request.method == "POST" and not path.endswith("/v2/image")
        if paid or (request.method == "PUT" and not self._service.begun):
            self._service.begun += 1
            paid = True
        response = await self._inner.handle_async_request(request)
        if paid:
            assert response.is_success, response.status_code
            assert isinstance(response.stream, httpx.AsyncByteStream)
            response.stream = _Watched(self._service, response.stream)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Watched(httpx.AsyncByteStream):
    def __init__(self, service: Service, inner: httpx.AsyncByteStream) -> None:
        self._service, self._inner = service, inner

    async def __aiter__(self) -> Any:
        pieces = []
        async for piece in self._inner:
            pieces.append(piece)
            yield piece
        self._service.received.append(json.loads(b"".join(pieces))["id"])

    async def aclose(self) -> None:
        await self._inner.aclose()


async def _over_sockets(service: Service, base_url: str, call: str, id: str) -> None:
    method, path, options = CALLS[call]
    spy = Spy(service)
    door = AsyncCompatTransport(spy, service.policy().replace(base_url=base_url))
    try:
        client = httpx.AsyncClient(base_url=base_url, transport=door, headers=HEADERS)
        await client.request(method, path.replace("m0", id), **options)
        service.done = True
    finally:
        await spy.aclose()


def by_asyncio(base_url: str, call: str, id: str) -> Iterator[Told]:
    """Cancel a task at each point where it waits."""

    async def play(service: Service, point: int) -> Ending:
        task = asyncio.current_task()
        assert task is not None
        stepped = Stepped(_over_sockets(service, base_url, call, id), point, task.cancel)
        seen = None
        try:
            await stepped
        except asyncio.CancelledError as cancelled:
            seen = cancelled
        return stepped.reached, seen

    return _by_loop(lambda service, point: asyncio.run(play(service, point)))


Ending = tuple[bool, BaseException | None]


def _by_loop(play: Callable[[Service, int], Ending]) -> Iterator[Told]:
    for point in itertools.count():
        service = Service()
        with logged() as lines:
            reached, error = play(service, point)
        if not reached:
            return
        if error is not None and not service.done:
            yield Told(service, error, lines)


def by_trio(base_url: str, call: str, id: str) -> Iterator[Told]:
    """As :func:`by_asyncio`, by a cancel scope, which swallows the exception and its notes."""
    trio: Any = importlib.import_module("trio")

    async def play(service: Service, point: int) -> Ending:
        seen: BaseException | None = None
        with trio.CancelScope() as scope:
            stepped = Stepped(_over_sockets(service, base_url, call, id), point, scope.cancel)
            try:
                await stepped
            except trio.Cancelled as cancelled:
                seen = cancelled
                raise
        return stepped.reached, seen

    return _by_loop(lambda service, point: trio.run(play, service, point))


# Sync


class Tracer:
    """Raises KeyboardInterrupt at the n-th line of the package after it was armed."""

    def __init__(self, line: int) -> None:
        self._left = line
        self._armed = False
        self.where = ""

    def arm(self) -> None:
        """A paid answer is there: count from here on."""
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
    """The service, at once. The tracer is told of paid answers."""

    def __init__(self, service: Service, library: Any, tracer: Tracer) -> None:
        self._service, self._library, self._tracer = service, library, tracer

    def handle_request(self, request: Any) -> Any:
        body, id = self._service.answer(request.method, request.url.path)
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
    door = CompatTransport(SyncTransport(service, library, tracer), service.policy())
    with library.Client(base_url=BASE, transport=door, headers=HEADERS) as client:
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
        body, id = service.answer(request.method or "", str(path))
        if id:
            service.received.append(id)
            tracer.arm()
        response = requests.Response()
        response.status_code, response.raw = 200, io.BytesIO(body)
        response.headers["Content-Type"] = "application/json"
        return response

    return send


def _requests(
    door: Callable[[Service], AbstractContextManager[Callable[..., requests.Response]]],
) -> Callable[[Service, str, Tracer], None]:
    def play(service: Service, call: str, tracer: Tracer) -> None:
        method, path, options = CALLS[call]
        with mock.patch.object(HTTPAdapter, "send", _adapter(service, tracer)), door(service) as request:
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
    known = drop_in._Environment(None)
    known.policy = service.policy()
    with mock.patch.object(drop_in, "_surroundings", return_value=known):
        yield drop_in.request


@contextmanager
def _installed(service: Service) -> Iterator[Callable[..., requests.Response]]:
    with install(service.policy()), requests.Session() as session:
        yield session.request


SYNC_DOORS: Mapping[str, Callable[[Service, str, Tracer], None]] = {
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


def by_lines(door: str, call: str, every: int = 1, first: int = 0) -> Iterator[tuple[str, Told]]:
    """Press Ctrl-C at each line, or at one of ``every``."""
    line = first
    while True:
        service, tracer = Service(), Tracer(line)
        before = sys.gettrace()
        error: BaseException | None = None
        with logged() as lines:
            sys.settrace(tracer)
            try:
                SYNC_DOORS[door](service, call, tracer)
            except KeyboardInterrupt as caught:
                error = caught
            finally:
                sys.settrace(before)
        if not tracer.where:
            return
        if error is not None:
            yield tracer.where, Told(service, error, lines, handing_over=True)
        line += every


# The table


@dataclass
class Row:
    """What one sweep came to."""

    name: str
    points: int = 0
    told: int = 0
    gaps: list[str] = field(default_factory=list)

    def add(self, told: Told, where: str = "") -> None:
        """Count a point."""
        self.points += 1
        missing = told.missing()
        if missing:
            self.gaps.append(f"{where} {missing}")
        else:
            self.told += 1


def rows() -> Iterator[Row]:
    """The whole sweep."""
    for ending in ENDINGS:
        row = Row(f"async, by hand: {ending}; {', '.join(ASYNC_DOORS)}")
        for door in ASYNC_DOORS:
            for call in CALLS:
                for told in by_hand(door, call, ending):
                    row.add(told, f"{door}, {call}")
        yield row
    loops = {"asyncio": by_asyncio, "trio": by_trio}
    for name, sweep in loops.items():
        if importlib.util.find_spec(name) is None:
            continue
        row = Row(f"async, by {name}, over sockets: a cancelled {'task' if name == 'asyncio' else 'scope'}; httpx")
        with Emulator(transition=AT_ONCE) as emulator:
            id = httpx.post(f"{emulator.base_url}/v2/media", json={"prompt": "x"}, headers=HEADERS).json()["id"]
            for call in CALLS:
                for told in sweep(emulator.base_url, call, id):
                    row.add(told, call)
        yield row
    for door in SYNC_DOORS:
        row = Row(f"sync, every line: Ctrl-C; {door}")
        for call in CALLS:
            for where, told in by_lines(door, call):
                row.add(told, f"{call}, {where}")
        yield row


def table() -> str:
    """The sweep in Markdown."""
    lines = ["| How the call is broken off, and where | Points | Told |", "| --- | --- | --- |"]
    points = told = 0
    for row in rows():
        print(row.name, row.points, row.told, *row.gaps[:10], sep="\n  ", file=sys.stderr)
        lines.append(f"| {row.name} | {row.points:,} | {row.told:,} |")
        points, told = points + row.points, told + row.told
    return "\n".join([*lines, f"| together | {points:,} | {told:,} |"]) + "\n"


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(PAGE.main(table))
