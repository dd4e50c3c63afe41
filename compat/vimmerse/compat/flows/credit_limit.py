"""The price of a call that does not follow from its body alone: of calls forwarded to v1, and updates of existing jobs.

v1 reads the caller's own body, so the most expensive reading of it counts: its own tool, and any length and any native
audio that it names, wherever they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vimmerse.compat.flows.context import CallContext, Json
from vimmerse.compat.rules.conversions import boolean, integer, json_value
from vimmerse.compat.rules.engine import Translation
from vimmerse.compat.rules.params import parse_params
from vimmerse.pricing import FREE, MOST_EXPENSIVE_TOOL, RATES, UPDATE, VIDEOS, estimate_call, scenes_of

_NESTED = frozenset({"data", "pose_preset", "submit_params", "audio_option"})


# Calls that v1 gets


def v1_price_bodies(translation: Translation) -> list[Json]:
    """Return the bodies to price if v1 gets the call, one per motion."""
    bodies = [{**translation.body, **motion} for motion in translation.motions or [{}]]
    fields = translation.fields
    objects = list(_nested_objects(translation))
    native = any(
        boolean(value) is not False
        for each in objects
        for value in (each.get("native_audio"), each.get("sound_effects"))
        if value not in (None, "")
    )
    lengths = [each[name] for each in objects for name in ("duration", "scene_duration") if name in each]
    images = fields.getlist("image_files") or fields.getlist("image_urls")
    for body in bodies:
        if translation.policy.video_tools or fields.is_set("video_tool") or fields.is_set("motion_type"):
            # v1 takes the caller's tool. It counts as an expensive one, unless v2 has it too.
            tool = fields.get("video_tool") or fields.get("motion_type")
            body["video_tool"] = tool if isinstance(tool, str) and tool in RATES else MOST_EXPENSIVE_TOOL
        if native:
            body["audio_option"] = {"native_audio": True}
        numbers = _numbers([*lengths, body.get("scene_duration")])
        if numbers and ("scene_duration" in body or translation.operation.v2 == VIDEOS):
            body["scene_duration"] = max(numbers)  # v1 takes any number of seconds
            if _numbers([body.get("duration")]):
                body["duration"] = max(numbers)
        if images:
            body["image_urls"] = images  # v1 creates a scene for each, whatever scene_count is
    return bodies


def _numbers(values: list[object]) -> list[float]:
    return [number for number in map(integer, values) if isinstance(number, int | float)]


def _nested_objects(translation: Translation) -> Iterator[Mapping[str, Any]]:
    """Yield the fields of the body, and the objects in which v1 has more fields."""
    pending: list[object] = [dict(translation.fields)]
    while pending:
        value = json_value(pending.pop())
        if isinstance(value, list):
            pending += value
        elif isinstance(value, dict):
            yield value
            pending += [inner for name, inner in value.items() if name in _NESTED]


def duplicate_price_field(translation: Translation) -> str:
    """Return the price factor that is set twice, so that it is unclear which one v1 reads, or empty text."""
    for fields in _nested_objects(translation):
        if fields.get("pose_preset") is not None:
            for name in ("quantity", "duration"):
                if fields.get(name) is not None:
                    return f"{name} is set in addition to pose_preset"
        text = fields.get("Params")
        for key in ("Quantity", "MotionLength"):
            if isinstance(text, str) and f"|{text}".count(f"|{key}=") > 1:
                return f"Params has {key} twice"
    return ""


def unreadable_price_field(translation: Translation) -> str:
    """Return the field with unreadable text that may contain a price factor, or empty text."""
    for name in sorted(_NESTED):
        if translation.fields.is_set(name) and not isinstance(json_value(translation.fields[name]), dict | list):
            return f"{name} is not valid JSON"
    return ""


# Videos and updates of existing jobs, whose bodies are completed from the job


def check_videos_credits(context: CallContext, story: Json, body: Json, why: str = "") -> None:
    """Raise :class:`CreditLimitError` if the videos of a story cost too much, or can't be priced."""
    context.check_credits(VIDEOS, [_complete_videos_body(story, body)], why)


