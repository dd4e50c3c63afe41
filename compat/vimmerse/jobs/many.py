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
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from vimmerse.jobs.driving import Sleep, noting, tell, tell_async
from vimmerse.jobs.errors import JobError
from vimmerse.jobs.polling import GRACE, Fetch, Given, Job, Pace, Progress, Snapshot, Steps, Tell, Timeout, poll
from vimmerse.jobs.schedule import DEFAULT_INTERVAL, Interval
from vimmerse.jobs.states import Kind, MaybeKind, is_kind
from vimmerse.jobs.waiting import fetch, fetch_async
from vimmerse.v2.client import AuthenticatedClient

#: Looks at a time, by default.
CONCURRENCY = 8
_LISTED = 50  # ids that a note lists
_IN_A_ROW = 1000  # looks after which a task lets others run, should none of them have had to wait


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one of many waits ended.

    ``index``: its place among the jobs that were given, from 0.
    ``kind``: ``"unknown"`` only where no look at a webhook's job has shown which it is.
    ``value``: the finished story or media, or None. ``error``: why there is none, or None.
    """

    index: int
    id: str
    kind: MaybeKind
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


_ANY_TIME = _Collect(None)
_Step = _Start | _Collect | Sleep | Tell | Outcome
_Answers = list[tuple[int, Snapshot | Exception]]


class _Pool:
    """The conversation of many waits."""

    def __init__(self, jobs: Sequence[Job], pace: Pace, concurrency: int, *, told: bool = True) -> None:
        started = pace.clock()
        self._clock = pace.clock
        self._concurrency = concurrency
        self._waits: list[Steps | None] = [poll(job, pace, started, keep=False, told=told) for job in jobs]
        self._queue = [(started, index) for index in range(len(jobs))]  # sorted, so a heap
        self._running = 0
        self._hold = started  # no look begins before
        self.jobs = jobs

    def __iter__(self) -> Generator[_Step, Any, None]:
        while self._queue or self._running:
            while self._running < self._concurrency and self._due() <= self._clock():
                yield self._begin(heapq.heappop(self._queue)[1])
            # A wait that goes on asks for a look first, so if none is under way, the queue is not empty.
            if not self._running:
                yield Sleep(self._rest())
                continue
            room = self._queue and self._running < self._concurrency
            answers: _Answers = yield _Collect(self._rest()) if room else _ANY_TIME
            for index, answer in answers:
                self._running -= 1
                step = self._go_on(index, answer)
                while isinstance(step, Tell):
                    yield step
                    step = self._go_on(index, None)
                if step is not None:
                    yield step

    def _due(self) -> float:
        return max(self._queue[0][0], self._hold) if self._queue else float("inf")

    def _rest(self) -> float:
        return max(0.0, self._due() - self._clock())

    def _begin(self, index: int) -> _Start:
        """Let a wait go on whose time has come: it asks for a look."""
        wait = self._waits[index]
        assert wait is not None  # its place in the queue goes with it
        step = wait.send(None)
        assert isinstance(step, Fetch)
        self._running += 1
        return _Start(index, step.job)

    def _go_on(self, index: int, answer: Snapshot | Exception | None) -> Tell | Outcome | None:
        """Let a wait go on that was looked up, until it shows something or needs time."""
        wait, job = self._waits[index], self.jobs[index]
        assert wait is not None  # it has asked for this look
        try:
            step = wait.throw(answer) if isinstance(answer, Exception) else wait.send(answer)
        except StopIteration as end:
            self._waits[index] = None
            return Outcome(index, job.id, job.seen(end.value).kind, value=end.value)
        except JobError as error:
            self._waits[index] = None
            return Outcome(index, job.id, error.kind if is_kind(error.kind) else "unknown", error=error)
        if isinstance(step, Tell):
            return step
        assert isinstance(step, Sleep)  # before the next look it sleeps
        due = self._clock() + step.seconds
        if step.shared:
            self._hold = max(self._hold, due)
        heapq.heappush(self._queue, (due, index))
        return None

    def left(self, unseen: Collection[int] = ()) -> str:
        """What to know of waits that were broken off, for a note.

        ``unseen``: those that have ended, which the caller has not been told.
        """
        waits = zip(self.jobs, self._waits, strict=True)
        jobs = [job for index, (job, wait) in enumerate(waits) if wait is not None or index in unseen]
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
    pool = _Pool(_all(jobs, kind), pace, _checked(concurrency), told=on_progress is not None)
    return _run(pool, partial(fetch, client), sleep or time.sleep, on_progress, concurrency)


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

    The next looks are under way while an outcome is handed over, no more than ``concurrency``. If you leave the loop
    early, close the iterator (``contextlib.aclosing``), which cancels them.
    """
    pace = Pace(Interval.of(interval), timeout, grace, clock or time.monotonic, random or _random.random)
    pool = _Pool(_all(jobs, kind), pace, _checked(concurrency), told=on_progress is not None)
    return _run_async(pool, partial(fetch_async, client), sleep or asyncio.sleep, on_progress, concurrency)


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
    executor = ThreadPoolExecutor(threads, thread_name_prefix="vimmerse-wait")
    done: SimpleQueue[tuple[int, Snapshot | BaseException]] = SimpleQueue()

    def work(start: _Start) -> None:
        try:
            done.put((start.index, look(start.job)))
        except BaseException as error:
            done.put((start.index, error))

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
                    executor.submit(work, step)
                elif isinstance(step, _Collect):
                    answers = _collected(done, step.timeout)
                elif isinstance(step, Sleep):
                    sleep(step.seconds)
                else:
                    tell(on_progress, step.progress)
    finally:
        # A look under way can't be called off: it ends by itself, and nobody waits for it.
        executor.shutdown(wait=False, cancel_futures=True)


