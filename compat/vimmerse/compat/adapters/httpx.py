"""Transports for httpx and httpx2 that translate v1 calls and send them through any other transport.

    client = httpx.Client(transport=CompatTransport())
    client = httpx.AsyncClient(transport=AsyncCompatTransport(httpx.AsyncHTTPTransport(http2=True)))

One class serves both libraries: a request's class says which one is used. Timeouts and the other ``extensions`` of a
call apply to each request that it becomes. The record of a call is ``response.vimmerse``, and also
``response.extensions["vimmerse"]``. Requests that are not calls to the API go to the wrapped transport untouched.

As with any ``transport=``, httpx then takes no proxy from the environment: wrap a transport that has one. Do not wrap a
transport that retries: put it around this one, where it sees the caller's own method.
"""

from __future__ import annotations

import re
import sys
import threading
from functools import cache
from types import ModuleType, TracebackType
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar, Unpack, cast
from urllib.parse import quote, urlsplit

import httpx
from vimmerse._http.connections import AsyncStackTransport, StackTransport
from vimmerse._http.redaction import without_userinfo
from vimmerse._http.tls import shared_ssl_context
from vimmerse.compat.core.errors import TranslationError
from vimmerse.compat.core.messages import Headers, V1Request, V1Response, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.context import Flow
from vimmerse.compat.flows.dispatch import begin
from vimmerse.compat.flows.routing import FIXED_V2_PATHS
from vimmerse.compat.runtime import settings
from vimmerse.compat.runtime.bodies import AsyncChunks, form_reader, payload, read_body, read_body_async, release_body
from vimmerse.compat.runtime.call_counts import CallCounter
from vimmerse.compat.runtime.driver import CallRecord, CallState, PendingClose, drive, drive_async, report
from vimmerse.compat.runtime.headers import decoded_headers, request_headers, response_headers, returns_stream
from vimmerse.compat.runtime.library_errors import library_error, nothing_sent
from vimmerse.compat.runtime.spans import CallSpans
from vimmerse.compat.runtime.warnings import OnceFilter, WarningEmitter

#: The extension that marks requests that have been translated already.
_TRANSLATED = "vimmerse.translated"


class SyncTransport(Protocol):
    """A transport of httpx or httpx2. Their classes are unrelated, so no message class is named here."""

    def handle_request(self, request: Any, /) -> Any: ...
    def close(self) -> None: ...
    def __enter__(self) -> Any: ...
    def __exit__(self, kind: Any, error: Any, traceback: Any, /) -> None: ...


class AsyncTransport(Protocol):
    """Like :class:`SyncTransport`."""

    async def handle_async_request(self, request: Any, /) -> Any: ...
    async def aclose(self) -> None: ...
    async def __aenter__(self) -> Any: ...
    async def __aexit__(self, kind: Any, error: Any, traceback: Any, /) -> None: ...


Transport = TypeVar("Transport", SyncTransport, AsyncTransport)


class _Library:
    """The parts of httpx, or of httpx2 with the same names, that are used."""

    def __init__(self, module: ModuleType) -> None:
        self.Request: type[httpx.Request] = module.Request
        self.Response: type[httpx.Response] = module.Response
        self.ByteStream: type[httpx.ByteStream] = module.ByteStream
        self.RequestError: type[httpx.RequestError] = module.RequestError
        self.RequestNotRead: type[httpx.RequestNotRead] = module.RequestNotRead
        self.URL: type[httpx.URL] = module.URL
        self._module = module
        self._not_sent: tuple[type[Exception], ...] = (
            module.ConnectError,
            module.ConnectTimeout,
            module.PoolTimeout,
            module.UnsupportedProtocol,
            module.LocalProtocolError,
        )

    def default_transport(self, *, asynchronous: bool) -> Any:
        """Return a transport like httpx's own, which shares its TLS context, and keeps idle connections."""
        context = shared_ssl_context(self._module.create_ssl_context)
        if self._module is httpx:
            return (AsyncStackTransport if asynchronous else StackTransport)(context)
        transport = self._module.AsyncHTTPTransport if asynchronous else self._module.HTTPTransport
        return transport(verify=context, limits=self._module.Limits(max_connections=100, max_keepalive_connections=100))

    def not_sent(self, error: BaseException) -> bool:
        """Whether a request that ended with this error certainly did not reach the server."""
        return isinstance(error, self._not_sent) or nothing_sent(error)


def _library_of(request: object) -> _Library:
    for base in type(request).__mro__:
        name = base.__module__.partition(".")[0]
        if name in ("httpx", "httpx2"):
            return _library(name)
    raise TypeError(f"{type(request).__qualname__} is not a request of httpx or httpx2")


@cache
def _library(name: str) -> _Library:
    return _Library(sys.modules[name])


