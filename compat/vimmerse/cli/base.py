"""Commands and groups with examples in their help and ``--debug``, and the state of one run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click
from vimmerse.cli.errors import JobContext

if TYPE_CHECKING:
    from vimmerse.cli.console import Console

CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

_MIN_SECRET_LENGTH = 8


class State:
    """The state of one run: the click object of every command."""

    def __init__(self) -> None:
        self.arguments: tuple[str, ...] = ()  # of the program; empty if it was not started by its own main()
        self.job = JobContext()
        self.debug = False
        self.secrets: list[str] = []  # masked in all output
        self.console: Console | None = None  # None until the command line is parsed

    def mask(self, secret: str) -> None:
        """Mask a secret in all output. A very short one is a placeholder, and masking it would garble the output."""
        if len(secret) >= _MIN_SECRET_LENGTH:
            self.secrets.append(secret)

    def mask_url(self, url: str) -> None:
        """Mask the password of a URL in all output."""
        for password in passwords_of(url):
            self.mask(password)


def passwords_of(url: str) -> set[str]:
    """Return the password of a URL, in its user information or its query, as it is spelled and decoded."""
    if "://" not in url:
        return set()
    from urllib.parse import parse_qs, unquote, urlsplit

    try:
        parts = urlsplit(url)
        found = {parts.password or "", *parse_qs(parts.query).get("password", ())} - {""}
    except ValueError:  # half an IPv6 address
        found = {url.rpartition("@")[0].rpartition(":")[2]}
    return found | {unquote(password) for password in found}


pass_state: Callable[[Callable[..., Any]], Callable[..., Any]] = click.make_pass_decorator(State, ensure=True)


def _set_debug(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        context.ensure_object(State).debug = True


_DEBUG = click.Option(["--debug"], is_flag=True, expose_value=False, callback=_set_debug, help="Show tracebacks.")


class Command(click.Command):
    """A command whose help ends with examples, one per line, exactly as they are typed."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **options: Any) -> None:
        options.setdefault("context_settings", CONTEXT_SETTINGS)
        super().__init__(*args, **options)
        self.examples = tuple(examples)
        self.params.append(_DEBUG)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.examples:
            with formatter.section("Examples"):
                formatter.write("".join(f"  {example}\n" for example in self.examples))


class Group(Command, click.Group):
    """A group that prints its help, as an error, if no command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            # Releases of click before 8.2 print it to standard output and exit with 0.
            click.echo(ctx.get_help(), err=True)
            ctx.exit(2)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # not sorted by name


command = partial(click.command, cls=Command)
