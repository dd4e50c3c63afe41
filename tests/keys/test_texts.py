"""The key is in no repr, log line, warning, exception, pickle or cassette."""

from __future__ import annotations

import copy
import pickle
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from vimmerse.compat import CompatAdapter, CompatClient, CompatTransport, Policy, TranslationError
from vimmerse.compat.core.messages import V1Request
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.process.patching import install
from vimmerse.emulator import AT_ONCE, Emulator
from vimmerse.v2 import AuthenticatedClient
from vimmerse.v2.api.media import get_media
from vimmerse.v2.errors import ApiError

from tests.gateway.serving import serving
from tests.keys.canary import CANARY, ENTRY_POINTS, HEADERS, LOSSY, UNSUPPORTED, everything_said, shown

HOME = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def shared_emulator() -> Iterator[Emulator]:
    with Emulator(transition=AT_ONCE) as running:
        yield running


@pytest.fixture
def emulator(shared_emulator: Emulator) -> Emulator:
    shared_emulator.reset()
    return shared_emulator


@pytest.mark.parametrize("fault", ["", "status", "reset", "cut", "null", "truncated", "redirect", "rate_limit"])
@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
def test_a_process_never_prints_the_key(emulator: Emulator, entry_point: str, fault: str) -> None:
    """Each entry point, well and badly served, with every logger at DEBUG."""
    if fault:
        emulator.faults.add(kind=fault, times=None)  # type: ignore[arg-type]  # a parameter of the test
    with everything_said() as reported:
        held = ENTRY_POINTS[entry_point](emulator.base_url)
    assert any(request.header("X-Api-Key") == CANARY for request in emulator.requests)  # else there was no traffic
    assert reported
    for text in [*reported, *map(shown, held)]:
        assert CANARY not in text


def test_a_server_that_repeats_the_key_is_not_quoted(emulator: Emulator) -> None:
    body: dict[str, object] = {"message": f"The key {CANARY} is unknown.", "code": "UNAUTHORIZED"}
    emulator.faults.add(kind="status", status=401, body=body, times=None)
    with AuthenticatedClient(base_url=emulator.base_url, token=CANARY) as client, pytest.raises(ApiError) as caught:
        get_media.sync("x", client=client)
    assert CANARY not in shown(caught.value)


def test_settings_hide_it() -> None:
    policy = Policy(api_key=CANARY)
    with install(policy) as installation:
        things = [
            policy,
            installation,
            GatewayConfig(token=CANARY, proxy=f"http://user:{CANARY}@proxy.example"),
            V1Request("GET", "https://api.vimmerse.net/media/x", tuple(HEADERS.items()), CANARY.encode()),
            CompatTransport(policy=policy),
            CompatAdapter(policy=policy),
        ]
        for item in things:
            assert CANARY not in shown(item)
            assert CANARY not in repr(getattr(item, "__dict__", ""))


@pytest.mark.parametrize("key", [f"{CANARY}\n", f"{CANARY}ü", f" {CANARY}", f"{CANARY} "], ids=range(4))
@pytest.mark.parametrize("make", [AuthenticatedClient, CompatClient, Policy])
def test_a_key_that_no_header_can_hold_is_refused_unquoted(make: Any, key: str) -> None:
    """At once: h11 and http.client would refuse it later, and quote it."""
    with pytest.raises(ValueError, match="key") as caught:
        make(api_key=key, base_url="http://127.0.0.1:9")
    assert CANARY not in shown(caught.value)


# Pickles: they end up in queues, caches and crash reports


def by_requests(base_url: str) -> None:
    with requests.Session() as session:
        session.mount(base_url, CompatAdapter(base_url=base_url))
        session.get(f"{base_url}/media/x", headers=HEADERS)


def by_httpx(base_url: str) -> None:
    with httpx.Client(transport=CompatTransport(base_url=base_url)) as client:
        client.get(f"{base_url}/media/x", headers=HEADERS)


