"""Commands and groups as this program has them, and the options that many of them share."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click
from vimmerse.cli.outcome import Course

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem
    from vimmerse.cli.screen import Screen

if TYPE_CHECKING:
    _Type = click.ParamType[Any]
else:
    _Type = click.ParamType  # generic in the newest releases of click alone
Function = TypeVar("Function", bound=Callable[..., Any])
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class State:
    """What one run of the program knows: the click object of every command."""

    def __init__(self) -> None:
        self.course = Course()
        self.debug = False
        self.secret = ""  # the key, to be kept out of every text
        self.screen: Screen | None = None
        self.closing = ExitStack()  # what is to be closed at the end


def _set_debug(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        context.ensure_object(State).debug = True


class _WithExamples(click.Command):
    """A command whose help ends with examples, one a line, just as they are typed."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **options: Any) -> None:  # click's own arguments
        options.setdefault("context_settings", SETTINGS)
        super().__init__(*args, **options)
        self.examples = tuple(examples)
        debug = click.Option(
            ["--debug"],
            is_flag=True,
            expose_value=False,
            callback=_set_debug,
            help="Show where in the program an error comes from.",
        )
        self.params.append(debug)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_epilog(ctx, formatter)
        if self.examples:
            with formatter.section("Examples"):
                for example in self.examples:
                    formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


class Command(_WithExamples):
    """A command."""


class Group(_WithExamples, click.Group):
    """A group of commands; alone, it shows what it has."""

    command_class = Command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            # The same in every release of click: help, to standard error, since a command is missing.
            click.echo(ctx.get_help(), err=True)
            ctx.exit(2)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order of use, not of the alphabet


# Types


class Open(_Type):
    """One of some names, or any other: the service may know more by now."""

    name = "name"

    def __init__(self, values: Sequence[str]) -> None:
        self.values = tuple(values)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value).strip()
        if not text:
            self.fail("it must not be empty", param, ctx)
        if text not in self.values:
            import difflib

            lower = {known.lower(): known for known in self.values}
            near = difflib.get_close_matches(text.lower(), lower, 1, 0.8)
            if near:
                option = param.opts[0] if param is not None else "the value"
                click.echo(
                    f"vimmerse: {option} {text!r} is not one that is known, {lower[near[0]]} is; it is sent as it is",
                    err=True,
                )
        return text

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(known) for known in self.values if known.lower().startswith(incomplete.lower())]


class JsonFile(_Type):
    """A file with a JSON value; ``-`` is standard input."""

    name = "file"

    def __init__(self, kind: type, what: str) -> None:
        self.kind, self.what = kind, what

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, self.kind):
            return value
        try:
            text = sys.stdin.read() if value == "-" else Path(value).read_text(encoding="utf-8-sig")
            found = json.loads(text)
        except OSError as error:
            self.fail(f"{value}: {error.strerror}", param, ctx)
        except (ValueError, RecursionError) as error:
            self.fail(f"{value} holds no JSON ({error})", param, ctx)
        if not isinstance(found, self.kind):
            self.fail(f"{value} must hold {self.what}, not {type(found).__name__}", param, ctx)
        return found

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


class Pair(_Type):
    """``NAME=VALUE``."""

    name = "name=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return cast(tuple[str, str], value)
        name, equals, text = str(value).partition("=")
        if not name.strip() or not equals:
            self.fail(f"{value!r} is not NAME=VALUE", param, ctx)
        return name.strip(), text


class Credits(_Type):
    """A limit on credits. Not a number that no price is above: ``nan`` would be no limit at all."""

    name = "credits"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not number >= 0:
            self.fail(f"{value!r} is no number of credits, 0 or more", param, ctx)
        return number


class JobId(_Type):
    """The id of a story or media."""

    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from vimmerse.jobs.states import unusable_id

        why = unusable_id(value)
        if why:
            self.fail(f"it is no id: {why}", param, ctx)
        return str(value)


class Image(_Type):
    """An image: a file of this machine, or the address of one on the web."""

    name = "file or url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | Path:
        if isinstance(value, Path) or str(value).lower().startswith(("http://", "https://")):
            return cast("str | Path", value)
        path = Path(value)
        try:
            with path.open("rb") as file:
                empty = not file.read(1)
        except OSError as error:
            self.fail(f"{value}: {error.strerror}", param, ctx)
        if empty:
            self.fail(f"{value}: it is empty", param, ctx)
        return path

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


# Options that many commands share


def together(*options: Callable[[Function], Function]) -> Callable[[Function], Function]:
    """Several options as one decorator."""

    def decorate(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


KIND = click.argument("kind", type=click.Choice(["story", "media"]))


def job_id(name: str = "ID") -> Callable[[Function], Function]:
    """The argument that names a story or media."""
    return click.argument("id", type=JobId(), metavar=name)


as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document, for programs.")

connection = together(
    click.option(
        "--api-key-file",
        metavar="FILE",
        help="File that holds the key, - for standard input [default: the environment variable VIMMERSE_API_KEY].",
    ),
    click.option("--base-url", metavar="URL", help="Where the API is [default: VIMMERSE_BASE_URL, else the service]."),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        help="For one request: to connect, and of silence [default: 10 and 60].",
    ),
)

waiting = together(
    click.option(
        "--wait-timeout",
        type=click.FloatRange(min=0),
        metavar="SECONDS",
        help="How long to wait [default: an hour for a story, half an hour for a media].",
    ),
    click.option(
        "--interval",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        help="Between two looks [default: growing from 3 to 30].",
    ),
)

saving = together(
    click.option(
        "--download",
        "path",
        metavar="PATH",
        type=click.Path(dir_okay=False),
        help="Wait, and save the result there; more than one become PATH-2, PATH-3, ...",
    ),
    click.option("--overwrite", is_flag=True, help="Replace a file that is there."),
)

agreement = together(
    click.option("--yes", "-y", is_flag=True, help="Don't ask before credits are spent."),
    click.option(
        "--max-credits",
        type=Credits(),
        metavar="N",
        help="Don't send it if the estimate is above N credits.",
    ),
)
