"""The input of scripts/derive: openapi/v1.yaml and v2.yaml, and the rules of each v1 operation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from vimmerse.compat.flows.routing import OPERATIONS
from vimmerse.compat.rules.engine import Operation, Rule

from scripts._facts import with_prose

COMMAND = "scripts/derive"
METHODS = ("get", "put", "post", "delete")
FORM, MULTIPART, JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"

Node = dict[str, Any]


class Failure(Exception):
    """The run can't continue; the message says why, and what to do."""


@dataclass(frozen=True)
class Field:
    """A field of a v1 operation, with its schema in each content type that has it."""

    name: str
    schemas: tuple[Node, ...]
    required: bool

    @cached_property
    def meaning(self) -> str:
        """Its description, without sentences about v2, which the rules describe."""
        return without_v2(self.schemas[0]["description"])

    @cached_property
    def default(self) -> str:
        """v1's default as JSON; empty if there is none."""
        return json.dumps(self.schemas[0]["x-default"]) if "x-default" in self.schemas[0] else ""


@dataclass(frozen=True)
class Example:
    """An example request of the spec."""

    kind: str  # the content type, "query", or empty for no fields
    name: str
    summary: str
    value: Node


@dataclass(frozen=True)
class Call:
    """A v1 operation: its entry in the spec, and its rules."""

    name: str  # the operationId
    node: Node
    rules: Operation
    id: str  # the name of the path parameter, or empty
    fields: tuple[Field, ...]
    kinds: tuple[str, ...]  # content types of the body, or "query"

    def examples(self) -> Iterator[Example]:
        """The example requests of the spec. A call without a body has one, from the examples of its parameters."""
        content = (self.node.get("requestBody") or {}).get("content", {})
        for kind, media in content.items():
            for name, example in media["examples"].items():
                yield Example(kind, name, example["summary"], example["value"])
        if not content:
            query = {parameter["name"]: parameter["example"] for parameter in self.node.get("parameters", ())}
            yield Example("query" if query else "", "", self.node["summary"], query)


class Spec:
    """One of the two specs."""

    def __init__(self, root: Path, version: str) -> None:
        name = f"openapi/{version}.yaml"
        try:
            # The loader in C, if PyYAML has it, takes a tenth of the time.
            loaded = yaml.load((root / name).read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except (OSError, yaml.YAMLError) as error:
            raise Failure(f"{name} can't be read: {error}") from None
        self.root: Node = with_prose(loaded)
        self.schemas: Mapping[str, Node] = self.root["components"]["schemas"]

    def resolve(self, node: Node) -> Node:
        """The target of a local reference; any other node unchanged."""
        while "$ref" in node:
            target: Any = self.root
            for key in node["$ref"].removeprefix("#/").split("/"):
                target = target[key]
            node = target
        return node

    def operations(self) -> Iterator[tuple[str, Node, list[Node]]]:
        """Each operation with its key, such as ``POST /story``, and its parameters."""
        for path, item in self.root["paths"].items():
            for method in METHODS:
                if method in item:
                    declared = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                    yield f"{method.upper()} {path}", item[method], [self.resolve(each) for each in declared]

    def names(self, schema: Node) -> set[str]:
        """The names of the schemas that a schema refers to, including its alternatives."""
        names = {schema["$ref"].rpartition("/")[2]} if "$ref" in schema else set()
        return names.union(*(self.names(part) for part in schema.get("anyOf", ())))

    def types(self, schema: Node) -> set[str]:
        """The JSON types that a value may have, and ``file``. JSON text counts as string and as what it encodes."""
        schema = self.resolve(schema)
        if "anyOf" in schema:
            return set[str]().union(*(self.types(part) for part in schema["anyOf"]))
        if "contentSchema" in schema:
            return {"string"} | self.types(schema["contentSchema"])
        if schema.get("format") == "binary":
            return {"file"}
        if schema.get("type") == "array":
            return {f"array of {item}" for item in self.types(schema["items"])}
        return {str(schema["type"])}


def calls(spec: Spec) -> list[Call]:
    """All operations of v1, in the order of the spec.

    Raises:
        Failure: An operation or a field has no rule.
    """
    result = []
    for key, node, parameters in spec.operations():
        if key not in OPERATIONS:
            raise Failure(f"openapi/v1.yaml: {key} has no operation in compat/vimmerse/compat/rules/")
        content = (node.get("requestBody") or {}).get("content", {})
        variants = [spec.resolve(media["schema"]) for media in content.values()]
        query = [parameter for parameter in parameters if parameter["in"] == "query"]
        if query:
            properties = {
                parameter["name"]: {**parameter["schema"], "description": parameter["description"]}
                for parameter in query
            }
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
        path_names = [parameter["name"] for parameter in parameters if parameter["in"] == "path"]
        kinds = ("query",) if query else tuple(content)
        result.append(Call(node["operationId"], node, rules, path_names[0] if path_names else "", fields, kinds))
    return result


def without_v2(text: str) -> str:
    """A description without its sentences about v2, which the rules describe, and about its sources."""
    about = re.compile(f"{_ABOUT_V2.pattern}|{_PROVENANCE}")
    return " ".join(sentence for sentence in _sentences(text) if not about.search(sentence))


_ABOUT_V2 = re.compile(r"\bv2\b|Replaced by|successor")
_PROVENANCE = r"\binferred\b|\bThe pages? "


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.…])\s+(?=[A-Z\"`(0-9]|v\d )", " ".join(text.split()))


def note(rule: Rule) -> str:
    """A rule's note, for the start of a sentence."""
    return rule.note.replace("V2 ", "v2 ", 1) if rule.note.startswith("V2 ") else rule.note


_SAME = re.compile(r"Same\b[^;.]*(; a (form's text becomes a number|repeated form field becomes an array))?\.")


def describe(rule: Rule, operation: Operation) -> str:
    """How a field given as a Python value is translated, in sentences."""
    text = note(rule)
    if rule.field in operation.nested:
        return text
    if rule.kind == "same":
        return _SAME.sub("The same in v2.", text, count=1)
    if rule.kind == "dropped":
        return f"Dropped: {text}"
    if rule.kind == "unsupported":
        return text if re.search("(goes|forwarded) to v1", text) else f"The call is forwarded to v1: {text}"
    return f"In v2 `{rule.to}`. {text}"
