"""Whom a change breaks, in words: calls, responses, defaults, prices and deprecations of the real specs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scripts.spec_diff.report import Report, as_text
from tests.lifecycle.changes import Specs, properties, schemas
from tests.lifecycle.judging import changed, noticed
from tests.sampling import sampled

Edit = Callable[[Specs], Any]
CREATE_MEDIA, STORY, MEDIA = "/v2/media", "/v2/story/{story_id}", "/v2/media/{media_id}"
KEY = "APIKeyHeader"


def call(specs: Specs, path: str, method: str, version: str = "v2") -> Any:
    return specs[version]["paths"][path][method]


def calls(specs: Specs) -> list[Any]:
    paths = specs["v2"]["paths"].values()
    return [each for item in paths for each in item.values() if isinstance(each, dict) and "security" in each]


def rename(mapping: Any, old: str, new: str) -> None:
    mapping[new] = mapping.pop(old)


def schemes(specs: Specs) -> Any:
    return specs["v2"]["components"]["securitySchemes"]


def success(specs: Specs, path: str, method: str) -> Any:
    return call(specs, path, method)["responses"]["200"]["content"]


def prices(specs: Specs, path: str, method: str) -> Any:
    return call(specs, path, method)["x-price"]


def renamed_scheme(specs: Specs) -> None:
    rename(schemes(specs), KEY, "ApiKey")
    for each in calls(specs):
        each["security"] = [{"ApiKey": []}]


def bearer(specs: Specs) -> None:
    schemes(specs)["Bearer"] = {"type": "http", "scheme": "bearer"}
    for each in calls(specs):
        each["security"] = [{"Bearer": []}]


def bearer_too(specs: Specs) -> None:
    schemes(specs)["Bearer"] = {"type": "http", "scheme": "bearer"}
    call(specs, CREATE_MEDIA, "post")["security"].append({"Bearer": []})


def other_body_with_202(specs: Specs) -> None:
    responses = call(specs, CREATE_MEDIA, "post")["responses"]
    body = {"type": "object", "properties": {"job_id": {"type": "string"}}}
    responses["202"] = {"description": "Accepted.", "content": {"application/json": {"schema": body}}}
    del responses["200"]


def no_content(specs: Specs) -> None:
    responses = call(specs, STORY, "delete")["responses"]
    responses["204"] = {"description": "Gone."}
    del responses["200"]


def header(specs: Specs) -> None:
    parameter = {"name": "X-Trace", "in": "header", "schema": {"type": "string"}, "description": "Passed on."}
    call(specs, CREATE_MEDIA, "post")["parameters"] = [parameter]


def signed_webhook(specs: Specs) -> None:
    parameter = {"name": "X-Signature", "in": "header", "required": True, "schema": {"type": "string"}}
    specs["v2"]["webhooks"]["story"]["post"]["parameters"] = [parameter]


def paged_story(specs: Specs) -> None:
    parameter = {"name": "limit", "in": "query", "schema": {"type": "integer"}, "description": "How many medias."}
    call(specs, STORY, "get")["parameters"] = [parameter]


def other_path_parameter(specs: Specs) -> None:
    for path in [path for path in specs["v2"]["paths"] if "{media_id}" in path]:
        rename(specs["v2"]["paths"], path, path.replace("media_id", "id"))
    specs["v2"]["components"]["parameters"]["MediaId"]["name"] = "id"


def other_path_and_id(specs: Specs) -> None:
    rename(specs["v2"]["paths"], "/v2/story/idea-2-video", "/v2/stories/from-idea")
    call(specs, "/v2/stories/from-idea", "post")["operationId"] = "story_from_idea"


def last_success(specs: Specs) -> None:
    schema = schemas(specs, "v2")["StoryStatus"]
    schema["enum"].remove("success")
    schema["x-final"] = {name: final for name, final in schema["x-final"].items() if name != "success"}


def one_failure_less(specs: Specs) -> None:
    schema = schemas(specs, "v2")["StoryStatus"]
    schema["enum"].remove("error")
    schema["x-final"] = {name: final for name, final in schema["x-final"].items() if name != "error"}


def priced_tool(specs: Specs) -> None:
    schema = schemas(specs, "v2")["VideoTool"]
    schema["enum"].append("Sora9")
    schema["x-price"]["credits_per_second"]["Sora9"] = 7


TABLE: list[tuple[Edit, list[tuple[str, str]]]] = [
    # v2 client, v1 client, compat, jobs, money
    (
        lambda specs: rename(call(specs, CREATE_MEDIA, "post")["responses"], "200", "202"),
        [("response-success-status-changed", "breaking none warning none breaking")],
    ),
    (
        lambda specs: rename(call(specs, MEDIA, "get")["responses"], "200", "203"),  # waits poll it
        [("response-success-status-changed", "breaking none warning breaking none")],
    ),
    (
        other_body_with_202,
        [
            ("response-success-status-changed", "breaking none warning none breaking"),
            ("response-property-type-changed", "breaking none breaking none none"),
        ],
    ),
    (
        no_content,
        [
            ("response-success-status-changed", "breaking none warning none none"),
            ("response-media-type-removed", "breaking none breaking none none"),
        ],
    ),
    (
        lambda specs: success(specs, STORY, "get").update(
            {"text/html": success(specs, STORY, "get").pop("application/json")}
        ),
        [
            ("response-media-type-removed", "breaking none breaking breaking none"),
            ("response-media-type-added", "warning none none none none"),
        ],
    ),
    (
        lambda specs: success(specs, STORY, "get")["application/json"].update(schema={"type": "array", "items": {}}),
        [("response-property-type-changed", "breaking none breaking breaking none")],
    ),
    (renamed_scheme, []),
    (
        bearer,
        [
            ("extension-changed", "info none none none none"),
            ("security-changed", "breaking none breaking breaking none"),
        ],
    ),
    (
        bearer_too,
        [
            ("extension-changed", "info none none none none"),
            ("security-alternative-added", "info none none none none"),
        ],
    ),
    (
        lambda specs: specs["v2"]["servers"].append({"url": "https://eu.example.com"}),
        [("extension-changed", "info none none none none")],
    ),
    (
        lambda specs: specs["v1"]["servers"][0].update(url="https://old.example.com"),
        [("server-changed", "none breaking breaking warning none")],
    ),
    (header, [("request-parameter-added", "info none none none none")]),
    (signed_webhook, [("response-header-added", "info none none none none")]),
    (paged_story, [("paging-parameter-added", "warning none warning none none")]),
    (
        lambda specs: call(specs, MEDIA, "get")["parameters"][0].update({"in": "header"}),
        [("request-parameter-moved", "breaking none none none none")],
    ),
    (
        lambda specs: rename(
            call(specs, CREATE_MEDIA, "post")["requestBody"]["content"], "application/json", "text/json"
        ),
        [
            ("request-media-type-removed", "breaking none breaking none none"),
            ("request-media-type-added", "info none none none none"),
        ],
    ),
    (other_path_parameter, [("request-parameter-renamed", "breaking none none none none")]),
    (
        other_path_and_id,
        [
            ("operation-path-changed", "warning none breaking none breaking"),
            ("operation-id-changed", "breaking none none none none"),
        ],
    ),
    (
        lambda specs: rename(specs["v2"]["webhooks"], "story", "story.finished"),
        [("webhook-renamed", "info none none none none")],
    ),
    (
        lambda specs: specs["v2"]["paths"][MEDIA].pop("get"),
        [("operation-removed", "breaking none breaking breaking none")],
    ),
    (
        lambda specs: call(specs, STORY, "get").update(deprecated=True),
        [("operation-deprecated", "warning none warning warning none")],
    ),
    (
        lambda specs: properties(specs, "v2", "Story")["all_medias"].update(deprecated=True),
        [("response-property-deprecated", "info none warning warning none")],
    ),
    (
        lambda specs: properties(specs, "v2", "Story")["is_transition"].update(deprecated=True),
        [("response-property-deprecated", "info none warning none none")],
    ),
    (
        lambda specs: properties(specs, "v2", "Scene")["name"].update(deprecated=True),  # in requests, too
        [
            ("response-property-deprecated", "info none warning none none"),
            ("property-deprecated", "warning none warning none none"),
        ],
    ),
    (
        lambda specs: schemas(specs, "v2")["Media"]["required"].remove("id"),
        [("response-property-became-optional", "breaking none breaking breaking none")],
    ),
    (
        lambda specs: properties(specs, "v2", "Media")["id"].update(type=["string", "null"]),
        [
            ("response-required-property-became-nullable", "breaking none breaking breaking none"),
            ("response-property-became-nullable", "warning none none none none"),  # of a partial media
        ],
    ),
    (
        lambda specs: properties(specs, "v2", "Media")["version"].update(type="integer"),  # jobs don't read it
        [("response-property-type-changed", "breaking none breaking none none")],
    ),
    (
        lambda specs: properties(specs, "v2", "Story")["all_medias"]["anyOf"][0].update(items={"type": "string"}),
        [("response-property-type-changed", "breaking none breaking breaking none")],
    ),
    (
        lambda specs: properties(specs, "v2", "Media")["result"]["anyOf"][0]["items"]["anyOf"].append(
            {"$ref": "#/components/schemas/Asset"}
        ),
        [("response-alternative-added", "warning none warning warning none")],
    ),
    (
        lambda specs: rename(call(specs, "/media", "post", "v1")["responses"], "200", "202"),
        [("response-success-status-changed", "none breaking warning none none")],
    ),
    (last_success, [("status-removed", "warning none breaking breaking none")]),
    (one_failure_less, [("status-removed", "warning none none info none")]),
    (
        lambda specs: [
            properties(specs, "v2", "CreateMediaRequest")["duration"].pop("x-default"),
            properties(specs, "v2", "CreateMediaRequest")["duration"].update(description="Length in seconds."),
        ],
        [("default-removed", "warning none warning none warning")],
    ),
    (
        lambda specs: prices(specs, MEDIA, "put")["free"].remove("rating"),
        [("price-changed", "warning none none none breaking")],
    ),
    (
        lambda specs: prices(specs, MEDIA, "put")["free"].append("prompt"),
        [("price-changed", "warning none none none warning")],
    ),
    (
        lambda specs: prices(specs, CREATE_MEDIA, "post")["seconds"].append("loop"),
        [("price-changed", "warning none none none breaking")],
    ),
    (
        lambda specs: schemas(specs, "v2")["VideoTool"]["x-price"]["notes"].update(Vidu="it is 10"),
        [("price-text-changed", "warning none none none warning")],
    ),
    (
        lambda specs: properties(specs, "v2", "CreateMediaRequest")["duration"].update(type="number"),
        [("request-property-type-widened", "info none none none warning")],
    ),
    (priced_tool, [("enum-value-added", "info none none none info")]),
    (
        lambda specs: schemas(specs, "v2")["CreateMediaRequest"].update(required=["pipeline_mode"]),
        [("request-property-became-required", "breaking none breaking none none")],
    ),
]


@pytest.mark.parametrize(("edit", "expected"), sampled(TABLE, 5))
def test_a_change_is_judged_for_each_audience(edit: Edit, expected: list[tuple[str, str]]) -> None:
    assert sorted(noticed(edit)) == sorted(expected)


# The words


def report(edit: Edit) -> str:
    return as_text(Report("old", "new", "1.2.3", changed(edit)))


def deprecated_field(specs: Specs) -> None:
    field = properties(specs, "v2", "CreateMediaRequest")["loop"]
    field.update({"deprecated": True, "x-replaced-by": "quantity", "x-sunset": "2027-06-30"})


def null_default(specs: Specs) -> None:
    properties(specs, "v2", "MediaAudioOption")["narration"]["x-default"] = ""


def nested(specs: Specs) -> None:
    fields = properties(specs, "v2", "IdeaToVideoRequest")
    inner = {"type": "object", "properties": {"aspect_ratio": fields.pop("aspect_ratio")}}
    fields["format"] = {**inner, "description": "How it looks."}


def beside_the_body(specs: Specs) -> None:
    field = properties(specs, "v2", "CreateMediaRequest").pop("webhook_url")
    parameter = {"name": "webhook_url", "in": "query", "schema": {"type": "string"}}
    call(specs, CREATE_MEDIA, "post")["parameters"] = [{**parameter, "description": field["description"]}]


SAID: list[tuple[Edit, list[str], list[str]]] = [
    (
        deprecated_field,
        ["- Deprecate `loop` on `CreateMediaRequest`; use `quantity`", "Change the sunset date of `loop` on"],
        ["x-replaced-by", "from nothing"],
    ),
    (null_default, ['from `null` to `""`'], ["nothing", "None"]),
    (
        lambda specs: properties(specs, "v2", "StoryAudioOption")["has_narration"].update({"x-default": False}),
        ["from `true` to `false`"],
        ["True", "False"],
    ),
    (
        bearer,
        ["`POST /v2/story/{story_id}/scenes` and 8 more", "compat/vimmerse/_http/__init__.py:"],
        ["securitySchemes of v2: None"],
    ),
    (
        lambda specs: schemas(specs, "v2")["IdeaToVideoRequest"].update(additionalProperties=False),
        ["Change the limits of `IdeaToVideoRequest` from no"],
        ["on `IdeaToVideoRequest`"],
    ),
    (
        lambda specs: call(specs, STORY, "get").update({"operationId": "read_story", "x-method": "get"}),
        ["compat/vimmerse/jobs/waiting.py:18: names `get_story`"],
        ["names ``", "have ``"],
    ),
    (
        lambda specs: properties(specs, "v2", "Media").pop("media_items"),  # a response: no rule sends it
        ["response_fields.py:"],
        ["sends `media_items`"],
    ),
    (
        lambda specs: properties(specs, "v2", "IdeaToVideoRequest")["title"].update(maxLength=80),
        ["the rule of v1's `title` sends `title`"],
        [],
    ),
    (
        lambda specs: schemas(specs, "v2")["CreateMediaRequest"].update(required=["prompt"]),
        ["these v1 calls are sent without it: POST /media without prompt"],
        [],
    ),
    (
        lambda specs: properties(specs, "v2", "Media")["result"]["anyOf"][0]["items"]["anyOf"].append(
            {"$ref": "#/components/schemas/Asset"}
        ),
        ["- Add support for `Asset` on `Media.result` and `PartialMedia.result`"],
        [],
    ),
    (nested, ["it may have moved to `format.aspect_ratio` of IdeaToVideoRequest"], []),
    (beside_the_body, ["it may have moved to `webhook_url` of POST /v2/media"], []),
    (
        lambda specs: properties(specs, "v2", "Media").pop("version"),
        [],
        ["vimmerse.jobs reads it"],  # the word is in its docstrings
    ),
]


@pytest.mark.parametrize(("edit", "said", "unsaid"), sampled(SAID, 4, row=1))
def test_a_report_says_what_has_changed(edit: Edit, said: list[str], unsaid: list[str]) -> None:
    text = report(edit)
    assert [each for each in said if each not in text] == [], text
    assert [each for each in unsaid if each in text] == [], text
