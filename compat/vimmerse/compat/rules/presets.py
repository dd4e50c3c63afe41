"""The rules of ``pose_preset`` and ``submit_params``, which /media/upload and /media/prompt take.

Laws:

* v2 has one motion a media: a list of pose presets becomes as many v2 media (``Translation.motions``).
* Answers carry v2's keys beside v1's, and callers send them back. Unchanged, they mean what v2 said, and nothing is
  lost. Where the two disagree, ``MotionType`` and ``Params`` are what the caller has changed, and win.
* ``submit_params`` with both audio keys is such an answer too: there ``Fast`` is no choice of the caller's.
"""

from __future__ import annotations

from typing import Any

from vimmerse.compat.core.fields import Fields, Value
from vimmerse.compat.rules.conversions import boolean, integer, json_value
from vimmerse.compat.rules.engine import Rule, Translation, apply_rules
from vimmerse.compat.rules.kinds import choice, combined, dropped, put_choice, renamed
from vimmerse.compat.rules.params import KEYS, before_params, format_params, parse_params
from vimmerse.compat.rules.values import VIDEO_TOOLS

# Pose presets


def _params_number(key: str, to: str) -> Rule:
    return renamed(key, to, integer, note="A number.", paid=True)


PRESET_RULES: tuple[Rule, ...] = (
    choice("MotionType", "video_tool", VIDEO_TOOLS, note="See the table of motion types.", paid=True),
    combined("Params", "prompt", "Its keys become fields of their own.", paid=True),
)
PARAMS_RULES: tuple[Rule, ...] = (
    renamed("Prompt", "prompt", note="The text between this key and the next known one.", paid=True),
    _params_number("Quantity", "quantity"),
    _params_number("MotionLength", "duration"),
    _params_number("Loop", "loop"),
    renamed("AspectRatio", "aspect_ratio", note="Same values.", paid=True),
    dropped("PromptStrength", (0,), "v2 has no prompt strength", convert=integer, paid=True),
    dropped(
        "MotionAmount",
        (5,),
        "v2 has no amount of motion; describe it in the prompt",
        convert=integer,
        paid=True,
    ),
    dropped("CameraPath", ("HorizontalArc",), "v2 has no camera paths; describe the camera's motion in the prompt"),
    dropped("Zoom", (1,), "v2 has no zoom; describe it in the prompt", convert=integer),
    dropped("EasyEase", (0, 1), "v2 has no easing", convert=integer),
    dropped("HorizontalCrop", (0,), "v2 does not crop", convert=integer),
    dropped("VerticalCrop", (0,), "v2 does not crop", convert=integer),
    dropped("Seed", (0,), "v2 picks its own seed", convert=integer),
    dropped("GuidanceScale", (0,), "v2 has no guidance scale", convert=integer),
    # v1 adds it to its own answers: what a caller sends back was never the caller's choice.
    Rule(
        "OriginalPrompt",
        "dropped",
        "",
        "v1's own note of the prompt; nothing is lost.",
        lambda translation, value: None,
    ),
)
_PRESET_BY_FIELD = {rule.field: rule for rule in PRESET_RULES}
_PARAMS_BY_FIELD = {rule.field: rule for rule in PARAMS_RULES}
assert set(_PARAMS_BY_FIELD) == set(KEYS)

# A preset by v2's names, as answers give it, and where v2's calls have the same.
_V2_MOTION = "motion_type"
_V2_PARAMS = (
    ("prompt", "prompt"),
    ("quantity", "quantity"),
    ("motion_length", "duration"),
    ("loop", "loop"),
    ("aspect_ratio", "aspect_ratio"),
)
_V2_NAMES = frozenset({_V2_MOTION, *(name for name, _ in _V2_PARAMS), "motion_amount", "camera_path"})


def _motion(translation: Translation, preset: Any, prefix: str) -> dict[str, Any]:
    """The v2 fields of one pose preset."""
    if preset is None:
        translation.motion_origins.append({})
        return {}
    if not isinstance(preset, dict):
        # v1 answers this with an error of its own; so does v2, to the field that this would be.
        translation.motion_origins.append({"video_tool": (translation.prefix + prefix).rstrip(".")})
        return {"video_tool": preset}
    outer, translation.body = translation.body, {}
    origins, translation.origins = translation.origins, {}
    modern = not _V2_NAMES.isdisjoint(preset)
    # What else such a preset holds is v2's own.
    fields = {key: [value] for key, value in preset.items() if not modern or key in _PRESET_BY_FIELD}
    if modern:
        _modern_motion(translation, preset, fields, prefix)
    with translation.inside(Fields(fields, "json"), prefix):
        apply_rules(translation, _PRESET_BY_FIELD)
    params = fields.get("Params", [None])[0]
    if isinstance(params, str):
        stray = before_params(params)
        if stray.strip():
            with translation.inside(Fields(), prefix):
                translation.note_lost("Params", stray, "it follows none of the keys that v1 documents")
        params = parse_params(params)
    if isinstance(params, dict):
        with translation.inside(Fields({key: [value] for key, value in params.items()}, "json"), f"{prefix}Params."):
            apply_rules(translation, _PARAMS_BY_FIELD)
    motion, translation.body = translation.body, outer
    names, translation.origins = translation.origins, origins
    # A field that stands beside the preset by v2's name is the newer one.
    motion = {name: value for name, value in motion.items() if not translation.fields.is_set(name)}
    translation.motion_origins.append({name: origin for name, origin in names.items() if name in motion})
    return motion


