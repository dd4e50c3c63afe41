"""Careless use: outputs that can't be written, settings and options that make no sense."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from vimmerse.emulator import Emulator

from tests.cli.conftest import Vimmerse
from tests.cli.test_door import program


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["run", "--help"], ["demo", "--out", "/dev/null/x"], ["estimate", "--json"], ["--help"]],
)
def test_what_cannot_be_written_is_one_line(arguments: list[str]) -> None:
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


@pytest.mark.parametrize("arguments", [["--version"], ["run", "--help"]])
def test_a_closed_output_ends_help_quietly(arguments: list[str]) -> None:
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


def test_results_go_to_standard_error_where_there_is_no_standard_output() -> None:
    code = "import os, sys; os.close(1); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    estimate = ["-m", "vimmerse", "estimate"]

    done = subprocess.run(
        [sys.executable, "-c", code, *estimate], stderr=subprocess.PIPE, text=True, check=True, timeout=60
    )

    assert done.stderr == "about 150 credits\n"


@pytest.mark.parametrize(
    ("arguments", "status"), [(["estimate"], 0), (["--help"], 0), (["completion", "bash"], 0), (["translate"], 2)]
)
def test_a_command_ends_as_usual_where_there_is_no_output_at_all(arguments: list[str], status: int) -> None:
    code = "import os, sys; os.close(1); os.close(2); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"

    done = subprocess.run([sys.executable, "-c", code, "-m", "vimmerse", *arguments], check=False, timeout=60)

    assert done.returncode == status


@pytest.mark.parametrize(
    ("option", "value"), [("--port", "65536"), ("--files-port", "70000"), ("--port", "-1"), ("--credits", "-1")]
)
def test_numbers_of_the_emulator_that_make_no_sense(option: str, value: str) -> None:
    done = program("emulate", option, value)

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("vimmerse emulate: error: ")
    assert option.strip("-").replace("-", "_") in done.stderr


def test_check_reads_no_setting_of_a_run(tmp_path: Path) -> None:
    done = program("check", str(tmp_path), VIMMERSE_RUN="{")

    assert (done.returncode, done.stderr) == (0, "")


def test_the_id_of_what_is_paid_for_is_told_though_the_output_is_closed(emulator: Emulator) -> None:
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
    assert f"To go on waiting, which is free: vimmerse wait story {job.id}" in done.stderr


# Settings that can't be used


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VIMMERSE_API_KEY", "two\nlines-of-a-key"),
        ("VIMMERSE_API_KEY", "kéy-that-is-no-ascii"),
        ("VIMMERSE_BASE_URL", "no-url-at-all"),
        ("VIMMERSE_COMPAT_MODE", "loose"),
        ("VIMMERSE_RUN", "no-settings"),
    ],
)
def test_check_needs_no_setting(tmp_path: Path, name: str, value: str) -> None:
    (tmp_path / "film.py").write_text("import requests; requests.get('http://api.vimmerse.net/story/1')")

    done = program("check", str(tmp_path), **{name: value})

    assert done.returncode == 1
    assert "1 v1 call in 1 of 1 file" in done.stdout
    assert value not in done.stdout + done.stderr


def test_check_asks_no_setting_what_v1_is(tmp_path: Path) -> None:
    (tmp_path / "film.py").write_text("import requests; requests.get('http://localhost:8080/vimmerse/story/1')")

    assert program("check", str(tmp_path), VIMMERSE_BASE_URL="http://localhost:8080/vimmerse").returncode == 0


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [("VIMMERSE_API_KEY", "kéy-no-ascii", "printable ASCII"), ("VIMMERSE_BASE_URL", "http://h:99999", "URL")],
)
@pytest.mark.parametrize(
    "arguments",
    [
        "run x.py",
        "serve --port 0",
        "translate POST /story",
        "story get x",
        "media create --prompt x --yes",
        "wait story x",
    ],
)
def test_a_setting_that_cannot_be_used_is_one_line(
    vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch, name: str, value: str, text: str, arguments: str
) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", "a-key-of-the-tests")
    monkeypatch.setenv(name, value)

    done = vimmerse(*arguments.split())

    assert done.code == 2
    (line,) = done.err.splitlines()
    assert text in line
    assert "kéy" not in line


@pytest.mark.parametrize("arguments", ["estimate", "story create --idea x --yes", "translate POST /story"])
@pytest.mark.parametrize("limit", ["nan", "-1", "many"])
def test_a_limit_must_be_a_number(vimmerse: Vimmerse, emulator: Emulator, arguments: str, limit: str) -> None:
    done = vimmerse(*arguments.split(), "--max-credits", limit)

    assert done.code == 2
    assert f"{limit!r} is no number of credits" in done.error
    assert emulator.requests == ()


def test_translate_takes_the_settings_of_run(vimmerse: Vimmerse) -> None:
    url = "http://localhost:1/v1/story/idea-2-video"

    done = vimmerse("translate", "POST", url, "-d", "motion_type=Kling2", "--base-url", "http://localhost:1/v1")
    assert "Choose another with --video-tool Kling2=...\n" in done.out
    named = vimmerse(
        "translate", "POST", "/story/idea-2-video", "-d", "motion_type=Kling2", "--video-tool", "Kling2=Vidu"
    )
    assert '"video_tool": "Vidu"' in named.out
    assert "lost" not in named.out


def test_the_gateway_names_its_options_in_advice() -> None:
    from vimmerse.compat import CreditLimitError, translate_request
    from vimmerse.compat.gateway.cli import configure, parser

    policy, _ = configure(parser().parse_args(["--max-credits", "10", "--mode", "strict"]))

    with pytest.raises(CreditLimitError, match="Raise --max-credits or ask for fewer"):
        translate_request("POST", "/story/idea-2-video", data={"idea": "x"}, policy=policy)


def test_an_interruption_of_the_start_is_one(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(ModuleType):
        def __getattr__(self, name: str) -> object:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "vimmerse.cli.app", Interrupted("app"))

    assert vimmerse("estimate").code == 130
