"""The options of a call, and of all calls of a client."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

import httpx
import pytest
from vimmerse import v1
from vimmerse._http.operations import ApiOperation
from vimmerse.v2 import errors, models
from vimmerse.v2.api.image import upload_image
from vimmerse.v2.api.media import create_media, get_media
from vimmerse.v2.models import CreateMediaRequest, Media, UploadImageRequest
from vimmerse.v2.types import File, RequestOptions, Response

from tests.generated.calls import ALL, VARIANTS, Recorder, call, make_client, resolve, sample_arguments
from tests.sampling import sampled

BODY = CreateMediaRequest(prompt="Rain")
MEDIA = {"id": "m1", "processing_status": "queued"}


@pytest.mark.parametrize(
    ("variant", "package", "name", "module"),
    [
        one
        for row, operation in enumerate(ALL)
        for one in sampled(((variant, *operation) for variant in VARIANTS), 2, row=row)
    ],
)
@pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")
def test_every_function_accepts_them(variant: str, package: Any, name: str, module: Any) -> None:
    recorder = Recorder(500)
    arguments = sample_arguments(module) | {"extra_headers": {"X-Trace": "t"}, "timeout": 7}
    try:
        call(module, variant, client=make_client(recorder, package), **arguments)
    except errors.ApiError:
        assert not variant.endswith("_detailed")
    assert recorder.request.headers["x-trace"] == "t"
    assert set(recorder.request.extensions["timeout"].values()) == {7}
    with pytest.raises(TypeError, match="unexpected keyword argument 'time_out'"):
        call(module, variant, client=make_client(recorder, package), **sample_arguments(module), time_out=3)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_timeout_of_its_own_needs_no_other_connections(variant: str) -> None:
    recorder = Recorder(json=MEDIA)
    client = make_client(recorder, timeout=3)
    before = client.get_httpx_client(), client.get_async_httpx_client()
    for timeout in (0.5, None, httpx.Timeout(1, read=2)):
        call(get_media, variant, "m1", client=client, timeout=timeout)
    call(get_media, variant, "m1", client=client)
    call(get_media, variant, "m1", client=client.with_options(timeout=9))
    shown = [request.extensions["timeout"]["read"] for request in recorder.requests]
    assert shown == [0.5, None, 2, 3, 9]
    assert (client.get_httpx_client(), client.get_async_httpx_client()) == before


NOT_ABOVE_ZERO: list[object] = [0, -1, float("nan"), float("inf"), 10**30, httpx.Timeout(5, read=-1)]
NO_SECONDS: list[object] = ["5", True, (1, 2), [], httpx.Timeout("5")]  # type: ignore[arg-type]


@pytest.mark.parametrize("timeout", [*NOT_ABOVE_ZERO, *NO_SECONDS], ids=repr)
def test_a_timeout_that_is_none_is_rejected_before_anything_is_sent(timeout: Any) -> None:
    recorder = Recorder(json=MEDIA)
    client = make_client(recorder)
    attempts: list[Callable[[], object]] = [
        partial(make_client, recorder, timeout=timeout),
        partial(client.with_timeout, timeout),
        partial(client.with_options, timeout=timeout),
        *(partial(call, get_media, variant, "m1", client=client, timeout=timeout) for variant in VARIANTS),
    ]
    for attempt in attempts:
        with pytest.raises(TypeError if timeout in NO_SECONDS else ValueError, match="timeout"):
            attempt()
    assert not recorder.requests


@pytest.mark.parametrize("name", ["X-Api-Key", "x-api-key"])
def test_the_key_can_not_be_replaced(name: str) -> None:
    recorder = Recorder(json=MEDIA)
    client = make_client(recorder)
    for attempt in (
        lambda: get_media.sync("m1", client=client, extra_headers={name: "other-key"}),
        lambda: client.with_options(extra_headers={name: "other-key"}),
    ):
        with pytest.raises(ValueError, match="another client for another key") as caught:
            attempt()
        assert "other-key" not in str(caught.value)
    assert recorder.requests == []


def test_the_key_goes_to_the_base_url_alone_whatever_the_headers() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == "api.vimmerse.net":
            return httpx.Response(307, headers={"Location": "https://other.example/"})
        assert "x-api-key" not in request.headers
        return httpx.Response(200, json=MEDIA)

    client = make_client(handler, follow_redirects=True).with_options(extra_headers={"X-Mine": "1"})
    assert get_media.sync("m1", client=client, extra_headers={"Host": "other.example"}).id == "m1"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"extra_headers": [("X-Trace", "t")]}, "extra_headers must be a mapping, not list"),
        ({"extra_headers": {b"X-Api-Key": b"other-key"}}, "names of extra_headers must be text, not bytes"),
        ({"extra_headers": {"X-Trace": None}}, "Header value must be str or bytes"),
        ({"extra_body": [1]}, "extra_body must be a mapping, not list"),
        ({"extra_body": None}, "extra_body must be a mapping, not NoneType"),
        ({"extra_body": {"new": object()}}, "not JSON serializable"),
    ],
)
def test_values_of_another_type_are_rejected_before_anything_is_sent(options: dict[str, Any], message: str) -> None:
    recorder = Recorder()
    with pytest.raises(TypeError, match=message):
        create_media.sync(client=make_client(recorder), body=BODY, **options)
    assert recorder.requests == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_body_decides_its_content_type(variant: str) -> None:
    recorder = Recorder(json=MEDIA)
    headers = {"content-TYPE": "text/plain", "X-Trace": "t"}
    call(create_media, variant, client=make_client(recorder), body=BODY, extra_headers=headers)
    assert recorder.request.headers["content-type"] == "application/json"
    assert recorder.request.headers["x-trace"] == "t"


def test_headers_of_a_call_come_before_those_of_the_client() -> None:
    recorder = Recorder(json=MEDIA)
    client = make_client(recorder, headers={"X-A": "client", "X-B": "client", "X-C": "client"})
    client = client.with_options(extra_headers={"X-B": "options", "X-C": "options"})
    get_media.sync("m1", client=client, extra_headers={"x-c": "call"})
    assert [recorder.request.headers[name] for name in ("x-a", "x-b", "x-c")] == ["client", "options", "call"]
    get_media.sync("m1", client=client)
    assert recorder.requests[1].headers["x-c"] == "options"


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_body_can_have_fields_that_this_version_does_not_know(variant: str) -> None:
    recorder = Recorder(json=MEDIA)
    body = CreateMediaRequest(prompt="Rain")
    call(create_media, variant, client=make_client(recorder), body=body, extra_body={"camera": {"path": "up"}})
    assert recorder.request.content == b'{"prompt":"Rain","camera":{"path":"up"}}'
    assert body == CreateMediaRequest(prompt="Rain")


def test_a_field_that_the_body_has_already_is_an_error() -> None:
    recorder = Recorder()
    with pytest.raises(TypeError, match="'prompt', which is an argument of the call"):
        create_media.sync(client=make_client(recorder), body=BODY, extra_body={"new": 1, "prompt": "Sun"})
    assert recorder.requests == []


def test_only_a_json_body_can_have_further_fields() -> None:
    recorder = Recorder()
    client = make_client(recorder)
    form = UploadImageRequest(image_file=File(BytesIO(b"x"), "a.png"))
    for attempt in (
        lambda: get_media.sync("m1", client=client, extra_body={"new": 1}),
        lambda: upload_image.sync(client=client, body=form, extra_body={"new": 1}),
        lambda: client.with_options(extra_body={"new": 1}),
    ):
        with pytest.raises(TypeError, match="extra_body"):
            attempt()
    assert recorder.requests == []


# --- A client's options --------------------------------------------------------------------------


def test_clients_with_other_options_share_their_connections() -> None:
    client = make_client(Recorder(json=MEDIA))
    copy = client.with_options(max_retries=3)
    assert copy.get_httpx_client() is client.get_httpx_client()
    assert copy.get_async_httpx_client() is client.get_async_httpx_client()
    assert copy.retry_settings == (3, False)
    assert copy.with_options(retry_refused=True).retry_settings == (3, True)
    assert client.retry_settings == (0, False)
    other = client.with_timeout(3)
    assert other.get_httpx_client() is not client.get_httpx_client()
    assert other.with_headers({"X-A": "1"}).retry_settings == (0, False)


def test_another_httpx_client_is_for_one_client_only() -> None:
    client = make_client(Recorder(json=MEDIA))
    copy = client.with_options(max_retries=3)
    with httpx.Client() as mine:
        copy.set_httpx_client(mine)
        assert copy.get_httpx_client() is mine
        assert client.get_httpx_client() is not mine


def test_options_that_do_not_exist_are_rejected() -> None:
    client = make_client(Recorder())
    with pytest.raises(TypeError, match="unexpected keyword argument 'retries'"):
        client.with_options(retries=3)


# --- The complete response -----------------------------------------------------------------------

OPERATION: ApiOperation[Media, models.Error] = ApiOperation(
    "GET", "/v2/media/{media_id}", {"200": Media}, {"4XX": models.Error}
)


@pytest.mark.parametrize("variant", ["sync_raw", "asyncio_raw"])
def test_raw_is_the_complete_response_of_a_success(variant: str) -> None:
    recorder = Recorder(200, content=b'{"id": "m1", "processing_status": ""}', headers={"X-Request-Id": "r1"})
    send = getattr(OPERATION, variant)
    response: Response[Media] = resolve(send(make_client(recorder), {"path": {"media_id": "m1"}}))
    assert (response.status_code, response.parsed.id) == (200, "m1")
    assert (response.request_id, response.attempts, response.headers["X-REQUEST-id"]) == ("r1", 1, "r1")
    with pytest.raises(errors.NotFoundError):
        resolve(send(make_client(Recorder(404)), {"path": {"media_id": "m1"}}))


def test_the_options_are_documented_where_they_are_defined() -> None:
    documentation = inspect.getdoc(RequestOptions) or ""
    assert [name for name in RequestOptions.__annotations__ if f"``{name}``" not in documentation] == []
    assert v1.types.RequestOptions is RequestOptions
