"""Nothing of a caller is kept by the process: no cache, no registry, no module's variable holds a value of a call."""

from __future__ import annotations

import asyncio
import functools
import gc
import sys
from collections.abc import Callable, Iterator
from types import FrameType, FunctionType, ModuleType
from typing import Any

import httpx
import pytest
import requests
from vimmerse.compat import AsyncCompatTransport, CompatAdapter, CompatClient, CompatTransport
from vimmerse.compat import requests as drop_in
from vimmerse.compat.process.patching import install
from vimmerse.emulator import AT_ONCE, Emulator
from vimmerse.v2 import AuthenticatedClient
from vimmerse.v2.api.media import get_media

from tests.keys.canary import attempted
from tests.sampling import sampled

MARK = "canary5d1f"
KEY = f"{MARK}-key-of-a-caller"
HEADERS = {"X-Api-Key": KEY, "Accept-Encoding": f"gzip, {MARK}"}
FIELDS = {
    "prompt": f"{MARK} prompt",
    "motion_type": f"{MARK}Tool",
    "camera_control": f"{MARK} up",
    f"{MARK}_field": "1",
    "webhook_url": f"https://user:{MARK}@example.com/?key={MARK}",
}
PATHS = (f"/media/{MARK}-id?token={MARK}", f"/media/{MARK}-id/download", f"/story/{MARK}-id", f"/v2/story/{MARK}-id")

pytestmark = pytest.mark.filterwarnings("ignore::vimmerse.compat.V1DeprecationWarning", "ignore::UserWarning")


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with Emulator(transition=AT_ONCE) as running:
        yield running.base_url


def with_credentials(base: str) -> str:
    return base.replace("://", f"://user:{MARK}@")


def by_httpx(base: str) -> None:
    with httpx.Client(transport=CompatTransport(base_url=base), headers=HEADERS) as client:
        attempted(
            lambda: client.post(f"{base}/media", data=FIELDS), lambda: client.get(with_credentials(base) + PATHS[0])
        )
        for path in PATHS:
            attempted(functools.partial(client.get, base + path))


def by_httpx_async(base: str) -> None:
    async def play() -> None:
        async with httpx.AsyncClient(transport=AsyncCompatTransport(base_url=base), headers=HEADERS) as client:
            await client.post(f"{base}/media", data=FIELDS)
            await client.get(f"{base}{PATHS[0]}")

    asyncio.run(play())


def by_requests(base: str) -> None:
    with requests.Session() as session:
        session.mount("http://", CompatAdapter(base_url=base, max_retries=1))
        attempted(lambda: session.post(f"{base}/media", data=FIELDS, headers=HEADERS))
        for path in PATHS:
            attempted(functools.partial(session.get, with_credentials(base) + path, headers=HEADERS))


def by_drop_in(base: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIMMERSE_BASE_URL", base)
        attempted(lambda: drop_in.post(f"{base}/media", data=FIELDS, headers=HEADERS, cookies={"c": MARK}))
        attempted(lambda: drop_in.get(with_credentials(base) + PATHS[0], headers=HEADERS, auth=("user", MARK)))


def by_process(base: str) -> None:
    with install(base_url=base, api_key=KEY):
        attempted(lambda: requests.post(f"{base}/media", data=FIELDS), lambda: httpx.get(base + PATHS[0]))


def by_clients(base: str) -> None:
    with CompatClient(KEY, base_url=base) as client:
        attempted(
            lambda: client.create_media(prompt=f"{MARK} x", motion_type=f"{MARK}T"), lambda: client.get_media(MARK)
        )
    with AuthenticatedClient(base_url=base, token=KEY, headers={"X-Mine": MARK}) as modern:
        attempted(lambda: get_media.sync(f"{MARK}-id", client=modern))


CALLS: tuple[Callable[[str], None], ...] = (by_httpx, by_httpx_async, by_requests, by_drop_in, by_process, by_clients)


def kept() -> Iterator[tuple[str, object]]:
    """All texts that can be reached from the variables of our modules, with the module that they are reached from."""
    seen: set[int] = set()
    for name, module in sorted(sys.modules.items()):
        if name.partition(".")[0] != "vimmerse" or name.startswith("vimmerse.compat.requests."):
            continue  # the latter are requests' own modules
        pending: list[Any] = [vars(module)]
        while pending:
            item = pending.pop()
            if id(item) in seen:
                continue
            seen.add(id(item))
            if isinstance(item, str | bytes):
                yield name, item
            elif not _is_foreign(item):
                pending += gc.get_referents(item)


def _is_foreign(item: object) -> bool:
    """Modules, classes and functions of others: what they keep is not ours."""
    if isinstance(item, ModuleType):
        return item.__name__.partition(".")[0] != "vimmerse"
    if isinstance(item, FunctionType):
        # Its globals are another module's, even where the function is ours by a wrapper.
        return str(item.__globals__.get("__name__")).partition(".")[0] != "vimmerse"
    if isinstance(item, type | functools._lru_cache_wrapper):  # noqa: SLF001  # the only name of this type
        return str(getattr(item, "__module__", "")).partition(".")[0] != "vimmerse"
    return isinstance(item, FrameType)


@pytest.mark.parametrize("call", sampled(CALLS, 2))
def test_nothing_of_a_call_is_kept(base: str, call: Callable[[str], None]) -> None:
    call(base)
    gc.collect()
    result = {(name, str(text)[:80]) for name, text in kept() if MARK in str(text)}
    assert not result


def test_the_search_finds_a_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    import vimmerse.compat.flows.routing as module

    @functools.lru_cache
    def cached(text: str) -> str:
        return text.upper()

    cached.__module__ = module.__name__
    cached(f"{MARK} in a cache")
    monkeypatch.setattr(module, "_cached", cached, raising=False)
    assert any(MARK in str(text) for _, text in kept())


def test_no_cache_holds_what_callers_pass() -> None:
    """What is cached are versions, files of ours, classes and TLS contexts of the environment: no caller's argument."""
    caches = {
        f"{name}.{attribute}"
        for name, module in sys.modules.items()
        if name.startswith("vimmerse.")
        for attribute, value in list(vars(module).items())
        if isinstance(value, functools._lru_cache_wrapper)  # noqa: SLF001  # as above
        and value.__module__ == name
    }
    kept = {"vimmerse.compat.adapters.httpx._library", "vimmerse._http.tls._create"}
    kept |= {"vimmerse.batch.ledger.owners._identity", "vimmerse.batch.tables.fields.request"}  # process, specification
    # The emulator and the pytest plugin are for tests, and the migration is a command that makes no calls.
    apart = ("vimmerse.emulator.", "vimmerse.testing.", "vimmerse.compat.migrate.")
    assert {each for each in caches if not each.startswith(apart)} <= kept
