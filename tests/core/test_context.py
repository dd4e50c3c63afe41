"""What a row of the case table can't show: headers, failures between requests, streams, the generator itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vimmerse.compat import translate_request
from vimmerse.compat.core.errors import MAY_EXIST, CreditLimitError, StrictModeError, TranslationError, UpstreamError
from vimmerse.compat.core.messages import Pairs, V1Request, V1Response, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.context import Flow, to_json
from vimmerse.compat.flows.result_files import MAX_REDIRECTS
from vimmerse.compat.runtime.driver import CallState, drive

from tests.cases.flow import start_flow
from tests.cases.rows import HOST, NEW_MEDIA, NEW_STORY

POLICY = Policy()
JSON: Pairs = (("Content-Type", "application/json"),)
FORM: Pairs = (("Content-Type", "application/x-www-form-urlencoded"),)


def start(line: str, body: bytes = b"", headers: Pairs = FORM, policy: Policy = POLICY) -> tuple[Flow, V2Request]:
    """Return a flow and its first request."""
    method, _, path = line.partition(" ")
    flow = start_flow(V1Request(method, HOST + path, headers if body else (), body), policy)
    return flow, next(flow)


def ok(value: Any, headers: Pairs = JSON, status: int = 200) -> V2Response:
    return V2Response(status, headers, json.dumps(value).encode())


def finish(flow: Flow, response: V2Response) -> V1Response:
    """Return the response with which the flow ends."""
    with pytest.raises(StopIteration) as end:
        flow.send(response)
    v1_response = end.value.value
    assert isinstance(v1_response, V1Response)
    return v1_response


def names(headers: Pairs) -> list[str]:
    return [name.lower() for name, _ in headers]


# Pairs


def test_a_callers_headers_go_along_but_not_those_of_one_connection_or_body() -> None:
    sent = (
        ("User-Agent", "mine"),
        ("X-Trace", "1"),
        ("X-Trace", "2"),
        ("X-Api-Key", "k"),
        ("Cookie", "a=b"),
        ("Host", "api.vimmerse.net"),
        ("Connection", "keep-alive, X-Hop"),
        ("Transfer-Encoding", "chunked"),
        ("Content-Length", "9"),
        ("Content-MD5", "x"),
        ("Expect", "100-continue"),
        *FORM,
    )
    flow = start_flow(V1Request("POST", f"{HOST}/story/s-1/concat", sent, b"audio_urls=u"), POLICY)
    request = next(flow)
    headers = tuple(request.headers)
    assert headers[:5] == sent[:5]
    assert names(headers[5:]) == ["content-type"]
    assert headers[-1] == ("Content-Type", "application/json")


def test_two_cookies_stay_two_and_outdated_headers_are_removed() -> None:
    flow, _ = start("GET /story/s-1")
    headers = (
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("X-RateLimit-Remaining", "3"),
        ("ETag", "old"),
        ("Content-Length", "999"),
        ("Content-Encoding", "gzip"),
        ("Transfer-Encoding", "chunked"),
        *JSON,
    )
    response = finish(flow, ok(NEW_STORY, headers))
    assert response.headers == (*headers[:3], ("Content-Type", "application/json"))


def test_a_call_passed_to_v1_keeps_its_query_its_body_and_its_type() -> None:
    flow, request = start("POST /media?trace=a%20b", b"motion_type=Parallax")
    assert (request.kind, request.url, request.body) == ("v1", f"{HOST}/media?trace=a%20b", b"motion_type=Parallax")
    assert request.stream
    native = object()
    response = finish(flow, V2Response(200, (("ETag", "x"),), b"", native))
    assert response.native is native
    assert response.headers == (("ETag", "x"),)


def test_supply_key_status_supplies_the_key_for_status_calls_only() -> None:
    policy = Policy(api_key="the-configured-key", supply_key="status")
    _, status = start("GET /media/m-1/processing-status", policy=policy)
    _, detail = start("GET /media/m-1", policy=policy)
    assert ("X-Api-Key", "the-configured-key") in status.headers
    assert "x-api-key" not in names(detail.headers)


def test_a_response_that_may_have_no_body_has_none() -> None:
    flow, _ = start("DELETE /story/s-1")
    assert finish(flow, V2Response(200, JSON, b"")).body == b'{"data":{}}'
    flow, _ = start("DELETE /story/s-1")
    response = finish(flow, V2Response(204, (*JSON, ("X-Trace", "1"))))
    assert (response.status, response.body, tuple(response.headers)) == (204, b"", (("X-Trace", "1"),))


def test_a_redirect_of_the_api_is_not_followed() -> None:
    flow, _ = start("GET /story/s-1")
    response = finish(flow, V2Response(302, (("Location", "https://evil.example/"),)))
    assert response.status == 302
    assert json.loads(response.body)["code"] == "UNEXPECTED_REDIRECT"
    assert "location" not in names(response.headers)


# Notices


def test_notices_come_with_the_first_request() -> None:
    """So that a warning turned into an error costs nothing."""
    _, request = start("POST /media", b"prompt=A+fox&camera_control=Static&visibility_status=0")
    assert [notice.kind for notice in request.notices] == ["deprecated", "lossy"]
    notice = request.notices[1]
    assert (notice.operation, notice.field, notice.value, notice.v2_field) == (
        "POST /media",
        "camera_control",
        "Static",
        "",
    )
    assert str(notice) == notice.text


# Failures on the way


def created(policy: Policy = POLICY) -> tuple[Flow, V2Request]:
    """A flow for two motions, the first of which was created."""
    body = json.dumps({"pose_preset": [{"MotionType": "Auto"}, {"MotionType": "Vidu"}]}).encode()
    flow, _ = start("POST /media/prompt", body, JSON, policy)
    return flow, flow.send(ok(NEW_MEDIA | {"id": "m1"}))


def test_a_connection_error_is_raised_and_names_what_was_created() -> None:
    flow, _ = created()
    with pytest.raises(OSError, match="broken") as failed:
        flow.throw(OSError("broken"))
    assert not hasattr(failed.value, "__notes__")
    body = json.dumps({"pose_preset": [{"MotionType": "Auto"}, {"MotionType": "Vidu"}]}).encode()
    assert noted("POST /media/prompt", body, JSON, ok(NEW_MEDIA | {"id": "m1"})) == [
        "vimmerse: already created, and paid for: m1",
        f"vimmerse: {MAY_EXIST}",
    ]


def noted(line: str, body: bytes, headers: Pairs, *v2_responses: V2Response) -> list[str]:
    """Return the notes of a call whose connection breaks after these responses."""
    left = list(v2_responses)

    def send(request: V2Request) -> V2Response:
        if not left:
            raise OSError("broken")
        return left.pop(0)

    method, _, path = line.partition(" ")
    call = V1Request(method, HOST + path, headers, body)
    state = CallState(lambda notice: None, call)
    with pytest.raises(OSError, match="broken") as failed:
        drive(start_flow(call, POLICY), send, state)
    state.annotate(failed.value)
    return failed.value.__notes__


def test_an_unreadable_response_names_what_was_created() -> None:
    flow, _ = created()
    with pytest.raises(UpstreamError) as failed:
        flow.send(V2Response(200, (("Content-Type", "text/html"),), b"<html>"))
    assert failed.value.job_ids == ("m1",)
    assert "check before you send it again" in str(failed.value)


def test_a_connection_that_breaks_before_anything_is_created_adds_no_note() -> None:
    flow, _ = start("POST /media", b"prompt=x")
    with pytest.raises(OSError, match="broken") as failed:
        flow.throw(OSError("broken"))
    assert not hasattr(failed.value, "__notes__")


def test_the_second_call_is_free_and_may_be_tried_twice() -> None:
    flow, _ = start("POST /media", b"prompt=x&visibility_status=0")
    first = flow.send(ok(NEW_MEDIA))
    second = flow.throw(OSError("broken"))
    assert (first.method, first.url, first.body) == (second.method, second.url, second.body)
    assert not first.paid
    response = finish(flow, ok(NEW_MEDIA | {"visibility_status": "0"}))
    assert json.loads(response.body)["data"]["visibility_status"] == "0"
    assert response.notices == ()


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_after_two_failures_the_media_is_returned_with_a_warning(status: int) -> None:
    flow, _ = start("POST /media", b"prompt=x&visibility_status=0")
    flow.send(ok(NEW_MEDIA))
    flow.send(V2Response(status))
    response = finish(flow, V2Response(status))
    assert json.loads(response.body)["data"]["id"] == "media-1"
    (notice,) = response.notices
    assert (notice.kind, notice.field, notice.value) == ("lossy", "visibility_status", "0")
    assert str(status) in notice.text


def test_an_id_that_no_path_can_contain_does_not_lose_the_media() -> None:
    flow, _ = start("POST /media", b"prompt=x&visibility_status=0")
    response = finish(flow, V2Response(200, JSON, b'{"id": "\\ud800"}'))
    assert json.loads(response.body)["data"]["id"] == "\ud800"
    assert [notice.field for notice in response.notices] == ["visibility_status"]


@pytest.mark.parametrize("path", ["/story", "/story/idea-2-video", "/story/url-2-video", "/story/images-2-video"])
@pytest.mark.parametrize("status", [200, 204])
def test_a_story_whose_response_is_empty_may_exist(path: str, status: int) -> None:
    flow, _ = start(f"POST {path}", b"idea=x")
    response = finish(flow, V2Response(status, [], b""))
    assert response.status == status
    (notice,) = response.notices
    assert (notice.kind, notice.text) == (
        "paid",
        f"POST {path}: the server returned {status} without an id. {MAY_EXIST}",
    )


def test_a_step_of_a_story_may_answer_nothing() -> None:
    flow, _ = start("POST /story/s/concat", b"")
    assert finish(flow, V2Response(200, [], b"")).notices == ()


@pytest.mark.parametrize("broken", [True, False])
def test_a_paid_edit_of_several_that_fails_names_what_is_done(broken: bool) -> None:
    flow, first = start("PUT /media/m1+m2/edit", b"prompt=A+dog")
    assert (first.method, first.url, first.paid) == ("GET", f"{HOST}/v2/media/m1?fields=id", False)
    flow.send(ok({"id": "m1"}))
    put = flow.send(ok({"id": "m2"}))
    assert (put.method, put.paid) == ("PUT", True)
    flow.send(ok(NEW_MEDIA | {"id": "m1"}))
    if broken:
        media = (ok({"id": "m1"}), ok({"id": "m2"}), ok(NEW_MEDIA | {"id": "m1"}))
        notes = noted("PUT /media/m1+m2/edit", b"prompt=A+dog", FORM, *media)
        assert notes == ["vimmerse: already created, and paid for: m1", f"vimmerse: {MAY_EXIST}"]
    else:
        response = finish(flow, ok({"message": "m", "code": "INSUFFICIENT_CREDIT"}, status=402))
        payload = json.loads(response.body)
        assert (response.status, payload["message"], payload["created_ids"]) == (402, "INSUFFICIENT_CREDIT", ["m1"])
        assert "m1" in payload["detail"]


def test_a_paid_edit_of_several_one_of_which_is_gone_pays_for_none() -> None:
    flow, _ = start("PUT /media/m1+m2/edit", b"prompt=A+dog")
    flow.send(ok({"id": "m1"}))
    response = finish(flow, ok({"message": "m", "code": "MEDIA_NOT_FOUND"}, status=404))
    assert (response.status, json.loads(response.body)["message"]) == (404, "MEDIA_NOT_FOUND")


def test_a_paid_edit_of_several_is_priced_as_all_of_them() -> None:
    flow, _ = start("PUT /media/m1+m2/edit", b"prompt=A+dog", policy=Policy(max_credits=60))
    flow.send(ok({"id": "m1"}))
    with pytest.raises(CreditLimitError, match="100 credits"):
        flow.send(ok({"id": "m2"}))


def test_a_free_edit_that_fails_half_way_costs_nothing_and_names_nothing() -> None:
    flow, _ = start("PUT /media/m1+m2/edit", b"title=Fox")
    flow.send(ok(NEW_MEDIA | {"id": "m1"}))
    response = finish(flow, ok({"message": "m", "code": "X"}, status=500))
    assert "created_ids" not in json.loads(response.body)


def test_an_edit_of_an_unknown_id_is_v1s() -> None:
    flow, _ = start("PUT /media/m1/edit", b"title=Fox")
    request = flow.send(ok({"message": "m", "code": "MEDIA_NOT_FOUND"}, status=404))
    assert (request.kind, request.body) == ("v1", b"title=Fox")


def test_a_422_keeps_its_details_beside_what_was_created() -> None:
    flow, _ = created()
    wrong = [{"loc": ["body", "title"], "msg": "m"}]
    response = finish(flow, ok({"detail": wrong}, status=422))
    assert json.loads(response.body) == {
        "detail": wrong,
        "created_ids": ["m1"],
        "message": "Already created, and paid for: m1.",
    }


def test_a_detail_that_is_not_text_is_replaced_by_the_created_ids() -> None:
    flow, _ = created()
    response = finish(flow, ok({"detail": {"a": 1}}, status=400))
    assert json.loads(response.body)["detail"] == "Already created, and paid for: m1."


def test_audio_of_the_media_and_of_submit_params_is_one() -> None:
    """A flow for several motions keeps what belongs to all of them."""
    body = json.dumps(
        {"pose_preset": [{"MotionType": "Auto"}, {"MotionType": "Vidu"}], "submit_params": {"sound_effects": "Yes"}}
    ).encode()
    flow, first = start("POST /media/prompt", body, JSON)
    second = flow.send(ok(NEW_MEDIA))
    assert isinstance(first.body, bytes)
    assert isinstance(second.body, bytes)
    assert json.loads(first.body) == {"audio_option": {"native_audio": True}, "video_tool": "Auto"}
    assert json.loads(second.body) == {"audio_option": {"native_audio": True}, "video_tool": "Vidu"}


def test_a_response_that_can_not_be_serialised_names_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python reads a little deeper than it writes; see test_responses.py for the real thing."""

    def too_deep(encoder: json.JSONEncoder, value: Any) -> str:
        raise RecursionError

    flow, _ = start("POST /media", b"prompt=x")
    response = ok(NEW_MEDIA)
    monkeypatch.setattr(json.JSONEncoder, "encode", too_deep)
    with pytest.raises(UpstreamError, match="nested too deeply") as failed:
        flow.send(response)
    assert failed.value.job_ids == ("media-1",)


