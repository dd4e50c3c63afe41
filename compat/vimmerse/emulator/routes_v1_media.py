"""Version 1's media operations."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from vimmerse.emulator import assets, presets, wire_v1
from vimmerse.emulator import media as medias
from vimmerse.emulator.calls import Answer, Call, Handler, truth
from vimmerse.emulator.files import plain
from vimmerse.emulator.models import JsonObject, Media, Motion, Result
from vimmerse.emulator.store import bad_request, unchanged_if_refused
from vimmerse.emulator.texts import json_list, json_object

_FREE = ("title", "description", "visibility_status", "rating", "webhook_url")
# What a media is made of: any of these on an edit starts a new, paid generation.
_SOUND = (
    "sound_effects",
    "native_audio",
    "audio_option",
    "narrator",
    "narration",
    "narration_url",
    "bg_music_prompt",
    "bg_music_url",
)
_PAID = (
    "prompt",
    "motion_type",
    "video_tool",
    "quantity",
    "duration",
    "loop",
    "aspect_ratio",
    "media_items",
    "camera_control",
    "model",
    *_SOUND,
)


def _shown(call: Call, media: Media) -> Answer:
    return Answer({"data": wire_v1.media(call.store, media)})


def _native_audio(call: Call, before: bool) -> bool:
    """Native audio of either dialect: the newest name wins."""
    option = json_object(call, "audio_option", "MediaAudioOption")
    if "native_audio" in option:
        return truth(option["native_audio"])
    return call.flag("native_audio", call.flag("sound_effects", before))


def _edit_texts(values: Mapping[str, object], media: Media) -> None:
    for name in _FREE:
        value = values.get(name)
        if isinstance(value, str):
            setattr(media, name, value)
    media.visibility_status = media.visibility_status or "1"


def _name(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2] or "image.png"


def _sources(call: Call, media: Media, field: str) -> None:
    """What the media is made from: items before files before URLs."""
    items = json_list(call, "media_items", "MediaItem")
    files = [one for one in call.uploads if one.field == field]
    if items:
        media.media_items = items
        media.source_urls = [url for one in items if isinstance(url := one.get("url"), str)]
        media.source_names = [_name(url) for url in media.source_urls]
    elif files:
        media.source_urls = [assets.keep(call.store, one).url for one in files]
        media.source_names = [one.filename for one in files]
    elif urls := call.texts("image_urls"):
        media.source_urls, media.source_names = urls, [_name(url) for url in urls]
    media.is_transition = len(media.source_urls) > 1


def _motion(call: Call, before: Motion) -> Motion:
    return medias.edited(
        before,
        tool=call.text("video_tool") or call.text("motion_type") or None,
        prompt=call.values.get("prompt"),
        quantity=call.values.get("quantity"),
        duration=call.values.get("duration"),
        loop=call.values.get("loop"),
        aspect_ratio=call.text("aspect_ratio") or None,
    )


def _create(call: Call) -> Answer:
    media = medias.new_media(call.store, "v1")
    _edit_texts(call.values, media)
    _sources(call, media, "image_files")
    media.native_audio = _native_audio(call, False)
    media.motions = [_motion(call, Motion())]
    if not media.source_urls and not media.motions[0].prompt.strip():
        raise bad_request("Give a prompt, images, or both.")
    medias.launch(call.store, media, call.operation)
    return _shown(call, media)


def _from_presets(call: Call, data: JsonObject, media: Media) -> Answer:
    """The part that the upload and the prompt call share."""
    _edit_texts(data, media)
    user = data.get("primary_user_id")
    media.primary_user_id = user if isinstance(user, str) else ""
    params = data.get("submit_params")
    media.submit_params = (
        {name: one for name, one in params.items() if one is not None} if isinstance(params, dict) else {}
    )
    media.native_audio = truth(media.submit_params.get("native_audio", media.submit_params.get("sound_effects")))
    media.submit_params.pop("native_audio", None)
    preset = data.get("pose_preset")
    media.preset_is_list = isinstance(preset, list)
    media.motions = presets.motions(preset)
    medias.launch(call.store, media, call.operation)
    return _shown(call, media)


def _upload(call: Call) -> Answer:
    data = json_object(call, "data", "MediaUploadData")
    media = medias.new_media(call.store, "v1")
    _sources(call, media, "image")
    if not media.source_urls:
        raise bad_request("There is no image in the upload.")
    return _from_presets(call, data, media)


def _prompt(call: Call) -> Answer:
    return _from_presets(call, call.values, medias.new_media(call.store, "v1"))


def _edit(call: Call) -> Answer:
    media = call.store.one_media("v1", call.ids["media_id"])
    with unchanged_if_refused(media):
        _edit_texts(call.values, media)
        if any(call.has(name) for name in _PAID):
            # One motion is edited; the others of a list are made again as they are.
            media.motions = [_motion(call, one) for one in media.motions]
            media.native_audio = _native_audio(call, media.native_audio)
            if call.has("media_items"):
                _sources(call, media, "")
            medias.generate_again(call.store, media, call.operation)
        elif any(call.has(name) for name in _FREE):
            media.updated_at = call.store.stamp()
    return _shown(call, media)


def _process(call: Call) -> Answer:
    media = call.store.one_media("v1", call.ids["media_id"])
    medias.generate_again(call.store, media, call.operation)
    return _shown(call, media)


def _get(call: Call) -> Answer:
    return Answer(wire_v1.media_detail(call.store, call.store.read_media("v1", call.ids["media_id"])))


def _status(call: Call) -> Answer:
    media = call.store.read_media("v1", call.ids["media_id"])
    status = media.job.status(call.settings.clock())
    return Answer(
        {
            "data": {
                "progress_percentage": str(wire_v1.progress(call.store, media)),
                "processing_status": wire_v1.media_status(status),
            }
        }
    )


def _download(call: Call) -> Answer:
    media = call.store.one_media("v1", call.ids["media_id"])
    kind = str(call.query.get("object_type") or "bullet_video_mp4")
    if "gif" in kind:
        return Answer(file=plain("gif"), content_type="application/octet-stream")
    if "source" in kind or "texture" in kind.lower():
        url = media.source_urls[0] if media.source_urls else ""
        return Answer(file=call.store.files.get(url) or plain("png"), content_type="application/octet-stream")
    if kind != "bullet_video_mp4":
        raise bad_request(f"There is no object of type {kind!r}.")
    if not media.results:
        raise bad_request("The media has no video yet.")
    result = chosen(media.results, str(call.query.get("motion_type") or ""))
    if result is None:
        raise bad_request("The media has no video of that motion.")
    return Answer(
        file=call.store.files.get(result.url),
        content_type="application/octet-stream",
        # A tool's name is the caller's own text, and may be any.
        headers={"Content-Disposition": f'attachment; filename="{quote(result.name, safe="")}.mp4"'},
    )


def chosen(results: list[Result], name: str) -> Result | None:
    """The result that a name means: ``Auto2`` the second of Auto's, ``Auto`` its first, nothing the first."""
    if not name:
        return results[0]
    same_tool = [one for one in results if one.tool == name]
    if same_tool:
        return same_tool[0]
    return next((one for one in results if one.name == name), None)


MEDIA_ROUTES: dict[tuple[str, str], Handler] = {
    ("POST", "/media"): _create,
    ("POST", "/media/upload"): _upload,
    ("POST", "/media/prompt"): _prompt,
    ("GET", "/media/{media_id}"): _get,
    ("PUT", "/media/{media_id}"): _edit,
    ("PUT", "/media/{media_id}/edit"): _edit,
    ("GET", "/media/{media_id}/processing-status"): _status,
    ("GET", "/media/{media_id}/download"): _download,
    ("POST", "/media/{media_id}/process"): _process,
}
