"""What the operations raise: ``ApiError`` and its subclasses, one for each kind of status.

The classes are the same in ``vimmerse.v1.errors`` and ``vimmerse.v2.errors``. Without a response (a closed port, a
timeout, a broken connection) httpx's own ``httpx.TransportError`` is raised; the server may have received such a call.
"""

import re
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from vimmerse._http import API_KEY_HEADER
from vimmerse._http.retries import retry_after

if TYPE_CHECKING:
    import httpx

_MAX_QUOTED = 300  # characters of a server's text that a message quotes
_MAX_REQUEST_ID = 200
# The vendor documents none. The service's own names come first, then those of load balancers and tracers.
_REQUEST_ID_HEADERS = (
    *("x-request-id", "request-id", "x-amzn-requestid", "x-amzn-trace-id", "x-correlation-id", "cf-ray", "traceparent"),
)

# Raised when a body is parsed that does not have the documented shape.
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError, RecursionError)


class ApiError(Exception):
    """The server's response to a call was not a documented success.

    ``status``: the HTTP status, a plain number.
    ``content``: the body as it was received.
    ``parsed``: the documented error model, or None.
    ``code``: the server's code for the error, such as ``INSUFFICIENT_CREDIT``, or None.
    ``message``: the server's text, or a description of the body if it has none.
    ``method``, ``url``: the call, without query and credentials.
    ``headers``: the response's headers, names in lower case, such as ``retry-after``.
    ``job_id``: the id of the story or media that the call was about, if it is known.
    ``request_id``: what the service calls the request in its logs, or None. Quote it to the vendor's support.
    ``retry_after``: the seconds after which the service wants to be called again, or None.
    ``attempts``: how many times the call was sent.

    The message and the ``repr`` quote the server's text with the API key masked; ``content``, ``parsed`` and
    ``headers`` hold what the server sent.
    """

    def __init__(
        self,
        status: int,
        content: bytes = b"",
        parsed: object = None,
        *,
        message: str = "",
        code: str | None = None,
        method: str = "",
        url: str = "",
        headers: Mapping[str, str] | None = None,
        job_id: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        attempts: int = 1,
    ) -> None:
        # Error reporters show `args`, and the body may repeat the key. Pickling restores the rest as attributes.
        super().__init__(status)
        self.status = status
        self.content = content
        self.parsed = parsed
        self.message = message
        self.code = code
        self.method = method
        self.url = url
        self.headers: dict[str, str] = {name.lower(): value for name, value in (headers or {}).items()}
        self.job_id = job_id
        self.request_id = request_id
        self.retry_after = retry_after
        self.attempts = attempts

    def __str__(self) -> str:
        try:
            status = f"{self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            status = str(self.status)
        text = f"{self.method or 'The call'} {self.url}".rstrip() + f" returned {status}"
        if self.message:
            text += f": {self.message}"
        if self.code and self.code != self.message:
            text += f" ({self.code})"
        return text

    def __repr__(self) -> str:
        return f"{type(self).__name__}(status={self.status}, code={self.code!r}, message={self.message!r})"


class BadRequestError(ApiError):
    """400: the server rejects the call; ``code`` and ``message`` say why."""


class AuthenticationError(ApiError):
    """401 or 403: the API key is missing, unknown or not allowed to make this call."""


class InsufficientCreditError(ApiError):
    """402: the account has too few credits for this call."""


class NotFoundError(ApiError):
    """404: the resource does not exist, or belongs to another account."""


class ValidationError(ApiError):
    """422: a field is missing or malformed; the message names each."""


class RateLimitError(ApiError):
    """429: too many calls; ``headers`` may have ``retry-after``."""


class ServerError(ApiError):
    """500 and above: the server failed. A paid call may have been carried out nevertheless."""


class InvalidAnswerError(ApiError):
    """A success status with a body that is not the documented one. A paid call has very likely been carried out."""


