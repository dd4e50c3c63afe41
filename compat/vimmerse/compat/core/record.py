"""Bases of the core's values: what ``dataclasses`` would generate, without the time that this takes.

A program that starts pays for each dataclass, and for the modules that ``dataclasses`` loads. Values that may hold an
API key are not tuples: error reporters print what is inside a tuple, and of anything else the ``repr``.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, Self


class Value:
    """A value that is compared by its fields: ``__slots__``, in the order in which ``__init__`` takes them."""

    __slots__: tuple[str, ...] = ()
    #: Fields that ``repr`` leaves out: secrets, and what is long.
    _unseen: ClassVar[frozenset[str]] = frozenset()

    def _values(self) -> tuple[Any, ...]:
        return tuple([getattr(self, name) for name in self.__slots__])

    def replace(self, **changes: Any) -> Self:
        """Return the same but for the fields in ``changes``; also ``copy.replace`` from Python 3.13 on."""
        return type(self)(**{**{name: getattr(self, name) for name in self.__slots__}, **changes})

    def __replace__(self, **changes: Any) -> Self:
        return self.replace(**changes)

    def __eq__(self, other: object) -> bool:
        return self._values() == other._values() if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__ if name not in self._unseen)
        return f"{type(self).__qualname__}({fields})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._values()


class Record(Value):
    """A :class:`Value` whose fields are set once, by ``__init__``."""

    __slots__ = ()

    def _fill(self, **values: Any) -> None:
        """Set the fields; for ``__init__`` alone, at half the cost of one by one."""
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        if hasattr(self, name):
            raise AttributeError(f"{name!r} can't be set: {type(self).__name__} is immutable")
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{name!r} can't be deleted: {type(self).__name__} is immutable")
