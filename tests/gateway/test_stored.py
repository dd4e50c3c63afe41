"""Bodies that are too large for memory are stored on disk, and parsed as forms while they are written."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import signal
import socket
import stat
import sys
import tempfile
import threading
from collections.abc import Iterator
from typing import IO, Any

import httpx
import pytest
from vimmerse.compat.core.fields import Limits
from vimmerse.compat.core.forms import parse_body
from vimmerse.compat.core.messages import Body, UploadPart
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.gateway.access_log import AccessRecord
from vimmerse.compat.gateway.body_storage import SMALL, BodyStorage
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.gateway.connection import ClientConnection
from vimmerse.compat.gateway.responses import RequestRejected
from vimmerse.compat.runtime.bodies import MEMORY_LIMIT, BodyWriter, StoredFile, form_reader, release_body
from vimmerse.emulator import Emulator

from tests.gateway.conftest import CALLER
from tests.gateway.serving import RawApi, ReceivedRequest, Running, http_response, serving, until
from tests.gateway.test_log_handler import process

FORM = (("Content-Type", "multipart/form-data; boundary=cut"),)
FILE = bytes(range(256)) * 5000
END = b"--cut--\r\n"


def text(name: str, value: str) -> bytes:
    return f'--cut\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def file(name: str, content: bytes) -> bytes:
    head = f'--cut\r\nContent-Disposition: form-data; name="{name}"; filename="a.png"\r\n'
    return f"{head}Content-Type: image/png\r\n\r\n".encode() + content + b"\r\n"


def connection(receive: Any, config: GatewayConfig) -> ClientConnection:
    async def send(message: Any) -> None:
        raise AssertionError(message)

    return ClientConnection({"headers": []}, receive, send, config, AccessRecord("POST"))


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[IO[bytes]]:
    """The temporary files that the test has made."""
    made: list[IO[bytes]] = []
    make = tempfile.TemporaryFile

    def noted() -> IO[bytes]:
        made.append(make())
        return made[-1]

    monkeypatch.setattr(tempfile, "TemporaryFile", noted)
    return made


READER = form_reader(FORM, Limits(), SMALL)


def stored(body: bytes, piece: int = 100_000, config: GatewayConfig | None = None) -> Body:
    """What the gateway stores for a body that arrives in such chunks."""
    config = config or GatewayConfig()

    async def work() -> Body:
        left = [body[start : start + piece] for start in range(0, len(body), piece)][::-1]

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": left.pop(), "more_body": bool(left)}

        storage, client = BodyStorage(config), connection(receive, config)
        stored = await storage.store(client, READER)
        assert storage.free + client.memory == config.max_body_memory
        assert client.memory == (len(stored) if isinstance(stored, bytes) else 0)
        storage.release(client)
        assert storage.free == config.max_body_memory
        return stored

    return asyncio.run(work())


def test_a_large_form_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    content = text("prompt", "before") + file("image_files", FILE) + text("prompt", "after") + END
    body = stored(content)
    assert isinstance(body, StoredFile)
    chunks = StoredFile.chunks
    requested: list[StoredFile] = []

    def noted(self: StoredFile) -> Iterator[bytes]:
        requested.append(self)
        return chunks(self)

    monkeypatch.setattr(StoredFile, "chunks", noted)
    fields = parse_body(FORM, body)
    assert requested == []
    assert fields.getlist("prompt") == ["before", "after"]
    upload = fields["image_files"]
    assert isinstance(upload, UploadPart)
    assert isinstance(upload.content, StoredFile)
    assert b"".join(upload.content.chunks()) == FILE
    assert b"".join(body.chunks()) == content
    release_body(body)


@pytest.mark.parametrize("piece", [10, 1000, SMALL])
def test_a_small_form_is_in_memory_if_there_is_room(piece: int) -> None:
    content = text("prompt", "x" * (SMALL - len(text("prompt", "")) - len(END))) + END
    assert len(content) == SMALL
    assert stored(content, piece) == content
    for room in (0, 9, SMALL - 1):
        body = stored(content, piece, GatewayConfig(max_body_memory=room))
        assert isinstance(body, StoredFile)
        assert b"".join(body.chunks()) == content
        assert parse_body(FORM, body) == parse_body(FORM, content)
        release_body(body)


@pytest.mark.parametrize("length", [MEMORY_LIMIT // 4, MEMORY_LIMIT * 2])
def test_texts_and_files_arrive(client: httpx.Client, emulator: Emulator, length: int) -> None:
    """Even if there is so much text that the form is parsed again, from disk."""
    content = text("prompt", "p" * length) + file("image_files", FILE) + END
    response = client.post("/media", content=content, headers=dict(FORM))
    assert response.status_code in (200, 422), response.text  # the text may be too long for the API, which says so
    (upload,) = emulator.uploads
    assert upload.size == len(FILE)
    sent = emulator.requests[-1]
    assert sent.path == "/v2/media"
    assert sent.size > length


def test_an_invalid_form_is_forwarded_to_v1_unchanged(
    client: httpx.Client, gateway: Running, emulator: Emulator
) -> None:
    content = text("prompt", "p") + file("image_files", FILE)  # without its end
    client.post("/media", content=content, headers=dict(FORM))
    (sent,) = emulator.requests
    assert (sent.path, sent.size) == ("/media", len(content))
    assert [one["kind"] for one in gateway.access_log.find(path="/media")["notices"]] == ["passthrough"]


def test_a_disk_that_is_full_at_the_end(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(writer: BodyWriter) -> Body:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(BodyWriter, "finish", full)
    response = client.post("/story", data={"idea": "x"})
    assert (response.status_code, response.json()["code"]) == (507, "NO_SPACE")


def test_a_failure_to_receive_is_not_a_full_disk() -> None:
    async def work() -> None:
        async def receive() -> dict[str, Any]:
            raise ConnectionResetError

        await BodyStorage(GatewayConfig()).store(connection(receive, GatewayConfig()))

    with pytest.raises(ConnectionResetError):
        asyncio.run(work())


def test_a_client_that_stalls_leaves_no_file(files: list[IO[bytes]]) -> None:
    async def work() -> None:
        left = [FILE]

        async def receive() -> dict[str, Any]:
            if not left:
                await asyncio.get_running_loop().create_future()
            return {"type": "http.request", "body": left.pop(), "more_body": True}

        config = GatewayConfig(body_timeout=0)
        await BodyStorage(config).store(connection(receive, config), READER)

    with pytest.raises(RequestRejected) as rejected:
        asyncio.run(work())
    assert rejected.value.code == "REQUEST_TIMEOUT"
    assert [file.closed for file in files] == [True]


def upload(path: str, length: int) -> bytes:
    """The head of a request and all of its body but for the last byte."""
    head = f"POST {path} HTTP/1.1\r\nHost: g\r\nContent-Type: {FORM[0][1]}\r\nContent-Length: {length}\r\n\r\n"
    return head.encode() + bytes(length - 1)


@pytest.mark.parametrize("path", ["/media", "/image/any"])
@pytest.mark.parametrize("length", [1000, SMALL * 4])
def test_a_client_that_disconnects_leaves_neither_a_file_nor_memory(
    gateway: Running, emulator: Emulator, files: list[IO[bytes]], path: str, length: int
) -> None:
    storage = gateway.bodies
    before = storage.free
    with gateway.connect() as sock:
        sock.sendall(upload(path, length))
        until(lambda: files if length > SMALL else storage.free == before - length + 1, "the upload")
        assert not any(file.closed for file in files)
    until(lambda: gateway.requests.active == 0, "the end of the call")
    assert storage.free == before
    assert all(file.closed for file in files)
    assert emulator.requests == ()


def test_an_upload_that_the_shutdown_ends_leaves_no_file(emulator: Emulator, files: list[IO[bytes]]) -> None:
    config = GatewayConfig(shutdown_timeout=0)
    with serving(Policy(base_url=emulator.base_url), config) as running, running.connect() as sock:
        sock.sendall(upload("/media", SMALL * 4))
        until(lambda: files, "the upload")
        running.stop()
        assert all(file.closed for file in files)
        assert running.bodies.free == config.max_body_memory


@pytest.mark.parametrize("length", [SMALL, SMALL + 1, MEMORY_LIMIT, MEMORY_LIMIT + 1])
def test_an_upload_that_is_passed_through(
    client: httpx.Client, gateway: Running, emulator: Emulator, files: list[IO[bytes]], length: int
) -> None:
    content = bytes(range(256)) * (length // 256 + 1)
    assert client.post("/image/any", content=content[:length]).status_code == 404
    (sent,) = emulator.requests
    assert (sent.path, sent.size) == ("/image/any", length)
    assert len(files) == (SMALL < length <= MEMORY_LIMIT)
    assert all(file.closed for file in files)
    until(lambda: gateway.bodies.free == GatewayConfig().max_body_memory, "the end of the call")


def test_nobody_else_can_open_the_file_of_an_upload(gateway: Running, files: list[IO[bytes]]) -> None:
    """A form may contain a key."""
    with gateway.connect() as sock:
        sock.sendall(upload("/media", SMALL * 4))
        until(lambda: files, "the upload")
        status = os.fstat(files[0].fileno())
        assert (status.st_nlink, stat.S_IMODE(status.st_mode)) == (0, 0o600)


@pytest.mark.parametrize(
    ("number", "status", "code"),
    [(errno.ENOSPC, 507, "NO_SPACE"), (errno.EMFILE, 503, "GATEWAY_BUSY"), (errno.ENFILE, 503, "GATEWAY_BUSY")],
)
@pytest.mark.parametrize("path", ["/media", "/image/any"])
def test_a_file_that_can_t_be_made(
    client: httpx.Client,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    number: int,
    status: int,
    code: str,
) -> None:
    def failing() -> IO[bytes]:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tempfile, "TemporaryFile", failing)
    response = client.post(path, content=bytes(SMALL + 1), headers=dict(FORM))
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert client.post("/story", data={"idea": "x"}).status_code == 200
    assert [request.path for request in emulator.requests] == ["/v2/story"]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs Linux")
def test_a_disk_that_is_full(emulator: Emulator) -> None:
    """The limit of a file's size stands for it. Nothing is sent, and other calls go on."""
    with process(emulator.base_url) as (running, url), httpx.Client(base_url=url, timeout=20) as v1_client:
        resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (100_000, 100_000))
        content = text("title", "t") + file("image_files", FILE) + END
        for _ in range(2):
            response = v1_client.post("/media", content=content, headers=dict(FORM))
            assert (response.status_code, response.json()["code"]) == (507, "NO_SPACE"), response.text
        assert v1_client.post("/story", data={"idea": "x"}, headers={"X-Api-Key": CALLER}).status_code == 200
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0
    assert [request.path for request in emulator.requests] == ["/v2/story"]


