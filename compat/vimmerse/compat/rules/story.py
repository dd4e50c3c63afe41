"""The rules of v1's story operations. Sources: ``api/v1-story.txt``, ``api/v2-story.txt``.

* Fields of original and of revised v1 are accepted on every operation; where both name one thing, revised v1's wins.
* The price of a story depends on its scenes, their length, its tool and native audio. No rule raises it silently.
* Step 1 decides the audio of the whole story; scenes change it only if an audio field is named there; v2 takes no audio
  on elements and videos.
* A private story stays on v1: v2 has no private stories, and it must not become an unlisted one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vimmerse.compat.core.fields import Value
from vimmerse.compat.core.messages import UploadPart
from vimmerse.compat.rules.audio import STORY_AUDIO, named_story_audio, story_audio
from vimmerse.compat.rules.conversions import boolean, integer, json_value
from vimmerse.compat.rules.engine import Operation, Rule, Translation, show
from vimmerse.compat.rules.kinds import (
    choice,
    combined,
    converted,
    dropped,
    ignored,
    renamed,
    repeated,
    same,
    unsupported,
    webhook_url,
)
from vimmerse.compat.rules.storyboard import (
    SCENE_RULES,
    merge_scenes,
    to_v2_storyboard,
    unwrap_scenes,
    v1_names,
)
from vimmerse.compat.rules.values import IMAGE_TOOLS, VIDEO_TOOLS

# Fields that many operations share

IDEA = same("idea")
TITLE = same("title")
WEBHOOK = webhook_url()
LANGUAGE = same("language", note="Same (revised v1).")
ASPECT_RATIO = same("aspect_ratio", note="Same values.")
SCENE_COUNT = same("scene_count", integer, note="Same; a form's text becomes a number.")
IS_TRANSITION = converted(
    "is_transition", boolean, only_true=True, note="Yes and No become a boolean, sent only if it is true."
)
MOTION_TYPE = choice("motion_type", "video_tool", VIDEO_TOOLS, note="Renamed; see the table of motion types.")
VIDEO_TOOL = choice("video_tool", "video_tool", VIDEO_TOOLS, note="Revised v1's motion_type; the same table.")
OPTION = choice("option", "image_tool", IMAGE_TOOLS, note="Renamed; see the table of image options.")
IMAGE_TOOL = choice("image_tool", "image_tool", IMAGE_TOOLS, note="Revised v1's option; the same table.")
STORY_ID = unsupported(
    "story_id", lambda value: True, "v2 would create a second story instead of changing the first one"
)
SEED = dropped("seed", (), "v2 picks its own seed")
DESCRIPTION = dropped("description", (), "a v2 story has no description")
LOOP = dropped("loop", (1,), "v2 does not repeat the motion of a story's scenes", convert=integer)
GENERATE_ELEMENTS = dropped(
    "generate_elements", (True,), "v2 creates element images in a separate step", convert=boolean
)


def _enhance_image(*defaults: bool) -> Rule:
    # Its default differs between operations, and between v1's revisions.
    return dropped("enhance_image", defaults, "v2 has no super-resolution switch", convert=boolean)


def _visibility(translation: Translation, value: Value) -> None:
    level = integer(value)
    if level == 0 or (isinstance(level, str) and level):  # a word may mean private, too
        why = "v2 has no private stories, and a private one must not become unlisted"
        translation.require_passthrough(f"visibility_status={show(value)}: {why}", "visibility_status")
    elif level not in ("", 1):
        translation.note_lost("visibility_status", value, "a v2 story has no visibility; it stays unlisted")


VISIBILITY = Rule(
    "visibility_status",
    "unsupported",
    "",
    '"0" (private) goes to v1, since v2 has no private stories, and so does text that is not a number; "2" (public) is '
    'dropped; "1" is the default.',
    _visibility,
)


def _scene_duration(translation: Translation, value: Value) -> None:
    if value == "" or translation.fields.is_set("scene_duration"):
        return
    seconds = integer(value)
    new = seconds
    if isinstance(seconds, int) and not isinstance(seconds, bool) and 1 <= seconds <= 10:
        new = 5 if seconds <= 7 else 10
    translation.put("scene_duration", new, "duration")
    if new == seconds:
        translation.note_deprecated("duration", value, "scene_duration", new)
    else:
        translation.note_approximated("duration", value, "scene_duration", new, "a v2 scene lasts 5 or 10 seconds")


DURATION = Rule(
    "duration",
    "approximated",
    "scene_duration",
    "Seconds per scene: 1 to 7 become 5, 8 to 10 become 10, the only lengths that v2 has.",
    _scene_duration,
)
SCENE_DURATION = same("scene_duration", integer, note="Same (revised v1): 5 or 10 seconds.")


# The storyboard: JSON text in v1, an object in v2


def _note_lost_in(translation: Translation, field: str) -> Callable[[str, Any, str], None]:
    return lambda path, value, why: translation.note_lost(f"{field}.{path}", value, why)


def _given_storyboard(translation: Translation) -> Any:
    return json_value(translation.fields["storyboard"]) if translation.fields.is_set("storyboard") else None


def _storyboard(translation: Translation) -> None:
    given = _given_storyboard(translation)
    if given is None:
        return
    text = translation.fields["storyboard"]
    storyboard = to_v2_storyboard(given, _note_lost_in(translation, "storyboard"))
    translation.put("storyboard", storyboard, "storyboard")
    translation.origins.update(v1_names(given, "storyboard", "storyboard"))
    if isinstance(text, str) and isinstance(storyboard, dict):
        translation.note_deprecated("storyboard", text, "storyboard", storyboard)


def _scenes(translation: Translation) -> None:
    """Merge ``scenes`` into the caller's storyboard.

    If there is none, the entries are sent alone, unless :func:`needs_story` and the story's own is looked up.
    """
    fields, storyboard = translation.fields, translation.body.get("storyboard")
    given: Any = unwrap_scenes(json_value(fields["scenes"])) if fields.is_set("scenes") else None
    if given in (None, [], {}) or not isinstance(storyboard, dict | None):
        return
    merged = given
    if isinstance(given, list):
        entries = to_v2_storyboard({"scenes": given}, translation.note_lost)["scenes"]
        merged, replaced = merge_scenes((storyboard or {}).get("scenes"), entries)
        if replaced:
            why = f"scenes has other values for {', '.join(replaced)}, and wins"
            translation.note_lost("storyboard", fields["storyboard"], why)
    translation.put(
        "storyboard", {**(storyboard or {}), "scenes": merged}, "storyboard" if storyboard is not None else ""
    )
    translation.origins["storyboard.scenes"] = "scenes"
    translation.origins.update(v1_names({"scenes": given}, "", "storyboard"))
    translation.note_deprecated("scenes", fields["scenes"], "storyboard.scenes", given)


def needs_story(translation: Translation) -> bool:
    """Return whether ``scenes`` came without a storyboard that has any: the story's own must complete them."""
    storyboard = translation.body.get("storyboard")
    if "storyboard.scenes" not in translation.origins or not (
        isinstance(storyboard, dict) and isinstance(storyboard["scenes"], list)
    ):
        return False
    given = _given_storyboard(translation)
    return not isinstance(given, dict) or given.get("scenes") is None


