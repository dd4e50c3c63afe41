"""Version 2's shapes: no wrapper, true booleans, result files as plain URLs."""

from __future__ import annotations

import copy

from vimmerse.emulator.lifecycle import NEW, SUCCESS
from vimmerse.emulator.models import JsonObject, Media, Story
from vimmerse.emulator.store import Store


def story(store: Store, found: Story) -> JsonObject:
    """A story as v2 shows it."""
    now = store.settings.clock()
    job = found.job
    status = job.status(now) if job else found.step_status
    progress = found.step_progress
    if job:
        progress = 0 if job.settled and status != SUCCESS else round(100 * job.fraction(now))
    document: JsonObject = {
        "id": found.id,
        "title": found.title,
        "idea": found.idea,
        "is_transition": found.is_transition,
        "status": status,
        "progress_percentage": progress,
        "aspect_ratio": found.aspect_ratio,
        "used_credits": found.used_credits,
    }
    # A one-call flow shows its plan and clips once it has begun.
    begun = not found.one_call or status != NEW or found.compositions > 0
    if begun and found.storyboard is not None:
        document["storyboard"] = copy.deepcopy(found.storyboard)
    document["all_medias"] = [_clip(store, one) for one in found.medias] if begun else []
    if film := store.film(found):
        document["video_url"] = film
    document["created_at"] = found.created_at
    document["updated_at"] = found.updated_at
    return document


def _clip(store: Store, found: Media) -> JsonObject:
    """A story's media: its results are objects there."""
    return media(store, found) | {"result": [{"url": one.url} for one in found.results]}


def media(store: Store, found: Media) -> JsonObject:
    """A media as v2 shows it."""
    motion = found.motions[0]
    preset: JsonObject = {
        "motion_type": motion.tool,
        "prompt": motion.prompt,
        "quantity": motion.quantity,
        "motion_length": motion.duration,
        "loop": motion.loop,
    }
    if motion.aspect_ratio:
        preset["aspect_ratio"] = motion.aspect_ratio
    return {
        "id": found.id,
        "title": found.title,
        "description": found.description,
        "customer_id": store.settings.customer_id,
        "primary_user_id": found.primary_user_id,
        "media_items": copy.deepcopy(found.media_items),
        "duration_time": str(motion.duration * motion.loop),
        "processing_status": found.job.status(store.settings.clock()),
        "pose_preset": preset,
        "submit_params": {"native_audio": found.native_audio, "file_size": "", "scale_factor": "1"},
        "result": [one.url for one in found.results],
        "webhook_url": found.webhook_url,
        "created_at": found.created_at,
        "updated_at": found.updated_at,
        "version": "3",
    }


def refusal(code: str, message: str) -> JsonObject:
    """An error's two fields."""
    return {"message": message, "code": code}
