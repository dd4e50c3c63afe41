"""The way to the API: pooled connections, requests as bytes, and what a failure means to the caller.

Laws:

* Path and query of what goes to the base URL are sent as they are: nothing tidies ``..`` or encodes anew.
* No request is repeated by us, no redirect followed, no cookie kept.
* A result is fetched from a public address, that which was checked (``addresses.py``).
* Calls, what streams through (reads, and bodies that are not here yet), and files have connections of their own: those
  who read or send slowly take none from paid calls.
* A failure says whether the job may exist: nothing was sent, or a paid request may have arrived.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

import httpx
from vimmerse.compat.core.errors import MAY_EXIST, UpstreamError
from vimmerse.compat.core.messages import V2Request
from vimmerse.compat.gateway.addresses import Addresses, AddressRefused
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.gateway.replies import Pairs, Reply, encoded, error
from vimmerse.compat.gateway.replies import payload as error_payload
from vimmerse.compat.runtime.bodies import AsyncChunks, payload
from vimmerse.compat.runtime.headers import request_headers

NOT_SENT = "The request was not sent."
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Transport(Protocol):
    """What sends: an ``httpx.AsyncHTTPTransport``, or a test's own."""

    async def handle_async_request(self, request: httpx.Request, /) -> httpx.Response: ...
    async def aclose(self) -> None: ...


class UnusableAnswer(httpx.HTTPError):
    """An answer with a status that is none."""


class _Exact(httpx.URL):
    """An origin with a path and query that go out byte for byte; httpx would tidy them."""

    def __init__(self, origin: httpx.URL, target: bytes) -> None:
        super().__init__(origin)
        self._target = target

    @property
    def raw_path(self) -> bytes:
        return self._target


class _Stream(httpx.AsyncByteStream):
    def __init__(self, chunks: AsyncChunks) -> None:
        self._chunks = chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            yield chunk


def _transport(config: GatewayConfig, most: int, idle: int) -> Transport:
    return httpx.AsyncHTTPTransport(
        limits=httpx.Limits(
            max_connections=most, max_keepalive_connections=idle, keepalive_expiry=config.keepalive_expiry
        ),
        proxy=httpx.Proxy(config.proxy) if config.proxy else None,
    )


