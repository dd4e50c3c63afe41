"""What an exception says about a paid call: whether the service has surely not created the job."""

from __future__ import annotations

import socket
import sys
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.error import URLError

from vimmerse._http.errors import ApiError, InvalidAnswerError
from vimmerse._http.redaction import one_line
from vimmerse._http.retries import READS, is_refusal, never_arrived
from vimmerse.batch.errors import BatchError

#: 408 does not tell how far the call had come.
_UNCERTAIN = frozenset({408})


class Refusal(NamedTuple):
    """The service has surely not created the job. ``transient``: the same call may succeed later."""

    reason: str
    transient: bool


def refusal_of(error: BaseException) -> Refusal | None:
    """Return why a call has surely created nothing, or None if it may have."""
    if _is_of_a_read(error):  # it says nothing about the paid call, which may have been made before
        return None
    status = error.status if isinstance(error, ApiError) else _raised_status(error)
    if status is not None:
        if not 400 <= status < 500 or status in _UNCERTAIN:
            return None
        reason = error.summary if isinstance(error, ApiError) else f"{type(error).__name__}: {status}"
        return Refusal(reason, status in (425, 429))
    if "httpx" in sys.modules and never_arrived(error):
        return Refusal(describe(error), is_refusal(error))
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, ConnectionRefusedError | socket.gaierror):
        return Refusal(describe(error), True)
    return None


def _is_of_a_read(error: BaseException) -> bool:
    if isinstance(error, ApiError):
        return error.method in READS
    if "httpx" not in sys.modules:
        return False
    import httpx

    try:
        return isinstance(error, httpx.RequestError) and error.request.method in READS
    except RuntimeError:  # it was raised without a request
        return False


def _raised_status(error: BaseException) -> int | None:
    """Return the status of a call, other than a read, of which ``raise_for_status`` of httpx or requests has told."""
    for module, name in (("httpx", "HTTPStatusError"), ("requests", "HTTPError")):
        kind = getattr(sys.modules.get(module), name, None)
        if kind is None or not isinstance(error, kind):
            continue
        response: Any = getattr(error, "response", None)
        with suppress(AttributeError, RuntimeError):  # there is no response, or it has no request
            if response.request.method not in READS:
                return int(response.status_code)
    return None


def id_of(error: BaseException) -> str:
    """Return the id of the job that a call has created although it raised, or empty text."""
    return (error.job_id or "") if isinstance(error, InvalidAnswerError) else ""


def describe(error: BaseException) -> str:
    """Return an exception on one line. The text of an unknown one is left out, since it may contain a key."""
    name, text = type(error).__name__, ""
    if isinstance(error, ApiError):
        text = error.summary
        if error.job_id and error.job_id not in text:
            text += f"; it names the id {error.job_id}"
    elif isinstance(error, BatchError):
        text = error.message
    elif isinstance(error, OSError) or _is_quotable(error):
        text = one_line(" ".join(str(error).split()))
    return f"{name}: {text}" if text else name


def _is_quotable(error: BaseException) -> bool:
    if "httpx" not in sys.modules:
        return False
    import httpx

    # A LocalProtocolError quotes a header that can't be sent, which may be the key.
    return isinstance(error, httpx.NetworkError | httpx.TimeoutException | httpx.RemoteProtocolError | httpx.ProxyError)
