"""The door for httpx and httpx2: transports that wrap any other.

    client = httpx.Client(transport=CompatTransport())
    client = httpx.AsyncClient(transport=AsyncCompatTransport(httpx.AsyncHTTPTransport(http2=True)))

The library is the one that the request's class comes from, so one class serves both. Timeouts and the other
``extensions`` of a call hold for each request that is made of it. What is no v1 call goes to the wrapped transport
untouched. ``response.vimmerse`` and ``response.extensions["vimmerse"]`` say how a call was made.

As with any ``transport=``, httpx then takes no proxy from the environment: wrap a transport that has it. Wrap no
transport that repeats requests by itself: put that one around this one, where it sees the caller's own method.
"""

from __future__ import annotations

import re
import sys
import threading
from functools import cache
from types import ModuleType, TracebackType
from typing import Any, ClassVar, Protocol, Self, Unpack, cast
from urllib.parse import quote, urlsplit

import httpx
from vimmerse.compat.core.errors import TranslationError
from vimmerse.compat.core.forms import Limits
from vimmerse.compat.core.messages import Body, Headers, V1Request, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.core.redaction import without_userinfo
from vimmerse.compat.flows.context import Flow
from vimmerse.compat.flows.dispatch import begin
from vimmerse.compat.runtime import settings
from vimmerse.compat.runtime.bodies import AsyncChunks, acollect, collect, discard, payload, reader_of
from vimmerse.compat.runtime.driver import CallRecord, CallState, PendingClose, adrive, drive, report
from vimmerse.compat.runtime.headers import decoded_headers, request_headers, response_headers, returns_stream
from vimmerse.compat.runtime.library_errors import library_error, nothing_sent
from vimmerse.compat.runtime.warnings import OnceFilter, WarningEmitter

_SENT = "vimmerse.sent"


class SyncTransport(Protocol):
    """A transport of httpx or httpx2; their classes are unrelated, so the messages are not named here."""

    def handle_request(self, request: Any, /) -> Any: ...
    def close(self) -> None: ...
    def __enter__(self) -> Any: ...
    def __exit__(self, kind: Any, error: Any, traceback: Any, /) -> None: ...


class AsyncTransport(Protocol):
    """As :class:`SyncTransport`."""

    async def handle_async_request(self, request: Any, /) -> Any: ...
    async def aclose(self) -> None: ...
    async def __aenter__(self) -> Any: ...
    async def __aexit__(self, kind: Any, error: Any, traceback: Any, /) -> None: ...


class _Library:
    """What is taken from httpx, or from httpx2, which has the same. One of each: identity is all."""

    def __init__(self, module: ModuleType) -> None:
        self.Request: type[httpx.Request] = module.Request
        self.Response: type[httpx.Response] = module.Response
        self.ByteStream: type[httpx.ByteStream] = module.ByteStream
        self.RequestError: type[httpx.RequestError] = module.RequestError
        self.RequestNotRead: type[httpx.RequestNotRead] = module.RequestNotRead
        self.URL: type[httpx.URL] = module.URL
        self.HTTPTransport: type[httpx.HTTPTransport] = module.HTTPTransport
        self.AsyncHTTPTransport: type[httpx.AsyncHTTPTransport] = module.AsyncHTTPTransport
        self._unsent: tuple[type[Exception], ...] = (
            module.ConnectError,
            module.ConnectTimeout,
            module.PoolTimeout,
            module.UnsupportedProtocol,
            module.LocalProtocolError,
        )

    def unsent(self, error: BaseException) -> bool:
        """Whether a request that ended so has surely not reached the server."""
        return isinstance(error, self._unsent) or nothing_sent(error)


def _library(request: object) -> _Library:
    kind = type(request)
    for base in kind.__mro__:
        name = base.__module__.partition(".")[0]
        if name in ("httpx", "httpx2"):
            return _named(name)
    raise TypeError(f"{kind.__qualname__} is not a request of httpx or httpx2")


@cache
def _named(name: str) -> _Library:
    return _Library(sys.modules[name])


class _Door:
    """What the two transports share: the policy, and which requests are theirs."""

    #: The method by which a transport sends.
    _sends: ClassVar[str]
    _begin = staticmethod(begin)

    def __init__(
        self, wrapped: object, policy: Policy | None, overrides: settings.Overrides, once: OnceFilter | None
    ) -> None:
        if wrapped is not None:
            settings.check_sender("wrapped", wrapped, self._sends, "a transport")
        self._policy = settings.resolve(policy, overrides)
        self._once = once or OnceFilter()
        self._lock = threading.Lock()

    def _start(self, request: httpx.Request, headers: Headers) -> tuple[V1Request, Flow] | None:
        """Return the call and its flow, or None where the request is not a call to the API."""
        if _SENT in request.extensions:
            return None
        for url in _requested(request):
            call = V1Request(request.method, url, headers)
            flow = self._begin(call, self._policy)
            if flow is not None:
                return call, flow
        return None


