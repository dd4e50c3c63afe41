"""The media and image operations of both versions."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from vimmerse.emulator import presets, prices, wire_v1, wire_v2
from vimmerse.emulator.defaults import default_motion
from vimmerse.emulator.errors import InvalidRequest, bad_request, missing_field, not_listed, require_fields
from vimmerse.emulator.files import ServedFile, sample_file
from vimmerse.emulator.handlers import Routes, ValidatedRequest, set_texts
from vimmerse.emulator.lifecycle import GenerationJob, Plan
from vimmerse.emulator.models import Media, Motion
from vimmerse.emulator.responses import Response
from vimmerse.emulator.spec import load
from vimmerse.emulator.store import unchanged_on_error
from vimmerse.emulator.values import JsonObject, as_bool, as_object, as_text, as_texts

_TEXTS = ("title", "description", "visibility_status", "rating", "webhook_url")
_MOTION = ("video_tool", "motion_type", "prompt", "quantity", "duration", "loop", "aspect_ratio")
_SOUND = ("sound_effects", "native_audio", "audio_option", "narrator", "narration", "narration_url")
_OTHERS = ("bg_music_prompt", "bg_music_url", "media_items", "camera_control", "model", "pipeline_mode")
# What a media is generated from: any of these on an edit starts a new, paid generation.
_PAID = _MOTION + _SOUND + _OTHERS


def _response(request: ValidatedRequest, media: Media) -> JsonObject:
    if request.version == "v1":
        return {"data": wire_v1.media(request.store, media)}
    return wire_v2.media(request.store, media)


def _find(request: ValidatedRequest) -> Media:
    return request.store.find_media(request.version, request.ids["media_id"])


def _poll(request: ValidatedRequest) -> Media:
    return request.store.poll_media(request.version, request.ids["media_id"])


# ---- both versions


def _create(request: ValidatedRequest) -> JsonObject:
    if request.version == "v2":
        require_fields(request.values, ("media_items",), ("type", "url"), ("body",))
    items = request.objects("media_items")
    has_url = any(isinstance(item.get("url"), str) for item in items)
    has_source = has_url if items else request.files("image_files") or request.texts("image_urls")
    if not has_source and not as_text(request.values.get("prompt")).strip():
        raise bad_request(f"Give a prompt, {'images' if request.version == 'v1' else 'media_items'}, or both.")
    media = _new_media(request)
    set_texts(media, request.values, _TEXTS)
    _set_sources(request, media, "image_files")
    media.native_audio = _native_audio(request, False)
    media.motions = [_edited(request, default_motion(request.version))]
    return _store_and_start(request, media)


def _update(request: ValidatedRequest) -> JsonObject:
    if request.version == "v2":
        require_fields(request.values, ("media_items",), ("type", "url"), ("body",))
    media = _find(request)
    with unchanged_on_error(media):
        set_texts(media, request.values, _TEXTS)
        if any(request.has(name) for name in _PAID):
            # v2 knows one motion. v1 edits every motion of a list.
            motions = media.motions[:1] if request.version == "v2" else media.motions
            media.motions = [_edited(request, motion) for motion in motions]
            media.native_audio = _native_audio(request, media.native_audio)
            if request.has("media_items"):
                _set_sources(request, media, "")
            _generate_again(request, media)
        elif any(request.has(name) for name in _TEXTS):
            media.updated_at = request.store.timestamp()
    return _response(request, media)


def upload_image(request: ValidatedRequest) -> JsonObject:
    uploads = request.files("image_file")
    if not uploads:
        raise InvalidRequest(missing_field(("body", "image_file"), None))
    asset = request.store.add_upload(uploads[0])
    document: JsonObject = {"id": asset.id, "results": [asset.url], "status": "success", "created_at": asset.created_at}
    return {"data": document} if request.version == "v1" else document


def _new_media(request: ValidatedRequest) -> Media:
    """A media that is not stored yet, so that nothing remains of a rejected call."""
    now = request.store.timestamp()
    placeholder = GenerationJob(Plan(), 0.0)  # until the call has been paid for
    return Media(request.store.new_id(), request.version, now, now, placeholder)


def _set_sources(request: ValidatedRequest, media: Media, upload_field: str) -> None:
    """What the media is generated from: items before files before URLs."""
    items = request.objects("media_items")
    files = request.files(upload_field)
    if request.has("media_items"):
        media.media_items = items or None
    if items:
        media.source_urls = [url for item in items if isinstance(url := item.get("url"), str)]
        media.source_names = [_file_name(url) for url in media.source_urls]
    elif files:
        media.source_urls = [request.store.add_upload(upload).url for upload in files]
        media.source_names = [upload.filename for upload in files]
    elif urls := request.texts("image_urls"):
        media.source_urls, media.source_names = urls, [_file_name(url) for url in urls]
    media.is_transition = len(media.source_urls) > 1


def _file_name(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2] or "image.png"


def _native_audio(request: ValidatedRequest, before: bool) -> bool:
    """Native audio by any of its names: the newest wins. v2's ``audio_option`` replaces the one before."""
    option = request.object("audio_option")
    if "native_audio" in option:
        return as_bool(option["native_audio"])
    if request.version == "v2" and request.has("audio_option"):
        return False
    return request.flag("native_audio", request.flag("sound_effects", before))


