"""Where keys go: the owner's with the status route only, a client's to the API only, and the token nowhere."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from vimmerse.compat.core.messages import Headers
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.gateway.app import create_app
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.gateway.request import forwarded_headers
from vimmerse.compat.gateway.responses import RequestRejected
from vimmerse.emulator import Emulator

from tests.gateway.conftest import CALLER, OWNER
from tests.gateway.serving import RawApi, Running, http_response, serving

TOKEN = "a-token-for-the-tests-4711"


def create_media(client: httpx.Client) -> str:
    id: str = client.post("/media", data={"prompt": "p"}, headers={"X-Api-Key": CALLER}).json()["data"]["id"]
    return id


def test_status_needs_no_key(client: httpx.Client, emulator: Emulator, gateway: Running) -> None:
    id = create_media(client)
    response = httpx.get(f"{gateway.base_url}/media/{id}/processing-status")
    assert response.json() == {"data": {"processing_status": "success", "progress_percentage": "100"}}
    assert emulator.requests[-1].header("X-Api-Key") == OWNER


def test_no_other_request_gets_the_owner_s_key(client: httpx.Client, emulator: Emulator, gateway: Running) -> None:
    id = create_media(client)
    with httpx.Client(base_url=gateway.base_url) as anonymous:
        calls = [
            anonymous.get(f"/media/{id}"),
            anonymous.get(f"/media/{id}/download"),
            anonymous.post("/story/idea-2-video", data={"idea": "x"}),
            anonymous.put(f"/media/{id}/edit", data={"title": "x"}),
            anonymous.delete(f"/v2/story/{id}"),
        ]
    assert [response.status_code for response in calls] == [401] * 5
    assert OWNER not in {request.header("X-Api-Key") for request in emulator.requests}


def test_a_client_s_own_key_is_used(client: httpx.Client, emulator: Emulator) -> None:
    id = create_media(client)
    client.get(f"/media/{id}/processing-status")
    assert {request.header("X-Api-Key") for request in emulator.requests} == {CALLER}


def test_a_result_host_gets_no_key_and_no_cookie(client: httpx.Client, emulator: Emulator) -> None:
    client.get(f"/media/{create_media(client)}/download", headers={"Cookie": "c=1", "Authorization": "Bearer x"})
    (file,) = emulator.file_requests
    assert {file.header(name) for name in ("X-Api-Key", "Cookie", "Authorization")} == {None}


def test_no_key_is_logged(client: httpx.Client, gateway: Running) -> None:
    client.post("/media", data={"prompt": "a secret prompt"}, params={"key": "a-secret-query"})
    client.get(f"/{CALLER}")
    gateway.access_log.find(path="/{}")
    text = gateway.access_log.text
    for secret in (OWNER, CALLER, "a secret prompt", "a-secret-query"):
        assert secret not in text


@pytest.mark.parametrize("line", [b"GET /media/%s", b"GET /%s/x", b"POST /v2/media/%s", b"%s /media/x", b"POST /media"])
@pytest.mark.parametrize("header", [b"X-Api-Key: %s", b"Authorization: Bearer %s"])
def test_nor_a_key_that_looks_like_a_word_or_an_id(line: bytes, header: bytes) -> None:
    """A key of letters only looks like a word in a path, and an API may return it as an id."""
    key = b"aswordofletters"
    shown = b'{"id": "%s", "status": "%s", "processing_status": "failed"}' % (key, key)
    with (
        RawApi(lambda received, sock: http_response(shown)) as api,
        serving(Policy(base_url=api.base_url, api_key=None)) as running,
    ):
        start = line % key if b"%s" in line else line
        running.raw(
            start + b" HTTP/1.1\r\nHost: g\r\nConnection: close\r\nContent-Length: 0\r\n" + header % key + b"\r\n\r\n"
        )
        running.access_log.find(status=200)
        assert key.decode() not in running.access_log.text


def test_keys_are_in_no_repr(gateway: Running) -> None:
    config = GatewayConfig(token=TOKEN, proxy="http://user:hush@proxy.example")
    assert TOKEN not in repr(config)
    assert "hush" not in repr(config)


@pytest.mark.parametrize("supply_key", ["never", "always"])
def test_supply_key(emulator: Emulator, supply_key: Any) -> None:
    policy = Policy(base_url=emulator.base_url, api_key=OWNER)
    with serving(policy, GatewayConfig(supply_key=supply_key)) as other:
        story = httpx.post(f"{other.base_url}/story/idea-2-video", data={"idea": "x"})
        status = httpx.get(f"{other.base_url}/media/nowhere/processing-status")
        untouched = httpx.get(f"{other.base_url}/v2/story/nowhere")
    if supply_key == "always":
        assert (story.status_code, status.status_code) == (200, 404)
    else:
        assert (story.status_code, status.status_code) == (401, 401)
    assert untouched.status_code == 401


def test_the_token(emulator: Emulator) -> None:
    policy = Policy(base_url=emulator.base_url, api_key=OWNER)
    config = GatewayConfig(host="0.0.0.0", token=TOKEN, supply_key="always")  # serving() listens on loopback
    with serving(policy, config) as other, httpx.Client(base_url=other.base_url) as client:
        path, form = "/story/idea-2-video", {"idea": "x"}
        for rejected in (
            client.post(path, data=form),
            client.post(path, data=form, headers={"X-Gateway-Token": TOKEN[:-1]}),
            client.post(path, data=form, headers={"Authorization": f"Basic {TOKEN}"}),
            client.post(path, data=form, headers={"Authorization": "Bearer other"}),
            client.get("/v2/story/x"),
        ):
            assert rejected.status_code == 401
            assert rejected.headers["www-authenticate"] == "Bearer"
            assert rejected.json()["message"] == "GATEWAY_TOKEN_REQUIRED"
        assert list(emulator.requests) == []
        assert client.get("/healthz").status_code == 200
        for headers in (
            {"X-Gateway-Token": TOKEN, "Authorization": "Bearer mine"},
            {"Authorization": f"bearer  {TOKEN}"},
        ):
            assert client.post(path, data=form, headers=headers).status_code == 200
            assert client.get("/v2/story/x", headers=headers).status_code == 401  # the API's own: no key is lent
    given = [request.header("Authorization") for request in emulator.requests]
    assert given == ["Bearer mine"] * 2 + [None] * 2
    for sent in emulator.requests:
        assert TOKEN not in repr(sent.headers)
    assert TOKEN not in other.access_log.text


def test_an_unneeded_token_is_not_forwarded(client: httpx.Client, emulator: Emulator) -> None:
    client.get("/v2/story/x", headers={"X-Gateway-Token": TOKEN})
    assert emulator.requests[0].header("X-Gateway-Token") is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://page.example"},
        {"Origin": "null"},
        {"Host": "page.example"},
        {"Host": "127.0.0.1.page.example:80"},
        {"Host": "[::1"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_web_pages_can_t_use_the_owner_s_key(emulator: Emulator, lender: Running, headers: dict[str, str]) -> None:
    response = httpx.post(f"{lender.base_url}/story/idea-2-video", data={"idea": "x"}, headers=headers)
    assert response.status_code == 403
    assert response.json()["message"] == "GATEWAY_TOKEN_REQUIRED"
    assert emulator.requests == ()


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://localhost:3000"}, {"Host": "localhost"}, {"Sec-Fetch-Site": "same-origin"}],
)
def test_local_programs_can_use_the_owner_s_key(emulator: Emulator, lender: Running, headers: dict[str, str]) -> None:
    response = httpx.post(f"{lender.base_url}/story/idea-2-video", data={"idea": "x"}, headers=headers)
    assert response.status_code == 200


@pytest.fixture(scope="module")
def lender(shared_emulator: Emulator) -> Any:
    policy = Policy(base_url=shared_emulator.base_url, api_key=OWNER)
    with serving(policy, GatewayConfig(supply_key="always")) as running:
        yield running


def test_a_server_with_a_public_address() -> None:
    """``create_app`` with another server: ``config.host`` does not say where that listens."""
    config = GatewayConfig(supply_key="always")
    headers = Headers([("host", "localhost")])
    with pytest.raises(RequestRejected, match="only for programs on this machine"):
        forwarded_headers(headers, {"server": ("192.0.2.1", 80)}, 10, config)
    assert forwarded_headers(headers, {"server": None}, 10, config) == headers


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "gateway.example", "", "127.0.0.1.example"])
def test_the_owner_s_key_on_a_public_address_is_rejected(host: str) -> None:
    with pytest.raises(ValueError, match="anybody who reaches this address could spend the owner's credits"):
        GatewayConfig(host=host, supply_key="always")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost", "LOCALHOST."])
def test_the_owner_s_key_on_loopback_is_accepted(host: str) -> None:
    assert GatewayConfig(host=host, supply_key="always").supply_key == "always"


STATUS, DETAIL = "/media/nowhere/processing-status", "/media/nowhere"


def statuses(app: Starlette, *requests: tuple[str, dict[str, str]]) -> list[int]:
    """The statuses of the responses to GET requests, each with a path and headers."""

    async def run() -> list[int]:
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client,
        ):
            return [(await client.get(path, headers=headers)).status_code for path, headers in requests]

    return asyncio.run(run())


def test_the_policy_s_own_supply_key_is_ignored(emulator: Emulator) -> None:
    policy = Policy(base_url=emulator.base_url, api_key=OWNER)  # its default is "always"
    app = create_app(policy)
    assert statuses(app, (STATUS, {}), (DETAIL, {})) == [404, 401]
    assert {request.header("X-Api-Key") for request in emulator.requests} == {OWNER, None}


def test_the_environment(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", OWNER)
    monkeypatch.setenv("VIMMERSE_BASE_URL", emulator.base_url)
    monkeypatch.setenv("VIMMERSE_GATEWAY_TOKEN", TOKEN)
    token = {"X-Gateway-Token": TOKEN}
    assert statuses(create_app(), (STATUS, {})) == [401]
    assert [request.path for request in emulator.requests] == []
    assert statuses(create_app(), (STATUS, token), (DETAIL, token)) == [404, 401]
    assert {request.header("X-Api-Key") for request in emulator.requests} == {OWNER, None}


FORWARDED = [
    *("Forwarded", "forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Client-Cert"),
    *("X-Real-IP", "Via", "CF-Connecting-IP", "True-Client-IP", "X-Original-Forwarded-For"),
]


@pytest.mark.parametrize("name", FORWARDED)
@pytest.mark.parametrize("value", ["for=192.0.2.1", "127.0.0.1", ""])
def test_clients_of_a_proxy_can_t_use_the_owner_s_key(
    emulator: Emulator, lender: Running, name: str, value: str
) -> None:
    calls = (("POST", "/story/idea-2-video"), ("GET", "/media/x/processing-status"), ("POST", "/v2/story"))
    for method, path in calls:
        response = httpx.request(method, lender.base_url + path, data={"idea": "x"}, headers={name: value})
        assert response.status_code == 403
        assert response.json()["message"] == response.json()["code"] == "GATEWAY_TOKEN_REQUIRED"
        assert "VIMMERSE_GATEWAY_TOKEN" in response.json()["detail"]
    assert emulator.requests == ()


def test_an_empty_key_counts_as_none(emulator: Emulator, lender: Running) -> None:
    headers = {"X-Forwarded-For": "192.0.2.1", "X-Api-Key": ""}
    response = httpx.post(f"{lender.base_url}/story/idea-2-video", data={"idea": "x"}, headers=headers)
    assert response.status_code == 403


def test_clients_with_a_key_of_their_own_can_use_it(emulator: Emulator, lender: Running) -> None:
    headers = {"X-Forwarded-For": "192.0.2.1", "X-Api-Key": CALLER, "Origin": "https://page.example"}
    response = httpx.post(f"{lender.base_url}/story/idea-2-video", data={"idea": "x"}, headers=headers)
    assert response.status_code == 200
    assert {request.header("X-Api-Key") for request in emulator.requests} == {CALLER}


def test_clients_of_a_proxy_can_use_the_token(emulator: Emulator) -> None:
    policy = Policy(base_url=emulator.base_url, api_key=OWNER)
    with serving(policy, GatewayConfig(supply_key="always", token=TOKEN)) as running:
        headers = {"X-Forwarded-For": "192.0.2.1", "X-Gateway-Token": TOKEN}
        response = httpx.post(f"{running.base_url}/story/idea-2-video", data={"idea": "x"}, headers=headers)
    assert response.status_code == 200
    assert emulator.requests[0].header("X-Api-Key") == OWNER
