"""The way to the API: pooled connections, requests as bytes, and what a failure means to the caller.

Laws:

* Path and query of what goes to the base URL are sent as they are: nothing tidies ``..`` or encodes anew.
* No request is repeated by us, no redirect followed, no cookie kept.
* A failure says whether the job may exist: nothing was sent, or a paid request may have arrived.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

import httpx
from vimmerse.compat.adapters._bodies import AsyncChunks, payload
from vimmerse.compat.adapters._wire import request_headers
from vimmerse.compat.core.errors import MAY_EXIST, UpstreamError
from vimmerse.compat.core.messages import V2Request
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.gateway.replies import Pairs, Reply, encoded, error
from vimmerse.compat.gateway.replies import payload as error_payload

NOT_SENT = "The request was not sent."


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
        self._transport = transport or httpx.AsyncHTTPTransport(
            limits=httpx.Limits(
                max_connections=config.max_connections,
                max_keepalive_connections=config.max_keepalive_connections,
                keepalive_expiry=config.keepalive_expiry,
            ),
            proxy=httpx.Proxy(config.proxy) if config.proxy else None,
        )

    async def close(self) -> None:
        """Close the idle connections; the pool may be used again."""
        await self._transport.aclose()

    async def send(self, request: V2Request) -> httpx.Response:
        """Send a request of a conversation; the answer's body is still to be read."""
        made = payload(request.body)
        content = made.content
        stream = httpx.ByteStream(content) if isinstance(content, bytes) else _Stream(AsyncChunks(content))
        return await self._send(request.method, self._url(request), encoded(request_headers(request, made)), stream)

    async def untouched(
        self, method: str, target: bytes, headers: Pairs, body: httpx.AsyncByteStream, *, chunked: bool
    ) -> httpx.Response:
        """Send a caller's own request below the base URL."""
        url = _Exact(self._origin, self.prefix.encode() + target)
        kept = [pair for pair in headers if pair[0].lower() not in (b"host", b"expect")]
        if chunked:
            kept.append((b"Transfer-Encoding", b"chunked"))
        return await self._send(method, url, kept, body)

    def _url(self, request: V2Request) -> httpx.URL:
        if request.kind == "file":
            return httpx.URL(request.url)
        below = request.url.removeprefix(self._base_url).encode("ascii")
        return _Exact(self._origin, self.prefix.encode() + below)

    async def _send(self, method: str, url: httpx.URL, headers: Pairs, stream: httpx.AsyncByteStream) -> httpx.Response:
        made = httpx.Request(
            method,
            url,
            headers=[(b"Host", url.netloc), *headers],
            stream=stream,
            extensions={"timeout": self._timeout},
        )
        made.url, made.method = url, method  # httpx has made a tidy copy of the one, and capitals of the other
        native = await self._transport.handle_async_request(made)
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
    unsent = isinstance(cause, httpx.PoolTimeout | httpx.ConnectTimeout | httpx.ConnectError)
    match cause:
        case httpx.PoolTimeout():
            status, code, what = 503, "GATEWAY_BUSY", "all connections to the API are in use"
            retry = (("Retry-After", "5"),)
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
