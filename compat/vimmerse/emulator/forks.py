"""Running emulators and ``os.fork``: a child lets go of the sockets that it inherited.

A listening socket stays open while any process holds it. So without this a forked worker would keep the port after
its parent has stopped the emulator. Programs started by exec inherit nothing: Python's sockets close there.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Protocol
from weakref import WeakSet


class Forkable(Protocol):
    """What has to let go of something in a forked child."""

    def after_fork(self) -> None:
        """Called in the child, which has no other threads."""


running: WeakSet[Forkable] = WeakSet()


def let_go(descriptors: Iterable[int]) -> None:
    """Release what the descriptors stand for, and keep their numbers taken.

    A descriptor that is closed behind the back of its Python object would be closed by it once more, when its
    number may be someone else's.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    try:
        for descriptor in descriptors:
            if descriptor >= 0:
                os.dup2(nothing, descriptor, inheritable=False)
    finally:
        os.close(nothing)


def _in_child() -> None:
    for one in list(running):
        one.after_fork()
    running.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
