"""The rules of v1's media operations (``api/v1-media.txt``, ``api/v2-media.txt``).

Laws:

* An edit sends only what the caller gave, so a metadata edit never becomes a paid generation.
* ``media_items`` wins over files, files over URLs; one image is the first frame, two are first and last.
* Uploaded files go to ``POST /v2/image``, before anything paid, and never through the core's hands.
"""

from __future__ import annotations

from typing import Any

from vimmerse.compat.core.fields import Fields, Value
from vimmerse.compat.core.messages import UploadPart
from vimmerse.compat.rules.audio import MEDIA_AUDIO, media_audio
from vimmerse.compat.rules.conversions import boolean, integer, json_value
from vimmerse.compat.rules.engine import Operation, Rule, Translation, apply_rules, is_answer, show
from vimmerse.compat.rules.kinds import choice, combined, dropped, same, unsupported
from vimmerse.compat.rules.presets import PARAMS_RULES, POSE_PRESET, PRESET_RULES, SUBMIT_PARAMS, SUBMIT_RULES
from vimmerse.compat.rules.values import VIDEO_TOOLS
from vimmerse.compat.rules.webhooks import webhook_url

NUMBER = "Same; a form's text becomes a number."

# What a generation is made of: shared by create and update. Naming one of these in an update is paid.

PROMPT = same("prompt", paid=True)
MOTION_TYPE = choice(
    "motion_type", "video_tool", VIDEO_TOOLS, note="Renamed; see the table of motion types.", paid=True
)
VIDEO_TOOL = choice(
    "video_tool", "video_tool", VIDEO_TOOLS, note="Late name of motion_type; the same table.", paid=True
)
QUANTITY = same("quantity", integer, note=f"{NUMBER} 1 to 4.", paid=True)
DURATION = same("duration", integer, note=f"{NUMBER} 1 to 10 seconds.", paid=True)
LOOP = same("loop", integer, note=f"{NUMBER} 1 to 6.", paid=True)
ASPECT_RATIO = same("aspect_ratio", paid=True)
CAMERA_CONTROL = dropped(
    "camera_control",
    ("HorizontalArc",),
    "v2 has no camera control; describe the camera's motion in the prompt",
    paid=True,
)
MOTION_RANGE = dropped(
    "motion_range", (5,), "v2 has no amount of motion; describe it in the prompt", convert=integer, paid=True
)
_V1_MODEL = "v2 has no try-on or animation models"
MODEL = unsupported("model", lambda value: True, _V1_MODEL, paid=True)
CHARACTER_ANIMATE = unsupported("character_animate", lambda value: value is True, _V1_MODEL, convert=boolean, paid=True)
EXTEND_VIDEO = unsupported(
    "extend_video",
    lambda value: value is True,
    "v2 does not extend an uploaded video",
    convert=boolean,
    paid=True,
)
MEDIA_ITEMS = combined(
    "media_items",
    "media_items",
    "JSON text becomes an array; wins over files and URLs.",
    paid=True,
)

_POSITIONS = "one is the first frame, two are first and last; of more, the first and the last count"
IMAGE_URLS = combined("image_urls", "media_items", f"Each becomes an item of type image: {_POSITIONS}.", paid=True)
IMAGE_FILES = combined(
    "image_files",
    "media_items",
    f"Uploaded with POST /v2/image, then items of type image: {_POSITIONS}.",
    paid=True,
    files=True,
)
IMAGE = combined(
    "image", "media_items", f"Uploaded with POST /v2/image, then items of type image: {_POSITIONS}.", files=True
)

GENERATION = (
    PROMPT,
    MOTION_TYPE,
    VIDEO_TOOL,
    QUANTITY,
    DURATION,
    LOOP,
    ASPECT_RATIO,
    CAMERA_CONTROL,
    MODEL,
    MEDIA_ITEMS,
    *MEDIA_AUDIO,
)
ONLY_NEW = (MOTION_RANGE, CHARACTER_ANIMATE, EXTEND_VIDEO, IMAGE_URLS, IMAGE_FILES)


