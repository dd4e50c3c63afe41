"""Version 2's operations."""

from __future__ import annotations

from vimmerse.emulator import assets, stories, wire_v2
from vimmerse.emulator import media as medias
from vimmerse.emulator.calls import Answer, Call, Handler, objects, texts
from vimmerse.emulator.models import JsonObject, Media, Motion, Story
from vimmerse.emulator.spec import load
from vimmerse.emulator.store import bad_request, unchanged_if_refused
from vimmerse.emulator.validation import Invalid, error, not_listed

_FREE = frozenset({"title", "description", "visibility_status", "rating", "webhook_url"})
_PAID = frozenset(
    {
        "media_items",
        "prompt",
        "video_tool",
        "quantity",
        "duration",
        "loop",
        "audio_option",
        "aspect_ratio",
        "pipeline_mode",
    }
)


def _shown(call: Call, story: Story) -> Answer:
    return Answer(wire_v2.story(call.store, story))


# ---- stories


def _new_story(call: Call) -> Story:
    """A story with the fields that all creating calls share."""
    _check_elements(call)
    story = stories.new_story(call.store, "v2", call.text("idea").strip())
    story.title = call.text("title")
    story.aspect_ratio = call.text("aspect_ratio", story.aspect_ratio)
    story.is_transition = call.flag("is_transition")
    story.image_tool = call.text("image_tool", story.image_tool)
    story.video_tool = call.text("video_tool", story.video_tool)
    story.scene_count = call.number("scene_count", story.scene_count)
    story.scene_duration = call.number("scene_duration", story.scene_duration)
    story.language = call.text("language", story.language)
    story.audio_option = dict(call.object("audio_option"))
    story.webhook_url = call.text("webhook_url")
    return story


def _check_elements(call: Call) -> None:
    elements = call.object("elements")
    if elements.get("scenes"):
        raise bad_request("elements takes characters, environments and objects; scenes come from the idea.")
    missing = [
        error("missing", ("body", "elements", kind, index, name), "Field required", item)
        for kind in ("characters", "environments", "objects")
        for index, item in enumerate(objects(elements.get(kind)))
        for name in ("name", "description")
        if not item.get(name)
    ]
    if missing:
        raise Invalid(missing)


def _whole_film(call: Call) -> Answer:
    images = call.texts("image_urls")
    if call.has("image_urls") and not images:
        raise bad_request("image_urls holds no address.")
    if not images and not call.text("idea").strip():
        raise bad_request("The idea is empty: say what the film is about.")
    story = _new_story(call)
    stories.run_all(call.store, story, call.operation, elements=call.object("elements"), image_urls=images)
    return _shown(call, story)


def _create_storyboard(call: Call) -> Answer:
    images = call.texts("image_urls")
    if not images and not call.text("idea").strip():
        raise bad_request("Give an idea, image_urls, or both.")
    story = _new_story(call)
    stories.plan(call.store, story, elements=call.object("elements"), image_urls=images)
    return _shown(call, story)


def _board(call: Call) -> JsonObject | None:
    return call.object("storyboard") or None


def _create_elements(call: Call) -> Answer:
    story = call.store.story("v2", call.ids["story_id"])
    with unchanged_if_refused(story):
        _take_tools(call, story)
        stories.draw_elements(call.store, story, _board(call), music=stories.with_music(story))
    return _shown(call, story)


def _create_scenes(call: Call) -> Answer:
    story = call.store.story("v2", call.ids["story_id"])
    with unchanged_if_refused(story):
        _take_tools(call, story)
        story.audio_option = {**story.audio_option, **call.object("audio_option")}
        stories.draw_scenes(call.store, story, _board(call))
    return _shown(call, story)


def _take_tools(call: Call, story: Story) -> None:
    story.image_tool = call.text("image_tool", story.image_tool)
    story.aspect_ratio = call.text("aspect_ratio", story.aspect_ratio)


def _create_videos(call: Call) -> Answer:
    story = call.store.story("v2", call.ids["story_id"])
    with unchanged_if_refused(story):
        story.title = call.text("title", story.title)
        story.video_tool = call.text("video_tool", story.video_tool)
        story.scene_duration = call.number("duration", story.scene_duration)
        story.is_transition = call.flag("is_transition", story.is_transition)
        story.webhook_url = call.text("webhook_url", story.webhook_url)
        stories.make_videos(call.store, story, call.operation, _board(call))
    return _shown(call, story)


def _concat(call: Call) -> Answer:
    story = call.store.story("v2", call.ids["story_id"])
    stories.compose_again(call.store, story, call.texts("concat_video_urls"))
    return _shown(call, story)


def _get_story(call: Call) -> Answer:
    return _shown(call, call.store.read_story("v2", call.ids["story_id"]))


def _delete_story(call: Call) -> Answer:
    story = call.store.story("v2", call.ids["story_id"])
    answer = _shown(call, story)
    stories.delete(call.store, story)
    return answer


