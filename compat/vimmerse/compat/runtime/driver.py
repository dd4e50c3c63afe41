"""The loop that drives a flow: sends its requests, feeds it their responses, and keeps the record of the call.

* A request's notices are shown before it is sent. If one is turned into an error, the request is not sent.
* An exception of a ``send``, a cancellation too, is thrown into the flow and comes out of it.
* Whatever ends a call names every id that a paid request returned, and says where a paid request may have
  created a job whose id is not known. See :class:`CallState`.
* A stream that was asked for and is not part of the response is closed, however the call ends.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, ExitStack, closing, contextmanager, suppress
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlsplit

from vimmerse import _flow
from vimmerse._http.redaction import Concealed, Secrets, one_line, reveal
from vimmerse.compat.core.errors import MAY_EXIST, TranslationError
from vimmerse.compat.core.messages import Notice, V1Request, V1Response, V2Request, V2Response, keys_of
from vimmerse.compat.core.record import Value
from vimmerse.compat.flows.context import Flow
from vimmerse.compat.runtime.bodies import redacted_body
from vimmerse.compat.runtime.call_counts import NO_COUNTER, CallCounter
from vimmerse.compat.runtime.headers import redacted_request, redacted_response
from vimmerse.compat.runtime.job_ids import created_ids, may_have_created
from vimmerse.compat.runtime.logs import is_logged, log_exchange
from vimmerse.compat.runtime.spans import NO_SPANS, CallSpans, describe_response

_logger = logging.getLogger("vimmerse")
_LONGEST_ID = 200


class Exchange(NamedTuple):
    """One request that was sent for a call, and its response, without streams."""

    request: V2Request
    response: V2Response


class PendingClose(NamedTuple):
    """Like :attr:`V2Response.native`: a response of the library whose body was read, and that the loop is to close.

    The loop records the response first, so that its id is known even if closing fails or is cancelled.
    """

    native: object


class CallRecord(Value):
    """How a v1 call went: ``response.vimmerse`` (httpx: also ``response.extensions["vimmerse"]``). It can be pickled.

    It shows neither secrets nor streams. They are removed when it is first read, since most programs never read it.

    ``method``: that of the v1 call. ``notices``: what was reported about it, in order.
    ``untouched``: whether this was a call to the API that is not a v1 call, and was forwarded as it is.
    """

    def __init__(
        self, call: V1Request, response: V1Response, exchanges: Iterable[Exchange] = (), notices: Iterable[Notice] = ()
    ) -> None:
        exchanges = tuple(exchanges)
        self.method = call.method
        self.notices = tuple(notices)
        self.untouched = any(request.kind == "other" for request, _ in exchanges)
        self._original = Concealed((call, response, exchanges))

    @property
    def url(self) -> str:
        """The URL of the v1 call."""
        return self._shown[0]

    @property
    def response(self) -> V1Response:
        """The response to the v1 call."""
        return self._shown[1]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The requests that were sent, and their responses."""
        return self._shown[2]

    @cached_property
    def _shown(self) -> tuple[str, V1Response, tuple[Exchange, ...]]:
        call, response, exchanges = reveal(self._original)
        secrets = _secrets_of(call, exchanges)
        return secrets.redact(call.url), redacted_response(response, secrets), _redacted(exchanges, secrets)

    def _values(self) -> tuple[object, ...]:
        return V1Request(self.method, self.url), self.response, self.exchanges, self.notices

    def __repr__(self) -> str:
        return f"CallRecord{self._values()!r}"


def _secrets_of(call: V1Request, exchanges: Iterable[Exchange]) -> Secrets:
    return keys_of(call.headers, *[request.headers for request, _ in exchanges])


def _redacted(exchanges: Iterable[Exchange], secrets: Secrets) -> tuple[Exchange, ...]:
    return tuple(
        [Exchange(redacted_request(sent, secrets), redacted_response(got, secrets)) for sent, got in exchanges]
    )


ShowNotice = Callable[[Notice], object]