_CLASSES: dict[int, type[ApiError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    402: InsufficientCreditError,
    403: AuthenticationError,
    404: NotFoundError,
    422: ValidationError,
    429: RateLimitError,
}


def from_response(
    response: "httpx.Response", parsed: object = None, *, job_id: str | None = None, attempts: int = 1
) -> ApiError:
    """Return the error for a response; ``parsed`` is its error model, if it has one."""
    status = response.status_code
    code: str | None = None
    if 200 <= status < 300:
        error_class: type[ApiError] = InvalidAnswerError
        message = f"not the documented response but {_describe_body(response)}"
    elif 300 <= status < 400:
        error_class = ApiError
        location = _one_line(str(response.headers.get("location", "nowhere")).split("?")[0])
        message = f"a redirect to {location}; check the base URL, or allow it with follow_redirects=True"
    else:
        error_class = _CLASSES.get(status) or (ServerError if status >= 500 else ApiError)
        message, code = _message_and_code(response)
    method, url, api_key = _request_of(response)
    if api_key:  # some servers repeat the key that they refuse
        message, code = message.replace(api_key, "***"), code and code.replace(api_key, "***")
    return error_class(
        status,
        response.content,
        parsed,
        message=message,
        code=code,
        method=method,
        url=url,
        headers=response.headers,
        job_id=job_id,
        request_id=request_id(response.headers),
        retry_after=retry_after(response.headers, time.time()),
        attempts=attempts,
    )


def request_id(headers: Mapping[str, str]) -> str | None:
    """Return what the service, or what is in front of it, calls a request; on one line, of limited length."""
    for name in _REQUEST_ID_HEADERS:
        if text := _one_line(headers.get(name, ""))[:_MAX_REQUEST_ID]:
            return text
    return None


def _request_of(response: "httpx.Response") -> tuple[str, str, str]:
    """Return the method, the URL without query and credentials, and the API key that was sent."""
    try:
        request = response.request
    except RuntimeError:  # a response that was constructed by hand has no request
        return "", "", ""
    url = request.url.copy_with(userinfo=b"", query=None, fragment=None)
    return request.method, str(url), request.headers.get(API_KEY_HEADER, "")


def _describe_body(response: "httpx.Response") -> str:
    """Return the type, size and, of text, the beginning of a body that is not the documented one."""
    content_type = response.headers.get("content-type", "").split(";")[0].strip().lower()
    content = response.content
    if not content:
        return "an empty body"
    text = f"{len(content)} bytes of {content_type or 'no stated type'}"
    if content_type.startswith("text/") or content_type.endswith("json") or not content_type:
        text += f": {_one_line(content[: 4 * _MAX_QUOTED].decode('utf-8', 'replace'))}"
    return text


def _one_line(text: str) -> str:
    """Return ``text`` on one line, without control characters, cut to the length that a message quotes."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= _MAX_QUOTED else text[:_MAX_QUOTED] + "…"


def _message_and_code(response: "httpx.Response") -> tuple[str, str | None]:
    """Return the server's message and code, from any of the shapes that it is known to use."""
    try:
        fields = json_object(response)
    except UNREADABLE:
        return _describe_body(response), None
    text = next((fields[name] for name in ("message", "detail", "error") if fields.get(name)), None)
    if isinstance(text, list):
        text = "; ".join(_validation_message(item) for item in cast(list[object], text))
    message = _one_line(str(text)) if text else _describe_body(response)
    code = fields.get("code")
    if code is None and re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", message):
        code = message  # version 1 sends its code as the message
    return message, None if code is None else _one_line(str(code))


def _validation_message(item: object) -> str:
    """Return one entry of a 422's ``detail`` as text: ``body.idea: Field required``."""
    if not isinstance(item, dict):
        return str(item)
    entry = cast(dict[str, object], item)
    location = entry.get("loc")
    path = ".".join(map(str, cast(list[object], location))) if isinstance(location, list) else str(location or "")
    return f"{path}: {entry.get('msg') or entry}".removeprefix(": ")


def json_object(response: "httpx.Response") -> dict[str, Any]:
    """Return the body of a response.

    Raises:
        TypeError, ValueError, RecursionError: it is not a JSON object.
    """
    value: Any = response.json()
    if not isinstance(value, dict):
        raise TypeError(f"the documented response is a JSON object, not {type(value).__name__}")
    return cast(dict[str, Any], value)


__all__ = [
    "ApiError",
    "AuthenticationError",
    "BadRequestError",
    "InsufficientCreditError",
    "InvalidAnswerError",
    "NotFoundError",
    "RateLimitError",
    "ServerError",
    "ValidationError",
]

for _name in __all__:
    globals()[_name].__module__ = "vimmerse.v2.errors"  # the public place, for tracebacks and pickles
