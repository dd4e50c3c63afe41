"""Blocks connections to other machines, in pytest's process (conftest.py) and in every Python that it starts.

Python imports a module with this name when it starts; conftest.py adds this directory to PYTHONPATH.
"""

from __future__ import annotations

import sys

LOOPBACK = {"", "localhost", "127.0.0.1", "::1"}
LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname"}
SENDS = {"socket.connect", "socket.sendto", "socket.sendmsg"}


class NetworkUseError(RuntimeError):
    """A test tried to reach another machine. Handlers of network errors do not catch this error."""


def block(event: str, arguments: tuple[object, ...]) -> None:
    """The audit hook: refuse connections to other machines, and name look-ups."""
    if event in LOOKUPS:
        host = arguments[0]
    elif event in SENDS and isinstance(arguments[1], tuple):  # a Unix socket's address is text
        host = arguments[1][0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if name is not None and name not in LOOPBACK:
        raise NetworkUseError(f"{event} to {name!r}: tests must not use the network")


sys.addaudithook(block)
