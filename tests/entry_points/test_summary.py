"""The end of ``vimmerse run``: one summary of the program's v1 calls and of those of its Python processes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from vimmerse.compat.process import startup, summary
from vimmerse.compat.process.runner import run_script
from vimmerse.compat.runtime.call_counts import PROCESS, CallCounts
from vimmerse.emulator import Emulator

from tests.entry_points.fakes import uninstall_all

KEY = "key-of-the-summary-0123456789"
COMMAND = "import sys; from vimmerse.cli import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where runs keep their counts; it must be empty at the end."""
    monkeypatch.chdir(tmp_path)
    counts = tmp_path / "counts"
    counts.mkdir()
    monkeypatch.setenv("TMPDIR", str(counts))
    yield counts
    uninstall_all()
    PROCESS.store_in("")
    PROCESS.restart()
    assert list(counts.iterdir()) == []


def run(emulator: Emulator, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", COMMAND, "run", *arguments],
        env={
            **os.environ,
            "VIMMERSE_API_KEY": KEY,
            "VIMMERSE_BASE_URL": emulator.base_url,
            "PYTHONWARNINGS": "ignore",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def write(name: str, text: str) -> str:
    Path(name).write_text(textwrap.dedent(text))
    return name


def operations(report: dict[str, Any]) -> dict[str, int]:
    return {each["v1"]: each["calls"] for each in report["operations"]}


@pytest.mark.slow
def test_it_is_about_all_processes_and_changes_nothing_else(emulator: Emulator) -> None:
    """Also of one that is killed, of a nested run, and of the program that takes the place of the first."""
    write(
        "program.py",
        """
        import atexit, multiprocessing, os, subprocess, sys, threading
        import requests

        URL = "http://api.vimmerse.net"

        def call(path):
            return requests.get(f"{URL}{path}").status_code

        def main():
            requests.post(f"{URL}/story/idea-2-video", data={"idea": "secret", "motion_type": "RunwayML"})
            with multiprocessing.get_context("fork").Pool(1) as pool:
                pool.map(call, ["/story/1"] * 3)
            code = f"import os, program; program.call('/media/1'); os.kill(os.getpid(), 9)"
            subprocess.run([sys.executable, "-c", code])
            nested = [sys.executable, "-c", COMMAND, "run", "--report", "nested.html", "-c"]
            done = subprocess.run([*nested, "import program; program.call('/media/2')"], capture_output=True, text=True)
            print(done.stderr.splitlines()[0])
            last = "import program, sys; program.call('/media/3/download'); print('done'); sys.exit('bye')"
            os.execv(sys.executable, [sys.executable, "-c", last])

        if __name__ == "__main__":
            COMMAND = sys.argv[1]
            main()
        """,
    )
    done = run(emulator, "--report", "report.json", "program.py", COMMAND)
    assert (done.returncode, done.stdout) == (1, "vimmerse run: 1 v1 call, 1 failed\ndone\n"), done.stderr
    lines = done.stderr.splitlines()
    assert lines[:2] == ["bye", "vimmerse run: 7 v1 calls, 6 failed, about 150 credits"]
    assert "     1 POST /story/idea-2-video  program.py:11" in lines
    assert lines[-1] == "What to change: vimmerse check program.py"
    assert len(lines) <= 16
    report = json.loads(Path("report.json").read_text())
    assert operations(report) == {
        "POST /story/idea-2-video": 1,
        "GET /story/{story_id}": 3,
        "GET /media/{media_id}": 2,
        "GET /media/{media_id}/download": 1,
    }
    page = Path("nested.html").read_text()
    assert "GET /media/{media_id}" in page
    assert not any(text in done.stderr + page + json.dumps(report) for text in (KEY, "secret", emulator.base_url))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("end", "code", "last"),
    [
        ("raise KeyError('x')", 1, "KeyError: 'x'"),
        ("raise KeyboardInterrupt", 130, "KeyboardInterrupt"),
        ("threading.Thread(target=later).start(); atexit.register(call)", 0, ""),
    ],
)
def test_it_is_the_last_line_however_the_program_ends(emulator: Emulator, end: str, code: int, last: str) -> None:
    text = f"""
        import atexit, threading, time
        import requests
        def call():
            requests.get("http://api.vimmerse.net/story/1")
        def later():
            threading.main_thread().join()
            call()
        call()
        {end}
        """
    done = run(emulator, write("program.py", text))
    assert done.returncode == code
    before, _, shown = done.stderr.partition("vimmerse run: ")
    assert before.splitlines()[-1:] == ([last] if last else [])
    calls = 1 if last else 3
    assert shown.startswith(f"{calls} v1 call")
    assert shown.endswith("What to change: vimmerse check program.py\n")


# In this process


def make_calls(*operations: str) -> None:
    PROCESS.add([(("calls", operation), 1) for operation in operations])


def test_a_program_without_v1_calls_ends_without_a_word(capfd: pytest.CaptureFixture[str], folder: Path) -> None:
    assert run_script(["-c", "print('hello')"]) == 0
    assert len(list(folder.iterdir())) == 1
    summary.finish()
    summary.finish()
    assert capfd.readouterr() == ("hello\n", "")


def test_but_its_report_is_written(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_script(["--report", "none.json", "-c", "pass"]) == 0
    summary.finish()
    assert json.loads(Path("none.json").read_text())["calls"] == 0
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("options", [[], ["--quiet"], ["--quiet", "--report", "report.HTML"]])
def test_quiet_turns_it_off_but_not_the_file(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run_script([*options, "-c", "import requests"]) == 0
    make_calls("POST /story")
    summary.finish()
    assert capsys.readouterr().err == (
        "" if options else "vimmerse run: 1 v1 call\n     1 POST /story\nWhat to change: vimmerse check PATH\n"
    )
    assert Path("report.HTML").exists() is ("--report" in options)


@pytest.mark.parametrize(
    ("value", "problem"),
    [("report.txt", "a .json or .html file"), ("nowhere/report.json", "no such folder"), ("html", "a .json or")],
)
def test_a_report_that_can_not_be_written_is_rejected_before_the_program(
    value: str, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_script(["--report", value, "-c", "print('not run')"]) == 2
    output = capsys.readouterr()
    assert (output.out, problem in output.err) == ("", True)


def test_or_named_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    Path("report.json").mkdir()
    assert run_script(["--report", "report.json", "-c", "pass"]) == 0
    summary.finish()
    assert capsys.readouterr().err.startswith("vimmerse run: can't write the report: ")


def test_without_a_folder_it_is_about_this_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TMPDIR", "/nowhere/at/all")
    assert run_script(["-c", "import requests"]) == 0
    make_calls("POST /story")
    summary.finish()
    assert capsys.readouterr().err.startswith("vimmerse run: 1 v1 call\n")


def test_the_name_of_the_folder_may_be_anything(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    odd = tmp_path / 'a "folder" \\ of\n mine'
    odd.mkdir()
    monkeypatch.setenv("TMPDIR", str(odd))
    assert run_script(["-c", "import requests"]) == 0
    make_calls("POST /story")
    assert len(list(odd.glob("*/*"))) == 1
    summary.finish()
    assert capsys.readouterr().err.startswith("vimmerse run: 1 v1 call\n")
    assert list(odd.iterdir()) == []


@pytest.mark.parametrize("stream", [None, "closed"])
def test_a_program_without_standard_error_ends_as_usual(
    stream: str | None, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_script(["-c", "import requests"]) == 0
    make_calls("POST /story")
    closed = io.StringIO()
    closed.close()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", closed if stream else None)
        summary.finish()
    assert capfd.readouterr() == ("", "")


def test_a_forked_process_prints_none(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    summary.start()
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: 1)
        summary.finish()
    (path,) = folder.iterdir()
    path.rmdir()


def test_a_run_within_a_run_is_part_of_the_outer_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outer = CallCounts()
    outer.store_in(str(folder))
    outer.add([(("calls", "POST /story"), 1)])
    assert summary.start(str(folder)) == str(folder)
    inner = Path(summary.start(str(folder), "inner.json"))
    assert inner.parent == folder
    assert inner.name.startswith(startup.folder_prefix())
    summary.finish()
    assert json.loads(Path("inner.json").read_text())["calls"] == 0
    next(folder.iterdir()).unlink()
