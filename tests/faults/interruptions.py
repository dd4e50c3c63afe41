"""Calls that are interrupted at every point: are the ids that exist named?

    python -m tests.faults.interruptions           all of it; writes the table to docs/reliability.md
    python -m tests.faults.interruptions --print   the whole sweep; prints the table

A call is started again and again, and each time broken off one point later, until it completes:

* async, by hand: at every point where a coroutine can be suspended, by whatever a loop may throw into it. The service
  is a transport of its own that suspends while it connects, sends, reads each piece of a response, and closes;
* async, by the loop: as above on asyncio, and on trio where that is installed, with real connections to an emulator;
* sync: at every line of the package from the first paid response on, by Ctrl-C.

A point passes if the exception notes, notices and log records name each id whose response was received, and state
that a paid request without a response may have created a job. Before a paid request there must be no message.
"""

from __future__ import annotations

import asyncio
import importlib.util
import itertools
import json
import sys
import warnings
from collections.abc import Callable, Coroutine, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from vimmerse.compat import (
    AsyncCompatTransport,
)
from vimmerse.compat.runtime.call_counts import PROCESS
from vimmerse.emulator import AT_ONCE, Emulator

from tests.faults.interrupted_calls import (
    ASYNC_ENTRY_POINTS,
    CALLS,
    ENDINGS,
    HEADERS,
    SYNC_ENTRY_POINTS,
    InterruptedCall,
    Service,
    Tracer,
    logged,
)
from tests.faults.pages import Page

PAGE = Page(Path(__file__).resolve().parents[2] / "docs" / "reliability.md", "python -m tests.faults.interruptions")


# Async, by hand


def by_hand(entry_point: str, call: str, ending: str) -> Iterator[InterruptedCall]:
    """Break a call off at each point where it is suspended."""
    point = 0
    while True:
        service = Service()
        coroutine = ASYNC_ENTRY_POINTS[entry_point](service, call)
        with logged() as lines:
            try:
                for _ in range(point + 1):
                    coroutine.send(None)
            except StopIteration:
                return
            error = ENDINGS[ending]()
            if isinstance(error, GeneratorExit):
                coroutine.close()
                yield InterruptedCall(service, None, lines)
                point += 1
                continue
            try:
                coroutine.throw(error)
                while True:  # what is shielded, or is closing, continues
                    coroutine.send(None)
            except StopIteration:
                raise AssertionError("the cancellation was suppressed") from None
            except BaseException as caught:
                yield InterruptedCall(service, caught, lines)
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
    """Real connections. Counts the paid requests that were sent and records complete responses."""

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
    transport = AsyncCompatTransport(spy, service.policy().replace(base_url=base_url))
    try:
        client = httpx.AsyncClient(base_url=base_url, transport=transport, headers=HEADERS)
        await client.request(method, path.replace("m0", id), **options)
        service.done = True
    finally:
        await spy.aclose()


def by_asyncio(base_url: str, call: str, id: str) -> Iterator[InterruptedCall]:
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


def _by_loop(play: Callable[[Service, int], Ending]) -> Iterator[InterruptedCall]:
    for point in itertools.count():
        service = Service()
        with logged() as lines:
            reached, error = play(service, point)
        if not reached:
            return
        if error is not None and not service.done:
            yield InterruptedCall(service, error, lines)


def by_trio(base_url: str, call: str, id: str) -> Iterator[InterruptedCall]:
    """As :func:`by_asyncio`, with a cancel scope, which suppresses the exception and its notes."""
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


def by_lines(entry_point: str, call: str, every: int = 1, first: int = 0) -> Iterator[tuple[str, InterruptedCall]]:
    """Press Ctrl-C at each line, or at one of ``every``."""
    line = first
    while True:
        service, tracer = Service(), Tracer(line)
        before = sys.gettrace()
        error: BaseException | None = None
        with logged() as lines:
            sys.settrace(tracer)
            try:
                SYNC_ENTRY_POINTS[entry_point](service, call, tracer)
            except KeyboardInterrupt as caught:
                error = caught
            finally:
                sys.settrace(before)
                PROCESS.restart()  # a signal ends no `with` before it is left; the tracer does, and its lock stays held
        if not tracer.where:
            return
        if error is not None:
            yield tracer.where, InterruptedCall(service, error, lines, handing_over=True)
        line += every


# The table


@dataclass
class Row:
    """The result of one sweep."""

    name: str
    points: int = 0
    named: int = 0
    gaps: list[str] = field(default_factory=list)

    def add(self, interrupted: InterruptedCall, where: str = "") -> None:
        """Count a point."""
        self.points += 1
        missing = interrupted.missing()
        if missing:
            self.gaps.append(f"{where} {missing}")
        else:
            self.named += 1


def rows() -> Iterator[Row]:
    """Every call, interrupted at every point."""
    for ending in ENDINGS:
        row = Row(f"async, by hand: {ending}; {', '.join(ASYNC_ENTRY_POINTS)}")
        for entry_point in ASYNC_ENTRY_POINTS:
            for call in CALLS:
                for interrupted in by_hand(entry_point, call, ending):
                    row.add(interrupted, f"{entry_point}, {call}")
        yield row
    loops = {"asyncio": by_asyncio, "trio": by_trio}
    for name, sweep in loops.items():
        if importlib.util.find_spec(name) is None:
            continue
        row = Row(f"async, by {name}, over sockets: a cancelled {'task' if name == 'asyncio' else 'scope'}; httpx")
        with Emulator(transition=AT_ONCE) as emulator:
            id = httpx.post(f"{emulator.base_url}/v2/media", json={"prompt": "x"}, headers=HEADERS).json()["id"]
            for call in CALLS:
                for interrupted in sweep(emulator.base_url, call, id):
                    row.add(interrupted, call)
        yield row
    for entry_point in SYNC_ENTRY_POINTS:
        row = Row(f"sync, every line: Ctrl-C; {entry_point}")
        for call in CALLS:
            for where, interrupted in by_lines(entry_point, call):
                row.add(interrupted, f"{call}, {where}")
        yield row


def table() -> str:
    """The sweep in Markdown."""
    lines = ["| How the call is interrupted, and where | Points | Ids named |", "| --- | --- | --- |"]
    points = named = 0
    for row in rows():
        print(row.name, row.points, row.named, *row.gaps[:10], sep="\n  ", file=sys.stderr)
        lines.append(f"| {row.name} | {row.points:,} | {row.named:,} |")
        points, named = points + row.points, named + row.named
    return "\n".join([*lines, f"| total | {points:,} | {named:,} |"]) + "\n"


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(PAGE.main(table))
