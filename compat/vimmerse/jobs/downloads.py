"""Fetching what a job has made: :func:`download` and :func:`download_async`."""

from __future__ import annotations

import asyncio
import os
import random as _random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import httpx
from vimmerse.jobs.driving import Sleep, drive, drive_async, noting, tell, tell_async
from vimmerse.jobs.errors import DownloadError
from vimmerse.jobs.target import Target
from vimmerse.jobs.transfer import (
    Do,
    DownloadProgress,
    Head,
    Limits,
    Open,
    Read,
    Step,
    Transfer,
)
from vimmerse.v2.models.media import Media
from vimmerse.v2.models.media_result import MediaResult
from vimmerse.v2.models.story import Story

#: Seconds until a download gives up.
TIMEOUT = 3600.0
#: Failures in a row until a download gives up.
RETRIES = 5
#: Seconds to connect, and of silence.
CONNECT, SILENCE = 10.0, 60.0


def download(
    source: Story | Media | str,
    path: str | os.PathLike[str],
    *,
    client: httpx.Client | None = None,
    index: int = 0,
    on_progress: Callable[[DownloadProgress], object] | None = None,
    overwrite: bool = False,
    resume: bool = True,
    expected_size: int | None = None,
    timeout: float | None = TIMEOUT,
    retries: int = RETRIES,
    clock: Callable[[], float] | None = None,
    sleep: Callable[[float], object] | None = None,
    random: Callable[[], float] | None = None,
) -> Path:
    """Fetch a story's film, a media's file or a URL's content into the file ``path``, and give its absolute path.

    The file appears whole or not at all, whatever happens, and no other file is left behind. Memory is constant.

    ``client``: an ``httpx.Client`` for the file's host, for a proxy or certificates of your own. Its headers, cookies
    and ``auth`` are not used: no host of files needs your API key. Its event hooks do run.
    ``index``: which of a media's ``result``, from 0.
    ``on_progress``: gets a :class:`DownloadProgress` after each piece. What it raises ends the download.
    ``overwrite``: replace a file that is there; it stays as it is until the new one is complete.
    ``resume``: go on after a broken connection where it was, if the host can do that; else start again.
    ``expected_size``: in bytes; another size is an error.
    ``timeout``: seconds in all; None for no limit. Besides, 10 seconds to connect and 60 of silence break a connection.
    ``retries``: failures in a row, without a byte gained, until it gives up.
    ``clock``, ``sleep``, ``random``: in place of ``time.monotonic``, ``time.sleep`` and ``random.random``.

    Raises:
        FileExistsError: there is a file, and ``overwrite`` is false; nothing was asked for.
        FileNotFoundError, IsADirectoryError: ``path`` is nowhere, or a directory; nothing was asked for.
        DownloadError: the host does not give it, or it can't be written.
        TypeError, ValueError: the arguments make no sense; nothing was asked for.
    """
    if client is not None and not hasattr(client, "send"):
        raise TypeError(_NOT_A_CLIENT.format("httpx.Client"))
    limits = Limits(timeout, retries, clock or time.monotonic, random or _random.random)
    transfer = _transfer(source, path, index, limits, overwrite=overwrite, resume=resume, expected_size=expected_size)
    with noting(lambda: _left(transfer), DownloadError):
        hands = _Hands(client, on_progress, sleep or time.sleep)
        try:
            drive(transfer.run(), hands.perform)
        finally:
            hands.close()
    return transfer.path


async def download_async(
    source: Story | Media | str,
    path: str | os.PathLike[str],
    *,
    client: httpx.AsyncClient | None = None,
    index: int = 0,
    on_progress: Callable[[DownloadProgress], object] | None = None,
    overwrite: bool = False,
    resume: bool = True,
    expected_size: int | None = None,
    timeout: float | None = TIMEOUT,  # noqa: ASYNC109  # part of what the error tells
    retries: int = RETRIES,
    clock: Callable[[], float] | None = None,
    sleep: Callable[[float], Awaitable[object]] | None = None,
    random: Callable[[], float] | None = None,
) -> Path:
    """As :func:`download`, on asyncio; ``on_progress`` may be a coroutine function. The disk is synced in a thread."""
    if client is not None and not hasattr(client, "send"):
        raise TypeError(_NOT_A_CLIENT.format("httpx.AsyncClient"))
    limits = Limits(timeout, retries, clock or time.monotonic, random or _random.random)
    transfer = _transfer(source, path, index, limits, overwrite=overwrite, resume=resume, expected_size=expected_size)
    with noting(lambda: _left(transfer), DownloadError):
        hands = _AsyncHands(client, on_progress, sleep or asyncio.sleep)
        try:
            await drive_async(transfer.run(), hands.perform)
        finally:
            await hands.close()
    return transfer.path


_NOT_A_CLIENT = "client is for the host of the file, which must not get your API key: an {}, or None"


