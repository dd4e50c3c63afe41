"""Waiting for many jobs: how many lookups are in progress, when the next one begins, and what it costs."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import tracemalloc
from collections import Counter
from typing import Any

import httpx
import pytest
from vimmerse.jobs import Progress, wait_all, wait_all_async
from vimmerse.v2 import AuthenticatedClient
from vimmerse.v2.api.media import get_media
from vimmerse.v2.models import Media

from tests.jobs.callers import Caller, Clock, Service, response
from tests.jobs.many import CONSTANT, async_client, ids, statuses


def test_a_retry_after_applies_to_all_jobs(caller: Caller) -> None:
    ends = {"a": ["429", "success"], "b": ["success"], "c": ["success"]}
    moments: list[tuple[str, float]] = []
    inner = statuses(ends.__getitem__)

    def lookup(request: httpx.Request) -> httpx.Response:
        moments.append((request.url.path[-1], caller.clock.now - 1000))
        return inner.handle_request(request)

    caller.wait_all(Service([lookup]), [*ends], kind="media", interval=CONSTANT, concurrency=1)

    assert moments == [("a", 0), ("b", 30), ("c", 30), ("a", 30)]


def test_progress_is_reported_in_the_callers_thread(caller: Caller) -> None:
    threads: set[int] = set()
    seen: list[Progress] = []

    def note(progress: Progress) -> None:
        threads.add(threading.get_ident())
        seen.append(progress)

    caller.wait_all(
        statuses(lambda _: ["new", "success"]), ["a", "b"], kind="media", on_progress=note, interval=CONSTANT
    )

    assert threads == {threading.get_ident()}
    assert sorted((p.id, p.polls, p.finished) for p in seen) == [
        ("a", 1, False),
        ("a", 2, True),
        ("b", 1, False),
        ("b", 2, True),
    ]


@pytest.mark.parametrize("concurrency", [1, 3])
def test_limits_the_lookups_at_a_time(concurrency: int) -> None:
    """Each lookup waits until the limit has been reached."""
    running, most = 0, 0
    arrived = threading.Condition()

    def lookup(request: httpx.Request) -> httpx.Response:
        nonlocal running, most
        with arrived:
            running += 1
            most = max(most, running)
            arrived.notify_all()
            assert arrived.wait_for(lambda: most == concurrency, 20)
            running -= 1
        return response({"id": "x", "processing_status": "success"})

    jobs = [f"m{number}" for number in range(12)]
    with Service([lookup]).client() as client:
        outcomes = list(wait_all(client, jobs, kind="media", concurrency=concurrency))

    assert len(outcomes) == 12
    assert most == concurrency


def test_limits_the_lookups_at_a_time_on_asyncio() -> None:
    running, most = 0, 0
    full = asyncio.Event()

    class Slow(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal running, most
            running += 1
            most = max(most, running)
            if running == 3:
                full.set()
            await full.wait()
            running -= 1
            return response({"id": "x", "processing_status": "success"})

    async def main() -> int:
        async with AuthenticatedClient(base_url="https://api.example", token="key", async_transport=Slow()) as client:
            return len([one async for one in wait_all_async(client, ["m"] * 12, kind="media", concurrency=3)])

    assert asyncio.run(main()) == 12
    assert most == 3


def test_polls_every_job_once_before_it_sleeps() -> None:
    clock = Clock()
    lookups: list[str] = []
    running = 0

    async def lookup(name: str) -> str:
        nonlocal running
        lookups.append(name)
        running += 1
        await asyncio.sleep(0)
        assert running == 1
        running -= 1
        return "processing" if len(lookups) <= 8 else "success"

    async def sleep(seconds: float) -> None:
        assert len(lookups) == 8
        clock.sleep(seconds)

    async def main() -> list[str]:
        async with async_client(lookup) as client:
            times: dict[str, Any] = {"interval": CONSTANT, "clock": clock, "sleep": sleep}
            return await ids(wait_all_async(client, list("abcdefgh"), kind="media", concurrency=1, **times))

    assert sorted(asyncio.run(main())) == list("abcdefgh")


@pytest.mark.parametrize("suspends", [True, False])
@pytest.mark.parametrize(("concurrency", "more"), [(4, 9), (1, 0)])
def test_no_lookup_begins_while_the_caller_is_busy(concurrency: int, more: int, suspends: bool) -> None:
    """Those in progress may end; at most so many more than outcomes were taken have begun."""
    begun: list[str] = []

    async def lookup(name: str) -> str:
        begun.append(name)
        if suspends:
            await asyncio.sleep(0)
        return "success"

    async def main() -> None:
        jobs = [f"m{n}" for n in range(100)]
        async with async_client(lookup) as client:
            taken = 0
            async for _ in wait_all_async(client, jobs, kind="media", concurrency=concurrency):
                taken += 1
                for _ in range(50):
                    await asyncio.sleep(0)
                assert len(begun) <= taken + more
            assert taken == 100

    asyncio.run(main())


def test_progress_is_reported_in_order_with_the_outcomes() -> None:
    shown: list[str] = []

    async def lookup(name: str) -> str:
        await asyncio.sleep(0)
        return "success"

    async def note(progress: Progress) -> None:
        await asyncio.sleep(0)
        shown.append(f"{progress.id} at {progress.polls}")

    async def main() -> None:
        async with async_client(lookup) as client:
            async for outcome in wait_all_async(client, list("abcdef"), kind="media", concurrency=3, on_progress=note):
                shown.append(outcome.id)

    asyncio.run(main())
    assert shown == [text for name in "abcdef" for text in (f"{name} at 1", name)]


def test_lookups_that_never_suspend_let_other_tasks_run() -> None:
    lookups, turns, most, before = 0, 0, 0, 0

    async def lookup(name: str) -> str:
        nonlocal lookups, most, before
        lookups += 1
        if turns != before:
            before, most = turns, max(most, lookups)
            lookups = 0
        return "processing"

    async def main() -> None:
        nonlocal turns
        jobs = [f"m{n}" for n in range(2000)]
        async with async_client(lookup) as client:
            waiting = asyncio.create_task(ids(wait_all_async(client, jobs, kind="media", interval=3600, concurrency=2)))
            while lookups + turns < 2000 and turns < 15:
                turns += 1
                await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting

    asyncio.run(main())
    assert turns == 15
    assert most < 500


def test_works_with_eager_tasks() -> None:
    def eager(loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any) -> Any:
        """As asyncio.eager_task_factory, which Python 3.11 does not have, for coroutines that never suspend."""
        done = loop.create_future()
        with pytest.raises(StopIteration):
            coroutine.send(None)
        done.set_result(None)
        return done

    async def lookup(name: str) -> str:
        return "success"

    async def main() -> list[str]:
        asyncio.get_running_loop().set_task_factory(getattr(asyncio, "eager_task_factory", eager))
        async with async_client(lookup) as client:
            outcomes = await ids(wait_all_async(client, list("abcde"), kind="media", concurrency=2))
        asyncio.get_running_loop().set_task_factory(None)
        return outcomes

    assert asyncio.run(main()) == list("abcde")


def test_a_job_is_due_while_the_lookup_of_another_hangs() -> None:
    lookups: Counter[str] = Counter()
    seen_again = asyncio.Event()

    async def lookup(name: str) -> str:
        lookups[name] += 1
        if name == "slow":
            await seen_again.wait()
        elif lookups[name] == 3:
            seen_again.set()
        return "success" if name == "slow" or lookups[name] == 3 else "processing"

    async def main() -> list[str]:
        async with async_client(lookup) as client:
            return await ids(wait_all_async(client, ["slow", "quick"], kind="media", interval=0.001))

    assert sorted(asyncio.run(main())) == ["quick", "slow"]
    assert lookups == {"slow": 1, "quick": 3}


def test_ten_thousand_jobs_need_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = [f"media-{number:032}" for number in range(10_000)]
    lookups = 0
    used = 0

    async def lookup(identifier: str, **_: object) -> Media:
        nonlocal lookups
        lookups += 1
        # Parsed anew each time, as in reality: what a wait keeps of it counts.
        return Media.from_dict({"id": identifier, "title": identifier * 128, "processing_status": "new"})

    class FirstSleep(Exception):
        """Every job has been looked up once and waits."""

    async def sleep(seconds: float) -> None:
        nonlocal used
        gc.collect()
        used = tracemalloc.get_traced_memory()[0]
        raise FirstSleep

    async def main() -> None:
        async with AuthenticatedClient(base_url="https://api.example", token="key") as client:
            await ids(wait_all_async(client, jobs, kind="media", clock=Clock(), sleep=sleep))

    monkeypatch.setattr(get_media, "asyncio", lookup)
    tracemalloc.start()
    try:
        with pytest.raises(FirstSleep):
            asyncio.run(main())
    finally:
        tracemalloc.stop()

    assert lookups == len(jobs)
    assert used / len(jobs) < 4096


def test_the_cost_is_linear(monkeypatch: pytest.MonkeyPatch) -> None:
    """In function calls, not in seconds; each job is finished at its third lookup."""

    def calls(count: int) -> int:
        counted = 0
        lookups: Counter[str] = Counter()

        async def lookup(identifier: str, **_: object) -> Media:
            lookups[identifier] += 1
            status = "success" if lookups[identifier] == 3 else "processing"
            return Media.from_dict({"id": identifier, "processing_status": status})

        async def main() -> int:
            clock = Clock()
            jobs = [str(number) for number in range(count)]
            async with AuthenticatedClient(base_url="https://api.example", token="key") as client:
                outcomes = wait_all_async(
                    client, jobs, kind="media", clock=clock, sleep=clock.sleep_async, interval=CONSTANT
                )
                return len(await ids(outcomes))

        def profile(*_: object) -> None:
            nonlocal counted
            counted += 1

        monkeypatch.setattr(get_media, "asyncio", lookup)
        sys.setprofile(profile)
        try:
            assert asyncio.run(main()) == count
        finally:
            sys.setprofile(None)
        return counted

    assert calls(2000) < 10 * 1.1 * calls(200)
