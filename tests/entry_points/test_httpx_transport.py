"""CompatTransport and AsyncCompatTransport, with httpx and httpx2, by the same cases."""

from __future__ import annotations

import asyncio
import io
import json
import pickle
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import ModuleType
from typing import IO, Any

import httpx
import httpx2
import pytest
from vimmerse.compat.adapters.httpx import AsyncCompatTransport, CompatTransport
from vimmerse.compat.core.errors import StrictModeError
from vimmerse.compat.core.messages import V1Request, V1Response, V2Request
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.context import Flow
from vimmerse.compat.runtime.driver import CallRecord

from tests.entry_points import fakes
from tests.entry_points.fakes import BLOCK, FILE_BLOCKS, KEY, V1, Server, use_flow

LARGE = b"large " * 300_000


@dataclass
class EntryPoint:
    """One of the four entry points. Responses are read."""

    library: ModuleType
    is_async: bool
    policy: Policy

    def client(self, flow: Any = fakes.echo, *, wrapped: Any = None, **options: Any) -> Any:
        kind = AsyncCompatTransport if self.is_async else CompatTransport
        transport = use_flow(kind(wrapped, self.policy), flow)
        return (self.library.AsyncClient if self.is_async else self.library.Client)(transport=transport, **options)

    def plain(self) -> Any:
        return (self.library.AsyncClient if self.is_async else self.library.Client)()

    def transport(self, **options: Any) -> Any:
        return (self.library.AsyncHTTPTransport if self.is_async else self.library.HTTPTransport)(**options)

    def use(self, client: Any, act: Callable[[Any], Any]) -> Any:
        """Call ``act`` with an open client. It returns the result of a client method, or a list of them."""
        if not self.is_async:
            with client:
                return act(client)

        async def main() -> Any:
            async with client:
                result = act(client)
                return [await each for each in result] if isinstance(result, list) else await result

        return asyncio.run(main())

    def call(self, method: str, url: str, flow: Any = fakes.echo, **options: Any) -> Any:
        return self.use(self.client(flow), lambda client: client.request(method, url, **options))


@pytest.fixture(params=["httpx", "httpx-async", "httpx2", "httpx2-async"])
def entry_point(request: pytest.FixtureRequest, policy: Policy) -> EntryPoint:
    name, _, is_async = request.param.partition("-")
    return EntryPoint({"httpx": httpx, "httpx2": httpx2}[name], bool(is_async), policy)


def sync_pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), 65536):
        yield content[start : start + 65536]


async def async_pieces(content: bytes) -> AsyncIterator[bytes]:
    for piece in sync_pieces(content):
        yield piece


BODIES: list[tuple[dict[str, Any], bytes]] = [
    ({}, b""),
    ({"content": b"bytes"}, b"bytes"),
    ({"content": "text"}, b"text"),
    ({"data": {"a": "1", "b": ["2", "3"]}}, b"a=1&b=2&b=3"),
    ({"json": {"a": 1}}, b'{"a":1}'),
]


@pytest.mark.parametrize(("options", "sent"), BODIES)
def test_every_kind_of_body(entry_point: EntryPoint, options: Any, sent: bytes) -> None:
    response = entry_point.call("POST", f"{V1}/story", **options).json()["data"]
    assert (response["method"], response["path"]) == ("POST", "/v2/story")
    assert response["body"].encode() == sent.replace(b'"a":1', b'"a":1' if '"a":1' in response["body"] else b'"a": 1')
    lengths = [value for name, value in response["headers"] if name.lower() == "content-length"]
    assert lengths == [str(len(response["body"]))]


@pytest.mark.parametrize("content", [b"small", LARGE])
def test_streams(entry_point: EntryPoint, content: bytes) -> None:
    pieces: Any = async_pieces if entry_point.is_async else sync_pieces
    response = entry_point.call("POST", f"{V1}/story", content=pieces(content)).json()["data"]
    assert response["body"].encode() == content
    names = {name.lower(): value for name, value in response["headers"]}
    assert names["content-length"] == str(len(content))
    assert "transfer-encoding" not in names


