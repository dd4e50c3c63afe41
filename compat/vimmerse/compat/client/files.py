"""A file that is being downloaded: it is read once, in pieces, in constant memory.

    with client.download_media(id) as file:
        file.save("video.mp4")

    async with client.download_media(id) as file:      # or: file = await client.download_media(id)
        await file.save("video.mp4")

``read()`` and ``iter_bytes()`` return the content instead.
"""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import aclosing, closing, contextmanager
from pathlib import Path
from typing import Any, Self

import httpx
from vimmerse.compat.client.results import api_error
from vimmerse.jobs.target import Target
from vimmerse.v2.errors import ApiError, InvalidAnswerError

CHUNK_SIZE = 64 * 1024
_LENGTH = re.compile(r"[0-9]{1,19}")  # Python refuses to read thousands of digits


class _BaseDownload:
    """What is known of a file before it is read."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response

    @property
    def content_type(self) -> str:
        """The media type, such as ``video/mp4``; empty where the server names none."""
        return str(self._response.headers.get("content-type", "")).partition(";")[0].strip().lower()

    @property
    def size(self) -> int | None:
        """Length in bytes; None if the server does not state it."""
        headers = self._response.headers
        length = headers.get("content-length", "")
        return int(length) if _LENGTH.fullmatch(length) and "content-encoding" not in headers else None

    @property
    def headers(self) -> httpx.Headers:
        """The headers of the file's host: etag, last-modified, ..."""
        return self._response.headers

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.content_type or 'of no stated type'}, {self.size} bytes>"

    @contextmanager
    def _writer(self, path: str | os.PathLike[str]) -> Iterator[Callable[[bytes], None]]:
        """A function that writes a new file. The file replaces ``path`` when it is complete, or is removed."""
        target = Target(path, overwrite=True, durable=False)  # an event loop must not wait for the disk
        written = 0

        def write(chunk: bytes) -> None:
            nonlocal written
            target.write(chunk)
            written += len(chunk)

        try:
            target.open()
            yield write
            if self.size not in (None, written):
                text = f"the host announced {self.size} bytes and sent {written}"
                raise httpx.RemoteProtocolError(text, request=self._response.request)
            target.publish()
        finally:
            target.discard()


class Download(_BaseDownload):
    """A file that is being downloaded. Close it, or use it as a context manager, if it is not read to its end."""

    def iter_bytes(self, chunk_size: int = CHUNK_SIZE) -> Iterator[bytes]:
        """The content in pieces of ``chunk_size`` bytes; once."""
        return self._response.iter_bytes(chunk_size)

    def read(self) -> bytes:
        """The entire content; it is kept in memory, and can be read again."""
        return self._response.read()

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the content to ``path``, and replace what was there once the new file is complete."""
        with self, self._writer(path) as write:
            for chunk in self.iter_bytes():
                write(chunk)
        return Path(path)

    def close(self) -> None:
        """Release the connection."""
        self._response.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class AsyncDownload(_BaseDownload):
    """Like :class:`Download`, in async code."""

    def iter_bytes(self, chunk_size: int = CHUNK_SIZE) -> AsyncIterator[bytes]:
        """The content in pieces of ``chunk_size`` bytes; once."""
        return self._response.aiter_bytes(chunk_size)

    async def read(self) -> bytes:
        """The entire content; it is kept in memory, and can be read again."""
        return await self._response.aread()

    async def save(self, path: str | os.PathLike[str]) -> Path:
        """Like :meth:`Download.save`. Writing does not use a thread: it goes to the page cache, a thread costs more."""
        async with self:
            with self._writer(path) as write:
                async for chunk in self.iter_bytes():
                    write(chunk)
        return Path(path)

    async def aclose(self) -> None:
        """Release the connection."""
        await self._response.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.aclose()


class PendingDownload(Awaitable[AsyncDownload]):
    """An async download that has not begun: ``await`` it, or open it with ``async with``."""

    def __init__(self, start: Callable[[], Awaitable[AsyncDownload]]) -> None:
        self._start = start

    def __await__(self) -> Generator[Any, Any, AsyncDownload]:
        return self._start().__await__()

    async def __aenter__(self) -> AsyncDownload:
        self._file = await self
        return self._file

    async def __aexit__(self, *exc_info: object) -> None:
        await self._file.aclose()


def download(response: httpx.Response) -> Download:
    """Return the file of a response. Raises :class:`ApiError`."""
    if _is_whole_file(response):
        return Download(response)
    with closing(response):
        if not response.is_success:
            response.read()
    raise _error(response)


async def async_download(response: httpx.Response) -> AsyncDownload:
    """Like :func:`download`."""
    if _is_whole_file(response):
        return AsyncDownload(response)
    async with aclosing(response):
        if not response.is_success:
            await response.aread()
    raise _error(response)


def _is_whole_file(response: httpx.Response) -> bool:
    """Whether this is what was requested: the entire file, or a part if the client has its own ``Range`` header."""
    is_part = response.status_code == httpx.codes.PARTIAL_CONTENT
    return response.is_success and (not is_part or "range" in response.request.headers)


def _error(response: httpx.Response) -> ApiError:
    if not response.is_success:
        return api_error(response)
    return InvalidAnswerError(
        response.status_code,
        message="the file's host sent only part of the file, although all of it was requested; try again",
        method=response.request.method,
        url=str(response.request.url.copy_with(userinfo=b"", query=None, fragment=None)),
    )
