"""Through each entry point: no more connections than calls at a time, and one TLS context for all clients."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
import requests
from vimmerse import v1, v2
from vimmerse.compat import AsyncCompatClient, AsyncCompatTransport, CompatAdapter, CompatClient, CompatTransport
from vimmerse.compat import requests as drop_in
from vimmerse.jobs import DownloadError, download, download_async
from vimmerse.v2.api.story import get_story

from tests.connections import counting_server

AT_A_TIME = 32  # above the 20 that httpx keeps, and the 10 that requests keeps
CALLS = 4 * AT_A_TIME
KEY = {"X-Api-Key": "a-key"}

pytestmark = pytest.mark.filterwarnings("ignore::vimmerse.compat.V1DeprecationWarning")

Opened = Iterator[Callable[[], object]]
Calls = Callable[[Callable[[], Awaitable[object]]], Awaitable[None]]  # makes all calls, given how to make one


@contextmanager
def a_v2_client(base: str) -> Opened:
    with v2.AuthenticatedClient(base_url=base, token="a-key") as client:
        yield lambda: get_story.sync("s1", client=client)


@contextmanager
def a_v1_client(base: str) -> Opened:
    with v1.AuthenticatedClient(base_url=base, token="a-key") as client:
        yield lambda: client.get_httpx_client().get("/story/s1")


@contextmanager
def a_compat_client(base: str) -> Opened:
    with CompatClient("a-key", base_url=base) as client:
        yield lambda: client.get_story("s1")


@contextmanager
def a_transport(base: str, library: Any = httpx) -> Opened:
    with library.Client(transport=CompatTransport(base_url=base), headers=KEY) as client:
        yield lambda: client.get(f"{base}/story/s1").raise_for_status()


def a_transport_of_httpx2(base: str) -> AbstractContextManager[Callable[[], object]]:
    return a_transport(base, httpx2)


@contextmanager
def a_session(base: str) -> Opened:
    with drop_in.Session() as session:
        yield lambda: session.get(f"{base}/story/s1", headers=KEY).raise_for_status()


@contextmanager
def the_functions(base: str) -> Opened:
    yield lambda: drop_in.get(f"{base}/story/s1", headers=KEY).raise_for_status()


@contextmanager
def an_adapter(base: str) -> Opened:
    with requests.Session() as session:
        session.mount("http://", CompatAdapter(base_url=base))
        yield lambda: session.get(f"{base}/story/s1", headers=KEY).raise_for_status()


@pytest.mark.parametrize(
    "entry_point",
    [
        a_v2_client,
        a_v1_client,
        a_compat_client,
        a_transport,
        a_transport_of_httpx2,
        a_session,
        the_functions,
        an_adapter,
    ],
)
def test_threads_make_a_connection_each(entry_point: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with counting_server(together=AT_A_TIME) as server:
        monkeypatch.setenv("VIMMERSE_BASE_URL", server.base_url)
        with entry_point(server.base_url) as call, ThreadPoolExecutor(AT_A_TIME) as threads:
            for done in [threads.submit(call) for _ in range(CALLS)]:
                done.result()
    assert (server.requests, server.most) == (CALLS, AT_A_TIME)
    assert server.connections <= AT_A_TIME


async def by_v2_client(base: str, calls: Calls) -> None:
    async with v2.AuthenticatedClient(base_url=base, token="a-key") as client:
        await calls(lambda: get_story.asyncio("s1", client=client))


async def by_compat_client(base: str, calls: Calls) -> None:
    async with AsyncCompatClient("a-key", base_url=base) as client:
        await calls(lambda: client.get_story("s1"))


async def by_transport(base: str, calls: Calls, library: Any = httpx) -> None:
    async with library.AsyncClient(transport=AsyncCompatTransport(base_url=base), headers=KEY) as client:
        await calls(lambda: client.get(f"{base}/story/s1"))


async def by_transport_of_httpx2(base: str, calls: Calls) -> None:
    await by_transport(base, calls, httpx2)


@pytest.mark.parametrize("entry_point", [by_v2_client, by_compat_client, by_transport, by_transport_of_httpx2])
def test_tasks_make_a_connection_each(entry_point: Any) -> None:
    async def calls(call: Callable[[], Awaitable[object]]) -> None:
        at_a_time = asyncio.Semaphore(AT_A_TIME)

        async def one() -> None:
            async with at_a_time:
                await call()

        await asyncio.gather(*(one() for _ in range(CALLS)))

    with counting_server(together=AT_A_TIME) as server:
        asyncio.run(entry_point(server.base_url, calls))
    assert (server.requests, server.most) == (CALLS, AT_A_TIME)
    assert server.connections <= AT_A_TIME


REFUSED = "http://127.0.0.1:1"


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """How often certificates are loaded; in a folder of the test's own, so that no other test has loaded them."""
    loaded: list[str] = []
    original = ssl.SSLContext.load_verify_locations

    def load(context: ssl.SSLContext, *arguments: Any, **options: Any) -> None:
        loaded.append(f"{arguments} {options}")
        original(context, *arguments, **options)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", load)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    return loaded


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_transports_share_the_tls_context(library: Any, loads: list[str]) -> None:
    async def call() -> None:
        transport = AsyncCompatTransport(base_url=REFUSED)
        with pytest.raises(library.ConnectError):
            await transport.handle_async_request(library.Request("GET", f"{REFUSED}/story/s1"))

    for _ in range(3):
        with pytest.raises(library.ConnectError):
            CompatTransport(base_url=REFUSED).handle_request(library.Request("GET", f"{REFUSED}/story/s1"))
        asyncio.run(call())
    assert len(loads) == 1


def test_clients_and_downloads_share_the_tls_context(loads: list[str], tmp_path: Path) -> None:
    for _ in range(3):
        for package in (v1, v2):
            client = package.AuthenticatedClient(token="a-key")
            client.get_httpx_client().close()
            client.with_timeout(1).get_httpx_client().close()
            asyncio.run(client.get_async_httpx_client().aclose())
        CompatClient("a-key").close()
        asyncio.run(AsyncCompatClient("a-key").aclose())
        with pytest.raises(DownloadError):
            download(f"{REFUSED}/video.mp4", tmp_path / "video.mp4", retries=0)
        with pytest.raises(DownloadError):
            asyncio.run(download_async(f"{REFUSED}/video.mp4", tmp_path / "video.mp4", retries=0))
    assert len(loads) == 1
