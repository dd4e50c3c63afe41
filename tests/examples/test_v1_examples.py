"""The programs of examples/, written for v1, run unmodified on v2 and end as v1's documentation says.

Each runs as ``vimmerse run PROGRAM``, in its own process, against an emulator. The table below says which object each
program works on, which requests it must send, and which warnings it must get.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests
from vimmerse.emulator import Emulator

from tests.sampling import sampled

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[2] / "examples"
KEY = "a-key-of-the-tests"
RUN = "import sys; from vimmerse.compat.process.runner import run_script; sys.exit(run_script(sys.argv[1:]))"
UPLOADS = ["POST /v2/image", "POST /v2/image"]


def create(emulator: Emulator, path: str, body: Mapping[str, object]) -> str:
    """Create a finished story or media on v2, for a program to work on. Returns its id."""
    url = f"{emulator.base_url}/v2{path}"
    headers = {"X-Api-Key": KEY}
    response = requests.post(url, json=body, headers=headers, timeout=10)
    assert response.status_code == 200, response.text
    identifier: str = response.json()["id"]
    kind = "media" if path.startswith("/media") else "story"
    for _ in range(2):
        requests.get(f"{emulator.base_url}/v2/{kind}/{identifier}", headers=headers, timeout=10)
    return identifier


def no_object(_: Emulator) -> str:
    return ""


def media(emulator: Emulator) -> str:
    return create(emulator, "/media", {"prompt": "A kite over the dunes", "title": "Kite"})


def story(emulator: Emulator) -> str:
    return create(emulator, "/story/idea-2-video", {"idea": "A kite crosses the sea", "scene_count": 2})


def storyboard(emulator: Emulator) -> str:
    return create(emulator, "/story", {"idea": "A kite crosses the sea", "scene_count": 2})


def scenes(emulator: Emulator) -> str:
    identifier = storyboard(emulator)
    create(emulator, f"/story/{identifier}/scenes", {})
    return identifier


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One program.

    ``works_on``: creates the object whose id the program gets as its argument.
    ``sent``: the requests that change something, in order, as path templates.
    ``body``: fields of the last request's JSON, None for one that must be absent.
    ``warnings``: parts of stderr. ``prints``: part of stdout. ``saves``: the file that it writes.
    """

    works_on: Callable[[Emulator], str] = no_object
    sent: list[str]
    body: Mapping[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    prints: str = ""
    saves: str = ""


CREATE_STORY = "POST /v2/story/idea-2-video"
SAMPLES = {
    "v1_story.py": Sample(
        sent=[CREATE_STORY],
        body={"scene_count": 3, "aspect_ratio": "9:16", "image_tool": "AutoI", "video_tool": "KlingAI"},
        warnings=("V1DeprecationWarning", "option", "image_tool"),
        prints="Saved ",
        saves="story.mp4",
    ),
    "v1/story_idea_to_video.py": Sample(
        sent=[CREATE_STORY], body={"scene_count": 3, "aspect_ratio": "9:16", "title": "Kitchen orchestra"}
    ),
    "v1/story_1_storyboard.py": Sample(sent=["POST /v2/story"], body={"scene_count": 3}, prints="Scenes: 3"),
    "v1/story_1_5_elements.py": Sample(
        works_on=storyboard,
        sent=["POST /v2/story/{story_id}/elements"],
        body={"aspect_ratio": "16:9", "image_tool": "AutoI", "seed": None, "option": None},
        warnings=("LossyTranslationWarning", "seed"),
    ),
    "v1/story_2_scenes.py": Sample(
        works_on=storyboard,
        sent=["POST /v2/story/{story_id}/scenes"],
        body={"aspect_ratio": "16:9", "image_tool": "AutoI", "seed": None},
        warnings=("LossyTranslationWarning", "seed"),
    ),
    "v1/story_2_scenes_storyboard.py": Sample(
        works_on=storyboard,
        sent=["POST /v2/story/{story_id}/scenes"],
        body={"aspect_ratio": "16:9", "seed": None},
        warnings=("LossyTranslationWarning", "seed"),
    ),
    "v1/story_3_videos.py": Sample(
        works_on=scenes,
        sent=["POST /v2/story/{story_id}/videos"],
        body={"video_tool": "KlingAI", "motion_type": None},
        prints="Videos: ",
    ),
    "v1/story_3_videos_storyboard.py": Sample(
        works_on=scenes,
        sent=["POST /v2/story/{story_id}/videos"],
        body={"title": "The lemonade spring, once more", "scenes": None},
    ),
    "v1/story_get.py": Sample(works_on=story, sent=[], prints="success"),
    "v1/story_concat.py": Sample(works_on=story, sent=["POST /v2/story/{story_id}/concat"]),
    "v1/media_from_image.py": Sample(
        sent=["POST /v2/image", "POST /v2/media"],
        body={"title": "From one picture", "audio_option": {"native_audio": True}},
    ),
    "v1/media_from_two_images.py": Sample(
        sent=[*UPLOADS, "POST /v2/media"], body={"title": "From the first picture to the last"}
    ),
    "v1/media_from_urls.py": Sample(
        sent=["POST /v2/media"],
        body={
            "video_tool": "KlingAI",
            "quantity": 2,
            "media_items": [
                {"type": "image", "url": "https://example.com/frames/start.png", "position": "First"},
                {"type": "image", "url": "https://example.com/frames/end.png", "position": "Last"},
            ],
        },
    ),
    "v1/media_from_prompt.py": Sample(
        sent=["POST /v2/media"], body={"title": "From words alone", "audio_option": {"native_audio": True}}
    ),
    "v1/media_status.py": Sample(works_on=media, sent=[], prints="success: 100%"),
    "v1/media_get.py": Sample(works_on=media, sent=[], prints="http"),
    "v1/media_upload_motions.py": Sample(
        sent=["POST /media/upload"],
        warnings=("PassthroughWarning", "Parallax"),
        prints=": 100%",
        saves="motions.mp4",
    ),
    "v1/media_upload_transition.py": Sample(
        sent=[*UPLOADS, "POST /v2/media"],
        body={"video_tool": "Auto", "quantity": 2, "duration": 5, "loop": 1, "is_transition": None},
        prints=": 100%",
        saves="transition.mp4",
    ),
    "v1/media_prompt.py": Sample(
        sent=["POST /v2/media"],
        body={
            "video_tool": "Auto",
            "quantity": 2,
            "prompt": "A pair of running shoes turns on a bright paper background.",
        },
        prints=": 100%",
        saves="prompt.mp4",
    ),
    "v1/media_edit.py": Sample(
        works_on=media,
        sent=["PUT /v2/media/{media_id}"],
        body={"title": "A better title", "rating": "5", "visibility_status": "2", "video_tool": None},
        prints="A better title",
    ),
    "v1/media_edit_resubmit.py": Sample(
        works_on=media,
        sent=["PUT /v2/media/{media_id}"],
        body={"video_tool": "Auto", "duration": 9, "motion_type": None},
        warnings=("LossyTranslationWarning", "RunwayML"),
    ),
    "v1/media_download.py": Sample(works_on=media, sent=[], saves="video.mp4"),
    "v1/media_download_sized.py": Sample(
        works_on=media,
        sent=[],
        warnings=("LossyTranslationWarning", "width", "file_size"),
        saves="video_1080.mp4",
    ),
    "v1/media_process.py": Sample(
        works_on=media,
        sent=["PUT /v2/media/{media_id}"],
        body={"prompt": "A kite over the dunes"},
    ),
}


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


def run(program: str, emulator: Emulator, directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program with ``vimmerse run`` in this directory."""
    settings = {
        "VIMMERSE_API_KEY": KEY,
        "VIMMERSE_BASE_URL": emulator.base_url,
        "STORY_POLL_SECONDS": "0",
        "V1_POLL_SECONDS": "0",
        "V1_OUT": str(directory),
    }
    return subprocess.run(
        [sys.executable, "-c", RUN, str(EXAMPLES / program), *arguments],
        cwd=directory,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=90,  # in case a loop does not end
    )


def test_every_program_is_in_the_table() -> None:
    programs = {str(path.relative_to(EXAMPLES)) for path in [EXAMPLES / "v1_story.py", *EXAMPLES.glob("v1/*.py")]}

    assert programs == {*SAMPLES, "v1/v1_common.py"}


def test_every_program_is_in_the_index() -> None:
    index = (EXAMPLES / "v1" / "README.md").read_text(encoding="utf-8")
    missing = [name for name in SAMPLES if f"({Path('..', name) if '/' not in name else Path(name).name})" not in index]

    assert missing == []


@pytest.mark.parametrize("program", sampled(SAMPLES, 3))
def test_runs_on_v2(program: str, emulator: Emulator, tmp_path: Path) -> None:
    sample = SAMPLES[program]
    identifier = sample.works_on(emulator)
    before = len(emulator.requests)

    done = run(program, emulator, tmp_path, *([identifier] if identifier else []))

    seen = emulator.requests[before:]
    assert done.returncode == 0, done.stderr
    assert [request.operation for request in seen if request.method != "GET"] == sample.sent
    assert {request.status for request in seen} <= {200, 404}
    assert {request.header("X-Api-Key") for request in seen if request.operation} == {KEY}
    if identifier:
        assert all(identifier in request.path for request in seen if request.operation)
    if sample.body:
        body = json.loads([request for request in seen if request.method != "GET"][-1].body)
        assert {name: body.get(name) for name in sample.body} == sample.body
    for part in sample.warnings:
        assert part in done.stderr
    assert sample.prints in done.stdout
    if sample.saves:
        assert (tmp_path / sample.saves).read_bytes()[4:8] == b"ftyp"
    assert KEY not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("program", "frames"),
    [
        ("v1/media_from_image.py", {"First": "start_frame.png"}),
        ("v1/media_from_two_images.py", {"First": "start_frame.png", "Last": "end_frame.png"}),
        ("v1/media_upload_transition.py", {"First": "start_frame.png", "Last": "end_frame.png"}),
    ],
)
def test_image_files_become_frames(program: str, frames: dict[str, str], emulator: Emulator, tmp_path: Path) -> None:
    before = len(emulator.requests)

    run(program, emulator, tmp_path)

    sent = [request for request in emulator.requests[before:] if request.method == "POST"]
    images = [(EXAMPLES / "v1" / "images" / name).read_bytes() for name in frames.values()]
    assert [upload.content for request in sent for upload in request.uploads] == images
    items = json.loads(sent[-1].body)["media_items"]
    assert [(item["type"], item["position"]) for item in items] == [("image", position) for position in frames]


def test_an_edited_storyboard_is_sent_as_an_object(emulator: Emulator, tmp_path: Path) -> None:
    identifier = storyboard(emulator)

    run("v1/story_2_scenes_storyboard.py", emulator, tmp_path, identifier, "Dusk: the kite comes home")

    sent = json.loads([request for request in emulator.requests if request.method == "POST"][-1].body)
    first, second = sent["storyboard"]["scenes"]
    assert first["image_description"] == "Dusk: the kite comes home"
    assert second["image_description"] != first["image_description"]


def test_pose_presets_are_forwarded_to_v1_unchanged(emulator: Emulator, tmp_path: Path) -> None:
    before = len(emulator.requests)

    run("v1/media_upload_motions.py", emulator, tmp_path)

    (data,) = [value for name, value in emulator.requests[before].form if name == "data"]
    assert [pose["MotionType"] for pose in json.loads(data)["pose_preset"]] == [*["Parallax"] * 3, "Auto"]


#: Programs that wait in a loop: for a media until its progress is 100, for a story until success.
LOOPS = {
    "v1/media_upload_motions.py": "GET /media/{media_id}/processing-status",  # forwarded to v1: v2 has no camera paths
    "v1/media_upload_transition.py": "GET /v2/media/{media_id}",
    "v1/media_prompt.py": "GET /v2/media/{media_id}",
    "v1_story.py": "GET /v2/story/{story_id}",
}
OUTCOMES = ("failed", "error", "cancelled", "canceled")


@pytest.mark.parametrize(
    ("program", "outcome"),
    [
        one
        for row, program in enumerate(LOOPS)
        for one in sampled(((program, outcome) for outcome in OUTCOMES), len(OUTCOMES), row=row)
    ],
)
def test_a_loop_ends_when_the_job_does_not_succeed(program: str, outcome: str, tmp_path: Path) -> None:
    with Emulator() as emulator:
        emulator.next_job(outcome=outcome)
        done = run(program, emulator, tmp_path)
        polls = [request for request in emulator.requests if request.operation == LOOPS[program]]

    assert done.returncode == 1
    assert ("The story failed" if "story" in program else "The download failed (400)") in done.stderr
    # The second poll shows the end; a download looks the media up once more.
    assert 2 <= len(polls) <= 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("program", ["v1/media_get.py", "v1/story_get.py", "v1/media_download.py"])
def test_fails_for_an_unknown_id(program: str, emulator: Emulator, tmp_path: Path) -> None:
    done = run(program, emulator, tmp_path, "no-such-id")

    assert done.returncode == 1
    assert "404" in done.stderr


def test_asks_for_a_missing_id(emulator: Emulator, tmp_path: Path) -> None:
    done = run("v1/media_get.py", emulator, tmp_path)

    assert done.returncode == 1
    assert "VIMMERSE_MEDIA_ID" in done.stderr
