"""``vimmerse run``: run a Python program as ``python`` would, its v1 calls made on v2.

    vimmerse run [options] SCRIPT [arguments…]     a file, or a folder or zip archive with a __main__.py
    vimmerse run [options] -m MODULE [arguments…]
    vimmerse run [options] -c CODE [arguments…]
    vimmerse run [options] - [arguments…]          the program from standard input

The program gets its own ``__main__``, ``sys.argv`` and ``sys.path[0]``; its exit code is ours; a traceback begins
with its own first line. The API key comes from ``VIMMERSE_API_KEY`` only, since other users of a machine see the
arguments.
"""

from __future__ import annotations

import builtins
import importlib.util
import os
import sys
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader, SourcelessFileLoader
from types import CodeType, ModuleType, TracebackType
from typing import Literal, cast

from vimmerse.compat import notices, process, settings
from vimmerse.compat.adapters import _drive

USAGE = """\
usage: vimmerse run [options] SCRIPT | -m MODULE | -c CODE | -  [arguments...]

Run a Python program; its v1 calls are made on v2.

options, before the program:
  --base-url URL      where the API is (VIMMERSE_BASE_URL)
  --mode MODE         lenient or strict (VIMMERSE_COMPAT_MODE)
  --max-credits N     refuse a call whose estimate is above N credits
  --quiet             show no warnings of the translation
  --trace             show on standard error what each v1 call became
  --help              show this text

The key is taken from VIMMERSE_API_KEY.
"""

_INTERRUPTED = 130  # 128 + SIGINT, as a shell reports it


class UsageError(Exception):
    """The arguments make no sense; the text says which."""


@dataclass
class _Arguments:
    kind: Literal["script", "module", "code", "stdin"]
    program: str
    rest: list[str]
    overrides: settings.Overrides = field(default_factory=settings.Overrides)
    quiet: bool = False
    trace: bool = False


@dataclass
class _Program:
    """Code to run as ``__main__``, and what its module holds."""

    code: CodeType
    first_path: str | None
    argument: str
    spec: ModuleSpec | None = None
    file: str | None = None
    loader: object = None


def run_script(arguments: Sequence[str]) -> int:
    """Run a program and give its exit code back.

    The translation, ``sys.argv`` and ``__main__`` stay as the program had them: its other threads and its exit
    handlers run after its last line. Call it last in a process.
    """
    if "--help" in arguments[:1]:
        print(USAGE, end="")
        return 0
    try:
        parsed = _parse(list(arguments))
        process.install(**parsed.overrides)
    except (UsageError, ValueError) as error:
        return _complain(str(error))
    _filter_warnings(parsed.quiet)
    if parsed.trace:
        _drive.observe(_print_trace)
    return _run(parsed)


def _parse(left: list[str]) -> _Arguments:
    overrides = settings.Overrides()
    flags = {"--quiet": False, "--trace": False}
    while left and left[0].startswith("--"):
        option, equals, value = left.pop(0).partition("=")
        if option in flags and not equals:
            flags[option] = True
        elif option in ("--base-url", "--mode", "--max-credits"):
            if not equals:
                if not left:
                    raise UsageError(f"{option} needs a value")
                value = left.pop(0)
            _set(overrides, option, value)
        else:
            raise UsageError(f"there is no option {option}")
    if not left:
        raise UsageError("no program is given")
    first = left.pop(0)
    if first in ("-m", "-c"):
        if not left:
            raise UsageError(f"{first} needs a value")
        kind: Literal["module", "code"] = "module" if first == "-m" else "code"
        return _Arguments(kind, left[0], left[1:], overrides, flags["--quiet"], flags["--trace"])
    if first.startswith("-") and first != "-":
        raise UsageError(f"there is no option {first}")
    return _Arguments("stdin" if first == "-" else "script", first, left, overrides, flags["--quiet"], flags["--trace"])


def _set(overrides: settings.Overrides, option: str, value: str) -> None:
    if option == "--base-url":
        overrides["base_url"] = value
    elif option == "--mode":
        overrides["mode"] = cast(Literal["lenient", "strict"], value)  # Policy checks it
    else:
        try:
            overrides["max_credits"] = float(value)
        except ValueError:
            raise UsageError(f"--max-credits is {value!r}; it must be a number") from None


def _complain(text: str) -> int:
    print(f"vimmerse run: {text}", file=sys.stderr)
    return 2


def _filter_warnings(quiet: bool) -> None:
    """Show ours, those in the program's own modules too, unless the user has given Python other filters."""
    if quiet or not sys.warnoptions:
        for category in set(notices.CATEGORIES.values()) - {UserWarning}:  # that one is the program's own too
            warnings.simplefilter("ignore" if quiet else "default", category)


