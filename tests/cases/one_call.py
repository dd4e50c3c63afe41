"""One-call stories: idea-2-video, url-2-video, images-2-video."""

from __future__ import annotations

from typing import Any

from tests.cases.rows import (
    ABSENT,
    HOOK,
    PASSED,
    Case,
    case,
    form,
    json,
    lost,
    multipart,
    near,
    old,
    raw,
    v1,
    v2,
)

IDEA = "POST /story/idea-2-video"
URL = "POST /story/url-2-video"
IMAGES = "POST /story/images-2-video"

# v1's behaviour if no audio field is sent: music, and Rachel's voice. v2's own default voice is different.
RACHEL: dict[str, Any] = {"has_bg_music": True, "has_narration": True, "native_audio": False, "narrator": "Rachel"}
NATIVE: dict[str, Any] = {"has_bg_music": True, "has_narration": False, "native_audio": True}
SILENT: dict[str, Any] = {"has_bg_music": True, "has_narration": False, "native_audio": False}


def idea(body: dict[str, Any], audio: dict[str, Any] | None = None, call: str = "idea-2-video") -> Any:
    """The v2 request of a one-call story about a fox."""
    return v2(f"POST /v2/story/{call}", {"idea": "A fox", **body, "audio_option": audio or RACHEL})


BASICS = (
    case("an idea alone, with v1's narrator", form(IDEA, idea="A fox"), idea({})),
    case(
        "the page's example",
        form(
            IDEA,
            idea="Make promotion video that cute animals play the musical instruments.",
            title="Example Story",
            aspect_ratio="9:16",
            scene_count=3,
        ),
        v2(
            "POST /v2/story/idea-2-video",
            {
                "idea": "Make promotion video that cute animals play the musical instruments.",
                "title": "Example Story",
                "aspect_ratio": "9:16",
                "scene_count": 3,
                "audio_option": RACHEL,
            },
        ),
    ),
    case(
        "every default said aloud",
        form(
            IDEA,
            idea="A fox",
            generate_elements=True,
            seed="",
            is_transition="No",
            description="",
            visibility_status="1",
            loop=1,
            enhance_image=True,
        ),
        idea({}),
    ),
    case(
        "empty values count as not given",
        form(IDEA, idea="A fox", title="", scene_count="", option="", motion_type="", duration="", webhook_url=""),
        idea({}),
    ),
    case(
        "webhook and language pass",
        form(IDEA, idea="A fox", webhook_url="https://me.example/hook?x=1&y=2", language="Turkish"),
        idea({"webhook_url": "https://me.example/hook?x=1&y=2", "language": "Turkish"}),
        warns=[HOOK],
        mentions=["parse_webhook", "v1_payload", "not document"],
    ),
    case(
        "text that a form must escape",
        form(IDEA, idea='Füchse & Ränke = 100 % + "fun"\n狐 🦊'),
        v2("POST /v2/story/idea-2-video", {"idea": 'Füchse & Ränke = 100 % + "fun"\n狐 🦊', "audio_option": RACHEL}),
    ),
    case(
        "a count that is not a number is sent as it is",
        form(IDEA, idea="A fox", scene_count="three"),
        idea({"scene_count": "three"}),
    ),
    case("a multipart form without files", multipart(IDEA, idea="A fox", scene_count=4), idea({"scene_count": 4})),
    case("a trailing slash", form(IDEA + "/", idea="A fox"), idea({})),
    case("http is v1 too", form("POST http://api.vimmerse.net/story/idea-2-video", idea="A fox"), idea({})),
    case(
        "any port and any case of the host",
        form("POST https://API.Vimmerse.NET:8443/story/idea-2-video", idea="A fox"),
        idea({}),
    ),
    case(
        "a charset beside the type",
        raw(IDEA, b"idea=A+fox", f"{'application/x-www-form-urlencoded'}; charset=utf-8"),
        idea({}),
    ),
)

