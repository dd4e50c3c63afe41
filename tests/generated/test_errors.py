"""What a call gives for each answer that is not a documented success, in each of the four ways."""

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
from vimmerse.v2.api.media import get_media
from vimmerse.v2.api.story import idea_to_video

from tests.generated.calls import ALL, ALL_NAMES, DETAILED, KEY, RAISING, WAYS, Recorder, call, client, sample_arguments

HTML = b"<!DOCTYPE html><html><head><title>502</title></head></html>"
LAYERED = b"[" * 200_000


def answer(status: int, content: bytes, kind: str = "application/json") -> Recorder:
    return Recorder(status, content=content, headers={"Content-Type": kind})


def raised(recorder: Recorder, way: str = "sync") -> errors.ApiError:
    with pytest.raises(errors.ApiError) as caught:
        call(get_media, way, "m1", client=client(recorder))
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


@pytest.mark.parametrize("way", RAISING)
@pytest.mark.parametrize(("status", "kind"), BY_STATUS)
def test_an_error_status_raises_its_error(way: str, status: int, kind: type[errors.ApiError]) -> None:
    content = b'{"message": "No such media.", "code": "MEDIA_NOT_FOUND", "new": 1}'
    error = raised(answer(status, content), way)
    assert type(error) is kind
    assert (error.status, error.content) == (status, content)
    assert (error.code, error.message) == ("MEDIA_NOT_FOUND", "No such media.")
    assert (error.method, error.url) == ("GET", "https://api.vimmerse.net/v2/media/m1")
    assert error.headers["content-type"] == "application/json"
    assert isinstance(error.parsed, models.Error)
    assert error.parsed.to_dict() == {"message": "No such media.", "code": "MEDIA_NOT_FOUND", "new": 1}


@pytest.mark.parametrize("way", DETAILED)
@pytest.mark.parametrize("status", [status for status, _ in BY_STATUS])
def test_the_detailed_ways_give_the_error_model_and_raise_nothing(way: str, status: int) -> None:
    response = call(get_media, way, "m1", client=client(answer(status, b'{"message": "No.", "code": "X"}')))
    assert response.status_code == status
    assert type(response.status_code) is int
    assert response.parsed == models.Error(message="No.", code="X")
    assert response.content == b'{"message": "No.", "code": "X"}'
    assert response.headers["CONTENT-type"] == "application/json"


@pytest.mark.parametrize("way", WAYS)
def test_a_success_is_the_model(way: str) -> None:
    found = call(get_media, way, "m1", client=client(Recorder(json={"id": "m1", "new_field": [1]})))
    media = found.parsed if way in DETAILED else found
    assert isinstance(media, models.Media)
    assert media.to_dict() == {"id": "m1", "new_field": [1]}


@pytest.mark.parametrize("way", RAISING)
@pytest.mark.parametrize(("package", "name", "module"), ALL, ids=ALL_NAMES)
@pytest.mark.parametrize(
    "recorder",
    [
        answer(520, HTML, "text/html"),
        answer(404, b"null"),
        answer(202, b""),
        answer(302, b""),
        answer(200, HTML, "text/html"),
    ],
    ids=["520", "null", "202", "302", "html"],
)
@pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")
def test_every_operation_raises_the_one_family(
    way: str, package: Any, name: str, module: Any, recorder: Recorder
) -> None:
    recorder.requests.clear()
    with pytest.raises(package.errors.ApiError) as caught:
        call(module, way, client=client(recorder, package), **sample_arguments(module))
    assert caught.value.status == recorder._response["status_code"]
    assert caught.value.method == recorder.request.method


# --- Bodies that are not what they should be -----------------------------------------------------

