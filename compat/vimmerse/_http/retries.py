"""The retry policy, for every request that this library repeats on its own.

* A read (GET) is repeated after a transient failure: no connection, a timeout, a broken response, 408, 425, 429, 5xx.
* Any other call may cost credits. It is repeated only with ``retry_refused=True``, and only if the server has surely
  not carried it out: no connection was made, or the response is 429.
* The delay is what ``Retry-After`` asks for, plus a backoff of 0.5 s that doubles up to 8 s, less up to half at random.
  A server that asks for more than a minute gets no retry: the error says how long to wait.

The functions are pure but for :func:`sleep` and :func:`sleep_async`.
"""

import math
import time
from collections.abc import Mapping
from datetime import UTC
from typing import NamedTuple, Self

READS = ("GET", "HEAD")

#: The longest ``Retry-After``, in seconds, after which a call is repeated without asking its caller.
LONGEST_PAUSE = 60.0
_YEAR = 366 * 86400.0


class RetrySettings(NamedTuple):
    """How often a call is repeated, and whether calls that are not reads are."""

    max_retries: int = 0
    retry_refused: bool = False

    @classmethod
    def of(cls, max_retries: int, retry_refused: bool) -> Self:
        """Return checked settings.

        Raises:
            TypeError, ValueError: an argument is not a whole number of 0 or more, or not a bool.
        """
        if isinstance(max_retries, bool) or not isinstance(max_retries, int):
            raise TypeError(f"max_retries must be a whole number, not {type(max_retries).__name__}")
        if max_retries < 0:
            raise ValueError(f"max_retries is {max_retries}; it must be 0 or more")
        if not isinstance(retry_refused, bool):
            raise TypeError(f"retry_refused must be True or False, not {type(retry_refused).__name__}")
        return cls(max_retries, retry_refused)


def retry_delay(
    method: str,
    outcome: int | BaseException,
    headers: Mapping[str, str],
    attempt: int,
    settings: RetrySettings,
    *,
    now: float,
    random: float,
) -> float | None:
    """Return the seconds to wait before the next attempt, or None if there is to be none.

    ``outcome``: the status, or the exception in its place.
    ``attempt``: how many attempts were made, 1 or more.
    ``now``: a timestamp. ``random``: a number of 0 to 1.
    """
    if attempt > settings.max_retries:
        return None
    if method in READS:
        repeatable = is_transient_status(outcome) if isinstance(outcome, int) else is_transient_error(outcome)
    else:
        repeatable = settings.retry_refused and is_refusal(outcome)
    if not repeatable:
        return None
    pause = retry_after(headers, now) or 0.0
    if pause > LONGEST_PAUSE:
        return None
    return pause + min(8.0, 0.5 * 2.0 ** min(attempt - 1, 10)) * (1 - random / 2)


def is_refusal(outcome: int | BaseException) -> bool:
    """Whether the server has surely not carried out the call: it rejected it for now, or got nothing of it."""
    if isinstance(outcome, int):
        return outcome == 429
    return never_arrived(outcome) and is_transient_error(outcome)


def never_arrived(error: BaseException) -> bool:
    """Whether an exception of httpx means that nothing was sent: no address, no connection, no free one in time."""
    import httpx

    kinds = httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError | httpx.UnsupportedProtocol
    return isinstance(error, kinds)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, at most a year, or None if it is absent or unreadable.

    A date counts from the response's own ``Date``, since the local clock may be wrong; else from ``now``, a timestamp.
    """
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        moment = _timestamp(text)
        if moment is None:
            return None
        sent = _timestamp(headers.get("date", ""))
        seconds = moment - (now if sent is None else sent)
    return None if math.isnan(seconds) else min(max(0.0, seconds), _YEAR)


def _timestamp(text: str) -> float | None:
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
        # HTTP dates are in UTC, also those without a zone.
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def is_transient_status(status: int) -> bool:
    """Whether a retry may get another response than this HTTP status."""
    return status in (408, 425, 429) or status >= 500


def is_transient_error(error: BaseException) -> bool:
    """Whether a retry may succeed: not if the request is invalid, or the host's certificate is not trusted."""
    import ssl

    import httpx

    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return False
    reason: BaseException | None = error
    seen: set[int] = set()  # `raise error from error` is its own cause
    while reason is not None and id(reason) not in seen:
        if isinstance(reason, ssl.SSLCertVerificationError):
            return False
        seen.add(id(reason))
        reason = reason.__cause__  # not the context: the caller may be handling another error
    return isinstance(error, httpx.TransportError | httpx.DecodingError)


def sleep(seconds: float) -> None:
    """Wait between two attempts."""
    time.sleep(seconds)


async def sleep_async(seconds: float) -> None:
    """Like :func:`sleep`, on asyncio and trio."""
    import anyio  # httpx needs it too; slow to load

    await anyio.sleep(seconds)
