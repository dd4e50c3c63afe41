"""The commands that have a command line of their own, as click knows them: their help, and their completion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click
from vimmerse import cli as door
from vimmerse.cli.command import SETTINGS, Command, Group

if TYPE_CHECKING:
    from argparse import Action

    from click.shell_completion import CompletionItem

_ABOUT = {
    "run": (
        "Run a v1 program as it is, its calls made on v2.",
        "vimmerse run --max-credits 300 make_video.py 'My idea'",
    ),
    "serve": ("Serve v1 on this machine for programs in any language.", "vimmerse serve --port 8080"),
    "emulate": ("Serve both versions of the API on this machine, for tests.", "vimmerse emulate --port 8080"),
    "demo": ("Show a v1 program running on v2, against an emulator.", "vimmerse demo --out out"),
}


def add_to(cli: Group) -> None:
    """Add these commands, each of which takes all of its arguments as they are."""
    for name in door.DELEGATED:
        cli.add_command(_delegated(name))


def _delegated(name: str) -> Command:
    """``main`` sees to it before click is loaded, mostly."""

    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def return_unchanged(arguments: tuple[str, ...]) -> int:
        return door.delegate(name, list(arguments))

    about, example = _ABOUT[name]
    settings = {"ignore_unknown_options": True, "allow_interspersed_args": False, "help_option_names": []}
    return click.command(name, cls=Command, help=about, examples=[example], context_settings=settings)(return_unchanged)


# Completion


def completable(cli: Group) -> None:
    """Put in their places commands that a shell can complete, and that do nothing."""
    from vimmerse.compat.gateway.cli import parser

    serve = [_option(action) for action in parser()._actions if action.dest != "help"]
    for command in (_Completed("serve", serve), _Completed("run", tuple(_run_parameters()))):
        cli.add_command(command)


class _Completed(click.Command):
    """Offers its options until there is a program: what follows that is the program's."""

    def __init__(self, name: str, params: Sequence[click.Parameter]) -> None:
        super().__init__(name, params=list(params), context_settings={**SETTINGS, "allow_interspersed_args": False})

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        if any(ctx.params.get(name) for name in ("program", "module", "code")):
            return []
        return super().shell_complete(ctx, incomplete)


def _run_parameters() -> Iterator[click.Parameter]:
    from vimmerse.compat.core.policy import MODES
    from vimmerse.compat.run.runner import FLAGS, OPTIONS

    for option in OPTIONS:
        yield click.Option([option], type=click.Choice(MODES) if option == "--mode" else str)
    for flag in FLAGS:
        yield click.Option([flag], is_flag=True)
    yield click.Option(["-m", "module"], help="Run a module.")
    yield click.Option(["-c", "code"], help="Run this code.")
    yield click.Argument(["program"], type=click.Path())
    yield click.Argument(["arguments"], type=click.Path(), nargs=-1)


def _option(action: Action) -> click.Option:
    """An option of argparse as one of click."""
    given: dict[str, Any] = {"is_flag": True} if action.nargs == 0 else {"type": str}
    if action.choices is not None:
        given["type"] = click.Choice([str(choice) for choice in action.choices])
    return click.Option(list(action.option_strings), help=action.help, **given)
