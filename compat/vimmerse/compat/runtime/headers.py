"""Which headers go out with a request and come back with an answer, for every door alike."""

from __future__ import annotations

from typing import TypeVar

from vimmerse.compat.core.messages import SECRET_HEADERS, Headers, V1Response, V2Request, V2Response
from vimmerse.compat.core.redaction import Secrets
from vimmerse.compat.runtime.bodies import Payload, redacted_body

Answer = TypeVar("Answer", V1Response, V2Response)

#: They describe the bytes on one connection, and the bytes are ours now.
_REQUEST_FRAMING = frozenset({"host", "content-length", "transfer-encoding"})
_ANSWER_FRAMING = frozenset({"content-length", "content-encoding", "transfer-encoding"})
SECRETS = SECRET_HEADERS - {"set-cookie"}  # of a request
_LOOKED_AT = _REQUEST_FRAMING | SECRETS | {"content-type", "accept-encoding"}
#: What every library decodes. A caller may have asked for more (a list copied from a browser), for himself.
_DECODABLE = frozenset({"gzip", "deflate", "identity"})


def request_headers(request: V2Request, payload: Payload) -> Headers:
    """The headers to send: the core's, with the framing of this payload."""
    kept: list[tuple[str, str]] = []
    for pair in request.headers:
        name = pair[0].lower()
        if name in _LOOKED_AT:
            if name in _REQUEST_FRAMING or (name == "content-type" and payload.content_type):
                continue
            if name in SECRETS and request.kind == "file":
                continue  # the core leaves them out as well; a file may be on any host
            if name == "accept-encoding" and request.kind == "v2":
                pair = (pair[0], _decodable(pair[1]))
        kept.append(pair)
    if payload.content_type:
        kept.append(("Content-Type", payload.content_type))
    if payload.size or request.method.upper() in ("POST", "PUT", "PATCH"):
        kept.append(("Content-Length", str(payload.size)))
    return Headers(kept)


def returns_stream(request: V2Request, status: int) -> bool:
    """Whether an answer goes to the caller unread: that of a call that is passed on, and a file where there is one.

    That of a paid request never does: it is read, so that the id that it tells is not lost when the call is broken off.
    """
    if request.paid:
        return False
    return request.stream and (request.kind in ("v1", "other") or 200 <= status < 300)


def _decodable(accept: str) -> str:
    named = {item.partition(";")[0].strip().lower() for item in accept.split(",")}
    return accept if named <= _DECODABLE else "gzip, deflate"


def decoded_headers(headers: Headers) -> Headers:
    """The headers of an answer whose body has been read and decoded."""
    return Headers([pair for pair in headers if pair[0].lower() not in _ANSWER_FRAMING])


def response_headers(response: V1Response, native: Headers | None = None) -> Headers:
    """The headers for the caller. ``native``: those of the stream that is handed on, which describe its bytes."""
    kept = decoded_headers(response.headers)
    if native is not None:
        return kept.adding(*[pair for pair in native if pair[0].lower() in _ANSWER_FRAMING])
    if response.status < 200 or response.status in (204, 304):
        return kept
    return kept.adding(("content-length", str(len(response.body))))


def redacted_headers(headers: Headers, secrets: Secrets) -> Headers:
    """The headers without their secrets, for the record."""
    return Headers(
        [(name, "[hidden]" if name.lower() in SECRETS else secrets.redact(value)) for name, value in headers]
    )


def redacted_request(request: V2Request, secrets: Secrets) -> V2Request:
    """What is remembered of a request: no secret, and of a stored body its size."""
    return request.replace(
        url=secrets.redact(request.url),
        headers=redacted_headers(request.headers, secrets),
        body=redacted_body(request.body, secrets),
    )


def redacted_response(response: Answer, secrets: Secrets) -> Answer:
    """What is remembered of an answer: no secret, no open stream."""
    headers, body = redacted_headers(response.headers, secrets), secrets.redact_bytes(response.body)
    return response.replace(headers=headers, body=body, native=None)
