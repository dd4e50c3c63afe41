"""Which line of the user's code is making the call.

The stack from a door up to the user holds frames of HTTP libraries, event loops and thread pools. The first frame
that belongs to none of them is the user's. A task has no caller on its stack but the event loop, so there
the search goes on in whoever awaits the task: directly, by ``gather``, ``wait`` or ``wait_for``, or in a
``TaskGroup``. The bookkeeping of asyncio that this reads is private; where it is missing the search falls back
to the line that started the loop.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from types import FrameType

#: Top-level packages that stand between a user's call and ours.
LIBRARIES = frozenset(
    {
        *("vimmerse", "requests", "urllib3", "httpx", "httpx2", "httpcore", "httpcore2"),
        *("asyncio", "anyio", "sniffio", "trio", "outcome", "uvloop", "gevent", "greenlet"),
        *("concurrent", "threading", "queue", "contextlib", "functools", "runpy", "importlib", "multiprocessing"),
        *("requests_toolbelt", "requests_cache", "requests_oauthlib", "cachecontrol", "responses"),
        *("hishel", "httpx_retries", "httpx_aiohttp", "tenacity", "backoff", "opentelemetry", "wrapt"),
    }
)


def user_frame() -> FrameType | None:
    """The innermost frame of the user's that led to the current call; None if there is none."""
    frame: FrameType | None = sys._getframe(1)
    in_task = False
    while frame is not None:
        # As is_users(), of all the frames of a library that stand between: this is looked for in every call.
        owner = _top(frame.f_globals.get("__name__"))
        if owner not in LIBRARIES and not frame.f_code.co_filename.startswith("<frozen "):
            return frame
        if not in_task and owner == "asyncio":
            in_task = True
            if (found := _awaiting_frame()) is not None:
                return found
        frame = frame.f_back
    return None


def package(frame: FrameType) -> str:
    """The top-level package whose code a frame runs."""
    return _top(frame.f_globals.get("__name__"))


def _top(module: object) -> str:
    return module.partition(".")[0] if isinstance(module, str) else ""


def is_users(frame: FrameType) -> bool:
    """Whether a frame is neither a library's nor the import system's."""
    return package(frame) not in LIBRARIES and not frame.f_code.co_filename.startswith("<frozen ")


def _awaiting_frame() -> FrameType | None:
    """Where the user's code awaits the running task, however indirectly."""
    asyncio = sys.modules["asyncio"]
    try:
        pending: list[object] = [asyncio.current_task()]
    except RuntimeError:  # the loop runs a plain callback
        return None
    seen: set[int] = set()
    while pending:
        waited = pending.pop(0)
        if id(waited) in seen:
            continue
        seen.add(id(waited))
        for waiter in _waiters(waited):
            coroutine_of = getattr(waiter, "get_coro", lambda: None)  # a plain future has none
            if (frame := _suspended_at(coroutine_of())) is not None:
                return frame
            pending.append(waiter)
    return None


def _waiters(future: object) -> Iterator[object]:
    """The tasks and futures that a future's callbacks will wake."""
    future_type = sys.modules["asyncio"].Future
    for entry in getattr(future, "_callbacks", None) or ():
        callback = entry[0]
        held: list[object] = [getattr(callback, "__self__", None), *getattr(callback, "args", ())]
        for cell in getattr(callback, "__closure__", None) or ():
            with suppress(ValueError):  # a cell that is not filled yet
                held.append(cell.cell_contents)
        for item in held:
            owner = getattr(item, "_parent_task", None)  # asyncio's TaskGroup
            host = getattr(getattr(item, "cancel_scope", None), "_host_task", None)  # anyio's
            queue = getattr(item, "_done", item)  # that of as_completed, which 3.13 keeps in an iterator
            getters = getattr(queue, "_getters", ())
            yield from (found for found in (item, owner, host, *getters) if isinstance(found, future_type))


def _suspended_at(coroutine: object) -> FrameType | None:
    """The innermost frame of the user's in a suspended chain of awaits."""
    found: FrameType | None = None
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None)
        if isinstance(frame, FrameType) and is_users(frame):
            found = frame
        coroutine = getattr(coroutine, "cr_await", None)
    return found
