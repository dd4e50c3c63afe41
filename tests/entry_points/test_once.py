"""A notice with a ``once`` key is shown once per entry-point object."""

from __future__ import annotations

import asyncio
import gc
import pickle
import threading
import warnings
import weakref
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import httpx
import httpx2
import pytest
import requests as real
from vimmerse.compat import (
    AsyncCompatClient,
    AsyncCompatTransport,
    CompatAdapter,
    CompatClient,
    CompatTransport,
    install,
    requests,
)
from vimmerse.compat.core.messages import Notice, V1Request, V1Response, V2Request
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.context import Flow
from vimmerse.compat.runtime.warnings import OnceFilter, WarningEmitter

from tests.entry_points.fakes import KEY, Server, use_flow_everywhere
from tests.sampling import sampled


def failed(request: V1Request, policy: Policy) -> Flow:
    """Emits notices of a failed job before the response and with it, each time; the id is the last part of the path."""
    id = request.url.rpartition("/")[2]
    first = Notice("failed", "GET /media", "", None, "", None, f"{id} has failed", once=f"failed:{id}")
    response = yield V2Request("GET", f"{policy.base_url}/v2/story/1", request.headers, notices=(first,))
    late = first.replace(text=f"{id} has failed, late", once=f"late:{id}")
    return V1Response(response.status, response.headers, b'{"data": {"id": "m1"}}', notices=(late, first))


@pytest.fixture(autouse=True)
def everywhere(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    use_flow_everywhere(monkeypatch, failed)
    monkeypatch.setenv("VIMMERSE_BASE_URL", server.url)
    monkeypatch.setenv("VIMMERSE_API_KEY", KEY)


Get = Callable[[str], Any]
EntryPoint = Callable[[Policy], AbstractContextManager[Get]]


@contextmanager
def transport(policy: Policy, library: Any = httpx) -> Iterator[Get]:
    with library.Client(transport=CompatTransport(policy=policy)) as client:
        yield lambda id: client.get(f"{policy.base_url}/media/{id}")


def transport_httpx2(policy: Policy) -> AbstractContextManager[Get]:
    return transport(policy, httpx2)


@contextmanager
def transport_of_two_clients(policy: Policy) -> Iterator[Get]:
    transport = CompatTransport(policy=policy)
    with httpx.Client(transport=transport) as one, httpx.Client(transport=transport) as two:
        yield lambda id: [client.get(f"{policy.base_url}/media/{id}") for client in (one, two)]


@contextmanager
def async_transport(policy: Policy) -> Iterator[Get]:
    transport = AsyncCompatTransport(policy=policy)

    async def get(id: str) -> None:
        await transport.handle_async_request(httpx.Request("GET", f"{policy.base_url}/media/{id}"))
        await transport.aclose()

    yield lambda id: asyncio.run(get(id))


@contextmanager
def adapter(policy: Policy) -> Iterator[Get]:
    adapter = CompatAdapter(policy=policy)
    with real.Session() as session:
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        yield lambda id: session.get(f"{policy.base_url}/media/{id}")


@contextmanager
def drop_in_session(policy: Policy) -> Iterator[Get]:
    with requests.Session(policy) as session:
        session.mount("http://127", real.adapters.HTTPAdapter())

        def get(id: str) -> None:
            session.get(f"{policy.base_url}/media/{id}")
            session.get(f"http://api.vimmerse.net/media/{id}")

        yield get


@contextmanager
def installed(policy: Policy) -> Iterator[Get]:
    def get(id: str) -> None:
        real.get(f"{policy.base_url}/media/{id}")
        with httpx.Client() as client:
            client.get(f"{policy.base_url}/media/{id}")

    with install(policy):
        yield get


@contextmanager
def compat_client(policy: Policy) -> Iterator[Get]:
    with CompatClient(policy=policy) as client:
        yield lambda id: client.get_media(id)


@contextmanager
def compat_client_async(policy: Policy) -> Iterator[Get]:
    # A connection that is kept would belong to the loop of the call before.
    http = httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=0))
    client = AsyncCompatClient(policy=policy, client=http)
    yield lambda id: asyncio.run(client.get_media(id))


