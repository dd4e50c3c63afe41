"""Where results may be fetched from: the gateway gives no access to its own network."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from vimmerse._http.pool import AsyncPooledTransport
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.gateway import upstream
from vimmerse.compat.gateway.addresses import is_local, is_public
from vimmerse.compat.gateway.config import GatewayConfig

from tests.gateway.serving import RawApi, ReceivedRequest, Running, http_response, serving

PUBLIC = "93.184.215.14"
NAMES = {
    "files.example": [PUBLIC],
    "six.example": ["2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
    "inside.example": ["10.0.0.7"],
    "half.example": [PUBLIC, "127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "mapped.example": ["::ffff:127.0.0.1"],
}


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """A name server that resolves addresses, the names above, and nothing else."""
    real = socket.getaddrinfo
    known = dict(NAMES)

    def look_up(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name in known:
            return [
                (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port or 0))
                for one in known[name]
            ]
        if name.endswith(".example"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


class Api(httpx.AsyncBaseTransport):
    """A transport for the API and for any result file."""

    def __init__(self) -> None:
        self.result = ""
        self.redirects: dict[str, str] = {}
        self.fetched: list[str] = []
        self.hosts: list[str] = []  # to which the connections go

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "api.example" and request.url.raw_path == b"/v2/media/m":
            shown = {"id": "m", "processing_status": "success", "result": [self.result]}
            return httpx.Response(200, json=shown)
        named = f"{request.url.scheme}://{request.headers['host']}{request.url.raw_path.decode()}"
        self.fetched.append(named)
        self.hosts.append(request.url.host)
        location = self.redirects.get(named)
        if location is not None:
            return httpx.Response(302, headers={"Location": location}, stream=httpx.ByteStream(b""))
        return httpx.Response(200, stream=httpx.ByteStream(b"film"))


@pytest.fixture(scope="module")
def shared_api() -> Api:
    return Api()


@pytest.fixture
def api(shared_api: Api, names: dict[str, list[str]]) -> Api:
    shared_api.__init__()  # type: ignore[misc]  # as new
    return shared_api


@pytest.fixture(scope="module")
def through(shared_api: Api) -> Iterator[Running]:
    config = GatewayConfig(result_hosts=("store.example", "10.1.1.1", "[fd00::1]"))
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(upstream, "AsyncPooledTransport", lambda **given: shared_api)
            running = stack.enter_context(serving(Policy(base_url="https://api.example"), config))
        yield running


def download(running: Running) -> httpx.Response:
    return httpx.get(f"{running.base_url}/media/m/download", timeout=20)


REFUSED = [
    *(
        "http://127.0.0.1/f",
        "http://127.1/f",
        "http://127.0.0.1./f",
        "http://2130706433/f",
        "http://0x7f000001/f",
        "http://0177.0.0.1/f",
    ),
    *(
        "http://0/f",
        "http://0.0.0.0/f",
        "http://localhost/f",
        "http://LOCALHOST:8080/f",
        "http://[::1]/f",
        "http://[::]/f",
    ),
    *("http://10.1.2.3/f", "http://172.16.0.1/f", "http://192.168.1.1/f", "http://100.64.0.1/f", "http://198.18.0.1/f"),
    *(
        "http://169.254.169.254/latest/meta-data/",
        "http://224.0.0.1/f",
        "http://255.255.255.255/f",
        "http://240.0.0.1/f",
    ),
    *(
        "http://[::ffff:127.0.0.1]/f",
        "http://[::ffff:a9fe:a9fe]/f",
        "http://[64:ff9b::7f00:1]/f",
        "http://[64:ff9b:1::1]/f",
    ),
    *(
        "http://[2002:7f00:1::]/f",
        "http://[2001::1]/f",
        "http://[fe80::1]/f",
        "http://[fd00::2]/f",
        "http://[ff02::1]/f",
    ),
    *("http://[fec0::1]/f", "http://[::127.0.0.1]/f", "http://[100::1]/f", "http://[2001:db8::1]/f"),
    *("https://inside.example/f", "https://half.example/f", "http://metadata.example/f", "http://mapped.example/f"),
    *("http://127\u30020\u30020\u30021/f", "http://\uff11\uff12\uff17.0.0.1/f"),
    *("https://user:secret@files.example/f", "https://user@files.example/f", "https://:@store.example/f"),
    "http://user:secret@10.1.1.1/f",
]


@pytest.mark.parametrize("url", REFUSED)
def test_rejected_urls(through: Running, api: Api, url: str) -> None:
    api.result = url
    response = download(through)
    assert response.status_code == 502
    assert response.json()["message"] in ("RESULT_ADDRESS_REFUSED", "UPSTREAM_ERROR")  # or it is no URL at all
    assert response.json()["message"] == response.json()["code"]
    assert api.fetched == []
    assert "secret" not in response.text


@pytest.mark.parametrize("url", [url for url in REFUSED if url.isascii()])
def test_rejected_redirects(through: Running, api: Api, url: str) -> None:
    api.result = "https://files.example/f"
    api.redirects = {api.result: "https://files.example/g", "https://files.example/g": url}
    response = download(through)
    assert response.status_code == 502
    assert api.fetched == ["https://files.example/f", "https://files.example/g"]
    through.access_log.find(path="/media/{media_id}/download", error=response.json()["code"])


@pytest.mark.parametrize(
    "url",
    [
        *("https://files.example/f?signature=a%2Fb", "http://six.example:8080/f", f"http://{PUBLIC}/f"),
        *("http://store.example/f", "http://STORE.example./f", "http://10.1.1.1:9000/f", "http://[fd00::1]/f"),
    ],
)
def test_accepted_urls(through: Running, api: Api, url: str) -> None:
    api.result = url
    response = download(through)
    assert (response.status_code, response.content) == (200, b"film")
    assert len(api.fetched) == 1
    assert all(is_public(host) for host in api.hosts) or "store" in url.lower() or "10.1." in url or "fd00" in url


def test_an_unknown_name(through: Running, api: Api) -> None:
    api.result = "https://nowhere.example/f"
    response = download(through)
    assert (response.status_code, response.json()["code"]) == (502, "UPSTREAM_UNREACHABLE")
    assert api.fetched == []


def test_a_slow_name_server(names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    look_up, end = socket.getaddrinfo, threading.Event()

    def waiting(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host == "slow.example":
            end.wait(60)
        return look_up(host, *args, **kwargs)

    api = Api()
    api.result = "https://slow.example/f"
    monkeypatch.setattr(socket, "getaddrinfo", waiting)
    monkeypatch.setattr(upstream, "AsyncPooledTransport", lambda **given: api)
    try:
        with serving(Policy(base_url="https://api.example"), GatewayConfig(connect_timeout=0.05)) as running:
            response = download(running)
    finally:
        end.set()
    assert (response.status_code, response.json()["code"]) == (504, "UPSTREAM_TIMEOUT")
    assert api.fetched == []


def test_all_addresses_are_unreachable(names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    class Away(Api):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.host == "api.example":
                return await super().handle_async_request(request)
            tried.append(request.url.host)
            raise httpx.ConnectError("no route")

    api = Away()
    api.result = "https://files.example/f"
    names["files.example"] = [PUBLIC, "93.184.215.15"]
    monkeypatch.setattr(upstream, "AsyncPooledTransport", lambda **given: api)
    with serving(Policy(base_url="https://api.example")) as running:
        response = download(running)
    assert (response.status_code, response.json()["code"]) == (502, "UPSTREAM_UNREACHABLE")
    assert tried == [PUBLIC, "93.184.215.15"]


def test_a_custom_transport_resolves_names(names: dict[str, list[str]]) -> None:
    api = Api()
    with serving(Policy(base_url="https://api.example"), GatewayConfig(), api) as running:
        for url, status in (("https://inside.example/f", 200), ("http://10.0.0.7/f", 502), ("http://localhost/f", 502)):
            api.result = url
            assert download(running).status_code == status


@pytest.mark.parametrize(
    ("url", "status"),
    [("http://only-the-proxy.example/f", 200), ("http://files.example/f", 200), ("http://inside.example/f", 502)],
)
def test_a_proxy_resolves_other_names(
    names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch, url: str, status: int
) -> None:
    api = Api()
    api.result = url
    monkeypatch.setattr(upstream, "AsyncPooledTransport", lambda **given: api)
    with serving(Policy(base_url="https://api.example"), GatewayConfig(proxy="http://proxy.example")) as running:
        assert download(running).status_code == status
    assert api.hosts == ([httpx.URL(url).host] if status == 200 else [])


def test_the_base_url_s_own_host_may_have_any_address(names: dict[str, list[str]]) -> None:
    api = Api()
    names["api.example"] = ["10.0.0.1"]
    api.result = "https://api.example/v2/media/f"
    with serving(Policy(base_url="https://api.example"), GatewayConfig(), api) as running:
        assert download(running).status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "files.localhost"])
def test_a_local_base_url_allows_local_results(names: dict[str, list[str]], host: str) -> None:
    names["files.localhost"] = ["127.0.0.1"]

    def handler(received: ReceivedRequest, sock: socket.socket) -> bytes:
        if received.line.startswith(b"GET /v2/"):
            shown = {"id": "m", "processing_status": "success", "result": [f"http://{host}:{files.port}/f"]}
            return http_response(json.dumps(shown).encode())
        return http_response(b"film")

    with RawApi(handler) as files, RawApi(handler) as api, serving(Policy(base_url=api.base_url)) as running:
        assert download(running).content == b"film"


def test_the_connection_goes_to_the_address_that_was_checked(
    names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name whose address changes after the check: it is resolved once."""
    connected: list[Any] = []
    requested: list[str] = []
    look_up = socket.getaddrinfo

    def changing(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host == "files.example":
            requested.append(host)
            names["files.example"] = ["127.0.0.1"]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 0)) for one in (PUBLIC, "93.184.215.15")]
        return look_up(host, *args, **kwargs)

    class Sending(AsyncPooledTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.host == "api.example":
                shown = {"id": "m", "processing_status": "success", "result": ["https://files.example:444/f"]}
                return httpx.Response(200, json=shown)
            connected.append((str(request.url), request.headers["host"], request.extensions.get("sni_hostname")))
            if len(connected) == 1:
                raise httpx.ConnectError("no route")
            return httpx.Response(200, stream=httpx.ByteStream(b"film"))

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    monkeypatch.setattr(upstream, "AsyncPooledTransport", Sending)
    with serving(Policy(base_url="https://api.example")) as running:
        assert download(running).content == b"film"
    assert requested == ["files.example"]
    assert connected == [
        (f"https://{PUBLIC}:444/f", "files.example:444", "files.example"),
        ("https://93.184.215.15:444/f", "files.example:444", "files.example"),
    ]


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)
    assert not is_local(address)


@pytest.mark.parametrize(
    "host",
    [
        *("", "files.example", "1.2.3", "fe80::1%eth0", "192.0.0.192", "192.88.99.1", "2001:0:7f00:1::", "3fff::1"),
        *("2001:470::5efe:7f00:1", "2001:470::200:5efe:10.0.0.1"),
    ],
)
def test_not_public_addresses(host: str) -> None:
    assert not is_public(host)


@pytest.mark.parametrize("host", ["http://x", "x/y", "user@x", "", "a b", "x:80", "x?y"])
def test_invalid_result_hosts(host: str) -> None:
    with pytest.raises(ValueError, match="result_hosts must be names of hosts"):
        GatewayConfig(result_hosts=(host,))
