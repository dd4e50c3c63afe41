"""A change between two specs, before anyone judges it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from scripts.spec_diff.shapes import Place, Shape

Path = tuple[str, ...]


@dataclass
class Change:
    """One change, with all the places that it affects.

    Attributes:
        rule: Its id in the catalogue.
        version: The spec, such as ``v2``.
        name: What has changed: a field, a value, a call.
        subjects: On what: ``Story``, ``POST /v2/story``.
        old: Before, if the rule needs it; so ``new``.
    """

    rule: str
    version: str
    name: str
    subjects: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    old: Any = None
    new: Any = None
    shape: Shape | None = None  # of a field: the new one, or the old one if it is gone

    @property
    def key(self) -> tuple[str, ...]:
        return self.rule, self.version, self.name, repr(self.old), repr(self.new)

    @property
    def shown(self) -> tuple[str | None, str | None]:
        """What it was and what it is, as text; None for nothing."""
        if self.rule.startswith("default-"):  # null is a default, too
            return as_text(self.old), as_text(self.new)
        old, new = differing(self.old, self.new)
        return None if old is None else as_text(old), None if new is None else as_text(new)


def differing(old: Any, new: Any) -> tuple[Any, Any]:
    """Two values, to be shown; of two objects, text with the keys whose values differ, at whatever depth."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return old, new
    before, after = dict(_leaves(old)), dict(_leaves(new))
    names = [path[-1] for path in {**before, **after}]

    def text(one: dict[Path, Any], other: dict[Path, Any]) -> str | None:
        different = {path: value for path, value in one.items() if path not in other or other[path] != value}
        shown = (
            f"{path[-1] if names.count(path[-1]) == 1 else '.'.join(path)}: {as_text(value)}"
            for path, value in different.items()
        )
        return ", ".join(shown) or None

    return text(before, after), text(after, before)


def _leaves(value: dict[str, Any], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    for name, each in value.items():
        if isinstance(each, dict):
            yield from _leaves(each, (*path, str(name)))
        else:
            yield (*path, str(name)), each


def as_text(value: Any) -> str:
    """A value as specs and changelogs write it: text as it is, unless it is empty; anything else as JSON."""
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False, default=str)


def merged(changes: Iterable[Change]) -> list[Change]:
    """The changes, each once, with the subjects and the places of all that are the same."""
    by_key: dict[tuple[str, ...], Change] = {}
    for change in changes:
        known = by_key.setdefault(change.key, change)
        if known is not change:
            known.subjects += [each for each in change.subjects if each not in known.subjects]
            known.places += [each for each in change.places if each not in known.places]
    return list(by_key.values())


def same_path(key: str) -> str:
    """An operation without the names in its path: ``GET /v2/story/{}``."""
    return re.sub(r"\{[^}]*\}", "{}", key)