def _requested(request: httpx.Request) -> tuple[str, ...]:
    """The URLs that a request may be for: the extension ``target`` takes the place of a path, or of a whole URL."""
    url, target = without_userinfo(str(request.url)), request.extensions.get("target")
    if isinstance(target, bytes):
        target = target.decode("latin-1")
    if not isinstance(target, str):
        return (url,)
    target = quote(target, safe=_IN_TARGET, errors="replace")
    origin = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
    if absolute := _ABSOLUTE.match(target):  # as to a proxy; a server looks at its path alone
        return target, f"{origin}/{target[absolute.end() :].removeprefix('/')}"
    return (f"{origin}/{target.removeprefix('/')}",)


_ABSOLUTE = re.compile("https?://[^/?]*", re.IGNORECASE)
_IN_TARGET = "!$%&'()*+,/:;=?@[]~"  # no "#": what follows it is part of what is sent


class CompatTransport(_Door, httpx.BaseTransport):
    """A transport that makes v1 calls on v2.

    ``wrapped`` does the sending; by default a plain ``HTTPTransport`` of the caller's library. ``policy`` and the
    keyword arguments of :class:`Policy` say how to translate; the environment fills the gaps.
    """

    _sends = "handle_request"

    def __init__(
        self,
        wrapped: SyncTransport | None = None,
        policy: Policy | None = None,
        *,
        _once: OnceFilter | None = None,
        **overrides: Unpack[settings.Overrides],
    ) -> None:
        super().__init__(wrapped, policy, overrides, _once)
        self._wrapped = wrapped

    def _transport(self, library: _Library) -> SyncTransport:
        if self._wrapped is None:
            with self._lock:
                self._wrapped = self._wrapped or library.HTTPTransport()
        return self._wrapped

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """May also raise a :class:`TranslationError` that is a ``RequestError`` too."""
        library = _library(request)
        wrapped = self._transport(library)
        headers = _pairs(request.headers)
        started = self._start(request, headers)
        if started is None:
            return cast(httpx.Response, wrapped.handle_request(request))
        call, flow = started

        def send(v2: V2Request) -> V2Response:
            native: httpx.Response = wrapped.handle_request(_request(library, v2, request, self._policy))
            if returns_stream(v2, native.status_code):
                return V2Response(native.status_code, _pairs(native.headers), native=native)
            try:
                body = (
                    b"".join(cast(httpx.SyncByteStream, native.stream))
                    if not v2.stream and _plain(native)
                    else native.read()
                )
            except BaseException:
                native.close()
                raise
            return _read(native, body)

        call.set_body(_received(library, request, headers, self._policy.limits))
        emit = WarningEmitter(self._policy, self._once)
        state = CallState(emit, call, library.unsent)
        try:
            try:
                outcome = drive(
                    flow,
                    send,
                    emit,
                    close=lambda native: cast(httpx.Response, native).close(),
                    state=state,
                )
                return _answer(library, outcome)
            except TranslationError as error:
                raise library_error(error, library.RequestError, request) from error.__cause__
            finally:
                discard(call.body)
        except BaseException as error:
            state.ends(error)
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


