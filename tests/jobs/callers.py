"""What the tests of waiting and downloading share: a fake clock, a scripted service, the sync and async functions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx
from vimmerse.jobs import Outcome, download, download_async, wait, wait_all, wait_all_async, wait_async
from vimmerse.v2 import AuthenticatedClient

KEY = "key-for-tests-0123456789"


class Clock:
    """A clock that only sleeping moves; ``slept`` lists how long."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        self.on_sleep: Callable[[], object] = lambda: None

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.on_sleep()
        self.slept.append(seconds)
        self.now += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)
        await asyncio.sleep(0)


Scripted = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


def response(body: object = None, status: int = 200, headers: Mapping[str, str] | None = None) -> httpx.Response:
    """A response with a JSON body, or with ``body`` itself if it is bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.Response(status, content=content, headers=dict(headers or {}))


def story(status: str | None = "processing", **fields: object) -> httpx.Response:
    return response({"id": "s1", "status": status, **fields})


def media(status: str | None = "processing", **fields: object) -> httpx.Response:
    return response({"id": "m1", "processing_status": status, **fields})


VIDEO_URL = "https://files.example/video.mp4?sig=s3cret"


def done() -> httpx.Response:
    """A finished story."""
    return story("success", progress_percentage=100, video_url=VIDEO_URL)


class Service(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Returns the scripted responses in turn, the last one repeatedly; ``requests`` records the requests."""

    def __init__(self, responses: Iterable[Scripted]) -> None:
        self.responses = list(responses)
        self.requests: list[httpx.Request] = []
        self.closed = 0

    def _next(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        scripted = self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]
        if isinstance(scripted, BaseException):
            raise scripted
        if callable(scripted):
            return scripted(request)
        # A response can be read only once: each request gets its own.
        return httpx.Response(scripted.status_code, headers=scripted.headers, stream=httpx.ByteStream(scripted.content))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._next(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._next(request)

    def client(self) -> AuthenticatedClient:
        return AuthenticatedClient(base_url="https://api.example", token=KEY, transport=self, async_transport=self)


class Caller:
    """Calls the sync or the async functions with a fake clock."""

    def __init__(self, asynchronous: bool) -> None:
        self.asynchronous = asynchronous
        self.clock = Clock()
        self.random = 0.0

    def _times(self, options: dict[str, Any]) -> dict[str, Any]:
        sleep: Callable[[float], object] = self.clock.sleep_async if self.asynchronous else self.clock.sleep
        return {"clock": self.clock, "sleep": sleep, "random": lambda: self.random, **options}

    def wait(self, service: Service | AuthenticatedClient, job: Any, **options: Any) -> Any:
        client = service.client() if isinstance(service, Service) else service
        if self.asynchronous:
            return asyncio.run(self._closing(client, wait_async(client, job, **self._times(options))))
        with client:
            return wait(client, job, **self._times(options))

    def wait_all(
        self, service: Service | AuthenticatedClient, jobs: Any, *, stop_after: int | None = None, **options: Any
    ) -> list[Outcome]:
        client = service.client() if isinstance(service, Service) else service
        collected: list[Outcome] = []
        if self.asynchronous:

            async def collect() -> None:
                outcomes = wait_all_async(client, jobs, **self._times(options))
                async for outcome in outcomes:
                    collected.append(outcome)
                    if len(collected) == stop_after:
                        await outcomes.aclose()  # type: ignore[attr-defined]  # an async generator, in truth
                        break

            asyncio.run(self._closing(client, collect()))
            return collected
        with client:
            for outcome in wait_all(client, jobs, **self._times(options)):
                collected.append(outcome)
                if len(collected) == stop_after:
                    break
        return collected

    async def _closing(self, client: AuthenticatedClient, call: Awaitable[Any]) -> Any:
        try:
            return await call
        finally:
            await client.aclose()

    def download(self, service: Service | None, source: Any, path: Path, **options: Any) -> Path:
        if self.asynchronous:

            async def call() -> Path:
                client = httpx.AsyncClient(transport=service) if service else None
                try:
                    return await download_async(source, path, **self._times({"client": client, **options}))
                finally:
                    if client is not None:
                        await client.aclose()

            return asyncio.run(call())
        client = httpx.Client(transport=service) if service else None
        try:
            return download(source, path, **self._times({"client": client, **options}))
        finally:
            if client is not None:
                client.close()
