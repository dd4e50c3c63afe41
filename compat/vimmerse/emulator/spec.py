"""The two OpenAPI documents, prepared for validation.

Each schema is resolved once (no ``$ref`` left) and simplified: ``anyOf [list of values, string]``, the specs'
way to write an open list, becomes a string whose values are kept under ``x-known``, and ``anyOf [X, null]``
becomes X that may be null. So an error's path leads straight to the keyword that it breaks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import jsonschema_rs
from vimmerse.emulator.models import JsonObject, Version

KNOWN = "x-known"  # the listed values of an open list
_VERBS = ("get", "put", "post", "delete", "patch", "head", "options")


def shape(path: str) -> str:
    """A path template without its parameters' names: ``/media/{}``."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def as_object(value: object) -> JsonObject:
    """The value where it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation of a spec."""

    version: Version
    method: str
    path: str
    bodies: Mapping[str, Schema]  # by media type
    body_required: bool
    query: Mapping[str, Schema]
    query_required: frozenset[str]
    secured: bool
    statuses: frozenset[str]  # that are documented, as text

    @property
    def name(self) -> str:
        """``"POST /v2/media"``."""
        return f"{self.method} {self.path}"


class Schema:
    """A resolved schema and its validator, compiled when first used."""

    def __init__(self, definition: JsonObject) -> None:
        self.definition = definition
        self._validator: jsonschema_rs.Draft202012Validator | None = None

    @property
    def validator(self) -> jsonschema_rs.Draft202012Validator:
        """Compiled once; compiling twice at the same time does no harm."""
        if self._validator is None:
            self._validator = jsonschema_rs.Draft202012Validator(self.definition)
        return self._validator

    @property
    def properties(self) -> dict[str, JsonObject]:
        """The schemas of an object's properties."""
        return {name: as_object(found) for name, found in as_object(self.definition.get("properties")).items()}

    def known(self, name: str) -> list[object]:
        """The listed values of a property that is an open list."""
        found = self.properties.get(name, {}).get(KNOWN)
        return list(found) if isinstance(found, list) else []

    def at(self, path: list[str | int]) -> object:
        """What the definition holds at a path of keys and indexes; None where there is nothing."""
        found: object = self.definition
        for step in path:
            if isinstance(found, dict):
                found = as_object(found).get(str(step))
            elif isinstance(found, list) and isinstance(step, int) and step < len(found):
                found = found[step]
            else:
                return None
        return found


class Spec:
    """One version's operations and component schemas."""

    def __init__(self, version: Version, document: JsonObject) -> None:
        self.version: Version = version
        self.document = document
        self._components: dict[str, Schema] = {}
        self.operations: dict[tuple[str, str], Operation] = {}
        for path, item in as_object(document.get("paths")).items():
            entry = as_object(item)
            for verb in _VERBS:
                if verb in entry:
                    found = self._operation(verb.upper(), path, entry, as_object(entry[verb]))
                    self.operations[found.method, shape(path)] = found

    def component(self, name: str) -> Schema:
        """A schema of ``components/schemas``."""
        if name not in self._components:
            self._components[name] = Schema(self._simplify({"$ref": f"#/components/schemas/{name}"}))
        return self._components[name]

    def listed(self, name: str) -> frozenset[object]:
        """The values of a list in ``components/schemas``."""
        schemas = as_object(as_object(self.document.get("components")).get("schemas"))
        return frozenset(_values(as_object(schemas.get(name))))

    def _operation(self, method: str, path: str, item: JsonObject, entry: JsonObject) -> Operation:
        body = self._resolve(as_object(entry.get("requestBody")))
        query: dict[str, Schema] = {}
        required: set[str] = set()
        for group in (item.get("parameters"), entry.get("parameters")):
            for reference in group if isinstance(group, list) else []:
                parameter = self._resolve(as_object(reference))
                if parameter.get("in") != "query":
                    continue
                name = str(parameter["name"])
                query[name] = Schema(self._simplify(as_object(parameter.get("schema"))))
                if parameter.get("required"):
                    required.add(name)
        return Operation(
            version=self.version,
            method=method,
            path=path,
            bodies={
                media_type: Schema(self._simplify(as_object(as_object(content).get("schema"))))
                for media_type, content in as_object(body.get("content")).items()
            },
            body_required=bool(body.get("required")),
            query=query,
            query_required=frozenset(required),
            secured=_needs_key(entry.get("security")),
            statuses=frozenset(as_object(entry.get("responses"))),
        )

    def _resolve(self, value: JsonObject) -> JsonObject:
        """Follow ``$ref`` to its target; siblings of the reference are kept."""
        seen: set[str] = set()
        while isinstance(reference := value.get("$ref"), str):
            if reference in seen:
                raise ValueError(f"{reference} in openapi.json refers to itself")
            seen.add(reference)
            target: object = self.document
            for step in reference.removeprefix("#/").split("/"):
                target = as_object(target)[step.replace("~1", "/").replace("~0", "~")]
            rest = {key: found for key, found in value.items() if key != "$ref"}
            value = {**as_object(target), **rest}
        return value

    def _simplify(self, schema: JsonObject) -> JsonObject:
        schema = dict(self._resolve(schema))
        branches = schema.get("anyOf")
        if isinstance(branches, list):
            del schema["anyOf"]
            schema = {**schema, **_merge([self._simplify(as_object(branch)) for branch in branches])}
        if isinstance(schema.get("properties"), dict):
            schema["properties"] = {
                name: self._simplify(as_object(found)) for name, found in as_object(schema["properties"]).items()
            }
        for keyword in ("items", "additionalProperties"):
            if isinstance(schema.get(keyword), dict):
                schema[keyword] = self._simplify(as_object(schema[keyword]))
        # A file's bytes are not JSON: its presence is checked, its content is not.
        return {key: found for key, found in schema.items() if key not in ("example", "examples", "description")}


def _needs_key(security: object) -> bool:
    """An empty list, or a choice that needs nothing, means that no key is needed."""
    return isinstance(security, list) and bool(security) and {} not in security


def _merge(branches: list[JsonObject]) -> JsonObject:
    """``anyOf`` as one schema where it is an open list or a nullable; else as it was."""
    nullable = [branch for branch in branches if branch.get("type") == "null"]
    others = [branch for branch in branches if branch.get("type") != "null"]
    texts = [branch for branch in others if branch.get("type") == "string"]
    if others and len(texts) == len(others) and any("enum" not in text and KNOWN not in text for text in texts):
        known = [value for text in texts for value in _values(text)]
        merged: JsonObject = {"type": "string"}
        if known:
            merged[KNOWN] = known
    elif len(others) == 1:
        merged = dict(others[0])
    else:
        return {"anyOf": branches}
    if nullable and isinstance(merged.get("type"), str):
        merged["type"] = [merged["type"], "null"]
    if nullable and isinstance(merged.get("enum"), list):
        merged["enum"] = [*_values(merged), None]
    return merged


def _values(schema: JsonObject) -> list[object]:
    found = schema.get("enum", schema.get(KNOWN))
    return list(found) if isinstance(found, list) else []


@cache
def only_v1() -> Mapping[str, frozenset[object]]:
    """By v2's field: the tools of v1's lists that v2's do not have."""
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
