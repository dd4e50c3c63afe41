"""Request bodies: read once, in constant memory, into something that tests can compare.

Text and JSON are kept whole; a multipart form is parsed as it arrives, and of a file above ``keep``
bytes only its size and SHA-256 remain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any, Literal
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from vimmerse.emulator.jsontext import read_json

# Text bodies (JSON, forms, and a form's text fields) above this are refused: nothing real is that long.
MAX_TEXT = 32 * 1024 * 1024

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]  # ASGI's own type
Kind = Literal["none", "json", "form", "multipart", "other"]


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file. ``content`` is None where it was too big to keep."""

    field: str
    filename: str
    content_type: str
    size: int
    sha256: str
    content: bytes | None = attribute(repr=False)


@dataclass(slots=True)
class Body:
    """A received body. ``raw`` is its beginning; it is all of it where ``size`` bytes are there."""

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
    cut_off: bool = False  # the client went away before all of it had arrived


class _Part:
    """One part of a multipart form while it arrives."""

    def __init__(self) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.name = ""
        self.filename: str | None = None
        self.content_type = "text/plain"
        self.size = 0
        self.content = bytearray()
        self.hash = hashlib.sha256()

    def begin(self) -> None:
        for name, value in self.headers:
            if name.lower() == b"content-disposition":
                _, options = parse_options_header(value)
                self.name = options.get(b"name", b"").decode("utf-8", "replace")
                if b"filename" in options:
                    self.filename = options[b"filename"].decode("utf-8", "replace")
            elif name.lower() == b"content-type":
                self.content_type = value.decode("latin-1")


class _FormReader:
    """Feeds a multipart parser and collects the parts."""

    def __init__(self, boundary: bytes, *, keep: int, max_upload: int) -> None:
        self.keep = keep
        self.max_upload = max_upload
        self.too_large = False
        self.finished = False
        self.fields: list[tuple[str, str]] = []
        self.uploads: list[Upload] = []
        self.part = _Part()
        self.header_name = b""
        self.header_value = b""
        self.parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._part_begin,
                "on_part_data": self._part_data,
                "on_part_end": self._part_end,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_end": self._end,
            },
        )

    def _part_begin(self) -> None:
        self.part = _Part()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self.header_name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self.header_value += data[start:end]

    def _header_end(self) -> None:
        self.part.headers.append((self.header_name, self.header_value))
        self.header_name = self.header_value = b""

    def _headers_finished(self) -> None:
        self.part.begin()

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        part = self.part
        piece = memoryview(data)[start:end]
        part.size += end - start
        if part.filename is None:
            if part.size > MAX_TEXT:
                self.too_large = True
            else:
                part.content += piece
            return
        part.hash.update(piece)
        if part.size > self.max_upload:
            self.too_large = True
        if part.size <= self.keep:
            part.content += piece
        elif part.content:
            part.content = bytearray()

    def _part_end(self) -> None:
        part = self.part
        if part.filename is None:
            self.fields.append((part.name, part.content.decode("utf-8", "replace")))
            return
        content = bytes(part.content) if part.size <= self.keep else None
        self.uploads.append(
            Upload(part.name, part.filename, part.content_type, part.size, part.hash.hexdigest(), content)
        )

    def _end(self) -> None:
        self.finished = True


def header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    """The first header of that (lower-case) name, or an empty text."""
    return next((value.decode("latin-1") for key, value in headers if key.lower() == name), "")


def kind_of(content_type: str) -> Kind:
    """What a Content-Type says about a body; without one FastAPI takes JSON."""
    main = content_type.split(";")[0].strip().lower()
    if main == "application/x-www-form-urlencoded":
        return "form"
    if main == "multipart/form-data":
        return "multipart"
    if not main or main == "application/json" or (main.startswith("application/") and main.endswith("+json")):
        return "json"
    return "other"


async def read_body(receive: Receive, headers: Iterable[tuple[bytes, bytes]], *, keep: int, max_upload: int) -> Body:
    """Receive a whole request body. Never raises for what a client sent: see ``Body.problem``."""
    content_type = header(headers, b"content-type")
    body = Body(kind=kind_of(content_type), content_type=content_type)
    reader: _FormReader | None = None
    if body.kind == "multipart":
        boundary = parse_options_header(content_type)[1].get(b"boundary")
        if boundary:
            try:
                reader = _FormReader(boundary, keep=keep, max_upload=max_upload)
            except FormParserError:  # a boundary that is too long
                body.problem = "There was an error parsing the body"
        else:
            body.problem = "Missing boundary in multipart."
    limit = keep if body.kind in ("multipart", "other") else MAX_TEXT
    raw = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            body.cut_off = True
            break
        chunk: bytes = message.get("body", b"")
        body.size += len(chunk)
        if body.size <= limit:
            raw += chunk
        elif reader is None:
            body.too_large = True
        if reader is not None and not body.problem:
            try:
                reader.parser.write(chunk)
            except FormParserError:
                body.problem = "There was an error parsing the body"
        if not message.get("more_body", False):
            break
    body.raw = bytes(raw)
    if not body.size:
        body.kind = "none"
        body.problem = ""
    elif reader is not None:
        _finish_multipart(body, reader)
    elif body.kind == "form":
        text = body.raw.decode("utf-8", "replace")
        body.fields = tuple(parse_qsl(text, keep_blank_values=True))
    elif body.kind == "json" and not body.too_large:
        _parse_json(body)
    return body


def _finish_multipart(body: Body, reader: _FormReader) -> None:
    body.fields, body.uploads = tuple(reader.fields), tuple(reader.uploads)
    body.too_large = reader.too_large
    if not reader.finished and not body.problem:
        body.problem = "There was an error parsing the body"


def _parse_json(body: Body) -> None:
    try:
        body.json = read_json(body.raw)
    except json.JSONDecodeError as error:
        body.problem, body.problem_at = error.msg, error.pos