def _edited(request: ValidatedRequest, motion: Motion) -> Motion:
    """The motion with the fields that a call names. Then v1's own ``Params`` text is no longer true."""
    if not any(request.has(name) for name in _MOTION):
        return motion
    prompt = request.values.get("prompt")
    return Motion(
        tool=request.text("video_tool", request.text("motion_type", motion.tool)),
        prompt=prompt if isinstance(prompt, str) else motion.prompt,
        quantity=request.number("quantity", motion.quantity),
        duration=request.number("duration", motion.duration),
        loop=request.number("loop", motion.loop),
        aspect_ratio=request.text("aspect_ratio", motion.aspect_ratio),
    )


def _charge(request: ValidatedRequest, media: Media) -> None:
    credits = sum(
        prices.price(motion.tool, clips=motion.quantity, seconds=motion.duration, native_audio=media.native_audio)
        for motion in media.motions
    )
    request.store.charge(request.operation, media.id, credits)


def _store_and_start(request: ValidatedRequest, media: Media) -> JsonObject:
    _charge(request, media)
    request.store.media[media.id] = media
    request.store.start_job(media, request.store.new_job())
    return _response(request, media)


def _generate_again(request: ValidatedRequest, media: Media) -> None:
    """Charge for a new generation of what the media is now, and start it."""
    _charge(request, media)
    media.generation += 1
    media.results = []
    media.updated_at = request.store.timestamp()
    # From here it does not end with its story.
    media.story_id = ""
    request.store.start_job(media, request.store.new_job())


# ---- v2 alone


def _get_v2(request: ValidatedRequest) -> JsonObject:
    # "fields" is one comma-separated text, or a repeated parameter, or both.
    wanted = {name.strip() for text in as_texts(request.query.get("fields")) for name in text.split(",")} - {""}
    known = sorted(load("v2").listed("MediaField"))
    if unknown := sorted(wanted.difference(known)):
        raise InvalidRequest(*(not_listed(known, name, ("query", "fields")) for name in unknown))
    document = wire_v2.media(request.store, _poll(request))
    return {name: value for name, value in document.items() if not wanted or name in wanted}


# ---- v1 alone


def _upload(request: ValidatedRequest) -> JsonObject:
    media = _new_media(request)
    _set_sources(request, media, "image")
    if not media.source_urls:
        raise bad_request("There is no image in the upload.")
    return _create_from_presets(request, request.object("data"), media)


def _prompt(request: ValidatedRequest) -> JsonObject:
    return _create_from_presets(request, request.values, _new_media(request))


def _create_from_presets(request: ValidatedRequest, fields: JsonObject, media: Media) -> JsonObject:
    set_texts(media, fields, (*_TEXTS, "primary_user_id"))
    params = {name: value for name, value in as_object(fields.get("submit_params")).items() if value is not None}
    media.native_audio = as_bool(params.get("native_audio", params.get("sound_effects")))
    params.pop("native_audio", None)
    media.submit_params = params
    preset = fields.get("pose_preset")
    media.preset_is_list = isinstance(preset, list)
    media.motions = presets.motions(preset)
    return _store_and_start(request, media)


def _process(request: ValidatedRequest) -> JsonObject:
    media = _find(request)
    _generate_again(request, media)
    return _response(request, media)


def _get_v1(request: ValidatedRequest) -> JsonObject:
    return wire_v1.media_detail(request.store, _poll(request))


def _status(request: ValidatedRequest) -> JsonObject:
    document = wire_v1.media(request.store, _poll(request))
    progress, status = document["progress_percentage"], document["processing_status"]
    return {"data": {"progress_percentage": str(progress), "processing_status": status}}


def _download(request: ValidatedRequest) -> Response:
    media = _find(request)
    kind = str(request.query.get("object_type") or "bullet_video_mp4")
    if "gif" in kind:
        return _file_response(sample_file("gif"))
    if "source" in kind or "texture" in kind.lower():
        source = request.store.files.get(media.source_urls[0]) if media.source_urls else None
        return _file_response(source or sample_file("png"))
    if kind != "bullet_video_mp4":
        raise bad_request(f"There is no object of type {kind!r}.")
    if not media.results:
        raise bad_request("The media has no video yet.")
    # "Auto2" is the second of Auto's, "Auto" its first; a tool's name may itself end in a digit.
    name = str(request.query.get("motion_type") or "")
    chosen = [result for result in media.results if name in ("", result.tool)]
    chosen = chosen or [result for result in media.results if name == result.name]
    file = request.store.files.get(chosen[0].url) if chosen else None
    if file is None:
        raise bad_request("The media has no video of that motion.")
    # A tool's name is the caller's own text, and may be any.
    name = quote(chosen[0].name, safe="")
    return _file_response(file, {"Content-Disposition": f'attachment; filename="{name}.mp4"'})


def _file_response(file: ServedFile, headers: Mapping[str, str] | None = None) -> Response:
    length = {"Content-Length": str(file.size), "Content-Type": "application/octet-stream"}
    return Response(200, {**length, **(headers or {})}, file.chunks())


V1_ROUTES: Routes = {
    ("POST", "/media"): _create,
    ("POST", "/media/upload"): _upload,
    ("POST", "/media/prompt"): _prompt,
    ("GET", "/media/{media_id}"): _get_v1,
    ("PUT", "/media/{media_id}"): _update,
    ("PUT", "/media/{media_id}/edit"): _update,
    ("GET", "/media/{media_id}/processing-status"): _status,
    ("GET", "/media/{media_id}/download"): _download,
    ("POST", "/media/{media_id}/process"): _process,
}
V2_ROUTES: Routes = {
    ("POST", "/v2/media"): _create,
    ("GET", "/v2/media/{media_id}"): _get_v2,
    ("PUT", "/v2/media/{media_id}"): _update,
    ("POST", "/v2/image"): upload_image,
}
