"""The changes of schemas: values, types, limits and fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.spec_diff.changes import Change
from scripts.spec_diff.comparison import Comparison, as_json
from scripts.spec_diff.renames import pairs, same_shape, similar
from scripts.spec_diff.shapes import UNSTATED, Fields, Place, Shape, final_of

STATUS_FIELDS = ("status", "processing_status")
_NUMERIC = {"integer": {"integer", "number"}}
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_SAME_WORD = 0.8  # how alike a removed and an added value must be for one to be the other's new name


class Schemas(Comparison):
    """The named schemas of both sides, and what stands at one place of both."""

    def models(self) -> Iterator[Change]:
        old, new = self.old.models, self.new.models
        gone, added = [name for name in old if name not in new], [name for name in new if name not in old]
        renamed = pairs({name: old[name] for name in gone}, {name: new[name] for name in added}, same_shape)
        for name in gone:
            if name in renamed:
                yield self.change(
                    "model-renamed", name, old=name, new=renamed[name], places=self.old.uses.get(name, [])
                )
            else:
                yield self.change("model-removed", name, places=self.old.uses.get(name, []))
        for name in added:
            if name not in renamed.values():
                yield self.change("model-added", name, places=self.new.uses.get(name, []))
        for name in old:
            if name in new:
                yield from self._model(name, name)
        for name, other in renamed.items():
            yield from self._model(name, other)

    def _model(self, name: str, other: str) -> Iterator[Change]:
        """What is said of a named schema itself, and its values. Its fields are compared where it is used."""
        old, new = self.old.models[name], self.new.models[other]
        places = self.new.uses.get(other, [])
        is_status = (
            any(place.path.rpartition(".")[2] in STATUS_FIELDS for place in places)
            or "x-final" in old.facts | new.facts
        )
        if old.values is not None and new.values is not None:
            yield from self._values(old, new, other, places, is_status)
        yield from self.facts(old.facts, new.facts, other, other, places)
        if not places:  # used nowhere, but its class is public
            yield from self.shape(old, new, "response", places)

    def _values(self, old: Shape, new: Shape, subject: str, places: list[Place], is_status: bool) -> Iterator[Change]:
        before, after = old.values or frozenset(), new.values or frozenset()
        finals = final_of(old.facts), final_of(new.facts)
        word = "status" if is_status else "enum-value"
        gone, added = before - after, after - before
        renamed = {
            one: other
            for one in gone
            for other in added
            if isinstance(one, str) and isinstance(other, str) and similar(one, other) >= _SAME_WORD
        }
        for value in sorted(gone, key=str):
            final = finals[0].get(value, False) if is_status and finals[0] is not None else None
            yield self.change(f"{word}-removed", str(value), subject, old=final, new=renamed.get(value), places=places)
        for value in sorted(added, key=str):
            final = finals[1].get(value, False) if is_status and finals[1] is not None else None
            yield self.change(f"{word}-added", str(value), subject, new=final, places=places)
        if (finals[0] is None) != (finals[1] is None):
            shown = [None if each is None else ", ".join(sorted(each)) for each in finals]
            yield self.change("extension-changed", "x-final", subject, old=shown[0], new=shown[1], places=places)
        if is_status and finals[0] is not None and finals[1] is not None:
            for value in sorted(before & after, key=str):
                outcomes = finals[0].get(value, False), finals[1].get(value, False)
                if outcomes[0] != outcomes[1] and not (True in outcomes and all(outcomes)):  # a word says more than yes
                    yield self.change(
                        "status-finality-changed", str(value), subject, old=outcomes[0], new=outcomes[1], places=places
                    )

    def shape(self, old: Shape, new: Shape, direction: str, places: list[Place]) -> Iterator[Change]:
        subject, name = _owner(new), new.path.rpartition(".")[2]
        side = "response" if direction != "request" else "request"
        label = name or subject

        def change(rule: str, **given: Any) -> Change:
            return self.change(rule, label, subject, places=places, shape=new, **given)

        before, after = _without_null(old.types), _without_null(new.types)
        if before != after:
            wider, narrower = _covers(after, before), _covers(before, after)
            how = "widened" if wider else "narrowed" if narrower else "changed"
            yield change(f"{side}-property-type-{how}", old=_types(before), new=_types(after))
        if "array" in before & after and (old.items is None) != (new.items is None):
            names = ["array of anything" if each.items is None else "array" for each in (old, new)]
            yield change(
                f"{side}-property-type-{'widened' if new.items is None else 'narrowed'}", old=names[0], new=names[1]
            )
        if ("null" in old.types) != ("null" in new.types) and (before or after):
            now = "null" in new.types
            yield change(f"{side}-property-became-{'nullable' if now else 'not-nullable'}")
        if old.is_open != new.is_open and (old.values is None) == (new.values is None):
            yield change(f"{side}-enum-became-{'open' if new.is_open else 'closed'}")
        if (old.values is None) != (new.values is None):
            rule = f"{side}-property-became-enum" if new.values is not None else f"{side}-property-lost-enum"
            yield change(rule, old=_sorted(old.values), new=_sorted(new.values))
        elif old.values != new.values and not (old.model and old.model == new.model):
            yield from self._values(old, new, f"{subject}.{name}".rstrip("."), places, name in STATUS_FIELDS)
        yield from self._limits(old, new, change, side)
        if is_other_default(old, new):
            rule = "default-stated" if old.default == UNSTATED else "default-changed"
            rule = "default-removed" if new.default == UNSTATED else rule
            yield change(rule, old=old.default, new=new.default)
        if name or not old.model:
            yield from self.facts(old.facts, new.facts, label, subject, places, shape=new)
        yield from self._inside(old, new, direction, places)

    def _limits(self, old: Shape, new: Shape, change: Any, side: str) -> Iterator[Change]:
        for word in sorted({**old.limits, **new.limits}):
            before, after = old.limits.get(word), new.limits.get(word)
            if before == after:
                continue
            relaxed = after is None
            if before is not None and after is not None and word in (*_LOWER, *_UPPER):
                relaxed = (after < before) if word in _LOWER else (after > before)
            elif word == "multipleOf" and before and after:
                relaxed = before % after == 0
            rule = f"{side}-constraint-{'relaxed' if relaxed else 'tightened'}"
            yield change(rule, old=_limit(word, before), new=_limit(word, after))

    def _inside(self, old: Shape, new: Shape, direction: str, places: list[Place]) -> Iterator[Change]:
        side = "request" if direction == "request" else "response"
        if old.items and new.items:
            below = [each._replace(path=f"{each.path}[]") for each in places]
            yield from self.shape(old.items, new.items, direction, below)
        if old.text and new.text:
            yield from self.shape(old.text, new.text, direction, places)
        if len(old.objects) == len(new.objects) == 1:
            (before,), (after,) = old.objects.values(), new.objects.values()
            if (old.model or new.model) and old.model != new.model and not _same_fields(before, after):
                known: dict[str, Any] = {"places": places, "shape": new}
                label = new.path.rpartition(".")[2] or _owner(new)
                types = {"old": old.model or "object", "new": new.model or "object"}
                yield self.change(f"{side}-property-type-changed", label, _owner(new), **known, **types)
                return
            yield from self._fields(before, after, _object(old), _object(new), direction, places)
            return
        if not old.objects or not new.objects:
            if "object" in old.types & new.types and (old.objects or new.objects):
                how = "narrowed" if new.objects else "widened"
                names = ["object" if each.objects else "object of anything" for each in (old, new)]
                yield self.change(
                    f"{side}-property-type-{how}",
                    new.path.rpartition(".")[2] or _owner(new),
                    _owner(new),
                    old=names[0],
                    new=names[1],
                    places=places,
                )
            return
        gone = {name: each for name, each in old.objects.items() if name not in new.objects}
        added = {name: each for name, each in new.objects.items() if name not in old.objects}
        same = {name: name for name in old.objects if name in new.objects} | pairs(gone, added, _same_fields)
        for name in gone:
            if name not in same:
                yield self.change(f"{side}-alternative-removed", name or "object", _whole(new), places=places)
        for name in added:
            if name not in same.values():
                yield self.change(f"{side}-alternative-added", name or "object", _whole(new), places=places)
        for name, other in same.items():
            owners = name or _object(old), other or _object(new)
            yield from self._fields(old.objects[name], new.objects[other], owners[0], owners[1], direction, places)
        order = [same.get(name, name) for name in old.objects], list(new.objects)
        if side == "response" and sorted(order[0]) == sorted(order[1]) and order[0] != order[1]:
            subject = _whole(new)
            yield self.change(
                "response-alternatives-reordered", subject, subject, old=order[0], new=order[1], places=places
            )

    def _fields(
        self, old: Fields, new: Fields, old_owner: str, owner: str, direction: str, places: list[Place]
    ) -> Iterator[Change]:
        side = "request" if direction == "request" else "response"
        gone = {name: each for name, each in old.properties.items() if name not in new.properties}
        added = {name: each for name, each in new.properties.items() if name not in old.properties}
        renamed = pairs(gone, added, same_shape)

        def at(name: str) -> list[Place]:
            return [each._replace(path=f"{each.path}.{name}" if each.path else name) for each in places]

        for name, each in gone.items():
            known: dict[str, Any] = {"places": at(name), "shape": each}
            if name in renamed:
                yield self.change(f"{side}-property-renamed", name, old_owner, old=name, new=renamed[name], **known)
            else:
                yield self.change(f"{side}-property-removed", name, old_owner, **known)
        for name, each in added.items():
            if name not in renamed.values():
                required = direction == "request" and name in new.required
                rule = f"{side}-property-added{'-required' if required else ''}"
                yield self.change(rule, name, owner, places=at(name), shape=each)
        for name, each in old.properties.items():
            if name not in new.properties:
                continue
            if (name in old.required) != (name in new.required):
                now = "required" if name in new.required else "optional"
                yield self.change(f"{side}-property-became-{now}", name, owner, places=at(name), shape=each)
            for change in self.shape(each, new.properties[name], direction, at(name)):
                if change.rule == "response-property-became-nullable" and name in old.required and change.name == name:
                    change.rule = "response-required-property-became-nullable"
                yield change
        for name, other in renamed.items():
            if (name in old.required) < (other in new.required) and side == "request":
                yield self.change("request-property-became-required", other, owner, places=at(other))


def _owner(shape: Shape) -> str:
    if not shape.path and shape.model:
        return shape.model
    inner = shape.path.rpartition(".")[0].replace("[]", "")
    return f"{shape.owner}.{inner}" if inner else shape.owner


def _whole(shape: Shape) -> str:
    """What a shape is of, with its own name."""
    return f"{shape.owner}.{shape.path.replace('[]', '')}" if shape.path else shape.model or shape.owner


def is_other_default(old: Shape, new: Shape) -> bool:
    """Whether the default is another one. A description does not tell the number 1 from the text "1"."""
    if str(old.default) != str(new.default):
        return True
    return "x-default" in old.facts and "x-default" in new.facts and type(old.default) is not type(new.default)


def _same_fields(one: Fields, other: Fields) -> bool:
    """Whether two objects have most of their fields in common."""
    names = set(one.properties), set(other.properties)
    return len(names[0] & names[1]) * 2 >= max(map(len, names))


def _object(shape: Shape) -> str:
    """The name of the object that a shape is."""
    below = shape.path.replace("[]", "")
    return shape.model or (f"{shape.owner}.{below}" if below else shape.owner)


def _without_null(types: frozenset[str]) -> frozenset[str]:
    """Types without null. If it is the only one, nothing else may stand there; no type at all means any."""
    return types - {"null"} or types


def _covers(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether all of ``other`` is among ``one``; an empty set is any type."""
    if not one:
        return True
    return bool(other) and all(one & _NUMERIC.get(each, {each}) for each in other)


def _limit(word: str, value: Any) -> str:
    return f"no {word}" if value is None else f"{word} {as_json(value)}"


def _types(types: frozenset[str]) -> str:
    return " or ".join(sorted(types)) or "any"


def _sorted(values: frozenset[Any] | None) -> Any:
    return None if values is None else sorted(values, key=str)