def by_client(base_url: str) -> None:
    with CompatClient(CANARY, base_url=base_url) as client:
        client.get_media("x")


@pytest.mark.filterwarnings("ignore::vimmerse.compat.V1DeprecationWarning")
@pytest.mark.parametrize("entry_point", [by_requests, by_httpx, by_client])
def test_our_errors_pickle_without_it(emulator: Emulator, entry_point: Callable[[str], None]) -> None:
    emulator.faults.add(kind="null")
    with pytest.raises(TranslationError) as caught:
        entry_point(emulator.base_url)
    error: Any = caught.value  # its request is the library's
    assert error.request.headers["X-Api-Key"] == CANARY  # the caller's own request, as the libraries have it
    packed = pickle.dumps(error)
    assert CANARY.encode() not in packed
    restored = pickle.loads(packed)
    assert (str(restored), restored.status, str(restored.request.url)) == (str(error), 502, str(error.request.url))
    assert error.request.headers["X-Api-Key"] == CANARY  # a copy was emptied, not the caller's
    assert CANARY not in shown(copy.deepcopy(error))


@pytest.mark.filterwarnings(
    "ignore::vimmerse.compat.V1DeprecationWarning", "ignore::vimmerse.compat.PassthroughWarning"
)
def test_api_errors_and_records_pickle_without_it(emulator: Emulator) -> None:
    items: list[object] = []
    with AuthenticatedClient(base_url=emulator.base_url, token=CANARY) as client, pytest.raises(ApiError) as caught:
        get_media.sync("no-such", client=client)
    items.append(caught.value)
    with CompatClient(CANARY, base_url=emulator.base_url) as compat:
        with pytest.raises(ApiError) as caught:
            compat.get_media("no-such")
        items += [caught.value, compat.create_media(prompt="Rain")]
    with httpx.Client(transport=CompatTransport(base_url=emulator.base_url), headers=HEADERS) as plain:
        items.append(plain.get(f"{emulator.base_url}/media/no-such").extensions["vimmerse"])
    for item in items:
        assert CANARY.encode() not in pickle.dumps(item)


@pytest.mark.parametrize("make", [AuthenticatedClient, CompatClient])
def test_objects_that_hold_a_key_do_not_pickle(make: Any) -> None:
    with pytest.raises(TypeError, match="can't be pickled or copied"):
        pickle.dumps(make(api_key=CANARY))


# What is written down


def test_the_gateway_s_access_log(emulator: Emulator) -> None:
    config = GatewayConfig(token=f"token-{CANARY}")
    with everything_said() as reported, serving(Policy(base_url=emulator.base_url, api_key=CANARY), config) as running:
        for headers in ({"X-Gateway-Token": f"token-{CANARY}", **HEADERS}, HEADERS, {"Authorization": CANARY}):
            for fields in (LOSSY, UNSUPPORTED):
                httpx.post(f"{running.base_url}/media?key={CANARY}", data=fields, headers=headers)
            httpx.get(f"{running.base_url}/media/{CANARY}/processing-status", headers=headers)
        running.access_log.find(status=200)
        written = running.access_log.text
    assert emulator.jobs
    assert CANARY not in written
    # This test's own httpx logs the URLs that it requests.
    assert not [text for text in reported if CANARY in text and not text.startswith("httpx ")]


def test_no_cassette_contains_a_key() -> None:
    """One that was recorded live would: scripts/record scrubs it, and this looks again."""
    cassettes = sorted((HOME / "cassettes").rglob("*.yaml"))
    assert len(cassettes) > 50
    for path in cassettes:
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            secret = re.search(r"(?i)\b(x-api-key|authorization|cookie)\b['\"]?:\s*(.*)", line)
            if secret is None:
                continue
            values = {secret[2].strip()} - {""} or {lines[number + 1].strip().removeprefix("- ")}
            assert values <= {"KEY", "[KEY]", "'KEY'", '"KEY"'}, f"{path.name}:{number + 1}"
