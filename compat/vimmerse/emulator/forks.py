"""Running emulators and ``os.fork``: a child gives up the sockets that it inherited.

A listening socket stays open while any process holds it. Without this a forked worker would keep the port after its
parent has stopped the emulator. Programs started by exec inherit nothing: Python closes its sockets there.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Protocol
from weakref import WeakSet


class Forkable(Protocol):
    """An object with sockets to give up in a forked child."""

    def after_fork(self) -> None:
        """Called in the child, which has no other threads."""


running: WeakSet[Forkable] = WeakSet()


def release(descriptors: Iterable[int]) -> None:
    """Close what the descriptors refer to, but keep their numbers taken.

    If the numbers were free, the Python objects that own them would later close someone else's files.
    """
    null = os.open(os.devnull, os.O_RDWR)
    try:
        for descriptor in descriptors:
            if descriptor >= 0:
                os.dup2(null, descriptor, inheritable=False)
    finally:
        os.close(null)


def _in_child() -> None:
    for emulator in list(running):
        emulator.after_fork()
    running.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
