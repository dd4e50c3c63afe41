"""No request of a test reaches the real service, whatever sends it; mocks, cassettes and other hosts work as ever."""

from __future__ import annotations

import http.client
import importlib
import re
import socket
import sys
import urllib.request
from collections.abc import Callable, Iterator
from textwrap import indent

import httpcore
import httpx
import httpx2
import pytest
import requests
from vimmerse.compat import CompatTransport
from vimmerse.compat.flows.routing import V1_HOST
from vimmerse.testing import LiveCallError
from vimmerse.testing.guard import HOST, Guard
from vimmerse.v2 import AsyncVimmerse, Vimmerse

from tests.testing.runs import run

pytest_plugins = ("pytester",)

URL = f"https://{HOST}/v2/story/idea-2-video"
KEY = "a-secret-key"
PROXY = "http://127.0.0.1:1"
HEADERS = {"X-Api-Key": KEY}


@pytest.fixture
def guard() -> Iterator[Guard]:
    guard = Guard()
    guard.install()
    yield guard
    guard.uninstall()


def test_the_host_is_that_of_both_versions() -> None:
    assert HOST == V1_HOST
    with Vimmerse(api_key=KEY) as client:
        assert client.base_url == f"https://{HOST}"


def send_by_shim() -> object:
    with httpx.Client(transport=CompatTransport(on_warning=lambda notice: None)) as client:
        return client.post(f"https://{HOST}/story/idea-2-video", data={"idea": "A kite"}, headers=HEADERS)


async def send_async(client: httpx.AsyncClient) -> object:
    async with client:
        return await client.post(URL, headers=HEADERS)


async def send_typed() -> object:
    async with AsyncVimmerse(api_key=KEY) as client:
        return await client.stories.create(idea="A kite")


WAYS: dict[str, Callable[[], object]] = {
    "httpx": lambda: httpx.post(URL, headers=HEADERS),
    "httpx by a proxy": lambda: httpx.post(URL, headers=HEADERS, proxy=PROXY),
    "httpx2": lambda: httpx2.post(URL, headers=HEADERS),
    "requests": lambda: requests.post(URL, headers=HEADERS, timeout=1),
    "requests by a proxy": lambda: requests.post(
        URL.replace("https", "http"), headers=HEADERS, proxies={"http": PROXY}, timeout=1
    ),
    "urllib": lambda: urllib.request.urlopen(urllib.request.Request(URL, b"{}", HEADERS)),
    "the shim": send_by_shim,
    "the typed client": lambda: Vimmerse(api_key=KEY, max_retries=3, retry_refused=True).stories.create(idea="A kite"),
    "a socket": lambda: socket.create_connection((f"{HOST.upper()}.", 443)),
    "bytes": lambda: socket.getaddrinfo(HOST.encode(), 443),
}
ASYNC_WAYS = {
    "httpx": lambda: send_async(httpx.AsyncClient()),
    "httpx by a proxy": lambda: send_async(httpx.AsyncClient(proxy=PROXY)),
    "the typed client": send_typed,
}


@pytest.mark.parametrize("send", WAYS.values(), ids=WAYS.keys())
def test_a_request_is_blocked(guard: Guard, send: Callable[[], object]) -> None:
    with pytest.raises(LiveCallError, match=r"\Wtest_guard\.py:\d+\).*vimmerse_emulator.*--vimmerse-live") as caught:
        send()

    assert guard.take_refused() == [str(caught.value)]  # once: it is not repeated
    assert KEY not in str(caught.value)
    assert not any("may have been created" in note for note in getattr(caught.value, "__notes__", ()))


@pytest.mark.parametrize("send", ASYNC_WAYS.values(), ids=ASYNC_WAYS.keys())
def test_an_async_request_is_blocked(guard: Guard, send: Callable[[], object]) -> None:
    import asyncio

    with pytest.raises(LiveCallError, match=f"POST {URL} was blocked"):
        asyncio.run(send())  # type: ignore[arg-type]  # it returns a coroutine
    assert len(guard.take_refused()) == 1


def test_the_message_has_neither_query_nor_control_characters(guard: Guard) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", 1)
    connection.set_tunnel(HOST, 443)
    with pytest.raises(LiveCallError) as caught:
        connection.putrequest("GET", f"/story/\N{RIGHT-TO-LEFT OVERRIDE}{'x' * 300}?key={KEY}#{KEY}")
    assert re.search(r"GET https://api\.vimmerse\.net/story/\?x{192}\.\.\. was blocked", str(caught.value))
    assert KEY not in str(caught.value)


def test_other_hosts_are_free(guard: Guard) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert socket.getaddrinfo("localhost", port)
        for host in (f"{HOST}.example.com", f"not-{HOST}"):
            with pytest.raises(Exception, match="must not use the network"):  # tests/offline
                socket.getaddrinfo(host, port)
        for send in (httpx.get, requests.get):
            with pytest.raises((httpx.TimeoutException, requests.Timeout)):
                send(f"http://127.0.0.1:{port}/{HOST}", timeout=0.05)
    assert not guard.refused


def test_a_library_that_is_imported_later_is_guarded(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "httpcore"]:
        monkeypatch.delitem(sys.modules, name)
    later = importlib.import_module("httpcore")

    assert later is not httpcore
    with later.ConnectionPool() as pool, pytest.raises(LiveCallError):
        pool.request("GET", URL)
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("httpcore.no_such_module")


