"""A log handler that never waits for the reader of the log.

Writing blocks if the reader stalls (a full pipe, a paused terminal). So records wait in a bounded queue, and a thread
writes them. A record that does not fit is dropped and counted.
"""

import logging
import os
import queue
import select
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from logging.handlers import QueueHandler

MAX_WAITING = 4096  # records


class NonBlockingLogHandler(QueueHandler):
    """Writes records to a file descriptor: a stream has a lock that the interpreter waits for when it exits.

    ``dropped`` makes the line that reports how many records were dropped, once the reader continues.
    """

    def __init__(self, descriptor: int, format: str, dropped: Callable[[int], str]) -> None:
        self._records = queue.Queue[logging.LogRecord | None](MAX_WAITING)
        super().__init__(self._records)
        self.setFormatter(logging.Formatter(format))
        self._descriptor = descriptor
        self._dropped_line = dropped
        self._dropped = 0
        self._thread = threading.Thread(target=self._run, name="vimmerse-log", daemon=True)
        self._thread.start()

    def handleError(self, record: logging.LogRecord) -> None:
        """Count a record that can't be formatted, or that the full queue does not take."""
        self._count_dropped(1)

    def stop(self, seconds: float) -> int:
        """Write the records that wait, if possible within this time. Return how many were lost and not reported."""
        end = time.monotonic() + seconds
        with suppress(queue.Full):
            self._records.put(None, timeout=seconds)
            self._thread.join(max(0.0, end - time.monotonic()))
        return self._dropped + (self._records.qsize() if self._thread.is_alive() else 0)

    def enqueue(self, record: logging.LogRecord) -> None:
        """Called by ``emit`` with a formatted record."""
        if self._thread.is_alive():
            self._records.put_nowait(record)
        else:
            self._write(record)

    def _run(self) -> None:
        while (record := self._records.get()) is not None:
            self._write(record)

    def _write(self, record: logging.LogRecord) -> None:
        if not self._write_line(record.msg):
            self._count_dropped(1)
            return
        dropped = self._dropped
        if dropped and self._write_line(self._dropped_line(dropped)):
            self._count_dropped(-dropped)

    def _write_line(self, line: str) -> bool:
        left = (line + "\n").encode("utf-8", "backslashreplace")
        while left:
            try:
                left = left[os.write(self._descriptor, left) :]
            except BlockingIOError:  # another program that shares the terminal may have made it non-blocking
                select.select([], [self._descriptor], [])
            except OSError:  # the reader is gone
                return False
        return True

    def _count_dropped(self, records: int) -> None:
        assert self.lock is not None
        with self.lock:
            self._dropped += records
