"""The operations of openapi/v1.yaml and their fields."""

from __future__ import annotations

from typing import Any

from tests.specs.spec import Operation, load, operations, request_media, resolve

V1 = load("v1")
OPERATIONS = {each.node["operationId"]: each for each in operations(V1) if not each.is_webhook}


def fields(operation: Operation) -> dict[str, list[dict[str, Any]]]:
    """The schemas of each field that the specification has for an operation."""
    schemas: dict[str, list[dict[str, Any]]] = {}
    for _, media in request_media(V1, operation):
        for name, schema in resolve(V1, media["schema"])["properties"].items():
            schemas.setdefault(name, []).append(schema)
    for parameter in operation.parameters:
        if parameter["in"] == "query":
            schemas.setdefault(parameter["name"], []).append(parameter["schema"])
    return schemas
