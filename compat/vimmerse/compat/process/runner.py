"""``vimmerse run``: run a Python program as ``python`` would, with its v1 calls translated to v2.

    vimmerse run [options] SCRIPT [arguments…]     a file, or a folder or zip archive with a __main__.py
    vimmerse run [options] -m MODULE [arguments…]
    vimmerse run [options] -c CODE [arguments…]
    vimmerse run [options] - [arguments…]          the program from standard input

The program gets its own ``__main__``, ``sys.argv`` and ``sys.path[0]``; the exit code is the program's; a traceback
begins with its first line. The API key comes from ``VIMMERSE_API_KEY`` only, since other users of a machine see the
arguments. The calls of Python processes that the program starts are translated too (``children.py``).

``runpy`` is not used, since it restores ``sys.argv`` and ``__main__``, which the program's other threads and its exit
handlers need after its last line.
"""

from __future__ import annotations

import builtins
import os
import sys
from importlib.machinery import PathFinder, SourceFileLoader, SourcelessFileLoader
from types import ModuleType

from vimmerse.compat.process import children

TYPE_CHECKING = False  # as in children.py: a program should start as fast as without the translation
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import CodeType
    from typing import Any

USAGE = """\
usage: vimmerse run [options] SCRIPT | -m MODULE | -c CODE | -  [arguments...]

Run a Python program; its v1 calls, and those of the Python processes that it
starts, are translated to v2.

options, before the program:
  --base-url URL      where the API is (VIMMERSE_BASE_URL)
  --mode MODE         lenient or strict (VIMMERSE_COMPAT_MODE)
  --max-credits N     reject a call whose estimate is above N credits
  --video-tool V1=V2  the v2 name for a v1 video tool; may be repeated
  --image-tool V1=V2  the v2 name for a v1 image tool; may be repeated
  --quiet             show no warnings of the translation, and no summary
  --report FILE       write the summary to a .json or .html file, too
  --trace             print the translation of each v1 call to standard error
  -h, --help          show this text

The key is taken from VIMMERSE_API_KEY.
"""

#: The option of :data:`children.DEFAULTS` that each option of the command line sets.
FLAGS = {"--quiet": "quiet", "--trace": "trace"}
OPTIONS = {
    "--base-url": "base_url",
    "--mode": "mode",
    "--max-credits": "max_credits",
    "--video-tool": "video_tools",
    "--image-tool": "image_tools",
    "--report": "report",
}
_INTERRUPTED = 130  # 128 + SIGINT, as a shell reports it
_INTERNAL_FILES = (__file__, "<frozen importlib")


class RunError(Exception):
    """Nothing can be run."""

    def __init__(self, message: str, exit_code: int = 2) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class _Program:
    """Code to run as ``__main__``, and what its module and ``sys`` hold."""

    def __init__(
        self,
        code: CodeType,
        argv0: str,
        first_path: str | None = None,
        file: str | None = None,
        loader: object = None,
        spec: ModuleSpec | None = None,
    ) -> None:
        self.code, self.argv0, self.first_path = code, argv0, first_path
        self.file, self.loader, self.spec = file, loader, spec


def run_script(arguments: Sequence[str]) -> int:
    """Run a program and return its exit code.

    The translation, ``sys.argv`` and ``__main__`` stay as they are at its end. Call this last in a process.
    """
    try:
        rest = list(arguments)
        options = _parse_options(rest)
        if options is None or rest[:1] == ["-h"]:
            print(USAGE, end="", flush=True)
            return 0
        load, name = _parse_program(rest)
        try:
            children.start(options)
        except ValueError as error:
            raise RunError(str(error)) from None
        return _run(load, name, rest)
    except RunError as error:
        print(f"vimmerse run: {error}", file=sys.stderr)
        return error.exit_code


def _parse_options(arguments: list[str]) -> dict[str, Any] | None:
    """Remove the options, and return them by their names in ``children.DEFAULTS``; None if they request help."""
    options: dict[str, Any] = {}
    while arguments and arguments[0].startswith("--"):
        option, equals, value = arguments.pop(0).partition("=")
        if option == "--" and not equals:
            break
        if option == "--help" and not equals:
            return None
        if option in FLAGS and not equals:
            options[FLAGS[option]] = True
        elif option in OPTIONS:
            if not equals:
                value = _value_of(option, arguments)
            _set(options, option, value)
        else:
            raise RunError(f"there is no option {option}; see vimmerse run --help")
    return options


def _parse_program(arguments: list[str]) -> tuple[Callable[[str], _Program], str]:
    """Remove the arguments that name the program; return its loader and its name."""
    if not arguments:
        raise RunError("no program given; see vimmerse run --help")
    first = arguments.pop(0)
    if first in ("-m", "-c"):
        return (_load_module if first == "-m" else _load_code), _value_of(first, arguments)
    if first == "-":
        return _load_stdin, first
    if first.startswith("-"):
        raise RunError(f"there is no option {first}; see vimmerse run --help")
    return _load_script, first


def _value_of(option: str, arguments: list[str]) -> str:
    if not arguments:
        raise RunError(f"{option} needs a value")
    return arguments.pop(0)


