"""The steps of a story: storyboard, elements, scenes, videos, concat, read, delete."""

from __future__ import annotations

import json as _json
from typing import Any

from tests.cases.one_call import NATIVE, RACHEL, SILENT
from tests.cases.rows import (
    ABSENT,
    HOOK,
    NEW_STORY,
    PASSED,
    Case,
    bare,
    case,
    form,
    image,
    json,
    json_response,
    lost,
    multipart,
    near,
    old,
    upload,
    v1,
    v2,
)

BOARD: dict[str, Any] = {
    "characters": [{"name": "Reynard", "description": "red", "URL": "https://i.example/r.png"}],
    "environments": [{"name": "Wood", "description": "dark"}],
    "objects": [],
    "scenes": [{"name": "Dawn", "image_description": "mist", "image_url": "https://i.example/dawn.png"}],
    "music": {"description": "flutes", "music_url": "https://i.example/m.mp3"},
}
MODERN: dict[str, Any] = BOARD | {
    "characters": [{"name": "Reynard", "description": "red", "image_url": "https://i.example/r.png"}]
}
TEXT = _json.dumps(BOARD)
BOARD_WARNS = [old("storyboard", "storyboard")]

STORYBOARD = (
    case(
        "step 1: idea and count",
        form("POST /story", idea="A fox", scene_count=3, title="Fox"),
        v2("POST /v2/story", {"idea": "A fox", "scene_count": 3, "title": "Fox", "audio_option": RACHEL}),
    ),
    case(
        "step 1: another narrator",
        form("POST /story", idea="A fox", narrator="Sarah"),
        v2("POST /v2/story", {"idea": "A fox", "audio_option": RACHEL | {"narrator": "Sarah"}}),
        warns=[old("narrator", "audio_option.narrator")],
    ),
    case(
        "step 1: named audio without a narrator has v1's",
        form("POST /story", idea="A fox", background_music="false"),
        v2("POST /v2/story", {"idea": "A fox", "audio_option": RACHEL | {"has_bg_music": False}}),
        warns=[old("background_music", "audio_option.has_bg_music")],
    ),
    case(
        "step 1: an empty narrator means no narration",
        form("POST /story", idea="A fox", narrator=""),
        v2("POST /v2/story", {"idea": "A fox", "audio_option": SILENT}),
    ),
    case(
        "step 1: revised v1's form",
        form(
            "POST /story",
            idea="A fox",
            language="German",
            aspect_ratio="1:1",
            audio_option='{"has_narration": false}',
            elements='{"objects": [{"name": "Flute"}]}',
        ),
        v2(
            "POST /v2/story",
            {
                "idea": "A fox",
                "language": "German",
                "aspect_ratio": "1:1",
                "audio_option": SILENT,
                "elements": {"objects": [{"name": "Flute"}]},
            },
        ),
    ),
    case(
        "step 1: changing a story is v1's alone",
        form("POST /story", idea="A fox", story_id="story-0"),
        v1("POST /story"),
        warns=[PASSED],
        mentions=["story_id"],
    ),
    case(
        "step 1: an empty story_id names none",
        form("POST /story", idea="A fox", story_id=""),
        v2("POST /v2/story", {"idea": "A fox", "audio_option": RACHEL}),
    ),
    case(
        "step 1: image URLs",
        form("POST /story", idea="A fox", image_urls=["https://i.example/1.png", "https://i.example/2.png"]),
        v2(
            "POST /v2/story",
            {
                "idea": "A fox",
                "image_urls": ["https://i.example/1.png", "https://i.example/2.png"],
                "audio_option": RACHEL,
            },
        ),
    ),
    case(
        "step 1: files are uploaded first",
        multipart("POST /story", image("image_files", "a.png"), image("image_files", "b.png", b"second"), idea="A fox"),
        upload("a.png", "https://cdn.example/a.png"),
        upload("b.png", "https://cdn.example/b.png", b"second"),
        v2(
            "POST /v2/story",
            {
                "idea": "A fox",
                "image_urls": ["https://cdn.example/a.png", "https://cdn.example/b.png"],
                "audio_option": RACHEL,
            },
        ),
        warns=[old("image_files", "image_urls")],
    ),
    case(
        "step 1: an upload that fails ends it",
        multipart("POST /story", image("image_files", "a.png"), idea="A fox"),
        upload("a.png", "", response=json_response({"message": "Too large.", "code": "FILE_TOO_LARGE"}, 413)),
        gives={"message": "FILE_TOO_LARGE", "detail": "Too large.", "code": "FILE_TOO_LARGE"},
        warns=[old("image_files", "image_urls")],
    ),
    case(
        "step 1: private",
        form("POST /story", idea="A fox", visibility_status="0"),
        v1("POST /story"),
        warns=[PASSED],
    ),
)

