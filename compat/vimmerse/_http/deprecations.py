"""Warnings about deprecated operations and fields, at the line of the call.

Type checkers see ``typing_extensions.deprecated`` (PEP 702) in place of :func:`deprecated`. At run time that one would
make a coroutine function of Python 3.11 a plain function, and typing_extensions a dependency.
"""

import functools
import inspect
import warnings
from collections.abc import Callable, Mapping
from types import MethodType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from vimmerse._http.models import Model

P = ParamSpec("P")
R = TypeVar("R")


def _deprecated(message: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function so that each call gives a ``DeprecationWarning``.

    A coroutine function warns when it is called, not when its coroutine runs: a task runs it from the event loop, where
    the caller's line is no longer known.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        def warn(arguments: Mapping[str, Any]) -> None:
            warnings.warn(message, DeprecationWarning, stacklevel=3)

        decorated: Any = _calling_first(warn, function)
        decorated.__deprecated__ = message
        return decorated  # type: ignore[no-any-return]  # of the function's own type

    return decorate


if TYPE_CHECKING:
    from typing_extensions import deprecated as deprecated
else:
    deprecated = _deprecated


def deprecated_arguments(*arguments: tuple[str, tuple[str, ...], str]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function so that each call with one of these fields gives a ``DeprecationWarning``.

    ``arguments``: of each field the keyword argument that is or holds it, its path in that by the API's names, and the
    message.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        def warn(given: Mapping[str, Any]) -> None:
            for argument, path, message in arguments:
                if _is_given(given.get(argument), path):
                    warnings.warn(message, DeprecationWarning, stacklevel=3)

        return _calling_first(warn, function)

    return decorate


def _is_given(value: Any, path: tuple[str, ...]) -> bool:
    if value is None or not path:
        return value is not None
    if isinstance(value, list | tuple):
        return any(_is_given(item, path) for item in value)
    if isinstance(value, Model):
        value = value.to_dict()
    return isinstance(value, Mapping) and _is_given(value.get(path[0]), path[1:])


def _calling_first(first: Callable[[Mapping[str, Any]], None], function: Callable[P, R]) -> Callable[P, R]:
    """Return a function that calls ``first`` with its keyword arguments, and then ``function``, whose kind it keeps."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        first(kwargs)
        return function(*args, **kwargs)

    if not inspect.iscoroutinefunction(function):
        return wrapper
    mark = getattr(inspect, "markcoroutinefunction", None)  # new in Python 3.12
    kept: Any = mark(wrapper) if mark else _CoroutineFunction(first, function)
    return kept  # type: ignore[no-any-return]  # of the function's own type


class _CoroutineFunction(functools.partial[Any]):
    """A coroutine function that calls another function first. ``inspect`` looks into a partial for the function."""

    _first: Callable[[Mapping[str, Any]], None]

    def __new__(cls, first: Callable[[Mapping[str, Any]], None], function: Callable[..., Any]) -> "_CoroutineFunction":
        self = super().__new__(cls, function)
        self._first = first
        functools.update_wrapper(self, function)
        return self

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        self._first(kwargs)
        return self.func(*args, **kwargs)

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return self if instance is None else MethodType(self, instance)
