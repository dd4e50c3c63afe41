"""``/report``: what the gateway's clients have called, for who has its token."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest
from vimmerse.compat import report
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.runtime.call_counts import PROCESS
from vimmerse.emulator import Emulator

from tests.gateway.conftest import CALLER
from tests.gateway.serving import Running, serving

TOKEN = "token-of-the-report-0123456789"
WITH_TOKEN = {"X-Gateway-Token": TOKEN}


@pytest.fixture(scope="module")
def guarded(shared_emulator: Emulator) -> Iterator[Running]:
    with serving(Policy(base_url=shared_emulator.base_url), GatewayConfig(token=TOKEN)) as running:
        yield running


@pytest.fixture(scope="module")
def open_(shared_emulator: Emulator) -> Iterator[Running]:
    with serving(Policy(base_url=shared_emulator.base_url)) as running:
        yield running


def test_it_counts_the_calls_of_this_gateway(guarded: Running, emulator: Emulator) -> None:
    PROCESS.restart()
    headers = {**WITH_TOKEN, "X-Api-Key": CALLER}
    fields = {"idea": "a secret idea", "motion_type": "RunwayML", "titel": "x", CALLER: "1"}
    with httpx.Client(base_url=guarded.base_url, headers=headers) as client:
        client.post("/story/idea-2-video", data=fields)
        client.post("/media", data={"prompt": "x", "motion_type": "Parallax"})
        client.get("/story/none")
        client.get("/v2/story/none")
        shown = client.get("/report")
        page = client.get("/report", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        assert client.head("/report").text == ""
    content = shown.json()
    assert {each["v1"]: (each["calls"], each["failed"]) for each in content["operations"]} == {
        "POST /story/idea-2-video": (1, 0),
        "POST /media": (1, 0),
        "GET /story/{story_id}": (1, 1),
    }
    assert (content["estimated_credits"], content["unpriced"], content["places"]) == (150, 1, [])
    assert {each["field"] for each in content["lost"]} == {"motion_type", "(unknown)"}
    assert content["next"] == "vimmerse check PATH"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<td><code>POST /story/idea-2-video</code></td>" in page.text
    assert page.headers["cache-control"] == shown.headers["cache-control"] == "no-store"
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert not any(text in shown.text + page.text for text in (CALLER, TOKEN, "secret idea", "titel"))
    assert report().calls == 0, "those of other processes are not this process's own"
    assert "/report" not in json.dumps([request.path for request in emulator.requests])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"X-Gateway-Token": "wrong-token-0123456789"}, 401),
        ({"X-Api-Key": CALLER}, 401),
        (WITH_TOKEN, 200),
        ({"Authorization": f"Bearer {TOKEN}"}, 200),
    ],
)
def test_it_needs_the_token(guarded: Running, headers: dict[str, str], status: int) -> None:
    response = httpx.get(f"{guarded.base_url}/report", headers=headers)
    assert response.status_code == status
    if status == 401:
        assert response.json()["code"] == "GATEWAY_TOKEN_REQUIRED"
        assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "none", "Accept": "application/json;q=1, text/html"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"X-Forwarded-For": "192.0.2.1"}, 403),
    ],
)
def test_without_one_it_is_for_this_machine(open_: Running, headers: dict[str, str], status: int) -> None:
    response = httpx.get(f"{open_.base_url}/report", headers=headers)
    assert response.status_code == status
    assert response.headers["content-type"].startswith("application/json")
    if status == 403:
        assert "shows its report only for programs on this machine" in response.json()["detail"]
    assert httpx.post(f"{open_.base_url}/report", headers=headers).status_code == 405
