"""Bodies that may be larger than memory.

Laws:

* ``bytes`` stay the same ``bytes``: nothing is copied.
* A caller's stream is read once, in pieces. Up to 1 MiB it becomes ``bytes``; beyond, a temporary file.
* A stored body can be read by several threads at once, and from its beginning as often as wanted.
* A temporary file is closed (and so gone) when the call is over, and at the latest with its last reference.
* A multipart form is encoded while it is sent: of a file on disk no more than 256 KiB is in memory.
"""

from __future__ import annotations

import secrets
import tempfile
import threading
import weakref
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from types import TracebackType
from typing import IO, NamedTuple

from vimmerse.compat.core.fields import Limits
from vimmerse.compat.core.messages import Body, Multipart, Pairs, StoredBody, UploadPart
from vimmerse.compat.core.multipart import EarlyReader
from vimmerse.compat.core.record import Record
from vimmerse.compat.core.redaction import NO_SECRETS, Secrets

PIECE = 256 * 1024  # read and sent at once: what a piece costs besides its bytes is shared by so many
MEMORY_LIMIT = 1024 * 1024
# Written at once. More at once is written to larger stretches of free memory, of which a virtual machine may have none
# left that its host need not provide first.
_WRITTEN = 64 * 1024


class _Storage:
    """A temporary file that several bodies may share."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._lock = threading.Lock()
        self.close = weakref.finalize(self, file.close)

    def read(self, start: int, size: int) -> bytes:
        with self._lock:
            self._file.seek(start)
            return self._file.read(size)


class StoredFile:
    """A :class:`StoredBody` on disk."""

    def __init__(self, storage: _Storage, start: int, size: int, reader: EarlyReader | None = None) -> None:
        self._storage = storage
        self._start = start
        self._size = size
        self.reader = reader  # what has read it as a form already

    @property
    def size(self) -> int:
        return self._size

    def chunks(self) -> Iterator[bytes]:
        """Raises ``ValueError`` once the call that the body belongs to is over."""
        end = self._start + self._size
        for start in range(self._start, end, PIECE):
            yield self._storage.read(start, min(PIECE, end - start))

    def part(self, start: int, size: int) -> StoredFile:
        if start < 0 or size < 0 or start + size > self._size:
            raise ValueError(f"a body of {self._size} bytes has no {size} bytes from offset {start}")
        return StoredFile(self._storage, self._start + start, size)

    def close(self) -> None:
        """Give the storage back; the parts that share it are gone as well. May be called again."""
        self._storage.close()

    def __repr__(self) -> str:
        return f"<{self._size} bytes on disk>"


class SentBody(Record):
    """What is remembered of a stored body after it was sent: how long it was."""

    __slots__ = ("size",)
    size: int

    def __init__(self, size: int) -> None:
        self._fill(size=size)

    def chunks(self) -> Iterator[bytes]:
        raise ValueError(f"the {self.size} bytes of this body have been sent and are not kept")

    def part(self, start: int, size: int) -> SentBody:
        return SentBody(max(0, min(size, self.size - start)))


class BodyWriter:
    """Collects a stream piece by piece. As a context manager it leaves no file behind if the stream fails.

    ``reader``: makes what reads a body while it goes to disk.
    """

    def __init__(self, limit: int = MEMORY_LIMIT, reader: Callable[[], EarlyReader | None] = lambda: None) -> None:
        self._limit = limit
        self._make_reader = reader
        self._reader: EarlyReader | None = None
        self._pieces: list[bytes] = []
        self._file: IO[bytes] | None = None
        self._size = 0

    def __enter__(self) -> BodyWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None and self._file is not None:
            self._file.close()

    def write(self, piece: bytes | str) -> None:
        """Text is taken as UTF-8, as the HTTP libraries do."""
        data = piece.encode() if isinstance(piece, str) else bytes(piece)
        self._size += len(data)
        if self._file is not None:
            self._store(self._file, data)
            return
        self._pieces.append(data)
        if self._size > self._limit:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the body; see _Storage
            self._reader = self._make_reader()
            for kept in self._pieces:
                self._store(self._file, kept)
            self._pieces.clear()

    def _store(self, file: IO[bytes], data: bytes) -> None:
        view = memoryview(data)
        for start in range(0, len(data), _WRITTEN):
            file.write(view[start : start + _WRITTEN])
        if self._reader is not None:
            self._reader.feed(data)

    def finish(self) -> Body:
        """What was collected."""
        if self._file is None:
            return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._file.flush()  # a full disk is found out here, not once the body is being sent
        return StoredFile(_Storage(self._file), 0, self._size, self._reader)


Reader = Callable[[], EarlyReader | None]


def reader_of(headers: Pairs, limits: Limits) -> Reader:
    """What reads a form with these headers on its way to the disk."""
    return lambda: EarlyReader(headers, limits, MEMORY_LIMIT)


def collect(pieces: Iterable[bytes | str], limit: int = MEMORY_LIMIT, reader: Reader = lambda: None) -> Body:
    """Read a stream to its end."""
    with BodyWriter(limit, reader) as writer:
        for piece in pieces:
            writer.write(piece)
        return writer.finish()


async def acollect(
    pieces: AsyncIterable[bytes | str], limit: int = MEMORY_LIMIT, reader: Reader = lambda: None
) -> Body:
    """As :func:`collect`. The file is written in line: it goes to the page cache, a thread would cost more."""
    with BodyWriter(limit, reader) as writer:
        async for piece in pieces:
            writer.write(piece)
        return writer.finish()


def discard(body: Body) -> None:
    """Give back what a body occupies on disk."""
    if isinstance(body, StoredFile):
        body.close()


class Chunks:
    """An iterable that starts anew each time, so that a failed connection attempt may be repeated."""

    def __init__(self, make: Callable[[], Iterator[bytes]]) -> None:
        self._make = make

    def __iter__(self) -> Iterator[bytes]:
        return self._make()


class AsyncChunks:
    """The same for async senders. Reading is in line, as in :func:`acollect`."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            yield chunk


