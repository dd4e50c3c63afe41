"""Ctrl-C, SIGTERM and SIGHUP during a run: the first one ends it in an orderly way, the second one at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any

from vimmerse.cli.console import Console
from vimmerse.cli.exit_codes import HUNG_UP, INTERRUPTED, TERMINATED

# SIGHUP: the terminal was closed. Windows has no such signal.
_NAMES = {"SIGINT": INTERRUPTED, "SIGTERM": TERMINATED, "SIGHUP": HUNG_UP}
_CODES = {signal.Signals[name]: code for name, code in _NAMES.items() if hasattr(signal, name)}
_STOPPING = "Stopping: what is being sent is completed first. Ctrl-C again leaves at once."
_LEFT = b"\nvimmerse: Left at once. What was being sent is ambiguous now; the next run lists it.\n"
_SHOW_CURSOR = b"\x1b[?25h"


@dataclass
class Stop:
    """Whether a signal has come. ``exit_code``: that of the first one, or 0."""

    exit_code: int = 0


@contextmanager
def stopped_by_signals(stop: Callable[[], object], notify: Callable[[str], object], console: Console) -> Iterator[Stop]:
    """Call ``stop`` at the first signal, and end the process at the second one.

    Args:
        stop: Ends the run. It must be safe in a signal handler.
        notify: Shows a line below the bar.
        console: Shows it where there is no bar.
    """
    state = Stop()
    note = threading.Thread(target=console.note, args=(_STOPPING,), daemon=True)

    def handle(number: int, frame: FrameType | None) -> None:
        code = _CODES[signal.Signals(number)]
        if state.exit_code and code == HUNG_UP:
            return  # the kernel and the shell both send it
        if state.exit_code:
            with suppress(OSError):  # the terminal is gone
                os.write(2, (_SHOW_CURSOR if console.shows_bars else b"") + _LEFT)
            os._exit(code)  # the interpreter would wait for the threads that send
        state.exit_code = code
        stop()
        if console.shows_bars:
            notify(_STOPPING)
        else:  # not in this handler, which may have interrupted the output of another line
            note.start()

    before: dict[signal.Signals, Any] = {}
    if threading.current_thread() is threading.main_thread():
        # nohup, and the shell for a program in the background, let signals be ignored.
        before = {each: old for each in _CODES if (old := signal.getsignal(each)) not in (signal.SIG_IGN, None)}
    for number in before:
        signal.signal(number, handle)
    try:
        yield state
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if note.ident is not None:  # it was started
            note.join()