ENTRY_POINTS = [
    *(transport, transport_httpx2, transport_of_two_clients, async_transport, adapter, drop_in_session),
    *(installed, compat_client, compat_client_async),
]


@pytest.mark.parametrize("entry_point", sampled(ENTRY_POINTS, 2), ids=lambda entry_point: entry_point.__name__)
def test_each_object_shows_it_once(entry_point: EntryPoint, policy: Policy) -> None:
    notices: list[Notice] = []
    listening = policy.replace(on_warning=notices.append)
    for _ in range(2):  # another object starts anew
        notices.clear()
        with entry_point(listening) as get:
            for id in ("m1", "m2", "m1", "m2", "m1"):
                get(id)
        texts = [notice.text for notice in notices]
        assert texts == ["m1 has failed", "m1 has failed, late", "m2 has failed", "m2 has failed, late"]


def test_the_functions_show_it_once_for_the_process(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    first, second = (f"{name}-of-the-process" for name in ("m1", "m2"))  # no other test calls the functions with these
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        requests.get(f"{server.url}/media/{first}")
        monkeypatch.setattr(requests, "IDLE_LIMIT", -1.0)  # the next call opens another connection
        monkeypatch.setenv("VIMMERSE_API_KEY", "another")
        requests.get(f"{server.url}/media/{first}")
        requests.get(f"{server.url}/media/{second}")
    assert len(server.connections) == 3
    assert [str(each.message) for each in caught] == [
        f"{first} has failed",
        f"{first} has failed, late",
        f"{second} has failed",
        f"{second} has failed, late",
    ]


def test_a_warning_that_is_an_error_ends_the_first_call_alone(policy: Policy) -> None:
    with transport(policy) as get, warnings.catch_warnings(action="error"):
        with pytest.raises(UserWarning, match=r"^m1 has failed$"):
            get("m1")
        with pytest.raises(UserWarning, match=r"^m1 has failed, late"):
            get("m1")
        assert get("m1").status_code == 200


def test_a_notice_without_a_key_is_shown_each_time(policy: Policy) -> None:
    notices: list[Notice] = []
    emit = WarningEmitter(policy.replace(on_warning=notices.append), OnceFilter())
    for _ in range(2):
        emit(Notice("failed", "GET /media", "", None, "", None, "text"))
    assert len(notices) == 2


def test_memory_is_bounded_and_contains_no_key() -> None:
    once = OnceFilter()
    keys = [f"an-id-of-the-caller-{number}" for number in range(OnceFilter.LIMIT + 100)]
    assert all(once.is_first(key) for key in keys)
    assert not any(once.is_first(key) for key in keys[-OnceFilter.LIMIT :])
    assert all(once.is_first(key) for key in keys[:100]), "the oldest are forgotten"

    class Key(str):
        """Text that can be referenced weakly."""

    key = Key("an-id-of-the-caller")
    reference = weakref.ref(key)
    assert once.is_first(key)
    del key
    gc.collect()
    assert reference() is None


def test_of_many_threads_one_shows_it() -> None:
    once, barrier = OnceFilter(), threading.Barrier(16)
    yes: list[int] = []

    def ask() -> None:
        barrier.wait()
        yes.extend(number for number in range(500) if once.is_first(str(number)))

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(yes) == list(range(500))


def test_a_session_and_an_adapter_that_were_pickled_start_anew(policy: Policy) -> None:
    with requests.Session(policy) as session:
        restored = pickle.loads(pickle.dumps(session))
    adapters = [adapter for adapter in restored.adapters.values() if isinstance(adapter, CompatAdapter)]
    assert len(adapters) == 2
    assert adapters[0].once_filter is adapters[1].once_filter
    restored.mount("http://localhost", real.adapters.HTTPAdapter())
    assert restored.adapters["http://localhost"].once_filter is adapters[0].once_filter
    assert adapters[0].once_filter is not session.adapters["http://"].once_filter  # type: ignore[attr-defined]  # ours
    assert pickle.loads(pickle.dumps(CompatAdapter(policy=policy))).once_filter.is_first("x")
