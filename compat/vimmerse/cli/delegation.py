"""The commands, the top-level help, and the commands that parse their own arguments.

Loads next to nothing, neither click nor Rich, so that help and ``vimmerse run`` start at once.
"""

import sys
from importlib import import_module

from vimmerse.cli.exit_codes import CLOSED, INTERRUPTED, USAGE

TYPE_CHECKING = False  # type checkers take it for true; the typing module itself is not needed
if TYPE_CHECKING:
    from collections.abc import Callable

#: Commands that parse everything after their name themselves: module, function, and the line in ``vimmerse --help``.
DELEGATED = {
    "run": ("vimmerse.compat.process.runner", "run_script", "Run a v1 program, unmodified, on v2."),
    "serve": ("vimmerse.compat.gateway.cli", "main", "Serve v1 on this machine, for programs in any language."),
    "emulate": ("vimmerse.emulator", "serve", "Serve both versions of the API on this machine, for tests."),
    "demo": ("vimmerse.cli.demo", "main", "Show a v1 program running on v2, against an emulator."),
}
_COMMANDS = "vimmerse.cli.commands"
#: All commands in the order of the help: module, click command, and the line in ``vimmerse --help``.
COMMANDS = {
    "story": (f"{_COMMANDS}.create", "story", "Stories: videos of several scenes, in one call or step by step."),
    "media": (f"{_COMMANDS}.create", "media", "Media: single clips."),
    "wait": (f"{_COMMANDS}.read", "wait", "Wait until a story or media is finished."),
    "download": (f"{_COMMANDS}.read", "download", "Save the video of a story, or the clips of a media."),
    "batch": (f"{_COMMANDS}.batch", "batch", "Many stories and media from a table, within a budget."),
    "estimate": (f"{_COMMANDS}.estimate", "estimate_command", "Compute the price of a story or a media."),
    "translate": (f"{_COMMANDS}.translate", "translate_command", "Show the v2 form of a v1 call."),
    "spec": (f"{_COMMANDS}.spec", "spec_command", "Print the OpenAPI document of a version."),
    "check": (f"{_COMMANDS}.check", "check_command", "Find v1 calls in source files."),
    "migrate": (f"{_COMMANDS}.migrate", "migrate_command", "Rewrite v1 calls in Python code for v2."),
    "cassettes": (f"{_COMMANDS}.cassettes", "cassettes", "Convert recorded v1 exchanges to v2."),
    **DELEGATED,
    "completion": ("vimmerse.cli.app", "completion", "Print the script for completion in a shell."),
}
HELP = f"""\
Usage: vimmerse [OPTIONS] COMMAND [ARGS]...

  Create stories and media with the Vimmerse API, and run programs written for
  its version 1.

  The key comes from the environment variable VIMMERSE_API_KEY, or from
  --api-key-file.

Options:
  --debug     Show tracebacks.
  --version   Show the version.
  -h, --help  Show this message and exit.

Commands:
{"".join(f"  {name:10}  {line}{chr(10)}" for name, (_, _, line) in COMMANDS.items())}
Examples:
  vimmerse story create --idea 'Cute animals make music in a meadow' --wait --download video.mp4
  vimmerse media create --image a.png --prompt 'The sun rises' --wait --download out.mp4
  vimmerse run my_v1_program.py
  vimmerse check src/"""


def delegate(name: str, arguments: list[str]) -> int:
    """Run a command that parses its own arguments."""
    module, function, _ = DELEGATED[name]
    return exit_code_of(f"vimmerse {name}", lambda: getattr(import_module(module), function)(arguments))


def exit_code_of(program: str, command: "Callable[[], int]") -> int:
    """Return the exit code of a command that is run without click, however it ends."""
    try:
        return command()
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as error:  # argparse
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    except ImportError as error:
        if "pip install" not in str(error):
            raise
        message = str(error)
    except OSError as error:
        discard_output()
        if isinstance(error, BrokenPipeError):
            return CLOSED
        message = (f"{error.filename}: " if error.filename is not None else "") + (error.strerror or str(error))
    print(f"{program}: {message}", file=sys.stderr)
    return USAGE


def discard_output() -> None:
    """Redirect standard output to the null device, so that the interpreter's last flush does not fail."""
    import os
    from contextlib import suppress

    with suppress(OSError, ValueError, AttributeError), open(os.devnull, "wb") as null:
        os.dup2(null.fileno(), sys.stdout.fileno())
