"""The caller's settings: strict mode, the credit limit, the key, the base URL."""

from __future__ import annotations

from typing import Any

from tests.cases.media_create import create
from tests.cases.one_call import IDEA, RACHEL, idea
from tests.cases.rows import (
    PASSED,
    Call,
    Case,
    bare,
    case,
    error_response,
    file,
    finished_media,
    form,
    image,
    json,
    json_response,
    media,
    multipart,
    near,
    old,
    raw,
    v1,
    v2,
)

STRICT = {"mode": "strict"}


def rejected(id: str, call: Call, *mentions: str) -> Case:
    """Strict mode rejects this before anything is sent."""
    return case(f"strict: {id}", call, raises="StrictModeError", mentions=mentions, policy=STRICT)


STRICT_MODE = (
    rejected("an approximated tool", form(IDEA, idea="A fox", motion_type="RunwayML"), "motion_type", "RunwayML"),
    rejected("an approximated image tool", form(IDEA, idea="A fox", option="FluxPro"), "option"),
    rejected("an approximated duration", form(IDEA, idea="A fox", duration=7), "duration", "7"),
    rejected("a dropped field", form(IDEA, idea="A fox", seed=1), "seed"),
    rejected("two dropped fields, both named", form(IDEA, idea="A fox", seed=1, loop=2), "seed", "loop"),
    rejected(
        "a narrator that falls silent", form(IDEA, idea="A fox", sound_effects="Yes", narrator="Bill"), "narrator"
    ),
    rejected("v1's own narrator falls silent", form(IDEA, idea="A fox", sound_effects="Yes"), "narration", "price"),
    rejected("changing a story by step 1", form("POST /story", idea="A fox", story_id="story-0"), "story_id"),
    rejected("a private story", form("POST /story", idea="A fox", visibility_status="0"), "visibility_status"),
    rejected("a story's update", form("PUT /story/s-1", title="Fox"), "PUT /story/{story_id}"),
    rejected("a story's empty update", bare("PUT /story/s-1")),
    rejected("an unsupported tool", form("POST /media", motion_type="Parallax"), "Parallax"),
    rejected("a try-on model", form("POST /media", model="FashnTryOn"), "model"),
    rejected(
        "a third file", multipart("POST /media", *(image("image_files", f"{n}.png") for n in "123")), "image_files"
    ),
    rejected("a dropped key of Params", json("POST /media/prompt", {"pose_preset": {"Params": "Zoom=4"}}), "Zoom"),
    rejected("a width", bare("GET /media/m-1/download?width=1080"), "width"),
    rejected("another kind of file", bare("GET /media/m-1/download?object_type=gif"), "object_type"),
    rejected(
        "an edit of which nothing remains", form("PUT /media/m-1/edit", camera_control="Static"), "camera_control"
    ),
    rejected("a body that can't be read", raw("POST /story", b"idea", "text/plain")),
    rejected("an unknown field", form(IDEA, idea="A fox", colour="red"), "colour"),
    case(
        "strict: what is the same, renamed or converted goes through",
        form(IDEA, idea="A fox", motion_type="KlingAI", duration=10, is_transition="Yes", narrator="Bill", loop=1),
        idea(
            {"video_tool": "KlingAI", "scene_duration": 10, "is_transition": True},
            RACHEL | {"narrator": "Bill"},
        ),
        warns=[
            old("motion_type", "video_tool"),
            old("duration", "scene_duration"),
            old("is_transition", "is_transition"),
            old("narrator", "audio_option.narrator"),
        ],
        policy=STRICT,
    ),
    case(
        "strict: the caller's own table loses nothing",
        form(IDEA, idea="A fox", motion_type="RunwayML"),
        idea({"video_tool": "Vidu"}),
        warns=[old("motion_type", "video_tool")],
        policy=STRICT | {"video_tools": {"RunwayML": "Vidu"}},
    ),
    case(
        "strict: v1 is not asked about an unknown id",
        bare("GET /media/media-1"),
        v2("GET /v2/media/media-1", response=error_response(404, "MEDIA_NOT_FOUND")),
        gives={"message": "MEDIA_NOT_FOUND"},
        policy=STRICT,
    ),
)


def limited(id: str, limit: float, call: Call, *mentions: str) -> Case:
    """The credit limit rejects this before anything is sent."""
    return case(f"limit: {id}", call, raises="CreditLimitError", mentions=mentions, policy={"max_credits": limit})


