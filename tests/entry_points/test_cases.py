"""The case table, played through every entry point: the same requests, responses and warnings as through the core.

No entry point uses the network here: each has a transport that records requests and returns the row's responses.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import httpx
import httpx2
import pytest
import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse
from urllib3._collections import HTTPHeaderDict  # urllib3 1.26 has it nowhere else
from vimmerse.compat.adapters.httpx import AsyncCompatTransport, CompatTransport
from vimmerse.compat.adapters.requests import CompatAdapter
from vimmerse.compat.core.errors import CreditLimitError, StrictModeError, UpstreamError
from vimmerse.compat.core.messages import Notice
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.gateway.app import create_app
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.process.patching import install
from vimmerse.compat.requests import Session

from tests.cases.check import Record, Sent, ShownNotice, check, next_response, upload_of
from tests.cases.representative import REPRESENTATIVE
from tests.cases.rows import HOST, Case, Played
from tests.cases.table import CASES
from tests.sampling import sampled

PIECE = 11


@dataclass
class Network:
    """The network behind an entry point: records the requests, returns the responses of a row."""

    row: Case
    record: Record = field(default_factory=Record)

    def __call__(self, method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes) -> Played:
        pairs = tuple(headers)
        upload = upload_of(pairs, body) if url.endswith("/v2/image") else None
        self.record.sent.append(Sent(method, url, pairs, b"" if upload else body, upload))
        if self.row.untouched:
            return Played(200, b"{}")
        return next_response(self.row, len(self.record.sent) - 1)

    def record_notice(self, notice: Notice) -> None:
        self.record.notices.append(
            ShownNotice(notice.kind, notice.operation, notice.field, notice.v2_field, str(notice))
        )

    @property
    def policy(self) -> Policy:
        return Policy(**self.row.policy, on_warning=self.record_notice)

    def handler(self, library: ModuleType) -> Callable[[Any], Any]:
        """For a MockTransport of httpx or httpx2."""

        def handle(request: Any) -> Any:
            headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
            url = request.url
            target = f"{url.scheme}://{url.netloc.decode()}{url.raw_path.decode()}"  # as it goes over the wire
            played = self(request.method, target, headers, request.content)
            # A stream, unread, like the body of a real response.
            return library.Response(played.status, headers=_headers(played), stream=library.ByteStream(played.body))

        return handle


def _headers(played: Played) -> list[tuple[str, str]]:
    kind = [("Content-Type", played.content_type)] if played.content_type else []
    return [*kind, ("Content-Length", str(len(played.body))), *played.headers]


class Plug(BaseAdapter):
    """A ``requests`` adapter in front of a :class:`Network`."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self._network = network

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        body: Any = request.body or b""
        content = body if isinstance(body, bytes) else b"".join(body)
        played = self._network(request.method or "", request.url or "", request.headers.items(), content)
        raw = HTTPResponse(
            body=io.BytesIO(played.body),
            headers=HTTPHeaderDict(_headers(played)),
            status=played.status,
            preload_content=False,
            decode_content=False,
        )
        return HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        """Nothing is open."""


def pieces(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), PIECE):
        yield body[start : start + PIECE]


async def apieces(body: bytes) -> AsyncIterator[bytes]:
    for piece in pieces(body):
        yield piece


# The entry points: each makes the row's call, and notes in the network's record what comes back


def _note(record: Record, response: Any) -> None:
    record.status, record.body = response.status_code, response.content
    record.headers = tuple(response.headers.items())


def _httpx(network: Network, client: Any, url: str, *, stream: bool = False) -> None:
    headers, body = network.row.call.encoded()
    content: Any = pieces(body) if stream and body else body or None
    with client:
        _note(network.record, client.request(network.row.call.method, url, headers=headers, content=content))


async def _ahttpx(network: Network, client: Any, url: str, *, stream: bool = False) -> None:
    headers, body = network.row.call.encoded()
    content: Any = apieces(body) if stream and body else body or None
    async with client:
        _note(network.record, await client.request(network.row.call.method, url, headers=headers, content=content))


def through_httpx(network: Network, library: ModuleType = httpx, *, stream: bool = False) -> None:
    transport = CompatTransport(library.MockTransport(network.handler(library)), network.policy)
    _httpx(network, library.Client(transport=transport), network.row.call.url, stream=stream)


def through_async_httpx(network: Network, library: ModuleType = httpx, *, stream: bool = False) -> None:
    transport = AsyncCompatTransport(library.MockTransport(network.handler(library)), network.policy)
    asyncio.run(_ahttpx(network, library.AsyncClient(transport=transport), network.row.call.url, stream=stream))


def through_install(network: Network) -> None:
    with install(network.policy):
        _httpx(network, httpx.Client(transport=httpx.MockTransport(network.handler(httpx))), network.row.call.url)


def _requests(network: Network, session: requests.Session, *, stream: bool = False) -> None:
    headers, body = network.row.call.encoded()
    data: Any = pieces(body) if stream and body else body or None
    with session:
        response = session.request(
            network.row.call.method, network.row.call.url, headers=dict(headers), data=data, allow_redirects=False
        )
        _note(network.record, response)


