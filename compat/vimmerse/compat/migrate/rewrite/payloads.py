"""The body of a v1 call as the program builds it, and the changes that make it v2's.

A dict is built in groups of entries: those of the literal, and each later ``payload["key"] = value`` or ``update``.
Each group is changed where it is written. The rules decide what a group adds to the v2 body: what the body is with it,
less what it is without it.
"""

from __future__ import annotations

from typing import Any

import libcst as cst
from libcst import matchers
from vimmerse.compat.core.fields import FieldsKind
from vimmerse.compat.migrate.rewrite.code import is_same
from vimmerse.compat.migrate.rewrite.groups import Group, Payload
from vimmerse.compat.migrate.rewrite.optional import note_optional, why_unchangeable
from vimmerse.compat.migrate.rewrite.symbols import Structure, Symbol, symbols_in
from vimmerse.compat.migrate.rewrite.translation import Translated, translate
from vimmerse.compat.migrate.rewrite.values import DictObject, Entry
from vimmerse.compat.rules.engine import Operation


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
    if made is not None and made.pairs and any(_list_of(entry, parents) is not made.node for entry in made.entries):
        payload.left = "Pairs are added to its list.", "built in steps"
        return payload
    builder = _Builder(operation, payload, encoding, parents)
    payload.left = builder.build(files)
    return payload


def _list_of(entry: Entry, parents: Any) -> cst.CSTNode | None:
    """Return the list literal that a pair is in."""
    element = parents(entry.node)
    return parents(element) if element is not None else None


class _Builder:
    """Finds what each group of entries sets.

    The fields that are always there are translated together. Each v2 field is set where the v1 field is that it comes
    from: if there are several, in the group that is evaluated last. Then each conditional group is translated with
    them: what it adds is what it sets.
    """

    def __init__(self, operation: Operation, payload: Payload, encoding: FieldsKind, parents: Any) -> None:
        self._operation, self._payload, self._parents = operation, payload, parents
        self._encoding: FieldsKind = encoding
        self._values: dict[Entry, Any] = {}
        self._is_pairs = payload.object is not None and payload.object.pairs

    def build(self, files: dict[str, list[Any]]) -> tuple[str, str] | None:
        payload = self._payload
        if any(group.is_step and not _has_one_target(group.node) for group in payload.groups):
            return "Its fields are built in steps that v2's can't follow one by one.", "built in steps"
        always = [entry for group in payload.groups if not group.conditional for entry in group.entries]
        if payload.object is not None:
            always.sort(key=payload.object.entries.index)
        final = self._translate(always)
        if final.left is not None:
            return final.left
        payload.translated = final
        if reason := self._place(final):
            return reason
        combined = final.body
        conditional = [group for group in payload.groups if group.conditional]
        for group in conditional:
            with_group = self._translate([*always, *group.entries])
            if with_group.left is not None:
                return with_group.left
            if reason := self._place_conditional(group, final, with_group):
                return reason
            combined = _applied(combined, group.changed)
        if len(conditional) > 1:
            everything = list(payload.object.entries) if payload.object is not None else []
            if not is_same(combined, self._translate(everything).body):
                return "Branches set fields that depend on each other.", "built in steps"
        if reason := self._take_from_elsewhere():
            return reason
        if files and (reason := _add_files(self._operation, payload, self._given(always), files)):
            return reason
        return note_optional(payload) or why_unchangeable(payload)

    def _given(self, entries: list[Entry]) -> dict[str, list[Any]]:
        given: dict[str, list[Any]] = {}
        for entry in entries:
            assert entry.key is not None
            if entry not in self._values:
                value = self._payload.structure.value(entry.key, entry.value, entry.values)
                self._values[entry] = _as_sent(value) if self._encoding != "json" else value
            value = self._values[entry]
            values = value if isinstance(value, list) and entry.key not in _OBJECTS else [value]
            if self._is_pairs:
                given.setdefault(entry.key, []).extend(values)
            else:
                given[entry.key] = list(values)
        return given

    def _translate(self, entries: list[Entry]) -> Translated:
        return translate(self._operation, self._given(entries), self._payload.structure, self._encoding)

    def _place(self, final: Translated) -> tuple[str, str] | None:
        """Decide which group sets each v2 field that is always there. Return why that can't be done, if it can't."""
        groups = [group for group in self._payload.groups if not group.conditional]
        for path, value in final.body.items() if groups else ():
            sources = {
                group: [entry for entry in group.entries if _comes_from(path, entry.key or "", final.origins)]
                for group in groups
            }
            found = [group for group in groups if sources[group]]
            target = _target(found, groups)
            if (len(found) > 1 and not all(map(_is_movable, symbols_in(value)))) or not self._is_known_at(
                target, [entry for entries in sources.values() for entry in entries]
            ):
                return "The parts of one v2 field are computed at several places.", "built in steps"
            target.changed[path] = value
            if target.is_step and not sources[target]:
                return "Its fields are built in steps that v2's can't follow one by one.", "built in steps"
            if sources.get(target):
                target.by_entry.setdefault(sources[target][0], []).append(path)
        for group in groups:
            if group.is_step and len(group.changed) > 1:
                return "One of its fields becomes several in v2.", "built in steps"
            for entry in group.entries:
                group.by_entry.setdefault(entry, [])
        return None

    def _is_known_at(self, group: Group, entries: list[Entry]) -> bool:
        """Return whether the expressions of entries mean the same where a group is written."""
        others = [entry.value for entry in entries if entry.value is not None and entry not in group.entries]
        return all(self._is_visible(node, group) for node in others if matchers.findall(node, matchers.Name()))

    def _take_from_elsewhere(self) -> tuple[str, str] | None:
        """Write what a helper puts into a part of the body where that is known. Return why not, if it can't be done."""
        structure = self._payload.structure
        for group in self._payload.groups:
            for path, value in group.changed.items():
                name = self._payload.translated.origins.get(path, path).partition(".")[0]
                if name in structure.sources and is_same(structure.sources[name][1], value):
                    continue  # the field keeps its expression
                for inner, (node, known) in list(structure.sources.items()):
                    if inner.startswith(f"{name}.") and not self._is_visible(node, group):
                        if symbols_in(known) or structure.holes.occur_in(known):
                            return "The parts of one v2 field are computed at several places.", "built in steps"
                        del structure.sources[inner]
        return None

    def _is_visible(self, node: cst.BaseExpression, group: Group) -> bool:
        """Return whether the names of an expression mean the same where a group is written."""
        (function, module), (other, other_module) = self._place_of(group.node), self._place_of(node)
        return other_module is module and other in (None, function)

    def _place_of(self, node: cst.CSTNode) -> tuple[cst.CSTNode | None, cst.CSTNode]:
        """Return the function around a node, if there is one, and the module."""
        function: cst.CSTNode | None = None
        around = self._parents(node)
        while around is not None:
            node = around
            if function is None and isinstance(node, cst.FunctionDef | cst.Lambda):
                function = node
            around = self._parents(node)
        return function, node

    def _place_conditional(self, group: Group, final: Translated, after: Translated) -> tuple[str, str] | None:
        """Decide what a conditional group sets. Return why that can't be told, if it can't."""
        reason = "Its fields are built in steps that v2's can't follow one by one.", "built in steps"
        changed = _differences(final.body, after.body, "")
        if changed is None:
            return reason
        if not group.is_step:
            changed = {name: after.body[name] for name in dict.fromkeys(path.partition(".")[0] for path in changed)}
        elif len(changed) > 1:
            return reason
        groups = self._payload.groups
        position = groups.index(group)
        for other in groups:
            overlapping = [path for path in other.changed for mine in changed if _overlap(path, mine)]
            is_later = groups.index(other) > position or (isinstance(group.node, cst.Dict) and other is groups[0])
            if overlapping and (is_later or (other.conditional and not group.is_step)):
                return "Two places set parts of the same v2 field.", "built in steps"
        group.changed = changed
        for entry in group.entries:
            taken = {path for paths in group.by_entry.values() for path in paths}
            group.by_entry[entry] = [
                path for path in changed if path not in taken and _comes_from(path, entry.key or "", after.origins)
            ]
        if group.is_step and changed and not any(group.by_entry.values()):
            return reason
        sources = [
            entry
            for other in groups
            for entry in other.entries
            if any(_comes_from(path, entry.key or "", after.origins) for path in changed)
        ]
        if not self._is_known_at(group, sources):
            return "The parts of one v2 field are computed at several places.", "built in steps"
        translated = self._payload.translated
        translated.origins.update(after.origins)
        translated.conversions.update(after.conversions)
        translated.reviews.extend(review for review in after.reviews if review not in translated.reviews)
        return None


