"""``vimmerse run`` and the Python processes that its program starts: each of them gets the same translation.

    apply(settings)   in the program's own process: install the translation, and hand the settings on
    arm()             in a child, at its start: the same, once an HTTP library is imported
    stop()            hand nothing on any more

The settings go by an environment variable, as JSON and without the API key. What reads them there is the
``sitecustomize`` in ``bootstrap/``, which ``PYTHONPATH`` leads to: Python imports it before the program. A child that
makes no call shall start as fast as without it, so this module loads next to nothing.

A program that sets ``PYTHONPATH`` for its children, or empties its environment, means something else by it: both are
put back as a process is started. A Python that is told to ignore its environment, or given a wholly different one, is
out of reach. Where a limit would not hold there, a line on standard error says so, as far as this process starts it
itself.
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
PATH = "PYTHONPATH"
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bootstrap")
#: What a run may set, and what stands for "not set". The first five are arguments of Policy.
DEFAULTS: dict[str, Any] = {
    "mode": None,
    "base_url": None,
    "max_credits": None,
    "video_tools": {},
    "image_tools": {},
    "quiet": False,
    "trace": False,
    "limited": False,  # follows from the others: whether a call that is not translated could do harm
}
_POLICY = tuple(DEFAULTS)[:5]

_armed: _Armed | None = None
_handed = ""  # what VARIABLE holds for children; empty where nothing is handed on
_changed: dict[str, tuple[str | None, str]] = {}  # variables that were set here: what they were, what they became


def inherited(text: str = "") -> dict[str, Any]:
    """The settings that were handed to this process, or that ``text`` holds; the defaults where there are none.

    Raises ``ValueError`` where they can't be read.
    """
    text = text or environ.get(VARIABLE, "")
    if not text:
        return dict(DEFAULTS)
    import json

    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    limit = found.get("max_credits") if isinstance(found, dict) else None
    if not isinstance(found, dict) or found.keys() != DEFAULTS.keys() or not isinstance(limit, float | int | None):
        raise ValueError(f"the environment variable {VARIABLE} does not hold the settings of vimmerse run")
    return found


def apply(given: dict[str, Any]) -> Installation:
    """Translate the calls of this process, and of the Python processes that it starts, until it is uninstalled.

    Raises ``ValueError`` that names the setting at fault.
    """
    from vimmerse.compat.core.policy import DEFAULT_BASE_URL
    from vimmerse.compat.process import patching as process
    from vimmerse.compat.runtime import settings

    arguments: Any = {name: given[name] for name in _POLICY}
    overrides: Any = {**arguments, "advice": "flags"}
    policy = settings.resolve(None, overrides)
    settings.set_run_options({name: value for name, value in arguments.items() if value not in (None, {})})
    _disarm()
    installation = process.install(policy)
    installation.ended = stop
    filter_warnings(given["quiet"])
    if given["trace"]:
        from vimmerse.compat.runtime import driver

        driver.observe(_print_trace)
    limited = policy.base_url != DEFAULT_BASE_URL or policy.max_credits is not None
    _hand_on(given, {**given, "mode": policy.mode, "base_url": policy.base_url, "limited": limited})
    _watch()
    return installation


def _hand_on(given: dict[str, Any], effective: dict[str, Any]) -> None:
    """Put the settings where children find them; those of the environment's own where every child does."""
    global _handed
    import json

    from vimmerse.compat.core.policy import BASE_URL_VARIABLE, MODE_VARIABLE

    _handed = json.dumps(effective)
    for name, value in (
        (VARIABLE, _handed),
        (MODE_VARIABLE, given["mode"]),
        (BASE_URL_VARIABLE, given["base_url"]),
    ):
        if value is not None:
            before = _changed[name][0] if name in _changed else environ.get(name)
            environ[name] = value
            _changed[name] = before, value
    _put(environ)


def _put(environment: MutableMapping[str, str]) -> None:
    """Give an environment what children need; what it has stays, and its ``PYTHONPATH`` follows our folder."""
    if VARIABLE not in environment:
        environment[VARIABLE] = _handed
    if environment.get(PATH, "").split(os.pathsep)[0] != FOLDER:
        environment[PATH] = os.pathsep.join([FOLDER, *_folders(environment)])


def _folders(environment: MutableMapping[str, str]) -> list[str]:
    """The folders of ``PYTHONPATH`` but ours."""
    value = environment.get(PATH)
    return [folder for folder in value.split(os.pathsep) if folder != FOLDER] if value else []


def stop() -> None:
    """Hand the settings to no further process. What the program itself has set meanwhile stays."""
    global _handed
    from vimmerse.compat.runtime import settings

    _handed = ""
    settings.set_run_options({})
    for name, (before, value) in _changed.items():
        if environ.get(name) == value:
            if before is None or name == VARIABLE:
                del environ[name]
            else:
                environ[name] = before
    _changed.clear()
    folders = _folders(environ)
    if folders:
        environ[PATH] = os.pathsep.join(folders)
    else:
        environ.pop(PATH, None)


def filter_warnings(quiet: bool) -> None:
    """Show ours, those in the program's own modules too, unless the user has given Python other filters."""
    if quiet or not sys.warnoptions:
        warnings.simplefilter("ignore" if quiet else "default", CompatWarning)


