"""An httpx transport over pooled connections (HTTP/1.1) whose cost per request does not grow with their number.

httpcore's pool, which httpx's own transport uses, examines every connection for each request, counts the busy ones as
idle (encode/httpcore#1000, #1035), and may close a connection after it has assigned it to a request (#1110). This
module uses httpcore's connections without its pool:

* A request takes the connection that became idle last, so that the others can expire, or else opens a new one.
* Until its response is closed, the connection belongs to that request: nothing else examines or closes it.
* An idle connection that has expired, or that the server has closed, is not used.
* A request is sent once: if its connection breaks, the request fails.
"""

from __future__ import annotations

import ssl
import sys
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, MutableMapping
from typing import Any, cast

import anyio
import httpcore
import httpx
from vimmerse._http.tls import shared_ssl_context

_Connection = httpcore.AsyncConnectionInterface
_Key = tuple[bytes, bytes, int | None, object]  # scheme, host, port, and the host's name in TLS if it is another one
_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=100, keepalive_expiry=5.0)
_ERRORS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)


class AsyncPooledTransport(httpx.AsyncBaseTransport):
    """Sends requests over pooled connections. For asyncio and trio; not for several threads or event loops at once.

    Requests that find all connections in use wait in the order in which they came, for at most the ``pool`` timeout.
    Expired connections are closed when the next request is sent. After :meth:`aclose` the pool may be used again.

    Args:
        limits: Connections in total and idle, and seconds after which an idle one expires. None is no limit.
        ssl_context: For https; by default httpx's, which all such transports share.
        proxy: A forward proxy (http, https or socks5) for all requests. The environment's proxies are not used.

    Raises:
        httpx.PoolTimeout: No connection was free in time. Nothing was sent.
        httpx.TransportError: Any other failure to connect, to send or to receive, as of ``httpx.AsyncHTTPTransport``.
    """

    def __init__(
        self,
        *,
        limits: httpx.Limits = _LIMITS,
        ssl_context: ssl.SSLContext | None = None,
        proxy: httpx.Proxy | None = None,
    ) -> None:
        self._max_connections = sys.maxsize if limits.max_connections is None else limits.max_connections
        max_idle = limits.max_keepalive_connections
        self._max_idle = sys.maxsize if max_idle is None else max_idle
        # httpcore's pool only makes connections here; it never keeps one.
        self._connections = _httpcore_pool(
            ssl_context or shared_ssl_context(httpx.create_ssl_context), limits.keepalive_expiry, proxy
        )
        self._slots = anyio.Semaphore(self._max_connections)  # first come, first served
        self._active: set[_Connection] = set()
        self._idle: dict[_Key, deque[_Connection]] = {}  # no empty ones; the oldest is first
        self._idle_count = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. The connection is in use until the response is closed."""
        url = request.url
        if url.scheme not in ("http", "https"):
            raise httpx.UnsupportedProtocol(f"the URL's protocol is {url.scheme!r}, not http or https")
        to_send = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=cast(httpx.AsyncByteStream, request.stream),
            extensions=request.extensions,
        )
        key = url.raw_scheme, url.raw_host, url.port, request.extensions.get("sni_hostname")
        await self._wait_for_slot(request)
        connection, closing = self._take(key)
        if connection is None:
            connection = self._connections.create_connection(to_send.url.origin)
            to_send.extensions = {**to_send.extensions, "trace": _CloseAfterHandshake(to_send.extensions)}
        self._active.add(connection)
        try:
            await self._close(closing)
            response = await connection.handle_async_request(to_send)
        except BaseException as error:
            await self._release(key, connection)
            if isinstance(error, httpcore.ConnectionNotAvailable):
                raise httpx.ConnectError("the pool was closed before the request was sent") from error
            if isinstance(error, _ERRORS):
                raise _as_httpx(error) from error
            raise
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Stream(self, key, connection, response),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        """Close all connections. Requests in flight fail."""
        connections = [*self._active, *(connection for stack in self._idle.values() for connection in stack)]
        self._idle.clear()
        self._idle_count = 0
        await self._close(connections)

    async def _wait_for_slot(self, request: httpx.Request) -> None:
        try:
            self._slots.acquire_nowait()
        except anyio.WouldBlock:
            try:
                with anyio.fail_after(request.extensions.get("timeout", {}).get("pool")):
                    await self._slots.acquire()
            except TimeoutError:
                raise httpx.PoolTimeout("all connections are in use") from None

    def _take(self, key: _Key) -> tuple[_Connection | None, list[_Connection]]:
        """An idle connection, if there is one, and connections to close before a request is sent."""
        closing: list[_Connection] = []
        connection = None
        while connection is None and key in self._idle:
            connection = self._pop(key, -1)
            if connection.has_expired():
                closing.append(connection)
                connection = None
        # Those at the bottom of a stack expire first.
        for other in list(self._idle) if connection is None else [key]:
            while other in self._idle and self._idle[other][0].has_expired():
                closing.append(self._pop(other, 0))
        if connection is None and len(self._active) + self._idle_count >= self._max_connections:
            closing.append(self._pop(next(iter(self._idle)), 0))  # it is to another host
        return connection, closing

    def _pop(self, key: _Key, index: int) -> _Connection:
        stack = self._idle[key]
        connection = stack.popleft() if index == 0 else stack.pop()
        if not stack:
            del self._idle[key]
        self._idle_count -= 1
        return connection

    async def _release(self, key: _Key, connection: _Connection) -> None:
        """End a request: keep its connection if it can be used again."""
        self._active.discard(connection)
        closing: list[_Connection] = []
        if connection.is_idle() and not connection.is_closed():
            self._idle.setdefault(key, deque()).append(connection)
            self._idle_count += 1
            if self._idle_count > self._max_idle:
                closing.append(self._pop(next(iter(self._idle)), 0))
        else:
            closing.append(connection)
        try:
            await self._close(closing)
        finally:
            self._slots.release()

    async def _close(self, connections: list[_Connection]) -> None:
        if connections:
            with anyio.CancelScope(shield=True):
                for connection in connections:
                    await connection.aclose()


class _Stream(httpx.AsyncByteStream):
    """The body of a response."""

    def __init__(
        self,
        pool: AsyncPooledTransport,
        key: _Key,
        connection: _Connection,
        response: httpcore.Response,
    ) -> None:
        self._pool = pool
        self._key = key
        self._connection = connection
        self._response = response
        self._closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in cast(AsyncIterable[bytes], self._response.stream):
                yield chunk
        except BaseException as error:
            await self.aclose()
            if isinstance(error, _ERRORS):
                raise _as_httpx(error) from error
            raise

    async def aclose(self) -> None:
        if not self._closed:
            self._closed = True
            try:
                await self._response.aclose()
            finally:  # if that was cancelled, the connection is not idle, and gets closed
                await self._pool._release(self._key, self._connection)


class _CloseAfterHandshake:
    """Closes a connection whose TLS handshake fails: httpcore leaves it open if the request is cancelled meanwhile."""

    def __init__(self, extensions: MutableMapping[str, Any]) -> None:
        self._trace = extensions.get("trace")  # the caller's
        self._stream: httpcore.AsyncNetworkStream  # once it is connected

    async def __call__(self, name: str, info: dict[str, Any]) -> None:
        if name == "connection.connect_tcp.complete":
            self._stream = info["return_value"]
        elif name == "connection.start_tls.failed":
            with anyio.CancelScope(shield=True):
                await self._stream.aclose()
        if self._trace is not None:
            await self._trace(name, info)


def _httpcore_pool(
    ssl_context: ssl.SSLContext, keepalive_expiry: float | None, proxy: httpx.Proxy | None
) -> httpcore.AsyncConnectionPool:
    if proxy is None:
        return httpcore.AsyncConnectionPool(ssl_context=ssl_context, keepalive_expiry=keepalive_expiry)
    url = proxy.url
    proxy_url = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    if url.scheme.startswith("socks"):
        return httpcore.AsyncSOCKSProxy(
            proxy_url, proxy_auth=proxy.raw_auth, ssl_context=ssl_context, keepalive_expiry=keepalive_expiry
        )
    return httpcore.AsyncHTTPProxy(
        proxy_url,
        proxy_auth=proxy.raw_auth,
        proxy_headers=proxy.headers.raw,
        ssl_context=ssl_context,
        proxy_ssl_context=getattr(proxy, "ssl_context", None),  # since httpx 0.26
        keepalive_expiry=keepalive_expiry,
    )


def _as_httpx(error: Exception) -> httpx.TransportError:
    """httpx's exceptions have the names of httpcore's."""
    kind: type[httpx.TransportError] = getattr(httpx, type(error).__name__)
    return kind(str(error))
