"""``vimmerse run``: run a Python program as ``python`` would, its v1 calls made on v2.

    vimmerse run [options] SCRIPT [arguments…]     a file, or a folder or zip archive with a __main__.py
    vimmerse run [options] -m MODULE [arguments…]
    vimmerse run [options] -c CODE [arguments…]
    vimmerse run [options] - [arguments…]          the program from standard input

The program gets its own ``__main__``, ``sys.argv`` and ``sys.path[0]``; its exit code is ours; a traceback begins
with its own first line. The API key comes from ``VIMMERSE_API_KEY`` only, since other users of a machine see the
arguments. The Python processes that it starts are translated too (``children.py``).
"""

from __future__ import annotations

import builtins
import importlib.util
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader, SourcelessFileLoader
from types import CodeType, ModuleType, TracebackType
from typing import Any, Literal

from vimmerse.compat.process import children

USAGE = """\
usage: vimmerse run [options] SCRIPT | -m MODULE | -c CODE | -  [arguments...]

Run a Python program; its v1 calls, and those of the Python processes that it
starts, are made on v2.

options, before the program:
  --base-url URL      where the API is (VIMMERSE_BASE_URL)
  --mode MODE         lenient or strict (VIMMERSE_COMPAT_MODE)
  --max-credits N     refuse a call whose estimate is above N credits
  --video-tool V1=V2  the v2 name for a v1 video tool; may be repeated
  --image-tool V1=V2  the v2 name for a v1 image tool; may be repeated
  --quiet             show no warnings of the translation
  --trace             show on standard error what each v1 call became
  -h, --help          show this text

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
    given: dict[str, Any] = field(default_factory=dict)  # as children.DEFAULTS, what was given alone


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
    try:
        parsed = _parse(list(arguments))
        if parsed is None:
            print(USAGE, end="", flush=True)
            return 0
        # Below another run: what is not given here is as it is there.
        inherited = children.inherited()
        for name, value in parsed.given.items():
            inherited[name] = {**inherited[name], **value} if isinstance(value, dict) else value
        children.apply(inherited)
    except (UsageError, ValueError) as error:
        return _complain(str(error))
    return _run(parsed)


def _parse(left: list[str]) -> _Arguments | None:
    """The arguments; None where help is asked for. Raises :class:`UsageError`."""
    given: dict[str, Any] = {}
    while left and left[0].startswith("--"):
        option, equals, value = left.pop(0).partition("=")
        if option == "--" and not equals:
            break
        if option == "--help" and not equals:
            return None
        if option in FLAGS and not equals:
            given[FLAGS[option]] = True
        elif option in OPTIONS:
            if not equals:
                if not left:
                    raise UsageError(f"{option} needs a value")
                value = left.pop(0)
            _set(given, option, value)
        else:
            raise UsageError(f"there is no option {option}; see vimmerse run --help")
    if not left:
        raise UsageError("no program is given; see vimmerse run --help")
    first = left.pop(0)
    if first == "-h":
        return None
    if first in ("-m", "-c"):
        if not left:
            raise UsageError(f"{first} needs a value")
        return _Arguments("module" if first == "-m" else "code", left[0], left[1:], given)
    if first.startswith("-") and first != "-":
        raise UsageError(f"there is no option {first}; see vimmerse run --help")
    return _Arguments("stdin" if first == "-" else "script", first, left, given)


#: What each option sets.
FLAGS = {"--quiet": "quiet", "--trace": "trace"}
OPTIONS = {
    "--base-url": "base_url",
    "--mode": "mode",
    "--max-credits": "max_credits",
    "--video-tool": "video_tools",
    "--image-tool": "image_tools",
}


def _set(given: dict[str, Any], option: str, value: str) -> None:
    name = OPTIONS[option]
    if name == "max_credits":
        try:
            given[name] = float(value)
        except ValueError:
            raise UsageError(f"{option} is {value!r}; it must be a number") from None
    elif name.endswith("_tools"):
        v1, _, v2 = value.partition("=")
        if not (v1 and v2):
            raise UsageError(f"{option} is {value!r}; it must be V1=V2, the names of a tool in v1 and in v2")
        given.setdefault(name, {})[v1] = v2
    else:
        given[name] = value  # Policy checks it


def _complain(text: str) -> int:
    print(f"vimmerse run: {text}", file=sys.stderr)
    return 2


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
    # Not normalised: just as __main__ has it since Python 3.9. The current folder may be gone.
    file = path if os.path.isabs(path) else os.path.join(os.getcwd(), path)
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
