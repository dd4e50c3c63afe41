"""The guard: no request of a test run reaches the real service.

It replaces functions at the lowest place that knows the host's name, so that mocks and cassettes, which answer above
it, work as before:

* ``socket.getaddrinfo``: the connections of every library, without a proxy.
* The pools of httpcore and httpcore2, and ``HTTPConnection`` of ``http.client``: also with a proxy, which looks the
  name up itself, and with event loops that don't use ``socket`` (uvloop).

An audit hook would see less (no proxies), could not be removed, and would run for each import and each opened file.
Requests to other hosts cost one comparison more. A library is not imported to be guarded: it is when the program
imports it.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from contextvars import ContextVar

HOST = "api.vimmerse.net"
_LONGEST_PATH = 200
_HELP = (
    "Use the fixture vimmerse_emulator, and create the client in the test or with its base_url; or allow such calls "
    "with --vimmerse-live --vimmerse-max-credits N."
)


class LiveCallError(RuntimeError):
    """A test tried to call the real service, and the guard of the pytest plugin prevented it. Nothing was sent.

    The test fails even if the program catches this error. The message never contains a key.
    """


class LiveRequest(NamedTuple):
    """A request to the service. ``path``: without the query. ``body``: None if it is not known."""

    method: str
    path: str
    body: bytes | None


#: Returns why a request must not be sent, or empty text.
Admit = Callable[[LiveRequest], str]


class Guard:
    """Refuses requests to the service, from :meth:`install` to :meth:`uninstall`.

    ``refused``: what was refused and is not reported yet, a text for each.
    """

    def __init__(self) -> None:
        self.refused: list[str] = []
        self._active = False
        self._admit: Admit | None = None
        self._announced: ContextVar[LiveRequest | None]  # in live mode: what requests or http.client is about to send
        self._in_flight: list[None] = []  # one for each admitted request; appending is atomic, counting is not
        self._patches: list[tuple[Any, str, Any, Any]] = []
        self._targets: list[tuple[str, Callable[[ModuleType], None]]] = [
            ("socket", self._guard_socket),
            ("http.client", self._guard_http_client),
            ("httpcore", self._guard_httpcore),
            ("httpcore2", self._guard_httpcore),
        ]

    def install(self) -> None:
        """Begin to guard, also the libraries that are imported later."""
        self._active = True
        sys.meta_path.insert(0, self)
        self._guard_loaded()

    def admit_by(self, admit: Admit) -> None:
        """From now on, ``admit`` decides about each request: live mode."""
        from contextvars import ContextVar

        self._admit = admit
        self._announced = ContextVar("vimmerse_announced", default=None)
        guarded = len(self._targets)
        self._targets.append(("requests.adapters", self._announce_requests))
        self._targets.append(("http.client", self._announce_http_client))
        self._guard_loaded(guarded)

    def uninstall(self) -> None:
        """Put the libraries' own functions back. What somebody has wrapped since then stays, and does nothing."""
        self._active = False
        with suppress(ValueError):  # the program may have replaced the list
            sys.meta_path.remove(self)
        for owner, name, original, replacement in reversed(self._patches):
            if getattr(owner, name) is replacement:
                setattr(owner, name, original)
        self._patches.clear()

    def take_refused(self) -> list[str]:
        """Return the texts of what was refused since the last time."""
        refused, self.refused = self.refused, []
        return refused

    # Libraries that are imported later

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        """Find a library by Python's own finder, and guard it once it is loaded."""
        if not any(name == target for target, _ in self._targets):
            return None
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            load(module)
            for target, guard in self._targets:
                if target == name:
                    guard(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]  # of this module alone
        return spec

    def _guard_loaded(self, start: int = 0) -> None:
        for name, guard in self._targets[start:]:
            if (module := sys.modules.get(name)) is not None:
                guard(module)

    def _replace(self, owner: Any, name: str, wrap: Callable[[Any], Any]) -> None:
        original = getattr(owner, name)
        replacement = functools.wraps(original)(wrap(original))
        self._patches.append((owner, name, original, replacement))
        setattr(owner, name, replacement)

    # What is replaced

    def _guard_socket(self, module: ModuleType) -> None:
        def wrap(original: Any) -> Any:
            def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
                if self._guards(host) and not self._in_flight:
                    self._refuse(f"a connection to {HOST}", "" if self._admit is None else "its price is unknown")
                return original(host, *arguments, **options)

            return getaddrinfo

        self._replace(module, "getaddrinfo", wrap)

    def _guard_http_client(self, module: ModuleType) -> None:
        def wrap(original: Any) -> Any:
            def putrequest(connection: Any, method: str, url: str, *arguments: Any, **options: Any) -> Any:
                host, path = _target(connection, url)
                if self._guards(host):
                    announced = self._announced.get() if self._admit is not None else None
                    known = announced is not None and announced[:2] == (method, path)
                    self._check(announced if announced is not None and known else LiveRequest(method, path, None))
                return original(connection, method, url, *arguments, **options)

            return putrequest

        self._replace(module.HTTPConnection, "putrequest", wrap)

    def _guard_httpcore(self, module: ModuleType) -> None:
        def wrap(original: Any) -> Any:
            def handle_request(pool: Any, request: Any) -> Any:
                if not self._guards(request.url.host):
                    return original(pool, request)
                self._check(_of_httpcore(request))
                with self._sending():
                    return original(pool, request)

            return handle_request

        def wrap_async(original: Any) -> Any:
            async def handle_async_request(pool: Any, request: Any) -> Any:
                if not self._guards(request.url.host):
                    return await original(pool, request)
                self._check(_of_httpcore(request))
                with self._sending():
                    return await original(pool, request)

            return handle_async_request

        self._replace(module.ConnectionPool, "handle_request", wrap)
        self._replace(module.AsyncConnectionPool, "handle_async_request", wrap_async)

    def _announce_requests(self, module: ModuleType) -> None:
        def wrap(original: Any) -> Any:
            def send(adapter: Any, request: Any, *arguments: Any, **options: Any) -> Any:
                host, path = _split(request.url or "")
                if not self._guards(host):
                    return original(adapter, request, *arguments, **options)
                with self._sending(LiveRequest(request.method, path, _bytes(request.body))):
                    return original(adapter, request, *arguments, **options)

            return send

        self._replace(module.HTTPAdapter, "send", wrap)

    def _announce_http_client(self, module: ModuleType) -> None:
        def wrap(original: Any) -> Any:
            def request(connection: Any, method: str, url: str, body: Any = None, *more: Any, **options: Any) -> Any:
                host, path = _target(connection, url)
                if not self._guards(host):
                    return original(connection, method, url, body, *more, **options)
                with self._sending(LiveRequest(method, path, _bytes(body))):
                    return original(connection, method, url, body, *more, **options)

            return request

        self._replace(module.HTTPConnection, "request", wrap)

    # Decisions

    def _guards(self, host: object) -> bool:
        return self._active and is_service(host)

    @contextmanager
    def _sending(self, request: LiveRequest | None = None) -> Iterator[None]:
        token = self._announced.set(request)
        self._in_flight.append(None)
        try:
            yield
        finally:
            self._in_flight.pop()
            self._announced.reset(token)

    def _check(self, request: LiveRequest) -> None:
        reason = ""
        if self._admit is not None:
            reason = self._admit(request)
            if not reason:
                return
        path = "".join(character if character.isprintable() else "?" for character in request.path)
        path = path if len(path) <= _LONGEST_PATH else f"{path[:_LONGEST_PATH]}..."
        self._refuse(f"{request.method} https://{HOST}{path}", reason)

    def _refuse(self, what: str, reason: str) -> None:
        from vimmerse.compat.runtime.call_site import user_frame

        __tracebackhide__ = True
        frame = user_frame()
        place = f" ({_shown(frame.f_code.co_filename)}:{frame.f_lineno})" if frame is not None else ""
        why = f"{reason}." if reason else f"tests must not call the real service. {_HELP}"
        text = f"{what} was blocked{place}: {why}"
        self.refused.append(text)
        raise LiveCallError(text)