def test_a_writer_that_has_failed_makes_no_file(files: list[IO[bytes]]) -> None:
    """A thread may still be writing when a call is cancelled."""
    writer = BodyWriter()
    with pytest.raises(KeyError), writer:
        raise KeyError
    writer.write_to_disk(b"late")
    assert files == []


def test_a_chunk_is_not_kept_while_the_next_one_is_awaited() -> None:
    sent: list[bytes] = []
    waiting, end = asyncio.Event(), asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not sent:
            sent.append(bytes(SMALL + 1))
            return {"type": "http.request", "body": sent[0], "more_body": True}
        waiting.set()
        await end.wait()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def work() -> None:
        storing = asyncio.create_task(BodyStorage(GatewayConfig()).store(connection(receive, GatewayConfig())))
        await waiting.wait()
        for _ in range(1000):  # the thread that has stored it drops it a moment later
            if sys.getrefcount(sent[0]) == sys.getrefcount(object()) + 1:
                break
            await asyncio.sleep(0.01)
        else:
            pytest.fail("the chunk is kept")
        end.set()
        release_body(await storing)

    asyncio.run(work())


TEXT = b"idea=" + b"x" * SMALL * 2


def large_text() -> Body:
    with BodyWriter(0, form_reader((), Limits(), SMALL)) as writer:
        writer.write(TEXT)
        return writer.finish()


