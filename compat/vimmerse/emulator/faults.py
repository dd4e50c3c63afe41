"""Faults: what can go wrong between a client and the server, played over real sockets."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, cast, get_args

from vimmerse.emulator.connection import Receive, Send
from vimmerse.emulator.responses import Response, raw_headers

# The first are played instead of carrying out the request, the others on the real response.
_Replacing = Literal[
    "status", "reset", "hang", "rate_limit", "html", "unknown_status", "null", "list", "huge", "redirect"
]
_Altering = Literal["reset_accepted", "cut", "hang_accepted", "slow", "content_type", "truncated"]
FaultKind = _Replacing | _Altering
ALTERING: frozenset[str] = frozenset(get_args(_Altering))
_KINDS = ALTERING | frozenset(get_args(_Replacing))

_LINGER = "hh" if sys.platform == "win32" else "ii"  # struct linger: on, for 0 seconds
_PAGE = "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
_STATUSES = {"rate_limit": 429, "unknown_status": 520, "redirect": 307, "null": 200, "list": 200}  # else 500
_BODIES = {
    "status": b'{"message": "An injected fault.", "code": "INJECTED_FAULT"}',
    "rate_limit": b'{"message": "Too many requests.", "code": "RATE_LIMITED"}',
    "redirect": b"",
    "null": b"null",
    "list": b"[]",
}


@dataclass(slots=True, eq=False)
class Fault:
    """One fault and the requests it is for; created by :meth:`Faults.add`, which describes its settings.

    ``seen``: the requests so far that matched. ``hits``: those of them that had the fault.
    """

    method: str
    path: str
    kind: FaultKind
    times: int | None
    after: int
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    retry_after: float | str | None
    size: int
    chunk: int
    interval: float
    keep: float
    to: str
    hits: int = 0
    seen: int = 0
    _pattern: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # {name} stands for one segment of the path, * for anything.
        pattern = re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(self.path)).replace(r"\*", ".*")
        self._pattern = re.compile(pattern)

    def matches(self, method: str, path: str) -> bool:
        return self.method in ("*", method) and self._pattern.fullmatch(path) is not None


class Faults:
    """The faults of a server, in the order in which they were added; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(
        self,
        match: tuple[str, str] = ("*", "*"),
        kind: FaultKind = "status",
        *,
        times: int | None = 1,
        after: int = 0,
        status: int | None = None,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes | str | dict[str, object] | list[object] | None = None,
        retry_after: float | str | None = None,
        size: int = 32 * 1024 * 1024,
        chunk: int = 16,
        interval: float = 0.01,
        keep: float = 0.5,
        to: str = "",
    ) -> Fault:
        """Inject a fault into the next ``times`` matching requests (None: all), after ``after`` others.

        ``match`` is a method (or ``"*"``) and a path, in which ``{x}`` stands for one segment and ``*`` for
        anything. ``kind`` is one of these:

        * ``status``: ``status`` (500) with ``headers`` and ``body``;
        * ``reset``: the connection is reset, the request is not carried out;
        * ``reset_accepted``: the request is carried out, then the connection is reset;
        * ``cut``: the response ends after the fraction ``keep`` of its body, though more was announced;
        * ``hang``: no response; ``hang_accepted``: no response, but the request is carried out;
        * ``slow``: the response in pieces of ``chunk`` bytes, one every ``interval`` seconds;
        * ``rate_limit``: 429, with ``Retry-After`` if ``retry_after`` is given;
        * ``html``: an error page, 500 or ``status``;
        * ``unknown_status``: a status that is in no list, 520 or ``status``;
        * ``content_type``: the real response as ``text/plain``, or with the Content-Type of ``headers``;
        * ``truncated``: the fraction ``keep`` of the response's body, as a complete response;
        * ``null``, ``list``: 200 with ``null`` or ``[]``;
        * ``huge``: 200 with a JSON object of about ``size`` bytes;
        * ``redirect``: 307 or ``status`` to ``to`` (default: the same path on the files' origin).
        """
        if kind not in _KINDS:
            raise ValueError(f"unknown kind of fault {kind!r}; it must be one of {', '.join(sorted(_KINDS))}")
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        fault = Fault(
            method=match[0].upper(),
            path=match[1],
            kind=kind,
            times=times,
            after=after,
            status=status or _STATUSES.get(kind, 500),
            headers=tuple(headers),
            body=body.encode() if isinstance(body, str) else body,
            retry_after=retry_after,
            size=size,
            chunk=max(1, chunk),
            interval=interval,
            keep=keep,
            to=to,
        )
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._faults.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault to inject into a request of this ``method`` and ``path``, counted as used; or None."""
        with self._lock:
            for fault in self._faults:
                if not fault.matches(method, path):
                    continue
                if fault.times is not None and fault.hits >= fault.times:
                    continue
                fault.seen += 1
                if fault.seen > fault.after:
                    fault.hits += 1
                    return fault
        return None


def _reset(transport: asyncio.Transport) -> None:
    """Close a connection with a TCP reset, dropping what has not been sent."""
    connection = cast("socket.socket | None", transport.get_extra_info("socket"))
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(_LINGER, 1, 0))
    transport.abort()


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def replace_response(
    fault: Fault, transport: asyncio.Transport, receive: Receive, send: Send, *, location: str
) -> None:
    """Play a fault that takes the place of the response. ``location`` is where a redirect leads."""
    if fault.kind in ("reset", "hang"):
        if fault.kind == "reset":
            _reset(transport)
        await _wait_for_disconnect(receive)
    elif fault.kind == "huge":
        await _send_huge(fault, send)
    else:
        await _send_error(fault, send, location)


async def _send_error(fault: Fault, send: Send, location: str) -> None:
    is_page = fault.kind in ("html", "unknown_status")
    body = fault.body
    if body is None:
        body = _PAGE.format(title=f"{fault.status} Error").encode() if is_page else _BODIES[fault.kind]
    headers = list(fault.headers)
    named = {name.lower() for name, _ in headers}
    if fault.kind == "rate_limit" and fault.retry_after is not None:
        headers.append(("Retry-After", str(fault.retry_after)))
    if fault.kind == "redirect":
        headers.append(("Location", location))
    if body and "content-type" not in named:
        headers.append(("Content-Type", "text/html; charset=utf-8" if is_page else "application/json"))
    if named.isdisjoint(("content-length", "transfer-encoding")):
        headers.append(("Content-Length", str(len(body))))
    await send({"type": "http.response.start", "status": fault.status, "headers": raw_headers(headers)})
    await send({"type": "http.response.body", "body": body})


async def _send_huge(fault: Fault, send: Send) -> None:
    start, end, filler = b'{"id": "huge", "padding": "', b'"}', b"x" * 65536
    count = max(1, fault.size // len(filler))
    length = len(start) + count * len(filler) + len(end)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(length).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for piece in (start, *[filler] * count):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": end})


async def alter_response(
    fault: Fault, response: Response, transport: asyncio.Transport, receive: Receive, send: Send
) -> None:
    """Play a fault on the app's response."""
    if fault.kind in ("reset_accepted", "hang_accepted"):
        if fault.kind == "reset_accepted":
            _reset(transport)
        await _wait_for_disconnect(receive)
        return
    body = b"".join(response.pieces)
    part = body[: int(len(body) * fault.keep)]
    headers = dict(response.headers)
    if fault.kind == "content_type":
        headers["Content-Type"] = dict(fault.headers).get("Content-Type", "text/plain; charset=utf-8")
    elif fault.kind == "truncated":
        body = part
        headers["Content-Length"] = str(len(body))
    await send({"type": "http.response.start", "status": response.status, "headers": raw_headers(headers.items())})
    if fault.kind == "cut":
        await send({"type": "http.response.body", "body": part, "more_body": True})
        transport.close()  # what was written is still delivered, then the connection ends
        await _wait_for_disconnect(receive)
        return
    if fault.kind == "slow":
        for start in range(0, len(body), fault.chunk):
            if transport.is_closing():
                return
            piece = body[start : start + fault.chunk]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(fault.interval)
        body = b""
    await send({"type": "http.response.body", "body": body})
