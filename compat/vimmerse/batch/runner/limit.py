"""How many jobs may be on the server at once: fewer after each 429, one more after a while without.

The limit is halved and grows by one, as TCP's window does (additive increase, multiplicative decrease), so that batches
that share an account share what it allows. It reads no clock of its own.
"""

from __future__ import annotations

import random as _random
import time
from collections.abc import Callable

from vimmerse.jobs.schedule import Interval, bounded

#: Seconds between submissions that are refused for the time being, if the server doesn't say how long to wait.
BACKOFF = Interval(first=1.0, longest=60.0, factor=2.0, jitter=0.5)


class AdaptiveLimit:
    """The number of jobs that may be on the server at once, and the pause in which no job is submitted.

    ``maximum``: the limit at the start; it never grows above it.
    ``size``: the limit now, 1 or more.
    ``clock``, ``random``: replace ``time.monotonic`` and ``random.random``.

    Raises:
        TypeError, ValueError: ``maximum`` is not a whole number of 1 or more.
    """

    def __init__(
        self,
        maximum: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = _random.random,
    ) -> None:
        if isinstance(maximum, bool) or not isinstance(maximum, int):
            raise TypeError(f"concurrency must be a whole number, not {type(maximum).__name__}")
        if maximum < 1:
            raise ValueError(f"concurrency is {maximum}; it must be 1 or more")
        self.maximum = maximum
        self.size = maximum
        self._clock = clock
        self._random = random
        self._accepted = 0  # since the limit last changed
        self._reductions = 0
        self._refusals = 0  # without an accepted submission in between
        self._refused_since = 0.0
        self._paused_until = clock()

    def delay(self) -> float:
        """Seconds until jobs may be submitted."""
        return max(0.0, self._paused_until - self._clock())

    def allows(self, busy: int) -> bool:
        """Whether another job may be submitted now, while ``busy`` are submitted or on the server."""
        return busy < self.size and self.delay() <= 0

    def begin(self) -> int:
        """A job is being submitted. Return what :meth:`refused` needs to know."""
        return self._reductions

    def accepted(self) -> None:
        """A submission was accepted."""
        self.answered()
        self._accepted += 1
        if self.size < self.maximum and self._accepted >= self.size:
            self.size += 1
            self._accepted = 0

    def answered(self) -> None:
        """The service has answered a call, other than by a refusal for the time being."""
        self._refusals = 0

    def refused(self, begun: int, retry_after: float | None = None, *, too_many: bool) -> float:
        """A submission was refused for the time being. Return the seconds of the pause.

        Args:
            begun: What :meth:`begin` returned: submissions that began before the last reduction cause no other.
            retry_after: What the server asks for, in seconds.
            too_many: Whether the reason is the number of calls or jobs, and not the connection.
        """
        now = self._clock()
        if not self._refusals:
            self._refused_since = now
        self._refusals += 1
        if too_many and begun == self._reductions:
            self._reductions += 1
            self._accepted = 0
            self.size = max(1, self.size // 2)
        pause = bounded(retry_after)
        if pause is None:
            pause = BACKOFF.seconds(self._refusals - 1, self._random())
        self._paused_until = max(self._paused_until, now + pause)
        return self._paused_until - now

    def outage(self) -> float:
        """Seconds from the first to the last of the refusals in a row."""
        return self._clock() - self._refused_since if self._refusals else 0.0
