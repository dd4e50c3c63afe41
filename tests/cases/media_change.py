"""PUT /media/{id}/edit, PUT /media/{id}, POST /media/{id}/process."""

from __future__ import annotations

from typing import Any

from tests.cases.rows import (
    HOOK,
    PASSED,
    Case,
    bare,
    case,
    error_response,
    finished_media,
    form,
    json,
    lost,
    media,
    near,
    old,
    raw,
    v1,
    v2,
)

EDIT = "PUT /media/media-1/edit"
REVISED = "PUT /media/media-1"
PUT = "PUT /v2/media/media-1"


def free(body: dict[str, Any]) -> Any:
    """An update that must cost nothing."""
    return v2(PUT, body, media(**body), paid=False)


def paid(body: dict[str, Any]) -> Any:
    """An update that starts a new generation."""
    return v2(PUT, body, media(), paid=True)


EDITS = (
    case(
        "the page's free edit",
        form(EDIT, title="New Updated Title", rating="5", visibility_status="2"),
        free({"title": "New Updated Title", "rating": "5", "visibility_status": "2"}),
        gives={
            "data": {
                "title": "New Updated Title",
                "rating": "5",
                "visibility_status": "2",
                "processing_status": "queue_bullet",
                "data": {"title": "New Updated Title"},
            }
        },
    ),
    case(
        "the page's paid edit",
        form(EDIT, title="New Updated Title", motion_type="RunwayML", duration=9),
        paid({"title": "New Updated Title", "video_tool": "Auto", "duration": 9}),
        warns=[near("motion_type", "video_tool")],
    ),
    *(
        case(
            f"a free edit of {name} alone",
            form(REVISED, **{name: value}),
            free({name: value}),
            warns=[HOOK] if name == "webhook_url" else [],
        )
        for name, value in (
            ("title", "Fox"),
            ("description", "red"),
            ("visibility_status", "0"),
            ("rating", "1"),
            ("webhook_url", "https://me.example/hook"),
        )
    ),
    *(
        case(f"a paid edit of {name} alone", form(EDIT, **{name: value}), paid({name: sent}))
        for name, value, sent in (
            ("prompt", "A dog", "A dog"),
            ("quantity", "2", 2),
            ("duration", "8", 8),
            ("loop", "4", 4),
            ("aspect_ratio", "1:1", "1:1"),
        )
    ),
    case("an empty form changes nothing", form(EDIT, prompt="", motion_type="", duration=""), free({})),
    case("no body changes nothing", bare(EDIT), free({})),
    case(
        "sound effects are a new generation",
        form(EDIT, sound_effects="Yes"),
        paid({"audio_option": {"native_audio": True}}),
        warns=[old("sound_effects", "audio_option.native_audio")],
    ),
    case(
        "revised v1 as JSON",
        json(
            REVISED, {"prompt": "A dog", "audio_option": {"narration": "Woof"}, "media_items": [{"url": "https://i/1"}]}
        ),
        paid({"prompt": "A dog", "audio_option": {"narration": "Woof"}, "media_items": [{"url": "https://i/1"}]}),
    ),
    case(
        "media items as text",
        form(REVISED, media_items='[{"type": "image", "url": "https://i.example/1.png"}]'),
        paid({"media_items": [{"type": "image", "url": "https://i.example/1.png"}]}),
        warns=[old("media_items", "media_items")],
    ),
    case(
        "a generation field that v1 never knew",
        json(REVISED, {"pipeline_mode": "Quick"}),
        paid({"pipeline_mode": "Quick"}),
    ),
    case(
        "an unknown field starts no generation",
        form(EDIT, title="Fox", colour="red"),
        free({"title": "Fox"}),
        warns=[lost("colour")],
    ),
    case(
        "a paid field of which nothing remains is v1's alone",
        form(EDIT, camera_control="Crane up"),
        v1(EDIT, paid=True),
        warns=[PASSED],
    ),
    case(
        "a try-on model is v1's alone",
        form(EDIT, title="Fox", model="KlingTryOn"),
        v1(EDIT, paid=True),
        warns=[PASSED],
    ),
    case(
        "an unsupported tool is v1's alone",
        form(EDIT, motion_type="StaticMotion"),
        v1(EDIT, paid=True),
        warns=[PASSED],
    ),
    case(
        "a texts-only edit beside a lost field stays free",
        form(EDIT, title="Fox", camera_control="Crane up"),
        free({"title": "Fox"}),
        warns=[lost("camera_control")],
    ),
    case(
        "where PUT is not allowed, PATCH follows once",
        form(EDIT, title="Fox"),
        v2(PUT, {"title": "Fox"}, error_response(405, "METHOD_NOT_ALLOWED"), paid=False),
        v2("PATCH /v2/media/media-1", {"title": "Fox"}, media(title="Fox"), paid=False),
        gives={"data": {"title": "Fox"}},
    ),
    case(
        "a paid edit may follow a 405, which did nothing",
        form(EDIT, prompt="A dog"),
        v2(PUT, {"prompt": "A dog"}, error_response(405, "METHOD_NOT_ALLOWED"), paid=True),
        v2("PATCH /v2/media/media-1", {"prompt": "A dog"}, error_response(405, "METHOD_NOT_ALLOWED"), paid=True),
        gives={"message": "METHOD_NOT_ALLOWED"},
    ),
    case(
        "an edit that v2 refuses is not sent again",
        form(EDIT, prompt="A dog"),
        v2(PUT, {"prompt": "A dog"}, error_response(402, "INSUFFICIENT_CREDIT"), paid=True),
        gives={"message": "INSUFFICIENT_CREDIT"},
    ),
    case(
        "an edit in an unknown form is v1's alone",
        raw(EDIT, b"title=Fox", "text/plain"),
        v1(EDIT, paid=True),
        warns=[PASSED],
    ),
)

