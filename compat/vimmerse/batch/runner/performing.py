"""Performs the tasks of a scheduler: with threads, and on asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from threading import Condition, Event
from typing import Any

import httpx
from vimmerse._flow import drive, drive_async
from vimmerse._http.operations import ApiOperation
from vimmerse._http.types import RequestOptions
from vimmerse.batch.runner.scheduler import TO_THE_END, RowTask, Take, Task
from vimmerse.batch.runner.steps import Need, Save, Send, Step, UploadFile
from vimmerse.jobs.downloads import download, download_async
from vimmerse.jobs.many import Lookup, look_up, look_up_async
from vimmerse.jobs.polling import JobRef, Snapshot
from vimmerse.jobs.waiting import fetch, fetch_async
from vimmerse.v2.models.media import Media
from vimmerse.v2.models.story import Story
from vimmerse.v2.resources import AsyncVimmerse, Vimmerse

#: Seconds that lookups and uploads in progress have to end when a run is interrupted.
GRACE = 2.0
_PIECE = 0.5  # seconds
#: What is sent is sent once, whatever the client was told.
_ONCE: RequestOptions = {"max_retries": 0, "retry_refused": False}


def _operation(call: str) -> ApiOperation[Snapshot, Any]:
    method, _, path = call.partition(" ")
    model: type[Snapshot] = Media if path.endswith("/media") else Story
    return ApiOperation(method, path, {"2XX": model}, {})


def is_to_the_end(task: Task) -> bool:
    """Return whether a task has to be performed to its end, since it changes the ledger."""
    return isinstance(task, Take) or (isinstance(task, RowTask) and isinstance(task.step, TO_THE_END))


class Abandoned(Exception):
    """The run has ended, and with it this task."""


class Performer:
    """Performs tasks, in any thread.

    ``files``: the client for downloads. ``sleep``: replaces the pauses of downloads.
    """

    def __init__(self, client: Vimmerse, files: httpx.Client, sleep: Callable[[float], object] | None) -> None:
        self._client = client
        self._files = files
        self._abandoned = Event()
        self._sleep = sleep or self._abandoned.wait
        self._in_progress = {True: 0, False: 0}  # tasks that change the ledger, and others
        self._changed = Condition()

    def finish(self) -> None:
        """Begin no other task, end the downloads in progress, and wait for what changes the ledger.

        The threads themselves don't tell: Ctrl-C may come while one is being started. Other requests get a moment to
        end, since the client may be closed next.
        """
        self._abandoned.set()
        with self._changed:
            # In pieces: a Ctrl-C that comes just before a wait is only noticed at its end.
            while not self._changed.wait_for(lambda: not self._in_progress[True], _PIECE):
                pass
            self._changed.wait_for(lambda: not self._in_progress[False], GRACE)

    def __call__(self, task: Task) -> object:
        kind = is_to_the_end(task)
        with self._changed:
            if self._abandoned.is_set():
                raise Abandoned
            self._in_progress[kind] += 1
        try:
            return self._perform_task(task)
        finally:
            with self._changed:
                self._in_progress[kind] -= 1
                self._changed.notify_all()

    def _perform_task(self, task: Task) -> object:
        if isinstance(task, Lookup):
            return look_up(self._client, task)
        if isinstance(task, Take):
            return task.phase.take()
        return drive(task.step.flow(), self._perform)

    def _perform(self, need: Need) -> object:
        if isinstance(need, Send):
            return _operation(need.operation).sync(self._client, {"json": dict(need.body)}, **_ONCE)
        if isinstance(need, UploadFile):
            return self._client.images.upload(need.path, **_ONCE).url
        if isinstance(need, Save):
            return download(need.url, need.path, client=self._files, on_progress=self._check, sleep=self._sleep)
        if isinstance(need, JobRef):
            return fetch(self._client, need)
        return need()

    def _check(self, progress: object) -> None:
        if self._abandoned.is_set():
            raise Abandoned


class AsyncPerformer:
    """Performs tasks. What changes the ledger is performed to its end, also if it is cancelled once."""

    def __init__(
        self, client: AsyncVimmerse, files: httpx.AsyncClient, sleep: Callable[[float], Awaitable[object]] | None
    ) -> None:
        self._client = client
        self._files = files
        self._sleep = sleep

    async def __call__(self, task: Task) -> object:
        if isinstance(task, Lookup):
            return await look_up_async(self._client, task)
        work: Coroutine[Any, Any, object]
        work = asyncio.to_thread(task.phase.take) if isinstance(task, Take) else self.perform_step(task.step)
        return await (_to_the_end(work) if is_to_the_end(task) else work)

    async def perform_step(self, step: Step) -> object:
        """Perform a step of a row."""
        return await drive_async(step.flow(), self._perform)

    async def _perform(self, need: Need) -> object:
        if isinstance(need, Send):
            return await _operation(need.operation).asyncio(self._client, {"json": dict(need.body)}, **_ONCE)
        if isinstance(need, UploadFile):
            return (await self._client.images.upload(need.path, **_ONCE)).url
        if isinstance(need, Save):
            return await download_async(need.url, need.path, client=self._files, sleep=self._sleep)
        if isinstance(need, JobRef):
            return await fetch_async(self._client, need)
        return await asyncio.to_thread(need)


async def _to_the_end(work: Coroutine[Any, Any, object]) -> object:
    """Await ``work``, even if this is cancelled; if it is cancelled again, ``work`` is cancelled, too."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise
