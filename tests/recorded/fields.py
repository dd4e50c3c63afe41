"""A call for each field of each v1 operation: the calls of ``cassettes/fields/``.

``VALUES`` has what is sent. A field with several values has a row of each: a value that v2 has something near for and
one that only v1 supports, say. Each operation has two more rows: one with v1's own default in every field, which must
not be reported, and one with every field empty, which must not be sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from vimmerse.compat.rules import media, story
from vimmerse.compat.rules.engine import Operation, Rule
from vimmerse.compat.rules.kinds import ValueTable
from vimmerse.compat.rules.values import IMAGE_TOOLS, VIDEO_TOOLS

from tests.recorded.calls import BOARD, FRAMES, Needs, Row
from tests.recorded.images import PNG

OPERATIONS: dict[str, Operation] = {each.v1: each for each in (*story.OPERATIONS, *media.OPERATIONS)}


@dataclass(frozen=True)
class Place:
    """An operation, and the call to which its fields are added."""

    name: str
    v1: str
    encoding: Literal["form", "json", "query"] = "form"
    needs: Needs = ""
    always: Mapping[str, Any] = field(default_factory=dict)

    def rules(self) -> Iterator[tuple[str, Rule]]:
        """Every rule of the operation, with the path of the object that the field is in, or an empty text."""
        operation = OPERATIONS[self.v1]
        for rule in (*operation.rules, *operation.extra_rules):
            yield "", rule
        for path, rules in operation.nested.items():
            for rule in rules:
                yield path, rule


@dataclass(frozen=True)
class Picture:
    """The name of a file that is uploaded."""

    name: str


_VIDEO = {"object_type": "bullet_video_mp4"}
_IMAGE_URLS = {"image_urls": FRAMES[:1]}
_ITEMS = [{"type": "image", "url": FRAMES[0], "position": "First"}]
PLACES = [
    Place("idea_to_video", "POST /story/idea-2-video", always={"idea": "A kite", "scene_count": "1"}),
    Place("url_to_video", "POST /story/url-2-video", always={"idea": "On https://example.com/", "scene_count": "1"}),
    Place("images_to_video", "POST /story/images-2-video", always=_IMAGE_URLS),
    Place("create_storyboard", "POST /story", always={"idea": "A kite", "scene_count": "1"}),
    Place("create_elements", "POST /story/{story_id}/elements", needs="short story"),
    Place("create_scenes", "POST /story/{story_id}/scenes", needs="short story"),
    Place("create_videos", "POST /story/{story_id}/videos", needs="short scenes"),
    Place("concat_story", "POST /story/{story_id}/concat", needs="short finished story"),
    Place("update_story", "PUT /story/{story_id}", needs="story in v1"),
    Place("create_media", "POST /media", always={"prompt": "A kite"}),
    Place("upload_media", "POST /media/upload", always={"image": [Picture("kite.png")]}),
    Place("create_media_from_prompt", "POST /media/prompt", "json", always={"media_items": _ITEMS}),
    Place("get_media", "GET /media/{media_id}", "query", "media"),
    Place("edit_media", "PUT /media/{media_id}/edit", needs="media"),
    Place("update_media", "PUT /media/{media_id}", needs="media"),
    Place(
        "download_media", "GET /media/{media_id}/download", "query", "two videos", {"object_type": "bullet_video_mp4"}
    ),
]
_PICTURES = [Picture("first.png"), Picture("last.png")]
_ELEMENTS = {
    "characters": [{"name": "Pip", "description": "A mouse", "URL": "https://example.com/pip.png"}],
    "environments": [
        {
            "name": "Forest",
            "description": "Old",
            "URL": "https://example.com/forest.png",
            "image_url": "https://example.com/f.png",
        }
    ],
    "objects": [{"name": "Key", "description": "Rusty", "URL": "https://example.com/key.png", "image_url": ""}],
}
_SCENES = [{"name": "Opening", "prompt": "It opens", "URL": "https://example.com/1.png", "narrator": "Lily"}]
_HOOK = "https://example.com/hook"

#: What is sent in a field; by field, or by operation and field.
VALUES: dict[str, list[Any]] = {
    # Stories
    "idea": ["A paper boat finds the sea"],
    "title": ["Boat"],
    "description": ["About a boat"],
    "visibility_status": ["0", "2"],
    "aspect_ratio": ["9:16"],
    "is_transition": ["Yes", "No"],
    "motion_type": ["Kling2"],
    "video_tool": ["Vidu", "RunwayML"],
    "duration": ["7", "10"],
    "scene_duration": ["10"],
    "loop": ["2"],
    "seed": ["4669"],
    "language": ["German"],
    "webhook_url": [_HOOK],
    "background_music": ["false"],
    "has_bg_music": ["false"],
    "sound_effects": ["Yes"],
    "native_audio": ["true"],
    "has_narration": ["false"],
    "narrator": ["Aria", ""],
    "audio_option": ['{"narrator": "Bill", "has_bg_music": "No"}'],
    "scene_count": ["2"],
    "option": ["FluxKontextPro"],
    "image_tool": ["Seedream", "GPTImage"],
    "elements": [json.dumps(_ELEMENTS)],
    "generate_elements": ["false"],
    "enhance_image": ["maybe", "true"],
    "image_urls": [FRAMES],
    "image_files": [_PICTURES],
    "story_id": ["00000000-0000-4000-8000-000000000000"],
    "storyboard": [json.dumps(BOARD)],
    "scenes": [json.dumps(_SCENES), json.dumps({"scenes": _SCENES})],
    "concat_video_urls": [["https://example.com/a.mp4", "https://example.com/b.mp4"]],
    "audio_urls": [["https://example.com/a.mp3"]],
    "POST /story/{story_id}/elements enhance_image": ["true"],
    "POST /story/idea-2-video enhance_image": ["false"],
    "POST /story/url-2-video enhance_image": ["false"],
    "POST /story/images-2-video enhance_image": ["false"],
    "PUT /story/{story_id} visibility_status": ["2"],
    # The scenes of step 3
    "scenes.name": ["Opening"],
    "scenes.image_description": ["A boat"],
    "scenes.narrator": ["Lily"],
    "scenes.image_url": ["https://example.com/1.png"],
    "scenes.narration_url": ["https://example.com/1.mp3"],
    "scenes.prompt": ["The boat sails"],
    # Media
    "rating": ["5"],
    "prompt": ["A paper boat"],
    "quantity": ["2"],
    "camera_control": ["Crane up"],
    "model": ["SeedreamTryOn"],
    "media_items": [json.dumps(_ITEMS)],
    "narration": ["Once upon a time"],
    "narration_url": ["https://example.com/1.mp3"],
    "bg_music_prompt": ["Violins"],
    "bg_music_url": ["https://example.com/1.mp3"],
    "motion_range": ["7"],
    "character_animate": ["true"],
    "extend_video": ["Yes"],
    "image": [[Picture("one.png"), Picture("two.png"), Picture("three.png")]],
    "data": ['{"title": "Boat"}'],
    "pipeline_mode": ["Advanced"],
    "primary_user_id": ["user-4669"],
    "pose_preset": [{"MotionType": "Veo"}, [{"MotionType": "Vidu"}], {"motion_type": "Vidu", "quantity": 2}],
    "submit_params": [{"sound_effects": "Yes", "native_audio": False}],
    "data.is_transition": ["Yes"],
    "MotionType": ["SeedanceFast"],
    "Params": ["Prompt=A boat|Quantity=2"],
    "Prompt": ["A boat = a ship | a raft"],
    "Quantity": ["2"],
    "MotionLength": ["7"],
    "Loop": ["3"],
    "AspectRatio": ["9:16"],
    "PromptStrength": ["1"],
    "MotionAmount": ["7"],
    "CameraPath": ["VerticalArc"],
    "Zoom": ["2"],
    "EasyEase": ["2"],
    "HorizontalCrop": ["1"],
    "VerticalCrop": ["1"],
    "Seed": ["5"],
    "GuidanceScale": ["5"],
    "OriginalPrompt": ["A ship"],
    "pipeline_preset": ["Normal", "Fast", "Slow"],
    "scale_factor": ["2"],
    "file_size": ["10MB"],
    "fields": ["title,progress_percentage"],
    "object_type": ["bullet_gif"],
    "width": ["640"],
    "GET /media/{media_id}/download motion_type": ["Auto2"],
    "PUT /media/{media_id} visibility_status": ["2"],
    "PUT /media/{media_id}/edit visibility_status": ["2"],
}

#: v1's defaults of the fields that v2 does not have: nothing is lost if they are left out.
DEFAULTS: dict[str, Any] = {
    "loop": "1",
    "generate_elements": "true",
    "enhance_image": "true",
    "visibility_status": "1",
    "background_music": "true",
    "camera_control": "HorizontalArc",
    "motion_range": "5",
    "character_animate": "false",
    "extend_video": "No",
    "sound_effects": "No",
    "MotionAmount": "5",
    "PromptStrength": "0",
    "CameraPath": "HorizontalArc",
    "Zoom": "1",
    "EasyEase": "1",
    "HorizontalCrop": "0",
    "VerticalCrop": "0",
    "Seed": "0",
    "GuidanceScale": "0",
    "scale_factor": "1",
    "data.is_transition": "No",
    "POST /story/{story_id}/elements enhance_image": "false",
}

#: What an edit has besides a field that v2 has not: an edit of nothing else goes to v1.
BESIDE: dict[str, dict[str, Any]] = {
    "PUT /media/{media_id}": {"prompt": "A boat"},
    "PUT /media/{media_id}/edit": {"prompt": "A boat"},
}


def _body(path: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body that has these fields in the object at ``path``."""
    outer, _, last = path.rpartition(".")
    if not last:
        return dict(fields)
    value: Any = dict(fields)
    if last == "Params":
        value = "|".join(f"{name}={each}" for name, each in {"Prompt": "Shoes", **fields}.items())
    elif last == "scenes":
        value = json.dumps([value])
    elif last == "data":
        value = json.dumps(value)
    return _body(outer, {last: value})