@pytest.mark.parametrize("content", [b"small", LARGE])
def test_files_of_a_form(entry_point: EntryPoint, content: bytes) -> None:
    files = {"image_files": ("a.png", io.BytesIO(content), "image/png")}
    body = entry_point.call("POST", f"{V1}/media", files=files, data={"a": "b"}).json()["data"]["body"]
    assert 'filename="a.png"' in body
    assert content.decode() in body


def test_a_large_body_is_stored_on_disk_and_leaves_no_file(
    entry_point: EntryPoint, temporary_files: list[IO[bytes]]
) -> None:
    files = {"image": ("a.png", io.BytesIO(LARGE), "image/png")}
    response = entry_point.call("POST", f"{V1}/media/upload", fakes.upload, files=files)
    assert int(response.json()["body"]) > len(LARGE)
    assert [file.closed for file in temporary_files] == [True]


def test_the_response_has_the_callers_type_and_headers(entry_point: EntryPoint) -> None:
    seen: list[Any] = []

    async def hook(response: Any) -> None:
        seen.append(response.status_code)

    client = entry_point.client(
        event_hooks={
            "response": [hook if entry_point.is_async else (lambda response: seen.append(response.status_code))]
        }
    )
    response = entry_point.use(
        client,
        lambda c: c.post(
            f"{V1}/story?a=b", data={"idea": "x"}, headers={"X-Mine": "yes"}, auth=("me", "pw"), cookies=None
        ),
    )
    assert seen == [200]
    assert isinstance(response, entry_point.library.Response)
    assert str(response.url) == f"{V1}/story?a=b"
    assert (response.request.method, response.request.content) == ("POST", b"idea=x")
    assert (response.status_code, response.reason_phrase, response.http_version) == (200, "OK", "HTTP/1.1")
    assert response.elapsed.total_seconds() > 0
    assert response.headers["content-length"] == str(len(response.content))
    assert response.headers.get_list("set-cookie") == ["first=1; Path=/", "second=2; Path=/"]
    sent = {name.lower(): value for name, value in response.json()["data"]["headers"]}
    assert sent["x-api-key"] == KEY
    assert sent["x-mine"] == "yes"
    assert sent["authorization"].startswith("Basic ")
    assert sent["host"] == entry_point.policy.base_url.partition("//")[2]
    outcome: CallRecord = response.vimmerse
    assert response.extensions["vimmerse"] is outcome
    assert (outcome.method, outcome.url) == ("POST", f"{V1}/story?a=b")
    assert KEY not in repr(outcome)
    restored = pickle.loads(pickle.dumps(response))
    assert restored.json() == response.json()
    assert restored.vimmerse == outcome


def test_cookies_are_kept_by_the_client(entry_point: EntryPoint) -> None:
    client = entry_point.client()
    first, second = entry_point.use(client, lambda c: [c.get(f"{V1}/story/1"), c.get(f"{V1}/story/1")])
    assert dict(first.cookies) == dict(client.cookies) == {"first": "1", "second": "2"}
    assert second.request.headers["cookie"] in ("first=1; second=2", "second=2; first=1")


def test_a_compressed_response_is_decoded_without_its_encoding_header(entry_point: EntryPoint) -> None:
    response = entry_point.call("GET", f"{V1}/story/gzip")
    assert response.json()["data"]["path"] == "/v2/story/gzip"
    assert "content-encoding" not in response.headers
    assert response.headers["content-length"] == str(len(response.content))


@pytest.mark.parametrize("status", [400, 402, 404, 500])
def test_an_error_raises_for_status_with_the_callers_url(entry_point: EntryPoint, status: int) -> None:
    response = entry_point.call("GET", f"{V1}/story/status/{status}")
    with pytest.raises(entry_point.library.HTTPStatusError, match=f"{V1}/story/status/{status}"):
        response.raise_for_status()


