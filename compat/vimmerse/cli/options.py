"""Parameter types, and options that several commands share."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click
from click import Argument, Option

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class KnownNames(click.Choice):  # type: ignore[type-arg]  # generic only in recent releases of click
    """One of these names, or any other: the service may know more. Warns of a name that looks misspelled."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        name = str(value).strip()
        if not name:
            self.fail("it must not be empty", param, ctx)
        if name not in self.choices:
            import difflib

            by_lower = {known.lower(): known for known in self.choices}
            for match in difflib.get_close_matches(name.lower(), by_lower, 1, 0.8):
                hint = f"{name!r} is not a known name; did you mean {by_lower[match]}? Sending it"
                click.echo(f"vimmerse: {param.opts[0] if param else 'the value'} {hint}", err=True)
        return name

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        # click.Choice's own completes the names in lower case.
        return [CompletionItem(name) for name in self.choices if name.lower().startswith(incomplete.lower())]


class JsonFile(click.Path):
    """A file with a JSON object (``dict``) or array (``list``); ``-`` is standard input."""

    def __init__(self, kind: type) -> None:
        super().__init__()
        self.kind = kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        import json
        from pathlib import Path

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

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value.lower().startswith(("http://", "https://")):
            return value
        from pathlib import Path

        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not path.stat().st_size:
            self.fail(f"{value}: it is empty", param, ctx)
        return path


# Functions as types: click adds the name of the option to the error.


def pair(value: str) -> tuple[str, str]:
    name, equals, text = value.partition("=")
    if not name.strip() or not equals:
        raise click.BadParameter(f"{value!r} is not NAME=VALUE")
    return name.strip(), text


def credits(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1
    if not number >= 0:  # or nan, which no price is above
        raise click.BadParameter(f"{value!r} is not a number of credits, 0 or more")
    return number


def job_id(value: str) -> str:
    from vimmerse.jobs.states import unusable_id

    problem = unusable_id(value)
    if problem:
        raise click.BadParameter(f"it is not an id: {problem}")
    return value


def integer_option(name: str, help: str) -> Option:
    return Option([name], type=click.IntRange(min=1), metavar="N", help=help)


def max_credits_option(help: str) -> Option:
    return Option(["--max-credits"], type=credits, metavar="N", help=help)


def pairs_option(*names: str, metavar: str, help: str) -> Option:
    return Option(names, type=pair, multiple=True, metavar=metavar, help=help)


KIND = Argument(["kind"], type=click.Choice(["story", "media"]))
ID = Argument(["id"], type=job_id, metavar="ID")
STORY_ID = Argument(["id"], type=job_id, metavar="STORY_ID")
MEDIA_ID = Argument(["id"], type=job_id, metavar="MEDIA_ID")
JSON_OUTPUT = Option(["--json", "as_json"], is_flag=True, help="Print one JSON document, for programs.")
YES = Option(["--yes", "-y"], is_flag=True, help="Don't ask for confirmation.")
OVERWRITE = Option(["--overwrite"], is_flag=True, help="Replace an existing file.")

_KEY_HELP = "File with the key, - for standard input [default: the environment variable VIMMERSE_API_KEY]."
_TIMEOUT_HELP = "For one request: to connect, and between bytes [default: 10 and 60]."
_WAIT_HELP = "How long to wait [default: 1 hour for a story, 30 minutes for a media]."
_DOWNLOAD_HELP = "Wait, and save the result there; further results become PATH-2, PATH-3, ..."
_POSITIVE = click.FloatRange(min=0, min_open=True)
BASE_URL = Option(
    ["--base-url"], metavar="URL", help="Where the API is [default: VIMMERSE_BASE_URL, else the service]."
)
CONNECTION = [
    Option(["--api-key-file"], metavar="FILE", help=_KEY_HELP),
    BASE_URL,
    Option(["--timeout"], type=_POSITIVE, metavar="SECONDS", help=_TIMEOUT_HELP),
]
WAITING = [
    Option(["--wait-timeout"], type=click.FloatRange(min=0), metavar="SECONDS", help=_WAIT_HELP),
    Option(
        ["--interval"], type=_POSITIVE, metavar="SECONDS", help="Between two polls [default: increasing from 3 to 30]."
    ),
]
SAVING = [
    Option(["--download", "path"], type=click.Path(dir_okay=False), metavar="PATH", help=_DOWNLOAD_HELP),
    OVERWRITE,
]
