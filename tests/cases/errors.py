"""v2's errors in v1's shape, and responses that are not from v2."""

from __future__ import annotations

from typing import Any

from tests.cases.one_call import IDEA, RACHEL, idea
from tests.cases.presets import PROMPT
from tests.cases.rows import (
    Case,
    Played,
    bare,
    case,
    error_response,
    form,
    json,
    json_response,
    multipart,
    near,
    old,
    page,
    upload,
    v2,
)
from tests.cases.rows import image as _image

FOX = form(IDEA, idea="A fox")


def failing_story(response: Played) -> Any:
    """The v2 request for a story about a fox, with an error response."""
    return v2("POST /v2/story/idea-2-video", {"idea": "A fox", "audio_option": RACHEL}, response)


def invalid(*loc: Any) -> Played:
    """v2's validation error at one place."""
    return json_response(
        {"detail": [{"loc": ["body", *loc], "msg": "Input is wrong", "type": "value_error", "input": 1}]}, 422
    )


def at(*loc: Any) -> dict[str, Any]:
    """The error that the caller must get."""
    return {"detail": [{"loc": ["body", *loc], "msg": "Input is wrong", "type": "value_error", "input": 1}]}


CODES = tuple(
    case(
        f"v2's {status} {code}",
        FOX,
        failing_story(error_response(status, code, "Words.")),
        exactly={"message": code, "detail": "Words.", "code": code},
    )
    for status, code in (
        (400, "BAD_REQUEST"),
        (401, "UNAUTHORIZED"),
        (402, "INSUFFICIENT_CREDIT"),
        (403, "REACHED_LIMIT"),
        (429, "TOO_MANY_REQUESTS"),
        (500, "JOB_CREATE_FAILED"),
        (503, "MAINTENANCE"),
    )
)

ODD = (
    case("an HTML page keeps its status", FOX, failing_story(page(502)), gives={}, mentions=[]),
    case("a status that no library knows", FOX, failing_story(page(520)), gives={}),
    case("an error that is null", FOX, failing_story(Played(500, b"null")), gives={}),
    case("an error that is a list", FOX, failing_story(Played(500, b"[]")), gives={}),
    case("an error without a body", FOX, failing_story(Played(503, b"", "")), gives={}),
    case(
        "an error of the framework's own",
        FOX,
        failing_story(json_response({"detail": "Not authenticated"}, 401)),
        gives={"detail": "Not authenticated"},
    ),
    case(
        "an error with a message alone",
        FOX,
        failing_story(json_response({"message": "Boom"}, 500)),
        gives={"message": "Boom"},
    ),
    case(
        "what v2 adds to an error stays",
        FOX,
        failing_story(json_response({"message": "W", "code": "X", "retry_after": 3}, 429)),
        exactly={"message": "X", "detail": "W", "code": "X", "retry_after": 3},
    ),
    case("a page where a new story belongs", FOX, failing_story(page(200)), raises="UpstreamError", mentions=["200"]),
    case("null where a new story belongs", FOX, failing_story(Played(200, b"null")), raises="UpstreamError"),
    case(
        "a list where a story belongs",
        bare("GET /story/s-1"),
        v2("GET /v2/story/s-1", response=Played(200, b"[]")),
        raises="UpstreamError",
    ),
    case(
        "half a JSON where a media belongs",
        bare("GET /media/m-1"),
        v2("GET /v2/media/m-1", response=Played(200, b'{"id": ')),
        raises="UpstreamError",
    ),
    *(
        case(
            f"a story without an id: {what}",
            FOX,
            failing_story(response),
            warns=[("paid", "", "")],
            mentions=["without an id", "check before you send it again"],
        )
        for what, response in (
            ("nothing", json_response({"status": "new"})),
            ("null", json_response({"id": None})),
        )
    ),
    case(
        "a media without an id",
        form("POST /media", prompt="A fox"),
        v2("POST /v2/media", {"prompt": "A fox"}, json_response({"title": ""})),
        raises="UpstreamError",
        mentions=["id"],
    ),
)

