"""What the tests of waiting for many jobs share."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
from vimmerse.jobs import Interval, Outcome
from vimmerse.v2 import AuthenticatedClient

from tests.jobs.callers import Service, response

CONSTANT = Interval(first=10, longest=10, factor=1, jitter=0)


def statuses(of: Callable[[str], list[str]]) -> Service:
    """Each job has the statuses that ``of`` returns for its id, one after the other, and then the last one.

    A number is an HTTP status in place of a job's.
    """
    lookups: Counter[str] = Counter()
    lock = threading.Lock()

    def lookup(request: httpx.Request) -> httpx.Response:
        identifier = request.url.path.rsplit("/", 1)[1]
        with lock:
            words = of(identifier)
            status = words[min(lookups[identifier], len(words) - 1)]
            lookups[identifier] += 1
        if status.isdecimal():
            return response({"message": "no"}, int(status), {"Retry-After": "30"} if status == "429" else None)
        body = {"id": identifier, "status": status, "processing_status": status, "video_url": "https://files.example/f"}
        return response(body)

    return Service([lookup])


def async_client(lookup: Callable[[str], Awaitable[str]]) -> AuthenticatedClient:
    """A client whose every lookup gets the status that ``lookup`` returns for the job's id."""

    class Transport(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return response({"id": "x", "processing_status": await lookup(request.url.path.rsplit("/", 1)[1])})

    return AuthenticatedClient(base_url="https://api.example", token="key", async_transport=Transport())


async def ids(outcomes: AsyncIterator[Outcome]) -> list[str]:
    return [outcome.id async for outcome in outcomes]
