"""Standard streams that are closed, full, or can't show every character."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from vimmerse.cli import main
from vimmerse.cli.console import Console
from vimmerse.emulator import Emulator


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["run", "--help"], ["demo", "--out", "/dev/null/x"], ["estimate", "--json"], ["--help"]],
)
def test_output_that_cannot_be_written_is_a_one_line_error(arguments: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "vimmerse", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )

    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("vimmerse")
    assert "No space left on device" in line or "Not a directory" in line


@pytest.mark.parametrize("arguments", [["--version"], ["run", "--help"], ["estimate"]])
def test_closed_output_ends_a_command_silently(arguments: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "vimmerse", *arguments],
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    os.close(write)

    assert (done.returncode, done.stderr) == (141, b"")


def test_without_standard_output_results_go_to_standard_error() -> None:
    code = "import os, sys; os.close(1); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    estimate = ["-m", "vimmerse", "estimate"]

    done = subprocess.run(
        [sys.executable, "-c", code, *estimate], stderr=subprocess.PIPE, text=True, check=True, timeout=60
    )

    assert done.stderr == "about 150 credits\n"


@pytest.mark.parametrize(
    ("arguments", "status"), [(["estimate"], 0), (["--help"], 0), (["completion", "bash"], 0), (["translate"], 2)]
)
def test_without_any_output_the_exit_code_is_the_same(arguments: list[str], status: int) -> None:
    code = "import os, sys; os.close(1); os.close(2); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"

    done = subprocess.run([sys.executable, "-c", code, "-m", "vimmerse", *arguments], check=False, timeout=60)

    assert done.returncode == status


def test_the_id_of_a_paid_job_is_shown_although_output_is_closed(emulator: Emulator) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "vimmerse", "story", "create", "--idea", "x", "--yes"],
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    os.close(write)

    (job,) = emulator.jobs
    assert done.returncode == 141
    assert f"To keep waiting (free): vimmerse wait story {job.id}" in done.stderr


def test_characters_that_the_encoding_lacks_are_escaped() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "vimmerse", "translate", "POST", "/media", "-d", "title=Kätzchen 猫"],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=True,
    )

    assert '"title": "Kätzchen \\u732b"'.encode("latin-1") in done.stdout


def test_a_closed_stream_is_not_a_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (tmp_path / "x").open("w") as closed:
        pass
    monkeypatch.setattr("sys.stdin", closed)

    assert not Console(False).can_ask


def test_minimal_stream_objects_suffice(monkeypatch: pytest.MonkeyPatch) -> None:
    class Plain:
        text = ""

        def write(self, text: str) -> int:
            self.text += text
            return len(text)

        def flush(self) -> None:
            pass

    plain = Plain()
    monkeypatch.setattr("sys.stdout", plain)

    assert main(["--version"]) == 0
    assert plain.text == f"vimmerse {version('vimmerse')}\n"
