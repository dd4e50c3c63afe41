"""What a call may cost, where its own body does not say it all: forwarded calls, and updates of existing jobs.

Law: v1 reads the caller's own body, so the dearest reading of it counts: its own tool, any length and any native audio
that it names, wherever they lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vimmerse.compat.core.fields import Fields
from vimmerse.compat.flows.context import Json
from vimmerse.compat.rules.conversions import boolean, integer, json_value
from vimmerse.compat.rules.engine import Translation
from vimmerse.compat.rules.params import parse_params
from vimmerse.pricing import RATES, VIDEOS

_NESTED = frozenset({"data", "pose_preset", "submit_params", "audio_option"})


def v1_price_bodies(translation: Translation) -> list[Json]:
    """The bodies to price, a motion each, where v1 gets the call."""
    bodies = [{**translation.body, **motion} for motion in translation.motions or [{}]]
    fields = translation.fields
    natives, lengths = _named(fields)
    images = fields.getlist("image_files") or fields.getlist("image_urls")
    for body in bodies:
        if translation.policy.video_tools or fields.is_set("video_tool") or fields.is_set("motion_type"):
            # v1 takes the tool that the caller named, not what v2 has for it: one of the dearer, unless v2 has it.
            tool = fields.get("video_tool") or fields.get("motion_type")
            body["video_tool"] = tool if isinstance(tool, str) and tool in RATES else "Auto"
        if any(boolean(value) is not False for value in natives):
            body["audio_option"] = {"native_audio": True}
        known = _numbers([*lengths, body.get("scene_duration")])
        if known and ("scene_duration" in body or translation.operation.v2 == VIDEOS):
            body["scene_duration"] = max(known)  # v1 takes any number of seconds
            if isinstance(integer(body.get("duration")), int | float):
                body["duration"] = max(known)
        if images:
            body["image_urls"] = images  # v1 makes a scene of each, whatever scene_count says
    return bodies


def _numbers(values: list[object]) -> list[float]:
    return [one for one in map(integer, values) if isinstance(one, int | float)]


def _named(fields: Fields) -> tuple[list[object], list[object]]:
    """What the body says of native audio, and of seconds, wherever it lies."""
    natives: list[object] = []
    lengths: list[object] = []
    left: list[object] = [dict(fields)]
    while left:
        value = json_value(left.pop())
        if isinstance(value, list):
            left += value
        elif isinstance(value, dict):
            for name, inner in value.items():
                if name in ("native_audio", "sound_effects") and inner not in (None, ""):
                    natives.append(inner)
                elif name in ("duration", "scene_duration"):
                    lengths.append(integer(inner))
                elif name in _NESTED:
                    left.append(inner)
    return natives, lengths


def duplicate_price_field(translation: Translation) -> str:
    """What decides the price and is said twice, in a preset or beside it: nobody knows which v1 reads. Else empty."""
    left: list[object] = [dict(translation.fields)]
    while left:
        value = json_value(left.pop())
        if isinstance(value, list):
            left += value
        elif isinstance(value, dict):
            left += [inner for name, inner in value.items() if name in _NESTED]
            if value.get("pose_preset") is not None:
                for name in ("quantity", "duration"):
                    if value.get(name) is not None:
                        return f"{name} stands beside pose_preset"
            text = value.get("Params")
            for key in ("Quantity", "MotionLength"):
                if isinstance(text, str) and f"|{text}".count(f"|{key}=") > 1:
                    return f"Params says {key} twice"
    return ""


def unreadable_price_field(translation: Translation) -> str:
    """Which field may hold what decides the price, in a text that can't be read; empty for none."""
    for name in sorted(_NESTED):
        if translation.fields.is_set(name) and not isinstance(json_value(translation.fields[name]), dict | list):
            return f"{name} is no JSON that can be read"
    return ""


# What is known of an existing job, as fields of the v2 call that would create it


def complete_videos_body(story: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """A ``/videos`` body completed by its story, of v2 or v1, as far as the price goes."""
    made = dict(body)
    board = story.get("storyboard")
    # An empty list may be taken for none.
    if (not isinstance(_scenes(body), list) or not _scenes(body)) and isinstance(board, Mapping) and "scenes" in board:
        own = body.get("storyboard")
        if own is None or isinstance(own, Mapping):
            made["storyboard"] = {**(own or {}), "scenes": board["scenes"]}
    medias = [media for name in ("all_medias", "medias") for media in _objects(story.get(name))]
    if made.get("duration") is None:  # as long as the videos that it has, where it has any
        lengths = [now.get("duration") for media in medias for now in media_generations(media) or ()]
        lengths.append(integer(body.get("scene_duration")))  # not v2's name here; v1 may take it
        made["duration"] = max([5, *(length for length in lengths if isinstance(length, int | float))])
    audio = story.get("audio_option")
    # v2 does not say whether step 1 asked for native audio: then it counts as if it had.
    silent = isinstance(audio, Mapping) and boolean(audio.get("native_audio")) is False
    made["audio_option"] = {"native_audio": not silent}
    return made


def _scenes(body: Mapping[str, Any]) -> Any:
    board = body.get("storyboard")
    return board.get("scenes") if isinstance(board, Mapping) else None


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def media_generations(media: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """What a new generation of a media, of v2 or v1, takes over from it, a motion each; None where it doesn't tell."""
    presets = _presets(media)
    if not presets or not all(isinstance(preset, Mapping) for preset in presets):
        return None
    params = media.get("submit_params")
    said = [params.get(name) for name in ("native_audio", "sound_effects")] if isinstance(params, Mapping) else []
    known = [value for value in said if value is not None]
    native = not known or any(boolean(value) is not False for value in known)
    return [{**_motion(preset), "audio_option": {"native_audio": native}} for preset in presets]


def _presets(media: Mapping[str, Any]) -> list[Any]:
    given = media.get("pose_preset")
    return given if isinstance(given, list) else [given]


def _motion(preset: Mapping[str, Any]) -> dict[str, Any]:
    text = preset.get("Params")
    params = parse_params(text) if isinstance(text, str) else {}
    found = {
        "video_tool": preset.get("motion_type") or preset.get("MotionType"),
        "quantity": integer(preset.get("quantity", params.get("Quantity"))),
        "duration": integer(preset.get("motion_length", params.get("MotionLength"))),
    }
    return {name: value for name, value in found.items() if value is not None}


def complete_update_body(media: Mapping[str, Any], body: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """A paid update of a media, a motion each, with what it leaves as it is; None where the media doesn't tell."""
    kept = media_generations(media)
    given = {name: value for name, value in body.items() if value is not None}
    audio = json_value(given.pop("audio_option", None))
    if audio is not None and (not isinstance(audio, Mapping) or audio.get("native_audio") is not None):
        given["audio_option"] = audio
    found = [{**now, **given} for now in kept or ()]
    # v1's text leaves out what is v1's default; v2 writes them all.
    told = all("quantity" in one and "duration" in one for one in found) or _in_v1s_words(media)
    return found if kept and told else None


def _in_v1s_words(media: Mapping[str, Any]) -> bool:
    return all(isinstance(preset.get("Params"), str) for preset in _objects(_presets(media)))