class AsyncCompatTransport(_Door, httpx.AsyncBaseTransport):
    """As :class:`CompatTransport`, for ``AsyncClient``, on asyncio and trio."""

    _sends = "handle_async_request"

    def __init__(
        self,
        wrapped: AsyncTransport | None = None,
        policy: Policy | None = None,
        *,
        _once: OnceFilter | None = None,
        **overrides: Unpack[settings.Overrides],
    ) -> None:
        super().__init__(wrapped, policy, overrides, _once)
        self._wrapped = wrapped

    def _transport(self, library: _Library) -> AsyncTransport:
        if self._wrapped is None:
            with self._lock:
                self._wrapped = self._wrapped or library.AsyncHTTPTransport()
        return self._wrapped

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """May also raise a :class:`TranslationError` that is a ``RequestError`` too."""
        library = _library(request)
        wrapped = self._transport(library)
        headers = _pairs(request.headers)
        started = self._start(request, headers)
        if started is None:
            return cast(httpx.Response, await wrapped.handle_async_request(request))
        call, flow = started

        async def send(v2: V2Request) -> V2Response:
            made = _request(library, v2, request, self._policy, is_async=True)
            native: httpx.Response = await wrapped.handle_async_request(made)
            if returns_stream(v2, native.status_code):
                return V2Response(native.status_code, _pairs(native.headers), native=native)
            try:
                if not v2.stream and _plain(native):
                    body = b"".join([piece async for piece in cast(httpx.AsyncByteStream, native.stream)])
                else:
                    body = await native.aread()
            except GeneratorExit:
                raise  # the coroutine is being closed: nothing can be awaited any more
            except BaseException:
                await native.aclose()
                raise
            return _read(native, body)

        call.set_body(await _areceived(library, request, headers, self._policy.limits))
        emit = WarningEmitter(self._policy, self._once)
        state = CallState(emit, call, library.unsent)
        try:
            try:
                outcome = await adrive(
                    flow,
                    send,
                    emit,
                    close=lambda native: cast(httpx.Response, native).aclose(),
                    state=state,
                )
                return _answer(library, outcome)
            except TranslationError as error:
                raise library_error(error, library.RequestError, request) from error.__cause__
            finally:
                discard(call.body)
        except BaseException as error:
            state.ends(error)
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


def _request(
    library: _Library, v2: V2Request, caller: httpx.Request, policy: Policy, *, is_async: bool = False
) -> httpx.Request:
    as_it_is = v2.url == str(caller.url) and "target" not in caller.extensions
    if v2.kind == "other" and as_it_is and isinstance(caller.stream, library.ByteStream):
        return caller  # there is nothing to change
    made = payload(v2.body)
    content = made.content
    extensions = {**caller.extensions, _SENT: True}
    extensions.pop("target", None)  # it is part of the URL now
    if v2.kind == "file" and urlsplit(v2.url).hostname != urlsplit(policy.base_url).hostname:
        extensions.pop("sni_hostname", None)  # it names the API's certificate, not that of a file's host
    url = library.URL(v2.url)
    headers = request_headers(v2, made)
    if isinstance(content, bytes):
        # Not as content=: httpx would look for the headers that such a body needs, and all but Host are here already.
        headers = Headers([("Host", url.netloc.decode("ascii")), *headers])
        stream = library.ByteStream(content)
        request = library.Request(v2.method, url, headers=_encoded(headers), stream=stream, extensions=extensions)
        request.read()  # so that a transport that looks at request.content finds it
        return request
    return library.Request(
        v2.method,
        url,
        headers=_encoded(headers),
        content=AsyncChunks(content) if is_async else content,
        extensions=extensions,
    )


def _plain(native: httpx.Response) -> bool:
    """Whether the body can be taken from its stream as it comes, at a third of the cost of ``read()``."""
    return "content-encoding" not in native.headers and not (native.is_stream_consumed or native.is_closed)


def _read(native: httpx.Response, body: bytes) -> V2Response:
    return V2Response(native.status_code, decoded_headers(_pairs(native.headers)), body, native=PendingClose(native))


def _answer(library: _Library, outcome: CallRecord) -> httpx.Response:
    answer, record = outcome.response, outcome.record()
    native = cast(httpx.Response | None, answer.native)
    if native is not None and outcome.untouched:
        return native
    extensions: dict[str, Any] = {} if outcome.untouched else {"vimmerse": record}
    # ByteStream leaves the response unread, as a real one is: so iter_raw() and elapsed work.
    if native is not None and not native.is_stream_consumed:
        headers = response_headers(answer, _pairs(native.headers))
        extensions.update(native.extensions)
        stream = native.stream
    else:
        if native is not None and not answer.body:
            answer = answer.replace(body=native.content)
        body = answer.body
        headers = response_headers(answer)
        stream = library.ByteStream(body)
    response = library.Response(
        answer.status,
        headers=_encoded(headers),
        stream=stream,
        extensions=extensions,
    )
    if not outcome.untouched:
        response.vimmerse = record  # type: ignore[attr-defined]  # ours, for callers who know requests
    report(outcome)
    return response


def _received(library: _Library, request: httpx.Request, headers: Headers, limits: Limits) -> Body:
    try:
        return request.content
    except library.RequestNotRead:
        return collect(cast(httpx.SyncByteStream, request.stream), reader=reader_of(headers, limits))


async def _areceived(library: _Library, request: httpx.Request, headers: Headers, limits: Limits) -> Body:
    try:
        return request.content
    except library.RequestNotRead:
        return await acollect(cast(httpx.AsyncByteStream, request.stream), reader=reader_of(headers, limits))


def _pairs(headers: httpx.Headers) -> Headers:
    return Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw])


def _encoded(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
