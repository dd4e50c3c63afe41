"""The command line, ``vimmerse``.

Rules:

* Standard output has results only; progress, questions and errors go to standard error.
* ``--help`` and ``--version`` load neither an HTTP library nor Rich.
* A call that costs credits is priced before anything is sent, and an id is shown as soon as it is known.
* The key is never an argument, because other users of a machine can see arguments, and it is never printed.
"""

import io
import sys
from collections.abc import Callable, Sequence
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


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code. ``argv`` excludes the program's name."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        # Text that the encoding of the terminal lacks must not end a command that has cost credits.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if arguments[:1] == ["--version"]:
        return _call("vimmerse", _print_version)
    if arguments and arguments[0] in DELEGATED:
        return delegate(arguments[0], arguments[1:])
    try:
        from vimmerse.cli.app import run
        from vimmerse.cli.signals import sigterm_raises
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        print("vimmerse: the command line needs click: pip install 'vimmerse[cli]'", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    with sigterm_raises():
        return run(arguments)


def _print_version() -> int:
    from importlib.metadata import version

    print(f"vimmerse {version('vimmerse')}", flush=True)
    return 0


def delegate(name: str, arguments: list[str]) -> int:
    """Run a command that parses its own arguments. Needs neither click nor Rich."""
    module, function, _ = DELEGATED[name]
    return _call(f"vimmerse {name}", lambda: getattr(import_module(module), function)(arguments))


def _call(program: str, command: Callable[[], int]) -> int:
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