LIMITS = (
    limited("three scenes of five seconds cost 150", 149, form(IDEA, idea="A fox"), "150"),
    limited("native audio doubles", 299, form(IDEA, idea="A fox", sound_effects="Yes"), "300"),
    limited("ten seconds double", 199, form(IDEA, idea="A fox", scene_count=2, duration=9), "200"),
    limited("Vidu is estimated with 10", 149, form(IDEA, idea="A fox", motion_type="Vidu"), "150", "Vidu"),
    limited("one scene an image", 149, form("POST /story/images-2-video", image_urls=["https://i/1"] * 3), "150"),
    limited("nothing at all is allowed", 0, form("POST /story/url-2-video", idea="A fox"), "150"),
    limited("the same call to v1 costs the same", 149, form(IDEA, idea="A fox", visibility_status="0")),
    limited("two motions count both", 99, json("POST /media/prompt", {"pose_preset": [{"MotionType": "Auto"}] * 2})),
    case(
        "limit: exactly the limit goes through",
        form(IDEA, idea="A fox"),
        idea({}),
        policy={"max_credits": 150},
    ),
    case(
        "limit: an economy tool is half the price",
        form(IDEA, idea="A fox", motion_type="AutoT1"),
        idea({"video_tool": "AutoT1"}),
        warns=[old("motion_type", "video_tool")],
        policy={"max_credits": 75},
    ),
    case(
        "limit: a free edit is free",
        form("PUT /media/media-1/edit", title="Fox"),
        v2("PUT /v2/media/media-1", {"title": "Fox"}, media(title="Fox")),
        policy={"max_credits": 0},
    ),
    limited("a paid edit is not", 0, form("PUT /media/media-1/edit", prompt="A dog")),
    case(
        "limit: process is priced once the media is known",
        bare("POST /media/media-1/process"),
        v2("GET /v2/media/media-1", response=media()),
        raises="CreditLimitError",
        policy={"max_credits": 0},
    ),
    case(
        "limit: reading is free",
        bare("GET /media/media-1"),
        v2("GET /v2/media/media-1"),
        policy={"max_credits": 0},
    ),
)

CONFIGURED: dict[str, Any] = {"api_key": "the-configured-key"}
ELSEWHERE: dict[str, Any] = {"base_url": "https://proxy.example/vim"}

KEYS = (
    case(
        "key: the configured one where the caller has none",
        form(IDEA, key=None, idea="A fox"),
        idea({}),
        policy=CONFIGURED,
    ),
    case("key: the caller's own wins", form(IDEA, idea="A fox"), idea({}), policy=CONFIGURED),
    case("key: none is none", form(IDEA, key=None, idea="A fox"), idea({})),
    case(
        "key: it goes with a call that is passed to v1",
        form("POST /media", key=None, motion_type="Parallax"),
        v1("POST /media"),
        warns=[PASSED],
        policy=CONFIGURED,
    ),
    case(
        "key: never to a file's host",
        bare("GET /media/media-1/download", key=None),
        v2("GET /v2/media/media-1", response=finished_media("Auto", "https://videos.example/a.mp4")),
        file("https://videos.example/a.mp4"),
        policy=CONFIGURED,
    ),
    case(
        "key: not even where files lie on the API's own host",
        bare("GET /media/media-1/download", key=None),
        v2("GET /v2/media/media-1", response=finished_media("Auto", "https://api.vimmerse.net/files/a.mp4")),
        file("https://api.vimmerse.net/files/a.mp4"),
        policy=CONFIGURED,
    ),
    case(
        "key: one in the wrong field is not shown",
        form(IDEA, idea="A fox", seed="the-configured-key"),
        idea({}),
        warns=[("lossy", "seed", "")],
        mentions=["[key]"],
        policy=CONFIGURED,
    ),
)

BASES = (
    case("base URL: all goes there", form(IDEA, idea="A fox"), idea({}), policy=ELSEWHERE),
    case(
        "base URL: its own host is v1 too",
        form("POST https://proxy.example/vim/story/idea-2-video", idea="A fox"),
        idea({}),
        policy=ELSEWHERE,
    ),
    case(
        "base URL: what v1 alone can do goes there",
        form("POST /media", motion_type="Parallax"),
        v1("POST /media"),
        warns=[PASSED],
        policy=ELSEWHERE,
    ),
    case(
        "base URL: a port and plain http",
        form("POST http://127.0.0.1:8765/media", prompt="A fox", motion_type="Veo"),
        create({"prompt": "A fox", "video_tool": "VeoFast"}),
        warns=[near("motion_type", "video_tool")],
        policy={"base_url": "http://127.0.0.1:8765"},
    ),
    case(
        "base URL: a slash at its end",
        bare("GET /story/story-1"),
        v2("GET /v2/story/story-1", response=json_response({"id": "story-1"})),
        policy={"base_url": "https://proxy.example/"},
    ),
)

CASES: tuple[Case, ...] = (*STRICT_MODE, *LIMITS, *KEYS, *BASES)
