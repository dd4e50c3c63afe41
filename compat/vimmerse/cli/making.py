"""The commands that create or change something: a table, and the one function that carries them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import click
from vimmerse.cli import command, money
from vimmerse.cli import fields as v2
from vimmerse.cli.command import Command, Group, State
from vimmerse.cli.fields import Field
from vimmerse.cli.service import Call, Service, check_targets, headline


@dataclass(frozen=True, slots=True)
class Making:
    """One command.

    ``images``: the field that images become, if it takes any.
    ``waits``: whether it starts a job that ends by itself, with a film or clips.
    ``takes``: what the id that it takes belongs to, if it takes one.
    """

    name: str
    call: Call
    about: str
    examples: tuple[str, ...]
    fields: tuple[Field, ...] = ()
    images: Literal["", "image_urls", "media_items"] = ""
    waits: bool = False
    takes: str = ""

    def command(self) -> Command:
        """The command for click."""

        @click.pass_obj
        def carry_out(state: State, /, **options: Any) -> None:
            make(self, state, options)

        function: Callable[..., Any] = carry_out
        if self.waits:
            wait = click.option("--wait", "wait", is_flag=True, help="Wait until it is finished.")
            function = command.together(wait, command.waiting, command.saving)(function)
        function = command.together(command.agreement, command.as_json, command.connection)(function)
        function = command.together(*(field.declared() for field in self.fields), *v2.EXTRA)(function)
        if self.images:
            function = click.option(
                "--image",
                "images",
                type=command.Image(),
                multiple=True,
                metavar="FILE|URL",
                help=_IMAGES[self.images],
            )(function)
        if self.takes:
            function = command.job_id(f"{self.takes.upper()}_ID")(function)
        return click.command(self.name, cls=Command, help=self.about, examples=self.examples)(function)


_IMAGES = {
    "image_urls": "An image, which becomes a scene; a file is uploaded. To be given again for each.",
    "media_items": "The image that it begins with, and again for the one that it ends with; a file is uploaded.",
}

STORIES = (
    Making(
        "create",
        Call("POST /v2/story/idea-2-video", "story", "story.idea_to_video", "IdeaToVideoRequest"),
        "Make a whole film from an idea. Paid.",
        (
            "vimmerse story create --idea 'Cute animals make music in a meadow' --wait --download film.mp4",
            "vimmerse story create --idea '...' --scene-count 4 --video-tool AutoT1 --narrator Sarah --yes --json",
        ),
        (
            v2.IDEA,
            v2.TITLE,
            v2.ASPECT_RATIO,
            v2.SCENE_COUNT,
            v2.IMAGE_TOOL,
            v2.VIDEO_TOOL,
            v2.SCENE_DURATION,
            v2.TRANSITION,
            v2.ELEMENTS,
            *v2.STORY_AUDIO,
            v2.LANGUAGE,
            v2.WEBHOOK,
        ),
        waits=True,
    ),
    Making(
        "url",
        Call("POST /v2/story/url-2-video", "story", "story.url_to_video", "UrlToVideoRequest"),
        "Make a whole film about a website, whose address is in the idea. Paid.",
        ("vimmerse story url --idea 'A modern commercial for https://www.example.com/' --wait --download film.mp4",),
        (
            v2.IDEA,
            v2.TITLE,
            v2.ASPECT_RATIO,
            v2.SCENE_COUNT,
            v2.IMAGE_TOOL,
            v2.VIDEO_TOOL,
            v2.SCENE_DURATION,
            v2.TRANSITION,
            v2.ELEMENTS,
            *v2.STORY_AUDIO,
            v2.LANGUAGE,
            v2.WEBHOOK,
        ),
        waits=True,
    ),
    Making(
        "images",
        Call("POST /v2/story/images-2-video", "story", "story.images_to_video", "ImagesToVideoRequest"),
        "Make a whole film from images, a scene each. Paid.",
        ("vimmerse story images --image beach.png --image city.png --idea 'Two days away' --download film.mp4",),
        (
            v2.IDEA,
            v2.TITLE,
            v2.ASPECT_RATIO,
            v2.VIDEO_TOOL,
            v2.SCENE_DURATION,
            v2.TRANSITION,
            *v2.STORY_AUDIO,
            v2.LANGUAGE,
            v2.WEBHOOK,
        ),
        images="image_urls",
        waits=True,
    ),
    Making(
        "storyboard",
        Call("POST /v2/story", "story", "story.create_storyboard", "CreateStoryboardRequest"),
        "Step 1: create a story with its storyboard, from an idea, from images, or from both.",
        ("vimmerse story storyboard --idea 'A fox discovers a spring of lemonade' --scene-count 3",),
        (
            v2.IDEA,
            v2.TITLE,
            v2.SCENE_COUNT,
            v2.LANGUAGE,
            v2.ASPECT_RATIO,
            v2.ELEMENTS,
            *v2.STORY_AUDIO,
        ),
        images="image_urls",
    ),
    Making(
        "elements",
        Call("POST /v2/story/{story_id}/elements", "story", "story.create_elements", "CreateElementsRequest"),
        "Step 1.5: draw the characters, objects and environments of a story. Optional.",
        ("vimmerse story elements STORY_ID --image-tool Seedream",),
        (v2.IMAGE_TOOL, v2.ASPECT_RATIO, v2.STORYBOARD),
        takes="story",
    ),
    Making(
        "scenes",
        Call("POST /v2/story/{story_id}/scenes", "story", "story.create_scenes", "CreateScenesRequest"),
        "Step 2: make the images and the narration of a story's scenes.",
        ("vimmerse story scenes STORY_ID --narrator Rachel --no-bg-music",),
        (v2.IMAGE_TOOL, v2.ASPECT_RATIO, *v2.STORY_AUDIO, v2.STORYBOARD),
        takes="story",
    ),
    Making(
        "videos",
        Call("POST /v2/story/{story_id}/videos", "story", "story.create_videos", "CreateVideosRequest"),
        "Step 3: make the videos of a story's scenes, and its film. Paid.",
        ("vimmerse story videos STORY_ID --video-tool KlingAI --duration 5 --wait --download film.mp4",),
        (v2.TITLE, v2.VIDEO_TOOL, v2.DURATION, v2.TRANSITION, v2.STORYBOARD, v2.WEBHOOK),
        waits=True,
        takes="story",
    ),
    Making(
        "concat",
        Call("POST /v2/story/{story_id}/concat", "story", "story.concat_story", "ConcatStoryRequest"),
        "Compose the film of a story again, from all its videos or from those that are named.",
        (
            "vimmerse story concat STORY_ID",
            "vimmerse story concat STORY_ID --concat-video-url URL --concat-video-url URL --audio-url URL",
        ),
        (
            Field("concat_video_urls", "Address of a video; to be given again for each, in order.", "texts"),
            Field("audio_urls", "Address of the audio under it; to be given again for each.", "texts"),
        ),
        takes="story",
    ),
)

_GENERATION = (
    v2.PROMPT,
    v2.MEDIA_ITEMS,
    v2.VIDEO_TOOL,
    v2.QUANTITY,
    v2.DURATION,
    v2.LOOP,
    v2.ASPECT_RATIO,
    *v2.MEDIA_AUDIO,
    v2.PIPELINE,
)
MEDIA = (
    Making(
        "create",
        Call("POST /v2/media", "media", "media.create_media", "CreateMediaRequest"),
        "Make a clip from a prompt, from images, or from both. Paid.",
        (
            "vimmerse media create --image a.png --prompt 'The sun rises' --wait --download out.mp4",
            "vimmerse media create --image first.png --image last.png --duration 5 --max-credits 50 --yes",
            "vimmerse media create --prompt 'Waves' --quantity 2 --field pipeline_mode=Advanced --json",
        ),
        (v2.TITLE, v2.DESCRIPTION, *_GENERATION, v2.WEBHOOK),
        images="media_items",
        waits=True,
    ),
    Making(
        "update",
        Call("PUT /v2/media/{media_id}", "media", "media.update_media", "UpdateMediaRequest"),
        "Edit a media. Title, description, visibility, rating and webhook are free; anything else makes it anew, paid.",
        (
            "vimmerse media update MEDIA_ID --title 'A better title' --visibility-status 2",
            "vimmerse media update MEDIA_ID --video-tool KlingAI --duration 9 --wait --download out.mp4",
        ),
        (v2.TITLE, v2.DESCRIPTION, v2.VISIBILITY, v2.RATING, v2.WEBHOOK, *_GENERATION),
        images="media_items",
        waits=True,
        takes="media",
    ),
)


def add_to(group: Group, makings: Sequence[Making]) -> None:
    """Add these commands to a group."""
    for making in makings:
        group.add_command(making.command())


def make(making: Making, state: State, options: Mapping[str, Any]) -> None:
    """Carry a command out: check, price, ask, upload, send, wait, save. In this order, so that money comes late."""
    course, call = state.course, making.call
    course.kind, course.id = call.kind, str(options.get("id") or "")
    course.stage = "unsent"
    body = v2.body_of(making.fields, options)
    images = tuple(options.get("images", ()))
    _check_images(making, body, len(images))
    body.update(_placed(making, [str(image) for image in images]))  # the names are enough for a price
    path = Path(options["path"]) if options.get("path") else None
    if path is not None:
        course.path = str(path)
        count = body.get("quantity") if call.kind == "media" else 1
        check_targets(path, count if isinstance(count, int) else 1, overwrite=options["overwrite"])

    service = Service(state, options)
    service.body(call, body)
    estimate = money.price(call.operation, body, service.client, course.id)
    money.agree(service.screen, estimate, limit=options.get("max_credits"), yes=options["yes"])
    body.update(_placed(making, service.upload(images)))
    found = service.send(call, body, course.id)
    saved: list[Path] = []
    if making.waits and (options["wait"] or path is not None):
        found = service.wait(call.kind, course.id, options)
        service.screen.say(headline(found))
        if path is not None:
            saved = service.fetch(found, path, overwrite=options["overwrite"])
    document = found.to_dict()
    if saved:
        document["downloaded"] = [str(each) for each in saved]
    service.screen.document(document)


def _check_images(making: Making, body: Mapping[str, Any], count: int) -> None:
    if making.images == "media_items" and count > 2:
        raise click.UsageError("a media has a first and a last image, no more: give --image once or twice")
    if count and body.get(making.images):
        raise click.UsageError(f"{making.images} are given twice: by --image and in another way")


def _placed(making: Making, urls: Sequence[str]) -> dict[str, Any]:
    """The field that the images become."""
    if not urls:
        return {}
    if making.images == "image_urls":
        return {"image_urls": list(urls)}
    ends = zip(urls, ("First", "Last"), strict=False)
    return {"media_items": [{"type": "image", "url": url, "position": position} for url, position in ends]}
