"""Starting the processes that are measured, all in the same way.

Every process has the same interpreter and the same environment: no Python variables of the caller, no proxies, no
settings of this library, and cached bytecode, as in an installed package.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_LEFT_OUT = ("PYTHON", "VIMMERSE_", "FAL_", "OPENAI_", "RUNWAYML_", "LUMAAI_", "REPLICATE_")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
#: For bytecode, because the checkout may be read-only and the environment new.
CACHE = Path(tempfile.gettempdir()) / f"vimmerse-bench-{os.getuid()}"


def environment(**more: str) -> dict[str, str]:
    """The environment variables of every process."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_LEFT_OUT) and name.upper() not in _PROXIES
    }
    return {**kept, "PYTHONPYCACHEPREFIX": str(CACHE), **more}


@dataclass(frozen=True)
class Cost:
    """What a process or a call has taken: wall-clock and CPU time in seconds."""

    wall: float
    cpu: float


def run(program: Path, *arguments: str, **more: str) -> Cost:
    """Run a program in a new interpreter. Raises ``RuntimeError`` with its output if it fails."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, str(program), *arguments],
            env=environment(**more),
            stdout=output,
            stderr=output,
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            text = output.read().decode(errors="replace")
            raise RuntimeError(f"status {process.returncode} of:\n{program.read_text()}\n{text}")
    return Cost(wall, used.ru_utime + used.ru_stime)


def used(process: int) -> float:
    """CPU seconds that a running process has used so far. Linux only."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def module(name: str, *arguments: str, tool: Sequence[str] = (), **more: str) -> Iterator[subprocess.Popen[str]]:
    """Run a module of this package in the background. It ends when its standard input does. ``tool``: what runs it."""
    command = [*tool, sys.executable, "-m", name, *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(**more), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def port_of(process: subprocess.Popen[str]) -> int:
    """The port that a process prints when it listens."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"{process.args!r} did not start")
    return int(line)


@contextmanager
def server(certificate: str = "", delay: float = 0.0) -> Iterator[int]:
    """Run :mod:`benchmarks.server` on loopback; yields its port. ``delay``: seconds before each response."""
    arguments = ["--delay", str(delay), *(("--certificate", certificate) if certificate else ())]
    with module("benchmarks.server", *arguments) as process:
        yield port_of(process)
