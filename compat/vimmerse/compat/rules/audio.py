"""Audio: v1's flat fields become v2's ``audio_option``. A story's and a media's differ.

Laws (``api/v2-story.txt``, ``api/v2-media.txt``):

* An ``audio_option`` that the caller gave wins, key by key, over the flat fields beside it.
* A story: native audio switches narration off and doubles the price; ``narrator`` counts only with narration.
* What the caller left out is filled with v1's own default, so that v2's can't change the result.
"""

from __future__ import annotations

from typing import Any

from vimmerse.compat.core.conversions import boolean, json_value
from vimmerse.compat.core.engine import Draft, Rule
from vimmerse.compat.core.kinds import joined

V1_NARRATOR = "Rachel"

STORY_AUDIO: tuple[Rule, ...] = (
    joined("background_music", "audio_option.has_bg_music", "Becomes has_bg_music; true where it is left out."),
    joined("has_bg_music", "audio_option.has_bg_music", "The late name of background_music, and wins over it."),
    joined(
        "sound_effects",
        "audio_option.native_audio",
        "Yes becomes native_audio, which in v2 switches narration off and doubles the price.",
    ),
    joined("native_audio", "audio_option.native_audio", "The late name of sound_effects, and wins over it."),
    joined(
        "has_narration",
        "audio_option.has_narration",
        "Same meaning; true where it is left out, unless there is native audio or an empty narrator.",
    ),
    joined("narrator", "audio_option.narrator", "Same voices; sent only where there is narration."),
    joined(
        "audio_option",
        "audio_option",
        "The v2 object itself (JSON text on a form); wins over the flat fields.",
        kind="same",
    ),
)

MEDIA_AUDIO: tuple[Rule, ...] = (
    joined("sound_effects", "audio_option.native_audio", "Yes becomes native_audio.", paid=True),
    joined(
        "native_audio",
        "audio_option.native_audio",
        "The late name of sound_effects, and wins over it.",
        paid=True,
    ),
    joined("narrator", "audio_option.narrator", "Moves into audio_option.", paid=True),
    joined("narration", "audio_option.narration", "Moves into audio_option.", paid=True),
    joined("narration_url", "audio_option.narration_url", "Moves into audio_option.", paid=True),
    joined("bg_music_prompt", "audio_option.bg_music_prompt", "Moves into audio_option.", paid=True),
    joined("bg_music_url", "audio_option.bg_music_url", "Moves into audio_option.", paid=True),
    joined(
        "audio_option",
        "audio_option",
        "The v2 object itself (JSON text on a form); wins over the flat fields.",
        kind="same",
        paid=True,
    ),
)

_STORY_FIELDS = tuple(rule.field for rule in STORY_AUDIO)
_MEDIA_TEXTS = ("narrator", "narration", "narration_url", "bg_music_prompt", "bg_music_url")
_DOUBLED = "in v2 native audio switches narration off and doubles the price"


def story_audio(made: Draft) -> None:
    """``audio_option`` of a story, only where the caller named any audio field."""
    if any(name in made.fields for name in _STORY_FIELDS):
        _story_audio(made, None)


def story_audio_by_rachel(made: Draft) -> None:
    """``audio_option`` of a story whose v1 call speaks with Rachel unless told otherwise (v2: AutoV)."""
    _story_audio(made, V1_NARRATOR)


def _story_audio(made: Draft, default_narrator: str | None) -> None:
    fields = made.fields
    given = json_value(fields["audio_option"]) if fields.given("audio_option") else None
    if given is not None and not isinstance(given, dict):
        made.put("audio_option", given)  # no object: v2 says so, as v1 did
        return
    option: dict[str, Any] = dict(given) if given else {}
    music = _first(made, option, "has_bg_music", ("has_bg_music", "background_music"))
    native = _first(made, option, "native_audio", ("native_audio", "sound_effects"))
    narration = _first(made, option, "has_narration", ("has_narration",))
    narrator = fields.get("narrator")
    if given is not None:
        silent = _is_true(option.get("native_audio")) or boolean(option.get("has_narration")) is False
        if isinstance(narrator, str) and narrator and "narrator" not in option and not silent:
            option["narrator"] = narrator
            made.origins["audio_option.narrator"] = "narrator"
            made.deprecate("narrator", narrator, "audio_option.narrator", narrator)
    else:
        option["has_bg_music"] = True if music is None else music
        native = option["native_audio"] = False if native is None else native
        if narration is None:
            narration = native is not True and narrator != ""
        option["has_narration"] = narration = False if native is True else narration
        if narration is not False:
            voice = narrator or default_narrator
            if voice:
                option["narrator"] = voice
                if narrator:
                    made.origins["audio_option.narrator"] = "narrator"
                    made.deprecate("narrator", narrator, "audio_option.narrator", voice)
    made.body["audio_option"] = option
    if option.get("native_audio") is True:
        if narrator:
            made.lose("narrator", narrator, _DOUBLED)
        elif given is None and _is_true(fields.get("has_narration")):
            made.lose("has_narration", fields["has_narration"], _DOUBLED)


def _first(made: Draft, option: dict[str, Any], key: str, names: tuple[str, ...]) -> Any:
    """The truth value of the first of ``names`` that the caller gave; puts it into ``option`` if that has none."""
    for name in names:
        if made.fields.given(name):
            value = boolean(made.fields[name])
            if key not in option:
                option[key] = value
                made.origins[f"audio_option.{key}"] = name
                # The price doubles only here, so the one-line text is the place to say it.
                why = _DOUBLED if key == "native_audio" and value is True else ""
                made.deprecate(name, made.fields[name], f"audio_option.{key}", value, why)
            return value
    return None


def _is_true(value: Any) -> bool:
    return boolean(value) is True


def media_audio(made: Draft) -> None:
    """``audio_option`` of a media, only where the caller named any of its fields."""
    fields = made.fields
    given = json_value(fields["audio_option"]) if fields.given("audio_option") else None
    if given is not None and not isinstance(given, dict):
        made.put("audio_option", given)
        return
    option: dict[str, Any] = dict(given) if given else {}
    _first(made, option, "native_audio", ("native_audio", "sound_effects"))
    for name in _MEDIA_TEXTS:
        if fields.given(name) and name not in option:
            option[name] = fields[name]
            made.origins[f"audio_option.{name}"] = name
            made.deprecate(name, fields[name], f"audio_option.{name}", fields[name])
    if option or given is not None:
        made.body["audio_option"] = option