def through_adapter(network: Network, *, stream: bool = False) -> None:
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, CompatAdapter(wrapped=Plug(network), policy=network.policy))
    _requests(network, session, stream=stream)


def through_drop_in(network: Network) -> None:
    session = Session(network.policy)
    for scheme in ("https://", "http://"):
        session.mount(scheme, Plug(network))
    _requests(network, session)


ERRORS = {kind.code: kind for kind in (StrictModeError, CreditLimitError, UpstreamError)}


def through_gateway(network: Network) -> None:
    """A caller of any language: an exception in Python is a response with its status and code here."""
    app = create_app(
        network.policy,
        GatewayConfig(supply_key="always", access_log=False),
        transport=httpx.MockTransport(network.handler(httpx)),
    )
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app))
    parts = urlsplit(network.row.call.url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    asyncio.run(_ahttpx(network, client, f"http://127.0.0.1:8080{target}"))
    if network.row.raises:
        error = json.loads(network.record.body)
        kind = ERRORS[error["code"]]
        assert network.record.status == kind.status
        assert error["message"] == error["code"]
        network.record.error = kind(error["detail"])


ENTRY_POINTS: dict[str, Callable[[Network], None]] = {
    "httpx": through_httpx,
    "httpx, streamed": partial(through_httpx, stream=True),
    "httpx, async": through_async_httpx,
    "httpx, async, streamed": partial(through_async_httpx, stream=True),
    "httpx2": partial(through_httpx, library=httpx2),
    "httpx2, async": partial(through_async_httpx, library=httpx2),
    "install": through_install,
    "requests adapter": through_adapter,
    "requests adapter, streamed": partial(through_adapter, stream=True),
    "requests drop-in": through_drop_in,
    "gateway": through_gateway,
}


def applies(name: str, row: Case) -> bool:
    """Whether the row applies to the entry point.

    A gateway is called at its own address, so rows about other hosts do not apply.
    """
    if "streamed" in name and not row.call.encoded()[1]:
        return False  # nothing to stream: the same as the entry point without it
    return name != "gateway" or row.call.url.startswith(HOST + "/")


def each(pairs: Iterable[tuple[str, Case]], every: int = 1) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("name", "row"), sampled((pytest.param(name, row, id=f"{name}-{row.id}") for name, row in pairs), every)
    )


def everywhere(rows: Iterable[Case]) -> Iterator[tuple[str, Case]]:
    """Each row at each entry point."""
    return ((name, row) for name in ENTRY_POINTS for row in rows if applies(name, row))


def in_rotation(rows: Iterable[Case]) -> Iterator[tuple[str, Case]]:
    """Each row at one entry point, which another row had before."""
    for index, row in enumerate(rows):
        names = [name for name in ENTRY_POINTS if applies(name, row)]
        yield names[index % len(names)], row


# Every row at every entry point would be 5,400 tests of eleven converters. The representative rows show that each
# entry point converts each kind of call; what an operation's rules do is tested on the core, with every row.
REST = [row for row in CASES if not row.untouched and row not in REPRESENTATIVE]


@each(everywhere(REPRESENTATIVE))
def test_representative_row(name: str, row: Case) -> None:
    """Each entry point makes the row's requests and returns its response and warnings."""
    play(name, row)


@each(in_rotation(REST), every=3)
def test_row(name: str, row: Case) -> None:
    play(name, row)


def play(name: str, row: Case) -> None:
    network = Network(row)
    try:
        ENTRY_POINTS[name](network)
    except (requests.RequestException, httpx.RequestError, httpx2.RequestError) as error:
        # Caught as the library's own; the row names the class that it is besides.
        network.record.error = error
    check(row, network.record)


def plain(name: str, network: Network) -> None:
    """The same call through the same library, without this package."""
    url = network.row.call.url
    if name.startswith("requests"):
        session = requests.Session()
        for scheme in ("https://", "http://"):
            session.mount(scheme, Plug(network))
        _requests(network, session, stream="streamed" in name)
        return
    library = httpx2 if name.startswith("httpx2") else httpx
    transport = library.MockTransport(network.handler(library))
    if "async" in name:
        asyncio.run(_ahttpx(network, library.AsyncClient(transport=transport), url, stream="streamed" in name))
    else:
        _httpx(network, library.Client(transport=transport), url, stream="streamed" in name)


@each(everywhere([row for row in CASES if row.untouched]))
def test_other_calls_are_passed_through_unchanged(name: str, row: Case) -> None:
    """The request is byte for byte what the library itself sends, and there is no notice."""
    network, alone = Network(row), Network(row)
    ENTRY_POINTS[name](network)
    plain("httpx" if name == "gateway" else name, alone)
    assert network.record.notices == []
    assert network.record.body == alone.record.body
    (sent,), (as_is,) = network.record.sent, alone.record.sent
    assert (sent.method, sent.url, sent.body, sent.upload) == (as_is.method, as_is.url, as_is.body, as_is.upload)
    if name != "gateway":  # a gateway is a hop of its own: tests/gateway has its headers
        assert sent.headers == as_is.headers
