"""Answers survive parsing: what the server adds, leaves out or changes is still there afterwards."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
from typing import Any

import attrs
import pytest
from vimmerse import v1, v2

from tests.generated.calls import operation_call, operations, specification

PACKAGES = {"v1": v1, "v2": v2}


def answer_models() -> list[tuple[str, Any, dict[str, Any]]]:
    """The model of each success with each example that its operation gives."""
    found = []
    for version, package in PACKAGES.items():
        spec = specification(package)
        for name, module in operations(package):
            verb, path = operation_call(package, module)
            content = spec["paths"][path][verb.lower()]["responses"]["200"]["content"].get("application/json", {})
            for label, example in content.get("examples", {}).items():
                if "$ref" in example:
                    example = spec["components"]["examples"][example["$ref"].rpartition("/")[2]]
                model = getattr(package.models, content["schema"]["$ref"].rpartition("/")[2])
                found.append((f"{version} {name} {label}", model, example["value"]))
    return found


ANSWERS = answer_models()
each_answer = pytest.mark.parametrize(("model", "value"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])


def changed(value: Any, change: Any) -> Any:
    """``value`` with ``change`` made to every object in it, the innermost first."""
    if isinstance(value, dict):
        return change({key: changed(item, change) for key, item in value.items()})
    return [changed(item, change) for item in value] if isinstance(value, list) else value


CHANGES: dict[str, Any] = {
    "as it is": lambda found: found,
    "new fields": lambda found: {**found, "field_of_tomorrow": {"deep": [None, 1.5, "x"]}, "get": 1},
    "no fields": lambda found: {},
    "half of the fields": lambda found: dict(list(found.items())[::2]),
    "unknown words": lambda found: {k: "value of tomorrow" if isinstance(v, str) else v for k, v in found.items()},
    "null for text": lambda found: {k: None if isinstance(v, str) else v for k, v in found.items()},
    "null for lists": lambda found: {k: None if isinstance(v, list) else v for k, v in found.items()},
    "null for numbers": lambda found: {k: None if isinstance(v, int | float) else v for k, v in found.items()},
    "text for numbers": lambda found: {k: str(v) if isinstance(v, int | float) else v for k, v in found.items()},
    "lists for text": lambda found: {k: [v] if isinstance(v, str) else v for k, v in found.items()},
}


@each_answer
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_an_answer_survives(model: Any, value: dict[str, Any], change: Any) -> None:
    sent = changed(value, change)
    before = copy.deepcopy(sent)
    parsed = model.from_dict(sent)
    assert sent == before
    assert parsed.to_dict() == sent
    assert json.loads(json.dumps(parsed.to_dict())) == json.loads(json.dumps(sent))


@each_answer
def test_a_model_copies_and_pickles_whole(model: Any, value: dict[str, Any]) -> None:
    parsed = model.from_dict(value)
    for twin in (copy.copy(parsed), copy.deepcopy(parsed), pickle.loads(pickle.dumps(parsed))):
        assert twin == parsed
        assert twin.to_dict() == value


def test_both_versions_share_their_types() -> None:
    assert v1.types.__all__ == v2.types.__all__
    assert all(getattr(v1.types, name) is getattr(v2.types, name) for name in v2.types.__all__)


def test_unset_is_one_thing() -> None:
    for package in PACKAGES.values():
        unset = package.types.UNSET
        twins = [copy.copy(unset), copy.deepcopy(unset), pickle.loads(pickle.dumps(unset)), type(unset)()]
        assert all(twin is unset for twin in twins)
        assert not unset
        assert repr(unset) == "UNSET"


def test_an_unknown_status_is_text_like_a_known_one() -> None:
    for status in ("success", "status-of-tomorrow"):
        assert v2.models.Story.from_dict({"status": status}).status == status


@pytest.mark.parametrize("package", PACKAGES.values(), ids=PACKAGES.keys())
def test_every_model_loads_and_is_what_it_is_called(package: Any) -> None:
    for name in package.models.__all__:
        model = getattr(package.models, name)
        assert getattr(package.models, name) is model
        if inspect.isclass(model):
            assert model.__name__ == name
            assert attrs.has(model)