def _row(place: Place, name: str, path: str, fields: Mapping[str, Any]) -> Row:
    always = {} if "image_urls" in fields else place.always  # which has images that win over it
    body = {**always, **_body(path, fields)}
    files = [
        (name, (picture.name, PNG, "image/png"))
        for name, value in body.items()
        for picture in (value if isinstance(value, list) else [])
        if isinstance(picture, Picture)
    ]
    rest = {name: value for name, value in body.items() if name not in dict(files)}
    call: dict[str, Any] = {{"form": "data", "json": "json", "query": "params"}[place.encoding]: rest}
    if files:
        call["files"] = files
    method, _, route = place.v1.partition(" ")
    route = route.replace("{story_id}", "{id}").replace("{media_id}", "{id}")
    return Row(place.name, name, method, route, place.needs, call, binary=place.name == "download_media")


def _of_field(table: Mapping[str, Any], place: Place, path: str, name: str) -> Any:
    """Return a field's entry: by operation and field, by path and field, or by field."""
    dotted = f"{path}.{name}" if path else name
    keys = (f"{place.v1} {dotted}", dotted, name)
    return next((table[key] for key in keys if key in table), None)


@dataclass(frozen=True)
class FieldRow:
    """A call, and what it is about. ``rule`` is None if it is about every field of the object at ``path``."""

    place: Place
    path: str
    rule: Rule | None
    row: Row


