"""Downloading the files of a job: :func:`download` and :func:`download_async`."""

from __future__ import annotations

import os
import random as _random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, closing, nullcontext
from inspect import isawaitable
from pathlib import Path

import httpx
from vimmerse._flow import drive, drive_async
from vimmerse._http.connections import client_arguments
from vimmerse.jobs.errors import DownloadError, add_note_unless
from vimmerse.jobs.schedule import Sleep
from vimmerse.jobs.spans import download_span
from vimmerse.jobs.target import Target
from vimmerse.jobs.transfer import DownloadOptions, DownloadProgress, Step, Transfer
from vimmerse.v2.models.media import Media
from vimmerse.v2.models.media_result import MediaResult
from vimmerse.v2.models.partial_media import PartialMedia
from vimmerse.v2.models.story import Story

#: Seconds until a download gives up.
TIMEOUT = 3600.0
#: Failures in a row until a download gives up.
RETRIES = 5


def download(
    source: Story | Media | PartialMedia | str,
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
    """Download a story's video, a media's file or a URL to a file, and return its absolute path.

    The file appears when it is complete, or not at all; no other file is left behind. Memory use is constant.

    ``source``: a finished story or media, or the URL of a file.
    ``path``: where to save it. The directory must exist.
    ``client``: an ``httpx.Client`` for the file's host, for a proxy or certificates of your own. Its headers, cookies
    and ``auth`` are not used: no host of files needs your API key. Its event hooks run.
    ``index``: which of a media's ``result``, from 0.
    ``on_progress``: is called with a :class:`DownloadProgress` after each piece. An exception that it raises ends the
    download.
    ``overwrite``: replace an existing file, which stays as it is until the new one is complete.
    ``resume``: after an interruption continue where it was, if the host allows it; else start again.
    ``expected_size``: in bytes; another size is an error.
    ``timeout``: seconds in total; None for no limit. A connection also fails after 10 seconds of connecting, and after
    60 seconds without data.
    ``retries``: failures in a row, without progress, until it gives up.
    ``clock``, ``sleep``, ``random``: replace ``time.monotonic``, ``time.sleep`` and ``random.random``.

    Raises:
        FileExistsError: the file exists, and ``overwrite`` is false; nothing was requested.
        FileNotFoundError, IsADirectoryError: ``path`` has no directory, or is one; nothing was requested.
        DownloadError: the host does not send the file, or it can't be written.
        TypeError, ValueError: an argument is invalid; nothing was requested.
    """
    _check_client(client, "httpx.Client")
    options = DownloadOptions(
        timeout, retries, resume, expected_size, clock or time.monotonic, random or _random.random
    )
    transfer = _transfer(source, path, options, index=index, overwrite=overwrite)
    with (
        add_note_unless(DownloadError, transfer.note),
        download_span(transfer),
        nullcontext(client) if client else httpx.Client(**client_arguments({})) as http,
        closing(_Connection(http, on_progress, sleep or time.sleep)) as connection,
    ):
        drive(transfer.run(), connection.perform)
    return transfer.path


async def download_async(
    source: Story | Media | PartialMedia | str,
    path: str | os.PathLike[str],
    *,
    client: httpx.AsyncClient | None = None,
    index: int = 0,
    on_progress: Callable[[DownloadProgress], object] | None = None,
    overwrite: bool = False,
    resume: bool = True,
    expected_size: int | None = None,
    timeout: float | None = TIMEOUT,  # noqa: ASYNC109  # part of what the error says
    retries: int = RETRIES,
    clock: Callable[[], float] | None = None,
    sleep: Callable[[float], Awaitable[object]] | None = None,
    random: Callable[[], float] | None = None,
) -> Path:
    """Like :func:`download`, on asyncio. ``on_progress`` may be a coroutine function. A thread syncs the file."""
    from asyncio import sleep as default_sleep

    _check_client(client, "httpx.AsyncClient")
    options = DownloadOptions(
        timeout, retries, resume, expected_size, clock or time.monotonic, random or _random.random
    )
    transfer = _transfer(source, path, options, index=index, overwrite=overwrite)
    with add_note_unless(DownloadError, transfer.note), download_span(transfer):
        async with (
            nullcontext(client) if client else httpx.AsyncClient(**client_arguments({}, asynchronous=True)) as http,
            aclosing(_AsyncConnection(http, on_progress, sleep or default_sleep)) as connection,
        ):
            await drive_async(transfer.run(), connection.perform)
    return transfer.path


def _check_client(client: object, expected: str) -> None:
    if client is not None and not hasattr(client, "send"):
        raise TypeError(f"client is for the host of the file, which must not get your API key: an {expected}, or None")


def _transfer(
    source: Story | Media | PartialMedia | str,
    path: str | os.PathLike[str],
    options: DownloadOptions,
    *,
    index: int,
    overwrite: bool,
) -> Transfer:
    url = file_url(source, index)
    job_id = "" if isinstance(source, str) else source.id or ""
    return Transfer(url, Target(path, overwrite=overwrite), options, job_id)


def file_url(source: Story | Media | PartialMedia | str, index: int = 0) -> str:
    """The URL of a story's video or of one of a media's files. Raises ``DownloadError`` if there is none."""
    urls: list[object]
    if isinstance(source, str):
        return source
    status: str | None
    if isinstance(source, Story):
        name, status = f"story {source.id}", source.status
        urls = [source.video_url] if source.video_url else []
    elif isinstance(source, Media | PartialMedia):
        name, status = f"media {source.id or ''}".rstrip(), source.processing_status
        urls = [item.url if isinstance(item, MediaResult) else item for item in source.result or ()]
    else:
        raise TypeError(f"source is a Story, a Media or a URL, not {type(source).__name__}")
    url = urls[index] if 0 <= index < len(urls) else None
    if isinstance(url, str) and url:
        return url
    text = f"The {name} has no file number {index}: it has {len(urls)}, counted from 0."
    if not urls:
        text = f"The {name} has no file yet (status {status or 'unknown'}): wait() for it, and pass what that returns."
    raise DownloadError(text, job_id=source.id or "")


class _Connection:
    """Performs the steps of a transfer."""

    def __init__(
        self,
        client: httpx.Client,
        on_progress: Callable[[DownloadProgress], object] | None,
        sleep: Callable[[float], object],
    ) -> None:
        self._client = client
        self._on_progress = on_progress
        self._sleep = sleep
        self._response: httpx.Response | None = None
        self._content: Iterator[bytes] = iter(())

    def perform(self, step: Step) -> object:
        if isinstance(step, httpx.Response):
            return next(self._content, None)
        if isinstance(step, httpx.Request):
            self.close()
            # The client's other methods would add its headers and cookies.
            self._response = self._client.send(step, stream=True, auth=None, follow_redirects=False)
            read = self._response.is_stream_consumed  # by a mock or by a hook of the caller's
            self._content = iter((self._response.content,)) if read else self._response.iter_raw()
            return self._response
        if isinstance(step, Sleep):
            self.close()
            self._sleep(step.seconds)
        elif not isinstance(step, DownloadProgress):
            step()
        elif self._on_progress is not None:
            self._on_progress(step)
        return None

    def close(self) -> None:
        if self._response is not None:
            self._response.close()


class _AsyncConnection:
    """Performs the steps of a transfer."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        on_progress: Callable[[DownloadProgress], object] | None,
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._client = client
        self._on_progress = on_progress
        self._sleep = sleep
        self._response: httpx.Response | None = None
        self._content: AsyncIterator[bytes] | None = None

    async def perform(self, step: Step) -> object:
        if isinstance(step, httpx.Response):
            assert self._content is not None  # opened before
            return await anext(self._content, None)
        if isinstance(step, httpx.Request):
            await self.aclose()
            self._response = await self._client.send(step, stream=True, auth=None, follow_redirects=False)
            read = self._response.is_stream_consumed
            self._content = _pieces(self._response.content) if read else self._response.aiter_raw()
            return self._response
        if isinstance(step, Sleep):
            await self.aclose()
            await self._sleep(step.seconds)
        elif not isinstance(step, DownloadProgress):
            await _in_thread(step)
        elif self._on_progress is not None:
            result = self._on_progress(step)
            return await result if isawaitable(result) else result
        return None

    async def aclose(self) -> None:
        if self._response is not None:
            await self._response.aclose()


async def _pieces(*content: bytes) -> AsyncIterator[bytes]:
    for piece in content:
        yield piece


async def _in_thread(function: Callable[[], None]) -> None:
    """Call ``function`` in a thread. If cancelled, wait for its end first: what follows works on the same file."""
    import asyncio

    task = asyncio.ensure_future(asyncio.to_thread(function))
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise
