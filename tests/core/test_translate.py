"""The translation alone, without a network."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vimmerse.compat.core.errors import StrictModeError, TranslationError
from vimmerse.compat.core.messages import V2Request
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.translate import translate_request, translate_response

IDEA = "/story/idea-2-video"


def body_of(request: V2Request) -> Any:
    assert isinstance(request.body, bytes)
    return json.loads(request.body)


@pytest.mark.parametrize(
    "given",
    [
        {"data": {"image_urls": ["a", "b"], "title": None}},
        {"json": {"image_urls": ["a", "b"]}},
        {"data": b"image_urls=a&image_urls=b", "headers": {"content-type": "application/x-www-form-urlencoded"}},
        {"data": {"image_urls": ["a", "b"]}, "headers": (("Content-Type", "application/x-www-form-urlencoded"),)},
    ],
    ids=["form", "json", "bytes", "typed"],
)
def test_a_request(given: dict[str, Any]) -> None:
    request = translate_request("post", "/story/images-2-video", **given)
    assert (request.method, request.url) == ("POST", "https://api.vimmerse.net/v2/story/images-2-video")
    body = body_of(request)
    assert body.pop("audio_option")["narrator"] == "Rachel"
    assert body == {"image_urls": ["a", "b"]}
    assert [notice.kind for notice in request.notices] == ["deprecated"]


def test_a_request_without_a_body_and_with_an_absolute_url() -> None:
    request = translate_request("GET", "https://api.vimmerse.net/media/m-1", headers={"X-Api-Key": "k"})
    assert (request.url, request.body) == ("https://api.vimmerse.net/v2/media/m-1", b"")
    assert ("X-Api-Key", "k") in request.headers


def test_a_policy_counts() -> None:
    policy = Policy(base_url="https://proxy.example", mode="strict")
    assert translate_request("GET", "/media/m-1", policy=policy).url == "https://proxy.example/v2/media/m-1"
    with pytest.raises(StrictModeError, match="seed"):
        translate_request("POST", IDEA, data={"idea": "x", "seed": 1}, policy=policy)


def test_data_and_json_are_one_too_many() -> None:
    with pytest.raises(TypeError, match="not both"):
        translate_request("POST", IDEA, data={"idea": "x"}, json={"idea": "x"})


def test_a_call_that_is_not_v1_is_rejected() -> None:
    with pytest.raises(ValueError, match="not a v1 Story or Media call"):
        translate_request("GET", "/image")


@pytest.mark.parametrize("body", [{"id": "s-1", "status": "failed"}, b'{"id": "s-1", "status": "failed"}'])
def test_a_response(body: Any) -> None:
    response = translate_response("GET", "/story/s-1", 200, body)
    assert response.status == 200
    assert json.loads(response.body)["data"]["status"] == "fail"


def test_an_error_names_the_callers_own_fields() -> None:
    payload = {"detail": [{"loc": ["body", "video_tool"], "msg": "m"}]}
    response = translate_response("POST", IDEA, 422, payload, data={"idea": "x", "motion_type": "Odd"})
    assert json.loads(response.body)["detail"][0]["loc"] == ["body", "motion_type"]


def test_a_response_that_does_not_end_a_call_is_rejected() -> None:
    with pytest.raises(TranslationError, match=r"PUT https://api\.vimmerse\.net/v2/media/m-1 is next"):
        translate_response("POST", "/media", 200, {"id": "m-1"}, data={"prompt": "x", "visibility_status": "0"})
