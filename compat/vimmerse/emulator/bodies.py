"""Request bodies: read once, in constant memory, into something that tests can compare.

Text and JSON are kept whole. Starlette's form parser keeps large files on disk, and of a file above ``keep`` bytes only
its size and SHA-256 remain.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any, Literal, cast
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import Receive
from vimmerse.emulator.values import read_json

# Text bodies (JSON, forms, and a form's text fields) above this are refused: nothing real is that long.
MAX_TEXT = 32 * 1024 * 1024
_NOT_PARSED = "There was an error parsing the body"

Kind = Literal["none", "json", "form", "multipart", "other"]
_BODY_KINDS: dict[str, Kind] = {
    "": "json",
    "application/json": "json",
    "application/x-www-form-urlencoded": "form",
    "multipart/form-data": "multipart",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file. ``content`` is None if it was too large to keep."""

    field: str
    filename: str
    content_type: str
    size: int
    sha256: str
    content: bytes | None = attribute(repr=False)


@dataclass(slots=True)
class RequestBody:
    """A received body. ``raw`` is its beginning, or all of it if it has ``size`` bytes."""

    kind: Kind = "none"
    content_type: str = ""
    size: int = 0
    raw: bytes = attribute(default=b"", repr=False)
    fields: tuple[tuple[str, str], ...] = attribute(default=(), repr=False)
    uploads: tuple[Upload, ...] = ()
    json: object = attribute(default=None, repr=False)
    problem: str = ""  # why it can't be parsed
    problem_at: int = 0
    too_large: bool = False
    disconnected: bool = False  # the client went away before all of it had arrived


class _FormParser(MultiPartParser):
    """Starlette's parser, which also notices a form that is cut off and parts that are too large."""

    def __init__(self, headers: Headers, stream: AsyncGenerator[bytes, None], *, max_upload: int) -> None:
        super().__init__(headers, stream, max_files=math.inf, max_fields=math.inf)
        # A limit for text fields alone; older versions of Starlette do not take it as an argument.
        self.max_part_size = MAX_TEXT
        self.limit = max(max_upload, MAX_TEXT)
        self.part_size = 0
        self.finished = False

    def on_part_begin(self) -> None:
        super().on_part_begin()
        self.part_size = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self.part_size += end - start
        if self.part_size > self.limit:
            raise MultiPartException("A part is too large.")
        super().on_part_data(data, start, end)

    def on_end(self) -> None:
        self.finished = True


def kind_of(content_type: str) -> Kind:
    """What a Content-Type says about a body; without one FastAPI takes JSON."""
    main = content_type.split(";")[0].strip().lower()
    if main.startswith("application/") and main.endswith("+json"):
        return "json"
    return _BODY_KINDS.get(main, "other")


async def read_body(
    receive: Receive, headers: Iterable[tuple[bytes, bytes]], *, keep: int, max_upload: int
) -> RequestBody:
    """Receive a whole request body. Never raises for what a client sent: see ``RequestBody.problem``."""
    content_type = Headers(raw=list(headers)).get("content-type", "")
    body = RequestBody(kind=kind_of(content_type), content_type=content_type)
    chunks = _receive(receive, body, keep if body.kind in ("multipart", "other") else MAX_TEXT)
    if body.kind == "multipart":
        await _read_multipart(body, chunks, keep=keep, max_upload=max_upload)
    async for _ in chunks:
        pass
    if not body.size:
        return RequestBody(content_type=content_type, disconnected=body.disconnected)
    if body.kind == "form":
        body.fields = tuple(parse_qsl(body.raw.decode("utf-8", "replace"), keep_blank_values=True))
    elif body.kind == "json" and not body.too_large:
        try:
            body.json = read_json(body.raw)
        except json.JSONDecodeError as error:
            body.problem, body.problem_at = error.msg, error.pos
    return body


async def _receive(receive: Receive, body: RequestBody, limit: int) -> AsyncGenerator[bytes, None]:
    """The body in pieces; keeps up to ``limit`` bytes of it in ``body.raw``."""
    raw = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            body.disconnected = True
            break
        chunk: bytes = message.get("body", b"")
        body.size += len(chunk)
        if body.size <= limit:
            raw += chunk
        elif body.kind != "multipart":
            body.too_large = True
        more = message.get("more_body", False)
        yield chunk
    body.raw = bytes(raw)


async def _read_multipart(
    body: RequestBody, chunks: AsyncGenerator[bytes, None], *, keep: int, max_upload: int
) -> None:
    async def until_end() -> AsyncGenerator[bytes, None]:
        async for chunk in chunks:
            yield chunk
        if not parser.finished:
            raise MultiPartException(_NOT_PARSED)

    parser = _FormParser(Headers({"content-type": body.content_type}), until_end(), max_upload=max_upload)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        body.problem = error.message
        body.too_large = parser.part_size > MAX_TEXT
        return
    except FormParserError:
        # Newer versions of Starlette turn it into a MultiPartException, and close the files.
        for file in parser._files_to_close_on_error:
            file.close()
        body.problem = _NOT_PARSED
        return
    items = form.multi_items()
    body.fields = tuple((name, value) for name, value in items if isinstance(value, str))
    body.uploads = tuple(_upload(name, file, keep) for name, file in items if isinstance(file, UploadFile))
    body.too_large = any(upload.size > max_upload for upload in body.uploads)
    await form.close()


def _upload(name: str, file: UploadFile, keep: int) -> Upload:
    digest = hashlib.file_digest(cast("Any", file.file), "sha256").hexdigest()
    size = file.file.tell()
    file.file.seek(0)
    content = file.file.read() if size <= keep else None
    return Upload(name, file.filename or "", file.content_type or "text/plain", size, digest, content)