# ---- media


def _check_items(call: Call) -> None:
    missing = [
        error("missing", ("body", "media_items", index, name), "Field required", item)
        for index, item in enumerate(objects(call.values.get("media_items")))
        for name in ("type", "url")
        if not item.get(name)
    ]
    if missing:
        raise Invalid(missing)


def _create_media(call: Call) -> Answer:
    _check_items(call)
    items = objects(call.values.get("media_items"))
    if not items and not call.text("prompt").strip():
        raise bad_request("Give a prompt, media_items, or both.")
    media = medias.new_media(call.store, "v2")
    media.title = call.text("title")
    media.description = call.text("description")
    media.webhook_url = call.text("webhook_url")
    media.media_items = items or None
    media.audio_option = call.object("audio_option") or None
    media.native_audio = call.object("audio_option").get("native_audio") is True
    media.pipeline_mode = call.text("pipeline_mode", media.pipeline_mode)
    media.motions = [_motion(call, Motion())]
    medias.launch(call.store, media, call.operation)
    return Answer(wire_v2.media(call.store, media))


def _motion(call: Call, before: Motion) -> Motion:
    return medias.edited(
        before,
        tool=call.values.get("video_tool"),
        prompt=call.values.get("prompt"),
        quantity=call.values.get("quantity"),
        duration=call.values.get("duration"),
        loop=call.values.get("loop"),
        aspect_ratio=call.values.get("aspect_ratio"),
    )


def _update_media(call: Call) -> Answer:
    _check_items(call)
    media = call.store.one_media("v2", call.ids["media_id"])
    given = {name for name in call.values if call.has(name)}
    with unchanged_if_refused(media):
        _edit_texts(call, media)
        if given & _PAID:
            media.motions = [_motion(call, media.motions[0])]
            if call.has("media_items"):
                media.media_items = objects(call.values["media_items"])
            if call.has("audio_option"):
                media.audio_option = call.object("audio_option")
                media.native_audio = media.audio_option.get("native_audio") is True
            media.pipeline_mode = call.text("pipeline_mode", media.pipeline_mode)
            medias.generate_again(call.store, media, call.operation)
        elif given & _FREE:
            media.updated_at = call.store.stamp()
    return Answer(wire_v2.media(call.store, media))


def _edit_texts(call: Call, media: Media) -> None:
    media.title = call.text("title", media.title)
    media.description = call.text("description", media.description)
    media.visibility_status = call.text("visibility_status", media.visibility_status)
    media.rating = call.text("rating", media.rating)
    media.webhook_url = call.text("webhook_url", media.webhook_url)


def _get_media(call: Call) -> Answer:
    # "fields" is one comma-separated text, or a repeated parameter, or both.
    wanted = {name.strip() for text in texts(call.query.get("fields")) for name in text.split(",")} - {""}
    known = sorted(load("v2").listed("MediaField"), key=str)
    if unknown := sorted(wanted.difference(known)):
        raise Invalid([not_listed(known, name, ("query", "fields")) for name in unknown])
    document = wire_v2.media(call.store, call.store.read_media("v2", call.ids["media_id"]))
    if wanted:
        document = {name: value for name, value in document.items() if name in wanted}
    return Answer(document)


# ---- images


def _upload_image(call: Call) -> Answer:
    upload = next((one for one in call.uploads if one.field == "image_file"), None)
    if upload is None:
        raise Invalid([error("missing", ("body", "image_file"), "Field required", None)])
    asset = assets.keep(call.store, upload)
    document = {"id": asset.id, "results": [asset.url], "status": "success", "created_at": asset.created_at}
    return Answer(document)


def upload_image_v1(call: Call) -> Answer:
    """``POST /image``: the same, in v1's wrapper."""
    return Answer({"data": _upload_image(call).document})


ROUTES: dict[tuple[str, str], Handler] = {
    ("POST", "/v2/story/idea-2-video"): _whole_film,
    ("POST", "/v2/story/url-2-video"): _whole_film,
    ("POST", "/v2/story/images-2-video"): _whole_film,
    ("POST", "/v2/story"): _create_storyboard,
    ("POST", "/v2/story/{story_id}/elements"): _create_elements,
    ("POST", "/v2/story/{story_id}/scenes"): _create_scenes,
    ("POST", "/v2/story/{story_id}/videos"): _create_videos,
    ("POST", "/v2/story/{story_id}/concat"): _concat,
    ("GET", "/v2/story/{story_id}"): _get_story,
    ("DELETE", "/v2/story/{story_id}"): _delete_story,
    ("POST", "/v2/media"): _create_media,
    ("GET", "/v2/media/{media_id}"): _get_media,
    ("PUT", "/v2/media/{media_id}"): _update_media,
    ("POST", "/v2/image"): _upload_image,
}