def _print_trace(outcome: _drive.Outcome) -> None:
    print(_drive.trace(outcome), file=sys.stderr)


def _run(arguments: _Arguments) -> int:
    try:
        try:
            program = _FINDERS[arguments.kind](arguments.program)
        except _NoProgram as error:
            print(f"vimmerse run: {error}", file=sys.stderr)
            return error.code
        _become(program, arguments.rest)
        exec(program.code, sys.modules["__main__"].__dict__)
    except SystemExit as error:
        return _exit_code(error)
    except BaseException as error:
        own = _without_ours(error.__traceback__)
        error.__traceback__ = own
        sys.excepthook(type(error), error, own)
        return _INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1
    return 0


class _NoProgram(Exception):
    """There is nothing to run."""

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.code = code


def _script(path: str) -> _Program:
    file = os.path.join(os.getcwd(), path)  # not normalised: just as __main__ has it since Python 3.9
    if (spec := PathFinder.find_spec("__main__", [file])) is not None:  # a folder or a zip archive
        return _from_spec(spec, file, path)
    if os.path.isdir(path):
        raise _NoProgram(f"can't find '__main__' module in {path!r}", 1)
    folder = os.path.dirname(os.path.realpath(path))
    if path.endswith(".pyc"):
        compiled = SourcelessFileLoader("__main__", file)
        return _Program(_some(compiled.get_code("__main__"), path), folder, path, file=file, loader=compiled)
    loader = SourceFileLoader("__main__", file)
    try:
        source = loader.get_data(file)
    except OSError as error:
        reason = f"[Errno {error.errno}] {error.strerror}"
        raise _NoProgram(f"can't open file {file!r}: {reason}", 2) from None
    return _Program(_compiled(source, file), folder, path, file=file, loader=loader)


def _module(name: str) -> _Program:
    # What the module's package imports while it is looked for must come from the current folder.
    _set_path(os.getcwd())
    try:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.submodule_search_locations is not None:
            inner = importlib.util.find_spec(f"{name}.__main__")
            if inner is None:
                text = f"No module named {name}.__main__; {name!r} is a package and cannot be directly executed"
                raise _NoProgram(text, 1)
            spec = inner
    except ModuleNotFoundError as error:
        if error.name is None or not name.startswith(error.name):
            raise
        spec = None
    if spec is None:
        raise _NoProgram(f"No module named {name}", 1)
    return _from_spec(spec, None, spec.origin or name)


def _code(text: str) -> _Program:
    return _Program(_compiled(text.encode(), "<string>"), "", "-c")


def _stdin(dash: str) -> _Program:
    return _Program(_compiled(sys.stdin.buffer.read(), "<stdin>"), "", dash, file="<stdin>")


_FINDERS = {"script": _script, "module": _module, "code": _code, "stdin": _stdin}


def _from_spec(spec: ModuleSpec, first_path: str | None, argument: str) -> _Program:
    get_code = getattr(spec.loader, "get_code", None)
    code = get_code(spec.name) if get_code is not None else None
    return _Program(_some(code, spec.name), first_path, argument, spec, spec.origin, spec.loader)


def _some(code: CodeType | None, name: str) -> CodeType:
    if code is None:
        raise _NoProgram(f"No code object available for {name}", 1)
    return code


def _compiled(source: bytes, name: str) -> CodeType:
    return compile(source, name, "exec", dont_inherit=True)


def _become(program: _Program, rest: list[str]) -> None:
    """Make the process look as the program expects it."""
    main = ModuleType("__main__")
    main.__dict__.update(
        __builtins__=builtins,
        __cached__=program.spec.cached if program.spec is not None else None,
        __loader__=program.loader,
        __package__=program.spec.parent if program.spec is not None else None,
        __spec__=program.spec,
    )
    if program.file is not None:
        main.__file__ = program.file
    sys.modules["__main__"] = main
    sys.argv[:] = [program.argument, *rest]
    if program.first_path is not None:
        _set_path(program.first_path)


def _set_path(first: str) -> None:
    """``sys.path[0]`` holds the place of our own program; under ``python -P`` there is no such entry."""
    if not sys.flags.safe_path:
        sys.path[0] = first


def _exit_code(error: SystemExit) -> int:
    if error.code is None:
        return 0
    if isinstance(error.code, int):
        return error.code
    print(error.code, file=sys.stderr)
    return 1


def _without_ours(traceback: TracebackType | None) -> TracebackType | None:
    """The traceback from the program's first frame on; None where the program didn't come to run."""
    while traceback is not None and _is_ours(traceback):
        traceback = traceback.tb_next
    return traceback


def _is_ours(traceback: TracebackType) -> bool:
    file = traceback.tb_frame.f_code.co_filename
    return file == __file__ or file.startswith("<frozen importlib")
