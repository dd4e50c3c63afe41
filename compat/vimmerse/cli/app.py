"""The command tree, and the exit code of each command."""

import io
import os
import sys
import traceback

import click
from vimmerse.cli.base import Group, State, command
from vimmerse.cli.commands import check, create, delegated, estimate, read, translate
from vimmerse.cli.delegation import discard_output
from vimmerse.cli.errors import one_line, report_of
from vimmerse.cli.exit_codes import DONE

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


cli = Group(
    "vimmerse",
    help="Create stories and media with the Vimmerse API, and run programs written for its version 1.\n\n"
    "The key comes from the environment variable VIMMERSE_API_KEY, or from --api-key-file.",
    examples=[
        "vimmerse story create --idea 'Cute animals make music in a meadow' --wait --download video.mp4",
        "vimmerse media create --image a.png --prompt 'The sun rises' --wait --download out.mp4",
        "vimmerse run my_v1_program.py",
        "vimmerse check src/",
    ],
    commands=[
        Group(
            "story",
            help="Stories: videos of several scenes, in one call or step by step.",
            commands=[*create.STORY_COMMANDS, read.get_story, read.delete_story],
        ),
        Group("media", help="Media: single clips.", commands=[*create.MEDIA_COMMANDS, read.get_media]),
        read.wait,
        read.download,
        estimate.estimate_command,
        translate.translate_command,
        check.check_command,
        *delegated.DELEGATED_COMMANDS,
        completion,
    ],
)
click.version_option(package_name="vimmerse", message="%(prog)s %(version)s", help="Show the version.")(cli)


def run(arguments: list[str]) -> int:
    """Run a command and return its exit code; every error becomes one line."""
    if COMPLETION_VARIABLE in os.environ:  # set by the completion script
        cli.main(arguments, prog_name="vimmerse", complete_var=COMPLETION_VARIABLE)
    if sys.stdout is None:  # it was closed; the id of a paid job must still be shown
        sys.stdout = sys.stderr or io.StringIO()
    state = State()
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
        lines = "".join(traceback.format_exception(error))
        click.echo(lines.replace(state.api_key or "\0", "***"), err=True, nl=False)
    if report.message:
        click.echo(f"vimmerse: {one_line(report.message, state.api_key)}", err=True)
    if report.details is not None and state.console is not None:
        try:
            state.console.print_json(report.document(state.job))
            sys.stdout.flush()
        except OSError:
            discard_output()
    return report.exit_code
