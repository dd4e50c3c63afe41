"""How the clients connect: limits, errors, proxies, and what the caller sets instead."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import anyio
import httpx
import pytest
from vimmerse import v2
from vimmerse._http.connections import AsyncStackTransport, StackTransport, client_arguments
from vimmerse._http.tls import shared_ssl_context

from tests.connections import Server, counting_server

REFUSED = "http://127.0.0.1:1"
T = TypeVar("T")


class Client:
    """A sync or an async client, used in the same way."""

    def __init__(self, asynchronous: bool) -> None:
        self.runner = asyncio.Runner() if asynchronous else None

    @contextmanager
    def limited(self, **limits: Any) -> Iterator[Client]:
        transport = AsyncStackTransport if self.runner else StackTransport
        client: Any = httpx.AsyncClient if self.runner else httpx.Client
        self.transport: Any = transport(httpx.create_ssl_context(), httpx.Limits(**limits))
        self.http = client(transport=self.transport, timeout=20)
        try:
            yield self
        finally:
            self.close(self.http)
            if self.runner:
                self.runner.close()

    def result(self, value: Any) -> Any:
        return self.runner.run(_awaited(value)) if self.runner and value is not None else value

    def get(self, url: str) -> httpx.Response:
        response: httpx.Response = self.result(self.http.get(url))
        return response

    def open(self, url: str, *, pool: float = 20) -> httpx.Response:
        """A response that is not closed yet."""
        request = self.http.build_request("GET", url, timeout=httpx.Timeout(20, pool=pool))
        response: httpx.Response = self.result(self.http.send(request, stream=True))
        return response

    def close(self, resource: Any) -> None:
        self.result((resource.aclose if self.runner else resource.close)())


async def _awaited(value: Awaitable[T]) -> T:
    return await value


@pytest.fixture(params=["sync", "async"])
def client(request: pytest.FixtureRequest) -> Client:
    return Client(asynchronous=request.param == "async")


@pytest.fixture
def server() -> Iterator[Server]:
    with counting_server() as running:
        yield running


def test_a_connection_is_used_again(client: Client, server: Server) -> None:
    with client.limited(max_connections=None, max_keepalive_connections=None, keepalive_expiry=None):
        for _ in range(3):
            assert client.get(server.base_url).json()["id"] == "s1"
    assert (server.requests, server.connections) == (3, 1)


def test_all_connections_in_use(client: Client, server: Server) -> None:
    with client.limited(max_connections=1):
        response = client.open(server.base_url)
        with pytest.raises(httpx.PoolTimeout, match="in use"):
            client.open(server.base_url, pool=0.01)
        for _ in range(2):
            client.close(response.stream)
        response = client.open(server.base_url)
        with pytest.raises(httpx.PoolTimeout):
            client.open(server.base_url, pool=0.01)
        client.close(response)
    assert server.requests == 2


def test_requests_wait_for_a_connection(server: Server) -> None:
    with (
        Client(asynchronous=False).limited(max_connections=2) as client,
        ThreadPoolExecutor(8) as threads,
    ):
        assert [each.status_code for each in threads.map(client.get, [server.base_url] * 40)] == [200] * 40
    assert server.most <= server.connections <= 2


@pytest.mark.parametrize("library", ["asyncio", "trio"])
def test_tasks_wait_for_a_connection(library: str, server: Server) -> None:
    pytest.importorskip(library)

    async def main() -> None:
        transport = AsyncStackTransport(httpx.create_ssl_context(), httpx.Limits(max_connections=2))
        async with httpx.AsyncClient(transport=transport) as client, anyio.create_task_group() as tasks:
            for _ in range(20):
                tasks.start_soon(client.get, server.base_url)

    anyio.run(main, backend=library)
    assert (server.requests, server.connections) == (20, 2)


@pytest.mark.parametrize(("limits", "created"), [({"max_keepalive_connections": 0}, 3), ({"keepalive_expiry": 0}, 3)])
def test_connections_that_are_not_to_be_kept(
    client: Client, server: Server, limits: dict[str, Any], created: int
) -> None:
    with client.limited(**limits):
        for _ in range(3):
            client.get(server.base_url)
    assert server.connections == created


def test_idle_connections_above_the_limit_are_closed(client: Client, server: Server) -> None:
    with client.limited(max_keepalive_connections=2):
        for _ in range(2):
            for response in [client.open(server.base_url) for _ in range(4)]:
                client.result(response.aread() if client.runner else response.read())
    assert server.connections == 6


def test_an_interruption_while_connections_are_closed(
    client: Client, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[object] = []
    kind: Any = httpx.AsyncHTTPTransport if client.runner else httpx.HTTPTransport
    original = kind.aclose if client.runner else kind.close

    def close(transport: object) -> object:
        closed.append(transport)
        if len(closed) == 1:
            raise InterruptedError
        return original(transport)

    with client.limited(max_keepalive_connections=0):
        for response in [client.open(server.base_url) for _ in range(3)]:
            client.result(response.aread() if client.runner else response.read())
        monkeypatch.setattr(kind, "aclose" if client.runner else "close", close)
        with pytest.raises(InterruptedError):
            client.get(server.base_url)
        assert client.get(server.base_url).status_code == 200
        assert len(set(closed)) == 4  # the three, and that of the interrupted request
        client.result(original(closed[0]))


@pytest.mark.parametrize(("most", "created"), [(1, 4), (2, 2)])
def test_connections_to_several_hosts(client: Client, server: Server, most: int, created: int) -> None:
    with client.limited(max_connections=most):
        for _ in range(2):
            client.get(server.base_url)
            client.get(server.base_url.replace("127.0.0.1", "localhost"))
    assert (server.requests, server.connections) == (4, created)


def test_a_failed_request_frees_its_place(client: Client, server: Server) -> None:
    with client.limited(max_connections=1):
        for _ in range(2):
            with pytest.raises(httpx.ConnectError):
                client.get(REFUSED)
            with pytest.raises(httpx.RemoteProtocolError):
                client.get(f"{server.base_url}/cut")
            with pytest.raises(httpx.RemoteProtocolError):
                client.get(f"{server.base_url}/silent")
            assert client.get(server.base_url).status_code == 200


def test_a_connection_that_the_server_has_closed_is_replaced(client: Client, server: Server) -> None:
    with client.limited(max_connections=1):
        for _ in range(3):
            assert client.get(f"{server.base_url}/last").status_code == 200
            server.closed.acquire(timeout=20)
    assert server.connections == 3


def test_closing_and_using_it_again(client: Client, server: Server) -> None:
    with client.limited(max_connections=2):
        left_open = client.open(server.base_url)
        client.get(server.base_url)
        client.close(client.transport)
        for _ in range(2):
            server.closed.acquire(timeout=20)
        client.close(left_open)
        assert client.get(server.base_url).status_code == 200
    assert server.connections == 3


def test_a_cancelled_request_frees_its_place(server: Server) -> None:
    async def main() -> None:
        transport = AsyncStackTransport(httpx.create_ssl_context(), httpx.Limits(max_connections=1))
        async with httpx.AsyncClient(transport=transport) as client:
            for _ in range(3):
                sent = asyncio.create_task(client.get(f"{server.base_url}/never"))
                while server.requests == 0:  # noqa: ASYNC110  # it runs in other threads
                    await asyncio.sleep(0.001)
                waiting = asyncio.create_task(client.get(server.base_url))
                await asyncio.sleep(0)
                for task in (waiting, sent):
                    task.cancel()
                await asyncio.gather(sent, waiting, return_exceptions=True)
                assert sent.cancelled()
                assert waiting.cancelled()
                server.requests = 0
            assert (await client.get(server.base_url)).status_code == 200

    asyncio.run(main())
    assert server.most == 1


def test_mocks_of_httpx_are_respected(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """As pytest-httpx makes them: no request of a program's tests leaves the machine."""

    def respond(transport: object, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"mocked": str(request.url)})

    async def respond_async(transport: object, request: httpx.Request) -> httpx.Response:
        return respond(transport, request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", respond)
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", respond_async)
    with client.limited():
        assert client.get("https://api.example/x").json() == {"mocked": "https://api.example/x"}


# ---- What the caller sets


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What httpx's transports are made with."""
    created: list[dict[str, Any]] = []
    original = httpx.HTTPTransport.__init__

    def init(transport: httpx.HTTPTransport, **options: Any) -> None:
        created.append(options)
        original(transport, **options)

    monkeypatch.setattr(httpx.HTTPTransport, "__init__", init)
    return created


@pytest.mark.parametrize("verify", [ssl.create_default_context(), False])
def test_the_callers_own_verification_is_used(verify: Any, passed: list[dict[str, Any]], server: Server) -> None:
    contexts = []
    for _ in range(2):
        with v2.Client(base_url=server.base_url, verify_ssl=verify) as client:
            client.get_httpx_client().get("/")
        contexts.append(passed[-1]["verify"])
    shared = shared_ssl_context(httpx.create_ssl_context)
    if verify is False:
        assert len({shared, *contexts}) == 3  # each may be changed by its owner
        assert {context.verify_mode for context in contexts} == {ssl.CERT_NONE}
    else:
        assert contexts == [verify, verify]


def test_trust_env_decides_about_the_environments_certificates(monkeypatch: Any) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/there/is/none.pem")
    with pytest.raises(FileNotFoundError):
        v2.Client().get_httpx_client()
    v2.Client(httpx_args={"trust_env": False}).get_httpx_client().close()


@pytest.mark.parametrize("option", [{"http2": True}, {"cert": "client.pem"}, {"verify": False, "http2": True}])
def test_what_would_change_the_context_gets_one_of_its_own(option: dict[str, Any]) -> None:
    arguments = client_arguments(option)
    assert "transport" not in arguments
    assert arguments["verify"] is option.get("verify", True)


def test_the_callers_own_transport_and_limits_are_used(server: Server) -> None:
    mock = httpx.MockTransport(lambda request: httpx.Response(204))
    assert client_arguments({"transport": mock})["transport"] is mock
    limits = {"limits": httpx.Limits(max_connections=1), "timeout": httpx.Timeout(20, pool=0.01)}
    with v2.Client(base_url=server.base_url, httpx_args=limits) as client:
        http = client.get_httpx_client()
        with http.stream("GET", "/"), pytest.raises(httpx.PoolTimeout):
            http.get("/")


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
def test_a_proxy_of_the_environment_is_used(variable: str, server: Server, monkeypatch: Any) -> None:
    monkeypatch.setenv(variable, server.base_url)
    with v2.Client(base_url="http://api.example") as client:
        assert client.get_httpx_client().get("/").status_code == 200
    assert server.requests == 1
    with v2.Client(base_url=REFUSED, httpx_args={"trust_env": False}) as client, pytest.raises(httpx.ConnectError):
        client.get_httpx_client().get("/")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with v2.Client(base_url=REFUSED) as client, pytest.raises(httpx.ConnectError):
        client.get_httpx_client().get("/")
    assert server.requests == 1


def test_behind_a_proxy_threads_make_a_connection_each() -> None:
    with (
        counting_server(together=32) as server,
        httpx.Client(**client_arguments({"proxy": server.base_url})) as client,
        ThreadPoolExecutor(32) as threads,
    ):
        list(threads.map(lambda _: client.get("http://api.example/"), range(128)))
    assert server.connections <= 32
