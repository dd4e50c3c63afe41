"""Version 2's shapes: no wrapper, true booleans, result files as plain URLs."""

from __future__ import annotations

import copy

from vimmerse.emulator.lifecycle import NEW, PROCESSING, SUCCESS
from vimmerse.emulator.models import Media, Story
from vimmerse.emulator.store import Store
from vimmerse.emulator.values import JsonObject


def story(store: Store, story: Story) -> JsonObject:
    job = story.job
    progress = story.step_progress
    status = PROCESSING if progress else NEW
    if job:
        now = store.settings.clock()
        status = job.status(now)
        progress = 0 if job.settled and status != SUCCESS else round(100 * job.fraction(now))
    document: JsonObject = {
        "id": story.id,
        "title": story.title,
        "idea": story.idea,
        "is_transition": story.is_transition,
        "status": status,
        "progress_percentage": progress,
        "aspect_ratio": story.aspect_ratio,
        "used_credits": story.used_credits,
    }
    # A video in one call shows its storyboard and clips once it is processed.
    visible = not story.one_call or status != NEW or story.compositions > 0
    if visible:
        document["storyboard"] = copy.deepcopy(story.storyboard)
    # In a story, the results of a media are objects.
    document["all_medias"] = [
        media(store, clip) | {"result": [{"url": result.url} for result in clip.results]}
        for clip in (story.media if visible else [])
    ]
    if video_url := store.video_url(story):
        document["video_url"] = video_url
    return document | {"created_at": story.created_at, "updated_at": story.updated_at}


def media(store: Store, media: Media) -> JsonObject:
    motion = media.motions[0]
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
        "id": media.id,
        "title": media.title,
        "description": media.description,
        "customer_id": store.settings.customer_id,
        "primary_user_id": media.primary_user_id,
        "media_items": copy.deepcopy(media.media_items),
        "duration_time": str(motion.duration * motion.loop),
        "processing_status": media.job.status(store.settings.clock()),
        "pose_preset": preset,
        "submit_params": {"native_audio": media.native_audio, "file_size": "", "scale_factor": "1"},
        "result": [result.url for result in media.results],
        "webhook_url": media.webhook_url,
        "created_at": media.created_at,
        "updated_at": media.updated_at,
        "version": "3",
    }