def _collected(done: SimpleQueue[tuple[int, Snapshot | BaseException]], timeout: float | None) -> _Answers:
    """What has been answered, once there is something."""
    answers: _Answers = []
    try:
        index, answer = done.get(timeout=timeout)
        while True:
            if isinstance(answer, BaseException) and not isinstance(answer, Exception):
                raise answer
            answers.append((index, answer))
            index, answer = done.get_nowait()
    except Empty:
        return answers


async def _run_async(
    pool: _Pool,
    look: Callable[[Job], Awaitable[Snapshot]],
    sleep: Callable[[float], Awaitable[object]],
    on_progress: Callable[[Progress], object] | None,
    concurrency: int,
) -> AsyncIterator[Outcome]:
    # A look leaves two steps at most. One look at a time is just that: then none begins before the last one's outcome
    # was taken.
    looks = _Looks(pool, look, 2 * concurrency - 1)
    try:
        with noting(looks.note, JobError):
            while (step := looks.step()) is not None:
                if isinstance(step, Outcome):
                    yield step
                elif isinstance(step, _Collect):
                    await looks.wait(step.timeout)
                elif isinstance(step, Sleep):
                    await sleep(step.seconds)
                else:
                    await tell_async(on_progress, step.progress)
    finally:
        await looks.end()


class _Looks:
    """The looks on asyncio, and whose turn it is to go on with the conversation.

    While the caller waits, it is that of the task whose look has ended, which begins the next look in the same breath.
    Were the caller woken for it, several looks would begin in one turn of the loop, and httpx's pool gives one and the
    same idle connection to all of these: all but one have to try again, which costs half as much as the looks. What is
    the caller's -- to take outcomes, to show progress, to sleep -- is left for him. While he is at it, no look begins.

    ``ahead``: so many steps may be left for the caller, then he has to take them before any other look begins.
    """

    def __init__(self, pool: _Pool, look: Callable[[Job], Awaitable[Snapshot]], ahead: int) -> None:
        self._pool = pool
        self._steps = iter(pool)
        self._look = look
        self._ahead = ahead
        self._tasks: set[asyncio.Task[None]] = set()
        self._starts: deque[_Start] = deque()  # looks to begin
        self._answers: _Answers = []
        self._collect: _Collect | None = None  # set while the conversation waits for answers
        self._left: deque[Outcome | Sleep | Tell] = deque()  # for the caller
        self._caller: asyncio.Future[None] | None = None  # set while he waits
        self._failure: BaseException | None = None

    def step(self) -> Outcome | Sleep | Tell | _Collect | None:
        """What the caller has to do next, who has done the step before; None at the end."""
        if not self._left:
            if self._failure is not None:
                raise self._failure
            if self._collect is None or self._answers or self._collect.timeout is not None:
                self._go_on()
                self._begin()
        return self._left.popleft() if self._left else self._collect

    async def wait(self, seconds: float | None) -> None:
        """Wait until there is something for the caller to do, so many seconds at most."""
        if self._answers:
            return  # they came while he was busy, or of tasks that ran when they were made (asyncio.eager_task_factory)
        loop = asyncio.get_running_loop()
        self._caller = loop.create_future()
        timer = None if seconds is None else loop.call_later(seconds, self._wake)
        try:
            await self._caller
        finally:
            self._caller = None
            if timer is not None:
                timer.cancel()

    async def end(self) -> None:
        """Cancel the looks that are under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def note(self) -> str:
        """What to know of the waits that the caller has not seen the end of."""
        return self._pool.left([step.index for step in self._left if isinstance(step, Outcome)])

    def _go_on(self) -> None:
        """Go on with the conversation until it needs an answer or the caller, or is over."""
        answers: _Answers | None = None
        if self._collect is not None:
            self._collect = None
            answers, self._answers = self._answers, []
        while True:
            try:
                step = self._steps.send(answers)
            except StopIteration:
                return
            except BaseException as error:
                self._failure = error  # or the next one to go on would take it for the end
                raise
            answers = None
            if isinstance(step, _Start):
                self._starts.append(step)
            elif isinstance(step, _Collect):
                self._collect = step
                return
            else:
                self._left.append(step)
                if isinstance(step, Sleep) or len(self._left) >= self._ahead:
                    return

    def _begin(self) -> None:
        while self._starts:
            task = asyncio.create_task(self._work(self._starts.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._ended)

    async def _work(self, start: _Start) -> None:
        """Look a job up, and then others, as long as there is one to be looked up at once."""
        looks = 0
        while True:
            answer: Snapshot | Exception
            try:
                answer = await self._look(start.job)
            except Exception as error:
                answer = error
            except (KeyboardInterrupt, SystemExit) as error:
                # asyncio lets these two out of the loop at once, past the caller.
                error.add_note(self.note())
                raise
            self._answers.append((start.index, answer))
            del answer  # not to be held during the next look
            if self._caller is None or self._collect is None:
                return  # the caller goes on
            self._go_on()
            if self._collect is None or self._left or self._collect.timeout is not None:
                self._wake()
            if not self._starts:
                return
            start = self._starts.popleft()
            self._begin()
            looks += 1
            if looks % _IN_A_ROW == 0:
                await asyncio.sleep(0)

    def _wake(self) -> None:
        if self._caller is not None and not self._caller.done():
            self._caller.set_result(None)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        failure = asyncio.CancelledError() if task.cancelled() else task.exception()
        if failure is not None:
            self._failure = failure
            self._wake()