def _set(options: dict[str, Any], option: str, value: str) -> None:
    name = OPTIONS[option]
    if name == "max_credits":
        try:
            options[name] = float(value)
        except ValueError:
            raise RunError(f"{option} is {value!r}; it must be a number") from None
    elif name.endswith("_tools"):
        v1, _, v2 = value.partition("=")
        if not (v1 and v2):
            raise RunError(f"{option} is {value!r}; it must be V1=V2, the names of a tool in v1 and in v2")
        options.setdefault(name, {})[v1] = v2
    elif name == "report":
        options[name] = os.path.abspath(value)
        if not value.lower().endswith((".json", ".html")):
            raise RunError(f"{option} is {value!r}; it must be the name of a .json or .html file")
        if not os.path.isdir(os.path.dirname(options[name])):
            raise RunError(f"{option} is {value!r}; there is no such folder")
    else:
        options[name] = value  # Policy checks it


def _run(load: Callable[[str], _Program], name: str, arguments: list[str]) -> int:
    try:
        program = load(name)
        main = _replace_main(program)
        sys.argv[:] = [program.argv0, *arguments]
        if program.first_path is not None:
            _set_first_path(program.first_path)
        exec(program.code, main.__dict__)
    except RunError:
        raise
    except SystemExit as error:
        if error.code is None or isinstance(error.code, int):
            return error.code or 0
        print(error.code, file=sys.stderr)
        return 1
    except BaseException as error:
        traceback = error.__traceback__
        # Without the frames of this file and of the import system: those before the program's first.
        while traceback is not None and traceback.tb_frame.f_code.co_filename.startswith(_INTERNAL_FILES):
            traceback = traceback.tb_next
        error.__traceback__ = traceback
        sys.excepthook(type(error), error, traceback)
        return _INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1
    return 0


def _load_script(path: str) -> _Program:
    # Not normalised, as __main__.__file__ has been since Python 3.9. The current folder may be gone.
    file = path if os.path.isabs(path) else os.path.join(os.getcwd(), path)
    if (spec := PathFinder.find_spec("__main__", [file])) is not None:  # a folder or a zip archive
        return _from_spec(spec, path, file)
    if os.path.isdir(path):
        raise RunError(f"can't find '__main__' module in {path!r}", 1)
    folder = os.path.dirname(os.path.realpath(path))
    if path.endswith(".pyc"):
        compiled = SourcelessFileLoader("__main__", file)
        return _Program(_require(compiled.get_code("__main__"), path), path, folder, file, compiled)
    loader = SourceFileLoader("__main__", file)
    try:
        source = loader.get_data(file)
    except OSError as error:
        raise RunError(f"can't open file {file!r}: [Errno {error.errno}] {error.strerror}") from None
    return _Program(_compile(source, file), path, folder, file, loader)


def _load_module(name: str) -> _Program:
    from importlib.util import find_spec

    _set_first_path(os.getcwd())  # before the search, which imports the packages that the module is in
    try:
        spec = find_spec(name)
        if spec is not None and spec.submodule_search_locations is not None:
            spec = find_spec(f"{name}.__main__")
            if spec is None:
                problem = f"No module named {name}.__main__; {name!r} is a package and cannot be directly executed"
                raise RunError(problem, 1)
    except ModuleNotFoundError as error:
        if error.name is None or not name.startswith(error.name):
            raise
        spec = None
    if spec is None:
        raise RunError(f"No module named {name}", 1)
    return _from_spec(spec, spec.origin or name)


def _load_code(code: str) -> _Program:
    return _Program(_compile(code.encode(), "<string>"), "-c", "")


def _load_stdin(dash: str) -> _Program:
    return _Program(_compile(sys.stdin.buffer.read(), "<stdin>"), dash, "", "<stdin>")


def _from_spec(spec: ModuleSpec, argv0: str, first_path: str | None = None) -> _Program:
    get_code = getattr(spec.loader, "get_code", None)
    code = get_code(spec.name) if get_code is not None else None
    return _Program(_require(code, spec.name), argv0, first_path, spec.origin, spec.loader, spec)


def _require(code: CodeType | None, name: str) -> CodeType:
    if code is None:
        raise RunError(f"No code object available for {name}", 1)
    return code


def _compile(source: bytes, file: str) -> CodeType:
    return compile(source, file, "exec", dont_inherit=True)


def _replace_main(program: _Program) -> ModuleType:
    """Return a new module, ``sys.modules["__main__"]``, with the names that Python gives it."""
    main = sys.modules["__main__"] = ModuleType("__main__")
    main.__dict__.update(
        __builtins__=builtins,
        __cached__=program.spec.cached if program.spec is not None else None,
        __loader__=program.loader,
        __package__=program.spec.parent if program.spec is not None else None,
        __spec__=program.spec,
    )
    if program.file is not None:
        main.__file__ = program.file
    return main


def _set_first_path(path: str) -> None:
    """Replace ``sys.path[0]``, the folder of this program; under ``python -P`` there is no such entry."""
    if not sys.flags.safe_path:
        sys.path[0] = path
