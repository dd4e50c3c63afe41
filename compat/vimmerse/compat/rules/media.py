"""The rules of v1's media operations. Sources: ``api/v1-media.txt``, ``api/v2-media.txt``.

* An edit sends only the fields that the caller gave, so a metadata edit never becomes a paid generation.
* ``media_items`` wins over files, files over URLs; one image is the first frame, two are first and last.
* Files are uploaded with ``POST /v2/image``, before anything paid.
"""

from __future__ import annotations

from typing import Any

from vimmerse.compat.core.fields import Fields, Value
from vimmerse.compat.core.messages import UploadPart
from vimmerse.compat.rules.audio import MEDIA_AUDIO, media_audio
from vimmerse.compat.rules.conversions import boolean, integer, json_value
from vimmerse.compat.rules.engine import (
    REJECTED_BY_SERVER,
    Operation,
    Rule,
    Translation,
    apply_rules,
    by_field,
    is_response,
    show,
)
from vimmerse.compat.rules.kinds import choice, combined, dropped, same, unsupported, webhook_url
from vimmerse.compat.rules.presets import PARAMS_RULES, POSE_PRESET, PRESET_RULES, SUBMIT_PARAMS, SUBMIT_RULES
from vimmerse.compat.rules.values import VIDEO_TOOLS

# The fields of a generation, which create and update share. In an update each of them is paid.

_NUMBER = "Same; a form's text becomes a number."
_NO_MODEL = "v2 has no try-on or animation models"
_POSITIONS = "one is the first frame, two are first and last; of more, the first and the last count"
_UPLOADED = f"Uploaded with POST /v2/image, then items of type image: {_POSITIONS}."


def _may_be_on(flag: Any) -> bool:
    # Only v1 knows how it reads what is neither Yes nor No.
    return isinstance(flag, str | int | float) and flag is not False


IMAGE_URLS = combined("image_urls", "media_items", f"Each becomes an item of type image: {_POSITIONS}.", paid=True)
IMAGE_FILES = combined("image_files", "media_items", _UPLOADED, paid=True, files=True)
IMAGE = combined("image", "media_items", _UPLOADED, files=True)
GENERATION = (
    same("prompt", paid=True),
    choice("motion_type", "video_tool", VIDEO_TOOLS, note="Renamed; see the table of motion types.", paid=True),
    choice("video_tool", "video_tool", VIDEO_TOOLS, note="Revised v1's motion_type; the same table.", paid=True),
    same("quantity", integer, note=f"{_NUMBER} 1 to 4.", paid=True),
    same("duration", integer, note=f"{_NUMBER} 1 to 10 seconds.", paid=True),
    same("loop", integer, note=f"{_NUMBER} 1 to 6.", paid=True),
    same("aspect_ratio", paid=True),
    dropped(
        "camera_control",
        ("HorizontalArc",),
        "v2 has no camera control; describe the camera's motion in the prompt",
        paid=True,
    ),
    unsupported("model", lambda value: True, _NO_MODEL, paid=True),
    combined("media_items", "media_items", "JSON text becomes an array; wins over files and URLs.", paid=True),
    *MEDIA_AUDIO,
)
ONLY_NEW = (
    dropped("motion_range", (5,), "v2 has no amount of motion; describe it in the prompt", convert=integer, paid=True),
    unsupported("character_animate", _may_be_on, _NO_MODEL, convert=boolean, paid=True),
    unsupported("extend_video", _may_be_on, "v2 does not extend an uploaded video", convert=boolean, paid=True),
    IMAGE_URLS,
    IMAGE_FILES,
)


# What describes a media. On create, v2 takes visibility and rating only in a second, free call.


def _after_create(name: str, default: str, note: str) -> Rule:
    def apply(translation: Translation, value: Value) -> None:
        if str(value) not in ("", default):
            translation.follow_up[name] = str(value) if isinstance(value, int) else value

    return Rule(name, "converted", name, note, apply)


