"""``vimmerse run`` and the Python processes that its program starts: each of them gets the same translation.

    start(options)         in the program's own process: install the translation, and export the options
    install_on_import()    in a child, at its start: the same, once an HTTP library is imported
    stop_exporting()       give the options to no further process

An environment variable has the options as JSON, without the API key. The ``sitecustomize`` in ``bootstrap/``, which
``PYTHONPATH`` leads to, reads it: Python imports it before the program. A child that makes no call should start as fast
as without it, so this module loads next to nothing.

A program that sets ``PYTHONPATH`` for its children, or empties its environment, does not mean to end the translation:
both variables are put back when a process is started. A Python that ignores its environment, or gets an entirely
different one, can't be reached. Where a limit would not apply there, a line on standard error says so, provided that
this process starts it itself.
"""

from __future__ import annotations

import os
import sys
import warnings
from os import environ

from vimmerse.compat.core.errors import CompatWarning
from vimmerse.compat.process import startup

TYPE_CHECKING = False  # type checkers take it for true; the typing module itself is not needed
if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

    from vimmerse.compat.process.patching import Installation
    from vimmerse.compat.runtime.driver import CallRecord

VARIABLE = "VIMMERSE_RUN"
PYTHONPATH = "PYTHONPATH"
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bootstrap")
_POLICY_DEFAULTS: dict[str, Any] = {
    "mode": None,
    "base_url": None,
    "max_credits": None,
    "video_tools": {},
    "image_tools": {},
}
#: The options of a run, and the values that stand for "not set".
DEFAULTS: dict[str, Any] = {
    **_POLICY_DEFAULTS,
    "quiet": False,
    "trace": False,
    "report": "",  # the file that the process of the run writes at its end
    "counts": "",  # the folder in which each process counts its calls
    "limited": False,  # whether an untranslated call could do harm; derived from the other options
}

#: What is exported where nothing is set. As JSON that is written by hand: a JSON encoder takes half of the start.
_NOTHING_SET = '{"limited": false, "counts": "%s"}'

_pending: _ImportHook | None = None
_exported = ""  # the options for children as JSON; empty if none are exported
_changed: dict[str, tuple[str | None, str]] = {}  # variables that were set here: value before, value since


def inherited_options(text: str = "") -> dict[str, Any]:
    """Return the options in ``text``, or in the environment; the defaults where there are none.

    Raises ``ValueError`` if they can't be read.
    """
    text = text or environ.get(VARIABLE, "")
    if not text:
        return dict(DEFAULTS)
    import json

    try:
        options = json.loads(text)
    except (ValueError, RecursionError):
        options = None
    if (
        isinstance(options, dict)
        and options.keys() <= DEFAULTS.keys()
        and isinstance(options.get("max_credits"), float | int | None)
    ):
        return {**DEFAULTS, **options}
    raise ValueError(f"the environment variable {VARIABLE} does not contain the options of vimmerse run")


def start(options: dict[str, Any]) -> None:
    """Translate the calls of this process, and of the Python processes that it starts.

    ``options``: those that were given; the others are inherited. Raises ``ValueError``, which names the setting at
    fault. Where nothing is set that could be invalid, the translation is loaded with the first HTTP library.
    """
    from vimmerse.compat.process import summary

    key = environ.get("VIMMERSE_API_KEY", "").strip()
    others = [name for name in environ if name.startswith("VIMMERSE_") and name != "VIMMERSE_API_KEY"]
    if options or others or not (key.isascii() and key.isprintable()):
        inherited = {**inherited_options(), "report": ""}
        for name, value in options.items():
            inherited[name] = {**inherited[name], **value} if isinstance(value, dict) else value
        folder = summary.start(inherited["counts"], inherited["report"], inherited["quiet"])
        apply({**inherited, "counts": folder})
        return
    folder = summary.start()
    if folder.isprintable() and not any(character in folder for character in '"\\'):
        _export(_NOTHING_SET % folder, {})
        _install_on_import(_NOTHING_SET % folder)
    else:
        apply({**DEFAULTS, "counts": folder})


