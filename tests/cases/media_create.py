"""POST /media: texts, tools, images, audio, and what v2 takes only in a second call."""

from __future__ import annotations

from typing import Any

from tests.cases.rows import (
    HOOK,
    NEW_MEDIA,
    PASSED,
    Case,
    case,
    error_response,
    form,
    image,
    json,
    json_response,
    lost,
    multipart,
    old,
    raw,
    upload,
    v1,
    v2,
)

MEDIA = "POST /media"
ONE = "https://i.example/1.png"
TWO = "https://i.example/2.png"
THREE = "https://i.example/3.png"
URLS = old("image_urls", "media_items")
FILES = old("image_files", "media_items")


def frame(url: str, position: str) -> dict[str, str]:
    """One item of ``media_items``."""
    return {"type": "image", "url": url, "position": position}


def create(body: dict[str, Any], **fields: Any) -> Any:
    """The v2 request that creates a media."""
    return v2("POST /v2/media", body, json_response(NEW_MEDIA | fields))


def set_later(body: dict[str, Any], **fields: Any) -> Any:
    """The free second call."""
    return v2("PUT /v2/media/media-1", body, json_response(NEW_MEDIA | fields), paid=False)


TEXTS = (
    case("a prompt alone", form(MEDIA, prompt="A fox"), create({"prompt": "A fox"})),
    case(
        "texts and numbers",
        form(
            MEDIA,
            title="Fox",
            description="red",
            prompt="A fox",
            quantity="2",
            duration="9",
            loop="3",
            aspect_ratio="1:1",
            webhook_url="https://me.example/hook",
        ),
        create(
            {
                "title": "Fox",
                "description": "red",
                "prompt": "A fox",
                "quantity": 2,
                "duration": 9,
                "loop": 3,
                "aspect_ratio": "1:1",
                "webhook_url": "https://me.example/hook",
            }
        ),
        warns=[HOOK],
    ),
    case(
        "v1's defaults say nothing",
        form(
            MEDIA,
            prompt="A fox",
            title="",
            description="",
            visibility_status="1",
            camera_control="HorizontalArc",
            motion_range="5",
            extend_video="No",
            character_animate="No",
            model="",
            motion_type="",
        ),
        create({"prompt": "A fox"}),
    ),
    case(
        "what v2 has no equivalent for",
        form(MEDIA, prompt="A fox", camera_control="Crane up", motion_range=7),
        create({"prompt": "A fox"}),
        warns=[lost("camera_control"), lost("motion_range")],
    ),
    case(
        "a field of v2 that v1 never knew",
        form(MEDIA, prompt="A fox", pipeline_mode="Advanced"),
        create({"prompt": "A fox", "pipeline_mode": "Advanced"}),
    ),
    case(
        "an unknown field",
        form(MEDIA, prompt="A fox", colour="red"),
        create({"prompt": "A fox"}),
        warns=[lost("colour")],
    ),
    case(
        "revised v1 as JSON",
        json(MEDIA, {"prompt": "A fox", "video_tool": "Vidu", "duration": 5, "audio_option": {"narrator": "Sarah"}}),
        create({"prompt": "A fox", "video_tool": "Vidu", "duration": 5, "audio_option": {"narrator": "Sarah"}}),
    ),
    case(
        "revised v1's name of the tool wins",
        form(MEDIA, prompt="A fox", motion_type="Sora", video_tool="PVideo"),
        create({"prompt": "A fox", "video_tool": "PVideo"}),
    ),
    case(
        "the response for a new media",
        form(MEDIA, prompt="A fox"),
        create({"prompt": "A fox"}),
        exactly={
            "data": {
                **NEW_MEDIA,
                "rating": "",
                "batch_id": "",
                "is_transition": "No",
                "progress_percentage": 20,
                "processing_status": "queue_bullet",
                "visibility_status": "1",
                "file_map": [],
                "intermediate_results": [],
                "submit_params": {
                    "native_audio": False,
                    "sound_effects": "No",
                    "pipeline_preset": "Fast",
                    "file_size": "",
                    "scale_factor": "1",
                },
                "pose_preset": {
                    "motion_type": "Auto",
                    "prompt": "A fox",
                    "quantity": 1,
                    "motion_length": 5,
                    "loop": 1,
                    "MotionType": "Auto",
                    "Params": "Prompt=A fox|CameraPath=|Quantity=1|MotionAmount=5|MotionLength=5|Loop=1|AspectRatio=",
                },
                "bullet_version": "1",
                "video_history": [],
                "nsfw": "0",
                "service_name": None,
                "service_version": None,
                "created_at": "2025-04-01 18:57:37.355064+00:00",
                "updated_at": "2025-04-01 18:57:55.502020+00:00",
            }
        },
    ),
)

