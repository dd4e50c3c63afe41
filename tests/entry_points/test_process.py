"""install and uninstall."""

from __future__ import annotations

import asyncio
import importlib
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import httpx
import httpx2
import pytest
import requests
from requests.adapters import HTTPAdapter
from vimmerse.compat import install, uninstall
from vimmerse.compat.adapters import httpx as httpx_adapter
from vimmerse.compat.adapters import requests as requests_adapter
from vimmerse.compat.core.errors import StrictModeError
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.process import patching

from tests.entry_points import fakes
from tests.entry_points.fakes import KEY, V1, Server, use_flow

pytestmark = pytest.mark.slow

PATCHED: list[tuple[type[Any], str]] = [
    (HTTPAdapter, "send"),
    (httpx.Client, "_transport_for_url"),
    (httpx.AsyncClient, "_transport_for_url"),
    (httpx2.Client, "_transport_for_url"),
    (httpx2.AsyncClient, "_transport_for_url"),
]
ORIGINALS = [owner.__dict__[name] for owner, name in PATCHED]


def patched() -> list[bool]:
    return [owner.__dict__[name] is not original for (owner, name), original in zip(PATCHED, ORIGINALS, strict=True)]


@pytest.fixture(autouse=True)
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A fake flow, and nothing left behind."""
    fakes.use_flow_everywhere(monkeypatch, fakes.echo)
    before = list(sys.meta_path)
    assert not any(patched())
    yield
    assert not any(patched())
    assert sys.meta_path == before


def post(library: Any) -> str:
    response = library.post(f"{V1}/story", data={"a": "b"}).json()
    return str(response["data"]["path"] if "data" in response else response["path"])


async def apost(library: Any) -> str:
    async with library.AsyncClient() as client:
        return str((await client.post(f"{V1}/story")).json()["data"]["path"])


def test_every_library_is_covered_and_the_originals_come_back(policy: Policy) -> None:
    install(policy)
    assert all(patched())
    assert [post(requests), post(httpx), post(httpx2)] == ["/v2/story"] * 3
    assert [asyncio.run(apost(httpx)), asyncio.run(apost(httpx2))] == ["/v2/story"] * 2
    for (owner, name), original in zip(PATCHED, ORIGINALS, strict=True):
        ours = owner.__dict__[name]
        assert (ours.__name__, ours.__doc__, ours.__wrapped__) == (name, original.__doc__, original)
    uninstall()


def test_existing_sessions_with_their_own_mounts_are_covered(policy: Policy, server: Server) -> None:
    class Mine(HTTPAdapter):
        def send(self, *arguments: Any, **options: Any) -> requests.Response:
            return super().send(*arguments, **options)

    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"path": request.url.path})

    with (
        requests.Session() as session,
        httpx.Client() as client,
        httpx.Client(mounts={"http://": httpx.MockTransport(handle)}) as custom,
    ):
        session.mount("http://", Mine(max_retries=2))
        with install(policy) as installation:
            assert installation.policy is policy
            assert [post(session), post(client), post(custom)] == ["/v2/story"] * 3
            assert session.get(f"{server.url}/other", stream=True).json()["path"] == "/other"
        assert custom.post(f"{V1}/story").json() == {"path": "/story"}


def test_arguments_by_position_reach_the_adapter(policy: Policy, server: Server) -> None:
    seen: list[Any] = []

    class Mine(HTTPAdapter):
        def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
            seen.append((url, verify, cert))

        def send(self, request: Any, *_: Any, **__: Any) -> requests.Response:
            return super().send(request, True, (3, 4), False, None, {})

    with install(policy), requests.Session() as session:
        session.mount("http://", Mine())
        post(session)
        session.get(f"{server.url}/other")
    assert seen == [(f"{server.url}/v2/story", False, None), (f"{server.url}/other", False, None)]


def test_explicit_entry_points_keep_their_policy(policy: Policy) -> None:
    inner = fakes.rejected
    with install(policy), requests.Session() as session:
        session.mount("http://", use_flow(requests_adapter.CompatAdapter(policy=policy), inner))
        transport = use_flow(httpx_adapter.CompatTransport(policy=policy), inner)
        atransport = use_flow(httpx_adapter.AsyncCompatTransport(policy=policy), inner)

        async def main() -> None:
            async with httpx.AsyncClient(transport=atransport) as client:
                await client.post(f"{V1}/story")

        with httpx.Client(transport=transport) as client:
            for call in (lambda: post(session), lambda: post(client), lambda: asyncio.run(main())):
                with pytest.raises(StrictModeError):
                    call()


def test_a_call_that_is_passed_to_v1_is_translated_once(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    fakes.use_flow_everywhere(monkeypatch, fakes.passed)
    with install(policy):
        assert [post(requests), post(httpx)] == ["/story"] * 2
        with requests.Session() as session:
            adapter = use_flow(requests_adapter.CompatAdapter(wrapped=HTTPAdapter(), policy=policy), fakes.passed)
            session.mount("http://", adapter)
            assert post(session) == "/story"


def key_of(library: Any) -> str:
    return str({k.lower(): v for k, v in library.get(f"{V1}/story/1").json()["data"]["headers"]}["x-api-key"])


def test_installations_nest_and_may_end_in_any_order(policy: Policy) -> None:
    first = install(policy)
    second = install(policy, api_key="second")
    third = install(policy, api_key="third")
    assert (key_of(requests), key_of(httpx)) == ("third", "third")
    second.uninstall()
    second.uninstall()
    assert key_of(requests) == "third"
    uninstall()
    assert key_of(requests) == KEY
    third.uninstall()
    assert any(patched())
    first.uninstall()
    uninstall()
    assert not any(patched())


def test_it_takes_its_settings_from_the_environment(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_BASE_URL", server.url)
    monkeypatch.setenv("VIMMERSE_API_KEY", KEY)
    with install(mode="strict") as installation:
        assert (installation.policy.mode, installation.policy.api_key) == ("strict", KEY)
        assert post(requests) == "/v2/story"


def test_an_invalid_setting_installs_nothing() -> None:
    with pytest.raises(ValueError, match="mode is 'loose'"):
        install(mode="loose")  # type: ignore[arg-type]  # on purpose


def test_another_librarys_wrapper_stays(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    with install(policy):
        ours = HTTPAdapter.send

        def theirs(self: Any, request: Any, **options: Any) -> Any:
            calls.append(request.url)
            return ours(self, request, **options)

        monkeypatch.setattr(HTTPAdapter, "send", theirs)
        assert post(requests) == "/v2/story"
        find = httpx.Client._transport_for_url  # noqa: SLF001  # what install() replaces
        afind = httpx.AsyncClient._transport_for_url  # noqa: SLF001  # as above
        monkeypatch.setattr(httpx.Client, "_transport_for_url", lambda self, url: find(self, url))
        monkeypatch.setattr(httpx.AsyncClient, "_transport_for_url", lambda self, url: afind(self, url))
    assert HTTPAdapter.send is theirs
    assert requests.get(f"{policy.base_url}/story").json()["path"] == "/story", "ours only passes on"
    assert httpx.get(f"{policy.base_url}/story").json()["path"] == "/story"

    async def main() -> Any:
        async with httpx.AsyncClient() as client:
            return (await client.get(f"{policy.base_url}/story")).json()["path"]

    assert asyncio.run(main()) == "/story"
    with install(policy):
        assert [post(requests), post(httpx)] == ["/v2/story"] * 2
    assert HTTPAdapter.send is theirs
    monkeypatch.undo()  # which puts back what they had wrapped: ours, without effect
    assert requests.get(f"{policy.base_url}/story").json()["path"] == "/story"
    for (owner, name), original in zip(PATCHED, ORIGINALS, strict=True):
        setattr(owner, name, original)


def test_a_changed_list_of_finders_is_no_obstacle(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    with install(policy):
        monkeypatch.setattr(sys, "meta_path", [finder for finder in sys.meta_path if finder is not patching.finder])
    monkeypatch.undo()
    sys.meta_path.remove(patching.finder)


def test_threads_install_and_call_at_once(policy: Policy) -> None:
    barrier = threading.Barrier(8)

    def work(number: int) -> list[str]:
        barrier.wait()
        responses = []
        for _ in range(5):
            with install(policy, api_key=f"key-{number}"):
                responses += [post(requests), post(httpx)]
        return responses

    with ThreadPoolExecutor(8) as pool:
        for paths in pool.map(work, range(8)):
            assert paths == ["/v2/story"] * 10


def run(code: str) -> str:
    process = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code)],
        timeout=60,
        check=False,
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout.strip()


@pytest.mark.parametrize(
    ("name", "get"),
    [
        ("requests", "module.adapters.HTTPAdapter.send"),
        ("httpx", "module.Client._transport_for_url"),
        ("httpx2", "module.AsyncClient._transport_for_url"),
    ],
)
def test_a_library_that_is_imported_later_is_covered(name: str, get: str) -> None:
    code = f"""
        import importlib, sys
        from vimmerse.compat import install
        installation = install()
        assert not {{"requests", "httpx", "httpx2"}} & set(sys.modules), "nothing is imported to be patched"
        import importlib.util
        assert importlib.util.find_spec({name!r}).loader.get_data
        module = importlib.import_module({name!r})
        print({get}.__module__, type(module.__loader__).__name__, type(module.__spec__.loader).__name__)
        installation.uninstall()
        print({get}.__module__.startswith("vimmerse"))
    """
    # The replaced function bears the name of the original's module; its code is ours.
    installed, uninstalled = run(code).splitlines()
    assert installed.endswith("SourceFileLoader SourceFileLoader")
    assert uninstalled == "False"
    assert "patching" in run(
        f"""
        import importlib
        from vimmerse.compat import install
        install()
        module = importlib.import_module({name!r})
        print({get}.__code__.co_filename)
        """
    )


def test_a_library_that_is_not_there_is_still_not_there() -> None:
    assert run(
        """
        import sys, importlib
        from vimmerse.compat import install
        install()
        sys.path[:] = [p for p in sys.path if "site-packages" not in p]
        for name in ("httpx2", "no_such_module"):
            try:
                importlib.import_module(name)
            except ModuleNotFoundError as error:
                print(error.name)
        """
    ).splitlines() == ["httpx2", "no_such_module"]


def test_a_library_whose_import_ends_after_uninstall_is_not_patched(policy: Policy) -> None:
    with install(policy):
        spec = patching.finder.find_spec("requests", None)
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    assert not any(patched())


def test_a_spec_without_a_loader_is_returned_unchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    class Namespace:
        @staticmethod
        def find_spec(name: str, path: Any, target: ModuleType | None = None) -> Any:
            return importlib.machinery.ModuleSpec(name, None)

    monkeypatch.setattr(sys, "meta_path", [patching.finder, Namespace])
    spec = patching.finder.find_spec("httpx", None)
    monkeypatch.undo()
    assert spec is not None
    assert spec.loader is None