def apply(options: dict[str, Any]) -> Installation:
    """Translate the calls of this process, and of the Python processes that it starts, until it is uninstalled.

    Raises ``ValueError``, which names the option at fault.
    """
    import json

    from vimmerse.compat.core.policy import BASE_URL_VARIABLE, DEFAULT_BASE_URL, MODE_VARIABLE
    from vimmerse.compat.process import patching
    from vimmerse.compat.runtime import call_counts, settings

    arguments: Any = {name: options[name] for name in _POLICY_DEFAULTS}
    overrides: Any = {**arguments, "advice": "flags"}
    policy = settings.resolve(None, overrides)
    settings.set_run_options({name: value for name, value in arguments.items() if value not in (None, {})})
    if _pending is not None:
        _pending.remove()
    installation = patching.install(policy)
    installation.on_uninstall = stop_exporting
    filter_warnings(options["quiet"])
    call_counts.PROCESS.store_in(options["counts"])
    if options["trace"]:
        from vimmerse.compat.runtime import driver

        driver.observe(_print_trace)
    limited = policy.base_url != DEFAULT_BASE_URL or policy.max_credits is not None
    effective = {**options, "mode": policy.mode, "base_url": policy.base_url, "limited": limited}
    _export(json.dumps(effective), {MODE_VARIABLE: options["mode"], BASE_URL_VARIABLE: options["base_url"]})
    _watch_child_processes()
    return installation


def _export(text: str, variables: dict[str, str | None]) -> None:
    """Set the environment variables for children: the options as JSON, and those of ``variables`` that have a value."""
    global _exported
    _exported = text
    for name, value in {VARIABLE: text, **variables}.items():
        if value is not None:
            before = _changed[name][0] if name in _changed else environ.get(name)
            environ[name] = value
            _changed[name] = before, value
    _add_options(environ)


def _add_options(environment: MutableMapping[str, str]) -> None:
    """Add what children need to an environment, and change nothing else in it."""
    environment.setdefault(VARIABLE, _exported)
    if environment.get(PYTHONPATH, "").split(os.pathsep)[0] != FOLDER:
        environment[PYTHONPATH] = os.pathsep.join([FOLDER, *_other_folders(environment)])


def _other_folders(environment: MutableMapping[str, str]) -> list[str]:
    value = environment.get(PYTHONPATH)
    return [folder for folder in value.split(os.pathsep) if folder != FOLDER] if value else []


def stop_exporting() -> None:
    """Restore the environment, except what the program itself has set in the meantime."""
    global _exported
    from vimmerse.compat.runtime import settings

    _exported = ""
    settings.set_run_options({})
    for name, (before, value) in _changed.items():
        if environ.get(name) == value:
            if before is None or name == VARIABLE:
                del environ[name]
            else:
                environ[name] = before
    _changed.clear()
    if folders := _other_folders(environ):
        environ[PYTHONPATH] = os.pathsep.join(folders)
    else:
        environ.pop(PYTHONPATH, None)


def filter_warnings(quiet: bool) -> None:
    """Show the warnings of the translation from all modules, unless the user has given Python other filters."""
    if quiet or not sys.warnoptions:
        warnings.simplefilter("ignore" if quiet else "default", CompatWarning)


def _print_trace(record: CallRecord) -> None:
    from vimmerse.compat.runtime import driver

    if sys.stderr is not None:
        print(driver.trace(record), file=sys.stderr)


# In a child


def install_on_import() -> None:
    """Translate the calls of this process from its first import of an HTTP library on. Only for ``bootstrap/``."""
    global _exported
    if _pending is None:
        _exported = environ[VARIABLE]
        if startup.folder_prefix() in _exported:  # the program has replaced itself
            from vimmerse.compat.process import summary

            summary.resume(_exported)
        _install_on_import(_exported)


def _install_on_import(text: str) -> None:
    global _pending
    # Not parsed, for the same reason. No string in JSON can hold this text: its quotes would be escaped.
    filter_warnings('"quiet": true' in text)
    _watch_child_processes()
    startup.set_start(_install_pending)
    _pending = _ImportHook(text)
    if any(name in sys.modules for name in startup.LIBRARIES):
        _install_pending()
    else:
        sys.meta_path.insert(0, _pending)


def _install_pending() -> None:
    if _pending is not None and not _pending.removed:
        apply(inherited_options(_pending.options))


