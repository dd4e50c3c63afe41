"""Spans of OpenTelemetry, for applications that use it.

Nothing here loads OpenTelemetry: unless the application has imported it and set a tracer provider, there is no span,
and a call costs a lookup in ``sys.modules``. A sampler or span processor that fails loses a span, never a call.

Spans hold names, ids, statuses and numbers; no header, body, query or text of an exception, which may quote a prompt.
"""

from __future__ import annotations

import logging
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Self
from urllib.parse import urlsplit

from vimmerse._http import API_KEY_HEADER
from vimmerse._http.redaction import NO_SECRETS, Secrets

if TYPE_CHECKING:
    from opentelemetry import context as otel_context
    from opentelemetry import trace as otel_trace
    from vimmerse._http.client import BaseClient

Kind = Literal["CLIENT", "INTERNAL", "SERVER"]
Attributes = Mapping[str, "str | int | float | None"]
Redact = Callable[[str], str]

JOB_ID, JOB_KIND, JOB_STATUS = "vimmerse.job.id", "vimmerse.job.kind", "vimmerse.job.status"
ESTIMATED_CREDITS, REQUEST_ID = "vimmerse.credits.estimated", "vimmerse.request_id"

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_MAX_LENGTH = 1000  # characters of a value; most SDKs set no limit
_logger = logging.getLogger("vimmerse")


class Span:
    """A span in progress. This class is the one that does not exist: every method does nothing.

    As a context manager it is the current span of the block, and ends with it. It is true if it is recorded: only then
    is there a reason to work out attributes.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        pass

    def activated(self) -> Span | _Activation:
        """Return a context manager that makes this the current span of its block, and does not end it."""
        return self

    def set(self, attributes: Attributes) -> None:
        """Set attributes; None and empty text are left out."""

    def add_event(self, name: str, attributes: Attributes) -> None:
        """Add an event; None and empty text are left out of its attributes."""

    def set_response(self, status: int, headers: Mapping[str, str] = _NO_HEADERS, content: bytes = b"") -> None:
        """Set the status of a response, the request's id, and the id of the job that it has created.

        ``headers``: looked up by lower-case names. A status of 400 or above marks the span as failed.
        """

    def end(self, error: BaseException | None = None) -> None:
        """End the span; an error marks it as failed, unless it closes a generator or coroutine."""


NO_SPAN = Span()


class _LiveSpan(Span):
    """A span of the application's tracer. If its sampler has dropped the span, those below it must know its context."""

    __slots__ = ("_activation", "_failed", "_job_id", "_redact", "_span", "creates_job", "least_error")

    def __init__(self, span: otel_trace.Span, context: otel_context.Context, redact: Redact) -> None:
        self._span = span
        self.least_error = 400
        self.creates_job = False
        self._activation = _Activation(context)
        self._redact = redact
        self._failed = False
        self._job_id = ""

    def __bool__(self) -> bool:
        with guarded():
            return bool(self._span.is_recording())
        return False

    def __enter__(self) -> Self:
        self._activation.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        try:
            self._activation.__exit__(*error)
        finally:
            self.end(error[1])

    def activated(self) -> Span | _Activation:
        return self._activation

    def set(self, attributes: Attributes) -> None:
        with guarded():
            values = _clean(attributes, self._redact)
            self._job_id = str(values.get(JOB_ID, self._job_id))
            self._span.set_attributes(values)

    def add_event(self, name: str, attributes: Attributes) -> None:
        with guarded():
            self._span.add_event(name, _clean(attributes, self._redact))

    def set_response(self, status: int, headers: Mapping[str, str] = _NO_HEADERS, content: bytes = b"") -> None:
        if not self:
            return
        with guarded():
            from vimmerse._http.errors import body_id, request_id

            self.set({"http.response.status_code": status, REQUEST_ID: request_id(headers, NO_SECRETS)})
            if status >= self.least_error:
                self._fail(str(status))
            elif self.creates_job and not self._job_id:
                self.set({JOB_ID: body_id(content)})

    def _fail(self, error_type: str) -> None:
        if self._failed:  # the first error is the cause of the others
            return
        self._failed = True
        with guarded():
            from opentelemetry.trace import Status, StatusCode

            self._span.set_attribute("error.type", error_type)
            self._span.set_status(Status(StatusCode.ERROR))  # no description: it would be the text of an exception

    def end(self, error: BaseException | None = None) -> None:
        try:
            if error is not None and not isinstance(error, GeneratorExit):
                self._fail(_qualified_name(type(error)))
        finally:
            try:
                with guarded():
                    self._span.end()
            except BaseException as interruption:  # such as Ctrl-C, while an exporter waits for its server
                if self._job_id:
                    interruption.add_note(f"vimmerse: the call itself has ended; its job is {self._job_id}")
                raise


class _Activation:
    """Makes a context of OpenTelemetry the current one of a block."""

    __slots__ = ("_context", "_token")

    def __init__(self, context: otel_context.Context) -> None:
        self._context = context
        self._token: Any = None

    def __enter__(self) -> None:
        with guarded():
            from opentelemetry import context

            self._token = context.attach(self._context)

    def __exit__(self, *error: Any) -> None:
        if self._token is None:
            return
        with guarded():
            from opentelemetry import context

            token, self._token = self._token, None
            # A coroutine may be closed elsewhere, such as by the garbage collector: there, nothing is to be undone.
            if not isinstance(error[1], GeneratorExit) or context.get_current() is self._context:
                context.detach(token)


