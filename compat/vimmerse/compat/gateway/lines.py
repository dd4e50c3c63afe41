"""Lines of the log on their way out: whoever logs never waits for whoever reads.

A reader who stalls (a full pipe, a terminal on hold) makes ``write`` wait. So lines go into a queue of limited length,
and a thread for each stream writes them. A line that finds the queue full is dropped and counted; the count is written
once writing works again, or told at the end.
"""

from __future__ import annotations

import logging
import os
import queue
import select
import threading
import time
from collections.abc import Callable
from typing import TextIO

WAITING = 4096  # lines


class Lines(logging.Handler):
    """A handler that writes formatted records to a stream, from a thread of its own.

    ``dropped``: the line that tells how many were dropped.
    """

    def __init__(self, stream: TextIO, form: str, dropped: Callable[[int], str]) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter(form))
        self._stream = stream
        # Past the stream's buffer, for whose lock the interpreter would wait at its end.
        try:
            self._descriptor = stream.fileno()
        except (OSError, ValueError):  # a stream in memory
            self._descriptor = -1
        self._text = dropped
        self._dropped = 0
        self._counting = threading.Lock()
        self._queue: queue.Queue[str | None] = queue.Queue(WAITING)
        self._thread = threading.Thread(target=self._work, name="vimmerse-log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Never waits."""
        try:
            line = self.format(record)
        except Exception:  # logging's own answer to this is a traceback on standard error, which may wait
            self._drop()
            return
        if not self._thread.is_alive():
            self._write(line)
            return
        try:
            self._queue.put_nowait(line)
        except queue.Full:
            self._drop()

    def stop(self, seconds: float) -> int:
        """Write what waits, as long as ``seconds`` allow. Returns how many lines are lost, and were not told of."""
        end = time.monotonic() + seconds
        try:
            self._queue.put(None, timeout=seconds)
        except queue.Full:
            pass
        else:
            self._thread.join(max(0.0, end - time.monotonic()))
        waiting = self._queue.qsize() if self._thread.is_alive() else 0
        return self._dropped + waiting

    def _work(self) -> None:
        while (line := self._queue.get()) is not None:
            self._write(line)

    def _write(self, line: str) -> None:
        if not self._put(line):
            self._drop()
            return
        dropped = self._dropped
        if dropped and self._put(self._text(dropped)):
            self._drop(-dropped)

    def _put(self, line: str) -> bool:
        left = (line + "\n").encode("utf-8", "backslashreplace")
        try:
            if self._descriptor < 0:
                self._stream.write(line + "\n")
                return True
            while left:
                try:
                    left = left[os.write(self._descriptor, left) :]
                except BlockingIOError:  # somebody has made it a descriptor that does not wait
                    select.select([], [self._descriptor], [])
        except (OSError, ValueError):  # nobody will ever read it
            return False
        return True

    def _drop(self, lines: int = 1) -> None:
        with self._counting:
            self._dropped += lines
