"""A file that is being downloaded: read it once, in pieces, in constant memory.

    with client.download_media(id) as file:
        file.save("video.mp4")

    async with client.download_media(id) as file:      # or: file = await client.download_media(id)
        await file.save("video.mp4")

Or ``read()`` it, or go through ``iter_bytes()``.
"""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
from vimmerse.compat.client.results import api_error
from vimmerse.jobs.target import Target
from vimmerse.v2.errors import ApiError, InvalidAnswerError

PIECE = 64 * 1024
_LENGTH = re.compile(r"[0-9]{1,19}")  # Python refuses to read thousands of digits


class _File:
    """What is known of a file before it is read."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response

    @property
    def content_type(self) -> str:
        """The media type, such as ``video/mp4``; empty where the server names none."""
        return str(self._response.headers.get("content-type", "")).partition(";")[0].strip().lower()

    @property
    def size(self) -> int | None:
        """Length in bytes; None where the server does not tell."""
        headers = self._response.headers
        length = headers.get("content-length", "")
        return int(length) if _LENGTH.fullmatch(length) and "content-encoding" not in headers else None

    @property
    def headers(self) -> httpx.Headers:
        """What the file's host says about it: etag, last-modified, ..."""
        return self._response.headers

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.content_type or 'of no stated type'}, {self.size} bytes>"

    @contextmanager
    def _saving(self, path: str | os.PathLike[str]) -> Iterator[Callable[[bytes], None]]:
        """What writes a new file, which takes the place of ``path`` once it is complete, and is gone if that fails."""
        # In an event loop nothing may wait for the disk.
        target = Target(path, overwrite=True, durable=False)
        written = 0

        def write(piece: bytes) -> None:
            nonlocal written
            target.write(piece)
            written += len(piece)

        try:
            target.open()
            yield write
            if self.size not in (None, written):
                text = f"the host announced {self.size} bytes and sent {written}"
                raise httpx.RemoteProtocolError(text, request=self._response.request)
            target.publish()
        finally:
            target.discard()


class Download(_File):
    """A file that is being downloaded. Close it, or use it as a context manager, if it is not read to its end."""

    def iter_bytes(self, chunk_size: int = PIECE) -> Iterator[bytes]:
        """The content, once, in pieces of ``chunk_size`` bytes."""
        return self._response.iter_bytes(chunk_size)

    def read(self) -> bytes:
        """The whole content; it is kept, so that it may be read again."""
        return self._response.read()

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the content to ``path``, which is there only once it is complete; what was there before is replaced."""
        with self, self._saving(path) as write:
            for piece in self.iter_bytes():
                write(piece)
        return Path(path)

    def close(self) -> None:
        """Give the connection back."""
        self._response.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncDownload(_File):
    """As :class:`Download`, in async code."""

    def iter_bytes(self, chunk_size: int = PIECE) -> AsyncIterator[bytes]:
        """The content, once, in pieces of ``chunk_size`` bytes."""
        return self._response.aiter_bytes(chunk_size)

    async def read(self) -> bytes:
        """The whole content; it is kept, so that it may be read again."""
        return await self._response.aread()

    async def save(self, path: str | os.PathLike[str]) -> Path:
        """As :meth:`Download.save`. It is written in line: that goes to the page cache, a thread would cost more."""
        async with self:
            with self._saving(path) as write:
                async for piece in self.iter_bytes():
                    write(piece)
        return Path(path)

    async def aclose(self) -> None:
        """Give the connection back."""
        await self._response.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()


class Opening(Awaitable[AsyncDownload]):
    """An async download that is about to begin: ``await`` it, or open it with ``async with``."""

    def __init__(self, start: Callable[[], Awaitable[AsyncDownload]]) -> None:
        self._start = start
        self._file: AsyncDownload | None = None

    def __await__(self) -> Generator[Any, Any, AsyncDownload]:
        return self._start().__await__()

    async def __aenter__(self) -> AsyncDownload:
        self._file = await self._start()
        return self._file

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._file is not None  # it has been entered
        await self._file.aclose()


def _is_part(response: httpx.Response) -> bool:
    """Whether it is a part of a file, which nobody has asked for: whole files are 200, and these methods ask for those.

    A client with a ``Range`` header of its own asks for parts.
    """
    return response.status_code == httpx.codes.PARTIAL_CONTENT and "range" not in response.request.headers


def _unasked_part(response: httpx.Response) -> ApiError:
    return InvalidAnswerError(
        response.status_code,
        b"",
        message="the file's host sent a part of the file, though the whole was asked for; try again",
        method=response.request.method,
        url=str(response.request.url.copy_with(userinfo=b"", query=None, fragment=None)),
    )


def download(response: httpx.Response) -> Download:
    """The file of an answer; raises :class:`ApiError`."""
    if _is_part(response):
        response.close()
        raise _unasked_part(response)
    if response.is_success:
        return Download(response)
    try:
        response.read()
    finally:
        response.close()
    raise api_error(response)


async def adownload(response: httpx.Response) -> AsyncDownload:
    """As :func:`download`."""
    if _is_part(response):
        await response.aclose()
        raise _unasked_part(response)
    if response.is_success:
        return AsyncDownload(response)
    try:
        await response.aread()
    finally:
        await response.aclose()
    raise api_error(response)