class CallState:
    """What a call has sent and received so far, and so what to say when it is interrupted.

    Put :func:`drive` and whatever else belongs to the call into a ``try`` block, and call :meth:`annotate` for every
    exception that leaves it. (Not a context manager: an interruption in ``__exit__`` would not be annotated.)

    Args:
        show_notice: Shows one notice. It may raise, such as a warning that was made an error.
        call: The v1 call, for the record.
        not_sent: Whether an exception of ``send`` means that the request surely created nothing, since it did not
            reach the server or was rejected by it.
        spans: Those of the call, not started yet.
        counter: Counts the call for the reports, once it has ended.
    """

    __slots__ = (
        *("_annotated", "_counter", "_show_notice", "_unsure", "call", "exchanges"),
        *("in_flight", "not_sent", "notices", "pending", "spans", "streams"),
    )

    def __init__(
        self,
        show_notice: ShowNotice,
        call: V1Request,
        not_sent: Callable[[BaseException], bool] = lambda error: False,
        exchanges: Iterable[Exchange] = (),
        spans: CallSpans = NO_SPANS,
        counter: CallCounter = NO_COUNTER,
    ) -> None:
        self._show_notice = show_notice
        self._annotated = False
        self._counter = counter
        self._unsure = False  # a paid request has failed that may have reached the server
        self.call = call
        self.not_sent = not_sent
        self.spans = spans
        self.exchanges = list(exchanges)
        self.notices: list[Notice] = []
        self.pending: list[Notice] = []  # notices of a ``send``, shown once it has ended
        self.in_flight: V2Request | None = None
        self.streams: list[object] = []  # responses of the library that are to be closed

    def show(self, notices: Iterable[Notice]) -> None:
        """Record and show notices."""
        for notice in notices:
            self.notices.append(notice)
            self.spans.add_notice(notice)
            self._show_notice(notice)

    def show_pending(self) -> None:
        """Show the notices of a ``send``. A warning that was made an error must not hide a response or an error."""
        while self.pending:
            notice = self.pending.pop(0).redacted(_secrets_of(self.call, self.exchanges))
            try:
                self.show([notice])
            except Exception:
                _logger.warning("%s", notice)

    def record_response(self, request: V2Request, response: V2Response) -> object:
        """Record the response to a request. Returns the library's response where it is to be closed now."""
        if not isinstance(request.body, bytes):  # nothing is to keep its files
            request = request.replace(body=redacted_body(request.body))
        self.exchanges.append(Exchange(request, V2Response(response.status, response.headers, response.body)))
        self.in_flight = None
        native = response.native
        if isinstance(native, PendingClose):
            response.native = native.native if request.stream else None
            return native.native
        if native is not None:
            self.streams.append(native)
        return None

    def log(self, request: V2Request, outcome: V2Response | BaseException, started: float | None) -> None:
        """Log a request that was sent at ``started``, unless that is None."""
        if started is not None:
            duration = time.perf_counter() - started
            log_exchange(self.call, request, outcome, duration, keys_of(self.call.headers, request.headers))

    def record_failure(self, error: BaseException) -> None:
        """Record that a ``send`` has raised ``error``."""
        if self.in_flight is not None:
            self._unsure = self._unsure or (self.in_flight.paid and not self.not_sent(error))
            self.in_flight = None
        self.show_pending()

    def annotate(self, error: BaseException) -> None:
        """Add notes to an exception that ends the call: the ids that exist, and whether a job may exist.

        A cancellation is often swallowed, and its notes with it. So for anything but an ``Exception``, a notice and the
        log say the same. Calling this more than once does no harm.
        """
        self._counter.count(self.call, self.notices, self.exchanges, failed=True)
        secrets = _secrets_of(self.call, self.exchanges)
        exchanges = _redacted(self.exchanges, secrets)
        ids = created_ids(exchanges)
        paid_in_flight = self.in_flight is not None and self.in_flight.paid
        texts = []
        if ids:
            texts.append(f"already created, and paid for: {', '.join(map(_shown_id, ids))}")
            if isinstance(error, TranslationError):
                error.job_ids = tuple(dict.fromkeys((*error.job_ids, *ids)))
        unsure = self._unsure or paid_in_flight or may_have_created(exchanges)
        if unsure and not (isinstance(error, TranslationError) and MAY_EXIST in error.message):
            texts.append(MAY_EXIST)
        for text in texts:
            if f"vimmerse: {text}" not in getattr(error, "__notes__", ()):
                error.add_note(f"vimmerse: {text}")
        if texts and not isinstance(error, Exception) and not self._annotated:
            self._annotated = True
            self._warn_of_interruption(type(error).__name__, ids, texts, secrets)

    def _warn_of_interruption(self, cause: str, ids: tuple[str, ...], texts: list[str], secrets: Secrets) -> None:
        path = self.call.url
        with suppress(ValueError):
            path = urlsplit(path).path
        operation = f"{self.call.method} {_shown_id(path)}"
        text = f"{operation} was ended by {cause}: {'. '.join(texts)}"
        notice = Notice("paid", operation, "", None, "id" if ids else "", ids or None, text).redacted(secrets)
        with suppress(Exception):  # a logging handler's error: nothing may take the place of a cancellation
            _logger.warning("%s", notice)
        with suppress(Exception):  # a warning that was made an error
            self.show([notice])

    def finish(self, response: V1Response) -> V1Response:
        """Show the notices of the response, and return it."""
        if self.spans.call:
            self.spans.describe(response.status, created_ids(self.exchanges))
        try:
            self.show(response.notices)
        except Exception as error:
            error.add_note(f"The call itself was made and returned {response.status}.")
            raise
        self.streams = [stream for stream in self.streams if stream is not response.native]
        self._counter.count(self.call, self.notices, self.exchanges, failed=response.status >= 400)
        return response

    def record(self, response: V1Response) -> CallRecord:
        """Return the record of the call."""
        return CallRecord(self.call, response, self.exchanges, self.notices)