def _elements(translation: Translation, value: Value) -> None:
    if value == "":
        return
    given = json_value(value)
    elements = to_v2_storyboard(given, _note_lost_in(translation, "elements"))
    translation.put("elements", elements)
    translation.origins.update(v1_names(given, "elements", "elements"))
    if elements != given:
        translation.note_deprecated("elements", value, "elements", elements)


ELEMENTS = Rule(
    "elements", "same", "elements", "The v2 object; JSON text in a form. Inside, URL becomes image_url.", _elements
)
STORYBOARD = combined("storyboard", "storyboard", "JSON text becomes an object; inside elements URL becomes image_url.")
SCENES = combined(
    "scenes",
    "storyboard.scenes",
    "Merged into the storyboard's scenes by index, field by field; an entry's prompt becomes video_description. If no "
    "storyboard is given, the story's own is looked up first.",
)


# Images of step 1


IMAGE_URLS = repeated("image_urls", " Uploaded files win over it.")
IMAGE_FILES = combined(
    "image_files",
    "image_urls",
    "Each file is uploaded with POST /v2/image first; its URL goes into image_urls.",
    files=True,
)


def _story_images(translation: Translation) -> None:
    files = [
        part for part in translation.fields.getlist("image_files") if isinstance(part, UploadPart) and part.filename
    ]
    if files:
        translation.images = files
        translation.body["image_urls"] = [None] * len(files)  # replaced by the URLs after the upload
        translation.origins["image_urls"] = "image_files"
        translation.note_deprecated("image_files", files[0], "image_urls", "the URLs that POST /v2/image returns")
    if "image_urls" in translation.body:
        # v1 creates a scene for each image, whatever scene_count is.
        translation.body.pop("scene_count", None)


# Operations


def _audio_elsewhere(field: str, default: object) -> Rule:
    step = "step 1 (POST /v2/story) or POST /v2/story/{story_id}/scenes of the next story"
    return dropped(field, (default,), f"v2 takes no audio here; set it in {step}", convert=boolean)