def test_an_error_that_can_not_be_serialised_names_no_id(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_deep(encoder: json.JSONEncoder, value: Any) -> str:
        raise RecursionError

    flow, _ = start("GET /story/s-1")
    response = ok({"code": "X"}, status=500)
    monkeypatch.setattr(json.JSONEncoder, "encode", too_deep)
    with pytest.raises(UpstreamError, match="nested too deeply") as failed:
        flow.send(response)
    assert failed.value.job_ids == ()


# Downloads


def downloading(result: str, headers: Pairs = (), policy: Policy = POLICY) -> tuple[Flow, V2Request]:
    """A download whose media has this result."""
    flow = start_flow(V1Request("GET", f"{HOST}/media/m-1/download", headers), policy)
    next(flow)
    return flow, flow.send(ok(NEW_MEDIA | {"processing_status": "success", "result": [result]}))


def test_a_result_host_gets_only_the_headers_about_the_file() -> None:
    sent = (
        ("Range", "bytes=0-9"),
        ("User-Agent", "mine"),
        ("X-Api-Key", "k"),
        ("Cookie", "a=b"),
        ("Authorization", "Basic x"),
        ("X-Trace", "1"),
    )
    flow, request = downloading("https://videos.example/a.mp4", sent, Policy(api_key="the-configured-key"))
    assert request.kind == "file"
    assert request.stream
    assert request.headers == sent[:2]
    native = object()
    response = V2Response(206, (("Content-Range", "bytes 0-9/99"), ("Set-Cookie", "c=d"), ("ETag", "x")), b"", native)
    v1_response = finish(flow, response)
    assert (v1_response.status, v1_response.native) == (206, native)
    assert v1_response.headers == (("Content-Range", "bytes 0-9/99"), ("ETag", "x"))


@pytest.mark.parametrize(
    ("status", "header"), [(206, ("Range", "bytes=0-9")), (304, ("If-None-Match", '"x"')), (416, ("Range", "bytes=9-"))]
)
def test_partial_content_only_for_a_caller_who_requested_it(status: int, header: tuple[str, str]) -> None:
    """Otherwise a program that saves the response would treat it as the complete file."""
    response = V2Response(status, (("Content-Range", "bytes 0-9/*"),), b"", object())
    for headers in ((), (("Range" if status == 304 else "If-None-Match", "x"),)):
        flow, _ = downloading("https://videos.example/a.mp4", headers)
        v1_response = finish(flow, response)
        assert v1_response.status == (416 if status == 416 else 502)
        assert v1_response.native is None
        assert "although the whole file was requested" in json.loads(v1_response.body)["detail"]
    flow, _ = downloading("https://videos.example/a.mp4", (header,))
    assert finish(flow, response).status == status


def test_a_result_without_a_host_lies_at_the_base_url() -> None:
    _, request = downloading("/files/a.mp4")
    assert (request.url, request.kind) == (f"{HOST}/files/a.mp4", "file")
    assert "x-api-key" not in names(request.headers)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://videos.example/a.mp4",
        "http:///a.mp4",
        "data:,x",
        "https://[::1/a.mp4",
        "https://videos.example:port/a.mp4",
        f"https://{'ü' * 80}.example/a.mp4",
        pytest.param(f"https://videos.example/{'a' * 70_000}.mp4", id="too long"),
    ],
)
def test_a_result_that_is_not_a_web_address_is_not_requested(url: str) -> None:
    flow = start_flow(V1Request("GET", f"{HOST}/media/m-1/download"), POLICY)
    next(flow)
    with pytest.raises(UpstreamError, match="not an http or https URL"):
        flow.send(ok(NEW_MEDIA | {"result": [url]}))


