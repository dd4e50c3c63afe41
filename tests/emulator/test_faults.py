"""Faults, over real sockets: what a client gets, and whether the job was accepted."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import httpx
import pytest
from vimmerse.emulator import Emulator, Faults
from vimmerse.emulator.connection import Message
from vimmerse.emulator.faults import alter_response, replace_response
from vimmerse.emulator.responses import Response

MEDIA = ("POST", "/v2/media")
BODY = {"prompt": "Rain"}


def test_a_status_with_headers_and_body(emulator: Emulator, client: httpx.Client):
    emulator.faults.add(MEDIA, "status", status=503, headers=[("X-Why", "tired")], body={"message": "no", "code": "NO"})
    response = client.post("/v2/media", json=BODY)
    assert (response.status_code, response.headers["x-why"]) == (503, "tired")
    assert response.json() == {"message": "no", "code": "NO"}
    assert emulator.jobs == ()
    assert (emulator.requests[0].fault, emulator.requests[0].status) == ("status", 503)
    assert client.post("/v2/media", json=BODY).status_code == 200  # once means once


def test_a_reset_before_the_job_is_accepted(emulator: Emulator, client: httpx.Client):
    emulator.faults.add(MEDIA, "reset")
    with pytest.raises(httpx.ReadError):
        client.post("/v2/media", json=BODY)
    assert emulator.jobs == ()
    assert emulator.requests[0].status is None
    assert emulator.requests[0].json == BODY


def test_a_reset_after_the_job_was_accepted(emulator: Emulator, client: httpx.Client):
    emulator.faults.add(MEDIA, "reset_accepted")
    with pytest.raises(httpx.ReadError):
        client.post("/v2/media", json=BODY)
    assert [charge.operation for charge in emulator.jobs] == ["POST /v2/media"]


def test_a_body_that_is_cut(emulator: Emulator, client: httpx.Client):
    emulator.faults.add(MEDIA, "cut")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        client.post("/v2/media", json=BODY)
    assert len(emulator.jobs) == 1


@pytest.mark.parametrize(("kind", "jobs"), [("hang", 0), ("hang_accepted", 1)])
def test_no_response_until_the_client_times_out(emulator: Emulator, client: httpx.Client, kind: str, jobs: int):
    emulator.faults.add(MEDIA, kind)  # type: ignore[arg-type]  # a parameter of the test
    with pytest.raises(httpx.ReadTimeout):
        client.post("/v2/media", json=BODY, timeout=0.2)
    assert len(emulator.jobs) == jobs


def test_stopping_does_not_wait_for_a_hanging_request():
    with Emulator() as emulator:
        emulator.faults.add(MEDIA, "hang")
        with httpx.Client(base_url=emulator.base_url) as client, pytest.raises(httpx.ReadTimeout):
            client.post("/v2/media", json=BODY, timeout=0.1)
        base_url = emulator.base_url
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{base_url}/v2/media/x")


def test_a_slow_response_is_complete(emulator: Emulator, client: httpx.Client):
    emulator.faults.add(MEDIA, "slow", chunk=64, interval=0.001)
    response = client.post("/v2/media", json=BODY)
    assert response.headers["content-length"] == str(len(response.content))
    assert response.json()["processing_status"] == "new"


class Wire:
    """A connection as ASGI and the faults see it; what is sent is kept."""

    def __init__(self, *received: str, closing: bool = False) -> None:
        self.received = list(received)
        self.sent: list[Any] = []
        self.closing = closing
        self.aborted = False

    async def receive(self) -> Message:
        return {"type": self.received.pop(0)}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    def abort(self) -> None:
        self.aborted = True

    def is_closing(self) -> bool:
        return self.closing

    def get_extra_info(self, name: str) -> object:
        """As of a connection that is no socket."""

    @property
    def transport(self) -> asyncio.Transport:
        return cast(asyncio.Transport, self)


def test_a_slow_response_arrives_in_chunks():
    wire, response = Wire(), Response(200, pieces=[b"01234", b"56789"])
    fault = Faults().add(kind="slow", chunk=4, interval=0)
    asyncio.run(alter_response(fault, response, wire.transport, wire.receive, wire.send))
    assert [message.get("body") for message in wire.sent] == [None, b"0123", b"4567", b"89", b""]


@pytest.mark.parametrize("retry_after", [None, 3, "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_rate_limit(emulator: Emulator, client: httpx.Client, retry_after: float | str | None):
    emulator.faults.add(MEDIA, "rate_limit", retry_after=retry_after)
    response = client.post("/v2/media", json=BODY)
    assert response.status_code == 429
    assert response.headers.get("retry-after") == (None if retry_after is None else str(retry_after))


@pytest.mark.parametrize(("kind", "status"), [("html", 500), ("unknown_status", 520)])
def test_an_error_page(emulator: Emulator, client: httpx.Client, kind: str, status: int):
    emulator.faults.add(MEDIA, kind)  # type: ignore[arg-type]  # a parameter of the test
    response = client.post("/v2/media", json=BODY)
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    assert response.text.startswith("<!DOCTYPE html>")


def test_a_wrong_content_type(emulator: Emulator, client: httpx.Client):
    emulator.faults.add(MEDIA, "content_type")
    response = client.post("/v2/media", json=BODY)
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.json()["processing_status"] == "new"


def test_truncated_json_in_a_complete_response(emulator: Emulator, client: httpx.Client):
    emulator.faults.add(MEDIA, "truncated")
    response = client.post("/v2/media", json=BODY)
    assert response.status_code == 200
    with pytest.raises(ValueError, match="line 1"):
        response.json()


@pytest.mark.parametrize(("kind", "text"), [("null", "null"), ("list", "[]")])
def test_json_that_is_not_an_object(emulator: Emulator, client: httpx.Client, kind: str, text: str):
    emulator.faults.add(MEDIA, kind)  # type: ignore[arg-type]  # a parameter of the test
    response = client.post("/v2/media", json=BODY)
    assert (response.status_code, response.text) == (200, text)


def test_a_huge_response(emulator: Emulator, client: httpx.Client):
    emulator.faults.add(MEDIA, "huge", size=3 * 1024 * 1024)
    response = client.post("/v2/media", json=BODY)
    assert len(response.content) > 3 * 1024 * 1024
    assert response.json()["id"] == "huge"


def test_a_redirect_to_another_host(emulator: Emulator, client: httpx.Client):
    emulator.faults.add(("GET", "/v2/media/{id}"), "redirect")
    response = client.get("/v2/media/abc?fields=id")
    assert response.status_code == 307
    assert response.headers["location"] == f"{emulator.files_url}/v2/media/abc?fields=id"
    emulator.faults.add(("GET", "*"), "redirect", status=302, to="http://127.0.0.1:1/x")
    assert client.get("/v2/media/abc").headers["location"] == "http://127.0.0.1:1/x"


def test_which_requests_a_fault_matches():
    faults = Faults()
    faults.add(("post", "/v2/story/{id}/scenes"), times=2, after=1)
    assert faults.take("GET", "/v2/story/1/scenes") is None
    assert faults.take("POST", "/v2/story/1/2/scenes") is None
    injected = [faults.take("POST", "/v2/story/1/scenes") is not None for _ in range(4)]
    assert injected == [False, True, True, False]


def test_a_fault_without_a_limit_lasts_until_cleared():
    faults = Faults()
    fault = faults.add(times=None)
    assert all(faults.take("DELETE", "/anything") is fault for _ in range(5))
    assert fault.hits == 5
    faults.clear()
    assert faults.take("DELETE", "/anything") is None


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"unknown kind of fault 'crash'.*rate_limit"):
        Faults().add(kind="crash")  # type: ignore[arg-type]  # on purpose


def test_faults_on_the_files(emulator: Emulator, client: httpx.Client):
    media_id = client.post("/v2/media", json=BODY).json()["id"]
    emulator.finish(media_id)
    url = client.get(f"/v2/media/{media_id}").json()["result"][0]
    emulator.file_faults.add(kind="cut", keep=0.25)
    complete = emulator.file(url)
    assert complete is not None
    got = bytearray()

    def fetch() -> None:
        with httpx.stream("GET", url) as response:
            for piece in response.iter_raw():
                got.extend(piece)

    with pytest.raises(httpx.RemoteProtocolError):
        fetch()
    assert 0 < len(got) < complete.size
    rest = httpx.get(url, headers={"Range": f"bytes={len(got)}-", "If-Range": complete.etag})
    assert rest.status_code == 206
    assert got + rest.content == b"".join(complete.chunks())


def test_resetting_a_connection_without_a_socket():
    wire = Wire("http.request", "http.disconnect")
    fault = Faults().add(kind="reset")
    asyncio.run(replace_response(fault, wire.transport, wire.receive, wire.send, location=""))
    assert wire.aborted
    assert (wire.received, wire.sent) == ([], [])


def test_the_callers_content_length_is_kept():
    wire = Wire()
    fault = Faults().add(kind="status", headers=[("Content-Length", "99")], body="x")
    asyncio.run(replace_response(fault, wire.transport, wire.receive, wire.send, location=""))
    assert [pair for pair in wire.sent[0]["headers"] if pair[0] == b"content-length"] == [(b"content-length", b"99")]


def test_a_slow_response_ends_when_the_client_disconnects():
    wire, response = Wire(closing=True), Response(200, pieces=[b"never sent"])
    asyncio.run(alter_response(Faults().add(kind="slow"), response, wire.transport, wire.receive, wire.send))
    assert [message["type"] for message in wire.sent] == ["http.response.start"]
