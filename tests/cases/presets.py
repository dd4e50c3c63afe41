"""POST /media/upload and POST /media/prompt, and several motions in one."""

from __future__ import annotations

import json as _json
from typing import Any

from tests.cases.media_create import create, frame, set_later
from tests.cases.rows import (
    ABSENT,
    PASSED,
    Case,
    bare,
    case,
    error_response,
    finished_media,
    form,
    image,
    json,
    lost,
    media,
    multipart,
    near,
    old,
    upload,
    v1,
    v2,
)

PROMPT = "POST /media/prompt"
UPLOAD = "POST /media/upload"
P = "pose_preset."
CDN = "https://cdn.example/1.png"


def prompt(params: str, motion: str = "Auto", **fields: Any) -> Any:
    """A /media/prompt call with one pose preset."""
    return json(PROMPT, {"pose_preset": {"MotionType": motion, "Params": params}, **fields})


def keys(*names: str, prefix: str = P) -> list[Any]:
    """The deprecations of these keys of ``Params``, and of MotionType."""
    to = {
        "Prompt": "prompt",
        "Quantity": "quantity",
        "MotionLength": "duration",
        "Loop": "loop",
        "AspectRatio": "aspect_ratio",
    }
    return [old(f"{prefix}MotionType", "video_tool"), *(old(f"{prefix}Params.{name}", to[name]) for name in names)]


