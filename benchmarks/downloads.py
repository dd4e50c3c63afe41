"""Memory and speed of ``vimmerse.jobs.download`` with a large file, compared with a plain httpx stream to a file.

    python -m benchmarks.downloads [MIB]        default 1024

An emulator in another process serves the file.
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
    """Run an emulator whose results have ``size`` bytes: send the URL of one, then wait to be stopped."""
    with Emulator(result_size=size, transition=AT_ONCE) as emulator:
        key = {"X-Api-Key": "any"}
        media = httpx.post(f"{emulator.base_url}/v2/media", headers=key, json={"prompt": "x"}).json()
        media = httpx.get(f"{emulator.base_url}/v2/media/{media['id']}", headers=key).json()
        pipe.send(media["result"][0])
        pipe.recv()


def bare(url: str, path: Path) -> None:
    """The shortest code that saves a file."""
    with httpx.stream("GET", url) as response, path.open("wb") as file:
        for chunk in response.iter_bytes():
            file.write(chunk)


def ours(url: str, path: Path) -> None:
    """What users write."""
    download(url, path)


def peak() -> float:
    """The peak memory of this process in MiB (Linux counts KiB, macOS bytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (MIB if sys.platform == "darwin" else 1024)


def measure(save: Callable[[str, Path], None], url: str, small: str, pipe: Connection) -> None:
    """Send the seconds, the additional memory and the size of one download, after a small one as a warm-up."""
    with tempfile.TemporaryDirectory() as folder:
        save(small, Path(folder, "small"))
        before, started = peak(), time.perf_counter()
        save(url, Path(folder, "large"))
        pipe.send((time.perf_counter() - started, peak() - before, Path(folder, "large").stat().st_size))


def in_process(
    context: multiprocessing.context.SpawnContext, target: Callable[..., None], *arguments: object
) -> Connection:
    """Start ``target(*arguments, pipe)`` in a new process."""
    here, there = context.Pipe()
    context.Process(target=target, args=(*arguments, there), daemon=True).start()
    return here


def main() -> int:
    """Print the table."""
    size = int(sys.argv[1] if len(sys.argv) > 1 else 1024) * MIB
    context = multiprocessing.get_context("spawn")
    servers = [in_process(context, serve, count) for count in (size, MIB)]
    url, small = (server.recv() for server in servers)
    print(f"{'':24}{'MiB/s':>8}{'more memory':>14}")
    for name, save in (("httpx to a file", bare), ("vimmerse.jobs.download", ours)):
        seconds, more, saved = in_process(context, measure, save, url, small).recv()
        assert saved == size, (saved, size)
        print(f"{name:24}{size / MIB / seconds:8.0f}{more:10.1f} MiB")
    for server in servers:
        server.send(None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
