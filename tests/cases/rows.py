"""The rows of the case table, and helpers to write them.

A row is one v1 call, the requests that it must cause, the responses played back, and the caller's result.
Rows follow the contract, not the code. The core and every entry point play the same rows.

    case(
        "motion type renamed",
        form("POST /story/idea-2-video", idea="A fox", motion_type="KlingAI"),
        v2("POST /v2/story/idea-2-video", {"idea": "A fox", "video_tool": "KlingAI", "audio_option": RACHEL}),
        warns=[old("motion_type", "video_tool")],
    )
"""

from __future__ import annotations

import json as _json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

HOST = "https://api.vimmerse.net"
KEY = "the-callers-own-key"
BOUNDARY = "a-boundary-of-the-case-table"

Json = Any
Kind = Literal["v2", "v1", "file", "other"]
Warn = tuple[str, str, str]  # kind, v1 field, v2 field

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Any = _Absent()  # in an expected object: this key must not be there


@dataclass(frozen=True, slots=True)
class File:
    """One file of the caller's multipart form."""

    name: str
    filename: str
    content: bytes
    content_type: str = "image/png"


@dataclass(frozen=True, slots=True)
class Call:
    """A v1 call as a caller writes it."""

    method: str
    url: str
    data: tuple[tuple[str, str], ...] = ()
    files: tuple[File, ...] = ()
    multipart: bool = False
    json: Json = None
    raw: bytes | None = None
    content_type: str = ""
    key: str | None = KEY
    headers: tuple[tuple[str, str], ...] = ()

    def encoded(self) -> tuple[tuple[tuple[str, str], ...], bytes]:
        """The headers and the body as they go over the wire."""
        kind, body = self._body()
        headers = self.headers
        if self.key is not None:
            headers = (*headers, ("X-Api-Key", self.key))
        return ((*headers, ("Content-Type", kind)) if kind else headers), body

    def _body(self) -> tuple[str, bytes]:
        if self.raw is not None:
            return self.content_type, self.raw
        if self.json is not None:
            return JSON, _json.dumps(self.json).encode()
        if self.multipart:
            return f"multipart/form-data; boundary={BOUNDARY}", self._parts()
        if self.data:
            return FORM, urlencode(self.data).encode()
        return "", b""

    def _parts(self) -> bytes:
        parts = []
        for name, value in self.data:
            parts.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
        for file in self.files:
            parts.append(
                f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
                f'name="{file.name}"; filename="{file.filename}"\r\n'
                f"Content-Type: {file.content_type}\r\n\r\n".encode()
                + file.content
                + b"\r\n"
            )
        return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


@dataclass(frozen=True, slots=True)
class Played:
    """The server's response to one request."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One request that must be sent, and its response. ``target``: a path below the base URL, or a file's URL."""

    kind: Kind
    method: str
    target: str
    body: Json = None  # None: no body at all; for kind v1 the caller's own, always
    upload: File | None = None
    paid: bool = False
    response: Played = field(default=Played(200, b"{}"))


@dataclass(frozen=True, slots=True)
class Case:
    """One row. ``gives`` is matched as a subset, ``exactly`` in full; see :func:`case`."""

    id: str
    call: Call
    steps: tuple[Step, ...]
    status: int = 200
    gives: Json = None
    exactly: Json = None
    content: bytes | None = None
    warns: tuple[Warn, ...] = ()
    mentions: tuple[str, ...] = ()
    raises: str = ""
    policy: Mapping[str, Any] = field(default_factory=dict)
    motions: int = 1
    untouched: bool = False


# Words for the call


def _line(line: str) -> tuple[str, str]:
    method, _, where = line.partition(" ")
    return method, where if "://" in where else HOST + where