# What describes a media. On create, v2 takes visibility and rating only in a second, free call.


def _after_create(name: str, default: str, note: str) -> Rule:
    def apply(translation: Translation, value: Value) -> None:
        if str(value) not in ("", default):
            translation.follow_up[name] = str(value) if isinstance(value, int) else value

    return Rule(name, "converted", name, note, apply)


VISIBILITY = _after_create(
    "visibility_status",
    "1",
    'Other than "1" (unlisted, the default): set by a second, free PUT, so privacy is kept.',
)
RATING = _after_create("rating", "", "Set by a second, free PUT.")
CREATE_TEXTS = (same("title"), same("description"), webhook_url(), VISIBILITY, RATING)
FREE = (
    *(
        same(name, note="Same; free.", keep_empty=True)
        for name in ("title", "description", "visibility_status", "rating")
    ),
    webhook_url(keep_empty=True, note="Same; free."),
)
PRIMARY_USER = dropped(
    "primary_user_id", (), "v2 takes the user from the key", when=lambda translation: not is_answer(translation.fields)
)


# Images


def _place(translation: Translation, name: str, found: list[Any]) -> None:
    for extra in found[1:-1]:
        translation.note_lost(name, extra, "v2 takes a first and a last frame; frames between them have no place")
    chosen = found if len(found) < 2 else [found[0], found[-1]]
    items: list[dict[str, Any]] = [
        {"type": "image", "url": item, "position": position}
        for item, position in zip(chosen, ("First", "Last"), strict=False)
    ]
    translation.put("media_items", items, name)
    for index, position in zip(range(len(items)), (0, len(found) - 1), strict=False):
        translation.origins[f"media_items.{index}"] = f"{translation.prefix}{name}.{position}"
    if isinstance(chosen[0], UploadPart):
        translation.images = chosen
        translation.note_deprecated(
            name, chosen[0], "media_items", [{**items[0], "url": "(what POST /v2/image answers)"}]
        )
    else:
        translation.note_deprecated(name, chosen if len(chosen) > 1 else chosen[0], "media_items", items)


def uploaded(fields: Fields) -> list[UploadPart]:
    """The files of a form, whichever name v1's calls have for them."""
    found = [*fields.getlist("image_files"), *fields.getlist("image")]
    return [part for part in found if isinstance(part, UploadPart) and part.filename]


def media_inputs(translation: Translation) -> None:
    """``media_items`` from whichever of items, files and URLs the caller gave; see the module's laws."""
    fields = translation.fields
    files = uploaded(fields)
    urls = fields.getlist("image_urls")
    # An empty list of items names none: it takes nothing from the images beside it.
    if fields.is_set("media_items") and not ((files or urls) and json_value(fields["media_items"]) == []):
        _media_items(translation)
    elif files:
        _place(translation, files[0].name, files)
    elif urls:
        _place(translation, "image_urls", urls)


def _media_items(translation: Translation) -> None:
    if translation.fields.is_set("media_items"):
        given = translation.fields["media_items"]
        items = json_value(given)
        translation.put("media_items", items)
        if items is not given:
            translation.note_deprecated("media_items", given, "media_items", items)


# What /media/upload and /media/prompt take


def _two_images_or_nothing(translation: Translation) -> bool:
    return len(translation.uploads) < 2


TRANSITION = dropped(
    "is_transition",
    (False,),
    "a transition needs two images, which v2 takes as first and last frame without being told",
    convert=boolean,
    when=_two_images_or_nothing,
)

DATA = (
    same("title"),
    same("description"),
    webhook_url(),
    VISIBILITY,
    RATING,
    PRIMARY_USER,
    POSE_PRESET,
    SUBMIT_PARAMS,
)
UPLOAD_DATA = (*DATA, TRANSITION)
# What POST /media takes, and integrations of the late dialect give here too.
_ALSO = (*GENERATION, IMAGE_URLS, same("pipeline_mode"))
_UPLOAD_DATA_BY_FIELD = {rule.field: rule for rule in (*UPLOAD_DATA, *_ALSO)}


