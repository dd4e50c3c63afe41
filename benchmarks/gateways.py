"""Small calls through the gateway and through a bare proxy of the same stack: throughput, latency, CPU time."""

from __future__ import annotations

import asyncio
import statistics
import time
from ast import literal_eval
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks.clients import SHORT_FORM
from benchmarks.processes import server, used
from benchmarks.proxies import bare, gateway
from benchmarks.table import Row

CONNECTIONS = 16
_SECONDS = 1.5  # of a window


@dataclass
class _Window:
    """What was measured in one period: seconds of each call, and CPU seconds of the proxy for one call."""

    calls: list[float] = field(default_factory=list)
    cpu: float = 0.0

    @property
    def throughput(self) -> float:
        return len(self.calls) / _SECONDS

    @property
    def slowest(self) -> float:
        """The 99th percentile."""
        return statistics.quantiles(self.calls, n=100)[98]


class _Caller(asyncio.Protocol):
    """One connection that repeats a request as soon as the response is complete."""

    def __init__(self, request: bytes, window: _Window, until: float) -> None:
        self._request, self._window, self._until = request, window, until
        self.done = asyncio.get_running_loop().create_future()
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        self._began = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return
        lower = head.lower()
        at = lower.find(b"\r\ncontent-length:")
        if at < 0:
            if not body.endswith(b"0\r\n\r\n"):
                return
        elif len(body) < int(lower[at + 17 :].partition(b"\r\n")[0]):
            return
        assert head.startswith(b"HTTP/1.1 200"), head
        self._buffer = b""
        now = time.perf_counter()
        self._window.calls.append(now - self._began)
        if now < self._until:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def load(port: int, request: bytes, seconds: float) -> _Window:
    window = _Window()
    until = time.perf_counter() + seconds
    loop = asyncio.get_running_loop()
    callers = []
    for _ in range(CONNECTIONS):
        _, caller = await loop.create_connection(lambda: _Caller(request, window, until), "127.0.0.1", port)
        callers.append(caller.done)
    await asyncio.gather(*callers)
    return window


def request_bytes(method: str, path: str, body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "X-Api-Key: a-key", "Accept: */*"]
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def gateways(rounds: int) -> Iterator[Row]:
    """Measure the proxy and the gateway in turn; each is one process."""
    form = urlencode(literal_eval(SHORT_FORM)).encode()
    with (
        server() as port,
        bare(f"http://127.0.0.1:{port}") as plain,
        gateway(f"http://127.0.0.1:{port}") as ours,
    ):
        for what, request in (
            ("a v1 call", request_bytes("POST", "/story/idea-2-video", form)),
            ("a v1 poll", request_bytes("GET", "/story/abc123-def456-ghi789")),
            ("a call that is passed through", request_bytes("GET", "/v2/story/abc123-def456-ghi789")),
        ):
            measured: tuple[list[_Window], list[_Window]] = ([], [])
            for turn in range(rounds + 1):
                for windows, (proxy_port, process) in zip(measured, (plain, ours), strict=True):
                    before = used(process)
                    window = asyncio.run(load(proxy_port, request, _SECONDS if turn else 0.3))
                    window.cpu = (used(process) - before) / len(window.calls)
                    if turn:  # the first is for warming up
                        windows.append(window)
            yield from _rows(what, *measured)


def _rows(what: str, plain: list[_Window], ours: list[_Window]) -> Iterator[Row]:
    pairs = list(zip(ours, plain, strict=True))
    for figure, values, target, at_least in (
        ("throughput", [one.throughput / two.throughput for one, two in pairs], 0.85, True),
        ("99th percentile", [one.slowest / two.slowest for one, two in pairs], 1.3, False),
    ):
        low, median, high = statistics.quantiles(values, n=4) if len(values) > 1 else values * 3
        cpu = statistics.median(two.cpu / one.cpu if at_least else one.cpu / two.cpu for one, two in pairs)
        name = "throughput" if at_least else "slowest"
        mine, other = (statistics.median(getattr(one, name) for one in side) for side in (ours, plain))
        shown = f"{mine:.0f} / {other:.0f} a second" if at_least else f"{mine * 1e3:.1f} / {other * 1e3:.1f} ms"
        yield Row(
            f"gateway, {what}: {figure}", "a bare proxy", median, "x", low, high, target, at_least, cpu, note=shown
        )