def _shown_id(text: str) -> str:
    """Return text of the server's or the caller's on one line, cut off where it is long."""
    shown = one_line(text)
    return shown if len(shown) <= _LONGEST_ID else f"{shown[:_LONGEST_ID]}..."


def annotate_late_error(error: BaseException, record: CallRecord | None, show_notice: ShowNotice) -> None:
    """Add the notes of :meth:`CallState.annotate` to an error after the call, such as of reading its response."""
    if record is not None:
        CallState(show_notice, V1Request(record.method, record.url), exchanges=record.exchanges).annotate(error)


def _steps(flow: Flow, state: CallState) -> Flow:
    """Return the same flow, which shows the notices of each request before it is sent."""
    with closing(flow):
        try:
            request = next(flow)
            while True:
                try:
                    state.show(request.notices)
                except BaseException as error:
                    if state.exchanges:
                        with suppress(StopIteration):  # a response nevertheless; the error takes precedence
                            flow.throw(error)
                    raise
                state.in_flight = request
                started = time.perf_counter() if is_logged() else None
                try:
                    response = yield request
                except BaseException as error:
                    state.log(request, error, started)
                    state.record_failure(error)
                    request = flow.throw(error)
                else:
                    state.log(request, response, started)
                    request = flow.send(response)
        except StopIteration as end:
            return state.finish(end.value)


def drive(
    flow: Flow,
    send: Callable[[V2Request], V2Response],
    state: CallState,
    *,
    close: Callable[[object], object] = lambda stream: None,
) -> V1Response:
    """Drive a flow to its end.

    Args:
        send: Sends one request. Where it has read the body, it gives the library's response as :class:`PendingClose`.
        close: Closes a response of the library that the caller does not get.
    """

    def perform(request: V2Request) -> V2Response:
        with state.spans.start_request(request) as span:
            response = send(request)
            native = state.record_response(request, response)
            describe_response(span, response)
        if native is not None:
            close(native)
        state.show_pending()
        return response

    with state.spans.start():
        try:
            return _flow.drive(_steps(flow, state), perform)
        finally:
            if state.streams:
                with ExitStack() as stack:  # closes all of them, whatever closing one raises
                    for stream in state.streams:
                        stack.callback(close, stream)


async def drive_async(
    flow: Flow,
    send: Callable[[V2Request], Awaitable[V2Response]],
    state: CallState,
    *,
    close: Callable[[object], Awaitable[object]],
) -> V1Response:
    """Drive a flow to its end, as :func:`drive`."""

    async def perform(request: V2Request) -> V2Response:
        with state.spans.start_request(request) as span:
            response = await send(request)
            native = state.record_response(request, response)
            describe_response(span, response)
        if native is not None:
            await close(native)
        state.show_pending()
        return response

    with state.spans.start():
        try:
            return await _flow.drive_async(_steps(flow, state), perform)
        except GeneratorExit:
            state.streams.clear()  # the coroutine is being closed: nothing can be awaited any more
            raise
        finally:
            if state.streams:
                async with AsyncExitStack() as stack:
                    for stream in state.streams:
                        stack.push_async_callback(close, stream)


Observer = Callable[[CallRecord], object]
_observers: tuple[Observer, ...] = ()


def observe(observer: Observer) -> None:
    """Call ``observer`` once with each finished v1 call of this process. It must not raise."""
    global _observers
    if observer not in _observers:
        _observers = (*_observers, observer)


@contextmanager
def observed(observer: Observer) -> Iterator[None]:
    """Like :func:`observe`, for a block."""
    global _observers
    _observers = (*_observers, observer)
    try:
        yield
    finally:
        # By identity: two bound methods of equal objects are equal, but only one of them is this one.
        index = next(index for index, known in enumerate(_observers) if known is observer)
        _observers = (*_observers[:index], *_observers[index + 1 :])


def report(record: CallRecord) -> None:
    """Notify the observers of a finished call."""
    if not record.untouched:
        for observer in _observers:
            observer(record)


def trace(record: CallRecord) -> str:
    """Return a call as text: ``v1 POST /story 200``, then a line for each request sent. No query, no secret."""
    lines = [f"v1 {record.method} {urlsplit(record.url).path} {record.response.status}"]
    for request, response in record.exchanges:
        parts = urlsplit(request.url)
        place = f"{parts.netloc.rpartition('@')[2]}{parts.path}" if request.kind == "file" else parts.path
        paid = " (may cost credits)" if request.paid else ""
        lines.append(f"  {request.kind} {request.method} {place} {response.status}{paid}")
    return "\n".join(lines)
