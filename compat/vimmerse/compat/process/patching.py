"""Every call of this process: :func:`install` and :func:`uninstall`.

    install()                                   # from here on
    with install(mode="strict"): ...            # for a while

Sessions and clients made before are covered, and those of libraries that are imported later. ``HTTPAdapter.send``
of requests is replaced, so each mounted adapter keeps its own configuration; of httpx and httpx2 it is the choice of
a client's transport, so custom transports and mounts are covered. Installations nest: the latest one that is still
there decides. A :class:`CompatAdapter` or :class:`CompatTransport` keeps its own policy. Nothing is imported only to be
patched. A forked process keeps the translation; other child processes don't have it, save those of ``vimmerse run``.
"""

from __future__ import annotations

import functools
import importlib
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Unpack

from vimmerse.compat.core.policy import Policy
from vimmerse.compat.process import startup
from vimmerse.compat.runtime import settings
from vimmerse.compat.runtime.warnings import OnceFilter

if TYPE_CHECKING:
    from importlib.abc import Loader, MetaPathFinder
    from importlib.machinery import ModuleSpec
else:
    # Nothing of these base classes is needed, and importlib.abc takes longer to load than all the rest.
    Loader = MetaPathFinder = object

_lock = threading.RLock()
_installed: tuple[Installation, ...] = ()
_patches: list[_Patch] = []


class Installation:
    """What :func:`install` gives back; as a context manager it ends with the block."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.ended: Callable[[], object] = lambda: None  # called at its end
        self.once = OnceFilter()

    def __enter__(self) -> Installation:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.uninstall()

    def uninstall(self) -> None:
        """End this installation. A second time does nothing."""
        _remove(self)


def install(policy: Policy | None = None, **overrides: Unpack[settings.Overrides]) -> Installation:
    """Make the v1 calls of the whole process on v2, from all threads, until it is undone."""
    global _installed
    startup.ensure_started()  # what a child of `vimmerse run` has from there lies below this one
    made = Installation(settings.resolve(policy, overrides))
    with _lock:
        _installed = (*_installed, made)
        if len(_installed) == 1:
            sys.meta_path.insert(0, _finder)
    for name in _PATCHED:
        if name in sys.modules:
            # Another thread may be in the middle of importing it: this waits for the end of that. Not under our lock,
            # which that thread may want.
            _patch(importlib.import_module(name))
    return made


def uninstall() -> None:
    """Undo the latest :func:`install`, if any. With the last one the original functions are back."""
    startup.ensure_started()
    with _lock:
        if _installed:
            _remove(_installed[-1])


def _remove(installation: Installation) -> None:
    global _installed
    with _lock:
        if not any(known is installation for known in _installed):
            return
        _installed = tuple(known for known in _installed if known is not installation)
        if not _installed:
            with suppress(ValueError):  # somebody may have replaced the list
                sys.meta_path.remove(_finder)
            while _patches:
                _patches.pop().undo()
    installation.ended()


class _Patch:
    """One replaced function."""

    def __init__(self, owner: type[object], name: str, wrap: Callable[[Any], Any]) -> None:
        self._owner, self._name = owner, name
        self._original = owner.__dict__[name]
        self.replacement = functools.wraps(self._original)(wrap(self._original))
        setattr(owner, name, self.replacement)

    def undo(self) -> None:
        # Whoever has wrapped ours since keeps his wrapper; ours in it then does nothing but call the original.
        if self._owner.__dict__.get(self._name) is self.replacement:
            setattr(self._owner, self._name, self._original)


def _patch(module: ModuleType) -> None:
    with _lock:
        if not _installed:
            return
        for owner, name, wrap in _PATCHED[module.__name__](module):
            if not any(owner.__dict__[name] is patch.replacement for patch in _patches):
                _patches.append(_Patch(owner, name, wrap))


def _current() -> Installation | None:
    """The installation in force. No lock: the tuple is replaced, never changed."""
    installed = _installed
    return installed[-1] if installed else None


Target = tuple[type[object], str, Callable[[Any], Any]]


def _of_requests(module: ModuleType) -> list[Target]:
    return [(module.adapters.HTTPAdapter, "send", _send)]


def _of_httpx(module: ModuleType) -> list[Target]:
    name = "_transport_for_url"
    return [(module.Client, name, _transport_for_url), (module.AsyncClient, name, _async_transport_for_url)]


#: By the name of the library: what is replaced in it.
_PATCHED: dict[str, Callable[[ModuleType], list[Target]]] = dict(
    zip(startup.LIBRARIES, (_of_requests, _of_httpx, _of_httpx), strict=True)
)


def _send(original: Callable[..., Any]) -> Callable[..., Any]:  # typed by what it replaces
    def as_is(adapter: Any, request: Any, options: Any) -> Any:
        return original(adapter, request, **options)

    def send(self: Any, request: Any, *arguments: Any, **options: Any) -> Any:
        from vimmerse.compat.adapters import requests as door

        current = _current()
        if current is None or isinstance(self, door.CompatAdapter):
            return original(self, request, *arguments, **options)
        named: Any = dict(zip(("stream", "timeout", "verify", "cert", "proxies"), arguments, strict=False))
        named.update(options)
        return door.send(self, as_is, request, named, current.policy, sender=self, once=current.once)

    return send


def _transport_for_url(original: Callable[..., Any]) -> Callable[..., Any]:
    def transport_for_url(self: Any, url: Any) -> Any:
        from vimmerse.compat.adapters import httpx as door

        transport, current = original(self, url), _current()
        if current is None or isinstance(transport, door.CompatTransport):
            return transport
        return door.CompatTransport(transport, current.policy, _once=current.once)

    return transport_for_url


def _async_transport_for_url(original: Callable[..., Any]) -> Callable[..., Any]:
    def transport_for_url(self: Any, url: Any) -> Any:
        from vimmerse.compat.adapters import httpx as door

        transport, current = original(self, url), _current()
        if current is None or isinstance(transport, door.AsyncCompatTransport):
            return transport
        return door.AsyncCompatTransport(transport, current.policy, _once=current.once)

    return transport_for_url


class _Finder(MetaPathFinder):
    """Finds a library as the others do, and patches it once it is loaded."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in _PATCHED:
            return None
        for finder in sys.meta_path:
            if finder is not self and (spec := finder.find_spec(fullname, path, target)) is not None:
                if spec.loader is not None:
                    spec.loader = _Loader(spec, spec.loader)
                return spec
        return None


class _Loader(Loader):
    """Loads as the original does, and steps aside."""

    def __init__(self, spec: ModuleSpec, loader: Loader) -> None:
        self._spec, self._loader = spec, loader

    def __getattr__(self, name: str) -> Any:  # whatever else a loader can do
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._spec.loader = self._loader
        self._loader.exec_module(module)
        _patch(module)


_finder = _Finder()
