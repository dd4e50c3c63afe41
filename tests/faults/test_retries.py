"""A library with configured retries: free calls are retried, paid ones only if nothing can be charged twice."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry
from vimmerse.compat import CompatAdapter, CompatTransport
from vimmerse.compat.core.messages import Notice
from vimmerse.emulator import AT_ONCE, Emulator

from tests.faults.entry_points import FORM, HEADERS
from tests.faults.faults import BY_NAME, CALLS, unused_port

pytestmark = pytest.mark.filterwarnings("ignore::vimmerse.compat.V1DeprecationWarning")

#: Retries as much as urllib3 can: any method, any status, any broken connection.
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
    with requests.Session() as session:
        session.mount("http://", CompatAdapter(max_retries=EAGER, base_url=emulator.base_url))
        session.headers.update(HEADERS)
        yield session


FAILING = ["reset", "reset_accepted", "hang_accepted", "429", "500", "502", "503", "520"]


@pytest.mark.parametrize("fault", [fault for fault in FAILING if fault != "429"])
def test_a_paid_call_is_sent_once_with_any_retry_settings(
    emulator: Emulator, session: requests.Session, fault: str
) -> None:
    chosen = BY_NAME[fault]
    emulator.faults.add(CALLS["paid"], chosen.kind, **chosen.options)  # type: ignore[arg-type]  # a kind that it has
    try:
        session.post(f"{emulator.base_url}/media", data=FORM, timeout=0.3)
    except requests.RequestException:
        assert fault in ("reset", "reset_accepted", "hang_accepted")
    assert len(emulator.requests) == 1
    assert len(emulator.jobs) == int(chosen.accepted)


@pytest.mark.parametrize(("method", "path", "form"), [("PUT", "edit", FORM), ("POST", "process", None)])
def test_a_paid_call_that_becomes_a_put_is_sent_once(
    emulator: Emulator, session: requests.Session, method: str, path: str, form: dict[str, str] | None
) -> None:
    """urllib3 considers PUT safe to repeat; in v2 it may start a paid generation."""
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


class Patient(Retry):
    """A caller's own subclass. Records the waiting times instead of sleeping."""

    waits: list[float | None] = []

    def sleep(self, response: Any = None) -> None:
        retry_after = self.get_retry_after(response) if response is not None else None
        self.waits.append(self.get_backoff_time() if retry_after is None else retry_after)


@pytest.fixture
def waits() -> list[float | None]:
    Patient.waits = []
    return Patient.waits


Mount = Callable[..., requests.Session]


@pytest.fixture
def mount(emulator: Emulator) -> Iterator[Mount]:
    sessions: list[requests.Session] = []

    def mount(retries: Retry, notices: list[Notice] | None = None) -> requests.Session:
        session = requests.Session()
        sessions.append(session)
        on_warning = (lambda notice: None) if notices is None else notices.append
        session.mount("http://", CompatAdapter(max_retries=retries, base_url=emulator.base_url, on_warning=on_warning))
        session.headers.update(HEADERS)
        return session

    yield mount
    for session in sessions:
        session.close()


def limited(emulator: Emulator, call: tuple[str, str] = CALLS["paid"], times: int = 1, **options: Any) -> None:
    for _ in range(times):
        emulator.faults.add(call, "rate_limit", **options)


@pytest.mark.parametrize("kind", [Retry, Patient])
@pytest.mark.parametrize("methods", [None, frozenset({"POST"})])
def test_429_is_repeated_as_on_plain_v1(emulator: Emulator, mount: Mount, kind: type[Retry], methods: Any) -> None:
    limited(emulator, times=2)
    notices: list[Notice] = []
    retries = kind(total=3, status_forcelist=[429], allowed_methods=methods, backoff_factor=0)
    response = mount(retries, notices).post(f"{emulator.base_url}/media", data=FORM)
    assert isinstance(response.json()["data"]["id"], str)
    assert (len(emulator.requests), len(emulator.jobs)) == (3, 1)
    assert [notice for notice in notices if notice.kind == "paid"] == []


def test_429_is_repeated_with_the_callers_backoff_and_the_servers_retry_after(
    emulator: Emulator, mount: Mount, waits: list[float | None]
) -> None:
    limited(emulator, times=3)
    retries = Patient(total=5, status_forcelist=[429], allowed_methods=None, backoff_factor=3)
    mount(retries).post(f"{emulator.base_url}/media", data=FORM)
    assert waits == [0, 6, 12]
    waits.clear()
    limited(emulator, times=1, retry_after=7)
    # urllib3 repeats a 429 with Retry-After even without a status list; PUT is a default method, POST is not.
    assert mount(Patient(total=5)).post(f"{emulator.base_url}/media", data=FORM).status_code == 429
    assert waits == []
    limited(emulator, times=1, retry_after=7)
    mount(Patient(total=5, allowed_methods=None)).post(f"{emulator.base_url}/media", data=FORM)
    assert waits == [7]


def test_retries_of_a_429_end_in_the_librarys_own_way(emulator: Emulator, mount: Mount) -> None:
    limited(emulator, times=3)
    retries = Retry(total=2, status_forcelist=[429], allowed_methods=None, backoff_factor=0)
    with pytest.raises(requests.exceptions.RetryError) as caught:
        mount(retries).post(f"{emulator.base_url}/media", data=FORM)
    assert not hasattr(caught.value, "__notes__"), "it was refused: nothing was created"
    emulator.reset()
    limited(emulator, times=3)
    calm = retries.new(raise_on_status=False)
    assert mount(calm).post(f"{emulator.base_url}/media", data=FORM).status_code == 429
    assert len(emulator.requests) == 3