AUDIO = (
    case(
        "sound effects",
        form(MEDIA, prompt="A fox", sound_effects="Yes"),
        create({"prompt": "A fox", "audio_option": {"native_audio": True}}),
        warns=[old("sound_effects", "audio_option.native_audio")],
        policy={"mode": "strict"},
    ),
    case(
        "no sound effects, said aloud",
        form(MEDIA, prompt="A fox", sound_effects="No"),
        create({"prompt": "A fox", "audio_option": {"native_audio": False}}),
        warns=[old("sound_effects", "audio_option.native_audio")],
    ),
    case(
        "revised v1's native audio wins",
        form(MEDIA, prompt="A fox", sound_effects="Yes", native_audio="false"),
        create({"prompt": "A fox", "audio_option": {"native_audio": False}}),
        warns=[old("native_audio", "audio_option.native_audio")],
    ),
    case(
        "flat audio fields of revised v1",
        form(
            MEDIA,
            prompt="A fox",
            narrator="Sarah",
            narration="Once there was a fox.",
            narration_url="https://a.example/n.mp3",
            bg_music_prompt="flutes",
            bg_music_url="https://a.example/m.mp3",
        ),
        create(
            {
                "prompt": "A fox",
                "audio_option": {
                    "narrator": "Sarah",
                    "narration": "Once there was a fox.",
                    "narration_url": "https://a.example/n.mp3",
                    "bg_music_prompt": "flutes",
                    "bg_music_url": "https://a.example/m.mp3",
                },
            }
        ),
        warns=[
            old(name, f"audio_option.{name}")
            for name in ("narrator", "narration", "narration_url", "bg_music_prompt", "bg_music_url")
        ],
    ),
    case(
        "an audio object as text, over flat fields",
        form(MEDIA, narrator="Bill", narration="Hello", audio_option='{"narrator": "Sarah"}'),
        create({"audio_option": {"narrator": "Sarah", "narration": "Hello"}}),
        warns=[old("narration", "audio_option.narration")],
    ),
    case(
        "empty audio fields name nothing",
        form(MEDIA, prompt="A fox", narrator="", narration="", sound_effects="", audio_option=""),
        create({"prompt": "A fox"}),
    ),
    case(
        "an audio object that is not JSON is sent as it is",
        form(MEDIA, prompt="A fox", audio_option="loud"),
        create({"prompt": "A fox", "audio_option": "loud"}),
    ),
)

