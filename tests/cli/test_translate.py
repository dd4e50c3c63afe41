"""``vimmerse translate``: the v2 requests of v1 calls, without network or key."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.cli.conftest import Vimmerse


def test_a_form_is_translated(vimmerse: Vimmerse) -> None:
    done = vimmerse(
        *("translate", "post", "story/idea-2-video", "-d", "idea=Ein Kätzchen", "-d", "motion_type=Kling2"),
        *("-d", "seed=4", "-d", "scene_count=2"),
    )

    assert done.code == 0
    assert done.err == ""
    lines = done.out.splitlines()
    assert lines[:2] == ["v1 POST /story/idea-2-video", "v2 POST /v2/story/idea-2-video"]
    assert '      "idea": "Ein Kätzchen",' in lines
    assert any(line.startswith("lost: motion_type='Kling2' becomes video_tool='KlingAI'") for line in lines)
    assert "lost: seed='4' is left out: v2 picks its own seed" in lines
    assert any(line.startswith("note: The whole audio_option") for line in lines)
    assert lines[-1] == "price: about 100 credits"


def test_a_form_with_files_is_translated_without_reading_them(vimmerse: Vimmerse) -> None:
    done = vimmerse(
        *("translate", "POST", "/media", "-F", "image_files=@start.png", "-F", "prompt=Rain", "-d", "title=Wet"),
        *("-d", "visibility_status=0", "--json"),
    )

    assert done.code == 0
    assert [(step["method"], step["path"], step["paid"]) for step in done.json["requests"]] == [
        ("POST", "/v2/image", False),
        ("POST", "/v2/media", True),
        ("PUT", "/v2/media/NEW_ID", False),
    ]
    assert done.json["requests"][0]["files"] == {"image_file": "start.png"}
    assert done.json["requests"][1]["json"] == {
        "title": "Wet",
        "prompt": "Rain",
        "media_items": [{"type": "image", "url": "(the URL of start.png)", "position": "First"}],
    }
    assert done.json["estimate"]["credits"] == 50
    assert {
        "kind": "deprecated",
        "field": "image_files",
        "v2_field": "media_items",
    }.items() <= done.json["notices"][1].items()


def test_an_upload_is_shown(vimmerse: Vimmerse) -> None:
    done = vimmerse("translate", "POST", "/story", "-F", "image_files=@start.png")

    assert "v2 POST /v2/image\n      image_file: start.png\nv2 POST /v2/story\n" in done.out
    assert done.out.endswith("price: not documented\n")


def test_several_motions_are_several_requests(vimmerse: Vimmerse) -> None:
    presets = '{"pose_preset": [{"MotionType": "Auto"}, {"MotionType": "AutoT1", "Params": "MotionLength=10"}]}'

    done = vimmerse("translate", "POST", "/media/prompt", "--json-body", presets, "--json")

    assert [step["json"] for step in done.json["requests"]] == [
        {"video_tool": "Auto"},
        {"video_tool": "AutoT1", "duration": 10},
    ]
    assert done.json["estimate"]["credits"] == 100


def test_a_json_file_is_translated(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"title": "Waves"}'))

    done = vimmerse("translate", "POST", "https://api.vimmerse.net/media/prompt", "--json-file", "-", "--json")

    assert done.json["requests"][0]["json"] == {"title": "Waves"}


@pytest.mark.parametrize(
    ("method", "path", "step"),
    [
        ("GET", "/media/m/processing-status", "v2 GET /v2/media/m?fields=processing_status"),
        ("POST", "/media/m/process", "v2 GET /v2/media/m"),
        ("DELETE", "/story/s", "v2 DELETE /v2/story/s"),
    ],
)
def test_requests_that_depend_on_a_response_are_not_shown(
    vimmerse: Vimmerse, method: str, path: str, step: str
) -> None:
    done = vimmerse("translate", method, path)

    assert done.out.splitlines()[1] == step
    assert ("price" in done.out) == (method != "POST")


def test_scenes_are_shown_without_those_of_the_story(vimmerse: Vimmerse) -> None:
    body = '{"scenes": [{"prompt": "A dance"}]}'

    done = vimmerse("translate", "POST", "/story/s/videos", "--json-body", body, "--json")

    look_up, created = done.json["requests"]
    assert (look_up["method"], look_up["path"], look_up["paid"]) == ("GET", "/v2/story/s", False)
    assert (created["path"], created["paid"]) == ("/v2/story/s/videos", True)
    assert created["json"] == {"storyboard": {"scenes": [{"video_description": "A dance"}]}}


def test_a_call_that_gets_a_response_without_a_request(vimmerse: Vimmerse) -> None:
    done = vimmerse("translate", "GET", "/media/m+m/processing-status", "--json")

    assert done.code == 0
    assert (done.json["v1"], done.json["requests"]) == ("GET /media/m+m/processing-status", [])


def test_a_call_that_only_v1_has_is_forwarded(vimmerse: Vimmerse) -> None:
    done = vimmerse("translate", "PUT", "/story/s", "-d", "title=New", "--json")
    shown = vimmerse("translate", "PUT", "/story/s", "-d", "title=New")

    assert done.json["requests"] == [{"version": "v1", "method": "PUT", "path": "/story/s", "paid": False}]
    assert done.json["estimate"] is None
    assert "stays on v1: sent to v1 unchanged, because title='New': v2 has no update of a story" in shown.out


def test_options_set_the_policy(vimmerse: Vimmerse) -> None:
    lenient = vimmerse(
        *("translate", "POST", "/story/s/videos", "-d", "motion_type=Sora", "--video-tool", "Sora=Vidu", "--json")
    )
    strict = vimmerse("translate", "POST", "/story/s/videos", "-d", "motion_type=Sora", "--mode", "strict", "--json")
    dear = vimmerse("translate", "POST", "/media", "-d", "prompt=x", "--max-credits", 1)

    assert lenient.json["requests"][0]["json"] == {"video_tool": "Vidu"}
    assert strict.code == dear.code == 6
    assert strict.json["error"]["code"] == "NOT_TRANSLATABLE"
    assert "was not sent" in dear.error


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("GET", "/nothing"), "GET https://api.vimmerse.net/nothing is not a v1 Story or Media call"),
        (("POST", "/media", "-d", "a=1", "--json-body", "{}"), "use either a form or one JSON body"),
        (("POST", "/media", "-d", "a"), "'a' is not NAME=VALUE"),
        (("POST", "/media", "--json-file", "nowhere.json"), "No such file"),
    ],
)
def test_invalid_calls(vimmerse: Vimmerse, arguments: tuple[str, ...], error: str) -> None:
    done = vimmerse("translate", *arguments)

    assert done.code == 2
    assert error in done.error


def test_the_environment_is_read(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_COMPAT_MODE", "sloppy")

    done = vimmerse("translate", "POST", "/media")

    assert done.code == 2
    assert "the environment variable VIMMERSE_COMPAT_MODE can't be used" in done.error


def test_notices_have_values_of_any_type(vimmerse: Vimmerse, tmp_path: Path) -> None:
    body = tmp_path / "body.json"
    body.write_text('{"pose_preset": {"Params": {"PromptStrength": 2.5, "Zoom": [1]}}}')

    done = vimmerse("translate", "POST", "/media/prompt", "--json-file", body, "--json")

    assert {each["field"]: each["value"] for each in done.json["notices"] if each["kind"] == "lossy"} == {
        "pose_preset.Params.PromptStrength": 2.5,
        "pose_preset.Params.Zoom": "[1]",
    }
