"""Tasks that become due at certain moments, performed a limited number at a time: with threads, and on asyncio.

Which task is next, and what follows from its result, is for a :class:`Work` to say, which does no I/O.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator
from queue import Empty, SimpleQueue
from typing import Protocol, TypeVar

TaskT = TypeVar("TaskT")
EventT = TypeVar("EventT")
EventT_co = TypeVar("EventT_co", covariant=True)

_TASKS_IN_A_ROW = 100  # then other tasks of the event loop run, even if none of these had to wait

#: Results of tasks; None only wakes the loop.
Results = SimpleQueue[tuple[TaskT, object] | None]
#: Events, what ended a task that ended early, and None, which only wakes the loop.
Events = asyncio.Queue[EventT | BaseException | None]

#: What waits while no task is in progress, if ``sleep`` is None. The pytest plugin sets it: its sleeps end at once.
pause: Callable[[float], object] | None = None
pause_async: Callable[[float], Awaitable[object]] | None = None


class Work(Protocol[TaskT, EventT_co]):
    """What is to be done.

    ``concurrency``: how many events may wait for the caller of :func:`run_async`.
    """

    concurrency: int

    @property
    def running(self) -> int:
        """Tasks in progress."""
        ...

    def unfinished(self) -> bool:
        """Whether the loop has to go on."""
        ...

    def next_task(self) -> TaskT | None:
        """A task that is to be started now; None if there is none."""
        ...

    def finish_task(self, task: TaskT, result: object) -> Iterator[EventT_co]:
        """Go on with the result of a task, or the ``Exception`` that ended it. Yield what to show to the caller."""
        ...

    def delay(self) -> float:
        """Seconds until the next task is due; infinity if none will be."""
        ...

    def timeout(self) -> float | None:
        """Seconds until another task can begin, or None if one in progress has to end first."""
        ...

    def note(self) -> str:
        """The note on an exception that interrupts the work."""
        ...


def run(
    work: Work[TaskT, EventT],
    perform: Callable[[TaskT], object],
    start: Callable[[Callable[[TaskT], None], TaskT], object],
    *,
    sleep: Callable[[float], object] | None,
    results: Results[TaskT] | None = None,
) -> Generator[EventT, None, None]:
    """Do the work. Yield its events, in the caller's thread.

    ``start``: call this function with this task, in another thread. What ends the threads is the caller's business.
    ``sleep``: is called while no task is in progress; None waits for ``results``, which :meth:`SimpleQueue.put` ends,
    also in a signal handler.
    """
    results = results or SimpleQueue()
    sleep = sleep or pause

    def work_on(task: TaskT) -> None:
        try:
            result = perform(task)
        except BaseException as error:
            results.put((task, error))
        else:
            results.put((task, result))

    while work.unfinished():
        # Results first: one may have a Retry-After, which applies to all tasks.
        while results.empty() and (task := work.next_task()) is not None:
            start(work_on, task)
        if sleep is not None and not work.running and results.empty():
            sleep(work.delay())
            continue
        try:
            done = results.get(timeout=work.timeout())
        except Empty:
            continue
        if done is None:
            continue
        task, result = done
        if isinstance(result, BaseException) and not isinstance(result, Exception):
            raise result
        yield from work.finish_task(task, result)


async def run_async(
    work: Work[TaskT, EventT],
    perform: Callable[[TaskT], Awaitable[object]],
    *,
    sleep: Callable[[float], Awaitable[object]] | None,
    events: Events[EventT] | None = None,
) -> AsyncGenerator[EventT, None]:
    """Like :func:`run`. At its end, the tasks in progress are cancelled, and it waits for them.

    Some tasks go on while the caller handles an event.
    """
    events = asyncio.Queue() if events is None else events
    sleep = sleep or pause_async
    in_progress: set[asyncio.Task[None]] = set()

    async def work_on(task: TaskT) -> None:
        """Perform a task, then others that are due, until the caller has enough to do. Put the events into ``events``.

        An asyncio task for each would cost half as much again: httpx's pool assigns the same idle connection to all
        requests that begin in one turn of the event loop, and all but one of them have to try again.
        """
        result: object
        failure: BaseException | None = None
        following: TaskT | None = task
        count = 0
        try:
            while following is not None:
                task = following
                try:
                    result = await perform(task)
                except Exception as error:
                    result = error
                for event in work.finish_task(task, result):
                    events.put_nowait(event)
                count += 1
                may_continue = count < _TASKS_IN_A_ROW and events.qsize() < work.concurrency
                following = work.next_task() if may_continue else None
        except (KeyboardInterrupt, SystemExit) as error:
            # asyncio raises these two from the event loop, not in the caller's task.
            error.add_note(work.note())
            raise
        except BaseException as error:
            failure = error
        events.put_nowait(failure)

    try:
        while work.unfinished():
            while events.empty() and (task := work.next_task()) is not None:
                new = asyncio.create_task(work_on(task))
                in_progress.add(new)
                new.add_done_callback(in_progress.discard)
            if sleep is not None and events.empty() and not work.running:
                await sleep(work.delay())
                continue
            try:
                async with asyncio.timeout(work.timeout()):
                    event = await events.get()
            except TimeoutError:
                continue
            if isinstance(event, BaseException):
                raise event
            if event is not None:
                yield event
    finally:
        for each in in_progress:
            each.cancel()
        await asyncio.gather(*in_progress, return_exceptions=True)
