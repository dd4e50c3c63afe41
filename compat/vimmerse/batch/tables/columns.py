"""The names of columns, and the body that the cells of a row make up.

A column has the name of a field of v2; a dot leads into an object (``audio_option.narrator``), a number into a list
(``media_items.1.url``). The numbers only give the order, so it doesn't matter if they begin with 0 or 1. Case, spaces
and hyphens don't matter either: ``Scene count`` is ``scene_count``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from vimmerse.batch.operations import OPERATIONS, RowOperation
from vimmerse.batch.tables.fields import Field, Unusable, check_cell, copied, nearest, parsed, paths, read_json, request
from vimmerse.batch.tables.rows import Translator

MAX_COLUMNS = 1000
#: Columns that are not fields of v2.
KEY, OPERATION, IMAGE, LAST_IMAGE, URL, EXTRA = "key", "operation", "image", "last_image", "url", "extra"
_OWN = (KEY, OPERATION, IMAGE, LAST_IMAGE, URL, EXTRA)
Path = tuple[str, ...]


class Column(NamedTuple):
    """A column that can be used.

    Attributes:
        name: As the table spells it.
        path: Its field; an item of a list has its number.
    """

    name: str
    path: Path


class Columns:
    """The names that columns may have."""

    def __init__(self, translator: Translator | None) -> None:
        self.of_v1 = {name: frozenset(translator.columns(name) if translator else ()) for name in OPERATIONS}
        self.of_v2 = {operation.name: frozenset(paths(request(operation.model))) for operation in OPERATIONS.values()}
        names: set[Path] = {(name,) for name in _OWN}
        names.update((name,) for each in self.of_v1.values() for name in each)
        names.update(path for each in self.of_v2.values() for path in each)
        self._known = {tuple(map(_normal, path)): path for path in sorted(names)}

    def resolve(self, name: str) -> Column | None:
        """Return the column of this name, or None if it is to be ignored.

        Raises:
            Unusable: there is no such field; the text suggests the nearest one.
        """
        if name.startswith("#"):
            return None
        parts = tuple(part.strip() for part in name.split("."))
        if _normal(parts[0]) == EXTRA:
            if not all(parts):
                raise Unusable("a part of the name is empty; write extra.FIELD")
            return Column(name, (EXTRA, *parts[1:]))
        pattern = self._known.get(tuple("*" if _is_number(part) else _normal(part) for part in parts))
        if pattern is None:
            raise Unusable(f"there is no such field{self._hint(parts)}")
        path = tuple(str(int(part)) if known == "*" else known for part, known in zip(parts, pattern, strict=True))
        return Column(name, path)

    def _hint(self, parts: Path) -> str:
        names = {".".join("1" if part == "*" else part for part in path) for path in self._known.values()}
        # What is inside of an object may be looked for by its own name: narrator is audio_option.narrator.
        inside = {name.rpartition(".")[2]: name for name in sorted(names) if ".1" not in name}
        found = nearest(".".join(map(_normal, parts)), {**inside, **{name: name for name in names}})
        if found:
            return f"; did you mean {found}?"
        return ". Name it extra.FIELD to send it as it is, or begin it with # to ignore it"

    def is_v2(self, operation: RowOperation, path: Path) -> bool:
        """Whether v2's operation has a field."""
        return tuple("*" if _is_number(part) else part for part in path) in self.of_v2[operation.name]


def _normal(part: str) -> str:
    return re.sub(r"[\s_-]+", "_", part.strip()).lower()


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdigit() and len(part) <= 4


def check_names(names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the names in a header, as the name and a message."""
    if len(names) > MAX_COLUMNS:
        yield "", f"it has {len(names):,} columns; at most {MAX_COLUMNS:,} are possible"
        return
    seen: dict[Path, int] = {}
    for number, name in enumerate(names, 1):
        if not name or name.startswith("#"):
            continue
        first = seen.setdefault(tuple(map(_normal, name.split("."))), number)
        if first != number:
            yield name, f"columns {first} and {number} have the same name"


class Tree:
    """The fields of a row, put together from its cells."""

    def __init__(self, body: Field) -> None:
        self._body = body
        self._values: dict[str, Any] = {}

    def put(self, path: Path, value: Any) -> None:
        """Set a field. Raises :class:`Unusable` if it is set already, or lies in something that is not an object."""
        each = self._body
        for part in path:
            each = each.properties[part] if each.items is None else each.items
        if each.type in ("object", "array"):
            value = parsed(value, each.type)
        _merge(self._values, path, copied(value))

    def values(self) -> dict[str, Any]:
        """Return the fields; a list has its items in the order of their numbers."""
        result: dict[str, Any] = _without_numbers(self._values)
        return result


class _Items(dict[str, Any]):
    """Items of a list by number."""


def _merge(target: dict[str, Any], path: Path, value: Any) -> None:
    name, *rest = path
    if not rest:
        if isinstance(value, Mapping) and isinstance(target.get(name), Mapping):
            for inner, each in value.items():
                _merge(target[name], (inner,), each)
        elif name in target:
            raise Unusable("another column gives this field, too")
        else:
            target[name] = value
        return
    kind = _Items if _is_number(rest[0]) else dict
    inner = target.setdefault(name, kind())
    if not isinstance(inner, dict) or isinstance(inner, _Items) != (kind is _Items):
        raise Unusable("another column gives this field, too")
    _merge(inner, tuple(rest), value)


def _without_numbers(value: Any) -> Any:
    if isinstance(value, _Items):
        return [_without_numbers(value[number]) for number in sorted(value, key=int)]
    if isinstance(value, dict):
        return {name: _without_numbers(each) for name, each in value.items()}
    return value


def with_positions(columns: Sequence[Path]) -> list[Path]:
    """Return the paths of columns with the position of each item of a list, from 0, in place of its number."""
    numbers: dict[Path, set[int]] = {}
    for path in columns:
        for index, part in enumerate(path):
            if _is_number(part):
                numbers.setdefault(path[:index], set()).add(int(part))
    return [
        tuple(
            str(sorted(numbers[path[:index]]).index(int(part))) if _is_number(part) else part
            for index, part in enumerate(path)
        )
        for path in columns
    ]


def put_extra(extra: dict[str, Any], path: Path, value: Any) -> None:
    """Set a field of ``extra``: JSON where the cell is valid JSON, else text. Raises :class:`Unusable`."""
    check_cell(value)
    if isinstance(value, str):
        try:
            value = read_json(value)
        except ValueError:
            value = value.strip()
    if any(map(_is_number, path)):
        raise Unusable("a list can't be given in parts here; give all of it as JSON")
    if not path and not isinstance(value, Mapping):
        raise Unusable("it must be a JSON object; or name a column extra.FIELD")
    value = copied(value)
    for name in reversed(path):
        value = {name: value}
    merge_extra(extra, value)


def merge_extra(body: dict[str, Any], extra: Mapping[str, Any]) -> None:
    """Put the fields of ``extra`` into a body; they win."""
    for name, value in extra.items():
        if isinstance(value, Mapping) and isinstance(body.get(name), dict):
            merge_extra(body[name], value)
        else:
            body[name] = value
