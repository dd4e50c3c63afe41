"""The client: where it connects, what it sends with each call, and that the key goes nowhere else."""

from __future__ import annotations

import asyncio
import copy
import os
import pickle
import threading
import tomllib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from vimmerse import v1, v2
from vimmerse.v2.api.media import get_media

from tests.generated.calls import KEY, RAISING, Recorder, call, make_client, resolve

ROOT = Path(__file__).resolve().parents[2]
both_versions = pytest.mark.parametrize("package", [v1, v2], ids=["v1", "v2"])
sync_and_async = pytest.mark.parametrize("variant", RAISING)


# --- Settings ------------------------------------------------------------------------------------


@both_versions
def test_the_base_url_is_the_argument_else_the_environment_else_the_service(package: Any, monkeypatch: Any) -> None:
    assert package.Client().base_url == "https://api.vimmerse.net"
    monkeypatch.setenv("VIMMERSE_BASE_URL", "http://127.0.0.1:8000/prefix/")
    assert package.Client().base_url == "http://127.0.0.1:8000/prefix"
    assert package.Client(base_url="http://other.example").base_url == "http://other.example"
    monkeypatch.setenv("VIMMERSE_BASE_URL", "")
    assert package.Client().base_url == "https://api.vimmerse.net"


@pytest.mark.parametrize(
    "url", ["api.vimmerse.net", "ftp://host", "https://", "http://host:70000", "https://h/?q=1", "/", "https://h\n"]
)
def test_an_invalid_base_url_is_rejected(url: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        v2.Client(base_url=url)


@pytest.mark.parametrize("scheme", ["https", "ftp"])
def test_a_base_url_with_credentials_is_rejected_without_showing_them(scheme: str) -> None:
    with pytest.raises(ValueError, match="no credentials") as caught:
        v2.Client(base_url=f"{scheme}://user:{KEY}@host")
    assert KEY not in str(caught.value)


@both_versions
@sync_and_async
def test_the_key_is_the_argument_else_the_environment(package: Any, variant: str, monkeypatch: Any) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", "from-the-environment\n")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"token": None}, "from-the-environment"),
        ({"token": "given"}, "given"),
        ({"token": None, "api_key": "given"}, "given"),
        ({"token": "given", "api_key": "given"}, "given"),
    ]
    for settings, expected in cases:
        recorder = Recorder()
        with_key = make_client(recorder, package, **settings)
        request = with_key.get_httpx_client() if variant == "sync" else with_key.get_async_httpx_client()
        resolve(request.get("/anything"))
        assert recorder.request.headers["X-Api-Key"] == expected == with_key.token
        assert "authorization" not in recorder.request.headers


@both_versions
@pytest.mark.parametrize("blank", [None, "", " \n"])
def test_without_a_key_the_error_names_the_variable(package: Any, blank: str | None, monkeypatch: Any) -> None:
    if blank is not None:
        monkeypatch.setenv("VIMMERSE_API_KEY", blank)
    with pytest.raises(ValueError, match="VIMMERSE_API_KEY"):
        package.AuthenticatedClient()
    with pytest.raises(ValueError, match="VIMMERSE_API_KEY"):
        package.AuthenticatedClient(token="")


@pytest.mark.parametrize("key", [f"{KEY}\n", f" {KEY}", f"{KEY}\r\nX-Other: 1", f"{KEY}é", f"{KEY}\0"])
def test_a_key_that_is_no_header_value_is_rejected_without_quoting_it(key: str) -> None:
    with pytest.raises(ValueError, match="API key") as caught:
        v2.AuthenticatedClient(token=key)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("key", [5, KEY.encode(), ["x"]])
def test_a_key_of_another_type_is_rejected_without_quoting_it(key: Any) -> None:
    with pytest.raises(TypeError, match=f"must be text, not {type(key).__name__}$"):
        v2.AuthenticatedClient(token=key)


def test_two_different_keys_are_rejected() -> None:
    with pytest.raises(ValueError, match="have different values") as caught:
        v2.AuthenticatedClient(token=KEY, api_key="other-key")
    assert KEY not in str(caught.value)


@both_versions
@sync_and_async
def test_the_user_agent_names_package_and_version(package: Any, variant: str) -> None:
    recorder = Recorder()
    client = make_client(recorder, package)
    resolve((client.get_httpx_client() if variant == "sync" else client.get_async_httpx_client()).get("/anything"))
    number = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    version = package.__name__.rpartition(".")[2]
    assert recorder.request.headers["User-Agent"] == f"vimmerse/{number} ({version})"