class _CompatTransport(Generic[Transport]):
    """What the two transports share."""

    #: The method by which a transport sends.
    _send_method: ClassVar[str]
    _is_async = False
    _begin = staticmethod(begin)

    def __init__(
        self,
        wrapped: Transport | None = None,
        policy: Policy | None = None,
        **overrides: Unpack[settings.Overrides],
    ) -> None:
        if wrapped is not None:
            settings.check_sender("wrapped", wrapped, self._send_method, "a transport")
        self._wrapped: Transport | None = wrapped
        self._policy = settings.resolve(policy, overrides)
        self._fixed_urls: dict[tuple[_Library, str], httpx.URL] = {}
        self.once_filter: OnceFilter = OnceFilter()  # an installation shares one among its transports
        self._lock = threading.Lock()

    def _transport(self, library: _Library, *, asynchronous: bool = False) -> Transport:
        if self._wrapped is None:
            with self._lock:
                default = cast(Transport, self._wrapped or library.default_transport(asynchronous=asynchronous))
                self._wrapped = default
        return self._wrapped

    def _start(self, request: httpx.Request) -> tuple[V1Request, Flow] | None:
        """Return the call, its body still to be set, and its flow; None where it is not a call to the API."""
        if _TRANSLATED in request.extensions:
            return None
        headers = _header_pairs(request.headers)
        for url in _possible_urls(request):
            call = V1Request(request.method, url, headers)
            flow = self._begin(call, self._policy)
            if flow is not None:
                return call, flow
        return None

    def _state(self, call: V1Request, library: _Library) -> CallState:
        emitter = WarningEmitter(self._policy, self.once_filter)
        spans, counter = CallSpans(call, self._policy), CallCounter(self._policy, emitter.place)
        return CallState(emitter, call, library.not_sent, spans=spans, counter=counter)

    def _build_request(self, library: _Library, v2: V2Request, caller: httpx.Request) -> httpx.Request:
        unchanged = v2.kind == "other" and v2.url == str(caller.url) and "target" not in caller.extensions
        if unchanged and isinstance(caller.stream, library.ByteStream):
            return caller
        body = payload(v2.body)
        content = body.content
        extensions = {**caller.extensions, _TRANSLATED: True}
        extensions.pop("target", None)  # it is part of the URL now
        if v2.kind == "file" and urlsplit(v2.url).hostname != urlsplit(self._policy.base_url).hostname:
            extensions.pop("sni_hostname", None)  # it names the API's certificate, not that of a file's host
        url = self._parse_url(library, v2.url)
        headers = _encoded(request_headers(v2, body))
        if isinstance(content, bytes):
            # Not as content=: httpx would add the headers that such a body needs; all but Host are set already.
            headers.insert(0, (b"Host", url.netloc))
            stream = library.ByteStream(content)
            request = library.Request(v2.method, url, headers=headers, stream=stream, extensions=extensions)
            request.read()  # so that a transport that looks at request.content finds it
            return request
        pieces = AsyncChunks(content) if self._is_async else content
        return library.Request(v2.method, url, headers=headers, content=pieces, extensions=extensions)

    def _parse_url(self, library: _Library, url: str) -> httpx.URL:
        """Parse a URL, which takes a sixth of the translation of a call. One without an id is parsed only once."""
        if url.removeprefix(self._policy.base_url) not in FIXED_V2_PATHS:
            return library.URL(url)
        key = library, url
        if key not in self._fixed_urls:
            self._fixed_urls[key] = library.URL(url)
        return self._fixed_urls[key]


class CompatTransport(_CompatTransport[SyncTransport], httpx.BaseTransport):
    """A transport that translates v1 calls to v2.

    Args:
        wrapped: Sends the requests; by default up to 100 connections of the caller's library, which are kept when idle.
        policy: How to translate. What it leaves unset comes from the environment.
        overrides: The keyword arguments of :class:`Policy`, in place of ``policy``'s own.
    """

    _send_method = "handle_request"

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. Raises httpx's errors, and a :class:`TranslationError` that is a ``RequestError`` too."""
        library = _library_of(request)
        wrapped = self._transport(library)
        started = self._start(request)
        if started is None:
            return cast(httpx.Response, wrapped.handle_request(request))
        call, flow = started

        def send(v2: V2Request) -> V2Response:
            native: httpx.Response = wrapped.handle_request(self._build_request(library, v2, request))
            headers = _header_pairs(native.headers)
            if returns_stream(v2, native.status_code):
                return V2Response(native.status_code, headers, native=native)
            try:
                if not v2.stream and _is_plain(native, headers):
                    body = b"".join(cast(httpx.SyncByteStream, native.stream))
                else:
                    body = native.read()
            except BaseException:
                native.close()
                raise
            return V2Response(native.status_code, decoded_headers(headers), body, native=PendingClose(native))

        state = self._state(call, library)
        try:
            try:
                call.body = request.content
            except library.RequestNotRead:
                make_reader = form_reader(call.headers, self._policy.limits)
                call.body = read_body(cast(httpx.SyncByteStream, request.stream), make_reader=make_reader)
            try:
                response = drive(flow, send, state, close=lambda native: cast(httpx.Response, native).close())
                return _build_response(library, response, state.record(response))
            except TranslationError as error:
                raise library_error(error, library.RequestError, request) from error.__cause__
            finally:
                release_body(call.body)
        except BaseException as error:
            state.annotate(error)
            raise

    def __enter__(self) -> Self:
        if self._wrapped is not None:
            self._wrapped.__enter__()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        if self._wrapped is not None:
            self._wrapped.__exit__(exc_type, exc_value, traceback)

    def close(self) -> None:
        if self._wrapped is not None:
            self._wrapped.close()


