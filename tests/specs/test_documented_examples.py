"""The vendor's own examples fit the specs and pass the generated models unchanged.

They are in tests/data/documented_examples.json. An entry's ``field`` says that the example shows that one field of
the body; ``place: query`` that it is a query; ``files`` what is uploaded beside it.
``repaired`` marks an example that the page cuts short or mistypes.
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
    answer_media,
    find_operation,
    load,
    problems,
    reference_name,
    request_media,
    resolve,
    same_path,
)

EXAMPLES: list[Node] = json.loads((HOME / "tests" / "data" / "documented_examples.json").read_text(encoding="utf-8"))
KINDS = {"request", "answer", "error", "webhook"}
# The pages show null where the answer is a file.
FILES = {"GET /media/{}/download"}


def label(example: Node) -> str:
    words = [example["version"], example["operation"], example["kind"], example.get("field", ""), example["title"]]
    return " ".join(word for word in words if word)


def schemas(example: Node) -> Iterator[tuple[str, Node]]:
    """Content types and schemas that the spec declares for an example."""
    spec = load(example["version"])
    operation = find_operation(spec, example["operation"])
    if example["kind"] in ("request", "webhook"):
        found = list(request_media(spec, operation))
    else:
        wanted = str(example.get("status", 200))
        found = [(kind, media) for status, kind, media in answer_media(spec, operation) if status == wanted]
    for content_type, media in found:
        schema = media["schema"]
        if "field" in example:
            declared = resolve(spec, schema).get("properties", {})
            assert example["field"] in declared, f"{label(example)}: {content_type} has no such field"
            schema = declared[example["field"]]
        yield content_type, schema


def from_form(spec: Node, schema: Node, value: Any) -> Any:
    """A form's text as what the schema makes of it: numbers arrive as digits."""
    declared = resolve(spec, schema).get("properties", {})
    if not isinstance(value, dict):
        return value
    return {
        name: int(each)
        if resolve(spec, declared.get(name, {})).get("type") == "integer" and str(each).isdigit()
        else each
        for name, each in value.items()
    }


def is_file(example: Node) -> bool:
    return example["kind"] == "answer" and same_path(example["operation"]) in FILES


@pytest.mark.parametrize("example", EXAMPLES, ids=label)
def test_fits_the_spec(example: Node) -> None:
    spec = load(example["version"])
    if example.get("place") == "query":
        declared = {each["name"]: each for each in find_operation(spec, example["operation"]).parameters}
        for name, value in example["value"].items():
            assert name in declared, f"add the query parameter {name}"
            schema = declared[name]["schema"]
            number = resolve(spec, schema).get("type") in ("integer", "number") and value.isdigit()
            assert not problems(spec, schema, int(value) if number else value)
        return
    found = list(schemas(example))
    assert found, "the spec declares no body for it"
    if is_file(example):
        assert example["value"] is None
        assert all(resolve(spec, schema).get("format") == "binary" for _, schema in found)
        return
    faults: list[str] = []
    for content_type, schema in found:
        value = example["value"]
        faults = problems(spec, schema, from_form(spec, schema, value) if content_type in FORMS else value)
        if not faults:
            return
    pytest.fail(f"openapi/{example['version']}.yaml refuses the vendor's own example:\n" + "\n".join(faults))


def models(example: Node) -> Iterator[Any]:
    """The generated models that parse or make an example."""
    if example.get("place") == "query" or is_file(example):
        return
    spec = load(example["version"])
    package = importlib.import_module(f"vimmerse.{example['version']}.models")
    for _, schema in schemas(example):
        options = [schema, *schema.get("anyOf", ())]
        for name in filter(None, map(reference_name, options)):
            if resolve(spec, {"$ref": f"#/components/schemas/{name}"}).get("type") == "object":
                yield getattr(package, name)


def unchanged(value: Any) -> Any:
    return value


def grown(value: Any) -> Any:
    """The value after the server has added a field to each object."""
    if isinstance(value, dict):
        return {name: grown(each) for name, each in value.items()} | {"added_later": {"deep": [None, 1, ""]}}
    return [grown(each) for each in value] if isinstance(value, list) else value


def emptied(value: Any) -> Any:
    """The value with null in the place of every text, number and flag, and of every empty array."""
    if isinstance(value, dict):
        return {name: emptied(each) for name, each in value.items()}
    return [emptied(each) for each in value if isinstance(each, dict)] or None if isinstance(value, list) else None


def renamed(value: Any) -> Any:
    """The value with every text changed: unknown statuses, tools and formats."""
    if isinstance(value, dict):
        return {name: renamed(each) for name, each in value.items()}
    if isinstance(value, list):
        return [renamed(each) for each in value]
    return f"{value} of tomorrow" if isinstance(value, str) else value


PARSED = [each for each in EXAMPLES if each["kind"] != "request" and not is_file(each)]
SENT = [each for each in EXAMPLES if each["kind"] == "request" and isinstance(each["value"], dict)]


@pytest.mark.parametrize(
    "change", [lambda value: value, grown, emptied, renamed], ids=["as-is", "grown", "emptied", "renamed"]
)
@pytest.mark.parametrize("example", PARSED, ids=label)
def test_answer_round_trips(example: Node, change: Any) -> None:
    found = list(models(example))
    assert found, "the generated package has no model for it: name the schema in components"
    value = change(example["value"])
    for model in found:
        assert model.from_dict(value).to_dict() == value


@pytest.mark.parametrize("example", [each for each in SENT if "place" not in each], ids=label)
def test_request_round_trips(example: Node) -> None:
    found = list(models(example))
    assert found, "the generated package has no model for it: name the schema in components"
    for model in found:
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
