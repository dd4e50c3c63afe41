"""Run the program on a terminal or with pipes, and interrupt it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 30.0  # seconds until a test fails
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A program whose three streams are one terminal."""

    def __init__(self, *arguments: str, columns: int = 100, **environment: str) -> None:
        self._own, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
        self._program = subprocess.Popen(
            [sys.executable, "-m", "vimmerse", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**inherited, "TERM": "xterm-256color", **environment},
            start_new_session=True,
        )
        os.close(theirs)
        self.raw = ""

    def read_until(self, text: str) -> None:
        """Read until this text has been printed, or fail after a while."""
        end = time.monotonic() + PATIENCE
        while text not in self.text:
            more = time.monotonic() < end and self._read()
            assert more, f"{text!r} did not come: {self.text}"

    def write(self, text: str) -> None:
        os.write(self._own, text.encode())

    def interrupt(self) -> None:
        self._program.send_signal(signal.SIGINT)

    def end(self) -> int:
        """Read to the end, and return the exit code."""
        while self._read():
            pass
        os.close(self._own)
        return self._program.wait(PATIENCE)

    def _read(self) -> bool:
        try:
            ready, _, _ = select.select([self._own], [], [], PATIENCE)
            data = os.read(self._own, 65536) if ready else b""
        except OSError:  # how Linux reports that the other end is closed
            return False
        self.raw += data.decode("utf-8", "replace")
        return bool(data)

    @property
    def text(self) -> str:
        """The output, without colours and cursor movements."""
        return _CONTROL.sub("", self.raw).replace("\r\n", "\n")

    @property
    def frames(self) -> list[str]:
        """The lines of the output; each state of a redrawn line is a line, without repetitions."""
        lines = [line.rstrip() for line in re.split(r"[\r\n]+", self.text) if line.strip()]
        return [line for place, line in enumerate(lines) if not place or line != lines[place - 1]]


@contextmanager
def piped(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run the program with pipes."""
    with subprocess.Popen(
        [sys.executable, "-m", "vimmerse", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        try:
            yield program
        finally:
            program.kill()


def until(condition: Callable[[], bool]) -> None:
    """Wait until this is true, or fail after a while."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)
