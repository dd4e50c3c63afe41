"""Keeps the tests on this machine: in pytest's own process (conftest.py) and in every Python that it starts.

Python imports a module of this name at its start; conftest.py puts this directory on PYTHONPATH.
"""

from __future__ import annotations

import sys

LOOPBACK = {"", "localhost", "127.0.0.1", "::1"}
LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname"}
SENDS = {"socket.connect", "socket.sendto", "socket.sendmsg"}


class NetworkUseError(RuntimeError):
    """A test, or a program under test, wanted to reach another machine. No handler of network errors catches it."""


def stay_here(event: str, arguments: tuple[object, ...]) -> None:
    """The audit hook: an address of another machine is refused, its name is not even looked up."""
    if event in LOOKUPS:
        host = arguments[0]
    elif event in SENDS and isinstance(arguments[1], tuple):  # a Unix socket's address is text
        host = arguments[1][0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if name is not None and name not in LOOPBACK:
        raise NetworkUseError(f"{event} to {name!r}: the tests use this machine only")


sys.addaudithook(stay_here)
