"""What ``vimmerse.jobs.download`` needs for a large file: memory and speed, beside a bare ``httpx`` stream to a file.

    python -m benchmarks.saving [MIB]        default 1024

The file comes from an emulator in a process of its own, so that the figures are those of the download alone.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
from vimmerse.emulator import AT_ONCE, Emulator
from vimmerse.jobs import download

MIB = 1024 * 1024


def serve(size: int, pipe: Connection) -> None:
    """An emulator whose results have ``size`` bytes; says where one is, and stops when told to."""
    with Emulator(result_size=size, transition=AT_ONCE) as emulator:
        key = {"X-Api-Key": "any"}
        media = httpx.post(f"{emulator.base_url}/v2/media", headers=key, json={"prompt": "x"}).json()
        found = httpx.get(f"{emulator.base_url}/v2/media/{media['id']}", headers=key).json()
        pipe.send(found["result"][0])
        pipe.recv()


def bare(url: str, path: Path) -> None:
    """The least that saves a file."""
    with httpx.stream("GET", url) as answer, path.open("wb") as file:
        for piece in answer.iter_bytes():
            file.write(piece)


def ours(url: str, path: Path) -> None:
    """What a user writes."""
    download(url, path)


def peak() -> float:
    """The most memory that this process has held, in MiB (Linux counts KiB, macOS bytes)."""
    found = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return found / (MIB if sys.platform == "darwin" else 1024)


def measured(way: Callable[[str, Path], None], url: str, small: str, pipe: Connection) -> None:
    """Seconds and additional memory of one download, after one of a small file has loaded all that it needs."""
    with tempfile.TemporaryDirectory() as folder:
        way(small, Path(folder, "small"))
        before, started = peak(), time.perf_counter()
        way(url, Path(folder, "large"))
        pipe.send((time.perf_counter() - started, peak() - before, Path(folder, "large").stat().st_size))


def in_process(
    context: multiprocessing.context.SpawnContext, target: Callable[..., None], *given: object
) -> Connection:
    """Start ``target(*given, pipe)`` in a process of its own."""
    here, there = context.Pipe()
    context.Process(target=target, args=(*given, there), daemon=True).start()
    return here


def main() -> int:
    """Print the table."""
    size = int(sys.argv[1] if len(sys.argv) > 1 else 1024) * MIB
    context = multiprocessing.get_context("spawn")
    servers = [in_process(context, serve, count) for count in (size, MIB)]
    url, small = (server.recv() for server in servers)
    print(f"{'':24}{'MiB/s':>8}{'more memory':>14}")
    for name, way in (("httpx to a file", bare), ("vimmerse.jobs.download", ours)):
        seconds, more, saved = in_process(context, measured, way, url, small).recv()
        assert saved == size, (saved, size)
        print(f"{name:24}{size / MIB / seconds:8.0f}{more:10.1f} MiB")
    for server in servers:
        server.send(None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
