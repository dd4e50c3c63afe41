"""When to ask again: a growing interval with jitter, and what ``Retry-After`` says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

#: A server's ``Retry-After`` is believed up to an hour, in seconds.
LONGEST_RETRY_AFTER = 3600.0


@dataclass(frozen=True, slots=True)
class Interval:
    """Seconds between one look at a job and the next.

    The first wait is ``first``, each one is ``factor`` times the one before, up to ``longest``. ``jitter`` is the share
    by which each may be shorter, at random, so that many waiters don't ask at the same moment.

    Raises:
        ValueError: ``first`` is not above 0, ``longest`` is below ``first``, ``factor`` is below 1 or ``jitter`` is not
            between 0 and 1; or one of them is infinite or no number.
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
        """``interval`` itself, or a number of seconds as an interval that does not grow."""
        return interval if isinstance(interval, Interval) else cls(interval, interval, 1.0)

    def seconds(self, turn: int, random: float) -> float:
        """The wait after look ``turn`` (from 0), for a ``random`` of 0 to 1: above ``longest`` never."""
        # Compared by logarithms: the power itself would overflow on a long wait.
        if turn * math.log(self.factor) >= math.log(self.longest / self.first):
            base = self.longest
        else:
            base = min(self.longest, self.first * self.factor**turn)
        return base * (1 - self.jitter * random)


DEFAULT_INTERVAL = Interval()


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """The seconds that ``Retry-After`` asks for, or None if it is absent or unreadable.

    A date counts from the answer's own ``Date``, so a wrong clock on this machine does no harm; without one from
    ``now``, in seconds since 1970.
    """
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        moment = _moment(text)
        if moment is None:
            return None
        sent = _moment(headers.get("date", ""))
        seconds = moment - (now if sent is None else sent)
    if not math.isfinite(seconds):
        return None
    return min(max(0.0, seconds), LONGEST_RETRY_AFTER)


def _moment(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
        # HTTP's dates are in UTC, one without a zone too.
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
