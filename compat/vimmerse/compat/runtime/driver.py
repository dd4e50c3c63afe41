"""The loop around a conversation. Sync and async differ by the ``await`` of sending and of closing.

Laws:

* A request's notices are shown before it is sent. If one is turned into an error, the request is not sent; an error
  before the first request ends the conversation, a later one passes through it.
* Whatever a ``send`` raises, a cancellation too, is thrown into the conversation and comes out of it.
* Whatever ends a call names every id that a paid request has been answered with, and says where a paid request may have
  created a job that nobody has the id of. See :class:`CallState`.
* A stream that was asked for and is not part of the answer is closed, however the call ends.
* The record of a call (:class:`CallRecord`) holds no secret, no storage and no open stream, and pickles.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager, suppress
from typing import NamedTuple
from urllib.parse import urlsplit

from vimmerse.compat.core.errors import MAY_EXIST, TranslationError
from vimmerse.compat.core.messages import Notice, V1Request, V1Response, V2Request, V2Response, keys_of
from vimmerse.compat.core.redaction import NO_SECRETS, Secrets
from vimmerse.compat.flows.context import Flow
from vimmerse.compat.runtime.headers import redacted_request, redacted_response
from vimmerse.compat.runtime.job_ids import created, may_exist

_logger = logging.getLogger("vimmerse")


class Exchange(NamedTuple):
    """One request that was sent for a call, and its answer; secrets blotted out, streams left out."""

    request: V2Request
    response: V2Response


class PendingClose(NamedTuple):
    """As :attr:`V2Response.native`: a response of the library that has been read, and that the loop is to close.

    So the answer is on record, with the id that it tells, before closing may fail or be cancelled.
    """

    native: object


class CallRecord(NamedTuple):
    """How a v1 call went: ``response.vimmerse`` (httpx: also ``response.extensions["vimmerse"]``)."""

    response: V1Response
    exchanges: tuple[Exchange, ...] = ()
    notices: tuple[Notice, ...] = ()
    method: str = ""
    url: str = ""
    secrets: Secrets = NO_SECRETS  # what its record must not hold

    @property
    def untouched(self) -> bool:
        """Whether this was no v1 call, and so nothing is told of it."""
        return any(exchange.request.kind == "other" for exchange in self.exchanges)

    def record(self) -> CallRecord:
        """The outcome without secrets, and without the stream that the caller reads from."""
        return self._replace(
            response=redacted_response(self.response, self.secrets),
            url=self.secrets.text(self.url),
            secrets=NO_SECRETS,
        )


Emit = Callable[[Notice], object]


class CallState:
    """What a call has sent and received so far, and so what is to be said when it is broken off.

    An adapter makes one before it drives a conversation, and calls :meth:`ends` with whatever comes out of the driving
    or of what follows it. ``unsent``: whether an exception of ``send`` means that the request surely created nothing,
    since it did not reach the server or was refused by it.
    """

    __slots__ = (
        "_emit",
        "_place",
        "_said",
        "exchanges",
        "notices",
        "remarks",
        "secrets",
        "under_way",
        "unsent",
        "unsure",
    )

    def __init__(
        self,
        emit: Emit,
        call: V1Request | None = None,
        unsent: Callable[[BaseException], bool] = lambda error: False,
        exchanges: Iterable[Exchange] = (),
    ) -> None:
        self._emit = emit
        self._place = (call.method, call.url) if call is not None else ("", "")
        self._said = False
        self.unsent = unsent
        self.exchanges = list(exchanges)
        self.notices: list[Notice] = []
        self.remarks: list[Notice] = []  # what a ``send`` has to say; shown once it has ended
        self.under_way: V2Request | None = None
        self.unsure = False  # a paid request has failed that may have arrived
        self.secrets = keys_of(call.headers) if call is not None else NO_SECRETS  # what no record may hold

    @property
    def place(self) -> tuple[str, str]:
        """Method and URL of the v1 call."""
        return self._place

    def show(self, notices: Iterable[Notice]) -> None:
        """Raises whatever showing one raises, such as a warning that was made an error."""
        for notice in notices:
            self.notices.append(notice)
            self._emit(notice)

    def remark(self) -> None:
        """Show the remarks of a ``send``. A warning that was made an error must hide neither an answer nor an error."""
        while self.remarks:
            notice = self.remarks.pop(0).without(self.secrets)
            try:
                self.show([notice])
            except Exception:
                _logger.warning("%s", notice)

    def failed(self, error: BaseException) -> None:
        """A ``send`` has raised this."""
        request = self.under_way
        if request is not None:
            if request.paid and not self.unsent(error):
                self.unsure = True
            self.under_way = None
        self.remark()

    def ends(self, error: BaseException) -> None:
        """Say in an exception that ends the call what the call leaves behind. More than once does no harm.

        A cancellation is often swallowed, and its notes with it: so what is no ``Exception`` is also said by a notice
        and in the log.
        """
        ids = created(self.exchanges)
        unsure = self.unsure or (self.under_way is not None and self.under_way.paid) or may_exist(self.exchanges)
        told = []
        if ids:
            told.append(f"already created, and paid for: {', '.join(map(_printable, ids))}")
            if isinstance(error, TranslationError):
                error.job_ids = tuple(dict.fromkeys((*error.job_ids, *ids)))
        if unsure and not (isinstance(error, TranslationError) and MAY_EXIST in error.message):
            told.append(MAY_EXIST)
        known = getattr(error, "__notes__", ())
        for text in told:
            if f"vimmerse: {text}" not in known:
                error.add_note(f"vimmerse: {text}")
        if told and not isinstance(error, Exception) and not self._said:
            self._said = True
            self._say(type(error).__name__, ids, told)

    def _say(self, ended_by: str, ids: tuple[str, ...], told: list[str]) -> None:
        method, url = self._place
        with suppress(ValueError):
            url = urlsplit(url).path
        operation = f"{method} {_printable(url)}"
        text = f"{operation} was ended by {ended_by}: {'. '.join(told)}"
        notice = Notice("paid", operation, "", None, "id" if ids else "", ids or None, text).without(self.secrets)
        with suppress(Exception):  # a handler's fault: nothing may take the place of a cancellation
            _logger.warning("%s", notice)
        with suppress(Exception):  # a warning that was made an error
            self.show([notice])


def _printable(text: str) -> str:
    """An id as the server gave it, unless it would not be one in a line of text."""
    shown = text if text.isprintable() else ascii(text)
    return shown if len(shown) <= 200 else f"{shown[:200]}..."


def annotate_late_error(error: BaseException, outcome: CallRecord | None, emit: Emit) -> None:
    """As :meth:`CallState.ends`, for what fails after the call: reading its answer, say. None: there was no answer."""
    if outcome is not None:
        call = V1Request(outcome.method, outcome.url)
        CallState(emit, call, exchanges=outcome.exchanges).ends(error)


class _Talk:
    """What a conversation has come to so far; all but the I/O, for both loops."""

    __slots__ = ("_conversation", "request", "result", "state", "streams")

    def __init__(self, conversation: Flow, state: CallState) -> None:
        self._conversation = conversation
        self.state = state
        self.streams: list[object] = []
        self.request: V2Request | None = None
        self.result: V1Response | None = None

    def _advance(self, step: Callable[..., V2Request], *given: object) -> V2Request | None:
        """The next request, its notices shown; None when the conversation is over."""
        try:
            request = self.request = step(*given)
        except StopIteration as end:
            self.request, self.result = None, end.value
            return None
        if request.notices:
            try:
                self.state.show(request.notices)
            except BaseException as error:
                if self.state.exchanges:
                    with suppress(StopIteration):  # an answer all the same; the error comes first
                        self._conversation.throw(error)
                raise
        return request

    def start(self) -> V2Request | None:
        return self._advance(self._conversation.__next__)

    def answered(self, request: V2Request, response: V2Response) -> object:
        """Put the answer on record. Gives what is to be closed now, or None."""
        state = self.state
        state.secrets = keys_of(request.headers) or state.secrets
        state.exchanges.append(
            Exchange(redacted_request(request, state.secrets), redacted_response(response, state.secrets))
        )
        state.under_way = None
        if isinstance(response.native, PendingClose):
            return response.native.native
        if response.native is not None:
            self.streams.append(response.native)
        return None

    def go_on(self, request: V2Request, response: V2Response) -> V2Request | None:
        if isinstance(response.native, PendingClose):
            response = response.replace(native=response.native.native if request.stream else None)
        return self._advance(self._conversation.send, response)

    def failed(self, error: BaseException) -> V2Request | None:
        self.state.failed(error)
        return self._advance(self._conversation.throw, error)

    def outcome(self) -> CallRecord:
        assert self.result is not None  # a conversation returns an answer or raises
        try:
            self.state.show(self.result.notices)
        except Exception as error:
            error.add_note(f"The call itself was made and answered with {self.result.status}.")
            raise
        if self.result.native is not None:
            self.streams = [stream for stream in self.streams if stream is not self.result.native]
        state = self.state
        return CallRecord(self.result, tuple(state.exchanges), tuple(state.notices), *state.place, state.secrets)

    def end(self) -> None:
        self._conversation.close()


def drive(
    conversation: Flow,
    send: Callable[[V2Request], V2Response],
    emit: Emit,
    *,
    close: Callable[[object], object] = lambda stream: None,
    call: V1Request | None = None,
    unsent: Callable[[BaseException], bool] = lambda error: False,
    state: CallState | None = None,
) -> CallRecord:
    """Hold a conversation. ``close`` ends a stream that the answer doesn't need; ``call`` is for the record.

    A ``send`` that has read an answer gives the library's response as :class:`PendingClose`.
    ``state``: the adapter's own, in place of ``emit``, ``call`` and ``unsent``.
    """
    state = state or CallState(emit, call, unsent)
    talk = _Talk(conversation, state)
    try:
        try:
            request = talk.start()
            while request is not None:
                try:
                    state.under_way = request
                    response = send(request)
                    native = talk.answered(request, response)
                    if native is not None:
                        close(native)
                    state.remark()
                except BaseException as error:
                    request = talk.failed(error)
                else:
                    request = talk.go_on(request, response)
            return talk.outcome()
        finally:
            talk.end()
            if talk.streams:
                with ExitStack() as stack:  # closes all of them, whatever closing one raises
                    for stream in talk.streams:
                        stack.callback(close, stream)
    except BaseException as error:
        state.ends(error)
        raise


async def adrive(
    conversation: Flow,
    send: Callable[[V2Request], Awaitable[V2Response]],
    emit: Emit,
    *,
    close: Callable[[object], Awaitable[object]],
    call: V1Request | None = None,
    unsent: Callable[[BaseException], bool] = lambda error: False,
    state: CallState | None = None,
) -> CallRecord:
    """As :func:`drive`."""
    state = state or CallState(emit, call, unsent)
    talk = _Talk(conversation, state)
    try:
        try:
            request = talk.start()
            while request is not None:
                try:
                    state.under_way = request
                    response = await send(request)
                    native = talk.answered(request, response)
                    if native is not None:
                        await close(native)
                    state.remark()
                except BaseException as error:
                    request = talk.failed(error)
                else:
                    request = talk.go_on(request, response)
            return talk.outcome()
        except GeneratorExit:
            talk.streams.clear()  # the coroutine is being closed: nothing can be awaited any more
            raise
        finally:
            talk.end()
            if talk.streams:
                async with AsyncExitStack() as stack:
                    for stream in talk.streams:
                        stack.push_async_callback(close, stream)
    except BaseException as error:
        state.ends(error)
        raise


Observer = Callable[[CallRecord], object]
_observers: tuple[Observer, ...] = ()


def observe(observer: Observer) -> None:
    """Show each finished call of this process to ``observer``, from here on; it must not raise."""
    global _observers
    _observers = (*_observers, observer)


@contextmanager
def observed(observer: Observer) -> Iterator[None]:
    """As :func:`observe`, for a while."""
    global _observers
    observe(observer)
    try:
        yield
    finally:
        # By identity: two bound methods of equal objects are equal, but only one of them is this one.
        left = list(_observers)
        del left[next(index for index, known in enumerate(left) if known is observer)]
        _observers = tuple(left)


def report(outcome: CallRecord) -> None:
    """Tell the observers of a finished v1 call."""
    if outcome.untouched:
        return
    for observer in _observers:
        observer(outcome)


def trace(outcome: CallRecord) -> str:
    """A call in one or more lines: ``v1 POST /story 200`` and below it what was sent. No query, no secret."""
    lines = [f"v1 {outcome.method} {urlsplit(outcome.url).path} {outcome.response.status}"]
    for exchange in outcome.exchanges:
        request, parts = exchange.request, urlsplit(exchange.request.url)
        place = f"{parts.netloc.rpartition('@')[2]}{parts.path}" if request.kind == "file" else parts.path
        paid = " (may cost credits)" if request.paid else ""
        lines.append(f"  {request.kind} {request.method} {place} {exchange.response.status}{paid}")
    return "\n".join(lines)
