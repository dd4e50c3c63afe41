"""What frozen dataclasses are for, at a hundredth of what making such a class costs: a program that starts pays for
each of them, and for the modules that ``dataclasses`` loads.

What has fields and no more is a ``NamedTuple``. What must not pass for a tuple, or is checked when it is made, is a
:class:`Record`.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn


class Record:
    """A value that never changes. ``__slots__`` names its fields, in the order in which ``__init__`` takes them."""

    __slots__: tuple[str, ...] = ()
    #: Fields that ``repr`` leaves out: secrets, and what is long.
    _unseen: ClassVar[frozenset[str]] = frozenset()

    def _fill(self, **values: Any) -> None:
        """Set the fields; for ``__init__`` alone."""
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{name!r} can't be set: a {type(self).__name__} never changes")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{name!r} can't be deleted: a {type(self).__name__} never changes")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        return shown(self, self.__slots__, self._unseen)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._values()


def shown(value: object, names: tuple[str, ...], unseen: frozenset[str]) -> str:
    """The ``repr`` of a value with these fields."""
    fields = ", ".join(f"{name}={getattr(value, name)!r}" for name in names if name not in unseen)
    return f"{type(value).__qualname__}({fields})"
