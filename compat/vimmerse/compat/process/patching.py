"""Translate the v1 calls of the entire process: :func:`install` and :func:`uninstall`.

    install()                                   # from here on
    with install(mode="strict"): ...            # for a while

This covers existing sessions and clients, and libraries that are imported later. In requests ``HTTPAdapter.send`` is
replaced, so each mounted adapter keeps its own configuration; in httpx and httpx2 it is a client's choice of transport,
so custom transports and mounts are covered. Installations nest: the latest one that still exists applies. A
:class:`CompatAdapter` or :class:`CompatTransport` keeps its own policy. No library is imported only to be patched. A
forked process keeps the translation; other child processes don't have it, except those of ``vimmerse run``.
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
    # These base classes are not needed, and importlib.abc takes longer to load than all the rest.
    Loader = MetaPathFinder = object

_lock = threading.RLock()
_installed: tuple[Installation, ...] = ()  # replaced, never changed, so that reading needs no lock
_patches: list[_Patch] = []


class Installation:
    """The result of :func:`install`. As a context manager, it uninstalls at the end of the block.

    ``policy``: how calls are translated, complete with the settings of the environment.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.once: OnceFilter = OnceFilter()
        self.on_uninstall: Callable[[], object] = lambda: None

    def __enter__(self) -> Installation:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.uninstall()

    def uninstall(self) -> None:
        """End this installation. Does nothing if it has ended already."""
        global _installed
        with _lock:
            if not any(known is self for known in _installed):
                return
            _installed = tuple(known for known in _installed if known is not self)
            if not _installed:
                with suppress(ValueError):  # the program may have replaced the list
                    sys.meta_path.remove(finder)
                while _patches:
                    _patches.pop().undo()
        self.on_uninstall()


def install(policy: Policy | None = None, **overrides: Unpack[settings.Overrides]) -> Installation:
    """Translate the v1 calls of requests, httpx and httpx2 in all threads, until it is undone.

        install(max_credits=300)            # from here on
        with install(mode="strict"): ...    # for a while

    Existing sessions and clients are included, and libraries that are imported later. Each keeps its own adapters,
    transports, proxies and certificates. A :class:`CompatAdapter` or :class:`CompatTransport` keeps its own policy.
    Installations nest: the latest one that has not ended applies.

    Args:
        policy: How to translate. What it leaves unset comes from the environment.
        overrides: The keyword arguments of :class:`Policy`, in place of ``policy``'s own.

    Returns:
        Installation: A context manager; its ``uninstall()`` ends this installation, even if it is not the latest.

    Raises:
        TypeError, ValueError: A setting is not usable, here or in the environment. The message never contains a key.
    """
    global _installed
    startup.ensure_started()  # this installation comes on top of that of `vimmerse run`
    installation = Installation(settings.resolve(policy, overrides))
    settings.start_counting()
    with _lock:
        _installed = (*_installed, installation)
        if len(_installed) == 1:
            sys.meta_path.insert(0, finder)
    for name in startup.LIBRARIES:
        if name in sys.modules:
            # If another thread is importing the library, this waits until it has; without the lock, which that thread
            # may need.
            _patch(importlib.import_module(name))
    return installation


def uninstall() -> None:
    """End the latest installation that has not ended; do nothing if there is none.

    After the last one, the libraries have their original functions again. In a program under ``vimmerse run``, that
    ends its translation, too.
    """
    startup.ensure_started()
    with _lock:
        if _installed:
            _installed[-1].uninstall()


class _Patch:
    """One replaced function."""

    def __init__(self, owner: type[object], name: str, wrap: Callable[[Any], Any]) -> None:
        self._owner, self._name = owner, name
        self._original = owner.__dict__[name]
        self.replacement = functools.wraps(self._original)(wrap(self._original))
        setattr(owner, name, self.replacement)

    def undo(self) -> None:
        # If somebody has wrapped the replacement since, it stays; it then only calls the original.
        if self._owner.__dict__.get(self._name) is self.replacement:
            setattr(self._owner, self._name, self._original)


def _patch(module: ModuleType) -> None:
    with _lock:
        if not _installed:
            return
        for owner, name, wrap in _targets(module):
            if not any(owner.__dict__[name] is patch.replacement for patch in _patches):
                _patches.append(_Patch(owner, name, wrap))


def _targets(module: ModuleType) -> list[tuple[type[object], str, Callable[[Any], Any]]]:
    """Return what is replaced in a library: class, method, and what wraps the method."""
    if module.__name__ == "requests":
        return [(module.adapters.HTTPAdapter, "send", _wrap_send)]
    return [
        (module.Client, "_transport_for_url", _wrap_transport_for_url("CompatTransport")),
        (module.AsyncClient, "_transport_for_url", _wrap_transport_for_url("AsyncCompatTransport")),
    ]


def _current() -> Installation | None:
    installed = _installed
    return installed[-1] if installed else None


def _wrap_send(original: Callable[..., Any]) -> Callable[..., Any]:  # typed by what it replaces
    def send_original(adapter: Any, request: Any, options: Any) -> Any:
        return original(adapter, request, **options)

    def send(self: Any, request: Any, *arguments: Any, **options: Any) -> Any:
        from vimmerse.compat.adapters import requests as adapter

        current = _current()
        if current is None or isinstance(self, adapter.CompatAdapter):
            return original(self, request, *arguments, **options)
        options.update(zip(("stream", "timeout", "verify", "cert", "proxies"), arguments, strict=False))
        return adapter.send(self, send_original, request, options, current.policy, sender=self, once=current.once)

    return send


def _wrap_transport_for_url(compat_class: str) -> Callable[[Any], Any]:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def transport_for_url(self: Any, url: Any) -> Any:
            from vimmerse.compat.adapters import httpx as adapter

            transport, current = original(self, url), _current()
            compat_transport = getattr(adapter, compat_class)
            if current is None or isinstance(transport, compat_transport):
                return transport
            translating = compat_transport(transport, current.policy)
            translating.once_filter = current.once
            return translating

        return transport_for_url

    return wrap


class _Finder(MetaPathFinder):
    """Finds a library by the other finders, and patches it once it is loaded."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in startup.LIBRARIES:
            return None
        for other in sys.meta_path:
            if other is not self and (spec := other.find_spec(fullname, path, target)) is not None:
                if spec.loader is not None:
                    spec.loader = _Loader(spec, spec.loader)
                return spec
        return None


class _Loader(Loader):
    """Loads by the original loader, which it puts back."""

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


finder = _Finder()
