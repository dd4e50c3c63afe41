"""A drop-in for requests: ``from vimmerse.compat import requests``.

Every name of requests is here, and is the original: the same exceptions, the same ``Response``. Only the functions and
``Session`` differ: they translate v1 calls to v2, and send every other call unchanged.

As in requests, the functions keep no cookies between calls. But they share their connections, which saves the handshake
of a further call. An idle connection is not reused after :data:`IDLE_LIMIT` seconds, when a server may be about to
close it, nor in a forked process.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

# First: without requests it says which extra to install.
from vimmerse.compat.adapters.requests import KEPT_CONNECTIONS, CompatAdapter

# isort: split
import requests as _requests
from requests.adapters import BaseAdapter, HTTPAdapter
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.runtime import settings
from vimmerse.compat.runtime.driver import annotate_late_error
from vimmerse.compat.runtime.warnings import OnceFilter, WarningEmitter

if TYPE_CHECKING:
    from requests import ConnectionError as ConnectionError
    from requests import ConnectTimeout as ConnectTimeout
    from requests import HTTPError as HTTPError
    from requests import JSONDecodeError as JSONDecodeError
    from requests import PreparedRequest as PreparedRequest
    from requests import ReadTimeout as ReadTimeout
    from requests import Request as Request
    from requests import RequestException as RequestException
    from requests import Response as Response
    from requests import Timeout as Timeout
    from requests import TooManyRedirects as TooManyRedirects
    from requests import URLRequired as URLRequired
    from requests import adapters as adapters
    from requests import auth as auth
    from requests import codes as codes
    from requests import cookies as cookies
    from requests import exceptions as exceptions
    from requests import hooks as hooks
    from requests import models as models
    from requests import structures as structures
    from requests import utils as utils

P = ParamSpec("P")
R = TypeVar("R")

#: Seconds after which an idle connection of the functions' pool is not used again; servers wait for at least five.
IDLE_LIMIT = 4.0


class Session(_requests.Session):
    """A ``requests.Session`` that translates v1 calls to v2.

    An adapter that is mounted later for http or https URLs does the sending, wrapped in a :class:`CompatAdapter`.

    Args:
        policy: How to translate. What it leaves unset comes from the environment.
    """

    __attrs__: list[str] = [*_requests.Session.__attrs__, "_policy", "_ready"]
    _policy: Policy | None = None
    _ready = False

    def __init__(self, policy: Policy | None = None) -> None:
        super().__init__()
        self._policy = policy
        self._once = OnceFilter()
        self._ready = True
        self.mount("https://", self._new_adapter())
        self.mount("http://", self._new_adapter())

    def _new_adapter(self, wrapped: BaseAdapter | None = None) -> CompatAdapter:
        adapter = CompatAdapter(wrapped=wrapped, policy=self._policy)
        adapter.once_filter = self._once
        return adapter

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)  # type: ignore[misc]  # not in the stubs
        self._once = OnceFilter()
        for adapter in self.adapters.values():
            if isinstance(adapter, CompatAdapter):
                adapter.once_filter = self._once

    def mount(self, prefix: str | bytes, adapter: BaseAdapter) -> None:
        scheme = (prefix if isinstance(prefix, str) else prefix.decode()).lower()
        carries_http = scheme.startswith("http") or "https://".startswith(scheme)
        if self._ready and carries_http and not isinstance(adapter, CompatAdapter):
            adapter = self._new_adapter(wrapped=adapter)
        super().mount(prefix, adapter)


def session() -> Session:
    """As ``requests.session``."""
    return Session()


_once = OnceFilter()  # of the functions: one for the process


class _Pool:
    """The connections of the functions, replaced when they have been idle, and in a child process."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Start anew, with neither the lock nor the connections of a parent process."""
        self._lock = threading.Lock()
        self._adapter: HTTPAdapter | None = None
        self._last_used = 0.0

    def adapter(self) -> HTTPAdapter:
        with self._lock:
            now = time.monotonic()
            if self._adapter is None or now - self._last_used > IDLE_LIMIT:
                # Not closed: another thread may be about to use it. Its idle connections go with its last reference.
                self._adapter = HTTPAdapter(pool_maxsize=KEPT_CONNECTIONS)
            self._last_used = now
            return self._adapter


_pool = _Pool()
getattr(os, "register_at_fork", lambda **_: None)(after_in_child=_pool.reset)  # Windows has no fork


