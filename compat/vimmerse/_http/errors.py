"""What the operations raise: ``ApiError`` and its subclasses, one for each kind of status.

The classes are the same in ``vimmerse.v1.errors`` and ``vimmerse.v2.errors``. Without a response (a closed port, a
timeout, a broken connection) httpx's own ``httpx.TransportError`` is raised; the server may have received such a call.
"""

import json
import math
import re
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar, cast

from vimmerse._http import API_KEY_HEADER
from vimmerse._http.redaction import Secrets
from vimmerse._http.retries import READS, retry_after

if TYPE_CHECKING:
    import httpx

_MAX_QUOTED = 300  # characters of a server's text that a message quotes
_MAX_ID = 200  # characters of an id of the server's
# The vendor documents none. The service's own names come first, then those of load balancers and tracers.
_REQUEST_ID_HEADERS = (
    *("x-request-id", "request-id", "x-amzn-requestid", "x-amzn-trace-id", "x-correlation-id", "cf-ray", "traceparent"),
)

# Raised when a body is parsed that does not have the documented shape.
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError, RecursionError)


def may_exist(job_id: str | None) -> str:
    """Return what to tell a caller who can't know whether a call, other than a read, was carried out."""
    job = f" (id {job_id})" if job_id else ""
    return f"The call may have been carried out, and charged: look for its job{job} before you send it again."


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

    _advice: ClassVar[str] = ""

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
        return f"{self.summary}. {self.advice}".removesuffix(". ")

    @property
    def summary(self) -> str:
        """What happened: the text of the error without the advice."""
        try:
            status = f"{self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            status = str(self.status)
        text = f"{self.method or 'The call'} {self.url}".rstrip() + f" returned {status}"
        if self.message:
            text += f": {self.message.rstrip('.')}"
        details = [self.code] if self.code and self.code != self.message else []
        details += [f"request id {self.request_id}"] if self.request_id else []
        details += [f"{self.attempts} attempts"] if self.attempts > 1 else []
        return f"{text} ({', '.join(details)})" if details else text

    @property
    def advice(self) -> str:
        """What to do next, as a sentence, or nothing."""
        # Some servers redirect to the result; 408 does not tell how far the call had come.
        return self._advice_unless_read("") if self.status in (302, 303, 408) else self._advice

    def _advice_unless_read(self, advice: str) -> str:
        """Return the advice for a call that may have been carried out; reads can be repeated at will."""
        if self.method in READS:
            return advice
        return may_exist(self.job_id)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(status={self.status}, code={self.code!r}, message={self.message!r})"


class BadRequestError(ApiError):
    """400: the server rejects the call; ``code`` and ``message`` say why."""

    _advice = "Correct the call; unchanged, it will be rejected again."


class AuthenticationError(ApiError):
    """401 or 403: the API key is missing, unknown or not allowed to make this call."""

    _advice = "Check the API key: VIMMERSE_API_KEY, or the argument token."


class InsufficientCreditError(ApiError):
    """402: the account has too few credits for this call."""

    _advice = "Buy credits, or ask for less: fewer or shorter scenes, or a cheaper tool."


class NotFoundError(ApiError):
    """404: the resource does not exist, or belongs to another account."""

    _advice = (
        "Check the id, whether it is of a story or a media, and that the API key is of the account that created it."
    )


class ValidationError(ApiError):
    """422: a field is missing or malformed; the message names each."""

    _advice = "Correct the fields that the message names."


class RateLimitError(ApiError):
    """429: too many calls. ``retry_after`` is how long to wait, if the server says so."""

    @property
    def advice(self) -> str:
        """How long to wait."""
        wait = "a moment" if self.retry_after is None else f"{math.ceil(self.retry_after)} s"
        return f"The call was not carried out: wait {wait}, then send it again."


class ServerError(ApiError):
    """500 and above: the server failed. A paid call may have been carried out nevertheless."""

    @property
    def advice(self) -> str:
        """Whether the call can be repeated."""
        support = "" if self.request_id is None else " The vendor's support can look for the request id."
        return self._advice_unless_read("Try again later.") + support


class InvalidAnswerError(ApiError):
    """A success status with a body that is not the documented one. A paid call has very likely been carried out."""

    @property
    def advice(self) -> str:
        """Whether the call can be repeated."""
        return self._advice_unless_read("Check the base URL; if it is right, try again later.")


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
    secrets = secrets_of(response)
    method, url = _call_of(response)
    identifier = body_id(response.content) if job_id is None else job_id
    # Some servers repeat the key that they refuse.
    return error_class(
        status,
        response.content,
        parsed,
        message=secrets.redact(message),
        code=None if code is None else secrets.redact(code),
        method=method,
        url=secrets.redact(url),
        headers=response.headers,
        job_id=None if identifier is None else shown_id(identifier, secrets),
        request_id=request_id(response.headers, secrets),
        retry_after=retry_after(response.headers, time.time()),
        attempts=attempts,
    )


def request_id(headers: Mapping[str, str], secrets: Secrets) -> str | None:
    """Return what the service, or what is in front of it, calls a request: on one line, short, without a key."""
    found = (shown_id(headers.get(name, ""), secrets) for name in _REQUEST_ID_HEADERS)
    return next(filter(None, found), None)


def shown_id(text: str, secrets: Secrets) -> str:
    """Return an id on one line, short, and without a key."""
    return _one_line(secrets.redact(text))[:_MAX_ID]


def secrets_of(response: "httpx.Response") -> Secrets:
    """Return the API keys that were sent to get a response, so that they can be masked."""
    # A redirect may hand the key of the first request on in its URL.
    requests = filter(None, map(_request_of, (*response.history, response)))
    return Secrets(request.headers.get(API_KEY_HEADER, "") for request in requests)


def _request_of(response: "httpx.Response") -> "httpx.Request | None":
    try:
        return response.request
    except RuntimeError:  # a response that was constructed by hand
        return None


def _call_of(response: "httpx.Response") -> tuple[str, str]:
    """Return the method of the call, and the URL that responded, without query and credentials."""
    request = _request_of(response)
    if request is None:
        return "", ""
    url = request.url.copy_with(userinfo=b"", query=None, fragment=None)
    first = response.history[0].request if response.history else request
    return first.method, str(url)


def body_id(content: bytes) -> str | None:
    """Return the id in a JSON body: of the object, as version 2 has it, or of its ``data``, as version 1 has it."""
    try:
        body: Any = json.loads(content)
    except UNREADABLE:
        return None
    for fields in (body, body.get("data")) if isinstance(body, dict) else ():
        found = fields.get("id") if isinstance(fields, dict) else None
        if isinstance(found, str) and found.strip():
            return found
    return None


def _describe_body(response: "httpx.Response") -> str:
    """Return the type, size and, of text, the beginning of a body that is not the documented one."""
    content_type = response.headers.get("content-type", "").split(";")[0].strip().lower()
    content = response.content
    if not content:
        return "an empty body"
    text = f"{len(content)} bytes of {content_type or 'no stated type'}"
    if content_type.startswith("text/") or content_type.endswith("json") or not content_type:
        # The dots tell the redaction that the text, and perhaps a key, was cut.
        quoted = content[: 4 * _MAX_QUOTED].decode("utf-8", "replace") + "…" * (len(content) > 4 * _MAX_QUOTED)
        text += f": {_one_line(quoted)}"
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
