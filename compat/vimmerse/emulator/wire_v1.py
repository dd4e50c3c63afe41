"""Version 1's shapes: everything under ``data``, ``Yes`` and ``No``, spaces in timestamps, its own statuses."""

from __future__ import annotations

from vimmerse.emulator import presets, storyboard, wire_v2
from vimmerse.emulator.lifecycle import CANCELLED, FAILED, NEW, PROCESSING
from vimmerse.emulator.models import Generation, JsonObject, Media, Story
from vimmerse.emulator.store import Store

_STORY_STATUSES = {FAILED: "fail", CANCELLED: "fail"}  # v1's stories know no other end
_MEDIA_STATUSES = {
    NEW: "queue_bullet",
    "queued": "queue_bullet",
    PROCESSING: "processing_bullet",
    FAILED: "fail",
    CANCELLED: "cancel",
}
_QUEUED = 20  # per cent; what the page's example of a new media shows


def yes_no(value: bool) -> str:
    """A boolean as v1 writes it."""
    return "Yes" if value else "No"


def story_status(status: str) -> str:
    """A story's status by v1's name; an unknown one as it is."""
    return _STORY_STATUSES.get(status, status)


def media_status(status: str) -> str:
    """A media's status by v1's name; an unknown one as it is."""
    return _MEDIA_STATUSES.get(status, status)


def moment(stamp: str) -> str:
    """A timestamp with v1's space."""
    return stamp.replace("T", " ", 1)


def story(store: Store, found: Story) -> JsonObject:
    """A story as v1 shows it, without the wrapper."""
    document = wire_v2.story(store, found)
    board = document.get("storyboard")
    if isinstance(board, dict):
        storyboard.to_v1_elements(board)
    begun = bool(document["all_medias"])
    ended = found.job is not None and found.job.settled
    document |= {
        "description": found.description,
        "customer_id": store.settings.customer_id,
        "visibility_status": found.visibility_status,
        "status": story_status(str(document["status"])),
        "progress_percentage": 100 if ended else document["progress_percentage"],
        "scenes": storyboard.v1_scenes(board) if isinstance(board, dict) else [],
        "medias": [{**media(store, one), "media_id": one.id} for one in found.medias] if begun else [],
        "video_url": document.get("video_url", ""),
        "webhook_url": found.webhook_url,
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
    }
    del document["all_medias"]
    return document


def progress(store: Store, found: Media) -> int:
    """How far the processing is, in per cent: 20 in the queue, 100 when it is over, whatever came of it."""
    return _QUEUED + int((100 - _QUEUED) * found.job.fraction(store.settings.clock()))


def _submit_params(found: Media, native_audio: bool) -> JsonObject:
    return {
        "sound_effects": yes_no(native_audio),
        "native_audio": native_audio,
        "pipeline_preset": "Fast",
        "file_size": "",
        "scale_factor": "1",
    } | found.submit_params


def _preset(found: Media, generation: Generation | None = None) -> object:
    written = [presets.written(one) for one in (generation or found).motions]
    return written if found.preset_is_list else written[0]


def _file_map(found: Media) -> list[JsonObject]:
    return [{"FileType": "Texture", "FileName": name} for name in found.source_names]


def _past(found: Media, generation: Generation) -> JsonObject:
    return {
        "generate_type": "GENERATE_VIDEO",
        "pose_preset": _preset(found, generation),
        "file_map": _file_map(found),
        "service_name": None,
        "service_version": None,
        "service_seeds": [6305],
        "created_at": moment(generation.created_at),
        "bullet_version": str(generation.number),
        "resolution": [1280, 704],
        "submit_params": _submit_params(found, generation.native_audio),
    }


def media(store: Store, found: Media) -> JsonObject:
    """A media as v1 shows it, without the wrapper."""
    return {
        "id": found.id,
        "title": found.title,
        "description": found.description,
        "rating": found.rating,
        "customer_id": store.settings.customer_id,
        "primary_user_id": found.primary_user_id,
        "batch_id": found.batch_id,
        "base_url": None,
        "is_transition": yes_no(found.is_transition),
        "duration_time": f"{found.motions[0].duration * found.motions[0].loop:.1f}" if found.results else "0",
        "progress_percentage": progress(store, found),
        "processing_status": media_status(found.job.status(store.settings.clock())),
        "visibility_status": found.visibility_status,
        "file_map": _file_map(found),
        "intermediate_results": [],
        "submit_params": _submit_params(found, found.native_audio),
        "pose_preset": _preset(found),
        "bullet_version": str(len(found.history)),
        "video_history": [_past(found, one) for one in found.history],
        "result": [{"url": one.url, "motion_type": one.name} for one in found.results],
        "webhook_url": found.webhook_url,
        "nsfw": "0",
        "service_name": None,
        "service_version": None,
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
        "version": "2",
    }


def media_detail(store: Store, found: Media) -> JsonObject:
    """The answer of ``GET /media/{id}``, wrapped as the settings say."""
    inner = media(store, found)
    if store.settings.media_shape == "double":
        return {"data": {"data": inner}}
    if store.settings.media_shape == "single":
        return {"data": inner}
    return {"data": {**inner, "data": inner}}


def refusal(code: str, message: str) -> JsonObject:
    """An error: v1 says the constant alone."""
    return {"message": code}