def _field_rows() -> Iterator[FieldRow]:
    for place in PLACES:
        defaults: dict[str, dict[str, Any]] = {}
        empty: dict[str, dict[str, Any]] = {}
        for path, rule in place.rules():
            dotted = f"{path}.{rule.field}" if path else rule.field
            for number, value in enumerate(_of_field(VALUES, place, path, rule.field) or (), 1):
                name = dotted if number == 1 else f"{dotted}.{number}"
                yield FieldRow(place, path, rule, _row(place, name, path, {rule.field: value}))
            if rule.kind == "dropped" and place.v1 in BESIDE:
                fields = {rule.field: VALUES[rule.field][0], **BESIDE[place.v1]}
                yield FieldRow(place, path, rule, _row(place, f"{dotted}.beside", path, fields))
            default = _of_field(DEFAULTS, place, path, rule.field)
            if default is not None and rule.kind in ("dropped", "unsupported"):
                defaults.setdefault(path, {})[rule.field] = default
            if not rule.files:
                empty.setdefault(path, {})[rule.field] = ""
        for fields in defaults.values():
            fields.update(BESIDE.get(place.v1, {}))
        for name, bodies in (("defaults", defaults), ("empty", empty)):
            for path, fields in bodies.items():
                dotted = f"{path}.{name}" if path else name
                yield FieldRow(place, path, None, _row(place, f"_{dotted}", path, fields))


def _value_rows() -> Iterator[tuple[ValueTable, str, Row]]:
    for field_name, table in (("motion_type", VIDEO_TOOLS), ("option", IMAGE_TOOLS)):
        for value in sorted({*table.same, *table.renames, *table.near, *table.unsupported}):
            # A name that both versions have is in the table for the sake of its spelling.
            sent = value.lower() if value in table.same else value
            yield table, value, _row(PLACES[0], f"{field_name}={value}", "", {field_name: sent})


FIELD_ROWS = list(_field_rows())
VALUE_ROWS = list(_value_rows())
ROWS = [each.row for each in FIELD_ROWS] + [row for _, _, row in VALUE_ROWS]
