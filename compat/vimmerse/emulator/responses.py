"""Responses, as handlers and faults make them and as they are sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from vimmerse.emulator.connection import Send


class Response(NamedTuple):
    """A response; its body comes in pieces, which need not be in memory together."""

    status: int
    headers: Mapping[str, str] = {}
    pieces: Iterable[bytes] = ()


def content_response(status: int, content_type: str, content: bytes, headers: Mapping[str, str]) -> Response:
    length = {"Content-Length": str(len(content)), "Content-Type": content_type}
    return Response(status, {**length, **headers}, [content])


def json_response(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    content = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return content_response(status, "application/json", content, headers or {})


def raw_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Headers for ASGI: bytes, names in lower case."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


async def send_response(response: Response, send: Send) -> None:
    headers = raw_headers(response.headers.items())
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    for piece in response.pieces:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
