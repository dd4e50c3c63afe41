"""Which headers of requests and responses are forwarded where."""

from __future__ import annotations

from collections.abc import Iterable

from vimmerse.compat.core.messages import Headers


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


CONNECTION = _names(
    "host connection keep-alive proxy-connection proxy-authorization te trailer upgrade expect transfer-encoding "
    "content-length"
)
BODY = _names("content-type content-encoding content-md5 digest")
#: What the host of a result file gets.
FILE_REQUEST = _names(
    "accept accept-encoding accept-language user-agent range if-range if-match if-none-match if-modified-since "
    "if-unmodified-since"
)
#: What the caller gets of the response of such a host; its cookies and policies are of no use.
FILE_RESPONSE = _names(
    "accept-ranges age cache-control content-disposition content-encoding content-length content-range content-type "
    "date etag expires last-modified transfer-encoding vary"
)
IDEMPOTENCY = _names("idempotency-key x-idempotency-key")
RANGES = _names("range if-range request-range")
CONDITIONS = RANGES | _names("if-match if-none-match if-modified-since if-unmodified-since")
#: Headers that apply to a single request of a call.
SINGLE_REQUEST = IDEMPOTENCY | CONDITIONS
#: Headers that no longer apply once the response has another body.
RESPONSE_BODY = _names(
    "connection keep-alive transfer-encoding trailer upgrade content-length content-encoding content-type content-md5 "
    "content-range digest etag location refresh"
)
_METHOD_OVERRIDES = _names("x-http-method-override x-http-method x-method-override")
#: Statuses that libraries follow, with the key and the body of the request.
REDIRECTS = frozenset({301, 302, 303, 307, 308})


def without(headers: Headers, names: frozenset[str]) -> Headers:
    """Return the headers whose names are not among these."""
    return Headers([pair for pair in headers if pair[0].lower() not in names])


def first_value(headers: Iterable[tuple[str, str]], name: str) -> str:
    """Return the first value of a header by its lower-case name, or empty text."""
    return next((value for key, value in headers if key.lower() == name), "")


def is_redirect(status: int, headers: Iterable[tuple[str, str]]) -> bool:
    """Return whether a client may follow a response: curl follows any 3xx that has a ``Location``."""
    return 300 <= status < 400 and (status in REDIRECTS or any(name.lower() == "location" for name, _ in headers))


def method_override_header(method: str, headers: Iterable[tuple[str, str]]) -> str:
    """Return the header by which some servers change the method of a request, or empty text."""
    for name, value in headers:
        if name.lower() in _METHOD_OVERRIDES and value.strip().upper() != method.upper():
            return name
    return ""
