"""The two OpenAPI documents, prepared for validation.

Each schema is resolved once (no ``$ref`` left) and simplified, when an operation is first called. ``anyOf [list of
values, string]``, which the specs write for an open list, becomes a string whose values are kept under ``x-known``.
``anyOf [X, null]`` becomes X that may be null. So an error's path leads straight to the keyword that was violated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import jsonschema_rs
from vimmerse import v1, v2
from vimmerse.emulator.models import Version

KNOWN = "x-known"  # the listed values of an open list

Definition = dict[str, Any]  # a part of a document that scripts/regenerate has checked


class Schema:
    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.properties: dict[str, Definition] = definition.get("properties", {})

    @cached_property
    def validator(self) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(self.definition)

    def at(self, path: list[str | int]) -> object:
        """The part of the definition at a path of keys and indexes."""
        part: Any = self.definition
        for step in path:
            part = part[step]
        return part


@dataclass(slots=True, eq=False)
class OperationSpec:
    """One operation of a spec."""

    version: Version
    method: str
    path: str
    bodies: Mapping[str, Schema]  # by media type
    json_texts: Mapping[str, Schema]  # what the JSON text of a form's field must hold
    body_required: bool
    query: Schema
    secured: bool
    statuses: frozenset[str]  # the documented ones

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


class Spec:
    """One version's operations, by method and path template."""

    def __init__(self, version: Version, document: Definition, strict: frozenset[str] = frozenset()) -> None:
        """``strict``: the fields that take nothing but the values of their open list."""
        self.version: Version = version
        self.strict = strict
        self.document = document
        self._operations: dict[tuple[str, str], OperationSpec] = {}

    def operation(self, method: str, path: str) -> OperationSpec:
        """An operation, prepared on first use. Raises :exc:`KeyError` if the document has none."""
        if (method, path) not in self._operations:
            item = self.document["paths"][path]
            self._operations[method, path] = self._operation(method, path, item, item[method.lower()])
        return self._operations[method, path]

    def listed(self, name: str) -> frozenset[str]:
        """The values of a list in ``components/schemas``."""
        schema = self.document["components"]["schemas"][name]
        return frozenset(_listed(self._simplified(schema)))

    def _operation(self, method: str, path: str, item: Definition, operation: Definition) -> OperationSpec:
        body = self._resolved(operation.get("requestBody", {}))
        bodies = {
            media_type: Schema(self._simplified(content["schema"]))
            for media_type, content in body.get("content", {}).items()
        }
        parameters = map(self._resolved, item.get("parameters", []) + operation.get("parameters", []))
        query = {parameter["name"]: parameter for parameter in parameters if parameter["in"] == "query"}
        properties = {name: self._simplified(parameter["schema"]) for name, parameter in query.items()}
        required = [name for name, parameter in query.items() if parameter.get("required")]
        security = operation.get("security", [])
        return OperationSpec(
            version=self.version,
            method=method,
            path=path,
            bodies=bodies,
            json_texts={
                name: Schema(self._simplified(choice["contentSchema"]))
                for schema in bodies.values()
                for name, definition in schema.properties.items()
                for choice in (definition, *definition.get("anyOf", ()))
                if "contentSchema" in choice
            },
            body_required=body.get("required", False),
            query=Schema({"type": "object", "properties": properties, "required": required}),
            # An empty list, or an empty choice in it, means that no key is needed.
            secured=bool(security) and {} not in security,
            statuses=frozenset(operation.get("responses", ())),
        )

    def _resolved(self, value: Definition) -> Definition:
        """Follow ``$ref`` to its target; siblings of the reference are kept."""
        seen: set[str] = set()
        while reference := value.get("$ref"):
            if reference in seen:
                raise ValueError(f"{reference} in openapi.json refers to itself")
            seen.add(reference)
            target = self.document
            for step in reference.removeprefix("#/").split("/"):
                target = target[step.replace("~1", "/").replace("~0", "~")]
            value = target | {key: sibling for key, sibling in value.items() if key != "$ref"}
        return value

    def _simplified(self, schema: Definition) -> Definition:
        unused = ("example", "examples", "description")
        schema = {key: value for key, value in self._resolved(schema).items() if key not in unused}
        if "anyOf" in schema:
            schema |= _merged([self._simplified(choice) for choice in schema.pop("anyOf")])
        if "properties" in schema:
            schema["properties"] = {name: self._simplified(value) for name, value in schema["properties"].items()}
            for name in self.strict.intersection(schema["properties"]):
                field = schema["properties"][name]
                if KNOWN in field:  # a blank text means "no voice", "no choice"
                    field["enum"] = [*field[KNOWN], "", *([None] if "null" in field["type"] else [])]
        if "items" in schema:
            schema["items"] = self._simplified(schema["items"])
        return schema


def _merged(choices: list[Definition]) -> Definition:
    """``anyOf`` as one schema if it is an open list or a nullable; else unchanged."""
    others = [choice for choice in choices if choice.get("type") != "null"]
    is_text = all(choice.get("type") == "string" for choice in others)
    if is_text and any("enum" not in choice and KNOWN not in choice for choice in others):
        known = [value for choice in others for value in _listed(choice)]
        merged: Definition = {"type": "string"} | ({KNOWN: known} if known else {})
    elif len(others) == 1:
        merged = dict(others[0])
    else:
        return {"anyOf": choices}
    if len(others) < len(choices):
        if isinstance(merged.get("type"), str):
            merged["type"] = [merged["type"], "null"]
        if "enum" in merged:
            merged["enum"] = [*merged["enum"], None]
    return merged


def _listed(schema: Definition) -> list[Any]:
    values: list[Any] = schema.get("enum") or schema.get(KNOWN) or []
    return values


@cache
def only_v1() -> Mapping[str, frozenset[str]]:
    """By v2's field: the tools in v1's lists that v2's do not have."""
    old, new = load("v1"), load("v2")
    return {
        "video_tool": old.listed("MotionType") - new.listed("VideoTool"),
        "image_tool": old.listed("ImageOption") - new.listed("ImageTool"),
    }


@cache
def load(version: Version, strict: frozenset[str] = frozenset()) -> Spec:
    """The spec of a version, prepared for validation."""
    return Spec(version, document(version), strict)


def document(version: Version) -> Definition:
    """The OpenAPI document of a version."""
    return v1.openapi() if version == "v1" else v2.openapi()
