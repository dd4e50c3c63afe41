"""A file that is being downloaded: read it once, in pieces, in constant memory.

    with client.download_media(id) as file:
        file.save("video.mp4")

    async with client.download_media(id) as file:      # or: file = await client.download_media(id)
        await file.save("video.mp4")

Or ``read()`` it, or go through ``iter_bytes()``.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import httpx
from vimmerse.compat.client.results import api_error

PIECE = 64 * 1024


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
        return int(length) if length.isdecimal() and "content-encoding" not in headers else None

    @property
    def headers(self) -> httpx.Headers:
        """What the file's host says about it: etag, last-modified, ..."""
        return self._response.headers

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.content_type or 'of no stated type'}, {self.size} bytes>"


@contextmanager
def _beside(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """A new file that takes the place of ``path`` when the block is through, and is gone when it fails."""
    target = Path(path)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with open(part, "xb") as file:
            yield file
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


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
        with self, _beside(path) as file:
            for piece in self.iter_bytes():
                file.write(piece)
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
            with _beside(path) as file:
                async for piece in self.iter_bytes():
                    file.write(piece)
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


def download(response: httpx.Response) -> Download:
    """The file of an answer; raises :class:`ApiError`."""
    if response.is_success:
        return Download(response)
    try:
        response.read()
    finally:
        response.close()
    raise api_error(response)


async def adownload(response: httpx.Response) -> AsyncDownload:
    """As :func:`download`."""
    if response.is_success:
        return AsyncDownload(response)
    try:
        await response.aread()
    finally:
        await response.aclose()
    raise api_error(response)
