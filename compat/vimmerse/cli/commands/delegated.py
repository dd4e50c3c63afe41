"""run, serve, emulate and demo, which parse their own arguments, as click commands: for the help and for completion."""

from collections.abc import Iterator

import click
from click.shell_completion import CompletionItem
from vimmerse.cli.base import Command
from vimmerse.cli.delegation import delegate

_UNPARSED = {"ignore_unknown_options": True, "allow_interspersed_args": False, "help_option_names": []}


class DelegatedCommand(Command):
    """Passes all arguments on; only completion knows the options."""

    def __init__(self, name: str, help: str) -> None:
        super().__init__(
            name,
            params=[click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED)],
            callback=lambda arguments: delegate(name, list(arguments)),
            context_settings=_UNPARSED,
            help=help,
        )

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        known = {"run": _run_params, "serve": _serve_params}.get(str(self.name))
        if known is None or not ctx.resilient_parsing:
            return super().get_params(ctx)
        return list(known())

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        if any(ctx.params.get(name) for name in ("program", "module", "code")):
            return []  # options of the program that is run
        return super().shell_complete(ctx, incomplete)


def _run_params() -> Iterator[click.Parameter]:
    from vimmerse.compat.core.policy import MODES
    from vimmerse.compat.process.runner import FLAGS, OPTIONS

    for option in OPTIONS:
        yield click.Option([option], type=click.Choice(MODES) if option == "--mode" else str)
    for flag in (*FLAGS, "--help"):
        yield click.Option([flag], is_flag=True)
    yield click.Option(["-m", "module"])
    yield click.Option(["-c", "code"])
    yield click.Argument(["program"], type=click.Path())
    yield click.Argument(["arguments"], type=click.Path(), nargs=-1)


def _serve_params() -> Iterator[click.Parameter]:
    from vimmerse.compat.gateway.cli import parser

    for action in parser()._actions:  # argparse has no public way to list them
        values = None if action.choices is None else click.Choice([str(choice) for choice in action.choices])
        yield click.Option(list(action.option_strings), is_flag=action.nargs == 0, type=values, help=action.help)
