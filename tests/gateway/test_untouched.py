"""Requests that are not v1 calls are passed through unchanged: method, path, query, headers, bodies."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator

import pytest
from vimmerse.compat.core.errors import CreditLimitError
from vimmerse.compat.core.messages import V1Request
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.gateway import app
from vimmerse.compat.gateway.config import GatewayConfig

from tests.gateway.serving import RawApi, ReceivedRequest, Running, http_response, serving

OWNER = "key-of-the-owner-0123456789"


def handler(received: ReceivedRequest, sock: socket.socket) -> bytes:
    if received.line.startswith(b"HEAD"):
        return b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"
    if b"cookies" in received.line:
        return http_response(
            b"{}", headers=b"Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Own: \xe9\r\nConnection: X-Hop\r\nX-Hop: 1\r\n"
        )
    if b"gzip" in received.line:
        return http_response(gzip.compress(b"hello", mtime=0), headers=b"Content-Encoding: gzip\r\n")
    if b"chunked" in received.line:
        return b"HTTP/1.1 207 Odd\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    if b"redirect" in received.line:
        return http_response(b"", b"302 Found", b"Location: https://elsewhere.example/x\r\n")
    if b"empty" in received.line:
        return b"HTTP/1.1 204 No Content\r\n\r\n"
    return http_response(b'{"id": "new-1"}')


@pytest.fixture(scope="module")
def shared_api() -> Iterator[RawApi]:
    with RawApi(handler) as api:
        yield api


@pytest.fixture
def api(shared_api: RawApi) -> RawApi:
    shared_api.requests.clear()
    return shared_api


@pytest.fixture(scope="module")
def through(shared_api: RawApi) -> Iterator[Running]:
    with serving(Policy(base_url=shared_api.base_url, api_key=OWNER)) as running:
        yield running


def ask(through: Running, line: bytes, headers: bytes = b"", body: bytes = b"") -> bytes:
    return through.raw(line + b" HTTP/1.1\r\nHost: gateway.test\r\nConnection: close\r\n" + headers + b"\r\n" + body)


@pytest.mark.parametrize(
    "target",
    [
        b"/",
        b"/v2/story/abc?x=1&x=2&y",
        b"/image/a%2Fb%2fc/../d/./e",
        b"//elsewhere.example/story",
        b"/@elsewhere.example/",
        b"/%C3%A9?q='%22\"{}|^`",
        b"/a;b=c,d:e+f%20g",
        b"/..%2f..%5c..",
        b"/storyboard",
        b"/story/..",
        b"/story/a%2Fb",
        b"/media/%2e%2e/processing-status",
        b"/healthz/",
        b"/%0d%0aX-Evil:%201",
    ],
)
def test_the_target_is_forwarded_byte_for_byte(through: Running, api: RawApi, target: bytes) -> None:
    assert ask(through, b"GET " + target).startswith(b"HTTP/1.1 200")
    assert api.requests[0].line == b"GET " + target + b" HTTP/1.1"
    assert api.requests[0].header(b"host") == [f"127.0.0.1:{api.port}".encode()]


@pytest.mark.parametrize("method", [b"GET", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS", b"PURGE", b"get"])
def test_any_method_is_forwarded(through: Running, api: RawApi, method: bytes) -> None:
    assert ask(through, method + b" /v2/story/abc").startswith(b"HTTP/1.1 200")
    assert api.requests[0].line == method + b" /v2/story/abc HTTP/1.1"


def test_head_of_a_v1_path_is_forwarded(through: Running, api: RawApi) -> None:
    response = ask(through, b"HEAD /story/abc")
    assert response.startswith(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n")
    assert response.endswith(b"\r\n\r\n")
    assert b"\r\ndeprecation: @" in response
    assert api.requests[0].line == b"HEAD /story/abc HTTP/1.1"


def test_headers_are_forwarded_in_order_except_hop_by_hop_headers(through: Running, api: RawApi) -> None:
    given = (
        b"X-One: 1\r\nCookie: a=1\r\nX-One: 2\r\nX-Bytes: \xe9\xff\r\nTE: trailers\r\nKeep-Alive: 5\r\n"
        b"Authorization: Bearer mine\r\nProxy-Connection: x\r\nOrigin: https://page.example\r\n"
    )
    ask(through, b"GET /other", given)
    sent = [(name.lower(), value) for name, value in api.requests[0].headers]
    assert sent == [
        (b"host", f"127.0.0.1:{api.port}".encode()),
        (b"x-one", b"1"),
        (b"cookie", b"a=1"),
        (b"x-one", b"2"),
        (b"x-bytes", b"\xe9\xff"),
        (b"authorization", b"Bearer mine"),
        (b"origin", b"https://page.example"),
    ]


def test_headers_named_by_connection_are_not_forwarded(through: Running, api: RawApi) -> None:
    through.raw(b"GET /other HTTP/1.1\r\nHost: g\r\nConnection: close, X-Mine\r\nX-Mine: 1\r\nX-Yours: 2\r\n\r\n")
    assert api.requests[0].header(b"x-mine") == []
    assert api.requests[0].header(b"x-yours") == [b"2"]


def test_the_owner_s_key_is_not_added(through: Running, api: RawApi) -> None:
    ask(through, b"GET /v2/media/abc")
    assert api.requests[0].header(b"x-api-key") == []


def test_a_body_with_its_length(through: Running, api: RawApi) -> None:
    body = bytes(range(256)) * 1000
    ask(through, b"POST /image/x", b"Content-Type: odd/\xe9\r\nContent-Length: 256000\r\n", body)
    assert api.requests[0].body == body
    assert api.requests[0].header(b"content-length") == [b"256000"]
    assert api.requests[0].header(b"content-type") == [b"odd/\xe9"]


def test_a_chunked_body_stays_chunked(through: Running, api: RawApi) -> None:
    ask(through, b"POST /image/x", b"Transfer-Encoding: chunked\r\n", b"3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n")
    assert api.requests[0].body == b"abcd"
    assert api.requests[0].header(b"transfer-encoding") == [b"chunked"]


def test_duplicate_response_headers_and_bytes_are_kept(through: Running, api: RawApi) -> None:
    head = ask(through, b"GET /cookies").split(b"\r\n\r\n")[0].split(b"\r\n")
    assert head[1:] == [
        b"Set-Cookie: a=1",
        b"Set-Cookie: b=2",
        b"X-Own: \xe9",
        b"Content-Length: 2",
        b"Connection: close",
    ]


def test_a_compressed_response_is_not_decompressed(through: Running, api: RawApi) -> None:
    head, _, body = ask(through, b"GET /gzip", b"Accept-Encoding: br\r\n").partition(b"\r\n\r\n")
    assert body == gzip.compress(b"hello", mtime=0)
    assert b"Content-Encoding: gzip" in head
    assert api.requests[0].header(b"accept-encoding") == [b"br"]


def test_a_chunked_response_with_an_unusual_status(through: Running, api: RawApi) -> None:
    head, _, body = ask(through, b"GET /chunked").partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 207 ")
    assert body == b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"


def test_redirects_are_forwarded(through: Running, api: RawApi) -> None:
    response = ask(through, b"GET /redirect")
    assert response.startswith(b"HTTP/1.1 302")
    assert b"Location: https://elsewhere.example/x" in response
    assert len(api.requests) == 1


def test_no_content(through: Running, api: RawApi) -> None:
    assert ask(through, b"DELETE /empty") == b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


def test_connections_to_the_api_are_reused(through: Running, api: RawApi) -> None:
    ask(through, b"GET /one")
    before = api.connections
    for _ in range(5):
        ask(through, b"GET /more")
    assert api.connections == before


def test_preflight_requests_are_forwarded(through: Running, api: RawApi) -> None:
    ask(
        through, b"OPTIONS /story/idea-2-video", b"Origin: https://a.example\r\nAccess-Control-Request-Method: POST\r\n"
    )
    assert api.requests[0].line == b"OPTIONS /story/idea-2-video HTTP/1.1"
    assert api.requests[0].header(b"access-control-request-method") == [b"POST"]


def test_the_line_in_the_log_has_a_template(through: Running, api: RawApi) -> None:
    ask(through, b"POST /v2/story/9f1c-secret-77/scenes?token=hush", b"X-Api-Key: hush-hush\r\n")
    line = through.access_log.find(path="/v2/story/{}/scenes", kind="untouched")
    assert line["calls"] == ["POST /v2/story/{}/scenes 200"]
    assert line["ids"] == ["new-1"]
    assert "hush" not in through.access_log.text
    assert "secret" not in through.access_log.text


@pytest.mark.parametrize(
    "line",
    [
        b"GET http://elsewhere.example/story",
        b"GET https://127.0.0.1/story",
        b"OPTIONS *",
        b"CONNECT elsewhere.example:443",
        b"GET @elsewhere.example/",
        b"GET :8000/",
        b"GET ?x",
        b"GET /story#part",
        b"GET /story?a#b",
    ],
)
def test_targets_of_other_hosts_are_rejected(through: Running, api: RawApi, line: bytes) -> None:
    assert ask(through, line).startswith(b"HTTP/1.1 400 ")
    assert api.requests == []


@pytest.mark.parametrize(
    "request_",
    [
        b"POST /x HTTP/1.1\r\nHost: g\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: g\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"POST /x HTTP/1.1\r\nHost: g\r\nContent-Length: +3\r\n\r\nabc",
        b"GET /x HTTP/1.1\r\nHost: g\r\nX: a\rb\r\n\r\n",
        b"GET /x HTTP/1.1\r\nHost: g\r\nX : a\r\n\r\n",
        b"GET /x HTTP/1.1\r\nHost: g\r\nHost: h\r\n\r\n",
        b"GET /\xc3\xa9 HTTP/1.1\r\nHost: g\r\n\r\n",
        b"no http at all\r\n\r\n",
    ],
)
def test_ambiguous_requests_are_rejected(through: Running, api: RawApi, request_: bytes) -> None:
    response = through.raw(request_)
    assert response.startswith(b"HTTP/1.1 400 ")
    assert b'"message": ' in response
    assert api.requests == []


def test_the_host_header_is_ignored(through: Running, api: RawApi) -> None:
    response = through.raw(
        b"GET /v2/x HTTP/1.1\r\nHost: api.vimmerse.net\r\nX-Forwarded-Host: evil\r\nConnection: close\r\n\r\n"
    )
    assert response.startswith(b"HTTP/1.1 200")
    assert api.requests[0].header(b"host") == [f"127.0.0.1:{api.port}".encode()]


def test_a_base_url_with_a_path(shared_api: RawApi, api: RawApi) -> None:
    policy = Policy(base_url=f"{shared_api.base_url}/proxy/vimmerse", api_key=OWNER)
    with serving(policy, GatewayConfig(notice_header=False)) as through:
        assert ask(through, b"GET /v2/x?y").startswith(b"HTTP/1.1 200")
        translated = ask(through, b"GET /story/abc")
        for path in (b"/../x", b"/a/%2e%2E/b", b"/a\\..\\b", b"/a%5C..%2fb", b"/.."):
            assert ask(through, b"GET " + path).startswith(b"HTTP/1.1 400 ")
    assert [received.line for received in api.requests] == [
        b"GET /proxy/vimmerse/v2/x?y HTTP/1.1",
        b"GET /proxy/vimmerse/v2/story/abc HTTP/1.1",
    ]
    assert b'{"data":{"id":"new-1"' in translated
    assert b"x-vimmerse-notice" not in translated.lower()


@pytest.mark.parametrize("path", [b"/image/x", b"/story"])
@pytest.mark.parametrize(
    "name",
    [
        *(b"Content-Length", b"content-type", b"Transfer-Encoding", b"Host", b"X-Api-Key", b"Authorization", b"Cookie"),
        *(b"X-Gateway-Token", b"Content-Encoding", b"X-Forwarded-For", b"Via", b"Range", b"Idempotency-Key"),
    ],
)
def test_connection_can_t_name_required_headers(through: Running, api: RawApi, path: bytes, name: bytes) -> None:
    """``Connection: Content-Length`` would forward a request without its body."""
    response = through.raw(
        b"POST "
        + path
        + b" HTTP/1.1\r\nHost: g\r\nConnection: close , "
        + name
        + b"\r\nContent-Length: 6\r\n\r\nidea=x"
    )
    assert response.startswith(b"HTTP/1.1 400 ")
    assert b'"code": "BAD_REQUEST"' in response
    assert api.requests == []


def test_nor_can_a_response_s_connection() -> None:
    def malformed(received: ReceivedRequest, sock: socket.socket) -> bytes:
        headers = b"Content-Type: text/x\r\nConnection: content-length, content-type, x-hop\r\nX-Hop: 1\r\n"
        return http_response(b"hello", headers=headers)

    with RawApi(malformed) as api, serving(Policy(base_url=api.base_url)) as running:
        head, _, body = ask(running, b"GET /other").partition(b"\r\n\r\n")
    assert b"Content-Length: 5" in head
    assert b"Content-Type: text/x" in head
    assert b"X-Hop" not in head
    assert body == b"hello"


@pytest.mark.parametrize(
    ("line", "headers", "body"),
    [
        (b"GET /redirect", b"X-Api-Key: hush\r\n", b""),
        (b"GET /redirect", b"Authorization: Bearer hush\r\n", b""),
        (b"GET /redirect", b"Cookie: hush\r\n", b""),
        (b"GET /redirect", b"X-Gateway-Token: hush\r\n", b""),
        (b"GET /redirect", b"X-Session-Token: hush\r\n", b""),
        (b"POST /redirect", b"Content-Length: 4\r\n", b"hush"),
        (b"POST /redirect", b"Transfer-Encoding: chunked\r\n", b"4\r\nhush\r\n0\r\n\r\n"),
    ],
)
def test_redirects_of_requests_with_a_key_or_a_body_are_not_forwarded(
    through: Running, api: RawApi, line: bytes, headers: bytes, body: bytes
) -> None:
    response = ask(through, line, headers, body)
    assert response.startswith(b"HTTP/1.1 302 ")
    assert b"location" not in response.lower()
    assert b"elsewhere.example" not in response
    assert b'"code": "UNEXPECTED_REDIRECT"' in response
    assert len(api.requests) == 1


PASSED_ON = (
    b" HTTP/1.1\r\nHost: g\r\nConnection: close\r\nX-Api-Key: hush-hush\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 29\r\n\r\nprompt=x&motion_type=Parallax"
)


@pytest.mark.parametrize("limit", [None, 1e6])
def test_no_status_redirects_a_key(limit: float | None) -> None:
    """``curl -L`` follows any 3xx with a Location, and sends its own headers there."""
    status = 0

    def handler(received: ReceivedRequest, sock: socket.socket) -> bytes:
        return http_response(
            b"" if status == 304 else b"{}", b"%d X" % status, b"Location: http://elsewhere.example/\r\n"
        )

    policy = Policy(base_url="http://127.0.0.1:1", api_key=None, max_credits=limit)
    with RawApi(handler) as api, serving(policy.replace(base_url=api.base_url)) as running:
        for status in (300, 301, 302, 303, 304, 305, 306, 307, 308, 399):
            for line in (b"POST /media", b"PUT /story/x", b"GET /media/x", b"POST /v2/media", b"GET /workflow"):
                assert b"elsewhere.example" not in running.raw(line + PASSED_ON), (status, line)


def test_a_credit_limit_applies_to_requests_that_may_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads, and all calls without a limit, are streamed."""
    decided: list[str] = []

    def reject(request: V1Request, policy: Policy) -> Iterator[object]:
        decided.append(f"{request.method} {request.url.rpartition('/')[2]}")
        raise CreditLimitError("too dear", operation="POST /v2/story")
        yield

    monkeypatch.setattr(app, "begin", reject)
    with RawApi(handler) as api:
        with serving(Policy(base_url=api.base_url, max_credits=5)) as running:
            rejected = ask(running, b"POST /v2/story", b"Content-Length: 2\r\n", b"{}")
            assert ask(running, b"GET /v2/other").startswith(b"HTTP/1.1 200")
            line = running.access_log.find(path="/v2/story")
        with serving(Policy(base_url=api.base_url)) as running:
            assert ask(running, b"POST /v2/free", b"Content-Length: 2\r\n", b"{}").startswith(b"HTTP/1.1 200")
        assert [received.line for received in api.requests] == [b"GET /v2/other HTTP/1.1", b"POST /v2/free HTTP/1.1"]
    assert rejected.startswith(b"HTTP/1.1 402 ")
    assert (line["kind"], line["error"]) == ("untouched", "CREDIT_LIMIT")
    assert decided == ["POST story"]


def test_a_method_override_does_not_bypass_the_limit() -> None:
    with RawApi(handler) as api:
        with serving(Policy(base_url=api.base_url, max_credits=5)) as running:
            rejected = ask(running, b"GET /v2/story/idea-2-video", b"X-HTTP-Method-Override: POST\r\n")
            assert ask(running, b"GET /v2/story/x", b"X-HTTP-Method-Override: GET\r\n").startswith(b"HTTP/1.1 200")
        assert [received.line for received in api.requests] == [b"GET /v2/story/x HTTP/1.1"]
    assert rejected.startswith(b"HTTP/1.1 402 ")
