"""The door for requests: :class:`CompatAdapter`, mounted like any adapter.

    session.mount("https://", CompatAdapter())
    session.mount("http://", CompatAdapter())

``timeout``, ``verify``, ``cert``, ``proxies``, ``stream``, hooks, cookies and auth work as they do without it.
What is no v1 call goes out untouched. ``response.vimmerse`` says how a call was made.

Retries: ``max_retries`` holds for requests that cost nothing. One that may cost credits is repeated as
``max_retries`` says where no connection was made and after 429, and never otherwise: the job may exist. What counts is
the method of the caller's own v1 call, also where a POST becomes a PUT, which urllib3 would take for safe to repeat.
"""

from __future__ import annotations

import io
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from email.message import Message
from http.client import responses as reasons
from typing import Any, Protocol, TypedDict, Unpack, cast
from urllib.parse import urlsplit

try:
    import requests
except ModuleNotFoundError as error:
    if error.name != "requests":
        raise
    raise ImportError("this part of vimmerse needs requests: pip install 'vimmerse[requests]'") from None

from requests.adapters import DEFAULT_POOLBLOCK, DEFAULT_POOLSIZE, DEFAULT_RETRIES, BaseAdapter, HTTPAdapter
from requests.hooks import default_hooks
from requests.models import PreparedRequest, Response
from requests.structures import CaseInsensitiveDict
from requests.utils import should_bypass_proxies
from urllib3 import HTTPResponse
from urllib3._collections import HTTPHeaderDict  # urllib3 1.26 has it nowhere else
from urllib3.exceptions import (
    ClosedPoolError,
    ConnectTimeoutError,
    EmptyPoolError,
    MaxRetryError,
    ProxyError,
    ResponseError,
    SSLError,
)
from urllib3.util.retry import Retry
from vimmerse.compat.adapters.paid_retry import TOO_MANY, PaidRetry
from vimmerse.compat.core.errors import TranslationError
from vimmerse.compat.core.messages import Body, Headers, Notice, V1Request, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.core.redaction import without_userinfo
from vimmerse.compat.flows.context import Flow
from vimmerse.compat.flows.dispatch import begin
from vimmerse.compat.flows.routing import V1_HOST
from vimmerse.compat.runtime import settings
from vimmerse.compat.runtime.bodies import PIECE, Reader, collect, discard, payload, reader_of
from vimmerse.compat.runtime.driver import CallRecord, CallState, PendingClose, drive, report
from vimmerse.compat.runtime.headers import decoded_headers, request_headers, response_headers, returns_stream
from vimmerse.compat.runtime.library_errors import library_error, nothing_sent
from vimmerse.compat.runtime.warnings import OnceFilter, WarningEmitter

_SENT = "_vimmerse_sent"
__all__ = ["CompatAdapter", "SendOptions", "send"]


class SendOptions(TypedDict, total=False):
    """The keyword arguments of ``HTTPAdapter.send``, passed on as they came."""

    stream: bool
    timeout: Any
    verify: Any
    cert: Any
    proxies: Any


class Send(Protocol):
    """A way to send with a given adapter: the adapter's own ``send``, or the one it inherits."""

    def __call__(self, adapter: BaseAdapter, request: PreparedRequest, options: SendOptions) -> Response: ...


class CompatAdapter(HTTPAdapter):
    """An ``HTTPAdapter`` that makes v1 calls on v2.

    The first four arguments are those of ``HTTPAdapter``. ``policy`` and the keyword arguments of
    :class:`Policy` say how to translate; the environment fills the gaps. ``wrapped`` does the sending instead of this
    adapter itself, so that an adapter with a configuration of its own keeps it.
    """

    _begin = staticmethod(begin)

    def __init__(
        self,
        pool_connections: int = DEFAULT_POOLSIZE,
        pool_maxsize: int = DEFAULT_POOLSIZE,
        max_retries: int | Retry = DEFAULT_RETRIES,
        pool_block: bool = DEFAULT_POOLBLOCK,
        *,
        wrapped: BaseAdapter | None = None,
        policy: Policy | None = None,
        _once: OnceFilter | None = None,
        **overrides: Unpack[settings.Overrides],
    ) -> None:
        _check_arguments(pool_connections, pool_maxsize, max_retries)
        if wrapped is not None:
            settings.check_sender("wrapped", wrapped, "send", "an adapter")
        super().__init__(pool_connections, pool_maxsize, max_retries, pool_block)
        self._given: tuple[Policy | None, settings.Overrides] = (policy, overrides)
        self._policy = settings.resolve(policy, overrides)
        self._once = _once or OnceFilter()
        self._wrapped = wrapped

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: Any = None,  # each as HTTPAdapter.send has it; its stubs and its source differ
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> Response:
        """As ``HTTPAdapter.send``. May also raise a :class:`TranslationError` that is a ``RequestException`` too."""
        options = SendOptions(stream=stream, timeout=timeout, verify=verify, cert=cert, proxies=proxies)
        sender = self._wrapped or self
        return send(
            self,
            self._send_as_is,
            request,
            options,
            self._policy,
            sender=sender,
            once=self._once,
            begin=self._begin,
        )

    def _send_as_is(self, adapter: BaseAdapter, request: PreparedRequest, options: SendOptions) -> Response:
        if self._wrapped is None:
            return super(CompatAdapter, cast(CompatAdapter, adapter)).send(request, **options)
        response = adapter.send(request, **options)
        response.connection = self  # what auth handlers send again with
        return response

    def close(self) -> None:
        """Close the pools, those of ``wrapped`` too."""
        super().close()
        if self._wrapped is not None:
            self._wrapped.close()

    def __getstate__(self) -> dict[str, Any]:
        return {"adapter": super().__getstate__(), "given": self._given, "wrapped": self._wrapped}

    def __setstate__(self, state: dict[str, Any]) -> None:
        HTTPAdapter.__setstate__(self, state["adapter"])  # type: ignore[attr-defined]  # not in the stubs
        self._given = state["given"]
        self._policy = settings.resolve(*self._given)
        self._once = OnceFilter()
        self._wrapped = state["wrapped"]


