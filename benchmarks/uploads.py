"""The memory of a proxy while a thousand clients hold an upload open: each has sent its body but for the last bytes.

Linux only.
"""

from __future__ import annotations

import asyncio
import re
import resource
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import server, used
from benchmarks.proxies import bare, gateway
from benchmarks.streams import BOUNDARY, peak
from benchmarks.table import Row

CLIENTS = 1000
SIZE = 1_000_000  # bytes of a body
_TIMEOUT = 60.0  # seconds for all responses
_SENDING = 16  # clients that send at a time
_HELD = 40  # bytes that are sent last
_FILE = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="image_files"; filename="a.png"\r\n'
    "Content-Type: image/png\r\n\r\n"
).encode()
_END = f"\r\n--{BOUNDARY}--\r\n".encode()
_MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
#: Paths and content types of the kinds of upload.
KINDS: Mapping[str, tuple[str, str]] = {
    "v1 forms with a file": ("/media", _MULTIPART),
    "v1 forms with a text": ("/story", "application/x-www-form-urlencoded"),
    "uploads that are passed through": ("/image/any", _MULTIPART),
}


@dataclass(frozen=True)
class Held:
    """What was measured: resident sizes in MiB, responses with status 200, and seconds until the last of them."""

    idle: float
    peak: float
    answered: int
    seconds: float


def _body(content_type: str, size: int) -> bytes:
    if content_type == _MULTIPART:
        return _FILE + bytes(size - len(_FILE) - len(_END)) + _END
    return b"idea=" + b"a+paper+boat+" * (size // 13)


async def _status(reader: asyncio.StreamReader) -> int:
    line = await reader.readline()
    await reader.read()
    return int(line.split(b" ")[1])


async def _settled(process: int) -> None:
    """Wait until a process has handled what it has received."""
    before = -1.0
    while (now := used(process)) != before:
        before = now
        await asyncio.sleep(0.3)


async def _complete(port: int, process: int, head: bytes, body: bytes, clients: int) -> tuple[int, float]:
    """How many clients got status 200, and after how many seconds the last one did."""
    sending = asyncio.Semaphore(_SENDING)

    async def begin() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        async with sending:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.transport.set_write_buffer_limits(0)
            writer.write(head)
            writer.write(memoryview(body)[:-_HELD])
            await writer.drain()
            return reader, writer

    held = await asyncio.gather(*(begin() for _ in range(clients)))
    await _settled(process)
    began = time.perf_counter()
    for _, writer in held:
        writer.write(body[-_HELD:])
    responses = [asyncio.create_task(_status(reader)) for reader, _ in held]
    done, late = await asyncio.wait(responses, timeout=_TIMEOUT)
    seconds = time.perf_counter() - began
    for task in late:
        task.cancel()
    for _, writer in held:
        writer.transport.abort()
    return sum(task.exception() is None and task.result() == 200 for task in done), seconds


def _resident(process: int) -> float:
    match = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    assert match is not None
    return int(match[1]) / 1024


def hold(port: int, process: int, kind: str, size: int, clients: int) -> Held:
    """Let clients hold an upload open at a proxy, then complete all of them."""
    path, content_type = KINDS[kind]
    body = _body(content_type, size)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Api-Key: a-key\r\nConnection: close\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    asyncio.run(_complete(port, process, head, body, 1))  # loads what is loaded on first use
    idle = _resident(process)
    answered, seconds = asyncio.run(_complete(port, process, head, body, clients))
    return Held(idle, peak(process), answered, seconds)


def uploads(rounds: int) -> Iterator[Row]:
    """A new process for each row, since memory that was once used may not be returned. ``rounds``: 1 is a short run."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    clients = CLIENTS if rounds > 1 else 50
    try:
        with server() as port:
            base = f"http://127.0.0.1:{port}"
            for kind in KINDS:
                with gateway(base) as (our_port, process):
                    yield _row("gateway", kind, clients, hold(our_port, process, kind, SIZE, clients), 5.0)
            with bare(base, store=True) as (proxy_port, process):
                kind = next(iter(KINDS))
                held = hold(proxy_port, process, kind, SIZE, clients)
                yield _row("a proxy that only stores", kind, clients, held, None)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _row(what: str, kind: str, clients: int, held: Held, target: float | None) -> Row:
    note = f"{held.peak:.0f} / {held.idle:.0f} MiB; {held.answered} answered in {held.seconds:.1f} s"
    name = f"memory at {clients} {kind} of {SIZE / 1e6:.1f} MB, held open: {what}"
    value = held.peak / held.idle if held.answered == clients else float("inf")  # a target is missed
    return Row(name, "itself, idle", value, target=target, note=note)
