"""Audio: v1's flat fields become v2's ``audio_option``. Sources: ``api/v2-story.txt``, ``api/v2-media.txt``.

* A key of the caller's own ``audio_option`` wins over the flat field of the same meaning.
* A story's audio is decided once. There the whole object is sent, with v1's defaults filled in, so that v2's defaults
  can't change the result. On scenes it is sent only if the caller named an audio field there.
* In a story, native audio switches narration off and doubles the price. If that removes a narration, by v1's default or
  by name, it is a loss.
* A media's audio is sent only if the caller named an audio field. Native audio removes nothing there.
"""

from __future__ import annotations

from typing import Any

from vimmerse.compat.rules.conversions import boolean, json_value
from vimmerse.compat.rules.engine import Rule, Translation
from vimmerse.compat.rules.kinds import combined

_V1_NARRATOR = "Rachel"
_REVISED_NAME = "Revised v1's name for {}, and wins over it."

STORY_AUDIO: tuple[Rule, ...] = (
    combined("background_music", "audio_option.has_bg_music", "Becomes has_bg_music; true if it is omitted."),
    combined("has_bg_music", "audio_option.has_bg_music", _REVISED_NAME.format("background_music")),
    combined(
        "sound_effects",
        "audio_option.native_audio",
        "Yes becomes native_audio, which in v2 switches narration off and doubles the price; renamed if there is no "
        "narration to lose.",
        kind="approximated",
    ),
    combined("native_audio", "audio_option.native_audio", _REVISED_NAME.format("sound_effects"), kind="approximated"),
    combined(
        "has_narration",
        "audio_option.has_narration",
        "Same meaning; true if it is omitted, unless there is native audio or an empty narrator.",
    ),
    combined(
        "narrator",
        "audio_option.narrator",
        f"Same voices; {_V1_NARRATOR} if it is omitted; sent only if there is narration.",
    ),
    combined(
        "audio_option",
        "audio_option",
        "The v2 object itself (JSON text in a form); wins over the flat fields. Omitted keys are filled with v1's "
        "defaults.",
        kind="same",
    ),
)

_MEDIA_TEXTS = ("narrator", "narration", "narration_url", "bg_music_prompt", "bg_music_url")
MEDIA_AUDIO: tuple[Rule, ...] = (
    combined("sound_effects", "audio_option.native_audio", "Yes becomes native_audio.", paid=True),
    combined("native_audio", "audio_option.native_audio", _REVISED_NAME.format("sound_effects"), paid=True),
    *(combined(name, f"audio_option.{name}", "Moves into audio_option.", paid=True) for name in _MEDIA_TEXTS),
    combined(
        "audio_option",
        "audio_option",
        "The v2 object itself (JSON text in a form); wins over the flat fields.",
        kind="same",
        paid=True,
    ),
)

_FLAT_FIELDS = tuple(rule.field for rule in STORY_AUDIO if rule.field != "audio_option")
_SWITCHES = ("has_bg_music", "native_audio", "has_narration")
_DOUBLED = "in v2 native audio doubles the price"
_SILENCED = "v2 has no narration beside native audio"


def story_audio(translation: Translation) -> None:
    """Set the whole ``audio_option`` of a story, with v1's defaults for what the caller omitted."""
    fields = translation.fields
    given = _audio_option(translation)
    if not isinstance(given, dict):
        translation.put("audio_option", given)  # v2 rejects it, as v1 did
        return
    option = _without_nulls(translation, given)
    narrator = option["narrator"] if "narrator" in option else fields.get("narrator")
    has_own_narration = "has_narration" in option
    narration = option["has_narration"] if has_own_narration else _flat_switch(translation, "has_narration")
    wants_narration = narrator != "" if narration is None else narration is not False

    _put_switch(translation, option, "has_bg_music", ("has_bg_music", "background_music"))
    option.setdefault("has_bg_music", True)
    native = _put_story_native_audio(translation, option, narration_lost=wants_narration)
    option.setdefault("native_audio", False)

    speaks = wants_narration and not native
    if not has_own_narration:
        option["has_narration"] = narration if speaks and narration is not None else speaks
        if narration is not None:
            translation.origins["audio_option.has_narration"] = "has_narration"
            value = fields["has_narration"]
            if native and wants_narration:
                translation.note_lost("has_narration", value, _SILENCED)
            else:
                translation.note_deprecated("has_narration", value, "audio_option.has_narration", narration)
    if option.get("narrator") == "":
        del option["narrator"]
    if speaks:
        named = narrator not in (None, "")
        voice = option["narrator"] = narrator if named else _V1_NARRATOR
        if named and "narrator" not in given:
            translation.origins["audio_option.narrator"] = "narrator"
            translation.note_deprecated("narrator", narrator, "audio_option.narrator", voice)
    elif native and wants_narration and fields.is_set("narrator") and "narrator" not in option:
        translation.note_lost("narrator", fields["narrator"], _SILENCED)
    translation.body["audio_option"] = option