def _check_arguments(pool_connections: object, pool_maxsize: object, max_retries: object) -> None:
    for name, value in (("pool_connections", pool_connections), ("pool_maxsize", pool_maxsize)):
        settings.check_type(name, value, int, "a number")
    if max_retries is not None:
        settings.check_type("max_retries", max_retries, int | Retry, "a number or a urllib3 Retry")


def send(
    adapter: HTTPAdapter,
    original: Send,
    request: PreparedRequest,
    options: SendOptions,
    policy: Policy,
    *,
    sender: BaseAdapter,
    once: OnceFilter | None = None,
    begin: Callable[[V1Request, Policy], Flow | None] = begin,
) -> Response:
    """Send a request by ``original`` on ``sender``, as v2 where it is a v1 call. ``adapter`` builds the answer.

    ``once``: what the entry point has shown already.
    """
    method, url = request.method or "GET", without_userinfo(request.url or "")
    if hasattr(request, _SENT):
        return original(sender, request, options)
    call = V1Request(method, url, _pairs(request.headers))
    flow = begin(call, policy)
    if flow is None:
        return original(sender, request, options)
    sending = _Sender(original, sender, options, policy, call)
    state = CallState(WarningEmitter(policy, once), call, sending.not_sent)
    try:
        sending.notices = state.pending
        call.set_body(_received(request.body, reader_of(call.headers, policy.limits)))
        try:
            record = drive(flow, sending, state, close=lambda native: cast(Response, native).close())
            return _build_response(adapter, request, record)
        except TranslationError as error:
            raise library_error(error, requests.RequestException, request) from error.__cause__
        except requests.RequestException as error:
            error.request = request  # the caller's own, not the translated one
            raise
        finally:
            discard(call.body)
    except BaseException as error:
        state.annotate(error)
        raise


class _Sender:
    """Sends the requests of one call."""

    notices: list[Notice]  # shown once the request has been sent

    def __init__(
        self, original: Send, sender: BaseAdapter, options: SendOptions, policy: Policy, call: V1Request
    ) -> None:
        self._call = call
        self._original = original
        self._sender = sender
        self._base_url = policy.base_url
        self._options: SendOptions = {**options, "stream": True}
        self._to_api: SendOptions = self._options
        # requests has chosen the proxies for v1's host: a base URL elsewhere may be one that goes without (NO_PROXY).
        elsewhere = bool(options.get("proxies")) and _host(policy.base_url) != V1_HOST
        if elsewhere and should_bypass_proxies(policy.base_url, no_proxy=None):
            self._to_api = {**self._options, "proxies": {}}

    def __call__(self, request: V2Request) -> V2Response:
        options: SendOptions = self._to_api
        if request.kind == "file" and _host(request.url) != _host(self._base_url):
            options = {**self._options, "cert": None}  # the caller's identity is for the API alone
        sender = self._careful() if request.paid else self._sender
        native = self._original(sender, _prepared(request), options)
        headers = _native_headers(native)
        if returns_stream(request, native.status_code):
            return V2Response(native.status_code, headers, native=native)
        try:
            body = native.content or b""  # None where there is nothing to read
        except BaseException:
            native.close()
            raise
        return V2Response(native.status_code, decoded_headers(headers), body, native=PendingClose(native))

    def _careful(self) -> BaseAdapter:
        """The same adapter, on the same pools, with retries that are safe for what may cost credits."""
        sender = self._sender
        if not isinstance(sender, HTTPAdapter):
            return sender
        twin = object.__new__(type(sender))
        retries = PaidRetry.of(sender.max_retries, self._call.method, self._refused)
        twin.__dict__.update(sender.__dict__, max_retries=retries)
        return twin

    def _refused(self, why: str) -> None:
        operation = f"{self._call.method} {urlsplit(self._call.url).path}"
        text = (
            f"{operation}: not sent again after {why}, which max_retries asks for: the job may have been created, and "
            "charged. What may cost credits is sent again only after 429 and where no connection was made."
        )
        self.notices.append(Notice("paid", operation, "", None, "", None, text, once="max_retries"))

    def not_sent(self, error: BaseException) -> bool:
        """Whether a request that ended so has surely created nothing: it did not arrive, or was refused."""
        if _not_sent(error):
            return True
        # Only our own retries are known to have repeated nothing but what was refused.
        ours = isinstance(error, requests.exceptions.RetryError) and isinstance(self._sender, HTTPAdapter)
        cause = error.args[0] if ours and error.args else None
        reason = cause.reason if isinstance(cause, MaxRetryError) else None
        return isinstance(reason, ResponseError) and str(reason) == TOO_MANY


