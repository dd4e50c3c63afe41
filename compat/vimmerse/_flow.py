"""Drive a generator that yields steps and is sent their results.

The generator holds the logic and does no network I/O, so one generator serves synchronous and asynchronous callers. An
exception raised while a step is performed is thrown into the generator, KeyboardInterrupt and cancellation included.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from contextlib import closing
from typing import Any, TypeVar, cast

Step = TypeVar("Step")
Result = TypeVar("Result")


def drive(flow: Generator[Step, Any, Result], perform: Callable[[Step], object]) -> Result:
    """Perform each step of ``flow`` and return the value that the flow returns."""
    with closing(flow):
        try:
            step = next(flow)
            while True:
                try:
                    result = perform(step)
                except BaseException as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(result)
        except StopIteration as end:
            return cast("Result", end.value)


async def drive_async(flow: Generator[Step, Any, Result], perform: Callable[[Step], Awaitable[object]]) -> Result:
    """Like :func:`drive`; the two differ by one ``await``."""
    with closing(flow):
        try:
            step = next(flow)
            while True:
                try:
                    result = await perform(step)
                except BaseException as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(result)
        except StopIteration as end:
            return cast("Result", end.value)
