"""When to look a job up again: a growing interval with jitter, and what ``Retry-After`` says."""

from __future__ import annotations

import math
from dataclasses import dataclass

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


def bounded(pause: float | None) -> float | None:
    """The pause that a server asked for, but at most ``LONGEST_RETRY_AFTER``."""
    return None if pause is None else min(pause, LONGEST_RETRY_AFTER)
