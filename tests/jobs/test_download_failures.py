"""Downloads that fail: when they are retried, and what the error says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from vimmerse.jobs import DownloadError
from vimmerse.v2.models import Story

from tests.jobs.callers import Caller, Scripted, Service, response
from tests.jobs.hosts import CONTENT, URL, Host, Pieces

# ---- giving up


def test_fails_after_the_maximum_number_of_failures(caller: Caller, path: Path) -> None:
    service = Service([httpx.ConnectError("refused")])
    with pytest.raises(DownloadError) as caught:
        caller.download(service, Story.from_dict({"id": "s1", "video_url": URL}), path, retries=2)

    assert len(service.requests) == 3
    assert caller.clock.slept == [0.5, 1.0]
    assert str(caught.value) == (
        f"Download of https://files.example/videos/video.mp4 of s1 to {path}: the connection failed "
        "(ConnectError: refused); 3 attempts in a row failed. 0 bytes were received and discarded; nothing was "
        "saved. Call download() again, or look the job up first: file URLs expire."
    )
    error = caught.value
    assert (error.url, error.path) == ("https://files.example/videos/video.mp4", str(path))
    assert (error.received, error.total, error.http_status, error.job_id) == (0, None, None, "s1")
    assert isinstance(error.__cause__, httpx.ConnectError)


def test_a_gain_counts_as_progress(caller: Caller, path: Path) -> None:
    caller.download(Host(cuts=[1000] * 8), URL, path, retries=1)
    assert path.read_bytes() == CONTENT


def test_the_same_bytes_a_second_time_are_no_progress(caller: Caller, path: Path) -> None:
    host = Host(cuts=[5000] * 20, ranges=False)
    with pytest.raises(DownloadError, match="5000 bytes of 10240 were received") as caught:
        caller.download(host, URL, path, retries=3)

    assert len(host.requests) == 4
    assert (caught.value.received, caught.value.total) == (5000, 10240)


def test_the_backoff_has_jitter(caller: Caller, path: Path) -> None:
    caller.random = 1.0
    caller.download(Host(cuts=[0, 0]), URL, path)
    assert caller.clock.slept == [0.4, 0.8]


def test_fails_at_the_deadline(caller: Caller, path: Path) -> None:
    with pytest.raises(DownloadError, match=r"the connection failed .*, and the timeout has expired"):
        caller.download(Service([httpx.ReadTimeout("slow")]), URL, path, timeout=10, retries=100)
    assert caller.clock.slept == [0.5, 1, 2, 4]


def test_a_server_that_sends_slowly_is_abandoned_at_the_timeout(caller: Caller, path: Path) -> None:
    def drip() -> Iterator[bytes]:
        while True:
            caller.clock.now += 1
            yield b"x"

    service = Service([lambda request: httpx.Response(200, stream=Pieces(drip()))])
    with pytest.raises(DownloadError, match=r"the timeout has expired\. 60 bytes were received"):
        caller.download(service, URL, path, timeout=60)


def test_no_silence_lasts_longer_than_the_time_that_is_left(caller: Caller, path: Path) -> None:
    seen: list[dict[str, float]] = []

    def redirect(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"])
        caller.clock.now += 4
        return httpx.Response(302, headers={"Location": "/elsewhere"})

    with pytest.raises(DownloadError, match="the timeout has expired"):
        caller.download(Service([redirect]), URL, path, timeout=15)
    assert [(one["connect"], one["read"]) for one in seen] == [(10, 15), (10, 11), (7, 7), (3, 3)]


def test_the_last_byte_may_come_at_the_deadline(caller: Caller, path: Path) -> None:
    def late() -> Iterator[bytes]:
        caller.clock.now += 60
        yield b"all"

    service = Service([lambda request: httpx.Response(200, headers={"Content-Length": "3"}, stream=Pieces(late()))])
    caller.download(service, URL, path, timeout=60)
    assert path.read_bytes() == b"all"


def test_no_deadline(caller: Caller, path: Path) -> None:
    host = Host()
    host.responses = [*[response(b"", 503, {"Retry-After": "3000"})] * 4, host.serve]
    caller.download(host, URL, path, timeout=None)
    assert caller.clock.slept == [3000] * 4


@pytest.mark.parametrize("status", [408, 429, 500, 503, 520])
def test_retries_after_a_temporary_error(caller: Caller, path: Path, status: int) -> None:
    host = Host()
    host.responses = [response(b"busy", status, {"Retry-After": "7"}), host.serve]
    caller.download(host, URL, path)

    assert caller.clock.slept == [7]
    assert path.read_bytes() == CONTENT


def test_the_status_is_part_of_the_error(caller: Caller, path: Path) -> None:
    with pytest.raises(DownloadError, match="the host returned 503; 1 attempts in a row failed") as caught:
        caller.download(Service([response(b"", 503)]), URL, path, retries=0)
    assert caught.value.http_status == 503


LASTING: dict[str, tuple[Scripted, str]] = {
    "401": (response(b"", 401), "returned 401 .the URL may have expired: look the job up for a new one"),
    "403": (response(b"<Error>expired</Error>", 403), "returned 403 .the URL may have expired"),
    "404": (response(b"", 404), "returned 404 .the URL may have expired"),
    "410": (response(b"", 410), "returned 410 .the URL may have expired"),
    "400": (response(b"", 400), r"the host returned 400\."),
    "204": (response(b"", 204), r"the host returned 204\."),
    "304": (response(b"", 304), r"the host returned 304\."),
    "a web page": (
        response(b"<html>", 200, {"Content-Type": "text/html; charset=utf-8"}),
        "a web page instead of the file",
    ),
    "brotli": (response(b"x", 200, {"Content-Encoding": "br"}), r"sends it compressed \('br'\), although"),
    "protocol": (httpx.UnsupportedProtocol("no"), "UnsupportedProtocol: no"),
    "bug": (RuntimeError("client is closed"), "RuntimeError: client is closed"),
    "ftp": (
        response(b"", 302, {"Location": "ftp://files.example/a"}),
        "'ftp://files.example/a' is not an http or https",
    ),
    "file": (
        response(b"", 302, {"Location": "file:///etc/passwd"}),
        "not followed: 'file:///etc/passwd' is not an http",
    ),
    "user": (
        response(b"", 302, {"Location": "https://a:b@files.example/"}),
        "'https://files.example/' must have no cred",
    ),
    "bad port": (response(b"", 302, {"Location": "https://files.example:99999/"}), "not followed: it is not a URL"),
    "loop": (response(b"", 301, {"Location": "/again"}), "redirects more than 10 times"),
    "nowhere": (response(b"", 307), "redirects more than 10 times"),
}


@pytest.mark.parametrize(("failure", "text"), LASTING.values(), ids=LASTING)
def test_fails_without_a_retry(caller: Caller, path: Path, failure: Scripted, text: str) -> None:
    with pytest.raises(DownloadError, match=text) as caught:
        caller.download(Service([failure]), URL, path)

    assert caller.clock.slept == []
    assert "s3cret" not in str(caught.value)
    assert not path.exists()


def test_a_signature_is_in_no_text(caller: Caller, path: Path) -> None:
    with pytest.raises(DownloadError) as caught:
        caller.download(Service([httpx.ConnectError(f"can't reach {URL}")]), URL, path, retries=0)
    assert "s3cret" not in str(caught.value)
    assert "video.mp4?..." in str(caught.value)


def test_an_address_without_a_query(caller: Caller, path: Path) -> None:
    with pytest.raises(DownloadError, match=r"\(ReadError\); 1 attempts"):
        caller.download(Service([httpx.ReadError("")]), "http://files.example/f", path, retries=0)


@pytest.mark.parametrize("url", ["ftp://files.example/f", "video.mp4", "", "https://", "http://[::1", "http://a:b@c/"])
def test_rejects_an_invalid_url(caller: Caller, path: Path, url: str) -> None:
    with pytest.raises(ValueError, match=r"is not an? |must have no credentials"):
        caller.download(Host(), url, path)


def test_rejects_an_invalid_source(caller: Caller, path: Path) -> None:
    with pytest.raises(TypeError, match="source is a Story, a Media or a URL, not int"):
        caller.download(Host(), 5, path)


@pytest.mark.parametrize("options", [{"timeout": 0}, {"timeout": -1}, {"retries": -1}])
def test_rejects_invalid_limits(caller: Caller, path: Path, options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"timeout is|retries is"):
        caller.download(Host(), URL, path, **options)
