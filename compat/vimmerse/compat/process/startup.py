"""What the modules of this package share. Imports next to nothing: every Python process of a run loads it."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # type checkers take it for true; the typing module itself is not needed
if TYPE_CHECKING:
    from collections.abc import Callable

#: The libraries whose calls are translated.
LIBRARIES = ("requests", "httpx", "httpx2")


#: How the names of all folders begin in which runs keep the counts of calls.
FOLDER_PREFIX = "vimmerse-run-"


def folder_prefix() -> str:
    """Return how the name of the folder begins whose run is this process."""
    return f"{FOLDER_PREFIX}{os.getpid()}-"


_start: Callable[[], object] | None = None


def set_start(start: Callable[[], object]) -> None:
    """Set what installs the options of a run, in a process that waits for its first import of an HTTP library."""
    global _start
    _start = start


def ensure_started() -> None:
    """Install the options of the run now, so that a later ``install()`` comes on top of them."""
    if _start is not None:
        _start()
