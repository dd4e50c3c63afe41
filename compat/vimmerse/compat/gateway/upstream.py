"""Requests to the API and to the hosts of result files, over pooled connections.

* Path and query are sent as they are. No request is repeated, no redirect is followed, no cookie is kept.
* Calls, streamed requests (reads, and bodies that have not arrived yet) and result files have separate connections:
  a client that reads or sends slowly takes none from paid calls.
"""

from collections.abc import AsyncIterable, AsyncIterator

import httpx
from vimmerse._http.pool import AsyncPooledTransport
from vimmerse.compat.core.errors import MAY_EXIST, UpstreamError
from vimmerse.compat.core.messages import Body, Headers, V2Request
from vimmerse.compat.gateway.addresses import AddressChecker, AddressRejected, Resolver
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.gateway.responses import GatewayResponse, encode_headers, error_response
from vimmerse.compat.runtime.bodies import AsyncChunks, Payload, payload
from vimmerse.compat.runtime.headers import request_headers

NOT_SENT = "The request was not sent."
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class InvalidStatus(httpx.HTTPError):
    """A response whose status is not between 200 and 599."""


class _ExactURL(httpx.URL):
    """An origin with a path and query that are sent byte for byte; httpx would normalize them."""

    def __init__(self, origin: httpx.URL, target: bytes) -> None:
        super().__init__(origin)
        self._target = target

    @property
    def raw_path(self) -> bytes:
        return self._target


class _Stream(httpx.AsyncByteStream):
    def __init__(self, chunks: AsyncIterable[bytes]) -> None:
        self._chunks = chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            yield chunk


def _stream(to_send: Payload) -> httpx.AsyncByteStream:
    content = to_send.content
    return httpx.ByteStream(content) if isinstance(content, bytes) else _Stream(AsyncChunks(content))


