"""Calls that end otherwise than well: refused and failed ones, and every status of a job.

The emulator plays what the service does on the days when it does not say 200.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from vimmerse.emulator import Emulator

from tests.recorded.calls import DOWNLOAD, MOTION, Needs, Row, body, files, form

Arrange = Callable[[Emulator], object]
UNKNOWN = "00000000-0000-4000-8000-000000000000"
PRESETS = [{"MotionType": "KlingAI", "Params": MOTION}, {"MotionType": "Vidu", "Params": "Prompt=Shoes|Quantity=9"}]


def _fault(method: str, path: str, kind: str, **options: object) -> Arrange:
    return lambda emulator: emulator.faults.add((method, path), kind, times=None, **options)  # type: ignore[arg-type]


def _finish(*statuses: str) -> Arrange:
    """End the jobs that exist in these ways. Of any text, the emulator takes it for a status."""

    def finish(emulator: Emulator) -> None:
        for job, status in zip(emulator.jobs, statuses, strict=True):
            emulator.finish(job.id, status)

    return finish


ERRORS = [
    # 402
    Row("idea_to_video", "402", "POST", "/story/idea-2-video", call=form(idea="A kite"), settings={"credits": 1}),
    Row("create_media", "402", "POST", "/media", call=form(prompt="A kite"), settings={"credits": 1}),
    Row("upload_media", "402", "POST", "/media/upload", call=files("image", "a.png"), settings={"credits": 1}),
    Row("create_videos", "402", "POST", "/story/{id}/videos", "scenes", form(duration="5"), settings={"credits": 1}),
    # The second of two motions: the answer names the first, which is paid for.
    Row(
        *("create_media_from_prompt", "402", "POST", "/media/prompt"),
        call=body(pose_preset=[{"MotionType": "Auto", "Params": f"Prompt={name}"} for name in ("A", "B")]),
        settings={"credits": 60},
    ),
    # 404
    Row("get_story", "404", "GET", f"/story/{UNKNOWN}"),
    Row("delete_story", "404", "DELETE", f"/story/{UNKNOWN}"),
    Row("create_elements", "404", "POST", f"/story/{UNKNOWN}/elements", call=form(option="Seedream")),
    Row("create_videos", "404", "POST", f"/story/{UNKNOWN}/videos", call=form(duration="5")),
    Row("concat_story", "404", "POST", f"/story/{UNKNOWN}/concat"),
    Row("get_media", "404", "GET", f"/media/{UNKNOWN}"),
    Row("get_media_status", "404", "GET", f"/media/{UNKNOWN}/processing-status"),
    Row("edit_media", "404_free", "PUT", f"/media/{UNKNOWN}/edit", call=form(title="Kite")),
    Row("edit_media", "404_paid", "PUT", f"/media/{UNKNOWN}/edit", call=form(prompt="A kite")),
    Row("process_media", "404", "POST", f"/media/{UNKNOWN}/process"),
    Row("download_media", "404", "GET", f"/media/{UNKNOWN}/download", call=DOWNLOAD),
    # 422: the field is named as the caller sent it.
    Row(
        "idea_to_video", "422", "POST", "/story/idea-2-video", call=form(idea="A kite", option="x", aspect_ratio="5:3")
    ),
    Row(
        "images_to_video",
        "422",
        "POST",
        "/story/images-2-video",
        call=form(image_urls=["x"], narrator="Aria", duration="x"),
    ),
    Row("create_media", "422", "POST", "/media", call=form(prompt="A kite", quantity="9", sound_effects="maybe")),
    Row("edit_media", "422", "PUT", "/media/{id}/edit", "media", form(duration="99")),
    Row(
        *("upload_media", "422", "POST", "/media/upload"),
        call=files("image", "a.png", data=json.dumps({"title": "Two", "pose_preset": PRESETS})),
    ),
    Row(
        "create_scenes",
        "422",
        "POST",
        "/story/{id}/scenes",
        "short story",
        form(storyboard='{"scenes": [{"name": 5}]}'),
    ),
    # 429
    Row(
        *("idea_to_video", "429", "POST", "/story/idea-2-video"),
        call=form(idea="A kite"),
        arrange=_fault("*", "*", "rate_limit", retry_after=7),
    ),
    Row("get_media", "429", "GET", "/media/{id}", "media", arrange=_fault("*", "*", "rate_limit", retry_after=7)),
    Row("create_media", "429", "POST", "/media", call=form(prompt="A kite"), arrange=_fault("*", "*", "rate_limit")),
    # Other refusals
    Row("get_story", "401", "GET", f"/story/{UNKNOWN}", settings={"api_keys": ["another key"]}),
    Row("idea_to_video", "400", "POST", "/story/idea-2-video", call=form(idea=" ")),
    Row("create_videos", "400", "POST", "/story/{id}/videos", "short story", form(video_tool="Vidu")),
    Row("download_media", "400", "GET", "/media/{id}/download", "media", DOWNLOAD),
    Row("get_media", "400", "GET", f"/media/{UNKNOWN}+{UNKNOWN}"),
    Row("get_story", "502", "GET", "/story/{id}", "one-call story", arrange=_fault("*", "*", "html", status=502)),
    Row(
        *("upload_media", "after_405", "POST", "/media/upload"),
        call=files("image", "a.png"),
        arrange=_fault("POST", "/v2/image", "status", status=405),
    ),
    Row(
        "update_media",
        "after_405",
        "PUT",
        "/media/{id}",
        "media",
        form(title="Kite"),
        settings={"media_update_method": "PATCH"},
    ),
]

#: v2's statuses as the pages and the tables of the compat layer have them, and one that neither has.
STATUSES = ("new", "queued", "processing", "success", "failed", "error", "cancelled", "canceled", "paused")
_READS: list[tuple[str, str, Needs]] = [
    ("get_story", "/story/{id}", "one-call story"),
    ("get_media", "/media/{id}", "media"),
    ("get_media_status", "/media/{id}/processing-status", "media"),
]
_TWO: list[tuple[str, str, str]] = [
    ("get_media", "GET", "/media/{id}"),
    ("get_media_status", "GET", "/media/{id}/processing-status"),
]

JOBS = [
    *(
        Row(name, status, "GET", path, needs, arrange=_finish(status))
        for name, path, needs in _READS
        for status in STATUSES
    ),
    # One v1 media that is two in v2.
    *(
        Row(name, f"two_{'_'.join(ends)}", method, path, "two motions", arrange=_finish(*ends))
        for name, method, path in _TWO
        for ends in [("success", "processing"), ("success", "success"), ("failed", "success"), ("success", "cancelled")]
    ),
    Row("edit_media", "two", "PUT", "/media/{id}/edit", "two motions", form(title="Shoes")),
    Row("process_media", "two", "POST", "/media/{id}/process", "two motions"),
    Row(
        "download_media",
        "two",
        "GET",
        "/media/{id}/download",
        "two motions",
        DOWNLOAD,
        arrange=_finish("success", "success"),
    ),
    Row(
        "get_media", "fields", "GET", "/media/{id}", "media", {"params": {"fields": "title,progress_percentage,rating"}}
    ),
    Row("get_media", "two_fields", "GET", "/media/{id}", "two motions", {"params": {"fields": "title,result"}}),
    Row("get_story", "steps", "GET", "/story/{id}", "scenes"),
]
