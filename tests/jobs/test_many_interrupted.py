"""Waiting for many jobs: what ends the waits early, and how the jobs that are left are named."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any, cast

import httpx
import pytest
from vimmerse.jobs import Progress, wait_all_async
from vimmerse.v2 import AuthenticatedClient

from tests.jobs.callers import Caller, Service, response
from tests.jobs.many import async_client, ids, statuses


def test_leaving_the_loop_early(caller: Caller) -> None:
    service = statuses(lambda name: ["success"] if name == "a" else ["processing"])
    outcomes = caller.wait_all(service, ["a", "b", "c"], kind="media", stop_after=1)

    assert [outcome.id for outcome in outcomes] == ["a"]


def stop(_: object = None) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("stage", ["lookup", "callback", "sleep"])
def test_ctrl_c_names_the_jobs_that_are_left(caller: Caller, stage: str) -> None:
    def lookup(request: httpx.Request) -> httpx.Response:
        if stage == "lookup" and request.url.path.endswith("b"):
            raise KeyboardInterrupt
        status = "success" if request.url.path.endswith("a") else "processing"
        return response({"id": "x", "processing_status": status})

    if stage == "sleep":
        caller.clock.on_sleep = stop

    def note(progress: Progress) -> None:
        if stage == "callback" and progress.id == "b":
            stop()

    with pytest.raises(KeyboardInterrupt) as caught:
        caller.wait_all(Service([lookup]), ["a", "b", "c"], kind="media", on_progress=note, concurrency=1)

    (message,) = caught.value.__notes__
    assert message == (
        "2 jobs are still running on the server. Pass them to wait_all() again, at no cost: media b, media c"
    )


def test_a_note_is_of_limited_length(caller: Caller) -> None:
    caller.clock.on_sleep = stop
    jobs = [f"m{number}" for number in range(60)]
    with pytest.raises(KeyboardInterrupt) as caught:
        caller.wait_all(statuses(lambda _: ["new"]), jobs, kind="media")

    assert caught.value.__notes__[0].startswith("60 jobs are still running")
    assert caught.value.__notes__[0].endswith("media m49, ...")


def test_closing_the_iterator_cancels_the_lookups_in_progress() -> None:
    cancelled = 0
    started = asyncio.Event()

    class Hanging(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal cancelled
            if request.url.path.endswith("a"):
                await started.wait()
                return response({"id": "a", "processing_status": "success"})
            started.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled += 1
                raise
            raise AssertionError("unreachable")

    async def main() -> list[str]:
        async with AuthenticatedClient(
            base_url="https://api.example", token="key", async_transport=Hanging()
        ) as client:
            outcomes = wait_all_async(client, ["a", "b"], kind="media")
            async with aclosing(cast("Any", outcomes)) as iterator:
                async for outcome in iterator:
                    return [outcome.id]
        return []

    assert asyncio.run(main()) == ["a"]
    assert cancelled == 1


@pytest.mark.parametrize("error", [OSError("no clock"), asyncio.CancelledError()])
def test_a_clock_that_fails_ends_the_waits(error: BaseException) -> None:
    async def main() -> None:
        stopped = asyncio.Event()

        def clock() -> float:
            if stopped.is_set():
                raise error
            return 0.0

        async def lookup(name: str) -> str:
            if name != "a":
                await (asyncio.Event() if name == "slow" else stopped).wait()
            return "success"

        async with async_client(lookup) as client:
            outcomes = wait_all_async(client, ["a", "b", "slow", "c", "d"], kind="media", clock=clock, concurrency=3)
            assert (await anext(outcomes)).id == "a"
            stopped.set()
            with pytest.raises(type(error)) as caught:
                await ids(outcomes)
        assert "still running on the server" in caught.value.__notes__[0]

    asyncio.run(main())


def test_a_lookup_that_is_cancelled_ends_the_waits() -> None:
    async def lookup(name: str) -> str:
        await asyncio.sleep(0)
        raise asyncio.CancelledError

    async def main() -> None:
        async with async_client(lookup) as client:
            with pytest.raises(asyncio.CancelledError) as caught:
                await ids(wait_all_async(client, ["a", "b"], kind="media"))
        assert caught.value.__notes__[0].startswith("2 jobs are still running")

    asyncio.run(main())


def test_a_note_names_the_jobs_whose_outcome_was_not_taken() -> None:
    async def main() -> None:
        both, taken = asyncio.Barrier(2), asyncio.Event()

        async def lookup(name: str) -> str:
            if name == "c":
                await taken.wait()
                raise KeyboardInterrupt
            await both.wait()
            return "success"

        async with async_client(lookup) as client:
            async for _ in wait_all_async(client, ["a", "b", "c"], kind="media", concurrency=3):
                taken.set()
                await asyncio.Event().wait()

    with pytest.raises(KeyboardInterrupt) as caught:
        asyncio.run(main())
    (message,) = caught.value.__notes__
    assert message.startswith("2 jobs are still running")
    assert "media c" in message
