"""What an error of requests says about the request: whether the server has received or rejected it."""

from __future__ import annotations

import ssl

from requests.exceptions import ConnectionError, ConnectTimeout, RetryError
from urllib3 import exceptions as urllib3_errors
from vimmerse.compat.adapters.paid_retry import RETRIES_EXHAUSTED
from vimmerse.compat.runtime.library_errors import nothing_sent


def never_reached_server(error: BaseException) -> bool:
    """Whether a request that ended with this error certainly did not reach the server."""
    if isinstance(error, ConnectTimeout | ValueError) or nothing_sent(error):
        return True
    reason = _reason(error) if isinstance(error, ConnectionError) else None
    if isinstance(reason, urllib3_errors.ProxyError):
        reason = reason.original_error  # without a connection to the proxy, nothing reached the server
    not_connected = urllib3_errors.ConnectTimeoutError, urllib3_errors.ClosedPoolError, urllib3_errors.EmptyPoolError
    if isinstance(reason, not_connected):
        return True
    # Other TLS errors may come while the response is read.
    inner = reason.args[0] if isinstance(reason, urllib3_errors.SSLError) and reason.args else None
    return isinstance(inner, ssl.SSLCertVerificationError) or getattr(inner, "reason", "") == "WRONG_VERSION_NUMBER"


def retries_exhausted(error: BaseException) -> bool:
    """Whether the server has rejected a request with 429 until there were no more retries."""
    reason = _reason(error) if isinstance(error, RetryError) else None
    return isinstance(reason, urllib3_errors.ResponseError) and str(reason) == RETRIES_EXHAUSTED


def _reason(error: BaseException) -> object:
    """Return urllib3's error inside one of requests."""
    cause = error.args[0] if error.args else None
    return cause.reason if isinstance(cause, urllib3_errors.MaxRetryError) else cause
