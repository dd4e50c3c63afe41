"""What a call will cost, and whether to make it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vimmerse.cli.outcome import NOT_SENT, Stop
from vimmerse.pricing import Estimate, estimate_call

if TYPE_CHECKING:
    from vimmerse.cli.screen import Screen
    from vimmerse.v2 import AuthenticatedClient

VIDEOS = "POST /v2/story/{story_id}/videos"
UPDATE = "PUT /v2/media/{media_id}"


def price(operation: str, body: Mapping[str, Any], client: AuthenticatedClient, id: str) -> Estimate:
    """The estimate for a call. What the body leaves open is looked up, which is free."""
    found = estimate_call(operation, body)
    if found.credits and operation == VIDEOS and "storyboard" not in body:
        return estimate_call(operation, {**_storyboard(client, id), **body})
    if found.credits and operation == UPDATE:
        return estimate_call(operation, {**_generation(client, id), **body})
    return found


def _storyboard(client: AuthenticatedClient, id: str) -> dict[str, Any]:
    from vimmerse.v2.api.story import get_story

    story = get_story.sync(id, client=client).to_dict()
    board = story.get("storyboard")
    return {"storyboard": board} if isinstance(board, dict) and isinstance(board.get("scenes"), list) else {}


def _generation(client: AuthenticatedClient, id: str) -> dict[str, Any]:
    """What a new generation takes over from the media as it is."""
    from vimmerse.v2.api.media import get_media

    media = get_media.sync(id, client=client).to_dict()
    preset = media.get("pose_preset") or {}
    found = {
        "video_tool": preset.get("motion_type"),
        "quantity": preset.get("quantity"),
        "duration": preset.get("motion_length"),
        "audio_option": {"native_audio": (media.get("submit_params") or {}).get("native_audio")},
    }
    return {name: value for name, value in found.items() if value is not None}


def agree(screen: Screen, found: Estimate, *, limit: float | None, yes: bool) -> None:
    """Show the price and have it agreed to.

    Raises:
        Stop: it is above the limit, or somebody said no.
    """
    if limit is not None and found.credits > limit:
        raise Stop(
            NOT_SENT,
            f"It would cost {found}, and the limit is {limit:g}: nothing was sent. "
            "Raise --max-credits, or ask for less.",
        )
    if not found.credits:
        return
    screen.note(f"Estimate: {found}")
    if not yes and screen.may_ask and not screen.ask("Go on?"):
        raise Stop(NOT_SENT, "Declined: nothing was sent. With --yes there is no question.")
