"""Which requests a mock of v1 code sees: the table of docs/testing-v1.md."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import httpx
import pytest
import requests
import requests_mock
import responses
import respx
from vimmerse.compat import install
from vimmerse.compat import requests as drop_in
from vimmerse.testing.guard import HOST, Guard

pytestmark = pytest.mark.filterwarnings("ignore::vimmerse.compat.V1DeprecationWarning")

V1, V2 = f"https://{HOST}/story/idea-2-video", f"https://{HOST}/v2/story/idea-2-video"
ANSWER = {"id": "a-story"}
CALL: dict[str, Any] = {"data": {"idea": "A kite"}, "headers": {"X-Api-Key": "a-key"}}


@pytest.fixture(autouse=True)
def guard() -> Iterator[Guard]:
    """A mock must not depend on the guard, nor the guard block a mock."""
    guard = Guard()
    guard.install()
    yield guard
    guard.uninstall()
    assert not guard.refused


@contextmanager
def mocked_by_responses() -> Iterator[list[str]]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for url in (V1, V2):
            mock.post(url, json=ANSWER)
        seen: list[str] = []
        yield seen
        seen += [str(call.request.url) for call in mock.calls]


@contextmanager
def mocked_by_requests_mock() -> Iterator[list[str]]:
    with requests_mock.Mocker() as mock:
        mock.post(requests_mock.ANY, json=ANSWER)
        seen: list[str] = []
        yield seen
        seen += [request.url for request in mock.request_history]


def test_responses() -> None:
    with mocked_by_responses() as seen, install():
        requests.post(V1, **CALL)
    assert seen == [V2]

    with install(), mocked_by_responses() as seen:
        requests.post(V1, **CALL)
    assert seen == [V1]

    with mocked_by_responses() as seen:
        drop_in.post(V1, **CALL)
    assert seen == [V2]


def test_requests_mock() -> None:
    with mocked_by_requests_mock() as seen, install():
        requests.post(V1, **CALL)
    assert seen == [V1]

    with install(), mocked_by_requests_mock() as seen:
        requests.post(V1, **CALL)
    assert seen == [V1]


@pytest.mark.parametrize("first", ["respx", "install"])
def test_respx(first: str) -> None:
    mock = respx.MockRouter(assert_all_called=False)
    for url in (V1, V2):
        mock.post(url).respond(json=ANSWER)
    contexts: list[AbstractContextManager[object]] = [mock, install()] if first == "respx" else [install(), mock]
    with contexts[0], contexts[1]:
        httpx.post(V1, **CALL)
        assert [str(call.request.url) for call in mock.calls] == [V2]
