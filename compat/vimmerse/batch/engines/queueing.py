"""Which jobs are in the queue, and whether other workers still run."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import TypeAlias

from vimmerse.batch import events
from vimmerse.batch.engines.presence import Presence
from vimmerse.batch.engines.worker import JobWorker
from vimmerse.batch.engines.workflows import Engine
from vimmerse.batch.events import Event
from vimmerse.batch.ledger import Ledger
from vimmerse.batch.records import JobRecord
from vimmerse.batch.states import State

Show: TypeAlias = Callable[[Event], Awaitable[object]]

_CHUNK = 500  # jobs that are read at a time
_TICKS = 5  # looks into the queue between two at other processes
_OPEN = (State.PLANNED, State.REFUSED, State.ACCEPTED, State.FINISHED)
_logger = logging.getLogger("vimmerse.batch")


class Queueing:
    """Puts jobs into the queue, and takes the place of workers that have ended."""

    def __init__(
        self, ledger: Ledger, engine: Engine, worker: JobWorker, presence: Presence, show: Show, poll: float
    ) -> None:
        self._ledger = ledger
        self._engine = engine
        self._worker = worker
        self._presence = presence
        self._show = show
        self._poll = poll
        self._shown: tuple[str, bool] | None = None  # of the last event about the budget

    async def work(self) -> None:
        """Fill the queue, and fill it again when it is empty, until that changes nothing.

        Jobs may have given credits back by then, and another process may have ended while it filled the queue.
        """
        before = reached = None
        while not self._worker.stopped.is_set():
            now = await asyncio.to_thread(self._ledger.summary)
            if now == before:
                if reached is not None:
                    self._worker.stop(reached)
                    await self._show(events.Stopped(reason=reached))
                return
            live = await self._engine.live_keys()
            # What is in the queue already may come from a process that has given it up.
            before = None if live else now
            reached = await self._fill(now.left, live)
            while not self._worker.stopped.is_set() and not await self._engine.is_idle():
                await self._pause(1)

    async def _fill(self, left: float | None, live: set[str]) -> str | None:
        """Enqueue the jobs that have something to be done, as far as the credits that are ``left`` go.

        ``live``: the keys in the queue; others are added. Return why not all jobs are there, if the budget does not
        cover them.
        """
        reached = None
        jobs = self._ledger.jobs(*_OPEN)
        while chunk := await asyncio.to_thread(lambda: [*islice(jobs, _CHUNK)]):
            for job in chunk:
                if self._worker.stopped.is_set():
                    return reached
                if not self._worker.has_work(job):
                    continue
                if job.state in (State.PLANNED, State.REFUSED):
                    if left is not None and (reached is not None or job.estimate > left):
                        reached = reached or await self._show_budget(job, left, waits=bool(live))
                        continue  # later jobs that would fit don't overtake it
                    left = None if left is None else left - job.estimate
                    if job.key not in live and not await self._worker.upload(job):
                        continue
                if job.key not in live:
                    await self._engine.enqueue(job.key)
                    live.add(job.key)
        return reached

    async def _show_budget(self, job: JobRecord, left: float, *, waits: bool) -> str:
        if self._shown != (job.key, waits):
            self._shown = (job.key, waits)
            await self._show(events.BudgetReached(key=job.key, estimate=job.estimate, left=left, waits=waits))
        return (
            f"The job {job.key!r} would cost about {job.estimate:g} credits, and {left:g} of the budget are left: "
            "raise the budget."
        )

    async def watch(self) -> None:
        """Show that this worker runs, and take the place of others that do not, until this is cancelled."""
        while True:
            try:
                if await asyncio.to_thread(self._presence.keep):
                    for process in await self._engine.other_processes():
                        await self._take_over(process)
            except Exception as error:  # the database can't be reached for a moment
                _logger.warning("Other workers of the batch can't be looked at now: %s", type(error).__name__)
            await self._pause(_TICKS)

    async def _take_over(self, process: str) -> None:
        """Enqueue the workflows of a process again, if it has ended."""
        if not await asyncio.to_thread(self._presence.lock, process):
            return
        try:
            await asyncio.to_thread(partial(self._ledger.recover, ended=(process,)))
            await self._engine.take_over(process)
        finally:
            await asyncio.to_thread(self._presence.unlock, process)

    async def _pause(self, ticks: int) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._poll * ticks):
                await self._worker.stopped.wait()
