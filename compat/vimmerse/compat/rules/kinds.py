"""The kinds of rules, as constructors: each gives the rule and the code that does what it says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from itertools import chain
from typing import Any, Literal, NamedTuple

from vimmerse.compat.core.fields import Value
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.rules.conversions import Convert, as_is
from vimmerse.compat.rules.engine import Kind, Rule, Translation, show


def same(
    name: str,
    convert: Convert = as_is,
    *,
    note: str = "Same name and meaning.",
    paid: bool = False,
    keep_empty: bool = False,
) -> Rule:
    """A field that v2 has under the same name."""

    def apply(translation: Translation, value: Value) -> None:
        if value == "" and not keep_empty:
            return
        translation.put(name, convert(value))

    return Rule(name, "same", name, note, apply, paid)


def repeated(name: str, note: str) -> Rule:
    """A form's repeated field that is an array in v2."""

    def apply(translation: Translation, value: Value) -> None:
        values = translation.fields.getlist(name)
        if values:
            translation.put(name, values)

    return Rule(name, "same", name, note, apply)


def renamed(name: str, to: str, convert: Convert = as_is, *, note: str, paid: bool = False) -> Rule:
    """A field that v2 has under another name; the newer name wins where the caller gave both."""
    outer = to.partition(".")[0]

    def apply(translation: Translation, value: Value) -> None:
        if value == "" or translation.fields.is_set(outer):
            return
        new = convert(value)
        translation.put(to, new, name)
        translation.note_deprecated(name, value, to, new)

    return Rule(name, "renamed", to, note, apply, paid)


def converted(
    name: str, convert: Convert, to: str = "", *, note: str, paid: bool = False, only_true: bool = False
) -> Rule:
    """A field of the same meaning whose type or place differs."""
    target = to or name

    def apply(translation: Translation, value: Value) -> None:
        if value == "":
            return
        new = convert(value)
        if only_true and new is False:
            return
        translation.put(target, new, name)
        if new is not value and new != value:
            translation.note_deprecated(name, value, target, new)

    return Rule(name, "converted", target, note, apply, paid)


