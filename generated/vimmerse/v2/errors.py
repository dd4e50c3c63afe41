# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""What the operations raise.

    ApiError                    the server answered, but not with a documented success
    ├── BadRequestError         400
    ├── AuthenticationError     401, 403: the API key is missing, unknown or not allowed to do this
    ├── InsufficientCreditError 402
    ├── NotFoundError           404
    ├── ValidationError         422: a field is missing or malformed
    ├── RateLimitError          429
    ├── ServerError             500 and above, the ones that HTTP does not define too
    └── InvalidAnswerError      2xx, with a body that is not what is documented: HTML, null, JSON cut short

Where there was no answer at all -- a closed port, a timeout, a broken connection -- httpx's own error goes through:
``httpx.TransportError``. Whether the server has seen such a call is unknown.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import httpx

_SHOWN = 300  # characters of a server's text that a message quotes

# What reading a body of another shape than the documented one raises.
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError, RecursionError)


class ApiError(Exception):
    """The server answered a call with something else than a documented success.

    ``status``: the HTTP status, a plain number.
    ``content``: the body as it came.
    ``parsed``: the documented error model, or None.
    ``code``: the server's code for the case (``INSUFFICIENT_CREDIT``), or None.
    ``message``: the server's text, or a description of its body where that holds none.
    ``method``, ``url``: the call, without query and credentials.
    ``headers``: those of the answer, names in lower case; ``retry-after`` for one.
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
    ) -> None:
        self.status = status
        self.content = content
        self.parsed = parsed
        self.message = message
        self.code = code
        self.method = method
        self.url = url
        self.headers = {name.lower(): value for name, value in (headers or {}).items()}
        super().__init__(status, content)

    def __str__(self) -> str:
        try:
            status = f"{self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            status = str(self.status)
        text = f"{self.method or 'The call'} {self.url}".rstrip() + f" answered {status}"
        if self.message:
            text += f": {self.message}"
        if self.code and self.code != self.message:
            text += f" ({self.code})"
        return text

    def __repr__(self) -> str:
        return f"{type(self).__name__}(status={self.status}, code={self.code!r}, message={self.message!r})"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.args, dict(self.__dict__))


def _rebuild(cls: type[ApiError], args: tuple[object, ...], state: dict[str, object]) -> ApiError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(state)
    return error


class BadRequestError(ApiError):
    """400: the call makes no sense to the server; ``code`` and ``message`` say why."""


class AuthenticationError(ApiError):
    """401 or 403: the API key is missing, unknown or not allowed to do this."""


class InsufficientCreditError(ApiError):
    """402: the account has too few credits for this call."""


class NotFoundError(ApiError):
    """404: there is no such thing, or it is someone else's."""


class ValidationError(ApiError):
    """422: a field is missing or malformed; the message names each."""


class RateLimitError(ApiError):
    """429: too many calls; ``headers`` may have ``retry-after``."""


class ServerError(ApiError):
    """500 and above: the server failed. A paid call may have been carried out nevertheless."""


class InvalidAnswerError(ApiError):
    """A success status with a body that is not what is documented. A paid call has very likely been carried out."""


_BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    402: InsufficientCreditError,
    403: AuthenticationError,
    404: NotFoundError,
    422: ValidationError,
    429: RateLimitError,
}


def from_response(response: "httpx.Response", parsed: object = None) -> ApiError:
    """The error that stands for an answer; ``parsed`` is its error model, if there is one."""
    status = response.status_code
    method, url, key = _call(response)
    kind: type[ApiError]
    code: str | None = None
    if 200 <= status < 300:
        kind = InvalidAnswerError
        message = f"not the documented answer but {_describe(response)}"
    elif 300 <= status < 400:
        kind = ApiError
        message = f"a redirect to {_place(response)}; check the base URL, or allow it with follow_redirects=True"
    else:
        kind = _BY_STATUS.get(status) or (ServerError if status >= 500 else ApiError)
        message, code = _explain(response)
    if key:
        # Some servers repeat the key that they refuse.
        message, code = message.replace(key, "***"), code and code.replace(key, "***")
    return kind(
        status,
        response.content,
        parsed,
        message=message,
        code=code,
        method=method,
        url=url,
        headers=response.headers,
    )


def _call(response: "httpx.Response") -> tuple[str, str, str]:
    """Method, URL without query and credentials, and the API key that was sent."""
    try:
        request = response.request
    except RuntimeError:  # an answer made by hand has no request
        return "", "", ""
    url = request.url
    return (
        request.method,
        str(url.copy_with(userinfo=b"", query=None, fragment=None)),
        request.headers.get("X-Api-Key", ""),
    )


def _place(response: "httpx.Response") -> str:
    return _line(str(response.headers.get("location", "nowhere")).split("?")[0])


def _describe(response: "httpx.Response") -> str:
    """What a body is that is not what it should be: its type, size and beginning."""
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    content = response.content
    if not content:
        return "an empty body"
    text = f"{len(content)} bytes of {kind or 'no stated type'}"
    if kind.startswith("text/") or kind.endswith("json") or not kind:
        text += f": {_line(content[: 4 * _SHOWN].decode('utf-8', 'replace'))}"
    return text


def _line(text: str) -> str:
    """``text`` on one line, without control characters, at most as long as a message should be."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _explain(response: "httpx.Response") -> tuple[str, str | None]:
    """The server's message and code, in any of the shapes that it is known to use."""
    try:
        found: Any = response.json()
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return _describe(response), None
    fields = cast(dict[str, object], found)
    text = next((fields[name] for name in ("message", "detail", "error") if fields.get(name)), None)
    if isinstance(text, list):
        text = "; ".join(_complaint(item) for item in cast(list[object], text))
    message = _line(str(text)) if text else _describe(response)
    code = fields.get("code")
    if code is None and re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", message):
        code = message  # version 1 sends its code as the message
    return message, None if code is None else _line(str(code))


def _complaint(item: object) -> str:
    """One entry of a 422's ``detail``: ``body.idea: Field required``."""
    if not isinstance(item, dict):
        return str(item)
    entry = cast(dict[str, object], item)
    place = entry.get("loc")
    where = (
        ".".join(map(str, cast(list[object], place)))
        if isinstance(place, list)
        else str(place or "")
    )
    return f"{where}: {entry.get('msg') or entry}".removeprefix(": ")


def json_object(response: "httpx.Response") -> dict[str, Any]:
    """The body, which must be a JSON object."""
    found: Any = response.json()
    if not isinstance(found, dict):
        raise TypeError(f"a JSON object is documented, not {type(found).__name__}")
    return cast(dict[str, Any], found)


def json_array(response: "httpx.Response") -> list[Any]:
    """The body, which must be a JSON array."""
    found: Any = response.json()
    if not isinstance(found, list):
        raise TypeError("a JSON array is documented, and this is none")
    return found


def file_content(response: "httpx.Response") -> bytes:
    """The body, which must be a file: no web page."""
    if response.headers.get("content-type", "").lower().startswith("text/html"):
        raise TypeError("a file is documented, not a web page")
    return response.content


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