def test_large_texts_wait_for_each_other_and_small_bodies_go_to_disk() -> None:
    config = GatewayConfig(max_body_memory=len(TEXT) * 3 // 2)

    async def nothing() -> dict[str, Any]:
        return {"type": "http.request", "body": b"idea=small", "more_body": False}

    async def work() -> None:
        storage = BodyStorage(config)
        clients = [connection(nothing, config) for _ in range(4)]
        bodies = [large_text() for _ in range(3)]
        await storage.wait_for_text(clients[0], bodies[0])
        assert storage.free == config.max_body_memory - len(TEXT)
        waiting = [
            asyncio.create_task(storage.wait_for_text(one, body))
            for one, body in zip(clients[1:], bodies[1:], strict=False)
        ]
        await asyncio.sleep(0)
        small = await storage.store(clients[3])
        assert isinstance(small, StoredFile)  # it would take memory from those that wait
        storage.release(clients[3])  # has taken nothing
        waiting[0].cancel()
        await asyncio.wait(waiting[:1])
        assert not waiting[1].done()
        storage.release(clients[0])
        await waiting[1]
        assert (clients[1].memory, clients[2].memory) == (0, len(TEXT))
        storage.release(clients[2])
        assert storage.free == config.max_body_memory
        assert await storage.store(clients[0]) == b"idea=small"
        for body in (*bodies, small):
            release_body(body)

    asyncio.run(work())


def test_a_text_larger_than_all_memory_takes_all_of_it() -> None:
    async def work() -> None:
        storage = BodyStorage(GatewayConfig(max_body_memory=1000))
        client = connection(None, GatewayConfig())
        body = large_text()
        await storage.wait_for_text(client, body)
        assert (storage.free, client.memory) == (0, 1000)
        release_body(body)

    asyncio.run(work())


def test_there_may_be_no_memory_for_a_text_in_time() -> None:
    begun, go = threading.Event(), threading.Event()

    def slow(received: ReceivedRequest, sock: socket.socket) -> bytes:
        begun.set()
        assert go.wait(20)
        return http_response(b'{"id": "story-1"}')

    config = GatewayConfig(max_body_memory=len(TEXT), pool_timeout=0.05)
    with RawApi(slow) as api, serving(Policy(base_url=api.base_url), config) as running:
        statuses: list[int] = []

        def post() -> httpx.Response:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            return httpx.post(f"{running.base_url}/story", content=TEXT, headers=headers, timeout=20)

        first = threading.Thread(target=lambda: statuses.append(post().status_code))
        first.start()
        assert begun.wait(20)
        response = post()
        assert (response.status_code, response.json()["code"]) == (503, "GATEWAY_BUSY")
        assert "was not sent" in response.json()["detail"]
        assert response.headers["retry-after"] == "5"
        go.set()
        first.join(20)
        assert statuses == [200]
        assert post().status_code == 200
        assert len(api.requests) == 2


@pytest.mark.parametrize("files_only", [True, False])
def test_a_form_whose_text_is_small_does_not_wait(files_only: bool) -> None:
    content = (b"" if files_only else text("prompt", "x" * SMALL)) + file("image_files", FILE) + END
    body = stored(content)

    async def work() -> int:
        client = connection(None, GatewayConfig())
        await BodyStorage(GatewayConfig()).wait_for_text(client, body)
        return client.memory

    assert asyncio.run(work()) == (0 if files_only else len(content))
    release_body(body)
