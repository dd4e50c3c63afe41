"""The OpenTelemetry spans of a v1 call: one for the call, and below it one for each request that it becomes.

A call to the API that is not a v1 call is sent as it is, and has no span here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from vimmerse._http import tracing
from vimmerse._http.redaction import Secrets
from vimmerse.compat.core.messages import Headers, Notice, V1Request, V2Request, V2Response, keys_of
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.routing import OPERATIONS, find_v1_call, route_key


class CallSpans:
    """The span of a call, and those of its requests.

    ``is_received``: the call comes from another process, and its headers may name the parent of its span.
    """

    __slots__ = ("_is_received", "_policy", "_redact", "_request", "call")

    def __init__(self, request: V1Request, policy: Policy | None, *, is_received: bool = False) -> None:
        self._request = request
        self._policy = policy
        self._is_received = is_received
        self._redact: tracing.Redact = str
        self.call = tracing.NO_SPAN

    def start(self) -> tracing.Span:
        """Start the span of the call, and return it."""
        if self._policy is not None and tracing.is_active():
            with tracing.guarded():
                self._start(self._policy)
        return self.call

    def _start(self, policy: Policy) -> None:
        headers = self._request.headers
        found = find_v1_call(self._request.method, self._request.url, policy)
        if found is None:
            return
        own, supplied = keys_of(headers), Secrets([policy.api_key] if policy.api_key else [])
        self._redact = lambda text: supplied.redact(own.redact(text))
        operation = found.operation.v1
        self.call = tracing.start_span(
            f"vimmerse.v1 {operation}",
            {
                "vimmerse.v1.operation": operation,
                tracing.JOB_ID: found.id,
                tracing.JOB_KIND: tracing.job_kind(operation),
            },
            redact=self._redact,
            headers=_mapping(headers) if self._is_received else None,
        )

    def start_request(self, request: V2Request) -> tracing.Span:
        """Start the span of a request, unless that of the call is not recorded."""
        if not self.call or self._policy is None:
            return tracing.NO_SPAN
        with tracing.guarded():
            method, template, id, body = request.method.upper(), "", None, None
            if request.kind != "file":
                path = request.url.removeprefix(self._policy.base_url).partition("?")[0]
                template, id = operation_template(method, path)
            if request.paid and request.kind == "v2" and isinstance(request.body, bytes):
                body = json.loads(request.body)
            return tracing.start_request_span(method, request.url, template, body=body, job_id=id, redact=self._redact)
        return tracing.NO_SPAN

    def add_notice(self, notice: Notice) -> None:
        """Add a notice to the span of the call, without its value."""
        if self.call and notice.kind != "deprecated":  # every v1 call has that one
            attributes = {"kind": notice.kind, "field": notice.field, "v2_field": notice.v2_field}
            self.call.add_event(
                "vimmerse.notice", {f"vimmerse.notice.{name}": value for name, value in attributes.items()}
            )

    def describe(self, status: int, created: Iterable[str]) -> None:
        """Set the status that the caller gets, and the ids of the jobs that the call has created."""
        self.call.set({tracing.JOB_ID: "+".join(created)})
        self.call.set_response(status)


NO_SPANS = CallSpans(V1Request("", ""), None)


def describe_response(span: tracing.Span, response: V2Response) -> None:
    """Set what a response tells about its request."""
    if span:
        span.set_response(response.status, _mapping(response.headers), response.body)


def _mapping(headers: Headers) -> Mapping[str, str]:
    return {name.lower(): value for name, value in headers}


_OTHERS = ("POST /image", "POST /v2/image", "PATCH /v2/media/{media_id}")
_templates: dict[tuple[str, ...], str] = {}  # filled on first use: most programs record no spans


def operation_template(method: str, path: str) -> tuple[str, str | None]:
    """Return the template of a path below the base URL, or empty text, and the id in the path."""
    if not _templates:
        operations = [text for each in OPERATIONS.values() for text in (each.v1, each.v2) if text]
        _templates.update({route_key(text): text.partition(" ")[2] for text in (*operations, *_OTHERS)})
    steps = path.removesuffix("/").split("/")[1:]
    index = 2 if steps[:1] == ["v2"] else 1
    if template := _templates.get((method, *steps)):
        return template, None
    if len(steps) > index and (template := _templates.get((method, *steps[:index], "", *steps[index + 1 :]))):
        return template, unquote(steps[index])
    return "", None
