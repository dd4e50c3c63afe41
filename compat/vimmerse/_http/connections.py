"""The connections of the clients: one for each concurrent request, reused, at a cost that does not grow.

httpx's own pool, httpcore 1.0, examines every connection for each request, closes those above
``max_keepalive_connections`` as soon as their request has ended, busy ones counted (httpcore #1000, #1035), may close
one that it has just assigned (#1110), and on asyncio assigns one to many requests, all but one of which try again. So
here each connection has a transport of httpx to itself, which one request uses at a time. What test tools and tracers
replace in httpx's transports is in effect, unlike with ``pool.py``, the gateway's, which does without them.
"""

import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import partial
from math import inf
from queue import Empty, SimpleQueue
from typing import Any, ClassVar, Generic, TypeVar
from urllib.request import getproxies

import httpx
from vimmerse._http.tls import shared_ssl_context

#: As many connections as httpx makes, but all of them are kept when they are idle (for 5 seconds).
LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=100)

_UNLIMITED = 10_000  # connections; more than a process may open

# Arguments of httpx's clients for what only its own pool can do. HTTP/2 has many requests on one connection.
_OTHER_POOLS = ("app", "cert", "http2", "mounts", "proxies", "proxy")

TransportT = TypeVar("TransportT")


def client_arguments(arguments: Mapping[str, Any], *, asynchronous: bool = False) -> dict[str, Any]:
    """Complete the arguments of an httpx client by how it connects: the limits, the TLS context, the transport.

    With a proxy, HTTP/2, a client certificate or mounts it uses httpx's pool, with the same limits.
    """
    options = {"verify": True, "trust_env": True, "limits": LIMITS, **arguments}
    if options.get("transport") is not None:
        return options
    trust_env = options["trust_env"]
    if options["verify"] is True and not options.get("cert") and not options.get("http2"):
        options["verify"] = shared_ssl_context(httpx.create_ssl_context, trust_env=trust_env)
    proxies = getproxies() if trust_env else {}
    if proxies.keys().isdisjoint(("http", "https", "all")) and not any(map(options.get, _OTHER_POOLS)):
        transport = AsyncStackTransport if asynchronous else StackTransport
        context = httpx.create_ssl_context(verify=options["verify"], trust_env=trust_env)
        options["transport"] = transport(context, options["limits"])
    return options


class _Stack(Generic[TransportT]):
    """The transports, each with one connection. The idle ones are a stack, so that the lowest can expire."""

    _kind: ClassVar[type[Any]]
    _free_slot: Callable[[], object]  # one for each connection that may be in use

    def __init__(self, context: ssl.SSLContext, limits: httpx.Limits = LIMITS) -> None:
        self._context = context
        self._limits = httpx.Limits(max_connections=1, keepalive_expiry=limits.keepalive_expiry)
        self._max_connections = _UNLIMITED if limits.max_connections is None else limits.max_connections
        self._max_idle = _UNLIMITED if limits.max_keepalive_connections is None else limits.max_keepalive_connections
        self._expiry = inf if limits.keepalive_expiry is None else limits.keepalive_expiry
        self._lock = threading.Lock()
        self._busy: set[TransportT] = set()
        self._idle: list[tuple[object, float, TransportT]] = []  # origin, since when; the oldest is first

    def _take(self, request: httpx.Request) -> tuple[TransportT, list[TransportT], Callable[[], None]]:
        """Return a transport for a request, idle ones to pop and close before, and what to call when it has ended."""
        origin = request.url.raw_scheme, request.url.raw_host, request.url.port
        closing: list[TransportT] = []
        with self._lock:
            idle, expired = self._idle, time.monotonic() - self._expiry
            while idle and (len(idle) > self._max_idle or idle[0][1] <= expired):
                closing.append(idle.pop(0)[2])
            place = len(idle) - 1
            while place >= 0 and idle[place][0] != origin:
                place -= 1
            if place >= 0:
                transport = idle.pop(place)[2]
            else:
                transport = self._kind(verify=self._context, limits=self._limits)
                if len(idle) + len(self._busy) >= self._max_connections:  # the idle ones are to other hosts
                    closing.append(idle.pop(0)[2])
            self._busy.add(transport)

        def release() -> None:
            with self._lock:
                self._busy.discard(transport)
                if closing:  # interrupted before all were closed: the next request closes them
                    self._idle[:0] = [(None, -inf, idle) for idle in closing]
                self._idle.append((origin, time.monotonic(), transport))
            self._free_slot()

        return transport, closing, release

    def _all(self) -> list[TransportT]:
        with self._lock:
            return [*self._busy, *(transport for _, _, transport in self._idle)]