class ValueTable(NamedTuple):
    """A v1 choice and what v2 has for each value.

    ``same``: names that v2 knows as they are. ``near``: v1's name to the nearest v2 name. ``renames``: the same thing
    under another name. ``unsupported``: names whose calls v1 alone can answer. Any other name is passed on:
    v2 knows it, or will.
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
        """The v2 name and how near it is. The caller's own table comes first and counts as a rename.

        In each table a name is matched as it is written first, then without regard to case.
        """
        chosen: Mapping[str, str] = getattr(policy, self.setting)
        name = _written(value, chosen)
        if name is not None:
            return chosen[name], "same" if chosen[name] == value else "renamed"
        name = value
        if not any(value in names for names in self._names()):
            name = _written(value, list(chain(*self._names()))) or value
        if name in self.unsupported:
            return name, "unsupported"
        if name in self.near:
            return self.near[name], "approximated"
        new = self.renames.get(name, name)
        return new, "same" if new == value else "renamed"

    def is_v2(self, value: object) -> bool:
        """Whether v2 takes this name as it is, as far as the table knows."""
        return isinstance(value, str) and not any(value in names for names in self._names()[1:])

    def _names(self) -> tuple[Collection[str], ...]:
        return self.same, self.renames, self.near, self.unsupported

    def suggestion(self, value: str) -> str:
        """What to say of a name in no table that is one or two letters from one of its names; else nothing."""
        if len(value) > _LONGEST or any(value in names for names in self._names()):
            return ""
        near = [(_letters_between(value.lower(), name.lower()), name) for name in chain(*self._names())]
        letters, name = min(near, default=(_FAR, ""))
        if letters >= _FAR:
            return ""
        new = {**self.renames, **self.near}.get(name)
        return f"did you mean {name!r}, in v2 {new!r}?" if new else f"did you mean {name!r}?"


def _written(value: str, names: Collection[str]) -> str | None:
    """How ``names`` write this one, if it is among them."""
    if value in names:
        return value
    lower = value.lower()
    return next((name for name in names if name.lower() == lower), None)


_LONGEST = 60  # letters of a name that is compared with others
_FAR = 3  # letters between two names of which neither is a slip of the other


def _letters_between(one: str, other: str) -> int:
    """How many letters must be added, left out or replaced to make one word of the other."""
    # Each of two letters puts at most two of them out of place; most names differ by more, and end here.
    if abs(len(one) - len(other)) >= _FAR or len(set(one) ^ set(other)) >= 2 * _FAR - 1:
        return _FAR
    row = list(range(len(other) + 1))
    for count, letter in enumerate(one, 1):
        last, row = row, [count]
        for index, there in enumerate(other):
            row.append(min(last[index + 1] + 1, row[index] + 1, last[index] + (letter != there)))
    return row[-1]


def choice(name: str, to: str, table: ValueTable, *, note: str, paid: bool = False, origin: str = "") -> Rule:
    """A field whose values go through a table."""

    def apply(translation: Translation, value: Value) -> None:
        if value == "" or (translation.fields.is_set(to) and name != to):
            return
        put_choice(translation, origin or name, value, to, table)

    return Rule(name, "approximated", to, note, apply, paid)


def put_choice(translation: Translation, name: str, value: Value, to: str, table: ValueTable) -> None:
    """Set ``to`` from a v1 choice, and say what that means."""
    if not isinstance(value, str):
        translation.put(to, value, name)
        return
    new, how = table.look_up(value, translation.policy)
    if how == "unsupported":
        how_to = translation.policy.how_to_set(table.setting, value)
        translation.require_passthrough(
            f"{name}={show(value)}: {table.unsupported[new]}. {how_to} can name a v2 tool for it"
        )
        return
    translation.put(to, new, name)
    hint = "" if how != "same" or value in getattr(translation.policy, table.setting) else table.suggestion(value)
    if how != "approximated" and (name != to or how == "renamed" or hint):
        translation.note_deprecated(name, value, to, new, hint)
    if how == "approximated":
        translation.note_approximated(
            name,
            value,
            to,
            new,
            f"v2 has no {value}, {new} is the nearest. "
            f"Choose another with {translation.policy.how_to_set(table.setting, value)}",
        )


def dropped(
    name: str,
    defaults: tuple[object, ...],
    why: str,
    *,
    convert: Convert = as_is,
    paid: bool = False,
    when: Callable[[Translation], bool] | None = None,
) -> Rule:
    """A field that v2 has nothing for. One of v1's own defaults says nothing, and so loses nothing."""

    def apply(translation: Translation, value: Value) -> None:
        if value == "" or value == [] or value == {} or (when is not None and not when(translation)):
            return
        new = convert(value)
        # By type too, so that True is no 1.
        if any(new == default and type(new) is type(default) for default in defaults):
            return
        translation.note_lost(name, value, why)

    return Rule(name, "dropped", "", why[0].upper() + why[1:] + ".", apply, paid)


def ignored(name: str, note: str) -> Rule:
    """A field that v1 itself ignores: leaving it out loses nothing."""
    return Rule(name, "dropped", "", note, _leave)


def unsupported(
    name: str, when: Callable[[Any], bool], why: str, *, convert: Convert = as_is, paid: bool = False
) -> Rule:
    """A field some of whose values make the whole call v1's alone."""

    def apply(translation: Translation, value: Value) -> None:
        if value != "" and when(convert(value)):
            translation.require_passthrough(f"{name}={show(value)}: {why}")

    return Rule(name, "unsupported", "", why[0].upper() + why[1:] + ".", apply, paid)


def combined(
    name: str, to: str, note: str, *, kind: Kind = "converted", paid: bool = False, files: bool = False
) -> Rule:
    """A field that a finisher reads together with others."""
    return Rule(name, kind, to, note, _leave, paid, files)


def _leave(translation: Translation, value: Value) -> None:
    # Its finisher reads the field from made.fields.
    return None
