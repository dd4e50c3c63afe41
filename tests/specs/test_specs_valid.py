"""Both specs are valid OpenAPI and follow the conventions that the generator and the compat layer need."""

from __future__ import annotations

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.specs.rules import RULES, Rule
from tests.specs.spec import VERSIONS, load, none_left, operations, resolve, same_path

# The calls of both versions. Each has a table of rules, a client method or an emulator route.
CALLS = {
    "v1": {
        "POST /story/idea-2-video",
        "POST /story/url-2-video",
        "POST /story/images-2-video",
        "POST /story",
        "POST /story/{}/elements",
        "POST /story/{}/scenes",
        "POST /story/{}/videos",
        "POST /story/{}/concat",
        "GET /story/{}",
        "PUT /story/{}",
        "DELETE /story/{}",
        "POST /media",
        "POST /media/upload",
        "POST /media/prompt",
        "GET /media/{}",
        "PUT /media/{}",
        "PUT /media/{}/edit",
        "GET /media/{}/processing-status",
        "GET /media/{}/download",
        "POST /media/{}/process",
    },
    "v2": {
        "POST /v2/story/idea-2-video",
        "POST /v2/story/url-2-video",
        "POST /v2/story/images-2-video",
        "POST /v2/story",
        "POST /v2/story/{}/elements",
        "POST /v2/story/{}/scenes",
        "POST /v2/story/{}/videos",
        "POST /v2/story/{}/concat",
        "GET /v2/story/{}",
        "DELETE /v2/story/{}",
        "POST /v2/media",
        "GET /v2/media/{}",
        "PUT /v2/media/{}",
        "POST /v2/image",
    },
}


@pytest.mark.parametrize("version", VERSIONS)
def test_is_valid_openapi(version: str) -> None:
    spec = load(version)
    assert re.fullmatch(r"3\.1\.\d+", spec["openapi"])
    faults = [
        f"{'/'.join(map(str, fault.absolute_path))}: {fault.message}"
        for fault in OpenAPIV31SpecValidator(spec).iter_errors()
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("version", VERSIONS)
def test_follows_the_rule(version: str, rule: Rule) -> None:
    none_left(f"openapi/{version}.yaml: {fault}" for fault in rule(load(version)))


@pytest.mark.parametrize("version", VERSIONS)
def test_has_every_call(version: str) -> None:
    calls = {same_path(each.key) for each in operations(load(version)) if not each.is_webhook}
    none_left(
        [
            f"{version}.yaml has no {call}; declare it, or remove it from CALLS"
            for call in sorted(CALLS[version] - calls)
        ]
        + [
            f"{version}.yaml has {call}, which CALLS has not; CONTRIBUTING.md, under Add an operation, lists what it "
            "needs: a row in tests/resources/calls.py, a route of the emulator, a price, a recording"
            for call in sorted(calls - CALLS[version])
        ]
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_the_key_is_sent_in_its_header(version: str) -> None:
    spec = load(version)
    for operation in operations(spec):
        for requirement in operation.node["security"]:
            for name in requirement:
                scheme = resolve(spec, spec["components"]["securitySchemes"][name])
                sent = [scheme.get(word) for word in ("type", "in", "name")]
                assert sent == ["apiKey", "header", "X-Api-Key"], (
                    f"openapi/{version}.yaml: {operation.key} needs {name}, and the clients and the compat layer "
                    "send X-Api-Key; change API_KEY_HEADER in compat/vimmerse/_http and KEY_HEADER in "
                    "compat/vimmerse/compat/flows/context.py, or the spec"
                )


def test_every_field_of_a_media_can_be_requested() -> None:
    schemas = load("v2")["components"]["schemas"]
    assert schemas["MediaField"]["enum"] == list(schemas["Media"]["properties"]), (
        "keep MediaField and the properties of Media the same, in the same order"
    )


def test_fields_are_sent_comma_separated() -> None:
    spec = load("v2")
    (fields,) = (
        each
        for operation in operations(spec)
        if operation.key == "GET /v2/media/{media_id}"
        for each in operation.parameters
        if each["name"] == "fields"
    )
    assert (fields["in"], fields["style"], fields["explode"]) == ("query", "form", False)
