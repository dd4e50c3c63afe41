"""Audio: v1's flat fields become v2's ``audio_option``. A story's and a media's differ.

Laws (``api/v2-story.txt``, ``api/v2-media.txt``):

* An ``audio_option`` that the caller gave wins, key by key, over the flat fields beside it.
* A story's audio is decided once: where it is, the whole object is sent, v1's defaults filled in, so that v2's can't
  change the result. On scenes it is sent only where the caller named some audio there.
* A story: native audio switches narration off and doubles the price. Where that takes a narration away, by v1's default
  or by name, it is a loss.
* A media's audio is sent only where the caller named some. Native audio takes nothing away there.
"""

from __future__ import annotations

from typing import Any

from vimmerse.compat.rules.conversions import boolean, json_value
from vimmerse.compat.rules.engine import Rule, Translation
from vimmerse.compat.rules.kinds import combined

V1_NARRATOR = "Rachel"

STORY_AUDIO: tuple[Rule, ...] = (
    combined("background_music", "audio_option.has_bg_music", "Becomes has_bg_music; true where it is left out."),
    combined("has_bg_music", "audio_option.has_bg_music", "The late name of background_music, and wins over it."),
    combined(
        "sound_effects",
        "audio_option.native_audio",
        "Yes becomes native_audio, which in v2 switches narration off and doubles the price; renamed where there is "
        "no narration to lose.",
        kind="approximated",
    ),
    combined(
        "native_audio",
        "audio_option.native_audio",
        "The late name of sound_effects, and wins over it.",
        kind="approximated",
    ),
    combined(
        "has_narration",
        "audio_option.has_narration",
        "Same meaning; true where it is left out, unless there is native audio or an empty narrator.",
    ),
    combined(
        "narrator",
        "audio_option.narrator",
        f"Same voices; {V1_NARRATOR} where it is left out; sent only where there is narration.",
    ),
    combined(
        "audio_option",
        "audio_option",
        "The v2 object itself (JSON text on a form); wins over the flat fields. What it leaves out is filled with v1's "
        "defaults.",
        kind="same",
    ),
)

MEDIA_AUDIO: tuple[Rule, ...] = (
    combined("sound_effects", "audio_option.native_audio", "Yes becomes native_audio.", paid=True),
    combined(
        "native_audio",
        "audio_option.native_audio",
        "The late name of sound_effects, and wins over it.",
        paid=True,
    ),
    combined("narrator", "audio_option.narrator", "Moves into audio_option.", paid=True),
    combined("narration", "audio_option.narration", "Moves into audio_option.", paid=True),
    combined("narration_url", "audio_option.narration_url", "Moves into audio_option.", paid=True),
    combined("bg_music_prompt", "audio_option.bg_music_prompt", "Moves into audio_option.", paid=True),
    combined("bg_music_url", "audio_option.bg_music_url", "Moves into audio_option.", paid=True),
    combined(
        "audio_option",
        "audio_option",
        "The v2 object itself (JSON text on a form); wins over the flat fields.",
        kind="same",
        paid=True,
    ),
)

_FLAT_FIELDS = tuple(rule.field for rule in STORY_AUDIO if rule.field != "audio_option")
_SWITCHES = ("has_bg_music", "native_audio", "has_narration")
_MEDIA_TEXTS = ("narrator", "narration", "narration_url", "bg_music_prompt", "bg_music_url")
_DOUBLED = "in v2 native audio doubles the price"
_SILENCED = "v2 has no narration beside native audio"