PARAMS = (
    case(
        "the page's example, in a list of one",
        json(
            PROMPT,
            {
                "title": "New media from prompt",
                "description": "New media from prompt",
                "pose_preset": [
                    {
                        "MotionType": "Auto",
                        "Params": "Prompt=Shot of Nike shoes on colorful background.|PromptStrength=5|MotionAmount=5"
                        "|MotionLength=5|Loop=1|Quantity=2",
                    }
                ],
            },
        ),
        create(
            {
                "title": "New media from prompt",
                "description": "New media from prompt",
                "video_tool": "Auto",
                "prompt": "Shot of Nike shoes on colorful background.",
                "duration": 5,
                "loop": 1,
                "quantity": 2,
            }
        ),
        warns=[*keys("Prompt", "MotionLength", "Loop", "Quantity"), lost(f"{P}Params.PromptStrength")],
    ),
    case(
        "every key that v2 has",
        prompt("Prompt=A fox|Quantity=1|MotionAmount=5|MotionLength=9|Loop=2|AspectRatio=9:16"),
        create(
            {"video_tool": "Auto", "prompt": "A fox", "quantity": 1, "duration": 9, "loop": 2, "aspect_ratio": "9:16"}
        ),
        warns=keys("Prompt", "Quantity", "MotionLength", "Loop", "AspectRatio"),
    ),
    case(
        "a prompt may hold bars, equals signs, quotes and any letters",
        prompt('Prompt=a|b = "c" \\ Ünï 狐 | Color=red|x=y|Quantity=1'),
        create({"video_tool": "Auto", "prompt": 'a|b = "c" \\ Ünï 狐 | Color=red|x=y', "quantity": 1}),
        warns=keys("Prompt", "Quantity"),
    ),
    case(
        "an empty prompt is none",
        prompt("Prompt=|Quantity=1"),
        create({"video_tool": "Auto", "quantity": 1}),
        warns=keys("Quantity"),
    ),
    case(
        "the order of the keys is free",
        prompt("AspectRatio=1:1|Loop=1|Prompt=A fox"),
        create({"video_tool": "Auto", "aspect_ratio": "1:1", "loop": 1, "prompt": "A fox"}),
        warns=keys("AspectRatio", "Loop", "Prompt"),
    ),
    case(
        "keys that v2 has nothing for",
        prompt("CameraPath=Cross|Prompt=A fox|MotionAmount=8|Zoom=3"),
        create({"video_tool": "Auto", "prompt": "A fox"}),
        warns=[
            *keys("Prompt"),
            lost(f"{P}Params.CameraPath"),
            lost(f"{P}Params.MotionAmount"),
            lost(f"{P}Params.Zoom"),
        ],
    ),
    case(
        "v1's own additions lose nothing",
        prompt("Prompt=A fox runs|CameraPath=|MotionAmount=5|OriginalPrompt=fox"),
        create({"video_tool": "Auto", "prompt": "A fox runs"}),
        warns=keys("Prompt"),
    ),
    case(
        "an approximated motion",
        prompt("Prompt=A fox", "PixverseT3"),
        create({"video_tool": "Pixverse", "prompt": "A fox"}),
        warns=[near(f"{P}MotionType", "video_tool"), old(f"{P}Params.Prompt", "prompt")],
    ),
    case(
        "a preset without Params",
        json(PROMPT, {"pose_preset": {"MotionType": "KlingAI"}}),
        create({"video_tool": "KlingAI"}),
        warns=keys(),
    ),
    case("Params without a text", prompt(""), create({"video_tool": "Auto"}), warns=keys()),
    case(
        "Params without a known key are not lost in silence",
        prompt("A fox runs"),
        create({"video_tool": "Auto"}),
        warns=[*keys(), lost(f"{P}Params")],
    ),
    case(
        "what stands before the first known key is not lost in silence",
        prompt("Speed=3|Prompt=A fox"),
        create({"video_tool": "Auto", "prompt": "A fox"}),
        warns=[*keys("Prompt"), lost(f"{P}Params")],
        mentions=["Speed=3"],
    ),
    case(
        "a key that stands twice is not lost in silence",
        prompt("Prompt=A dog|Prompt=A fox|Loop=1"),
        create({"video_tool": "Auto", "prompt": "A fox", "loop": 1}),
        warns=[*keys("Prompt", "Loop"), lost(f"{P}Params")],
        mentions=["A dog"],
    ),
    case(
        "a list of one stays a list in the response",
        json(PROMPT, {"pose_preset": [{"MotionType": "KlingAI"}]}),
        v2("POST /v2/media", {"video_tool": "KlingAI"}, finished_media("KlingAI")),
        gives={"data": {"id": "media-1", "pose_preset": [{"MotionType": "KlingAI", "motion_type": "KlingAI"}]}},
        warns=keys(),
    ),
    case(
        "a single preset stays single in the response",
        json(PROMPT, {"pose_preset": {"MotionType": "KlingAI"}}),
        v2("POST /v2/media", {"video_tool": "KlingAI"}, finished_media("KlingAI")),
        gives={"data": {"pose_preset": {"MotionType": "KlingAI"}}},
        warns=keys(),
    ),
    case(
        "an upload's list of one stays a list in the response",
        multipart(UPLOAD, image("image", "f1.png"), data='{"pose_preset": [{"Params": "Prompt=A fox"}]}'),
        upload("f1.png", CDN),
        create({"media_items": [frame(CDN, "First")], "prompt": "A fox"}),
        gives={"data": {"pose_preset": [{"MotionType": "Auto"}]}},
        warns=[old("image", "media_items"), old("data.pose_preset.Params.Prompt", "prompt")],
    ),
    case(
        "a preset by v2's names",
        json(PROMPT, {"pose_preset": {"motion_type": "KlingAI", "prompt": "A fox", "motion_length": 5}}),
        create({"video_tool": "KlingAI", "prompt": "A fox", "duration": 5}),
        warns=[old("pose_preset.motion_type", "video_tool")],
        policy={"mode": "strict"},
    ),
    case(
        "revised v1's names beside no preset",
        json(PROMPT, {"prompt": "A fox", "motion_type": "KlingAI", "narration": "Hello"}),
        create({"prompt": "A fox", "video_tool": "KlingAI", "audio_option": {"narration": "Hello"}}),
        warns=[old("motion_type", "video_tool"), old("narration", "audio_option.narration")],
        policy={"mode": "strict"},
    ),
    case("an empty list of presets", json(PROMPT, {"title": "Fox", "pose_preset": []}), create({"title": "Fox"})),
    case("a prompt without a preset", json(PROMPT, {"title": "Fox"}), create({"title": "Fox"})),
    case(
        "a camera path is v1's alone",
        prompt("CameraPath=Circular", "Parallax"),
        v1(PROMPT),
        warns=[PASSED],
        mentions=["Parallax"],
    ),
)

