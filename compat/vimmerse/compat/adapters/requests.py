"""The integration for requests: :class:`CompatAdapter`, mounted like any adapter.

    session.mount("https://", CompatAdapter())
    session.mount("http://", CompatAdapter())

``timeout``, ``verify``, ``cert``, ``proxies``, ``stream``, hooks, cookies and auth work as usual. Other calls than v1's
are sent unchanged. ``response.vimmerse`` is the record of a translated call.

Retries: ``max_retries`` applies to requests that cost nothing. A request that may cost credits is repeated as
``max_retries`` says where no connection was made and after 429, and never otherwise, since the job may exist. The
method that counts is that of the caller's v1 call, even where a POST becomes a PUT, which urllib3 would repeat.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from email.message import Message
from http.client import responses as reasons
from types import SimpleNamespace
from typing import Any, Unpack, cast
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
from urllib3.util.retry import Retry
from vimmerse._http.redaction import without_userinfo
from vimmerse.compat.adapters.paid_retry import PaidRetry
from vimmerse.compat.adapters.requests_errors import never_reached_server, retries_exhausted
from vimmerse.compat.core.errors import TranslationError
from vimmerse.compat.core.messages import Body, Headers, Notice, V1Request, V1Response, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.context import Flow
from vimmerse.compat.flows.dispatch import begin
from vimmerse.compat.flows.routing import V1_HOST
from vimmerse.compat.runtime import settings
from vimmerse.compat.runtime.bodies import PIECE, MakeReader, form_reader, payload, read_body, release_body
from vimmerse.compat.runtime.call_counts import CallCounter
from vimmerse.compat.runtime.driver import CallRecord, CallState, PendingClose, drive, report
from vimmerse.compat.runtime.headers import decoded_headers, request_headers, response_headers, returns_stream
from vimmerse.compat.runtime.library_errors import library_error
from vimmerse.compat.runtime.spans import CallSpans
from vimmerse.compat.runtime.warnings import OnceFilter, WarningEmitter

#: Connections to one host that are kept for the next call. requests keeps 10: more threads than that open new ones.
KEPT_CONNECTIONS = 256

#: The attribute that marks requests that have been translated already.
_TRANSLATED = "_vimmerse_translated"

#: The keyword arguments of ``HTTPAdapter.send``.
SendOptions = dict[str, Any]
#: Sends a request on an adapter: by its ``send``, or by the one that it inherits.
Send = Callable[[BaseAdapter, PreparedRequest, SendOptions], Response]


class CompatAdapter(HTTPAdapter):
    """An ``HTTPAdapter`` that translates v1 calls to v2.

    Args:
        pool_connections, pool_maxsize, max_retries, pool_block: As for ``HTTPAdapter``, but 256 connections are kept.
        wrapped: Sends the requests, with its own configuration; by default this adapter does.
        policy: How to translate. What it leaves unset comes from the environment.
        overrides: The keyword arguments of :class:`Policy`, in place of ``policy``'s own.
    """

    _begin = staticmethod(begin)

    def __init__(
        self,
        pool_connections: int = DEFAULT_POOLSIZE,
        pool_maxsize: int = KEPT_CONNECTIONS,
        max_retries: int | Retry = DEFAULT_RETRIES,
        pool_block: bool = DEFAULT_POOLBLOCK,
        *,
        wrapped: BaseAdapter | None = None,
        policy: Policy | None = None,
        **overrides: Unpack[settings.Overrides],
    ) -> None:
        settings.check_type("pool_connections", pool_connections, int, "a number")
        settings.check_type("pool_maxsize", pool_maxsize, int, "a number")
        if max_retries is not None:
            settings.check_type("max_retries", max_retries, int | Retry, "a number or a urllib3 Retry")
        if wrapped is not None:
            settings.check_sender("wrapped", wrapped, "send", "an adapter")
        super().__init__(pool_connections, pool_maxsize, max_retries, pool_block)
        self._settings: tuple[Policy | None, settings.Overrides] = (policy, overrides)
        self._policy = settings.resolve(policy, overrides)
        self.once_filter: OnceFilter = OnceFilter()  # sessions share one among their adapters
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
        """Send a request; the other arguments are those of ``HTTPAdapter.send``.

        Raises:
            requests.RequestException: As in requests; a :class:`TranslationError` is one, too.
        """
        options = {"stream": stream, "timeout": timeout, "verify": verify, "cert": cert, "proxies": proxies}
        sender = self._wrapped or self
        policy, once = self._policy, self.once_filter
        return send(self, self._send_unchanged, request, options, policy, sender=sender, once=once, begin=self._begin)

    def _send_unchanged(self, adapter: BaseAdapter, request: PreparedRequest, options: SendOptions) -> Response:
        if self._wrapped is None:
            return super(CompatAdapter, cast(CompatAdapter, adapter)).send(request, **options)
        response = adapter.send(request, **options)
        response.connection = self  # auth handlers use it to repeat a request
        return response

    def close(self) -> None:
        """Close the pools, those of ``wrapped`` too."""
        super().close()
        if self._wrapped is not None:
            self._wrapped.close()

    def __getstate__(self) -> dict[str, Any]:
        return {"adapter": super().__getstate__(), "settings": self._settings, "wrapped": self._wrapped}

    def __setstate__(self, state: dict[str, Any]) -> None:
        HTTPAdapter.__setstate__(self, state["adapter"])  # type: ignore[attr-defined]  # not in the stubs
        self._settings = state["settings"]
        self._policy = settings.resolve(*self._settings)
        self.once_filter = OnceFilter()
        self._wrapped = state["wrapped"]


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
    """Send a request by ``original`` on ``sender``, translated if it is a v1 call. ``adapter`` builds the response."""
    if hasattr(request, _TRANSLATED):
        return original(sender, request, options)
    call = V1Request(request.method or "GET", without_userinfo(request.url or ""), _header_pairs(request.headers))
    flow = begin(call, policy)
    if flow is None:
        return original(sender, request, options)
    send_v2 = _Sender(original, sender, options, policy, call)
    emitter = WarningEmitter(policy, once)
    counter = CallCounter(policy, emitter.place)
    state = CallState(emitter, call, send_v2.not_sent, spans=CallSpans(call, policy), counter=counter)
    try:
        state.pending = send_v2.notices
        call.body = _read_body(request.body, form_reader(call.headers, policy.limits))
        try:
            response = drive(flow, send_v2, state, close=lambda native: cast(Response, native).close())
            return _build_response(adapter, request, response, state.record(response))
        except TranslationError as error:
            raise library_error(error, requests.RequestException, request) from error.__cause__
        except requests.RequestException as error:
            error.request = request  # the caller's own, not the translated one
            raise
        finally:
            release_body(call.body)
    except BaseException as error:
        state.annotate(error)
        raise


class _Sender:
    """Sends the requests of one call."""

    def __init__(
        self, original: Send, sender: BaseAdapter, options: SendOptions, policy: Policy, call: V1Request
    ) -> None:
        self.notices: list[Notice] = []
        self._call = call
        self._original = original
        self._sender = sender
        self._policy = policy
        self._options = {**options, "stream": True}
        self._api_options = self._options
        # requests has chosen the proxies for v1's host; NO_PROXY may exclude the host of another base URL.
        if (
            options.get("proxies")
            and policy.origin.host != V1_HOST
            and should_bypass_proxies(policy.base_url, no_proxy=None)
        ):
            self._api_options = {**self._options, "proxies": {}}

    def __call__(self, request: V2Request) -> V2Response:
        options = self._api_options
        if request.kind == "file" and urlsplit(request.url).hostname != urlsplit(self._policy.base_url).hostname:
            options = {**self._options, "cert": None}  # the caller's certificate is for the API only
        sender = self._with_paid_retries() if request.paid else self._sender
        native = self._original(sender, _build_request(request), options)
        headers = _native_headers(native)
        if returns_stream(request, native.status_code):
            return V2Response(native.status_code, headers, native=native)
        try:
            body = native.content or b""  # None where there is nothing to read
        except BaseException:
            native.close()
            raise
        return V2Response(native.status_code, decoded_headers(headers), body, native=PendingClose(native))

    def _with_paid_retries(self) -> BaseAdapter:
        """Return a copy of the adapter, on the same pools, whose retries are safe for what may cost credits."""
        sender = self._sender
        if not isinstance(sender, HTTPAdapter):
            return sender
        duplicate = object.__new__(type(sender))
        retries = PaidRetry.wrap(sender.max_retries, self._call.method, self._report_skipped_retry)
        duplicate.__dict__.update(sender.__dict__, max_retries=retries)
        return duplicate

    def _report_skipped_retry(self, reason: str) -> None:
        operation = f"{self._call.method} {urlsplit(self._call.url).path}"
        text = (
            f"{operation}: not sent again after {reason}, although max_retries allows it: the job may have been "
            "created and charged. A paid request is sent again only after a 429, or if no connection was made."
        )
        self.notices.append(Notice("paid", operation, "", None, "", None, text, once="max_retries"))

    def not_sent(self, error: BaseException) -> bool:
        """Whether this error means that nothing was created: the request did not arrive, or was rejected."""
        # Only PaidRetry is known to have repeated nothing but what was rejected.
        return never_reached_server(error) or (isinstance(self._sender, HTTPAdapter) and retries_exhausted(error))


# From requests to the core and back


def _build_request(request: V2Request) -> PreparedRequest:
    body = payload(request.body)
    headers = request_headers(request, body)
    prepared = PreparedRequest()
    prepared.method, prepared.url = request.method, request.url
    prepared.hooks = default_hooks()
    prepared.headers = CaseInsensitiveDict(headers)
    if len(prepared.headers) < len(headers):  # urllib3's class keeps duplicates, and is as good for a lookup
        prepared.headers = cast(CaseInsensitiveDict[str], _header_dict(headers))
    # Chunks starts anew for each attempt; its length is in the headers, so it is not sent chunked.
    prepared.body = cast(bytes, body.content) if body.size else None
    setattr(prepared, _TRANSLATED, True)
    return prepared


def _build_response(adapter: HTTPAdapter, request: PreparedRequest, v1: V1Response, record: CallRecord) -> Response:
    native = v1.native
    reason = reasons.get(v1.status, "")
    if isinstance(native, Response) and not getattr(native, "_content_consumed", False):
        raw = native.raw
        raw.headers = _header_dict(response_headers(v1, _native_headers(native)))
        raw.status, raw.reason = v1.status, reason
        response = adapter.build_response(request, raw)
    else:
        if isinstance(native, Response) and not v1.body:
            v1 = v1.replace(body=native.content)
        headers = _header_dict(response_headers(v1))
        raw = HTTPResponse(
            body=io.BytesIO(v1.body),
            headers=headers,
            status=v1.status,
            version=11,
            reason=reason,
            preload_content=False,
            decode_content=False,
            # requests takes cookies from here only.
            original_response=_original_response(headers) if "set-cookie" in headers else None,
            request_method=request.method,
            request_url=request.url,
        )
        response = adapter.build_response(request, raw)
        # The body is in memory: there is no need to read it from the stream piece by piece.
        vars(response).update(_content=v1.body, _content_consumed=True)
    if not record.untouched:
        response.vimmerse = record  # type: ignore[attr-defined]  # ours
    report(record)
    return response


def _original_response(headers: HTTPHeaderDict) -> Any:
    """Return the part of http.client's response that requests reads cookies from."""
    message = Message()
    for name, value in headers.items():
        message[name] = value
    return SimpleNamespace(msg=message, isclosed=lambda: True, close=lambda: None)


def _read_body(body: Any, make_reader: MakeReader) -> Body:  # all that requests accepts
    """Read the caller's body, a file from its current position."""
    if body is None or isinstance(body, bytes):
        return body or b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytearray | memoryview):
        return bytes(body)
    return read_body(_pieces(body) if hasattr(body, "read") else body, make_reader=make_reader)


def _pieces(file: Any) -> Iterator[bytes | str]:
    while piece := file.read(PIECE):
        yield piece


def _header_pairs(headers: Mapping[Any, Any]) -> Headers:
    return Headers([(_text(name), _text(value)) for name, value in headers.items()])


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _native_headers(response: Response) -> Headers:
    # urllib3's headers keep duplicates apart; requests' dict joins them.
    return _header_pairs(getattr(response.raw, "headers", None) or response.headers)


def _header_dict(headers: Headers) -> HTTPHeaderDict:
    header_dict = HTTPHeaderDict()
    for name, value in headers:
        header_dict.add(name, value)
    return header_dict
