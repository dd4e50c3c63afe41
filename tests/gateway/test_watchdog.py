"""Limits of time, on a clock that nobody waits for: it jumps to the next timer whenever there is nothing else to do."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import pytest
from vimmerse.compat.gateway.watchdog import Watchdog


class Jumping(asyncio.SelectorEventLoop):
    """A loop with a clock of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers = 0
        loop = self

        class Selector(selectors.DefaultSelector):
            def select(self, timeout: float | None = None) -> Any:
                loop.now += timeout or 0.0
                return super().select(0)

        super().__init__(Selector())

    def time(self) -> float:
        return self.now

    def call_at(self, *given: Any, **options: Any) -> asyncio.TimerHandle:  # type: ignore[override]  # passed on
        self.timers += 1
        return super().call_at(*given, **options)


def run(work: Coroutine[Any, Any, None]) -> Jumping:
    loop = Jumping()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(work)
    return loop


async def forever() -> None:
    await asyncio.get_running_loop().create_future()


def test_a_wait_that_is_too_long_ends() -> None:
    async def work() -> None:
        watchdog = Watchdog(5)
        for end in (5, 10):  # it may be used again
            with pytest.raises(TimeoutError), watchdog:
                await forever()
            assert asyncio.get_running_loop().time() == pytest.approx(end)
        task = asyncio.current_task()
        assert task is not None
        assert task.cancelling() == 0

    run(work())


def test_each_wait_has_the_whole_time() -> None:
    async def work() -> None:
        watchdog = Watchdog(5)
        for _ in range(1000):
            with watchdog:
                await asyncio.sleep(1)
        with pytest.raises(TimeoutError), watchdog:
            await forever()
        assert asyncio.get_running_loop().time() == pytest.approx(1005)

    loop = run(work())
    assert loop.timers - 1000 <= 1000 / 4 + 2, "it is not set anew for each wait"


def test_what_does_not_wait_sets_one_timer_in_all() -> None:
    async def work() -> None:
        watchdog = Watchdog(5)
        for _ in range(1000):
            with watchdog:
                await asyncio.sleep(0)
        watchdog.dismiss()

    assert run(work()).timers == 1


def test_between_two_waits_there_is_no_limit() -> None:
    async def work() -> None:
        watchdog = Watchdog(5)
        with watchdog:
            await asyncio.sleep(4)
        await asyncio.sleep(60)
        with watchdog:
            await asyncio.sleep(4)
        with pytest.raises(TimeoutError), watchdog:
            await forever()
        assert asyncio.get_running_loop().time() == pytest.approx(73)

    run(work())


def test_no_timer_is_left_behind() -> None:
    async def work() -> None:
        watchdog = Watchdog(5)
        watchdog.dismiss()  # none was set yet
        with watchdog:
            await asyncio.sleep(0)
        watchdog.dismiss()
        watchdog.dismiss()
        assert watchdog._timer is None
        with watchdog:
            await asyncio.sleep(1)
        assert watchdog._timer is not None

    run(work())


def test_no_time_at_all() -> None:
    async def work() -> None:
        with pytest.raises(TimeoutError), Watchdog(0):
            await forever()
        with Watchdog(0):
            pass  # what need not wait is not too late

    run(work())


def test_errors_come_out_as_they_are() -> None:
    async def work() -> None:
        with pytest.raises(ConnectionResetError), Watchdog(5):
            raise ConnectionResetError

    run(work())


@pytest.mark.parametrize("after", [1, 5])
def test_anybody_elses_cancellation_is_one(after: int) -> None:
    """Also where it comes in the very moment in which the time is over."""

    async def wait() -> None:
        with Watchdog(5):
            await forever()

    async def work() -> None:
        task = asyncio.create_task(wait())
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_at(after, task.cancel)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert asyncio.get_running_loop().time() == pytest.approx(after)

    run(work())


def test_a_wait_that_ends_well_in_spite_of_it() -> None:
    async def work() -> None:
        with Watchdog(5), suppress(asyncio.CancelledError):  # what has come until then is enough
            await forever()
        task = asyncio.current_task()
        assert task is not None
        assert task.cancelling() == 0

    run(work())