def named_story_audio(translation: Translation) -> None:
    """Do the same only if the caller named an audio field: otherwise the story keeps what an earlier step decided."""
    named = any(translation.fields.is_set(name) for name in _FLAT_FIELDS) or translation.fields.get("narrator") == ""
    if named or _audio_option(translation) != {}:
        story_audio(translation)


def media_audio(translation: Translation) -> None:
    """Set the ``audio_option`` of a media if the caller named any of its fields."""
    fields = translation.fields
    given = _audio_option(translation)
    if not isinstance(given, dict):
        translation.put("audio_option", given)
        return
    option = _without_nulls(translation, given)
    name = _put_switch(translation, option, "native_audio", ("native_audio", "sound_effects"))
    if name:
        translation.note_deprecated(name, fields[name], "audio_option.native_audio", option["native_audio"])
    for name in _MEDIA_TEXTS:
        if fields.is_set(name) and name not in option:
            option[name] = fields[name]
            translation.origins[f"audio_option.{name}"] = name
            translation.note_deprecated(name, fields[name], f"audio_option.{name}", fields[name])
    if option or fields.is_set("audio_option"):
        from_submit_params = translation.body.get("audio_option")
        if isinstance(from_submit_params, dict):
            option = {**from_submit_params, **option}
        translation.body["audio_option"] = option


def _audio_option(translation: Translation) -> Any:
    """Return the caller's ``audio_option``, or an empty object if there is none."""
    return json_value(translation.fields["audio_option"]) if translation.fields.is_set("audio_option") else {}


def _without_nulls(translation: Translation, given: dict[str, Any]) -> dict[str, Any]:
    """Return the caller's object without nulls, with its switches as booleans."""
    option = {name: value for name, value in given.items() if value is not None}
    for name in _SWITCHES:
        if name in option:
            value = option[name]
            new = option[name] = boolean(value)
            if new is not value:
                translation.note_deprecated(f"audio_option.{name}", value, f"audio_option.{name}", new)
    return option


def _flat_switch(translation: Translation, name: str) -> Any:
    return boolean(translation.fields[name]) if translation.fields.is_set(name) else None


def _put_switch(translation: Translation, option: dict[str, Any], key: str, names: tuple[str, ...]) -> str:
    """Set a switch of ``option``, unless it is set, from the first of ``names`` that the caller sent.

    Returns that name. The notice about native audio is left to the caller of this function.
    """
    for name in names:
        if translation.fields.is_set(name) and key not in option:
            option[key] = _flat_switch(translation, name)
            translation.origins[f"audio_option.{key}"] = name
            if key != "native_audio":
                translation.note_deprecated(name, translation.fields[name], f"audio_option.{key}", option[key])
            return name
    return ""


def _put_story_native_audio(translation: Translation, option: dict[str, Any], *, narration_lost: bool) -> bool:
    """Set native audio, add the notice about its consequences, and return whether it is on."""
    name = _put_switch(translation, option, "native_audio", ("native_audio", "sound_effects"))
    native = option.get("native_audio")
    to = "audio_option.native_audio"
    if native is True and narration_lost:
        value = translation.fields[name] if name else native
        lost = f"{_SILENCED}, so the narration is lost; and {_DOUBLED}"
        translation.note_approximated(name or to, value, to, native, lost)
    elif name:
        translation.note_deprecated(name, translation.fields[name], to, native, _DOUBLED if native is True else "")
    return native is True
