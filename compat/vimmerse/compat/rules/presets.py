"""The rules of ``pose_preset`` and ``submit_params``, which /media/upload and /media/prompt take.

* A v2 media has one motion: a list of pose presets becomes as many v2 media (:attr:`Translation.motions`).
* Responses have v2's keys beside v1's, and callers send them back. Unchanged, they mean what v2 sent, and nothing is
  lost. If the two disagree, the caller has changed ``MotionType`` and ``Params``, and these win.
* ``submit_params`` with both audio keys is such a response too: there ``Fast`` is not a choice of the caller's.
"""

from __future__ import annotations

from typing import Any

from vimmerse.compat.core.fields import Value
from vimmerse.compat.rules.conversions import boolean, integer, json_value
from vimmerse.compat.rules.engine import REJECTED_BY_SERVER, Rule, Translation, apply_rules, by_field, show
from vimmerse.compat.rules.kinds import choice, combined, dropped, ignored, put_choice, renamed
from vimmerse.compat.rules.params import KEYS, format_params, read_params
from vimmerse.compat.rules.values import VIDEO_TOOLS

PRESET_RULES: tuple[Rule, ...] = (
    choice("MotionType", "video_tool", VIDEO_TOOLS, note="See the table of motion types.", paid=True),
    combined("Params", "prompt", "Its keys become fields of their own.", paid=True),
)
PARAMS_RULES: tuple[Rule, ...] = (
    renamed("Prompt", "prompt", note="The text between this key and the next known one.", paid=True),
    renamed("Quantity", "quantity", integer, note="A number.", paid=True),
    renamed("MotionLength", "duration", integer, note="A number.", paid=True),
    renamed("Loop", "loop", integer, note="A number.", paid=True),
    renamed("AspectRatio", "aspect_ratio", note="Same values.", paid=True),
    dropped("PromptStrength", (0,), "v2 has no prompt strength", convert=integer, paid=True),
    dropped("MotionAmount", (5,), "v2 has no amount of motion; describe it in the prompt", convert=integer, paid=True),
    dropped("CameraPath", ("HorizontalArc",), "v2 has no camera paths; describe the camera's motion in the prompt"),
    dropped("Zoom", (1,), "v2 has no zoom; describe it in the prompt", convert=integer),
    dropped("EasyEase", (0, 1), "v2 has no easing", convert=integer),
    dropped("HorizontalCrop", (0,), "v2 does not crop", convert=integer),
    dropped("VerticalCrop", (0,), "v2 does not crop", convert=integer),
    dropped("Seed", (0,), "v2 picks its own seed", convert=integer),
    dropped("GuidanceScale", (0,), "v2 has no guidance scale", convert=integer),
    ignored("OriginalPrompt", "v1's own note of the prompt in its responses; nothing is lost."),
)
_PRESET_BY_FIELD = by_field(PRESET_RULES)
_PARAMS_BY_FIELD = by_field(PARAMS_RULES)
assert set(_PARAMS_BY_FIELD) == set(KEYS)

# The keys of a preset in a v2 response, and the fields of v2's calls that they correspond to.
_V2_MOTION = "motion_type"
_V2_PARAMS = {
    "prompt": "prompt",
    "quantity": "quantity",
    "motion_length": "duration",
    "loop": "loop",
    "aspect_ratio": "aspect_ratio",
}
_V2_KEYS = frozenset({_V2_MOTION, *_V2_PARAMS, "motion_amount", "camera_path"})


def _motion(translation: Translation, preset: Any, prefix: str) -> dict[str, Any]:
    """Return the v2 fields of one pose preset, and append their origins to ``motion_origins``."""
    if preset is None:
        translation.motion_origins.append({})
        return {}
    if not isinstance(preset, dict):  # v1 rejects it, and so does v2 in this field
        translation.motion_origins.append({"video_tool": (translation.prefix + prefix).rstrip(".")})
        return {"video_tool": preset}
    outer = translation.body, translation.origins
    translation.body, translation.origins = {}, {}
    _apply_preset(translation, preset, prefix)
    motion, origins = translation.body, translation.origins
    translation.body, translation.origins = outer
    # A field with v2's name beside the preset is the newer one.
    motion = {name: value for name, value in motion.items() if not translation.fields.is_set(name)}
    translation.motion_origins.append({name: origin for name, origin in origins.items() if name in motion})
    return motion


def _apply_preset(translation: Translation, preset: dict[str, Any], prefix: str) -> None:
    fields = dict(preset)
    if not _V2_KEYS.isdisjoint(preset):  # from a response, whose other keys are v2's own
        fields = {name: value for name, value in preset.items() if name in _PRESET_BY_FIELD}
        _apply_v2_preset(translation, preset, fields, prefix)
    with translation.nested(fields, prefix):
        apply_rules(translation, _PRESET_BY_FIELD)
    params = fields.get("Params")
    if isinstance(params, str):
        params, strays = read_params(params)
        with translation.nested({}, prefix):
            for stray in strays:
                translation.note_lost("Params", stray, "it follows none of the keys that v1 documents")
    if isinstance(params, dict):
        with translation.nested(params, f"{prefix}Params."):
            apply_rules(translation, _PARAMS_BY_FIELD)
    elif isinstance(params, list | bool | int | float):
        with translation.nested({}, prefix):
            why = f"{translation.prefix}Params={show(params)} is neither text nor an object; {REJECTED_BY_SERVER}"
            translation.require_passthrough(why, "Params")


