"""Downloads: what is fetched, and what happens after an interruption."""

from __future__ import annotations

import asyncio
import gzip
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from vimmerse.jobs import DownloadError, DownloadProgress, download, download_async
from vimmerse.v2 import AuthenticatedClient
from vimmerse.v2.models import Media, PartialMedia, Story

from tests.jobs.callers import KEY, Caller, Service, response
from tests.jobs.hosts import CONTENT, URL, Host, Pieces

# ---- what is fetched


def test_a_file(caller: Caller, path: Path) -> None:
    seen: list[DownloadProgress] = []
    host = Host(piece=4000)
    result = caller.download(host, URL, path, on_progress=seen.append)

    assert result == path
    assert path.read_bytes() == CONTENT
    assert [(p.received, p.total, p.attempts) for p in seen] == [
        (0, 10240, 1),
        (4000, 10240, 1),
        (8000, 10240, 1),
        (10240, 10240, 1),
    ]
    assert str(host.requests[0].url) == URL
    assert [body.closed for body in host.bodies] == [True]


def test_a_response_that_has_been_read_already(caller: Caller, path: Path) -> None:
    service = Service([lambda request: httpx.Response(200, content=CONTENT)])  # as in tests with httpx.MockTransport
    caller.download(service, URL, path)

    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("source", "index", "expected"),
    [
        (URL, 0, URL),
        (Story.from_dict({"id": "s1", "video_url": URL}), 0, URL),
        (Media.from_dict({"id": "m1", "result": [URL]}), 0, URL),
        (Media.from_dict({"id": "m1", "result": ["https://files.example/0", {"url": URL}]}), 1, URL),
        (PartialMedia(result=[URL]), 0, URL),
    ],
)
def test_sources(caller: Caller, path: Path, source: object, index: int, expected: str) -> None:
    host = Host()
    caller.download(host, source, path, index=index)

    assert [str(request.url) for request in host.requests] == [expected]


@pytest.mark.parametrize(
    ("source", "index", "text"),
    [
        (Story.from_dict({"id": "s1", "status": "success"}), 0, r"story s1 has no file yet \(status success\)"),
        (Story.from_dict({"id": "s1", "video_url": ""}), 0, r"no file yet \(status unknown\): wait\(\) for it"),
        (Media.from_dict({"id": "m1", "result": None}), 0, "media m1 has no file yet"),
        (Media.from_dict({"id": "m1"}), 0, "media m1 has no file yet"),
        (PartialMedia(processing_status="new"), 0, r"The media has no file yet \(status new\)"),
        (Media.from_dict({"id": "m1", "result": [URL]}), 1, "media m1 has no file number 1: it has 1"),
        (Media.from_dict({"id": "m1", "result": [URL]}), -1, "no file number -1"),
        (Media.from_dict({"id": "m1", "result": [{"no": "url"}]}), 0, "no file number 0"),
        (Story.from_dict({"id": "s1", "video_url": URL}), 1, "story s1 has no file number 1"),
    ],
)
def test_a_job_without_that_file(caller: Caller, path: Path, source: Any, index: int, text: str) -> None:
    host = Host()
    with pytest.raises(DownloadError, match=text) as caught:
        caller.download(host, source, path, index=index)
    assert caught.value.job_id == (source.id or "")
    assert host.requests == []


def test_a_relative_path_and_a_text_path(caller: Caller, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    assert caller.download(Host(), URL, "video.mp4") == path  # type: ignore[arg-type]  # any path will do


def test_the_host_gets_no_secret(path: Path) -> None:
    """Not even those of the caller's client; nor does a redirect, nor its cookie."""

    def redirect(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"Location": "/moved", "Set-Cookie": "session=abc"})

    host = Host()
    host.responses = [redirect, host.serve]
    headers = {"X-Api-Key": KEY, "Authorization": f"Bearer {KEY}"}
    with httpx.Client(transport=host, headers=headers, cookies={"a": KEY}, auth=("user", KEY)) as client:
        download(URL, path, client=client)

    assert [str(request.url) for request in host.requests] == [URL, "https://files.example/moved"]
    for request in host.requests:
        assert set(request.headers) == {"host", "accept", "accept-encoding", "user-agent"}
        assert request.headers["user-agent"].startswith("vimmerse/")


@pytest.mark.parametrize("call", [download, download_async])
def test_rejects_the_client_of_the_api(call: Callable[..., Any], path: Path) -> None:
    async def run() -> None:
        job = call(URL, path, client=AuthenticatedClient(base_url="https://api.example", token=KEY))
        if call is download_async:
            await job

    with pytest.raises(TypeError, match="must not get your API key: an httpx"):
        asyncio.run(run())


