"""Constructing, configuring and closing the clients."""

from __future__ import annotations

import asyncio
import copy
import pickle
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from vimmerse.compat import AsyncCompatClient, CompatClient, CompatTransport, Policy, install
from vimmerse.compat.client import CompatStory
from vimmerse.v2.client import DEFAULT_TIMEOUT

from tests.client.service import KEY, Service

CLIENTS = [CompatClient, AsyncCompatClient]
pytestmark = pytest.mark.filterwarnings("ignore::vimmerse.compat.V1DeprecationWarning")


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", "key-of-the-environment")


def sent_key(service: Service, **arguments: Any) -> str:
    with CompatClient(transport=service.transport(), **arguments) as client:
        client.get_story("s1")
    return str(service.sent[-1].headers["x-api-key"])


def test_precedence_of_the_key(service: Service, key: None) -> None:
    assert sent_key(service) == "key-of-the-environment"
    assert sent_key(service, policy=Policy()) == "key-of-the-environment"
    assert sent_key(service, policy=Policy(api_key="of-the-policy")) == "of-the-policy"
    assert sent_key(service, policy=Policy(api_key="of-the-policy"), api_key="given") == "given"


@pytest.mark.parametrize("client", CLIENTS)
def test_a_missing_key_raises(client: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"There is no API key: set the environment variable VIMMERSE_API_KEY"):
        client()


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("key", ["", "key\nX-Other: 1", "schlüssel"])
def test_an_unusable_key_raises(client: Callable[[str], object], key: str) -> None:
    with pytest.raises(ValueError, match="api_key must be printable ASCII text") as caught:
        client(key)
    assert not key or key not in str(caught.value)


