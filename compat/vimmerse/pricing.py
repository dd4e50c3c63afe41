"""What a call will cost, as far as the vendor's pages tell (``api/v2-story.txt``).

``used_credits ≈ rate x scene_count x scene_duration x (2 with native audio)``. The page contradicts itself on Vidu: its
table says 10 credits a second, its example computes with 5. The table counts here, the more expensive of the two.

An estimate is never below the formula: what can be read in two ways counts as the more expensive one.
:func:`estimate_call` is for people, and assumes default values; :func:`unpriced` returns what it had to assume
without a reason, and then a credit limit rejects the call.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Credits a second of video, by video tool.
RATES: Mapping[str, int] = {
    **dict.fromkeys(("Auto", "KlingAI", "Seedance", "Pixverse", "VeoFast", "Vidu"), 10),
    **dict.fromkeys(("AutoT1", "PVideo", "VeoLite"), 5),
}
_STANDARD_RATE = 10
_MAX_NUMBER = 10**9  # beyond any price; and a float holds no number of 400 digits


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate in credits, and what it assumes.

    ``credits``: how many. ``str(estimate)`` is a sentence.
    ``assumptions``: empty if every factor is known and the vendor documents the formula for this call.
    """

    credits: float
    assumptions: tuple[str, ...] = ()

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(self.credits + other.credits, tuple(dict.fromkeys((*self.assumptions, *other.assumptions))))

    def __str__(self) -> str:
        tail = f" (assuming: {'; '.join(self.assumptions)})" if self.assumptions else ""
        return f"about {self.credits:g} credits{tail}"


FREE = Estimate(0)

VIDEOS = "POST /v2/story/{story_id}/videos"
CREATE = "POST /v2/media"
UPDATE = "PUT /v2/media/{media_id}"
#: Calls whose price the vendor publishes nowhere. No program can tell what they cost.
_NO_PRICE = frozenset({"POST /v2/image", "POST /v2/story/{story_id}/concat"})
# They create videos from scenes, and so follow the documented formula.
_ONE_CALL = frozenset({"POST /v2/story/idea-2-video", "POST /v2/story/url-2-video", "POST /v2/story/images-2-video"})
#: The fields of an update of a media that start no generation.
FREE_MEDIA_FIELDS = frozenset({"title", "description", "visibility_status", "rating", "webhook_url"})


def estimate(
    *, video_tool: str = "Auto", scene_count: int = 3, scene_duration: int = 5, native_audio: bool = False
) -> Estimate:
    """Return the estimated price of a one-call story, in credits.

    Args:
        video_tool: A v2 video tool.
        scene_count: The number of scenes (v2's default is 3).
        scene_duration: Seconds per scene, 5 or 10.
        native_audio: Whether the scenes have native audio.

    Raises:
        ValueError: A count or duration is below 1.
    """
    if scene_count < 1 or scene_duration < 1:
        raise ValueError("scene_count and scene_duration must be 1 or more")
    return _price(video_tool, scene_count * scene_duration, native_audio, [])


def _price(tool: Any, seconds: float, native: Any, assumptions: list[str]) -> Estimate:
    rate = RATES.get(tool) if isinstance(tool, str) else None
    if rate is None:
        rate = _STANDARD_RATE
        assumptions.append(f"{tool!r} costs {rate} credits a second, as the standard tools do")
    elif tool == "Vidu":
        assumptions.append("Vidu costs 10 credits a second (the vendor's page says 10 and 5)")
    return Estimate(rate * seconds * (2 if native else 1), tuple(assumptions))


def estimate_call(operation: str, body: Mapping[str, Any]) -> Estimate:
    """Return the estimated price of a v2 call by its template (``POST /v2/media``) and JSON body, in credits.

    Free calls and the planning steps of a story, which the vendor shows with ``used_credits: 0``, cost nothing.
    """
    assumptions: list[str] = []
    if operation in _ONE_CALL:
        count = _scene_count(operation, body, assumptions)
        duration = _number(body, "scene_duration", 5, assumptions)
    elif operation == VIDEOS:
        scenes = scenes_of(body)
        if not isinstance(scenes, list):
            assumptions.append("the story has 3 scenes")
        count = len(scenes) if isinstance(scenes, list) else 3
        duration = _number(body, "duration", 5, assumptions)
    elif _is_generation(operation, body):
        assumptions.append("a media costs what a scene of its length costs")
        count = _number(body, "quantity", 1, assumptions)
        duration = _number(body, "duration", 5, assumptions)
    elif operation in _NO_PRICE:
        return Estimate(0, ("this call is free, since the vendor publishes no price for it",))
    else:
        return FREE
    tool = body.get("video_tool")
    return _price("Auto" if tool is None else tool, count * duration, is_native(body.get("audio_option")), assumptions)


def _is_generation(operation: str, body: Mapping[str, Any]) -> bool:
    return operation == CREATE or (operation == UPDATE and not FREE_MEDIA_FIELDS.issuperset(body))


def _scene_count(operation: str, body: Mapping[str, Any], assumptions: list[str]) -> float:
    images = body.get("image_urls")
    if operation.endswith("/images-2-video") and isinstance(images, list):
        return len(images)
    count = _number(body, "scene_count", 3, assumptions)
    # The other operations have no field for images, but a server may take them.
    return max(count, len(images)) if isinstance(images, list) else count


def scenes_of(body: Mapping[str, Any]) -> Any:
    """Return the scenes of a body's storyboard, whatever they are, or None."""
    board = body.get("storyboard")
    return board.get("scenes") if isinstance(board, Mapping) else None


def is_native(audio: Any) -> bool:
    """Return whether this ``audio_option`` may ask for native audio, in whatever spelling."""
    if not isinstance(audio, Mapping):
        return audio is not None
    value = audio.get("native_audio")
    return value is not None and not _is_false(value)


def _is_false(value: Any) -> bool:
    """Return whether a server surely reads this as false. Any other value may be read as true, which costs more."""
    if isinstance(value, str):
        return value.strip().lower() in ("false", "0", "no", "off", "n", "f")
    return isinstance(value, int) and value == 0


def _number(body: Mapping[str, Any], name: str, default: int, assumptions: list[str]) -> float:
    number = _whole_number(body.get(name))
    if number is None:
        return default
    if isinstance(number, int | float) and not isinstance(number, bool) and number >= 0:
        return number if number <= _MAX_NUMBER else math.inf
    assumptions.append(f"{name} is {default}, since {_short(body[name])} is not a valid number")
    return default


def unpriced(operation: str, body: Mapping[str, Any]) -> str:
    """Return what of a v2 call's body can't be priced, and why, or empty text."""
    numbers: tuple[str, ...]
    if operation in _ONE_CALL:
        numbers = ("scene_count", "scene_duration")
        images = body.get("image_urls")
        if images is not None and not (isinstance(images, list) and images):
            return "image_urls is not a list, or empty"
    elif operation == VIDEOS:
        numbers = ("duration",)
        if not isinstance(scenes_of(body), list) or not scenes_of(body):
            return "the number of scenes is not known"
    elif _is_generation(operation, body):
        numbers = ("quantity", "duration")
    else:
        return ""
    for name in numbers:
        number = _whole_number(body.get(name))
        if number is None:
            continue
        if isinstance(number, bool) or not isinstance(number, int | float) or not 1 <= number <= _MAX_NUMBER:
            return f"{name} is {_short(body[name])}"
    audio = body.get("audio_option")
    return "" if audio is None or isinstance(audio, Mapping) else "audio_option is not an object"


def _whole_number(value: Any) -> Any:
    """Return the number that a text or float stands for, or the value itself."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}..."
