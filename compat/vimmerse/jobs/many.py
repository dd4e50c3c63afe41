"""Waiting for many jobs in one loop: :func:`wait_all` and :func:`wait_all_async`.

A waiting job is a suspended generator and an entry in a queue that is ordered by when each job is due.
"""

from __future__ import annotations

import asyncio
import heapq
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from inspect import isawaitable
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any, Unpack

from vimmerse._http.tracing import Span
from vimmerse.jobs.errors import JobError, add_note_unless
from vimmerse.jobs.polling import JobRef, JobSource, PollSettings, Progress, Snapshot, poll
from vimmerse.jobs.schedule import Sleep
from vimmerse.jobs.spans import describe_wait, start_wait_span
from vimmerse.jobs.states import Kind, MaybeKind, is_kind
from vimmerse.jobs.waiting import AsyncOptions, Options, fetch, fetch_async
from vimmerse.v2.client import AuthenticatedClient

#: Concurrent lookups, by default.
CONCURRENCY = 8
_MAX_LISTED = 50  # jobs that a note lists
_LOOKUPS_PER_TASK = 100  # then other tasks run, even if no lookup had to wait


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
    return _run(_Waits(client, _job_refs(jobs, kind), settings, concurrency), client, settings)


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
    return _run_async(_Waits(client, _job_refs(jobs, kind), settings, concurrency), client, settings)


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


class _Waits:
    """The waits of all jobs: which one is due next, and how many lookups are in progress. It does no I/O."""

    def __init__(
        self, client: AuthenticatedClient, jobs: Sequence[JobRef], settings: PollSettings[Any], concurrency: int
    ) -> None:
        if concurrency < 1:
            raise ValueError(f"concurrency is {concurrency!r}; it must be 1 or more")
        started = settings.clock()
        self.unreported = dict(enumerate(jobs))  # jobs whose outcome the caller has not received
        self.running = 0  # lookups in progress
        self.concurrency = concurrency
        self._client = client
        self._clock = settings.clock
        self._flows = [poll(job, settings, started, keep_snapshot=False) for job in jobs]
        self._queue = [(started, index) for index in range(len(jobs))]  # sorted, and so a heap
        self._paused_until = started  # by a Retry-After
        self._spans: dict[int, Span] = {}  # of the jobs that were looked up and have not ended

    def delay(self) -> float:
        """Seconds until the next job is due; infinity if no job is in the queue."""
        if not self._queue:
            return float("inf")
        return max(0.0, max(self._queue[0][0], self._paused_until) - self._clock())

    def timeout(self) -> float | None:
        """Seconds until another lookup can begin, or None if one in progress has to end first."""
        return self.delay() if self._queue and self.running < self.concurrency else None

    def next_lookup(self) -> tuple[int, JobRef, Span] | None:
        """The index of a job that is to be looked up now, the job, and the span of its wait; None if there is none."""
        if self.running >= self.concurrency or self.delay() > 0:
            return None
        _, index = heapq.heappop(self._queue)
        job = next(self._flows[index])
        assert isinstance(job, JobRef)
        self.running += 1
        if index not in self._spans:
            self._spans[index] = start_wait_span(self._client, job)
        return index, job, self._spans[index]

    def finish_lookup(self, index: int, result: Snapshot | Exception) -> Iterator[Progress | Outcome]:
        """Continue the wait whose lookup has ended. Yield what to show to the caller."""
        self.running -= 1
        flow, job = self._flows[index], self.unreported[index]
        try:
            step = flow.throw(result) if isinstance(result, Exception) else flow.send(result)
            assert isinstance(step, Progress)
            describe_wait(self._spans[index], step)
            yield step
            step = next(flow)
        except StopIteration as end:
            self._spans.pop(index).end()
            yield Outcome(index, job.id, job.seen_as(end.value).kind, value=end.value)
        except JobError as error:
            self._spans.pop(index).end(error)
            yield Outcome(index, job.id, error.kind if is_kind(error.kind) else "unknown", error=error)
        else:
            assert isinstance(step, Sleep)
            due = self._clock() + step.seconds
            if step.shared:
                self._paused_until = max(self._paused_until, due)
            heapq.heappush(self._queue, (due, index))

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


