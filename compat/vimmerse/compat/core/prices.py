"""What a call will cost, as far as the vendor's pages tell (``api/v2-story.txt``).

``used_credits ≈ rate x scene_count x scene_duration x (2 with native audio)``. The page contradicts itself on Vidu: its
table says 10 credits a second, its example computes with 5. The table counts here, the dearer of the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vimmerse.compat.core.record import Record

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


class Estimate(Record):
    """An estimate in credits, and what it assumes.

    ``assumptions`` is empty where every factor is known and the vendor documents the formula for this call.
    """

    __slots__ = ("credits", "assumptions")  # noqa: RUF023  # in the order of __init__
    credits: float
    assumptions: tuple[str, ...]

    def __init__(self, credits: float, assumptions: tuple[str, ...] = ()) -> None:
        self._fill(credits=credits, assumptions=assumptions)

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(self.credits + other.credits, tuple(dict.fromkeys((*self.assumptions, *other.assumptions))))

    def __str__(self) -> str:
        tail = f" (assuming: {'; '.join(self.assumptions)})" if self.assumptions else ""
        return f"about {self.credits:g} credits{tail}"


FREE = Estimate(0)

#: v2 calls that make videos from scenes, and so follow the documented formula.
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
    return Estimate(rate * seconds * (2 if native is True else 1), tuple(assumptions))


def estimate_call(operation: str, body: Mapping[str, Any]) -> Estimate:
    """The estimated price of a v2 call by its template (``POST /v2/media``) and its JSON body, in credits.

    Free calls and the story's planning steps, which the vendor shows with ``used_credits: 0``, cost nothing.
    """
    audio = body.get("audio_option")
    native = isinstance(audio, Mapping) and audio.get("native_audio") is True
    tool = body.get("video_tool")
    assumptions: list[str] = []
    if tool is None:
        tool = "Auto"
    if operation in _FLOWS:
        images = body.get("image_urls")
        if operation.endswith("/images-2-video") and isinstance(images, list):
            count: float = len(images)
        else:
            count = _number(body.get("scene_count"), 3, "scene_count", assumptions)
        duration = _number(body.get("scene_duration"), 5, "scene_duration", assumptions)
        return _price(tool, count * duration, native, assumptions)
    if operation == "POST /v2/story/{story_id}/videos":
        board = body.get("storyboard")
        scenes = board.get("scenes") if isinstance(board, Mapping) else None
        if isinstance(scenes, list):
            count = len(scenes)
        else:
            count = 3
            assumptions.append("the story has 3 scenes")
        duration = _number(body.get("duration"), 5, "duration", assumptions)
        return _price(tool, count * duration, native, assumptions)
    if operation == "POST /v2/media" or (
        operation == "PUT /v2/media/{media_id}" and not FREE_MEDIA_FIELDS.issuperset(body)
    ):
        assumptions.append("a media costs what a scene of its length costs")
        quantity = _number(body.get("quantity"), 1, "quantity", assumptions)
        duration = _number(body.get("duration"), 5, "duration", assumptions)
        return _price(tool, quantity * duration, native, assumptions)
    return FREE


def _number(value: Any, default: int, name: str, assumptions: list[str]) -> float:
    if value is None:
        return default
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return value
    assumptions.append(f"{name} is {default}, since {value!r} is no number")
    return default
