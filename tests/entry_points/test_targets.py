"""httpx's extension ``target``, which replaces a URL's path on the wire, does not change the guarantees."""

from __future__ import annotations

import asyncio
from types import ModuleType
from typing import Any

import httpx
import httpx2
import pytest
from vimmerse.compat import AsyncCompatTransport, CompatTransport, Policy, TranslationError
from vimmerse.emulator import Emulator

KEY = "the-key-of-targets"
BODY = {"idea": "Rain", "scene_count": 3}


def ask(library: ModuleType, is_async: bool, policy: Policy, url: str, target: object, method: str = "POST") -> Any:
    options: Any = {"json": BODY, "headers": {"X-Api-Key": KEY}, "extensions": {"target": target}}
    if not is_async:
        with library.Client(transport=CompatTransport(policy=policy)) as client:
            return client.request(method, url, **options)

    async def main() -> Any:
        async with library.AsyncClient(transport=AsyncCompatTransport(policy=policy)) as client:
            return await client.request(method, url, **options)

    return asyncio.run(main())


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("library", [httpx, httpx2])
@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://api.vimmerse.net/anything", b"/story/idea-2-video"),
        ("https://api.vimmerse.net/anything", "/v2/story/idea-2-video"),
        ("{base}/v2/image", b"/v2/story/idea-2-video"),
        ("{base}/v2/image", b"story/idea-2-video"),
        ("{base}/", b"http://api.vimmerse.net/story/idea-2-video"),
        ("http://a-proxy.example/", b"HTTPS://api.vimmerse.net/v2/story/idea-2-video"),
        ("{base}/", b"http://elsewhere.example/story/idea-2-video"),
        ("https://api.vimmerse.net/", b"/story/idea-2-video#?\xff"),
    ],
)
def test_a_limit_applies(library: ModuleType, is_async: bool, url: str, target: object) -> None:
    with Emulator() as emulator:
        policy = Policy(base_url=emulator.base_url, max_credits=149, on_warning=lambda notice: None)
        with pytest.raises(TranslationError):
            ask(library, is_async, policy, url.format(base=emulator.base_url), target)
        assert emulator.requests == ()


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("library", [httpx, httpx2])
@pytest.mark.parametrize("version", ["", "/v2"])
def test_an_allowed_call_is_made(library: ModuleType, is_async: bool, version: str) -> None:
    with Emulator() as emulator:
        policy = Policy(base_url=emulator.base_url, max_credits=150, on_warning=lambda notice: None)
        target = f"{version}/story/idea-2-video".encode()
        response = ask(library, is_async, policy, "https://api.vimmerse.net/anything", target)
        assert response.status_code == 200
        assert ("data" in response.json()) == (version == "")
        assert [record.path for record in emulator.requests] == ["/v2/story/idea-2-video"]


def test_unsendable_requests_are_passed_to_the_library() -> None:
    with pytest.raises(TypeError):
        ask(httpx, False, Policy(base_url="http://127.0.0.1:9"), "http://elsewhere.example/", 1)
