"""The command line, ``vimmerse``.

    __init__.py    the door: ``main``; hands run, serve, emulate and demo on before anything else is loaded
    app.py         the commands as a tree, and what happens to every error
    outcome.py     exit codes, and errors as one line with the next step
    stopping.py    SIGTERM as Ctrl-C
    command.py     commands and groups with examples, and the options that many share
    fields.py      v2's request fields as options
    screen.py      what is shown where: results, progress, questions
    service.py     the key, the client, and calls that create something
    money.py       what a call will cost, and whether to make it
    making.py      the commands that create or change something
    looking.py     get, delete, wait, download
    offline.py     estimate, translate: no network
    checking.py    check: what the static scan finds
    delegated.py   run, serve, emulate and demo, as click knows them

Laws:

* Standard output has results alone; progress, questions and errors go to standard error.
* ``--help`` and ``--version`` load neither an HTTP library nor Rich.
* What costs credits is priced before anything is sent, and an id is shown the moment that it is known.
* The key is no argument, since other users of a machine see those, and it is in no output.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module

#: Commands with a command line of their own: what follows their name is theirs, untouched.
DELEGATED = {
    "run": ("vimmerse.compat.run.runner", "run_script"),
    "serve": ("vimmerse.compat.gateway.cli", "main"),
    "emulate": ("vimmerse.emulator", "serve"),
    "demo": ("vimmerse.cli.demo", "main"),
}
USAGE_ERROR = 2
INTERRUPTED = 130  # 128 + SIGINT, as a shell reports it
CLOSED = 141  # 128 + SIGPIPE


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code; ``argv`` is without the program's name."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        # A title in Japanese on a terminal that is not UTF-8 must not end a command that has cost credits.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    if arguments[:1] == ["--version"]:
        return _written(lambda: print(f"vimmerse {version()}", flush=True) or 0, "")
    if arguments and arguments[0] in DELEGATED:
        return delegate(arguments[0], arguments[1:])
    try:
        from vimmerse.cli.app import cli
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        print("vimmerse: its command line needs click: pip install 'vimmerse[cli]'", file=sys.stderr)
        return USAGE_ERROR
    except KeyboardInterrupt:
        return INTERRUPTED
    from vimmerse.cli.stopping import sigterm_raises

    with sigterm_raises():
        return cli.run(arguments)


def version() -> str:
    """The version of this package."""
    from importlib.metadata import version

    return version("vimmerse")


def delegate(name: str, arguments: list[str]) -> int:
    """Run a command that has a command line of its own. Needs neither click nor Rich."""
    module, function = DELEGATED[name]
    try:
        code: int = _written(lambda: getattr(import_module(module), function)(arguments), f" {name}")
        return code
    except ImportError as error:
        if "pip install" not in str(error):
            raise
        print(f"vimmerse {name}: {error}", file=sys.stderr)
        return USAGE_ERROR
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as error:  # argparse's way to end
        return error.code if isinstance(error.code, int) else int(error.code is not None)


def _written(command: Callable[[], int], name: str) -> int:
    """Run a command that may have no place to write to."""
    try:
        return command()
    except OSError as error:
        forget_output()
        if isinstance(error, BrokenPipeError):
            return CLOSED
        place = "" if error.filename is None else f" {error.filename}:"
        print(f"vimmerse{name}:{place} {error.strerror or error}", file=sys.stderr)
        return USAGE_ERROR


def forget_output() -> None:
    """Have the interpreter's end not complain about output that can't be written."""
    import os
    from contextlib import suppress

    with suppress(OSError, ValueError, AttributeError), open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
