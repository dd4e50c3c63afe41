"""Uploads: compared byte by byte, rejected when too large, never completely in memory."""

from __future__ import annotations

import asyncio
import hashlib
import io
import tracemalloc
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from python_multipart.exceptions import FormParserError
from starlette.formparsers import MultiPartParser
from vimmerse.compat import CompatTransport, V1DeprecationWarning
from vimmerse.emulator import Emulator, bodies, records

from .conftest import KEY

BOUNDARY = "--- a boundary ---"
HEAD = (
    f"--{BOUNDARY}\r\n"
    'Content-Disposition: form-data; name="image_file"; filename="big one.png"\r\n'
    "Content-Type: image/png\r\n\r\n"
).encode()
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()
HEADERS = {"Content-Type": f'multipart/form-data; boundary="{BOUNDARY}"'}


def pieces(size: int) -> Iterator[bytes]:
    """A multipart body with one file of that many bytes."""
    yield HEAD
    block = bytes(range(256)) * 256
    for _ in range(size // len(block)):
        yield block
    yield TAIL


def test_what_was_uploaded_is_kept(emulator: Emulator, client: httpx.Client):
    content = bytes(range(256)) * 300 + b"\r\n--" + BOUNDARY.encode() + b"x"
    response = client.post(
        "/media",
        files=[("image_files", ("ä.png", content, "image/png")), ("image_files", ("b.jpg", b"b", "image/jpeg"))],
        data={"title": "Zwölf", "image_urls": ["https://example.com/1.png", "https://example.com/2.png"]},
    )
    assert response.json()["data"]["is_transition"] == "Yes"
    assert [entry["FileName"] for entry in response.json()["data"]["file_map"]] == ["ä.png", "b.jpg"]
    (request,) = emulator.requests
    first, second = request.uploads
    assert (first.field, first.filename, first.content_type) == ("image_files", "ä.png", "image/png")
    assert (first.size, first.content) == (len(content), content)
    assert first.sha256 == hashlib.sha256(content).hexdigest()
    assert second.content == b"b"
    assert request.form == (
        ("title", "Zwölf"),
        ("image_urls", "https://example.com/1.png"),
        ("image_urls", "https://example.com/2.png"),
    )
    assert emulator.uploads == request.uploads


def test_a_file_that_is_too_large():
    with (
        Emulator(max_upload=1000) as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client,
    ):
        right = client.post("/v2/image", files={"image_file": ("a.png", b"x" * 1000)})
        assert right.status_code == 200
        wrong = client.post("/v2/image", files={"image_file": ("a.png", b"x" * 1001)})
        assert (wrong.status_code, wrong.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")
        assert len(emulator.uploads) == 1
        old = client.post("/media", files={"image_files": ("a.png", b"x" * 1001)})
        assert (old.status_code, old.json()) == (413, {"message": "PAYLOAD_TOO_LARGE"})


def test_an_empty_file(client: httpx.Client):
    response = client.post("/v2/image", files={"image_file": ("a.png", b"")})
    assert (response.status_code, response.json()["code"]) == (400, "BAD_REQUEST")


def test_a_large_upload_takes_little_memory():
    size = 64 * 1024 * 1024
    digest = hashlib.sha256(bytes(range(256)) * 256 * (size // 65536)).hexdigest()
    with (
        Emulator(max_upload=size, keep_bytes=100_000) as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}, timeout=60) as client,
    ):
        tracemalloc.start()
        try:
            response = client.post("/v2/image", content=pieces(size), headers=HEADERS)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert response.status_code == 200, response.text
        assert peak < 8 * 1024 * 1024
        (upload,) = emulator.uploads
        assert (upload.size, upload.content) == (size, None)
        assert upload.sha256 == digest
        assert emulator.requests[0].size == size + len(HEAD) + len(TAIL)
        assert len(emulator.requests[0].body) <= 100_000
        assert httpx.get(response.json()["results"][0]).status_code == 200


@pytest.mark.parametrize("status", [404, 405])
def test_v1s_upload_is_used_where_v2s_is_missing(emulator: Emulator, status: int):
    emulator.faults.add(("POST", "/v2/image"), "status", status=status, times=None)
    images = [("image_files", ("a.png", b"first", "image/png")), ("image_files", ("b.png", b"second", "image/png"))]
    transport = CompatTransport(base_url=emulator.base_url, api_key=KEY)
    with httpx.Client(transport=transport) as client, pytest.warns(V1DeprecationWarning):
        response = client.post("https://api.vimmerse.net/media", files=images)
    assert response.status_code == 200, response.text
    lines = [f"{one.method} {one.path} {one.status}" for one in emulator.requests]
    assert lines == [f"POST /v2/image {status}", "POST /image 200", "POST /image 200", "POST /v2/media 200"]
    assert [one.content for one in emulator.uploads] == [b"first", b"second"]
    body = emulator.requests[-1].json
    assert isinstance(body, dict)
    assert [httpx.get(item["url"]).content for item in body["media_items"]] == [b"first", b"second"]


def test_what_v1s_upload_rejects(client: httpx.Client):
    assert client.post("/image").status_code == 422
    empty = client.post("/image", files={"image_file": ("a.png", b"")})
    assert (empty.status_code, empty.json()) == (400, {"message": "BAD_REQUEST"})
    assert client.get("/image").status_code == 405
    assert client.post("/image", headers={"X-Api-Key": ""}).status_code == 401


def test_other_headers_of_a_part_are_ignored(emulator: Emulator, client: httpx.Client):
    disposition = b'Content-Disposition: form-data; name="prompt"'
    content = b"--b\r\nContent-Transfer-Encoding: binary\r\n" + disposition + b"\r\n\r\nRain\r\n--b--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    assert client.post("/media", content=content, headers=kind).is_success
    assert emulator.requests[0].content.fields == (("prompt", "Rain"),)


def test_a_text_of_a_form_that_is_too_long(client: httpx.Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bodies, "MAX_TEXT", 10)
    file = {"image": ("a.png", b"x" * 20, "image/png")}
    assert client.post("/media/upload", data={"prompt": "Rain, then"}, files=file).status_code == 200
    assert client.post("/media/upload", data={"prompt": "Rain, then."}, files=file).status_code == 413


async def received(content_type: str, body: bytes, max_upload: int = 1) -> records.RequestBody:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", content_type.encode())]
    return await bodies.read_body(receive, headers, keep=1000, max_upload=max_upload)


def test_json_of_a_type_of_its_own_is_json() -> None:
    assert asyncio.run(received("application/problem+json", b'{"a": 1}')).json == {"a": 1}


def test_a_part_above_the_limit_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MAX_TEXT", 10)
    body = asyncio.run(received(HEADERS["Content-Type"], HEAD + b"x" * 100 + TAIL))
    assert (body.problem, body.too_large) == ("A part is too large.", True)


def test_an_error_of_the_parser_itself_closes_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """As of older versions of Starlette, which do not translate it."""
    file = io.BytesIO()

    async def parse(parser: Any) -> None:
        parser._files_to_close_on_error = [file]  # noqa: SLF001  # Starlette's
        raise FormParserError("broken")

    monkeypatch.setattr(MultiPartParser, "parse", parse)
    body = asyncio.run(received(HEADERS["Content-Type"], HEAD))
    assert body.problem
    assert not body.too_large
    assert file.closed
