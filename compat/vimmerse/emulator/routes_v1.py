"""Version 1's operations: stories here, media in ``routes_v1_media``."""

from __future__ import annotations

from vimmerse.emulator import assets, stories, storyboard, wire_v1
from vimmerse.emulator.calls import Answer, Call, Handler, truth
from vimmerse.emulator.models import JsonObject, Story
from vimmerse.emulator.routes_v1_media import MEDIA_ROUTES
from vimmerse.emulator.store import bad_request, unchanged_if_refused
from vimmerse.emulator.texts import json_list, json_object

_VOICE = "Rachel"  # v1's default


def _shown(call: Call, story: Story) -> Answer:
    return Answer({"data": wire_v1.story(call.store, story)})


def _audio(call: Call, before: JsonObject | None = None) -> JsonObject:
    """The audio of either dialect as one object; the newer name wins."""
    found: JsonObject = {"narrator": _VOICE, "has_narration": True, "has_bg_music": True, "native_audio": False}
    found.update(before or {})
    for old, new in (
        ("narrator", "narrator"),
        ("background_music", "has_bg_music"),
        ("sound_effects", "native_audio"),
        ("has_bg_music", "has_bg_music"),
        ("has_narration", "has_narration"),
        ("native_audio", "native_audio"),
    ):
        if call.has(old):
            found[new] = call.values[old] if new == "narrator" else truth(call.values[old])
    if call.has("narrator") and not call.text("narrator") and not call.has("has_narration"):
        found["has_narration"] = False
    return found | json_object(call, "audio_option", "StoryAudioOption")


def _new_story(call: Call) -> Story:
    story = stories.new_story(call.store, "v1", call.text("idea").strip())
    story.title = call.text("title")
    story.description = call.text("description")
    story.visibility_status = call.text("visibility_status") or "1"
    story.aspect_ratio = call.text("aspect_ratio") or story.aspect_ratio
    story.image_tool = call.text("image_tool") or call.text("option") or "FluxKontextPro"
    story.scene_count = call.number("scene_count", story.scene_count)
    story.language = call.text("language") or story.language
    story.audio_option = _audio(call)
    story.webhook_url = call.text("webhook_url")
    _take_motion(call, story)
    return story


def _take_motion(call: Call, story: Story) -> None:
    story.is_transition = call.flag("is_transition", story.is_transition)
    story.video_tool = call.text("video_tool") or call.text("motion_type") or story.video_tool
    story.scene_duration = call.number("scene_duration", call.number("duration", story.scene_duration))


def _images(call: Call) -> list[str]:
    """The images of a call, uploaded or by URL."""
    files = [one for one in call.uploads if one.field == "image_files"]
    return [assets.keep(call.store, one).url for one in files] or call.texts("image_urls")


def _check_count(call: Call) -> None:
    if call.number("scene_count", 1) < 1:
        raise bad_request("scene_count must be 1 or more.")


def _whole_film(call: Call) -> Answer:
    _check_count(call)
    images = _images(call)
    if call.has("image_urls") and not images:
        raise bad_request("image_urls holds no address.")
    story = _new_story(call)
    elements = json_object(call, "elements", "Elements")
    stories.run_all(call.store, story, call.operation, elements=elements, image_urls=images)
    return _shown(call, story)


def _create_storyboard(call: Call) -> Answer:
    _check_count(call)
    images = _images(call)
    story = _new_story(call)
    if call.text("story_id"):
        # To go on with a story is to write its storyboard anew.
        story.id = call.store.story("v1", call.text("story_id")).id
    elements = json_object(call, "elements", "Elements")
    stories.plan(call.store, story, elements=elements, image_urls=images)
    return _shown(call, story)


def _board(call: Call, story: Story) -> JsonObject | None:
    """The storyboard that the caller gave, and the scenes in it."""
    board = storyboard.from_v1(json_object(call, "storyboard", "Storyboard"))
    scenes = json_list(call, "scenes", "StoryScene")
    if scenes:
        before = board if "scenes" in board else story.storyboard or {}
        board["scenes"] = storyboard.merged(storyboard.items(before, "scenes"), scenes)
    return board or None


def _take_images(call: Call, story: Story, aspect_ratio: str) -> None:
    story.image_tool = call.text("image_tool") or call.text("option") or story.image_tool
    story.aspect_ratio = call.text("aspect_ratio") or aspect_ratio


def _create_elements(call: Call) -> Answer:
    story = call.store.story("v1", call.ids["story_id"])
    board = _board(call, story)
    with unchanged_if_refused(story):
        _take_images(call, story, "9:16")  # this step's own default
        stories.draw_elements(call.store, story, board, music=call.flag("background_music", True))
    return _shown(call, story)


def _create_scenes(call: Call) -> Answer:
    story = call.store.story("v1", call.ids["story_id"])
    board = _board(call, story)
    with unchanged_if_refused(story):
        _take_images(call, story, "16:9")
        story.audio_option = _audio(call, story.audio_option)
        stories.draw_scenes(call.store, story, board)
    return _shown(call, story)


def _create_videos(call: Call) -> Answer:
    story = call.store.story("v1", call.ids["story_id"])
    board = _board(call, story)
    with unchanged_if_refused(story):
        story.title = call.text("title") or story.title
        story.webhook_url = call.text("webhook_url") or story.webhook_url
        _take_motion(call, story)
        # The late dialect's native_audio is ignored on this step; 2025's sound_effects counts.
        if call.has("sound_effects"):
            story.audio_option = {**story.audio_option, "native_audio": call.flag("sound_effects")}
        stories.make_videos(call.store, story, call.operation, board)
    return _shown(call, story)


def _concat(call: Call) -> Answer:
    story = call.store.story("v1", call.ids["story_id"])
    stories.compose_again(call.store, story, call.texts("concat_video_urls"))
    return _shown(call, story)


def _get_story(call: Call) -> Answer:
    return _shown(call, call.store.read_story("v1", call.ids["story_id"]))


def _update_story(call: Call) -> Answer:
    story = call.store.story("v1", call.ids["story_id"])
    story.title = call.text("title", story.title)
    story.description = call.text("description", story.description)
    story.visibility_status = call.text("visibility_status") or story.visibility_status
    story.updated_at = call.store.stamp()
    return _shown(call, story)


def _delete_story(call: Call) -> Answer:
    story = call.store.story("v1", call.ids["story_id"])
    answer = _shown(call, story)
    stories.delete(call.store, story)
    return answer


ROUTES: dict[tuple[str, str], Handler] = {
    ("POST", "/story/idea-2-video"): _whole_film,
    ("POST", "/story/url-2-video"): _whole_film,
    ("POST", "/story/images-2-video"): _whole_film,
    ("POST", "/story"): _create_storyboard,
    ("POST", "/story/{story_id}/elements"): _create_elements,
    ("POST", "/story/{story_id}/scenes"): _create_scenes,
    ("POST", "/story/{story_id}/videos"): _create_videos,
    ("POST", "/story/{story_id}/concat"): _concat,
    ("GET", "/story/{story_id}"): _get_story,
    ("PUT", "/story/{story_id}"): _update_story,
    ("DELETE", "/story/{story_id}"): _delete_story,
    **MEDIA_ROUTES,
}