SUBMIT = (
    case(
        "sound effects in submit_params",
        json(PROMPT, {"title": "Fox", "submit_params": {"sound_effects": "Yes"}}),
        create({"title": "Fox", "audio_option": {"native_audio": True}}),
        warns=[old("submit_params.sound_effects", "audio_option.native_audio")],
    ),
    case(
        "a thorough pipeline",
        json(PROMPT, {"title": "Fox", "submit_params": {"pipeline_preset": "Normal"}}),
        create({"title": "Fox", "pipeline_mode": "Advanced"}),
        warns=[old("submit_params.pipeline_preset", "pipeline_mode")],
    ),
    case(
        "the defaults of submit_params",
        json(PROMPT, {"submit_params": {"scale_factor": "1", "file_size": ""}}),
        create({}),
    ),
    case(
        "a quick pipeline that was requested",
        json(PROMPT, {"submit_params": {"pipeline_preset": "Fast"}}),
        create({"pipeline_mode": "Quick"}),
        warns=[old("submit_params.pipeline_preset", "pipeline_mode")],
    ),
    case(
        "what v2 has no equivalent for",
        json(PROMPT, {"primary_user_id": "u-1", "submit_params": {"scale_factor": "2", "file_size": "1.6"}}),
        create({}),
        warns=[lost("primary_user_id"), lost("submit_params.scale_factor"), lost("submit_params.file_size")],
    ),
)

