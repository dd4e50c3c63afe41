"""Request bodies: read once, in constant memory, into something that tests can compare.

Text and JSON are kept in full; multipart bodies are read by ``forms``.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterable
from urllib.parse import parse_qsl

from vimmerse.emulator.connection import Receive
from vimmerse.emulator.records import Kind, RequestBody
from vimmerse.emulator.values import read_json

# Text bodies (JSON, forms, and a form's text fields) above this are refused: nothing real is that long.
MAX_TEXT = 32 * 1024 * 1024

_BODY_KINDS: dict[str, Kind] = {
    "": "json",
    "application/json": "json",
    "application/x-www-form-urlencoded": "form",
    "multipart/form-data": "multipart",
}


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
    content_type = next((value.decode("latin-1") for name, value in headers if name == b"content-type"), "")
    body = RequestBody(kind=kind_of(content_type), content_type=content_type)
    chunks = _receive(receive, body, keep if body.kind in ("multipart", "other") else MAX_TEXT)
    if body.kind == "multipart":
        from vimmerse.emulator.forms import read_multipart  # Starlette takes long to import

        await read_multipart(body, chunks, keep=keep, max_upload=max_upload, max_text=MAX_TEXT)
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
