"""An emulator for each test, and the program configured to use it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from json import loads
from pathlib import Path
from typing import Any

import pytest
from vimmerse.cli import main
from vimmerse.emulator import Emulator

KEY = "key-of-the-tests-0123456789"


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document of standard output."""
        return loads(self.out)

    @property
    def error(self) -> str:
        """The last line of standard error, which has the error message."""
        return self.err.splitlines()[-1]


Vimmerse = Callable[..., Ended]


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    with Emulator() as running:
        monkeypatch.setenv("VIMMERSE_BASE_URL", running.base_url)
        monkeypatch.setenv("VIMMERSE_API_KEY", KEY)
        yield running


@pytest.fixture
def vimmerse(capsys: pytest.CaptureFixture[str]) -> Vimmerse:
    """A function that runs the program in this process, and checks that the key is not in the output."""

    def run(*arguments: object) -> Ended:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        assert KEY not in captured.out + captured.err
        return Ended(code, captured.out, captured.err)

    return run


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG" + b"." * 100_000)
    return path


def program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own, with these environment variables."""
    return subprocess.run(
        [sys.executable, "-m", "vimmerse", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
