"""The command line, ``vimmerse``.

Rules:

* Standard output has results only; progress, questions and errors go to standard error.
* ``--help`` and ``--version`` load neither an HTTP library nor Rich.
* A call that costs credits is priced before anything is sent, and an id is shown as soon as it is known.
* The key is never an argument, because other users of a machine can see arguments, and it is never printed.
"""

import io
import sys

from vimmerse.cli.delegation import DELEGATED, HELP, delegate, exit_code_of
from vimmerse.cli.exit_codes import INTERRUPTED, USAGE

TYPE_CHECKING = False  # type checkers take it for true; the typing module itself is not needed
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: "Sequence[str] | None" = None) -> int:
    """Run a command and return its exit code. ``argv`` excludes the program's name."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        # Text that the encoding of the terminal lacks must not end a command that has cost credits.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    first = arguments[0] if arguments else ""
    if first in ("-h", "--help", "--version"):
        return exit_code_of("vimmerse", _print_version if first == "--version" else _print_help)
    if argv is None and first not in ("run", "demo"):
        # httpx's own command line, which httpx loads if it can, takes as long to load as httpx itself.
        sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # Python's way to prevent an import
    if first in DELEGATED:
        return delegate(first, arguments[1:])
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


def _print_help() -> int:
    print(HELP, flush=True)
    return 0


def _print_version() -> int:
    from vimmerse.v2 import __version__

    print(f"vimmerse {__version__}", flush=True)
    return 0