ELEMENTS = (
    case(
        "elements: what was left out stays out",
        bare("POST /story/s-1/elements"),
        v2("POST /v2/story/s-1/elements", {}),
    ),
    case(
        "elements: the page's example",
        form("POST /story/s-1/elements", aspect_ratio="16:9", option="FluxKontextPro", seed=4669),
        v2("POST /v2/story/s-1/elements", {"aspect_ratio": "16:9", "image_tool": "AutoI"}),
        warns=[near("option", "image_tool"), lost("seed")],
    ),
    case(
        "elements: a storyboard as text",
        form("POST /story/s-1/elements", storyboard=TEXT),
        v2("POST /v2/story/s-1/elements", {"storyboard": MODERN}),
        warns=BOARD_WARNS,
    ),
    case(
        "elements: image_url wins where both are given and differ",
        form(
            "POST /story/s-1/elements",
            storyboard='{"characters": [{"name": "R", "URL": "https://i.example/old.png", '
            '"image_url": "https://i.example/r.png"}]}',
        ),
        v2(
            "POST /v2/story/s-1/elements",
            {"storyboard": {"characters": [{"name": "R", "image_url": "https://i.example/r.png"}]}},
        ),
        warns=[*BOARD_WARNS, lost("storyboard.characters.0.URL")],
        mentions=["https://i.example/old.png", "image_url"],
    ),
    case(
        "elements: an empty image_url yields to a full URL",
        form(
            "POST /story/s-1/elements",
            storyboard='{"objects": [{"name": "R", "URL": "https://i.example/r.png", "image_url": ""}]}',
        ),
        v2(
            "POST /v2/story/s-1/elements",
            {"storyboard": {"objects": [{"name": "R", "image_url": "https://i.example/r.png"}]}},
        ),
        warns=BOARD_WARNS,
        policy={"mode": "strict"},
    ),
    case(
        "elements: an empty URL takes the image away",
        json("POST /story/s-1/elements", {"storyboard": {"environments": [{"name": "Wood", "URL": ""}]}}),
        v2("POST /v2/story/s-1/elements", {"storyboard": {"environments": [{"name": "Wood", "image_url": ""}]}}),
        policy={"mode": "strict"},
    ),
    case(
        "elements: strict mode refuses two pictures of one character",
        json("POST /story/s-1/elements", {"storyboard": {"characters": [{"URL": "a", "image_url": "b"}]}}),
        raises="StrictModeError",
        mentions=["storyboard.characters.0.URL"],
        policy={"mode": "strict"},
    ),
    case(
        "elements: v1's defaults say nothing",
        form(
            "POST /story/s-1/elements",
            enhance_image="false",
            background_music="true",
            has_bg_music="false",
            aspect_ratio="9:16",
        ),
        v2("POST /v2/story/s-1/elements", {"aspect_ratio": "9:16"}),
    ),
    case(
        "elements: what differs is dropped",
        form("POST /story/s-1/elements", enhance_image="true", background_music="false"),
        v2("POST /v2/story/s-1/elements", {}),
        warns=[lost("enhance_image"), lost("background_music")],
        mentions=["step 1", "scenes", "next story"],
    ),
    case(
        "elements: a storyboard that is not JSON is sent as it is",
        form("POST /story/s-1/elements", storyboard="{scenes"),
        v2("POST /v2/story/s-1/elements", {"storyboard": "{scenes"}),
    ),
)

