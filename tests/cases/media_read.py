"""GET /media/{id}, its processing-status and its download."""

from __future__ import annotations

from typing import Any

from tests.cases.rows import (
    KEY,
    NEW_MEDIA,
    PASSED,
    Case,
    bare,
    case,
    error_response,
    file,
    finished_media,
    json_response,
    lost,
    media,
    v1,
    v2,
)

DETAIL = "GET /media/media-1"
STATUS = "GET /media/media-1/processing-status"
V2_DETAIL = "GET /v2/media/media-1"
V2_STATUS = "GET /v2/media/media-1?fields=processing_status"
A = "https://videos.example/a.mp4"
B = "https://videos.example/b.mp4"
C = "https://videos.example/c.mp4"


def download(query: str = "") -> Any:
    """A download call."""
    return bare(f"GET /media/media-1/download{'?' if query else ''}{query}")


def auto(*results: Any, **fields: Any) -> Any:
    """The lookup of a finished media of the tool Auto."""
    return v2(V2_DETAIL, response=finished_media("Auto", *results, **fields))


DETAILS = (
    case(
        "a media in v1's shape, once and twice wrapped",
        bare(DETAIL),
        auto(A, duration_time="5.0", submit_params={"native_audio": True, "file_size": "", "scale_factor": "1"}),
        gives={
            "data": {
                "id": "media-1",
                "progress_percentage": 100,
                "processing_status": "success",
                "duration_time": "5.0",
                "result": [{"url": A}],
                "submit_params": {"sound_effects": "Yes", "native_audio": True, "pipeline_preset": "Fast"},
                "pose_preset": {
                    "MotionType": "Auto",
                    "Params": "Prompt=A fox|CameraPath=|Quantity=1|MotionAmount=5|MotionLength=5|Loop=1|AspectRatio=",
                    "motion_type": "Auto",
                    "prompt": "A fox",
                },
                "version": "3",
                "data": {"id": "media-1", "result": [{"url": A}], "processing_status": "success"},
            }
        },
    ),
    case(
        "what v2 adds comes through",
        bare(DETAIL),
        v2(V2_DETAIL, response=media(mood=["x", None], processing_status="resting", result=[{"url": A, "size": 1}])),
        gives={"data": {"mood": ["x", None], "processing_status": "resting", "result": [{"url": A, "size": 1}]}},
    ),
    case(
        "both audio fields, whatever v2 tells",
        bare(DETAIL),
        v2(V2_DETAIL, response=media(submit_params={"file_size": "", "scale_factor": "1"})),
        gives={"data": {"submit_params": {"sound_effects": "No", "native_audio": False}}},
    ),
    case(
        "a shape in Params",
        bare(DETAIL),
        v2(
            V2_DETAIL,
            response=media(
                pose_preset={
                    "motion_type": "Vidu",
                    "prompt": "a|b",
                    "quantity": 2,
                    "motion_length": 8,
                    "loop": 3,
                    "aspect_ratio": "9:16",
                }
            ),
        ),
        gives={
            "data": {
                "pose_preset": {
                    "MotionType": "Vidu",
                    "Params": "Prompt=a|b|CameraPath=|Quantity=2|MotionAmount=5|MotionLength=8|Loop=3|AspectRatio=9:16",
                }
            }
        },
    ),
    *(
        case(
            f"media status {status} is {shown}",
            bare(DETAIL),
            v2(V2_DETAIL, response=media(processing_status=status)),
            gives={"data": {"processing_status": shown, "progress_percentage": progress}},
        )
        for status, shown, progress in (
            ("new", "queue_bullet", 20),
            ("queued", "queue_bullet", 20),
            ("processing", "processing_bullet", 50),
            ("success", "success", 100),
            ("failed", "fail", 100),
            ("error", "fail", 100),
            ("cancelled", "cancel", 100),
        )
    ),
    case(
        "a selection of fields is passed on",
        bare(f"{DETAIL}?fields=id,title"),
        v2(f"{V2_DETAIL}?fields=id,title", response=json_response({"id": "media-1", "title": "Fox"})),
        gives={"data": {"id": "media-1", "title": "Fox"}},
    ),
    case(
        "an id that must be escaped",
        bare("GET /media/a%20b%3F"),
        v2("GET /v2/media/a%20b%3F", response=media("a b?")),
    ),
    case(
        "an id that v2 does not know may be one of v1",
        bare(DETAIL),
        v2(V2_DETAIL, response=error_response(404, "MEDIA_NOT_FOUND")),
        v1(DETAIL, json_response({"data": {"id": "media-1", "title": "of v1"}})),
        warns=[PASSED],
    ),
    case(
        "an unknown id",
        bare(DETAIL),
        v2(V2_DETAIL, response=error_response(404, "MEDIA_NOT_FOUND")),
        v1(DETAIL, json_response({"message": "MEDIA_NOT_FOUND"}, 404)),
        warns=[PASSED],
    ),
    case(
        "a story that v2 does not know",
        bare("GET /story/story-1"),
        v2("GET /v2/story/story-1", response=error_response(404, "STORY_NOT_FOUND")),
        v1("GET /story/story-1"),
        warns=[PASSED],
    ),
)