def story_audio(translation: Translation) -> None:
    """The whole ``audio_option`` of a story, with v1's defaults for what the caller left out."""
    fields = translation.fields
    given = _given(translation)
    if not isinstance(given, dict):
        translation.put("audio_option", given)  # no object: v2 says so, as v1 did
        return
    option = _switches(translation, given)
    narrator = option["narrator"] if "narrator" in option else fields.get("narrator")
    told = "has_narration" in option  # in the object, where it stays as it is
    narration = option["has_narration"] if told else _flat(translation, "has_narration")
    wanted = narrator != "" if narration is None else narration is not False

    _take(translation, option, "has_bg_music", ("has_bg_music", "background_music"))
    option.setdefault("has_bg_music", True)
    native = _take_native(translation, option, narration_lost=wanted)
    option.setdefault("native_audio", False)

    speaks = wanted and not native
    if not told:
        option["has_narration"] = narration if speaks and narration is not None else speaks
        if narration is not None:
            translation.origins["audio_option.has_narration"] = "has_narration"
            value = fields["has_narration"]
            if native and wanted:
                translation.note_lost("has_narration", value, _SILENCED)
            else:
                translation.note_deprecated("has_narration", value, "audio_option.has_narration", narration)
    if option.get("narrator") == "":
        del option["narrator"]
    if speaks:
        voice = option["narrator"] = narrator or V1_NARRATOR
        if narrator and "narrator" not in given:
            translation.origins["audio_option.narrator"] = "narrator"
            translation.note_deprecated("narrator", narrator, "audio_option.narrator", voice)
    elif native and wanted and fields.is_set("narrator") and "narrator" not in option:
        translation.note_lost("narrator", fields["narrator"], _SILENCED)
    translation.body["audio_option"] = option


def named_story_audio(translation: Translation) -> None:
    """The same, only where the caller named some audio: else the story keeps what an earlier step decided."""
    named = any(translation.fields.is_set(name) for name in _FLAT_FIELDS) or translation.fields.get("narrator") == ""
    if named or _given(translation) != {}:
        story_audio(translation)


def _given(translation: Translation) -> Any:
    """The caller's ``audio_option``; an empty object where there is none."""
    return json_value(translation.fields["audio_option"]) if translation.fields.is_set("audio_option") else {}


def _switches(translation: Translation, given: dict[str, Any]) -> dict[str, Any]:
    """The caller's object without nulls, its switches as booleans."""
    option = {name: value for name, value in given.items() if value is not None}
    for name in _SWITCHES:
        if name in option:
            value = option[name]
            new = option[name] = boolean(value)
            if new is not value:
                translation.note_deprecated(f"audio_option.{name}", value, f"audio_option.{name}", new)
    return option


def _flat(translation: Translation, name: str) -> Any:
    return boolean(translation.fields[name]) if translation.fields.is_set(name) else None


def _take(translation: Translation, option: dict[str, Any], key: str, names: tuple[str, ...]) -> str:
    """Put the truth value of the first of ``names`` that the caller gave into ``option``, if that has none.

    Gives the name it is from, and says what becomes of it; native audio of a story is the caller's to tell.
    """
    for name in names:
        if translation.fields.is_set(name) and key not in option:
            option[key] = _flat(translation, name)
            translation.origins[f"audio_option.{key}"] = name
            if key != "native_audio":
                translation.note_deprecated(name, translation.fields[name], f"audio_option.{key}", option[key])
            return name
    return ""


def _take_native(translation: Translation, option: dict[str, Any], *, narration_lost: bool) -> bool:
    """Take native audio into ``option`` and say what it costs. Whether there is any."""
    name = _take(translation, option, "native_audio", ("native_audio", "sound_effects"))
    native = option.get("native_audio")
    to = "audio_option.native_audio"
    if native is True and narration_lost:
        value = translation.fields[name] if name else native
        translation.note_approximated(
            name or to, value, to, native, f"{_SILENCED}, so the narration is lost; and {_DOUBLED}"
        )
    elif name:
        translation.note_deprecated(name, translation.fields[name], to, native, _DOUBLED if native is True else "")
    return native is True


def media_audio(translation: Translation) -> None:
    """``audio_option`` of a media, only where the caller named any of its fields."""
    fields = translation.fields
    given = _given(translation)
    if not isinstance(given, dict):
        translation.put("audio_option", given)
        return
    option = _switches(translation, given)
    name = _take(translation, option, "native_audio", ("native_audio", "sound_effects"))
    if name:
        translation.note_deprecated(name, fields[name], "audio_option.native_audio", option["native_audio"])
    for name in _MEDIA_TEXTS:
        if fields.is_set(name) and name not in option:
            option[name] = fields[name]
            translation.origins[f"audio_option.{name}"] = name
            translation.note_deprecated(name, fields[name], f"audio_option.{name}", fields[name])
    if option or fields.is_set("audio_option"):
        before = translation.body.get("audio_option")  # from submit_params
        translation.body["audio_option"] = {**before, **option} if isinstance(before, dict) else option