IMAGES = (
    case(
        "one URL is the first frame",
        form(MEDIA, image_urls=ONE),
        create({"media_items": [frame(ONE, "First")]}),
        warns=[URLS],
    ),
    case(
        "two URLs are first and last",
        form(MEDIA, image_urls=[ONE, TWO], motion_type="KlingAI", quantity=2),
        create({"media_items": [frame(ONE, "First"), frame(TWO, "Last")], "video_tool": "KlingAI", "quantity": 2}),
        warns=[URLS, old("motion_type", "video_tool")],
    ),
    case(
        "the middle one of three URLs is dropped",
        form(MEDIA, image_urls=[ONE, TWO, THREE]),
        create({"media_items": [frame(ONE, "First"), frame(THREE, "Last")]}),
        warns=[URLS, lost("image_urls")],
        mentions=[TWO],
    ),
    case(
        "an empty URL is none",
        form(MEDIA, prompt="A fox", image_urls=""),
        create({"prompt": "A fox"}),
    ),
    case(
        "one file",
        multipart(MEDIA, image("image_files", "image.png"), title="Fox", sound_effects="Yes"),
        upload("image.png", "https://cdn.example/1.png"),
        create(
            {
                "title": "Fox",
                "audio_option": {"native_audio": True},
                "media_items": [frame("https://cdn.example/1.png", "First")],
            }
        ),
        warns=[FILES, old("sound_effects", "audio_option.native_audio")],
    ),
    case(
        "two files",
        multipart(MEDIA, image("image_files", "start.png"), image("image_files", "end.png", b"the end")),
        upload("start.png", "https://cdn.example/1.png"),
        upload("end.png", "https://cdn.example/2.png", b"the end"),
        create(
            {"media_items": [frame("https://cdn.example/1.png", "First"), frame("https://cdn.example/2.png", "Last")]}
        ),
        warns=[FILES],
    ),
    case(
        "of four files two are uploaded",
        multipart(MEDIA, *(image("image_files", f"{n}.png", b"file %d" % n) for n in range(1, 5))),
        upload("1.png", "https://cdn.example/1.png", b"file 1"),
        upload("4.png", "https://cdn.example/4.png", b"file 4"),
        create(
            {"media_items": [frame("https://cdn.example/1.png", "First"), frame("https://cdn.example/4.png", "Last")]}
        ),
        warns=[FILES, lost("image_files"), lost("image_files")],
        mentions=["2.png", "3.png"],
    ),
    case(
        "the name of an upload's file is known here too",
        multipart(MEDIA, image("image", "image.png")),
        upload("image.png", "https://cdn.example/1.png"),
        create({"media_items": [frame("https://cdn.example/1.png", "First")]}),
        warns=[old("image", "media_items")],
        policy={"mode": "strict"},
    ),
    case(
        "files win over URLs",
        multipart(MEDIA, image("image_files", "image.png"), image_urls=[ONE]),
        upload("image.png", "https://cdn.example/1.png"),
        create({"media_items": [frame("https://cdn.example/1.png", "First")]}),
        warns=[FILES],
    ),
    case(
        "media items win over files and URLs",
        multipart(
            MEDIA,
            image("image_files", "image.png"),
            image_urls=[ONE],
            media_items='[{"type": "video", "url": "https://v.example/1.mp4", "position": "First"}]',
        ),
        create({"media_items": [{"type": "video", "url": "https://v.example/1.mp4", "position": "First"}]}),
        warns=[old("media_items", "media_items")],
    ),
    case(
        "the page's media items",
        form(
            MEDIA,
            media_items='[{"type":"image","url": "https://m.example/file.png", "position": "First"},'
            '{"type":"video","url": "https://m.example/file.mp4", "position": "Last"}]',
        ),
        create(
            {
                "media_items": [
                    {"type": "image", "url": "https://m.example/file.png", "position": "First"},
                    {"type": "video", "url": "https://m.example/file.mp4", "position": "Last"},
                ]
            }
        ),
        warns=[old("media_items", "media_items")],
    ),
    case(
        "media items that are not JSON are sent as they are",
        form(MEDIA, media_items="[{type: image}"),
        create({"media_items": "[{type: image}"}),
    ),
    case(
        "a file whose name is not ASCII",
        multipart(MEDIA, image("image_files", "狐.png", b"--not-the-boundary\r\n\r\n--")),
        upload("狐.png", "https://cdn.example/1.png", b"--not-the-boundary\r\n\r\n--"),
        create({"media_items": [frame("https://cdn.example/1.png", "First")]}),
        warns=[FILES],
    ),
    case(
        "an upload that fails costs nothing",
        multipart(MEDIA, image("image_files", "image.png")),
        upload("image.png", "", response=error_response(415, "UNSUPPORTED_TYPE")),
        gives={"message": "UNSUPPORTED_TYPE"},
        warns=[FILES],
    ),
    case(
        "an upload without a URL",
        multipart(MEDIA, image("image_files", "image.png")),
        upload("image.png", "", response=json_response({"id": "asset-1", "results": [], "status": "new"})),
        raises="UpstreamError",
        mentions=["image.png"],
    ),
)

