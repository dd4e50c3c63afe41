"""Parameter types, and options that several commands share."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click import Option

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    _StringType = click.ParamType[Any]
else:
    _StringType = click.ParamType  # generic only in recent releases of click

# Types. click adds the name of the option to a BadParameter.


class KnownNames(_StringType):
    """One of these names, or any other: the service may know more. Warns of a name that looks misspelled."""

    name = "name"

    def __init__(self, values: Sequence[str]) -> None:
        self.values = tuple(values)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        name = str(value).strip()
        if not name:
            self.fail("it must not be empty", param, ctx)
        if name not in self.values:
            by_lower = {known.lower(): known for known in self.values}
            for match in difflib.get_close_matches(name.lower(), by_lower, 1, 0.8):
                option = param.opts[0] if param is not None else "the value"
                known = by_lower[match]
                click.echo(
                    f"vimmerse: {option} {name!r} is not a known name; did you mean {known}? Sending it", err=True
                )
        return name

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(known) for known in self.values if known.lower().startswith(incomplete.lower())]


class JsonFile(click.Path):
    """A file with a JSON object (``dict``) or array (``list``); ``-`` is standard input."""

    def __init__(self, kind: type) -> None:
        super().__init__()
        self.kind = kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            content = json.loads(sys.stdin.read() if value == "-" else Path(value).read_text(encoding="utf-8-sig"))
        except OSError as error:
            self.fail(f"{value}: {error.strerror}", param, ctx)
        except (ValueError, RecursionError) as error:
            self.fail(f"{value} is not valid JSON ({error})", param, ctx)
        if not isinstance(content, self.kind):
            expected = "a JSON object" if self.kind is dict else "a JSON array"
            self.fail(f"{value} must contain {expected}, not {type(content).__name__}", param, ctx)
        return content


class Image(click.Path):
    """An image: the path of a file, or a URL."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if str(value).lower().startswith(("http://", "https://")):
            return value
        try:
            with open(value, "rb") as file:
                empty = not file.read(1)
        except OSError as error:
            self.fail(f"{value}: {error.strerror}", param, ctx)
        if empty:
            self.fail(f"{value}: it is empty", param, ctx)
        return Path(value)


def pair(value: str) -> tuple[str, str]:
    """Parse ``NAME=VALUE``."""
    name, equals, text = value.partition("=")
    if not name.strip() or not equals:
        raise click.BadParameter(f"{value!r} is not NAME=VALUE")
    return name.strip(), text


def credits(value: str) -> float:
    """Parse a limit. ``nan`` is rejected: no price is above it, so it would be no limit."""
    try:
        number = float(value)
    except ValueError:
        number = -1
    if not number >= 0:
        raise click.BadParameter(f"{value!r} is not a number of credits, 0 or more")
    return number


def job_id(value: str) -> str:
    """Check the id of a story or media."""
    from vimmerse.jobs.states import unusable_id

    problem = unusable_id(value)
    if problem:
        raise click.BadParameter(f"it is not an id: {problem}")
    return value


# Options


def number(name: str, help: str) -> Option:
    """An option that takes an integer above 0."""
    return Option([name], type=click.IntRange(min=1), metavar="N", help=help)


def seconds(name: str, help: str, *, zero: bool = False) -> Option:
    """An option that takes a number of seconds."""
    return Option([name], type=click.FloatRange(min=0, min_open=not zero), metavar="SECONDS", help=help)


KIND = click.Argument(["kind"], type=click.Choice(["story", "media"]))
ID = click.Argument(["id"], type=job_id, metavar="ID")
STORY_ID = click.Argument(["id"], type=job_id, metavar="STORY_ID")
MEDIA_ID = click.Argument(["id"], type=job_id, metavar="MEDIA_ID")
JSON_OUTPUT = Option(["--json", "as_json"], is_flag=True, help="Print one JSON document, for programs.")
YES = Option(["--yes", "-y"], is_flag=True, help="Don't ask for confirmation.")
OVERWRITE = Option(["--overwrite"], is_flag=True, help="Replace an existing file.")
BASE_URL = Option(
    ["--base-url"], metavar="URL", help="Where the API is [default: VIMMERSE_BASE_URL, else the service]."
)


def image_option(help: str) -> Option:
    """The option for images."""
    return Option(["--image", "images"], type=Image(), multiple=True, metavar="FILE|URL", help=help)


def max_credits_option(help: str) -> Option:
    """The option for a credit limit."""
    return Option(["--max-credits"], type=credits, metavar="N", help=help)


CONNECTION = [
    Option(
        ["--api-key-file"],
        metavar="FILE",
        help="File with the key, - for standard input [default: the environment variable VIMMERSE_API_KEY].",
    ),
    BASE_URL,
    seconds("--timeout", "For one request: to connect, and between bytes [default: 10 and 60]."),
]
WAITING = [
    seconds("--wait-timeout", "How long to wait [default: 1 hour for a story, 30 minutes for a media].", zero=True),
    seconds("--interval", "Between two polls [default: increasing from 3 to 30]."),
]
SAVING = [
    Option(
        ["--download", "path"],
        metavar="PATH",
        type=click.Path(dir_okay=False),
        help="Wait, and save the result there; further results become PATH-2, PATH-3, ...",
    ),
    OVERWRITE,
]
