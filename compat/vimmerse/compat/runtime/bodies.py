"""Bodies that may be larger than memory.

* ``bytes`` are never copied.
* A caller's stream is read once, in pieces. Up to 1 MiB it becomes ``bytes``; beyond that, a temporary file.
* A stored body can be read by several threads at once, and any number of times.
* A temporary file is closed (and so deleted) when the call is over, and at the latest with its last reference.
* A multipart form is encoded while it is sent: no more than 64 KiB of a file on disk are in memory.
"""

from __future__ import annotations

import secrets
import tempfile
import threading
import weakref
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import IO, NamedTuple

from vimmerse._http.redaction import NO_SECRETS, Secrets
from vimmerse.compat.core.fields import Limits
from vimmerse.compat.core.messages import Body, Multipart, Pairs, UploadPart
from vimmerse.compat.core.multipart import EarlyReader
from vimmerse.compat.core.record import Record

#: Bytes that are read, written and sent at once. Four times as many are no faster, and each connection has a piece.
PIECE = 64 * 1024
MEMORY_LIMIT = 1024 * 1024

#: Makes what reads a body as a form while it goes to disk.
MakeReader = Callable[[], EarlyReader | None]


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
    """A :class:`StoredBody` on disk. ``reader`` has read it as a form already."""

    def __init__(self, storage: _Storage, start: int, size: int, reader: EarlyReader | None = None) -> None:
        self._storage = storage
        self._start = start
        self._size = size
        self.reader = reader

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
        """Close the file, for its parts too. May be called again."""
        self._storage.close()

    def __repr__(self) -> str:
        return f"<{self._size} bytes on disk>"


class SentBody(Record):
    """Stands for a stored body in the record of a call: only its size is kept."""

    __slots__ = ("size",)

    def __init__(self, size: int) -> None:
        self.size = size

    def chunks(self) -> Iterator[bytes]:
        raise ValueError(f"the {self.size} bytes of this body have been sent and are not kept")

    def part(self, start: int, size: int) -> SentBody:
        return SentBody(max(0, min(size, self.size - start)))


class BodyWriter:
    """Stores a stream piece by piece. As a context manager it leaves no file behind if the stream fails."""

    def __init__(self, limit: int = MEMORY_LIMIT, make_reader: MakeReader = lambda: None) -> None:
        self._limit = limit
        self._make_reader = make_reader
        self._reader: EarlyReader | None = None
        self._content: bytes | bytearray = b""  # as long as there is no file
        self._file: IO[bytes] | None = None
        self._lock = threading.Lock()  # a thread may still be writing when the call is cancelled
        self._failed = False
        self._size = 0

    def __enter__(self) -> BodyWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None:
            with self._lock, suppress(OSError):  # closing tries again to write what a full disk did not take
                self._failed = True
                if self._file is not None:
                    self._file.close()

    @property
    def in_memory(self) -> bool:
        """Whether all of it is in memory so far."""
        return self._file is None

    def write(self, piece: bytes | str) -> None:
        """Write a piece; text as UTF-8, as the HTTP libraries do."""
        data = piece.encode() if isinstance(piece, str) else bytes(piece)
        if self._file is not None or self._size + len(data) > self._limit:
            self.write_to_disk(data)
            return
        self._size += len(data)
        if not self._content:
            self._content = data
        else:
            if isinstance(self._content, bytes):
                self._content = bytearray(self._content)
            self._content += data

    def write_to_disk(self, data: bytes) -> None:
        """Write a piece to the temporary file, after what is still in memory."""
        with self._lock:
            if self._failed:
                return
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the body; see _Storage
                self._reader = self._make_reader()
                self._store(self._file, bytes(self._content))
                self._content = b""
            self._store(self._file, data)
            self._size += len(data)

    def _store(self, file: IO[bytes], data: bytes) -> None:
        view = memoryview(data)
        for start in range(0, len(data), PIECE):
            file.write(view[start : start + PIECE])
        if self._reader is not None:
            self._reader.feed(data)

    def finish(self) -> Body:
        """Return what was written."""
        if self._file is None:
            return bytes(self._content)
        self._file.flush()  # a full disk is noticed here, not while the body is being sent
        return StoredFile(_Storage(self._file), 0, self._size, self._reader)