def test_the_extensions_of_a_call_hold_for_each_request(entry_point: EntryPoint) -> None:
    seen: list[tuple[str, str, dict[str, Any]]] = []

    def handle(request: Any) -> Any:
        seen.append((request.method, str(request.url), dict(request.extensions)))
        return entry_point.library.Response(200, json={"body": "x"})

    async def ahandle(request: Any) -> Any:
        return handle(request)

    wrapped = entry_point.library.MockTransport(ahandle if entry_point.is_async else handle)
    extensions = {"trace": lambda *event: None, "sni_hostname": "api.vimmerse.net"}
    client = entry_point.client(fakes.upload, wrapped=wrapped, timeout=7)
    entry_point.use(client, lambda c: c.post(f"{V1}/media", extensions=extensions))
    base = entry_point.policy.base_url
    assert [call[:2] for call in seen] == [("POST", f"{base}/v2/image"), ("PUT", f"{base}/v2/media/1")]
    for _, _, options in seen:
        assert options["timeout"] == {"connect": 7, "read": 7, "write": 7, "pool": 7}
        assert options["trace"] is extensions["trace"]
        assert options["sni_hostname"] == "api.vimmerse.net"
    entry_point.policy = entry_point.policy.replace(base_url="http://localhost")
    client = entry_point.client(_to(base), wrapped=wrapped)
    entry_point.use(client, lambda c: c.get(f"{V1}/media/1", extensions=extensions))
    assert "sni_hostname" not in seen[-1][2], "the file's host has a name of its own"


def _to(base: str) -> Callable[[V1Request, Policy], Flow]:
    def fetch(request: V1Request, policy: Policy) -> Flow:
        response = yield V2Request("GET", f"{base}/v2/x", request.headers, kind="file")
        return V1Response(200, (), response.body)

    return fetch


def test_a_request_with_its_own_target_is_passed_through(entry_point: EntryPoint, server: Server) -> None:
    response = entry_point.call("GET", f"{server.url}/story", fakes.rejected, extensions={"target": b"/elsewhere"})
    assert response.json()["path"] == "/elsewhere"


def test_a_download_is_a_stream(entry_point: EntryPoint, server: Server) -> None:
    url = f"{V1}/media/1/download?file"
    limits = entry_point.library.Limits(max_connections=1)
    client = entry_point.client(fakes.download, wrapped=entry_point.transport(limits=limits))
    if not entry_point.is_async:
        with client, client.stream("GET", url) as response:
            assert response.headers["x-mine"] == "1"
            assert response.headers["content-length"] == str(len(BLOCK) * FILE_BLOCKS)
            chunks = response.iter_raw(len(BLOCK))
            assert next(chunks) == BLOCK
            assert sum(map(len, chunks)) == len(BLOCK) * (FILE_BLOCKS - 1)
            assert response.vimmerse.response.native is None
            second = client.get(url)
    else:

        async def main() -> Any:
            async with client, client.stream("GET", url) as response:
                assert response.headers["x-mine"] == "1"
                assert response.headers["content-length"] == str(len(BLOCK) * FILE_BLOCKS)
                assert sum([len(chunk) async for chunk in response.aiter_raw()]) == len(BLOCK) * FILE_BLOCKS
                return await client.get(url)

        second = asyncio.run(main())
    assert len(second.content) == len(BLOCK) * FILE_BLOCKS
    assert second.http_version == "HTTP/1.1"
    assert len(server.connections) == 1, "the connection was released"


def test_closing_a_download_early_returns_the_connection_to_the_pool(entry_point: EntryPoint) -> None:
    url = f"{V1}/media/1/download?file"
    limits = entry_point.library.Limits(max_connections=1)
    client = entry_point.client(fakes.download, wrapped=entry_point.transport(limits=limits), timeout=5)
    if not entry_point.is_async:
        with client:
            for _ in range(2):
                with client.stream("GET", url) as response:
                    assert next(response.iter_bytes())
    else:

        async def main() -> None:
            async with client:
                for _ in range(2):
                    async with client.stream("GET", url) as response:
                        async for chunk in response.aiter_bytes():
                            assert chunk
                            break

        asyncio.run(main())


def test_a_compressed_download_is_decoded_by_the_caller(entry_point: EntryPoint) -> None:
    response = entry_point.call("GET", f"{V1}/media/1/download?gzip", fakes.download)
    assert response.headers["content-encoding"] == "gzip"
    assert response.json()["path"] == "/gzip"


def test_a_failed_download_has_its_text(entry_point: EntryPoint) -> None:
    response = entry_point.call("GET", f"{V1}/media/1/download?status/404", fakes.download)
    assert response.status_code == 404
    assert response.json()["path"] == "/status/404"
    assert response.headers["content-length"] == str(len(response.content))


