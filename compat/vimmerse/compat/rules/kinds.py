"""Constructors of rules, one for each kind, and the tables of values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from itertools import chain
from typing import Any, Literal, NamedTuple

from vimmerse.compat.core.fields import Value
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.rules.conversions import Convert, as_is
from vimmerse.compat.rules.engine import Kind, Rule, Translation, show

_MAX_COMPARED_LENGTH = 60  # of a name that is compared with the known ones
_FAR = 3  # letters by which two names differ when neither is a misspelling of the other

_WEBHOOK_PAYLOAD = (
    "v2 does not document what it posts there. Read it with vimmerse.jobs.parse_webhook, which accepts every known "
    "format, or convert it to v1's with vimmerse.jobs.v1_payload"
)


def same(
    name: str,
    convert: Convert = as_is,
    *,
    note: str = "Same name and meaning.",
    paid: bool = False,
    keep_empty: bool = False,
) -> Rule:
    """Return the rule of a field that v2 has under the same name."""

    def apply(translation: Translation, value: Value) -> None:
        if value != "" or keep_empty:
            translation.put(name, convert(value))

    return Rule(name, "same", name, note, apply, paid)


def repeated(name: str, note: str = "") -> Rule:
    """Return the rule of a repeated form field that is an array in v2."""

    def apply(translation: Translation, value: Value) -> None:
        if values := translation.fields.getlist(name):
            translation.put(name, values)

    return Rule(name, "same", name, f"Same; a repeated form field becomes an array.{note}", apply)


def renamed(name: str, to: str, convert: Convert = as_is, *, note: str, paid: bool = False) -> Rule:
    """Return the rule of a field with another name in v2. The newer name wins if both are sent."""
    outer = to.partition(".")[0]

    def apply(translation: Translation, value: Value) -> None:
        if value == "" or translation.fields.is_set(outer):
            return
        new = convert(value)
        translation.put(to, new, name)
        translation.note_deprecated(name, value, to, new)

    return Rule(name, "renamed", to, note, apply, paid)


def converted(name: str, convert: Convert, *, note: str, only_true: bool = False) -> Rule:
    """Return the rule of a field with the same meaning and another type."""

    def apply(translation: Translation, value: Value) -> None:
        new = convert(value)
        if value == "" or (only_true and new is False):
            return
        translation.put(name, new, name)
        if new is not value and new != value:
            translation.note_deprecated(name, value, name, new)

    return Rule(name, "converted", name, note, apply)


def choice(name: str, to: str, table: ValueTable, *, note: str, paid: bool = False) -> Rule:
    """Return the rule of a field whose values are in a table."""

    def apply(translation: Translation, value: Value) -> None:
        if value != "" and (name == to or not translation.fields.is_set(to)):
            put_choice(translation, name, value, to, table)

    return Rule(name, "approximated", to, note, apply, paid)


def dropped(
    name: str,
    defaults: tuple[object, ...],
    why: str,
    *,
    convert: Convert = as_is,
    paid: bool = False,
    when: Callable[[Translation], bool] | None = None,
) -> Rule:
    """Return the rule of a field that v2 has no equivalent for. Leaving out one of v1's defaults loses nothing."""

    def apply(translation: Translation, value: Value) -> None:
        if value in ("", [], {}) or (when is not None and not when(translation)):
            return
        new = convert(value)
        if not any(new == default and type(new) is type(default) for default in defaults):  # True is not 1 here
            translation.note_lost(name, value, why)

    return Rule(name, "dropped", "", _sentence(why), apply, paid)


def ignored(name: str, note: str) -> Rule:
    """Return the rule of a field that v1 itself ignores: leaving it out loses nothing."""
    return Rule(name, "dropped", "", note, _leave_to_finalizer)


def unsupported(
    name: str, when: Callable[[Any], bool], why: str, *, convert: Convert = as_is, paid: bool = False
) -> Rule:
    """Return the rule of a field some of whose values only v1 supports."""

    def apply(translation: Translation, value: Value) -> None:
        if value != "" and when(convert(value)):
            translation.require_passthrough(f"{name}={show(value)}: {why}", name)

    return Rule(name, "unsupported", "", _sentence(why), apply, paid)


def webhook_url(*, keep_empty: bool = False, note: str = "Same.") -> Rule:
    """Return the rule of ``webhook_url``, with a notice about the payload."""

    def apply(translation: Translation, value: Value) -> None:
        if value != "" or keep_empty:
            translation.put("webhook_url", value)
        if value != "":
            translation.note_changed("webhook_url", value, "webhook_url", value, _WEBHOOK_PAYLOAD)

    return Rule("webhook_url", "same", "webhook_url", f"{note} v2 does not document the payload.", apply)