def _print_trace(outcome: CallRecord) -> None:
    from vimmerse.compat.runtime import driver

    if sys.stderr is not None:
        print(driver.trace(outcome), file=sys.stderr)


# In a child


def arm() -> None:
    """Have this process translated from its first import of an HTTP library on. For ``bootstrap/`` alone."""
    global _armed, _handed
    if _armed is not None:
        return
    _handed = text = environ[VARIABLE]
    # As JSON writes it, and no text in it can be: its quotes would be escaped. A parser takes half of a start to load.
    filter_warnings('"quiet": true' in text)
    _watch()
    startup.set_start(start)
    _armed = _Armed(text)  # kept: a program may well empty its environment
    if any(name in sys.modules for name in startup.LIBRARIES):
        start()
    else:
        sys.meta_path.insert(0, _armed)


def start() -> None:
    """Install what this process was armed with, if it was and has not yet. Raises ``ValueError``."""
    if _armed is not None and not _armed.fired:
        apply(inherited(_armed.text))


def _disarm() -> None:
    if _armed is not None:
        _armed.fired = True
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not _armed]


class _Armed:
    """Waits in ``sys.meta_path`` for the first of the libraries."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.fired = False

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in startup.LIBRARIES:
            return None
        from vimmerse.compat.process import patching as process

        try:
            start()
        except ValueError as error:
            # It stays armed. No ImportError: a program may well have another way to send the call, untranslated.
            raise RuntimeError(f"vimmerse run can't translate the calls of {name}: {error}") from None
        # Python is walking through the list that start() has changed: install()'s finder would be passed over.
        return process._finder.find_spec(name, path, target)


# Children, as they are started

#: Functions that start a process, by the end of their audit event: where its program, arguments and environment are.
_STARTS = {
    "subprocess.Popen": (0, 1, 3),
    "os.exec": (0, 1, 2),
    "os.posix_spawn": (0, 1, 2),
    "os.spawn": (1, 2, 3),
    "os.system": (),
}
_watching = False
_told: set[str] = set()


def _watch() -> None:
    global _watching
    if not _watching:
        _watching = True
        sys.addaudithook(_audit)
        _watch_multiprocessing()
        if sys.flags.ignore_environment or sys.flags.no_site:
            _tell("multiprocessing starts its processes with the -E, -I or -S of this one")


def _watch_multiprocessing() -> None:
    """Its spawn and forkserver start processes through this function alone, and no audit event tells of it."""
    try:
        import _posixsubprocess
    except ImportError:  # Windows, where there is an event
        return
    start: Any = _posixsubprocess.fork_exec

    def fork_exec(*arguments: Any) -> Any:
        if _handed:
            _put(environ)
        return start(*arguments)

    setattr(_posixsubprocess, "fork_exec", fork_exec)  # noqa: B010  # type checkers know it as a function


def _audit(event: str, values: tuple[Any, ...]) -> None:
    places = _STARTS.get(event)
    if places is not None and _handed:
        from contextlib import suppress

        with suppress(Exception):  # it would keep the process from being started
            _starting(event, [values[place] for place in places] or ["", (), None])


def _starting(event: str, values: list[Any]) -> None:
    program, arguments, environment = values
    if environment is None:
        environment = environ
        _put(environ)
    elif event == "subprocess.Popen" and isinstance(environment, dict | type(environ)) and VARIABLE in environment:
        # A copy of ours, mostly with a PYTHONPATH of its own. Other functions have read it by now.
        _put(environment)
    _tell(out_of_reach(program, arguments, environment))


def out_of_reach(program: Any, arguments: Any, environment: Any) -> str:
    """Why a process that is about to be started, if it is Python, will not find the settings."""
    words = [os.fsdecode(word) for word in ([arguments] if isinstance(arguments, str | bytes) else arguments or ())]
    name = os.path.basename(os.fsdecode(program or (words or [""])[0])).lower()
    if not name.startswith(("python", "pypy")):
        return ""
    option = _isolating(words[1:])
    if option:
        return f"{name} is started with -{option}"
    if environment is not None:
        given = {os.fsdecode(key): os.fsdecode(value) for key, value in environment.items()}
        if VARIABLE not in given or FOLDER not in given.get(PATH, "").split(os.pathsep):
            return f"{name} is started without {VARIABLE} or its folder in {PATH}"
    return ""


def _isolating(words: list[str]) -> str:
    """The option of Python that makes it ignore its environment, or leaves out ``sitecustomize``."""
    rest = iter(words)
    for word in rest:
        if not word.startswith("-") or word == "-":
            break
        for place, letter in enumerate(word[1:] if word[1] != "-" else "", 2):
            if letter in "IES":
                return letter
            if letter in "cm":  # from here on, all is the program's
                return ""
            if letter in "WX":  # the rest of the word is its value, or else the next word
                if place == len(word):
                    next(rest, "")
                break
    return ""


def _tell(why: str) -> None:
    """Once a process, and only where a setting that protects the caller would not hold."""
    if why and why not in _told and sys.stderr is not None and inherited(_handed)["limited"]:
        _told.add(why)
        print(
            f"vimmerse run: {why}: its calls are not translated, and neither --base-url nor --max-credits "
            "holds for them",
            file=sys.stderr,
        )
