"""How long one request can block the gateway's event loop.

    python -m tests.gateway.blocking        print what takes longest, as docs/reliability.md has it
    python -m tests.gateway.blocking --all

Expensive requests of several sizes are sent to a gateway, one after another. The result is the longest single turn of
the event loop, in processor time of its thread, so that other programs don't count.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from vimmerse.compat.core.policy import Policy
from vimmerse.compat.gateway.config import GatewayConfig

from tests.gateway.serving import RawApi, ReceivedRequest, Running, http_response, read_all, serving

KIB = 1024
SIZES = (1, 4, 16, 64)
HEAD = 30  # KiB; more the gateway does not take
FORM = b"application/x-www-form-urlencoded"
JSON = b"application/json"
MULTIPART = b"multipart/form-data; boundary=b"
ROUNDS = 3


def filled(unit: bytes, size: int) -> bytes:
    """``size`` bytes or a little less."""
    return unit * (size // len(unit))


def call(line: bytes, body: bytes = b"", kind: bytes = FORM, headers: bytes = b"") -> bytes:
    described = b"Content-Type: %s\r\nContent-Length: %d\r\n" % (kind, len(body)) if body else b""
    return line + b" HTTP/1.1\r\nHost: g\r\nConnection: close\r\n" + headers + described + b"\r\n" + body


def field(name: bytes) -> Callable[[bytes], bytes]:
    return lambda value: call(b"POST /story/idea-2-video", b"idea=x&" + name + b"=" + value)


def part(headers: bytes, content: bytes) -> bytes:
    return b'--b\r\nContent-Disposition: form-data; name="idea"' + headers + b"\r\n\r\n" + content + b"\r\n"


def form(body: bytes) -> bytes:
    return call(b"POST /story", body + b"--b--\r\n", MULTIPART)


def charset(name: bytes) -> Callable[[int], bytes]:
    return lambda size: form(part(b"\r\nContent-Type: text/plain; charset=" + name, filled(b"a-9", size)))


#: Requests whose body grows.
BODIES: dict[str, Callable[[int], bytes]] = {
    "a part in punycode": charset(b"punycode"),
    "a part in idna": charset(b"idna"),
    "a part in `undefined`": charset(b"undefined"),
    "a part in windows-1252 that is none": lambda size: form(
        part(b"\r\nContent-Type: text/plain; charset=windows-1252", filled(b"\x81", size))
    ),
    "a part in UTF-16 that is none": lambda size: form(
        part(b"\r\nContent-Type: text/plain; charset=utf-16", filled(b"\xd8\xd8", size))
    ),
    'parts with parameters, `;"`': lambda size: form(filled(part(b';"' * 30 + filled(b'\\"', KIB), b""), size)),
    "parts with parameters, `;`": lambda size: form(filled(part(b";" * 30 + filled(b"a", KIB), b""), size)),
    "small parts": lambda size: form(filled(part(b"", b"x"), size)),
    "almost boundaries": lambda size: form(part(b"", filled(b"\r\n--", size))),
    "almost boundaries of a file": lambda size: form(part(b'; filename="f"', filled(b"\r\n--x", size))),
    "fields": lambda size: call(b"POST /story", filled(b"a=1&", size)),
    "escapes": lambda size: call(b"POST /story", b"idea=" + filled(b"%41", size)),
    "a number of digits in a form": lambda size: field(b"scene_count")(filled(b"9", size)),
    "a duration of digits": lambda size: field(b"duration")(filled(b"1", size)),
    "a price of digits": lambda size: field(b"duration")(b"1" + filled(b"0", min(size, 4000))),
    "a tool's name": lambda size: field(b"motion_type")(b"KlingA" + filled(b"I", size)),
    "an image tool's name": lambda size: field(b"option")(filled(b"Flux", size)),
    "spaces": lambda size: field(b"sound_effects")(filled(b"+", size)),
    "JSON numbers": lambda size: call(b"POST /story", b'{"idea":[' + filled(b"9" * 4000 + b",", size) + b"1]}", JSON),
    "a JSON number": lambda size: call(b"POST /story", b'{"idea":' + filled(b"9", size) + b"}", JSON),
    "a JSON fraction": lambda size: call(b"POST /story", b'{"idea":0.' + filled(b"9", size) + b"}", JSON),
    "JSON lists": lambda size: call(b"POST /story", b'{"idea":' + filled(b"[", size), JSON),
    "JSON objects": lambda size: call(b"POST /story", b'{"idea":[' + filled(b"{},", size) + b"1]}", JSON),
    "JSON escapes": lambda size: call(b"POST /story", b'{"idea":"' + filled(b"\\u0041", size) + b'"}', JSON),
    "JSON fields": lambda size: call(
        b"POST /story", b"{" + b",".join(b'"%d":1' % n for n in range(size // 8)) + b',"idea":"x"}', JSON
    ),
    "a storyboard": lambda size: field(b"storyboard")(b'{"scenes":[' + filled(b"{},", size) + b"{}]}"),
    "presets": lambda size: call(
        b"POST /media/prompt",
        b'{"title":"t","pose_preset":[' + filled(b'{"MotionType":"Auto"},', size) + b'{"MotionType":"Parallax"}]}',
        JSON,
    ),
    "a preset's parameters": lambda size: call(
        b"POST /media/prompt",
        b'{"title":"t","pose_preset":{"MotionType":"Auto","Params":"' + filled(b"|Prompt=|Loop", size) + b'"}}',
        JSON,
    ),
    "chunks of a byte": lambda size: (
        b"POST /story HTTP/1.1\r\nHost: g\r\nConnection: close\r\nContent-Type: "
        + FORM
        + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
        + filled(b"1\r\nx\r\n", size)
        + b"0\r\n\r\n"
    ),
}
#: Requests whose head grows.
HEADS: dict[str, Callable[[int], bytes]] = {
    "a result's number": lambda size: call(b"GET /media/m/download?motion_type=Auto" + filled(b"1", size)),
    "a result's name": lambda size: call(b"GET /media/m/download?motion_type=" + filled(b"1", size) + b"x"),
    "a composite id": lambda size: call(b"GET /media/" + filled(b"+", size) + b"/processing-status"),
    "members of a composite id": lambda size: call(b"GET /media/" + b"a+" * min(16, size // 2) + b"/processing-status"),
    "fields to show": lambda size: call(b"GET /media/m?fields=" + filled(b"id,", size)),
    "a query": lambda size: call(b"GET /media/m?" + filled(b"fields=id&", size)),
    "a path": lambda size: call(b"GET " + filled(b"/", size)),
    "an escaped path": lambda size: call(b"GET /story/" + filled(b"%2E", size)),
    "an id": lambda size: call(b"GET /story/" + filled(b"a", size)),
    "parameters of the type": lambda size: call(b"POST /story", b"x", MULTIPART + filled(b';"', size)),
    "`Connection`": lambda size: call(b"GET /story/x", headers=b"Connection: " + filled(b"a,", size) + b"a\r\n"),
    "headers": lambda size: call(b"GET /story/x", headers=filled(b"a: b\r\n", size)),
    "a header of spaces": lambda size: call(b"GET /story/x", headers=b"a: b" + filled(b" ", size) + b"b\r\n"),
    "`Accept-Encoding`": lambda size: call(
        b"GET /story/x", headers=b"Accept-Encoding: " + filled(b"a,", size) + b"a\r\n"
    ),
}


@contextmanager
def gateway() -> Iterator[Running]:
    """A gateway in front of an API that accepts everything."""

    def handler(received: ReceivedRequest, sock: socket.socket) -> bytes:
        return http_response(b'{"id":"m","status":"new","processing_status":"success","result":["%s"]}' % file)

    with RawApi(handler) as api:
        file = f"{api.base_url}/file".encode()
        with serving(Policy(base_url=api.base_url, api_key="k" * 20), GatewayConfig()) as running:
            yield running


def requested(running: Running, request: bytes) -> int:
    """The status of the response."""
    with running.connect() as sock:
        sock.sendall(request)
        return int(read_all(sock).split(b" ", 2)[1])


def longest_turn(running: Running, request: bytes) -> float:
    """In milliseconds; the minimum of several attempts, since the first one loads modules."""
    run = asyncio.events.Handle._run  # noqa: SLF001  # one turn of the event loop
    turns: list[float] = []

    def timed(self: Any) -> None:
        before = time.thread_time()
        run(self)
        turns.append(time.thread_time() - before)

    times = []
    with mock.patch.object(asyncio.events.Handle, "_run", timed):
        for _ in range(ROUNDS):
            turns.clear()
            requested(running, request)
            times.append(max(turns) * 1000)
    return min(times)


def table(most: int | None) -> str:
    """A table of milliseconds in Markdown, the slowest requests first."""
    rows: list[tuple[float, list[str]]] = []
    with gateway() as running:
        for attacks, largest in ((BODIES, SIZES[-1]), (HEADS, HEAD)):
            for name, make in attacks.items():
                sizes = [min(size, largest) for size in SIZES]
                times = [longest_turn(running, make(size * KIB)) for size in sizes]
                # Beyond what any request takes.
                slope = max((times[n] - times[0]) / (sizes[n] - sizes[0]) for n in range(1, len(sizes)))
                rows.append((slope, [name, *(f"{each:.1f}" for each in times), f"{max(0, slope):.2f}"]))
    rows.sort(key=lambda row: row[0], reverse=True)
    titles = ["Request", *(f"{size} KiB" for size in SIZES), "for a KiB, at most"]
    lines = [titles, ["---"] * len(titles), *(line for _, line in rows[:most])]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    print(table(None if sys.argv[1:] == ["--all"] else 8), end="")
