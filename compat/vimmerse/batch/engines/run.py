"""A batch on many machines: :class:`DbosBatch`."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from inspect import isawaitable

import httpx
from sqlalchemy.exc import DBAPIError
from vimmerse._http.connections import client_arguments
from vimmerse.batch import events
from vimmerse.batch.engines.presence import Presence
from vimmerse.batch.engines.queueing import Queueing, Show
from vimmerse.batch.engines.worker import JobWorker
from vimmerse.batch.engines.workflows import Engine
from vimmerse.batch.errors import BatchError, BatchStoppedError, LedgerError
from vimmerse.batch.events import Event, Started
from vimmerse.batch.ledger import Ledger
from vimmerse.batch.ledger.owners import this_process
from vimmerse.batch.records import RunSummary
from vimmerse.batch.runner.limit import AdaptiveLimit
from vimmerse.batch.runner.performing import AsyncPerformer
from vimmerse.batch.runner.planning import Rows, planned_jobs
from vimmerse.batch.runner.rows import Context
from vimmerse.batch.runner.run import CONCURRENCY, PATIENCE, check_options, folder_of, make_folder
from vimmerse.jobs.polling import GRACE, Timeout
from vimmerse.jobs.schedule import DEFAULT_INTERVAL, Interval
from vimmerse.jobs.waiting import AsyncOptions
from vimmerse.v2.resources import AsyncVimmerse

_STOPPED = "The run was stopped."


class DbosBatch:
    """Runs a batch on any number of machines: each runs this, with a ledger in the same PostgreSQL database.

        async with AsyncVimmerse() as client:
            with Ledger("postgresql://...", batch="spring", budget=5000) as ledger:
                summary = await DbosBatch(client, ledger, download="out").run(read_table("clips.csv"))

    DBOS, a library, hands the jobs out to the processes, which share the batch and its budget. It keeps what it needs
    in a schema of its own. Processes may join without the rows, stop, and be killed at any time: another one, or the
    same one started again, goes on with their jobs. A job whose process was killed while it was sent is ambiguous, and
    not sent again.

    Connections to the database must not go through a pooler that shares them between clients, since a worker shows by
    a lock that it is running.

    Args:
        client: Sends the jobs and looks them up.
        ledger: Where the jobs are: in PostgreSQL.
        budget: Credits that the batch may cost; it is set in the ledger. None leaves what is set there.
        concurrency: Jobs on the server at a time, at most, of all machines together. None leaves what another process
            has set, or sets 4.
        download: The folder for the files, which all machines should share: each file is saved once, by one of them.
            None downloads nothing.
        webhook_url: The address of your receiver of webhooks. Each job gets a secret of its own at its end; a row with
            a ``webhook_url`` keeps that.
        timeout, interval, grace: How each job is waited for, as in :func:`vimmerse.jobs.wait`; in seconds.
        patience: Seconds (900) of refusals in a row, because of no connection or too many calls, until the run gives
            up.
        poll: Seconds (1) between two looks into the queue.

    Raises:
        TypeError, ValueError: An argument is invalid, or the ledger is not in PostgreSQL.
        LedgerError: The ledger can't be used.
    """

    def __init__(
        self,
        client: AsyncVimmerse,
        ledger: Ledger,
        *,
        budget: float | None = None,
        concurrency: int | None = None,
        download: str | os.PathLike[str] | None = None,
        webhook_url: str | None = None,
        timeout: Timeout = "default",
        interval: Interval | float = DEFAULT_INTERVAL,
        grace: float = GRACE,
        patience: float = PATIENCE,
        poll: float = 1.0,
    ) -> None:
        if ledger.url.get_backend_name() != "postgresql":
            raise ValueError(f"the ledger {ledger.location} is a file: many machines need one in postgresql://...")
        check_options(patience, webhook_url)
        if not poll > 0:
            raise ValueError(f"poll is {poll!r}; it must be a number of seconds above 0")
        self._limit = AdaptiveLimit(CONCURRENCY if concurrency is None else concurrency)
        self._client = client
        self._ledger = ledger
        self._concurrency = concurrency
        self._directory = folder_of(download)
        self._webhook_url = webhook_url or ""
        self._options: AsyncOptions = {"timeout": timeout, "interval": interval, "grace": grace}
        self._patience = patience
        self._poll = poll
        self._worker: JobWorker | None = None  # of the run in progress
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_running = self._is_stopping = False
        if budget is not None:
            ledger.budget = budget

    def stop(self) -> None:
        """End the run: send no other job, record what is being sent, and leave the others to other processes.

        May be called from any thread, and in a signal handler. Without a run in progress, the next one ends at once.
        """
        self._is_stopping = True
        if self._worker is not None and self._loop is not None:
            self._loop.call_soon_threadsafe(self._worker.stop, _STOPPED)

    async def run(self, rows: Rows | None = None, *, on_event: Callable[[Event], object] | None = None) -> RunSummary:
        """Work on the batch until nothing is left to do, on any machine.

        All rows are checked and planned before anything is sent. Several processes may be given the same rows.

        If it is cancelled, what is being sent is completed and recorded first.

        Args:
            rows: A table, its rows, or dicts by the names of columns. None joins the others. Images on this machine's
                disk are uploaded by this process, before their jobs are handed out.
            on_event: Is called with each event of this process; may be a coroutine function.

        Returns:
            RunSummary: The batch in numbers, and why this process has ended early, if it did.

        Raises:
            TableError, KeyConflictError, TypeError, ValueError: The rows can't be planned. Nothing was sent.
            BatchStoppedError: The service refused a job for a reason that holds for all (401, 402, 403), could not be
                reached for too long, or did not answer several calls in a row. This process sends nothing any more.
            BatchError: This process uses DBOS already.
            LedgerError: The ledger can't be used any more, or DBOS may not create its schema.
            OSError: No file can be saved in the folder ``download``. Nothing was sent.
            RuntimeError: This object is running already.
        """
        if self._is_running:
            raise RuntimeError("this batch is running already")
        self._is_running = True
        try:
            return await self._run(rows, on_event)
        finally:
            self._worker, self._is_running, self._is_stopping = None, False, False

    async def _run(self, rows: Rows | None, on_event: Callable[[Event], object] | None) -> RunSummary:
        seen: Counter[type[Event]] = Counter()

        async def show(event: Event) -> None:
            seen[type(event)] += 1
            shown = on_event(event) if on_event is not None else None
            if isawaitable(shown):
                await shown

        await show(await asyncio.to_thread(self._prepare, rows))
        async with httpx.AsyncClient(**client_arguments({}, asynchronous=True)) as files:
            worker = JobWorker(
                self._client,
                Context(self._ledger, self._directory, self._webhook_url, set()),
                AsyncPerformer(self._client, files, None),
                self._limit,
                self._options,
                show,
                patience=self._patience,
            )
            self._worker, self._loop = worker, asyncio.get_running_loop()
            if self._is_stopping:
                worker.stop(_STOPPED)
            await self._work(worker, show)
        return await asyncio.to_thread(self._summary, worker, seen)

    def _prepare(self, rows: Rows | None) -> Started:
        """Plan the rows, and settle what processes that have ended left behind."""
        if rows is not None:
            self._ledger.plan(planned_jobs(rows))
        make_folder(self._directory)
        self._ledger.recover()
        return Started(summary=self._ledger.summary())

    def _summary(self, worker: JobWorker, seen: Counter[type[Event]]) -> RunSummary:
        """Return the end of the run, or raise it as an exception."""
        if worker.failure is not None:
            raise worker.failure
        summary = self._ledger.summary()
        result = RunSummary(
            **{each.name: getattr(summary, each.name) for each in fields(summary)},
            stop_reason=worker.stop_reason,
            downloaded=seen[events.Downloaded],
            not_downloaded=seen[events.DownloadFailed],
        )
        if worker.stop_error is None:
            return result
        text = (
            f"{worker.stop_reason} This process has sent no other job. Once that is solved, run it again: it goes on."
        )
        raise BatchStoppedError(text, result) from worker.stop_error

    async def _work(self, worker: JobWorker, show: Show) -> None:
        """Work on the queue, until it is empty and stays so."""
        presence = Presence(self._ledger.url, this_process())
        try:
            if not await asyncio.to_thread(presence.keep):
                raise BatchError("The batch is running in this process already.")
            url = self._ledger.url.set(drivername="postgresql").render_as_string(hide_password=False)
            engine = Engine(url, await asyncio.to_thread(presence.schema), self._ledger.batch, this_process())
            try:
                limit = await engine.start(worker, self._concurrency, self._limit.maximum, self._poll)
                worker.limit = AdaptiveLimit(limit)
                queueing = Queueing(self._ledger, engine, worker, presence, show, self._poll)
                watching = asyncio.create_task(queueing.watch())
                try:
                    await queueing.work()
                finally:
                    watching.cancel()
                    await asyncio.gather(watching, return_exceptions=True)
            finally:
                await worker.close()
                await engine.stop()
        except DBAPIError as error:
            reason = " ".join(str(error.orig).split())
            raise LedgerError(f"DBOS can't use the database {self._ledger.location}: {reason}.") from error
        finally:
            await asyncio.to_thread(presence.close)