AUDIO = (
    case(
        "another narrator",
        form(IDEA, idea="A fox", narrator="Sarah"),
        idea({}, RACHEL | {"narrator": "Sarah"}),
        warns=[old("narrator", "audio_option.narrator")],
    ),
    case(
        "a voice that only v2 has",
        form(IDEA, idea="A fox", narrator="AutoV"),
        idea({}, RACHEL | {"narrator": "AutoV"}),
        warns=[old("narrator", "audio_option.narrator")],
    ),
    case("an empty narrator means no narration", form(IDEA, idea="A fox", narrator=""), idea({}, SILENT)),
    case(
        "sound effects are native audio, which takes v1's narration away",
        form(IDEA, idea="A fox", sound_effects="Yes"),
        idea({}, NATIVE),
        warns=[near("sound_effects", "audio_option.native_audio")],
        mentions=["narration", "price"],
    ),
    *(
        case(
            f"sound effects where there is no narration lose none: {name}",
            form(IDEA, idea="A fox", sound_effects="Yes", **{name: value}),
            idea({}, NATIVE),
            warns=[old("sound_effects", "audio_option.native_audio"), *more],
            mentions=["price"],
            policy={"mode": "strict"},
        )
        for name, value, more in (
            ("narrator", "", []),
            ("has_narration", "false", [old("has_narration", "audio_option.has_narration")]),
            ("audio_option", '{"has_narration": false}', []),
        )
    ),
    case(
        "native audio silences a narrator that was named",
        form(IDEA, idea="A fox", sound_effects="Yes", narrator="Sarah"),
        idea({}, NATIVE),
        warns=[near("sound_effects", "audio_option.native_audio"), lost("narrator")],
        mentions=["narration", "price"],
    ),
    case(
        "native audio silences a narration that was requested",
        form(IDEA, idea="A fox", native_audio="true", has_narration="true"),
        idea({}, NATIVE),
        warns=[near("native_audio", "audio_option.native_audio"), lost("has_narration")],
        mentions=["narration", "price"],
    ),
    case(
        "no sound effects, said aloud",
        form(IDEA, idea="A fox", sound_effects="No"),
        idea({}),
        warns=[old("sound_effects", "audio_option.native_audio")],
    ),
    case(
        "flat audio fields of revised v1",
        form(IDEA, idea="A fox", native_audio="true", has_bg_music="false"),
        idea({}, NATIVE | {"has_bg_music": False}),
        warns=[near("native_audio", "audio_option.native_audio"), old("has_bg_music", "audio_option.has_bg_music")],
    ),
    case(
        "has_narration off",
        form(IDEA, idea="A fox", has_narration="false"),
        idea({}, SILENT),
        warns=[old("has_narration", "audio_option.has_narration")],
    ),
    case(
        "has_narration on, with an empty narrator",
        form(IDEA, idea="A fox", has_narration="true", narrator=""),
        idea({}),
        warns=[old("has_narration", "audio_option.has_narration")],
    ),
    case(
        "revised v1's name wins over original v1's",
        form(IDEA, idea="A fox", background_music="true", has_bg_music="false", sound_effects="Yes", native_audio="no"),
        idea({}, RACHEL | {"has_bg_music": False}),
        warns=[old("has_bg_music", "audio_option.has_bg_music"), old("native_audio", "audio_option.native_audio")],
    ),
    case(
        "the omitted keys of an audio object are filled in",
        json(IDEA, {"idea": "A fox", "audio_option": {"has_bg_music": False, "has_narration": False}}),
        idea({}, {"has_bg_music": False, "has_narration": False, "native_audio": False}),
    ),
    case(
        "an audio object that names no narrator has v1's",
        json(IDEA, {"idea": "A fox", "audio_option": {"has_bg_music": False, "narrator": None}}),
        idea({}, RACHEL | {"has_bg_music": False}),
    ),
    case(
        "an audio object with an empty narrator has no narration",
        json(IDEA, {"idea": "A fox", "audio_option": {"narrator": ""}}),
        idea({}, SILENT),
    ),
    case(
        "an audio object's switches as text become booleans",
        form(IDEA, idea="A fox", audio_option='{"native_audio": "Yes", "has_narration": 0}'),
        idea({}, NATIVE),
        warns=[
            old("audio_option.native_audio", "audio_option.native_audio"),
            old("audio_option.has_narration", "audio_option.has_narration"),
        ],
    ),
    case(
        "an audio object as JSON text",
        form(IDEA, idea="A fox", audio_option='{"has_bg_music": true, "narrator": "Bill"}'),
        idea({}, RACHEL | {"narrator": "Bill"}),
    ),
    case(
        "the audio object wins over flat fields, key by key",
        form(
            IDEA,
            idea="A fox",
            narrator="Sarah",
            background_music="true",
            audio_option='{"has_bg_music": false, "narrator": "Bill"}',
        ),
        idea({}, RACHEL | {"has_bg_music": False, "narrator": "Bill"}),
    ),
    case(
        "an audio object with native audio silences a flat narrator",
        json(IDEA, {"idea": "A fox", "narrator": "Sarah", "audio_option": {"native_audio": True}}),
        idea({}, NATIVE),
        warns=[near("audio_option.native_audio", "audio_option.native_audio"), lost("narrator")],
        mentions=["narration", "price"],
    ),
    case(
        "an audio object that is not JSON is sent as it is",
        form(IDEA, idea="A fox", audio_option="{loud"),
        v2("POST /v2/story/idea-2-video", {"idea": "A fox", "audio_option": "{loud"}),
    ),
)

