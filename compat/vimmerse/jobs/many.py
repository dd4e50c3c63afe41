"""Waiting for many jobs in one loop: :func:`wait_all` and :func:`wait_all_async`.

A waiting job is a suspended generator and an entry in a queue that is ordered by when each job is due.
"""

from __future__ import annotations

import asyncio
import heapq
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, closing
from dataclasses import dataclass
from functools import partial
from inspect import isawaitable
from itertools import islice
from typing import Any, Unpack

from vimmerse._http.tracing import Span
from vimmerse.jobs.errors import JobError, add_note_unless
from vimmerse.jobs.loop import run, run_async
from vimmerse.jobs.polling import Flow, JobRef, JobSource, PollSettings, Progress, Snapshot, poll
from vimmerse.jobs.schedule import Sleep
from vimmerse.jobs.spans import describe_wait, start_wait_span
from vimmerse.jobs.states import Kind, MaybeKind, is_kind
from vimmerse.jobs.waiting import AsyncOptions, Options, fetch, fetch_async
from vimmerse.v2.client import AuthenticatedClient

#: Concurrent lookups, by default.
CONCURRENCY = 8
_MAX_LISTED = 50  # jobs that a note lists


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one of many waits ended.

    ``index``: the job's position in ``jobs``, from 0. ``id``: the story's or media's.
    ``kind``: ``"unknown"`` only if a webhook did not say, and no lookup succeeded.
    ``value``: the finished story or media, or None. ``error``: why there is none, or None.
    """

    index: int
    id: str
    kind: MaybeKind
    value: Snapshot | None = None
    error: JobError | None = None

    def result(self) -> Snapshot:
        """Return the finished story or media, or raise ``error``."""
        if self.value is None:
            assert self.error is not None  # one of them is set
            raise self.error
        return self.value


@dataclass(frozen=True, slots=True)
class Lookup:
    """A lookup that is to be performed: of the job with this index, below the span of its wait."""

    index: int
    job: JobRef
    span: Span


def wait_all(
    client: AuthenticatedClient,
    jobs: Iterable[JobSource],
    *,
    kind: Kind | None = None,
    concurrency: int = CONCURRENCY,
    **options: Unpack[Options],
) -> Iterator[Outcome]:
    """Wait for many jobs. Yield an :class:`Outcome` for each, in the order in which they end.

    ``client``: looks the jobs up, over a connection for each lookup at a time.
    ``jobs``: stories, medias, webhook events, and ids, which must all be of the one ``kind``.
    ``concurrency``: lookups at a time, each in a thread. ``on_progress`` is called in the caller's own thread.
    ``options``: the other arguments of :func:`wait`. Deadlines count from this call.

    An error of one job does not end the others. A ``JobTimeoutError`` may come without ``snapshot``.

    Raises:
        TypeError, ValueError: an argument is invalid; nothing was sent.
    """
    settings = PollSettings(options)
    return _run(_waits(client, jobs, kind, settings, concurrency), client, settings)


def wait_all_async(
    client: AuthenticatedClient,
    jobs: Iterable[JobSource],
    *,
    kind: Kind | None = None,
    concurrency: int = CONCURRENCY,
    **options: Unpack[AsyncOptions],
) -> AsyncIterator[Outcome]:
    """Like :func:`wait_all`, on asyncio: ``async for outcome in wait_all_async(client, jobs)``.

    Some lookups go on while you handle an outcome. If you leave the loop early, close the iterator
    (``contextlib.aclosing``), which cancels the lookups in progress.
    """
    settings = PollSettings(options)
    return _run_async(_waits(client, jobs, kind, settings, concurrency), client, settings)


def _waits(
    client: AuthenticatedClient,
    jobs: Iterable[JobSource],
    kind: Kind | None,
    settings: PollSettings[Any],
    concurrency: int,
) -> Waits:
    shows_progress = settings.on_progress is not None
    return Waits(client, _job_refs(jobs, kind), settings, concurrency, shows_progress=shows_progress)


def _job_refs(jobs: Iterable[JobSource], kind: Kind | None) -> list[JobRef]:
    if isinstance(jobs, str):
        raise TypeError("jobs is a collection of jobs, not one id: [id]")
    refs: list[JobRef] = []
    for index, job in enumerate(jobs):
        # ``kind`` is that of the ids; objects know their own.
        needs_kind = isinstance(job, str) or getattr(job, "kind", "") == "unknown"
        try:
            refs.append(JobRef.of(job, kind if needs_kind else None))
        except (TypeError, ValueError) as error:
            error.add_note(f"It is number {index} of the jobs. Nothing was sent.")
            raise
    return refs


class Waits:
    """The waits of many jobs: which one is due next, and how many lookups are in progress. It does no I/O.

    ``jobs``: those that are known now; :meth:`add` adds others.
    ``shows_progress``: whether each lookup is an event, too.
    """

    def __init__(
        self,
        client: AuthenticatedClient,
        jobs: Iterable[JobRef],
        settings: PollSettings[Any],
        concurrency: int,
        *,
        shows_progress: bool,
    ) -> None:
        if concurrency < 1:
            raise ValueError(f"concurrency is {concurrency!r}; it must be 1 or more")
        self.unreported: dict[int, JobRef] = {}  # jobs whose outcome the caller has not received
        self.running = 0  # lookups in progress
        self.concurrency = concurrency
        self._client = client
        self._settings = settings
        self._clock = settings.clock
        self._shows_progress = shows_progress
        self._flows: dict[int, Flow] = {}  # of the jobs that have not ended
        self._queue: list[tuple[float, int]] = []  # when each job is due; a heap
        self._paused_until = started = settings.clock()  # by a Retry-After
        self._spans: dict[int, Span] = {}  # of the jobs that were looked up and have not ended
        for index, job in enumerate(jobs):
            self._add(index, job, started)
        self._count = len(self.unreported)

    def add(self, job: JobRef) -> int:
        """Wait for this job, too, from now on. Return its index."""
        index, self._count = self._count, self._count + 1
        self._add(index, job, self._clock())
        return index

    def _add(self, index: int, job: JobRef, started: float) -> None:
        self.unreported[index] = job
        self._flows[index] = poll(job, self._settings, started, keep_snapshot=False)
        heapq.heappush(self._queue, (started, index))

    def unfinished(self) -> bool:
        """Whether the caller has yet to receive an outcome."""
        return bool(self.unreported)

    def delay(self) -> float:
        """Seconds until the next job is due; infinity if no job is in the queue."""
        if not self._queue:
            return float("inf")
        return max(0.0, max(self._queue[0][0], self._paused_until) - self._clock())

    def timeout(self) -> float | None:
        """Seconds until another lookup can begin, or None if one in progress has to end first."""
        return self.delay() if self._queue and self.running < self.concurrency else None

    def next_task(self) -> Lookup | None:
        """The next lookup that is due now; None if there is none."""
        if self.running >= self.concurrency or self.delay() > 0:
            return None
        _, index = heapq.heappop(self._queue)
        job = next(self._flows[index])
        assert isinstance(job, JobRef)
        self.running += 1
        if index not in self._spans:
            self._spans[index] = start_wait_span(self._client, job)
        return Lookup(index, job, self._spans[index])

    def finish_task(self, task: Lookup, result: object) -> Iterator[Progress | Outcome]:
        """Continue the wait whose lookup has ended. Yield what to show to the caller."""
        self.running -= 1
        index = task.index
        flow, job = self._flows[index], self.unreported[index]
        try:
            step = flow.throw(result) if isinstance(result, Exception) else flow.send(result)
            assert isinstance(step, Progress)
            describe_wait(self._spans[index], step)
            if self._shows_progress:
                yield step
            step = next(flow)
        except StopIteration as end:
            self._end(index)
            yield Outcome(index, job.id, job.seen_as(end.value).kind, value=end.value)
        except JobError as error:
            self._end(index, error)
            yield Outcome(index, job.id, error.kind if is_kind(error.kind) else "unknown", error=error)
        else:
            assert isinstance(step, Sleep)
            due = self._clock() + step.seconds
            if step.shared:
                self._paused_until = max(self._paused_until, due)
            heapq.heappush(self._queue, (due, index))

    def _end(self, index: int, error: JobError | None = None) -> None:
        del self._flows[index]
        self._spans.pop(index).end(error)

    def end_spans(self) -> None:
        """End the spans of the jobs that have not ended; a sync lookup in progress may end later."""
        while self._spans:
            self._spans.popitem()[1].end(sys.exception())

    def note(self) -> str:
        """The note on an exception that interrupts the waits."""
        count = len(self.unreported)
        jobs = ", ".join(map(str, islice(self.unreported.values(), _MAX_LISTED)))
        more = ", ..." if count > _MAX_LISTED else ""
        return f"{count} jobs are still running on the server. Pass them to wait_all() again, at no cost: {jobs}{more}"


def look_up(client: AuthenticatedClient, lookup: Lookup) -> Snapshot:
    """Perform a lookup."""
    with lookup.span.activated():
        return fetch(client, lookup.job)


async def look_up_async(client: AuthenticatedClient, lookup: Lookup) -> Snapshot:
    """Perform a lookup."""
    with lookup.span.activated():
        return await fetch_async(client, lookup.job)


def _run(waits: Waits, client: AuthenticatedClient, settings: PollSettings[object]) -> Iterator[Outcome]:
    on_progress = settings.on_progress
    executor = ThreadPoolExecutor(waits.concurrency, thread_name_prefix="vimmerse-wait")

    def start(function: Callable[[Lookup], None], lookup: Lookup) -> None:
        executor.submit(function, lookup)

    try:
        with (
            add_note_unless(JobError, waits.note),
            closing(run(waits, partial(look_up, client), start, sleep=settings.sleep or time.sleep)) as events,
        ):
            for event in events:
                if isinstance(event, Outcome):
                    del waits.unreported[event.index]
                    yield event
                elif on_progress is not None:
                    on_progress(event)
    finally:
        # Lookups in progress can't be cancelled. They end by themselves.
        executor.shutdown(wait=False, cancel_futures=True)
        waits.end_spans()


async def _run_async(
    waits: Waits, client: AuthenticatedClient, settings: PollSettings[Awaitable[object]]
) -> AsyncIterator[Outcome]:
    on_progress = settings.on_progress
    try:
        with add_note_unless(JobError, waits.note):
            async with aclosing(
                run_async(waits, partial(look_up_async, client), sleep=settings.sleep or asyncio.sleep)
            ) as events:
                async for event in events:
                    if isinstance(event, Outcome):
                        del waits.unreported[event.index]
                        yield event
                    elif on_progress is not None:
                        shown = on_progress(event)
                        if isawaitable(shown):
                            await shown
    finally:
        waits.end_spans()
