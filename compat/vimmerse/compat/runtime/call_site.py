"""Which line of the user's code is making the call.

The stack from an entry point up to the user holds frames of HTTP libraries, event loops and thread pools. The first
frame that belongs to none of them is the user's. A task on its own (``gather``, a ``TaskGroup``, ``create_task``) has
no caller on its stack but the event loop: then it is the line that started the loop.
"""

from __future__ import annotations

import sys
from types import FrameType

#: Top-level packages that stand between a user's call and ours.
LIBRARIES = frozenset(
    {
        *("vimmerse", "requests", "urllib3", "httpx", "httpx2", "httpcore", "httpcore2"),
        *("http", "urllib", "socket"),
        *("asyncio", "anyio", "sniffio", "trio", "outcome", "uvloop", "gevent", "greenlet"),
        *("concurrent", "threading", "queue", "contextlib", "functools", "runpy", "importlib", "multiprocessing"),
        *("requests_toolbelt", "requests_cache", "requests_oauthlib", "cachecontrol", "responses"),
        *("hishel", "httpx_retries", "httpx_aiohttp", "tenacity", "backoff", "opentelemetry", "wrapt"),
    }
)


def user_frame() -> FrameType | None:
    """Return the innermost frame that led to the current call and is neither a library's nor the import system's."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        package = str(frame.f_globals.get("__name__")).partition(".")[0]
        if package not in LIBRARIES and not frame.f_code.co_filename.startswith("<frozen "):
            break
        frame = frame.f_back
    return frame