PLACES = (
    case(
        "422: a renamed field",
        form(IDEA, idea="A fox", motion_type="Nonsense"),
        v2(
            "POST /v2/story/idea-2-video",
            {"idea": "A fox", "video_tool": "Nonsense", "audio_option": RACHEL},
            invalid("video_tool"),
        ),
        exactly=at("motion_type"),
        warns=[old("motion_type", "video_tool")],
    ),
    case(
        "422: duration was scene_duration",
        form(IDEA, idea="A fox", duration="soon"),
        v2(
            "POST /v2/story/idea-2-video",
            {"idea": "A fox", "scene_duration": "soon", "audio_option": RACHEL},
            invalid("scene_duration"),
        ),
        exactly=at("duration"),
        warns=[old("duration", "scene_duration")],
    ),
    case(
        "422: option was image_tool",
        form(IDEA, idea="A fox", option="FluxPro"),
        v2(
            "POST /v2/story/idea-2-video",
            {"idea": "A fox", "image_tool": "AutoI", "audio_option": RACHEL},
            invalid("image_tool"),
        ),
        exactly=at("option"),
        warns=[near("option", "image_tool")],
    ),
    case(
        "422: inside the audio",
        form(IDEA, idea="A fox", narrator="Nobody", background_music="maybe"),
        v2(
            "POST /v2/story/idea-2-video",
            {"idea": "A fox", "audio_option": RACHEL | {"narrator": "Nobody", "has_bg_music": "maybe"}},
            json_response(
                {
                    "detail": [
                        {"loc": ["body", "audio_option", "narrator"], "msg": "m", "type": "t"},
                        {"loc": ["body", "audio_option", "has_bg_music"], "msg": "m", "type": "t"},
                    ]
                },
                422,
            ),
        ),
        exactly={
            "detail": [
                {"loc": ["body", "narrator"], "msg": "m", "type": "t"},
                {"loc": ["body", "background_music"], "msg": "m", "type": "t"},
            ]
        },
        warns=[old("narrator", "audio_option.narrator"), old("background_music", "audio_option.has_bg_music")],
    ),
    case(
        "422: the caller's own names of revised v1 stay",
        json(IDEA, {"idea": "A fox", "video_tool": "Nonsense"}),
        v2(
            "POST /v2/story/idea-2-video",
            {"idea": "A fox", "video_tool": "Nonsense", "audio_option": RACHEL},
            invalid("video_tool"),
        ),
        exactly=at("video_tool"),
    ),
    case("422: the same name stays", FOX, failing_story(invalid("idea")), exactly=at("idea")),
    case(
        "422: inside the scenes",
        form("POST /story/s-1/videos", storyboard='{"scenes": []}', scenes='[{"name": 1}]'),
        v2(
            "POST /v2/story/s-1/videos",
            {"storyboard": {"scenes": [{"name": 1}]}},
            invalid("storyboard", "scenes", 0, "name"),
        ),
        exactly=at("scenes", 0, "name"),
        warns=[old("storyboard", "storyboard"), old("scenes", "storyboard.scenes")],
    ),
    case(
        "422: image URLs were media items",
        form("POST /media", image_urls="ftp://x"),
        v2(
            "POST /v2/media",
            {"media_items": [{"type": "image", "url": "ftp://x", "position": "First"}]},
            invalid("media_items", 0, "url"),
        ),
        gives={"detail": [{"loc": ["body", "image_urls", 0, "url"]}]},
        warns=[old("image_urls", "media_items")],
    ),
    case(
        "422: files were media items",
        multipart("POST /media", _image("image_files", "a.png")),
        upload("a.png", "https://cdn.example/a.png"),
        v2(
            "POST /v2/media",
            {"media_items": [{"type": "image", "url": "https://cdn.example/a.png", "position": "First"}]},
            invalid("media_items"),
        ),
        exactly=at("image_files"),
        warns=[old("image_files", "media_items")],
    ),
    case(
        "422: inside a pose preset",
        json(PROMPT, {"pose_preset": {"MotionType": "Auto", "Params": "MotionLength=99"}}),
        v2("POST /v2/media", {"video_tool": "Auto", "duration": 99}, invalid("duration")),
        exactly=at("pose_preset", "Params", "MotionLength"),
        warns=[old("pose_preset.MotionType", "video_tool"), old("pose_preset.Params.MotionLength", "duration")],
    ),
    case(
        "422: inside submit_params",
        json(PROMPT, {"submit_params": {"pipeline_preset": "Odd"}}),
        v2("POST /v2/media", {"pipeline_mode": "Odd"}, invalid("pipeline_mode")),
        exactly=at("submit_params", "pipeline_preset"),
        warns=[old("submit_params.pipeline_preset", "pipeline_mode")],
    ),
    case(
        "422: inside an upload's data",
        multipart("POST /media/upload", _image("image", "a.png"), data='{"title": 7}'),
        upload("a.png", "https://cdn.example/a.png"),
        v2(
            "POST /v2/media",
            {"media_items": [{"type": "image", "url": "https://cdn.example/a.png", "position": "First"}], "title": 7},
            invalid("title"),
        ),
        exactly=at("data", "title"),
        warns=[old("image", "media_items")],
    ),
    case(
        "422: a place in the path",
        bare("GET /media/m-1"),
        v2("GET /v2/media/m-1", response=json_response({"detail": [{"loc": ["path", "media_id"], "msg": "m"}]}, 422)),
        exactly={"detail": [{"loc": ["path", "media_id"], "msg": "m"}]},
    ),
    case(
        "422: detail that is not a list of locations",
        FOX,
        failing_story(json_response({"detail": ["odd", {"loc": "body"}, None]}, 422)),
        exactly={"detail": ["odd", {"loc": "body"}, None]},
    ),
)

assert idea({}).body is not None

CASES: tuple[Case, ...] = (*CODES, *ODD, *PLACES)