@sync_and_async
def test_calls_have_a_timeout_that_can_be_set(variant: str) -> None:
    recorder = Recorder()
    cases: list[tuple[dict[str, Any], dict[str, float | None]]] = [
        ({}, {"connect": 10.0, "read": 180.0, "write": 60.0, "pool": 60.0}),
        ({"timeout": 3}, dict.fromkeys(("connect", "read", "write", "pool"), 3)),
        ({"timeout": None}, dict.fromkeys(("connect", "read", "write", "pool"))),
    ]
    for settings, expected in cases:
        call(get_media, variant, "m1", client=make_client(recorder, **settings))
        assert recorder.requests[-1].extensions["timeout"] == expected


# --- The key goes nowhere else -------------------------------------------------------------------


@both_versions
def test_no_repr_shows_the_key(package: Any) -> None:
    client = package.AuthenticatedClient(token=KEY, headers={"X-Api-Key": KEY}, cookies={"session": KEY})
    client.get_httpx_client()
    assert KEY not in repr(client) + str(client) + f"{client}" + repr([client])
    assert repr(client) == "AuthenticatedClient(base_url='https://api.vimmerse.net')"


@pytest.mark.parametrize("export", [pickle.dumps, copy.copy, copy.deepcopy])
@pytest.mark.parametrize("client", [v2.Client(), v1.AuthenticatedClient(token=KEY), v2.AuthenticatedClient(token=KEY)])
def test_a_client_cannot_be_pickled_or_copied(export: Any, client: Any) -> None:
    with pytest.raises(TypeError, match="can't be pickled or copied") as caught:
        export(client)
    assert KEY not in str(caught.value)


class Redirects:
    """Redirect each URL of a chain to the next one, and keep the key that each received."""

    def __init__(self, *urls: str) -> None:
        self.urls = urls
        self.keys: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.keys.append(request.headers.get("X-Api-Key"))
        if len(self.keys) < len(self.urls):
            return httpx.Response(307, headers={"Location": self.urls[len(self.keys)]})
        return httpx.Response(200, json={})


@sync_and_async
@pytest.mark.parametrize("default_header", [False, True], ids=["token", "header"])
@pytest.mark.parametrize(
    ("urls", "carried"),
    [
        (["https://api.example/v2/media/m1", "https://evil.example/x"], [True, False]),
        (["https://api.example/v2/media/m1", "https://api.example.evil.example/x"], [True, False]),
        (["https://api.example/v2/media/m1", "https://sub.api.example/x"], [True, False]),
        (["https://api.example/v2/media/m1", "https://api.example:8443/x"], [True, False]),
        (["https://api.example/v2/media/m1", "http://api.example/x"], [True, False]),
        (["http://api.example:81/v2/media/m1", "https://api.example/x"], [True, False]),
        (["https://api.example/v2/media/m1", "https://API.example:443/x"], [True, True]),
        (["http://api.example/v2/media/m1", "https://api.example/x"], [True, True]),
        (["https://api.example/v2/media/m1", "https://evil.example/x", "https://evil.example/y"], [True, False, False]),
    ],
)
def test_a_redirect_carries_the_key_to_the_same_origin_only(
    variant: str, urls: list[str], carried: list[bool], default_header: bool
) -> None:
    redirects = Redirects(*urls)
    settings: dict[str, Any] = {"token": "unused", "headers": {"x-api-key": KEY}} if default_header else {}
    base = urls[0].removesuffix("/v2/media/m1")
    client = make_client(redirects, base_url=base, follow_redirects=True, **settings)
    call(get_media, variant, "m1", client=client)
    assert redirects.keys == [KEY if expected else None for expected in carried]


def test_a_client_without_a_key_sends_none() -> None:
    recorder = Recorder()
    v2.Client(transport=httpx.MockTransport(recorder)).get_httpx_client().get("/x")
    assert "X-Api-Key" not in recorder.request.headers


# --- Variants of a client ------------------------------------------------------------------------


@sync_and_async
def test_with_methods_change_neither_the_original_nor_their_arguments(variant: str) -> None:
    recorder = Recorder()
    headers, cookies, more = {"X-One": "1"}, {"one": "1"}, {"x-one": "2"}
    original = make_client(recorder, headers=headers, cookies=cookies)
    call(get_media, variant, "m1", client=original)  # its live client exists from here on
    before = recorder.requests[-1]
    changed = original.with_headers(more).with_cookies({"two": "2"}).with_timeout(5.0)
    call(get_media, variant, "m1", client=changed)
    after = recorder.requests[-1]
    call(get_media, variant, "m1", client=original)
    second = recorder.requests[-1]

    assert type(changed) is v2.AuthenticatedClient
    assert after.headers.get_list("X-One") == ["2"]
    assert sorted(after.headers["Cookie"].split("; ")) == ["one=1", "two=2"]
    assert after.extensions["timeout"]["read"] == 5.0
    assert after.headers["X-Api-Key"] == KEY
    assert second.headers == before.headers
    assert second.extensions["timeout"] == before.extensions["timeout"]
    assert (headers, cookies, more) == ({"X-One": "1"}, {"one": "1"}, {"x-one": "2"})


