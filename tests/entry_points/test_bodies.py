"""Bodies larger than memory, and multipart forms."""

from __future__ import annotations

import asyncio
import gc
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.parser import BytesParser
from typing import IO, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vimmerse.compat.core.messages import Multipart, UploadPart
from vimmerse.compat.runtime.bodies import (
    MEMORY_LIMIT,
    PIECE,
    AsyncChunks,
    SentBody,
    StoredFile,
    encode,
    payload,
    read_body,
    read_body_async,
    redacted_body,
    release_body,
    size_of,
)

LARGE = bytes(range(256)) * (MEMORY_LIMIT // 256 + 1)


def stored(content: bytes) -> StoredFile:
    body = read_body((content[i : i + 1000] for i in range(0, len(content), 1000)), limit=0)
    assert isinstance(body, StoredFile)
    return body


def test_a_small_stream_becomes_bytes_and_one_piece_is_not_copied() -> None:
    piece = b"x" * 1000
    assert read_body([piece]) is piece
    assert read_body([b"a", "ü", b"b"]) == "aüb".encode()
    assert read_body([]) == b""


def test_a_large_stream_is_stored_on_disk_and_can_be_read_repeatedly() -> None:
    body = read_body(LARGE[i : i + PIECE] for i in range(0, len(LARGE), PIECE))
    assert isinstance(body, StoredFile)
    assert body.size == size_of(body) == len(LARGE)
    for _ in range(2):
        assert b"".join(body.chunks()) == LARGE
    assert max(map(len, body.chunks())) == PIECE
    assert repr(body) == f"<{len(LARGE)} bytes on disk>"
    release_body(body)


def test_an_async_stream_is_stored_alike() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(LARGE), PIECE):
            yield LARGE[start : start + PIECE]

    async def main() -> bytes:
        body = await read_body_async(pieces())
        assert isinstance(body, StoredFile)
        chunks = payload(body).content
        assert not isinstance(chunks, bytes)
        return b"".join([chunk async for chunk in AsyncChunks(chunks)])

    assert asyncio.run(main()) == LARGE


@given(st.binary(min_size=1, max_size=300), st.data())
def test_a_part_is_a_slice(content: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(content)))
    size = data.draw(st.integers(0, len(content) - start))
    inner = data.draw(st.integers(0, size))
    body = stored(content)
    part = body.part(start, size)
    assert b"".join(part.chunks()) == content[start : start + size]
    assert b"".join(part.part(inner, size - inner).chunks()) == content[start + inner : start + size]
    body.close()


@pytest.mark.parametrize(("start", "size"), [(-1, 1), (0, -1), (0, 4), (3, 1), (4, 0)])
def test_a_part_out_of_range_is_rejected(start: int, size: int) -> None:
    body = stored(b"abc")
    with pytest.raises(ValueError, match="a body of 3 bytes has no"):
        body.part(start, size)


def test_closing_the_storage_closes_its_parts() -> None:
    body = stored(b"abc")
    part = body.part(1, 1)
    release_body(body)
    release_body(body)
    with pytest.raises(ValueError, match="closed file"):
        list(part.chunks())


def test_a_forgotten_body_closes_its_file(temporary_files: list[IO[bytes]]) -> None:
    body = stored(b"abc")
    (file,) = temporary_files
    part = body.part(0, 1)
    del body
    gc.collect()
    assert not file.closed
    assert list(part.chunks()) == [b"a"]
    del part
    gc.collect()
    assert file.closed


def test_threads_read_one_body_at_once() -> None:
    body = stored(LARGE)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: b"".join(body.chunks()) == LARGE, range(32)))
    release_body(body)


def test_a_stream_that_fails_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    files: list[IO[bytes]] = []

    def failing() -> Iterator[bytes]:
        yield LARGE
        raise OSError("the disk of the caller")

    real = tempfile.TemporaryFile

    def temporary() -> IO[bytes]:
        files.append(real())
        return files[-1]

    monkeypatch.setattr(tempfile, "TemporaryFile", temporary)
    with pytest.raises(OSError, match="the disk of the caller"):
        read_body(failing())
    with pytest.raises(OSError, match="the disk of the caller"):
        read_body(piece for piece in failing_at_once())
    assert [file.closed for file in files] == [True]


def failing_at_once() -> Iterator[bytes]:
    raise OSError("the disk of the caller")
    yield b""


def parsed(content: bytes, content_type: str) -> list[tuple[dict[str, str], bytes]]:
    message = BytesParser().parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + content)
    assert message.is_multipart()
    parts: Any = message.get_payload()
    return [(dict(part.items()), part.get_payload(decode=True)) for part in parts]


def test_a_form_of_files() -> None:
    form = Multipart(
        (
            UploadPart("image", "cat.png", "image/png", b"\x89PNG\r\n--+++\r\n"),
            UploadPart("image", 'böse".png\r\nX-Evil: 1', "", stored(b"more")),
            UploadPart("image", "c", "image/png\r\nX-Evil: 1", b""),
        )
    )
    form_body = payload(form)
    assert isinstance(form_body.content, bytes)
    assert form_body.size == len(form_body.content)
    assert form_body.content_type.startswith("multipart/form-data; boundary=")
    (first, second, third) = form_body.content.split(b"--" + form_body.content_type.rpartition("=")[2].encode())[1:-1]
    assert first == (
        b'\r\nContent-Disposition: form-data; name="image"; filename="cat.png"\r\n'
        b"Content-Type: image/png\r\n\r\n\x89PNG\r\n--+++\r\n\r\n"
    )
    assert (
        'filename="böse%22.png%0D%0AX-Evil: 1"\r\nContent-Type: application/octet-stream\r\n\r\nmore'.encode() in second
    )
    assert b"Content-Type: application/octet-stream\r\n\r\n\r\n" in third
    assert [part[1] for part in parsed(form_body.content, form_body.content_type)][1:] == [b"more", b""]
    assert encode(form).content_type != form_body.content_type, "a boundary of its own each time"


def test_a_large_form_is_encoded_in_pieces_each_time_anew() -> None:
    form = Multipart((UploadPart("a", "a", "x/y", stored(LARGE)), UploadPart("b", "b", "x/y", LARGE)))
    form_body = encode(form)
    assert not isinstance(form_body.content, bytes)
    pieces = list(form_body.content)
    assert max(map(len, pieces)) <= PIECE
    assert sum(map(len, pieces)) == form_body.size
    assert list(form_body.content) == pieces
    assert [part[1] == LARGE for part in parsed(b"".join(pieces), form_body.content_type)] == [True, True]


def test_a_redacted_body_keeps_only_its_size() -> None:
    body = stored(b"abc")
    assert redacted_body(b"abc") == b"abc"
    assert redacted_body(body) == SentBody(3)
    form = redacted_body(Multipart((UploadPart("a", "b", "c/d", body),)))
    assert form == Multipart((UploadPart("a", "b", "c/d", SentBody(3)),))
    assert SentBody(3).part(1, 5) == SentBody(2)
    with pytest.raises(ValueError, match="the 3 bytes of this body have been sent"):
        SentBody(3).chunks()
