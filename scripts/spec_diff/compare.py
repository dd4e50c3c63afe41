"""The changes between two specs of the same version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scripts.spec_diff.changes import Change, merged, same_path
from scripts.spec_diff.compare_schemas import Schemas
from scripts.spec_diff.comparison import as_json
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
        urls, schemes = (_urls(old), _urls(new)), (_schemes(old), _schemes(new))
        if urls[0][:1] != urls[1][:1]:  # the clients use the first one
            yield self.change("server-changed", "servers", old="".join(urls[0][:1]), new="".join(urls[1][:1]))
        elif urls[0] != urls[1]:
            yield self.change("extension-changed", "servers", self.version, old=urls[0], new=urls[1])
        if any(each not in schemes[1].values() for each in schemes[0].values()):
            yield self.change("security-scheme-changed", "securitySchemes", old=schemes[0], new=schemes[1])
        elif schemes[0] != schemes[1]:  # what it means for a call is said there
            rule = "description-changed" if len(schemes[0]) == len(schemes[1]) else "extension-changed"
            names = {"old": list(schemes[0]), "new": list(schemes[1])}
            yield self.change(rule, "securitySchemes", self.version, **names)
        numbers = [str((each.get("info") or {}).get("version")) for each in (old, new)]
        if numbers[0] != numbers[1]:
            yield self.change("api-version-changed", "info.version", old=numbers[0], new=numbers[1])
        facts = [{**_info(root), **_tags(root)} for root in (old, new)]
        yield from self.facts(facts[0], facts[1], "", self.version, [])

    # Calls

    def _calls(self) -> Iterator[Change]:
        old, new = self.old.calls, self.new.calls
        gone, added = [key for key in old if key not in new], [key for key in new if key not in old]
        moved = pairs({key: old[key] for key in gone}, {key: new[key] for key in added}, _same_call)
        for before, after in moved.items():
            if same_path(before) != same_path(after):
                yield self.change(
                    "webhook-renamed" if new[after].is_webhook else "operation-path-changed",
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
        yield from self._security(old, new, place)
        is_deprecated = [bool(each.facts.get("deprecated")) for each in (old, new)]
        successors = [each.facts.get("x-replaced-by") for each in (old, new)]
        if successors[0] != successors[1] and is_deprecated[0] == is_deprecated[1]:
            yield self.change("successor-changed", key, key, old=successors[0], new=successors[1], places=place)
        facts, examples, headers = [], [], []
        changed = set(old.responses) ^ set(new.responses)  # a rule of its own says that these are new, or gone
        for each in (old, new):
            known = ("security", "x-replaced-by")
            said = {
                word: value
                for word, value in each.facts.items()
                if word not in known and _response(word) not in changed
            }
            headers.append({word: said.pop(word) for word in list(said) if word.endswith("/headers")})
            facts.append(said)
            examples.append({word: value for word, value in each.examples.items() if _response(word) not in changed})
        yield from self.facts(facts[0], facts[1], key, key, place)
        for response in {**headers[0], **headers[1]}:
            yield from self._headers(headers[0].get(response) or {}, headers[1].get(response) or {}, key, place)
        yield from self._received(old, new) if new.is_webhook else self._parameters(old, new)
        yield from self._body(old, new)
        yield from self._responses(old, new)
        if examples[0] != examples[1]:
            yield self.change("example-changed", "examples", key, places=place)

    def _security(self, old: Call, new: Call, place: list[Place]) -> Iterator[Change]:
        before, after = old.facts.get("security"), new.facts.get("security")
        if before == after:
            return
        accepted = _accepted(before, self.old.root), _accepted(after, self.new.root)
        rule = "security-changed"
        if accepted[0] == accepted[1]:  # by another name
            rule = "description-changed"
        elif accepted[0] and accepted[0] < accepted[1]:
            rule = "security-alternative-added"
        yield self.change(rule, "security", new.key, old=before, new=after, places=place)

    def _headers(self, old: Node, new: Node, key: str, place: list[Place]) -> Iterator[Change]:
        for name in {**old, **new}:
            if name not in new or name not in old:
                yield self.change(f"response-header-{'added' if name in new else 'removed'}", name, key, places=place)
            else:
                yield from self.facts(self.old.resolve(old[name]), self.new.resolve(new[name]), name, key, place)

    def _received(self, old: Call, new: Call) -> Iterator[Change]:
        """The headers of a webhook."""
        place = [Place(new.key, "response", "")]
        sides = [{each.name: {"required": each.required} for each in call.parameters.values()} for call in (old, new)]
        yield from self._headers(sides[0], sides[1], new.key, place)
        for name, each in old.parameters.items():
            if name in new.parameters:
                yield from self.shape(each.shape, new.parameters[name].shape, "response", place)

    def _parameters(self, old: Call, new: Call) -> Iterator[Change]:
        key = new.key
        gone = {name: each for name, each in old.parameters.items() if name not in new.parameters}
        added = {name: each for name, each in new.parameters.items() if name not in old.parameters}
        if same_path(old.key) != same_path(new.key):  # the names in a path that has changed
            gone, added = ({name: each for name, each in side.items() if name[0] != "path"} for side in (gone, added))
        for name, each in list(gone.items()):
            if other := next((other for other in added if other[1] == name[1]), None):
                kinds = {"old": name[0], "new": other[0]}
                yield self.change("request-parameter-moved", each.name, key, places=[_place(key, each)], **kinds)
                yield from self._parameter(gone.pop(name), added.pop(other), key)
        renamed = pairs(gone, added, lambda one, other: one.kind == other.kind and same_shape(one.shape, other.shape))
        for name, each in gone.items():
            known: dict[str, Any] = {"places": [_place(key, each)], "shape": each.shape}
            if name in renamed:
                new_name = renamed[name][1]
                yield self.change("request-parameter-renamed", each.name, key, old=each.name, new=new_name, **known)
            else:
                yield self.change("request-parameter-removed", each.name, key, **known)
        had_pages = any(name in PAGES for _, name in old.parameters)
        for name, each in added.items():
            if name not in renamed.values():
                rule = "request-parameter-added-required" if each.required else "request-parameter-added"
                if name[1] in PAGES and not had_pages and not each.required:
                    rule = "paging-parameter-added"
                yield self.change(rule, each.name, key, places=[_place(key, each)], shape=each.shape)
        for name in old.parameters:
            if name in new.parameters:
                yield from self._parameter(old.parameters[name], new.parameters[name], key)

    def _parameter(self, old: Parameter, new: Parameter, key: str) -> Iterator[Change]:
        place = [_place(key, new)]
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
        gone, added = (
            [each for each in one.responses if _is_new_success(each, other)] for one, other in ((old, new), (new, old))
        )
        moved = dict(zip(gone, added, strict=False)) if len(gone) == len(added) == 1 else {}
        for status in {**old.responses, **new.responses}:
            if status in moved.values():
                continue
            place = [Place(new.key, "response" if status.startswith("2") else "error", "")]
            before, after = old.responses.get(status), new.responses.get(moved.get(status, status))
            if status in moved:
                values = {"old": status, "new": moved[status]}
                yield self.change("response-success-status-changed", status, new.key, places=place, **values)
            elif before is None or after is None:
                rule = "response-status-added" if before is None else "response-status-removed"
                if status in added and not {"2XX", "default"} & set(old.responses):
                    rule = "response-success-status-added"
                yield self.change(rule, status, new.key, places=place)
                if status not in gone or any(each.startswith("2") for each in new.responses):
                    continue
            yield from self._kinds(before or {}, after or {}, "response-media-type", f"{new.key} {status}", place)
            for kind in before or {}:
                if before and after and kind in after:
                    yield from self.shape(before[kind], after[kind], "response", place)

    def _kinds(
        self, old: Mapping[str, Any], new: Mapping[str, Any], rule: str, subject: str, place: Any
    ) -> Iterator[Change]:
        for kind in {**old, **new}:
            if kind not in new or kind not in old:
                yield self.change(f"{rule}-{'added' if kind in new else 'removed'}", kind, subject, places=place)


def _same_call(one: Call, other: Call) -> bool:
    if one.is_webhook or other.is_webhook:
        return one.is_webhook and other.is_webhook
    identifiers = [each.node.get("operationId") for each in (one, other)]
    names = one.public_name == other.public_name, same_path(one.key) == same_path(other.key)
    return identifiers[0] == identifiers[1] or any(names)


def _is_new_success(status: str, other: Call) -> bool:
    return status.startswith("2") and status not in other.responses


def _response(word: str) -> str:
    """The status that a fact or an example of a call is about: of ``response 200/description``, 200."""
    return re.split(r"[/ ]", word.removeprefix("response "))[0] if word.startswith("response ") else ""


def _place(key: str, parameter: Parameter) -> Place:
    """Where a parameter is. A header is no field that a v1 call could have."""
    is_field = parameter.kind in ("path", "query")
    return Place(key, "request", parameter.name if is_field else f"{parameter.kind} {parameter.name}")


def _accepted(security: Any, root: Node) -> set[frozenset[str]]:
    """The ways to authenticate a call, by what is sent: a scheme may have any name."""
    schemes = _schemes(root)
    return {
        frozenset(as_json([schemes.get(name, name), scopes]) for name, scopes in each.items())
        for each in security or []
    }


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