SPELLINGS = tuple(
    case(
        f"background_music={text} is {value}",
        form(IDEA, idea="A fox", background_music=text),
        idea({}, RACHEL | {"has_bg_music": value}),
        warns=[old("background_music", "audio_option.has_bg_music")],
    )
    for value, texts in (
        (True, ("True", "true", "1", "Yes", "yes", "on")),
        (False, ("False", "false", "0", "No", "no", "off")),
    )
    for text in texts
)

DURATIONS = tuple(
    case(
        f"{seconds} seconds a scene become {near_by}",
        form(IDEA, idea="A fox", duration=seconds),
        idea({"scene_duration": near_by}),
        warns=[(old if seconds == near_by else near)("duration", "scene_duration")],
    )
    for seconds, near_by in ((1, 5), (4, 5), (5, 5), (6, 5), (7, 5), (8, 10), (9, 10), (10, 10))
)

FIELDS = (
    case(
        "a transition",
        form(IDEA, idea="A fox", is_transition="Yes"),
        idea({"is_transition": True}),
        warns=[old("is_transition", "is_transition")],
    ),
    case(
        "a transition in revised v1",
        json(IDEA, {"idea": "A fox", "is_transition": True}),
        idea({"is_transition": True}),
    ),
    case("no transition in revised v1", json(IDEA, {"idea": "A fox", "is_transition": False}), idea({})),
    case("scene_duration", form(IDEA, idea="A fox", scene_duration="10"), idea({"scene_duration": 10})),
    case(
        "scene_duration wins over duration",
        form(IDEA, idea="A fox", duration="5", scene_duration="10"),
        idea({"scene_duration": 10}),
    ),
    case(
        "an empty name of revised v1 does not win",
        form(IDEA, idea="A fox", duration="10", scene_duration=""),
        idea({"scene_duration": 10}),
        warns=[old("duration", "scene_duration")],
    ),
    case(
        "revised v1's names win over original v1's",
        form(IDEA, idea="A fox", option="FluxPro", image_tool="Seedream", motion_type="Wan", video_tool="PVideo"),
        idea({"image_tool": "Seedream", "video_tool": "PVideo"}),
    ),
    case(
        "a duration out of bounds is v2's to refuse",
        json(IDEA, {"idea": "A fox", "scene_count": 2, "duration": 12}),
        idea({"scene_count": 2, "scene_duration": 12}),
        warns=[old("duration", "scene_duration")],
    ),
    case(
        "elements as JSON text",
        form(IDEA, idea="A fox", elements='{"characters": [{"name": "Reynard", "description": "red"}]}'),
        idea({"elements": {"characters": [{"name": "Reynard", "description": "red"}]}}),
    ),
    case(
        "elements that are not JSON are sent as they are",
        form(IDEA, idea="A fox", elements="[Reynard"),
        idea({"elements": "[Reynard"}),
    ),
    case("a seed is dropped", form(IDEA, idea="A fox", seed=4669), idea({}), warns=[lost("seed")]),
    case(
        "a description is dropped", form(IDEA, idea="A fox", description="Red"), idea({}), warns=[lost("description")]
    ),
    case("a loop is dropped", form(IDEA, idea="A fox", loop=3), idea({}), warns=[lost("loop")]),
    case(
        "switches that differ from v1's defaults are left out",
        form(IDEA, idea="A fox", enhance_image=False, generate_elements="no"),
        idea({}),
        warns=[lost("enhance_image"), lost("generate_elements")],
    ),
    case(
        "a public story is left unlisted",
        form(IDEA, idea="A fox", visibility_status="2"),
        idea({}),
        warns=[lost("visibility_status")],
    ),
    case(
        "a private story is v1's alone",
        form(IDEA, idea="A fox", visibility_status="0", seed=1, motion_type="KlingAI"),
        v1(IDEA),
        warns=[PASSED],
        mentions=["private"],
    ),
    case("an unknown field", form(IDEA, idea="A fox", colour="red"), idea({}), warns=[lost("colour")]),
    case("an empty unknown field", form(IDEA, idea="A fox", colour=""), idea({})),
    case(
        "every field of original v1",
        form(
            IDEA,
            idea="A fox",
            scene_count="4",
            option="FluxKontextMax",
            generate_elements="true",
            aspect_ratio="9:16",
            seed="7",
            is_transition="Yes",
            title="Fox",
            description="",
            visibility_status="1",
            motion_type="LumaRay2",
            duration="10",
            loop="1",
            enhance_image="true",
            narrator="Bill",
            background_music="False",
            sound_effects="No",
            webhook_url="https://me.example/hook",
        ),
        idea(
            {
                "scene_count": 4,
                "image_tool": "AutoI",
                "aspect_ratio": "9:16",
                "is_transition": True,
                "title": "Fox",
                "video_tool": "Auto",
                "scene_duration": 10,
                "webhook_url": "https://me.example/hook",
            },
            {"has_bg_music": False, "has_narration": True, "native_audio": False, "narrator": "Bill"},
        ),
        warns=[
            near("option", "image_tool"),
            near("motion_type", "video_tool"),
            lost("seed"),
            old("is_transition", "is_transition"),
            old("duration", "scene_duration"),
            old("narrator", "audio_option.narrator"),
            old("background_music", "audio_option.has_bg_music"),
            old("sound_effects", "audio_option.native_audio"),
            HOOK,
        ],
    ),
)

