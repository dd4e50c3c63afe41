"""What schemathesis found in the emulator (``scripts/fuzz schemas``), and malformed bodies at both servers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from vimmerse.compat import Policy
from vimmerse.emulator import AT_ONCE, Emulator

from tests.gateway.serving import serving

pytestmark = pytest.mark.slow

HEADERS = {"X-Api-Key": "key-of-the-schemas-0123456789"}


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(transition=AT_ONCE) as running:
        yield running


@pytest.fixture(scope="module")
def gateway(emulator: Emulator) -> Iterator[str]:
    with serving(Policy(base_url=emulator.base_url)) as running:
        yield running.base_url


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v2/media", {"prompt": "x", "quantity": 2.0, "duration": 5.0, "loop": 1.0}),
        ("/v2/story", {"idea": "x", "scene_count": 2.0}),
        ("/v2/story/idea-2-video", {"idea": "x", "scene_count": 2.0, "scene_duration": 5.0}),
    ],
)
def test_an_integer_may_be_written_with_a_decimal_point(emulator: Emulator, path: str, body: dict[str, Any]) -> None:
    """JSON Schema's integers are those without a fraction, however they are written."""
    assert httpx.post(emulator.base_url + path, json=body, headers=HEADERS).status_code == 200


@pytest.mark.parametrize("path", ["/v2/story", "/v2/story/idea-2-video", "/story", "/story/idea-2-video"])
def test_a_count_without_bounds_is_refused(path: str) -> None:
    """At once: while a million scenes are created, no other client is served. (So the test has its own emulator.)"""
    body = {"idea": "x", "scene_count": 1_000_000}
    with Emulator() as emulator:
        if path.startswith("/v2"):
            response = httpx.post(emulator.base_url + path, headers=HEADERS, json=body, timeout=5)
        else:
            response = httpx.post(emulator.base_url + path, headers=HEADERS, data=body, timeout=5)
    assert response.status_code == 422


ODD = [
    pytest.param({"content": b""}, id="no body"),
    pytest.param({"content": b"{", "headers": {"Content-Type": "application/json"}}, id="half a JSON"),
    pytest.param({"content": b"[]", "headers": {"Content-Type": "application/json"}}, id="a list"),
    pytest.param({"content": b"null", "headers": {"Content-Type": "application/json"}}, id="null"),
    pytest.param({"content": b"\xff\xfe", "headers": {"Content-Type": "application/json"}}, id="no UTF-8"),
    pytest.param({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, id="no boundary"),
    pytest.param({"content": b"--b--", "headers": {"Content-Type": "multipart/form-data; boundary=b"}}, id="no parts"),
    pytest.param({"data": {"prompt": "\x00", "idea": "\x00"}}, id="a zero"),
    pytest.param({"json": {"prompt": {"a": []}, "idea": 7, "scene_count": "x", "audio_option": 3}}, id="wrong types"),
    pytest.param({"data": {"media_items": "{", "storyboard": "[", "audio_option": "x"}}, id="text that is no JSON"),
]
PATHS = (
    ("POST", "/media"),
    ("POST", "/media/upload"),
    ("POST", "/media/prompt"),
    ("PUT", "/media/none/edit"),
    ("POST", "/media/none/process"),
    ("POST", "/story"),
    ("POST", "/story/idea-2-video"),
    ("POST", "/story/none/scenes"),
    ("POST", "/story/none/concat"),
)


@pytest.mark.parametrize("given", ODD)
def test_no_server_fails_on_malformed_bodies(emulator: Emulator, gateway: str, given: dict[str, Any]) -> None:
    for base in (emulator.base_url, gateway):
        for method, path in PATHS:
            headers = {**HEADERS, **given.get("headers", {})}
            response = httpx.request(method, base + path, timeout=10, **{**given, "headers": headers})
            assert response.status_code < 500, (base == gateway, method, path, response.text)
            assert isinstance(response.json(), dict)
