"""An emulator for each test, and the program configured to use it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from json import loads
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from vimmerse.cli import main
from vimmerse.emulator import Emulator

if TYPE_CHECKING:
    from vimmerse.batch import Ledger

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


@pytest.fixture
def batch_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: an empty one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VIMMERSE_DATABASE_URL", raising=False)
    monkeypatch.delenv("VIMMERSE_API_KEY", raising=False)
    return tmp_path


@pytest.fixture
def table(batch_folder: Path) -> Path:
    """Three stories of 50 credits."""
    from tests.cli.batches import write

    return write(batch_folder, *(f"{key},A {key},1" for key in ("boat", "cat", "dog")))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a batch with a job in every state that a person sees."""
    from vimmerse.batch import Ledger, State

    from tests.cli.batches import planned

    path = tmp_path_factory.mktemp("prepared") / "batch.sqlite"
    with Ledger(path, batch="clips", budget=1000, clock=lambda: 1_700_000_000.0) as ledger:
        ledger.plan(planned("boat", "cat", "dog", "eel", "fox", "gnu"))
        ledger.begin("boat").accepted("s1")
        ledger.end("boat", State.FINISHED, used_credits=140, result=["https://files.example/a.mp4?token=x"])
        ledger.settle(ledger.begin("cat"), TimeoutError("lost"))
        ledger.begin("dog").refused("INVALID: idea")
        ledger.begin("eel").accepted("s4")
        ledger.end("eel", State.FAILED, error="the service says: no")
        ledger.begin("fox").accepted("s5")
    return path


@pytest.fixture
def ledger(batch_folder: Path, prepared: Path) -> Iterator[Ledger]:
    from vimmerse.batch import Ledger

    shutil.copy(prepared, batch_folder)
    with Ledger(batch_folder / "batch.sqlite", batch="clips") as ledger:
        yield ledger
