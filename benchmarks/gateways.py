"""Small calls through the gateway and other proxies: throughput, latency, CPU time, and how it grows.

python -m benchmarks.gateways [PROXY...]      CPU time of a call at 16 to 1,000 connections, as JSON lines
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from ast import literal_eval
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.clients import SHORT_FORM
from benchmarks.measure import spread
from benchmarks.processes import server, used
from benchmarks.proxies import bare, gateway, has_nginx, nginx
from benchmarks.table import Row, render

CONNECTIONS = 16
GROWTH = (16, 64, 256, 1000)
LATENCY = 0.2  # seconds, of the API
_SECONDS = 1.5  # of a window
_TIMES = 50, 250  # calls of the two runs whose instructions are compared
_WARM_UP = 20  # seconds at most, while the connections are made


@dataclass
class Window:
    """What was measured in one period: seconds of each call, and CPU seconds of the proxy for one call."""

    calls: list[float] = field(default_factory=list)
    errors: int = 0  # responses with another status than 200, and calls without a response
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

    def __init__(self, request: bytes, load: Load) -> None:
        self._request, self._load = request, load
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
        self._buffer = b""
        self._load.window.calls.append(time.perf_counter() - self._began)
        self._load.window.errors += not head.startswith(b"HTTP/1.1 200")
        if not self._load.over:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self._load.window.errors += not self._load.over
        if not self.done.done():
            self.done.set_result(None)


class Load:
    """Connections that repeat a request for as long as the context lasts."""

    def __init__(self, port: int, request: bytes, connections: int) -> None:
        self._port, self._request, self._connections = port, request, connections
        self._callers: list[asyncio.Future[None]] = []
        self.window = Window()
        self.over = False

    async def __aenter__(self) -> Load:
        loop = asyncio.get_running_loop()
        for _ in range(self._connections):
            _, caller = await loop.create_connection(lambda: _Caller(self._request, self), "127.0.0.1", self._port)
            self._callers.append(caller.done)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.over = True
        await asyncio.gather(*self._callers)


async def load(port: int, request: bytes, seconds: float) -> Window:
    async with Load(port, request, CONNECTIONS) as running:
        await asyncio.sleep(seconds)
    assert not running.window.errors
    return running.window


def request_bytes(method: str, path: str, body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "X-Api-Key: a-key", "Accept: */*"]
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


POLL = request_bytes("GET", "/story/abc123-def456-ghi789")
PASSED_THROUGH = request_bytes("GET", "/v2/story/abc123-def456-ghi789")


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
            ("a v1 poll", POLL),
            ("a call that is passed through", PASSED_THROUGH),
        ):
            measured: tuple[list[Window], list[Window]] = ([], [])
            for turn in range(rounds + 1):
                for windows, (proxy_port, process) in zip(measured, (plain, ours), strict=True):
                    before = used(process)
                    window = asyncio.run(load(proxy_port, request, _SECONDS if turn else 0.3))
                    window.cpu = (used(process) - before) / len(window.calls)
                    if turn:  # the first is for warming up
                        windows.append(window)
            yield from _rows(what, *measured)
    yield from _growth_rows(GROWTH if rounds > 1 else GROWTH[:1])
    if rounds > 1 and shutil.which("valgrind"):
        yield from instructions()


def _rows(what: str, plain: list[Window], ours: list[Window]) -> Iterator[Row]:
    pairs = list(zip(ours, plain, strict=True))
    for figure, values, target, at_least in (
        ("throughput", [one.throughput / two.throughput for one, two in pairs], 0.85, True),
        ("99th percentile", [one.slowest / two.slowest for one, two in pairs], 1.3, False),
    ):
        (low, high), median = spread(values), statistics.median(values)
        cpu = statistics.median(two.cpu / one.cpu if at_least else one.cpu / two.cpu for one, two in pairs)
        name = "throughput" if at_least else "slowest"
        mine, other = (statistics.median(getattr(one, name) for one in side) for side in (ours, plain))
        shown = f"{mine:.0f} / {other:.0f} a second" if at_least else f"{mine * 1e3:.1f} / {other * 1e3:.1f} ms"
        yield Row(
            f"gateway, {what}: {figure}",
            "a bare proxy",
            median,
            "x",
            low,
            high,
            target,
            at_least,
            cpu,
            shown,
            len(values),
        )


@dataclass(frozen=True)
class Point:
    """A proxy under the load of some connections. CPU time and new connections to the API are for one call."""

    connections: int
    cpu: float  # seconds
    made: float
    errors: int
    slowest: float  # seconds, the 99th percentile


Start = Callable[[str], AbstractContextManager[tuple[int, int]]]

PROXIES: Mapping[str, Start] = {
    "gateway": gateway,
    "a bare proxy": bare,
    "a bare proxy on uvloop and httptools": partial(bare, kind="--fast"),
    "an aiohttp proxy": partial(bare, kind="--aiohttp"),
    **({"nginx": nginx} if has_nginx() else {}),
}


def growth(start: Start, connections: Iterable[int] = GROWTH, seconds: float = 4.0) -> Iterator[Point]:
    """Polls through a proxy to an API with a latency of 200 ms, after the connections have been made.

    It ends where hardly any call completes.
    """
    with server(delay=LATENCY) as port:
        for count in connections:
            with start(f"http://127.0.0.1:{port}") as (proxy_port, process):
                point = asyncio.run(_point(proxy_port, process, port, count, seconds))
            if point is None:
                return
            yield point


async def _point(proxy: int, process: int, api: int, connections: int, seconds: float) -> Point | None:
    """None if hardly any call completes."""
    async with Load(proxy, POLL, connections) as running:
        for _ in range(_WARM_UP):
            await asyncio.sleep(1)
            if len(running.window.calls) > 3 * connections:
                break
        warm_up, running.window = running.window, Window()
        made, cpu = await _accepted(api), used(process)
        await asyncio.sleep(seconds)
        window, running.window = running.window, Window()
        cpu = used(process) - cpu
        made = await _accepted(api) - made - 1  # the one that asks
    calls = len(window.calls)
    if calls < 2:
        return None
    errors = warm_up.errors + window.errors
    return Point(connections, cpu / calls, made / calls, errors, window.slowest)


async def _accepted(port: int) -> int:
    """The connections that the API has accepted."""
    return int(await _repeat(port, request_bytes("GET", "/connections"), 1))


def _growth_rows(connections: Sequence[int]) -> Iterator[Row]:
    for name, start in PROXIES.items():
        points = list(growth(start, connections))
        for point in points:
            ratio = point.cpu / points[0].cpu
            ours = name == "gateway"
            note = f"{point.cpu * 1e3:.2f} ms, {point.made:.3f} connections made a call, {point.errors} errors"
            target = 1.2 if ours and point.connections == 256 else None
            what = f"{name}, {point.connections} connections, API of 200 ms: CPU of a call"
            yield Row(what, f"{points[0].connections} connections", ratio, "x", target=target, note=note)
            if ours:
                yield Row(
                    f"{name}, {point.connections} connections: connections made", "calls", point.made, target=0.02
                )
    if not has_nginx():
        yield Row("nginx", "", 0.0, "", note="not measured: it is not installed")


def instructions() -> Iterator[Row]:
    """A call that is passed through, by callgrind: the gateway, and the proxies in Python that have its stack."""
    counts: dict[str, float] = {}
    with server() as port:
        for name in ("gateway", "a bare proxy", "a bare proxy on uvloop and httptools"):
            with PROXIES[name](f"http://127.0.0.1:{port}"):
                pass  # writes the bytecode
            few, many = (_instructions(PROXIES[name], f"http://127.0.0.1:{port}", times) for times in _TIMES)
            counts[name] = (many - few) / (_TIMES[1] - _TIMES[0])
    ours = counts.pop("gateway")
    for name, count in counts.items():
        target = 1.05 if "uvloop" in name else None
        note = f"{ours / 1e6:.2f} / {count / 1e6:.2f} million"
        yield Row("gateway, a call that is passed through: instructions", name, ours / count, target=target, note=note)


def _instructions(start: Callable[..., AbstractContextManager[tuple[int, int]]], base_url: str, times: int) -> int:
    """Of a whole run with so many calls, one after another."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        tool = ("valgrind", "--tool=callgrind", f"--callgrind-out-file={os.devnull}", f"--log-file={log}")
        with start(base_url, tool=tool) as (port, _):
            asyncio.run(_repeat(port, PASSED_THROUGH, times))
        match = re.search(r"Collected : (\d+)", log.read_text())
        assert match is not None
        return int(match[1])


async def _repeat(port: int, request: bytes, times: int) -> bytes:
    """Send a request several times over one connection; returns the last response's body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = b""
    for _ in range(times):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split()[0]))
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{head.decode()}{body.decode()}")
    writer.close()
    return body


if __name__ == "__main__":
    if sys.argv[1:] == ["instructions"]:
        print(render(instructions()))
        sys.exit()
    for name in sys.argv[1:] or PROXIES:
        for point in growth(PROXIES[name]):
            print(json.dumps({"proxy": name, **asdict(point)}), flush=True)
