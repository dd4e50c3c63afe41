"""Settings and options with invalid values, and which commands ignore them."""

from __future__ import annotations

from pathlib import Path

import pytest
from vimmerse.emulator import Emulator

from tests.cli.conftest import Vimmerse, program
from tests.sampling import sampled


@pytest.mark.parametrize(
    ("option", "value"),
    sampled([("--port", "65536"), ("--files-port", "70000"), ("--port", "-1"), ("--credits", "-1")], 4),
)
def test_invalid_numbers_for_the_emulator(option: str, value: str) -> None:
    done = program("emulate", option, value)

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("vimmerse emulate: error: ")
    assert option.strip("-").replace("-", "_") in done.stderr


def test_check_ignores_the_settings_of_a_run(tmp_path: Path) -> None:
    done = program("check", str(tmp_path), VIMMERSE_RUN="{")

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "value"),
    sampled(
        [
            ("VIMMERSE_API_KEY", "two\nlines-of-a-key"),
            ("VIMMERSE_API_KEY", "kéy-that-is-no-ascii"),
            ("VIMMERSE_BASE_URL", "no-url-at-all"),
            ("VIMMERSE_COMPAT_MODE", "loose"),
            ("VIMMERSE_RUN", "no-settings"),
        ],
        3,
    ),
)
def test_check_ignores_invalid_settings(tmp_path: Path, name: str, value: str) -> None:
    (tmp_path / "video.py").write_text("import requests; requests.get('http://api.vimmerse.net/story/1')")

    done = program("check", str(tmp_path), **{name: value})

    assert done.returncode == 1
    assert "1 v1 call in 1 of 1 file" in done.stdout
    assert value not in done.stdout + done.stderr


def test_check_ignores_the_base_url(tmp_path: Path) -> None:
    (tmp_path / "video.py").write_text("import requests; requests.get('http://localhost:8080/vimmerse/story/1')")

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
def test_an_invalid_setting_is_a_one_line_error(
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
    assert f"{limit!r} is not a number of credits" in done.error
    assert emulator.requests == ()


def test_translate_has_the_settings_of_run(vimmerse: Vimmerse) -> None:
    url = "http://localhost:1/v1/story/idea-2-video"

    done = vimmerse("translate", "POST", url, "-d", "motion_type=Kling2", "--base-url", "http://localhost:1/v1")
    assert "Choose another with --video-tool Kling2=...\n" in done.out
    named = vimmerse(
        "translate", "POST", "/story/idea-2-video", "-d", "motion_type=Kling2", "--video-tool", "Kling2=Vidu"
    )
    assert '"video_tool": "Vidu"' in named.out
    assert "lost" not in named.out


def test_errors_of_the_gateway_name_its_options() -> None:
    from vimmerse.compat import CreditLimitError, translate_request
    from vimmerse.compat.gateway.cli import configure, parser

    policy, _ = configure(parser().parse_args(["--max-credits", "10", "--mode", "strict"]))

    with pytest.raises(CreditLimitError, match="Raise --max-credits or ask for fewer"):
        translate_request("POST", "/story/idea-2-video", data={"idea": "x"}, policy=policy)
