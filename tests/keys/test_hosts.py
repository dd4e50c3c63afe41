"""The key goes to the base URL and nowhere else: with redirects, downloads and calls that are passed through."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import requests
from vimmerse.compat import (
    AsyncCompatClient,
    AsyncCompatTransport,
    CompatAdapter,
    CompatClient,
    CompatTransport,
    Policy,
)
from vimmerse.compat.process.patching import install
from vimmerse.emulator import AT_ONCE, Emulator
from vimmerse.jobs import download
from vimmerse.v2 import AuthenticatedClient
from vimmerse.v2.api.media import get_media

from tests.gateway.serving import serving
from tests.keys.canary import CANARY, FAILURES, HEADERS

pytestmark = pytest.mark.filterwarnings("ignore::vimmerse.compat.V1DeprecationWarning")
#: What callers may have set on their client for the API alone.
SECRETS = {**HEADERS, "Authorization": "Bearer mine", "Cookie": "session=1"}


@pytest.fixture(scope="module")
def services() -> Iterator[tuple[Emulator, Emulator]]:
    """The API, and somebody else's server, which takes any request."""
    with Emulator(transition=AT_ONCE) as api, Emulator() as other:
        yield api, other


@pytest.fixture
def api(services: tuple[Emulator, Emulator]) -> Emulator:
    for each in services:
        each.reset()
    return services[0]


@pytest.fixture
def other(services: tuple[Emulator, Emulator]) -> Emulator:
    return services[1]


def media(api: Emulator) -> str:
    """A finished media."""
    id: str = httpx.post(f"{api.base_url}/v2/media", json={"prompt": "x"}, headers=HEADERS).json()["id"]
    return id


def check(api: Emulator, other: Emulator, *, came: bool = True) -> None:
    """What reached the two other origins; ``came``: something should have."""
    strangers = [*api.file_requests, *other.requests]
    assert bool(strangers) == came
    for request in strangers:
        assert CANARY not in repr(request.headers) + request.path + request.query
        assert {request.header(name) for name in SECRETS} == {None}


def by_httpx(api: Emulator, id: str) -> None:
    transport = CompatTransport(base_url=api.base_url)
    with httpx.Client(transport=transport, headers=SECRETS, base_url=api.base_url, follow_redirects=True) as client:
        client.get(f"/media/{id}/download")


def by_httpx_async(api: Emulator, id: str) -> None:
    async def play() -> None:
        transport = AsyncCompatTransport(base_url=api.base_url)
        async with httpx.AsyncClient(
            transport=transport, headers=SECRETS, base_url=api.base_url, follow_redirects=True
        ) as client:
            await client.get(f"/media/{id}/download")

    asyncio.run(play())


def by_requests(api: Emulator, id: str) -> None:
    with requests.Session() as session:
        session.mount("http://", CompatAdapter(base_url=api.base_url))
        session.headers.update(SECRETS)
        session.get(f"{api.base_url}/media/{id}/download")


def by_client(api: Emulator, id: str) -> None:
    with httpx.Client(headers=SECRETS) as http, CompatClient(base_url=api.base_url, client=http) as client:
        client.download_media(id).read()


def by_client_async(api: Emulator, id: str) -> None:
    async def play() -> None:
        async with AsyncCompatClient(CANARY, base_url=api.base_url) as client, client.download_media(id) as file:
            await file.read()

    asyncio.run(play())


def by_gateway(api: Emulator, id: str) -> None:
    with serving(Policy(base_url=api.base_url, api_key=CANARY)) as running:
        httpx.get(f"{running.base_url}/media/{id}/download", headers=SECRETS)


def by_process(api: Emulator, id: str) -> None:
    with install(base_url=api.base_url, api_key=CANARY):
        requests.get(f"{api.base_url}/media/{id}/download", headers=SECRETS)
        httpx.get(f"{api.base_url}/media/{id}/download", headers=SECRETS)


def by_jobs(api: Emulator, id: str, folder: Path) -> None:
    with AuthenticatedClient(base_url=api.base_url, token=CANARY) as client, httpx.Client(headers=SECRETS) as http:
        download(get_media.sync(id, client=client), folder / "clip.mp4", client=http)


ENTRY_POINTS: list[Callable[[Emulator, str], None]] = [
    by_httpx,
    by_httpx_async,
    by_requests,
    by_client,
    by_client_async,
    by_gateway,
    by_process,
]


@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
def test_a_result_host_gets_no_secret(
    api: Emulator, other: Emulator, entry_point: Callable[[Emulator, str], None]
) -> None:
    entry_point(api, media(api))
    check(api, other)


@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
def test_nor_does_the_host_that_it_redirects_to(
    api: Emulator, other: Emulator, entry_point: Callable[[Emulator, str], None]
) -> None:
    id = media(api)
    api.file_faults.add(kind="redirect", status=302, to=f"{other.base_url}/signed", times=None)
    with suppress(*FAILURES):  # the other server has no such file
        entry_point(api, id)
    assert other.requests
    check(api, other)


def test_jobs_download_sends_none(api: Emulator, other: Emulator, tmp_path: Path) -> None:
    by_jobs(api, media(api), tmp_path)
    check(api, other)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("path", ["/media/x", "/media/x/download", "/v2/media/x"])
def test_the_target_of_a_redirect_of_the_api_gets_no_key(
    api: Emulator, other: Emulator, path: str, status: int
) -> None:
    """httpx and requests follow redirects, and keep a header named ``X-Api-Key``: so no response has a Location."""
    api.faults.add(kind="redirect", status=status, to=f"{other.base_url}/elsewhere", times=None)
    transport = CompatTransport(base_url=api.base_url)
    with httpx.Client(transport=transport, headers=HEADERS, follow_redirects=True) as client:
        response = client.get(f"{api.base_url}{path}")
    with requests.Session() as session:
        session.mount("http://", CompatAdapter(base_url=api.base_url))
        second = session.get(f"{api.base_url}{path}", headers=HEADERS, allow_redirects=True)
    assert (response.status_code, second.status_code) == (status, status)
    assert "location" not in response.headers
    check(api, other, came=False)


@pytest.mark.parametrize("follow", [False, True])
def test_the_generated_client_removes_the_key(api: Emulator, other: Emulator, follow: bool) -> None:
    api.faults.add(kind="redirect", status=307, to=f"{other.base_url}/elsewhere", times=None)
    with AuthenticatedClient(base_url=api.base_url, token=CANARY, follow_redirects=follow) as client:
        get_media.sync_detailed("x", client=client)
    check(api, other, came=follow)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_another_port_is_another_server(api: Emulator, other: Emulator, host: str) -> None:
    """A v1-like path there is none of our business: no key is added."""
    port = other.base_url.rpartition(":")[2]
    with httpx.Client(transport=CompatTransport(base_url=api.base_url, api_key=CANARY)) as client:
        assert client.get(f"http://{host}:{port}/media/x").status_code == 401
    check(api, other)