class Upstream:
    """The API at the base URL, and the hosts of result files."""

    def __init__(self, base_url: str, config: GatewayConfig, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._base_url = base_url
        self._origin = httpx.URL(base_url)
        self.prefix = self._origin.raw_path.decode("ascii").rstrip("/")
        self._max_answer = config.max_answer
        timeouts = (config.connect_timeout, config.read_timeout, config.write_timeout, config.pool_timeout)
        self._timeout = dict(zip(("connect", "read", "write", "pool"), timeouts, strict=True))

        proxy = httpx.Proxy(config.proxy) if config.proxy else None

        def pool(connections: int, idle: int) -> httpx.AsyncBaseTransport:
            if transport is not None:
                return transport
            limits = httpx.Limits(
                max_connections=connections, max_keepalive_connections=idle, keepalive_expiry=config.keepalive_expiry
            )
            return AsyncPooledTransport(limits=limits, proxy=proxy)

        self._calls = pool(config.max_connections, config.max_keepalive_connections)
        self._streams = pool(config.max_connections, config.max_keepalive_connections)
        # Not reused: a connection is to an address, while its certificate is for a name.
        self._files = pool(config.max_downloads, 0)
        resolver: Resolver = "transport" if transport else "proxy" if config.proxy else "gateway"
        self._addresses = AddressChecker(self._origin, config.result_hosts, config.connect_timeout, resolver)

    async def close(self) -> None:
        """Close the idle connections. The pools may be used again."""
        for pool in dict.fromkeys((self._calls, self._streams, self._files)):
            await pool.aclose()

    async def send(self, request: V2Request) -> httpx.Response:
        """Send a request of a flow. The response's body is not read yet."""
        to_send = payload(request.body)
        stream = _stream(to_send)
        headers = request_headers(request, to_send)
        if request.kind == "file":
            return await self._fetch_file(httpx.URL(request.url), headers, stream)
        path = request.url.removeprefix(self._base_url)
        url = _ExactURL(self._origin, (self.prefix + path).encode("ascii"))
        pool = self._streams if request.stream and request.method in SAFE_METHODS else self._calls
        return await self._send(pool, self._request(request.method, url, headers, stream))

    async def forward(
        self, method: str, target: bytes, headers: Headers, body: Body | AsyncIterable[bytes], *, chunked: bool
    ) -> httpx.Response:
        """Send a client's own request below the base URL. A complete body may use the connections for calls."""
        url = _ExactURL(self._origin, self.prefix.encode() + target)
        kept = Headers([pair for pair in headers if pair[0].lower() not in ("host", "expect")])
        if chunked:
            kept = kept.adding(("Transfer-Encoding", "chunked"))
        if isinstance(body, AsyncIterable):
            return await self._send(self._streams, self._request(method, url, kept, _Stream(body)))
        return await self._send(self._calls, self._request(method, url, kept, _stream(payload(body))))

    async def _fetch_file(self, url: httpx.URL, headers: Headers, stream: httpx.AsyncByteStream) -> httpx.Response:
        """Fetch a result file. Raises :class:`AddressRejected`."""
        addresses = await self._addresses.check(url)
        request = self._request("GET", url, headers, stream)
        for address in addresses:
            request.url = url.copy_with(host=address)
            request.extensions["sni_hostname"] = url.raw_host.decode("ascii")
            try:
                return await self._send(self._files, request)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if address == addresses[-1]:
                    raise
        return await self._send(self._files, request)

    def _request(self, method: str, url: httpx.URL, headers: Headers, stream: httpx.AsyncByteStream) -> httpx.Request:
        pairs = [(b"Host", url.netloc), *encode_headers(headers)]
        request = httpx.Request(method, url, headers=pairs, stream=stream, extensions={"timeout": self._timeout})
        request.url, request.method = url, method  # httpx has normalized the one and capitalized the other
        return request

    async def _send(self, pool: httpx.AsyncBaseTransport, request: httpx.Request) -> httpx.Response:
        response = await pool.handle_async_request(request)
        if not 200 <= response.status_code <= 599:
            await response.aclose()
            raise InvalidStatus(f"status {response.status_code}")
        return response

    async def read(self, response: httpx.Response, operation: str, *, paid: bool) -> bytes:
        """The decompressed body of a response. Raises :class:`UpstreamError` above the limit."""
        body = bytearray()
        try:
            async for chunk in response.aiter_bytes():
                if len(body) + len(chunk) > self._max_answer:
                    detail = f"{operation}: the server's response has more than {self._max_answer} bytes."
                    raise UpstreamError(f"{detail} {MAY_EXIST}" if paid else detail, operation=operation)
                body += chunk
        finally:
            await response.aclose()
        return bytes(body)


_FAILURES: tuple[tuple[type[Exception], int, str, str], ...] = (  # the first that matches
    (httpx.PoolTimeout, 503, "GATEWAY_BUSY", "all connections of the gateway are in use"),
    (httpx.ConnectTimeout, 504, "UPSTREAM_TIMEOUT", "connecting to the API took too long"),
    (httpx.TimeoutException, 504, "UPSTREAM_TIMEOUT", "the API did not respond in time"),
    (httpx.ConnectError, 502, "UPSTREAM_UNREACHABLE", "the gateway can't connect to the API"),
    (httpx.NetworkError, 502, "UPSTREAM_DISCONNECTED", "the connection to the API broke"),
    (httpx.RemoteProtocolError, 502, "UPSTREAM_DISCONNECTED", "the connection to the API broke"),
    (AddressRejected, 502, "RESULT_ADDRESS_REFUSED", "the gateway does not fetch the result: {error}"),
    (Exception, 502, "UPSTREAM_ERROR", "the API's response can't be used ({name})"),
)


def failure_response(
    error: Exception, operation: str, *, paid: bool, created: list[str]
) -> tuple[str, GatewayResponse]:
    """The code of a failure to send or to read, and the response about it. ``paid``: a paid request had started."""
    _, status, code, problem = next(failure for failure in _FAILURES if isinstance(error, failure[0]))
    detail = f"{operation}: {problem.format(error=error, name=type(error).__name__)}."
    unsent = isinstance(error, httpx.PoolTimeout | httpx.ConnectTimeout | httpx.ConnectError | AddressRejected)
    if unsent and not created:
        detail += f" {NOT_SENT}"
    elif paid and not unsent:
        detail += f" {MAY_EXIST}"
    if created:
        detail += f" Already created, and paid for: {', '.join(created)}."
    return code, error_response(status, code, detail, created, [("Retry-After", "5")] if status == 503 else ())