def is_active() -> bool:
    """Whether the application has a tracer provider."""
    return _tracer() is not None


def start_span(
    name: str,
    attributes: Attributes,
    *,
    kind: Kind = "INTERNAL",
    redact: Redact = str,
    headers: Mapping[str, str] | None = None,
) -> Span:
    """Start a span below the current one.

    ``redact``: removes secrets from every value, now and later.
    ``headers``: of a received request, with lower-case names. Unless instrumentation of the server has a span for it,
    the new one is of kind SERVER, and the headers may name its parent (``traceparent``).
    """
    tracer = _tracer()
    if tracer is None:
        return NO_SPAN
    with guarded():
        from opentelemetry import trace

        parent = None
        if headers is not None and not trace.get_current_span().get_span_context().is_valid:
            from opentelemetry import propagate

            kind, parent = "SERVER", propagate.extract(headers)
        values = _clean(attributes, redact)
        span = tracer.start_span(name, parent, kind=trace.SpanKind[kind], attributes=values)
        if span.get_span_context().is_valid:
            live = _LiveSpan(span, trace.set_span_in_context(span, parent), redact)
            live.least_error = 500 if kind == "SERVER" else 400  # to a server, 404 is no failure of its own
            live.creates_job = values.get("http.request.method") == "POST" and JOB_KIND in values
            return live
    return NO_SPAN


def start_request_span(
    method: str,
    url: object,
    template: str = "",
    *,
    body: object = None,
    job_id: str | None = None,
    resend_count: int = 0,
    redact: Redact = str,
) -> Span:
    """Start the span of one HTTP request, by the semantic conventions of OpenTelemetry for HTTP clients.

    They have one span for each attempt, and none around a request and its repetitions.

    ``method``: in upper case. ``url``: as text, or what ``str()`` makes it.
    ``template``: the path without ids, if it is known.
    ``body``: the JSON body, for an estimate of the price; nothing else of it becomes part of the span.
    ``job_id``: the job in the path. ``resend_count``: attempts before this one.
    """
    if _tracer() is None:
        return NO_SPAN
    attributes = {
        "http.request.method": method,
        "http.request.resend_count": resend_count or None,
        "url.template": template,
        **url_attributes(str(url)),
        JOB_KIND: job_kind(template),
    }
    name = f"{method} {template}".rstrip()
    span = start_span(name, attributes, kind="CLIENT", redact=redact)
    if span:
        span.set({JOB_ID: job_id, ESTIMATED_CREDITS: _estimate(name, body)})
    return span


def url_attributes(url: str) -> dict[str, str | int | None]:
    """Return the attributes of a URL: without credentials, query and fragment, each of which may grant access."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:  # a file's address, which the server has sent
        return {}
    address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    return {"url.full": address, "server.address": parts.hostname, "server.port": port}


def _estimate(operation: str, body: object) -> float | None:
    """Return the estimated price of a v2 call in credits, or None if it is free or unknown."""
    from vimmerse.pricing import estimate_call

    with guarded():
        if isinstance(body, Mapping):
            credits = estimate_call(operation, body).credits
            return credits if 0 < credits < math.inf else None
    return None


def job_kind(template: str) -> str | None:
    """Return the kind of job that an operation is about: ``"story"``, ``"media"`` or None."""
    return next((step for step in template.split("/") if step in ("story", "media")), None)


def without_key(client: BaseClient, headers: Mapping[str, str] = _NO_HEADERS) -> Redact:
    """Return a function that removes API keys from text: a client's, and that of the ``headers`` of a request."""

    def redact(text: str) -> str:
        keys = client._api_key, client._headers.get(API_KEY_HEADER), headers.get(API_KEY_HEADER)
        return Secrets(filter(None, keys)).redact(text)

    return redact


#: The tracer of the provider that was used last. SDKs change the process's warning filters in ``get_tracer``.
_latest: tuple[object, otel_trace.Tracer] | None = None


def _tracer() -> otel_trace.Tracer | None:
    """Return the application's tracer, or None if it has no provider."""
    global _latest
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return None
    try:  # not guarded(), for the sake of programs that have the API alone
        provider: otel_trace.TracerProvider = trace.get_tracer_provider()
        if isinstance(provider, (trace.ProxyTracerProvider, trace.NoOpTracerProvider)):
            return None
        latest = _latest
        if latest is None or latest[0] is not provider:
            latest = _latest = provider, provider.get_tracer("vimmerse", _version())
        return latest[1]
    except Exception as error:
        _warn(error)
        return None


def _version() -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("vimmerse")
    except PackageNotFoundError:  # the files alone, without their metadata
        return None


def _clean(attributes: Attributes, redact: Redact) -> dict[str, str | int | float]:
    return {
        name: redact(value)[:_MAX_LENGTH] if isinstance(value, str) else value
        for name, value in attributes.items()
        if value is not None and value != ""
    }


def _qualified_name(kind: type[BaseException]) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


@contextmanager
def guarded() -> Iterator[None]:
    """Log what OpenTelemetry, or an extension of it, raises: tracing must not end a call."""
    try:
        yield
    except Exception as error:
        _warn(error)


def _warn(error: Exception) -> None:
    with suppress(Exception):  # a handler of the application's
        _logger.warning("A span was lost, since OpenTelemetry raised %s", _qualified_name(type(error)))
