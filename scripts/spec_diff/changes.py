"""A change between two specs, before anyone judges it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from scripts.spec_diff.shapes import Place, Shape


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


def differing(old: Any, new: Any) -> tuple[Any, Any]:
    """Two values, to be shown; of two objects, text with the keys whose values differ, at whatever depth."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return old, new
    before, after = _leaves(old), _leaves(new)
    left, right = (
        ", ".join(f"{name}: {value}" for name, value in one.items() if other.get(name) != value)
        for one, other in ((before, after), (after, before))
    )
    return left or None, right or None


def _leaves(value: dict[str, Any]) -> dict[str, Any]:
    leaves: dict[str, Any] = {}
    for name, each in value.items():
        leaves |= _leaves(each) if isinstance(each, dict) else {name: each}
    return leaves


def merged(changes: Iterable[Change]) -> list[Change]:
    """The changes, each once, with the subjects and the places of all that are the same."""
    by_key: dict[tuple[str, ...], Change] = {}
    for change in changes:
        known = by_key.setdefault(change.key, change)
        if known is not change:
            known.subjects += [each for each in change.subjects if each not in known.subjects]
            known.places += [each for each in change.places if each not in known.places]
    return list(by_key.values())