SCENES = (
    case(
        "scenes: without audio the story keeps what step 1 decided",
        bare("POST /story/s-1/scenes"),
        v2("POST /v2/story/s-1/scenes", {}),
    ),
    case(
        "scenes: audio fields without a value name none",
        form("POST /story/s-1/scenes", sound_effects="", background_music="", audio_option="{}"),
        v2("POST /v2/story/s-1/scenes", {}),
    ),
    case(
        "scenes: named audio is filled with v1's",
        json("POST /story/s-1/scenes", {"audio_option": {"has_bg_music": False}}),
        v2("POST /v2/story/s-1/scenes", {"audio_option": RACHEL | {"has_bg_music": False}}),
    ),
    *(
        case(
            f"scenes: enhance_image={value} is a default of one revision",
            form("POST /story/s-1/scenes", enhance_image=value),
            v2("POST /v2/story/s-1/scenes", {}),
            policy={"mode": "strict"},
        )
        for value in ("true", "False")
    ),
    case(
        "scenes: the page's example",
        form("POST /story/s-1/scenes", aspect_ratio="16:9", option="FluxKontextPro", seed="4669", storyboard=TEXT),
        v2(
            "POST /v2/story/s-1/scenes",
            {"aspect_ratio": "16:9", "image_tool": "AutoI", "storyboard": MODERN},
        ),
        warns=[near("option", "image_tool"), lost("seed"), *BOARD_WARNS],
    ),
    case(
        "scenes: audio",
        form("POST /story/s-1/scenes", narrator="Liam", background_music="no"),
        v2("POST /v2/story/s-1/scenes", {"audio_option": RACHEL | {"narrator": "Liam", "has_bg_music": False}}),
        warns=[old("narrator", "audio_option.narrator"), old("background_music", "audio_option.has_bg_music")],
    ),
    case(
        "scenes: revised v1's audio",
        form("POST /story/s-1/scenes", has_narration="false", has_bg_music="1"),
        v2("POST /v2/story/s-1/scenes", {"audio_option": SILENT}),
        warns=[old("has_narration", "audio_option.has_narration"), old("has_bg_music", "audio_option.has_bg_music")],
    ),
    case(
        "scenes: native audio of original v1",
        form("POST /story/s-1/scenes", sound_effects="yes", narrator="Liam"),
        v2("POST /v2/story/s-1/scenes", {"audio_option": NATIVE}),
        warns=[near("sound_effects", "audio_option.native_audio"), lost("narrator")],
    ),
    case(
        "scenes: switches",
        form("POST /story/s-1/scenes", enhance_image="off", generate_elements="false", narrator=""),
        v2("POST /v2/story/s-1/scenes", {"audio_option": SILENT}),
        warns=[lost("generate_elements")],
    ),
    case(
        "scenes: an id that must be escaped",
        bare("POST /story/a%20b%2Bc/scenes"),
        v2("POST /v2/story/a%20b%2Bc/scenes", {}),
    ),
)

