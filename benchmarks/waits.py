"""``wait_all`` on many jobs in one loop: what a waiting job holds, and what a look costs."""

from __future__ import annotations

import asyncio
import gc
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
from vimmerse.jobs import Progress, wait_all, wait_all_async
from vimmerse.v2 import AuthenticatedClient

from benchmarks.measure import ratio
from benchmarks.processes import Cost, server
from benchmarks.table import Row, compared

JOBS = 10_000
CONCURRENCY = 8


def waits(rounds: int) -> Iterator[Row]:
    """The clock and the sleep are ours, so that a wait is no waiting."""
    few = JOBS if rounds > 3 else JOBS // 10
    less = few // 4  # where nothing depends on their number
    held = asyncio.run(_held(few))
    yield Row(f"wait_all: what each of {few:,} waiting jobs holds", "", held / 1024, "KiB", target=4)
    with server() as port:
        base = f"http://127.0.0.1:{port}"
        asyncio.run(_look(base, 200))
        asyncio.run(_get(base, 200))
        _look_in_threads(base, 200)
        _get_in_threads(base, 200)
        mine, small, raw, told, threads, raw_threads = [], [], [], [], [], []
        for _ in range(rounds):
            mine.append(asyncio.run(_look(base, few)))
            raw.append(asyncio.run(_get(base, few)))
            small.append(asyncio.run(_look(base, few // 10)))
            told.append(asyncio.run(_look(base, less, lambda progress: None)))
            threads.append(_look_in_threads(base, less))
            raw_threads.append(_get_in_threads(base, less))
    by_cpu = [[Cost(one.cpu, one.cpu) for one in found] for found in (mine, small, raw, told, threads, raw_threads)]
    yield compared(f"wait_all: CPU a look, {few:,} jobs", "an async get + json", ratio(by_cpu[0], by_cpu[2]), 1.15)
    yield compared(
        f"wait_all: CPU a look, {few:,} jobs", f"{few // 10:,} jobs", ratio(by_cpu[0], by_cpu[1]), 1.15, "linear is 1"
    )
    yield compared(
        f"wait_all: CPU a look, {less:,} jobs, with on_progress",
        "an async get + json",
        ratio(by_cpu[3], by_cpu[2]),
        None,
    )
    yield compared(
        f"wait_all: CPU a look, {less:,} jobs, in threads",
        "get + json in a thread pool",
        ratio(by_cpu[4], by_cpu[5]),
        None,
    )


class _Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


async def _look(base: str, jobs: int, on_progress: Callable[[Progress], None] | None = None) -> Cost:
    """The cost of a look: each of so many jobs is looked at until it is done, which it is."""
    clock = _Clock()
    ids = [f"done-{index}" for index in range(jobs)]
    async with AuthenticatedClient(base_url=base, token="a-key") as client:
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        outcomes = wait_all_async(
            client,
            ids,
            kind="story",
            concurrency=CONCURRENCY,
            on_progress=on_progress,
            clock=clock,
            sleep=clock.sleep,
            random=lambda: 0.5,
        )
        finished = [outcome.value async for outcome in outcomes]
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert all(finished)
    return Cost(wall / jobs, cpu / jobs)


async def _get(base: str, times: int) -> Cost:
    """The cost of the plainest look, as many at a time."""
    left = iter(range(times))

    async def work() -> None:
        for index in left:
            answer = await client.get(f"/v2/story/done-{index}")
            assert answer.json()["status"] == "success"

    async with httpx.AsyncClient(base_url=base, headers={"X-Api-Key": "a-key"}) as client:
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(work() for _ in range(CONCURRENCY)))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Cost(wall / times, cpu / times)


def _look_in_threads(base: str, jobs: int) -> Cost:
    """As :func:`_look`, with ``wait_all``; nothing sleeps, since every job is done."""
    ids = [f"done-{index}" for index in range(jobs)]
    with AuthenticatedClient(base_url=base, token="a-key") as client:
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        outcomes = wait_all(client, ids, kind="story", concurrency=CONCURRENCY, clock=_Clock(), random=lambda: 0.5)
        finished = [outcome.value for outcome in outcomes]
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert all(finished)
    return Cost(wall / jobs, cpu / jobs)


def _get_in_threads(base: str, times: int) -> Cost:
    """As :func:`_get`, by as many threads."""

    def work(index: int) -> str:
        found: str = client.get(f"/v2/story/done-{index}").json()["status"]
        return found

    with (
        httpx.Client(base_url=base, headers={"X-Api-Key": "a-key"}) as client,
        ThreadPoolExecutor(CONCURRENCY) as threads,
    ):
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        statuses = list(threads.map(work, range(times)))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert set(statuses) == {"success"}
    return Cost(wall / times, cpu / times)


async def _held(jobs: int) -> float:
    """Bytes that a job takes while all of them wait for their second look."""
    reached = asyncio.Event()
    clock = _Clock()

    async def sleep(seconds: float) -> None:
        # The first sleep comes when every job has been looked at, and is not due again.
        reached.set()
        await asyncio.Event().wait()

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"id": request.url.path.rpartition("/")[2], "status": "processing"})

    async_transport = httpx.MockTransport(answer)
    async with AuthenticatedClient(
        base_url="http://127.0.0.1:1", token="a-key", async_transport=async_transport
    ) as client:
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        ids = [f"job-{index}" for index in range(jobs)]

        async def wait() -> None:
            async for _ in wait_all_async(client, ids, kind="story", clock=clock, sleep=sleep, timeout=None):
                raise AssertionError("none of them ends")

        task = asyncio.create_task(wait())
        await reached.wait()
        gc.collect()
        held = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return held / jobs