LATER = (
    case(
        "a private media",
        form(MEDIA, prompt="A fox", visibility_status="0"),
        create({"prompt": "A fox"}),
        set_later({"visibility_status": "0"}, visibility_status="0"),
        gives={"data": {"id": "media-1", "visibility_status": "0", "processing_status": "queue_bullet"}},
    ),
    case(
        "a public media",
        form(MEDIA, prompt="A fox", visibility_status="2"),
        create({"prompt": "A fox"}),
        set_later({"visibility_status": "2"}, visibility_status="2"),
        gives={"data": {"visibility_status": "2"}},
    ),
    case(
        "a rated media",
        json("POST /media/prompt", {"pose_preset": {"Params": "Prompt=A fox"}, "rating": "5"}),
        create({"prompt": "A fox"}),
        set_later({"rating": "5"}, rating="5"),
        gives={"data": {"rating": "5"}},
        warns=[old("pose_preset.Params.Prompt", "prompt")],
    ),
    case(
        "a private media where updates are PATCH",
        form(MEDIA, prompt="A fox", visibility_status="0"),
        create({"prompt": "A fox"}),
        v2("PUT /v2/media/media-1", {"visibility_status": "0"}, error_response(405, "METHOD_NOT_ALLOWED"), paid=False),
        v2(
            "PATCH /v2/media/media-1",
            {"visibility_status": "0"},
            json_response(NEW_MEDIA | {"visibility_status": "0"}),
            paid=False,
        ),
        gives={"data": {"id": "media-1", "visibility_status": "0"}},
    ),
    case(
        "what can't be set later is reported, and the media is not lost",
        form(MEDIA, prompt="A fox", visibility_status="0"),
        create({"prompt": "A fox"}),
        v2("PUT /v2/media/media-1", {"visibility_status": "0"}, error_response(403, "FORBIDDEN"), paid=False),
        status=200,
        gives={"data": {"id": "media-1"}},
        warns=[lost("visibility_status")],
        mentions=["media-1"],
    ),
)

ALONE = (
    case("extending a video is v1's alone", form(MEDIA, prompt="A fox", extend_video="Yes"), v1(MEDIA), warns=[PASSED]),
    case(
        "animating a character is v1's alone",
        multipart(MEDIA, image("image_files"), character_animate="Yes"),
        v1(MEDIA),
        warns=[PASSED],
        mentions=["character_animate"],
    ),
    case(
        "revised v1's boolean for the same",
        json(MEDIA, {"prompt": "A fox", "character_animate": True}),
        v1(MEDIA),
        warns=[PASSED],
    ),
    case(
        "a try-on model is v1's alone", form(MEDIA, model="FashnTryOn"), v1(MEDIA), warns=[PASSED], mentions=["model"]
    ),
    case(
        "a body of another type is v1's alone",
        raw(MEDIA, b"<fox/>", "application/xml"),
        v1(MEDIA),
        warns=[PASSED],
    ),
    case(
        "half a JSON is v1's alone",
        raw("POST /media/prompt", b'{"title": "A f', "application/json"),
        v1("POST /media/prompt", error_response(422, "VALIDATION_ERROR")),
        warns=[PASSED],
    ),
    case(
        "a multipart form without its end is v1's alone",
        raw(MEDIA, b"--b\r\nContent-Disposition: form-data; name=prompt\r\n\r\nA f", "multipart/form-data; boundary=b"),
        v1(MEDIA),
        warns=[PASSED],
    ),
)

CASES: tuple[Case, ...] = (*TEXTS, *AUDIO, *IMAGES, *LATER, *ALONE)