class Upstream:
    """Connections to the base URL, and to the hosts of result files."""

    def __init__(self, base_url: str, config: GatewayConfig, transport: Transport | None = None) -> None:
        self._base_url = base_url
        self._origin = httpx.URL(base_url)
        self.prefix = self._origin.raw_path.decode("ascii").rstrip("/")
        self._max_answer = config.max_answer
        self._timeout = {
            "connect": config.connect_timeout,
            "read": config.read_timeout,
            "write": config.write_timeout,
            "pool": config.pool_timeout,
        }
        limits = (config.max_connections, config.max_keepalive_connections)
        self._calls = transport or _transport(config, *limits)
        self._streams = transport or _transport(config, *limits)
        # A connection is to an address, while its certificate is for a name: it serves one file.
        self._files = transport or _transport(config, config.max_downloads, 0)
        self._addresses = Addresses(
            self._origin,
            config.result_hosts,
            config.connect_timeout,
            "transport" if transport else "proxy" if config.proxy else "gateway",
        )

    async def close(self) -> None:
        """Close the idle connections; the pools may be used again."""
        self._addresses.close()
        for one in dict.fromkeys((self._calls, self._streams, self._files)):
            await one.aclose()

    async def send(self, request: V2Request) -> httpx.Response:
        """Send a request of a conversation; the answer's body is still to be read."""
        made = payload(request.body)
        content = made.content
        stream = httpx.ByteStream(content) if isinstance(content, bytes) else _Stream(AsyncChunks(content))
        headers = encoded(request_headers(request, made))
        if request.kind == "file":
            return await self._file(httpx.URL(request.url), headers, stream)
        below = request.url.removeprefix(self._base_url).encode("ascii")
        url = _Exact(self._origin, self.prefix.encode() + below)
        pool = self._streams if request.stream and request.method in SAFE else self._calls
        return await self._send(pool, request.method, url, headers, stream)

    async def untouched(
        self, method: str, target: bytes, headers: Pairs, body: httpx.AsyncByteStream, *, chunked: bool
    ) -> httpx.Response:
        """Send a caller's own request below the base URL."""
        url = _Exact(self._origin, self.prefix.encode() + target)
        kept = [pair for pair in headers if pair[0].lower() not in (b"host", b"expect")]
        if chunked:
            kept.append((b"Transfer-Encoding", b"chunked"))
        at_once = method not in SAFE and isinstance(body, httpx.ByteStream)
        return await self._send(self._calls if at_once else self._streams, method, url, kept, body)

    async def _file(self, url: httpx.URL, headers: Pairs, stream: httpx.AsyncByteStream) -> httpx.Response:
        """Fetch a result. Raises :class:`AddressRefused`."""
        addresses = await self._addresses.check(url)
        for address in addresses:
            there = url.copy_with(host=address)
            try:
                return await self._send(self._files, "GET", there, headers, stream, named=url)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if address == addresses[-1]:
                    raise
        return await self._send(self._files, "GET", url, headers, stream)

    async def _send(
        self,
        transport: Transport,
        method: str,
        url: httpx.URL,
        headers: Pairs,
        stream: httpx.AsyncByteStream,
        *,
        named: httpx.URL | None = None,
    ) -> httpx.Response:
        """``named``: the URL by its host's name, where ``url`` has the address."""
        extensions: dict[str, object] = {"timeout": self._timeout}
        if named is not None:
            extensions["sni_hostname"] = named.raw_host.decode("ascii")
        made = httpx.Request(
            method,
            url,
            headers=[(b"Host", (named or url).netloc), *headers],
            stream=stream,
            extensions=extensions,
        )
        made.url, made.method = url, method  # httpx has made a tidy copy of the one, and capitals of the other
        native = await transport.handle_async_request(made)
        if not 200 <= native.status_code <= 599:
            await native.aclose()
            raise UnusableAnswer(f"status {native.status_code}")
        return native

    async def read(self, native: httpx.Response, operation: str, *, paid: bool) -> bytes:
        """The decoded body of an answer that is to be translated, up to the limit."""
        pieces: list[bytes] = []
        size = 0
        try:
            async for piece in native.aiter_bytes():
                size += len(piece)
                if size > self._max_answer:
                    tail = f" {MAY_EXIST}" if paid else ""
                    raise UpstreamError(
                        f"{operation}: the server's answer has more than {self._max_answer} bytes.{tail}",
                        operation=operation,
                    )
                pieces.append(piece)
        finally:
            await native.aclose()
        return b"".join(pieces)


def failure(cause: Exception, operation: str, *, paid: bool, created: list[str]) -> tuple[str, Reply]:
    """A failure to send or to read, as its code and the answer. ``paid``: a paid request had begun."""
    retry: tuple[tuple[str, str], ...] = ()
    unsent = isinstance(cause, httpx.PoolTimeout | httpx.ConnectTimeout | httpx.ConnectError | AddressRefused)
    match cause:
        case httpx.PoolTimeout():
            status, code, what = 503, "GATEWAY_BUSY", "all connections of the gateway are in use"
            retry = (("Retry-After", "5"),)
        case AddressRefused():
            status, code, what = 502, "RESULT_ADDRESS_REFUSED", f"{cause}, so the gateway does not fetch it"
        case httpx.ConnectTimeout():
            status, code, what = 504, "UPSTREAM_TIMEOUT", "no connection to the API could be made in time"
        case httpx.TimeoutException():
            status, code, what = 504, "UPSTREAM_TIMEOUT", "the API did not answer in time"
        case httpx.ConnectError():
            status, code, what = 502, "UPSTREAM_UNREACHABLE", "no connection to the API could be made"
        case httpx.NetworkError() | httpx.RemoteProtocolError():
            status, code, what = 502, "UPSTREAM_DISCONNECTED", "the connection to the API broke"
        case _:
            status, code, what = 502, "UPSTREAM_ERROR", f"the API's answer can't be used ({type(cause).__name__})"
    tail = NOT_SENT if unsent and not created else MAY_EXIST if paid and not unsent else ""
    if created:
        tail = f"{tail} Already created, and paid for: {', '.join(created)}.".strip()
    detail = f"{operation}: {what}." + (f" {tail}" if tail else "")
    return code, error(status, error_payload(code, detail, created), retry)
