"""``--vimmerse-live``: what is counted, and what is refused."""

from __future__ import annotations

import json
import math
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from vimmerse.emulator import Emulator
from vimmerse.testing.guard import HOST, LiveRequest
from vimmerse.testing.live import Ledger, price

from tests.testing.runs import run

pytest_plugins = ("pytester",)

KEY = "a-secret-key"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """The service: an emulator at the service's name."""
    resolve = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        return resolve("127.0.0.1" if host in (HOST, HOST.encode()) else host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with Emulator() as emulator:
        yield emulator


def url(service: Emulator) -> str:
    return service.base_url.replace("127.0.0.1", HOST)


@pytest.mark.parametrize(
    ("call", "body", "credits"),
    [
        ("GET /v2/story/1", None, 0),
        ("HEAD /anything", None, 0),
        ("DELETE /v2/story/1", None, 0),
        ("POST /v2/image", None, 0),
        ("POST /v2/story", {"idea": "A kite"}, 0),
        ("POST /v2/story/idea-2-video", {"idea": "A kite"}, 150),
        ("post /v2/story/idea-2-video", {"idea": "A kite", "scene_count": 1, "scene_duration": 10}, 100),
        ("POST /v2/media", {"prompt": "A kite"}, 50),
        ("PUT /v2/media/1", {"title": "A kite"}, 0),
        (
            "PUT /v2/media/1",
            {"video_tool": "VeoLite", "duration": 5, "quantity": 2, "audio_option": {"native_audio": False}},
            50,
        ),
        (
            "POST /v2/story/1/videos",
            {"storyboard": {"scenes": [{}, {}]}, "duration": 5, "audio_option": {"native_audio": True}},
            200,
        ),
    ],
)
def test_a_price(call: str, body: object, credits: float) -> None:
    method, path = call.split(" ")
    assert price(LiveRequest(method, path, json.dumps(body).encode())) == (credits, "")


@pytest.mark.parametrize(
    ("call", "body", "reason"),
    [
        ("POST /story/idea-2-video", b"idea=A+kite", "it is not an operation of version 2"),
        ("POST /v2/story/idea-2-video/", b"{}", "it is not an operation of version 2"),
        ("POST /v2/story/idea-2-video", None, "its body can't be read"),
        ("POST /v2/story/idea-2-video", b"[]", "its body can't be read"),
        ("POST /v2/story/idea-2-video", b'{"scene_count": "many"}', "scene_count is 'many'"),
        ("POST /v2/story/1/videos", b"{}", "the number of scenes is not known"),
        (
            "PUT /v2/media/1",
            b'{"prompt": "A kite", "duration": 5, "video_tool": "Auto"}',
            "quantity and audio_option of the job on the server count",
        ),
    ],
)
def test_no_price(call: str, body: bytes | None, reason: str) -> None:
    method, path = call.split(" ")
    assert price(LiveRequest(method, path, body))[1] == f"its price is unknown: {reason}"


def test_a_ledger_is_never_overdrawn(tmp_path: Path) -> None:
    ledger = Ledger(str(tmp_path / "ledger"), 100)
    ledger.create()
    other = Ledger(ledger.path, 100)

    assert [ledger.take(60), other.take(60), other.take(40), ledger.take(0.5), other.take(math.inf)] == [
        *(True, False, True, False, False)
    ]
    assert ledger.spent() == (100, 2)


def test_every_library_spends_of_the_same_credits(pytester: pytest.Pytester, service: Emulator) -> None:
    pytester.makepyfile(
        f"""
        import asyncio
        import json
        import urllib.request
        import httpx
        import httpx2
        import pytest
        import requests
        from vimmerse.compat import CompatAdapter
        from vimmerse.v2 import AsyncVimmerse, Vimmerse

        base_url, headers = {url(service)!r}, {{"X-Api-Key": {KEY!r}}}
        body = {{"idea": "A kite", "scene_count": 1}}
        path = base_url + "/v2/story/idea-2-video"

        def test_typed():
            with Vimmerse(base_url=base_url, api_key={KEY!r}) as client:
                story = client.stories.create(idea="A kite", scene_count=1)
                assert client.stories.get(story.id).id == story.id

        def test_typed_async():
            async def main():
                async with AsyncVimmerse(base_url=base_url, api_key={KEY!r}) as client:
                    await client.stories.create(idea="A kite", scene_count=1)
            asyncio.run(main())

        def test_httpx():
            assert httpx.post(path, headers=headers, json=body).status_code == 200
            assert httpx2.post(path, headers=headers, json=body).status_code == 200

        def test_requests():
            assert requests.post(path, headers=headers, json=body).status_code == 200

        def test_urllib():
            request = urllib.request.Request(path, json.dumps(body).encode(), headers)
            request.add_header("Content-Type", "application/json")
            assert urllib.request.urlopen(request).status == 200

        def test_shim():
            with requests.Session() as session:
                session.mount("http://", CompatAdapter(base_url=base_url, on_warning=lambda notice: None))
                answer = session.post(base_url + "/story/idea-2-video", headers=headers, data=body)
                assert answer.json()["data"]["id"]

        def test_too_much():
            requests.post(path, headers=headers, json=body)

        def test_v1():
            requests.post(base_url + "/story/idea-2-video", headers=headers, data=body)

        def test_unknown_library():
            import socket
            socket.create_connection(({HOST!r}, 80))

        def test_stream():
            httpx.post(path, headers=headers, content=iter([json.dumps(body).encode()]))

        def test_other_host(vimmerse_emulator):
            assert requests.get(vimmerse_emulator.base_url).status_code == 404
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(vimmerse_emulator.base_url)
        """
    )

    result = run(pytester, "--vimmerse-live", "--vimmerse-max-credits=350", "--showlocals")

    result.assert_outcomes(passed=7, failed=4)
    result.stdout.fnmatch_lines(
        [
            f"POST https://{HOST}/v2/story/idea-2-video was blocked *: it would cost about 50 credits, and 0 of *",
            f"POST https://{HOST}/story/idea-2-video was blocked *: its price is unknown: it is not an operation of *",
            f"a connection to {HOST} was blocked *: its price is unknown.",
            "*: its price is unknown: its body can't be read.",
            "about 350 of 350 credits in 7 paid requests",
        ]
    )
    assert service.credits_used == 350


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--vimmerse-live"], "--vimmerse-live costs credits: it needs --vimmerse-max-credits N"),
        (["--vimmerse-live", "--vimmerse-max-credits=-1"], "--vimmerse-max-credits is -1; it must be 0 or more"),
        (["--vimmerse-max-credits=9"], "--vimmerse-max-credits is for --vimmerse-live; without it, nothing is sent"),
    ],
)
def test_options_that_do_not_fit(pytester: pytest.Pytester, arguments: list[str], message: str) -> None:
    result = run(pytester, *arguments)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {message}"])
