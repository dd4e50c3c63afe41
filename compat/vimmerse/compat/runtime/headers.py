"""Which headers are sent with a request and returned with a response, the same for all entry points."""

from __future__ import annotations

from typing import TypeVar

from vimmerse._http.redaction import Secrets
from vimmerse.compat.core.messages import SECRET_HEADERS, Headers, V1Response, V2Request, V2Response
from vimmerse.compat.runtime.bodies import Payload, redacted_body

Response = TypeVar("Response", V1Response, V2Response)

# Framing describes the bytes on one connection; what is sent and returned here has framing of its own.
_REQUEST_FRAMING = frozenset({"host", "content-length", "transfer-encoding"})
_RESPONSE_FRAMING = frozenset({"content-length", "content-encoding", "transfer-encoding"})
#: The secret headers of a request.
SECRETS = SECRET_HEADERS - {"set-cookie"}
_HANDLED = _REQUEST_FRAMING | SECRETS | {"content-type", "accept-encoding"}
#: What every library decodes. A caller may have asked for more (a list copied from a browser) and decode it themselves.
_DECODABLE = frozenset({"gzip", "deflate", "identity"})


def request_headers(request: V2Request, payload: Payload) -> Headers:
    """Return the headers to send: those of the request, with the framing of this payload."""
    kept: list[tuple[str, str]] = []
    for pair in request.headers:
        name = pair[0].lower()
        if name in _HANDLED:
            if name in _REQUEST_FRAMING or (name == "content-type" and payload.content_type):
                continue
            if name in SECRETS and request.kind == "file":
                continue  # the core leaves them out as well; a file may be on any host
            if name == "accept-encoding" and request.kind == "v2":
                encodings = {item.partition(";")[0].strip().lower() for item in pair[1].split(",")}
                pair = pair if encodings <= _DECODABLE else (pair[0], "gzip, deflate")
        kept.append(pair)
    if payload.content_type:
        kept.append(("Content-Type", payload.content_type))
    if payload.size or request.method.upper() in ("POST", "PUT", "PATCH"):
        kept.append(("Content-Length", str(payload.size)))
    return Headers(kept)


def returns_stream(request: V2Request, status: int) -> bool:
    """Whether the caller gets the body unread: of a forwarded call, and of a file where there is one.

    The response to a paid request is always read, so that its id is not lost when the call is interrupted.
    """
    if request.paid:
        return False
    return request.stream and (request.kind in ("v1", "other") or 200 <= status < 300)


def decoded_headers(headers: Headers) -> Headers:
    """Return the headers of a response whose body has been read and decoded."""
    return Headers([pair for pair in headers if pair[0].lower() not in _RESPONSE_FRAMING])


def response_headers(response: V1Response, native: Headers | None = None) -> Headers:
    """Return the headers for the caller. ``native``: those of the stream that the caller gets, if they get one."""
    kept = decoded_headers(response.headers)
    if native is not None:
        return kept.adding(*[pair for pair in native if pair[0].lower() in _RESPONSE_FRAMING])
    if response.status < 200 or response.status in (204, 304):
        return kept
    return kept.adding(("content-length", str(len(response.body))))


def _redacted_headers(headers: Headers, secrets: Secrets) -> Headers:
    return Headers(
        [(name, "[hidden]" if name.lower() in SECRETS else secrets.redact(value)) for name, value in headers]
    )


def redacted_request(request: V2Request, secrets: Secrets) -> V2Request:
    """Return the record of a request: no secret, and only the size of a stored body."""
    return request.replace(
        url=secrets.redact(request.url),
        headers=_redacted_headers(request.headers, secrets),
        body=redacted_body(request.body, secrets),
    )


def redacted_response(response: Response, secrets: Secrets) -> Response:
    """Return the record of a response: no secret, and no open stream."""
    headers, body = _redacted_headers(response.headers, secrets), secrets.redact_bytes(response.body)
    return response.replace(headers=headers, body=body, native=None)
