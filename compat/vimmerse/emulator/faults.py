"""Faults: what can go wrong between a client and the server, played over real sockets."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

FaultKind = Literal[
    "status",
    "reset",
    "reset_accepted",
    "cut",
    "hang",
    "hang_accepted",
    "slow",
    "rate_limit",
    "html",
    "unknown_status",
    "content_type",
    "truncated",
    "null",
    "list",
    "huge",
    "redirect",
]
# These play on the real answer, so the request is carried out first.
_NEEDS_ANSWER = frozenset({"reset_accepted", "cut", "hang_accepted", "slow", "content_type", "truncated"})
_KINDS: frozenset[str] = frozenset(get_args(FaultKind))

Message = MutableMapping[str, Any]  # ASGI's own type
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

_LINGER = "hh" if sys.platform == "win32" else "ii"  # struct linger: on, for 0 seconds
_HTML = "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"


@dataclass(slots=True, eq=False)
class Fault:
    """One fault that waits for its requests; made by :meth:`Faults.add`."""

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
        pieces = re.split(r"(\{[^}]*\}|\*)", self.path)
        self._pattern = re.compile(
            "".join(".*" if one == "*" else "[^/]+" if one[:1] == "{" else re.escape(one) for one in pieces)
        )

    @property
    def needs_answer(self) -> bool:
        """Whether the request is carried out before the fault strikes."""
        return self.kind in _NEEDS_ANSWER

    def matches(self, method: str, path: str) -> bool:
        """Whether it is meant for such a request."""
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
        """Let the next ``times`` matching requests (None: all) go wrong, once ``after`` have passed.

        ``match`` is a method (or ``"*"``) and a path, in which ``{x}`` stands for one segment and ``*`` for
        anything. The kinds:

        * ``status``: ``status`` (500) with ``headers`` and ``body``;
        * ``reset``: the connection is reset, the request is not carried out;
        * ``reset_accepted``: the request is carried out, then the connection is reset;
        * ``cut``: the answer ends after the part ``keep`` of its body, though more was announced;
        * ``hang``: no answer; ``hang_accepted``: no answer, but the request is carried out;
        * ``slow``: the answer in pieces of ``chunk`` bytes, one every ``interval`` seconds;
        * ``rate_limit``: 429, with ``Retry-After`` where ``retry_after`` is given;
        * ``html``: an error page, 500 or ``status``;
        * ``unknown_status``: a status that is in no list, 520 or ``status``;
        * ``content_type``: the real answer as ``text/plain``, or the Content-Type of ``headers``;
        * ``truncated``: the part ``keep`` of the answer's body, as a complete answer;
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
            status=status or {"rate_limit": 429, "unknown_status": 520, "redirect": 307}.get(kind, 500),
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
        """The fault that strikes this request, counted as used."""
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


def reset(transport: asyncio.Transport) -> None:
    """Close a connection with a TCP reset, dropping what has not been sent."""
    plug = cast("socket.socket | None", transport.get_extra_info("socket"))
    if plug is not None:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(_LINGER, 1, 0))
    transport.abort()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def play_alone(
    fault: Fault, transport: asyncio.Transport, receive: Receive, send: Send, *, path: str, elsewhere: str
) -> None:
    """Play a fault that takes the place of the answer."""
    if fault.kind == "reset":
        reset(transport)
        await _until_gone(receive)
        return
    if fault.kind == "hang":
        await _until_gone(receive)
        return
    if fault.kind == "huge":
        await _send_huge(fault, send)
        return
    status, kind, body = fault.status, "application/json", b""
    extra = list(fault.headers)
    if fault.kind == "rate_limit":
        body = _error("Too many requests.", "RATE_LIMITED")
        if fault.retry_after is not None:
            extra.append(("Retry-After", str(fault.retry_after)))
    elif fault.kind in ("html", "unknown_status"):
        kind = "text/html; charset=utf-8"
        body = _HTML.format(title=f"{status} Error").encode()
    elif fault.kind in ("null", "list"):
        status, body = 200, b"null" if fault.kind == "null" else b"[]"
    elif fault.kind == "redirect":
        extra.append(("Location", fault.to or elsewhere + path))
    else:
        body = _error("An injected fault.", "INJECTED_FAULT")
    if fault.body is not None:
        body = fault.body
    await _send_whole(send, status, kind, body, extra)


def _error(message: str, code: str) -> bytes:
    return json.dumps({"message": message, "code": code}).encode()


async def _send_whole(
    send: Send, status: int, content_type: str, body: bytes, extra: Iterable[tuple[str, str]]
) -> None:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in extra]
    names = {name for name, _ in headers}
    if b"content-type" not in names and body:
        headers.append((b"content-type", content_type.encode("latin-1")))
    if b"content-length" not in names and b"transfer-encoding" not in names:
        headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _send_huge(fault: Fault, send: Send) -> None:
    before, after, filler = b'{"id": "huge", "padding": "', b'"}', b"x" * 65536
    count = max(1, fault.size // len(filler))
    length = len(before) + count * len(filler) + len(after)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(length).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": before, "more_body": True})
    for _ in range(count):
        await send({"type": "http.response.body", "body": filler, "more_body": True})
    await send({"type": "http.response.body", "body": after})


class Catcher:
    """Takes the real answer in, so that a fault can play on it."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = [(bytes(name), bytes(value)) for name, value in message.get("headers", ())]
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


async def play_on(fault: Fault, answer: Catcher, transport: asyncio.Transport, receive: Receive, send: Send) -> None:
    """Play a fault on the real answer."""
    if fault.kind == "reset_accepted":
        reset(transport)
        await _until_gone(receive)
        return
    if fault.kind == "hang_accepted":
        await _until_gone(receive)
        return
    headers, body = answer.headers, bytes(answer.body)
    if fault.kind == "content_type":
        given = dict(fault.headers).get("Content-Type", "text/plain; charset=utf-8")
        headers = [pair for pair in headers if pair[0].lower() != b"content-type"]
        headers.append((b"content-type", given.encode("latin-1")))
    elif fault.kind == "truncated":
        body = body[: int(len(body) * fault.keep)]
        headers = [pair for pair in headers if pair[0].lower() != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if fault.kind == "cut":
        await send({"type": "http.response.body", "body": body[: int(len(body) * fault.keep)], "more_body": True})
        transport.close()  # what was written is still delivered, then the connection ends
        await _until_gone(receive)
        return
    if fault.kind == "slow":
        for start in range(0, len(body), fault.chunk):
            if transport.is_closing():
                return
            piece = body[start : start + fault.chunk]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(fault.interval)
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.body", "body": body})
