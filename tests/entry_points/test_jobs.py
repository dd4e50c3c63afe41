"""The jobs that responses to paid requests name."""

from __future__ import annotations

import pytest
from vimmerse.compat.core.messages import V2Request, V2Response
from vimmerse.compat.runtime.driver import Exchange
from vimmerse.compat.runtime.job_ids import created_ids, may_have_created

BASE = "https://proxy.example/api"


@pytest.mark.parametrize(
    ("method", "path", "status", "body", "ids", "unsure"),
    [
        ("POST", "/v2/media", 200, b'{"id": "m1"}', ("m1",), False),
        ("POST", "/v2/media", 201, b'{"data": {"id": "m1"}}', ("m1",), False),
        ("POST", "/media", 200, b'{"data": {"data": {"id": 7}}}', ("7",), False),
        ("POST", "/v2/media", 200, b'\xef\xbb\xbf{"id": "m1"}', ("m1",), False),
        ("POST", "/v2/media", 200, b'{"id": ""}', (), True),
        ("POST", "/v2/media", 200, b'{"id": true}', (), True),
        ("POST", "/v2/media", 200, b'{"id": ["m1"]}', (), True),
        ("POST", "/v2/media", 200, b'["m1"]', (), True),
        ("POST", "/v2/media", 200, b"<html>", (), True),
        ("POST", "/v2/media", 204, b"", (), True),
        ("POST", "/v2/media", 200, b"[" * 100_000, (), True),
        ("POST", "/media/upload", 200, b"{}", (), True),
        ("POST", "/v2/story/idea-2-video", 200, b"{}", (), True),
        ("POST", "/v2/story/s%201/scenes", 200, b"{}", ("s 1",), False),
        ("POST", "/story/s1/concat/", 200, b"", ("s1",), False),
        ("POST", "/media/m1/process", 200, b"null", ("m1",), False),
        ("PUT", "/v2/media/m1", 200, b"{}", ("m1",), False),
        ("PATCH", "/v2/media/m1?x=y", 200, b"{}", ("m1",), False),
        ("PUT", "/media/m1+m2/edit", 200, b"{}", ("m1+m2",), False),
        ("POST", "/v2/media", 402, b'{"id": "m1"}', (), False),
        ("POST", "/v2/media", 429, b'{"id": "m1"}', (), False),
        ("POST", "/v2/media", 307, b"", (), False),
        ("POST", "/v2/media", 503, b'{"id": "m1"}', (), True),
    ],
)
def test_jobs_in_a_response(
    method: str, path: str, status: int, body: bytes, ids: tuple[str, ...], unsure: bool
) -> None:
    free = Exchange(V2Request(method, BASE + path), V2Response(status, (), body))
    paid = Exchange(V2Request(method, BASE + path, paid=True), V2Response(status, (), body))
    assert (created_ids([free]), may_have_created([free])) == ((), False)
    assert (created_ids([free, paid]), may_have_created([free, paid])) == (ids, unsure)
    assert created_ids([paid, paid]) == ids, "each once"
