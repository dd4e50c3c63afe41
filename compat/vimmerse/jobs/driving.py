"""The two loops around a conversation. They differ by one ``await``.

A conversation is a generator that yields what it needs done -- look a job up, sleep, read some bytes -- is sent the
outcome, and returns its result. It does no I/O of its own but on local files. An exception of a step, a
KeyboardInterrupt or a cancellation too, is thrown into the conversation and comes out of it unless it is handled there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, TypeVar

Step = TypeVar("Step")
Result = TypeVar("Result")
Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait so many seconds. ``shared``: the server asked for it, so it is meant for every call to it."""

    seconds: float
    shared: bool = False


def drive(steps: Generator[Step, Any, Result], perform: Callable[[Step], object]) -> Result:
    """Hold the conversation."""
    outcome: object = None
    failure: BaseException | None = None
    with closing(steps):
        while True:
            try:
                step = steps.send(outcome) if failure is None else steps.throw(failure)
            except StopIteration as end:
                result: Result = end.value
                return result
            try:
                outcome, failure = perform(step), None
            except BaseException as error:
                outcome, failure = None, error


async def drive_async(steps: Generator[Step, Any, Result], perform: Callable[[Step], Awaitable[object]]) -> Result:
    """Hold the conversation."""
    outcome: object = None
    failure: BaseException | None = None
    with closing(steps):
        while True:
            try:
                step = steps.send(outcome) if failure is None else steps.throw(failure)
            except StopIteration as end:
                result: Result = end.value
                return result
            try:
                outcome, failure = await perform(step), None
            except BaseException as error:
                outcome, failure = None, error


def tell(listener: Callable[[Shown], object] | None, progress: Shown) -> None:
    """Show the progress to the caller."""
    if listener is not None:
        listener(progress)


async def tell_async(listener: Callable[[Shown], object] | None, progress: Shown) -> None:
    """Show the progress to the caller, whose function may be a coroutine function."""
    if listener is not None:
        answer = listener(progress)
        if isawaitable(answer):
            await answer


@contextmanager
def noting(text: Callable[[], str], own: type[BaseException]) -> Iterator[None]:
    """Add a note to whatever ends the block, except errors of our ``own``, whose texts say it already."""
    try:
        yield
    except BaseException as error:
        if not isinstance(error, own | GeneratorExit):
            error.add_note(text())
        raise
