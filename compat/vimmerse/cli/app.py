"""The command tree, and the exit code of each command."""

import io
import os
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

import click
from vimmerse.cli.base import Group, State, command
from vimmerse.cli.delegation import COMMANDS, DELEGATED, HELP, discard_output
from vimmerse.cli.errors import masked, one_line, report_of
from vimmerse.cli.exit_codes import DONE

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMPLETION_VARIABLE = "_VIMMERSE_COMPLETE"


@command(
    "completion",
    examples=[
        'eval "$(vimmerse completion bash)"      in ~/.bashrc',
        'eval "$(vimmerse completion zsh)"       in ~/.zshrc',
        "vimmerse completion fish > ~/.config/fish/completions/vimmerse.fish",
    ],
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes commands and options in a shell."""
    from click.shell_completion import ShellComplete, get_completion_class

    completion_class = get_completion_class(shell)
    assert completion_class is not None  # click supports these three
    # Not bash's own method, which starts bash to check its version.
    click.echo(ShellComplete.source(completion_class(cli, {}, "vimmerse", COMPLETION_VARIABLE)))


class _Commands(Mapping[str, click.Command]):
    """The commands by name, each loaded when it is used."""

    def __getitem__(self, name: str) -> click.Command:
        module, attribute, line = COMMANDS[name]
        if name in DELEGATED:
            from vimmerse.cli.commands.delegated import DelegatedCommand

            return DelegatedCommand(name, line)
        loaded: click.Command = getattr(import_module(module), attribute)
        return loaded

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Program(Group):
    """The top-level command, whose help and completion load no subcommand."""

    def get_help(self, ctx: click.Context) -> str:
        return HELP

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        names = [name for name in COMMANDS if name.startswith(incomplete)]
        items = [CompletionItem(name, help=COMMANDS[name][2]) for name in names]
        return items + click.Command.shell_complete(self, ctx, incomplete)


cli = _Program("vimmerse", help=HELP, commands=_Commands())
click.version_option(package_name="vimmerse", message="%(prog)s %(version)s", help="Show the version.")(cli)


def run(arguments: list[str]) -> int:
    """Run a command and return its exit code; every error becomes one line."""
    if COMPLETION_VARIABLE in os.environ:  # set by the completion script
        cli.main(arguments, prog_name="vimmerse", complete_var=COMPLETION_VARIABLE)
    if sys.stdout is None:  # it was closed; the id of a paid job must still be shown
        sys.stdout = sys.stderr or io.StringIO()
    state = State()
    state.arguments = tuple(arguments)
    for argument in arguments:
        state.mask_url(argument.partition("=")[2] if argument.startswith("-") and "=" in argument else argument)
    try:
        with cli.make_context("vimmerse", arguments, obj=state) as context:
            exit_code: int | None = cli.invoke(context)
        sys.stdout.flush()
        return exit_code or DONE
    except click.exceptions.Exit as error:
        return error.exit_code
    except (SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        return _report(error, state)


def _report(error: BaseException, state: State) -> int:
    """Print an error, and return its exit code."""
    report = report_of(error, state.job)
    if isinstance(error, BrokenPipeError):
        discard_output()
    if state.debug and report.details is not None:
        import traceback

        lines = "".join(traceback.format_exception(error))
        click.echo(masked(lines, state.secrets), err=True, nl=False)
    if report.message:
        click.echo(f"vimmerse: {one_line(report.message, state.secrets)}", err=True)
    if report.details is not None and state.console is not None:
        try:
            state.console.print_json(report.document(state.job))
            sys.stdout.flush()
        except OSError:
            discard_output()
    return report.exit_code
