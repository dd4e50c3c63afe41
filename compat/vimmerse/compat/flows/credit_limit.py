"""What v1 charges for a call that goes to v1, as far as its body says.

Law: v1 reads the caller's own body, so the dearest reading of it counts: its own tool, any length and any native audio
that it names, wherever they lie.
"""

from __future__ import annotations

from vimmerse.compat.core.forms import Fields
from vimmerse.compat.flows.context import Json
from vimmerse.compat.rules.conversions import boolean, integer, json_value
from vimmerse.compat.rules.engine import Translation
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
