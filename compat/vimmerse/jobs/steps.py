"""What the flows of waiting and downloading share. They yield the steps to perform, see :mod:`vimmerse._flow`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import isawaitable
from typing import TypeVar

Progress = TypeVar("Progress")


@dataclass(frozen=True, slots=True)
class Sleep:
    """Sleep for ``seconds``. ``shared``: the server asked for the pause, so it applies to all jobs."""

    seconds: float
    shared: bool = False


async def notify_async(callback: Callable[[Progress], object] | None, progress: Progress) -> None:
    """Call ``on_progress``, which may be a coroutine function."""
    if callback is not None:
        result = callback(progress)
        if isawaitable(result):
            await result


@contextmanager
def add_note_unless(own: type[BaseException], text: Callable[[], str]) -> Iterator[None]:
    """Add a note to an exception that leaves the block, unless its type is ``own``: those say it in their message."""
    try:
        yield
    except BaseException as error:
        if not isinstance(error, own | GeneratorExit):
            error.add_note(text())
        raise
