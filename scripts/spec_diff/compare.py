"""The changes between two specs of the same version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.spec_diff.changes import Change, merged
from scripts.spec_diff.compare_schemas import Schemas
from scripts.spec_diff.renames import pairs, same_shape
from scripts.spec_diff.shapes import Call, Node, Parameter, Place, Spec

PAGES = frozenset({"after", "before", "cursor", "limit", "offset", "page", "page_size", "per_page", "starting_after"})


def changes(old: Spec, new: Spec) -> list[Change]:
    """All changes, in the order of the specs."""
    return merged(_Documents(old, new).run())


class _Documents(Schemas):
    def run(self) -> Iterator[Change]:
        yield from self._document()
        yield from self._calls()
        yield from self.models()

    # The document

    def _document(self) -> Iterator[Change]:
        old, new = self.old.root, self.new.root
        for rule, name, before, after in (
            ("server-changed", "servers", _urls(old), _urls(new)),
            ("security-scheme-changed", "securitySchemes", _schemes(old), _schemes(new)),
            (
                "api-version-changed",
                "info.version",
                *(str((each.get("info") or {}).get("version")) for each in (old, new)),
            ),
        ):
            if before != after:
                yield self.change(rule, name, old=before, new=after)
        facts = [{**_info(root), **_tags(root)} for root in (old, new)]
        yield from self.facts(facts[0], facts[1], "", self.version, [])

    # Calls

    def _calls(self) -> Iterator[Change]:
        old, new = self.old.calls, self.new.calls
        gone, added = [key for key in old if key not in new], [key for key in new if key not in old]
        moved = pairs({key: old[key] for key in gone}, {key: new[key] for key in added}, _same_call)
        for before, after in moved.items():
            yield self.change(
                "operation-path-changed",
                before,
                _subject(new[after]),
                old=before,
                new=after,
                places=[Place(before, "call", "")],
            )
            yield from self._call(old[before], new[after])
        for key in gone:
            if key not in moved:
                rule = "webhook-removed" if old[key].is_webhook else "operation-removed"
                yield self.change(rule, key, _subject(old[key]), places=[Place(key, "call", "")])
        for key in added:
            if key not in moved.values():
                call = new[key]
                paged = any(name in PAGES for _, name in call.parameters)
                rule = "webhook-added" if call.is_webhook else "paged-operation-added" if paged else "operation-added"
                yield self.change(rule, key, _subject(call), places=[Place(key, "call", "")], new=call.public_name)
        for key in old:
            if key in new:
                yield from self._call(old[key], new[key])

    def _call(self, old: Call, new: Call) -> Iterator[Change]:
        key = new.key
        place = [Place(key, "call", "")]
        if old.public_name != new.public_name and not new.is_webhook:
            yield self.change(
                "method-renamed", old.public_name, key, old=old.public_name, new=new.public_name, places=place
            )
        identifiers = [str(each.node.get("operationId", "")) for each in (old, new)]
        if identifiers[0] != identifiers[1]:
            yield self.change(
                "operation-id-changed", identifiers[0], key, old=identifiers[0], new=identifiers[1], places=place
            )
        tags = [str((each.node.get("tags") or [""])[0]) for each in (old, new)]
        if tags[0] != tags[1]:
            yield self.change("operation-tag-changed", tags[0], key, old=tags[0], new=tags[1], places=place)
        before, after = old.facts.get("security"), new.facts.get("security")
        if before != after:
            yield self.change("security-changed", key, key, old=before, new=after, places=place)
        if old.facts.get("x-replaced-by") != new.facts.get("x-replaced-by"):
            values = [each.facts.get("x-replaced-by") for each in (old, new)]
            yield self.change("successor-changed", key, key, old=values[0], new=values[1], places=place)
        known = ("security", "x-replaced-by")
        facts = [{word: value for word, value in each.facts.items() if word not in known} for each in (old, new)]
        for response in set(old.responses) ^ set(new.responses):  # a rule of its own says that it is new, or gone
            facts = [
                {word: each[word] for word in each if not word.startswith(f"response {response}/")} for each in facts
            ]
        yield from self.facts(facts[0], facts[1], key, key, place)
        yield from self._parameters(old, new)
        yield from self._body(old, new)
        yield from self._responses(old, new)
        if old.examples != new.examples:
            yield self.change("example-changed", "examples", key, places=place)

    def _parameters(self, old: Call, new: Call) -> Iterator[Change]:
        key = new.key
        gone = {name: each for name, each in old.parameters.items() if name not in new.parameters}
        added = {name: each for name, each in new.parameters.items() if name not in old.parameters}
        if old.key != new.key:  # the names in a path that has changed
            gone, added = ({name: each for name, each in side.items() if name[0] != "path"} for side in (gone, added))
        renamed = pairs(gone, added, lambda one, other: one.kind == other.kind and same_shape(one.shape, other.shape))
        for name, each in gone.items():
            place = [Place(key, "request", each.name)]
            if name in renamed:
                yield self.change(
                    "request-parameter-renamed",
                    each.name,
                    key,
                    old=each.name,
                    new=renamed[name][1],
                    places=place,
                    shape=each.shape,
                )
            else:
                yield self.change("request-parameter-removed", each.name, key, places=place, shape=each.shape)
        for name, each in added.items():
            if name not in renamed.values():
                rule = "request-parameter-added-required" if each.required else "request-parameter-added"
                yield self.change(rule, each.name, key, places=[Place(key, "request", each.name)], shape=each.shape)
        for name in old.parameters:
            if name in new.parameters:
                yield from self._parameter(old.parameters[name], new.parameters[name], key)

    def _parameter(self, old: Parameter, new: Parameter, key: str) -> Iterator[Change]:
        place = [Place(key, "request", new.name)]
        if old.required != new.required:
            rule = "request-parameter-became-required" if new.required else "request-parameter-became-optional"
            yield self.change(rule, new.name, key, places=place)
        if old.on_the_wire != new.on_the_wire:
            yield self.change(
                "request-parameter-style-changed", new.name, key, old=old.on_the_wire, new=new.on_the_wire, places=place
            )
        yield from self.shape(old.shape, new.shape, "request", place)

    def _body(self, old: Call, new: Call) -> Iterator[Change]:
        direction = "response" if new.is_webhook else "request"
        place = [Place(new.key, direction, "")]
        yield from self._kinds(old.bodies, new.bodies, "request-media-type", new.key, place)
        if old.bodies and new.bodies and old.body_required != new.body_required:
            rule = "request-body-became-required" if new.body_required else "request-body-became-optional"
            yield self.change(rule, new.key, new.key, places=place)
        for kind in old.bodies:
            if kind in new.bodies:
                yield from self.shape(old.bodies[kind], new.bodies[kind], direction, place)

    def _responses(self, old: Call, new: Call) -> Iterator[Change]:
        for status in {**old.responses, **new.responses}:
            place = [Place(new.key, "response" if status.startswith("2") else "error", "")]
            if status not in new.responses or status not in old.responses:
                rule = "response-status-added" if status in new.responses else "response-status-removed"
                yield self.change(rule, status, new.key, places=place)
                continue
            before, after = old.responses[status], new.responses[status]
            yield from self._kinds(before, after, "response-media-type", f"{new.key} {status}", place)
            for kind in before:
                if kind in after:
                    yield from self.shape(before[kind], after[kind], "response", place)

    def _kinds(
        self, old: Mapping[str, Any], new: Mapping[str, Any], rule: str, subject: str, place: Any
    ) -> Iterator[Change]:
        for kind in {**old, **new}:
            if kind not in new or kind not in old:
                yield self.change(f"{rule}-{'added' if kind in new else 'removed'}", kind, subject, places=place)


def _same_call(one: Call, other: Call) -> bool:
    return one.is_webhook == other.is_webhook and one.node.get("operationId") == other.node.get("operationId")


def _subject(call: Call) -> str:
    return "webhooks" if call.is_webhook else call.resource


def _urls(root: Node) -> list[str]:
    return [str(each.get("url")) for each in root.get("servers") or []]


def _schemes(root: Node) -> Any:
    schemes = (root.get("components") or {}).get("securitySchemes") or {}
    return {
        name: {word: value for word, value in each.items() if word != "description"} for name, each in schemes.items()
    }


def _tags(root: Node) -> dict[str, Any]:
    return {f"tag {each.get('name')}": each.get("description", "") for each in root.get("tags") or []}


def _info(root: Node) -> Node:
    """What the document says of itself. ``x-fields`` holds anchors, which count where they are used."""
    known = ("info", "servers", "tags", "paths", "webhooks", "components", "x-fields")
    facts = {
        word if word.startswith("x-") else f"info/{word}": value for word, value in (root.get("info") or {}).items()
    }
    facts.pop("info/version", None)
    return facts | {word: value for word, value in root.items() if word not in known}