def check_update_credits(context: CallContext, updates: list[tuple[Json, Json]], why: str = "") -> None:
    """Raise :class:`CreditLimitError` if these updates, each a media and a body, cost too much, or can't be priced."""
    bodies: list[Json] = []
    for media, body in updates:
        complete = _complete_update_bodies(media, body)
        if complete is None:
            why = "the service does not return the media's generation settings"
        bodies += complete or [body]
    context.check_credits(UPDATE, bodies, why)


def check_least_credits(context: CallContext, body: Json, count: int) -> None:
    """Raise :class:`CreditLimitError` if an update costs too much for any media, before one is looked up."""
    given = {name: value for name, value in body.items() if value is not None}
    least = estimate_call(UPDATE, {"video_tool": "AutoT1", "duration": 1, **given})
    context.check_price(sum([least] * count, start=FREE))


def _complete_videos_body(story: Json, body: Json) -> Json:
    """Return a ``/videos`` body completed by its story, of v2 or v1, as far as the price needs it."""
    complete = dict(body)
    board = story.get("storyboard")
    scenes = scenes_of(body)
    # A server may take an empty list for none.
    if (not isinstance(scenes, list) or not scenes) and isinstance(board, Mapping) and "scenes" in board:
        own = body.get("storyboard")
        if own is None or isinstance(own, Mapping):
            complete["storyboard"] = {**(own or {}), "scenes": board["scenes"]}
    if complete.get("duration") is None:  # as long as the story's present videos, if it has any
        medias = [media for name in ("all_medias", "medias") for media in _objects(story.get(name))]
        lengths = [motion.get("duration") for media in medias for motion in _motions(media) or ()]
        lengths.append(integer(body.get("scene_duration")))  # not v2's name here, but v1 may take it
        complete["duration"] = max([5, *(length for length in lengths if isinstance(length, int | float))])
    audio = story.get("audio_option")
    # v2 does not return whether step 1 requested native audio, so assume that it did.
    silent = isinstance(audio, Mapping) and boolean(audio.get("native_audio")) is False
    complete["audio_option"] = {"native_audio": not silent}
    return complete


def _complete_update_bodies(media: Json, body: Json) -> list[Json] | None:
    """Return a paid update completed by its media, one per motion, or None if the media lacks a factor."""
    given = {name: value for name, value in body.items() if value is not None}
    audio = json_value(given.pop("audio_option", None))
    if audio is not None and (not isinstance(audio, Mapping) or audio.get("native_audio") is not None):
        given["audio_option"] = audio
    bodies = [{**motion, **given} for motion in _motions(media) or ()]
    # v1's Params omit what is v1's default; v2 writes all factors.
    is_v1 = all(isinstance(preset.get("Params"), str) for preset in _objects(_presets(media)))
    complete = is_v1 or all("quantity" in each and "duration" in each for each in bodies)
    return bodies if bodies and complete else None


def _motions(media: Mapping[str, Any]) -> list[Json] | None:
    """Return the price factors of a media, of v2 or v1, one body per motion, or None if it lacks them."""
    presets = _presets(media)
    if not presets or not all(isinstance(preset, Mapping) for preset in presets):
        return None
    params = media.get("submit_params")
    values = [params.get(name) for name in ("native_audio", "sound_effects")] if isinstance(params, Mapping) else []
    known = [value for value in values if value is not None]
    native = not known or any(boolean(value) is not False for value in known)
    return [{**_motion(preset), "audio_option": {"native_audio": native}} for preset in presets]


def _motion(preset: Mapping[str, Any]) -> Json:
    text = preset.get("Params")
    params = parse_params(text) if isinstance(text, str) else {}
    factors = {
        "video_tool": preset.get("motion_type") or preset.get("MotionType"),
        "quantity": integer(preset.get("quantity", params.get("Quantity"))),
        "duration": integer(preset.get("motion_length", params.get("MotionLength"))),
    }
    return {name: value for name, value in factors.items() if value is not None}


def _presets(media: Mapping[str, Any]) -> list[Any]:
    presets = media.get("pose_preset")
    return presets if isinstance(presets, list) else [presets]


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
