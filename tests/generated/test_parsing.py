"""Responses round-trip through the models: nothing that the server adds, leaves out or changes is lost."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
from typing import Any

import attrs
import pytest
from vimmerse import v1, v2

from tests.generated.calls import method_and_path, operations, specification
from tests.sampling import sampled

PACKAGES = {"v1": v1, "v2": v2}
NEEDING_AN_ID = (v2.models.Story, v2.models.Media)


def documented_responses() -> list[tuple[str, Any, dict[str, Any]]]:
    """Return the model of each success, with each of its examples in the specification."""
    responses = []
    for version, package in PACKAGES.items():
        spec = specification(package)
        for name, module in operations(package):
            method, path = method_and_path(package, module)
            content = spec["paths"][path][method.lower()]["responses"]["200"]["content"].get("application/json", {})
            for label, example in content.get("examples", {}).items():
                if "$ref" in example:
                    example = spec["components"]["examples"][example["$ref"].rpartition("/")[2]]
                for schema in content["schema"].get("anyOf", [content["schema"]]):
                    model = getattr(package.models, schema["$ref"].rpartition("/")[2])
                    if "id" in example["value"] or model not in NEEDING_AN_ID:
                        responses.append((f"{version} {name} {label} {model.__name__}", model, example["value"]))
    return responses


RESPONSES = documented_responses()
each_response = pytest.mark.parametrize(
    ("model", "value"), [row[1:] for row in RESPONSES], ids=[row[0] for row in RESPONSES]
)


def changed(value: Any, change: Any) -> Any:
    """Apply ``change`` to every object in ``value``, the innermost first."""
    if isinstance(value, dict):
        return change({key: changed(item, change) for key, item in value.items()})
    return [changed(item, change) for item in value] if isinstance(value, list) else value


CHANGES: dict[str, Any] = {
    "as it is": lambda obj: obj,
    "new fields": lambda obj: {**obj, "field_of_tomorrow": {"deep": [None, 1.5, "x"]}, "get": 1},
    "no fields": lambda obj: {},
    "half of the fields": lambda obj: dict(list(obj.items())[::2]),
    "unknown values": lambda obj: {k: "value of tomorrow" if isinstance(v, str) else v for k, v in obj.items()},
    "null for text": lambda obj: {k: None if isinstance(v, str) else v for k, v in obj.items()},
    "null for lists": lambda obj: {k: None if isinstance(v, list) else v for k, v in obj.items()},
    "null for numbers": lambda obj: {k: None if isinstance(v, int | float) else v for k, v in obj.items()},
    "text for numbers": lambda obj: {k: str(v) if isinstance(v, int | float) else v for k, v in obj.items()},
    "lists for text": lambda obj: {k: [v] if isinstance(v, str) else v for k, v in obj.items()},
}


@pytest.mark.parametrize(
    ("model", "value", "change"),
    [
        one
        for row, (response, model, value) in enumerate(RESPONSES)
        for one in sampled(
            (pytest.param(model, value, change, id=f"{name}-{response}") for name, change in CHANGES.items()),
            3,
            row=row,
        )
    ],
)
def test_a_response_round_trips(model: Any, value: dict[str, Any], change: Any) -> None:
    sent = changed(value, change)
    if model in NEEDING_AN_ID:
        sent["id"] = value["id"]
    before = copy.deepcopy(sent)
    parsed = model.from_dict(sent)
    assert sent == before
    assert parsed.to_dict() == sent
    assert json.loads(json.dumps(parsed.to_dict())) == json.loads(json.dumps(sent))


@each_response
def test_a_model_can_be_copied_and_pickled(model: Any, value: dict[str, Any]) -> None:
    parsed = model.from_dict(value)
    for copied in (copy.copy(parsed), copy.deepcopy(parsed), pickle.loads(pickle.dumps(parsed))):
        assert copied == parsed
        assert copied.to_dict() == value


def test_both_versions_share_their_types() -> None:
    assert v1.types.__all__ == v2.types.__all__
    assert all(getattr(v1.types, name) is getattr(v2.types, name) for name in v2.types.__all__)


def test_an_unknown_status_parses_like_a_known_one() -> None:
    for status in ("success", "status-of-tomorrow"):
        assert v2.models.Story.from_dict({"id": "s1", "status": status}).status == status


@pytest.mark.parametrize("package", PACKAGES.values(), ids=PACKAGES.keys())
def test_every_model_loads_under_its_name(package: Any) -> None:
    for name in package.models.__all__:
        model = getattr(package.models, name)
        assert getattr(package.models, name) is model
        if inspect.isclass(model):
            assert model.__name__ == name
            assert attrs.has(model)