@pytest.mark.parametrize(
    ("method", "path", "methods", "sent"),
    [
        ("POST", "process", None, 2),
        ("POST", "process", frozenset({"POST"}), 2),
        ("POST", "process", frozenset({"PUT"}), 1),
        ("POST", "process", Retry.DEFAULT_ALLOWED_METHODS, 1),
        ("PUT", "edit", Retry.DEFAULT_ALLOWED_METHODS, 2),
        ("PUT", "edit", frozenset({"POST"}), 1),
    ],
)
def test_the_method_of_the_v1_call_decides(
    emulator: Emulator, mount: Mount, method: str, path: str, methods: Any, sent: int
) -> None:
    id = httpx.post(f"{emulator.base_url}/v2/media", json={"prompt": "x"}, headers=HEADERS).json()["id"]
    limited(emulator, ("PUT", "/v2/media/{id}"))
    session = mount(Retry(total=3, status_forcelist=[429], allowed_methods=methods, backoff_factor=0))
    response = session.request(
        method, f"{emulator.base_url}/media/{id}/{path}", data=FORM if path == "edit" else None, timeout=5
    )
    assert response.status_code == (200 if sent == 2 else 429)
    assert [request.method for request in emulator.requests].count("PUT") == sent


REFUSED = [
    ("503", {}, "a 503"),
    ("503", {"status_forcelist": ()}, "a 503"),  # its Retry-After alone: urllib3 needs no list
    ("502", {}, "a 502"),
    ("reset_accepted", {}, "a ProtocolError"),
    ("hang_accepted", {}, "a ReadTimeoutError"),
]


@pytest.mark.parametrize(("fault", "changes", "why"), REFUSED, ids=range(len(REFUSED)))
def test_one_notice_says_why_a_call_is_not_retried(
    emulator: Emulator, mount: Mount, fault: str, changes: dict[str, Any], why: str
) -> None:
    notices: list[Notice] = []
    session = mount(EAGER.new(**changes), notices)
    for _ in range(2):
        emulator.faults.add(CALLS["paid"], BY_NAME[fault].kind, **BY_NAME[fault].options)  # type: ignore[arg-type]  # as above
        with suppress(requests.RequestException):
            session.post(f"{emulator.base_url}/media", data=FORM, timeout=0.3)
    assert len(emulator.requests) == 2
    (notice,) = (notice for notice in notices if notice.kind == "paid")
    assert notice.text == (
        f"POST /media: not sent again after {why}, although max_retries allows it: the job may have been created "
        "and charged. A paid request is sent again only after a 429, or if no connection was made."
    )


@pytest.mark.parametrize("fault", ["503", "502", "reset_accepted"])
@pytest.mark.parametrize(
    "retries",
    [
        Retry(0, read=False),  # what an adapter has by default
        Retry(total=3, read=False, status=0, allowed_methods=None, status_forcelist=[502, 503]),
        Retry(total=3, status_forcelist=[502, 503], allowed_methods=frozenset({"GET"})),
        Retry(total=False),
        3,
    ],
    ids=range(5),
)
def test_no_notice_without_configured_retries(emulator: Emulator, mount: Mount, fault: str, retries: Any) -> None:
    notices: list[Notice] = []
    emulator.faults.add(CALLS["paid"], BY_NAME[fault].kind, **BY_NAME[fault].options)  # type: ignore[arg-type]  # as above
    with suppress(requests.RequestException):
        mount(retries, notices).post(f"{emulator.base_url}/media", data=FORM, timeout=5)
    assert len(emulator.requests) == 1
    assert [notice for notice in notices if notice.kind == "paid"] == []


def test_a_warning_turned_into_an_error_does_not_lose_the_response(
    emulator: Emulator, session: requests.Session, caplog: pytest.LogCaptureFixture
) -> None:
    emulator.faults.add(CALLS["paid"], BY_NAME["503"].kind, **BY_NAME["503"].options)  # type: ignore[arg-type]  # as above
    with warnings.catch_warnings(), caplog.at_level("WARNING", "vimmerse"):
        warnings.simplefilter("error", UserWarning)
        assert session.post(f"{emulator.base_url}/media", data=FORM).status_code == 503
    assert "not sent again after a 503" in caplog.text


def test_the_callers_adapter_and_its_retries_are_unchanged(emulator: Emulator) -> None:
    mine = HTTPAdapter(max_retries=EAGER)
    limited(emulator)
    with requests.Session() as session:
        session.mount("http://", CompatAdapter(wrapped=mine, base_url=emulator.base_url))
        assert session.post(f"{emulator.base_url}/media", data=FORM, headers=HEADERS).status_code == 200
    assert mine.max_retries is EAGER
    assert type(EAGER) is Retry
    assert EAGER.history == ()


def test_failed_connections_may_be_retried(emulator: Emulator) -> None:
    """httpx's ``retries`` and urllib3's ``connect`` concern connections only: nothing was sent."""
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
    transport = CompatTransport(httpx.HTTPTransport(retries=3), base_url=emulator.base_url)
    with httpx.Client(transport=transport, headers=HEADERS) as client, pytest.raises(httpx.ReadError):
        client.post(f"{emulator.base_url}/media", data=FORM)
    assert (len(emulator.requests), len(emulator.jobs)) == (1, 1)
