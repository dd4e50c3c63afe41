"""CompatAdapter: every argument and every body of requests, against a loopback server."""

from __future__ import annotations

import io
import json
import pickle
import shutil
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

import pytest
import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError
from urllib3.util.retry import Retry
from vimmerse.compat import V1DeprecationWarning
from vimmerse.compat.adapters.requests import CompatAdapter
from vimmerse.compat.core.errors import StrictModeError
from vimmerse.compat.core.messages import Notice, V1Request, V1Response, V2Request
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.context import Flow
from vimmerse.compat.runtime.driver import CallRecord

from tests.entry_points import fakes
from tests.entry_points.fakes import BLOCK, FILE_BLOCKS, KEY, V1, Server, use_flow

LARGE = b"large " * 300_000

Make = Callable[..., requests.Session]


def mounted(adapter: BaseAdapter) -> requests.Session:
    session = requests.Session()
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


@pytest.fixture
def make(policy: Policy) -> Iterator[Make]:
    sessions: list[requests.Session] = []

    def session(flow: Any = fakes.echo, **options: Any) -> requests.Session:
        sessions.append(mounted(use_flow(CompatAdapter(policy=policy, **options), flow)))
        return sessions[-1]

    yield session
    for each in sessions:
        each.close()


class Encoder:
    """As requests_toolbelt's MultipartEncoder: a length and read()."""

    def __init__(self, content: bytes) -> None:
        self._file, self.len = io.BytesIO(content), len(content)

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)


BODIES: list[tuple[Any, bytes]] = [
    (None, b""),
    (b"bytes", b"bytes"),
    ("t\u00ebxt", "t\u00ebxt".encode()),
    (bytearray(b"array"), b"array"),
    (memoryview(b"view"), b"view"),
    ({"a": "1", "b": ["2", "3"]}, b"a=1&b=2&b=3"),
    (io.BytesIO(b"file"), b"file"),
    (io.StringIO("text file"), b"text file"),
    ((piece for piece in [b"gene", "rator"]), b"generator"),
    ([b"not", b"a pair"][:0], b""),
    (Encoder(b"encoder"), b"encoder"),
    (io.BytesIO(LARGE), LARGE),
    ((LARGE[i : i + 65536] for i in range(0, len(LARGE), 65536)), LARGE),
]


@pytest.mark.parametrize(("body", "sent"), BODIES)
def test_every_kind_of_body(make: Make, body: Any, sent: bytes) -> None:
    reply = make().post(f"{V1}/story", data=body).json()["data"]
    assert (reply["method"], reply["path"]) == ("POST", "/v2/story")
    assert reply["body"].encode("latin-1") == sent
    lengths = [value for name, value in reply["headers"] if name.lower() == "content-length"]
    assert lengths == [str(len(sent))]
    assert not [name for name, _ in reply["headers"] if name.lower() == "transfer-encoding"]


def test_a_file_is_read_from_where_it_stands(make: Make) -> None:
    file = io.BytesIO(b"skipped, sent")
    file.seek(9)
    assert make().post(f"{V1}/story", data=file).json()["data"]["body"] == "sent"


def test_files_and_json(make: Make) -> None:
    session = make()
    form = session.post(f"{V1}/media", files={"image_files": ("a.png", b"png", "image/png")}, data={"a": "b"})
    assert 'filename="a.png"' in form.json()["data"]["body"]
    assert session.post(f"{V1}/media", json={"a": 1}).json()["data"]["body"] == '{"a": 1}'


def test_a_large_body_is_stored_on_disk_and_leaves_no_file(make: Make, temporary_files: list[IO[bytes]]) -> None:
    response = make(fakes.upload).post(f"{V1}/media/upload", data=io.BytesIO(LARGE))
    assert response.json()["path"] == "/v2/media/1"
    assert int(response.json()["body"]) > len(LARGE)
    assert [file.closed for file in temporary_files] == [True]


