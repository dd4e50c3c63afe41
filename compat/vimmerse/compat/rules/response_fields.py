"""The fields of responses: what each v2 field is in v1's format, and which v1 fields v2 does not have.

One table for each kind of object: :data:`OBJECTS`. Tests compare the tables with both specs: every field of a v2
response has exactly one row that is not ``computed``, and every field of a v1 response has a row. The mapping
(:mod:`vimmerse.compat.flows.responses`), its inverses and the migration guide are made from them.

What the tables leave out, since it holds for every response:

* v1 wraps the object in ``{"data": ...}``, and v2 does not.
* v2's fields stay beside v1's, but not in ``element`` and ``story_scene``, which have v1's names alone.
* A value that the tables do not know (a new status, for example) is the same in both versions.

Sources: ``api/v1-story.txt``, ``api/v1-media.txt``, and the provenance in the specs.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

Kind = Literal["same", "renamed", "converted", "nested", "computed", "v1-only", "request-only"]

#: What each kind means, for the guide.
KINDS: Mapping[Kind, str] = {
    "same": "the same name and value",
    "renamed": "another name, the same value",
    "converted": "the same meaning with another value or type",
    "nested": "at another place",
    "computed": "v2 has no such field; it follows from the one that is named",
    "v1-only": "v2 has nothing of the kind",
    "request-only": "only v1's requests have it",
}


class ResponseField(NamedTuple):
    """One field of a v1 object.

    Attributes:
        v1: Its name in v1, dotted inside an object that v2 does not have (``Params.Prompt``).
        v2: Its name in v2, or that of the field which it is computed from, dotted inside an object
            (``storyboard.scenes``). Empty if v2 has none. In ``result``, ``"."`` is the entry itself: v2 has a text
            where v1 has an object.
        kind: See :data:`KINDS`.
        note: One sentence for the migration guide; empty if the kind says it all.
        table: The name of the table of its value, or of each entry if it is a list.
        words: v2's words to v1's, for statuses.
        default: The value that v1's format has if v2 sends none, in a tuple; empty if it has none.
    """

    v1: str
    v2: str
    kind: Kind
    note: str = ""
    table: str = ""
    words: Mapping[str, str] = MappingProxyType({})
    default: tuple[object, ...] = ()

    def v2_words(self, word: str) -> tuple[str, ...]:
        """Return v2's words for one of v1's: ``("failed", "error", ...)`` for ``fail``; the word itself if no other."""
        return tuple(v2 for v2, v1 in self.words.items() if v1 == word) or (word,)


class ResponseObject(NamedTuple):
    """The fields of one kind of object.

    Attributes:
        v1: The name of its schema in ``openapi/v1.yaml``.
        v2: The name of its schema in ``openapi/v2.yaml``.
    """

    v1: str
    v2: str
    fields: tuple[ResponseField, ...]

    def of_v1(self, name: str) -> ResponseField | None:
        """Return the row of a v1 field. If two v2 fields become one, the first row is the one to write in v2 code."""
        return next((field for field in self.fields if field.v1 == name), None)

    def source(self, name: str) -> str:
        """Return the v2 field that a v1 field comes from. Raises ``KeyError`` if the table does not have it."""
        row = self.of_v1(name)
        if row is None:
            raise KeyError(name)
        return row.v2

    def renamed(self) -> dict[str, str]:
        """Return v1's names of the fields that v2 has under another name, with v2's."""
        return {each.v1: each.v2 for each in self.fields if each.kind == "renamed"}

    def defaults(self, kind: Kind) -> tuple[tuple[str, object], ...]:
        """Return the v1 fields of a kind that have a value where v2 sends none, with that value."""
        return tuple((each.v1, each.default[0]) for each in self.fields if each.kind == kind and each.default)

    def names(self) -> frozenset[str]:
        """Return the v2 fields."""
        return frozenset(each.v2 for each in self.fields if is_primary(each))


def is_primary(field: ResponseField) -> bool:
    """Return whether this row is the rule of its v2 field; the others are computed from one that has a rule."""
    return field.kind not in ("computed", "v1-only", "request-only") and "." not in field.v2


#: v2's words for the status of a story, and v1's. v1's stories end with success or fail.
STORY_STATUS: Mapping[str, str] = {
    "new": "new",
    "queued": "queued",  # v1 has no such word; its programs wait on
    "processing": "processing",
    "success": "success",
    "failed": "fail",
    "error": "fail",
    "cancelled": "fail",
    "canceled": "fail",
}
#: The same for the ``processing_status`` of a media.
MEDIA_STATUS: Mapping[str, str] = {
    "new": "queue_bullet",
    "queued": "queue_bullet",
    "processing": "processing_bullet",
    "success": "success",
    "failed": "fail",
    "error": "fail",
    "cancelled": "cancel",
    "canceled": "cancel",
}
#: The progress of a media by v1's status; v2 has none. v1's pages show 100 at success, the rest is a decision.
PROGRESS: Mapping[str, int] = {"success": 100, "fail": 100, "cancel": 100, "processing_bullet": 50, "queue_bullet": 20}
#: The progress at any other status.
UNKNOWN_PROGRESS = 20


def to_v2_words(words: Mapping[str, str]) -> dict[str, str]:
    """Return v1's words of a table of statuses with v2's: the first one if v2 has several."""
    return {v1: v2 for v2, v1 in reversed(list(words.items()))}


_TIME = "v1 has a space between date and time, v2 a T."


def _same(names: str) -> tuple[ResponseField, ...]:
    return tuple(ResponseField(name, name, "same") for name in names.split())


def _v1_only(name: str, note: str, *default: object) -> ResponseField:
    return ResponseField(name, "", "v1-only", note, default=default)


_TIMES = tuple(ResponseField(name, name, "converted", _TIME) for name in ("created_at", "updated_at"))
_STATUS = ResponseField(
    "processing_status", "processing_status", "converted", "Other words; see the table of statuses.", words=MEDIA_STATUS
)

_MEDIA = (
    *_same("id title description customer_id primary_user_id duration_time webhook_url version"),
    ResponseField("media_items", "media_items", "same", table="media_item"),
    _STATUS,
    ResponseField(
        "progress_percentage",
        "processing_status",
        "computed",
        "v2 has no progress of a media; compare the status with success, failed and cancelled.",
    ),
    ResponseField("pose_preset", "pose_preset", "converted", "An object with other keys.", "pose_preset"),
    ResponseField("submit_params", "submit_params", "converted", "An object with other keys.", "submit_params"),
    ResponseField(
        "result",
        "result",
        "converted",
        'A list of URLs in v2: `result[0]` instead of `result[0]["url"]`. In a story\'s `all_medias` the entries are '
        "objects, as in v1.",
        "result",
    ),
    ResponseField(
        "is_transition",
        "media_items",
        "computed",
        '"Yes" if `media_items` has both positions, First and Last.',
    ),
    _v1_only("rating", "Not in v2's responses.", ""),
    _v1_only("batch_id", "Not in v2's responses.", ""),
    _v1_only("base_url", "Not in v2's responses."),
    _v1_only("visibility_status", "Not in v2's responses.", "1"),
    _v1_only("file_map", "v2 has no list of files; its inputs are in `media_items`.", []),
    _v1_only("intermediate_results", "v2 does not show them.", []),
    _v1_only("video_history", "v2 does not show earlier generations.", []),
    _v1_only("bullet_version", "v2 does not number the generations.", "1"),
    _v1_only("nsfw", "Not in v2's responses.", "0"),
    _v1_only("service_name", "Not in v2's responses.", None),
    _v1_only("service_version", "Not in v2's responses.", None),
    *_TIMES,
)

_SETTINGS = (
    *("PromptStrength", "Zoom", "EasyEase", "HorizontalCrop", "VerticalCrop", "Seed", "GuidanceScale"),
    "OriginalPrompt",
)

#: By name. ``story``, ``media`` and ``status`` are what v1's calls return (``Operation.response_kind``).
OBJECTS: Mapping[str, ResponseObject] = {
    "story": ResponseObject(
        "Story",
        "Story",
        (
            *_same("id title idea aspect_ratio used_credits"),
            ResponseField(
                "is_transition", "is_transition", "same", "A boolean in both; v1's requests have Yes and No."
            ),
            ResponseField(
                "status",
                "status",
                "converted",
                "v1 has one word for every failure; see the table of statuses.",
                words=STORY_STATUS,
            ),
            ResponseField(
                "progress_percentage", "progress_percentage", "converted", "A failed story is at 100 in v1's format."
            ),
            ResponseField("storyboard", "storyboard", "same", table="storyboard"),
            ResponseField(
                "scenes",
                "storyboard.scenes",
                "computed",
                "v2 has the scenes in the storyboard alone, with other keys.",
                "story_scene",
                default=([],),
            ),
            ResponseField("medias", "all_medias", "renamed", table="story_media", default=([],)),
            ResponseField("all_medias", "all_medias", "computed", "v2's own name, beside `medias`."),
            ResponseField(
                "video_url", "video_url", "converted", "Empty in v1 until there is one; null in v2.", default=("",)
            ),
            _v1_only("description", "A v2 story has none."),
            _v1_only("customer_id", "Not in v2's responses."),
            _v1_only("visibility_status", "Not in v2's responses."),
            _v1_only("webhook_url", "Not in v2's responses."),
            *_TIMES,
        ),
    ),
    "storyboard": ResponseObject(
        "Storyboard",
        "Storyboard",
        (
            ResponseField("scenes", "scenes", "same", table="scene"),
            *(ResponseField(name, name, "same", table="element") for name in ("characters", "environments", "objects")),
            ResponseField("music", "music", "same", table="music"),
        ),
    ),
    "element": ResponseObject(
        "Element",
        "Element",
        (
            *_same("name description"),
            ResponseField("URL", "image_url", "renamed", "Empty until there is one.", default=("",)),
            ResponseField("URL", "URL", "same", "v1's name, which v2's responses may still have.", default=("",)),
            ResponseField("image_url", "", "request-only", "v1's responses have `URL` alone."),
        ),
    ),
    "scene": ResponseObject(
        "Scene",
        "Scene",
        (
            *_same("name image_description video_description narrator narration_url"),
            ResponseField("image_url", "image_url", "same", default=("",)),
        ),
    ),
    "story_scene": ResponseObject(
        "StoryScene",
        "Scene",
        (
            ResponseField("image_url", "image_url", "same", default=("",)),
            ResponseField("prompt", "video_description", "renamed", default=("",)),
            ResponseField("narration_url", "narration_url", "same", default=("",)),
            *(
                ResponseField(name, "", "request-only", "v1's responses have it in the storyboard's scenes.")
                for name in ("name", "image_description", "narrator")
            ),
        ),
    ),
    "music": ResponseObject("Music", "Music", _same("description lyrics music_url")),
    "media": ResponseObject("Media", "Media", _MEDIA),
    "story_media": ResponseObject(
        "StoryMedia",
        "Media",
        (*_MEDIA, ResponseField("media_id", "id", "computed", "v2 has `id` alone.")),
    ),
    "media_detail": ResponseObject(
        "MediaDetail",
        "Media",
        (*_MEDIA, ResponseField("data", "", "v1-only", "The media again; v2 has no wrapper.")),
    ),
    "status": ResponseObject(
        "MediaProgress",
        "Media",
        (
            _STATUS,
            ResponseField(
                "progress_percentage", "processing_status", "computed", "Text here; v2 has no progress of a media."
            ),
        ),
    ),
    "media_item": ResponseObject("MediaItem", "MediaItem", _same("type url position")),
    "result": ResponseObject(
        "MediaResult",
        "MediaResult",
        (
            ResponseField("url", ".", "converted", "The entry itself is the URL in v2."),
            ResponseField("url", "url", "same", "Where v2's entry is an object."),
            _v1_only(
                "motion_type", "Only several motions in one v1 media have it; in v2 they are medias of their own."
            ),
        ),
    ),
    "pose_preset": ResponseObject(
        "PosePreset",
        "PosePreset",
        (
            ResponseField("MotionType", "motion_type", "renamed", default=("Auto",)),
            ResponseField("Params.Prompt", "prompt", "nested", "A key of the `Params` text.", default=("",)),
            _v1_only("Params.CameraPath", "v2 has no camera paths.", ""),
            ResponseField("Params.Quantity", "quantity", "nested", "A key of the `Params` text.", default=(1,)),
            _v1_only("Params.MotionAmount", "v2 has no amount of motion.", 5),
            ResponseField(
                "Params.MotionLength", "motion_length", "nested", "A key of the `Params` text.", default=(5,)
            ),
            ResponseField("Params.Loop", "loop", "nested", "A key of the `Params` text.", default=(1,)),
            ResponseField("Params.AspectRatio", "aspect_ratio", "nested", "A key of the `Params` text.", default=("",)),
            *(_v1_only(f"Params.{name}", "v2 has no such setting.") for name in _SETTINGS),
        ),
    ),
    "submit_params": ResponseObject(
        "SubmitParams",
        "SubmitParams",
        (
            *_same("native_audio"),
            ResponseField("sound_effects", "native_audio", "computed", '"Yes" or "No"; a boolean in v2.'),
            _v1_only("pipeline_preset", "Not in v2's responses.", "Fast"),
            ResponseField("file_size", "file_size", "same", default=("",)),
            ResponseField("scale_factor", "scale_factor", "same", default=("1",)),
        ),
    ),
    "error": ResponseObject(
        "Error",
        "Error",
        (
            ResponseField("message", "code", "renamed", "v1's `message` is the code."),
            ResponseField("detail", "message", "renamed", "The sentence for people is `message` in v2."),
            ResponseField("code", "code", "computed", "v2's own name, beside `message`."),
        ),
    ),
    "invalid": ResponseObject(
        "HTTPValidationError",
        "HTTPValidationError",
        (ResponseField("detail", "detail", "same", table="invalid_field"),),
    ),
    "invalid_field": ResponseObject(
        "ValidationError",
        "ValidationError",
        (
            ResponseField("loc", "loc", "converted", "Each version names its own fields there."),
            *_same("msg type"),
        ),
    ),
}