def test_a_host_name_is_matched_regardless_of_case() -> None:
    _, request = downloading("https://vidéos.example/a.mp4")
    assert request.url == "https://vidéos.example/a.mp4"


def test_a_redirect_to_something_else_is_not_followed() -> None:
    flow, _ = downloading("https://videos.example/a.mp4")
    with pytest.raises(UpstreamError, match="not an http or https URL"):
        flow.send(V2Response(302, (("location", "file:///etc/passwd"),)))


def test_redirects_end() -> None:
    flow, _ = downloading("https://videos.example/0")
    for step in range(1, MAX_REDIRECTS + 1):
        request = flow.send(V2Response(307, (("Location", f"/{step}"),)))
        assert request.url == f"https://videos.example/{step}"
    response = finish(flow, V2Response(307, (("Location", "/one-more"),)))
    assert (response.status, json.loads(response.body)["code"]) == (502, "FILE_NOT_AVAILABLE")


def test_a_redirect_that_names_no_place_ends() -> None:
    flow, _ = downloading("https://videos.example/0")
    request = flow.send(V2Response(302))
    assert request.url == "https://videos.example/0"


@pytest.mark.parametrize("result", [{"size": 1}, {"url": ""}, {"url": 7}, 7, None])
def test_a_result_without_a_url_is_none(result: Any) -> None:
    flow, _ = start("GET /media/m-1/download")
    response = finish(flow, ok(NEW_MEDIA | {"processing_status": "success", "result": [result]}))
    assert (response.status, json.loads(response.body)["message"]) == (400, "BAD_REQUEST")


# The generator


def test_it_is_not_a_v1_call() -> None:
    with pytest.raises(ValueError, match=r"GET https://example\.com/v2/media/m-1 is not a v1"):
        translate_request("GET", "https://example.com/v2/media/m-1?secret=1", policy=POLICY)


def test_a_rejection_comes_before_anything_is_sent() -> None:
    with pytest.raises(StrictModeError) as caught:
        start("POST /story", b"seed=1", policy=Policy(mode="strict"))
    assert (caught.value.operation, caught.value.field, caught.value.status) == ("POST /story", "seed", 400)
    assert isinstance(caught.value, TranslationError)


def test_a_flow_may_be_abandoned() -> None:
    flow, _ = start("POST /media", b"prompt=x")
    flow.close()
    with pytest.raises(StopIteration):
        next(flow)


def test_a_request_is_free_by_default() -> None:
    assert not V2Request("GET", HOST).paid


def test_a_body_is_compact_ascii_and_strict_json() -> None:
    value = {"text": 'a "ü" \u2028', "list": [1, 2.5, None, True], "empty": {}}
    assert to_json(value) == json.dumps(value, separators=(",", ":")).encode("ascii")
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json(float("nan"))
