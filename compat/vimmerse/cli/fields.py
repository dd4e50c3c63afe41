"""v2's request fields as options: one table for each body (``openapi/v2.yaml``).

An option bears its field's name; what lies inside ``audio_option`` has an option of its own. Fields that the service
adds later go with ``--field`` or ``--json-file``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args

import click
from vimmerse.cli.command import JsonFile, Open, Pair
from vimmerse.v2.models.aspect_ratio import AspectRatio
from vimmerse.v2.models.image_tool import ImageTool
from vimmerse.v2.models.language import Language
from vimmerse.v2.models.narrator import Narrator
from vimmerse.v2.models.pipeline_mode import PipelineMode
from vimmerse.v2.models.video_tool import VideoTool
from vimmerse.v2.models.visibility_status import VisibilityStatus

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a body.

    ``to``: its name, with a dot where it lies in ``audio_option``.
    ``values``: names that are known; any other passes too.
    """

    to: str
    help: str
    kind: Literal["text", "number", "flag", "object", "array", "texts"] = "text"
    values: tuple[str, ...] = ()

    @property
    def parameter(self) -> str:
        """The name under which click hands the value over."""
        return self.to.replace(".", "__")

    @property
    def option(self) -> str:
        """The option's name."""
        return "--" + self.to.rpartition(".")[2].removesuffix("s" if self.kind == "texts" else "").replace("_", "-")

    def declared(self) -> Callable[[Function], Function]:
        """The option."""
        text = f"{self.help} [{', '.join(self.values)}, ...]" if self.values else self.help
        if self.kind == "flag":
            bare = self.option.removeprefix("--").removeprefix("has-").removeprefix("is-")
            both = f"{self.option}/--no-{bare}"
            return click.option(both, self.parameter, default=None, help=text)
        if self.kind == "number":
            return click.option(self.option, self.parameter, type=click.IntRange(min=1), metavar="N", help=text)
        if self.kind == "texts":
            return click.option(self.option, self.parameter, multiple=True, metavar="URL", help=text)
        if self.kind in ("object", "array"):
            kind, what = (dict, "a JSON object") if self.kind == "object" else (list, "a JSON array")
            return click.option(self.option, self.parameter, type=JsonFile(kind, what), metavar="FILE", help=text)
        metavar = "NAME" if self.values else "URL" if self.to.endswith("_url") else "TEXT"
        values = Open(self.values) if self.values else None
        return click.option(self.option, self.parameter, type=values, metavar=metavar, help=text)


def _named(to: str, help: str, known: Any) -> Field:  # a Literal is no type to mypy
    return Field(to, help, values=get_args(known))


IDEA = Field("idea", "What the film is about.")
TITLE = Field("title", "Its title.")
DESCRIPTION = Field("description", "Its description.")
ASPECT_RATIO = _named("aspect_ratio", "Format.", AspectRatio)
SCENE_COUNT = Field("scene_count", "Number of scenes.", "number")
IMAGE_TOOL = _named("image_tool", "What draws.", ImageTool)
VIDEO_TOOL = _named("video_tool", "What animates, which sets the price.", VideoTool)
SCENE_DURATION = Field("scene_duration", "Seconds a scene, 5 or 10.", "number")
TRANSITION = Field("is_transition", "Let each scene flow into the next one.", "flag")
ELEMENTS = Field("elements", "JSON file with characters, environments and objects, - for standard input.", "object")
STORYBOARD = Field("storyboard", "JSON file with a storyboard that replaces the story's own, - for stdin.", "object")
LANGUAGE = _named("language", "Language of the narration.", Language)
WEBHOOK = Field("webhook_url", "Told when it is final.")
STORY_AUDIO = (
    _named("audio_option.narrator", "The voice.", Narrator),
    Field("audio_option.has_narration", "Speak the story [default: yes].", "flag"),
    Field("audio_option.has_bg_music", "Play music [default: yes].", "flag"),
    Field("audio_option.native_audio", "Sound effects and lip sync; no narration then, double the price.", "flag"),
)
PROMPT = Field("prompt", "What the clip shall show.")
MEDIA_ITEMS = Field("media_items", "JSON file with an array of images, videos and audio, - for stdin.", "array")
QUANTITY = Field("quantity", "How many clips, 1 to 4.", "number")
DURATION = Field("duration", "Length in seconds, 1 to 10.", "number")
LOOP = Field("loop", "How often the motion is repeated, 1 to 6.", "number")
PIPELINE = _named("pipeline_mode", "How much work goes into images and video.", PipelineMode)
MEDIA_AUDIO = (
    _named("audio_option.narrator", "The voice that speaks the narration.", Narrator),
    Field("audio_option.narration", "The text to speak."),
    Field("audio_option.narration_url", "Address of a recording that is used instead."),
    Field("audio_option.bg_music_prompt", "What the music sounds like."),
    Field("audio_option.bg_music_url", "Address of a music track."),
    Field("audio_option.native_audio", "Sound effects and lip sync; double the price.", "flag"),
)
VISIBILITY = _named("visibility_status", "Who can see it: 0 private, 1 unlisted, 2 public. Free.", VisibilityStatus)
RATING = Field("rating", "The rating given to it. Free.")


EXTRA = (
    click.option(
        "--json-file",
        type=JsonFile(dict, "a JSON object"),
        metavar="FILE",
        help="The body, or part of it, as a JSON object, - for standard input; options go before it.",
    ),
    click.option(
        "--field",
        "extra",
        type=Pair(),
        multiple=True,
        metavar="NAME=VALUE",
        help="Any other field; a value that is JSON is sent as such, and NAME may be OBJECT.NAME.",
    ),
)


def body_of(fields: Sequence[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """The body that these options make. Raises ``UsageError``."""
    body: dict[str, Any] = dict(given.get("json_file") or {})
    for field in fields:
        value = given.get(field.parameter)
        if value is not None and value != ():
            _put(body, field.to, list(value) if isinstance(value, tuple) else value)
    for name, text in given.get("extra", ()):
        _put(body, name, _value(text))
    return body


def _put(body: dict[str, Any], to: str, value: Any) -> None:
    outer, dot, inner = to.partition(".")
    if not dot:
        body[to] = value
        return
    found = body.get(outer, {})
    if not isinstance(found, dict):
        raise click.UsageError(f"{to} can't be set: {outer} is no object")
    found = body[outer] = dict(found)
    _put(found, inner, value)


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
