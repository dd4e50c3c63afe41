"""Each rule detects a spec that breaks it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.specs import rules
from tests.specs.spec import Node, load

Break = Callable[[Node], Any]


def _post(spec: Node) -> Node:
    result: Node = spec["paths"]["/v2/story"]["post"]
    return result


def _schema(spec: Node, name: str) -> Node:
    result: Node = spec["components"]["schemas"][name]
    return result


def _properties(spec: Node, name: str) -> Node:
    result: Node = _schema(spec, name)["properties"]
    return result


def _body(spec: Node, path: str, content_type: str) -> Node:
    result: Node = spec["paths"][path]["post"]["requestBody"]["content"][content_type]
    return result


BREAKS: list[tuple[rules.Rule, str, Break]] = [
    (rules.provenance, "POST /v2/story:", lambda s: _post(s).pop("x-provenance")),
    (
        rules.provenance,
        "property title",
        lambda s: _properties(s, "Story")["title"].update({"x-provenance": "?"}),
    ),
    (rules.provenance, "parameter story_id", lambda s: s["components"]["parameters"]["StoryId"].pop("x-provenance")),
    (rules.description, "summary", lambda s: _post(s).pop("summary")),
    (rules.description, "property title", lambda s: _properties(s, "Story")["title"].pop("description")),
    (rules.description, "parameter story_id", lambda s: s["components"]["parameters"]["StoryId"].pop("description")),
    (rules.operation_names, "used 2 times", lambda s: _post(s).update(operationId="get_story")),
    (rules.operation_names, "snake_case", lambda s: _post(s).update(operationId="createStory")),
    (rules.one_tag, "exactly one tag", lambda s: _post(s)["tags"].append("media")),
    (rules.one_tag, "exactly one tag", lambda s: _post(s).update(tags=["video"])),
    (rules.security, "POST /v2/story:", lambda s: _post(s).pop("security")),
    (rules.path_parameters, "story_id", lambda s: s["paths"]["/v2/story/{story_id}"].pop("parameters")),
    (rules.no_default, "loop", lambda s: _properties(s, "CreateMediaRequest")["loop"].update(default=1)),
    (
        rules.stated_defaults,
        "schema Story, property title: remove x-default",
        lambda s: _properties(s, "Story")["title"].update({"x-default": ""}),
    ),
    (
        rules.stated_defaults,
        "PUT /v2/media/{media_id}, property title: remove x-default",
        lambda s: _properties(s, "UpdateMediaRequest")["title"].update({"x-default": ""}),
    ),
    (
        rules.successors_exist,
        "property loop: x-replaced-by is 'repetitions'",
        lambda s: _properties(s, "CreateMediaRequest")["loop"].update({"x-replaced-by": "repetitions"}),
    ),
    (
        rules.required_in_responses,
        "schema PosePreset",
        lambda s: _schema(s, "PosePreset").update(required=["prompt"]),
    ),
    (
        rules.required_in_responses,
        "schema MediaWebhook",
        lambda s: _schema(s, "MediaWebhook").update(required=["media_id"]),
    ),
    (rules.open_objects, "schema Media:", lambda s: _schema(s, "Media").update(additionalProperties=False)),
    (rules.nullable_responses, "property result", lambda s: _properties(s, "Media")["result"]["anyOf"].pop()),
    (rules.nullable_responses, "property status", lambda s: _properties(s, "Story")["status"].pop("default")),
    (rules.no_default, "status", lambda s: _properties(s, "Story")["status"].update(default="new")),
    (rules.required_in_responses, "schema Media:", lambda s: _properties(s, "Media")["processing_status"].clear()),
    (rules.open_enums, "move the enum", lambda s: _properties(s, "Story")["title"].update(enum=["a"])),
    (rules.open_enums, "text alone", lambda s: _schema(s, "Narrator")["enum"].append(None)),
    (
        rules.open_enums,
        "beside the enum",
        lambda s: _properties(s, "Story")["status"]["anyOf"].remove({"type": "string"}),
    ),
    (
        rules.open_enums,
        "make it anyOf",
        lambda s: _properties(s, "Story").update(tool={"$ref": "#/components/schemas/VideoTool"}),
    ),
    (rules.no_collisions, "schemas: ", lambda s: s["components"]["schemas"].update(story={})),
    (rules.no_collisions, "values of VideoTool", lambda s: _schema(s, "VideoTool")["enum"].append("auto")),
    (rules.schema_names, "PascalCase", lambda s: s["components"]["schemas"].update(pose_preset_2={})),
    (
        rules.plain_text,
        "created_at",
        lambda s: _properties(s, "Media")["created_at"].update(format="date-time"),
    ),
    (rules.reserved_names, "to_dict", lambda s: _properties(s, "Media").update(to_dict={})),
    (
        rules.reserved_names,
        "query",
        lambda s: s["paths"]["/v2/media/{media_id}"]["get"]["parameters"][0].update(name="query"),
    ),
    (
        rules.flat_forms,
        "can't hold null",
        lambda s: _properties(s, "UploadImageRequest")["image_file"].update(anyOf=[{"type": "null"}]),
    ),
    (
        rules.flat_forms,
        "can't hold object",
        lambda s: _properties(s, "UploadImageRequest").update(x={"$ref": "#/components/schemas/Story"}),
    ),
    (
        rules.success_schemas,
        "response 200",
        lambda s: _post(s)["responses"]["200"]["content"]["application/json"].pop("schema"),
    ),
    (rules.examples_present, "request", lambda s: _body(s, "/v2/media", "application/json").pop("examples")),
    (
        rules.examples_present,
        "response 200",
        lambda s: _post(s)["responses"]["200"]["content"]["application/json"].pop("examples"),
    ),
    (rules.property_examples, "property name: add examples", lambda s: _properties(s, "Scene")["name"].pop("examples")),
    (
        rules.property_examples,
        "property image_urls: add examples",
        lambda s: _properties(s, "ImagesToVideoRequest")["image_urls"].pop("examples"),
    ),
    (
        rules.property_examples,
        "property scene_count: add examples",
        lambda s: _properties(s, "IdeaToVideoRequest")["scene_count"].pop("x-default"),
    ),
    (
        rules.property_examples,
        "property narration: add examples",
        lambda s: _properties(s, "MediaAudioOption")["narration"].update(examples=[]),
    ),
    (
        rules.examples_valid,
        "properties/quantity, example 0",
        lambda s: _properties(s, "UpdateMediaRequest")["quantity"].update(examples=["1"]),
    ),
    (
        rules.examples_valid,
        "example prompt: at /loop",
        lambda s: _body(s, "/v2/media", "application/json")["examples"]["prompt"]["value"].update(loop=7),
    ),
    (
        rules.examples_valid,
        "example StoryNew: ",
        lambda s: _post(s)["responses"]["200"]["content"]["application/json"]["examples"].update(
            StoryNew={"value": {"used_credits": "many"}}
        ),
    ),
    (rules.examples_valid, "parameter story_id", lambda s: s["components"]["parameters"]["StoryId"].update(example=1)),
    (rules.examples_valid, "schema Language", lambda s: _schema(s, "Language").update(examples=[5])),
    (
        rules.examples_valid,
        "example new: at /: Additional properties are not allowed ('progres'",
        lambda s: s["components"]["examples"]["StoryNew"]["value"].update(progres=5),
    ),
    (rules.examples_used, "example Alone", lambda s: s["components"]["examples"].update(Alone={"value": 1})),
]


@pytest.mark.parametrize(
    ("rule", "words", "break_it"), BREAKS, ids=[f"{index}-{each[0].__name__}" for index, each in enumerate(BREAKS)]
)
def test_rule_detects_the_violation(rule: rules.Rule, words: str, break_it: Break) -> None:
    spec = copy.deepcopy(load("v2"))
    break_it(spec)
    assert any(words in fault for fault in rule(spec)), f"{rule.__name__} does not detect a spec that breaks it"


def _v1_example(spec: Node, path: str, method: str, *, status: str = "") -> Node:
    operation = spec["paths"][path][method]
    holder = operation["responses"][status] if status else operation["requestBody"]
    kind = "application/json" if status else "application/x-www-form-urlencoded"
    examples = holder["content"][kind]["examples"]
    result: Node = examples["finished" if status else "storyboard"]["value"]
    return result


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda s: _v1_example(s, "/story/{story_id}/elements", "post").update(storyboard='{"scene": []}'),
            "in the text of storyboard, at /: Additional properties are not allowed ('scene' was unexpected)",
        ),
        (
            lambda s: _v1_example(s, "/story/{story_id}", "get", status="200")["data"]["medias"][0].update(medai_id=""),
            "('medai_id' was unexpected)",
        ),
    ],
    ids=["JSON text in a form", "an object of several parts"],
)
def test_a_misspelled_field_of_an_example_is_detected(change: Break, words: str) -> None:
    spec = copy.deepcopy(load("v1"))
    change(spec)
    assert any(words in fault for fault in rules.examples_valid(spec)), list(rules.examples_valid(spec))


def test_every_rule_is_tested() -> None:
    assert {each[0] for each in BREAKS} == set(rules.RULES)