def test_takes_constant_memory(caller: Caller, path: Path) -> None:
    size = 64 * 1024 * 1024
    piece = random.Random(1).randbytes(64 * 1024)

    def serve(request: httpx.Request) -> httpx.Response:
        pieces = (piece for _ in range(size // len(piece)))
        return httpx.Response(200, headers={"Content-Length": str(size)}, stream=Pieces(pieces))

    tracemalloc.start()
    try:
        caller.download(Service([serve]), URL, path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert path.stat().st_size == size
    assert peak < 4 * 1024 * 1024


# ---- going on after a cut


def test_resumes_after_a_broken_connection(caller: Caller, path: Path) -> None:
    host = Host(cuts=[2500, 0, 5000])
    seen: list[DownloadProgress] = []
    caller.download(host, URL, path, on_progress=seen.append)

    assert path.read_bytes() == CONTENT
    assert host.requested("range") == [None, "bytes=2500-", "bytes=2500-", "bytes=7500-"]
    assert host.requested("if-range") == [None, '"one"', '"one"', '"one"']
    assert host.requested("accept-encoding") == ["identity"] * 4
    assert [body.closed for body in host.bodies] == [True] * 4
    assert [p.received for p in seen] == sorted(p.received for p in seen)
    assert seen[-1].attempts == 4
    assert caller.clock.slept == [0.5, 1.0, 0.5]


def test_last_modified_proves_it_too(caller: Caller, path: Path) -> None:
    moment = "Tue, 01 Apr 2025 18:57:37 GMT"
    host = Host(cuts=[2500], headers={"ETag": None, "Last-Modified": moment}, ranges=False)
    caller.download(host, URL, path)

    assert path.read_bytes() == CONTENT
    assert host.requested("if-range") == [None, moment]


@pytest.mark.parametrize("headers", [{"ETag": None}, {"ETag": 'W/"one"'}], ids=["no proof", "a weak one"])
def test_restarts_without_a_validator(caller: Caller, path: Path, headers: dict[str, str | None]) -> None:
    host = Host(cuts=[2500], headers=headers)
    caller.download(host, URL, path)

    assert path.read_bytes() == CONTENT
    assert host.requested("range") == [None, None]


def test_restarts_without_resume(caller: Caller, path: Path) -> None:
    host = Host(cuts=[2500])
    caller.download(host, URL, path, resume=False)

    assert path.read_bytes() == CONTENT
    assert host.requested("range") == [None, None]


def test_restarts_if_the_host_does_not_support_ranges(caller: Caller, path: Path) -> None:
    host = Host(cuts=[9000, 2500], ranges=False)
    caller.download(host, URL, path)

    assert path.read_bytes() == CONTENT
    assert host.requested("range") == [None, "bytes=9000-", "bytes=2500-"]


def test_restarts_if_the_file_has_changed(caller: Caller, path: Path) -> None:
    host = Host(cuts=[9000])
    changed = Host(b"quite another file", headers={"ETag": '"two"'})
    host.responses = [host.serve, changed.serve]
    caller.download(host, URL, path)

    assert path.read_bytes() == b"quite another file"


def part(headers: dict[str, str | None], body: bytes = CONTENT[2500:]) -> Callable[[httpx.Request], httpx.Response]:
    """A part of the same file, as its ETag says; None leaves a header out."""
    kept = {name: value for name, value in {"ETag": '"one"', **headers}.items() if value is not None}
    return lambda request: httpx.Response(206, headers=kept, stream=Pieces([body]))


UNUSABLE: dict[str, dict[str, str | None]] = {
    "no range": {},
    "several ranges": {"Content-Type": "multipart/byteranges; boundary=x"},
    "nonsense": {"Content-Range": "bytes some/more"},
    "another start": {"Content-Range": "bytes 2000-10239/10240"},
    "another length": {"Content-Range": "bytes 2500-10299/10300"},
    "beyond its end": {"Content-Range": "bytes 2500-10240/10240"},
    "crossed": {"Content-Range": "bytes 2500-2499/10240"},
    "another file": {"Content-Range": "bytes 2500-10239/10240", "ETag": '"two"'},
    "no proof": {"Content-Range": "bytes 2500-10239/10240", "ETag": None},
    "compressed": {"Content-Range": "bytes 2500-10239/10240", "Content-Encoding": "gzip"},
    "a weaker proof": {"Content-Range": "bytes 2500-10239/10240", "ETag": 'W/"one"'},
    "several with a range": {
        "Content-Range": "bytes 2500-10239/10240",
        "Content-Type": "Multipart/byteranges; boundary=x",
    },
    "more than it says": {"Content-Range": "bytes 2500-9999/10240"},
    "a number of thousands of digits": {"Content-Range": f"bytes 2500-{'9' * 5000}/{'9' * 5001}"},
    "other units": {"Content-Range": "lines 2500-10239/10240"},
    "an unsatisfied range": {"Content-Range": "bytes */10240"},
}


@pytest.mark.parametrize("headers", UNUSABLE.values(), ids=UNUSABLE)
def test_restarts_after_a_different_range_than_requested(
    caller: Caller, path: Path, headers: dict[str, str | None]
) -> None:
    host = Host(cuts=[2500])
    host.responses = [host.serve, part(headers), host.serve]
    caller.download(host, URL, path)

    assert path.read_bytes() == CONTENT
    assert host.requested("range") == [None, "bytes=2500-", None]


def test_restarts_if_the_file_was_modified(caller: Caller, path: Path) -> None:
    """Neither the ETag nor the date may have changed."""
    dates = [f"Tue, 01 Apr 2025 18:57:{second} GMT" for second in (37, 38)]
    for tag in ({}, {"ETag": None}):
        host = Host(cuts=[2500], headers={**tag, "Last-Modified": dates[0]})
        changed = {**tag, "Content-Range": "bytes 2500-10239/10240", "Last-Modified": dates[1]}
        host.responses = [host.serve, part(changed), host.serve]
        caller.download(host, URL, path)

        assert path.read_bytes() == CONTENT
        assert host.requested("range") == [None, "bytes=2500-", None]
        path.unlink()


@pytest.mark.parametrize("last", [5000, 10239])
def test_restarts_if_the_host_does_not_state_the_length(caller: Caller, path: Path, last: int) -> None:
    host = Host(cuts=[2500], headers={"Content-Length": None})
    unknown = part({"Content-Range": f"bytes 2500-{last}/*"}, CONTENT[2500 : last + 1])
    host.responses = [host.serve, unknown, host.serve]
    caller.download(host, URL, path)

    assert path.read_bytes() == CONTENT
    assert host.requested("range") == [None, "bytes=2500-", None]


def test_a_part_that_ends_before_the_file(caller: Caller, path: Path) -> None:
    """A host may send less than the requested range: then the rest is requested."""
    host = Host(cuts=[2500])
    less = part({"Content-Range": "bytes 2500-4999/10240"}, CONTENT[2500:5000])
    host.responses = [host.serve, less, host.serve]
    caller.download(host, URL, path)

    assert path.read_bytes() == CONTENT
    assert host.requested("range") == [None, "bytes=2500-", "bytes=5000-"]


UNASKED: dict[str, dict[str, str | None]] = {
    "of unknown length": {"Content-Range": "bytes 0-9/*"},
    "of a longer file": {"Content-Range": "bytes 0-9/10240"},
    "all of it, as it says": {"Content-Range": "bytes 0-9/10"},
    "of several": {"Content-Type": "multipart/byteranges; boundary=x"},
    "of nothing": {},
    "with a length": {"Content-Range": "bytes 0-9/*", "Content-Length": "10", "ETag": '"one"'},
}


@pytest.mark.parametrize("headers", UNASKED.values(), ids=UNASKED)
def test_a_partial_response_that_was_not_requested(caller: Caller, path: Path, headers: dict[str, str | None]) -> None:
    host = Host()
    host.responses = [part(headers, CONTENT[:10]), host.serve]
    caller.download(host, URL, path)
    assert path.read_bytes() == CONTENT
    assert host.requested("range") == [None, None]
    path.unlink()

    with pytest.raises(
        DownloadError, match=r"part of the file, although all of it was requested; 3 attempts .* 0 bytes"
    ):
        caller.download(Service([part(headers, CONTENT[:10])]), URL, path, retries=2)
    assert not path.exists()


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "10, 10", "ten", "\xb2"])
def test_an_invalid_length(caller: Caller, path: Path, length: str) -> None:
    headers = [(b"Content-Length", length.encode("latin-1"))]
    service = Service([lambda request: httpx.Response(200, headers=headers, stream=Pieces([CONTENT]))])
    with pytest.raises(DownloadError, match="a length that is not a number of bytes"):
        caller.download(service, URL, path)


def test_a_416_where_the_file_is_complete(caller: Caller, path: Path) -> None:
    """The connection broke after the last byte, and the length was unknown."""
    host = Host(cuts=[len(CONTENT)], headers={"Content-Length": None})
    host.responses = [host.serve, response(b"", 416, {"Content-Range": "bytes */10240"}), host.serve]
    caller.download(host, URL, path)

    assert path.read_bytes() == CONTENT
    assert host.requested("range") == [None, "bytes=10240-", None]


def test_a_part_of_unknown_length(caller: Caller, path: Path) -> None:
    host = Host(cuts=[2500])
    host.responses = [host.serve, part({"Content-Range": "bytes 2500-10239/*"})]
    caller.download(host, URL, path)

    assert path.read_bytes() == CONTENT


def test_a_partial_response_may_state_the_full_length(caller: Caller, path: Path) -> None:
    host = Host(cuts=[2500], headers={"Content-Length": None})
    host.responses = [host.serve, part({"Content-Range": "bytes 2500-10239/10240"})]
    caller.download(host, URL, path)

    assert path.read_bytes() == CONTENT


def test_restarts_after_a_416(caller: Caller, path: Path) -> None:
    host = Host(cuts=[2500])
    host.responses = [host.serve, response(b"", 416), host.serve]
    caller.download(host, URL, path)

    assert path.read_bytes() == CONTENT
    assert host.requested("range") == [None, "bytes=2500-", None]


def test_resumes_after_an_early_end(caller: Caller, path: Path) -> None:
    """The connection ended regularly, but before the announced length."""
    host = Host()

    def short(request: httpx.Request) -> httpx.Response:
        headers = {"Content-Length": "10240", "ETag": '"one"'}
        return httpx.Response(200, headers=headers, stream=Pieces([CONTENT[:3000]]))

    host.responses = [short, host.serve]
    caller.download(host, URL, path)

    assert path.read_bytes() == CONTENT
    assert host.requested("range") == [None, "bytes=3000-"]


# ---- lengths and encodings


def test_a_file_of_unknown_length(caller: Caller, path: Path) -> None:
    caller.download(Host(headers={"Content-Length": None}), URL, path, expected_size=10240)
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize("length", ["10240", None])
@pytest.mark.parametrize("expected", [10239, 10241])
def test_another_size_than_expected(caller: Caller, path: Path, length: str | None, expected: int) -> None:
    host = Host(headers={"Content-Length": length})
    with pytest.raises(DownloadError, match=f"its size is not the {expected} bytes that were expected"):
        caller.download(host, URL, path, expected_size=expected)
    assert caller.clock.slept == []


def test_more_than_announced(caller: Caller, path: Path) -> None:
    with pytest.raises(DownloadError, match="more than the 10000 bytes that it announced"):
        caller.download(Host(headers={"Content-Length": "10000"}), URL, path)


def test_an_empty_file(caller: Caller, path: Path) -> None:
    with pytest.raises(DownloadError, match="the host sent an empty file"):
        caller.download(Host(b""), URL, path, retries=1)


@pytest.mark.parametrize("encoding", ["gzip", "X-GZIP"])
@pytest.mark.parametrize("content", [CONTENT, bytes(5_000_000), b"x"], ids=["plain", "swelling", "tiny"])
def test_unpacks_gzip(caller: Caller, path: Path, encoding: str, content: bytes) -> None:
    host = Host(gzip.compress(content), headers={"Content-Encoding": encoding})
    caller.download(host, URL, path)
    assert path.read_bytes() == content


def test_unpacks_gzip_of_several_members(caller: Caller, path: Path) -> None:
    host = Host(gzip.compress(b"one") + gzip.compress(b"two"), headers={"Content-Encoding": "gzip"}, piece=7)
    caller.download(host, URL, path)
    assert path.read_bytes() == b"onetwo"


def test_restarts_after_a_broken_gzip_stream(caller: Caller, path: Path) -> None:
    packed = gzip.compress(random.Random(1).randbytes(9000))
    host = Host(packed, headers={"Content-Encoding": "gzip"}, cuts=[5000])
    caller.download(host, URL, path)

    assert path.read_bytes() == gzip.decompress(packed)
    assert host.requested("range") == [None, None]


@pytest.mark.parametrize(
    ("packed", "text"),
    [(gzip.compress(CONTENT)[:-10], "ended early"), (b"not gzip at all", "is damaged")],
    ids=["cut", "not gzip"],  # gzip writes the time, which would make each process name the test differently
)
def test_bad_gzip(caller: Caller, path: Path, packed: bytes, text: str) -> None:
    host = Host(packed, headers={"Content-Encoding": "gzip", "Content-Length": None})
    with pytest.raises(DownloadError, match=f"the compressed file {text}"):
        caller.download(host, URL, path, retries=1)
    assert len(host.requests) == 2