_ONE_CALL = (
    *(IDEA, TITLE, DESCRIPTION, VISIBILITY, ASPECT_RATIO, IS_TRANSITION, MOTION_TYPE, VIDEO_TOOL),
    *(DURATION, SCENE_DURATION, LOOP, SEED, LANGUAGE, WEBHOOK, *STORY_AUDIO),
)
_IMAGES = (OPTION, IMAGE_TOOL, ELEMENTS, GENERATE_ELEMENTS, _enhance_image(True))
_AUDIO_NOTE = (
    "The whole audio_option is always sent: without it, v1 plays music and speaks with Rachel, and v2 with AutoV."
)

OPERATIONS: tuple[Operation, ...] = (
    *(
        Operation(
            v1=f"POST /story/{name}",
            v2=f"POST /v2/story/{name}",
            paid="always",
            rules=(*_ONE_CALL, SCENE_COUNT, *_IMAGES),
            finalizers=(story_audio,),
            note=_AUDIO_NOTE,
        )
        for name in ("idea-2-video", "url-2-video")
    ),
    Operation(
        v1="POST /story/images-2-video",
        v2="POST /v2/story/images-2-video",
        paid="always",
        rules=(*_ONE_CALL, IMAGE_URLS, _enhance_image(True)),
        extra_rules=(IMAGE_FILES,),
        finalizers=(_story_images, story_audio),
        note=_AUDIO_NOTE,
    ),
    Operation(
        v1="POST /story",
        v2="POST /v2/story",
        paid="always",
        rules=(
            *(IDEA, TITLE, VISIBILITY, SCENE_COUNT, LANGUAGE, ASPECT_RATIO, ELEMENTS, STORY_ID),
            *(IMAGE_FILES, IMAGE_URLS, *STORY_AUDIO),
        ),
        finalizers=(_story_images, story_audio),
        note=f"Files are uploaded first, each with POST /v2/image, and the story gets their URLs. {_AUDIO_NOTE}",
    ),
    Operation(
        v1="POST /story/{story_id}/elements",
        v2="POST /v2/story/{story_id}/elements",
        paid="always",
        rules=(
            *(OPTION, IMAGE_TOOL, ASPECT_RATIO, STORYBOARD, SEED, _enhance_image(False)),
            _audio_elsewhere("background_music", True),
            ignored("has_bg_music", "v1 ignores it on this step, so nothing is lost."),
        ),
        finalizers=(_storyboard,),
        note="Without an aspect ratio none is sent: the images of elements must not set the video's.",
    ),
    Operation(
        v1="POST /story/{story_id}/scenes",
        v2="POST /v2/story/{story_id}/scenes",
        paid="always",
        rules=(
            *(OPTION, IMAGE_TOOL, ASPECT_RATIO, STORYBOARD, SEED, _enhance_image(True, False)),
            *(GENERATE_ELEMENTS, *STORY_AUDIO),
        ),
        finalizers=(_storyboard, named_story_audio),
        note="Audio is sent only if an audio field is named here: otherwise the story keeps what step 1 decided.",
    ),
    Operation(
        v1="POST /story/{story_id}/videos",
        v2="POST /v2/story/{story_id}/videos",
        paid="always",
        rules=(
            *(TITLE, STORYBOARD, SCENES, IS_TRANSITION, MOTION_TYPE, VIDEO_TOOL),
            same("duration", integer, note="Same; a form's text becomes a number."),
            LOOP,
            WEBHOOK,
            _audio_elsewhere("sound_effects", False),
            ignored("native_audio", "v1 ignores it on this step, so nothing is lost."),
        ),
        extra_rules=(renamed("scene_duration", "duration", integer, note="The name on the one-call flows."),),
        finalizers=(_storyboard, _scenes),
        nested={"scenes": SCENE_RULES},
    ),
    Operation(
        v1="POST /story/{story_id}/concat",
        v2="POST /v2/story/{story_id}/concat",
        paid="always",
        rules=(repeated("concat_video_urls"), repeated("audio_urls")),
        note="An empty body becomes an empty object.",
    ),
    Operation(v1="GET /story/{story_id}", v2="GET /v2/story/{story_id}"),
    Operation(
        v1="PUT /story/{story_id}",
        v2="",
        rules=tuple(
            unsupported(name, lambda value: True, "v2 has no update of a story")
            for name in ("title", "description", "visibility_status")
        ),
        note="v2 has no update of a story: the call goes to v1.",
    ),
    Operation(v1="DELETE /story/{story_id}", v2="DELETE /v2/story/{story_id}"),
)
