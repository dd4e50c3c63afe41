"""Which requests are rejected, with errors in FastAPI's format."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
from dataclasses import replace
from typing import Any

import httpx
import pytest
from vimmerse.emulator import Emulator, Faults, Settings
from vimmerse.emulator.app import ApiEndpoint, RecordingApp, Router
from vimmerse.emulator.errors import InvalidRequest
from vimmerse.emulator.spec import Schema, Spec, load
from vimmerse.emulator.store import Store
from vimmerse.emulator.validation import check, coerce, loosen
from vimmerse.emulator.values import JsonObject, as_bool

from .conftest import KEY


def only_error(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 422, response.text
    (error,) = response.json()["detail"]
    assert set(error) <= {"type", "loc", "msg", "input", "ctx"}
    return dict(error)


@pytest.mark.parametrize(
    ("path", "body", "kind", "loc"),
    [
        ("/v2/media", {"prompt": "x", "duration": 11}, "less_than_equal", ["body", "duration"]),
        ("/v2/media", {"prompt": "x", "quantity": 0}, "greater_than_equal", ["body", "quantity"]),
        ("/v2/media", {"prompt": "x", "duration": "5"}, "int_parsing", ["body", "duration"]),
        ("/v2/media", {"prompt": "x", "duration": 5.5}, "int_type", ["body", "duration"]),
        ("/v2/media", {"prompt": "x", "duration": None}, "int_type", ["body", "duration"]),
        ("/v2/media", {"prompt": 5}, "string_type", ["body", "prompt"]),
        ("/v2/media", {"prompt": "x", "media_items": "x"}, "list_type", ["body", "media_items"]),
        ("/v2/media", {"prompt": "x", "audio_option": "{}"}, "dict_type", ["body", "audio_option"]),
        (
            "/v2/media",
            {"prompt": "x", "audio_option": {"native_audio": "Yes"}},
            "bool_parsing",
            ["body", "audio_option", "native_audio"],
        ),
        (
            "/v2/media",
            {"prompt": "x", "audio_option": {"narrator": 5}},
            "string_type",
            ["body", "audio_option", "narrator"],
        ),
        ("/v2/media", {"title": "x"}, "value_error", ["body"]),
        ("/v2/media", {"prompt": " ", "media_items": []}, "value_error", ["body"]),
        ("/v2/media", {"prompt": "x", "aspect_ratio": "2:1"}, "literal_error", ["body", "aspect_ratio"]),
        ("/v2/media", {"prompt": "x", "aspect_ratio": 5}, "string_type", ["body", "aspect_ratio"]),
        ("/v2/media", {"media_items": [{"type": "image"}]}, "missing", ["body", "media_items", 0, "url"]),
        ("/v2/story/idea-2-video", {}, "missing", ["body", "idea"]),
        ("/v2/story/idea-2-video", {"idea": "x", "scene_duration": 7}, "multiple_of", ["body", "scene_duration"]),
        ("/v2/story/idea-2-video", {"idea": "x", "language": "Klingon"}, "literal_error", ["body", "language"]),
        (
            "/v2/story/idea-2-video",
            {"idea": "x", "elements": {"characters": [{"name": "A"}]}},
            "missing",
            ["body", "elements", "characters", 0, "description"],
        ),
        ("/v2/story/images-2-video", {"image_urls": []}, "too_short", ["body", "image_urls"]),
        ("/v2/story/images-2-video", {"image_urls": [1]}, "string_type", ["body", "image_urls", 0]),
    ],
)
def test_v2_rejects(emulator: Emulator, client: httpx.Client, path: str, body: object, kind: str, loc: list[object]):
    error = only_error(client.post(path, json=body))
    assert (error["type"], error["loc"]) == (kind, loc)
    assert emulator.jobs == ()


@pytest.mark.parametrize(
    ("path", "form", "kind", "loc"),
    [
        ("/media", {"prompt": "x", "duration": "eleven"}, "int_parsing", ["body", "duration"]),
        ("/media", {"prompt": "x", "duration": "11"}, "less_than_equal", ["body", "duration"]),
        ("/media", {"prompt": "x", "native_audio": "perhaps"}, "bool_parsing", ["body", "native_audio"]),
        ("/media", {"prompt": "x", "aspect_ratio": "2:1"}, "literal_error", ["body", "aspect_ratio"]),
        ("/media", {"title": "x"}, "value_error", ["body"]),
        ("/story/idea-2-video", {"scene_duration": "7"}, "multiple_of", ["body", "scene_duration"]),
        ("/media", {"prompt": "x", "audio_option": "{"}, "json_invalid", ["body", "audio_option"]),
        ("/media", {"prompt": "x", "audio_option": "[]"}, "dict_type", ["body", "audio_option"]),
        (
            "/media",
            {"prompt": "x", "audio_option": '{"native_audio": "perhaps"}'},
            "bool_parsing",
            ["body", "audio_option", "native_audio"],
        ),
        ("/media", {"media_items": "{}"}, "list_type", ["body", "media_items"]),
        ("/media", {"media_items": "[5]"}, "dict_type", ["body", "media_items", 0]),
        ("/story/images-2-video", {"idea": "x"}, "missing", ["body", "image_urls"]),
        ("/story/idea-2-video", {"idea": "x", "loop": "7"}, "less_than_equal", ["body", "loop"]),
    ],
)
def test_v1_rejects(emulator: Emulator, client: httpx.Client, path: str, form: Any, kind: str, loc: list[object]):
    error = only_error(client.post(path, data=form))
    assert (error["type"], error["loc"]) == (kind, loc)
    assert emulator.jobs == ()


def test_every_error_is_listed(client: httpx.Client):
    response = client.post("/v2/media", json={"prompt": 1, "duration": 0, "loop": 9, "quantity": "x"})
    places = sorted(error["loc"][1] for error in response.json()["detail"])
    assert places == ["duration", "loop", "prompt", "quantity"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v2/story/idea-2-video", {"idea": "  "}),
        ("/v2/story/idea-2-video", {"idea": "x", "elements": {"scenes": [{"name": "s"}]}}),
        ("/v2/story", {"title": "x"}),
        ("/v2/story/images-2-video", {"idea": "x", "image_urls": [""]}),
    ],
)
def test_a_call_that_makes_no_sense_is_a_bad_request(client: httpx.Client, path: str, body: object):
    response = client.post(path, json=body)
    assert (response.status_code, response.json()["code"]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("path", ["/story/idea-2-video", "/story/url-2-video", "/story"])
@pytest.mark.parametrize("idea", [{}, {"idea": ""}, {"idea": "  "}])
def test_v1_accepts_an_empty_idea(client: httpx.Client, path: str, idea: dict[str, str]):
    response = client.post(path, data={"title": "x", **idea})
    assert response.status_code == 200, response.text
    assert response.json()["data"]["idea"] == ""


def test_v1_needs_an_image_where_it_starts_from_images(client: httpx.Client):
    response = client.post("/story/images-2-video", data={"idea": "x", "image_urls": [""]})
    assert (response.status_code, response.json()) == (400, {"message": "BAD_REQUEST"})


def test_an_upload_without_an_image(client: httpx.Client):
    response = client.post("/media/upload", files={"data": (None, "{}")})
    assert (response.status_code, response.json()) == (400, {"message": "BAD_REQUEST"})


def test_the_position_of_a_json_error_is_reported(client: httpx.Client):
    error = only_error(client.post("/v2/media", content=b'{"prompt": }', headers={"Content-Type": "application/json"}))
    assert (error["type"], error["loc"], error["ctx"]) == ("json_invalid", ["body", 11], {"error": "Expecting value"})


@pytest.mark.parametrize("content", [b"null", b"[]", b'"text"', b"5"])
def test_json_that_is_not_an_object(client: httpx.Client, content: bytes):
    error = only_error(client.post("/v2/media", content=content, headers={"Content-Type": "application/json"}))
    assert (error["type"], error["loc"]) == ("model_attributes_type", ["body"])


def test_json_without_a_content_type_is_json(client: httpx.Client):
    request = client.build_request("POST", "/v2/media", content=b'{"prompt": "x"}')
    assert "content-type" not in request.headers
    assert client.send(request).status_code == 200


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_v2_accepts_only_json(client: httpx.Client, content_type: str):
    response = client.post("/v2/media", content=b'{"prompt": "x"}', headers={"Content-Type": content_type})
    error = only_error(response)
    assert error["input"] == '{"prompt": "x"}'


def test_no_body_at_all(client: httpx.Client):
    assert only_error(client.post("/v2/media"))["loc"] == ["body"]
    assert only_error(client.put("/v2/media/x"))["loc"] == ["body"]
    assert only_error(client.post("/v2/image"))["loc"] == ["body", "image_file"]


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=abc", b"no boundary here"),
        ("multipart/form-data; boundary=abc", b'--abc\r\nContent-Disposition: form-data; name="image_file"\r\n\r\ncut'),
        (
            "multipart/form-data; boundary=abc",
            b'--abc\r\nContent-Disposition: form-data; name="image_file"; filename="a.png"\r\n\r\ncut',
        ),
    ],
)
def test_a_broken_multipart_body(client: httpx.Client, content_type: str, content: bytes):
    response = client.post("/v2/image", content=content, headers={"Content-Type": content_type})
    assert response.status_code == 400
    assert "multipart" in response.json()["detail"] or "parsing the body" in response.json()["detail"]
    gc.collect()  # a file that was left open would be reported here


def test_a_text_field_is_not_a_file(client: httpx.Client):
    response = client.post("/v2/image", files={"image_file": (None, "text")})
    assert only_error(response)["loc"] == ["body", "image_file"]


def test_unknown_fields_are_ignored(emulator: Emulator, client: httpx.Client):
    assert client.post("/v2/media", json={"prompt": "x", "sparkle": {"a": 1}}).status_code == 200
    assert client.post("/media", data={"prompt": "x", "sparkle": "1"}).status_code == 200
    media_id = client.post("/v2/media", json={"prompt": "x"}).json()["id"]
    client.put(f"/v2/media/{media_id}", json={"sparkle": True})
    assert len(emulator.jobs) == 3  # an unknown field is no reason to generate again


def test_open_lists_can_be_opened_and_tools_closed():
    with (
        Emulator(strict_values=False, strict_tools=True) as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client,
    ):
        good = {"prompt": "x", "aspect_ratio": "2:1", "audio_option": {"narrator": "Bob"}}
        assert client.post("/v2/media", json=good).status_code == 200
        error = only_error(client.post("/v2/media", json={"prompt": "x", "video_tool": "RunwayML"}))
        assert error["loc"] == ["body", "video_tool"]
        assert client.post("/media", data={"prompt": "x", "motion_type": "RunwayML"}).status_code == 200
        assert client.post("/media", data={"prompt": "x", "motion_type": "Nonsense"}).status_code == 422


def test_a_key_that_strayed_into_the_body_is_not_echoed(client: httpx.Client):
    for response in (
        client.post("/v2/media", json={"prompt": {"my key": KEY}}),
        client.post("/v2/story/idea-2-video", json={"title": KEY}),
        client.post("/media", data={"duration": KEY}),
        client.post("/media", data={"data": KEY}, headers={"Content-Type": "text/plain"}),
    ):
        assert KEY not in response.text
    assert client.post("/v2/media", json={"prompt": {"my key": KEY}}).json()["detail"][0]["input"] == {
        "my key": "[key]"
    }


def test_long_texts_are_shortened_in_messages(client: httpx.Client):
    error = only_error(client.post("/v2/media", json={"prompt": "x", "duration": "9" * 5000}))
    assert len(error["input"]) == 200


@pytest.mark.parametrize(("text", "expected"), [("True", True), ("yes", True), ("0", False), ("off", False)])
def test_booleans_of_a_form(client: httpx.Client, text: str, expected: bool):
    created = client.post("/media", data={"prompt": "x", "native_audio": text}).json()["data"]
    assert created["submit_params"]["native_audio"] is expected


def test_blank_text_on_a_form_counts_as_absent(client: httpx.Client):
    response = client.post("/media", data={"prompt": "x", "duration": "", "loop": " ", "native_audio": ""})
    assert response.status_code == 422  # a space is no number
    response = client.post("/media", data={"prompt": "x", "duration": "", "native_audio": ""})
    assert "MotionLength=5" in response.json()["data"]["pose_preset"]["Params"]


def test_query_parameters_are_checked(client: httpx.Client):
    error = only_error(client.get("/media/x/download", params={"width": "wide"}))
    assert (error["loc"], error["type"]) == (["query", "width"], "int_parsing")


@pytest.mark.parametrize("path", ["/media", "/story", "/media/upload", "/story/none/videos", "/media/none/edit"])
def test_v1_accepts_json_only_where_it_is_documented(emulator: Emulator, client: httpx.Client, path: str):
    method = "PUT" if path.endswith("/edit") else "POST"
    error = only_error(client.request(method, path, json={"prompt": "x", "idea": "x"}))
    assert (error["type"], error["loc"]) == ("model_attributes_type", ["body"])
    assert emulator.jobs == ()


def test_v1s_json_is_read_like_a_form(client: httpx.Client):
    media_id = client.post("/media", data={"prompt": "x"}).json()["data"]["id"]
    body = {
        "duration": "7",
        "quantity": 2,
        "media_items": [{"type": "image", "url": "https://example.com/a.png"}],
        "audio_option": {"native_audio": True},
        "title": None,
    }
    changed = client.put(f"/media/{media_id}", json=body).json()["data"]
    assert "MotionLength=7" in changed["pose_preset"]["Params"]
    assert changed["submit_params"]["sound_effects"] == "Yes"
    assert changed["file_map"] == [{"FileType": "Texture", "FileName": "a.png"}]


def test_unknown_paths_and_wrong_methods(client: httpx.Client):
    assert (client.get("/v2/nothing").status_code, client.get("/v2/nothing").json()) == (404, {"detail": "Not Found"})
    wrong = client.delete("/v2/media/x")
    assert (wrong.status_code, wrong.json()) == (405, {"detail": "Method Not Allowed"})
    assert "PUT" in wrong.headers["allow"]


def test_the_method_of_the_media_update_is_a_setting():
    with (
        Emulator(media_update_method="PATCH") as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client,
    ):
        media_id = client.post("/v2/media", json={"prompt": "x"}).json()["id"]
        assert client.put(f"/v2/media/{media_id}", json={"title": "y"}).status_code == 405
        assert client.patch(f"/v2/media/{media_id}", json={"title": "y"}).json()["title"] == "y"


def test_which_keys_are_accepted():
    with Emulator(api_keys=["right"]) as emulator, httpx.Client(base_url=emulator.base_url) as strict:
        for key, status in (("right", 404), ("wrong", 401), ("", 401)):
            assert strict.get("/v2/media/x", headers={"X-Api-Key": key}).status_code == status
        assert strict.get("/media/x/processing-status").status_code == 404  # needs no key
        refused = strict.get("/v2/media/x")
        assert refused.json()["code"] == "UNAUTHORIZED"
        assert "right" not in repr(emulator.settings)
    with pytest.raises(TypeError, match="api_keys is a collection"):
        Emulator(api_keys="right")


def test_json_text_of_an_upload_is_checked(client: httpx.Client):
    files = [("image", ("a.png", b"x", "image/png"))]
    response = client.post("/media/upload", files=files, data={"data": json.dumps({"pose_preset": "Auto"})})
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "data", "pose_preset"]


def test_text_that_is_too_long(client: httpx.Client):
    # Without the JSON's end: only its length can be the reason.
    content = b'"' + b"x" * (33 * 1024 * 1024)
    response = client.post("/v2/media", content=content, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("content", [b'{"prompt": "\xff\xfe"}', b"[" * 100_000])
def test_json_that_can_not_be_read_at_all(client: httpx.Client, content: bytes):
    response = client.post("/v2/media", content=content, headers={"Content-Type": "application/json"})
    assert only_error(response)["type"] == "json_invalid"


def test_an_incomplete_request_is_not_carried_out(emulator: Emulator, client: httpx.Client):
    host, port = emulator.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(
            b"POST /media HTTP/1.1\r\nHost: x\r\nX-Api-Key: k\r\nContent-Length: 100\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\nprompt=Rain"
        )
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1000):
            pass
    (request,) = emulator.requests
    assert request.status is None
    assert emulator.jobs == ()


def test_invalid_numbers_of_scenes(client: httpx.Client):
    assert client.post("/story", data={"idea": "x", "scene_count": "0"}).status_code == 400
    assert client.post("/v2/story", json={"idea": "x", "scene_count": 0}).status_code == 422


def response_to(bodies: dict[str, Schema], **request: Any) -> httpx.Response:
    """The response of an operation of v1 that takes such bodies, and repeats the fields that its handler gets."""
    operation = replace(load("v1").operation("POST", "/media"), bodies=bodies, body_required=False)
    store = Store(Settings())
    endpoint = ApiEndpoint(store, lambda: operation, lambda validated: validated.values)
    app = RecordingApp(Router({"/": {"POST": endpoint}}), store, Faults(), lambda record: None)

    async def call() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", headers={"X-Api-Key": KEY}) as client:
            return await client.post("/", **request)

    return asyncio.run(call())


def test_a_body_without_a_schema_is_rejected():
    bodies = {"text/plain": Schema({})}
    assert response_to(bodies).json() == {}
    assert response_to(bodies, json={"a": ["b"]}).status_code == 422


def test_files_come_after_the_text_of_the_same_field():
    """v1 names its uploads in a list: a text there and two files are three entries, and break the limit of two."""
    bodies = {"multipart/form-data": Schema({"properties": {"images": {"type": "array", "maxItems": 2}}})}
    files = [("images", (name, b"x", "image/png")) for name in ("a.png", "b.png")]
    refused = only_error(response_to(bodies, data={"images": "x"}, files=files))
    assert refused["input"] == ["x", "a.png", "b.png"]
    accepted = response_to(bodies, files=files)
    assert (accepted.status_code, accepted.json()) == (200, {})


@pytest.mark.parametrize(
    ("value", "default", "expected"),
    [(1.0, False, True), (0, True, False), ("perhaps", True, True), ("", False, False)],
)
def test_what_counts_as_true(value: object, default: bool, expected: bool):
    assert as_bool(value, default) is expected


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("1e999", "number", "1e999"),
        ("nan", "integer", "nan"),
        ('{"a": 1}', "object", {"a": 1}),
        ("[1", "array", "[1"),
        ("a", "object", "a"),
    ],
)
def test_text_is_converted_to_the_schemas_type(text: str, kind: str, expected: object):
    assert coerce(text, {"type": kind}) == expected


def test_json_values_as_the_text_of_a_form():
    schema = Schema({"properties": {name: {"type": "string"} for name in "abcd"}})
    values: JsonObject = {"a": True, "b": False, "c": 1.5, "d": {"e": []}}
    assert loosen(values, schema) == {"a": "Yes", "b": "No", "c": "1.5", "d": '{"e": []}'}


def test_each_missing_field_is_named_once():
    with pytest.raises(InvalidRequest) as refused:
        check({}, Schema({"type": "object", "required": ["a", "b"]}), ("body",))
    assert [one["loc"] for one in refused.value.errors] == [["body", "a"], ["body", "b"]]


def test_a_closed_list_and_one_that_may_be_null():
    schemas = {
        "Open": {"anyOf": [{"$ref": "#/components/schemas/Size"}, {"type": "null"}]},
        "Size": {"type": "string", "enum": ["S", "M"]},
    }
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Open"}}}}
    spec = Spec("v2", {"paths": {"/things": {"post": {"requestBody": body}}}, "components": {"schemas": schemas}})
    schema = spec.operation("POST", "/things").bodies["application/json"]
    assert schema.definition == {"type": ["string", "null"], "enum": ["S", "M", None]}
    check(None, schema, ("body",))
    with pytest.raises(InvalidRequest) as refused:
        check("L", schema, ("body", "size"))
    assert refused.value.errors[0]["msg"] == "Input should be 'S' or 'M'"
    assert refused.value.errors[0]["ctx"] == {"expected": "'S' or 'M'"}


def test_blank_json_text_counts_as_absent(client: httpx.Client):
    story = client.post("/story", data={"idea": "Cats", "elements": " "})
    assert (story.status_code, len(story.json()["data"]["storyboard"]["characters"])) == (200, 2)
    path = f"/story/{story.json()['data']['id']}"
    scenes = client.post(f"{path}/scenes").json()["data"]["scenes"]
    videos = client.post(f"{path}/videos", data={"scenes": "\n"})
    assert (videos.status_code, videos.json()["data"]["scenes"]) == (200, scenes)


def test_strict_field_takes_a_listed_value_blank_text_or_null():
    size = {"anyOf": [{"type": "string", "enum": ["S", "M"]}, {"type": "string"}, {"type": "null"}]}
    properties = {"size": size, "other": size, "name": {"type": "string"}}
    body = {"content": {"application/json": {"schema": {"type": "object", "properties": properties}}}}
    spec = Spec("v2", {"paths": {"/things": {"post": {"requestBody": body}}}}, frozenset({"size", "name"}))
    schema = spec.operation("POST", "/things").bodies["application/json"]
    for value in ("S", "", None):
        check({"size": value, "other": "XL", "name": "any"}, schema, ("body",))
    with pytest.raises(InvalidRequest) as refused:
        check({"size": "XL"}, schema, ("body",))
    (error,) = refused.value.errors
    assert (error["loc"], error["msg"]) == (["body", "size"], "Input should be 'S' or 'M'")