def test_a_redirect_on_the_way_to_a_file_holds_no_connection(entry_point: EntryPoint) -> None:
    limits = entry_point.library.Limits(max_connections=1)
    client = entry_point.client(fakes.redirected, wrapped=entry_point.transport(limits=limits), timeout=5)
    assert entry_point.use(client, lambda c: c.get(f"{V1}/media/1")).json()["path"] == "/other/landed"


def test_a_stream_that_is_not_the_response_releases_its_connection(entry_point: EntryPoint) -> None:
    limits = entry_point.library.Limits(max_connections=1)
    client = entry_point.client(fakes.abandoned, wrapped=entry_point.transport(limits=limits), timeout=5)
    responses = entry_point.use(client, lambda c: [c.get(f"{V1}/media/1") for _ in range(3)])
    assert [response.json() for response in responses] == [{}, {}, {}]


def test_an_untouched_call_is_the_same_bytes(entry_point: EntryPoint, server: Server) -> None:
    pieces: Any = async_pieces if entry_point.is_async else sync_pieces

    def calls(client: Any) -> list[Any]:
        server.seen.clear()
        entry_point.use(
            client,
            lambda c: [
                c.post(f"{server.url}/v2/story?x=%7e", content=pieces(b"ab"), headers=[("B", "c"), ("B", "d")]),
                c.get(f"{server.url}/image", headers={"Accept-Encoding": "br, exotic"}, params={"a": "ü"}),
            ],
        )
        return list(server.seen)

    assert calls(entry_point.client()) == calls(entry_point.plain())


def test_a_call_that_was_passed_to_v1_is_not_translated_again(entry_point: EntryPoint, server: Server) -> None:
    kind: Any = AsyncCompatTransport if entry_point.is_async else CompatTransport
    inner = use_flow(kind(entry_point.transport(), entry_point.policy), fakes.rejected)
    client = entry_point.client(fakes.passed, wrapped=inner)
    response = entry_point.use(client, lambda c: c.post(f"{V1}/story", content=b"x"))
    assert response.json()["path"] == "/story"
    assert server.calls == [("POST", "/story")]


def test_duplicate_headers_stay_two(entry_point: EntryPoint) -> None:
    def repeated(request: V1Request, policy: Policy) -> Flow:
        kept = tuple(pair for pair in request.headers if pair[0] == "Mine")
        response = yield V2Request("GET", f"{policy.base_url}/v2/x", kept)
        return V1Response(200, (("B", "1"), ("B", "2")), response.body)

    response = entry_point.call("GET", f"{V1}/story/1", repeated, headers=[("Mine", "1"), ("Mine", "2")])
    assert [pair for pair in response.json()["headers"] if pair[0] == "Mine"] == [["Mine", "1"], ["Mine", "2"]]
    assert response.headers.get_list("b") == ["1", "2"]


def test_a_refusal_is_a_request_error_and_sends_nothing(entry_point: EntryPoint, server: Server) -> None:
    with pytest.raises(entry_point.library.RequestError, match="seed is dropped") as caught:
        entry_point.call("POST", f"{V1}/story", fakes.rejected, data={"seed": "1"})
    error: Any = caught.value
    assert issubclass(type(error), StrictModeError)
    assert str(error.request.url) == f"{V1}/story"
    assert server.seen == []


def test_a_failing_connection_names_the_callers_request(entry_point: EntryPoint) -> None:
    with pytest.raises(entry_point.library.RemoteProtocolError) as caught:
        entry_point.call("GET", f"{V1}/story/drop")
    assert str(caught.value.request.url) == f"{V1}/story/drop"
    assert KEY not in repr(caught.value)


def test_a_paid_request_is_sent_once(entry_point: EntryPoint, server: Server) -> None:
    client = entry_point.client(fakes.paid, wrapped=entry_point.transport(retries=3))
    with pytest.raises(entry_point.library.RemoteProtocolError):
        entry_point.use(client, lambda c: c.post(f"{V1}/story/drop"))
    assert len(server.seen) == 1


