"""A gigabyte through each entry point, compared with the plain library; through the gateway, with a bare proxy.

    python -m benchmarks.streams CLIENT WHAT BASE_URL BYTES      one transfer in this process; prints its cost as JSON

Linux only. Memory is the peak of the resident size, less the peak after a small transfer.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.processes import ROOT, environment, server, used
from benchmarks.proxies import bare, gateway
from benchmarks.table import Row

MIB = 1024 * 1024
CHUNK = b"x" * (64 * 1024)
BOUNDARY = "a-boundary-that-is-in-no-file"
_KEY = {"X-Api-Key": "a-key"}
_FORM = {**_KEY, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def _chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // len(CHUNK)):
        yield CHUNK


def _form(size: int) -> Iterator[bytes]:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="image_files"; filename="a.png"\r\n'
    yield f"{head}Content-Type: image/png\r\n\r\n".encode()
    yield from _chunks(size)
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


Transfer = Callable[[str, str, int], None]


@contextmanager
def _httpx(base: str, *, compat: bool) -> Iterator[Transfer]:
    import httpx

    transport: httpx.BaseTransport | None = None
    if compat:
        from vimmerse.compat import CompatTransport

        transport = CompatTransport(base_url=base, on_warning=lambda notice: None)
    client = httpx.Client(base_url=base, transport=transport, headers=_KEY, timeout=600)

    def transfer(what: str, path: str, size: int) -> None:
        if what == "down":
            with client.stream("GET", path) as response:
                received = sum(len(chunk) for chunk in response.raise_for_status().iter_raw())
            assert received == size, f"{received} of {size} bytes"
        else:
            content, headers = (_form(size), _FORM) if what == "form" else (_chunks(size), _KEY)
            client.post(path, content=content, headers=headers).raise_for_status()

    with client:
        yield transfer


@contextmanager
def _requests(base: str, *, compat: bool) -> Iterator[Transfer]:
    import requests

    session = requests.Session()
    if compat:
        from vimmerse.compat import CompatAdapter

        session.mount("http://", CompatAdapter(base_url=base, on_warning=lambda notice: None))

    def transfer(what: str, path: str, size: int) -> None:
        if what == "down":
            with session.get(base + path, headers=_KEY, stream=True) as response:
                response.raise_for_status()
                received = sum(len(chunk) for chunk in response.iter_content(len(CHUNK)))
            assert received == size, f"{received} of {size} bytes"
        else:
            content, headers = (_form(size), _FORM) if what == "form" else (_chunks(size), _KEY)
            session.post(base + path, data=content, headers=headers).raise_for_status()

    with session:
        yield transfer


CLIENTS: Mapping[str, Callable[[str], AbstractContextManager[Transfer]]] = {
    "httpx": lambda base: _httpx(base, compat=False),
    "CompatTransport": lambda base: _httpx(base, compat=True),
    "requests": lambda base: _requests(base, compat=False),
    "CompatAdapter": lambda base: _requests(base, compat=True),
}


def _path(what: str, size: int, *, v1: bool) -> str:
    if what == "down":
        return f"/media/file-{size}/download" if v1 else f"/file/{size}"
    return "/media" if what == "form" else "/image/any"


def peak(process: int | str = "self") -> float:
    """The peak of the resident size, in MiB."""
    match = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    assert match is not None
    return int(match[1]) / 1024


@dataclass(frozen=True)
class _Transfer:
    seconds: float
    more: float  # additional memory in MiB
    cpu: float = 0.0  # seconds; 0 if not measured


def _measured(client: str, what: str, base: str, size: int) -> _Transfer:
    """One transfer in a new process."""
    command = [sys.executable, "-m", "benchmarks.streams", client, what, base, str(size)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), check=True, capture_output=True, text=True)
    return _Transfer(**json.loads(done.stdout))


def run(client: str, what: str, base: str, size: int) -> None:
    v1 = client.startswith("Compat")
    with CLIENTS[client](base) as transfer:
        transfer(what, _path(what, 2 * MIB, v1=v1), 2 * MIB)
        before, began = peak(), time.perf_counter()
        transfer(what, _path(what, size, v1=v1), size)
    print(json.dumps({"seconds": time.perf_counter() - began, "more": peak() - before}))


KINDS = {"down": "v1's download", "up": "an upload that is passed through", "form": "a v1 form with a file"}


def streams(rounds: int) -> Iterator[Row]:
    """A form has to be stored before it is sent, because its last field may change the v2 request.

    What storing alone takes is in a row of its own, without a target.
    """
    size = (1024 if rounds > 1 else 32) * MIB
    with server() as port:
        base = f"http://127.0.0.1:{port}"
        for client, plain in (("CompatTransport", "httpx"), ("CompatAdapter", "requests")):
            for what in KINDS:
                ours, theirs = [], []
                for _ in range(rounds):
                    theirs.append(_measured(plain, what, base, size))
                    ours.append(_measured(client, what, base, size))
                yield from _rows(client, what, plain, size, ours, theirs)
        with bare(base) as passing, bare(base, store=True) as storing, gateway(base) as (our_port, process):
            for what in KINDS:
                ours, theirs, floor = [], [], []
                for _ in range(rounds + 1):
                    theirs.append(through(passing[0], what, size, v1=False, process=passing[1]))
                    if what == "form":
                        floor.append(through(storing[0], what, size, v1=False, process=storing[1]))
                    before = peak(process)
                    transfer = through(our_port, what, size, v1=True, process=process)
                    ours.append(replace(transfer, more=peak(process) - before))
                # The first is a warm-up, but its memory counts.
                first, *ours = ours
                ours = [replace(one, more=first.more + one.more) for one in ours]
                yield from _rows("gateway", what, "a bare proxy", size, ours, theirs[1:])
                if floor:
                    row = next(_rows("a proxy that only stores", what, "a bare proxy", size, floor[1:], theirs[1:]))
                    yield replace(row, target=None)


def through(port: int, what: str, size: int, *, v1: bool, process: int | None = None) -> _Transfer:
    """One transfer through a proxy; with its ``process`` id, the CPU time is measured too."""
    with _httpx(f"http://127.0.0.1:{port}", compat=False) as transfer:
        transfer(what, _path(what, 2 * MIB, v1=v1), 2 * MIB)
        spent, began = used(process) if process else 0.0, time.perf_counter()
        transfer(what, _path(what, size, v1=v1), size)
        seconds = time.perf_counter() - began
        return _Transfer(seconds, 0, used(process) - spent if process else 0.0)


def _rows(
    client: str, what: str, plain: str, size: int, ours: list[_Transfer], theirs: list[_Transfer]
) -> Iterator[Row]:
    pairs = list(zip(ours, theirs, strict=True))
    values = [two.seconds / one.seconds for one, two in pairs]
    by_cpu = [two.cpu / one.cpu for one, two in pairs if one.cpu]
    rates = [size / MIB / statistics.median(one.seconds for one in side) for side in (ours, theirs)]
    name = f"{size // MIB} MiB, {client}: {KINDS[what]}"
    yield Row(
        name,
        plain,
        statistics.median(values),
        "x",
        min(values),
        max(values),
        0.85,
        True,
        statistics.median(by_cpu) if by_cpu else None,
        f"{rates[0]:.0f} / {rates[1]:.0f} MiB/s",
        samples=len(values),
    )
    yield Row(f"{name}, memory", "", max(one.more for one in ours), "MiB", target=20)


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
