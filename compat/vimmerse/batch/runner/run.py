"""Running a batch on this machine: :class:`Batch` and :class:`AsyncBatch`."""

from __future__ import annotations

import asyncio
import errno
import os
import re
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, closing, contextmanager, suppress
from dataclasses import fields
from functools import partial
from inspect import isawaitable
from pathlib import Path
from queue import SimpleQueue
from typing import Generic, TypeVar

import httpx
from vimmerse._http.connections import client_arguments
from vimmerse.batch import events
from vimmerse.batch.errors import BatchStoppedError, LedgerError
from vimmerse.batch.events import Event, Started
from vimmerse.batch.ledger import Ledger
from vimmerse.batch.records import RunSummary
from vimmerse.batch.runner.limit import AdaptiveLimit
from vimmerse.batch.runner.performing import AsyncPerformer, Performer, is_to_the_end
from vimmerse.batch.runner.planning import Rows, planned_jobs
from vimmerse.batch.runner.rows import Context
from vimmerse.batch.runner.scheduler import MAX_FILES, Scheduler, Task
from vimmerse.batch.runner.source import Source
from vimmerse.jobs.errors import add_note_unless
from vimmerse.jobs.loop import Events, Results, Work, run, run_async
from vimmerse.jobs.many import CONCURRENCY as LOOKUPS
from vimmerse.jobs.many import Waits
from vimmerse.jobs.polling import GRACE, PollSettings, Timeout, WaitOptions
from vimmerse.jobs.schedule import DEFAULT_INTERVAL, Interval
from vimmerse.v2.client import AuthenticatedClient
from vimmerse.v2.resources import AsyncVimmerse, Vimmerse

#: Jobs on the server at a time, by default.
CONCURRENCY = 4
#: Seconds of refusals in a row after which a run gives up, by default.
PATIENCE = 900.0
_MAX_THREADS = 32  # that send jobs at a time

SleptT = TypeVar("SleptT")


def check_options(patience: float, webhook_url: str | None) -> None:
    """Raise ``ValueError`` unless the arguments of a batch are usable."""
    if not patience >= 0:
        raise ValueError(f"patience is {patience!r}; it must be a number of seconds, 0 or more")
    if webhook_url is not None:
        check_webhook_url(webhook_url)


def check_webhook_url(url: str) -> None:
    """Raise ``ValueError`` unless the secrets of jobs can be put behind the address of a receiver."""
    if not url.startswith(("http://", "https://")):
        raise ValueError("webhook_url can't be used: it must begin with http:// or https://")
    if not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", url):
        raise ValueError("webhook_url can't be used: it must have a host, and neither a query nor a fragment")


def folder_of(download: str | os.PathLike[str] | None) -> Path | None:
    """Return the folder for the files, wherever the current folder will be. Raises ``ValueError`` for empty text."""
    if not download and download is not None:  # as of a variable that is not set
        raise ValueError("download is empty; name a folder")
    return None if download is None else Path(os.fsdecode(download)).absolute()


def make_folder(directory: Path | None) -> None:
    """Create the folder for the files. Raises ``OSError`` if none could be saved there, before anything is paid."""
    if directory is None:
        return
    directory.mkdir(parents=True, exist_ok=True)
    if not os.access(directory, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "No file can be saved in this folder", str(directory))


