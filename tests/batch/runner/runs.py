"""Runs batches for the tests: with threads, or on asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

import httpx
from vimmerse.batch import AsyncBatch, Batch, Ledger, RunSummary, State
from vimmerse.batch.events import Event
from vimmerse.emulator import Emulator
from vimmerse.v2 import AsyncVimmerse, Vimmerse

from tests.jobs.callers import Clock

EventT = TypeVar("EventT")


def clip(number: int, **fields: Any) -> dict[str, Any]:
    """A row that costs 50 credits."""
    return {"key": f"clip{number}", "prompt": f"Boat {number}", "duration": 5, **fields}


def clips(count: int, **fields: Any) -> list[dict[str, Any]]:
    return [clip(number, **fields) for number in range(1, count + 1)]


class Runner:
    """Runs batches against an emulator. ``events`` are those of all runs; ``clock`` is moved by pauses alone."""

    def __init__(self, emulator: Emulator, location: str, *, asynchronous: bool) -> None:
        self.emulator = emulator
        self.location = location
        self.asynchronous = asynchronous
        self.clock = Clock()
        self.events: list[Event] = []
        self.batch: Batch | AsyncBatch | None = None
        self.base_url = emulator.base_url
        self.client_options: dict[str, Any] = {}

    def run(
        self,
        rows: Any = None,
        *,
        on_event: Callable[[Event], object] | None = None,
        ledger: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> RunSummary:
        def note(event: Event) -> object:
            self.events.append(event)
            return on_event(event) if on_event else None

        options = {"random": lambda: 0.0, "interval": 1.0, "clock": self.clock, **options}
        account = {"base_url": self.base_url, "token": "key-of-tests-0123", **self.client_options}
        with Ledger(self.location, **(ledger or {})) as opened:
            if not self.asynchronous:
                with Vimmerse(**account) as client:
                    self.batch = Batch(client, opened, **{"sleep": self.clock.sleep, **options})
                    return self.batch.run(rows, on_event=note)

            async def main() -> RunSummary:
                async with AsyncVimmerse(**account) as client:
                    self.batch = batch = AsyncBatch(client, opened, **{"sleep": self.clock.sleep_async, **options})
                    return await batch.run(rows, on_event=note)

            return asyncio.run(main())

    def of(self, kind: type[EventT]) -> list[EventT]:
        """The events of a type."""
        return [event for event in self.events if isinstance(event, kind)]

    def kinds(self, *without: type[Event]) -> list[str]:
        return [type(event).__name__ for event in self.events if not isinstance(event, without)]

    def states(self) -> dict[str, State]:
        """The states of all jobs, by key."""
        with Ledger(self.location) as ledger:
            return {job.key: job.state for job in ledger.jobs()}

    def created(self) -> list[str]:
        """What the calls asked for that have created a job, in alphabetical order."""
        paths = [request for request in self.emulator.requests if request.method == "POST" and request.status == 200]
        return sorted(cast("Any", request.json)["prompt"] for request in paths if request.path == "/v2/media")


class Network:
    """The way to the emulator. ``down``: how many of the next submissions find no connection; None for all."""

    def __init__(self, runner: Runner, down: int | None = None) -> None:
        self.down = down
        self.tried: list[float] = []  # when
        self._clock = runner.clock
        network = self

        class Transport(httpx.HTTPTransport):
            def handle_request(self, request: httpx.Request) -> httpx.Response:
                network.check(request)
                return super().handle_request(request)

        class AsyncTransport(httpx.AsyncHTTPTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                network.check(request)
                return await super().handle_async_request(request)

        if runner.asynchronous:
            runner.client_options["async_transport"] = AsyncTransport()
        else:
            runner.client_options["transport"] = Transport()

    def check(self, request: httpx.Request) -> None:
        if request.method != "POST":
            return
        self.tried.append(self._clock.now - 1000)
        if self.down is None or self.down > 0:
            self.down = self.down and self.down - 1
            raise httpx.ConnectError("no route to host", request=request)