def _modern_motion(translation: Translation, preset: dict[str, Any], fields: dict[str, list[Any]], prefix: str) -> None:
    """Take v2's own names from a preset where v1's are missing or say the same; takes those out of ``fields``."""
    with translation.inside(Fields({_V2_MOTION: [preset.get(_V2_MOTION)]}, "json"), prefix):
        told, old = preset.get(_V2_MOTION), preset.get("MotionType")
        if old in (None, ""):
            if told:
                put_choice(translation, _V2_MOTION, told, "video_tool", VIDEO_TOOLS)
        elif old == (told or "Auto") and VIDEO_TOOLS.is_v2(old):
            del fields["MotionType"]
            if told:
                translation.put("video_tool", told, _V2_MOTION)
        if preset.get("Params") in (None, "", format_params(preset)):
            fields.pop("Params", None)
            for name, to in _V2_PARAMS:
                if preset.get(name) not in (None, ""):
                    translation.put(to, preset[name], name)


def _pose_preset(translation: Translation, value: Value) -> None:
    value = json_value(value)
    if isinstance(value, list):
        # Of a list of one, messages say what they say of one alone.
        prefixes = [f"pose_preset.{index}." for index in range(len(value))] if len(value) > 1 else ["pose_preset."]
        translation.motions = [
            _motion(translation, preset, prefix) for preset, prefix in zip(value, prefixes, strict=False)
        ]
    elif value != "":
        translation.body.update(_motion(translation, value, "pose_preset."))
        translation.origins.update(translation.motion_origins.pop())


POSE_PRESET = Rule(
    "pose_preset",
    "converted",
    "video_tool",
    "MotionType becomes video_tool; the keys of Params become prompt, quantity, duration (MotionLength), loop and "
    "aspect_ratio. A list of several becomes as many v2 media under one composite id.",
    _pose_preset,
    True,
)


# How a media is processed

_PIPELINES = {"fast": "Quick", "normal": "Advanced"}


def _pipeline_preset(translation: Translation, value: Value) -> None:
    if value != "":
        new = _PIPELINES.get(value.lower(), value) if isinstance(value, str) else value
        translation.put("pipeline_mode", new, "pipeline_preset")
        translation.note_deprecated("pipeline_preset", value, "pipeline_mode", new)


SUBMIT_RULES: tuple[Rule, ...] = (
    renamed("sound_effects", "audio_option.native_audio", boolean, note="Yes becomes native_audio.", paid=True),
    renamed(
        "native_audio",
        "audio_option.native_audio",
        boolean,
        note="The late name of sound_effects.",
        paid=True,
    ),
    Rule(
        "pipeline_preset",
        "converted",
        "pipeline_mode",
        "Normal becomes Advanced, Fast becomes Quick.",
        _pipeline_preset,
        True,
    ),
    dropped("scale_factor", (1,), "v2 does not scale the video", convert=integer),
    dropped("file_size", (), "v2 has no limit for the file's size"),
)
_SUBMIT_BY_FIELD = {rule.field: rule for rule in SUBMIT_RULES}


def _submit_params(translation: Translation, value: Value) -> None:
    value = json_value(value)
    if value == "":
        return
    if not isinstance(value, dict):
        translation.note_lost("submit_params", value, "it is no object")
        return
    newer = translation.fields.is_set("pipeline_mode")
    fields = {key: [item] for key, item in value.items() if not (newer and key == "pipeline_preset")}
    if {"sound_effects", "native_audio"} <= value.keys():
        fields = _answered(translation, value, fields)
    with translation.inside(Fields(fields, "json"), "submit_params."):
        apply_rules(translation, _SUBMIT_BY_FIELD)


def _answered(translation: Translation, value: dict[str, Any], fields: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Take an answer's submit_params as they are. What is left to the rules is what no answer says."""
    old, native = boolean(value["sound_effects"]), boolean(value["native_audio"])
    with translation.inside(Fields(), "submit_params."):
        if native is None or native == "":
            native = old
        elif old is not None and old != "" and old != native:
            translation.note_lost(
                "sound_effects", value["sound_effects"], "native_audio is given too, and the newer name wins"
            )
        if native is not None and native != "":
            translation.put("audio_option.native_audio", native, "native_audio")
    mode = fields.get("pipeline_preset", [""])[0]
    return {} if mode in ("", None, "Fast") else {"pipeline_preset": [mode]}


SUBMIT_PARAMS = Rule(
    "submit_params",
    "converted",
    "audio_option.native_audio",
    "sound_effects becomes audio_option.native_audio, pipeline_preset becomes pipeline_mode; the rest is dropped.",
    _submit_params,
)
