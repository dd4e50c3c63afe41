"""Every v1 operation in both v1 revisions: the calls that the cassettes contain.

A row's ``needs`` says what must exist first; those calls are part of its cassette.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from vimmerse.emulator import Emulator
from vimmerse.emulator.settings import Options

from tests.recorded.images import PNG

#: What must exist before a call, and is made in the same cassette.
Needs = Literal[
    "",
    "story",
    "short story",
    "story in v1",
    "scenes",
    "short scenes",
    "one-call story",
    "finished story",
    "short finished story",
    "media",
    "video",
    "two videos",
    "two motions",
]
BOARD = {
    "characters": [{"name": "Bunny", "description": "A small white rabbit", "URL": "https://example.com/bunny.png"}],
    "environments": [{"name": "Forest", "description": "Sunlit and old"}],
    "objects": [],
    "scenes": [{"name": "Opening", "narrator": "Once upon a time", "URL": "https://example.com/opening.png"}],
}
ELEMENTS = {"characters": [{"name": "Pip", "description": "A round grey mouse"}]}
FRAMES = ["https://example.com/first.png", "https://example.com/last.png"]
MOTION = "Prompt=Slow zoom on a red kite|PromptStrength=1|Quantity=2|MotionAmount=5|MotionLength=5|Loop=1"


#: What makes a call: the requests module, or its drop-in.
Http = Any


@dataclass(frozen=True)
class Row:
    """One v1 call. In ``path``, ``{id}`` stands for the id of what the call ``needs``.

    Attributes:
        revision: v1's revision, or what else distinguishes the row from others of its operation.
        settings: The emulator's settings while it is recorded.
        arrange: Called with the emulator before the call, to make it fail in some way.
    """

    name: str
    revision: str
    method: str
    path: str
    needs: Needs = ""
    call: dict[str, Any] = field(default_factory=dict)
    binary: bool = False
    settings: Options = field(default_factory=Options)
    arrange: Callable[[Emulator], object] | None = None

    @property
    def id(self) -> str:
        """The cassette's name."""
        return f"{self.name}.{self.revision}"


def form(**fields: Any) -> dict[str, Any]:
    """A form."""
    return {"data": fields}


def body(**fields: Any) -> dict[str, Any]:
    """A JSON object."""
    return {"json": fields}


def files(field_name: str, *names: str, **fields: Any) -> dict[str, Any]:
    """A multipart form with images."""
    return {"files": [(field_name, (name, PNG, "image/png")) for name in names], "data": fields}


DOWNLOAD = {"params": {"object_type": "bullet_video_mp4", "motion_type": "Auto1"}}
LATE_AUDIO = {"has_bg_music": True, "has_narration": True, "narrator": "AutoV"}