VIDEOS = (
    case(
        "videos: the page's example",
        form("POST /story/s-1/videos", title="Example story from vimmerse", motion_type="KlingAI"),
        v2("POST /v2/story/s-1/videos", {"title": "Example story from vimmerse", "video_tool": "KlingAI"}),
        warns=[old("motion_type", "video_tool")],
    ),
    case("videos: nothing at all", bare("POST /story/s-1/videos"), v2("POST /v2/story/s-1/videos", {})),
    case(
        "videos: the duration keeps its name and value",
        form("POST /story/s-1/videos", duration="7", webhook_url="https://me.example/hook"),
        v2("POST /v2/story/s-1/videos", {"duration": 7, "webhook_url": "https://me.example/hook"}),
        warns=[HOOK],
    ),
    case(
        "videos: storyboard and scenes as text",
        form("POST /story/s-1/videos", storyboard=TEXT, scenes='[{"name": "Dusk"}]', is_transition="Yes"),
        v2(
            "POST /v2/story/s-1/videos",
            {"storyboard": MODERN | {"scenes": [MODERN["scenes"][0] | {"name": "Dusk"}]}, "is_transition": True},
        ),
        warns=[
            *BOARD_WARNS,
            old("scenes", "storyboard.scenes"),
            lost("storyboard"),
            old("is_transition", "is_transition"),
        ],
        mentions=["scenes.0.name"],
    ),
    case(
        "videos: scenes alone",
        form("POST /story/s-1/videos", scenes='[{"name": "Dusk"}]'),
        v2("GET /v2/story/s-1", response=json_response(NEW_STORY | {"storyboard": MODERN})),
        v2(
            "POST /v2/story/s-1/videos",
            {"storyboard": MODERN | {"scenes": [MODERN["scenes"][0] | {"name": "Dusk"}]}},
        ),
        warns=[old("scenes", "storyboard.scenes")],
    ),
    case(
        "videos: no audio here",
        form("POST /story/s-1/videos", sound_effects="Yes", native_audio="true", loop="2"),
        v2("POST /v2/story/s-1/videos", {}),
        warns=[lost("sound_effects"), lost("loop")],
        mentions=["step 1", "scenes", "next story"],
    ),
    case(
        "videos: v1's defaults say nothing",
        form("POST /story/s-1/videos", sound_effects="No", loop="1", is_transition="No", title="", motion_type=""),
        v2("POST /v2/story/s-1/videos", {}),
    ),
    case(
        "videos: a try-on is v1's alone",
        form("POST /story/s-1/videos", motion_type="TryOnVideo"),
        v1("POST /story/s-1/videos"),
        warns=[PASSED],
    ),
)

CONCAT = (
    case("concat: no body at all", bare("POST /story/s-1/concat"), v2("POST /v2/story/s-1/concat", {})),
    case(
        "concat: repeated fields",
        form(
            "POST /story/s-1/concat",
            concat_video_urls=["https://v.example/1.mp4", "https://v.example/2.mp4"],
            audio_urls="https://v.example/a.mp3",
        ),
        v2(
            "POST /v2/story/s-1/concat",
            {
                "concat_video_urls": ["https://v.example/1.mp4", "https://v.example/2.mp4"],
                "audio_urls": ["https://v.example/a.mp3"],
            },
        ),
    ),
)

WHOLE: dict[str, Any] = NEW_STORY | {
    "title": "Winter",
    "is_transition": True,
    "status": "success",
    "progress_percentage": 100,
    "video_url": "https://v.example/film.mp4",
    "storyboard": {
        "scenes": [
            {
                "name": "Opening",
                "image_url": "https://i.example/o.png",
                "narrator": "Warm.",
                "video_description": "Snow falls.",
            },
            {"name": "End", "narration_url": "https://a.example/e.mp3"},
        ],
        "characters": [
            {"name": "Bunny", "description": "white", "URL": "https://i.example/b.png"},
            {"name": "Fox", "description": "red", "image_url": "https://i.example/f.png"},
            {"name": "Owl", "description": "grey"},
        ],
        "environments": [{"name": "Wood", "image_url": ""}],
        "objects": [],
        "music": {"description": "flutes", "lyrics": ""},
    },
    "all_medias": [
        {
            "id": "media-1",
            "processing_status": "success",
            "result": ["https://v.example/1.mp4"],
            "created_at": "2026-02-06T02:05:40.985431+00:00",
        }
    ],
    "created_at": "2026-02-06T02:05:40.985431+00:00",
    "updated_at": "2026-02-06T02:10:00.000000+00:00",
}

