"""``vimmerse cassettes convert``: its output and its exit codes. tests/cassettes_convert has what it converts."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import KEY, Vimmerse

API = "https://api.vimmerse.net"


def exchange(method: str, path: str, answer: Any, key: str = "KEY", **body: str) -> dict[str, Any]:
    headers = {"X-Api-Key": [key], "Content-Type": ["application/x-www-form-urlencoded"]}
    return {
        "request": {"method": method, "uri": API + path, "headers": headers, **({"body": None} | body)},
        "response": {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": json.dumps(answer)}},
    }


MEDIA = exchange(
    "GET", "/media/m", {"data": {"id": "m", "result": [{"url": "u", "motion_type": "Auto1"}], "nsfw": "1"}}
)
EDIT = exchange("PUT", "/story/s", {"data": {"id": "s"}}, body="title=a")
LEFT = exchange("GET", "/story/s", [])


def write(path: Path, *exchanges: dict[str, Any]) -> Path:
    path.write_text(yaml.safe_dump({"interactions": list(exchanges)}))
    return path


def test_shows_what_would_change(vimmerse: Vimmerse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path / "a.yaml", MEDIA, EDIT)
    before = path.read_bytes()

    done = vimmerse("cassettes", "convert", ".")

    assert done.code == 0
    arrow = "→" if "→" in done.out else "->"
    assert done.out.splitlines() == [
        "a.yaml: would be converted",
        f"    1 GET /media/{{media_id}} {arrow} GET /v2/media/{{id}}",
        "        differs: result.*.motion_type: a result of v2 is a URL and nothing else",
        "        kept, although v2 does not return it: nsfw",
        "    2 PUT /story/{story_id}: unchanged",
        "v1 exchanges: 1 converted, 1 unchanged, 0 left; files that can't be converted: 0",
    ]
    assert done.err == "Nothing was changed; --write changes the files.\n"
    assert path.read_bytes() == before


def test_writes(vimmerse: Vimmerse, tmp_path: Path) -> None:
    path = write(tmp_path / "a.yaml", MEDIA)

    done = vimmerse("cassettes", "convert", tmp_path, "--write")

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{path}: converted\n")
    assert "/v2/media/m" in path.read_text()
    assert vimmerse("cassettes", "convert", tmp_path, "--write").out.startswith("v1 exchanges: 0 converted")


def test_what_is_left_is_exit_code_1(vimmerse: Vimmerse, tmp_path: Path) -> None:
    path, broken = write(tmp_path / "a.yaml", LEFT, MEDIA), tmp_path / "b.json"
    broken.write_text('{"interactions": ["api.vimmerse.net"')

    done = vimmerse("cassettes", "convert", tmp_path, "--write")

    assert done.code == 1
    assert f'{path}: converted\n    1 GET /story/{{story_id}}: left: the recorded response is not {{"data"' in done.out
    assert f"{broken}: left: it is not JSON" in done.out
    assert done.out.endswith("v1 exchanges: 1 converted, 0 unchanged, 1 left; files that can't be converted: 1\n")
    assert broken.read_text() == '{"interactions": ["api.vimmerse.net"'


def test_json(vimmerse: Vimmerse, tmp_path: Path) -> None:
    path = write(tmp_path / "a.yaml", MEDIA, EDIT)

    document = vimmerse("cassettes", "convert", path, "--json").json

    assert (document["written"], document["complete"]) == (False, True)
    (cassette,) = document["cassettes"]
    assert cassette["path"] == str(path)
    assert cassette["exchanges"][0] == {
        "number": 1,
        "call": "GET /media/{media_id}",
        "outcome": "converted",
        "requests": ["GET /v2/media/{id}"],
        "lost": [{"field": "result.*.motion_type", "why": "a result of v2 is a URL and nothing else"}],
        "kept": ["nsfw"],
        "reason": "",
    }


def test_a_recorded_key_is_pointed_at_and_not_shown(vimmerse: Vimmerse, tmp_path: Path) -> None:
    """The fixture checks that the key is in no output."""
    path = write(tmp_path / "a.yaml", exchange("GET", f"/story/{KEY}", [], KEY))

    done = vimmerse("cassettes", "convert", path)

    assert f"{path}: exchange 1: the header X-Api-Key seems to hold a real key" in done.err


def test_settings_of_the_tests(vimmerse: Vimmerse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_BASE_URL", "http://of.the.environment")
    call = exchange("POST", "/story/url-2-video", {"data": {"id": "s"}}, body="idea=a&motion_type=Wan&option=GPTImage")
    path = write(tmp_path / "a.yaml", call)

    tools = ("--video-tool", "Wan=Vidu", "--image-tool", "GPTImage=Seedream")
    vimmerse("cassettes", "convert", path, "--write", "--base-url", "http://127.0.0.1:1", *tools)

    sent = yaml.safe_load(path.read_text())["interactions"][0]["request"]
    assert sent["uri"] == "http://127.0.0.1:1/v2/story/url-2-video"
    assert {"video_tool": "Vidu", "image_tool": "Seedream"}.items() <= json.loads(sent["body"]).items()


def test_a_limit_needs_a_lookup(vimmerse: Vimmerse, tmp_path: Path) -> None:
    preset = {"MotionType": "Auto", "Params": "Prompt=a|Quantity=1|MotionLength=5"}
    media = {"data": {"id": "m", "pose_preset": preset, "submit_params": {"sound_effects": "No"}}}
    path = write(
        tmp_path / "a.yaml", exchange("GET", "/media/m", media), exchange("PUT", "/media/m", media, body="loop=2")
    )

    assert vimmerse("cassettes", "convert", path, "--max-credits", "10").code == 1
    assert vimmerse("cassettes", "convert", path, "--max-credits", "100", "--write").code == 0

    sent = [each["request"] for each in yaml.safe_load(path.read_text())["interactions"]]
    assert [f"{each['method']} {each['uri'].removeprefix(API)}" for each in sent] == [
        "GET /v2/media/m",
        "GET /v2/media/m",
        "PUT /v2/media/m",
    ]


def test_strict_mode_sends_nothing_to_v1(vimmerse: Vimmerse, tmp_path: Path) -> None:
    path = write(tmp_path / "a.yaml", EDIT)

    done = vimmerse("cassettes", "convert", path, "--mode", "strict")

    assert done.code == 1
    assert "1 PUT /story/{story_id}: left: PUT /story/{story_id} was not sent (strict mode)" in done.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["convert"], "Missing argument"),
        (["convert", "no-such-folder"], "'no-such-folder' does not exist"),
        (["convert", ".", "--base-url", "ftp://x"], "base_url"),
        (["convert", ".", "--video-tool", "x"], "--video-tool"),
        (["other"], "No such command"),
    ],
)
def test_usage(vimmerse: Vimmerse, arguments: list[str], message: str) -> None:
    done = vimmerse("cassettes", *arguments)

    assert done.code == 2
    assert message in done.error


def test_without_pyyaml(vimmerse: Vimmerse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.yaml", MEDIA)
    monkeypatch.setitem(sys.modules, "yaml", None)

    done = vimmerse("cassettes", "convert", path)

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("vimmerse: YAML cassettes need PyYAML: pip install 'vimmerse[migrate]'")


def test_a_folder_that_can_not_be_written(vimmerse: Vimmerse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.yaml", MEDIA)

    def fail(*arguments: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr("tempfile.mkstemp", fail)

    done = vimmerse("cassettes", "convert", path, "--write")

    assert done.code == 1
    assert done.out.startswith(f"{path}: left: it can't be read or written (Permission denied)\n")
