"""The two OpenAPI documents, prepared for validation.

Each schema is resolved once (no ``$ref`` left) and simplified. ``anyOf [list of values, string]``, which the specs
write for an open list, becomes a string whose values are kept under ``x-known``. ``anyOf [X, null]`` becomes X that may
be null. So an error's path leads straight to the keyword that was violated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

import jsonschema_rs
from vimmerse.emulator.models import Version
from vimmerse.emulator.values import JsonObject, as_object, as_objects

KNOWN = "x-known"  # the listed values of an open list
_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


def normalized(path: str) -> str:
    """A path template without its parameters' names: ``/media/{}``."""
    return re.sub(r"\{[^}]*\}", "{}", path)


class Schema:
    """A resolved schema."""

    def __init__(self, definition: JsonObject) -> None:
        self.definition = definition

    @cached_property
    def validator(self) -> jsonschema_rs.Draft202012Validator:
        """Compiled when first used."""
        return jsonschema_rs.Draft202012Validator(self.definition)

    @property
    def properties(self) -> dict[str, JsonObject]:
        """The schemas of an object's properties."""
        return {name: as_object(schema) for name, schema in as_object(self.definition.get("properties")).items()}

    def known(self, name: str) -> list[object]:
        """The listed values of a property that is an open list."""
        return _values(self.properties.get(name, {}), KNOWN)

    def at(self, path: list[str | int]) -> object:
        """The part of the definition at a path of keys and indexes; None if there is nothing."""
        part: object = self.definition
        for step in path:
            if isinstance(part, dict):
                part = as_object(part).get(str(step))
            elif isinstance(part, list) and isinstance(step, int) and step < len(part):
                part = part[step]
            else:
                return None
        return part


@dataclass(frozen=True, eq=False)
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
        """``"POST /v2/media"``."""
        return f"{self.method} {self.path}"


class Spec:
    """One version's operations and component schemas."""

    def __init__(self, version: Version, document: JsonObject) -> None:
        self.version: Version = version
        self.document = document
        self.operations: dict[tuple[str, str], OperationSpec] = {}
        for path, value in as_object(document.get("paths")).items():
            item = as_object(value)
            for method in _METHODS:
                if method in item:
                    operation = self._operation(method.upper(), path, item, as_object(item[method]))
                    self.operations[operation.method, normalized(path)] = operation

    def listed(self, name: str) -> frozenset[object]:
        """The values of a list in ``components/schemas``."""
        schemas = as_object(as_object(self.document.get("components")).get("schemas"))
        return frozenset(_values(as_object(schemas.get(name)), "enum"))

    def _operation(self, method: str, path: str, item: JsonObject, operation: JsonObject) -> OperationSpec:
        body = self._resolved(as_object(operation.get("requestBody")))
        parameters = [
            self._resolved(parameter)
            for group in (item.get("parameters"), operation.get("parameters"))
            for parameter in as_objects(group)
        ]
        query = {str(parameter["name"]): parameter for parameter in parameters if parameter.get("in") == "query"}
        security = operation.get("security")
        bodies = {
            media_type: Schema(self._simplified(as_object(as_object(content).get("schema"))))
            for media_type, content in as_object(body.get("content")).items()
        }
        return OperationSpec(
            version=self.version,
            method=method,
            path=path,
            bodies=bodies,
            json_texts={
                name: Schema(self._simplified(content))
                for schema in bodies.values()
                for name, definition in schema.properties.items()
                for content in _content_schemas(definition)
            },
            body_required=bool(body.get("required")),
            query=Schema(
                {
                    "type": "object",
                    "properties": {
                        name: self._simplified(as_object(parameter.get("schema"))) for name, parameter in query.items()
                    },
                    "required": sorted(name for name, parameter in query.items() if parameter.get("required")),
                }
            ),
            # An empty list, or an empty choice in it, means that no key is needed.
            secured=isinstance(security, list) and bool(security) and {} not in security,
            statuses=frozenset(as_object(operation.get("responses"))),
        )

    def _resolved(self, value: JsonObject) -> JsonObject:
        """Follow ``$ref`` to its target; siblings of the reference are kept."""
        seen: set[str] = set()
        while isinstance(reference := value.get("$ref"), str):
            if reference in seen:
                raise ValueError(f"{reference} in openapi.json refers to itself")
            seen.add(reference)
            target: object = self.document
            for step in reference.removeprefix("#/").split("/"):
                target = as_object(target)[step.replace("~1", "/").replace("~0", "~")]
            value = as_object(target) | {key: sibling for key, sibling in value.items() if key != "$ref"}
        return value

    def _simplified(self, schema: JsonObject) -> JsonObject:
        schema = dict(self._resolved(schema))
        if isinstance(schema.get("anyOf"), list):
            branches = [self._simplified(branch) for branch in as_objects(schema.pop("anyOf"))]
            schema |= _merged(branches)
        if isinstance(schema.get("properties"), dict):
            schema["properties"] = {
                name: self._simplified(as_object(value)) for name, value in as_object(schema["properties"]).items()
            }
        for keyword in ("items", "additionalProperties"):
            if isinstance(schema.get(keyword), dict):
                schema[keyword] = self._simplified(as_object(schema[keyword]))
        return {key: value for key, value in schema.items() if key not in ("example", "examples", "description")}


def _content_schemas(definition: JsonObject) -> Iterator[JsonObject]:
    """The schemas of the JSON text that a property, or a choice in it, holds."""
    for branch in (definition, *as_objects(definition.get("anyOf"))):
        if isinstance(branch.get("contentSchema"), dict):
            yield as_object(branch["contentSchema"])


def _merged(branches: list[JsonObject]) -> JsonObject:
    """``anyOf`` as one schema if it is an open list or a nullable; else unchanged."""
    others = [branch for branch in branches if branch.get("type") != "null"]
    nullable = len(others) < len(branches)
    is_text = bool(others) and all(branch.get("type") == "string" for branch in others)
    if is_text and any("enum" not in branch and KNOWN not in branch for branch in others):
        known = [value for branch in others for value in _values(branch, "enum", KNOWN)]
        merged: JsonObject = {"type": "string"} | ({KNOWN: known} if known else {})
    elif len(others) == 1:
        merged = dict(others[0])
    else:
        return {"anyOf": branches}
    if nullable and isinstance(merged.get("type"), str):
        merged["type"] = [merged["type"], "null"]
    if nullable and "enum" in merged:
        merged["enum"] = [*_values(merged, "enum"), None]
    return merged


def _values(schema: JsonObject, *keywords: str) -> list[object]:
    """The values of the first of these keywords that has a list."""
    lists = (schema.get(keyword) for keyword in keywords)
    return next((list(values) for values in lists if isinstance(values, list)), [])


@cache
def only_v1() -> Mapping[str, frozenset[object]]:
    """By v2's field: the tools in v1's lists that v2's do not have."""
    old, new = load("v1"), load("v2")
    return {
        "video_tool": old.listed("MotionType") - new.listed("VideoTool"),
        "image_tool": old.listed("ImageOption") - new.listed("ImageTool"),
    }


@cache
def load(version: Version) -> Spec:
    """The spec of a version, from the package data that ``scripts/regenerate`` writes."""
    text = resources.files(f"vimmerse.{version}").joinpath("openapi.json").read_text("utf-8")
    return Spec(version, json.loads(text))