def form_reader(headers: Pairs, limits: Limits, text_limit: int = MEMORY_LIMIT) -> MakeReader:
    """Return what makes the reader for a form with these headers. It keeps this much text in memory."""
    return lambda: EarlyReader(headers, limits, text_limit)


def read_body(pieces: Iterable[bytes | str], limit: int = MEMORY_LIMIT, make_reader: MakeReader = lambda: None) -> Body:
    """Read a stream to its end."""
    with BodyWriter(limit, make_reader) as writer:
        for piece in pieces:
            writer.write(piece)
        return writer.finish()


async def read_body_async(
    pieces: AsyncIterable[bytes | str], limit: int = MEMORY_LIMIT, make_reader: MakeReader = lambda: None
) -> Body:
    """Read a stream to its end. Writing blocks: it goes to the page cache, and a thread would cost more."""
    with BodyWriter(limit, make_reader) as writer:
        async for piece in pieces:
            writer.write(piece)
        return writer.finish()


def release_body(body: Body) -> None:
    """Free the disk space of a body."""
    if isinstance(body, StoredFile):
        body.close()


class Chunks:
    """An iterable that starts anew each time, so that a failed connection attempt can be repeated."""

    def __init__(self, iterate: Callable[[], Iterator[bytes]]) -> None:
        self._iterate = iterate

    def __iter__(self) -> Iterator[bytes]:
        return self._iterate()


class AsyncChunks:
    """:class:`Chunks` for async senders. Reading blocks, as writing in :func:`read_body_async`."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            yield chunk


class Payload(NamedTuple):
    """The bytes of a request to send. ``content_type`` is set for multipart only."""

    content: bytes | Chunks
    size: int
    content_type: str = ""


def payload(body: Body | Multipart) -> Payload:
    """Return what to send for a body."""
    if isinstance(body, bytes):
        return Payload(body, len(body))
    if isinstance(body, Multipart):
        return encode(body)
    return Payload(Chunks(body.chunks), body.size)


def encode(form: Multipart, boundary: str = "") -> Payload:
    """Encode a form of files as ``multipart/form-data`` (RFC 7578; names escaped as HTML forms do)."""
    boundary = boundary or secrets.token_hex(16)
    parts = [(_part_header(part, boundary), part.content) for part in form.parts]
    end = f"--{boundary}--\r\n".encode()
    size = sum(len(header) + size_of(content) + len(b"\r\n") for header, content in parts) + len(end)

    def pieces() -> Iterator[bytes]:
        for header, content in parts:
            yield header
            if isinstance(content, bytes):
                yield from (content[start : start + PIECE] for start in range(0, len(content), PIECE))
            else:
                yield from content.chunks()
            yield b"\r\n"
        yield end

    content = b"".join(pieces()) if size <= PIECE else Chunks(pieces)
    return Payload(content, size, f"multipart/form-data; boundary={boundary}")


def size_of(body: Body) -> int:
    """Return the length in bytes."""
    return len(body) if isinstance(body, bytes) else body.size


_ESCAPES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


def _part_header(part: UploadPart, boundary: str) -> bytes:
    content_type = part.content_type
    if not content_type or not content_type.isprintable() or not content_type.isascii():
        content_type = "application/octet-stream"  # a line break here would be a header of its own
    name, filename = part.name.translate(_ESCAPES), part.filename.translate(_ESCAPES)
    return (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        f"Content-Type: {content_type}\r\n\r\n"
    ).encode()


def redacted_body(body: Body | Multipart, secrets: Secrets = NO_SECRETS) -> Body | Multipart:
    """Return the body without its storage and secrets, for the record of a call."""
    if isinstance(body, bytes):
        return secrets.redact_bytes(body)
    if not isinstance(body, Multipart):
        return SentBody(body.size)
    parts = []
    for part in body.parts:
        name, filename, content_type = map(secrets.redact, (part.name, part.filename, part.content_type))
        parts.append(UploadPart(name, filename, content_type, SentBody(size_of(part.content))))
    return Multipart(tuple(parts))
