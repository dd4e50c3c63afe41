"""Parses v1's bodies: forms, multipart forms and JSON objects become :class:`Fields`.

Parsing is pure: bytes in, fields out. Every count and size has a limit (:class:`Limits`), so a hostile body takes
bounded memory and time.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote_to_bytes

from vimmerse.compat.core import multipart
from vimmerse.compat.core.fields import LIMITS, Fields, Limits, UnreadableBody, Value, parse_content_type, parse_json
from vimmerse.compat.core.messages import Body, Pairs

CHUNK = 64 * 1024


def body_size(body: Body) -> int:
    """Return a body's length in bytes."""
    return len(body) if isinstance(body, bytes) else body.size


def read_all(body: Body) -> bytes:
    """Return a body as bytes. For bodies without files: a file is never read into memory."""
    return body if isinstance(body, bytes) else b"".join(body.chunks())


def parse_body(headers: Pairs, body: Body, limits: Limits = LIMITS) -> Fields:
    """Return the fields of a v1 body. Raises :class:`UnreadableBody`."""
    size = body_size(body)
    if size == 0:
        return Fields()
    for name, value in headers:
        if name.lower() == "content-encoding" and value.strip().lower() not in ("", "identity"):
            raise UnreadableBody(f"its content encoding is {value!r}")
    kind, options = parse_content_type(headers)
    if kind == "multipart/form-data":
        return multipart.parse(body, options.get("boundary", ""), limits)
    if size > limits.field_size:
        raise UnreadableBody(f"the body has {size} bytes; the limit is {limits.field_size}")
    content = read_all(body)
    if kind == "application/x-www-form-urlencoded":
        return _parse_form(content, limits)
    # v1's server reads a body without a type as JSON where the route takes JSON; a form must say so.
    if kind == "application/json" or kind.endswith("+json") or (not kind and content.lstrip()[:1] == b"{"):
        return _parse_json_object(content, limits)
    raise UnreadableBody(f"its content type is {kind!r}" if kind else "it has no content type")


def _parse_form(content: bytes, limits: Limits) -> Fields:
    # ``curl -d '{...}'`` says that it sends a form. As one, it has a single field with a nonsensical name.
    if content.lstrip()[:1] == b"{":
        raise UnreadableBody("its content type is a form's, but it is JSON: send it as application/json")
    # Not urllib.parse.parse_qsl, which takes many times the memory of a long value.
    if content.count(b"&") >= limits.fields:  # before there is an object for each
        raise UnreadableBody(f"it has more than {limits.fields} fields")
    values: dict[str, list[Value]] = {}
    pairs = content.replace(b"+", b" ").split(b"&")
    del content
    for index, pair in enumerate(pairs):
        if pair:
            name, _, value = pair.partition(b"=")
            pairs[index] = pair = b""  # one value may be nearly all of the body: no copy lives longer than needed
            values.setdefault(_unquote(name), []).append(_unquote(value))
    return Fields(values, "form")


def _unquote(raw: bytes) -> str:
    if b"%" not in raw:
        return raw.decode("utf-8", "replace")
    # Piece by piece: urllib takes eighty times the memory of what it unquotes.
    unquoted = bytearray()
    start = 0
    while start < len(raw):
        end = start + CHUNK
        escape = raw.rfind(b"%", end - 2, end)
        if escape >= 0 and end < len(raw):
            end = escape  # the escape continues in the next piece
        unquoted += unquote_to_bytes(raw[start:end])
        start = end
    return unquoted.decode("utf-8", "replace")


def _parse_json_object(content: bytes, limits: Limits) -> Fields:
    value = parse_json(content, limits)
    if not isinstance(value, dict):
        raise UnreadableBody("it is JSON, but not an object")
    return Fields({name: [item] for name, item in value.items()}, "json")


def has_duplicate_names(content: bytes) -> bool:
    """Whether an object of this valid JSON text has a duplicate name: readers differ on which value counts."""
    found = False

    def check(pairs: list[tuple[str, Any]]) -> None:
        nonlocal found
        found = found or len({name for name, _ in pairs}) < len(pairs)

    json.loads(content, object_pairs_hook=check)
    return found