class _AnyBatch(Generic[SleptT]):
    """What both classes share: the arguments, and stopping."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        budget: float | None,
        concurrency: int,
        download: str | os.PathLike[str] | None,
        webhook_url: str | None,
        patience: float,
        options: WaitOptions[SleptT],
    ) -> None:
        check_options(patience, webhook_url)
        self._settings = PollSettings(options)
        self._new_limit = partial(AdaptiveLimit, concurrency, clock=self._settings.clock, random=self._settings.random)
        self._threads = min(self._new_limit().maximum, _MAX_THREADS) + 1
        self._ledger = ledger
        self._directory = folder_of(download)
        self._webhook_url = webhook_url or ""
        self._patience = patience
        self._downloads = {events.Downloaded: 0, events.DownloadFailed: 0}
        self._wake: Callable[[], object] = bool  # ends the pause of the loop
        self._scheduler: Scheduler | None = None  # of the run in progress
        self._is_running = self._is_stopping = False
        if budget is not None:
            ledger.budget = budget

    def stop(self) -> None:
        """End the run: send no other job, record what is being sent, and leave the others on the server.

        May be called from any thread, and in a signal handler. The run then returns; the next one goes on, and waits
        for the jobs that are on the server. Without a run in progress, the next one ends before it sends anything.
        """
        self._is_stopping = True
        if self._scheduler is not None:
            self._scheduler.abandon()
        self._wake()

    def _prepare(self, rows: Rows | None) -> Started:
        """Plan the rows, and settle what processes that have ended left behind."""
        if rows is not None:
            self._ledger.plan(planned_jobs(rows))
        make_folder(self._directory)
        self._ledger.recover()
        return Started(summary=self._ledger.summary())

    @contextmanager
    def _running(self, client: AuthenticatedClient) -> Iterator[tuple[Source, Scheduler]]:
        """The source and the scheduler of a run."""
        source = Source(self._ledger, self._directory)
        context = Context(self._ledger, self._directory, self._webhook_url, source.left)
        waits = Waits(client, (), self._settings, LOOKUPS, shows_progress=True)
        scheduler = self._scheduler = Scheduler(source, waits, self._new_limit(), context, patience=self._patience)
        if self._is_stopping:
            scheduler.abandon()
        try:
            with add_note_unless(BatchStoppedError, scheduler.note):
                yield source, scheduler
        finally:
            waits.end_spans()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self._is_running:
            raise RuntimeError("this batch is running already")
        self._is_running = True
        self._downloads = dict.fromkeys(self._downloads, 0)
        try:
            yield
        finally:
            self._is_running = self._is_stopping = False
            self._scheduler, self._wake = None, bool

    def _release(self, source: Source) -> None:
        """Release what is reserved, after an exception. Otherwise nothing is."""
        with suppress(LedgerError):  # the next process does it
            for key in [*source.reserved]:
                self._ledger.unreserve(key)

    def _count(self, event: Event) -> None:
        if isinstance(event, events.Downloaded | events.DownloadFailed):
            self._downloads[type(event)] += 1

    def _summary(self, scheduler: Scheduler) -> RunSummary:
        """Return the end of the run, or raise it as an exception."""
        summary = self._ledger.summary()
        result = RunSummary(
            **{each.name: getattr(summary, each.name) for each in fields(summary)},
            stop_reason=scheduler.stop_reason,
            downloaded=self._downloads[events.Downloaded],
            not_downloaded=self._downloads[events.DownloadFailed],
        )
        if scheduler.stop_error is None:
            return result
        text = f"{scheduler.stop_reason} No other job was sent. Once that is solved, run the batch again: it goes on."
        raise BatchStoppedError(text, result) from scheduler.stop_error


class Batch(_AnyBatch[object]):
    """Runs the jobs of a ledger on this machine: uploads, sends, waits and downloads, several at a time.

        with Vimmerse() as client, Ledger("batch.sqlite") as ledger:
            summary = Batch(client, ledger, budget=5000, download="out").run(read_table("clips.csv"))

    Running it again, after whatever has happened, goes on: nothing is sent twice.

    Args:
        client: Sends the jobs and looks them up.
        ledger: Where the jobs are.
        budget: Credits that the batch may cost; it is set in the ledger. None leaves what is set there.
        concurrency: Jobs on the server at a time, at most. A 429 halves what is left of it; it grows back slowly.
        download: The folder for the files, which is created. A file is named after its job: ``KEY.mp4``, the second
            of several ``KEY-2.mp4``; if another file has that name, ``KEY-ID.mp4`` with the job's id. None downloads
            nothing.
        webhook_url: The address of your receiver of webhooks. Each job gets a secret of its own at its end; a row with
            a ``webhook_url`` keeps that.
        timeout, interval, grace: How each job is waited for, as in :func:`vimmerse.jobs.wait`; in seconds.
        patience: Seconds (900) of refusals in a row, because of no connection or too many calls, until the run gives
            up. There are pauses between them, of a second to a minute or as long as the service asks for.
        clock, sleep, random: Replace ``time.monotonic``, pauses, and ``random.random``.

    Raises:
        TypeError, ValueError: An argument is invalid.
        LedgerError: The ledger can't be used.
    """

    def __init__(
        self,
        client: Vimmerse,
        ledger: Ledger,
        *,
        budget: float | None = None,
        concurrency: int = CONCURRENCY,
        download: str | os.PathLike[str] | None = None,
        webhook_url: str | None = None,
        timeout: Timeout = "default",
        interval: Interval | float = DEFAULT_INTERVAL,
        grace: float = GRACE,
        patience: float = PATIENCE,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], object] | None = None,
        random: Callable[[], float] | None = None,
    ) -> None:
        super().__init__(
            ledger,
            budget=budget,
            concurrency=concurrency,
            download=download,
            webhook_url=webhook_url,
            patience=patience,
            options={
                "timeout": timeout,
                "interval": interval,
                "grace": grace,
                "clock": clock,
                "sleep": sleep,
                "random": random,
            },
        )
        self._client = client

    def run(self, rows: Rows | None = None, *, on_event: Callable[[Event], object] | None = None) -> RunSummary:
        """Do what is left to do, and return when nothing is.

        All rows are checked and planned before anything is sent. Then jobs that earlier runs left on the server are
        waited for, planned ones are sent as the limit and the budget allow, and missing files are downloaded.

        What goes wrong with one job doesn't stop the others. A job that was refused for the time being (429, no
        connection) is sent again after a pause. One that was refused otherwise, has failed or is ambiguous is not; see
        ``Ledger.retry`` and ``Ledger.resolve``. The first job that the budget does not cover ends the submissions,
        unless running ones may turn out cheaper.

        Ctrl-C ends the run: what is being sent is completed and recorded first. A second one doesn't wait for that;
        such a job is ambiguous afterwards.

        Args:
            rows: A table, its rows, or dicts by the names of columns. None goes on with what is in the ledger.
            on_event: Is called with each event, in the caller's thread. An exception that it raises ends the run.

        Returns:
            RunSummary: The batch in numbers, and why the run ended early, if it did.

        Raises:
            TableError, KeyConflictError, TypeError, ValueError: The rows can't be planned. Nothing was sent.
            BatchStoppedError: The service refused a job for a reason that holds for all (401, 402, 403), could not be
                reached for too long, or did not answer several calls in a row.
            LedgerError: The ledger can't be used any more.
            OSError: No file can be saved in the folder ``download``. Nothing was sent.
            RuntimeError: This object is running already.
        """

        def show(event: Event) -> None:
            self._count(event)
            if on_event is not None:
                on_event(event)

        results: Results[Task] = SimpleQueue()
        with self._alone():
            self._wake = partial(results.put, None)
            show(self._prepare(rows))
            with self._running(self._client) as (source, scheduler):
                self._drive(source, scheduler, results, show)
            return self._summary(scheduler)

    def _drive(
        self, source: Source, scheduler: Scheduler, results: Results[Task], show: Callable[[Event], None]
    ) -> None:
        ledgers = ThreadPoolExecutor(self._threads, thread_name_prefix="vimmerse-batch")
        others = ThreadPoolExecutor(LOOKUPS + 2 * MAX_FILES, thread_name_prefix="vimmerse-batch")
        with httpx.Client(**client_arguments({})) as files:
            perform = Performer(self._client, files, self._settings.sleep)

            def start(function: Callable[[Task], None], task: Task) -> None:
                (ledgers if is_to_the_end(task) else others).submit(function, task)

            try:
                with closing(run(scheduler, perform, start, sleep=self._settings.sleep, results=results)) as shown:
                    for event in shown:
                        show(event)
            finally:
                for threads in (ledgers, others):
                    threads.shutdown(wait=False, cancel_futures=True)
                try:
                    perform.finish()
                finally:
                    self._release(source)


class AsyncBatch(_AnyBatch[Awaitable[object]]):
    """Like :class:`Batch`, on asyncio; the arguments are the same. Calls of the ledger are made in threads.

    Args:
        client: Sends the jobs and looks them up.
        ledger: Where the jobs are.
        sleep: Replaces ``asyncio.sleep``.
    """

    def __init__(
        self,
        client: AsyncVimmerse,
        ledger: Ledger,
        *,
        budget: float | None = None,
        concurrency: int = CONCURRENCY,
        download: str | os.PathLike[str] | None = None,
        webhook_url: str | None = None,
        timeout: Timeout = "default",
        interval: Interval | float = DEFAULT_INTERVAL,
        grace: float = GRACE,
        patience: float = PATIENCE,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[object]] | None = None,
        random: Callable[[], float] | None = None,
    ) -> None:
        super().__init__(
            ledger,
            budget=budget,
            concurrency=concurrency,
            download=download,
            webhook_url=webhook_url,
            patience=patience,
            options={
                "timeout": timeout,
                "interval": interval,
                "grace": grace,
                "clock": clock,
                "sleep": sleep,
                "random": random,
            },
        )
        self._client = client

    async def run(self, rows: Rows | None = None, *, on_event: Callable[[Event], object] | None = None) -> RunSummary:
        """Like :meth:`Batch.run`. ``on_event`` may be a coroutine function.

        Cancelling it ends the run: what is being sent is completed and recorded first. Cancelling it twice does not.
        """

        async def show(event: Event) -> None:
            self._count(event)
            shown = on_event(event) if on_event is not None else None
            if isawaitable(shown):
                await shown

        queue: Events[Event] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        with self._alone():
            self._wake = lambda: loop.call_soon_threadsafe(queue.put_nowait, None)
            await show(await asyncio.to_thread(self._prepare, rows))
            with self._running(self._client) as (source, scheduler):
                await self._drive(source, scheduler, queue, show)
            return await asyncio.to_thread(self._summary, scheduler)

    async def _drive(
        self, source: Source, scheduler: Scheduler, queue: Events[Event], show: Callable[[Event], Awaitable[None]]
    ) -> None:
        async with httpx.AsyncClient(**client_arguments({}, asynchronous=True)) as files:
            work: Work[Task, Event] = scheduler
            perform = AsyncPerformer(self._client, files, self._settings.sleep)
            try:
                async with aclosing(run_async(work, perform, sleep=self._settings.sleep, events=queue)) as shown:
                    async for event in shown:
                        await show(event)
            finally:
                await asyncio.to_thread(self._release, source)
