"""Every operation of both specs is served, and its responses are valid by the specs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib import resources
from typing import Any

import httpx
import jsonschema_rs
import pytest
from vimmerse.emulator import AT_ONCE, Emulator, Never
from vimmerse.emulator.app import ROUTES
from vimmerse.emulator.spec import Schema, Spec

from .conftest import KEY

VERSIONS = ("v1", "v2")
PNG = b"\x89PNG\r\n\x1a\n not a whole picture"


def document(version: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(
        resources.files(f"vimmerse.{version}").joinpath("openapi.json").read_text("utf-8")
    )
    return document


DOCUMENTS = {version: document(version) for version in VERSIONS}
OPERATIONS = sorted(
    (method.upper(), path, version)
    for version, spec in DOCUMENTS.items()
    for path, item in spec["paths"].items()
    for method in item
    if method in ("get", "put", "post", "delete", "patch")
)


def test_every_operation_has_a_route_and_no_route_is_unknown_to_the_specs():
    served = {(method, path, version) for version, table in ROUTES.items() for method, path in table}
    assert served == set(OPERATIONS)


def test_the_readme_lists_exactly_what_is_served():
    text = resources.files("vimmerse.emulator").joinpath("README.md").read_text("utf-8")
    listed = set(re.findall(r"^\| `(GET|PUT|POST|DELETE|PATCH) (/\S*)` \|", text, re.MULTILINE))
    assert listed == {(method, path) for method, path, _ in OPERATIONS}


@pytest.mark.parametrize(
    ("path", "version"), [("/openapi.json", "v2"), ("/v2/openapi.json", "v2"), ("/v1/openapi.json", "v1")]
)
def test_the_documents_are_served_without_a_key(emulator: Emulator, path: str, version: str):
    response = httpx.get(f"{emulator.base_url}{path}")
    served = response.json()
    assert response.headers["content-type"] == "application/json"
    assert httpx.URL(str(response.url)).join(served["servers"][0]["url"]) == f"{emulator.base_url}/"
    assert {**served, "servers": DOCUMENTS[version]["servers"]} == DOCUMENTS[version]
    assert httpx.head(f"{emulator.base_url}{path}").status_code == 200
    assert httpx.post(f"{emulator.base_url}{path}").status_code == 405


# ---- one good call of every operation


def story(version: str, client: httpx.Client, *, videos: bool = False) -> str:
    """The id of a story with scenes, and with videos if requested."""
    story_id: str
    if version == "v2":
        story_id = client.post("/v2/story", json={"idea": "A fox learns to sail"}).json()["id"]
        client.post(f"/v2/story/{story_id}/scenes", json={}).raise_for_status()
        if videos:
            client.post(f"/v2/story/{story_id}/videos", json={}).raise_for_status()
    else:
        story_id = client.post("/story", data={"idea": "A fox learns to sail"}).json()["data"]["id"]
        client.post(f"/story/{story_id}/scenes").raise_for_status()
        if videos:
            client.post(f"/story/{story_id}/videos").raise_for_status()
    return story_id


def media(version: str, client: httpx.Client) -> str:
    """The id of a media."""
    if version == "v2":
        created = client.post("/v2/media", json={"prompt": "Rain on a window"}).json()
    else:
        created = client.post("/media", data={"prompt": "Rain on a window"}).json()["data"]
    return str(created["id"])


CALLS: dict[tuple[str, str], Callable[[httpx.Client], dict[str, Any]]] = {
    ("POST", "/v2/story/idea-2-video"): lambda client: {"json": {"idea": "Cats"}},
    ("POST", "/v2/story/url-2-video"): lambda client: {"json": {"idea": "https://example.com/"}},
    ("POST", "/v2/story/images-2-video"): lambda client: {"json": {"image_urls": ["https://example.com/1.png"]}},
    ("POST", "/v2/story"): lambda client: {"json": {"idea": "Cats"}},
    ("POST", "/v2/story/{story_id}/elements"): lambda client: {"json": {"image_tool": "Seedream"}},
    ("POST", "/v2/story/{story_id}/scenes"): lambda client: {"json": {"audio_option": {"narrator": "Rachel"}}},
    ("POST", "/v2/story/{story_id}/videos"): lambda client: {"json": {"title": "Film"}},
    ("POST", "/v2/story/{story_id}/concat"): lambda client: {"json": {}},
    ("GET", "/v2/story/{story_id}"): lambda client: {},
    ("DELETE", "/v2/story/{story_id}"): lambda client: {},
    ("POST", "/v2/media"): lambda client: {"json": {"prompt": "Rain"}},
    ("GET", "/v2/media/{media_id}"): lambda client: {},
    ("PUT", "/v2/media/{media_id}"): lambda client: {"json": {"title": "New"}},
    ("POST", "/v2/image"): lambda client: {"files": {"image_file": ("a.png", PNG, "image/png")}},
    ("POST", "/story/idea-2-video"): lambda client: {"data": {"idea": "Cats", "scene_count": "2"}},
    ("POST", "/story/url-2-video"): lambda client: {"data": {"idea": "https://example.com/"}},
    ("POST", "/story/images-2-video"): lambda client: {"data": {"image_urls": ["https://example.com/1.png"]}},
    ("POST", "/story"): lambda client: {"data": {"idea": "Cats"}},
    ("POST", "/story/{story_id}/elements"): lambda client: {"data": {"option": "FluxKontextPro", "seed": "4669"}},
    ("POST", "/story/{story_id}/scenes"): lambda client: {"data": {"narrator": "Aria"}},
    ("POST", "/story/{story_id}/videos"): lambda client: {"data": {"motion_type": "KlingAI", "duration": "7"}},
    ("POST", "/story/{story_id}/concat"): lambda client: {},
    ("GET", "/story/{story_id}"): lambda client: {},
    ("PUT", "/story/{story_id}"): lambda client: {"data": {"title": "New"}},
    ("DELETE", "/story/{story_id}"): lambda client: {},
    ("POST", "/media"): lambda client: {"data": {"prompt": "Rain", "quantity": "2", "sound_effects": "Yes"}},
    ("POST", "/media/upload"): lambda client: {
        "files": [("image", ("a.png", PNG, "image/png"))],
        "data": {"data": json.dumps({"pose_preset": [{"MotionType": "Auto", "Params": "Prompt=|Quantity=2"}]})},
    },
    ("POST", "/media/prompt"): lambda client: {
        "json": {"pose_preset": {"MotionType": "Auto", "Params": "Prompt=Rain"}, "primary_user_id": None}
    },
    ("GET", "/media/{media_id}"): lambda client: {},
    ("PUT", "/media/{media_id}"): lambda client: {"json": {"prompt": "Snow"}},
    ("PUT", "/media/{media_id}/edit"): lambda client: {"data": {"rating": "5"}},
    ("GET", "/media/{media_id}/processing-status"): lambda client: {},
    ("GET", "/media/{media_id}/download"): lambda client: {"params": {"object_type": "bullet_video_mp4"}},
    ("POST", "/media/{media_id}/process"): lambda client: {},
}


def response_schema(version: str, method: str, path: str, response: httpx.Response) -> dict[str, Any] | None:
    """The schema of a response, all references still in it; None where it is no JSON."""
    spec = DOCUMENTS[version]
    responses = spec["paths"][path][method.lower()]["responses"]
    definition = responses[str(response.status_code)]
    while "$ref" in definition:
        definition = spec["components"]["responses"][definition["$ref"].rpartition("/")[2]]
    content = definition["content"][response.headers["content-type"]]
    if response.headers["content-type"] != "application/json":
        return None
    return {**content["schema"], "components": spec["components"]}


def check(version: str, method: str, path: str, response: httpx.Response) -> None:
    schema = response_schema(version, method, path, response)
    if schema is not None:
        jsonschema_rs.Draft202012Validator(schema).validate(response.json())


@pytest.mark.parametrize("state", ["new", "done"])
@pytest.mark.parametrize(("method", "path", "version"), OPERATIONS)
def test_a_valid_call_gets_the_response_of_the_spec(method: str, path: str, version: str, state: str):
    transition = AT_ONCE if state == "done" or path.endswith(("/concat", "/download")) else Never()
    with (
        Emulator(transition=transition) as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client,
    ):
        address = path
        if "{story_id}" in path:
            address = path.format(story_id=story(version, client, videos=not path.endswith("/videos")))
        elif "{media_id}" in path:
            address = path.format(media_id=media(version, client))
        response = client.request(method, address, **CALLS[method, path](client))
        assert response.status_code == 200, response.text
        check(version, method, path, response)
        if response.headers["content-type"] == "application/json":
            assert ("data" in response.json()) == (version == "v1")
        assert emulator.requests[-1].operation == f"{method} {path}"
        assert emulator.requests[-1].status == 200


def test_every_operation_is_called_above():
    assert set(CALLS) == {(method, path) for method, path, _ in OPERATIONS}


@pytest.mark.parametrize(("method", "path", "version"), OPERATIONS)
def test_errors_have_the_shape_of_the_spec(method: str, path: str, version: str):
    responses = DOCUMENTS[version]["paths"][path][method.lower()]["responses"]
    with (
        Emulator() as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client,
    ):
        address = path.format(story_id="none", media_id="none")
        good = CALLS[method, path](client)
        if "401" in responses:
            response = client.request(method, address, **good, headers={"X-Api-Key": ""})
            assert response.status_code == 401
            check(version, method, path, response)
            assert response.json()["message" if version == "v1" else "code"] == "UNAUTHORIZED"
        if "{" in path:
            response = client.request(method, address, **good)
            assert response.status_code == 404
            assert ("code" in response.json()) == (version == "v2")
            check(version, method, path, response)
            code = "MEDIA_NOT_FOUND"
            if "story_id" in path:
                code = "NOT_FOUND" if version == "v1" else "STORY_NOT_FOUND"
            assert response.json()["message" if version == "v1" else "code"] == code


@pytest.mark.parametrize(("method", "path", "version"), [one for one in OPERATIONS if one[0] == "POST"])
def test_a_lack_of_credits_gets_the_response_of_the_spec(method: str, path: str, version: str):
    with (
        Emulator(transition=AT_ONCE) as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client,
    ):
        address = path
        if "{story_id}" in path:
            address = path.format(story_id=story(version, client, videos=path.endswith("/concat")))
        elif "{media_id}" in path:
            address = path.format(media_id=media(version, client))
        before = emulator.jobs
        emulator.credits = 0
        response = client.request(method, address, **CALLS[method, path](client))
        if path == "/v2/image":
            assert response.status_code == 200  # an upload is no generation
            return
        assert response.status_code == 402, response.text
        check(version, method, path, response)
        assert response.json()["message" if version == "v1" else "code"] == "INSUFFICIENT_CREDIT"
        assert emulator.jobs == before


def test_a_media_of_v2_has_exactly_the_fields_of_the_spec(client: httpx.Client):
    fields = DOCUMENTS["v2"]["components"]["schemas"]["MediaField"]["enum"]
    assert sorted(client.post("/v2/media", json={"prompt": "Rain"}).json()) == sorted(fields)


def test_a_finished_story_has_every_field_of_the_spec():
    with (
        Emulator(transition=AT_ONCE) as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client,
    ):
        new = client.post("/v2/story/idea-2-video", json={"idea": "Cats"}).json()
        assert sorted(new) == sorted(DOCUMENTS["v2"]["components"]["schemas"]["Story"]["properties"])
        old = client.post("/story/idea-2-video", data={"idea": "Cats"}).json()["data"]
        listed = set(DOCUMENTS["v1"]["components"]["schemas"]["Story"]["properties"])
        assert set(old) == listed - {"all_medias"}  # which is v2's name for medias
        clip = client.post("/media", data={"prompt": "Rain"}).json()["data"]
        listed = set(DOCUMENTS["v1"]["components"]["schemas"]["Media"]["properties"])
        assert set(clip) == listed - {"media_items"}  # v2's name for file_map


@pytest.mark.parametrize("outcome", ["success", "failed", "cancelled"])
def test_statuses_are_those_of_the_specs(outcome: str):
    """The specs' lists are open, so validation alone would let any word pass."""
    seen: dict[str, set[str]] = {}
    with (
        Emulator() as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client,
    ):
        emulator.next_job(outcome, times=4)
        for version, prefix, send in (("v1", "", "data"), ("v2", "/v2", "json")):
            for kind, path, name in (
                ("story", "story/idea-2-video", "status"),
                ("media", "media", "processing_status"),
            ):
                body: dict[str, Any] = {send: {"idea": "x", "prompt": "x"}}
                created = client.post(f"{prefix}/{path}", **body).json()
                address = f"{prefix}/{kind}/{created.get('data', created)['id']}"
                responses = [created, client.get(address).json(), client.get(address).json()]
                seen[f"{version} {kind.title()}Status"] = {
                    response.get("data", response)[name] for response in responses
                }
    for place, words in seen.items():
        version, _, schema = place.partition(" ")
        assert len(words) == 3
        assert words <= set(DOCUMENTS[version]["components"]["schemas"][schema]["enum"])


def test_the_part_of_a_schema_at_a_path():
    schema = Schema({"anyOf": [{"type": "string"}, {"minimum": 1}]})
    assert schema.at(["anyOf", 1, "minimum"]) == 1
    assert schema.at(["anyOf", 0]) == {"type": "string"}
    assert schema.at([]) is schema.definition


def test_a_query_parameter_that_is_required():
    query = {"name": "page", "in": "query", "required": True, "schema": {"type": "integer"}}
    spec = Spec("v2", {"paths": {"/things": {"get": {"parameters": [query]}}}})
    assert spec.operation("GET", "/things").query.definition["required"] == ["page"]


def test_a_reference_to_itself_is_refused():
    reference = {"$ref": "#/components/schemas/A"}
    body = {"content": {"application/json": {"schema": reference}}}
    paths = {"/things": {"post": {"requestBody": body}}}
    with pytest.raises(ValueError, match=r"#/components/schemas/A in openapi\.json refers to itself"):
        Spec("v2", {"paths": paths, "components": {"schemas": {"A": reference}}}).operation("POST", "/things")
