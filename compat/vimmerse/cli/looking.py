"""The commands that look at what is there, wait for it, fetch it, or delete it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from vimmerse.cli import command
from vimmerse.cli.command import Command, Group, State
from vimmerse.cli.outcome import NOT_SENT, Kind, Stop
from vimmerse.cli.service import Service, check_targets, headline

if TYPE_CHECKING:
    from vimmerse.v2.models import Media, Story


@click.command(
    "get",
    cls=Command,
    help="Show a story.",
    examples=["vimmerse story get STORY_ID", "vimmerse story get STORY_ID --json"],
)
@command.job_id("STORY_ID")
@command.as_json
@command.connection
@click.pass_obj
def get_story(state: State, /, id: str, **options: Any) -> None:
    _show(Service(state, options), "story", id)


@click.command(
    "get",
    cls=Command,
    help="Show a media.",
    examples=["vimmerse media get MEDIA_ID", "vimmerse media get MEDIA_ID --fields processing_status,result --json"],
)
@command.job_id("MEDIA_ID")
@click.option("--fields", metavar="A,B", default="", help="Ask for these fields alone.")
@command.as_json
@command.connection
@click.pass_obj
def get_media(state: State, /, id: str, fields: str, **options: Any) -> None:
    names = [name.strip() for name in fields.split(",") if name.strip()]
    _show(Service(state, options), "media", id, names)


def _show(service: Service, kind: Kind, id: str, fields: list[str] | None = None) -> None:
    found = service.look(kind, id, fields or ())
    for line in described(found, id):
        service.screen.say(line)
    service.screen.document(found.to_dict())


def described(found: Story | Media, id: str) -> list[str]:
    """A story or media in a few lines."""
    values = found.to_dict()
    lines = [headline(found).replace("(no id)", id)]
    for name in ("title", "idea", "description", "used_credits", "created_at", "video_url"):
        if values.get(name) not in (None, ""):
            lines.append(f"  {name}: {values[name]}")
    scenes = (values.get("storyboard") or {}).get("scenes") or ()
    if scenes:
        lines.append(f"  scenes: {len(scenes)}")
    for item in values.get("result") or ():
        lines.append(f"  result: {item.get('url') if isinstance(item, dict) else item}")
    return lines


@click.command(
    "delete",
    cls=Command,
    help="Delete a story for good.",
    examples=["vimmerse story delete STORY_ID", "vimmerse story delete STORY_ID --yes"],
)
@command.job_id("STORY_ID")
@click.option("--yes", "-y", is_flag=True, help="Don't ask.")
@command.as_json
@command.connection
@click.pass_obj
def delete_story(state: State, /, id: str, yes: bool, **options: Any) -> None:
    from vimmerse.v2.api.story import delete_story

    service = Service(state, options)
    if not yes and service.screen.may_ask and not service.screen.ask(f"Delete the story {id} for good?"):
        raise Stop(NOT_SENT, "Declined: nothing was deleted. With --yes there is no question.")
    found = delete_story.sync(id, client=service.client)
    service.screen.say(f"Story {id}: deleted")
    service.screen.document(found.to_dict())


@click.command(
    "wait",
    cls=Command,
    help="Wait until a story or media is finished, which is free.",
    examples=[
        "vimmerse wait media MEDIA_ID",
        "vimmerse wait story STORY_ID --download film.mp4 --wait-timeout 7200",
    ],
)
@command.KIND
@command.job_id()
@command.waiting
@command.saving
@command.as_json
@command.connection
@click.pass_obj
def wait(state: State, /, kind: Kind, id: str, path: str | None, overwrite: bool, **options: Any) -> None:
    state.course.path = path or ""
    if path:
        check_targets(Path(path), 1, overwrite=overwrite)
    service = Service(state, options)
    found = service.wait(kind, id, options)
    for line in described(found, id):
        service.screen.say(line)
    document = found.to_dict()
    if path:
        document["downloaded"] = [str(each) for each in service.fetch(found, Path(path), overwrite=overwrite)]
    service.screen.document(document)


@click.command(
    "download",
    cls=Command,
    help="Save the film of a story, or the clips of a media, that is finished.",
    examples=[
        "vimmerse download story STORY_ID film.mp4",
        "vimmerse download media MEDIA_ID clip.mp4 --index 2 --overwrite",
    ],
)
@command.KIND
@command.job_id()
@click.argument("path", type=click.Path(dir_okay=False), required=False)
@click.option("--index", type=click.IntRange(min=1), metavar="N", help="The N-th clip of a media alone, from 1.")
@click.option("--overwrite", is_flag=True, help="Replace a file that is there.")
@command.as_json
@command.connection
@click.pass_obj
def download(
    state: State, /, kind: Kind, id: str, path: str | None, index: int | None, overwrite: bool, **options: Any
) -> None:
    target = Path(path or f"{Path(id).name}.mp4")
    state.course.path = str(target)
    check_targets(target, 1, overwrite=overwrite)
    service = Service(state, options)
    found = service.look(kind, id)
    saved = service.fetch(found, target, overwrite=overwrite, index=None if index is None else index - 1)
    service.screen.document({**found.to_dict(), "downloaded": [str(each) for each in saved]})


def add_to(cli: Group, story: Group, media: Group) -> None:
    """Add these commands to their groups."""
    story.add_command(get_story)
    story.add_command(delete_story)
    media.add_command(get_media)
    cli.add_command(wait)
    cli.add_command(download)
