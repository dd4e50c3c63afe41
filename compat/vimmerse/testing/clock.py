"""Sleeps that end at once, and clocks that move by what they would have taken.

So a wait for a job ends at once, its deadline still works, and a job of the emulator that takes a minute
(``AfterSeconds(60)``) ends after a minute of such sleeps.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pytest

#: Whose sleeps end at once: those of this library, all of the process, or none.
SkipSleeps = Literal["library", "all", "none"]

#: Parts of the library that keep real time: slow faults of the emulator, and how long a connection has been idle.
_REAL = ("vimmerse.emulator", "vimmerse.testing", "vimmerse._http.connections")


class VirtualClock:
    """The clock of one test. ``moved`` is called after each skipped sleep."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._monotonic = time.monotonic
        self._time = time.time
        self._everywhere = False
        self.moved: Callable[[], object] = lambda: None

    def monotonic(self) -> float:
        """Seconds, as ``time.monotonic``, with those that were skipped."""
        return self._monotonic() + self._ahead

    def install(self, monkeypatch: pytest.MonkeyPatch, which: SkipSleeps) -> None:
        """Replace ``sleep`` and the clocks of ``time`` and asyncio, until ``monkeypatch`` puts them back."""
        if which == "none":
            return
        self._everywhere = which == "all"
        from vimmerse._http import retries
        from vimmerse.jobs import loop

        sleep, sleep_async, sleep_until_retry = time.sleep, asyncio.sleep, retries.sleep_async

        def skipped(seconds: float) -> None:
            if not self._skips():
                sleep(seconds)
            elif seconds < 0:
                raise ValueError("sleep length must be non-negative")
            else:
                self._move_to(self.monotonic() + seconds)

        def skipped_async(delay: float, result: Any = None) -> Coroutine[Any, Any, Any]:
            if not self._skips() or delay <= 0:
                return sleep_async(delay, result)
            return move(delay, result)

        async def move(delay: float, result: Any) -> Any:
            end = self.monotonic() + delay
            await sleep_async(0)  # others that sleep at the same time begin now, and don't add to it
            self._move_to(end)
            return result

        async def move_until_retry(delay: float) -> None:
            end = self.monotonic() + delay
            await sleep_until_retry(0)
            self._move_to(end)

        monkeypatch.setattr(time, "sleep", skipped)
        monkeypatch.setattr(time, "monotonic", lambda: self.monotonic() if self._skips() else self._monotonic())
        monkeypatch.setattr(time, "time", lambda: self._time() + (self._ahead if self._everywhere else 0.0))
        monkeypatch.setattr(asyncio, "sleep", skipped_async)
        monkeypatch.setattr(retries, "sleep_async", move_until_retry)  # it sleeps on asyncio and trio
        monkeypatch.setattr(loop, "pause", skipped)  # otherwise batches wait for what may wake them
        monkeypatch.setattr(loop, "pause_async", skipped_async)

    def _move_to(self, moment: float) -> None:
        self._ahead = max(self._ahead, moment - self._monotonic())
        self.moved()

    def _skips(self) -> bool:
        """Whether the caller of the function that calls this one has virtual time."""
        name = str(sys._getframe(2).f_globals.get("__name__"))
        if name.startswith("vimmerse."):
            return not name.startswith(_REAL)
        return self._everywhere