STATUSES = (
    *(
        case(
            f"polling: {status} is {shown}",
            bare(STATUS),
            v2(V2_STATUS, response=json_response({"processing_status": status})),
            exactly={"data": {"processing_status": shown, "progress_percentage": progress}},
        )
        for status, shown, progress in (
            ("new", "queue_bullet", "20"),
            ("queued", "queue_bullet", "20"),
            ("processing", "processing_bullet", "50"),
            ("success", "success", "100"),
            ("failed", "fail", "100"),
            ("error", "fail", "100"),
            ("cancelled", "cancel", "100"),
        )
    ),
    case(
        "polling: an unknown status stays",
        bare(STATUS),
        v2(V2_STATUS, response=json_response({"processing_status": "resting"})),
        gives={"data": {"processing_status": "resting"}},
    ),
    case(
        "polling without a key uses the configured one",
        bare(STATUS, key=None),
        v2(V2_STATUS, response=json_response({"processing_status": "success"})),
        gives={"data": {"progress_percentage": "100"}},
        policy={"api_key": "the-configured-key"},
    ),
    case(
        "polling what v2 does not know",
        bare(STATUS),
        v2(V2_STATUS, response=error_response(404, "MEDIA_NOT_FOUND")),
        v1(STATUS, json_response({"data": {"processing_status": "success", "progress_percentage": "100"}})),
        warns=[PASSED],
    ),
)

NO_INDEX = "object_type=bullet_video_mp4&motion_type=Auto"

DOWNLOADS = (
    case("the page's download", download(NO_INDEX), auto(A), file(A)),
    case("no motion at all is the first", download(), auto(A, B), file(A)),
    case("no index is the first", download("motion_type=Auto"), auto(A, B), file(A)),
    case("Auto1 is the first", download("motion_type=Auto1"), auto(A, B), file(A)),
    case("Auto2 is the second", download("motion_type=Auto2"), auto(A, B), file(B)),
    case("a name that no result bears counts for nothing", download("motion_type=RunwayML"), auto(A, B), file(A)),
    case("but its index does", download("motion_type=RunwayML2"), auto(A, B), file(B)),
    case("a name that ends with a number", download("motion_type=Kling2"), auto(A, B), file(A)),
    case("a name that ends with a number, and an index", download("motion_type=Kling22"), auto(A, B), file(B)),
    case(
        "a tool of v2 that ends with a number",
        download("motion_type=AutoT12"),
        v2(V2_DETAIL, response=finished_media("AutoT1", A, B)),
        file(B),
    ),
    case("results that are objects", download("motion_type=Auto1"), auto({"url": A}), file(A)),
    case(
        "the motions of several members",
        bare("GET /media/m1+m2/download?motion_type=KlingAI1"),
        v2("GET /v2/media/m1", response=finished_media("Auto", A, B, id="m1")),
        v2("GET /v2/media/m2", response=finished_media("KlingAI", C, id="m2")),
        file(C),
    ),
    case(
        "the second of one motion in two members",
        bare("GET /media/m1+m2/download?motion_type=Auto2"),
        v2("GET /v2/media/m1", response=finished_media("Auto", A, id="m1")),
        v2("GET /v2/media/m2", response=finished_media("Auto", B, id="m2")),
        file(B),
    ),
    case(
        "size and width are left out",
        download(f"{NO_INDEX}&width=1080&file_size=4"),
        auto(A),
        file(A),
        warns=[lost("width"), lost("file_size")],
    ),
    case(
        "another kind of file is v1's alone",
        download("object_type=bullet_video_gif&motion_type=Auto"),
        v1("GET /media/media-1/download?object_type=bullet_video_gif&motion_type=Auto"),
        warns=[PASSED],
        mentions=["object_type"],
    ),
    case(
        "not ready yet",
        download(NO_INDEX),
        v2(V2_DETAIL, response=media(processing_status="processing")),
        status=400,
        gives={"message": "NOT_READY"},
    ),
    *(
        case(
            f"a download of a media that {status}",
            download(NO_INDEX),
            v2(V2_DETAIL, response=media(processing_status=status)),
            status=400,
            gives={"message": "BAD_REQUEST", "detail": "This media has no result Auto: its status is 'fail'."},
        )
        for status in ("failed", "cancelled")
    ),
    case("no such index", download("motion_type=Auto3"), auto(A, B), status=400, gives={"message": "BAD_REQUEST"}),
    case("index 0 is none", download("motion_type=Auto0"), auto(A), status=400, gives={"message": "BAD_REQUEST"}),
    case(
        "a redirect of the file's host is followed without the key",
        download(NO_INDEX),
        auto(A),
        file(A, status=302, location="https://other.example/b.mp4"),
        file("https://other.example/b.mp4"),
    ),
    case(
        "a file whose address has expired",
        download(NO_INDEX),
        auto(A),
        file(A, b"<Error>Expired</Error>", status=403),
        gives={"message": "FILE_NOT_AVAILABLE"},
    ),
    case(
        "a download of what v2 does not know",
        download(NO_INDEX),
        v2(V2_DETAIL, response=error_response(404, "MEDIA_NOT_FOUND")),
        v1(f"GET /media/media-1/download?{NO_INDEX}", json_response({"x": 1})),
        warns=[PASSED],
    ),
    case(
        "a download of what may not be seen",
        download(NO_INDEX),
        v2(V2_DETAIL, response=error_response(403, "FORBIDDEN")),
        gives={"message": "FORBIDDEN"},
    ),
)

assert KEY not in str(NEW_MEDIA)

CASES: tuple[Case, ...] = (*DETAILS, *STATUSES, *DOWNLOADS)
