"""HTTP/1.1 on the wire: requests in turn, odd clients, broken clients."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from vimmerse.emulator import Emulator
from vimmerse.emulator.connection import Connection

GET = b"GET /v2/media/x HTTP/1.1\r\nHost: x\r\n\r\n"
BODY = b'{"prompt": "x"}'
POST = b"POST /v2/media HTTP/1.1\r\nHost: x\r\nX-Api-Key: k\r\nContent-Type: application/json\r\n"


@contextmanager
def connected(emulator: Emulator) -> Iterator[socket.socket]:
    host, port = emulator.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        yield connection


def answers(emulator: Emulator, *sent: bytes, half_close: bool = False) -> bytes:
    """All that comes back until the server closes the connection."""
    with connected(emulator) as connection:
        for piece in sent:
            connection.sendall(piece)
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        while piece := connection.recv(65536):
            received += piece
        return received


CLOSE = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


def test_pipelined_requests_are_served_in_order(emulator: Emulator):
    post = POST + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
    received = answers(emulator, post + GET + CLOSE)
    assert received.count(b"HTTP/1.1 ") == 3
    assert received.index(b"HTTP/1.1 200 OK") < received.index(b"HTTP/1.1 401 Unauthorized")
    assert [request.status for request in emulator.requests] == [200, 401, 401]


def test_a_client_that_has_nothing_more_to_send_still_gets_its_response(emulator: Emulator):
    assert answers(emulator, GET, half_close=True).startswith(b"HTTP/1.1 401 Unauthorized\r\n")


def test_an_http_1_0_connection_is_closed(emulator: Emulator):
    assert b"connection: close" in answers(emulator, GET.replace(b"HTTP/1.1", b"HTTP/1.0")).lower()


def test_a_client_that_waits_to_be_asked_for_its_body(emulator: Emulator):
    with connected(emulator) as connection:
        connection.sendall(POST + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(BODY))
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(BODY)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK")


def test_a_chunked_body(emulator: Emulator):
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in BODY) + b"0\r\n\r\n"
    received = answers(emulator, POST + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n", chunks)
    assert received.startswith(b"HTTP/1.1 200 OK")
    assert emulator.requests[0].body == BODY


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"no HTTP at all\r\n\r\n", b"400 Bad Request"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400 Bad Request"),  # without a host
        (GET.replace(b"\r\n\r\n", b"\r\nX: " + b"x" * 70_000), b"431 "),
    ],
)
def test_what_is_not_http_is_refused(emulator: Emulator, sent: bytes, status: bytes):
    assert answers(emulator, sent).startswith(b"HTTP/1.1 " + status)
    assert emulator.requests == ()


def test_a_broken_body_is_refused_and_not_carried_out(emulator: Emulator):
    received = answers(emulator, POST + b"Transfer-Encoding: chunked\r\n\r\n", b"not a size\r\n")
    assert received.startswith(b"HTTP/1.1 400 Bad Request")
    (request,) = emulator.requests
    assert (request.status, emulator.jobs) == (None, ())


def test_a_response_to_head_has_no_body(emulator: Emulator):
    received = answers(emulator, CLOSE.replace(b"GET", b"HEAD"))
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 401 Unauthorized")
    assert body == b""


def test_a_path_with_a_slash_too_many_is_redirected(emulator: Emulator):
    with httpx.Client(base_url=emulator.base_url) as client:
        for path in ("/v2/media/x/?fields=id", "/nothing/", "/", "/media/{media_id}", "/v2/media//"):
            client.get(path)
        response = client.get("/v2/media/x/?fields=id")
        assert (response.status_code, response.headers["location"]) == (307, "/v2/media/x?fields=id")
        assert client.post("/v2/media/").headers["location"] == "/v2/media"
    assert [request.status for request in emulator.requests] == [307, 404, 404, 401, 307, 307, 307]


def test_a_wrong_method_is_told_the_right_ones(emulator: Emulator):
    response = httpx.patch(f"{emulator.base_url}/v2/media/x")
    assert (response.status_code, response.json()) == (405, {"detail": "Method Not Allowed"})
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "PUT"}


@pytest.mark.parametrize(("begins", "expected"), [(False, b"500 Internal Server Error"), (True, b"200 OK")])
def test_an_app_that_fails(begins: bool, expected: bytes, caplog: pytest.LogCaptureFixture):
    """A bug is logged; the client gets a 500 unless a response has begun, and the connection is closed."""

    async def app(scope: object, receive: object, send: Any) -> None:
        if begins:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
        raise ZeroDivisionError

    async def call() -> bytes:
        closed = asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await Connection(app, reader, writer).serve()
            closed.set()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(GET)
            received = await reader.read()
            writer.close()
            await closed.wait()
            return received

    with caplog.at_level(logging.ERROR, logger="vimmerse.emulator"):
        assert asyncio.run(call()).startswith(b"HTTP/1.1 " + expected)
    assert [record.getMessage() for record in caplog.records] == ["A request failed"]


def test_a_client_that_leaves_in_the_middle_of_a_response(caplog: pytest.LogCaptureFixture):
    with Emulator() as emulator:
        emulator.faults.add(kind="huge", size=50 * 1024 * 1024)
        with connected(emulator) as connection:
            connection.sendall(GET)
            connection.recv(1000)
        assert httpx.get(f"{emulator.base_url}/v2/media/x").status_code == 401
    assert caplog.records == []


def test_a_request_behind_one_without_a_response(emulator: Emulator):
    emulator.faults.add(kind="hang")
    with connected(emulator) as connection:
        connection.sendall(GET)
        while not emulator.requests or not emulator.requests[0].fault:
            time.sleep(0.001)
        connection.sendall(GET)
    assert httpx.get(f"{emulator.base_url}/v2/media/x").status_code == 401
    assert [request.status for request in emulator.requests] == [None, 401]


def test_a_client_that_resets_the_connection(emulator: Emulator, caplog: pytest.LogCaptureFixture):
    for sent in (b"GET", POST + b"Content-Length: 100\r\n\r\n{", GET[:-4] + b"x" * 70_000, b"bad\r\n\r\n"):
        with connected(emulator) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.sendall(sent)
    assert httpx.get(f"{emulator.base_url}/v2/media/x").status_code == 401
    assert caplog.records == []