def test_a_content_type_among_the_headers_is_left_out() -> None:
    recorder = Recorder()
    client = make_client(recorder, headers={"content-type": "application/json"}).with_headers(
        {"Content-Type": "text/plain"}
    )
    body = v2.models.UploadImageRequest(image_file=v2.types.File(payload=BytesIO(b"x")))
    call(v2.api.image.upload_image, "sync", client=client, body=body)
    assert recorder.request.headers["Content-Type"].startswith("multipart/form-data; boundary=")


# --- Connections ---------------------------------------------------------------------------------


class SyncOnly(httpx.BaseTransport):
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"id": "sync"})


class AsyncOnly(httpx.AsyncBaseTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"id": "async"})


def test_sync_and_async_calls_have_separate_transports() -> None:
    client = v2.AuthenticatedClient(token=KEY, transport=SyncOnly(), async_transport=AsyncOnly())
    assert call(get_media, "sync", "m1", client=client).id == "sync"
    assert call(get_media, "asyncio", "m1", client=client).id == "async"


@pytest.mark.parametrize("argument", ["transport", "async_transport"])
@pytest.mark.parametrize("variant", ["sync", "asyncio"])
def test_a_transport_for_both_kinds_of_calls_is_used_for_both(variant: str, argument: str) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={"id": "mock"}))
    settings: Any = {argument: transport}
    client = v2.AuthenticatedClient(token=KEY, **settings)
    assert call(get_media, variant, "m1", client=client).id == "mock"


@pytest.mark.parametrize(
    ("variant", "settings", "missing"),
    [
        ("asyncio", {"transport": SyncOnly()}, "async_transport="),
        ("sync", {"async_transport": AsyncOnly()}, "transport="),
    ],
)
def test_a_transport_of_the_other_kind_is_not_bypassed(variant: str, settings: Any, missing: str) -> None:
    with pytest.raises(TypeError, match=f"need {missing}"):
        call(get_media, variant, "m1", client=v2.AuthenticatedClient(token=KEY, **settings))


def test_httpx_arguments_apply_to_both_unless_async_ones_are_given() -> None:
    seen: list[str] = []

    def hook(request: httpx.Request) -> None:
        seen.append(f"sync {request.headers.get('X-Api-Key')}")

    async def async_hook(request: httpx.Request) -> None:
        seen.append(f"async {request.headers.get('X-Api-Key')}")

    arguments = {"event_hooks": {"request": [hook]}, "transport": SyncOnly()}
    async_arguments = {"event_hooks": {"request": [async_hook]}, "transport": AsyncOnly()}
    client = v2.AuthenticatedClient(token=KEY, httpx_args=arguments, async_httpx_args=async_arguments)
    call(get_media, "sync", "m1", client=client)
    call(get_media, "asyncio", "m1", client=client)
    assert seen == ["sync None", "async None"]  # the key is added after the caller's hooks
    assert arguments["event_hooks"] == {"request": [hook]}

    shared = v2.Client(httpx_args={"max_redirects": 3})
    assert shared.get_httpx_client().max_redirects == shared.get_async_httpx_client().max_redirects == 3


def test_a_block_closes_the_client() -> None:
    with make_client(Recorder()) as client:
        call(get_media, "sync", "m1", client=client)
    assert client.get_httpx_client().is_closed

    async def use() -> bool:
        async with make_client(Recorder()) as client:
            await get_media.asyncio("m1", client=client)
        return bool(client.get_async_httpx_client().is_closed)

    assert asyncio.run(use())


def test_close_works_on_used_and_unused_clients() -> None:
    client = make_client(Recorder())
    client.close()
    resolve(client.aclose())
    call(get_media, "sync", "m1", client=client)
    client.close()
    assert client.get_httpx_client().is_closed
    resolve(client.get_async_httpx_client().get("/x"))
    resolve(client.aclose())
    assert client.get_async_httpx_client().is_closed