def _apply_v2_preset(translation: Translation, preset: dict[str, Any], fields: dict[str, Any], prefix: str) -> None:
    """Apply v2's keys of a preset if v1's are missing or say the same, and remove those from ``fields``."""
    with translation.nested({_V2_MOTION: preset.get(_V2_MOTION)}, prefix):
        motion, v1_motion = preset.get(_V2_MOTION), preset.get("MotionType")
        if v1_motion in (None, ""):
            if motion:
                put_choice(translation, _V2_MOTION, motion, "video_tool", VIDEO_TOOLS)
        elif v1_motion == (motion or "Auto") and VIDEO_TOOLS.is_v2(v1_motion):
            del fields["MotionType"]
            if motion:
                translation.put("video_tool", motion, _V2_MOTION)
        if preset.get("Params") in (None, "", format_params(preset)):
            fields.pop("Params", None)
            for name, to in _V2_PARAMS.items():
                if preset.get(name) not in (None, ""):
                    translation.put(to, preset[name], name)


def _pose_preset(translation: Translation, value: Value) -> None:
    presets = json_value(value)
    if isinstance(presets, list):
        for index, preset in enumerate(presets):
            prefix = f"pose_preset.{index}." if len(presets) > 1 else "pose_preset."
            translation.motions.append(_motion(translation, preset, prefix))
    elif presets != "":
        translation.body.update(_motion(translation, presets, "pose_preset."))
        translation.origins.update(translation.motion_origins.pop())


POSE_PRESET = Rule(
    "pose_preset",
    "converted",
    "video_tool",
    "MotionType becomes video_tool; the keys of Params become prompt, quantity, duration (MotionLength), loop and "
    "aspect_ratio. A list of several becomes as many v2 media under one composite id.",
    _pose_preset,
    paid=True,
)


# How a media is processed

_PIPELINE_MODES = {"fast": "Quick", "normal": "Advanced"}


def _pipeline_preset(translation: Translation, value: Value) -> None:
    if value != "":
        new = _PIPELINE_MODES.get(value.lower(), value) if isinstance(value, str) else value
        translation.put("pipeline_mode", new, "pipeline_preset")
        translation.note_deprecated("pipeline_preset", value, "pipeline_mode", new)


_NATIVE_AUDIO = "audio_option.native_audio"
SUBMIT_RULES: tuple[Rule, ...] = (
    renamed("sound_effects", _NATIVE_AUDIO, boolean, note="Yes becomes native_audio.", paid=True),
    renamed("native_audio", _NATIVE_AUDIO, boolean, note="Revised v1's name for sound_effects.", paid=True),
    Rule(
        "pipeline_preset",
        "converted",
        "pipeline_mode",
        "Normal becomes Advanced, Fast becomes Quick.",
        _pipeline_preset,
        paid=True,
    ),
    dropped("scale_factor", (1,), "v2 does not scale the video", convert=integer),
    dropped("file_size", (), "v2 has no limit for the file's size"),
)
_SUBMIT_BY_FIELD = by_field(SUBMIT_RULES)


def _submit_params(translation: Translation, value: Value) -> None:
    params = json_value(value)
    if params == "":
        return
    if not isinstance(params, dict):
        translation.note_lost("submit_params", params, "it is not an object")
        return
    if translation.fields.is_set("pipeline_mode"):  # the newer name wins
        params = {name: item for name, item in params.items() if name != "pipeline_preset"}
    if {"sound_effects", "native_audio"} <= params.keys():
        params = _apply_response_params(translation, params)
    with translation.nested(params, "submit_params."):
        apply_rules(translation, _SUBMIT_BY_FIELD)


def _apply_response_params(translation: Translation, params: dict[str, Any]) -> dict[str, Any]:
    """Apply the ``submit_params`` of a response, and return those that no response has."""
    old, native = boolean(params["sound_effects"]), boolean(params["native_audio"])
    with translation.nested({}, "submit_params."):
        if native is None or native == "":
            native = old
        elif old is not None and old != "" and old != native:
            why = "native_audio is given too, and the newer name wins"
            translation.note_lost("sound_effects", params["sound_effects"], why)
        if native is not None and native != "":
            translation.put(_NATIVE_AUDIO, native, "native_audio")
    preset = params.get("pipeline_preset")
    return {} if preset in ("", None, "Fast") else {"pipeline_preset": preset}


SUBMIT_PARAMS = Rule(
    "submit_params",
    "converted",
    _NATIVE_AUDIO,
    "sound_effects becomes audio_option.native_audio, pipeline_preset becomes pipeline_mode; the rest is dropped.",
    _submit_params,
)
