"""Waiting for many jobs in one loop: :func:`wait_all` and :func:`wait_all_async`.

The jobs' conversations (:mod:`vimmerse.jobs.polling`) stand in a queue ordered by when each is due. One more
conversation, :class:`_Pool`, takes them from it and asks its driver to look jobs up, at most so many at a time. A
waiting job is a suspended generator and an entry of the queue: no thread, no task, no timer.

A ``Retry-After`` that one job was told holds for all of them.
"""

from __future__ import annotations

import asyncio
import heapq
import random as _random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterable, Iterator, Sequence
from concurrent import futures
from dataclasses import dataclass
from typing import Any, TypeVar

from vimmerse.jobs.driving import Sleep, noting, tell, tell_async
from vimmerse.jobs.errors import JobError
from vimmerse.jobs.polling import GRACE, Fetch, Given, Job, Pace, Progress, Snapshot, Steps, Tell, Timeout, poll
from vimmerse.jobs.schedule import DEFAULT_INTERVAL, Interval
from vimmerse.jobs.states import Kind
from vimmerse.jobs.waiting import fetch, fetch_async
from vimmerse.v2.client import AuthenticatedClient

#: Looks at a time, by default.
CONCURRENCY = 8
_LISTED = 50  # ids that a note lists

_Future = TypeVar("_Future", "futures.Future[Snapshot]", "asyncio.Task[Snapshot]")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one of many waits ended.

    ``index``: its place among the jobs that were given, from 0.
    ``value``: the finished story or media, or None. ``error``: why there is none, or None.
    """

    index: int
    id: str
    kind: Kind
    value: Snapshot | None = None
    error: JobError | None = None

    def result(self) -> Snapshot:
        """The finished story or media; raises ``error`` if there is none."""
        if self.value is None:
            assert self.error is not None  # one of them is set
            raise self.error
        return self.value


@dataclass(frozen=True, slots=True)
class _Start:
    """Begin to look a job up."""

    index: int
    job: Job


@dataclass(frozen=True, slots=True)
class _Collect:
    """Wait until a look is done, ``timeout`` seconds at most; the outcome is a list of (index, answer)."""

    timeout: float | None


_Step = _Start | _Collect | Sleep | Tell | Outcome
_Answers = list[tuple[int, Snapshot | Exception]]


class _Pool:
    """The conversation of many waits."""

    def __init__(self, jobs: Sequence[Job], pace: Pace, concurrency: int) -> None:
        started = pace.clock()
        self._clock = pace.clock
        self._concurrency = concurrency
        self._waits: list[Steps | None] = [poll(job, pace, started, keep=False) for job in jobs]
        self._queue = [(started, index) for index in range(len(jobs))]  # sorted, so a heap
        self._running = 0
        self._hold = started  # no look begins before
        self.jobs = jobs

    def __iter__(self) -> Generator[_Step, Any, None]:
        while self._queue or self._running:
            while self._running < self._concurrency and self._due() <= self._clock():
                index = heapq.heappop(self._queue)[1]
                yield from self._go_on(index, None)
            # A wait that goes on asks for a look first, so if none is under way, the queue is not empty.
            rest = max(0.0, self._due() - self._clock())
            if not self._running:
                yield Sleep(rest)
                continue
            room = self._queue and self._running < self._concurrency
            answers: _Answers = yield _Collect(rest if room else None)
            for index, answer in answers:
                self._running -= 1
                yield from self._go_on(index, answer)

    def _due(self) -> float:
        return max(self._queue[0][0], self._hold) if self._queue else float("inf")

    def _go_on(self, index: int, answer: Snapshot | Exception | None) -> Generator[_Step, Any, None]:
        """Let one wait go on until it needs time."""
        wait, job = self._waits[index], self.jobs[index]
        assert wait is not None  # its place in the queue goes with it
        try:
            step = wait.throw(answer) if isinstance(answer, Exception) else wait.send(answer)
            while isinstance(step, Tell):
                yield step
                step = wait.send(None)
        except StopIteration as end:
            self._waits[index] = None
            yield Outcome(index, job.id, job.kind, value=end.value)
        except JobError as error:
            self._waits[index] = None
            yield Outcome(index, job.id, job.kind, error=error)
        else:
            if isinstance(step, Fetch):
                self._running += 1
                yield _Start(index, job)
                return
            due = self._clock() + step.seconds
            if step.shared:
                self._hold = max(self._hold, due)
            heapq.heappush(self._queue, (due, index))

    def left(self) -> str:
        """What to know of waits that were broken off, for a note."""
        jobs = [job for job, wait in zip(self.jobs, self._waits, strict=True) if wait is not None]
        named = ", ".join(map(str, jobs[:_LISTED])) + (", ..." if len(jobs) > _LISTED else "")
        return f"{len(jobs)} jobs go on at the server; wait_all() them again, which costs nothing: {named}"


def wait_all(
    client: AuthenticatedClient,
    jobs: Iterable[Given],
    *,
    kind: Kind | None = None,
    concurrency: int = CONCURRENCY,
    timeout: Timeout = "default",
    interval: Interval | float = DEFAULT_INTERVAL,
    on_progress: Callable[[Progress], object] | None = None,
    grace: float = GRACE,
    clock: Callable[[], float] | None = None,
    sleep: Callable[[float], object] | None = None,
    random: Callable[[], float] | None = None,
) -> Iterator[Outcome]:
    """Wait for many jobs; give an :class:`Outcome` for each as it ends, in the order in which they end.

    ``jobs``: stories, medias, webhook events, and ids, all of these of the one ``kind``.
    ``concurrency``: looks at a time; so many threads at most. ``on_progress`` is called in the caller's own.
    The rest is as for :func:`wait`; deadlines count from this call. An error of one job ends no other wait; only the
    ``snapshot`` of a job that ran into its deadline may be missing.

    Raises:
        TypeError, ValueError: the arguments make no sense; nothing was asked.
    """
    pace = Pace(Interval.of(interval), timeout, grace, clock or time.monotonic, random or _random.random)
    pool = _Pool(_all(jobs, kind), pace, _checked(concurrency))
    return _run(pool, lambda job: fetch(client, job), sleep or time.sleep, on_progress, concurrency)


def wait_all_async(
    client: AuthenticatedClient,
    jobs: Iterable[Given],
    *,
    kind: Kind | None = None,
    concurrency: int = CONCURRENCY,
    timeout: Timeout = "default",
    interval: Interval | float = DEFAULT_INTERVAL,
    on_progress: Callable[[Progress], object] | None = None,
    grace: float = GRACE,
    clock: Callable[[], float] | None = None,
    sleep: Callable[[float], Awaitable[object]] | None = None,
    random: Callable[[], float] | None = None,
) -> AsyncIterator[Outcome]:
    """As :func:`wait_all`, in one task's worth of memory: ``async for outcome in wait_all_async(client, jobs)``.

    If you leave the loop early, close the iterator (``contextlib.aclosing``), which cancels the looks under way.
    """
    pace = Pace(Interval.of(interval), timeout, grace, clock or time.monotonic, random or _random.random)
    pool = _Pool(_all(jobs, kind), pace, _checked(concurrency))
    return _run_async(pool, lambda job: fetch_async(client, job), sleep or asyncio.sleep, on_progress)


def _all(jobs: Iterable[Given], kind: Kind | None) -> list[Job]:
    if isinstance(jobs, str):
        raise TypeError("jobs is a collection of jobs, not one id: [id]")
    found: list[Job] = []
    for index, job in enumerate(jobs):
        try:
            # An id's kind is the one given; an object knows its own.
            found.append(Job.of(job, kind if isinstance(job, str) or getattr(job, "kind", "") == "unknown" else None))
        except (TypeError, ValueError) as error:
            error.add_note(f"It is number {index} of the jobs. Nothing was asked.")
            raise
    return found


def _checked(concurrency: int) -> int:
    if concurrency < 1:
        raise ValueError(f"concurrency is {concurrency!r}; it must be 1 or more")
    return concurrency


def _run(
    pool: _Pool,
    look: Callable[[Job], Snapshot],
    sleep: Callable[[float], object],
    on_progress: Callable[[Progress], object] | None,
    threads: int,
) -> Iterator[Outcome]:
    executor = futures.ThreadPoolExecutor(threads, thread_name_prefix="vimmerse-wait")
    looks: dict[futures.Future[Snapshot], int] = {}
    steps = iter(pool)
    answers: _Answers | None = None
    try:
        with noting(pool.left, JobError):
            while True:
                try:
                    step = steps.send(answers)
                except StopIteration:
                    return
                answers = None
                if isinstance(step, Outcome):
                    yield step
                elif isinstance(step, _Start):
                    looks[executor.submit(look, step.job)] = step.index
                elif isinstance(step, _Collect):
                    done, _ = futures.wait(looks, step.timeout, futures.FIRST_COMPLETED)
                    answers = [(looks.pop(one), _answer(one)) for one in done]
                elif isinstance(step, Sleep):
                    sleep(step.seconds)
                else:
                    tell(on_progress, step.progress)
    finally:
        # A look under way can't be called off: it ends by itself, and nobody waits for it.
        executor.shutdown(wait=False, cancel_futures=True)


async def _run_async(
    pool: _Pool,
    look: Callable[[Job], Awaitable[Snapshot]],
    sleep: Callable[[float], Awaitable[object]],
    on_progress: Callable[[Progress], object] | None,
) -> AsyncIterator[Outcome]:
    async def begin(job: Job) -> Snapshot:
        try:
            return await look(job)
        except (KeyboardInterrupt, SystemExit) as error:
            # asyncio lets these two out of the loop at once, past the code below.
            error.add_note(pool.left())
            raise

    looks: dict[asyncio.Task[Snapshot], int] = {}
    steps = iter(pool)
    answers: _Answers | None = None
    try:
        with noting(pool.left, JobError):
            while True:
                try:
                    step = steps.send(answers)
                except StopIteration:
                    return
                answers = None
                if isinstance(step, Outcome):
                    yield step
                elif isinstance(step, _Start):
                    looks[asyncio.create_task(begin(step.job))] = step.index
                elif isinstance(step, _Collect):
                    done, _ = await asyncio.wait(looks, timeout=step.timeout, return_when=asyncio.FIRST_COMPLETED)
                    answers = [(looks.pop(one), _answer(one)) for one in done]
                elif isinstance(step, Sleep):
                    await sleep(step.seconds)
                else:
                    await tell_async(on_progress, step.progress)
    finally:
        for one in looks:
            one.cancel()
        await asyncio.gather(*looks, return_exceptions=True)


def _answer(done: _Future) -> Snapshot | Exception:
    try:
        return done.result()
    except Exception as error:
        return error
