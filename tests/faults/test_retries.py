"""A caller who asks his library to try again: free calls are tried again, paid ones only where nothing was sent."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
import requests
from urllib3.util.retry import Retry
from vimmerse.compat import CompatAdapter, CompatTransport
from vimmerse.emulator import AT_ONCE, Emulator

from tests.faults.doors import FORM, HEADERS
from tests.faults.faults import BY_NAME, CALLS, unused_port

pytestmark = pytest.mark.filterwarnings("ignore::vimmerse.compat.V1DeprecationWarning")

#: As eager as urllib3 can be made: any method, any status, any broken connection.
EAGER = Retry(total=4, status_forcelist=[429, 500, 502, 503, 520], allowed_methods=None, backoff_factor=0)


@pytest.fixture(scope="module")
def shared_emulator() -> Iterator[Emulator]:
    with Emulator(transition=AT_ONCE) as running:
        yield running


@pytest.fixture
def emulator(shared_emulator: Emulator) -> Emulator:
    shared_emulator.reset()
    return shared_emulator


@pytest.fixture
def session(emulator: Emulator) -> Iterator[requests.Session]:
    with requests.Session() as made:
        made.mount("http://", CompatAdapter(max_retries=EAGER, base_url=emulator.base_url))
        made.headers.update(HEADERS)
        yield made


FAILING = ["reset", "reset_accepted", "hang_accepted", "429", "500", "502", "503", "520"]


@pytest.mark.parametrize("fault", FAILING)
def test_a_paid_call_is_sent_once_however_eager(emulator: Emulator, session: requests.Session, fault: str) -> None:
    chosen = BY_NAME[fault]
    emulator.faults.add(CALLS["paid"], chosen.kind, **chosen.options)  # type: ignore[arg-type]  # a kind that it has
    try:
        session.post(f"{emulator.base_url}/media", data=FORM, timeout=0.3)
    except requests.RequestException:
        assert fault in ("reset", "reset_accepted", "hang_accepted")
    assert len(emulator.requests) == 1
    assert len(emulator.jobs) == int(chosen.accepted)


@pytest.mark.parametrize(("method", "path", "form"), [("PUT", "edit", FORM), ("POST", "process", None)])
def test_nor_one_that_becomes_a_put(
    emulator: Emulator, session: requests.Session, method: str, path: str, form: dict[str, str] | None
) -> None:
    """urllib3 takes PUT for safe to repeat; in v2 it may start a paid generation."""
    id = httpx.post(f"{emulator.base_url}/v2/media", json={"prompt": "x"}, headers=HEADERS).json()["id"]
    emulator.faults.add(("PUT", "/v2/media/{id}"), "reset_accepted")
    with pytest.raises(requests.ConnectionError):
        session.request(method, f"{emulator.base_url}/media/{id}/{path}", data=form, timeout=5)
    assert [request.method for request in emulator.requests].count("PUT") == 1
    assert len(emulator.jobs) == 2  # the media, and the generation that was accepted


@pytest.mark.parametrize("fault", FAILING)
def test_a_free_call_may_be_repeated(emulator: Emulator, session: requests.Session, fault: str) -> None:
    id = httpx.post(f"{emulator.base_url}/v2/media", json={"prompt": "x"}, headers=HEADERS).json()["id"]
    chosen = BY_NAME[fault]
    emulator.faults.add(CALLS["free"], chosen.kind, **chosen.options)  # type: ignore[arg-type]  # a kind that it has
    assert session.get(f"{emulator.base_url}/media/{id}", timeout=0.3).json()["data"]["id"] == id
    assert len(emulator.requests) == 3


def test_connections_that_were_never_made_may_be_tried_again(emulator: Emulator) -> None:
    """httpx's ``retries`` and urllib3's ``connect`` are about connections alone: nothing was sent."""
    with (
        unused_port() as port,
        httpx.Client(
            transport=CompatTransport(httpx.HTTPTransport(retries=1), base_url=f"http://127.0.0.1:{port}"),
            headers=HEADERS,
        ) as client,
        pytest.raises(httpx.ConnectError),
    ):
        client.post(f"http://127.0.0.1:{port}/media", data=FORM)
    emulator.faults.add(CALLS["paid"], "reset_accepted")
    door = CompatTransport(httpx.HTTPTransport(retries=3), base_url=emulator.base_url)
    with httpx.Client(transport=door, headers=HEADERS) as client, pytest.raises(httpx.ReadError):
        client.post(f"{emulator.base_url}/media", data=FORM)
    assert (len(emulator.requests), len(emulator.jobs)) == (1, 1)