READ = (
    case(
        "a story in v1's shape",
        bare("GET /story/story-1"),
        v2("GET /v2/story/story-1", response=json_response(WHOLE)),
        gives={
            "data": {
                "id": "story-1",
                "is_transition": True,
                "status": "success",
                "video_url": "https://v.example/film.mp4",
                "scenes": [
                    {
                        "image_url": "https://i.example/o.png",
                        "prompt": "Snow falls.",
                        "narration_url": "",
                        "name": ABSENT,
                        "video_description": ABSENT,
                    },
                    {"image_url": "", "prompt": "", "narration_url": "https://a.example/e.mp3"},
                ],
                "storyboard": {
                    "scenes": [
                        {"name": "Opening", "image_url": "https://i.example/o.png", "URL": ABSENT, "narrator": "Warm."},
                        {"name": "End", "image_url": "", "URL": ABSENT},
                    ],
                    "characters": [
                        {"name": "Bunny", "URL": "https://i.example/b.png", "image_url": ABSENT},
                        {"name": "Fox", "URL": "https://i.example/f.png", "image_url": ABSENT},
                        {"name": "Owl", "description": "grey", "URL": "", "image_url": ABSENT},
                    ],
                    "environments": [{"name": "Wood", "URL": "", "image_url": ABSENT}],
                    "music": {"description": "flutes", "lyrics": ""},
                },
                "medias": [
                    {
                        "id": "media-1",
                        "media_id": "media-1",
                        "processing_status": "success",
                        "progress_percentage": 100,
                        "result": [{"url": "https://v.example/1.mp4"}],
                        "created_at": "2026-02-06 02:05:40.985431+00:00",
                    }
                ],
                "all_medias": [{"id": "media-1", "result": ["https://v.example/1.mp4"]}],
                "used_credits": 150,
                "created_at": "2026-02-06 02:05:40.985431+00:00",
                "updated_at": "2026-02-06 02:10:00.000000+00:00",
            }
        },
    ),
    *(
        case(
            f"story status {status} is {shown}",
            bare("GET /story/story-1"),
            v2("GET /v2/story/story-1", response=json_response(NEW_STORY | {"status": status})),
            gives={"data": {"status": shown}},
        )
        for status, shown in (
            ("new", "new"),
            ("processing", "processing"),
            ("success", "success"),
            ("failed", "fail"),
            ("error", "fail"),
            ("cancelled", "fail"),
            ("canceled", "fail"),
            ("paused", "paused"),
        )
    ),
    case(
        "no video yet is an empty text",
        bare("GET /story/story-1"),
        v2("GET /v2/story/story-1", response=json_response(NEW_STORY | {"video_url": None})),
        gives={"data": {"video_url": "", "scenes": [], "medias": []}},
    ),
    case(
        "what v2 adds comes through",
        bare("GET /story/story-1"),
        v2("GET /v2/story/story-1", response=json_response(NEW_STORY | {"mood": {"x": [1, None]}, "storyboard": None})),
        gives={"data": {"mood": {"x": [1, None]}, "storyboard": None, "scenes": []}},
    ),
    case(
        "a deleted story is returned once more",
        bare("DELETE /story/story-1"),
        v2("DELETE /v2/story/story-1", response=json_response(WHOLE), paid=False),
        gives={"data": {"id": "story-1", "is_transition": True}},
    ),
    case(
        "a deleted story without details",
        bare("DELETE /story/story-1"),
        v2("DELETE /v2/story/story-1", response=json_response({}), paid=False),
        exactly={"data": {}},
    ),
    case(
        "a story can't be updated on v2",
        form("PUT /story/story-1", title="New"),
        v1("PUT /story/story-1"),
        warns=[PASSED],
    ),
    case(
        "a story's empty update is v1's too",
        bare("PUT /story/story-1"),
        v1("PUT /story/story-1"),
        warns=[PASSED],
    ),
    case(
        "a story's update in JSON",
        json("PUT /story/story-1", {"description": "red"}),
        v1("PUT /story/story-1"),
        warns=[PASSED],
    ),
)

CASES: tuple[Case, ...] = (*STORYBOARD, *ELEMENTS, *SCENES, *VIDEOS, *CONCAT, *READ)