def _pairs(fields: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for name, value in fields.items():
        pairs += [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
    return tuple(pairs)


def form(line: str, /, key: str | None = KEY, **fields: Any) -> Call:
    """A urlencoded form. A list repeats its field; everything becomes text, as ``requests`` does it."""
    method, url = _line(line)
    return Call(method, url, _pairs(fields), key=key)


def multipart(line: str, /, *files: File, key: str | None = KEY, **fields: Any) -> Call:
    """A multipart form."""
    method, url = _line(line)
    return Call(method, url, _pairs(fields), files, multipart=True, key=key)


def json(line: str, body: Json, /, key: str | None = KEY) -> Call:
    """A JSON body."""
    method, url = _line(line)
    return Call(method, url, json=body, key=key)


def raw(line: str, body: bytes, content_type: str = "", /, key: str | None = KEY) -> Call:
    """A body that is none of the above."""
    method, url = _line(line)
    return Call(method, url, raw=body, content_type=content_type, key=key)


def bare(line: str, /, key: str | None = KEY) -> Call:
    """A call without a body."""
    method, url = _line(line)
    return Call(method, url, key=key)


def image(name: str, filename: str = "fox.png", content: bytes = b"\x89PNG\r\n\x1a\nfox") -> File:
    """An image of the caller's."""
    return File(name, filename, content)


# Helpers for the server's responses

NEW_STORY: dict[str, Json] = {
    "id": "story-1",
    "title": "",
    "idea": "A fox",
    "is_transition": False,
    "status": "new",
    "progress_percentage": 0,
    "aspect_ratio": "16:9",
    "used_credits": 150,
    "all_medias": [],
    "created_at": "2026-02-06T02:05:40.985431+00:00",
    "updated_at": "2026-02-06T02:05:40.985431+00:00",
}
NEW_MEDIA: dict[str, Json] = {
    "id": "media-1",
    "title": "",
    "description": "",
    "customer_id": "customer-1",
    "primary_user_id": "user-1",
    "media_items": None,
    "duration_time": "5",
    "processing_status": "new",
    "pose_preset": {"motion_type": "Auto", "prompt": "A fox", "quantity": 1, "motion_length": 5, "loop": 1},
    "submit_params": {"native_audio": False, "file_size": "", "scale_factor": "1"},
    "result": [],
    "webhook_url": "",
    "created_at": "2025-04-01T18:57:37.355064+00:00",
    "updated_at": "2025-04-01T18:57:55.502020+00:00",
    "version": "3",
}


def json_response(body: Json, status: int = 200, *, headers: Iterable[tuple[str, str]] = ()) -> Played:
    """A JSON response."""
    return Played(status, _json.dumps(body).encode(), JSON, tuple(headers))


def error_response(status: int, code: str, message: str = "The server's own words.") -> Played:
    """A v2 error."""
    return json_response({"message": message, "code": code}, status)


def page(status: int, html: str = "<html><h1>Web server is down</h1></html>") -> Played:
    """An HTML page instead of JSON."""
    return Played(status, html.encode(), "text/html; charset=utf-8")


def media(id: str = "media-1", **fields: Json) -> Played:
    """A v2 media."""
    return json_response({**NEW_MEDIA, "id": id, **fields})


def finished_media(tool: str, *results: Json, id: str = "media-1", **fields: Json) -> Played:
    """A finished v2 media of one tool with these results."""
    preset = {"motion_type": tool, "prompt": "A fox", "quantity": 1, "motion_length": 5, "loop": 1}
    return media(id, **{"processing_status": "success", "pose_preset": preset, "result": list(results), **fields})


# Helpers for the requests


def v2(line: str, body: Json = None, response: Played | None = None, *, paid: bool | None = None) -> Step:
    """A v2 request. A POST is paid, unless the row states otherwise; nothing else is."""
    method, _, target = line.partition(" ")
    if response is None:
        response = json_response(NEW_MEDIA if "/media" in target else NEW_STORY)
    return Step("v2", method, target, body, paid=method == "POST" if paid is None else paid, response=response)


def upload(filename: str, url: str, content: bytes | None = None, response: Played | None = None) -> Step:
    """An image sent to ``POST /v2/image``, which returns its URL."""
    if response is None:
        response = json_response({"id": "asset-1", "results": [url], "status": "success"})
    file = image("image_file", filename) if content is None else image("image_file", filename, content)
    return Step("v2", "POST", "/v2/image", upload=file, response=response)


def v1(line: str, response: Played | None = None, *, paid: bool | None = None) -> Step:
    """The caller's own call, sent to v1 unchanged."""
    method, _, target = line.partition(" ")
    if paid is None:
        paid = method == "POST"
    return Step("v1", method, target, paid=paid, response=response or json_response({"data": {"id": "of-v1"}}))


def other(line: str, response: Played | None = None) -> Step:
    """A call to the API that is not a v1 call, sent to the base URL unchanged."""
    method, _, target = line.partition(" ")
    return Step("other", method, target, response=response or json_response({"id": "as-it-is"}))


def file(url: str, content: bytes = b"the video's bytes", status: int = 200, location: str = "") -> Step:
    """A result file on any host."""
    headers = (("Location", location),) if location else ()
    return Step("file", "GET", url, response=Played(status, content, "video/mp4", headers))


# Words for the warnings


def old(name: str, new: str) -> Warn:
    """Renamed or converted."""
    return ("deprecated", name, new)


def lost(name: str) -> Warn:
    """Left out."""
    return ("lossy", name, "")


HOOK: Warn = old("webhook_url", "webhook_url")  # what is posted there changes


def near(name: str, new: str) -> Warn:
    """Approximated: something is lost, and the one warning names the result."""
    return ("lossy", name, new)


PASSED: Warn = ("passthrough", "", "")


def case(
    id: str,
    call: Call,
    *steps: Step,
    gives: Json = None,
    exactly: Json = None,
    content: bytes | None = None,
    status: int | None = None,
    warns: Sequence[Warn] = (),
    mentions: Sequence[str] = (),
    raises: str = "",
    policy: Mapping[str, Any] | None = None,
    motions: int = 1,
    untouched: bool = False,
) -> Case:
    """A row.

    ``gives``: what the JSON response must contain at least; ``exactly``: all of it; ``content``: its bytes. With none
    of them, the last step's response counts: a v1 or file response comes back byte for byte, a v2 object under
    ``data`` with its id. ``status``: the last step's unless given. ``warns``: the warnings about fields, in any order,
    and no others. ``mentions``: words that a warning or the error must contain. ``raises``: the error's class.
    """
    if status is None:
        status = steps[-1].response.status if steps else 200
    return Case(
        id,
        call,
        steps,
        status=status,
        gives=gives,
        exactly=exactly,
        content=content,
        warns=tuple(warns),
        mentions=tuple(mentions),
        raises=raises,
        policy=policy or {},
        motions=motions,
        untouched=untouched,
    )


def untouched(id: str, call: Call, policy: Mapping[str, Any] | None = None) -> Case:
    """A row with a request that is not for the API."""
    return case(id, call, untouched=True, policy=policy)
