"""``wait_all`` with many jobs: the memory of a waiting job, the cost of a poll, the connections; a further client."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import certifi
import httpx
from vimmerse.jobs import Progress, wait_all, wait_all_async
from vimmerse.v2 import AuthenticatedClient

from benchmarks.measure import ratio, sample
from benchmarks.processes import Cost, server
from benchmarks.table import Row, compared

JOBS = 10_000
CONCURRENCY = 8
LATENCY = 0.05  # seconds, so that as many polls are in progress as may be


def waits(rounds: int) -> Iterator[Row]:
    """Clock and sleep are simulated."""
    many = JOBS if rounds > 3 else JOBS // 10
    fewer = many // 4  # if the number does not matter
    memory = asyncio.run(memory_of(many))
    yield Row(f"wait_all: memory of each of {many:,} waiting jobs", "", memory / 1024, "KiB", target=4)
    with server() as port:
        base = f"http://127.0.0.1:{port}"
        measures: dict[str, Callable[[], Cost]] = {
            "wait_all": lambda: asyncio.run(poll(base, many)),
            "get": lambda: asyncio.run(get(base, many)),
            "fewer": lambda: asyncio.run(poll(base, many // 10)),
            "progress": lambda: asyncio.run(poll(base, fewer, lambda progress: None)),
            "threads": lambda: poll_in_threads(base, fewer),
            "get in threads": lambda: get_in_threads(base, fewer),
        }
        for warm_up in (poll, get):
            asyncio.run(warm_up(base, 200))
        for warm_up_in_threads in (poll_in_threads, get_in_threads):
            warm_up_in_threads(base, 200)
        cpu: dict[str, list[Cost]] = {name: [] for name in measures}
        for _ in range(rounds):
            for name, measure in measures.items():
                cost = measure()
                cpu[name].append(Cost(cost.cpu, cost.cpu))
    what = "wait_all: CPU for each poll"
    for name, against, other, target, note in (
        (f"{what}, {many:,} jobs", "an async get + json", ("wait_all", "get"), 1.15, ""),
        (f"{what}, {many:,} jobs", f"{many // 10:,} jobs", ("wait_all", "fewer"), 1.15, "1 is linear"),
        (f"{what}, {fewer:,} jobs, with on_progress", "an async get + json", ("progress", "get"), None, ""),
        (f"{what}, {fewer:,} jobs, in threads", "get + json in a thread pool", ("threads", "get in threads"), None, ""),
    ):
        yield compared(name, against, ratio(cpu[other[0]], cpu[other[1]]), target, note)
    for concurrency in (16, 64, 256):
        yield from connections(concurrency, rounds, 10 * concurrency)
    yield further_client(rounds)


def growth(quick: bool = False) -> Iterator[tuple[int, float]]:
    """Numbers of jobs, each with the microseconds of CPU time of one poll by ``wait_all_async``."""
    with server() as port:
        base = f"http://127.0.0.1:{port}"
        asyncio.run(poll(base, 200))
        for exponent in range(1, 4 if quick else 6):
            jobs = 10**exponent
            costs = [asyncio.run(poll(base, jobs)) for _ in range(max(1, (100 if quick else 5_000) // jobs))]
            yield jobs, 1e6 * statistics.median(cost.cpu for cost in costs)


def connections(concurrency: int, rounds: int, polls: int) -> Iterator[Row]:
    """So many polls at a time, each of which takes the server 50 ms, and as many of httpx with its default limits."""
    made: dict[str, list[int]] = {}
    cpu: dict[str, list[Cost]] = {}
    with server(delay=LATENCY) as port:
        base = f"http://127.0.0.1:{port}"
        measures: dict[str, Callable[[int], Cost]] = {
            "tasks": lambda many: asyncio.run(poll(base, polls, concurrency=many)),
            "tasks of httpx": lambda many: asyncio.run(get(base, polls, concurrency=many)),
            "threads": lambda many: poll_in_threads(base, polls, concurrency=many),
            "threads of httpx": lambda many: get_in_threads(base, polls, concurrency=many),
        }
        for _ in range(rounds):
            for name, measure in measures.items():
                cost, connected = _counted(base, measure, concurrency)
                made.setdefault(name, []).append(connected)
                cpu.setdefault(name, []).append(cost)
                if name in ("tasks", "threads"):
                    cpu.setdefault(f"{name}, 16", []).append(_counted(base, measure, 16)[0])
    for name, function in (("tasks", "wait_all_async"), ("threads", "wait_all")):
        what, other = f"{function}, {concurrency} polls at a time", f"{name} of httpx"
        yield Row(
            f"{what}: connections made for {polls:,} polls",
            "",
            max(made[name]),
            "",
            target=concurrency,
            note=f"{max(made[other]):,} by httpx with its default limits",
        )
        yield compared(f"{what}: CPU for each poll", "httpx, get + json", ratio(cpu[name], cpu[other]), None)
        if concurrency > 16:
            yield compared(f"{what}: CPU for each poll", "16 at a time", ratio(cpu[name], cpu[f"{name}, 16"]), 1.2)


def _counted(base: str, measure: Callable[[int], Cost], concurrency: int) -> tuple[Cost, int]:
    """The CPU time, and the connections that the server has accepted."""
    for attempts_left in (2, 1, 0):
        before: int = httpx.get(f"{base}/connections").json()
        try:
            cost = measure(concurrency)
        except httpx.TransportError:  # of httpx, with more connections made at once than the system accepts
            if not attempts_left:
                raise
        else:
            break
    return Cost(cost.cpu, cost.cpu), httpx.get(f"{base}/connections").json() - before - 1


def further_client(rounds: int) -> Row:
    """A client that can connect over TLS, and the first one with the same certificates."""
    first: list[Cost] = []
    further: list[Cost] = []
    kept = os.environ.get("SSL_CERT_FILE")
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(rounds + 1):
            os.environ["SSL_CERT_FILE"] = shutil.copy(certifi.where(), f"{folder}/{turn}.pem")
            cost = sample(_make_client, 1)
            if turn:  # the first one of all loads modules
                first.append(cost)
                further.append(sample(_make_client, 100))
    if kept is None:
        del os.environ["SSL_CERT_FILE"]
    else:
        os.environ["SSL_CERT_FILE"] = kept
    return compared("a further client", "the first one", ratio(further, first), 0.05)


def _make_client() -> None:
    AuthenticatedClient(token="a-key").get_httpx_client().close()


class _Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


async def poll(
    base: str,
    jobs: int,
    on_progress: Callable[[Progress], None] | None = None,
    concurrency: int = CONCURRENCY,
) -> Cost:
    """The cost of one poll: each job is polled once, and is done."""
    clock = _Clock()
    ids = [f"done-{index}" for index in range(jobs)]
    async with AuthenticatedClient(base_url=base, token="a-key") as client:
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        outcomes = wait_all_async(
            client,
            ids,
            kind="story",
            concurrency=concurrency,
            on_progress=on_progress,
            clock=clock,
            sleep=clock.sleep,
            random=lambda: 0.5,
        )
        finished = [outcome.value async for outcome in outcomes]
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert all(finished)
    return Cost(wall / jobs, cpu / jobs)


async def get(base: str, times: int, concurrency: int = CONCURRENCY) -> Cost:
    """The cost of a plain GET with the same concurrency."""
    indexes = iter(range(times))

    async def worker() -> None:
        for index in indexes:
            response = await client.get(f"/v2/story/done-{index}")
            assert response.json()["status"] == "success"

    async with httpx.AsyncClient(base_url=base, headers={"X-Api-Key": "a-key"}, timeout=60) as client:
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(worker() for _ in range(concurrency)))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Cost(wall / times, cpu / times)


def poll_in_threads(base: str, jobs: int, concurrency: int = CONCURRENCY) -> Cost:
    """Like :func:`poll`, with ``wait_all``."""
    ids = [f"done-{index}" for index in range(jobs)]
    with AuthenticatedClient(base_url=base, token="a-key") as client:
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        outcomes = wait_all(client, ids, kind="story", concurrency=concurrency, clock=_Clock(), random=lambda: 0.5)
        finished = [outcome.value for outcome in outcomes]
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert all(finished)
    return Cost(wall / jobs, cpu / jobs)


def get_in_threads(base: str, times: int, concurrency: int = CONCURRENCY) -> Cost:
    """Like :func:`get`, in threads."""

    def worker(index: int) -> str:
        status: str = client.get(f"/v2/story/done-{index}").json()["status"]
        return status

    with (
        httpx.Client(base_url=base, headers={"X-Api-Key": "a-key"}, timeout=60) as client,
        ThreadPoolExecutor(concurrency) as threads,
    ):
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        statuses = list(threads.map(worker, range(times)))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert set(statuses) == {"success"}
    return Cost(wall / times, cpu / times)


async def memory_of(jobs: int) -> float:
    """Bytes for each job while all of them wait for their second poll."""
    all_polled = asyncio.Event()
    clock = _Clock()

    async def sleep(seconds: float) -> None:
        all_polled.set()  # the first sleep comes after every job has been polled once
        await asyncio.Event().wait()

    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"id": request.url.path.rpartition("/")[2], "status": "processing"})

    async_transport = httpx.MockTransport(respond)
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
        await all_polled.wait()
        gc.collect()
        memory = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return memory / jobs
