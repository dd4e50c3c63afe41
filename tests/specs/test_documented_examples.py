"""The vendor's examples are valid by the specs and survive the generated models unchanged.

They are in tests/data/documented_examples.json. An entry with ``field`` is the value of that field of the body;
``place: query`` is a query; ``files`` are uploaded with it. ``repaired`` marks an example that is cut off or misspelled
on the page.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.specs.spec import (
    FORMS,
    HOME,
    VERSIONS,
    Node,
    closed,
    find_operation,
    load,
    problems,
    reference_name,
    request_media,
    resolve,
    response_media,
    same_path,
)

EXAMPLES: list[Node] = json.loads((HOME / "tests" / "data" / "documented_examples.json").read_text(encoding="utf-8"))
KINDS = {"request", "response", "error", "webhook"}
# Whose responses are files; the pages show null.
FILES = {"GET /media/{}/download"}


def label(example: Node) -> str:
    words = [example["version"], example["operation"], example["kind"], example.get("field", ""), example["title"]]
    return " ".join(word for word in words if word)


def schemas(example: Node) -> Iterator[tuple[str, Node]]:
    """The content types and schemas of the spec for an example."""
    spec = load(example["version"])
    operation = find_operation(spec, example["operation"])
    if example["kind"] in ("request", "webhook"):
        bodies = list(request_media(spec, operation))
    else:
        expected = str(example.get("status", 200))
        bodies = [(kind, media) for status, kind, media in response_media(spec, operation) if status == expected]
    for content_type, media in bodies:
        schema = media["schema"]
        if "field" in example:
            declared = resolve(spec, schema).get("properties", {})
            assert example["field"] in declared, f"{label(example)}: {content_type} has no such field"
            schema = declared[example["field"]]
        yield content_type, schema


def from_form(spec: Node, schema: Node, value: Any) -> Any:
    """A form's values with digits as numbers, where the schema has integers."""
    declared = resolve(spec, schema).get("properties", {})
    if not isinstance(value, dict):
        return value
    return {
        name: int(each)
        if resolve(spec, declared.get(name, {})).get("type") == "integer" and str(each).isdigit()
        else each
        for name, each in value.items()
    }


def _body(example: Node) -> str:
    status = "" if example["kind"] in ("request", "webhook") else f" with the status {example.get('status', 200)}"
    return f"body of the {example['kind']}{status} of {example['operation']}"


def is_file(example: Node) -> bool:
    return example["kind"] == "response" and same_path(example["operation"]) in FILES


@pytest.mark.parametrize("example", EXAMPLES, ids=label)
def test_example_is_valid(example: Node) -> None:
    """It has no field that the spec does not declare."""
    spec = closed(load(example["version"]))
    if example.get("place") == "query":
        declared = {each["name"]: each for each in find_operation(spec, example["operation"]).parameters}
        for name, value in example["value"].items():
            assert name in declared, (
                f"{example['operation']} has no query parameter {name}, and the vendor's page shows it"
            )
            schema = declared[name]["schema"]
            number = resolve(spec, schema).get("type") in ("integer", "number") and value.isdigit()
            assert not problems(spec, schema, int(value) if number else value)
        return
    declared_schemas = list(schemas(example))
    assert declared_schemas, (
        f"openapi/{example['version']}.yaml has no {_body(example)}, and the vendor's page shows one"
    )
    if is_file(example):
        assert example["value"] is None
        assert all(resolve(spec, schema).get("format") == "binary" for _, schema in declared_schemas)
        return
    faults: list[str] = []
    for content_type, schema in declared_schemas:
        value = example["value"]
        faults = problems(spec, schema, from_form(spec, schema, value) if content_type in FORMS else value)
        if not faults:
            return
    pytest.fail(f"openapi/{example['version']}.yaml rejects the vendor's example:\n" + "\n".join(faults))


def models(example: Node) -> Iterator[Any]:
    """The generated models for an example."""
    if example.get("place") == "query" or is_file(example):
        return
    spec = load(example["version"])
    package = importlib.import_module(f"vimmerse.{example['version']}.models")
    for _, schema in schemas(example):
        options = [schema, *schema.get("anyOf", ())]
        for name in filter(None, map(reference_name, options)):
            if resolve(spec, {"$ref": f"#/components/schemas/{name}"}).get("type") == "object":
                yield getattr(package, name)


def extended(value: Any) -> Any:
    """The value with a new field in each object."""
    if isinstance(value, dict):
        return {name: extended(each) for name, each in value.items()} | {"added_later": {"deep": [None, 1, ""]}}
    return [extended(each) for each in value] if isinstance(value, list) else value


def nulled(value: Any) -> Any:
    """The value with null in place of every text, number, boolean and empty array; only ids stay."""
    if isinstance(value, dict):
        return {name: each if name == "id" else nulled(each) for name, each in value.items()}
    return [nulled(each) for each in value if isinstance(each, dict)] or None if isinstance(value, list) else None


def renamed(value: Any) -> Any:
    """The value with every text changed to something unknown."""
    if isinstance(value, dict):
        return {name: renamed(each) for name, each in value.items()}
    if isinstance(value, list):
        return [renamed(each) for each in value]
    return f"{value} of tomorrow" if isinstance(value, str) else value


PARSED = [each for each in EXAMPLES if each["kind"] != "request" and not is_file(each)]
SENT = [each for each in EXAMPLES if each["kind"] == "request" and isinstance(each["value"], dict)]


@pytest.mark.parametrize(
    "change", [lambda value: value, extended, nulled, renamed], ids=["unchanged", "extended", "nulled", "renamed"]
)
@pytest.mark.parametrize("example", PARSED, ids=label)
def test_response_round_trips(example: Node, change: Any) -> None:
    classes = list(models(example))
    assert classes, f"openapi/{example['version']}.yaml: the {_body(example)} is no schema of components; make it one"
    value = change(example["value"])
    for model in classes:
        assert model.from_dict(value).to_dict() == value


@pytest.mark.parametrize("example", [each for each in SENT if "place" not in each], ids=label)
def test_request_round_trips(example: Node) -> None:
    classes = list(models(example))
    assert classes, f"openapi/{example['version']}.yaml: the {_body(example)} is no schema of components; make it one"
    for model in classes:
        assert model.from_dict(example["value"]).to_dict() == example["value"]


def test_entries_are_well_formed() -> None:
    for example in EXAMPLES:
        assert example["kind"] in KINDS
        assert example["version"] in VERSIONS
        assert example["page"].startswith(example["version"])
        assert example["title"]
        assert example.get("repaired", True) is True
    assert len({label(each) for each in EXAMPLES}) == len(EXAMPLES), "give each example a title of its own"


@pytest.mark.parametrize("version", VERSIONS)
def test_every_documented_page_is_covered(version: str) -> None:
    pages = {each["page"] for each in EXAMPLES if each["version"] == version}
    assert pages == {f"{version}-story.txt", f"{version}-media.txt"}
