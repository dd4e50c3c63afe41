"""The two specs, for tests: operations, schemas, references and a validator."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from scripts._facts import with_prose

VERSIONS = ("v1", "v2")
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
HOME = Path(__file__).resolve().parents[2]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Node = dict[str, Any]


@cache
def load(version: str) -> Node:
    """openapi/v1.yaml or v2.yaml, with what its facts add. Shared between tests: copy before changing."""
    spec = yaml.load((HOME / "openapi" / f"{version}.yaml").read_text(encoding="utf-8"), LOADER)
    assert isinstance(spec, dict)
    return with_prose(spec)


def resolve(spec: Node, node: Node) -> Node:
    """The target of a local reference; any other node unchanged."""
    while "$ref" in node:
        target: Any = spec
        for part in str(node["$ref"]).removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def reference_name(node: Node) -> str:
    """The name of the schema that a node refers to, or empty."""
    return str(node.get("$ref", "")).removeprefix("#/components/schemas/")


@dataclass(frozen=True)
class Operation:
    """One operation or webhook. ``key`` is ``GET /v2/story/{story_id}`` or ``webhook story``."""

    key: str
    path: str
    node: Node
    parameters: tuple[Node, ...]  # resolved, including those of the path

    @property
    def is_webhook(self) -> bool:
        return self.key.startswith("webhook ")


def operations(spec: Node) -> Iterator[Operation]:
    """All operations, then all webhooks."""
    for group in ("paths", "webhooks"):
        for path, item in spec.get(group, {}).items():
            for method in METHODS:
                if method not in item:
                    continue
                node = item[method]
                declared = [*item.get("parameters", ()), *node.get("parameters", ())]
                key = f"{method.upper()} {path}" if group == "paths" else f"webhook {path}"
                yield Operation(key, path, node, tuple(resolve(spec, each) for each in declared))


def same_path(key: str) -> str:
    """A key without the names of path parameters, for comparisons."""
    return re.sub(r"\{[^}]*\}", "{}", key)


def find_operation(spec: Node, key: str) -> Operation:
    for operation in operations(spec):
        if same_path(operation.key) == same_path(key):
            return operation
    raise AssertionError(f"{key} is not in the spec: declare it there, or correct its name")


def request_media(spec: Node, operation: Operation) -> Iterator[tuple[str, Node]]:
    """Content types of the request with their media type objects."""
    yield from resolve(spec, operation.node.get("requestBody", {})).get("content", {}).items()


def response_media(spec: Node, operation: Operation) -> Iterator[tuple[str, str, Node]]:
    """Status, content type and media type object of every response with a body."""
    for status, response in operation.node.get("responses", {}).items():
        for content_type, media in resolve(spec, response).get("content", {}).items():
            yield str(status), content_type, media


def subschemas(schema: Node, where: str) -> Iterator[tuple[str, Node]]:
    """A schema and the schemas nested in it, with their places. References are not followed."""
    yield where, schema
    for word in ("items", "additionalProperties", "not"):
        if isinstance(schema.get(word), dict):
            yield from subschemas(schema[word], f"{where}/{word}")
    for word in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for index, each in enumerate(schema.get(word, ())):
            yield from subschemas(each, f"{where}/{word}/{index}")
    for name, each in schema.get("properties", {}).items():
        yield from subschemas(each, f"{where}/properties/{name}")


def roots(spec: Node) -> Iterator[tuple[str, Node]]:
    """Every top-level schema: components, bodies, responses, parameters."""
    for name, schema in spec["components"]["schemas"].items():
        yield f"schema {name}", schema
    for operation in operations(spec):
        for content_type, media in request_media(spec, operation):
            yield f"{operation.key} request {content_type}", media["schema"]
        for status, content_type, media in response_media(spec, operation):
            yield f"{operation.key} response {status} {content_type}", media.get("schema", {})
        for parameter in operation.parameters:
            yield f"{operation.key} parameter {parameter['name']}", parameter["schema"]


def every_schema(spec: Node) -> Iterator[tuple[str, Node]]:
    for where, schema in roots(spec):
        yield from subschemas(schema, where)


def response_schemas(spec: Node) -> Iterator[tuple[str, Node]]:
    """Every schema of a response or a webhook, which the server sends too, with references resolved, each once."""
    return _reached(spec, lambda where: " response " in where or _is_webhook(where))


def request_schemas(spec: Node) -> Iterator[tuple[str, Node]]:
    """Every schema of a request, with references resolved, each once."""
    return _reached(spec, lambda where: " request " in where and not _is_webhook(where))


def _is_webhook(where: str) -> bool:
    return where.startswith("webhook ") and " request " in where


def _reached(spec: Node, is_root: Callable[[str], bool]) -> Iterator[tuple[str, Node]]:
    todo = [(where, schema) for where, schema in roots(spec) if is_root(where)]
    seen: set[str] = set()
    while todo:
        where, schema = todo.pop(0)
        for place, each in subschemas(schema, where):
            yield place, each
            name = reference_name(each)
            if name and name not in seen:
                seen.add(name)
                todo.append((f"schema {name}", spec["components"]["schemas"][name]))


def properties(spec: Node) -> Iterator[tuple[str, Node]]:
    """Every property of every schema."""
    for where, schema in every_schema(spec):
        for name, each in schema.get("properties", {}).items():
            yield f"{where}, property {name}", each


def closed(spec: Node) -> Node:
    """The spec with objects that have no fields but those it names, so that a check notices a misspelled one.

    An ``allOf`` becomes one object, since each of its parts would reject the fields of the others.
    """

    def close(node: Any) -> Any:
        if isinstance(node, list):
            return [close(each) for each in node]
        if not isinstance(node, dict):
            return node
        if "allOf" in node:
            parts = [resolve(spec, part) for part in node["allOf"]]
            merged = {name: each for part in parts for name, each in part.get("properties", {}).items()}
            return close({"type": "object", "properties": merged})
        result = {name: close(each) for name, each in node.items()}
        if isinstance(node.get("properties"), dict) and "additionalProperties" not in node:
            result["additionalProperties"] = False
        return result

    return {
        **spec,
        **{group: close(spec[group]) for group in ("paths", "webhooks") if group in spec},
        "components": {**spec["components"], "schemas": close(spec["components"]["schemas"])},
    }


def validator(spec: Node, schema: Node) -> jsonschema_rs.Draft202012Validator:
    """A validator for a schema of this spec."""
    return jsonschema_rs.Draft202012Validator({**schema, "components": spec["components"]})


def problems(spec: Node, schema: Node, value: object) -> list[str]:
    """One line for each violation of the schema."""
    errors = map(deepest, validator(spec, schema).iter_errors(value))
    return [f"at /{'/'.join(map(str, error.instance_path))}: {error.message}" for error in errors]


def deepest(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """The fault within a value of several kinds: that of the kind which fits most of it."""
    if not isinstance(error.kind, jsonschema_rs.ValidationErrorKind.AnyOf):
        return error
    inner = [deepest(each) for branch in error.kind.context for each in branch]
    found = max(inner, key=lambda each: len(each.instance_path))
    return found if len(found.instance_path) > len(error.instance_path) else error


def text_problems(spec: Node, schema: Node, value: object) -> list[str]:
    """The same for the JSON text in a form's fields."""
    found: list[str] = []
    for name, text in value.items() if isinstance(value, dict) else ():
        inner = resolve(spec, resolve(spec, schema).get("properties", {}).get(name, {})).get("contentSchema")
        if inner and isinstance(text, str) and text:
            found += [f"in the text of {name}, {fault}" for fault in problems(spec, inner, json.loads(text))]
    return found


def none_left(faults: Iterable[str]) -> None:
    """Fail with the sentences of a check, one a line."""
    found = list(faults)
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def response_errors(version: str, operation_id: str, response: Any, status: str = "200") -> list[str]:
    """The violations of the spec in a response of an operation."""
    spec = load(version)
    for operation in operations(spec):
        if operation.node.get("operationId") == operation_id:
            content = resolve(spec, operation.node["responses"][status])["content"]["application/json"]
            schema = {**content["schema"], "components": spec["components"]}
            return [error.message for error in jsonschema_rs.Draft202012Validator(schema).iter_errors(response)]
    raise KeyError(operation_id)