_CREATE_TEXTS = (
    same("title"),
    same("description"),
    webhook_url(),
    _after_create(
        "visibility_status",
        "1",
        'Other than "1" (unlisted, the default): set by a second, free PUT, so privacy is kept.',
    ),
    _after_create("rating", "", "Set by a second, free PUT."),
)
_FREE_TEXTS = ("title", "description", "visibility_status", "rating")
FREE = (
    *(same(name, note="Same; free.", keep_empty=True) for name in _FREE_TEXTS),
    webhook_url(keep_empty=True, note="Same; free."),
)


# Images


def uploaded_files(fields: Fields) -> list[UploadPart]:
    """Return the files of a form, under either of v1's names."""
    values = [*fields.getlist("image_files"), *fields.getlist("image")]
    return [value for value in values if isinstance(value, UploadPart) and value.filename]


def _media_inputs(translation: Translation) -> None:
    """Set ``media_items`` from items, files or URLs, whichever comes first in this order."""
    fields = translation.fields
    files = uploaded_files(fields)
    urls = fields.getlist("image_urls")
    # An empty list of items takes nothing from the images beside it.
    if fields.is_set("media_items") and not ((files or urls) and json_value(fields["media_items"]) == []):
        _media_items(translation)
    elif files:
        _put_images(translation, files[0].name, files)
    elif urls:
        _put_images(translation, "image_urls", urls)


def _media_items(translation: Translation) -> None:
    if translation.fields.is_set("media_items"):
        given = translation.fields["media_items"]
        items = json_value(given)
        translation.put("media_items", items)
        if items is not given:
            translation.note_deprecated("media_items", given, "media_items", items)


def _put_images(translation: Translation, name: str, images: list[Any]) -> None:
    for extra in images[1:-1]:
        translation.note_lost(name, extra, "v2 takes a first and a last frame, and none between them")
    frames = images if len(images) < 2 else [images[0], images[-1]]
    items: list[dict[str, Any]] = [
        {"type": "image", "url": frame, "position": position}
        for frame, position in zip(frames, ("First", "Last"), strict=False)
    ]
    translation.put("media_items", items, name)
    for index, position in zip(range(len(items)), (0, len(images) - 1), strict=False):
        translation.origins[f"media_items.{index}"] = f"{translation.prefix}{name}.{position}"
    if isinstance(frames[0], UploadPart):
        translation.images = frames
        example = [{**items[0], "url": "(the URL that POST /v2/image returns)"}]
        translation.note_deprecated(name, frames[0], "media_items", example)
    else:
        translation.note_deprecated(name, frames if len(frames) > 1 else frames[0], "media_items", items)


# What /media/upload and /media/prompt take

DATA = (
    *_CREATE_TEXTS,
    dropped(
        "primary_user_id",
        (),
        "v2 takes the user from the key",
        when=lambda translation: not is_response(translation.fields),
    ),
    POSE_PRESET,
    SUBMIT_PARAMS,
)
UPLOAD_DATA = (
    *DATA,
    dropped(
        "is_transition",
        (False,),
        "a transition needs two images, which v2 takes as first and last frame without this field",
        convert=boolean,
        when=lambda translation: len(translation.uploads) < 2,
    ),
)
# v2's own, which programs in between the versions send to v1's calls.
PIPELINE_MODE = same("pipeline_mode", paid=True)
# Fields of POST /media that integrations of revised v1 send here too.
_ALSO = (*GENERATION, IMAGE_URLS, PIPELINE_MODE)
_UPLOAD_DATA_BY_FIELD = by_field((*UPLOAD_DATA, *_ALSO))


def _upload_data(translation: Translation) -> None:
    """Apply the rules of the fields inside the ``data`` text of an upload."""
    outer = translation.fields
    translation.uploads = list(uploaded_files(outer)) or outer.getlist("image_urls")
    media_audio(translation)
    if not outer.is_set("data"):
        _media_inputs(translation)
        return
    data = json_value(outer["data"])
    if not isinstance(data, dict):
        translation.require_passthrough(
            f"data={show(outer['data'])} is not a JSON object; {REJECTED_BY_SERVER}", "data"
        )
        return
    fields = Fields({name: [value] for name, value in data.items()})
    images_in_data = fields.is_set("media_items") or (fields.is_set("image_urls") and not translation.uploads)
    if not images_in_data:
        _media_inputs(translation)
    with translation.nested(data, "data."):
        apply_rules(translation, _UPLOAD_DATA_BY_FIELD)
        if images_in_data:
            _media_inputs(translation)
        media_audio(translation)