AGAIN = (
    case(
        "process sends the media's own settings",
        bare("POST /media/media-1/process"),
        v2("GET /v2/media/media-1", response=finished_media("KlingAI", "https://v.example/1.mp4")),
        paid({"video_tool": "KlingAI", "prompt": "A fox", "quantity": 1, "duration": 5, "loop": 1}),
        gives={"data": {"id": "media-1", "processing_status": "queue_bullet"}},
    ),
    case(
        "process omits what v2 does not return",
        bare("POST /media/media-1/process"),
        v2("GET /v2/media/media-1", response=media(pose_preset={"motion_type": "Auto", "prompt": None})),
        paid({"video_tool": "Auto"}),
    ),
    case(
        "process of an id that v2 does not know may be one of v1",
        bare("POST /media/media-1/process"),
        v2("GET /v2/media/media-1", response=error_response(404, "MEDIA_NOT_FOUND")),
        v1("GET /media/media-1"),
        v1("POST /media/media-1/process"),
        warns=[PASSED],
    ),
    case(
        "process of an id that neither knows",
        bare("POST /media/media-1/process"),
        v2("GET /v2/media/media-1", response=error_response(404, "MEDIA_NOT_FOUND")),
        v1("GET /media/media-1", error_response(404, "NOT_FOUND")),
        status=404,
        gives={"message": "MEDIA_NOT_FOUND"},
    ),
    case(
        "process of a media that may not be seen",
        bare("POST /media/media-1/process"),
        v2("GET /v2/media/media-1", response=error_response(403, "FORBIDDEN")),
        gives={"message": "FORBIDDEN"},
    ),
    case(
        "process of a media that fails",
        bare("POST /media/media-1/process"),
        v2("GET /v2/media/media-1", response=media()),
        v2(
            PUT,
            {"video_tool": "Auto", "prompt": "A fox", "quantity": 1, "duration": 5, "loop": 1},
            error_response(402, "INSUFFICIENT_CREDIT"),
            paid=True,
        ),
        gives={"message": "INSUFFICIENT_CREDIT"},
    ),
)

CASES: tuple[Case, ...] = (*EDITS, *AGAIN)
