"""What a verification changes in each Python process of the program. Loaded from its file: standard library only.

* Requests to the API go to a port of this machine instead, by every library that is built on ``http.client``
  (requests, urllib3, ``urllib.request``) or on httpcore (httpx, the clients of this package). What answers there
  translates v1 calls or not: the program itself runs without the compat layer.
* Each of these requests has a header that names the lines of the program which led to it.
* Connections to other machines fail.
* Sleeps end after a few milliseconds.
* Modules are imported from the copy of the tree, also where an editable installation names the original.
* Python processes that this one starts are prepared in the same way.

It changes functions as low as possible, so that mocks and cassettes, which answer above them, work as before.
"""

from __future__ import annotations

import errno
import functools
import json
import os
import sys
import threading
import time
from contextlib import suppress
from importlib.machinery import PathFinder

TYPE_CHECKING = False  # type checkers take it for true; the typing module itself is not needed
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping, Sequence
    from types import FrameType, ModuleType
    from typing import Any

#: The environment variable that names the file with the settings.
VARIABLE = "VIMMERSE_VERIFY"
#: The header that names the lines of the program.
HEADER = "X-Vimmerse-Verify"
#: Seconds that a sleep lasts at most.
LONGEST_SLEEP = 0.005
_MOST_FRAMES = 12
_CONNECTS = ("socket.connect", "socket.sendto", "socket.sendmsg")
_LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname")
_OFF = "vimmerse: during a verification, programs can reach this machine only, not {!r}"


def start_from_environment() -> Child | None:
    """Prepare this process, if it belongs to a verification that has not ended."""
    try:
        with open(os.environ.get(VARIABLE, ""), encoding="utf-8") as file:
            settings = json.load(file)
    except OSError:
        return None
    child = Child(settings)
    child.start()
    return child