def _paid_but_empty(translation: Translation) -> None:
    if translation.paid and not translation.body:
        translation.require_passthrough("v2 has none of the fields that it changes")


_EDIT_NOTE = (
    "Only the fields of the call are sent: title, description, visibility_status, rating and webhook_url are free, "
    "anything else starts a new, paid generation, as in v1."
)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        v1="POST /media",
        v2="POST /v2/media",
        paid="always",
        response_kind="media",
        rules=(*_CREATE_TEXTS, *GENERATION, *ONLY_NEW),
        extra_rules=(IMAGE, PIPELINE_MODE),
        finalizers=(_media_inputs, media_audio),
        note="Files are uploaded first; visibility and rating are set in a second, free call.",
    ),
    Operation(
        v1="POST /media/upload",
        v2="POST /v2/media",
        paid="always",
        response_kind="media",
        rules=(
            IMAGE,
            combined("data", "title", "The fields inside its JSON text, each by the rules of POST /media/prompt."),
        ),
        extra_rules=(*_ALSO, IMAGE_FILES, *(same(name) for name in ("title", "description", "webhook_url"))),
        finalizers=(_upload_data,),
        nested={
            "data": UPLOAD_DATA,
            "data.pose_preset": PRESET_RULES,
            "data.pose_preset.Params": PARAMS_RULES,
            "data.submit_params": SUBMIT_RULES,
        },
        note="Files are uploaded first. Several pose presets become several v2 media under one composite id.",
    ),
    Operation(
        v1="POST /media/prompt",
        v2="POST /v2/media",
        paid="always",
        response_kind="media",
        rules=DATA,
        extra_rules=_ALSO,
        finalizers=(_media_inputs, media_audio),
        nested={"pose_preset": PRESET_RULES, "pose_preset.Params": PARAMS_RULES, "submit_params": SUBMIT_RULES},
        note="Several pose presets become several v2 media under one composite id.",
    ),
    Operation(
        v1="GET /media/{media_id}",
        v2="GET /v2/media/{media_id}",
        response_kind="media",
        rules=(combined("fields", "fields", "v1's names are requested from v2 as the fields that they come from."),),
    ),
    Operation(
        v1="GET /media/{media_id}/processing-status",
        v2="GET /v2/media/{media_id}",
        response_kind="status",
        note="Requests only processing_status from v2 (?fields=). v1 needs no key here: the configured one is used.",
    ),
    *(
        Operation(
            v1=f"PUT /media/{{media_id}}{suffix}",
            v2="PUT /v2/media/{media_id}",
            paid="update",
            response_kind="media",
            rules=(*FREE, *GENERATION),
            extra_rules=(PIPELINE_MODE,),
            finalizers=(_media_items, media_audio, _paid_but_empty),
            note=_EDIT_NOTE,
        )
        for suffix in ("/edit", "")
    ),
    Operation(
        v1="GET /media/{media_id}/download",
        v2="GET /v2/media/{media_id}",
        response_kind="bytes",
        rules=(
            unsupported(
                "object_type",
                lambda value: value != "bullet_video_mp4",
                "v2 keeps only the finished videos; only v1 has GIFs and source files",
            ),
            combined("motion_type", "result", "Auto2 is the second of the Auto results; Auto is the first."),
            dropped("width", (), "v2 serves the video in one size"),
            dropped("file_size", (), "v2 serves the video in one size"),
        ),
        note="Looks the media up, then streams the result file; the key never goes to the file's host.",
    ),
    Operation(
        v1="POST /media/{media_id}/process",
        v2="PUT /v2/media/{media_id}",
        paid="always",
        response_kind="media",
        note="Looks the media up, and sends its own prompt, tool, duration, quantity and loop again: paid, as in v1.",
    ),
)
