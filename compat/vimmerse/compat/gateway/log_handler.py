"""A log handler that never waits for the reader of the log.

Writing blocks if the reader stalls (a full pipe, a paused terminal). So lines wait in a bounded queue, and a thread
writes them. A line that does not fit is dropped and counted. The thread collects lines for a moment, because to wake it
for each one costs as much as the rest of logging.
"""

import logging
import os
import queue
import select
import threading
import time
from collections.abc import Callable
from contextlib import suppress

MAX_WAITING = 4096  # lines
_BATCH = 256  # lines that are not kept waiting
_WHOLE = getattr(select, "PIPE_BUF", 512)  # bytes that another program's output on the same pipe can't interrupt


class NonBlockingLogHandler(logging.Handler):
    """Writes lines to a file descriptor: a stream has a lock that the interpreter waits for when it exits.

    Args:
        dropped: Makes the line that reports how many lines were dropped, once the reader continues.
        delay: Seconds for which lines are collected before they are written. On a terminal there is no delay, nor for
            a record with the attribute ``flush``.
    """

    def __init__(self, descriptor: int, format: str, dropped: Callable[[int], str], delay: float = 0.0) -> None:
        super().__init__()
        self.queue = queue.Queue[str | None](MAX_WAITING)
        self.setFormatter(logging.Formatter(format))
        self._descriptor = descriptor
        self._dropped_line = dropped
        self._dropped = 0
        self._unwritten = 0  # lines that the thread has taken from the queue
        self._delay = 0.0 if os.isatty(descriptor) else delay
        self._flush = threading.Event()
        self._thread = threading.Thread(target=self._run, name="vimmerse-log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Queue the record's line, or write it if the thread has ended."""
        try:
            line = self.format(record)
            if self._thread.is_alive():
                self.queue.put_nowait(line)
            else:
                self._write([line])
        except Exception:
            self.handleError(record)
        if getattr(record, "flush", False) or self.queue.qsize() >= _BATCH:
            self._flush.set()

    def handleError(self, record: logging.LogRecord) -> None:
        """Count a record that can't be formatted, or that the full queue does not take."""
        self._count_dropped(1)

    def stop(self, seconds: float) -> int:
        """Write the lines that wait, if possible within this time. Return how many were lost and not reported."""
        end = time.monotonic() + seconds
        self._delay = 0.0
        with suppress(queue.Full):
            self.queue.put(None, timeout=seconds)
            self._flush.set()
            self._thread.join(max(0.0, end - time.monotonic()))
        return self._dropped + (self._unwritten + self.queue.qsize() if self._thread.is_alive() else 0)

    def _run(self) -> None:
        ended = False
        while not ended:
            lines = [self.queue.get()]
            self._flush.wait(self._delay)
            self._flush.clear()
            with suppress(queue.Empty):
                while len(lines) < _BATCH:
                    lines.append(self.queue.get_nowait())
            ended = None in lines
            self._write([line for line in lines if line is not None])

    def _write(self, lines: list[str]) -> None:
        """Write lines with as few calls as possible, each with complete lines."""
        self._unwritten = len(lines)
        piece, count = b"", 0
        for line in lines:
            data = (line + "\n").encode("utf-8", "backslashreplace")
            if count and len(piece) + len(data) > _WHOLE:
                self._write_piece(piece, count)
                piece, count = b"", 0
            piece, count = piece + data, count + 1
        if count:
            self._write_piece(piece, count)

    def _write_piece(self, piece: bytes, lines: int) -> None:
        written = self._write_all(piece)
        self._unwritten -= lines
        if not written:
            self._count_dropped(lines)
            return
        dropped = self._dropped
        if dropped and self._write_all((self._dropped_line(dropped) + "\n").encode()):
            self._count_dropped(-dropped)

    def _write_all(self, left: bytes) -> bool:
        while left:
            try:
                left = left[os.write(self._descriptor, left) :]
            except BlockingIOError:  # another program that shares the terminal may have made it non-blocking
                select.select([], [self._descriptor], [])
            except OSError:  # the reader is gone
                return False
        return True

    def _count_dropped(self, lines: int) -> None:
        assert self.lock is not None
        with self.lock:
            self._dropped += lines
