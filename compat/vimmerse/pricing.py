"""What a call will cost, as far as the vendor's pages tell (``api/v2-story.txt``).

``used_credits ≈ rate x scene_count x scene_duration x (2 with native audio)``. The page contradicts itself on Vidu: its
table says 10 credits a second, its example computes with 5. The table counts here, the dearer of the two.

Laws:

* An estimate is never below the formula: what can be read in two ways counts as the dearer one.
* :func:`estimate_call` shows people a price and assumes what it is not told; :func:`unpriced` says what it had to
  assume without a ground, and then a limit refuses the call.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Credits a second of video, by video tool.
RATES: Mapping[str, int] = {
    "Auto": 10,
    "KlingAI": 10,
    "Seedance": 10,
    "Pixverse": 10,
    "VeoFast": 10,
    "Vidu": 10,
    "AutoT1": 5,
    "PVideo": 5,
    "VeoLite": 5,
}
STANDARD_RATE = 10


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate in credits, and what it assumes.

    ``assumptions`` is empty where every factor is known and the vendor documents the formula for this call.
    """

    credits: float
    assumptions: tuple[str, ...] = ()

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(self.credits + other.credits, tuple(dict.fromkeys((*self.assumptions, *other.assumptions))))

    def __str__(self) -> str:
        tail = f" (assuming: {'; '.join(self.assumptions)})" if self.assumptions else ""
        return f"about {self.credits:g} credits{tail}"


FREE = Estimate(0)

#: v2 calls that make videos from scenes, and so follow the documented formula.
VIDEOS = "POST /v2/story/{story_id}/videos"
CREATE = "POST /v2/media"
UPDATE = "PUT /v2/media/{media_id}"
_FLOWS = frozenset({"POST /v2/story/idea-2-video", "POST /v2/story/url-2-video", "POST /v2/story/images-2-video"})
#: The fields that an update of a media changes without a new generation.
FREE_MEDIA_FIELDS = frozenset({"title", "description", "visibility_status", "rating", "webhook_url"})


def estimate(
    *,
    video_tool: str = "Auto",
    scene_count: int = 3,
    scene_duration: int = 5,
    native_audio: bool = False,
) -> Estimate:
    """The estimated price of a one-call story, in credits.

    ``scene_count``: number of scenes (3 where v2 is told none). ``scene_duration``: seconds a scene (5 or 10).
    Raises ``ValueError`` for a count or duration below 1.
    """
    if scene_count < 1 or scene_duration < 1:
        raise ValueError("scene_count and scene_duration must be 1 or more")
    return _price(video_tool, scene_count * scene_duration, native_audio, [])


def _price(tool: Any, seconds: float, native: Any, assumptions: list[str]) -> Estimate:
    rate = RATES.get(tool) if isinstance(tool, str) else None
    if rate is None:
        rate = STANDARD_RATE
        assumptions.append(f"{tool!r} costs {rate} credits a second, as the standard tools do")
    elif tool == "Vidu":
        assumptions.append("Vidu costs 10 credits a second (the vendor's page says 10 and 5)")
    return Estimate(rate * seconds * (2 if native else 1), tuple(assumptions))


def estimate_call(operation: str, body: Mapping[str, Any]) -> Estimate:
    """The estimated price of a v2 call by its template (``POST /v2/media``) and its JSON body, in credits.

    Free calls and the story's planning steps, which the vendor shows with ``used_credits: 0``, cost nothing.
    """
    native = is_native(body.get("audio_option"))
    tool = body.get("video_tool")
    assumptions: list[str] = []
    if tool is None:
        tool = "Auto"
    if operation in _FLOWS:
        count = _count(operation, body, assumptions)
        duration = _number(body.get("scene_duration"), 5, "scene_duration", assumptions)
        return _price(tool, count * duration, native, assumptions)
    if operation == VIDEOS:
        scenes = _scenes(body)
        if isinstance(scenes, list):
            count = len(scenes)
        else:
            count = 3
            assumptions.append("the story has 3 scenes")
        duration = _number(body.get("duration"), 5, "duration", assumptions)
        return _price(tool, count * duration, native, assumptions)
    if operation == CREATE or (operation == UPDATE and not FREE_MEDIA_FIELDS.issuperset(body)):
        assumptions.append("a media costs what a scene of its length costs")
        quantity = _number(body.get("quantity"), 1, "quantity", assumptions)
        duration = _number(body.get("duration"), 5, "duration", assumptions)
        return _price(tool, quantity * duration, native, assumptions)
    return FREE


def _count(operation: str, body: Mapping[str, Any], assumptions: list[str]) -> float:
    images = body.get("image_urls")
    if operation.endswith("/images-2-video") and isinstance(images, list):
        return len(images)
    count = _number(body.get("scene_count"), 3, "scene_count", assumptions)
    # Images of another flow are no field of its, but a server may take them.
    return max(count, len(images)) if isinstance(images, list) else count


def _scenes(body: Mapping[str, Any]) -> Any:
    board = body.get("storyboard")
    return board.get("scenes") if isinstance(board, Mapping) else None


def is_native(audio: Any) -> bool:
    """Whether this ``audio_option`` may ask for native audio: in any spelling, or in none that can be read."""
    if not isinstance(audio, Mapping):
        return audio is not None
    value = audio.get("native_audio")
    return value is not None and not _is_false(value)


def _number(value: Any, default: int, name: str, assumptions: list[str]) -> float:
    if value is None:
        return default
    number = _whole_number(value)
    if isinstance(number, int | float) and not isinstance(number, bool) and number >= 0:
        return number if number <= _LARGEST else math.inf
    assumptions.append(f"{name} is {default}, since {_short(value)} is no number")
    return default


_LARGEST = 10**9  # beyond any price; and a float holds no number of 400 digits


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}..."


def unpriced(operation: str, body: Mapping[str, Any]) -> str:
    """What of a v2 call's body can't be priced, and why; empty where all can."""
    numbers: tuple[str, ...] = ()
    if operation in _FLOWS:
        numbers = ("scene_count", "scene_duration")
        images = body.get("image_urls")
        if images is not None and not (isinstance(images, list) and images):
            return "image_urls is no list, or an empty one"
    elif operation == VIDEOS:
        numbers = ("duration",)
        if not isinstance(_scenes(body), list) or not _scenes(body):
            return "the number of scenes is not known"
    elif operation == CREATE or (operation == UPDATE and not FREE_MEDIA_FIELDS.issuperset(body)):
        numbers = ("quantity", "duration")
    else:
        return ""
    for name in numbers:
        number = _whole_number(body.get(name))
        if number is None:
            continue
        if isinstance(number, bool) or not isinstance(number, int | float) or not 1 <= number <= _LARGEST:
            return f"{name} is {_short(body[name])}"
    audio = body.get("audio_option")
    return "" if audio is None or isinstance(audio, Mapping) else "audio_option is no object"


def _whole_number(value: Any) -> Any:
    """Return the number that a text or float stands for, or the value itself."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_false(value: Any) -> bool:
    """Whether a server surely reads this as false. Any other value may be read as true, which costs more."""
    if isinstance(value, str):
        return value.strip().lower() in ("false", "0", "no", "off", "n", "f")
    return isinstance(value, int) and value == 0
