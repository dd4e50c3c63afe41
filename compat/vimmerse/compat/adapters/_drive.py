"""The loop around a conversation. Sync and async differ by the ``await`` of sending and of closing.

Laws:

* A request's notices are shown before it is sent. If one is turned into an error, the request is not sent; an error
  before the first request ends the conversation, a later one passes through it so that it can name what was made.
* Whatever a ``send`` raises, a cancellation too, is thrown into the conversation and comes out of it. Where it ended a
  paid request that may have arrived, a note says so.
* A stream that was asked for and is not part of the answer is closed, however the call ends.
* The record of a call (:class:`Outcome`) holds no secret, no storage and no open stream, and pickles.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

from vimmerse.compat.adapters._wire import recorded, recorded_answer
from vimmerse.compat.core import conversation as core
from vimmerse.compat.core.conversation import Conversation
from vimmerse.compat.core.errors import MAY_EXIST
from vimmerse.compat.core.messages import Notice, V1Request, V1Response, V2Request, V2Response, keys_of
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.core.redaction import NO_SECRETS, Secrets


class Core(NamedTuple):
    """The two functions of the core that a door needs, so that a test can bring its own."""

    recognises: Callable[[str, str, Policy], bool]
    converse: Callable[[V1Request, Policy], Conversation]


CORE = Core(core.recognises, core.converse)


class Exchange(NamedTuple):
    """One request that was sent for a call, and its answer; secrets blotted out, streams left out."""

    request: V2Request
    response: V2Response


class Outcome(NamedTuple):
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

    def record(self) -> Outcome:
        """The outcome without secrets, and without the stream that the caller reads from."""
        return self._replace(
            response=recorded_answer(self.response, self.secrets),
            url=self.secrets.text(self.url),
            secrets=NO_SECRETS,
        )


class _Talk:
    """What a conversation has come to so far; all but the I/O, for both loops."""

    __slots__ = ("_conversation", "_emit", "exchanges", "notices", "request", "result", "secrets", "streams")

    def __init__(self, conversation: Conversation, emit: Callable[[Notice], object]) -> None:
        self._conversation = conversation
        self._emit = emit
        self.exchanges: list[Exchange] = []
        self.notices: list[Notice] = []
        self.secrets = NO_SECRETS  # the key that was sent
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
                self._show(request.notices)
            except BaseException as error:
                if self.exchanges:
                    self._conversation.throw(error)  # it comes out again, with what has been made
                raise
        return request

    def _show(self, notices: tuple[Notice, ...]) -> None:
        for notice in notices:
            self.notices.append(notice)
            self._emit(notice)

    def start(self) -> V2Request | None:
        return self._advance(self._conversation.__next__)

    def answered(self, request: V2Request, response: V2Response) -> V2Request | None:
        if response.native is not None:
            self.streams.append(response.native)
        self.secrets = keys_of(request.headers) or self.secrets
        self.exchanges.append(Exchange(recorded(request, self.secrets), recorded_answer(response, self.secrets)))
        return self._advance(self._conversation.send, response)

    def failed(self, error: BaseException, unsent: Callable[[BaseException], bool]) -> V2Request | None:
        if self.request is not None and self.request.paid and not unsent(error):
            error.add_note(f"vimmerse: {MAY_EXIST}")
        return self._advance(self._conversation.throw, error)

    def outcome(self, call: V1Request | None) -> Outcome:
        assert self.result is not None  # a conversation returns an answer or raises
        try:
            self._show(self.result.notices)
        except Exception as error:
            error.add_note(f"The call itself was made and answered with {self.result.status}.")
            raise
        if self.result.native is not None:
            self.streams = [stream for stream in self.streams if stream is not self.result.native]
        method, url, secrets = "", "", self.secrets
        if call is not None:
            method, url, secrets = call.method, call.url, secrets or keys_of(call.headers)
        return Outcome(self.result, tuple(self.exchanges), tuple(self.notices), method, url, secrets)

    def end(self) -> None:
        self._conversation.close()


def drive(
    conversation: Conversation,
    send: Callable[[V2Request], V2Response],
    emit: Callable[[Notice], object],
    *,
    close: Callable[[object], object] = lambda stream: None,
    call: V1Request | None = None,
    unsent: Callable[[BaseException], bool] = lambda error: False,
) -> Outcome:
    """Hold a conversation. ``close`` ends a stream that the answer doesn't need; ``call`` is for the record.

    ``unsent``: whether an exception of ``send`` means that the request surely did not reach the server.
    """
    talk = _Talk(conversation, emit)
    try:
        request = talk.start()
        while request is not None:
            try:
                response = send(request)
            except BaseException as error:
                request = talk.failed(error, unsent)
            else:
                request = talk.answered(request, response)
        return talk.outcome(call)
    finally:
        talk.end()
        for stream in talk.streams:
            close(stream)


async def adrive(
    conversation: Conversation,
    send: Callable[[V2Request], Awaitable[V2Response]],
    emit: Callable[[Notice], object],
    *,
    close: Callable[[object], Awaitable[object]],
    call: V1Request | None = None,
    unsent: Callable[[BaseException], bool] = lambda error: False,
) -> Outcome:
    """As :func:`drive`."""
    talk = _Talk(conversation, emit)
    try:
        request = talk.start()
        while request is not None:
            try:
                response = await send(request)
            except BaseException as error:
                request = talk.failed(error, unsent)
            else:
                request = talk.answered(request, response)
        return talk.outcome(call)
    finally:
        talk.end()
        for stream in talk.streams:
            await close(stream)


Observer = Callable[[Outcome], object]
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


def report(outcome: Outcome) -> None:
    """Tell the observers of a finished v1 call."""
    if outcome.untouched:
        return
    for observer in _observers:
        observer(outcome)


def trace(outcome: Outcome) -> str:
    """A call in one or more lines: ``v1 POST /story 200`` and below it what was sent. No query, no secret."""
    lines = [f"v1 {outcome.method} {urlsplit(outcome.url).path} {outcome.response.status}"]
    for exchange in outcome.exchanges:
        request, parts = exchange.request, urlsplit(exchange.request.url)
        place = f"{parts.netloc.rpartition('@')[2]}{parts.path}" if request.kind == "file" else parts.path
        paid = " (may cost credits)" if request.paid else ""
        lines.append(f"  {request.kind} {request.method} {place} {exchange.response.status}{paid}")
    return "\n".join(lines)