def _target(found: list[Group], groups: list[Group]) -> Group:
    """Return the group that sets a field which comes from these groups: the one that is evaluated last.

    The literal or call that makes a dict is evaluated after the dicts that are spread in it.
    """
    if not found:
        return groups[0]
    later = [group for group in found if not isinstance(group.node, cst.Dict)]
    if later and later[-1] is not groups[0]:
        return later[-1]
    return groups[0] if len(found) > 1 else found[0]


def _is_movable(symbol: Symbol) -> bool:
    """Return whether an expression may be written at another place of a function: it has no effects."""
    return isinstance(symbol.node, cst.Name | cst.Attribute | cst.SimpleString | cst.Integer | cst.Subscript)


def _has_one_target(node: cst.CSTNode) -> bool:
    """Return whether a statement sets ``payload["key"]`` and nothing else."""
    targets = [target.target for target in node.targets] if isinstance(node, cst.Assign) else []
    return isinstance(node, cst.AnnAssign) or (len(targets) == 1 and isinstance(targets[0], cst.Subscript))


def _overlap(one: str, other: str) -> bool:
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def _as_sent(value: Any) -> Any:
    """Return a value as a form sends it: numbers and booleans are texts. JSON texts have been read already."""
    if isinstance(value, bool | int | float):
        return str(value)
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return [_as_sent(item) for item in value]
    return value


def _applied(body: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
    """Return a body with what a group sets, by path."""
    new = dict(body)
    for path, value in changed.items():
        outer, _, inner = path.partition(".")
        new[outer] = _applied(new[outer], {inner: value}) if inner and isinstance(new.get(outer), dict) else value
    return new


def _add_files(
    operation: Operation, payload: Payload, given: dict[str, list[Any]], files: dict[str, list[Any]]
) -> tuple[str, str] | None:
    """Find the v2 fields of uploaded files. Return why they can't be set, if they can't."""
    without = payload.translated.body if payload.object is not None else {}
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


#: Fields whose list is one value, and not a repeated form field.
_OBJECTS = ("media_items", "pose_preset", "scenes")


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