class _PooledAdapter(CompatAdapter):
    def close(self) -> None:
        """Leave the connections open for the next call."""


class _CallSession(_requests.Session):
    """The session of one call of a function."""

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        # requests searches the whole environment for proxies several times, which would make a call 1.27 times as
        # expensive as one of requests.post. Nothing is set on this session, so there is nothing else to merge.
        has_system_settings = sys.platform in ("darwin", "win32")
        if has_system_settings or any(name.upper().endswith("_PROXY") for name in os.environ):
            return super().merge_environment_settings(url, proxies, stream, verify, cert)
        if verify is True or verify is None:
            verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
        proxies = {scheme: proxy for scheme, proxy in (proxies or {}).items() if proxy is not None}
        return {"proxies": proxies, "stream": bool(stream), "verify": verify, "cert": cert}


def _documented_as(original: Callable[P, R]) -> Callable[[Callable[..., R]], Callable[P, R]]:
    """Give a function the signature and the documentation of requests' own."""

    def decorate(function: Callable[..., R]) -> Callable[P, R]:
        wrapper = wraps(original)(function)
        wrapper.__module__ = __name__
        return wrapper

    return decorate


@_documented_as(_requests.request)
def request(method: str, url: str, **options: Any) -> _requests.Response:
    policy = settings.resolve(None, {})
    response = None
    try:
        with _CallSession() as session:
            adapter = _PooledAdapter(wrapped=_pool.adapter(), policy=policy)
            adapter.once_filter = _once
            session.mount("https://", adapter)
            session.mount("http://", adapter)
            response = session.request(method=method, url=url, **options)
            return response
    except BaseException as error:
        annotate_late_error(error, getattr(response, "vimmerse", None), WarningEmitter(policy, _once))
        raise


@_documented_as(_requests.get)
def get(url: str, params: Any = None, **options: Any) -> _requests.Response:
    return request("get", url, params=params, **options)


@_documented_as(_requests.options)
def options(url: str, **options: Any) -> _requests.Response:
    return request("options", url, **options)


@_documented_as(_requests.head)
def head(url: str, **options: Any) -> _requests.Response:
    options.setdefault("allow_redirects", False)
    return request("head", url, **options)


@_documented_as(_requests.post)
def post(url: str, data: Any = None, json: Any = None, **options: Any) -> _requests.Response:
    return request("post", url, data=data, json=json, **options)


@_documented_as(_requests.put)
def put(url: str, data: Any = None, **options: Any) -> _requests.Response:
    return request("put", url, data=data, **options)


@_documented_as(_requests.patch)
def patch(url: str, data: Any = None, **options: Any) -> _requests.Response:
    return request("patch", url, data=data, **options)


@_documented_as(_requests.delete)
def delete(url: str, **options: Any) -> _requests.Response:
    return request("delete", url, **options)


_FUNCTIONS = ("request", "get", "options", "head", "post", "put", "patch", "delete")


def _overlay(original: ModuleType, *names: str) -> ModuleType:
    """Return a copy of a module of requests in which these names are the ones of this module."""
    module = ModuleType(f"{__name__}.{original.__name__.partition('.')[2]}", original.__doc__)
    module.__dict__.update({**vars(original), **{name: globals()[name] for name in names}}, __name__=module.__name__)
    return module


if TYPE_CHECKING:
    api: ModuleType
    sessions: ModuleType
    __all__: list[str]
    __version__: str
else:
    api = _overlay(_requests.api, *_FUNCTIONS)
    sessions = _overlay(_requests.sessions, "Session", "session")

    def __getattr__(name: str) -> Any:
        return getattr(_requests, name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *dir(_requests)})

    # A package for the import system, with the modules of requests: `from vimmerse.compat.requests.auth import …`.
    __path__: list[str] = []
    for _name in [name for name in sys.modules if name.startswith("requests.")]:
        sys.modules[f"{__name__}.{_name.removeprefix('requests.')}"] = sys.modules[_name]
    sys.modules[f"{__name__}.api"] = api
    sys.modules[f"{__name__}.sessions"] = sessions

    # Versions of requests before 2.32 have no __all__: these are the names that a star import of them gives.
    __all__ = [*getattr(_requests, "__all__", (name for name in dir(_requests) if not name.startswith("_")))]
