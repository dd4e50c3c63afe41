"""What frozen dataclasses are for, at a hundredth of what making such a class costs: a program that starts pays for
each of them, and for the modules that ``dataclasses`` loads.

What has fields and no more is a ``NamedTuple``. What must not pass for a tuple, or is checked when it is made, is a
:class:`Record`: error reporters print what is inside a tuple, and only the ``repr`` of anything else.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, Self


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

    def replace(self, **changes: Any) -> Self:
        """The same but for these fields; also ``copy.replace`` from Python 3.13 on."""
        return type(self)(**{**{name: getattr(self, name) for name in self.__slots__}, **changes})

    def __replace__(self, **changes: Any) -> Self:
        return self.replace(**changes)

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
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__ if name not in self._unseen)
        return f"{type(self).__qualname__}({fields})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._values()
