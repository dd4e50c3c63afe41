"""Downloads: read in pieces, saved to a file, and their errors."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from vimmerse.compat import AsyncCompatClient, CompatClient, Policy
from vimmerse.compat.client import AsyncDownload, Download
from vimmerse.v2 import errors

from tests.client.service import KEY, MEDIA, VIDEO, Caller, Service

SILENT = Policy(api_key=KEY, on_warning=lambda notice: None)
FILE = "GET /1.mp4"


def sync_client(service: Service) -> CompatClient:
    return CompatClient(policy=SILENT, transport=service.transport())


def async_client(service: Service) -> AsyncCompatClient:
    return AsyncCompatClient(policy=SILENT, transport=service.async_transport())


def test_save(service: Service, tmp_path: Path) -> None:
    target = tmp_path / "video.mp4"
    target.write_bytes(b"an older one")
    with sync_client(service) as client, client.download_media("m1", motion_type="Auto1") as file:
        assert isinstance(file, Download)
        assert file.save(target) == target
    assert target.read_bytes() == VIDEO
    assert list(tmp_path.iterdir()) == [target]


def test_save_async(service: Service, tmp_path: Path) -> None:
    async def run() -> None:
        async with async_client(service) as client, client.download_media("m1") as file:
            assert isinstance(file, AsyncDownload)
            assert await file.save(str(tmp_path / "video.mp4")) == tmp_path / "video.mp4"

    asyncio.run(run())
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("video.mp4", VIDEO)]


def test_a_saved_file_has_default_permissions(service: Service, tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    with sync_client(service) as client:
        saved = client.download_media("m1").save(tmp_path / "video.mp4")
    assert stat.S_IMODE(saved.stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


def test_read_and_iter_bytes(service: Service) -> None:
    with sync_client(service) as client:
        assert client.download_media("m1").read() == VIDEO
        pieces = list(client.download_media("m1").iter_bytes(1000))
    assert b"".join(pieces) == VIDEO
    assert {len(each) for each in pieces[:-1]} == {1000}


def test_read_and_iter_bytes_async(service: Service) -> None:
    async def run() -> tuple[bytes, list[bytes]]:
        async with async_client(service) as client:
            content = await (await client.download_media("m1")).read()
            file = await client.download_media("m1")
            pieces = [each async for each in file.iter_bytes(1000)]
            await file.aclose()
            return content, pieces

    content, pieces = asyncio.run(run())
    assert content == b"".join(pieces) == VIDEO


def test_type_and_size_are_known_before_reading(service: Service) -> None:
    with sync_client(service) as client, client.download_media("m1") as file:
        assert (file.content_type, file.size) == ("video/mp4", len(VIDEO))
        assert file.headers["content-type"] == "video/mp4"
        assert repr(file) == f"<Download video/mp4, {len(VIDEO)} bytes>"
    service.responses[FILE] = httpx.Response(200, content=iter([b"ab"]))
    with sync_client(service) as client, client.download_media("m1") as file:
        assert (file.content_type, file.size) == ("", None)
        assert repr(file) == "<Download of no stated type, None bytes>"


def test_the_file_is_fetched_without_the_key(service: Service) -> None:
    with sync_client(service) as client:
        client.download_media("m1", object_type="bullet_video_mp4", motion_type="Auto2").close()
    lookup, fetch = service.sent
    assert (lookup.url, lookup.headers["x-api-key"]) == ("https://api.vimmerse.net/v2/media/m1", KEY)
    assert fetch.url == "https://files.example/2.mp4"
    assert KEY not in str(fetch.headers.raw)


class Endless(httpx.SyncByteStream, httpx.AsyncByteStream):
    """An endless stream that counts the pieces that were read, and breaks after ``last`` of them."""

    def __init__(self, last: int | None = None) -> None:
        self.taken = 0
        self.closed = False
        self._last = last

    def _piece(self) -> bytes:
        self.taken += 1
        if self._last is not None and self.taken > self._last:
            raise httpx.ReadError("cut off")
        return bytes(65536)

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield self._piece()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            yield self._piece()

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


def test_nothing_is_read_ahead(service: Service) -> None:
    stream = Endless()
    service.responses[FILE] = httpx.Response(200, stream=stream)
    with sync_client(service) as client:
        with client.download_media("m1") as file:
            assert stream.taken == 0
            pieces = file.iter_bytes(65536)
            assert [len(next(pieces)) for _ in range(3)] == [65536] * 3
            assert stream.taken == 3
        assert stream.closed


def test_nothing_is_read_ahead_async(service: Service) -> None:
    stream = Endless()
    service.responses[FILE] = httpx.Response(200, stream=stream)

    async def run() -> None:
        async with async_client(service) as client:
            async with client.download_media("m1") as file:
                pieces = file.iter_bytes(65536)
                assert [len(await anext(pieces)) for _ in range(3)] == [65536] * 3
                assert stream.taken == 3
                await pieces.aclose()  # type: ignore[attr-defined]  # an async generator, typed as an iterator
            assert stream.closed

    asyncio.run(run())


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_broken_download_keeps_the_old_file(service: Service, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "video.mp4"
    target.write_bytes(b"an older one")
    stream = Endless(last=2)
    service.responses[FILE] = httpx.Response(200, stream=stream)

    async def run() -> None:
        async with async_client(service) as client:
            await (await client.download_media("m1")).save(target)

    def save() -> None:
        with sync_client(service) as client:
            client.download_media("m1").save(target)

    with pytest.raises(httpx.ReadError, match="cut off"):
        save() if kind == "sync" else asyncio.run(run())
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("video.mp4", b"an older one")]
    assert stream.closed


@pytest.mark.parametrize(
    ("media", "file", "status", "code"),
    [
        ({**MEDIA, "result": []}, None, 400, "NOT_READY"),
        (MEDIA, 403, 403, "FILE_NOT_AVAILABLE"),
        (401, None, 401, "UNAUTHORIZED"),
    ],
)
def test_a_missing_file_is_an_api_error(caller: Caller, media: Any, file: int | None, status: int, code: str) -> None:
    refused = {"message": "No.", "code": "UNAUTHORIZED"}
    caller.service.responses = {
        "GET /v2/media/m1": httpx.Response(media, json=refused) if isinstance(media, int) else media,
        FILE: httpx.Response(file) if file else None,
    }
    with pytest.raises(errors.ApiError) as caught:
        caller.use(lambda client: client.download_media("m1"))
    assert (caught.value.status, caught.value.code) == (status, code)


@pytest.mark.parametrize("content_range", ["bytes 0-9/*", "bytes 0-9/10", None])
def test_an_unrequested_part_of_a_file_is_an_error(caller: Caller, content_range: str | None) -> None:
    headers = {"Content-Range": content_range} if content_range else {}
    stream = Endless(last=1)
    caller.service.responses[FILE] = httpx.Response(206, headers=headers, stream=stream)
    with pytest.raises(errors.ServerError, match="returned 206, although the whole file was requested") as caught:
        caller.use(lambda client: client.download_media("m1"))
    assert (caught.value.status, caught.value.code) == (502, "FILE_NOT_AVAILABLE")
    assert stream.closed

    stream = Endless(last=1)
    caller.service.responses["GET /media/m1/download"] = httpx.Response(206, headers=headers, stream=stream)
    with pytest.raises(
        errors.InvalidAnswerError, match=r"206 Partial Content: .* although all of it was requested"
    ) as from_v1:
        caller.use(lambda client: client.download_media("m1", object_type="gif"))
    assert from_v1.value.status == 206
    assert stream.closed


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("announced", [5, 20, 10**18])
def test_a_wrong_content_length_is_an_error(service: Service, tmp_path: Path, kind: str, announced: int) -> None:
    class Ten(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield b"0123456789"

        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"0123456789"

    service.responses[FILE] = httpx.Response(200, headers={"Content-Length": str(announced)}, stream=Ten())

    async def run() -> None:
        async with async_client(service) as client:
            await (await client.download_media("m1")).save(tmp_path / "video.mp4")

    def save() -> None:
        with sync_client(service) as client:
            client.download_media("m1").save(tmp_path / "video.mp4")

    with pytest.raises(httpx.RemoteProtocolError, match=f"announced {announced} bytes and sent 10"):
        save() if kind == "sync" else asyncio.run(run())
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_raises_from_async_with(service: Service) -> None:
    service.responses["GET /v2/media/m1"] = {**MEDIA, "result": []}

    async def run() -> None:
        async with async_client(service) as client, client.download_media("m1"):
            pass

    with pytest.raises(errors.BadRequestError):
        asyncio.run(run())


def test_a_source_file_comes_from_v1(caller: Caller) -> None:
    caller.service.responses["GET /media/m1/download"] = httpx.Response(200, content=b"gif")
    caller.use(lambda client: client.download_media("m1", object_type="gif"))
    assert [each.url for each in caller.service.sent] == ["https://api.vimmerse.net/media/m1/download?object_type=gif"]