def _upload_data(translation: Translation) -> None:
    """The fields inside the ``data`` text of an upload."""
    outer = translation.fields
    translation.uploads = list(uploaded(outer)) or outer.getlist("image_urls")
    media_audio(translation)
    if not outer.is_set("data"):
        media_inputs(translation)
        return
    inner = json_value(outer["data"])
    if not isinstance(inner, dict):
        translation.require_passthrough(
            f"data={show(outer['data'])}: it is no JSON object, and v1 has the words for that"
        )
        return
    fields = Fields({key: [value] for key, value in inner.items()}, "json")
    in_data = fields.is_set("media_items") or (fields.is_set("image_urls") and not translation.uploads)
    if not in_data:
        media_inputs(translation)
    with translation.inside(fields, "data."):
        apply_rules(translation, _UPLOAD_DATA_BY_FIELD)
        if in_data:
            media_inputs(translation)
        media_audio(translation)


def _paid_but_empty(translation: Translation) -> None:
    if translation.paid and not translation.body:
        translation.require_passthrough("v2 has none of the fields that it changes")


CREATE = (*CREATE_TEXTS, *GENERATION, *ONLY_NEW)
EDIT = (*FREE, *GENERATION)
_EDIT_NOTE = (
    "Only what the caller gave is sent: title, description, visibility_status, rating and webhook_url are free, "
    "anything else starts a new, paid generation, as in v1."
)
_EDIT_FINISH = (_media_items, media_audio, _paid_but_empty)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        v1="POST /media",
        v2="POST /v2/media",
        paid="always",
        response_kind="media",
        rules=CREATE,
        extra_rules=(IMAGE,),
        finalizers=(media_inputs, media_audio),
        note="Files are uploaded first; visibility and rating follow in a free call.",
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
        extra_rules=(*GENERATION, IMAGE_FILES, IMAGE_URLS),
        finalizers=(_upload_data,),
        inside={
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
        finalizers=(media_inputs, media_audio),
        inside={
            "pose_preset": PRESET_RULES,
            "pose_preset.Params": PARAMS_RULES,
            "submit_params": SUBMIT_RULES,
        },
        note="Several pose presets become several v2 media under one composite id.",
    ),
    Operation(
        v1="GET /media/{media_id}",
        v2="GET /v2/media/{media_id}",
        response_kind="media",
        rules=(combined("fields", "fields", "v1's names are asked of v2 as the fields that they come from."),),
    ),
    Operation(
        v1="GET /media/{media_id}/processing-status",
        v2="GET /v2/media/{media_id}",
        response_kind="status",
        note="Asks v2 for processing_status alone (?fields=). v1 needs no key here: the configured one is used.",
    ),
    Operation(
        v1="PUT /media/{media_id}/edit",
        v2="PUT /v2/media/{media_id}",
        paid="update",
        response_kind="media",
        rules=EDIT,
        finalizers=_EDIT_FINISH,
        note=_EDIT_NOTE,
    ),
    Operation(
        v1="PUT /media/{media_id}",
        v2="PUT /v2/media/{media_id}",
        paid="update",
        response_kind="media",
        rules=EDIT,
        finalizers=_EDIT_FINISH,
        note=_EDIT_NOTE,
    ),
    Operation(
        v1="GET /media/{media_id}/download",
        v2="GET /v2/media/{media_id}",
        response_kind="bytes",
        rules=(
            unsupported(
                "object_type",
                lambda value: value != "bullet_video_mp4",
                "v2 keeps the finished videos alone; GIFs and source files are v1's",
            ),
            combined(
                "motion_type",
                "result",
                "Auto2 means the second of the Auto results; no number means the first.",
            ),
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
        note="Looks the media up and sends its own prompt, tool, duration, quantity and loop again: paid, as in v1.",
    ),
)
