"""A spec in a form in which only meaning differs: references followed, alternatives joined, order left out.

A :class:`Shape` is what may stand at one place of a request or response. Schemas that become a class or a list of
values of the clients (objects and enums in ``components``) keep their name: a change within is one change, wherever it
is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Node = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
LIMITS = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern"),
    *(
        "minItems",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
        "format",
        "const",
        "additionalProperties",
    ),
)
#: Not by value: 1 equals True.
_NO_LIMITS = {("format", "'binary'"), ("additionalProperties", "True"), ("uniqueItems", "False")}
_STRUCTURE = frozenset(
    {"$ref", "type", "anyOf", "oneOf", "allOf", "enum", "properties", "required", "items", "contentSchema", "x-params"}
)
_DEFAULT = re.compile(r'\bDefaults?(?: is|:)? (?:to )?("[^"]*"|[^\s.,;()]+)')
#: Nothing is said about a default. ``None`` is a default: null.
UNSTATED = "(not stated)"
_FINAL = re.compile(r"\bFinal: ([^.]*)")


class InvalidSpec(Exception):
    """A spec contradicts itself; the message says where."""


class Place(NamedTuple):
    """Where a schema is used: in which operation, in which direction, at which path of the body."""

    operation: str  # POST /v2/story, or "webhook story"
    direction: str  # request, response
    path: str  # audio_option.narrator, storyboard.scenes[].name; empty for all of it


@dataclass
class Fields:
    """The properties of an object."""

    required: frozenset[str] = frozenset()
    properties: dict[str, Shape] = field(default_factory=dict)


@dataclass
class Shape:
    """What may stand at one place.

    Attributes:
        owner: The named schema or the operation that it is part of.
        path: Its path within the owner.
        model: The schema that gives it its name, if it is one of ``components``.
        objects: The objects among the alternatives, by the name of their schema.
        facts: What is said of it: description, ``deprecated``, ``default``, ``x-...`` and unknown keywords.
        cut: The schema that contains itself here.
    """

    owner: str
    path: str
    types: frozenset[str] = frozenset()
    values: frozenset[Any] | None = None
    model: str = ""
    is_open: bool = True
    objects: dict[str, Fields] = field(default_factory=dict)
    items: Shape | None = None
    text: Shape | None = None
    limits: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    cut: str = ""

    @property
    def prose(self) -> str:
        return " ".join(str(self.facts.get("description", "")).split())

    @property
    def default(self) -> Any:
        """The value that the server takes if this is left out: as data, or as the description has it."""
        return default_of(self.facts)


@dataclass
class Parameter:
    """A parameter of an operation."""

    name: str
    kind: str  # path, query, header, cookie
    required: bool
    shape: Shape
    on_the_wire: Node  # style and explode
    examples: Node


@dataclass
class Call:
    """An operation, or a webhook."""

    key: str
    node: Node
    resource: str
    method: str
    parameters: dict[tuple[str, str], Parameter]
    body_required: bool
    bodies: dict[str, Shape]
    responses: dict[str, dict[str, Shape]]
    facts: Node
    examples: Node

    @property
    def is_webhook(self) -> bool:
        return self.key.startswith("webhook ")

    @property
    def public_name(self) -> str:
        return f"client.{self.resource}.{self.method}"

    def success(self) -> Shape | None:
        """The JSON object of its successful response."""
        for status, kinds in self.responses.items():
            if status.startswith("2") and "application/json" in kinds:
                return kinds["application/json"]
        return None


def paths(shape: Shape, path: str = "") -> Iterator[str]:
    """The paths of all fields of a body."""
    for fields in shape.objects.values():
        for name, each in fields.properties.items():
            yield _below(path, name)
            yield from paths(each, _below(path, name))
    for inner in filter(None, (shape.items, shape.text)):
        yield from paths(inner, path)


def default_of(facts: Node) -> Any:
    """The default that facts state (``x-default``, ``default``, or a word of the description), or :data:`UNSTATED`."""
    for name in ("x-default", "default"):
        if name in facts:
            return facts[name]
    match = _DEFAULT.search(str(facts.get("description", "")))
    if not match:
        return UNSTATED
    text = match[1].strip("\"`'")
    known = {"true": True, "false": False, "null": None, "none": None, "empty": ""}
    return known[text] if text in known else int(text) if text.lstrip("-").isdigit() else text


def final_of(facts: Node) -> dict[str, Any] | None:
    """The final statuses of an enum, with their outcomes: ``x-final``, or those after "Final:" in the description.

    The outcome is True if it is not said, as in a description.
    """
    if isinstance(facts.get("x-final"), dict):
        return {str(name): outcome for name, outcome in facts["x-final"].items() if outcome}
    if isinstance(facts.get("x-final"), list):
        return dict.fromkeys(map(str, facts["x-final"]), True)
    match = _FINAL.search(" ".join(str(facts.get("description", "")).split()))
    return dict.fromkeys(re.findall(r"`([^`]+)`", match[1]), True) if match else None


class Spec:
    """One spec: its calls, and its named schemas with the places where they are used."""

    def __init__(self, version: str, root: Node) -> None:
        self.version = version
        self.root = root
        components = root.get("components") or {}
        self._schemas: Node = components.get("schemas") or {}
        self.models: dict[str, Shape] = {}
        self.uses: dict[str, list[Place]] = {}
        self._tags = {tag["name"]: tag for tag in root.get("tags") or [] if isinstance(tag, dict) and "name" in tag}
        self.calls: dict[str, Call] = {call.key: call for call in self._calls()}
        for name, node in self._schemas.items():
            if self._is_model(node):
                self._model(name)

    def resolve(self, node: Any) -> Node:
        """The target of a local reference, with what stands beside the reference.

        Raises:
            InvalidSpec: It has no target.
        """
        seen = set()
        while isinstance(node, dict) and "$ref" in node:
            reference = str(node["$ref"])
            target: Any = self.root
            for part in reference.removeprefix("#/").split("/"):
                key = part.replace("~1", "/").replace("~0", "~")
                target = target.get(key) if isinstance(target, dict) else None
            if not isinstance(target, dict) or reference in seen:
                raise InvalidSpec(f"the reference {reference} leads nowhere")
            seen.add(reference)
            node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
        return node if isinstance(node, dict) else {}

    def _calls(self) -> Iterator[Call]:
        for group in ("paths", "webhooks"):
            for path, item in (self.root.get(group) or {}).items():
                item = self.resolve(item)
                for method in METHODS:
                    if isinstance(item.get(method), dict):
                        key = f"{method.upper()} {path}" if group == "paths" else f"webhook {path}"
                        yield self._call(key, item, item[method])

    def _call(self, key: str, item: Node, node: Node) -> Call:
        sent, answered = ("response", "request") if key.startswith("webhook ") else ("request", "response")
        parameters: dict[tuple[str, str], Parameter] = {}
        for each in map(self.resolve, [*(item.get("parameters") or []), *(node.get("parameters") or [])]):
            name, kind = str(each.get("name")), str(each.get("in"))
            schema = each.get("schema") or {}
            shape = self.shape(schema, key, name, Place(key, sent, name))
            on_the_wire = {word: each.get(word) for word in ("style", "explode", "allowReserved", "allowEmptyValue")}
            samples: Node = {word: self._followed(each[word]) for word in ("example", "examples") if word in each}
            known = ("name", "in", "required", "schema", *on_the_wire, *samples)
            shape.facts |= {word: value for word, value in each.items() if word not in known}
            required = bool(each.get("required"))
            parameters[kind, name] = Parameter(name, kind, required, shape, on_the_wire, samples)
        body = self.resolve(node.get("requestBody") or {})
        bodies = {
            str(kind): self.shape(media.get("schema") or {}, f"{key} request", "", Place(key, sent, ""))
            for kind, media in (body.get("content") or {}).items()
        }
        responses: dict[str, dict[str, Shape]] = {}
        for status, response in (node.get("responses") or {}).items():
            content = self.resolve(response).get("content") or {}
            # Errors share their schemas among all calls: only what a call returns is a place of its own.
            responses[str(status)] = {
                str(kind): self.shape(
                    media.get("schema") or {},
                    f"{key} response {status}",
                    "",
                    Place(key, answered if str(status).startswith("2") else "error", ""),
                )
                for kind, media in content.items()
            }
        tag = str((node.get("tags") or ["default"])[0])
        identifier = str(node.get("operationId", key))
        words = [word for word in identifier.split("_") if word != tag]
        resource = (self._tags.get(tag) or {}).get("x-resource") or (
            f"{tag[:-1]}ies" if tag.endswith("y") else f"{tag}s"
        )
        method = str(node.get("x-method") or "_".join(words) or identifier)
        structure = ("parameters", "requestBody", "responses", "tags", "x-method", "operationId")
        facts = {word: value for word, value in node.items() if word not in structure}
        examples: Node = {}
        facts |= self._beside_schemas(body, "request", examples)
        for status, response in (node.get("responses") or {}).items():
            facts |= self._beside_schemas(self.resolve(response), f"response {status}", examples)
        for parameter in parameters.values():
            examples |= {f"parameter {parameter.name}": parameter.examples} if parameter.examples else {}
        required = bool(body.get("required"))
        return Call(key, node, str(resource), method, parameters, required, bodies, responses, facts, examples)

    def _beside_schemas(self, holder: Node, where: str, examples: Node) -> Node:
        """What a body states beside its schemas; its examples are added to ``examples``."""
        facts = {f"{where}/{word}": value for word, value in holder.items() if word not in ("content", "required")}
        for kind, media in (holder.get("content") or {}).items():
            for word, value in media.items():
                if word in ("example", "examples"):
                    examples[f"{where} {kind} {word}"] = self._followed(value)
                elif word != "schema":
                    facts[f"{where}/{kind}/{word}"] = value
        return facts

    def _followed(self, value: Any) -> Any:
        """Examples without references."""
        return {name: self.resolve(each) for name, each in value.items()} if isinstance(value, dict) else value

    @staticmethod
    def _is_model(node: Any) -> bool:
        return isinstance(node, dict) and ("enum" in node or "properties" in node or "allOf" in node)

    def _model(self, name: str) -> Shape:
        if name not in self.models:
            self.models[name] = Shape(name, "")  # where it contains itself
            shape = self._of(self._schemas[name], name, "", Place("", "", ""), (name,))
            shape.model = name
            self.models[name] = shape
        return self.models[name]

    def shape(self, node: Any, owner: str, path: str, place: Place) -> Shape:
        return self._of(node, owner, path, place, ())

    def _of(self, node: Any, owner: str, path: str, place: Place, inside: tuple[str, ...]) -> Shape:
        node = node if isinstance(node, dict) else {"x-schema": node}
        reference = str(node.get("$ref", ""))
        name = reference.removeprefix("#/components/schemas/")
        beside = {key: value for key, value in node.items() if key != "$ref"}
        if reference and name in self._schemas and self._is_model(self._schemas[name]):
            if place.operation:
                self.uses.setdefault(name, []).append(place)
            if inside.count(name) > 0:
                return Shape(owner, path, frozenset({"object"}), facts=self._facts(beside), cut=name)
            target = self._of(self._schemas[name], name, "", place, (*inside, name))
            own = {"facts": self._facts(beside), "owner": owner, "path": path, "model": name}
            return Shape(**{**vars(target), **own})
        node = self.resolve(node)
        shape = Shape(owner, path, facts=self._facts(node))
        shape.limits = {key: node[key] for key in LIMITS if key in node and (key, repr(node[key])) not in _NO_LIMITS}
        kinds = node.get("type")
        shape.types = frozenset(kinds if isinstance(kinds, list) else [kinds] if kinds else [])
        if node.get("format") == "binary" and shape.types <= {"string"}:
            shape.types = frozenset({"file"})
        if "enum" in node:
            shape.values, shape.is_open = frozenset(map(_hashable, node["enum"])), False
        if isinstance(node.get("properties"), dict) or isinstance(node.get("x-params"), dict):
            shape.types |= {"object"} if not kinds else frozenset()
            properties = {**(node.get("properties") or {}), **(node.get("x-params") or {})}
            shape.objects[""] = Fields(
                frozenset(map(str, node.get("required") or ())),
                {
                    str(each): self._of(value, owner, _below(path, str(each)), _in(place, str(each)), inside)
                    for each, value in properties.items()
                },
            )
        if isinstance(node.get("items"), dict):
            below = place._replace(path=f"{place.path}[]")
            shape.items = self._of(node["items"], owner, f"{path}[]", below, inside)
        if isinstance(node.get("contentSchema"), dict):
            shape.text = self._of(node["contentSchema"], owner, path, place, inside)
        parts = [
            self._of(part, owner, path, place, inside) for word in ("anyOf", "oneOf") for part in node.get(word) or ()
        ]
        for part in parts:
            self._join(shape, part)
        if any(part.values is not None for part in parts):
            shape.is_open = any(part.values is None and "string" in part.types for part in parts)
        for part in node.get("allOf") or ():
            self._add(shape, self._of(part, owner, path, place, inside))
        return shape

    def _join(self, shape: Shape, part: Shape) -> None:
        """Add an alternative."""
        shape.types |= part.types
        if part.values is not None:
            shape.values = part.values | (shape.values or frozenset())
            shape.model = part.model or shape.model
        shape.cut = part.cut or shape.cut
        for name, fields in part.objects.items():
            shape.objects[part.model or name or str(len(shape.objects))] = fields
        shape.items = part.items or shape.items
        shape.text = part.text or shape.text
        shape.limits |= part.limits
        kind = "/".join(sorted(map(str, part.types))) or "any"
        if not part.model:
            shape.facts |= {f"{kind}/{word}": value for word, value in part.facts.items()}

    def _add(self, shape: Shape, part: Shape) -> None:
        """Add a part that holds as well."""
        shape.types |= part.types
        shape.values = part.values if shape.values is None else shape.values
        shape.is_open = shape.is_open and part.is_open
        both = shape.objects.get("", Fields())
        for fields in part.objects.values():
            both = Fields(both.required | fields.required, {**fields.properties, **both.properties})
        if both.properties:
            shape.objects[""] = both
        shape.items = shape.items or part.items
        shape.limits = {**part.limits, **shape.limits}
        shape.facts = {**part.facts, **shape.facts}

    @staticmethod
    def _facts(node: Node) -> Node:
        return {key: value for key, value in node.items() if key not in _STRUCTURE and key not in LIMITS}


def _hashable(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else repr(value)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _in(place: Place, name: str) -> Place:
    return place._replace(path=_below(place.path, name))