def test_precedence_of_the_base_url(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def called(**arguments: Any) -> str:
        with CompatClient(KEY, transport=service.transport(), **arguments) as client:
            client.get_story("s1")
        return service.sent[-1].url

    service.responses = {f"GET {path}/v2/story/s1": {"id": "s1"} for path in ("/env", "/policy", "/given")}
    assert called() == "https://api.vimmerse.net/v2/story/s1"
    monkeypatch.setenv("VIMMERSE_BASE_URL", "http://localhost:1/env")
    assert called() == "http://localhost:1/env/v2/story/s1"
    policy = Policy(base_url="http://localhost:2/policy")
    assert called(policy=policy) == "http://localhost:2/policy/v2/story/s1"
    assert called(policy=policy, base_url="http://localhost:3/given/") == "http://localhost:3/given/v2/story/s1"


def test_a_policy_takes_precedence_over_the_environment(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = Policy(api_key=KEY, mode="lenient", base_url="https://api.vimmerse.net")
    for name in ("VIMMERSE_API_KEY", "VIMMERSE_COMPAT_MODE", "VIMMERSE_BASE_URL"):
        monkeypatch.setenv(name, "nonsénse")
    assert sent_key(service, policy=policy) == KEY


@pytest.mark.parametrize("client", CLIENTS)
def test_an_unusable_base_url_raises(client: Any) -> None:
    with pytest.raises(ValueError, match="base_url must be an http or https URL with a host"):
        client(KEY, base_url="ftp://x")


@pytest.mark.parametrize("client", CLIENTS)
def test_the_key_is_not_shown(client: Any) -> None:
    own = client(KEY)
    assert repr(own) == f"{client.__name__}(base_url='https://api.vimmerse.net', mode='lenient')"
    assert KEY not in repr(vars(own))


@pytest.mark.parametrize("client", CLIENTS)
def test_clients_do_not_pickle_or_copy(client: Any) -> None:
    for way in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match=f"{client.__name__} can't be pickled or copied"):
            way(client(KEY))


def timeouts(service: Service, **arguments: Any) -> list[Any]:
    seen = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"])
        return service.respond(request, request.read())

    with CompatClient(KEY, transport=httpx.MockTransport(respond), **arguments) as client:
        client.create_media(image_files=b"x")
    return seen


def test_the_timeout_applies_to_each_request(service: Service) -> None:
    assert timeouts(service) == [DEFAULT_TIMEOUT.as_dict()] * 2
    assert timeouts(service, timeout=7) == [httpx.Timeout(7).as_dict()] * 2
    assert timeouts(service, timeout=None) == [httpx.Timeout(None).as_dict()] * 2


# A client of the caller's own


def test_the_settings_of_the_callers_client_apply(service: Service) -> None:
    hooked: list[str] = []
    own = httpx.Client(
        transport=service.transport(),
        headers={"User-Agent": "mine/1"},
        cookies={"session": "1"},
        auth=("user", "password"),
        event_hooks={"request": [lambda request: hooked.append(str(request.url))]},
    )
    with own:
        with CompatClient(KEY, client=own) as client:
            client.get_media("m1")
            client.download_media("m1").close()
        assert not own.is_closed
        assert own.get("https://images.example/v2/image").status_code == 200
    api, lookup, file = service.sent[:3]
    assert hooked[:3] == [each.url for each in (api, lookup, file)]
    for each in (api, lookup):
        assert each.headers["user-agent"] == "mine/1"
        assert each.headers["cookie"] == "session=1"
        assert each.headers["authorization"].startswith("Basic ")
    assert {"x-api-key", "cookie", "authorization"}.isdisjoint(file.headers)


def test_the_settings_of_the_callers_async_client_apply(service: Service) -> None:
    async def run() -> None:
        async with httpx.AsyncClient(transport=service.async_transport(), auth=("user", "password")) as own:
            async with AsyncCompatClient(KEY, client=own) as client:
                await (await client.download_media("m1")).aclose()
            assert not own.is_closed

    asyncio.run(run())
    lookup, file = service.sent
    assert lookup.headers["authorization"].startswith("Basic ")
    assert {"x-api-key", "authorization"}.isdisjoint(file.headers)


def test_precedence_of_the_key_of_the_callers_client(service: Service, key: None) -> None:
    with httpx.Client(transport=service.transport(), headers={"X-Api-Key": "of-the-client"}) as own:
        CompatClient(client=own).get_story("s1")
        CompatClient("given", client=own).get_story("s1")
    assert [each.headers["x-api-key"] for each in service.sent] == ["of-the-client", "given"]


def test_the_key_of_the_callers_client_is_enough(service: Service) -> None:
    with httpx.Client(transport=service.transport(), headers={"x-api-key": "of-the-client"}) as own:
        CompatClient(client=own).get_story("s1")
    assert service.sent[0].headers["x-api-key"] == "of-the-client"


def test_redirects_are_never_followed(service: Service) -> None:
    headers = {"location": "https://elsewhere.example/"}
    service.responses["PUT /story/s1"] = httpx.Response(302, headers=headers)
    with httpx.Client(transport=service.transport(), follow_redirects=True) as own:
        policy = Policy(api_key=KEY, on_warning=lambda notice: None)
        with pytest.raises(Exception, match="redirect"):
            CompatClient(policy=policy, client=own).update_story("s1", title="x")
    assert len(service.sent) == 1


@pytest.mark.parametrize("arguments", [{"timeout": 5}, {"timeout": None}, {"transport": httpx.MockTransport}])
def test_a_client_with_a_transport_or_a_timeout_raises(arguments: dict[str, Any]) -> None:
    with httpx.Client() as own, pytest.raises(ValueError, match="set transport= and timeout= there instead"):
        CompatClient(KEY, client=own, **arguments)


def test_nested_entry_points_translate_once(service: Service) -> None:
    service.responses["PUT /story/s1"] = {"data": {"id": "s1"}}
    notices: list[object] = []
    policy = Policy(api_key=KEY, on_warning=notices.append)
    with install(policy), CompatClient(policy=policy, transport=CompatTransport(service.transport(), policy)) as client:
        client.update_story("s1", title="x")
    assert [each.path for each in service.sent] == ["/story/s1"]
    assert len(notices) == 1


# Closing


def test_close_closes_the_connections(service: Service) -> None:
    client = CompatClient(KEY, transport=service.transport())
    client.get_story("s1")
    client.close()
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        client.get_story("s1")


def test_aclose_closes_the_connections(service: Service) -> None:
    async def run() -> None:
        client = AsyncCompatClient(KEY, transport=service.async_transport())
        await client.get_story("s1")
        await client.aclose()
        with pytest.raises(RuntimeError, match="closed"):
            await client.get_story("s1")

    asyncio.run(run())


# Concurrency


def test_one_client_serves_many_threads(service: Service) -> None:
    for number in range(40):
        service.responses[f"GET /v2/story/s{number}"] = {"id": f"s{number}"}
    ids: dict[int, Any] = {}
    with CompatClient(KEY, transport=service.transport()) as client:

        def ask(number: int) -> None:
            ids[number] = client.get_story(f"s{number}").id

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert ids == {number: f"s{number}" for number in range(40)}


def test_one_async_client_serves_many_tasks(service: Service) -> None:
    for number in range(40):
        service.responses[f"GET /v2/story/s{number}"] = {"id": f"s{number}"}

    async def run() -> list[CompatStory]:
        async with AsyncCompatClient(KEY, transport=service.async_transport()) as client:
            stories: list[CompatStory] = await asyncio.gather(*(client.get_story(f"s{n}") for n in range(40)))
            return stories

    assert [each.id for each in asyncio.run(run())] == [f"s{number}" for number in range(40)]