def test_the_response_has_the_callers_type_and_headers(make: Make) -> None:
    session = make()
    seen: list[requests.Response] = []
    response = session.post(
        f"{V1}/story?a=b",
        data={"idea": "x"},
        headers={"X-Mine": "yes"},
        params={"c": "d"},
        auth=("me", "pw"),
        cookies={"k": "v"},
        hooks={"response": lambda reply, **_: seen.append(reply)},
    )
    assert seen == [response]
    assert response.url == f"{V1}/story?a=b&c=d"
    assert (response.request.method, response.request.body) == ("POST", "idea=x")
    assert response.request.headers["X-Mine"] == "yes"
    assert (response.status_code, response.reason, response.ok) == (200, "OK", True)
    assert response.elapsed.total_seconds() > 0
    assert response.headers["content-TYPE"] == "application/json"
    assert response.headers["Content-Length"] == str(len(response.content))
    assert response.encoding == "utf-8"
    assert response.history == []
    assert response.raw.version == 11
    sent = dict(response.json()["data"]["headers"])
    assert sent["X-Api-Key"] == KEY
    assert sent["Authorization"].startswith("Basic ")
    assert sent["Cookie"] == "k=v"
    outcome: CallRecord = response.vimmerse  # type: ignore[attr-defined]  # set by the adapter
    assert (outcome.method, outcome.url) == ("POST", response.url)
    assert KEY not in repr(outcome)
    assert dict(outcome.exchanges[0].request.headers)["X-Api-Key"] == "[hidden]"


def test_a_response_pickles(make: Make) -> None:
    response = make().get(f"{V1}/story/1")
    assert pickle.loads(pickle.dumps(response)).json() == response.json()


def test_two_cookies_stay_two(make: Make) -> None:
    session = make()
    response = session.get(f"{V1}/story/1")
    assert response.cookies.get_dict() == session.cookies.get_dict() == {"first": "1", "second": "2"}
    second = session.get(f"{V1}/story/1", stream=True)
    assert second.request.headers["Cookie"] == "first=1; second=2"
    assert json.loads(second.raw.read()) == second.json()


def test_a_compressed_response_is_decoded_without_its_encoding_header(make: Make) -> None:
    response = make().get(f"{V1}/story/gzip")
    assert response.json()["data"]["path"] == "/v2/story/gzip"
    assert "Content-Encoding" not in response.headers
    assert response.headers["Content-Length"] == str(len(response.content))