UPLOADED = (
    case(
        "an image and its data",
        multipart(
            UPLOAD,
            image("image", "shoe.png"),
            data=_json.dumps(
                {
                    "title": "Shoe",
                    "pose_preset": {"MotionType": "Auto", "Params": "Prompt=A shoe|Loop=1"},
                    "submit_params": {"sound_effects": "No"},
                    "webhook_url": "https://me.example/hook",
                }
            ),
        ),
        upload("shoe.png", CDN),
        create(
            {
                "media_items": [frame(CDN, "First")],
                "title": "Shoe",
                "video_tool": "Auto",
                "prompt": "A shoe",
                "loop": 1,
                "audio_option": {"native_audio": False},
                "webhook_url": "https://me.example/hook",
            }
        ),
        warns=[
            old("image", "media_items"),
            *keys("Prompt", "Loop", prefix="data.pose_preset."),
            old("data.submit_params.sound_effects", "audio_option.native_audio"),
            old("data.webhook_url", "webhook_url"),
        ],
    ),
    case(
        "files by the name that POST /media has for them",
        multipart(UPLOAD, image("image_files", "f1.png"), data='{"title": "Fox"}'),
        upload("f1.png", CDN),
        create({"media_items": [frame(CDN, "First")], "title": "Fox"}),
        warns=[old("image_files", "media_items")],
        policy={"mode": "strict"},
    ),
    case(
        "files by both names are first and last",
        multipart(UPLOAD, image("image_files", "f1.png"), image("image", "f2.png", b"two"), data="{}"),
        upload("f1.png", CDN),
        upload("f2.png", "https://cdn.example/2.png", b"two"),
        create({"media_items": [frame(CDN, "First"), frame("https://cdn.example/2.png", "Last")]}),
        warns=[old("image_files", "media_items")],
        policy={"mode": "strict"},
    ),
    case(
        "URLs beside the data of an upload",
        multipart(
            UPLOAD, image_urls=["https://i.example/1.png", "https://i.example/2.png"], data='{"is_transition": "Yes"}'
        ),
        create({"media_items": [frame("https://i.example/1.png", "First"), frame("https://i.example/2.png", "Last")]}),
        warns=[old("image_urls", "media_items")],
        policy={"mode": "strict"},
    ),
    case(
        "media items in the data win over files",
        multipart(
            UPLOAD,
            image("image", "f1.png"),
            data='{"media_items": [{"type": "image", "url": "https://i.example/1.png"}]}',
        ),
        create({"media_items": [{"type": "image", "url": "https://i.example/1.png"}]}),
    ),
    case(
        "revised v1's names in the data",
        multipart(
            UPLOAD,
            image("image", "f1.png"),
            data=_json.dumps(
                {
                    "prompt": "A fox",
                    "video_tool": "Vidu",
                    "duration": "9",
                    "pipeline_mode": "Quick",
                    "audio_option": {"narration": "Hello"},
                    "submit_params": {"native_audio": True},
                    "pose_preset": {"MotionType": "Auto", "Params": "Prompt=A dog|Loop=2"},
                }
            ),
        ),
        upload("f1.png", CDN),
        create(
            {
                "media_items": [frame(CDN, "First")],
                "prompt": "A fox",
                "video_tool": "Vidu",
                "duration": 9,
                "pipeline_mode": "Quick",
                "audio_option": {"native_audio": True, "narration": "Hello"},
                "loop": 2,
            }
        ),
        warns=[
            old("image", "media_items"),
            *keys("Prompt", "Loop", prefix="data.pose_preset."),
            old("data.submit_params.native_audio", "audio_option.native_audio"),
        ],
    ),
    case(
        "two images already are a transition",
        multipart(
            UPLOAD,
            image("image", "f1.png"),
            image("image", "f2.png", b"two"),
            data='{"title": "Fox", "is_transition": "Yes"}',
        ),
        upload("f1.png", CDN),
        upload("f2.png", "https://cdn.example/2.png", b"two"),
        create({"media_items": [frame(CDN, "First"), frame("https://cdn.example/2.png", "Last")], "title": "Fox"}),
        warns=[old("image", "media_items")],
    ),
    case(
        "one image is not a transition",
        multipart(UPLOAD, image("image", "f1.png"), data='{"is_transition": "Yes"}'),
        upload("f1.png", CDN),
        create({"media_items": [frame(CDN, "First")]}),
        warns=[old("image", "media_items"), lost("data.is_transition")],
    ),
    case(
        "an image without data",
        multipart(UPLOAD, image("image", "f1.png")),
        upload("f1.png", CDN),
        create({"media_items": [frame(CDN, "First")]}),
        warns=[old("image", "media_items")],
    ),
    case(
        "a private upload",
        multipart(UPLOAD, image("image", "f1.png"), data='{"visibility_status": "0", "rating": "4"}'),
        upload("f1.png", CDN),
        create({"media_items": [frame(CDN, "First")]}),
        set_later({"visibility_status": "0", "rating": "4"}),
        gives={"data": {"visibility_status": "0", "rating": "4"}},
        warns=[old("image", "media_items")],
    ),
    case(
        "data that is not JSON goes to v1",
        multipart(UPLOAD, image("image", "f1.png"), data="{title: Fox}"),
        v1(UPLOAD, error_response(422, "VALIDATION_ERROR")),
        warns=[PASSED],
    ),
    case(
        "a camera path with an image is v1's alone",
        multipart(
            UPLOAD,
            image("image", "f1.png"),
            data='{"pose_preset": {"MotionType": "Parallax", "Params": "CameraPath=StepIn"}}',
        ),
        v1(UPLOAD),
        warns=[PASSED],
    ),
)

SEVERAL = [
    {"MotionType": "Auto", "Params": "Prompt=A fox|Quantity=2"},
    {"MotionType": "KlingAI", "Params": "Prompt=A dog"},
]
SEVERAL_WARNS = [
    *keys("Prompt", "Quantity", prefix="pose_preset.0."),
    *keys("Prompt", prefix="pose_preset.1."),
]
FIRST = {"title": "Pets", "video_tool": "Auto", "prompt": "A fox", "quantity": 2}
SECOND = {"title": "Pets", "video_tool": "KlingAI", "prompt": "A dog"}