class Child:
    """The changes to one process.

    ``settings``: ``host`` and ``port``, the API's and where its requests go; ``files_port``, that of the result files;
    ``tree`` and ``origin``, the folders of the copy and of the original; ``lines``, by relative path the first and last
    lines of places whose run is recorded in the folder ``hits``; ``shorten_sleeps``; ``environment``, which processes
    of the program are to have.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._host: str = settings["host"]
        self._port: int = settings["port"]
        self._tree = os.path.join(settings["tree"], "")
        self._origin = os.path.join(settings["origin"], "")
        self._started_in = os.getcwd()
        self._lines: dict[str, set[tuple[int, int]]] = {
            self._tree + path: {(first, last) for first, last in places} for path, places in settings["lines"].items()
        }
        self._traced: dict[str, set[tuple[int, int]]] = {}  # the same by the names of files in code objects
        self._hooks: dict[str, Callable[[Any], None]] = {
            "http.client": self.change_http_client,
            "urllib3.connection": self.change_connections,
            "httpcore": self.change_httpcore,
            "httpcore2": self.change_httpcore,
        }
        if settings["shorten_sleeps"]:
            self._hooks["asyncio"] = self.change_asyncio

    def start(self) -> None:
        """Change this process, and the libraries once they are imported."""
        sys.path[:] = [self.in_copy(entry) for entry in sys.path]
        for name, module in list(sys.modules.items()):
            mapping = getattr(module, "MAPPING", None) if name.startswith("__editable__") else None
            if isinstance(mapping, dict):  # of an editable installation by setuptools
                mapping.update({package: self.in_copy(folder) for package, folder in mapping.items()})
        if self._settings["shorten_sleeps"]:
            self.change_time(time)
        sys.addaudithook(self.audit)
        sys.meta_path.insert(0, self)
        for name, change in self._hooks.items():
            if name in sys.modules:
                change(sys.modules[name])
        sys.set_coroutine_origin_tracking_depth(_MOST_FRAMES)
        if self._lines and sys.gettrace() is None:
            threading.settrace(self.trace)
            sys.settrace(self.trace)

    def in_copy(self, path: str) -> str:
        """Return the path in the copy of a path in the original tree; any other, and what was not copied, as it is."""
        if isinstance(path, str) and os.path.join(path, "").startswith(self._origin):
            copied = os.path.join(self._tree, path[len(self._origin) :]).rstrip(os.sep)
            return copied if os.path.exists(copied) else path
        return path

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        """Find a library by Python's own finder, and change it once it is loaded."""
        change = self._hooks.get(name)
        spec = PathFinder.find_spec(name, path, target) if change is not None else None
        if change is None or spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            load(module)
            change(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]  # of this module alone
        return spec

    # Libraries

    def change_http_client(self, module: Any) -> None:
        """Send the API's requests to the port, and name the lines in them."""

        def wrap_putrequest(original: Any) -> Any:
            def putrequest(connection: Any, method: str, url: str, *arguments: Any, **options: Any) -> Any:
                connection._vimmerse_target = method, url
                return original(connection, method, url, *arguments, **options)

            return putrequest

        def wrap_endheaders(original: Any) -> Any:
            def endheaders(connection: Any, *arguments: Any, **options: Any) -> Any:
                target = getattr(connection, "_vimmerse_target", None)
                if target is not None and self._is_ours(connection.host, connection.port):
                    connection.putheader(HEADER, self.origin_of_request(*target))
                return original(connection, *arguments, **options)

            return endheaders

        _replace(module.HTTPConnection, "putrequest", wrap_putrequest)
        _replace(module.HTTPConnection, "endheaders", wrap_endheaders)
        self.change_connections(module)

    def change_connections(self, module: Any) -> None:
        """Connect to the port, without TLS, where a connection of ``http.client`` or urllib3 is to the API."""

        def wrap(original: Any) -> Any:
            def connect(connection: Any) -> Any:
                if not self._is_api(connection.host) or getattr(connection, "_tunnel_host", None):
                    return original(connection)
                import socket

                connection.sock = socket.create_connection(("127.0.0.1", self._port))
                connection.is_verified = True  # urllib3 warns of other connections
                return None

            return connect

        _replace(module.HTTPConnection, "connect", wrap)
        _replace(module.HTTPSConnection, "connect", wrap)

    def change_httpcore(self, module: Any) -> None:
        """Do the same for httpcore, whose pools get each request."""

        def wrap(original: Any) -> Any:
            def handle_request(pool: Any, request: Any) -> Any:
                self._redirect(module, request)
                return original(pool, request)

            return handle_request

        _replace(module.ConnectionPool, "handle_request", wrap)
        _replace(module.AsyncConnectionPool, "handle_async_request", wrap)  # it returns the coroutine

    def _redirect(self, module: Any, request: Any) -> None:
        url = request.url
        if not self._is_ours(url.host, url.port):
            return
        origin = self.origin_of_request(request.method.decode("latin-1"), url.target.decode("latin-1"))
        request.headers = [*request.headers, (HEADER.encode(), origin.encode())]
        if self._is_api(url.host):
            request.url = module.URL(scheme=b"http", host=b"127.0.0.1", port=self._port, target=url.target)

    def change_time(self, module: Any) -> None:
        """Shorten ``time.sleep``."""

        def wrap(original: Any) -> Any:
            return lambda seconds: original(_shortened(seconds))

        _replace(module, "sleep", wrap)

    def change_asyncio(self, module: Any) -> None:
        """Shorten ``asyncio.sleep``."""
        original = module.sleep

        async def sleep(delay: float, result: Any = None) -> Any:
            return await original(_shortened(delay), result)

        module.sleep = module.tasks.sleep = functools.wraps(original)(sleep)

    def _is_api(self, host: str | bytes) -> bool:
        name = host.decode("latin-1") if isinstance(host, bytes) else host
        return name.rstrip(".").lower() == self._host

    def _is_ours(self, host: str | bytes, port: int | None) -> bool:
        """Whether a request is one for the API, or for a result file."""
        return self._is_api(host) or (host in ("127.0.0.1", b"127.0.0.1") and port == self._settings["files_port"])

    def origin_of_request(self, method: str, target: str) -> str:
        """Return the value of the header: the request as the program made it, and the lines that led to it."""
        return json.dumps([method, target.partition("?")[0], self._frames(sys._getframe(1))])

    def _frames(self, frame: FrameType | None) -> list[tuple[str, int]]:
        """Return path and line of each function of the program that is being run, the innermost first.

        A path is relative to the tree. That of a file of the original tree is absolute: it must not have been run.
        """
        found: list[tuple[str, int]] = []
        while frame is not None and len(found) < _MOST_FRAMES:
            path = self._path(frame)
            if path.startswith(self._tree):
                found.append((path[len(self._tree) :], frame.f_lineno))
            elif self.in_copy(path) != path:
                found.append((path, frame.f_lineno))
            frame = frame.f_back
        return found + self._task_frames()

    def _task_frames(self) -> list[tuple[str, int]]:
        """Return the lines that have created the coroutine of the current task: the stack begins with the task."""
        tasks = sys.modules.get("asyncio.tasks")
        try:
            task = tasks.current_task() if tasks is not None else None
        except RuntimeError:  # no loop is running
            return []
        origin = getattr(task.get_coro(), "cr_origin", None) if task is not None else None
        paths = [(os.path.join(self._started_in, name), line) for name, line, _ in origin or ()]
        return [(path[len(self._tree) :], line) for path, line in paths if path.startswith(self._tree)]

    def _path(self, frame: FrameType) -> str:
        """Return the path of the file that a function is in; empty for code that is in none."""
        name = frame.f_code.co_filename  # of a script, as it is in the command
        return os.path.join(self._started_in, name) if not name.startswith("<") else ""

    # The interpreter

    def audit(self, event: str, values: tuple[Any, ...]) -> None:
        """Refuse connections to other machines, and prepare Python processes that the program starts."""
        if event in _CONNECTS:
            address = values[1]
            if isinstance(address, tuple) and not _is_local(address[0]):
                raise OSError(errno.ENETUNREACH, _OFF.format(address[0]))
        elif event in _LOOKUPS:
            if not _is_local(values[0]):
                module = sys.modules["_socket"]
                raise module.gaierror(module.EAI_NONAME, _OFF.format(values[0]))
        elif event == "subprocess.Popen":
            environment = os.environ if values[3] is None else values[3]
            if isinstance(environment, dict | type(os.environ)):
                self._prepare(environment)

    def _prepare(self, environment: MutableMapping[str, str]) -> None:
        """Add what a process needs to the environment that the program gives it."""
        for name, value in self._settings["environment"].items():
            if name == "PYTHONPATH":
                folders = environment.get(name, "").split(os.pathsep)
                if value not in folders:
                    environment[name] = os.pathsep.join(filter(None, [value, *folders]))
            else:
                environment[name] = value

    def trace(self, frame: FrameType, event: str, argument: object) -> Any:
        """Record which places are run: as a trace function of Python, which is called for each function."""
        name = frame.f_code.co_filename
        if name not in self._traced:
            self._traced[name] = self._lines.get(self._path(frame)) or set()
        places = self._traced[name]
        if not places:
            return None
        if event == "line":
            for lines in [each for each in tuple(places) if each[0] <= frame.f_lineno <= each[1]]:
                places.discard(lines)
                self._record(self._path(frame), lines)
        return self.trace

    def _record(self, path: str, lines: tuple[int, int]) -> None:
        text = json.dumps([path[len(self._tree) :], *lines]) + "\n"
        with suppress(OSError), open(os.path.join(self._settings["hits"], str(os.getpid())), "a") as file:
            file.write(text)


def _shortened(seconds: float) -> float:
    return LONGEST_SLEEP if seconds > LONGEST_SLEEP else seconds


def _is_local(host: object) -> bool:
    """Whether a host is this machine. None and empty text are: they stand for its own addresses."""
    name = host.decode("latin-1") if isinstance(host, bytes) else host
    if not name:
        return True
    if not isinstance(name, str):
        return False
    name = name.rstrip(".").lower().removeprefix("::ffff:")
    return name in ("localhost", "::1", "0.0.0.0", "::", own_name()) or name.startswith("127.")


@functools.cache
def own_name() -> str:
    """Return the name of this machine, which programs look up to find themselves."""
    return os.uname().nodename.lower() if hasattr(os, "uname") else "localhost"


def _replace(owner: Any, name: str, wrap: Callable[[Any], Any]) -> None:
    original = getattr(owner, name)
    setattr(owner, name, functools.wraps(original)(wrap(original)))