def _run(waits: _Waits, client: AuthenticatedClient, settings: PollSettings[object]) -> Iterator[Outcome]:
    sleep, on_progress = settings.sleep or time.sleep, settings.on_progress
    executor = ThreadPoolExecutor(waits.concurrency, thread_name_prefix="vimmerse-wait")
    results: SimpleQueue[tuple[int, Snapshot | BaseException]] = SimpleQueue()

    def look_up(index: int, job: JobRef, span: Span) -> None:
        try:
            with span.activated():
                result = fetch(client, job)
            results.put((index, result))
        except BaseException as error:
            results.put((index, error))

    try:
        with add_note_unless(JobError, waits.note):
            while waits.unreported:
                # Results first: one may have a Retry-After, which applies to all jobs.
                while results.empty() and (lookup := waits.next_lookup()):
                    executor.submit(look_up, *lookup)
                if not waits.running:
                    sleep(waits.delay())
                    continue
                try:
                    index, result = results.get(timeout=waits.timeout())
                except Empty:
                    continue
                if isinstance(result, BaseException) and not isinstance(result, Exception):
                    raise result
                for event in waits.finish_lookup(index, result):
                    if isinstance(event, Outcome):
                        del waits.unreported[index]
                        yield event
                    elif on_progress is not None:
                        on_progress(event)
    finally:
        # Lookups in progress can't be cancelled. They end by themselves.
        executor.shutdown(wait=False, cancel_futures=True)
        waits.end_spans()


async def _run_async(
    waits: _Waits, client: AuthenticatedClient, settings: PollSettings[Awaitable[object]]
) -> AsyncIterator[Outcome]:
    sleep, on_progress = settings.sleep or asyncio.sleep, settings.on_progress
    events: asyncio.Queue[Progress | Outcome | BaseException | None] = asyncio.Queue()
    tasks: set[asyncio.Task[None]] = set()

    async def look_up(index: int, job: JobRef, span: Span) -> None:
        """Look a job up, then others that are due, until the caller has enough to do. Put what to do into ``events``.

        A task for each lookup would cost half as much again: httpx's pool assigns the same idle connection to all
        requests that begin in one turn of the event loop, and all but one of them have to try again.
        """
        result: Snapshot | Exception
        failure: BaseException | None = None
        lookup: tuple[int, JobRef, Span] | None = (index, job, span)
        count = 0
        try:
            while lookup:
                index, job, span = lookup
                try:
                    with span.activated():
                        result = await fetch_async(client, job)
                except Exception as error:
                    result = error
                for event in waits.finish_lookup(index, result):
                    if on_progress or isinstance(event, Outcome):
                        events.put_nowait(event)
                count += 1
                may_continue = count < _LOOKUPS_PER_TASK and events.qsize() < waits.concurrency
                lookup = waits.next_lookup() if may_continue else None
        except (KeyboardInterrupt, SystemExit) as error:
            # asyncio raises these two from the event loop, not in the caller's task.
            error.add_note(waits.note())
            raise
        except BaseException as error:
            failure = error
        events.put_nowait(failure)

    try:
        with add_note_unless(JobError, waits.note):
            while waits.unreported:
                while events.empty() and (lookup := waits.next_lookup()):
                    task = asyncio.create_task(look_up(*lookup))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
                if events.empty() and not waits.running:
                    await sleep(waits.delay())
                    continue
                try:
                    async with asyncio.timeout(waits.timeout()):
                        event = await events.get()
                except TimeoutError:
                    continue
                if isinstance(event, BaseException):
                    raise event
                if isinstance(event, Outcome):
                    del waits.unreported[event.index]
                    yield event
                elif event is not None and on_progress is not None:
                    shown = on_progress(event)
                    if isawaitable(shown):
                        await shown
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        waits.end_spans()