def test_a_caller_s_httpx_client_is_used_unchanged() -> None:
    recorder = Recorder()
    transport = httpx.MockTransport(recorder)
    own = httpx.Client(base_url="https://own.example", transport=transport)
    own_async = httpx.AsyncClient(base_url="https://own.example", transport=transport)
    client = v2.AuthenticatedClient(token=KEY)
    assert client.set_httpx_client(own) is client
    assert client.set_async_httpx_client(own_async) is client
    for variant in RAISING:
        call(get_media, variant, "m1", client=client)
        assert recorder.requests[-1].url.host == "own.example"
        assert "X-Api-Key" not in recorder.requests[-1].headers


def test_sixteen_threads_share_one_client() -> None:
    barrier = threading.Barrier(16)

    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"id": request.url.path.rpartition("/")[2]})

    client = make_client(respond)

    def work(number: int) -> tuple[str, int]:
        barrier.wait(timeout=30)
        ids = {get_media.sync(f"m{number}-{turn}", client=client).id for turn in range(20)}
        assert ids == {f"m{number}-{turn}" for turn in range(20)}
        return f"m{number}", id(client.get_httpx_client())

    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(work, range(16)))
    assert len({identity for _, identity in results}) == 1


# --- Keyword arguments; entering -----------------------------------------------------------------


@both_versions
def test_a_key_is_not_taken_for_a_base_url(package: Any) -> None:
    for make in (package.Client, package.AuthenticatedClient):
        with pytest.raises(TypeError) as positional:
            make(KEY)
        assert KEY not in str(positional.value)
        with pytest.raises(ValueError, match="base_url") as caught:
            make(base_url=KEY, **({"token": "x"} if make is package.AuthenticatedClient else {}))
        assert KEY not in str(caught.value)


@pytest.mark.parametrize("text", [KEY, f"/{KEY}", f"{KEY}://x", f"//{KEY}", f"https://{KEY}:99999", f"ftp://{KEY}"])
def test_an_invalid_url_is_not_quoted(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="base_url") as caught:
        v2.Client(base_url=text)
    assert KEY not in str(caught.value)
    monkeypatch.setenv("VIMMERSE_BASE_URL", text)
    with pytest.raises(ValueError, match="base_url") as caught:
        v2.AuthenticatedClient(token="x")
    assert KEY not in str(caught.value)


def _respond(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={})


@both_versions
def test_a_used_client_can_be_entered_until_it_is_closed(package: Any) -> None:
    client = package.Client(transport=httpx.MockTransport(_respond))
    client.get_httpx_client().get("/x")
    with client as same, same:  # twice, too
        assert same is client
        assert client.get_httpx_client().get("/x").status_code == 200
    assert client.get_httpx_client().is_closed
    with pytest.raises(RuntimeError, match="This client is closed"):
        client.__enter__()


@both_versions
def test_a_used_async_client_can_be_entered_until_it_is_closed(package: Any) -> None:
    async def use() -> None:
        client = package.Client(async_transport=httpx.MockTransport(_respond))
        await client.get_async_httpx_client().get("/x")
        async with client as same:
            assert same is client
            assert (await client.get_async_httpx_client().get("/x")).status_code == 200
        assert client.get_async_httpx_client().is_closed
        with pytest.raises(RuntimeError, match="This client is closed"):
            await client.__aenter__()

    asyncio.run(use())


def test_an_error_of_the_transport_itself_is_raised() -> None:
    class Broken(httpx.MockTransport):
        def __enter__(self) -> Any:
            raise RuntimeError("it does not open")

        async def __aenter__(self) -> Any:
            raise RuntimeError("it does not open")

    client = v2.Client(transport=Broken(_respond), async_transport=Broken(_respond))
    with pytest.raises(RuntimeError, match="does not open"):
        client.__enter__()
    with pytest.raises(RuntimeError, match="does not open"):
        asyncio.run(client.__aenter__())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork()")
@pytest.mark.parametrize("variant", ["sync", "asyncio"])
def test_a_forked_process_makes_connections_of_its_own(variant: str) -> None:
    client = v2.AuthenticatedClient(token=KEY)
    get = client.get_httpx_client if variant == "sync" else client.get_async_httpx_client
    inherited = get()
    child = os.fork()
    if child == 0:
        client.close()
        asyncio.run(client.aclose())
        os._exit(0 if get() is not inherited and not inherited.is_closed and get() is get() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert get() is inherited


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork()")
def test_a_forked_process_keeps_the_callers_httpx_client() -> None:
    with httpx.Client() as own:
        client = v2.AuthenticatedClient(token=KEY).set_httpx_client(own)
        child = os.fork()
        if child == 0:
            os._exit(0 if client.get_httpx_client() is own else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
