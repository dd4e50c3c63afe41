"""Bodies that are too large for memory are stored on disk, and parsed as forms while they are written."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from vimmerse.compat.core.fields import Limits
from vimmerse.compat.core.forms import parse_body
from vimmerse.compat.core.messages import Body, UploadPart
from vimmerse.compat.gateway.access_log import AccessRecord
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.gateway.connection import ClientConnection, store_body
from vimmerse.compat.gateway.responses import RequestRejected
from vimmerse.compat.runtime.bodies import MEMORY_LIMIT, BodyWriter, StoredFile, release_body
from vimmerse.emulator import Emulator

from tests.gateway.serving import Running

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


def stored(body: bytes, piece: int = 100_000) -> Body:
    """What the gateway stores for a body that arrives in such chunks."""

    async def work() -> Body:
        left = [body[start : start + piece] for start in range(0, len(body), piece)][::-1]

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": left.pop(), "more_body": bool(left)}

        return await store_body(connection(receive, GatewayConfig()), FORM, Limits())

    return asyncio.run(work())


def test_a_large_form_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    content = text("prompt", "before") + file("image_files", FILE) + text("prompt", "after") + END
    body = stored(content)
    assert isinstance(body, StoredFile)
    chunks = StoredFile.chunks
    asked: list[StoredFile] = []

    def noted(self: StoredFile) -> Iterator[bytes]:
        asked.append(self)
        return chunks(self)

    monkeypatch.setattr(StoredFile, "chunks", noted)
    fields = parse_body(FORM, body)
    assert asked == []
    assert fields.getlist("prompt") == ["before", "after"]
    upload = fields["image_files"]
    assert isinstance(upload, UploadPart)
    assert isinstance(upload.content, StoredFile)
    assert b"".join(upload.content.chunks()) == FILE
    assert b"".join(body.chunks()) == content
    release_body(body)


def test_a_small_form_is_not_stored() -> None:
    content = text("prompt", "x" * (MEMORY_LIMIT - 1000)) + END
    assert stored(content) == content


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

        await store_body(connection(receive, GatewayConfig()), FORM, Limits())

    with pytest.raises(ConnectionResetError):
        asyncio.run(work())


def test_a_client_that_stalls_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    files: list[Any] = []
    make = tempfile.TemporaryFile

    def recording() -> Any:
        files.append(make())
        return files[-1]

    async def work() -> None:
        left = [FILE]

        async def receive() -> dict[str, Any]:
            if not left:
                await asyncio.get_running_loop().create_future()
            return {"type": "http.request", "body": left.pop(), "more_body": True}

        config = GatewayConfig(body_timeout=0)
        await store_body(connection(receive, config), FORM, Limits())

    monkeypatch.setattr(tempfile, "TemporaryFile", recording)
    with pytest.raises(RequestRejected) as rejected:
        asyncio.run(work())
    assert rejected.value.code == "REQUEST_TIMEOUT"
    (file_on_disk,) = files
    assert file_on_disk.closed