CREATED = (
    case(
        "several motions are several v2 media",
        json(PROMPT, {"title": "Pets", "pose_preset": SEVERAL}),
        v2("POST /v2/media", FIRST, finished_media("Auto", id="m1", processing_status="new", title="Pets")),
        v2("POST /v2/media", SECOND, finished_media("KlingAI", id="m2", processing_status="processing", title="Pets")),
        motions=2,
        gives={
            "data": {
                "id": "m1+m2",
                "title": "Pets",
                "processing_status": "queue_bullet",
                "progress_percentage": 35,
                "pose_preset": [{"MotionType": "Auto"}, {"MotionType": "KlingAI"}],
                "result": [],
            }
        },
        warns=SEVERAL_WARNS,
    ),
    case(
        "each of several is made private",
        json(PROMPT, {"pose_preset": [{"MotionType": "Auto"}, {"MotionType": "Vidu"}], "visibility_status": "0"}),
        v2("POST /v2/media", {"video_tool": "Auto"}, media("m1")),
        v2("POST /v2/media", {"video_tool": "Vidu"}, media("m2")),
        v2("PUT /v2/media/m1", {"visibility_status": "0"}, media("m1", visibility_status="0"), paid=False),
        v2("PUT /v2/media/m2", {"visibility_status": "0"}, media("m2", visibility_status="0"), paid=False),
        motions=2,
        gives={"data": {"id": "m1+m2", "visibility_status": "0"}},
        warns=[*keys(prefix="pose_preset.0."), *keys(prefix="pose_preset.1.")],
    ),
    case(
        "several motions of one image upload it once",
        multipart(UPLOAD, image("image", "f1.png"), data=_json.dumps({"pose_preset": SEVERAL, "title": "Pets"})),
        upload("f1.png", CDN),
        v2("POST /v2/media", {"media_items": [frame(CDN, "First")], **FIRST}, media("m1")),
        v2("POST /v2/media", {"media_items": [frame(CDN, "First")], **SECOND}, media("m2")),
        motions=2,
        gives={"data": {"id": "m1+m2"}},
        warns=[
            old("image", "media_items"),
            *keys("Prompt", "Quantity", prefix="data.pose_preset.0."),
            *keys("Prompt", prefix="data.pose_preset.1."),
        ],
    ),
    case(
        "one of several that fails names those that cost something",
        json(PROMPT, {"title": "Pets", "pose_preset": SEVERAL}),
        v2("POST /v2/media", FIRST, media("m1")),
        v2("POST /v2/media", SECOND, error_response(402, "INSUFFICIENT_CREDIT", "Too few credits.")),
        motions=2,
        gives={"message": "INSUFFICIENT_CREDIT", "created_ids": ["m1"]},
        warns=SEVERAL_WARNS,
    ),
    case(
        "one of several that v2 can't do makes all of them v1's",
        json(PROMPT, {"pose_preset": [*SEVERAL, {"MotionType": "Parallax", "Params": "CameraPath=Cross"}]}),
        v1(PROMPT),
        warns=[PASSED],
    ),
)


def together(id: str, *parts: tuple[str, str]) -> list[Any]:
    """The requests that read a composite media, one a member: id and status."""
    return [
        v2(
            f"GET /v2/media/{one}",
            response=finished_media("Auto", f"https://v.example/{one}.mp4", id=one, processing_status=status),
        )
        for one, status in parts
    ]


STATUSES = tuple(
    case(
        f"{' and '.join(parts)} together are {status}",
        bare("GET /media/m1+m2/processing-status"),
        *(
            v2(f"GET /v2/media/m{n}?fields=processing_status", response=each)
            for n, each in enumerate((media(processing_status=part) for part in parts), 1)
        ),
        exactly={"data": {"processing_status": status, "progress_percentage": progress}},
    )
    for parts, status, progress in (
        (("success", "success"), "success", "100"),
        (("success", "processing"), "processing_bullet", "75"),
        (("processing", "new"), "queue_bullet", "35"),
        (("success", "queued"), "queue_bullet", "60"),
        (("failed", "processing"), "fail", "100"),
        (("success", "error"), "fail", "100"),
        (("cancelled", "failed"), "fail", "100"),
        (("cancelled", "new"), "fail", "100"),
        (("canceled", "cancelled"), "fail", "100"),
    )
)

