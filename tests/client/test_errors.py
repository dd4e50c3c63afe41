"""The errors for calls that the server rejects, and for those that the policy forbids."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from vimmerse.compat import CreditLimitError, StrictModeError, TranslationError, UpstreamError
from vimmerse.v2 import errors
from vimmerse.v2.models import Error, HTTPValidationError

from tests.client.service import KEY, KINDS, Caller, Kind, Service

REFUSED = {"message": "Not enough credits.", "code": "INSUFFICIENT_CREDIT"}


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.BadRequestError),
        (401, errors.AuthenticationError),
        (402, errors.InsufficientCreditError),
        (429, errors.RateLimitError),
        (418, errors.ApiError),
        (500, errors.ServerError),
        (520, errors.ServerError),
    ],
)
def test_v2_rejects_a_call(caller: Caller, status: int, kind: type[errors.ApiError]) -> None:
    caller.service.responses["POST /v2/story/idea-2-video"] = httpx.Response(
        status, json=REFUSED, headers={"Retry-After": "3"}
    )
    with pytest.raises(errors.ApiError) as caught:
        caller.call("idea_to_video", idea="A boat")
    error = caught.value
    assert type(error) is kind
    assert (error.status, error.code, error.message) == (status, "INSUFFICIENT_CREDIT", "Not enough credits.")
    assert (error.method, error.url) == ("POST", "https://api.vimmerse.net/story/idea-2-video")
    assert error.headers["retry-after"] == "3"
    assert isinstance(error.parsed, Error)
    assert (error.parsed.message, error.parsed.code) == ("Not enough credits.", "INSUFFICIENT_CREDIT")


def test_v1_rejects_a_call(caller: Caller) -> None:
    caller.service.responses["PUT /story/s1"] = httpx.Response(400, json={"message": "REACHED_LIMIT"})
    with pytest.raises(errors.BadRequestError) as caught:
        caller.call("update_story", "s1", title="New")
    assert (caught.value.code, caught.value.message) == ("REACHED_LIMIT", "REACHED_LIMIT")
    assert isinstance(caught.value.parsed, Error)


def test_a_malformed_field_is_named_as_the_caller_wrote_it(caller: Caller) -> None:
    detail = [{"loc": ["body", "scene_duration"], "msg": "Input should be 5 or 10", "type": "enum"}]
    caller.service.responses["POST /v2/story/idea-2-video"] = httpx.Response(422, json={"detail": detail})
    with pytest.raises(errors.ValidationError) as caught:
        caller.call("idea_to_video", idea="A boat", duration=11)
    assert caught.value.message == "body.duration: Input should be 5 or 10"
    assert isinstance(caught.value.parsed, HTTPValidationError)


def test_malformed_fields_take_precedence_over_the_code(caller: Caller) -> None:
    detail = [{"loc": ["body", "idea"], "msg": "Field required", "type": "missing"}]
    body = {"detail": detail, "code": "UNPROCESSABLE"}
    caller.service.responses["POST /v2/story"] = httpx.Response(422, json=body)
    with pytest.raises(errors.ValidationError) as caught:
        caller.call("create_storyboard")
    assert (caught.value.code, caught.value.message) == ("UNPROCESSABLE", "body.idea: Field required")


def test_an_error_keeps_its_content(caller: Caller) -> None:
    caller.service.responses["POST /v2/story"] = httpx.Response(400, json=REFUSED)
    with pytest.raises(errors.ApiError) as caught:
        caller.call("create_storyboard")
    assert json.loads(caught.value.content)["message"] == "INSUFFICIENT_CREDIT"


def test_an_id_that_neither_version_knows(caller: Caller) -> None:
    caller.service.responses["GET /v2/story/s2"] = httpx.Response(404, json={"message": "No.", "code": "NOT_FOUND"})
    with pytest.raises(errors.NotFoundError) as caught:
        caller.call("get_story", "s2")
    assert caught.value.status == 404
    assert [each.path for each in caller.service.sent] == ["/v2/story/s2", "/story/s2"]


@pytest.mark.parametrize("content", [b"<html>Bad gateway</html>", b"[1]", b'"text"', b"{"])
def test_an_error_response_that_is_not_an_object(caller: Caller, content: bytes) -> None:
    response = httpx.Response(502, content=content, headers={"content-type": "text/html"})
    caller.service.responses["PUT /story/s1"] = response
    with pytest.raises(errors.ServerError) as caught:
        caller.call("update_story", "s1", title="New")
    assert (caught.value.status, caught.value.parsed, caught.value.content) == (502, None, content)


@pytest.mark.parametrize("content", [b"<html>Hello</html>", b"[1]", b"{"])
def test_a_v1_response_that_is_not_an_object(caller: Caller, content: bytes) -> None:
    caller.service.responses["PUT /story/s1"] = httpx.Response(200, content=content)
    with pytest.raises(errors.InvalidAnswerError):
        caller.call("update_story", "s1", title="New")


def test_a_v2_response_that_is_not_an_object(caller: Caller) -> None:
    caller.service.responses["GET /v2/story/s1"] = httpx.Response(200, content=b"<html>")
    with pytest.raises(UpstreamError):
        caller.call("get_story", "s1")


def test_a_redirect_is_an_error(caller: Caller) -> None:
    headers = {"location": "https://elsewhere.example/"}
    caller.service.responses["PUT /story/s1"] = httpx.Response(302, headers=headers)
    with pytest.raises(errors.ApiError) as caught:
        caller.call("update_story", "s1", title="New")
    assert caught.value.status == 302
    assert len(caller.service.sent) == 1


def test_an_error_names_what_was_created_before_it(caller: Caller) -> None:
    caller.service.responses["POST /v2/media"] = [{"id": "a"}, httpx.Response(402, json=REFUSED)]
    with pytest.raises(errors.InsufficientCreditError, match="Already created, and paid for: a") as caught:
        caller.call("create_media_from_prompt", pose_preset=[{"MotionType": "Auto"}, {"MotionType": "KlingAI"}])
    assert caught.value.code == "INSUFFICIENT_CREDIT"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("settings", "fields", "expected"),
    [
        ({"mode": "strict"}, {"seed": 5}, StrictModeError),
        ({"mode": "strict"}, {"visibility_status": "0"}, StrictModeError),
        ({"max_credits": 10}, {}, CreditLimitError),
    ],
)
def test_the_policy_forbids_a_call(
    kind: Kind, service: Service, settings: dict[str, Any], fields: dict[str, Any], expected: type[TranslationError]
) -> None:
    with pytest.raises(expected) as caught:
        Caller(kind, service, **settings).call("idea_to_video", idea="A boat", **fields)
    assert isinstance(caught.value, httpx.RequestError)
    assert service.sent == []


def test_a_timeout_is_raised_as_it_is(caller: Caller) -> None:
    caller.service.responses["GET /v2/story/s1"] = httpx.ConnectTimeout("too slow")
    with pytest.raises(httpx.ConnectTimeout):
        caller.call("get_story", "s1")


def test_no_error_shows_the_key(caller: Caller) -> None:
    body = {"message": f"The key {KEY} is unknown.", "code": "UNAUTHORIZED"}
    caller.service.responses["GET /v2/story/s1"] = httpx.Response(401, json=body)
    with pytest.raises(errors.AuthenticationError) as caught:
        caller.call("get_story", "s1")
    assert KEY not in f"{caught.value} {caught.value!r} {caught.value.message}"


def test_no_frame_shows_the_key(caller: Caller) -> None:
    """Error reporters show the local variables of the frames that an error passes through."""
    with pytest.raises(TypeError) as caught:
        caller.call("idea_to_video", elements={"a": {1}})
    frames = [entry.frame for entry in caught.traceback if entry.frame.f_globals["__name__"].startswith("vimmerse.")]
    assert "build_request" in {frame.code.name for frame in frames}
    for frame in frames:
        assert KEY not in repr(frame.f_locals)
