"""What each of the four functions does with a response that is not a documented success."""

from __future__ import annotations

import asyncio
import copy
import pickle
import socket
from http import HTTPStatus
from typing import Any

import attrs
import httpx
import pytest
from vimmerse import v1, v2
from vimmerse.v2 import errors, models
from vimmerse.v2.api.media import create_media, get_media
from vimmerse.v2.api.story import create_scenes, idea_to_video

from tests.generated.calls import (
    ALL,
    ALL_NAMES,
    DETAILED,
    KEY,
    RAISING,
    VARIANTS,
    Recorder,
    call,
    make_client,
    sample_arguments,
)
from tests.sampling import sampled

HTML = b"<!DOCTYPE html><html><head><title>502</title></head></html>"
MEDIA = {"id": "m1", "processing_status": "new"}
NESTED = b"[" * 200_000


def responding(status: int, content: bytes, content_type: str = "application/json") -> Recorder:
    return Recorder(status, content=content, headers={"Content-Type": content_type})


def raised_error(recorder: Recorder, variant: str = "sync") -> errors.ApiError:
    with pytest.raises(errors.ApiError) as caught:
        call(get_media, variant, "m1", client=make_client(recorder))
    return caught.value


# --- Statuses ------------------------------------------------------------------------------------

BY_STATUS = [
    (400, errors.BadRequestError),
    (401, errors.AuthenticationError),
    (402, errors.InsufficientCreditError),
    (403, errors.AuthenticationError),
    (404, errors.NotFoundError),
    (409, errors.ApiError),
    (429, errors.RateLimitError),
    (499, errors.ApiError),
    (500, errors.ServerError),
    (503, errors.ServerError),
    (520, errors.ServerError),
    (599, errors.ServerError),
]


@pytest.mark.parametrize("variant", RAISING)
@pytest.mark.parametrize(("status", "error_class"), BY_STATUS)
def test_an_error_status_raises_its_error(variant: str, status: int, error_class: type[errors.ApiError]) -> None:
    content = b'{"message": "No such media.", "code": "MEDIA_NOT_FOUND", "new": 1}'
    error = raised_error(responding(status, content), variant)
    assert type(error) is error_class
    assert (error.status, error.content) == (status, content)
    assert (error.code, error.message) == ("MEDIA_NOT_FOUND", "No such media.")
    assert (error.method, error.url) == ("GET", "https://api.vimmerse.net/v2/media/m1")
    assert error.headers["content-type"] == "application/json"
    assert isinstance(error.parsed, models.Error)
    assert error.parsed.to_dict() == {"message": "No such media.", "code": "MEDIA_NOT_FOUND", "new": 1}


@pytest.mark.parametrize("variant", DETAILED)
@pytest.mark.parametrize("status", [status for status, _ in BY_STATUS])
def test_the_detailed_functions_return_the_error_model_and_raise_nothing(variant: str, status: int) -> None:
    response = call(
        get_media, variant, "m1", client=make_client(responding(status, b'{"message": "No.", "code": "X"}'))
    )
    assert response.status_code == status
    assert type(response.status_code) is int
    assert response.parsed == models.Error(message="No.", code="X")
    assert response.content == b'{"message": "No.", "code": "X"}'
    assert response.headers["CONTENT-type"] == "application/json"


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_success_returns_the_model(variant: str) -> None:
    result = call(get_media, variant, "m1", client=make_client(Recorder(json=MEDIA | {"new_field": [1]})))
    media = result.parsed if variant in DETAILED else result
    assert isinstance(media, models.Media)
    assert media.to_dict() == MEDIA | {"new_field": [1]}


ERRORS = {
    "520": responding(520, HTML, "text/html"),
    "null": responding(404, b"null"),
    "202": responding(202, b""),
    "302": responding(302, b""),
    "html": responding(200, HTML, "text/html"),
}


@pytest.mark.parametrize(
    ("variant", "package", "name", "module", "recorder"),
    [
        one
        for row, (name, operation) in enumerate(zip(ALL_NAMES, ALL, strict=True))
        for one in sampled(
            (
                pytest.param(variant, *operation, recorder, id=f"{error}-{name}-{variant}")
                for error, recorder in ERRORS.items()
                for variant in RAISING
            ),
            3,
            row=row,
        )
    ],
)
@pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")
def test_every_operation_raises_an_api_error(
    variant: str, package: Any, name: str, module: Any, recorder: Recorder
) -> None:
    recorder.requests.clear()
    with pytest.raises(package.errors.ApiError) as caught:
        call(module, variant, client=make_client(recorder, package), **sample_arguments(module))
    assert caught.value.status == recorder.response["status_code"]
    assert caught.value.method == recorder.request.method