COMPOSITE = (
    case(
        "reading several",
        bare("GET /media/m1+m2"),
        v2(
            "GET /v2/media/m1",
            response=finished_media(
                "Auto", "https://v.example/1.mp4", "https://v.example/2.mp4", id="m1", title="Pets"
            ),
        ),
        v2("GET /v2/media/m2", response=finished_media("KlingAI", "https://v.example/3.mp4", id="m2", title="other")),
        gives={
            "data": {
                "id": "m1+m2",
                "title": "Pets",
                "processing_status": "success",
                "progress_percentage": 100,
                "result": [
                    {"url": "https://v.example/1.mp4", "motion_type": "Auto1"},
                    {"url": "https://v.example/2.mp4", "motion_type": "Auto2"},
                    {"url": "https://v.example/3.mp4", "motion_type": "KlingAI1"},
                ],
                "data": {"id": "m1+m2", "data": ABSENT},
            }
        },
    ),
    case(
        "results of one tool in two members count on",
        bare("GET /media/m1%2Bm2"),
        *together("m1+m2", ("m1", "success"), ("m2", "success")),
        gives={
            "data": {
                "result": [
                    {"url": "https://v.example/m1.mp4", "motion_type": "Auto1"},
                    {"url": "https://v.example/m2.mp4", "motion_type": "Auto2"},
                ]
            }
        },
    ),
    case(
        "three of which one is on its way",
        bare("GET /media/m1+m2+m3"),
        *together("m1+m2+m3", ("m1", "success"), ("m2", "processing"), ("m3", "success")),
        gives={"data": {"id": "m1+m2+m3", "processing_status": "processing_bullet", "progress_percentage": 83}},
    ),
    case(
        "a member that is gone makes the whole not found",
        bare("GET /media/m1+m2"),
        v2("GET /v2/media/m1", response=media("m1")),
        v2("GET /v2/media/m2", response=error_response(404, "MEDIA_NOT_FOUND")),
        gives={"message": "MEDIA_NOT_FOUND"},
    ),
    case(
        "a member that is gone has no status either",
        bare("GET /media/m1+m2/processing-status"),
        v2("GET /v2/media/m1?fields=processing_status", response=error_response(404, "MEDIA_NOT_FOUND")),
        gives={"message": "MEDIA_NOT_FOUND"},
    ),
    case(
        "an edit of several goes to each",
        form("PUT /media/m1+m2/edit", title="Pets"),
        v2("PUT /v2/media/m1", {"title": "Pets"}, media("m1", title="Pets")),
        v2("PUT /v2/media/m2", {"title": "Pets"}, media("m2", title="Pets")),
        gives={"data": {"id": "m1+m2", "title": "Pets"}},
    ),
    case(
        "several are made again one by one",
        bare("POST /media/m1+m2/process"),
        v2("GET /v2/media/m1", response=finished_media("Auto", id="m1")),
        v2("GET /v2/media/m2", response=finished_media("KlingAI", id="m2")),
        v2(
            "PUT /v2/media/m1",
            {"video_tool": "Auto", "prompt": "A fox", "quantity": 1, "duration": 5, "loop": 1},
            media("m1"),
            paid=True,
        ),
        v2(
            "PUT /v2/media/m2",
            {"video_tool": "KlingAI", "prompt": "A fox", "quantity": 1, "duration": 5, "loop": 1},
            media("m2"),
            paid=True,
        ),
        motions=2,
        gives={"data": {"id": "m1+m2", "processing_status": "queue_bullet"}},
    ),
)

CASES: tuple[Case, ...] = (*PARAMS, *SUBMIT, *UPLOADED, *CREATED, *STATUSES, *COMPOSITE)