def _host(url: str) -> str | None:
    return urlsplit(url).hostname


def _prepared(request: V2Request) -> PreparedRequest:
    made = payload(request.body)
    headers = request_headers(request, made)
    prepared = PreparedRequest()
    prepared.method, prepared.url = request.method, request.url
    prepared.hooks = default_hooks()
    named: CaseInsensitiveDict[str] = CaseInsensitiveDict()
    for name, value in headers:
        named[name] = value
    prepared.headers = named
    if len(named) < len(headers):  # urllib3's own class keeps the pairs; requests only looks names up in it
        prepared.headers = cast(CaseInsensitiveDict[str], _header_dict(headers))
    # Chunks has a fresh iterator for each attempt; its length is in the headers, so it is not sent chunked.
    prepared.body = cast(bytes, made.content) if made.size else None
    setattr(prepared, _SENT, True)
    return prepared


def _not_sent(error: BaseException) -> bool:
    """Whether a request that ended so has surely not reached the server."""
    if isinstance(error, requests.exceptions.ConnectTimeout | ValueError) or nothing_sent(error):
        return True
    cause = error.args[0] if isinstance(error, requests.exceptions.ConnectionError) and error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(reason, ProxyError):
        reason = reason.original_error  # no connection to the proxy is no connection
    if isinstance(reason, ConnectTimeoutError | ClosedPoolError | EmptyPoolError):
        return True
    # Other TLS errors may come while the answer is read.
    inner = reason.args[0] if isinstance(reason, SSLError) and reason.args else None
    return isinstance(inner, ssl.SSLCertVerificationError) or getattr(inner, "reason", "") == "WRONG_VERSION_NUMBER"


def _build_response(adapter: HTTPAdapter, request: PreparedRequest, record: CallRecord) -> Response:
    v1 = record.response
    native = v1.native
    reason = reasons.get(v1.status, "")
    if isinstance(native, Response) and not getattr(native, "_content_consumed", False):
        in_memory = False
        raw = native.raw
        raw.headers = _header_dict(response_headers(v1, _native_headers(native)))
        raw.status, raw.reason = v1.status, reason
    else:
        if isinstance(native, Response) and not v1.body:
            v1 = v1.replace(body=native.content)
        in_memory = True
        headers = _header_dict(response_headers(v1))
        raw = HTTPResponse(
            body=io.BytesIO(v1.body),
            headers=headers,
            status=v1.status,
            version=11,
            reason=reason,
            preload_content=False,
            decode_content=False,
            # The part of http.client's that cookies need; without it requests doesn't look for them.
            original_response=cast(Any, _Original(headers)) if "set-cookie" in headers else None,
            request_method=request.method,
            request_url=request.url,
        )
    response = adapter.build_response(request, raw)
    if (
        in_memory
    ):  # as after the first use of content: what comes from memory need not be read from the stream in pieces
        vars(response).update(_content=v1.body, _content_consumed=True)
    if not record.untouched:
        response.vimmerse = record.record()  # type: ignore[attr-defined]  # ours
    report(record)
    return response


class _Original:
    """What requests asks of the connection's own response: the headers, for the cookies."""

    def __init__(self, headers: HTTPHeaderDict) -> None:
        self.msg = Message()
        for name, value in headers.items():
            self.msg[name] = value

    def isclosed(self) -> bool:
        return True

    def close(self) -> None:
        """Nothing is open."""


def _received(body: object, reader: Reader) -> Body:
    """The caller's body, read from where it stands, as sending it would."""
    if body is None:
        return b""
    if isinstance(body, bytes):
        return body
    if isinstance(body, str | bytearray | memoryview):
        return body.encode() if isinstance(body, str) else bytes(body)
    return collect(_read(body) if hasattr(body, "read") else cast(Iterable[bytes | str], body), reader=reader)


def _read(file: Any) -> Iterator[bytes | str]:  # anything with read(size)
    while piece := file.read(PIECE):
        yield piece


def _pairs(headers: Mapping[Any, Any]) -> Headers:
    return Headers([(_text(name), _text(value)) for name, value in headers.items()])


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _native_headers(response: Response) -> Headers:
    # urllib3's own keep duplicates apart, which requests' dict joins.
    return _pairs(getattr(response.raw, "headers", None) or response.headers)


def _header_dict(headers: Headers) -> HTTPHeaderDict:
    made = HTTPHeaderDict()
    for name, value in headers:
        made.add(name, value)
    return made