def combined(
    name: str, to: str, note: str, *, kind: Kind = "converted", paid: bool = False, files: bool = False
) -> Rule:
    """Return the rule of a field that a finalizer reads together with others."""
    return Rule(name, kind, to, note, _leave_to_finalizer, paid, files)


def _leave_to_finalizer(translation: Translation, value: Value) -> None:
    return None


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


class ValueTable(NamedTuple):
    """The values of a v1 field, and what v2 has for each. Any other name is sent as it is.

    Attributes:
        near: v1's name to the nearest v2 name.
        renames: v1's name to v2's name of the same thing.
        same: Names that v2 has too.
        unsupported: Names that only v1 supports, and why.
        setting: The policy's own table, which wins over this one.
    """

    name: str
    near: Mapping[str, str]
    renames: Mapping[str, str]
    same: frozenset[str]
    unsupported: Mapping[str, str]
    setting: Literal["video_tools", "image_tools"]

    def look_up(
        self, value: str, policy: Policy
    ) -> tuple[str, Literal["same", "renamed", "approximated", "unsupported"]]:
        """Return the v2 name and how near it is. A name from the policy's table counts as renamed.

        In each table a name is matched exactly first, then without regard to case.
        """
        own: Mapping[str, str] = getattr(policy, self.setting)
        name = _spelling(value, own)
        if name is not None:
            return own[name], "same" if own[name] == value else "renamed"
        name = _spelling(value, self._names()) or value
        if name in self.unsupported:
            return name, "unsupported"
        if name in self.near:
            return self.near[name], "approximated"
        new = self.renames.get(name, name)
        return new, "same" if new == value else "renamed"

    def is_v2(self, value: object) -> bool:
        """Return whether v2 takes this name as it is, as far as the table knows."""
        return isinstance(value, str) and value not in [*self.renames, *self.near, *self.unsupported]

    def _names(self) -> list[str]:
        return [*chain(self.same, self.renames, self.near, self.unsupported)]

    def suggestion(self, value: str) -> str:
        """Return a hint for an unknown name that differs by one or two letters from a known one, else empty text."""
        names = self._names()
        if len(value) > _MAX_COMPARED_LENGTH or value in names:
            return ""
        distances = ((_edit_distance(value.lower(), name.lower()), name) for name in names)
        distance, name = min(distances, default=(_FAR, ""))
        if distance >= _FAR:
            return ""
        new = {**self.renames, **self.near}.get(name)
        return f"did you mean {name!r}, in v2 {new!r}?" if new else f"did you mean {name!r}?"


def _spelling(value: str, names: Collection[str]) -> str | None:
    """Return how ``names`` spell a name, or None if it is not among them."""
    if value in names:
        return value
    lower = value.lower()
    return next((name for name in names if name.lower() == lower), None)


def _edit_distance(one: str, other: str) -> int:
    """Return how many letters must be added, removed or replaced to turn one word into the other, or ``_FAR``."""
    # Each edit puts at most two letters out of place. Most names differ by more, and need no further comparison.
    if abs(len(one) - len(other)) >= _FAR or len(set(one) ^ set(other)) >= 2 * _FAR - 1:
        return _FAR
    row = list(range(len(other) + 1))
    for count, letter in enumerate(one, 1):
        last, row = row, [count]
        for index, there in enumerate(other):
            row.append(min(last[index + 1] + 1, row[index] + 1, last[index] + (letter != there)))
    return row[-1]


def put_choice(translation: Translation, name: str, value: Value, to: str, table: ValueTable) -> None:
    """Set ``to`` from a value of a table, and add the notice about it."""
    if not isinstance(value, str):
        translation.put(to, value, name)
        return
    policy = translation.policy
    new, how = table.look_up(value, policy)
    if how == "unsupported":
        option = policy.how_to_set(table.setting, value)
        why = f"{name}={show(value)}: {table.unsupported[new]}. {option} can name a v2 tool for it"
        translation.require_passthrough(why, name)
        return
    translation.put(to, new, name)
    if how == "approximated":
        option = policy.how_to_set(table.setting, value)
        lost = f"v2 has no {value}; {new} is the nearest. Choose another with {option}"
        translation.note_approximated(name, value, to, new, lost)
        return
    hint = "" if how != "same" or value in getattr(policy, table.setting) else table.suggestion(value)
    if name != to or how == "renamed" or hint:
        translation.note_deprecated(name, value, to, new, hint)