def _left(transfer: Transfer) -> str:
    return f"The download of {transfer.describe()} was broken off. Nothing was put there; it can be had again."


def _transfer(
    source: Story | Media | str,
    path: str | os.PathLike[str],
    index: int,
    limits: Limits,
    *,
    overwrite: bool,
    resume: bool,
    expected_size: int | None,
) -> Transfer:
    url = address(source, index)
    job_id = "" if isinstance(source, str) else (source.id or "")
    target = Target(path, overwrite=overwrite)
    return Transfer(url, target, limits, resume=resume, expected_size=expected_size, job_id=job_id)


def address(source: Story | Media | str, index: int = 0) -> str:
    """The URL of a story's film, or of one of a media's files.

    Raises:
        DownloadError: there is none yet, or no such one.
    """
    if isinstance(source, str):
        return source
    found: list[object]
    if isinstance(source, Story):
        name, status = f"story {source.id}", source.status
        found = [source.video_url] if source.video_url else []
    elif isinstance(source, Media):
        name, status = f"media {source.id}", source.processing_status
        found = [item.url if isinstance(item, MediaResult) else item for item in source.result or ()]
    else:
        raise TypeError(f"source is a Story, a Media or a URL, not {type(source).__name__}")
    if not found:
        raise DownloadError(
            f"The {name} has no file yet (status {status or 'unknown'}): wait() for it, and pass what that gives.",
            job_id=source.id or "",
        )
    url = found[index] if 0 <= index < len(found) else None
    if not isinstance(url, str) or not url:
        raise DownloadError(
            f"The {name} has no file number {index}: it has {len(found)}, counted from 0.", job_id=source.id or ""
        )
    return url


class _Hands:
    """Does what a transfer asks for."""

    def __init__(
        self,
        client: httpx.Client | None,
        on_progress: Callable[[DownloadProgress], object] | None,
        sleep: Callable[[float], object],
    ) -> None:
        self._own = client is None
        self._client = client or httpx.Client()
        self._listener = on_progress
        self._sleep = sleep
        self._response: httpx.Response | None = None
        self._stream: Iterator[bytes] = iter(())

    def perform(self, step: Step) -> object:
        if isinstance(step, Read):
            return next(self._stream, None)
        if isinstance(step, Open):
            return self._open(step)
        if isinstance(step, Sleep):
            self._hang_up()
            self._sleep(step.seconds)
        elif isinstance(step, Do):
            step.function()
        else:
            tell(self._listener, step.progress)
        return None

    def _open(self, step: Open) -> Head:
        self._hang_up()
        # Not by the client's own methods: those would add its headers and cookies.
        response = self._client.send(_request(step), stream=True, auth=None, follow_redirects=False)
        self._response, self._stream = response, response.iter_raw()
        return Head(response.status_code, response.headers)

    def _hang_up(self) -> None:
        response, self._response = self._response, None
        if response is not None:
            response.close()

    def close(self) -> None:
        try:
            self._hang_up()
        finally:  # a second Ctrl-C may come in between
            if self._own:
                self._client.close()


class _AsyncHands:
    """Does what a transfer asks for."""

    def __init__(
        self,
        client: httpx.AsyncClient | None,
        on_progress: Callable[[DownloadProgress], object] | None,
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._own = client is None
        self._client = client or httpx.AsyncClient()
        self._listener = on_progress
        self._sleep = sleep
        self._response: httpx.Response | None = None
        self._stream: AsyncIterator[bytes] | None = None

    async def perform(self, step: Step) -> object:
        if isinstance(step, Read):
            assert self._stream is not None  # opened before
            return await anext(self._stream, None)
        if isinstance(step, Open):
            return await self._open(step)
        if isinstance(step, Sleep):
            await self._hang_up()
            await self._sleep(step.seconds)
        elif isinstance(step, Do):
            await _in_thread(step.function)
        else:
            await tell_async(self._listener, step.progress)
        return None

    async def _open(self, step: Open) -> Head:
        await self._hang_up()
        response = await self._client.send(_request(step), stream=True, auth=None, follow_redirects=False)
        self._response, self._stream = response, response.aiter_raw()
        return Head(response.status_code, response.headers)

    async def _hang_up(self) -> None:
        response, self._response = self._response, None
        if response is not None:
            await response.aclose()

    async def close(self) -> None:
        try:
            await self._hang_up()
        finally:  # a cancellation may come in between
            if self._own:
                await self._client.aclose()


def _request(step: Open) -> httpx.Request:
    timeout = httpx.Timeout(min(SILENCE, step.patience), connect=min(CONNECT, step.patience))
    return httpx.Request("GET", step.url, headers=step.headers, extensions={"timeout": timeout.as_dict()})


async def _in_thread(function: Callable[[], None]) -> None:
    """Call ``function`` in a thread, and outlast it even if cancelled: what comes next works on the same file."""
    task = asyncio.ensure_future(asyncio.to_thread(function))
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise
