"""When to retry: a growing interval with jitter, what ``Retry-After`` says, and which failures are transient."""

from __future__ import annotations

import math
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

import httpx

#: The longest ``Retry-After`` that is obeyed, in seconds.
LONGEST_RETRY_AFTER = 3600.0


@dataclass(frozen=True, slots=True)
class Sleep:
    """Step: sleep for ``seconds``. ``shared``: the server asked for the pause, so it applies to all jobs."""

    seconds: float
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """Seconds between two lookups of a job.

    The first delay is ``first``, each later one is ``factor`` times the one before, up to ``longest``. ``jitter`` is
    the share by which a delay may be shorter, at random, so that many waiters don't poll at the same moment.

    Raises:
        ValueError: a value is not finite or out of range.
    """

    first: float = 3.0
    longest: float = 30.0
    factor: float = 1.5
    jitter: float = 0.2

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.first, self.longest, self.factor, self.jitter))):
            raise ValueError(f"{self!r}: every value must be a finite number")
        if not 0 < self.first <= self.longest:
            raise ValueError(f"{self!r}: first must be above 0 seconds, and longest not below it")
        if self.factor < 1:
            raise ValueError(f"{self!r}: factor must be 1 or more")
        if not 0 <= self.jitter <= 1:
            raise ValueError(f"{self!r}: jitter must be between 0 and 1")

    @classmethod
    def of(cls, interval: Interval | float) -> Interval:
        """``interval`` itself, or a number of seconds as a constant interval."""
        return interval if isinstance(interval, Interval) else cls(interval, interval, 1.0)

    def seconds(self, turn: int, random: float) -> float:
        """The delay after lookup number ``turn`` (from 0), for a ``random`` number of 0 to 1."""
        try:
            delay = min(self.longest, self.first * self.factor**turn)
        except OverflowError:
            delay = self.longest
        return delay * (1 - self.jitter * random)


DEFAULT_INTERVAL = Interval()


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """The seconds that ``Retry-After`` asks for, or None if it is absent or unreadable.

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
    if not math.isfinite(seconds):
        return None
    return min(max(0.0, seconds), LONGEST_RETRY_AFTER)


def _timestamp(text: str) -> float | None:
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
    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return False
    reason: BaseException | None = error
    while reason is not None:
        if isinstance(reason, ssl.SSLCertVerificationError):
            return False
        reason = reason.__cause__ or reason.__context__
    return isinstance(error, httpx.TransportError | httpx.DecodingError)