def test_a_missing_library_is_missing(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "httpcore2", raising=False)
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("httpcore2")


def test_a_wrapper_that_was_put_around_the_guard_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", socket.getaddrinfo)  # restored in the end
    guard = Guard()
    guard.install()
    guarded = socket.getaddrinfo

    def wrapper(*arguments: object) -> object:
        return guarded(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", wrapper)
    guard.uninstall()

    assert socket.getaddrinfo is wrapper
    with pytest.raises(RuntimeError, match="must not use the network"):  # tests/offline
        socket.getaddrinfo(HOST, 443)
    assert not guard.refused


# In runs of pytest


def test_a_blocked_test_fails_without_a_traceback(pytester: pytest.Pytester) -> None:
    """Also if the program catches the error, if the client is older than the test, and in a ``unittest.TestCase``."""
    pytester.makepyfile(
        f"""
        import unittest
        import httpx
        import pytest
        from vimmerse.v2 import Vimmerse

        client = Vimmerse(api_key={KEY!r})
        headers = {HEADERS!r}

        @pytest.fixture(scope="session")
        def session():
            with httpx.Client(headers=headers) as session:
                yield session

        def test_client_of_the_module():
            client.stories.create(idea="A kite")

        def test_caught(session):
            try:
                session.post({URL!r})
            except Exception:
                pass

        @pytest.mark.xfail
        def test_expected_to_fail(session):
            session.post({URL!r})

        def test_group(session):
            try:
                session.post({URL!r})
            except Exception as error:
                raise ExceptionGroup("two", [ValueError("one"), error])

        def test_other_failure(session):
            try:
                session.post({URL!r})
            except Exception:
                pass
            raise KeyError("another") from None

        class TestUnittest(unittest.TestCase):
            def test(self):
                with self.assertRaises(Exception):
                    httpx.get({URL!r}, headers=headers)

        def test_emulator(vimmerse_emulator, session):
            assert session.get(vimmerse_emulator.base_url + "/v2/story/x").status_code == 404
        """
    )

    result = run(pytester, "--showlocals", "-rf")

    result.assert_outcomes(passed=1, failed=6)
    result.stdout.fnmatch_lines([f"POST {URL} was blocked (*:15): tests must not call the real service. *"])
    result.stdout.fnmatch_lines(["E*KeyError: 'another'", "*- vimmerse -*", "POST *:35): *", "GET *:43): *"])
    result.stdout.no_fnmatch_line("*handle_request*")


def test_calls_outside_of_tests(pytester: pytest.Pytester) -> None:
    blocked = f"import httpx\ntry:\n    httpx.get({URL!r})\nexcept Exception:\n    pass\n"
    pytester.makeconftest(blocked)
    pytester.makepyfile("def test(): pass")
    run(pytester).stdout.fnmatch_lines(["*ERROR collecting *", f"GET {URL} was blocked (conftest.py:3): *"])

    pytester.makeconftest(f"def pytest_sessionfinish():\n{indent(blocked, ' ')}")
    result = run(pytester)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*vimmerse: calls outside of tests*", f"GET {URL} was blocked (conftest.py:4): *"])

    pytester.makeconftest("")
    pytester.makepyfile(test_caught=f"{blocked}def test(): pass", test_raised=f"import httpx; httpx.get({URL!r})")
    result = run(pytester)
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["*(test_caught.py:3): *", "*(test_raised.py:1): *"])


def test_mocks_and_cassettes_are_not_blocked(pytester: pytest.Pytester) -> None:
    """Recordings of requests and httpx by vcrpy, and what replaces a transport."""
    answer = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": "{}"}}
    interactions = [
        {"request": {"method": "GET", "uri": URL, "headers": {}, "body": None}, "response": answer} for _ in range(3)
    ]
    pytester.makepyfile(
        f"""
        import json
        import httpx, requests, vcr
        from unittest import mock

        def test_cassette(tmp_path):
            path = tmp_path / "cassette.json"
            path.write_text(json.dumps({{"version": 1, "interactions": {interactions!r}}}))
            with vcr.use_cassette(str(path), serializer="json", record_mode="none"):
                assert requests.get({URL!r}).json() == {{}}
                assert httpx.get({URL!r}).json() == {{}}

        def test_mocks():
            with httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(201))) as client:
                assert client.get({URL!r}).status_code == 201
            with mock.patch("requests.adapters.HTTPAdapter.send", side_effect=ConnectionError("mocked")) as send:
                try:
                    requests.get({URL!r})
                except ConnectionError:
                    pass
            assert send.called
        """
    )

    run(pytester).assert_outcomes(passed=2)


def test_a_verification_has_a_guard_of_its_own(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """``vimmerse migrate --verify`` sends what is for the service to an emulator, below this guard."""
    monkeypatch.setenv("VIMMERSE_VERIFY", "settings.json")

    pytester.makepyfile(
        """
        import http.client

        def test_call():
            http.client.HTTPConnection("api.vimmerse.net").putrequest("GET", "/v2/story/1")
        """
    )

    run(pytester).assert_outcomes(passed=1)
