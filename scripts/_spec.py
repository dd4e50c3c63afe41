"""openapi/v1.yaml and v2.yaml together with the rules: what scripts/derive writes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from vimmerse.compat.flows.routing import OPERATIONS
from vimmerse.compat.rules.engine import Operation, Rule

COMMAND = "scripts/derive"
METHODS = ("get", "put", "post", "delete")
FORM, MULTIPART, JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"

Node = dict[str, Any]


class Failure(Exception):
    """The run can't go on; the text tells the user why and what to do."""


@dataclass(frozen=True)
class Field:
    """A field of a v1 operation: what its schemas say, one for each content type that has it."""

    name: str
    schemas: tuple[Node, ...]
    required: bool

    @cached_property
    def meaning(self) -> str:
        """What it is in v1. What the specification says of v2 is left to the rules."""
        return without_v2(self.schemas[0]["description"])

    @cached_property
    def default(self) -> str:
        """v1's default, as its documentation says it; empty for none."""
        found = re.search(r'\bDefault ("[^"]*"|empty|[^\s.,;]+)', self.schemas[0]["description"])
        return found[1].replace("empty", '""') if found else ""


@dataclass(frozen=True)
class Example:
    """A request of the specification, by its content type."""

    kind: str
    name: str
    summary: str
    value: Node


@dataclass(frozen=True)
class Call:
    """A v1 operation: its specification and its rules."""

    name: str  # the operationId
    node: Node
    rules: Operation
    id: str  # the parameter in the path, or empty
    fields: tuple[Field, ...]
    kinds: tuple[str, ...]  # content types of the body, or "query"

    def examples(self) -> Iterator[Example]:
        """The requests that the specification shows. A call without a body has one, with nothing in it."""
        content = (self.node.get("requestBody") or {}).get("content", {})
        for kind, media in content.items():
            for name, example in media["examples"].items():
                yield Example(kind, name, example["summary"], example["value"])
        if not content:
            query = {each["name"]: each["example"] for each in self.node.get("parameters", ())}
            yield Example("query" if query else "", "", self.node["summary"], query)


class Spec:
    """One of the two specifications."""

    def __init__(self, root: Path, version: str) -> None:
        shown = f"openapi/{version}.yaml"
        try:
            # The loader in C where PyYAML has it: the same values, in a tenth of the time.
            found = yaml.load((root / shown).read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except (OSError, yaml.YAMLError) as error:
            raise Failure(f"{shown} can't be read: {error}") from None
        self.root: Node = found
        self.schemas: Mapping[str, Node] = found["components"]["schemas"]

    def resolve(self, node: Node) -> Node:
        """What a local reference stands for; any other node as it is."""
        while "$ref" in node:
            found: Any = self.root
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            node = found
        return node

    def operations(self) -> Iterator[tuple[str, Node, list[Node]]]:
        """Each operation by its key, ``POST /story``, with its parameters."""
        for path, item in self.root["paths"].items():
            for method in METHODS:
                if method in item:
                    declared = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                    yield f"{method.upper()} {path}", item[method], [self.resolve(each) for each in declared]

    def names(self, schema: Node) -> set[str]:
        """The schemas that one refers to by name, alternatives included."""
        found = {schema["$ref"].rpartition("/")[2]} if "$ref" in schema else set()
        return found.union(*(self.names(each) for each in schema.get("anyOf", ())))

    def types(self, schema: Node) -> set[str]:
        """The JSON types that a value may have; ``text`` for the JSON text of an object, ``file`` for a file."""
        schema = self.resolve(schema)
        if "anyOf" in schema:
            return set[str]().union(*(self.types(each) for each in schema["anyOf"]))
        if "contentSchema" in schema:
            return {"string"} | self.types(schema["contentSchema"])
        if schema.get("format") == "binary":
            return {"file"}
        if schema.get("type") == "array":
            return {f"array of {each}" for each in self.types(schema["items"])}
        return {str(schema["type"])}


def calls(spec: Spec) -> list[Call]:
    """All operations of v1, in the order of the specification.

    Raises :class:`Failure` where a field and the rules don't fit.
    """
    found = []
    for key, node, parameters in spec.operations():
        if key not in OPERATIONS:
            raise Failure(f"openapi/v1.yaml: {key} has no operation in compat/vimmerse/compat/rules/")
        content = (node.get("requestBody") or {}).get("content", {})
        variants = [spec.resolve(media["schema"]) for media in content.values()]
        query = [each for each in parameters if each["in"] == "query"]
        if query:
            properties = {each["name"]: {**each["schema"], "description": each["description"]} for each in query}
            variants = [{"properties": properties}]
        names = list(dict.fromkeys(name for variant in variants for name in variant["properties"]))
        rules = OPERATIONS[key]
        missing = [name for name in names if name not in rules.by_field]
        if missing:
            raise Failure(f"openapi/v1.yaml: {key}: compat/vimmerse/compat/rules/ has no rule for {', '.join(missing)}")
        fields = tuple(
            Field(
                name,
                tuple(variant["properties"][name] for variant in variants if name in variant["properties"]),
                all(name in variant.get("required", ()) for variant in variants),
            )
            for name in names
        )
        path = [each["name"] for each in parameters if each["in"] == "path"]
        kinds = ("query",) if query else tuple(content)
        found.append(Call(node["operationId"], node, rules, path[0] if path else "", fields, kinds))
    return found


# Words


def without_v2(text: str) -> str:
    """A description without its sentences about v2, which the rules know better, and about its sources."""
    return " ".join(each for each in _sentences(text) if not re.search(f"{_ABOUT_V2.pattern}|{_PROVENANCE}", each))


def only_v2(text: str) -> str:
    """The sentences of a description that are about v2."""
    return " ".join(each for each in _sentences(text) if _ABOUT_V2.search(each))


_ABOUT_V2 = re.compile(r"\bv2\b|Replaced by|successor")
_PROVENANCE = r"\binferred\b|\bThe pages? "


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.…])\s+(?=[A-Z\"`(0-9]|v\d )", " ".join(text.split()))


def note(rule: Rule) -> str:
    """A rule's own sentence."""
    return rule.note.replace("V2 ", "v2 ", 1) if rule.note.startswith("V2 ") else rule.note


_SAME = re.compile(r"Same\b[^;.]*(; a (form's text becomes a number|repeated form field becomes an array))?\.")


def fate(rule: Rule, operation: Operation) -> str:
    """What becomes of a field given as a Python value, in sentences."""
    said = note(rule)
    if rule.field in operation.inside:
        return said
    if rule.kind == "same":
        return _SAME.sub("The same in v2.", said, count=1)
    if rule.kind == "dropped":
        return f"Dropped: {said}"
    if rule.kind == "unsupported":
        return said if "goes to v1" in said else f"The call goes to v1: {said}"
    return f"In v2 `{rule.to}`. {said}"
