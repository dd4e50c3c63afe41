"""The body of a v1 call as the program builds it, and the changes that make it v2's.

A dict is built in groups of entries: those of the literal, and each later ``payload["key"] = value`` or ``update``.
Each group is changed where it is written. The rules decide what a group adds to the v2 body: what the body is with it,
less what it is without it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import libcst as cst
from vimmerse.compat.core.fields import FieldsKind
from vimmerse.compat.migrate.rewrite.code import Writer, is_same
from vimmerse.compat.migrate.rewrite.symbols import Structure, Symbol
from vimmerse.compat.migrate.rewrite.translation import Translated, translate
from vimmerse.compat.migrate.rewrite.values import DictObject, Entry
from vimmerse.compat.rules.engine import Operation


@dataclass(eq=False)
class Group:
    """Entries of a dict that one statement or literal makes.

    Attributes:
        node: The ``Dict``, ``Call`` or statement that holds the entries.
        changed: The new value of each v2 field that the group sets, by its path; nested where ``is_step``.
        by_entry: Which of them stand where an entry stood.
    """

    node: cst.CSTNode
    entries: list[Entry]
    conditional: bool
    changed: dict[str, Any] = field(default_factory=dict)
    by_entry: dict[Entry, list[str]] = field(default_factory=dict)

    @property
    def is_step(self) -> bool:
        """Whether it is a statement such as ``payload["key"] = value``."""
        return isinstance(self.node, cst.Assign | cst.AnnAssign)


@dataclass(eq=False)
class Payload:
    """How the dict of a call's body changes.

    Attributes:
        optional: The expressions whose fields are sent only where they are set, by the v2 field.
        uploaded: The v2 fields that hold the URLs of uploaded files. They are set in the call itself: the files may
            be opened only there.
        left: Why it can't be changed.
    """

    object: DictObject | None
    structure: Structure
    groups: list[Group]
    translated: Translated
    optional: dict[str, Symbol] = field(default_factory=dict)
    uploaded: dict[str, Any] = field(default_factory=dict)
    left: tuple[str, str] | None = None

    def signature(self, group: Group) -> list[tuple[str, str]]:
        """Return what a group becomes, to compare the payloads of several calls that share it."""
        translated = self.translated
        writer = Writer(self.structure, translated.origins, lambda node: node, translated.conversions, '"')
        code = cst.Module([]).code_for_node
        return [
            (path, ("?" if path in self.optional else "") + code(writer.expression(path, value)))
            for path, value in group.changed.items()
        ]


def plan_payload(
    operation: Operation,
    made: DictObject | None,
    parents: Any,
    encoding: FieldsKind,
    files: dict[str, list[Any]],
) -> Payload:
    """Return how the body of a call changes. ``parents``: returns the node around a node."""
    structure = Structure()
    groups = _groups(made, parents) if made is not None else []
    payload = Payload(made, structure, groups, Translated({}))
    if made is not None and made.is_open:
        payload.left = "The program adds fields that can't be seen here.", "unknown fields"
        return payload
    if made is not None and made.removed:
        payload.left = "The program removes fields again.", "unknown fields"
        return payload
    given: dict[str, list[Any]] = {}
    before = Translated({}) if groups and not groups[0].entries else None
    for index, group in enumerate(groups):
        extended = _extended(given, group, structure, made is not None and made.pairs)
        after = translate(operation, extended, structure, encoding)
        if after.left is not None:
            payload.left = after.left
            return payload
        previous = before.body if before is not None and index else {}
        if not _assign(group, previous, after):
            payload.left = "Its fields are built in steps that v2's can't follow one by one.", "built in steps"
            return payload
        payload.translated.origins.update(after.origins)
        payload.translated.conversions.update(after.conversions)
        for review in after.reviews:
            if review not in payload.translated.reviews:
                payload.translated.reviews.append(review)
        if not group.conditional:
            given, before = extended, after
            payload.translated.body = after.body
    if files:
        payload.left = _add_files(operation, payload, given, files)
    elif not groups:
        payload.translated = translate(operation, given, structure, encoding)
        payload.left = payload.translated.left
    if payload.left is None and not _are_independent(groups):
        payload.left = "Two branches set parts of the same v2 field.", "built in steps"
    if payload.left is None:
        payload.left = _note_optional(payload)
    return payload


def _add_files(
    operation: Operation, payload: Payload, given: dict[str, list[Any]], files: dict[str, list[Any]]
) -> tuple[str, str] | None:
    """Find the v2 fields of uploaded files. Return why they can't be set, if they can't."""
    without = payload.translated.body
    with_files = translate(operation, {**given, **files}, payload.structure, "multipart")
    if with_files.left is not None:
        return with_files.left
    if any(name not in with_files.body for name in without) or any(group.conditional for group in payload.groups):
        return "It uploads files beside fields that are left out for them.", "files"
    payload.uploaded = {
        name: value
        for name, value in with_files.body.items()
        if name not in without or not is_same(without[name], value)
    }
    images = iter([part for parts in files.values() for part in parts])
    if with_files.body.get("image_urls") == [None] * sum(map(len, files.values())):
        payload.uploaded["image_urls"] = list(images)
    payload.translated.reviews = with_files.reviews
    payload.translated.origins.update(with_files.origins)
    return None


def _groups(made: DictObject, parents: Any) -> list[Group]:
    groups = [Group(made.node, [], False)]
    for entry in made.entries:
        node = entry.node
        holder: cst.CSTNode = node if isinstance(node, cst.Assign | cst.AnnAssign) else parents(node) or node
        group = next((group for group in groups if group.node is holder), None)
        if group is None or group.conditional != entry.conditional:
            group = Group(holder, [], entry.conditional)
            groups.append(group)
        group.entries.append(entry)
    if not groups[0].entries and not isinstance(made.node, cst.Dict | cst.Call):
        del groups[0]
    return groups


def _extended(given: dict[str, list[Any]], group: Group, structure: Structure, pairs: bool) -> dict[str, list[Any]]:
    extended = {name: list(values) for name, values in given.items()}
    seen: set[str] = set()
    for entry in group.entries:
        assert entry.key is not None
        value = structure.value(entry.key, entry.value, entry.values)
        values = value if isinstance(value, list) and entry.key not in _OBJECTS else [value]
        if pairs and entry.key in seen:
            extended[entry.key].extend(values)
        else:
            extended[entry.key] = list(values)
        seen.add(entry.key)
    return extended


#: Fields whose list is one value, and not a repeated form field.
_OBJECTS = ("media_items", "pose_preset", "scenes")


def _assign(group: Group, previous: dict[str, Any], after: Translated) -> bool:
    """Find what a group sets, and at which entry each of it stands. Return whether that is possible."""
    if group.is_step:
        changed = _differences(previous, after.body, "")
        if changed is None or len(changed) > 1:
            return False
        group.changed = changed
    else:
        if any(name not in after.body for name in previous):
            return False
        group.changed = {
            name: value
            for name, value in after.body.items()
            if name not in previous or not is_same(previous[name], value)
        }
    placed: set[str] = set()
    for entry in group.entries:
        names = []
        for path in group.changed:
            if path not in placed and _comes_from(path, entry.key or "", after.origins):
                names.append(path)
                placed.add(path)
        group.by_entry[entry] = names
    return not group.is_step or len(placed) == len(group.changed)


def _comes_from(path: str, key: str, origins: dict[str, str]) -> bool:
    """Return whether a v2 field, or a part of it, comes from a v1 field."""
    for to in [path, *(inner for inner in origins if inner.startswith(f"{path}."))]:
        if origins.get(to, to).partition(".")[0] == key:
            return True
    return False


def _differences(one: Any, other: Any, path: str) -> dict[str, Any] | None:
    """Return what has to be set to turn one body into the other, by path; None if something has to be removed."""
    if isinstance(one, dict) and isinstance(other, dict):
        found: dict[str, Any] = {}
        if any(key not in other for key in one):
            return None
        for key, item in other.items():
            inner = f"{path}.{key}" if path else key
            if key not in one:
                found[inner] = item
            else:
                more = _differences(one[key], item, inner)
                if more is None:
                    return None
                found.update(more)
        return found
    return {} if is_same(one, other) else {path: other}


def _are_independent(groups: list[Group]) -> bool:
    """Return whether no v2 field is set by a conditional group and by another one that sets all of it."""
    for group in groups:
        if not group.conditional:
            continue
        for other in groups[groups.index(group) + 1 :]:
            for path in other.changed:
                for mine in group.changed:
                    if path != mine and (f"{path}.".startswith(f"{mine}.") or f"{mine}.".startswith(f"{path}.")):
                        return False
        objects = [path for path, value in group.changed.items() if isinstance(value, dict) and not group.is_step]
        others = [other for other in groups if other is not group and other.conditional]
        if any(path in other.changed for other in others for path in objects):
            return False
    return True


def _note_optional(payload: Payload) -> tuple[str, str] | None:
    """Find the fields that are sent only where they are set. Return why that can't be done, if it can't."""
    for group in payload.groups:
        for path, value in group.changed.items():
            for symbol in _optional_symbols(value):
                simple = isinstance(symbol.node, cst.Name | cst.Attribute | cst.Subscript)
                if not isinstance(value, Symbol) or not simple or group.is_step or "." in path:
                    name = payload.translated.origins.get(path, path)
                    return f"{name} may be empty, and v1 leaves out what is empty.", "unknown value"
                payload.optional[path] = symbol
    return None


def _optional_symbols(value: Any) -> list[Symbol]:
    if isinstance(value, Symbol):
        return [value] if value.is_optional else []
    if isinstance(value, dict):
        return [symbol for item in value.values() for symbol in _optional_symbols(item)]
    if isinstance(value, list):
        return [symbol for item in value for symbol in _optional_symbols(item)]
    return []