ROWS = [
    Row("idea_to_video", "original", "POST", "/story/idea-2-video", call=form(
        idea="A kite learns to fly", title="Kite", aspect_ratio="9:16", scene_count=3, motion_type="KlingAI",
        option="FluxKontextPro", duration=5, narrator="Aria", background_music="true", is_transition="Yes", seed=7,
    )),
    Row("idea_to_video", "revised", "POST", "/story/idea-2-video", call=body(
        idea="A kite learns to fly", scene_count=2, image_tool="Seedream", video_tool="Vidu", scene_duration=10,
        is_transition=True, elements=ELEMENTS, audio_option=LATE_AUDIO, language="German",
    )),
    Row("url_to_video", "revised", "POST", "/story/url-2-video", call=form(
        idea="A film about https://example.com/", video_tool="VeoFast", audio_option=json.dumps(LATE_AUDIO),
    )),
    Row("url_to_video", "original", "POST", "/story/url-2-video", call=form(
        idea="A film about https://example.com/", motion_type="Veo", duration=8, narrator="Bill",
    )),
    Row("images_to_video", "revised", "POST", "/story/images-2-video", call=body(
        idea="Two pictures", image_urls=FRAMES, video_tool="Auto", scene_duration=5,
    )),
    Row("images_to_video", "original", "POST", "/story/images-2-video", call=form(
        idea="Two pictures", image_urls=FRAMES, motion_type="Pixverse", sound_effects="Yes",
    )),
    Row("create_storyboard", "original", "POST", "/story", call=form(idea="A bunny finds honey", scene_count=3)),
    Row("create_storyboard", "revised", "POST", "/story", call=files(
        "image_files", "one.png", "two.png", idea="Two pictures", language="English", has_narration="false",
    )),
    Row("create_elements", "original", "POST", "/story/{id}/elements", "story", form(
        option="FluxKontextPro", seed=4669,
    )),
    Row("create_elements", "revised", "POST", "/story/{id}/elements", "story", form(
        image_tool="Seedream", aspect_ratio="16:9", storyboard=json.dumps(BOARD),
    )),
    Row("create_scenes", "original", "POST", "/story/{id}/scenes", "story", form(
        aspect_ratio="16:9", seed="4669", option="FluxKontextPro", storyboard=json.dumps(BOARD),
    )),
    Row("create_scenes", "revised", "POST", "/story/{id}/scenes", "story", form(
        image_tool="QwenImage", has_narration="true", has_bg_music="false", narrator="Lily",
    )),
    Row("create_videos", "original", "POST", "/story/{id}/videos", "scenes", form(
        title="Bunny", motion_type="KlingAI", duration=5, storyboard=json.dumps(BOARD),
    )),
    Row("create_videos", "revised", "POST", "/story/{id}/videos", "scenes", form(
        video_tool="PVideo", is_transition="true", duration="10",
    )),
    Row("concat_story", "original", "POST", "/story/{id}/concat", "finished story"),
    Row("concat_story", "revised", "POST", "/story/{id}/concat", "finished story", form(
        concat_video_urls=["https://example.com/a.mp4", "https://example.com/b.mp4"],
        audio_urls=["https://example.com/a.mp3"],
    )),
    Row("get_story", "both", "GET", "/story/{id}", "finished story"),
    Row("update_story", "revised", "PUT", "/story/{id}", "story", form(title="A new title")),
    Row("delete_story", "revised", "DELETE", "/story/{id}", "story"),
    Row("create_media", "original", "POST", "/media", call=files(
        "image_files", "first.png", "last.png", title="Two frames", motion_type="KlingAI",
    )),
    Row("create_media", "revised", "POST", "/media", call=form(
        prompt="A bunny jumps", video_tool="Seedance", quantity="2", visibility_status="0",
        audio_option=json.dumps({"narrator": "Sarah", "narration": "Hop."}),
    )),
    Row("upload_media", "original", "POST", "/media/upload", call=files(
        "image", "kite.png", data=json.dumps({"pose_preset": [{"MotionType": "Auto", "Params": MOTION}]}),
    )),
    Row("upload_media", "revised", "POST", "/media/upload", call=files(
        "image", "a.png", "b.png", data=json.dumps({"is_transition": "Yes", "submit_params": {"native_audio": True}}),
    )),
    Row("create_media_from_prompt", "original", "POST", "/media/prompt", call=body(
        title="Shoes", pose_preset=[{"MotionType": "Auto", "Params": MOTION}],
    )),
    Row("create_media_from_prompt", "revised", "POST", "/media/prompt", call=body(
        title="Shoes", pose_preset={"MotionType": "Vidu", "Params": "Prompt=Shoes|AspectRatio=1:1"},
        submit_params={"native_audio": False, "pipeline_preset": "Normal"},
    )),
    Row("get_media", "both", "GET", "/media/{id}", "video"),
    Row("get_media_status", "both", "GET", "/media/{id}/processing-status", "media"),
    Row("edit_media", "original", "PUT", "/media/{id}/edit", "video", form(title="New title", rating="5")),
    Row("edit_media", "revised", "PUT", "/media/{id}/edit", "video", form(video_tool="Vidu", duration="9")),
    Row("update_media", "revised", "PUT", "/media/{id}", "video", form(visibility_status="2", description="New")),
    Row("download_media", "both", "GET", "/media/{id}/download", "video", DOWNLOAD, binary=True),
    Row("process_media", "both", "POST", "/media/{id}/process", "video"),
]  # fmt: skip


PARAMETERS = [pytest.param(row, id=row.id, marks=pytest.mark.default_cassette(row.id)) for row in ROWS]


PENDING = ("new", "queued", "queue_bullet", "processing", "processing_bullet")


def prepare(http: Http, needs: Needs, base: str, headers: dict[str, str]) -> str:
    """Make what a row needs, with v1 calls of its own; gives the id."""

    def send(method: str, path: str, **options: Any) -> Any:
        return http.request(method, base + path, headers=headers, **options).json()["data"]

    if not needs:
        return ""
    short = {"scene_count": "1"} if needs.startswith("short") else {}
    if needs in ("one-call story", "finished story", "short finished story"):
        id = str(send("POST", "/story/idea-2-video", data={"idea": "A kite", **short})["id"])
    elif needs.endswith(("story", "scenes")):
        id = str(send("POST", "/story", data={"idea": "A bunny finds honey", **short})["id"])
        if needs.endswith("scenes"):
            send("POST", f"/story/{id}/scenes", data={"aspect_ratio": "16:9"})
        return id
    elif needs == "two motions":
        presets = [{"MotionType": tool, "Params": "Prompt=Shoes"} for tool in ("KlingAI", "Vidu")]
        id = str(send("POST", "/media/prompt", json={"title": "Shoes", "pose_preset": presets})["id"])
    else:
        two = {"quantity": "2"} if needs == "two videos" else {}
        id = str(send("POST", "/media", data={"prompt": "A kite in the wind", **two})["id"])
    if needs in ("finished story", "short finished story", "video", "two videos"):
        kind, name = ("story", "status") if needs.endswith("story") else ("media", "processing_status")
        for _ in range(360):  # a cassette responds at once; the live service takes minutes
            result = send("GET", f"/{kind}/{id}")
            if result[name] not in PENDING:
                return id
            time.sleep(10 if os.environ.get("RECORD_FROM") == "live" else 0)
        raise AssertionError(f"{kind} {id} does not end: {result[name]}")
    return id
