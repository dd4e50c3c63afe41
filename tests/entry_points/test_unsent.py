"""Test tools without a matching response send nothing, so no job is reported as possibly created."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
import requests
from requests.adapters import BaseAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import ClosedPoolError, MaxRetryError, NewConnectionError, ProxyError, ReadTimeoutError
from vimmerse.compat import AsyncCompatTransport, CompatAdapter, CompatTransport, Policy
from vimmerse.compat.adapters.requests_errors import never_reached_server
from vimmerse.compat.core.errors import MAY_EXIST
from vimmerse.compat.runtime.library_errors import nothing_sent

BASE = "http://192.0.2.1"
POLICY = Policy(base_url=BASE, api_key="a-key-of-the-tests", on_warning=lambda notice: None)
PAID = f"{BASE}/story/idea-2-video"
Raises = Callable[[], BaseException]


def error_of(module: str, name: str, base: type[BaseException] = Exception) -> BaseException:
    """An error like a tool's own, which need not be installed."""
    error: BaseException = type(name, (base,), {"__module__": module})("no match")
    return error


def by_requests(error: BaseException) -> None:
    class Mock(BaseAdapter):
        def send(self, *arguments: object, **options: object) -> requests.Response:
            raise error

        def close(self) -> None:
            """Nothing is open."""

    with requests.Session() as session:
        session.mount("http://", CompatAdapter(wrapped=Mock(), policy=POLICY))
        session.post(PAID, data={"idea": "x"})


def by_httpx(error: BaseException, library: Any = httpx) -> None:
    def respond(request: object) -> object:
        raise error

    with library.Client(transport=CompatTransport(library.MockTransport(respond), POLICY)) as client:
        client.post(PAID, data={"idea": "x"})


def by_httpx2(error: BaseException) -> None:
    by_httpx(error, httpx2)


def by_async_httpx(error: BaseException) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        raise error

    async def play() -> None:
        transport = AsyncCompatTransport(httpx.MockTransport(respond), POLICY)
        async with httpx.AsyncClient(transport=transport) as client:
            await client.post(PAID, data={"idea": "x"})

    asyncio.run(play())


ENTRY_POINTS = [by_requests, by_httpx, by_httpx2, by_async_httpx]


def caused(error: BaseException) -> BaseException:
    outer = httpx.ReadError("broken")
    outer.__cause__ = error
    return outer


UNSENT: dict[str, Raises] = {
    "vcrpy": lambda: error_of("vcr.errors", "CannotOverwriteExistingCassetteException"),
    "respx": lambda: error_of("respx.models", "AllMockedAssertionError", AssertionError),
    "responses": lambda: requests.ConnectionError(
        "Connection refused by Responses - the call doesn't match any registered mock.\n\nRequest: \n- POST ..."
    ),
    "requests-mock": lambda: error_of("requests_mock.exceptions", "NoMockAddress", requests.ConnectionError),
    "pytest-httpx": lambda: httpx.TimeoutException("No response can be found for POST request on http://..."),
    "pytest-httpx, httpx2": lambda: httpx2.TimeoutException("No response can be found for POST request on http://..."),
    "pytest-socket": lambda: error_of("pytest_socket", "SocketBlockedError", RuntimeError),
    "pytest-socket, hosts": lambda: error_of("pytest_socket", "SocketConnectBlockedError", RuntimeError),
    "pytest-recording": lambda: RuntimeError("Network is disabled for host '192.0.2.1'"),
    "betamax": lambda: error_of("betamax.exceptions", "BetamaxError"),
    "a cause": lambda: caused(error_of("pytest_socket", "SocketBlockedError", RuntimeError)),
    "an argument": lambda: requests.ConnectionError(error_of("pytest_socket", "SocketBlockedError", RuntimeError)),
    "a group": lambda: ExceptionGroup("connect", [RuntimeError("Network is disabled for host 'x'")]),
    "a subclass": lambda: type("Mine", (type(error_of("respx.models", "AllMockedAssertionError")),), {})("no"),
}


@pytest.mark.parametrize("tool", UNSENT)
@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
def test_no_job_is_reported(entry_point: Callable[[BaseException], None], tool: str) -> None:
    error: Any = UNSENT[tool]()
    with pytest.raises(type(error)) as caught:
        entry_point(error)
    assert caught.value is error
    assert not hasattr(error, "__notes__")


def before(error: BaseException) -> BaseException:
    later = OSError("reset")
    later.__context__ = error
    return later


SENT: dict[str, Raises] = {
    "the same name elsewhere": lambda: error_of("myproject.errors", "SocketBlockedError"),
    "a refusal": lambda: requests.ConnectionError("Connection refused by the server"),
    "another text": lambda: RuntimeError("Network is slow"),
    "a timeout": lambda: httpx.ReadTimeout("No response can be found for long"),
    "an attempt before it": lambda: before(error_of("pytest_socket", "SocketBlockedError", RuntimeError)),
    "one of a group": lambda: ExceptionGroup("x", [RuntimeError("Network is disabled for host 'x'"), OSError()]),
    "a number": lambda: RuntimeError(5),
}


@pytest.mark.parametrize("kind", SENT)
@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
def test_after_any_other_error_the_job_may_exist(entry_point: Callable[[BaseException], None], kind: str) -> None:
    error: Any = SENT[kind]()
    with pytest.raises(type(error)) as caught:
        entry_point(error)
    assert caught.value.__notes__ == [f"vimmerse: {MAY_EXIST}"]


def test_causes_that_go_in_circles_end() -> None:
    first, second = OSError("first"), OSError("second")
    first.__cause__, second.__cause__ = second, first
    assert not nothing_sent(first)


def test_a_real_cassette_without_a_match(tmp_path: Path) -> None:
    vcr = pytest.importorskip("vcr")

    def play_requests() -> None:
        with requests.Session() as session:
            session.mount("http://", CompatAdapter(policy=POLICY))
            session.post(PAID, data={"idea": "x"})

    def play_httpx() -> None:
        with httpx.Client(transport=CompatTransport(policy=POLICY)) as client:
            client.post(PAID, data={"idea": "x"})

    for play in (play_requests, play_httpx):
        with (
            vcr.use_cassette(str(tmp_path / "none.yaml"), record_mode="none"),
            pytest.raises(vcr.errors.CannotOverwriteExistingCassetteException) as caught,
        ):
            play()
        assert not hasattr(caught.value, "__notes__")


POOL = HTTPConnectionPool("127.0.0.1", 9)


NO_CONNECTION = NewConnectionError(HTTPConnection("127.0.0.1", 9), "refused")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (requests.exceptions.ConnectTimeout(), True),
        (requests.exceptions.InvalidURL("no host"), True),
        (requests.exceptions.ConnectionError(ClosedPoolError(POOL, "closed")), True),
        (requests.exceptions.ConnectionError(MaxRetryError(POOL, "/", ReadTimeoutError(POOL, "/", "late"))), False),
        (requests.exceptions.ConnectionError(), False),
        (requests.exceptions.ProxyError(MaxRetryError(POOL, "/", ProxyError("no proxy", NO_CONNECTION))), True),
        (requests.exceptions.ProxyError(MaxRetryError(POOL, "/", ProxyError("it broke", OSError("reset")))), False),
        (requests.exceptions.ReadTimeout(ReadTimeoutError(POOL, "/", "late")), False),
    ],
)
def test_which_failures_of_requests_come_before_anything_is_sent(error: Exception, expected: bool) -> None:
    assert never_reached_server(error) is expected
