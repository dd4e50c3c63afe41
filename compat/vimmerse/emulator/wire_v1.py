"""Version 1's shapes: ``Yes`` and ``No``, spaces in timestamps, its own statuses. Handlers add the ``data`` wrapper."""

from __future__ import annotations

from collections.abc import Sequence

from vimmerse.emulator import presets, storyboards, wire_v2
from vimmerse.emulator.defaults import default
from vimmerse.emulator.lifecycle import CANCELLED, FAILED, NEW, PROCESSING
from vimmerse.emulator.models import Generation, Media, Motion, Story
from vimmerse.emulator.store import Store
from vimmerse.emulator.values import JsonObject, as_object

_STORY_STATUSES = {FAILED: "fail", CANCELLED: "fail"}  # v1's stories know no other failure
_MEDIA_STATUSES = {
    NEW: "queue_bullet",
    "queued": "queue_bullet",
    PROCESSING: "processing_bullet",
    FAILED: "fail",
    CANCELLED: "cancel",
}
_SUBMIT_PARAMS = ("pipeline_preset", "file_size", "scale_factor")
_QUEUED = 20  # per cent; what the page's example of a new media shows


def status_of(owner: Story | Media, status: str) -> str:
    """The status of a story or a media by v1's name; an unknown one is unchanged."""
    return (_STORY_STATUSES if isinstance(owner, Story) else _MEDIA_STATUSES).get(status, status)


def _yes_no(value: bool) -> str:
    return "Yes" if value else "No"


def _timestamp(value: str) -> str:
    return value.replace("T", " ", 1)


def story(store: Store, story: Story) -> JsonObject:
    document = wire_v2.story(store, story)
    board = as_object(document.get("storyboard"))
    storyboards.to_v1_elements(board)
    clips = story.media if document.pop("all_medias") else []
    ended = story.job is not None and story.job.settled
    return document | {
        "description": story.description,
        "customer_id": store.settings.customer_id,
        "visibility_status": story.visibility_status,
        "status": status_of(story, str(document["status"])),
        "progress_percentage": 100 if ended else document["progress_percentage"],
        "scenes": storyboards.to_v1_scenes(board),
        "medias": [{**media(store, clip), "media_id": clip.id} for clip in clips],
        "video_url": document.get("video_url", ""),
        "webhook_url": story.webhook_url,
        "created_at": _timestamp(story.created_at),
        "updated_at": _timestamp(story.updated_at),
    }


def _preset(media: Media, motions: Sequence[Motion]) -> object:
    written = [presets.written(motion) for motion in motions]
    return written if media.preset_is_list else written[0]


def _submit_params(media: Media, native_audio: bool) -> JsonObject:
    return {
        "sound_effects": _yes_no(native_audio),
        "native_audio": native_audio,
        **{name: default("v1", "/media/prompt", f"submit_params.{name}") for name in _SUBMIT_PARAMS},
    } | media.submit_params


def _past_generation(media: Media, number: int, generation: Generation, file_map: list[JsonObject]) -> JsonObject:
    return {
        "generate_type": "GENERATE_VIDEO",
        "pose_preset": _preset(media, generation.motions),
        "file_map": file_map,
        "service_name": None,
        "service_version": None,
        "service_seeds": [6305],
        "created_at": _timestamp(generation.created_at),
        "bullet_version": str(number),
        "resolution": [1280, 704],
        "submit_params": _submit_params(media, generation.native_audio),
    }


def media(store: Store, media: Media) -> JsonObject:
    now = store.settings.clock()
    motion = media.motions[0]
    file_map: list[JsonObject] = [{"FileType": "Texture", "FileName": name} for name in media.source_names]
    return {
        "id": media.id,
        "title": media.title,
        "description": media.description,
        "rating": media.rating,
        "customer_id": store.settings.customer_id,
        "primary_user_id": media.primary_user_id,
        "batch_id": media.batch_id,
        "base_url": None,
        "is_transition": _yes_no(media.is_transition),
        "duration_time": f"{motion.duration * motion.loop:.1f}" if media.results else "0",
        # 100 when the processing is over, whatever its outcome.
        "progress_percentage": _QUEUED + int((100 - _QUEUED) * media.job.fraction(now)),
        "processing_status": status_of(media, media.job.status(now)),
        "visibility_status": media.visibility_status,
        "file_map": file_map,
        "intermediate_results": [],
        "submit_params": _submit_params(media, media.native_audio),
        "pose_preset": _preset(media, media.motions),
        "bullet_version": str(len(media.history)),
        "video_history": [
            _past_generation(media, number, generation, file_map) for number, generation in enumerate(media.history, 1)
        ],
        "result": [{"url": result.url, "motion_type": result.name} for result in media.results],
        "webhook_url": media.webhook_url,
        "nsfw": "0",
        "service_name": None,
        "service_version": None,
        "created_at": _timestamp(media.created_at),
        "updated_at": _timestamp(media.updated_at),
        "version": "2",
    }


def media_detail(store: Store, item: Media) -> JsonObject:
    """The response of ``GET /media/{id}``, wrapped as the settings say."""
    inner = media(store, item)
    shapes: dict[str, JsonObject] = {"live": {**inner, "data": inner}, "double": {"data": inner}, "single": inner}
    return {"data": shapes[store.settings.media_shape]}
