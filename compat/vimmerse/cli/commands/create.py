"""The commands that create or change something."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
from click import Option
from vimmerse.cli import options
from vimmerse.cli.base import Command, Group, State, pass_state
from vimmerse.cli.commands import estimate, read
from vimmerse.cli.delegation import COMMANDS
from vimmerse.cli.fields import EXTRA_FIELDS, build_body, field_options, operation
from vimmerse.cli.service import Service, check_targets, headline

_IMAGE_HELP = {
    "image_urls": "An image, which becomes a scene; a file is uploaded. Repeat it for more.",
    "media_items": "The first frame and, if repeated, the last one; a file is uploaded.",
}
# The option for each field of a body that has images.
_IMAGE_OPTIONS = {
    field: Option(["--image", "images"], type=options.Image(), multiple=True, metavar="FILE|URL", help=help)
    for field, help in _IMAGE_HELP.items()
}


class CreateCommand(Command):
    """A command that sends a body to an operation of v2.

    ``waits``: whether the job ends by itself, with a video or clips.
    """

    def __init__(self, name: str, path: str, *, help: str, examples: Sequence[str], waits: bool = False) -> None:
        self.operation = operation(path)
        fields = list(field_options(self.operation.model))
        self.images = next((str(field.name) for field in fields if field.name in _IMAGE_OPTIONS), "")
        self.fields = [field for field in fields if field.name != "image_urls"]  # which is --image
        self.waits = waits
        params: list[click.Parameter] = []
        if "{" in path:
            params.append(options.STORY_ID if self.operation.kind == "story" else options.MEDIA_ID)
        if self.images:
            params.append(_IMAGE_OPTIONS[self.images])
        params += [*self.fields, *EXTRA_FIELDS, options.YES]
        params.append(options.max_credits_option("Don't send it if it would cost more than N credits."))
        params += [options.JSON_OUTPUT, *options.CONNECTION]
        if waits:
            wait = Option(["--wait"], is_flag=True, help="Wait until it is finished.")
            params += [wait, *options.WAITING, *options.SAVING]
        super().__init__(name, params=params, callback=pass_state(partial(_create, self)), help=help, examples=examples)


def _create(command: CreateCommand, state: State, /, **values: Any) -> None:
    """Validate, price, confirm, upload, send, wait, save. In this order, so that nothing is paid for an error."""
    job, operation = state.job, command.operation
    job.kind, job.id, job.stage = operation.kind, values.get("id", ""), "unsent"
    body = build_body(command.fields, values)
    images = values.get("images", ())
    if command.images == "media_items" and len(images) > 2:
        raise click.UsageError("a media has a first and a last image, no more: use --image once or twice")
    if images and body.get(command.images):
        raise click.UsageError(f"{command.images} is given twice: with --image and in another way")
    body.update(_images_field(command.images, [str(image) for image in images]))  # the count sets the price
    path = Path(values["path"]) if values.get("path") else None
    if path is not None:
        job.path = str(path)
        count = body.get("quantity") if job.kind == "media" else 1
        check_targets(path, count if isinstance(count, int) else 1, overwrite=values["overwrite"])

    service = Service(state, values)
    service.parse_body(operation, body)
    price = estimate.price_of(operation.name, body, service, job.id)
    estimate.confirm(service, price, limit=values["max_credits"], yes=values["yes"])
    body.update(_images_field(command.images, service.upload(images)))
    result = service.send(operation, body, job.id)
    downloaded = {}
    if command.waits and (values["wait"] or path is not None):
        result = service.wait(job.kind, job.id, values)
        service.console.print(headline(result))
        if path is not None:
            downloaded["downloaded"] = service.save(result, path, overwrite=values["overwrite"])
    service.console.print_json({**result.to_dict(), **downloaded})


def _images_field(field: str, urls: Sequence[str]) -> dict[str, Any]:
    if not urls:
        return {}
    if field == "image_urls":
        return {"image_urls": list(urls)}
    frames = zip(urls, ("First", "Last"), strict=False)
    return {"media_items": [{"type": "image", "url": url, "position": position} for url, position in frames]}


STORY_COMMANDS = [
    CreateCommand(
        "create",
        "POST /v2/story/idea-2-video",
        help="Create a complete video from an idea. Paid.",
        examples=[
            "vimmerse story create --idea 'Cute animals make music in a meadow' --wait --download video.mp4",
            "vimmerse story create --idea '...' --scene-count 4 --video-tool AutoT1 --narrator Sarah --yes --json",
        ],
        waits=True,
    ),
    CreateCommand(
        "url",
        "POST /v2/story/url-2-video",
        help="Create a complete video about a website; the idea contains its URL. Paid.",
        examples=["vimmerse story url --idea 'A commercial for https://www.example.com/' --wait --download video.mp4"],
        waits=True,
    ),
    CreateCommand(
        "images",
        "POST /v2/story/images-2-video",
        help="Create a complete video from images, one scene for each. Paid.",
        examples=["vimmerse story images --image beach.png --image city.png --idea 'A weekend' --download video.mp4"],
        waits=True,
    ),
    CreateCommand(
        "storyboard",
        "POST /v2/story",
        help="Step 1: create a story with its storyboard, from an idea, images, or both.",
        examples=["vimmerse story storyboard --idea 'A fox discovers a spring of lemonade' --scene-count 3"],
    ),
    CreateCommand(
        "elements",
        "POST /v2/story/{story_id}/elements",
        help="Step 1.5: draw the characters, objects and environments of a story. Optional.",
        examples=["vimmerse story elements STORY_ID --image-tool Seedream"],
    ),
    CreateCommand(
        "scenes",
        "POST /v2/story/{story_id}/scenes",
        help="Step 2: create the images and the narration of a story's scenes.",
        examples=["vimmerse story scenes STORY_ID --narrator Rachel --no-bg-music"],
    ),
    CreateCommand(
        "videos",
        "POST /v2/story/{story_id}/videos",
        help="Step 3: create the videos of a story's scenes, and the video of the story. Paid.",
        examples=["vimmerse story videos STORY_ID --video-tool KlingAI --duration 5 --wait --download video.mp4"],
        waits=True,
    ),
    CreateCommand(
        "concat",
        "POST /v2/story/{story_id}/concat",
        help="Join the videos of a story again: all of them, or those that are named.",
        examples=[
            "vimmerse story concat STORY_ID",
            "vimmerse story concat STORY_ID --concat-video-url URL --concat-video-url URL --audio-url URL",
        ],
    ),
]

MEDIA_COMMANDS = [
    CreateCommand(
        "create",
        "POST /v2/media",
        help="Create clips from a prompt, images, or both. Paid.",
        examples=[
            "vimmerse media create --image a.png --prompt 'The sun rises' --wait --download out.mp4",
            "vimmerse media create --image first.png --image last.png --duration 5 --max-credits 50 --yes",
            "vimmerse media create --prompt 'Waves' --quantity 2 --field pipeline_mode=Advanced --json",
        ],
        waits=True,
    ),
    CreateCommand(
        "update",
        "PUT /v2/media/{media_id}",
        help="Change a media. Free for title, description, visibility, rating and webhook; otherwise paid.",
        examples=[
            "vimmerse media update MEDIA_ID --title 'A better title' --visibility-status 2",
            "vimmerse media update MEDIA_ID --video-tool KlingAI --duration 9 --wait --download out.mp4",
        ],
        waits=True,
    ),
]

story = Group("story", help=COMMANDS["story"][2], commands=[*STORY_COMMANDS, read.get_story, read.delete_story])
media = Group("media", help=COMMANDS["media"][2], commands=[*MEDIA_COMMANDS, read.get_media])
