"""Prices: ``vimmerse estimate``, and the confirmation before a paid call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click
from click import Argument, Option
from vimmerse.cli.base import State, command, pass_state
from vimmerse.cli.console import Console
from vimmerse.cli.errors import CommandError
from vimmerse.cli.exit_codes import NOT_SENT
from vimmerse.cli.fields import field_options
from vimmerse.cli.options import JSON_OUTPUT, integer_option, max_credits_option
from vimmerse.pricing import CREATE, STORY, UPDATE, VIDEOS, Estimate, default, estimate_call

if TYPE_CHECKING:
    from vimmerse.cli.service import Service

# For each kind of job: a call with the documented price, and the options that are fields of its body.
_CALLS = {
    "story": (STORY, ("video_tool", "scene_count", "scene_duration")),
    "media": (CREATE, ("video_tool", "duration", "quantity")),
}


@command(
    "estimate",
    params=[
        Argument(["kind"], type=click.Choice(["story", "media"]), default="story"),
        *(option for option in field_options("CreateVideosRequest") if option.name == "video_tool"),
        integer_option("--scene-count", f"Scenes of a story [default: {default(STORY, 'scene_count')}]."),
        integer_option("--scene-duration", f"Seconds per scene [default: {default(STORY, 'scene_duration')}]."),
        integer_option("--duration", f"Seconds of a media [default: {default(CREATE, 'duration')}]."),
        integer_option("--quantity", f"Clips of a media [default: {default(CREATE, 'quantity')}]."),
        Option(["--native-audio"], is_flag=True, help="With sound effects and lip sync."),
        max_credits_option("Exit with 6 if it is above N credits."),
        JSON_OUTPUT,
    ],
    examples=[
        "vimmerse estimate --scene-count 4 --scene-duration 10 --video-tool AutoT1",
        "vimmerse estimate media --duration 10 --quantity 2 --native-audio",
    ],
)
@pass_state
def estimate_command(
    state: State, kind: str, as_json: bool, native_audio: bool, max_credits: float | None, **fields: Any
) -> None:
    """Compute the price of a story (the default) or a media. Nothing is sent."""
    console = state.console = Console(as_json)
    operation, known = _CALLS[kind]
    for name, value in fields.items():
        if value is not None and name not in known:
            raise click.UsageError(f"--{name.replace('_', '-')} is not an option of a {kind}")
    price = estimate_call(operation, {**fields, "audio_option": {"native_audio": native_audio}})
    _check_limit(price, max_credits)
    console.print(str(price))
    console.print_json(estimate_document(price))


def _check_limit(price: Estimate, limit: float | None) -> None:
    if limit is not None and price.credits > limit:
        text = (
            f"It would cost {price}, and the limit is {limit:g}: nothing was sent. Raise --max-credits or ask for less."
        )
        raise CommandError(NOT_SENT, text)


def estimate_document(price: Estimate) -> dict[str, object]:
    return {"credits": price.credits, "assumptions": list(price.assumptions)}


def price_of(operation: str, body: Mapping[str, Any], service: Service, id: str) -> Estimate:
    """Return the price of a v2 call. What the body leaves open is looked up, which is free."""
    price = estimate_call(operation, body)
    if price.credits and operation == VIDEOS and "storyboard" not in body:
        storyboard = service.get("story", id).to_dict().get("storyboard")
        if isinstance(storyboard, dict) and isinstance(storyboard.get("scenes"), list):
            return estimate_call(operation, {"storyboard": storyboard, **body})
    elif price.credits and operation == UPDATE:
        media = service.get("media", id).to_dict()
        preset = media.get("pose_preset") or {}
        kept = {  # by a new generation
            "video_tool": preset.get("motion_type"),
            "quantity": preset.get("quantity"),
            "duration": preset.get("motion_length"),
            "audio_option": {"native_audio": (media.get("submit_params") or {}).get("native_audio")},
        }
        return estimate_call(operation, {**kept, **body})
    return price


def confirm(service: Service, price: Estimate, *, limit: float | None, yes: bool) -> None:
    """Show the price and, on a terminal, ask for confirmation. Raises ``CommandError`` unless the call may be sent."""
    _check_limit(price, limit)
    if not price.credits:
        return
    service.console.note(f"Estimate: {price}")
    if not yes and service.console.can_ask and not service.console.confirm("Continue?"):
        raise CommandError(NOT_SENT, "Declined: nothing was sent. Use --yes to skip the question.")
