"""Which failures pass by themselves, so that asking again makes sense."""

from __future__ import annotations

import ssl

import httpx

# Timeouts, too early, too many, and everything that is the server's own fault.
_STATUSES = frozenset({408, 425, 429})


def passing_status(status: int) -> bool:
    """Whether an answer with this HTTP status may be another one next time."""
    return status in _STATUSES or status >= 500


def passing_error(error: BaseException) -> bool:
    """Whether an error of the connection may not come again.

    A request that can't be sent as it is stays so, and so does a certificate that is not trusted.
    """
    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return False
    return isinstance(error, httpx.TransportError | httpx.DecodingError) and not _distrusted(error)


def _distrusted(error: BaseException) -> bool:
    seen: set[int] = set()
    inner: BaseException | None = error
    while inner is not None and id(inner) not in seen:
        if isinstance(inner, ssl.SSLCertVerificationError):
            return True
        seen.add(id(inner))
        inner = inner.__cause__ or inner.__context__
    return False
