"""Blocks connections to other machines, in pytest's process (conftest.py) and in every Python that it starts.

Python imports a module with this name when it starts; conftest.py adds this directory to PYTHONPATH.
"""

from __future__ import annotations

import sys
import threading
from typing import Any

LOOPBACK = {"", "localhost", "127.0.0.1", "::1"}
LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname"}
SENDS = {"socket.connect", "socket.sendto", "socket.sendmsg"}


class NetworkUseError(RuntimeError):
    """A test tried to reach another machine. Handlers of network errors do not catch this error."""


def block(event: str, arguments: tuple[object, ...]) -> None:
    """The audit hook: refuse connections to other machines, and name lookups."""
    if LOOKUPS is None:
        return  # Python has cleared this module: the process ends
    if event in LOOKUPS:
        host = arguments[0]
    elif event in SENDS and isinstance(arguments[1], tuple):  # a Unix socket's address is text
        host = arguments[1][0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if name is not None and name not in LOOPBACK:
        raise NetworkUseError(f"{event} to {name!r}: tests must not use the network")


def serialize_tracing() -> None:
    """Let only one thread at a time set its trace function.

    CPython 3.11 raises RuntimeError in a thread that sets a trace function while another thread is doing so. With an
    audit hook in Python, threads switch there. Under coverage a thread would then fail to start.
    """
    lock = threading.RLock()
    set_trace, set_trace_of_threads = sys.settrace, threading.settrace

    def locked_set_trace(function: Any) -> None:
        with lock:
            set_trace(function)

    def locked_set_trace_of_threads(function: Any) -> None:
        def start(*arguments: Any) -> Any:  # coverage's tracer sets itself here, in C
            with lock:
                return function(*arguments)

        set_trace_of_threads(function and start)

    for module, function in ((sys, locked_set_trace), (threading, locked_set_trace_of_threads)):
        setattr(module, "settrace", function)  # noqa: B010  # type checkers know it as a function
    threading.settrace(threading.gettrace())


sys.addaudithook(block)
if sys.version_info < (3, 12):
    serialize_tracing()
