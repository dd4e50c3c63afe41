"""The values that expressions of a program may have, and the names that have them.

A text keeps the string literals that it was built from, so that an address is reported where it is used, not where it
is written.
"""

from __future__ import annotations

import ast
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, product

from vimmerse.compat.migrate.check.recognition import UNKNOWN, WILDCARD, Unknown

# A program may double a text forty times, or use a large table in each of its lines.
MAX_ALTERNATIVES = 64  # possible values of one expression
MAX_ITEMS = 256  # items of a container
MAX_LENGTH = 10_000  # characters of a text


@dataclass(frozen=True)
class Text:
    """A text, with ``WILDCARD`` for unknown parts. ``sources``: the literals that it was built from."""

    text: str
    sources: frozenset[ast.AST] = field(default=frozenset(), compare=False)


# Containers compare by identity: comparing the items of nested ones could take for ever.


@dataclass(frozen=True, eq=False)
class Dict:
    """A dict. ``complete``: whether it has no other keys."""

    items: Mapping[str, Value]
    complete: bool = True

    @classmethod
    def of(cls, key: Value, value: Value) -> Dict:
        """A dict with one item, which is unknown if its key is."""
        return Dict({key.text: value}) if isinstance(key, Text) and WILDCARD not in key.text else Dict({}, False)

    @classmethod
    def merged(cls, parts: Iterable[Value]) -> Dict:
        """An empty dict after an ``update`` with each of these."""
        items: dict[str, Value] = {}
        complete = True
        for part in parts:
            complete = complete and isinstance(part, Dict) and part.complete
            items.update(part.items if isinstance(part, Dict) else {})
        return Dict(dict(islice(items.items(), MAX_ITEMS)), complete and len(items) <= MAX_ITEMS)


@dataclass(frozen=True, eq=False)
class Array:
    """A list, tuple or set."""

    items: tuple[Value, ...]


@dataclass(frozen=True, eq=False)
class JsonText:
    """A value as JSON text."""

    value: Value


@dataclass(frozen=True, eq=False)
class Namespace:
    """A module of this check, a class, or an HTTP client with a ``base_url``: names with their possible values."""

    names: dict[str, Values]


Value = Text | Dict | Array | JsonText | Namespace | Unknown | bool | int | float | None
Values = tuple[Value, ...]
NOT_KNOWN: Values = (UNKNOWN,)


class Scope(ChainMap[str, Values]):
    """Names with their possible values, from the innermost scope outwards.

    ``evaluated``: the values of expressions, until a name changes; an expression is part of many others.
    ``before``: what the names had that have been set, to undo a branch; ``in_loop``: whether this is a comprehension's.
    """

    def __init__(self, *maps: dict[str, Values]) -> None:
        super().__init__(*maps)
        self.evaluated: dict[ast.expr, Values] = {}
        self.before: dict[str, Values | None] = {}
        self.in_loop = False

    def __setitem__(self, name: str, values: Values) -> None:
        self.evaluated.clear()
        self.before.setdefault(name, self.maps[0].get(name))
        super().__setitem__(name, values)


def distinct(values: Iterable[Value]) -> Values:
    """These possible values, each once. An unknown value is left out where others are known."""
    merged: dict[Value, Value] = {}
    has_unknown = False
    for value in islice(values, MAX_ITEMS):
        same = merged.get(value)
        if value is UNKNOWN:
            has_unknown = True
        elif isinstance(value, Text) and isinstance(same, Text):
            merged[value] = Text(value.text, value.sources | same.sources)
        else:
            merged[value] = value
    known = tuple(merged.values())[:MAX_ALTERNATIVES]
    if has_unknown:
        known = tuple(Dict(value.items, False) if isinstance(value, Dict) else value for value in known)
    return known or NOT_KNOWN


def combinations(alternatives: Iterable[Values]) -> Iterator[Values]:
    """Each choice of one value from every element."""
    return islice(product(*alternatives), MAX_ALTERNATIVES)


def single(values: Values) -> Value:
    """The value, if there is just one; several dicts are combined."""
    if len(values) == 1:
        return values[0]
    dicts = [value for value in values if isinstance(value, Dict)]
    if len(dicts) < len(values):
        return UNKNOWN
    items: dict[str, Value] = {}
    for name in Dict.merged(dicts).items:
        alternatives = distinct(each.items[name] for each in dicts if name in each.items)
        items[name] = alternatives[0] if len(alternatives) == 1 else UNKNOWN
    return Dict(items, all(each.complete for each in dicts))


def as_text(value: Value) -> Text:
    """A value as part of a text."""
    if isinstance(value, Text):
        return value
    return Text(str(value) if isinstance(value, bool | int | float) else WILDCARD)


def concatenated(parts: Iterable[Value], *sources: ast.AST) -> Text:
    """These values as one text, which was built from ``sources`` and from the sources of the parts."""
    pieces: list[str] = []
    literals: set[ast.AST] = set()
    length = 0
    for part in map(as_text, parts):
        pieces.append(part.text)
        length += len(part.text)
        if not literals or len(literals) + len(part.sources) < MAX_ITEMS:
            literals |= part.sources
        if length >= MAX_LENGTH:
            break
    if len(literals) < MAX_ITEMS:
        literals.update(sources)
    return Text("".join(pieces)[:MAX_LENGTH], frozenset(literals))
