"""A limit of time for each of many waits in a row.

Laws:

* As ``asyncio.timeout`` around each wait: the same error at the same moment, and anybody else's cancellation stays one.
* One timer serves all the waits. It is looked at when it rings, not set anew for each piece of a gigabyte.
"""

from __future__ import annotations

import asyncio
import math
from types import TracebackType


class Watchdog:
    """A context manager, entered for each wait. It takes one wait at a time."""

    __slots__ = ("_cancelling", "_due", "_expired", "_last", "_seconds", "_task", "_timer")

    def __init__(self, seconds: float, last: float = math.inf) -> None:
        """``seconds``: of each wait. ``last``: the time of the loop at which the waits must be over altogether."""
        self._seconds = seconds
        self._last = last
        self._due: float | None = None  # when the wait that is under way must be over
        self._timer: asyncio.TimerHandle | None = None
        self._expired = False

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        assert task is not None
        self._task, self._cancelling = task, task.cancelling()
        self._due = due = min(loop.time() + self._seconds, self._last)
        if self._timer is None:
            self._set(loop, due)

    def _set(self, loop: asyncio.AbstractEventLoop, when: float) -> None:
        self._timer = loop.call_at(when, self._ring, loop, when)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Raises ``TimeoutError``."""
        self._due = None
        if self._expired:
            self._expired = False
            if self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
                raise TimeoutError from error

    def _ring(self, loop: asyncio.AbstractEventLoop, when: float) -> None:
        self._timer = None
        if self._due is None:
            return  # nobody waits; the next wait sets it again
        if when < self._due:
            self._set(loop, self._due)
        else:
            self._expired = True
            self._task.cancel()

    def dismiss(self) -> None:
        """There will be no more waits, or not soon: no timer is left behind."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
