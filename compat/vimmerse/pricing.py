"""What a call will cost, as far as the vendor's pages tell (``api/v2-story.txt``).

``used_credits ≈ rate x scene_count x scene_duration x (2 with native audio)``. Rates, factors, defaults and which call
costs what are those of ``openapi/v2.yaml`` (``x-price``, ``x-default``).

An estimate is never below the formula: what can be read in two ways counts as the more expensive one.
:func:`estimate_call` is for people, and assumes default values; :func:`unpriced` returns what it had to assume
without a reason, and then a credit limit rejects the call.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vimmerse.v2 import facts

#: Credits a second of video, by video tool.
RATES = facts.RATES
#: The tool to assume where any may be used.
MOST_EXPENSIVE_TOOL = max(RATES, key=RATES.__getitem__)
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
STORY = "POST /v2/story/idea-2-video"
#: The fields of an update of a media that start no generation.
FREE_MEDIA_FIELDS = facts.FREE_FIELDS.get(UPDATE, frozenset())


def default(operation: str, field: str) -> Any:
    """Return what v2 uses if a field is omitted; of an update, which keeps what it was, what the creation uses."""
    return next(
        facts.DEFAULTS[each][field] for each in (operation, CREATE, STORY) if field in facts.DEFAULTS.get(each, ())
    )


def estimate(
    *,
    video_tool: str | None = None,
    scene_count: int | None = None,
    scene_duration: int | None = None,
    native_audio: bool = False,
) -> Estimate:
    """Return the estimated price of a one-call story, in credits. What is None is v2's default.

    Args:
        video_tool: A v2 video tool.
        scene_count: The number of scenes.
        scene_duration: Seconds per scene, 5 or 10.
        native_audio: Whether the scenes have native audio.

    Raises:
        ValueError: A count or duration is below 1.
    """
    tool: str = default(STORY, "video_tool") if video_tool is None else video_tool
    count: int = default(STORY, "scene_count") if scene_count is None else scene_count
    duration: int = default(STORY, "scene_duration") if scene_duration is None else scene_duration
    if count < 1 or duration < 1:
        raise ValueError("scene_count and scene_duration must be 1 or more")
    return _price(tool, count * duration, native_audio, [])


def _price(tool: Any, seconds: float, native: Any, assumptions: list[str]) -> Estimate:
    rate = RATES.get(tool) if isinstance(tool, str) else None
    if rate is None:
        rate = RATES[MOST_EXPENSIVE_TOOL]
        assumptions.append(f"{tool!r} costs {rate} credits a second, as the most expensive tools do")
    elif tool in facts.RATE_NOTES:
        assumptions.append(f"{tool} costs {rate} credits a second ({facts.RATE_NOTES[tool]})")
    return Estimate(rate * seconds * (facts.NATIVE_AUDIO_FACTOR if native else 1), tuple(assumptions))


def estimate_call(operation: str, body: Mapping[str, Any]) -> Estimate:
    """Return the estimated price of a v2 call by its template (``POST /v2/media``) and JSON body, in credits.

    Free calls and the planning steps of a story, which the vendor shows with ``used_credits: 0``, cost nothing.
    """
    assumptions: list[str] = []
    if not is_paid(operation, body):
        unpublished = operation in facts.UNPUBLISHED_PRICES
        return Estimate(0, ("this call is free, since the vendor publishes no price for it",)) if unpublished else FREE
    if operation in facts.INFERRED_PRICES:
        assumptions.append(facts.INFERRED_PRICES[operation])
    counted, lasting = facts.PAID[operation]
    count = _count(operation, body, counted, assumptions)
    duration = _number(operation, body, lasting, assumptions)
    tool = body.get("video_tool")
    tool = default(operation, "video_tool") if tool is None else tool
    return _price(tool, count * duration, is_native(body.get("audio_option")), assumptions)


def is_paid(operation: str, body: Mapping[str, Any]) -> bool:
    """Return whether a v2 call costs credits by a published formula."""
    return operation in facts.PAID and not (
        operation in facts.FREE_FIELDS and facts.FREE_FIELDS[operation].issuperset(body)
    )


def _count(operation: str, body: Mapping[str, Any], name: str, assumptions: list[str]) -> float:
    if name == "storyboard.scenes":
        scenes = scenes_of(body)
        if isinstance(scenes, list):
            return len(scenes)
        count: int = default(operation, "scene_count")
        assumptions.append(f"the story has {count} scenes")
        return count
    images = body.get("image_urls")
    if name == "image_urls":
        return len(images) if isinstance(images, list) else _number(operation, body, "scene_count", assumptions)
    number = _number(operation, body, name, assumptions)
    # The other operations have no field for images, but a server may take them.
    return max(number, len(images)) if isinstance(images, list) else number


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


def _number(operation: str, body: Mapping[str, Any], name: str, assumptions: list[str]) -> float:
    number = _whole_number(body.get(name))
    if isinstance(number, int | float) and not isinstance(number, bool) and number >= 0:
        return number if number <= _MAX_NUMBER else math.inf
    assumed: int = default(operation, name)
    if number is not None:
        assumptions.append(f"{name} is {assumed}, since {_short(body[name])} is not a valid number")
    return assumed


def unpriced(operation: str, body: Mapping[str, Any]) -> str:
    """Return what of a v2 call's body can't be priced, and why, or empty text."""
    if not is_paid(operation, body):
        return ""
    counted, lasting = facts.PAID[operation]
    if counted == "storyboard.scenes":
        if not isinstance(scenes_of(body), list) or not scenes_of(body):
            return "the number of scenes is not known"
    elif counted in ("scene_count", "image_urls"):
        images = body.get("image_urls")
        if images is not None and not (isinstance(images, list) and images):
            return "image_urls is not a list, or empty"
    numbers = {"storyboard.scenes": (), "image_urls": ("scene_count",)}.get(counted, (counted,))
    for name in (*numbers, lasting):
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