def is_service(host: object) -> bool:
    """Whether a host is that of the service, in any letter case, as text or bytes."""
    if isinstance(host, bytes):
        host = host.decode("latin-1")
    return isinstance(host, str) and host.rstrip(".").lower() == HOST


def _shown(path: str) -> str:
    """Return a path from the current directory on, if the file is below it."""
    folder = os.path.join(os.getcwd(), "")
    return path.removeprefix(folder)


def _split(url: str) -> tuple[str, str]:
    """Return the host and the path of a URL."""
    rest = url.partition("://")[2]
    authority = rest.replace("?", "/").replace("#", "/").partition("/")[0]
    path = rest[len(authority) :].partition("#")[0].partition("?")[0]
    return authority.rpartition("@")[2].partition(":")[0], path or "/"


def _target(connection: Any, url: str) -> tuple[str, str]:
    """Return the host and the path of a request of ``http.client``. For a plain proxy, the URL is absolute."""
    if url.lower().startswith(("http://", "https://")):
        return _split(url)
    host = getattr(connection, "_tunnel_host", None) or connection.host
    return host, url.partition("#")[0].partition("?")[0]


def _of_httpcore(request: Any) -> LiveRequest:
    target = request.url.target.decode("latin-1")
    stream = request.stream
    # Only a body in memory can be read twice.
    body = b"".join(stream) if type(stream).__name__ == "ByteStream" else None
    return LiveRequest(request.method.decode("latin-1"), target.partition("?")[0], body)


def _bytes(body: object) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body or b""
    return body.encode() if isinstance(body, str) else None