class StackTransport(_Stack[httpx.HTTPTransport], httpx.BaseTransport):
    """A transport for HTTP/1.1 that keeps a stack of connections. For any number of threads.

    Args:
        context: For https.
        limits: Connections in total and idle, and seconds after which an idle one is not used. None is no limit.

    Raises:
        httpx.PoolTimeout: No connection was free within the ``pool`` timeout. Nothing was sent.
    """

    _kind = httpx.HTTPTransport

    def __init__(self, context: ssl.SSLContext, limits: httpx.Limits = LIMITS) -> None:
        super().__init__(context, limits)
        self._slots: SimpleQueue[None] = SimpleQueue()  # as a semaphore, which would take longer
        for _ in range(self._max_connections):
            self._slots.put(None)
        self._free_slot = partial(self._slots.put, None)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. Its connection is in use until the response is closed."""
        try:
            self._slots.get(timeout=_pool_timeout(request))
        except Empty:
            raise _all_busy(request) from None
        transport, closing, release = self._take(request)
        try:
            while closing:
                closing.pop().close()
            response = transport.handle_request(request)
        except BaseException:
            release()
            raise
        response.stream = _Body(response.stream, release)
        return response

    def close(self) -> None:
        """Close all connections. Requests in progress fail; others may follow."""
        for transport in self._all():
            transport.close()


class AsyncStackTransport(_Stack[httpx.AsyncHTTPTransport], httpx.AsyncBaseTransport):
    """Like :class:`StackTransport`, on asyncio and trio, for one event loop."""

    _kind = httpx.AsyncHTTPTransport

    def __init__(self, context: ssl.SSLContext, limits: httpx.Limits = LIMITS) -> None:
        import anyio  # httpx needs it too; slow to load, and not needed by sync clients

        super().__init__(context, limits)
        self._anyio = anyio
        self._slots = anyio.Semaphore(self._max_connections)
        self._free_slot = self._slots.release

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. Its connection is in use until the response is closed."""
        try:
            self._slots.acquire_nowait()
        except self._anyio.WouldBlock:
            try:
                with self._anyio.fail_after(_pool_timeout(request)):
                    await self._slots.acquire()
            except TimeoutError:
                raise _all_busy(request) from None
        transport, closing, release = self._take(request)
        try:
            while closing:
                await closing.pop().aclose()
            response = await transport.handle_async_request(request)
        except BaseException:
            release()
            raise
        response.stream = _Body(response.stream, release)
        return response

    async def aclose(self) -> None:
        """Close all connections. Requests in progress fail; others may follow."""
        for transport in self._all():
            await transport.aclose()


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of a response, sync or async, which calls ``release`` when it is closed."""

    def __init__(self, stream: Any, release: Callable[[], None]) -> None:
        self._stream = stream
        self._release: Callable[[], None] | None = release

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._stream)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._stream)

    def close(self) -> None:
        release, self._release = self._release, None
        if release is not None:
            try:
                self._stream.close()
            finally:
                release()

    async def aclose(self) -> None:
        release, self._release = self._release, None
        if release is not None:
            try:
                await self._stream.aclose()
            finally:
                release()


def _pool_timeout(request: httpx.Request) -> float | None:
    timeout: float | None = request.extensions.get("timeout", {}).get("pool")
    return timeout


def _all_busy(request: httpx.Request) -> httpx.PoolTimeout:
    return httpx.PoolTimeout("All connections of the client are in use", request=request)
