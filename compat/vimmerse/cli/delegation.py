"""The commands that parse their own arguments, and what ends them. Loads neither click nor Rich."""

import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

from vimmerse.cli.exit_codes import CLOSED, INTERRUPTED, USAGE

#: Commands that parse everything after their name themselves: module, function, and the line in ``vimmerse --help``.
DELEGATED = {
    "run": ("vimmerse.compat.process.runner", "run_script", "Run a v1 program, unmodified, on v2."),
    "serve": ("vimmerse.compat.gateway.cli", "main", "Serve v1 on this machine, for programs in any language."),
    "emulate": ("vimmerse.emulator", "serve", "Serve both versions of the API on this machine, for tests."),
    "demo": ("vimmerse.cli.demo", "main", "Show a v1 program running on v2, against an emulator."),
}


def delegate(name: str, arguments: list[str]) -> int:
    """Run a command that parses its own arguments. Needs neither click nor Rich."""
    module, function, _ = DELEGATED[name]
    return exit_code_of(f"vimmerse {name}", lambda: getattr(import_module(module), function)(arguments))


def exit_code_of(program: str, command: Callable[[], int]) -> int:
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

    with suppress(OSError, ValueError, AttributeError), open(os.devnull, "wb") as null:
        os.dup2(null.fileno(), sys.stdout.fileno())
