"""Bodies of any size take constant memory, measured in a separate process."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from vimmerse.emulator import AT_ONCE, Emulator

from tests.sampling import sampled

SIZE = 64 * 1024 * 1024
SLACK = 24 * 1024 * 1024  # far below one body, far above what a few buffers take
KEY = {"X-Api-Key": "key-of-the-caller-9876543210"}
PIECE = bytes(range(256)) * 256

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc"),
]


class Process:
    def __init__(self, pid: int, base_url: str) -> None:
        self._status = Path(f"/proc/{pid}/status")
        self.base_url = base_url

    @property
    def peak(self) -> int:
        """The most memory that was ever resident, in bytes."""
        match = re.search(r"VmHWM:\s+(\d+) kB", self._status.read_text())
        assert match is not None
        return int(match[1]) * 1024


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(transition=AT_ONCE, max_upload=2 * SIZE, keep_bytes=1024, result_size=SIZE) as running:
        yield running


@pytest.fixture(scope="module")
def gateway(emulator: Emulator) -> Iterator[Process]:
    with running(emulator.base_url) as process:
        httpx.post(f"{process.base_url}/media", data={"prompt": "x"}, headers=KEY)  # all is loaded
        yield process


@contextmanager
def running(base_url: str) -> Iterator[Process]:
    command = [sys.executable, "-m", "vimmerse.compat.gateway", "--port", "0", "--base-url", base_url]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as process:
        try:
            assert process.stderr is not None
            match = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline())
            assert match is not None
            yield Process(process.pid, match[0])
        finally:
            process.terminate()
            process.wait(20)


def pieces(size: int = SIZE) -> Iterator[bytes]:
    for _ in range(0, size, len(PIECE)):
        yield PIECE


def digest(content: Iterator[bytes]) -> str:
    hasher = hashlib.sha256()
    for piece in content:
        hasher.update(piece)
    return hasher.hexdigest()


def test_a_large_file_of_a_form(gateway: Process, emulator: Emulator) -> None:
    head = (
        b'--cut\r\nContent-Disposition: form-data; name="prompt"\r\n\r\np\r\n'
        b'--cut\r\nContent-Disposition: form-data; name="image_files"; filename="a.png"\r\n'
        b"Content-Type: image/png\r\n\r\n"
    )

    def form() -> Iterator[bytes]:
        yield head
        yield from pieces()
        yield b"\r\n--cut--\r\n"

    before = gateway.peak
    headers = {**KEY, "Content-Type": "multipart/form-data; boundary=cut"}
    response = httpx.post(f"{gateway.base_url}/media", content=form(), headers=headers, timeout=60)
    assert response.status_code == 200, response.text
    assert gateway.peak - before < SLACK
    (upload,) = emulator.uploads
    assert (upload.size, upload.sha256) == (SIZE, digest(pieces()))


def test_a_large_untouched_body(gateway: Process, emulator: Emulator) -> None:
    before = gateway.peak
    response = httpx.post(f"{gateway.base_url}/image/any", content=pieces(), headers=KEY, timeout=60)
    assert response.status_code == 404
    assert gateway.peak - before < SLACK
    assert emulator.requests[-1].size == SIZE


@pytest.mark.parametrize("untouched", sampled([False, True], 2))
def test_a_large_download(gateway: Process, emulator: Emulator, untouched: bool) -> None:
    id = httpx.post(f"{gateway.base_url}/media", data={"prompt": "x"}, headers=KEY).json()["data"]["id"]
    url = httpx.get(f"{gateway.base_url}/media/{id}", headers=KEY).json()["data"]["result"][0]["url"]
    stored = emulator.file(url)
    assert stored is not None
    before = gateway.peak
    if untouched:
        with running(emulator.files_url) as files:
            before = files.peak
            with httpx.stream("GET", url.replace(emulator.files_url, files.base_url)) as response:
                received = digest(response.iter_bytes())
            assert files.peak - before < SLACK
    else:
        with httpx.stream("GET", f"{gateway.base_url}/media/{id}/download", headers=KEY) as response:
            received = digest(response.iter_bytes())
        assert gateway.peak - before < SLACK
    assert response.headers["content-length"] == str(SIZE)
    assert received == digest(iter(stored.chunks()))