def test_an_encoding_that_cannot_be_decoded_is_not_requested(make: Make) -> None:
    echoed = make().get(f"{V1}/story/1", headers={"Accept-Encoding": "gzip, deflate, br;q=1.0, exotic"}).json()
    assert dict(echoed["data"]["headers"])["Accept-Encoding"] == "gzip, deflate"
    plain = make().get(f"{V1}/story/1", headers={"Accept-Encoding": "identity"}).json()
    assert dict(plain["data"]["headers"])["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("stream", [False, True])
def test_the_body_can_be_read_in_every_way(make: Make, stream: bool) -> None:
    def lines(request: V1Request, policy: Policy) -> Flow:
        yield V2Request("GET", f"{policy.base_url}/v2/x")
        return V1Response(200, (("Content-Type", "text/plain"),), b"one\ntwo\n")

    session = make(lines)

    def get() -> requests.Response:
        return session.get(f"{V1}/story/1", stream=stream)

    assert get().content == b"one\ntwo\n"
    assert get().text == "one\ntwo\n"
    assert list(get().iter_lines()) == [b"one", b"two"]
    assert list(get().iter_content(3)) == [b"one", b"\ntw", b"o\n"]
    if stream:
        assert get().raw.read() == b"one\ntwo\n"
        copied = io.BytesIO()
        response = get()
        shutil.copyfileobj(response.raw, copied)
        assert copied.getvalue() == b"one\ntwo\n"
        response.close()


@pytest.mark.parametrize("status", [400, 402, 404, 500])
def test_an_error_raises_for_status_with_the_callers_url(make: Make, status: int) -> None:
    response = make().get(f"{V1}/story/status/{status}")
    with pytest.raises(requests.HTTPError, match=f"{status}.*{V1}/story/status") as caught:
        response.raise_for_status()
    assert caught.value.response is response


def test_a_response_without_a_body_has_no_length(make: Make) -> None:
    def nothing(request: V1Request, policy: Policy) -> Flow:
        yield V2Request("DELETE", f"{policy.base_url}/v2/story/1")
        return V1Response(204)

    response = make(nothing).delete(f"{V1}/story/1")
    assert (response.status_code, response.reason, response.content) == (204, "No Content", b"")
    assert "Content-Length" not in response.headers


def test_a_status_without_a_name_has_no_reason(make: Make) -> None:
    def malformed(request: V1Request, policy: Policy) -> Flow:
        yield V2Request("GET", f"{policy.base_url}/v2/story/1")
        return V1Response(520)

    assert make(malformed).get(f"{V1}/story/1").reason == ""


class Recording(HTTPAdapter):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.sent: list[tuple[str | None, dict[str, Any]]] = []
        self.limits: list[Retry] = []

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        self.sent.append((request.url, options))
        self.limits.append(self.max_retries)
        return super().send(request, **options)


def test_every_argument_of_send_is_passed_on(policy: Policy, server: Server) -> None:
    inner = Recording()
    with mounted(use_flow(CompatAdapter(wrapped=inner, policy=policy), fakes.upload)) as session:
        options: Any = {
            "timeout": (3, 7),
            "verify": False,
            "cert": "mine.pem",
            "proxies": {"ftp": "http://127.0.0.1:9"},
        }
        session.trust_env = False
        with pytest.raises(OSError, match="Could not find the TLS certificate file"):
            session.post(f"{V1}/media", **options)
        options["cert"] = None
        session.post(f"{V1}/media", **options)
        session.get(f"{server.url}/other", **options)
    expected = {**options, "stream": True}
    urls = [f"{server.url}/v2/image", f"{server.url}/v2/image", f"{server.url}/v2/media/1", f"{server.url}/other"]
    assert [url for url, _ in inner.sent] == urls
    assert inner.sent[0][1] == {**expected, "cert": "mine.pem"}
    assert [sent_options for _, sent_options in inner.sent[1:]] == [expected, expected, {**options, "stream": False}]


@pytest.mark.parametrize(("without", "reached"), [("127.0.0.1", True), ("example.org", False)])
def test_a_base_url_that_goes_without_a_proxy_does(
    make: Make, monkeypatch: pytest.MonkeyPatch, without: str, reached: bool
) -> None:
    # requests chooses the proxies for api.vimmerse.net, which is not in NO_PROXY; the base URL of these tests may be.
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", without)
    session = make()
    if reached:
        assert session.get(f"{V1}/media/1").status_code == 200
    else:
        with pytest.raises(requests.exceptions.ProxyError):
            session.get(f"{V1}/media/1")


def test_a_client_certificate_is_for_the_api_alone(policy: Policy) -> None:
    inner = Recording()
    elsewhere = policy.replace(base_url="http://localhost")
    with mounted(use_flow(CompatAdapter(wrapped=inner, policy=elsewhere), _to(policy))) as session:
        session.get(f"{V1}/media/1", cert="mine.pem")
    assert inner.sent[0][1]["cert"] is None


def _to(policy: Policy) -> Callable[[V1Request, Policy], Flow]:
    def fetch(request: V1Request, _: Policy) -> Flow:
        headers = (*request.headers, ("X-Api-Key", KEY))
        reply = yield V2Request("GET", f"{policy.base_url}/v2/x", headers, kind="file")
        return V1Response(200, (), reply.body)

    return fetch


def test_a_file_never_gets_the_key(policy: Policy) -> None:
    with mounted(use_flow(CompatAdapter(policy=policy), _to(policy))) as session:
        echoed = session.get(f"{V1}/media/1", headers={"Authorization": "x", "Cookie": "y", "Range": "bytes=0-"}).json()
    names = {name.lower() for name, _ in echoed["headers"]}
    assert not names & {"x-api-key", "authorization", "cookie"}
    assert "range" in names


def test_a_download_is_a_stream(make: Make, server: Server) -> None:
    session = make(fakes.download, pool_maxsize=1)
    response = session.get(f"{V1}/media/1/download?file", stream=True)
    assert response.headers["X-Mine"] == "1"
    assert response.headers["Content-Length"] == str(len(BLOCK) * FILE_BLOCKS)
    assert (response.status_code, response.reason, response.url) == (200, "OK", f"{V1}/media/1/download?file")
    assert response.vimmerse.response.native is None  # type: ignore[attr-defined]  # set by the adapter
    chunks = response.iter_content(len(BLOCK))
    assert next(chunks) == BLOCK
    assert sum(map(len, chunks)) == len(BLOCK) * (FILE_BLOCKS - 1)
    assert len(session.get(f"{V1}/media/1/download?file").content) == len(BLOCK) * FILE_BLOCKS
    assert len(server.connections) == 1, "the connection was released"


def test_a_compressed_download_is_decoded_by_the_caller(make: Make) -> None:
    response = make(fakes.download).get(f"{V1}/media/1/download?gzip", stream=True)
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.json()["path"] == "/gzip"
    assert response.cookies.get_dict() == {"first": "1", "second": "2"}


@pytest.mark.parametrize("stream", [False, True])
def test_a_failed_download_has_its_text(make: Make, stream: bool) -> None:
    response = make(fakes.download).get(f"{V1}/media/1/download?status/404", stream=stream)
    assert response.status_code == 404
    assert response.json()["path"] == "/status/404"
    assert response.headers["Content-Length"] == str(len(response.content))
    assert response.cookies.get_dict() == {"first": "1", "second": "2"}


def test_a_redirect_on_the_way_to_a_file_holds_no_connection(make: Make) -> None:
    session = make(fakes.redirected, pool_maxsize=1, pool_block=True)
    assert session.get(f"{V1}/media/1", stream=True).json()["path"] == "/other/landed"


def test_a_stream_that_is_not_the_response_releases_its_connection(make: Make, server: Server) -> None:
    session = make(fakes.abandoned, pool_maxsize=1, pool_block=True)
    for _ in range(3):
        assert session.get(f"{V1}/media/1").json() == {}


def test_an_untouched_call_is_the_same_bytes(make: Make, server: Server) -> None:
    def calls(session: requests.Session) -> list[Any]:
        server.seen.clear()
        session.post(f"{server.url}/v2/story?x=%7e", data=(piece for piece in [b"a", b"b"]), headers={"B": "c"})
        session.get(f"{server.url}/image", headers={"Accept-Encoding": "br, exotic"}, params={"a": "ü"})
        return list(server.seen)

    with requests.Session() as plain:
        assert calls(make()) == calls(plain)
    assert not hasattr(make().get(f"{server.url}/image"), "vimmerse")


def test_redirects_of_untouched_calls_are_followed(make: Make, server: Server) -> None:
    response = make().get(f"{server.url}/other/status/302")
    assert [reply.status_code for reply in response.history] == [302]
    assert response.json()["path"] == "/other/landed"


def test_a_call_that_was_passed_to_v1_is_not_translated_again(policy: Policy, server: Server) -> None:
    inner = use_flow(CompatAdapter(policy=policy), fakes.rejected)
    with mounted(use_flow(CompatAdapter(wrapped=inner, policy=policy), fakes.passed)) as session:
        assert session.post(f"{V1}/story", data=b"x").json()["path"] == "/story"
    assert server.calls == [("POST", "/story")]


def test_duplicate_headers_stay_two(make: Make) -> None:
    def repeated(request: V1Request, policy: Policy) -> Flow:
        reply = yield V2Request("GET", f"{policy.base_url}/v2/x", (("A", "1"), ("a", "2"), ("Host", "wrong")))
        return V1Response(200, (("B", "1"), ("B", "2")), reply.body)

    response = make(repeated).get(f"{V1}/story/1", headers={b"Bytes": b"value"})  # type: ignore[dict-item]  # requests allows it
    sent = response.json()["headers"]
    assert [pair for pair in sent if pair[0].lower() == "a"] == [["A", "1"], ["A", "2"]]
    assert [value for name, value in sent if name.lower() == "host"] != ["wrong"]
    assert response.raw.headers.getlist("B") == ["1", "2"]


def test_a_refusal_is_a_request_exception_and_sends_nothing(make: Make, server: Server) -> None:
    with pytest.raises(requests.RequestException, match="seed is dropped") as caught:
        make(fakes.rejected).post(f"{V1}/story", data={"seed": 1})
    assert isinstance(caught.value, StrictModeError)
    assert caught.value.request is not None
    assert caught.value.request.url == f"{V1}/story"
    assert server.seen == []


def test_a_failing_connection_names_the_callers_request(make: Make, server: Server) -> None:
    with pytest.raises(requests.ConnectionError) as caught:
        make().get(f"{V1}/story/drop")
    assert caught.value.request is not None
    assert caught.value.request.url == f"{V1}/story/drop"
    assert KEY not in repr(caught.value) + str(caught.value)


GENEROUS = Retry(3, allowed_methods=None, status_forcelist=[503], backoff_factor=0)


@pytest.mark.parametrize("place", ["drop", "status/503"])
def test_a_paid_request_is_sent_once_with_any_retry_settings(make: Make, server: Server, place: str) -> None:
    session = make(fakes.paid, max_retries=GENEROUS)
    if place == "drop":
        with pytest.raises(requests.ConnectionError):
            session.post(f"{V1}/story/{place}")
    else:
        assert session.post(f"{V1}/story/{place}").status_code == 503
    assert len(server.seen) == 1


@pytest.mark.parametrize("place", ["drop", "status/503"])
def test_a_free_request_is_repeated_with_the_callers_retries(make: Make, server: Server, place: str) -> None:
    session = make(fakes.free, max_retries=GENEROUS)
    with pytest.raises(requests.RequestException):
        session.post(f"{V1}/story/{place}")
    assert len(server.seen) == 4


def test_a_paid_request_is_repeated_where_there_was_no_connection(policy: Policy) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        unreachable = policy.replace(base_url=f"http://127.0.0.1:{unused.getsockname()[1]}")
        retries = Retry(2, backoff_factor=0)
        inner = Recording(max_retries=retries)
        with (
            mounted(use_flow(CompatAdapter(wrapped=inner, policy=unreachable), fakes.paid)) as session,
            pytest.raises(requests.ConnectionError) as caught,
        ):
            session.post(f"{V1}/story")
    assert inner.max_retries is retries, "the adapter itself is as it was"
    (used,) = inner.limits
    assert (used.total, used.backoff_factor) == (2, 0)
    reason = caught.value.args[0]
    assert isinstance(reason, MaxRetryError)
    assert isinstance(reason.reason, ConnectTimeoutError)


def test_an_adapter_of_another_kind_can_be_wrapped(policy: Policy) -> None:
    class Plain(BaseAdapter):
        closed = False

        def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
            response = requests.Response()
            response.status_code, response.raw = 200, io.BytesIO(b"{}")
            response.headers["Content-Type"] = "application/json"
            return response

        def close(self) -> None:
            self.closed = True

    inner = Plain()
    session = mounted(use_flow(CompatAdapter(wrapped=inner, policy=policy), fakes.paid))
    assert session.post(f"{V1}/story").json() == {}
    session.close()
    assert inner.closed


def test_an_auth_handler_sends_again_through_the_same_entry_point(policy: Policy) -> None:
    adapter = use_flow(CompatAdapter(wrapped=HTTPAdapter(), policy=policy), fakes.echo)
    with mounted(adapter) as session:
        assert session.get(f"{V1}/story/1").connection is adapter
        assert session.get(f"{policy.base_url}/other").connection is adapter


class ReportsRetries(HTTPAdapter):
    retries: list[int | None] = []

    def send(self, *arguments: Any, **options: Any) -> requests.Response:
        self.retries.append(self.max_retries.total)
        return super().send(*arguments, **options)


def test_it_pickles_as_an_http_adapter_does(policy: Policy, server: Server) -> None:
    first = CompatAdapter(3, 4, 5, True, wrapped=ReportsRetries(max_retries=7), policy=policy, mode="strict")
    restored = pickle.loads(pickle.dumps(first))
    assert restored.max_retries.total == 5
    # requests lists the names of its attributes that a pickle has to keep.
    kept = {name: getattr(restored, name) for name in HTTPAdapter.__attrs__ if name != "max_retries"}
    assert {name: value for name, value in kept.items() if name.startswith("_pool")} == {
        "_pool_connections": 3,
        "_pool_maxsize": 4,
        "_pool_block": True,
    }
    with mounted(restored) as session:
        with pytest.warns(V1DeprecationWarning):
            session.get(f"{V1}/story/1")
        with pytest.raises(StrictModeError, match="seed"):
            session.post(f"{V1}/story/idea-2-video", data={"idea": "a fox", "seed": "5"})
    ((method, path, headers, _),) = server.seen
    assert (method, path, dict(headers)["X-Api-Key"]) == ("GET", "/v2/story/1", policy.api_key)
    assert ReportsRetries.retries == [7]


def test_a_pickle_holds_no_key_of_the_environment(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_BASE_URL", server.url)
    monkeypatch.setenv("VIMMERSE_API_KEY", KEY)
    content = pickle.dumps(CompatAdapter())
    assert KEY.encode() not in content
    monkeypatch.setenv("VIMMERSE_API_KEY", "another")
    with mounted(pickle.loads(content)) as session, pytest.warns(V1DeprecationWarning):
        session.get(f"{V1}/story/1")
    ((_, _, headers, _),) = server.seen
    assert dict(headers)["X-Api-Key"] == "another"


def test_threads_share_a_session(make: Make, server: Server) -> None:
    session = make(fakes.upload, pool_maxsize=16)

    def call(number: int) -> int:
        return int(session.post(f"{V1}/media", data=b"x" * number).json()["body"])

    with ThreadPoolExecutor(16) as pool:
        sizes = list(pool.map(call, range(1, 161)))
    assert [size - sizes[0] for size in sizes] == list(range(160))
    assert len(server.seen) == 320


def test_observed_calls_and_notices(policy: Policy) -> None:
    notices: list[Notice] = []
    adapter = use_flow(CompatAdapter(policy=policy, on_warning=notices.append), fakes.echo)
    with mounted(adapter) as session:
        response = session.post(f"{V1}/story")
    assert [str(each) for each in notices] == ["motion_type is now video_tool"]
    assert response.vimmerse.notices == tuple(notices)  # type: ignore[attr-defined]  # set by the adapter


def test_a_request_without_method_or_url_is_not_translated(policy: Policy) -> None:
    with pytest.raises((requests.RequestException, TypeError, AttributeError)):
        use_flow(CompatAdapter(policy=policy), fakes.echo).send(requests.PreparedRequest())


def test_repr_has_no_key(policy: Policy) -> None:
    adapter = CompatAdapter(policy=policy)
    assert KEY not in repr(adapter) + repr(policy) + json.dumps(str(vars(adapter)))


def test_the_temporary_files_have_no_name(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    make(fakes.upload).post(f"{V1}/media/upload", data=io.BytesIO(LARGE))
    assert list(tmp_path.iterdir()) == []
