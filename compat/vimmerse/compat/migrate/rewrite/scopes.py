"""The names of a module, class or function, and what they are bound to at a point of the program."""

from __future__ import annotations

from vimmerse.compat.migrate.rewrite.values import NOTHING, UNKNOWN, Unknown, Value, Values

_MAX_VALUES = 24  # of one expression


def union(*sets: Values) -> Values:
    """Return all values. Of too many, some are kept beside ``UNKNOWN``."""
    values = sets[0].union(*sets[1:])
    if len(values) <= _MAX_VALUES:
        return values
    kept: list[Value] = [value for value in values if value != UNKNOWN][: _MAX_VALUES - 1]
    return frozenset((*kept, UNKNOWN))


class Scope:
    """The names of a function, class or module, and the scope around it."""

    def __init__(self, parent: Scope | None = None) -> None:
        self.parent = parent
        self.names: dict[str, Values] = {}
        self.globals: set[str] = set()

    def look_up(self, name: str) -> Values | None:
        """Return what a name is bound to here or around, or None if it is not bound."""
        scope: Scope | None = self
        while scope is not None:
            if (values := scope.names.get(name)) is not None:
                return values
            scope = scope.parent
        return None

    def bind(self, name: str, values: Values) -> None:
        """Bind a name. A global or nonlocal one keeps what it was bound to besides."""
        if name in self.globals:
            scope: Scope = self
            while scope.parent is not None and (name not in scope.names or scope is self):
                scope = scope.parent
            scope.names[name] = union(scope.names.get(name, NOTHING), values)
        else:
            self.names[name] = values

    def merge(self, *branches: dict[str, Values]) -> None:
        """Set the names to what they are after one of several branches."""
        merged: dict[str, Values] = {}
        for branch in branches:
            for name, values in branch.items():
                merged[name] = union(merged[name], values) if name in merged else values
        self.names = merged


def set_values(values: Values) -> Values:
    """Return values less None that ``get(key)`` may give: another value takes its place."""
    return frozenset(Unknown(value.type) if isinstance(value, Unknown) else value for value in values)
