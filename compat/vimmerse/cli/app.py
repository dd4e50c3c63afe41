"""The commands as a tree, and how each of them ends."""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import click
from vimmerse import cli as door
from vimmerse.cli import checking, delegated, looking, making, offline
from vimmerse.cli.command import Group, State
from vimmerse.cli.outcome import CLOSED, DONE, USAGE, Problem, one_line, problem

COMPLETION = "_VIMMERSE_COMPLETE"


class Root(Group):
    """The program: whatever a command raises becomes an exit code and one line."""

    def main(  # type: ignore[override]  # click's takes more, all of them for standalone programs
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> Any:
        sys.exit(self.run(list(sys.argv[1:] if args is None else args)))

    def run(self, arguments: list[str]) -> int:
        """Run a command and give its exit code."""
        if COMPLETION in os.environ:  # the shell asks, not the user
            delegated.completable(self)
            super().main(arguments, prog_name="vimmerse", complete_var=COMPLETION)
        state = State()
        if sys.stdout is None:  # it was closed; the id of what is paid for must show all the same
            sys.stdout = sys.stderr or io.StringIO()
        try:
            code = self._invoke(arguments, state)
            sys.stdout.flush()
            return code
        except BrokenPipeError:
            # Who read our output has gone; the interpreter would complain about the rest of it at its end.
            door.forget_output()
            if state.course.stage in ("sending", "made"):
                return _tell(
                    Problem(CLOSED, f"Standard output is closed. {state.course.left()}"), state, document=False
                )
            return CLOSED
        except click.UsageError as error:
            where = error.ctx.command_path if error.ctx is not None else "vimmerse"
            text = error.format_message().rstrip(".")
            return _tell(
                Problem(USAGE, f"{text}{'' if text.endswith('?') else '.'} See: {where} --help"), state, document=False
            )
        except BaseException as error:
            if isinstance(error, SystemExit | GeneratorExit):
                raise
            if state.debug:
                lines = traceback.format_exception(error)
                click.echo("".join(lines).replace(state.secret or "\0", "***"), err=True, nl=False)
            return _tell(problem(error, state.course), state)

    def _invoke(self, arguments: list[str], state: State) -> int:
        try:
            with state.closing, self.make_context("vimmerse", arguments, obj=state) as context:
                code = self.invoke(context)
        except click.exceptions.Exit as done:
            return done.exit_code
        return code if isinstance(code, int) else DONE


def _tell(found: Problem, state: State, *, document: bool = True) -> int:
    click.echo(f"vimmerse: {one_line(found.text, state.secret)}", err=True)
    if document and state.screen is not None:
        try:
            state.screen.document(found.document(state.course))
            sys.stdout.flush()
        except OSError:
            door.forget_output()
    return found.code


def _show_version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        click.echo(f"vimmerse {door.version()}")
        context.exit()


@click.group(
    "vimmerse",
    cls=Root,
    help="Stories and media of the Vimmerse API, and programs that were written for its version 1.\n\n"
    "The key comes from the environment variable VIMMERSE_API_KEY, or from --api-key-file.",
    examples=[
        "vimmerse story create --idea 'Cute animals make music in a meadow' --wait --download film.mp4",
        "vimmerse media create --image a.png --prompt 'The sun rises' --wait --download out.mp4",
        "vimmerse run my_v1_program.py",
        "vimmerse check src/",
    ],
)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_show_version, help="Show the version."
)
def cli() -> None:
    pass


@click.group("story", cls=Group, help="Stories: films of several scenes, in one call or step by step.")
def story() -> None:
    pass


@click.group("media", cls=Group, help="Media: single clips.")
def media() -> None:
    pass


cli.add_command(story)
cli.add_command(media)
making.add_to(story, making.STORIES)
making.add_to(media, making.MEDIA)
looking.add_to(cli, story, media)
offline.add_to(cli)
checking.add_to(cli)
delegated.add_to(cli)


@cli.command(
    "completion",
    help="Print the script that completes this program's commands and options in a shell.",
    examples=[
        'eval "$(vimmerse completion bash)"      in ~/.bashrc',
        'eval "$(vimmerse completion zsh)"       in ~/.zshrc',
        "vimmerse completion fish > ~/.config/fish/completions/vimmerse.fish",
    ],
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    from click.shell_completion import ShellComplete, get_completion_class

    found = get_completion_class(shell)
    assert found is not None  # click brings these three
    # Not bash's own method: it starts a bash to see whether it is recent enough.
    click.echo(ShellComplete.source(found(cli, {}, "vimmerse", COMPLETION)))