REVISED_JSON: dict[str, Any] = {
    "idea": "A fox",
    "title": "Musical Animals Story",
    "aspect_ratio": "9:16",
    "scene_count": 4,
    "image_tool": "Seedream",
    "video_tool": "Auto",
    "scene_duration": 5,
    "audio_option": {"has_bg_music": True, "has_narration": True, "native_audio": False, "narrator": "AutoV"},
    "language": "English",
    "elements": {"characters": [{"name": "Reynard", "description": "red", "image_url": ""}]},
    "webhook_url": "https://me.example/hook",
}

REVISED = (
    case(
        "revised v1's JSON is v2's own",
        json(IDEA, REVISED_JSON),
        v2("POST /v2/story/idea-2-video", REVISED_JSON),
        warns=[HOOK],
        policy={"mode": "strict"},
    ),
    case(
        "a mixture in JSON",
        json(IDEA, {"idea": "A fox", "motion_type": "Veo", "scene_duration": 10, "narrator": "Lily"}),
        idea({"video_tool": "VeoFast", "scene_duration": 10}, RACHEL | {"narrator": "Lily"}),
        warns=[near("motion_type", "video_tool"), old("narrator", "audio_option.narrator")],
    ),
    case(
        "scene_duration is passed on as it is",
        json(IDEA, {"idea": "A fox", "scene_duration": 7}),
        idea({"scene_duration": 7}),
    ),
    case(
        "url-2-video speaks with Rachel too",
        form(URL, idea="See https://fox.example"),
        v2("POST /v2/story/url-2-video", {"idea": "See https://fox.example", "audio_option": RACHEL}),
    ),
    case("url-2-video in JSON", json(URL, REVISED_JSON), v2("POST /v2/story/url-2-video", REVISED_JSON), warns=[HOOK]),
    case(
        "url-2-video with original v1's names",
        form(URL, idea="A fox", option="NanoBananaPro", motion_type="Kling2", duration=10, narrator="Eric"),
        idea(
            {"image_tool": "NanoBanana", "video_tool": "KlingAI", "scene_duration": 10},
            RACHEL | {"narrator": "Eric"},
            "url-2-video",
        ),
        warns=[
            near("option", "image_tool"),
            near("motion_type", "video_tool"),
            old("duration", "scene_duration"),
            old("narrator", "audio_option.narrator"),
        ],
    ),
    case(
        "url-2-video with music said aloud",
        form(URL, idea="A fox", background_music="on"),
        idea({}, RACHEL, "url-2-video"),
        warns=[old("background_music", "audio_option.has_bg_music")],
    ),
    case(
        "images-2-video: a repeated field is an array",
        form(IMAGES, idea="A fox", image_urls=["https://i.example/1.png", "https://i.example/2.png"], duration="8"),
        v2(
            "POST /v2/story/images-2-video",
            {
                "idea": "A fox",
                "image_urls": ["https://i.example/1.png", "https://i.example/2.png"],
                "scene_duration": 10,
                "audio_option": RACHEL,
            },
        ),
        warns=[near("duration", "scene_duration")],
    ),
    case(
        "images-2-video: one URL is an array too",
        form(IMAGES, image_urls="https://i.example/1.png"),
        v2("POST /v2/story/images-2-video", {"image_urls": ["https://i.example/1.png"], "audio_option": RACHEL}),
    ),
    case(
        "images-2-video in JSON",
        json(IMAGES, {"image_urls": ["https://i.example/1.png"], "is_transition": True, "video_tool": "Vidu"}),
        v2(
            "POST /v2/story/images-2-video",
            {
                "image_urls": ["https://i.example/1.png"],
                "is_transition": True,
                "video_tool": "Vidu",
                "audio_option": RACHEL,
            },
        ),
    ),
    case(
        "images-2-video, private",
        form(IMAGES, image_urls="https://i.example/1.png", visibility_status="0"),
        v1(IMAGES),
        warns=[PASSED],
    ),
    case(
        "the response for a new story",
        form(IDEA, idea="A fox"),
        idea({}),
        gives={
            "data": {
                "id": "story-1",
                "is_transition": False,
                "status": "new",
                "progress_percentage": 0,
                "medias": [],
                "all_medias": [],
                "scenes": [],
                "video_url": "",
                "used_credits": 150,
                "created_at": "2026-02-06 02:05:40.985431+00:00",
                "data": ABSENT,
            }
        },
    ),
)

CASES: tuple[Case, ...] = (*BASICS, *AUDIO, *SPELLINGS, *DURATIONS, *FIELDS, *REVISED)