class Payload(NamedTuple):
    """The bytes of a request to send. ``content_type`` is set for multipart alone."""

    content: bytes | Chunks
    size: int
    content_type: str = ""


def payload(body: Body | Multipart) -> Payload:
    """What to send for a body."""
    if isinstance(body, bytes):
        return Payload(body, len(body))
    if isinstance(body, Multipart):
        return encode(body)
    return Payload(Chunks(body.chunks), body.size)


def encode(form: Multipart, boundary: str = "") -> Payload:
    """A form of files as ``multipart/form-data`` (RFC 7578; names escaped as HTML's forms do)."""
    mark = boundary or secrets.token_hex(16)
    heads = [_head(part, mark) for part in form.parts]
    tail = f"--{mark}--\r\n".encode()
    size = sum(len(head) + size_of(part.content) + 2 for head, part in zip(heads, form.parts, strict=True)) + len(tail)

    def make() -> Iterator[bytes]:
        for head, part in zip(heads, form.parts, strict=True):
            yield head
            yield from _pieces(part.content)
            yield b"\r\n"
        yield tail

    in_memory = size <= MEMORY_LIMIT
    content = b"".join(make()) if in_memory else Chunks(make)
    return Payload(content, size, f"multipart/form-data; boundary={mark}")


def size_of(body: Body) -> int:
    """Length in bytes."""
    return len(body) if isinstance(body, bytes) else body.size


def _pieces(body: Body) -> Iterator[bytes]:
    if isinstance(body, bytes):
        for start in range(0, len(body), PIECE):
            yield body[start : start + PIECE]
    else:
        yield from body.chunks()


_ESCAPES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


def _head(part: UploadPart, boundary: str) -> bytes:
    content_type = part.content_type
    if not content_type.isprintable() or not content_type.isascii():
        content_type = "application/octet-stream"  # a line break here would be a header of its own
    name, filename = part.name.translate(_ESCAPES), part.filename.translate(_ESCAPES)
    return (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        f"Content-Type: {content_type or 'application/octet-stream'}\r\n\r\n"
    ).encode()


def redacted_body(body: Body | Multipart, secrets: Secrets = NO_SECRETS) -> Body | Multipart:
    """The body without its storage and secrets, for the record of an exchange."""
    if isinstance(body, bytes):
        return secrets.redact_bytes(body)
    if isinstance(body, Multipart):
        return Multipart(
            tuple(
                UploadPart(
                    secrets.redact(p.name),
                    secrets.redact(p.filename),
                    secrets.redact(p.content_type),
                    SentBody(size_of(p.content)),
                )
                for p in body.parts
            )
        )
    return SentBody(body.size)


__all__ = [
    "AsyncChunks",
    "BodyWriter",
    "Chunks",
    "Payload",
    "SentBody",
    "StoredBody",
    "StoredFile",
    "acollect",
    "collect",
    "discard",
    "encode",
    "payload",
    "reader_of",
    "redacted_body",
    "size_of",
]