UNUSABLE = {
    "html": (HTML, "text/html; charset=utf-8"),
    "html called json": (HTML, "application/json"),
    "null": (b"null", "application/json"),
    "list": (b"[]", "application/json"),
    "text": (b'"m1"', "application/json"),
    "number": (b"1", "application/json"),
    "cut short": (b'{"id": "m1', "application/json"),
    "empty": (b"", "application/json"),
    "not utf-8": (b'{"id": "\xff"}', "application/json"),
    "layered": (LAYERED, "application/json"),
    "untyped": (b"hello", ""),
    "binary": (b"\x00\x01\x02", "video/mp4"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("content", "kind"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_a_success_with_an_unusable_body_is_an_invalid_answer(way: str, content: bytes, kind: str) -> None:
    recorder = answer(200, content, kind)
    if way in DETAILED:
        response = call(get_media, way, "m1", client=client(recorder))
        assert (response.status_code, response.parsed, response.content) == (200, None, content)
        return
    error = raised(recorder, way)
    assert type(error) is errors.InvalidAnswerError
    assert (error.status, error.parsed, error.code, error.content) == (200, None, None, content)
    assert "not the documented answer" in str(error)
    assert len(str(error)) < 600
    assert str(error).isprintable()
    assert error.__cause__ is not None


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("content", "kind"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_an_error_with_an_unusable_body_keeps_its_status(way: str, content: bytes, kind: str) -> None:
    recorder = answer(502, content, kind)
    if way in DETAILED:
        response = call(get_media, way, "m1", client=client(recorder))
        assert (response.status_code, response.parsed, response.content) == (502, None, content)
        return
    error = raised(recorder, way)
    assert type(error) is errors.ServerError
    assert (error.status, error.parsed, error.code, error.content) == (502, None, None, content)
    assert len(str(error)) < 600


@pytest.mark.parametrize("way", RAISING)
def test_a_web_page_is_no_download(way: str) -> None:
    download = v1.api.media.download_media
    with pytest.warns(DeprecationWarning, match="download"), pytest.raises(v1.errors.InvalidAnswerError):
        call(download, way, "m1", client=client(answer(200, HTML, "text/html"), v1))
    with pytest.warns(DeprecationWarning, match="download"):
        file = call(download, way, "m1", client=client(answer(200, b"\0mp4", "video/mp4"), v1))
    assert file.payload.read() == b"\0mp4"


@pytest.mark.parametrize("way", RAISING)
def test_a_redirect_that_is_not_followed_says_where_it_leads(way: str) -> None:
    recorder = Recorder(307, headers={"Location": f"https://other.example/v2?key={KEY}"}, content=b"")
    error = raised(recorder, way)
    assert type(error) is errors.ApiError
    assert "a redirect to https://other.example/v2;" in str(error)
    assert KEY not in str(error) + repr(error)


# --- What the errors say -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [
        (402, b'{"message": "Too few credits.", "code": "INSUFFICIENT_CREDIT"}',
         "402 Payment Required: Too few credits. (INSUFFICIENT_CREDIT)"),
        (402, b'{"message": "INSUFFICIENT_CREDIT"}', "402 Payment Required: INSUFFICIENT_CREDIT"),
        (422, b'{"detail": [{"loc": ["body", "idea"], "msg": "Field required"}, "odd", {"loc": 1}]}',
         f"422 {HTTPStatus(422).phrase}: body.idea: Field required; odd; 1: {{'loc': 1}}"),
        (422, b'{"detail": "Wrong."}', f"422 {HTTPStatus(422).phrase}: Wrong."),
        (400, b'{"message": "a\\n\\tb\\u0000"}', "400 Bad Request: a b"),
        (400, b'{"message": ["one", 2], "code": 7}', "400 Bad Request: one; 2 (7)"),
        (400, b'{"other": 1}', '400 Bad Request: 12 bytes of application/json: {"other": 1}'),
        (520, b"", "520: an empty body"),
    ],
)  # fmt: skip
def test_the_message_is_for_people(status: int, content: bytes, expected: str) -> None:
    assert str(raised(answer(status, content))) == f"GET https://api.vimmerse.net/v2/media/m1 answered {expected}"


def test_a_long_message_is_cut() -> None:
    assert len(str(raised(answer(400, b'{"message": "' + b"long " * 1000 + b'"}')))) < 500


@pytest.mark.parametrize("way", RAISING)
@pytest.mark.parametrize("status", [200, 401])
@pytest.mark.parametrize("shape", ['{"message": "bad key KEY", "code": "KEY"}', '["KEY"]'])
def test_a_key_that_the_server_repeats_is_masked(way: str, status: int, shape: str) -> None:
    if (status, shape[0]) == (200, "{"):
        status = 202  # any object is a media; no media is documented for 202
    error = raised(answer(status, shape.replace("KEY", KEY).encode()), way)
    assert KEY not in f"{error} {error!r} {error.message} {error.code} {error.args}"
    assert KEY.encode() in error.content  # what the server sent is still there, but only on demand
    assert "***" in str(error)


def test_neither_query_nor_credentials_of_the_url_are_in_the_message() -> None:
    made = client(answer(404, b"{}"))
    with pytest.raises(errors.NotFoundError) as caught:
        get_media.sync("m1", client=made, fields=["result"])
    assert caught.value.url == "https://api.vimmerse.net/v2/media/m1"


def test_an_answer_made_by_hand_has_an_error_too() -> None:
    error = errors.from_response(httpx.Response(404, json={"message": "Gone."}))
    assert str(error) == "The call answered 404 Not Found: Gone."


# --- Errors as values ----------------------------------------------------------------------------


@pytest.mark.parametrize("duplicate", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy, copy.deepcopy])
def test_errors_pickle_and_copy_whole(duplicate: Any) -> None:
    error = raised(answer(404, b'{"message": "No such media.", "code": "MEDIA_NOT_FOUND"}'))
    error.add_note("while polling")
    twin = duplicate(error)
    assert type(twin) is errors.NotFoundError
    assert vars(twin) == vars(error)
    assert (str(twin), repr(twin), twin.args) == (str(error), repr(error), error.args)
    assert isinstance(twin.parsed, models.Error)
    assert twin.parsed.message == "No such media."


def test_an_error_can_be_made_by_hand() -> None:
    error = errors.ApiError(418, b"short", None, message="Tea.", headers={"Retry-After": "3"})
    assert str(error) == "The call answered 418 I'm a Teapot: Tea."
    assert error.headers == {"retry-after": "3"}
    assert repr(errors.ApiError(500)) == "ApiError(status=500, code=None, message='')"


def test_the_body_is_not_among_the_args_of_an_error() -> None:
    """Error reporters show ``args``, and a server may repeat the key in its body."""
    assert errors.ApiError(401, b"body", models.Error(message="body"), message="No.").args == (401,)


def test_both_versions_have_the_same_errors() -> None:
    assert v1.errors.__all__ == v2.errors.__all__
    assert v1.ApiError is v2.ApiError is errors.ApiError
    assert all(getattr(v1.errors, name) is getattr(errors, name) for name in errors.__all__)
    assert {getattr(errors, name).__module__ for name in errors.__all__} == {"vimmerse.v2.errors"}
    assert all(issubclass(getattr(errors, name), errors.ApiError) for name in errors.__all__)


# --- No answer -----------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_a_closed_port_is_httpxs_own_error(way: str) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound and not listening: refused, and nobody else's
        made = v2.AuthenticatedClient(base_url=f"http://127.0.0.1:{held.getsockname()[1]}", token=KEY)
        with pytest.raises(httpx.ConnectError) as caught:
            call(get_media, way, "m1", client=made)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("way", WAYS)
def test_a_timeout_is_httpxs_own_error(way: str) -> None:
    def never(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("too late", request=request)

    with pytest.raises(httpx.TransportError):
        call(get_media, way, "m1", client=client(never))


# --- Bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("body", [None, {}, {"idea": "x"}, "idea", models.Story(), v1.models.IdeaToVideoForm()])
def test_a_body_of_another_type_is_refused_before_anything_is_sent(way: str, body: Any) -> None:
    recorder = Recorder()
    with pytest.raises(TypeError, match="body must be IdeaToVideoRequest, not"):
        call(idea_to_video, way, client=client(recorder), body=body)
    assert recorder.requests == []


@pytest.mark.parametrize("way", WAYS)
def test_a_value_that_json_cannot_hold_is_refused_before_anything_is_sent(way: str) -> None:
    recorder = Recorder()
    body = models.IdeaToVideoRequest(idea=object())  # type: ignore[arg-type]  # the wrong type is the point
    with pytest.raises(TypeError, match="JSON"):
        call(idea_to_video, way, client=client(recorder), body=body)
    assert recorder.requests == []


def test_every_error_model_is_an_attrs_class() -> None:
    """`parsed` compares by value, so a caller may match on it."""
    assert attrs.has(models.Error)
    assert asyncio.run(get_media.asyncio("m1", client=client(Recorder(json={"id": "x"})))) == models.Media(id="x")
