"""Calls to the API that are not v1 calls: where they go, what changes in them, and what they may cost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vimmerse.compat.core.errors import CreditLimitError
from vimmerse.compat.core.messages import Pairs, V1Request, V1Response, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.routing import find_v1_call

from tests.cases.flow import is_api_call, start_flow
from tests.cases.rows import NEW_MEDIA, NEW_STORY

API = "https://api.vimmerse.net"
LOCAL = Policy(base_url="http://127.0.0.1:9999/em", api_key="the-configured-key")
JSON: Pairs = (("Content-Type", "application/json"),)
KEY: Pairs = (("X-Api-Key", "the-callers-own-key"),)


def first(line: str, body: bytes = b"", headers: Pairs = JSON, policy: Policy = LOCAL) -> V2Request:
    method, _, url = line.partition(" ")
    return next(start_flow(V1Request(method, url if "://" in url else API + url, headers, body), policy))


def ended(request: V1Request, *responses: V2Response, policy: Policy = LOCAL) -> V1Response:
    flow = start_flow(request, policy)
    next(flow)
    for each in responses[:-1]:
        flow.send(each)
    with pytest.raises(StopIteration) as end:
        flow.send(responses[-1])
    response = end.value.value
    assert isinstance(response, V1Response)
    return response


@pytest.mark.parametrize(
    "url",
    [
        f"{API}/image/text-2-image?a=%7e&b=",
        "http://api.vimmerse.net:8080/image/text-2-image?a=%7e&b=",
        "https://API.Vimmerse.NET./image/text-2-image?a=%7e&b=",
        "https://user:pass@api.vimmerse.net/image/text-2-image?a=%7e&b=",
        "http://127.0.0.1:9999/em/image/text-2-image?a=%7e&b=",
        "http://127.0.0.1:9999/%65m/image/text-2-image?a=%7e&b=",
    ],
)
def test_a_call_is_sent_to_the_base_url_and_is_otherwise_unchanged(url: str) -> None:
    headers = (*JSON, ("Host", "api.vimmerse.net"), ("Connection", "Upgrade"), ("X-Trace", "1"), ("X-Trace", "2"))
    request = first(f"PATCH {url}", b'{"a": 1}', headers)
    assert (request.method, request.url) == ("PATCH", "http://127.0.0.1:9999/em/image/text-2-image?a=%7e&b=")
    assert request.body == b'{"a": 1}'
    assert request.headers == tuple(pair for pair in headers if pair[0] != "Host")  # and no key of the policy's
    assert (request.kind, request.stream, request.notices) == ("other", True, ())


@pytest.mark.parametrize(
    "url",
    [
        "https://api.vimmerse.net.evil.example/media/m",
        "https://evil.example/api.vimmerse.net",
        "https://api.vimmerse.net@evil.example/media/m",
        "https://evil.example/?u=https://api.vimmerse.net/",
        "https://evil.example#@api.vimmerse.net/media/m",
        "http://127.0.0.1:9998/em/media/m",
        "http://127.0.0.1:9999/media/m",
        "http://127.0.0.1:9999/emu/media/m",
        "ftp://api.vimmerse.net/media/m",
        "//api.vimmerse.net/media/m",
        "https://api.vimmerse.net:port/media/m",
        "https://api.vimmerse.net:1234567/media/m",
        "",
    ],
)
def test_other_urls_are_not_the_apis(url: str) -> None:
    assert not is_api_call("GET", url, LOCAL)


def test_an_escaped_path_of_v1_is_v1s_and_one_with_an_empty_step_is_not() -> None:
    for path in ("/%73tory/idea-2-video", "/story/%69dea-2-video/", "/st%6Fry/idea%2D2-video"):
        call = find_v1_call("POST", API + path, LOCAL)
        assert call is not None
        assert call.operation.v1 == "POST /story/idea-2-video"
    for path in ("//story/idea-2-video", "/story//idea-2-video", "/story%2Fidea-2-video", "/%2573tory", "/v2/story"):
        assert find_v1_call("POST", API + path, LOCAL) is None
        assert is_api_call("POST", API + path, LOCAL)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("headers", "body", "follows"),
    [(KEY, b"", False), ((), b"x", False), ((("Cookie", "a=b"),), b"", False), ((), b"", True)],
)
@pytest.mark.parametrize("path", ["/workflow", "/media"])
def test_no_redirect_is_followed_with_a_key_or_a_body(
    path: str, headers: Pairs, body: bytes, follows: bool, status: int
) -> None:
    form = (("Content-Type", "application/x-www-form-urlencoded"),)
    body = body and b"motion_type=Parallax"
    method = "POST" if path == "/media" and body else "GET"
    url = f"{API}{path}" if path == "/workflow" or body else f"{API}/media/m/download?object_type=gif"
    response = ended(
        V1Request(method, url, (*headers, *form), body),
        V2Response(status, (("Location", "https://evil.example/"), ("X-A", "1")), b"", native := object()),
        policy=Policy(),
    )
    assert response.status == status
    named = [name.lower() for name, _ in response.headers]
    if follows:
        assert response.native is native
        assert "location" in named
    else:
        assert response.native is None
        assert "location" not in named
        assert json.loads(response.body)["code"] == "UNEXPECTED_REDIRECT"


def test_a_response_that_is_not_a_redirect_is_returned() -> None:
    for status in (200, 201, 304, 401, 500):
        native = object()
        given = V2Response(status, (("ETag", "x"),), b"", native)
        response = ended(V1Request("GET", f"{API}/workflow/w", KEY), given)
        assert (response.status, tuple(response.headers), response.native) == (status, (("ETag", "x"),), native)


# Limits

LIMITED = LOCAL.replace(max_credits=149)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "DELETE", "get"])
def test_what_is_safe_is_not_priced(method: str) -> None:
    assert first(f"{method} /image/text-2-image", policy=LIMITED).kind == "other"


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("POST /image/text-2-image", {"prompt": "x"}),
        ("POST //story/idea-2-video", {}),
        ("POST /v2//media", {}),
        ("POST /V2/media", {}),
        ("PATCH /media/m", {}),
        ("CONNECT /", {}),
        ("TRACE /media", {}),
        ("POST /v2/story/idea-2-video", {"idea": "x"}),
        ("POST /%762/story/idea-2-video/", {"idea": "x"}),
        ("post /v2/story/url-2-video", {"idea": "x"}),
        ("POST /v2/media", {"quantity": "4"}),
        ("POST /v2/media", {"quantity": 2, "audio_option": {"native_audio": 1}}),
        ("POST /v2/media", {"quantity": "many"}),
        ("POST /v2/media", {"duration": 0}),
        ("POST /v2/media", {"audio_option": "loud"}),
        ("POST /v2/story/images-2-video", {"image_urls": "https://i.example/1.png"}),
    ],
)
def test_calls_that_are_too_expensive_or_unknown_are_rejected(line: str, body: dict[str, Any]) -> None:
    with pytest.raises(CreditLimitError):
        first(line, json.dumps(body).encode(), policy=LIMITED)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'{"prompt": "x", "seed": NaN}', JSON),
        (b'{"prompt": "x"}', (("Content-Type", "text/json"),)),
        (b'{"prompt": "x"}', (*JSON, ("Content-Encoding", "gzip"))),
        (b"prompt=x", (("Content-Type", "application/x-www-form-urlencoded"),)),
        (b"[]", JSON),
    ],
)
def test_what_can_not_be_read_can_not_be_priced(body: bytes, headers: Pairs) -> None:
    with pytest.raises(CreditLimitError, match="is unknown"):
        first("POST /v2/media", body, headers, Policy(max_credits=1e9))


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("POST /v2/media", {"prompt": "x", "quantity": 2}),
        ("POST /v2/story", {"idea": "x"}),
        ("POST /v2/story/s/elements", {}),
        ("POST /v2/story/s/concat", {}),
        ("PUT /v2/media/m", {"title": "x"}),
        ("POST /v2/image", {}),
    ],
)
def test_what_is_below_the_limit_passes(line: str, body: dict[str, Any]) -> None:
    assert first(line, json.dumps(body).encode(), policy=LIMITED).kind == "other"


def test_missing_values_are_looked_up_with_the_callers_own_key() -> None:
    request = V1Request("PUT", f"{API}/v2/media/m%201", (*KEY, *JSON), b'{"prompt": "x"}')
    flow = start_flow(request, LIMITED)
    lookup = next(flow)
    assert (lookup.method, lookup.url, lookup.paid) == ("GET", "http://127.0.0.1:9999/em/v2/media/m%201", False)
    assert [value for name, value in lookup.headers if name == "X-Api-Key"] == ["the-callers-own-key"]
    dear = NEW_MEDIA | {"pose_preset": {"motion_type": "Auto", "quantity": 4, "motion_length": 5}}
    with pytest.raises(CreditLimitError, match="200"):
        flow.send(V2Response(200, JSON, json.dumps(dear).encode()))
    flow = start_flow(request, LIMITED)
    next(flow)
    assert flow.send(V2Response(200, JSON, json.dumps(NEW_MEDIA).encode())).body == b'{"prompt": "x"}'
    flow = start_flow(request, LIMITED)
    next(flow)
    with pytest.raises(CreditLimitError, match="404"):
        flow.send(V2Response(404))


def test_the_scenes_of_v2s_step_3_are_looked_up() -> None:
    request = V1Request("POST", f"{API}/v2/story/s/videos", JSON, b"{}")
    story = NEW_STORY | {"storyboard": {"scenes": [{}] * 5}}
    flow = start_flow(request, LIMITED)
    assert next(flow).url.endswith("/em/v2/story/s")
    with pytest.raises(CreditLimitError, match="500"):  # native audio, as far as v2's response shows
        flow.send(V2Response(200, JSON, json.dumps(story).encode()))