def test_the_wrapped_transport_is_opened_and_closed_with_the_outer_one(entry_point: EntryPoint) -> None:
    events: list[str] = []

    class Sync:
        def handle_request(self, request: Any) -> Any:
            return entry_point.library.Response(200, json={})

        def __enter__(self) -> None:
            events.append("enter")

        def __exit__(self, *error: Any) -> None:
            events.append("exit")

        def close(self) -> None:
            events.append("close")

    class Async:
        async def handle_async_request(self, request: Any) -> Any:
            return entry_point.library.Response(200, json={})

        async def __aenter__(self) -> None:
            events.append("enter")

        async def __aexit__(self, *error: Any) -> None:
            events.append("exit")

        async def aclose(self) -> None:
            events.append("close")

    client = entry_point.client(wrapped=Async() if entry_point.is_async else Sync())
    entry_point.use(client, lambda c: c.get(f"{V1}/story/1"))
    unopened = entry_point.client(wrapped=Async() if entry_point.is_async else Sync())
    asyncio.run(unopened.aclose()) if entry_point.is_async else unopened.close()
    assert events == ["enter", "exit", "close"]


def test_a_transport_that_was_never_used_closes(entry_point: EntryPoint) -> None:
    unopened = entry_point.client()
    asyncio.run(unopened.aclose()) if entry_point.is_async else unopened.close()

    async def nothing() -> None:
        return None

    entry_point.use(entry_point.client(), lambda c: nothing() if entry_point.is_async else None)


def test_a_request_of_another_library_is_rejected(policy: Policy) -> None:
    with pytest.raises(TypeError, match="object is not a request of httpx or httpx2"):
        CompatTransport(policy=policy).handle_request(object())  # type: ignore[arg-type]  # on purpose


def test_a_transport_works_without_a_client(policy: Policy) -> None:
    class Own(httpx.Request):
        """The library of a subclass is that of its base."""

    with use_flow(CompatTransport(policy=policy), fakes.echo) as transport:
        response = transport.handle_request(Own("GET", f"{V1}/story/1"))
        assert json.loads(response.read())["data"]["path"] == "/v2/story/1"


def test_cancelling_a_call_leaves_the_pool_usable(server: Server, policy: Policy) -> None:
    async def main() -> list[tuple[str, str]]:
        reached = asyncio.Event()
        release = asyncio.Event()

        class Slow(httpx.AsyncHTTPTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                response = await super().handle_async_request(request)
                if request.url.path.endswith("/1"):
                    reached.set()
                    try:
                        await release.wait()
                    except asyncio.CancelledError:
                        await response.aclose()
                        raise
                return response

        limits = httpx.Limits(max_connections=1)
        transport = use_flow(AsyncCompatTransport(Slow(limits=limits), policy), fakes.upload)
        async with httpx.AsyncClient(transport=transport) as client:
            task = asyncio.create_task(client.post(f"{V1}/media"))
            await reached.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await client.get(f"{server.url}/after")
        return server.calls

    expected = [("POST", "/v2/image"), ("PUT", "/v2/media/1"), ("GET", "/after")]
    assert asyncio.run(main()) == expected, "nothing is sent a second time"


def test_threads_share_a_client(server: Server, policy: Policy) -> None:
    def call(number: int) -> int:
        return int(client.post(f"{V1}/media", content=b"x" * number).json()["body"])

    with (
        httpx.Client(transport=use_flow(CompatTransport(policy=policy), fakes.upload)) as client,
        ThreadPoolExecutor(16) as pool,
    ):
        sizes = list(pool.map(call, range(1, 161)))
    assert [size - sizes[0] for size in sizes] == list(range(160))
    assert len(server.seen) == 320


def test_tasks_share_a_client(server: Server, policy: Policy) -> None:
    async def main() -> list[int]:
        transport = use_flow(AsyncCompatTransport(policy=policy), fakes.upload)
        async with httpx.AsyncClient(transport=transport, timeout=30) as client:
            calls: list[Coroutine[Any, Any, httpx.Response]] = [
                client.post(f"{V1}/media", content=b"x" * number) for number in range(1, 101)
            ]
            return [int(response.json()["body"]) for response in await asyncio.gather(*calls)]

    sizes = asyncio.run(main())
    assert [size - sizes[0] for size in sizes] == list(range(100))


def test_repr_has_no_key(policy: Policy) -> None:
    transport = CompatTransport(policy=policy)
    assert KEY not in repr(transport) + str(vars(transport))