class _ImportHook:
    """Waits in ``sys.meta_path`` for the first import of an HTTP library.

    It keeps the options as JSON, since a program may empty its environment.
    """

    def __init__(self, options: str) -> None:
        self.options = options
        self.removed = False

    def remove(self) -> None:
        self.removed = True
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not self]

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in startup.LIBRARIES:
            return None
        from vimmerse.compat.process import patching

        try:
            _install_pending()
        except ValueError as error:
            # The hook stays. No ImportError: the program might then send the call in another way, untranslated.
            raise RuntimeError(f"vimmerse run can't translate the calls of {name}: {error}") from None
        # Python is iterating over the list of finders, which has changed: it would skip the one of install().
        return patching.finder.find_spec(name, path, target)


# Starting children

#: Audit events of functions that start a process, and the indexes of the program, its arguments and its environment.
_START_EVENTS = {
    "subprocess.Popen": (0, 1, 3),
    "os.exec": (0, 1, 2),
    "os.posix_spawn": (0, 1, 2),
    "os.spawn": (1, 2, 3),
    "os.system": (),
}
_is_watching = False
_reported: set[str] = set()


def _watch_child_processes() -> None:
    global _is_watching
    if not _is_watching:
        _is_watching = True
        sys.addaudithook(audit_hook)
        _patch_multiprocessing()
        if sys.flags.ignore_environment or sys.flags.no_site:
            _report_untranslated("multiprocessing starts its processes with the -E, -I or -S of this one")


def _patch_multiprocessing() -> None:
    """Its spawn and forkserver start processes by this function only, which raises no audit event."""
    try:
        import _posixsubprocess
    except ImportError:  # Windows, where there is an event
        return
    original: Any = _posixsubprocess.fork_exec

    def fork_exec(*arguments: Any) -> Any:
        if _exported:
            _add_options(environ)
        return original(*arguments)

    setattr(_posixsubprocess, "fork_exec", fork_exec)  # noqa: B010  # type checkers know it as a function


def audit_hook(event: str, values: tuple[Any, ...]) -> None:
    """Give a process that is about to be started the options, or report that it will not find them."""
    indexes = _START_EVENTS.get(event)
    if indexes is not None and _exported:
        from contextlib import suppress

        with suppress(Exception):  # it would keep the process from being started
            program, arguments, environment = [values[index] for index in indexes] or ["", (), None]
            if environment is None:
                environment = environ
                _add_options(environ)
            elif (
                event == "subprocess.Popen"
                and isinstance(environment, dict | type(environ))
                and VARIABLE in environment
            ):
                # A copy of this environment, often with another PYTHONPATH. Other functions have read it by now.
                _add_options(environment)
            _report_untranslated(why_untranslated(program, arguments, environment))


def why_untranslated(program: Any, arguments: Any, environment: Any) -> str:
    """Return why a process that is about to be started, if it is Python, will not find the options; else ``""``."""
    words = [os.fsdecode(word) for word in ([arguments] if isinstance(arguments, str | bytes) else arguments or ())]
    name = os.path.basename(os.fsdecode(program or (words or [""])[0])).lower()
    if not name.startswith(("python", "pypy")):
        return ""
    option = _isolating_option(words[1:])
    if option:
        return f"{name} is started with -{option}"
    if environment is not None:
        variables = {os.fsdecode(key): os.fsdecode(value) for key, value in environment.items()}
        if VARIABLE not in variables or FOLDER not in variables.get(PYTHONPATH, "").split(os.pathsep):
            return f"{name} is started without {VARIABLE} or its folder in {PYTHONPATH}"
    return ""


def _isolating_option(arguments: list[str]) -> str:
    """Return the option that makes Python ignore its environment, or leave out ``sitecustomize``."""
    rest = iter(arguments)
    for word in rest:
        if not word.startswith("-") or word == "-":
            break
        for position, letter in enumerate(word[1:] if word[1] != "-" else "", 2):
            if letter in "IES":
                return letter
            if letter in "cm":  # everything else is the program's
                return ""
            if letter in "WX":  # its value is the rest of the word, or else the next word
                if position == len(word):
                    next(rest, "")
                break
    return ""


def _report_untranslated(reason: str) -> None:
    """Print a reason once, and only if a setting that protects the caller would not apply."""
    if reason and reason not in _reported and sys.stderr is not None and inherited_options(_exported)["limited"]:
        _reported.add(reason)
        print(
            f"vimmerse run: {reason}: its calls are not translated, and neither --base-url nor --max-credits "
            "applies to them",
            file=sys.stderr,
        )
