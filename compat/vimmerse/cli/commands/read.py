"""The commands that show, await, download or delete what exists."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from vimmerse.cli.base import State, command, pass_state
from vimmerse.cli.errors import CommandError, JobKind
from vimmerse.cli.exit_codes import NOT_SENT
from vimmerse.cli.options import CONNECTION, ID, JSON_OUTPUT, KIND, MEDIA_ID, OVERWRITE, SAVING, STORY_ID, WAITING, YES
from vimmerse.cli.service import Service, check_targets, headline

if TYPE_CHECKING:
    from vimmerse.v2.models import Media, Story

_FIELDS = click.Option(["--fields"], metavar="A,B", default="", help="Request these fields only.")
_PATH = click.Argument(["path"], type=click.Path(dir_okay=False), required=False)
_INDEX = click.Option(["--index"], type=click.IntRange(min=1), metavar="N", help="Only the N-th clip, counted from 1.")


@command(
    "get",
    params=[STORY_ID, JSON_OUTPUT, *CONNECTION],
    examples=["vimmerse story get STORY_ID", "vimmerse story get STORY_ID --json"],
)
@pass_state
def get_story(state: State, id: str, **options: Any) -> None:
    """Show a story."""
    _show(Service(state, options), "story", id)


@command(
    "get",
    params=[MEDIA_ID, _FIELDS, JSON_OUTPUT, *CONNECTION],
    examples=["vimmerse media get MEDIA_ID", "vimmerse media get MEDIA_ID --fields processing_status,result --json"],
)
@pass_state
def get_media(state: State, id: str, fields: str, **options: Any) -> None:
    """Show a media."""
    names = [name.strip() for name in fields.split(",") if name.strip()]
    _show(Service(state, options), "media", id, names)


def _show(service: Service, kind: JobKind, id: str, fields: Sequence[str] = ()) -> None:
    job = service.get(kind, id, fields)
    _print_details(service, job, id)
    service.console.print_json(job.to_dict())


def _print_details(service: Service, job: Story | Media, id: str) -> None:
    show = service.console.print
    values = job.to_dict()
    show(headline(job).replace("(no id)", id))
    for name in ("title", "idea", "description", "used_credits", "created_at", "video_url"):
        if values.get(name) not in (None, ""):
            show(f"  {name}: {values[name]}")
    scenes = (values.get("storyboard") or {}).get("scenes") or ()
    if scenes:
        show(f"  scenes: {len(scenes)}")
    for result in values.get("result") or ():
        show(f"  result: {result.get('url') if isinstance(result, dict) else result}")


@command(
    "delete",
    params=[STORY_ID, YES, JSON_OUTPUT, *CONNECTION],
    examples=["vimmerse story delete STORY_ID", "vimmerse story delete STORY_ID --yes"],
)
@pass_state
def delete_story(state: State, id: str, yes: bool, **options: Any) -> None:
    """Delete a story permanently."""
    from vimmerse.v2.api.story import delete_story

    service = Service(state, options)
    if not yes and service.console.can_ask and not service.console.confirm(f"Delete the story {id} permanently?"):
        raise CommandError(NOT_SENT, "Declined: nothing was deleted. Use --yes to skip the question.")
    response = delete_story.sync(id, client=service.client)
    service.console.print(f"Story {id}: deleted")
    service.console.print_json(response.to_dict())


@command(
    "wait",
    params=[KIND, ID, *WAITING, *SAVING, JSON_OUTPUT, *CONNECTION],
    examples=["vimmerse wait media MEDIA_ID", "vimmerse wait story STORY_ID --download video.mp4 --wait-timeout 7200"],
)
@pass_state
def wait(state: State, kind: JobKind, id: str, path: str | None, overwrite: bool, **options: Any) -> None:
    """Wait until a story or media is finished. Free."""
    state.job.path = path or ""
    if path:
        check_targets(Path(path), 1, overwrite=overwrite)
    service = Service(state, options)
    job = service.wait(kind, id, options)
    _print_details(service, job, id)
    document = job.to_dict()
    if path:
        document["downloaded"] = service.save(job, Path(path), overwrite=overwrite)
    service.console.print_json(document)


@command(
    "download",
    params=[KIND, ID, _PATH, _INDEX, OVERWRITE, JSON_OUTPUT, *CONNECTION],
    examples=["vimmerse download story STORY_ID video.mp4", "vimmerse download media MEDIA_ID clip.mp4 --index 2"],
)
@pass_state
def download(
    state: State, kind: JobKind, id: str, path: str | None, index: int | None, overwrite: bool, **options: Any
) -> None:
    """Save the video of a finished story, or the clips of a finished media."""
    target = Path(path or f"{Path(id).name}.mp4")
    state.job.path = str(target)
    check_targets(target, 1, overwrite=overwrite)
    service = Service(state, options)
    job = service.get(kind, id)
    paths = service.save(job, target, overwrite=overwrite, index=None if index is None else index - 1)
    service.console.print_json({**job.to_dict(), "downloaded": paths})