class AsyncCompatTransport(_CompatTransport[AsyncTransport], httpx.AsyncBaseTransport):
    """Like :class:`CompatTransport`, for ``AsyncClient``, on asyncio and trio."""

    _send_method = "handle_async_request"
    _is_async = True

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. Raises httpx's errors, and a :class:`TranslationError` that is a ``RequestError`` too."""
        library = _library_of(request)
        wrapped = self._transport(library, asynchronous=True)
        started = self._start(request)
        if started is None:
            return cast(httpx.Response, await wrapped.handle_async_request(request))
        call, flow = started

        async def send(v2: V2Request) -> V2Response:
            native: httpx.Response = await wrapped.handle_async_request(self._build_request(library, v2, request))
            headers = _header_pairs(native.headers)
            if returns_stream(v2, native.status_code):
                return V2Response(native.status_code, headers, native=native)
            try:
                if not v2.stream and _is_plain(native, headers):
                    body = b"".join([piece async for piece in cast(httpx.AsyncByteStream, native.stream)])
                else:
                    body = await native.aread()
            except GeneratorExit:
                raise  # the coroutine is being closed: nothing can be awaited any more
            except BaseException:
                await native.aclose()
                raise
            return V2Response(native.status_code, decoded_headers(headers), body, native=PendingClose(native))

        state = self._state(call, library)
        try:
            try:
                call.body = request.content
            except library.RequestNotRead:
                make_reader = form_reader(call.headers, self._policy.limits)
                stream = cast(httpx.AsyncByteStream, request.stream)
                call.body = await read_body_async(stream, make_reader=make_reader)
            try:
                response = await drive_async(
                    flow, send, state, close=lambda native: cast(httpx.Response, native).aclose()
                )
                return _build_response(library, response, state.record(response))
            except TranslationError as error:
                raise library_error(error, library.RequestError, request) from error.__cause__
            finally:
                release_body(call.body)
        except BaseException as error:
            state.annotate(error)
            raise

    async def __aenter__(self) -> Self:
        if self._wrapped is not None:
            await self._wrapped.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        if self._wrapped is not None:
            await self._wrapped.__aexit__(exc_type, exc_value, traceback)

    async def aclose(self) -> None:
        if self._wrapped is not None:
            await self._wrapped.aclose()


# From httpx to the core and back

_ABSOLUTE = re.compile("https?://[^/?]*", re.IGNORECASE)
_TARGET_CHARACTERS = "!$%&'()*+,/:;=?@[]~"  # not "#": what follows it is part of what is sent


def _possible_urls(request: httpx.Request) -> tuple[str, ...]:
    """Return the URLs that a request may be for: the extension ``target`` replaces a path, or a whole URL."""
    url, target = without_userinfo(str(request.url)), request.extensions.get("target")
    if isinstance(target, bytes):
        target = target.decode("latin-1")
    if not isinstance(target, str):
        return (url,)
    target = quote(target, safe=_TARGET_CHARACTERS, errors="replace")
    origin = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
    if absolute := _ABSOLUTE.match(target):  # as to a proxy; a server looks at its path alone
        return target, f"{origin}/{target[absolute.end() :].removeprefix('/')}"
    return (f"{origin}/{target.removeprefix('/')}",)


def _is_plain(native: httpx.Response, headers: Headers) -> bool:
    """Whether the body can be taken from its stream as it comes, at a third of the cost of ``read()``."""
    is_encoded = any(name.lower() == "content-encoding" for name, _ in headers)
    return not (is_encoded or native.is_stream_consumed or native.is_closed)


def _build_response(library: _Library, v1: V1Response, record: CallRecord) -> httpx.Response:
    native, untouched = cast(httpx.Response | None, v1.native), record.untouched
    if native is not None and untouched:
        return native
    extensions: dict[str, Any] = {} if untouched else {"vimmerse": record}
    if native is not None and not native.is_stream_consumed:
        headers = response_headers(v1, _header_pairs(native.headers))
        extensions.update(native.extensions)
        stream: Any = native.stream
    else:
        if native is not None and not v1.body:
            v1 = v1.replace(body=native.content)
        headers = response_headers(v1)
        stream = library.ByteStream(v1.body)  # leaves the response unread, so that iter_raw() and elapsed work
    response = library.Response(v1.status, headers=_encoded(headers), stream=stream, extensions=extensions)
    if not untouched:
        response.vimmerse = record  # type: ignore[attr-defined]  # ours, for callers who know requests
    report(record)
    return response


def _header_pairs(headers: httpx.Headers) -> Headers:
    return Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw])


def _encoded(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
