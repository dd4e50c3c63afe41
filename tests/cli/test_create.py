"""Commands that create or change something: fields, images, prices, waiting, files."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from vimmerse.cli.commands.create import MEDIA_COMMANDS, STORY_COMMANDS, CreateCommand
from vimmerse.emulator import AT_ONCE, Emulator, Never

from tests.cli.conftest import Vimmerse
from tests.specs.spec import load

QUICK = ("--interval", "0.01")


def sent(emulator: Emulator) -> Any:
    """Return the JSON of the last request with a body."""
    bodies = [each for each in emulator.requests if each.method in ("POST", "PUT") and each.path != "/v2/image"]
    return json.loads(bodies[-1].body)


# From the command to the file


def test_an_image_and_a_prompt_become_a_file(
    emulator: Emulator, vimmerse: Vimmerse, image: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.mp4"

    done = vimmerse(
        "media", "create", "--image", image, "--prompt", "The sun rises", "--wait", "--download", out, *QUICK
    )

    (media,) = [each.id for each in emulator.jobs]
    assert done.code == 0
    assert done.out.splitlines() == [
        f"Media {media}: new",
        f"Media {media}: success",
        f"Saved {out} ({out.stat().st_size:,} bytes)",
    ]
    assert done.err.splitlines() == [
        "Estimate: about 50 credits (assuming: a media costs what a scene of its length costs)",
        f"Uploaded {image} (100,004 bytes)",
        f"Media {media}: processing",
    ]
    assert emulator.uploads[0].content == image.read_bytes()
    assert sent(emulator)["media_items"] == [
        {"type": "image", "url": sent(emulator)["media_items"][0]["url"], "position": "First"}
    ]
    assert out.read_bytes()[4:8] == b"ftyp"


def test_a_story_becomes_a_video(emulator: Emulator, vimmerse: Vimmerse, tmp_path: Path) -> None:
    out = tmp_path / "video.mp4"

    done = vimmerse("story", "create", "--idea", "A cat", "--download", out, "--json", *QUICK)

    assert done.code == 0
    assert done.json["status"] == "success"
    assert done.json["downloaded"] == [str(out)]
    assert f"Story {done.json['id']}: new, 0 %" in done.err
    assert out.stat().st_size > 0


def test_every_clip_is_saved(emulator: Emulator, vimmerse: Vimmerse, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"

    done = vimmerse("media", "create", "--prompt", "Waves", "--quantity", 3, "--download", out, "--json", *QUICK)

    saved = [tmp_path / name for name in ("out.mp4", "out-2.mp4", "out-3.mp4")]
    assert done.json["downloaded"] == [str(path) for path in saved]
    assert len({path.read_bytes() for path in saved}) == 3


# Fields


@pytest.mark.parametrize(
    "command", [*STORY_COMMANDS, *MEDIA_COMMANDS], ids=lambda each: f"{each.operation.kind} {each.name}"
)
def test_every_field_of_the_specification_is_an_option(command: CreateCommand) -> None:
    spec = load("v2")
    schemas = spec["components"]["schemas"]
    method, _, path = command.operation.name.partition(" ")
    body = spec["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    assert body.rpartition("/")[2] == command.operation.model
    expected = set()
    for name, schema in schemas[command.operation.model]["properties"].items():
        references = [schema, *schema.get("anyOf", ())]
        inner = next(
            (each["$ref"].rpartition("/")[2] for each in references if "AudioOption" in each.get("$ref", "")), ""
        )
        expected |= {f"{name}.{key}" for key in schemas[inner]["properties"]} if inner else {name}

    assert {option.name for option in command.fields} | ({command.images} - {""}) == expected
    assert set(command.fields) <= set(command.params)


def test_options_become_fields(emulator: Emulator, vimmerse: Vimmerse, tmp_path: Path) -> None:
    cast = tmp_path / "cast.json"
    cast.write_text('{"characters": [{"name": "Kit", "description": "A red fox"}]}')

    done = vimmerse(
        *("story", "create", "--idea", "A cat", "--scene-count", 2, "--scene-duration", 10, "--aspect-ratio", "9:16"),
        *("--is-transition", "--elements", cast, "--narrator", "Sarah", "--no-bg-music", "--no-native-audio"),
        *("--language", "French", "--field", "audio_option.has_narration=true", "--field", "title=Cat"),
    )

    assert done.code == 0
    assert sent(emulator) == {
        "idea": "A cat",
        "title": "Cat",
        "scene_count": 2,
        "scene_duration": 10,
        "aspect_ratio": "9:16",
        "is_transition": True,
        "elements": {"characters": [{"name": "Kit", "description": "A red fox"}]},
        "audio_option": {"narrator": "Sarah", "has_bg_music": False, "native_audio": False, "has_narration": True},
        "language": "French",
    }


def test_options_override_the_file_and_new_fields_are_sent(
    emulator: Emulator, vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "sys.stdin", io.StringIO('{"idea": "A cat", "scene_count": 5, "audio_option": {"narrator": "Bill"}}')
    )

    done = vimmerse(
        *("story", "create", "--json-file", "-", "--scene-count", 1, "--has-bg-music", "--field", "mood=[1, 2]"),
        *("--video-tool", "Newest1"),
    )

    assert done.code == 0
    assert sent(emulator) == {
        "idea": "A cat",
        "scene_count": 1,
        "audio_option": {"narrator": "Bill", "has_bg_music": True},
        "video_tool": "Newest1",
        "mood": [1, 2],
    }
    assert "not a known name" not in done.err


def test_a_misspelled_name_is_reported_and_sent(emulator: Emulator, vimmerse: Vimmerse) -> None:
    done = vimmerse("media", "create", "--prompt", "x", "--video-tool", "klingai")

    assert done.code == 0
    assert "--video-tool 'klingai' is not a known name; did you mean KlingAI? Sending it" in done.err
    assert sent(emulator)["video_tool"] == "klingai"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("story", "create"), "idea is missing: use --idea, or --json-file. See: vimmerse story create"),
        (("story", "images"), "image_urls is missing: use --image, or --json-file"),
        (("story", "create", "--idea", "x", "--field", "noname"), "'noname' is not NAME=VALUE"),
        (("story", "create", "--idea", "x", "--field", "idea.a=1"), "idea.a can't be set: idea is not an object"),
        (("story", "create", "--idea", "x", "--field", "elements=[1]"), "a field of the body has the wrong type"),
        (("story", "create", "--idea", "x", "--elements", "nowhere.json"), "nowhere.json: No such file"),
        (("story", "create", "--idea", "x", "--elements", "text.txt"), "text.txt is not valid JSON"),
        (
            ("story", "create", "--idea", "x", "--elements", "list.json"),
            "list.json must contain a JSON object, not list",
        ),
        (("story", "create", "--idea", "x", "--scene-count", "0"), "'--scene-count': 0 is not in the range x>=1"),
        (("story", "create", "--idea", "x", "--narrator", " "), "'--narrator': it must not be empty"),
        (("story", "create", "--idea", "x", "--nonsense"), "No such option"),
        (("story", "scenes", ".."), "it is not an id: it is '..'"),
        (("media", "create", "--image", "a", "--image", "b"), "File 'a' does not exist"),
        (("media", "create", "--image", "empty.png"), "empty.png: it is empty"),
        (("media", "create", *("--image", "http://x/1") * 3), "a media has a first and a last image, no more"),
        (
            ("media", "create", "--image", "http://x/1", "--media-items", "list.json"),
            "media_items is given twice: with --image and in another way",
        ),
        (
            ("media", "create", "--prompt", "x", "--download", "text.txt"),
            "text.txt already exists: choose another file",
        ),
        (
            ("media", "create", "--prompt", "x", "--download", "no/out.mp4"),
            "there is no such directory; create it first",
        ),
        (("media", "create", "--prompt", "x", "--base-url", "ftp://x"), "base_url must be an http or https URL"),
        (("media", "create", "--prompt", "x", "--api-key-file", "nowhere"), "--api-key-file nowhere: No such file"),
        (("media", "create", "--prompt", "x", "--api-key-file", "bytes.bin"), "it is not a text file"),
        (("media", "create", "--prompt", "x", "--api-key-file", "blank.txt"), "its first line is empty"),
        (("media", "create", "--prompt", "x", "--timeout", "0"), "'--timeout': 0.0 is not in the range x>0"),
    ],
)
def test_invalid_arguments_are_reported_before_anything_is_sent(
    emulator: Emulator,
    vimmerse: Vimmerse,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    error: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.txt").write_text("no JSON")
    (tmp_path / "list.json").write_text("[1]")
    (tmp_path / "empty.png").touch()
    (tmp_path / "blank.txt").write_text("\nkey")
    (tmp_path / "bytes.bin").write_bytes(b"\xff\xfe\xfd")

    done = vimmerse(*arguments)

    assert done.code == 2
    assert error in done.err
    assert len(done.err.splitlines()) == 1
    assert done.out == ""
    assert emulator.requests == ()


def test_every_file_must_be_free_before_the_call(emulator: Emulator, vimmerse: Vimmerse, tmp_path: Path) -> None:
    (tmp_path / "out-2.mp4").touch()

    done = vimmerse("media", "create", "--prompt", "x", "--quantity", 2, "--download", tmp_path / "out.mp4")

    assert done.code == 2
    assert "out-2.mp4 already exists" in done.err
    assert emulator.requests == ()


def test_overwrite_replaces_a_file(emulator: Emulator, vimmerse: Vimmerse, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    out.write_text("old")

    done = vimmerse("media", "create", "--prompt", "x", "--download", out, "--overwrite", *QUICK)

    assert done.code == 0
    assert out.read_bytes()[4:8] == b"ftyp"


# Images


def test_files_and_urls_keep_their_order(emulator: Emulator, vimmerse: Vimmerse, image: Path) -> None:
    done = vimmerse("story", "images", "--image", "https://example.com/1.png", "--image", image, "--idea", "Two")

    assert done.code == 0
    urls = sent(emulator)["image_urls"]
    assert urls[0] == "https://example.com/1.png"
    assert urls[1].startswith(emulator.files_url)
    assert "about 100 credits" in done.err  # two scenes


def test_two_images_are_the_first_and_the_last_frame(emulator: Emulator, vimmerse: Vimmerse) -> None:
    done = vimmerse("media", "create", "--image", "https://example.com/1.png", "--image", "https://example.com/2.png")

    assert done.code == 0
    assert [item["position"] for item in sent(emulator)["media_items"]] == ["First", "Last"]


def test_an_upload_without_a_url_creates_nothing(emulator: Emulator, vimmerse: Vimmerse, image: Path) -> None:
    emulator.faults.add(("POST", "/v2/image"), status=200, body={"id": "x", "results": []})

    done = vimmerse("media", "create", "--image", image)

    assert done.code == 3
    assert "has no URL. Nothing was created and nothing was charged." in done.error
    assert emulator.jobs == ()


# Money


def test_above_the_limit_nothing_is_sent(emulator: Emulator, vimmerse: Vimmerse, image: Path) -> None:
    done = vimmerse("media", "create", "--image", image, "--native-audio", "--max-credits", 99, "--json")

    assert done.code == 6
    assert done.json["error"]["exit_code"] == 6
    assert "It would cost about 100 credits" in done.json["error"]["message"]
    assert emulator.requests == ()


def test_the_price_of_videos_counts_the_existing_scenes(emulator: Emulator, vimmerse: Vimmerse) -> None:
    created = vimmerse("story", "storyboard", "--idea", "A fox", "--scene-count", 5, "--json")
    assert "Estimate" not in created.err  # planning is free
    story = created.json["id"]
    assert vimmerse("story", "elements", story).code == 0
    assert vimmerse("story", "scenes", story, "--image-tool", "Seedream").code == 0

    refused = vimmerse("story", "videos", story, "--max-credits", 200)
    done = vimmerse("story", "videos", story, "--duration", 10, "--wait", *QUICK)

    assert refused.code == 6
    assert "about 250 credits" in refused.error
    assert done.code == 0
    assert "Estimate: about 500 credits\n" in done.err
    assert emulator.credits_used == 500
    assert vimmerse("story", "concat", story, "--audio-url", "https://example.com/a.mp3").code == 0
    assert sent(emulator) == {"audio_urls": ["https://example.com/a.mp3"]}


def test_without_a_storyboard_the_price_of_videos_is_assumed(emulator: Emulator, vimmerse: Vimmerse) -> None:
    emulator.faults.add(("GET", "/v2/story/{id}"), status=200, body={"id": "s"})

    done = vimmerse("story", "videos", "s")

    assert "Estimate: about 150 credits (assuming: the story has 3 scenes)" in done.err


def test_a_storyboard_in_the_call_needs_no_lookup(emulator: Emulator, vimmerse: Vimmerse, tmp_path: Path) -> None:
    board = tmp_path / "board.json"
    board.write_text('{"scenes": [{"name": "One"}]}')

    done = vimmerse("story", "videos", "s", "--storyboard", board)

    assert "Estimate: about 50 credits\n" in done.err
    assert [each.method for each in emulator.requests] == ["POST"]
    assert done.code == 3


def test_editing_texts_is_free_and_other_changes_cost_a_generation(emulator: Emulator, vimmerse: Vimmerse) -> None:
    emulator.next_job(transition=AT_ONCE, times=2)
    media = vimmerse("media", "create", "--prompt", "x", "--quantity", 2, "--duration", 10, "--json").json["id"]

    free = vimmerse("media", "update", media, "--title", "New", "--visibility-status", 2, "--rating", 5)
    free_body = sent(emulator)
    paid = vimmerse("media", "update", media, "--video-tool", "AutoT1")

    assert free.code == paid.code == 0
    assert "Estimate" not in free.err
    assert free_body == {"title": "New", "visibility_status": "2", "rating": "5"}
    assert "Estimate: about 100 credits" in paid.err
    assert sent(emulator) == {"video_tool": "AutoT1"}


def test_a_media_without_details_is_priced_by_the_defaults(emulator: Emulator, vimmerse: Vimmerse) -> None:
    emulator.faults.add(("GET", "/v2/media/{id}"), status=200, body={"id": "m", "pose_preset": None})

    assert "Estimate: about 50 credits" in vimmerse("media", "update", "m", "--prompt", "x").err


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("yes\n", 0), ("\n", 6), ("no\n", 6), ("", 6)])
def test_asks_on_a_terminal(
    emulator: Emulator, vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    monkeypatch.setattr("vimmerse.cli.console.Console.can_ask", True)
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))

    done = vimmerse("media", "create", "--prompt", "x")

    assert done.code == code
    assert "Continue? [y/N] " in done.err
    assert len(emulator.jobs) == (code == 0)
    if code:
        assert done.error.endswith("Declined: nothing was sent. Use --yes to skip the question.")


def test_yes_skips_the_question(emulator: Emulator, vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vimmerse.cli.console.Console.can_ask", True)

    done = vimmerse("media", "create", "--prompt", "x", "--yes")

    assert done.code == 0
    assert "Continue?" not in done.err


# Updates with PATCH


def test_an_update_falls_back_to_patch(monkeypatch: pytest.MonkeyPatch, vimmerse: Vimmerse) -> None:
    with Emulator(media_update_method="PATCH") as emulator:
        monkeypatch.setenv("VIMMERSE_BASE_URL", emulator.base_url)
        monkeypatch.setenv("VIMMERSE_API_KEY", "any key of some length")
        media = vimmerse("media", "create", "--prompt", "x", "--json").json["id"]

        done = vimmerse("media", "update", media, "--title", "New", "--json")

        assert done.code == 0
        assert done.json["title"] == "New"
        assert [each.method for each in emulator.requests[1:]] == ["PUT", "PATCH"]


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ({"status": 404}, "404 Not Found"),
        ({"status": 500}, "It may have been carried out and charged"),
        ({"status": 200, "body": "[]"}, "It may have been carried out and charged"),
    ],
)
def test_the_patch_can_fail_too(emulator: Emulator, vimmerse: Vimmerse, answer: dict[str, Any], text: str) -> None:
    emulator.faults.add(("PUT", "/v2/media/{id}"), status=405)
    emulator.faults.add(("PATCH", "/v2/media/{id}"), **answer)

    done = vimmerse("media", "update", "m", "--title", "New")

    assert done.code == 3
    assert text in done.error


# Waiting


def test_the_id_is_shown_before_the_wait(emulator: Emulator, vimmerse: Vimmerse) -> None:
    emulator.next_job(transition=Never())

    done = vimmerse("media", "create", "--prompt", "x", "--wait", "--wait-timeout", 0)

    (media,) = [each.id for each in emulator.jobs]
    assert done.code == 5
    assert done.out == f"Media {media}: new\n"
    assert f"To keep waiting (free): vimmerse wait media {media} --wait-timeout SECONDS" in done.error
    assert "wait(client" not in done.error  # how to go on in Python


def test_a_response_without_an_id_is_an_error(emulator: Emulator, vimmerse: Vimmerse) -> None:
    emulator.faults.add(("POST", "/v2/media"), status=200, body={})

    done = vimmerse("media", "create", "--prompt", "x")

    assert done.code == 3
    assert "returned 200 OK: not the documented response" in done.error
    assert "It may have been carried out and charged" in done.error


def test_options_with_other_names_than_their_fields() -> None:
    options = {option.name: option for command in STORY_COMMANDS for option in command.fields}

    assert options["concat_video_urls"].opts == ["--concat-video-url"]
    assert options["audio_option.has_bg_music"].opts == ["--has-bg-music"]
    assert options["audio_option.has_bg_music"].secondary_opts == ["--no-bg-music"]