# --- Bodies that are not the documented ones -----------------------------------------------------

UNUSABLE = {
    "html": (HTML, "text/html; charset=utf-8"),
    "html labelled json": (HTML, "application/json"),
    "null": (b"null", "application/json"),
    "list": (b"[]", "application/json"),
    "text": (b'"m1"', "application/json"),
    "number": (b"1", "application/json"),
    "truncated": (b'{"id": "m1', "application/json"),
    "empty": (b"", "application/json"),
    "not utf-8": (b'{"id": "\xff"}', "application/json"),
    "nested": (NESTED, "application/json"),
    "untyped": (b"hello", ""),
    "binary": (b"\x00\x01\x02", "video/mp4"),
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(("content", "content_type"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_an_unusable_body_raises_invalid_answer_error(variant: str, content: bytes, content_type: str) -> None:
    recorder = responding(200, content, content_type)
    if variant in DETAILED:
        response = call(get_media, variant, "m1", client=make_client(recorder))
        assert (response.status_code, response.parsed, response.content) == (200, None, content)
        return
    error = raised_error(recorder, variant)
    assert type(error) is errors.InvalidAnswerError
    assert (error.status, error.parsed, error.code, error.content) == (200, None, None, content)
    assert "not the documented response" in str(error)
    assert len(str(error)) < 600
    assert str(error).isprintable()
    assert error.__cause__ is not None


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(("content", "content_type"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_an_error_with_an_unusable_body_keeps_its_status(variant: str, content: bytes, content_type: str) -> None:
    recorder = responding(502, content, content_type)
    if variant in DETAILED:
        response = call(get_media, variant, "m1", client=make_client(recorder))
        assert (response.status_code, response.parsed, response.content) == (502, None, content)
        return
    error = raised_error(recorder, variant)
    assert type(error) is errors.ServerError
    assert (error.status, error.parsed, error.code, error.content) == (502, None, None, content)
    assert len(str(error)) < 600


@pytest.mark.parametrize("variant", RAISING)
def test_a_web_page_is_not_a_download(variant: str) -> None:
    download = v1.api.media.download_media
    with pytest.warns(DeprecationWarning, match="download"), pytest.raises(v1.errors.InvalidAnswerError):
        call(download, variant, "m1", client=make_client(responding(200, HTML, "text/html"), v1))
    with pytest.warns(DeprecationWarning, match="download"):
        file = call(download, variant, "m1", client=make_client(responding(200, b"\0mp4", "video/mp4"), v1))
    assert file.payload.read() == b"\0mp4"


@pytest.mark.parametrize("variant", RAISING)
def test_an_unfollowed_redirect_names_its_location(variant: str) -> None:
    recorder = Recorder(307, headers={"Location": f"https://other.example/v2?key={KEY}"}, content=b"")
    error = raised_error(recorder, variant)
    assert type(error) is errors.ApiError
    assert "a redirect to https://other.example/v2;" in str(error)
    assert KEY not in str(error) + repr(error)


# --- Messages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [
        (402, b'{"message": "Too few credits.", "code": "INSUFFICIENT_CREDIT"}',
         "402 Payment Required: Too few credits (INSUFFICIENT_CREDIT)"),
        (402, b'{"message": "INSUFFICIENT_CREDIT"}', "402 Payment Required: INSUFFICIENT_CREDIT"),
        (422, b'{"detail": [{"loc": ["body", "idea"], "msg": "Field required"}, "odd", {"loc": 1}]}',
         f"422 {HTTPStatus(422).phrase}: body.idea: Field required; odd; 1: {{'loc': 1}}"),
        (422, b'{"detail": "Wrong."}', f"422 {HTTPStatus(422).phrase}: Wrong"),
        (400, b'{"message": "a\\n\\tb\\u0000"}', "400 Bad Request: a b"),
        (400, b'{"message": ["one", 2], "code": 7}', "400 Bad Request: one; 2 (7)"),
        (400, b'{"other": 1}', '400 Bad Request: 12 bytes of application/json: {"other": 1}'),
        (520, b"", "520: an empty body"),
    ],
)  # fmt: skip
def test_the_message_is_readable(status: int, content: bytes, expected: str) -> None:
    error = raised_error(responding(status, content))
    assert error.summary == f"GET https://api.vimmerse.net/v2/media/m1 returned {expected}"
    assert str(error) == f"{error.summary}. {error.advice}"


def test_a_long_message_is_truncated() -> None:
    assert len(str(raised_error(responding(400, b'{"message": "' + b"long " * 1000 + b'"}')))) < 500


@pytest.mark.parametrize("variant", RAISING)
@pytest.mark.parametrize("status", [200, 401])
@pytest.mark.parametrize("shape", ['{"message": "bad key KEY", "code": "KEY"}', '["KEY"]'])
def test_a_key_that_the_server_repeats_is_masked(variant: str, status: int, shape: str) -> None:
    if (status, shape[0]) == (200, "{"):
        status = 202  # any object is a media; no media is documented for 202
    error = raised_error(responding(status, shape.replace("KEY", KEY).encode()), variant)
    assert KEY not in f"{error} {error!r} {error.message} {error.code} {error.args}"
    assert KEY.encode() in error.content  # what the server sent is still there, but only on demand
    assert "[key]" in str(error)


def test_neither_query_nor_credentials_of_the_url_are_in_the_message() -> None:
    client = make_client(responding(404, b"{}"))
    with pytest.raises(errors.NotFoundError) as caught:
        get_media.sync("m1", client=client, fields=["result"])
    assert caught.value.url == "https://api.vimmerse.net/v2/media/m1"


ADVICE = {
    400: "Correct the call",
    401: "Check the API key",
    402: "Buy credits, or ask for less",
    403: "Check the API key",
    404: "Check the id",
    422: "Correct the fields",
    429: "was not carried out: wait a moment",
}


@pytest.mark.parametrize(("status", "advice"), [*ADVICE.items(), (500, "Try again later"), (520, "Try again later")])
def test_the_text_says_what_to_do(status: int, advice: str) -> None:
    assert advice in str(raised_error(responding(status, b'{"message": "No."}')))


@pytest.mark.parametrize("variant", RAISING)
@pytest.mark.parametrize(
    ("status", "content"),
    [
        (500, b"{}"),
        (503, b""),
        (520, HTML),
        (200, HTML),
        (200, b""),
        (202, b"null"),
        (302, b""),
        (303, b""),
        (408, b""),
    ],
)
def test_after_a_call_that_is_not_a_read_the_text_warns_of_a_second_one(
    variant: str, status: int, content: bytes
) -> None:
    client = make_client(responding(status, content))
    with pytest.raises(errors.ApiError, match="may have been carried out, and charged: look for its job") as caught:
        call(create_scenes, variant, "s1", client=client, body=models.CreateScenesRequest())
    assert "(id s1)" in str(caught.value)
    assert "carried out" not in str(raised_error(responding(status, content), variant))


@pytest.mark.parametrize("status", [301, 307, 308, 400, 402, 404, 429])
def test_a_call_that_was_rejected_needs_no_such_warning(status: int) -> None:
    with pytest.raises(errors.ApiError) as caught:
        create_scenes.sync("s1", client=make_client(responding(status, b"")), body=models.CreateScenesRequest())
    assert "may have been carried out" not in str(caught.value)


def test_a_key_that_is_cut_off_with_the_body_is_not_quoted() -> None:
    for size in range(len(KEY)):
        page = b"x" + b" " * (1199 - size) + KEY.encode() + b"y" * 100
        error = raised_error(Recorder(400, content=page, headers={"Content-Type": "text/html"}))
        assert KEY[:6] not in str(error)


@pytest.mark.parametrize(
    ("value", "seconds", "text"),
    [("7", 7, "wait 7 s"), ("1.2", 1.2, "wait 2 s"), ("86400", 86400, "wait 86400 s"), ("soon", None, "wait a moment")],
)
def test_a_rate_limit_says_how_long_to_wait(value: str, seconds: float | None, text: str) -> None:
    error = raised_error(Recorder(429, content=b"{}", headers={"Retry-After": value}))
    assert error.retry_after == seconds
    assert text in str(error)


def test_an_error_names_the_job() -> None:
    assert raised_error(responding(500, b"{}")).job_id == "m1"
    body = models.CreateMediaRequest(prompt="x")
    for content, job in (
        (b'{"id": "new"}', "new"),
        (b'{"data": {"id": "new"}}', "new"),
        (b'{"id": "new", "data": {"id": 7}}', "new"),
        (b'{"id": "new", "data": {"title": "x"}}', "new"),
        (b'{"id": "a\\n\\u001bb"}', "a b"),
        (b'{"id": "' + b"x" * 500 + b'"}', "x" * 200),
        (b'{"id": 7}', None),
        (b'{"id": " "}', None),
        (b"[]", None),
    ):
        with pytest.raises(errors.ServerError) as caught:
            create_media.sync(client=make_client(responding(502, content)), body=body)
        assert caught.value.job_id == job


def test_the_key_is_masked_although_a_redirect_has_moved_it_into_an_address() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == "api.vimmerse.net":
            return httpx.Response(307, headers={"Location": f"https://other.example/{KEY}?key={KEY}"})
        assert "x-api-key" not in request.headers
        return httpx.Response(400, json={"message": f"{request.url}"}, headers={"X-Request-Id": KEY})

    with pytest.raises(errors.BadRequestError) as caught:
        get_media.sync("m1", client=make_client(handler, follow_redirects=True))
    error = caught.value
    assert KEY not in f"{error} {error!r} {error.url} {error.message} {error.request_id}"


def test_a_response_without_a_request_has_an_error() -> None:
    error = errors.from_response(httpx.Response(404, json={"message": "No such media."}))
    assert error.summary == "The call returned 404 Not Found: No such media"


# --- Errors as values ----------------------------------------------------------------------------


@pytest.mark.parametrize("duplicate", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy, copy.deepcopy])
def test_errors_can_be_pickled_and_copied(duplicate: Any) -> None:
    error = raised_error(responding(404, b'{"message": "No such media.", "code": "MEDIA_NOT_FOUND"}'))
    error.add_note("while polling")
    copied = duplicate(error)
    assert type(copied) is errors.NotFoundError
    assert vars(copied) == vars(error)
    assert (str(copied), repr(copied), copied.args) == (str(error), repr(error), error.args)
    assert isinstance(copied.parsed, models.Error)
    assert copied.parsed.message == "No such media."


def test_an_error_can_be_created_directly() -> None:
    error = errors.ApiError(418, b"short", None, message="Tea.", headers={"Retry-After": "3"})
    assert str(error) == "The call returned 418 I'm a Teapot: Tea"
    assert error.headers == {"retry-after": "3"}
    assert repr(errors.ApiError(500)) == "ApiError(status=500, code=None, message='')"
    assert str(errors.ApiError(500)) == "The call returned 500 Internal Server Error"


def test_the_body_is_not_among_the_args_of_an_error() -> None:
    """Error reporters show ``args``, and a server may repeat the key in its body."""
    assert errors.ApiError(401, b"body", models.Error(message="body"), message="No.").args == (401,)


def test_both_versions_have_the_same_errors() -> None:
    assert v1.errors.__all__ == v2.errors.__all__
    assert v1.ApiError is v2.ApiError is errors.ApiError
    assert all(getattr(v1.errors, name) is getattr(errors, name) for name in errors.__all__)
    assert {getattr(errors, name).__module__ for name in errors.__all__} == {"vimmerse.v2.errors"}
    assert all(issubclass(getattr(errors, name), errors.ApiError) for name in errors.__all__)


# --- No response ---------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_closed_port_raises_httpx_s_own_error(variant: str) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        client = v2.AuthenticatedClient(base_url=f"http://127.0.0.1:{bound.getsockname()[1]}", token=KEY)
        with pytest.raises(httpx.ConnectError) as caught:
            call(get_media, variant, "m1", client=client)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_timeout_raises_httpx_s_own_error(variant: str) -> None:
    def never(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("too late", request=request)

    with pytest.raises(httpx.TransportError):
        call(get_media, variant, "m1", client=make_client(never))


# --- Invalid arguments ---------------------------------------------------------------------------


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("body", [None, {}, {"idea": "x"}, "idea", models.Story(id="s1"), v1.models.IdeaToVideoForm()])
def test_a_body_of_another_type_is_rejected_before_anything_is_sent(variant: str, body: Any) -> None:
    recorder = Recorder()
    with pytest.raises(TypeError, match="body must be IdeaToVideoRequest, not"):
        call(idea_to_video, variant, client=make_client(recorder), body=body)
    assert recorder.requests == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_value_that_json_cannot_hold_is_rejected_before_anything_is_sent(variant: str) -> None:
    recorder = Recorder()
    body = models.IdeaToVideoRequest(idea="x")
    body["field_of_tomorrow"] = object()
    with pytest.raises(TypeError, match="JSON"):
        call(idea_to_video, variant, client=make_client(recorder), body=body)
    assert recorder.requests == []


def test_every_error_model_is_an_attrs_class() -> None:
    """``parsed`` compares by value, so a caller may match on it."""
    assert attrs.has(models.Error)
    assert asyncio.run(get_media.asyncio("m1", client=make_client(Recorder(json=MEDIA)))) == models.Media.from_dict(
        MEDIA
    )
