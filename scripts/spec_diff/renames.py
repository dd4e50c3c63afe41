"""Probable renames: what is gone, and something like it that is new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, TypeVar

from scripts.spec_diff.changes import Change
from scripts.spec_diff.shapes import Shape, paths

Key = TypeVar("Key", str, tuple[str, str])
Value = TypeVar("Value")
_ALIKE = 0.6
_NAMED = 3


def similar(one: str, other: str) -> float:
    """How alike two names or texts are, from 0 to 1."""
    return SequenceMatcher(None, one.lower(), other.lower()).ratio()


def pairs(gone: Mapping[Key, Value], added: Mapping[Key, Value], same: Callable[[Value, Value], Any]) -> dict[Key, Key]:
    """What is gone, and its new name: each pair that is the same but for the name, the most alike first."""
    candidates = sorted(
        (
            (_likeness(one, before, other, after), index, one, other)
            for one, before in gone.items()
            for index, (other, after) in enumerate(added.items())
            if same(before, after)
        ),
        key=lambda each: (-each[0], each[1]),
    )
    found: dict[Key, Key] = {}
    for likeness, _, one, other in candidates:
        if likeness >= _ALIKE and one not in found and other not in found.values():
            found[one] = other
    return found


def _likeness(one: Any, before: Any, other: Any, after: Any) -> float:
    names = similar(str(one), str(other))
    if not isinstance(before, Shape) or not isinstance(after, Shape):
        return max(names, _ALIKE)  # calls and parameters: that they are the same says enough
    texts = similar(before.prose, after.prose) if before.prose and after.prose else 0.0
    # Objects and values say more than a description; a plain text with another name and description is another field.
    structure = _ALIKE if (before.model and before.model == after.model and before.types & {"object", "array"}) else 0.0
    return max(names, texts, structure)


def same_shape(one: Shape, other: Shape) -> bool:
    """Whether two shapes take the same values, whatever they are called."""
    if one.types - {"null"} != other.types - {"null"} or (one.values is None) != (other.values is None):
        return False
    if one.values is not None and other.values is not None:
        shared = len(one.values & other.values)
        return shared * 2 >= max(len(one.values), len(other.values))
    if (one.items is None) != (other.items is None):
        return False
    if one.items and other.items and not same_shape(one.items, other.items):
        return False
    names = [{name for fields in each.objects.values() for name in fields.properties} for each in (one, other)]
    return len(names[0] & names[1]) * 2 >= max(map(len, names))


def moved_to(gone: Change, changes: Iterable[Change]) -> Iterator[str]:
    """Where a field or parameter that is gone is new in the same calls: in another object, or beside the body."""
    side, _, end = gone.rule.partition("-p")
    if side not in ("request", "response") or not end.endswith("-removed"):
        return
    calls = {place.operation for place in gone.places}
    for each in changes:
        if each.version != gone.version or not each.rule.startswith(f"{side}-p") or "-added" not in each.rule:
            continue
        inner = [""] if each.name == gone.name else []
        inner += (
            [f".{path}" for path in paths(each.shape) if path.rpartition(".")[2] == gone.name] if each.shape else []
        )
        if inner and calls & {place.operation for place in each.places}:
            yield f"`{each.name}{inner[0]}` of {', '.join(each.subjects[:_NAMED])}"
