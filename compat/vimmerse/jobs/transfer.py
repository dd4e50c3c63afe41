"""Fetching one file, as a conversation: open, read, and after a cut go on where it was.

Laws:

* The host gets no key, no cookie and no credentials: each request is made from nothing, redirects too.
* What was received is only continued if the host proves that it is the same file (``If-Range``, ``Content-Range``).
  Otherwise it starts again.
* A part (206) is taken only where one was asked for, and only if it says how long the whole file is, or that is known.
* It is done when the announced length has arrived, neither less nor more.
* It gives up after so many failures without progress, and at the deadline.
"""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urljoin, urlsplit, urlunsplit

from vimmerse.jobs.driving import Sleep
from vimmerse.jobs.errors import DownloadError
from vimmerse.jobs.schedule import Interval, retry_after
from vimmerse.jobs.target import Target
from vimmerse.jobs.transient import passing_error, passing_status
from vimmerse.v2.client import USER_AGENT

REDIRECTS = 10
BACKOFF = Interval(first=0.5, longest=30.0, factor=2.0)
_PIECE = 64 * 1024  # bytes
# Up to 19 digits: hosts may send more, and Python refuses to read thousands of them.
_RANGE = re.compile(r"bytes\s+([0-9]{1,19})-([0-9]{1,19})/([0-9]{1,19}|\*)", re.IGNORECASE)
_LENGTH = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class Open:
    """Ask for the file; the outcome is a :class:`Head`, or an exception. What was open before is closed."""

    url: str
    headers: Mapping[str, str]
    patience: float  # seconds until the deadline: no silence may last longer


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of an answer; names of headers are found in any case."""

    status: int
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """Read on; the outcome is some bytes as they came, None at the end, or an exception."""


@dataclass(frozen=True, slots=True)
class Do:
    """Call a function that may have to wait for the disk."""

    function: Callable[[], None]


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """How far a download is.

    ``received``: bytes of the file so far. ``total``: its length, or None if the host did not say.
    ``elapsed``: seconds. ``attempts``: requests so far, redirects not counted.
    """

    received: int
    total: int | None
    elapsed: float
    attempts: int


@dataclass(frozen=True, slots=True)
class Report:
    """Show the progress to the caller."""

    progress: DownloadProgress


READ = Read()
Step = Open | Read | Do | Sleep | Report
Steps = Generator[Step, Any, None]


@dataclass(frozen=True, slots=True)
class Limits:
    """How hard to try: seconds in all (None: no limit), failures in a row, and the times that they are measured by."""

    timeout: float | None
    retries: int
    clock: Callable[[], float]
    random: Callable[[], float]
    wall: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        if self.timeout is not None and not self.timeout > 0:
            raise ValueError(f"timeout is {self.timeout!r}; it must be a number of seconds, or None for no limit")
        if self.retries < 0:
            raise ValueError(f"retries is {self.retries!r}; it must be 0 or more")


class _Again(Exception):
    """This attempt has failed; another may not."""

    def __init__(self, why: str, *, after: float | None = None, status: int | None = None) -> None:
        super().__init__(why)
        self.after = after
        self.status = status


class Transfer:
    """One download."""

    def __init__(
        self, url: str, target: Target, limits: Limits, *, resume: bool, expected_size: int | None, job_id: str = ""
    ) -> None:
        self.url = checked_url(url)
        self.path = target.path
        self._target = target
        self._limits = limits
        self._resume = resume
        self._expected = expected_size
        self._job_id = job_id
        self._started = limits.clock()
        self._validator = ""  # what proves that it is still the same file
        self._etag = self._modified = ""  # of the answer that the file began with
        self._asked = False  # for a part
        self._end: int | None = None  # where the part that is being read ends
        self._gunzip: _Gunzip | None = None
        self._attempts = 0
        self.received = 0
        self.total: int | None = None

    def run(self) -> Steps:
        """The conversation.

        Raises:
            DownloadError: the file can't be had.
            FileExistsError: something has taken its name meanwhile.
        """
        try:
            with self._writing():
                yield Do(self._target.open)
            yield from self._receive()
            with self._writing():
                yield Do(self._target.seal)
                yield Do(self._target.publish)
        finally:
            self._target.discard()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except FileExistsError:
            raise
        except OSError as error:
            self._fail(f"it can't be written: {error.strerror or error}", cause=error)

    def _receive(self) -> Steps:
        failures, most = 0, 0
        while True:
            try:
                yield from self._attempt()
                return
            except _Again as problem:
                if self.received > most:
                    failures, most = 0, self.received
                failures += 1
                delay = BACKOFF.seconds(failures - 1, self._limits.random())
                if problem.after is not None:
                    delay = max(delay, problem.after)
                if failures > self._limits.retries:
                    self._fail(f"{problem}; {failures} attempts in a row failed", problem)
                if self._left() <= delay:
                    self._fail(f"{problem}, and the time is up", problem)
            yield Sleep(delay)

    def _attempt(self) -> Steps:
        self._attempts += 1
        head = yield from self._open()
        self._begin(head)
        yield self._report()
        while True:
            chunk = yield from self._perform(READ)
            if chunk is None:
                break
            for piece in self._gunzip.pieces(chunk) if self._gunzip else (chunk,):
                self._take(piece)
            yield self._report()
            if self._left() <= 0 and self.received != self.total:
                self._fail("the time is up")
        self._check_length()

    def _perform(self, step: Open | Read) -> Generator[Step, Any, Any]:
        try:
            return (yield step)
        except Exception as error:
            why = f"the connection failed ({_described(error, self.url)})"
            if passing_error(error):
                raise _Again(why) from error
            self._fail(why, cause=error)

    def _open(self) -> Generator[Step, Any, Head]:
        headers = {
            "Accept": "*/*",
            "Accept-Encoding": "identity",  # ranges and lengths then count the file's own bytes
            "User-Agent": USER_AGENT,
        }
        self._asked = bool(self.received and self._resume and self._validator)
        if self._asked:
            headers["Range"] = f"bytes={self.received}-"
            headers["If-Range"] = self._validator
        url = self.url
        for _ in range(REDIRECTS + 1):
            left = self._left()
            if left <= 0:
                self._fail("the time is up")
            head: Head = yield from self._perform(Open(url, headers, left))
            if head.status not in (301, 302, 303, 307, 308):
                return head
            try:
                url = checked_url(urljoin(url, head.headers.get("location", "")))
            except ValueError as error:
                self._fail(f"the host redirects to an address that is not followed: {error}")
        self._fail(f"the host redirects more than {REDIRECTS} times")

    def _begin(self, head: Head) -> None:
        """Judge the answer; afterwards the bytes to come continue what is there."""
        if head.status == 206:
            self._continue(head)
            return
        if head.status == 416:
            self._forget()
            raise _Again("the host has no such range")
        if head.status != 200:
            self._refused(head)
        if head.headers.get("content-type", "").lower().startswith("text/html"):
            self._fail("the host answered with a web page instead of a file", status=200)
        self._forget()
        with self._writing():
            self._target.restart()
        self.received = 0
        encoding = head.headers.get("content-encoding", "").strip().lower()
        if encoding in ("gzip", "x-gzip"):
            # Lengths and ranges count the compressed bytes, which are not what is kept.
            self._gunzip = _Gunzip()
            return
        if encoding not in ("", "identity"):
            self._fail(f"the host sends it compressed ({encoding!r}), though it was asked not to", status=200)
        length = head.headers.get("content-length", "").strip()
        if length and not _LENGTH.fullmatch(length):
            self._fail("the host announces a length that is no number of bytes", status=200)
        self.total = int(length) if length else None
        self._etag, self._modified = _identity(head)
        # A weak ETag promises a like file, not the same bytes.
        self._validator = self._etag if self._etag.startswith('"') else self._modified
        if self.total is not None:
            self._check_expected(self.total)

    def _continue(self, head: Head) -> None:
        match = _RANGE.fullmatch(head.headers.get("content-range", "").strip())
        encoding = head.headers.get("content-encoding", "").strip().lower()
        several = head.headers.get("content-type", "").strip().lower().startswith("multipart/")
        if not self._asked:
            self._forget()
            raise _Again("the host sent a part, though the whole file was asked for")
        if match is None or several or encoding not in ("", "identity"):
            self._forget()
            raise _Again("the host sent a part that can't be used")
        first, last = int(match[1]), int(match[2])
        total = None if match[3] == "*" else int(match[3])
        etag, modified = _identity(head)
        # A part has to say its ETag again, and need not say when the file was modified (RFC 9110, section 15.3.7).
        changed = (
            etag != self._etag
            or (self._modified and modified not in ("", self._modified))
            or (None not in (total, self.total) and total != self.total)
        )
        total = self.total if total is None else total
        if changed or first != self.received or last < first or (total is not None and last >= total):
            self._forget()
            raise _Again("the host sent another part than the one that was asked for")
        if total is None:
            # Its end may be the file's, or not: nothing would tell.
            self._forget()
            raise _Again("the host sent a part of a file whose length it does not tell")
        self.total, self._end = total, last + 1

    def _refused(self, head: Head) -> NoReturn:
        status = head.status
        if passing_status(status):
            raise _Again(
                f"the host answered {status}", after=retry_after(head.headers, self._limits.wall()), status=status
            )
        if status in (401, 403, 404, 410):
            hint = " (the address may have expired: look the job up again for a fresh one)"
        else:
            hint = ""
        self._fail(f"the host answered {status}{hint}", status=status)

    def _forget(self) -> None:
        """Nothing is known of the file: the next attempt starts again."""
        self._validator, self._etag, self._modified = "", "", ""
        self._gunzip, self.total, self._end = None, None, None

    def _take(self, piece: bytes) -> None:
        size = self.received + len(piece)
        if self.total is not None and size > self.total:
            self._fail(f"the host sends more than the {self.total} bytes that it announced")
        if self._end is not None and size > self._end:
            self._forget()
            raise _Again("the host sent more than the part that it announced")
        if self._expected is not None and size > self._expected:
            self._check_expected(size)
        with self._writing():
            self._target.write(piece)
        self.received = size

    def _check_length(self) -> None:
        if self._gunzip is not None and not self._gunzip.complete:
            raise _Again("the compressed file ended early")
        if self.total is not None and self.received < self.total:
            raise _Again(f"the file ended after {self.received} of {self.total} bytes")
        if not self.received:
            raise _Again("the host sent an empty file")
        self._check_expected(self.received)

    def _check_expected(self, size: int) -> None:
        if self._expected is not None and size != self._expected:
            self._fail(f"its size is not the {self._expected} bytes that were expected, but {size} or more")

    def _report(self) -> Report:
        elapsed = self._limits.clock() - self._started
        return Report(DownloadProgress(self.received, self.total, elapsed, self._attempts))

    def _left(self) -> float:
        timeout = self._limits.timeout
        return float("inf") if timeout is None else timeout - (self._limits.clock() - self._started)

    def describe(self) -> str:
        """The download, for a message."""
        job = f" of {self._job_id}" if self._job_id else ""
        return f"{safe_url(self.url)}{job} to {self.path}"

    def failure(self, why: str, status: int | None = None) -> DownloadError:
        """The error that says why there is no file."""
        arrived = f"{self.received} bytes" + ("" if self.total is None else f" of {self.total}")
        return DownloadError(
            f"Download of {self.describe()}: {why}. {arrived} had arrived and are not kept; nothing was put there. "
            "Call download() again, or look the job up first: addresses of files expire.",
            url=safe_url(self.url),
            path=str(self.path),
            received=self.received,
            total=self.total,
            http_status=status,
            job_id=self._job_id,
        )

    def _fail(
        self, why: str, problem: _Again | None = None, *, status: int | None = None, cause: Exception | None = None
    ) -> NoReturn:
        if problem is not None:
            status, cause = problem.status, problem.__cause__ if isinstance(problem.__cause__, Exception) else None
        raise self.failure(why, status) from cause


def _identity(head: Head) -> tuple[str, str]:
    """What tells one state of a file from another: its ETag and when it was modified."""
    return head.headers.get("etag", "").strip(), head.headers.get("last-modified", "").strip()


class _Gunzip:
    """Unpacks gzip in pieces, whatever a small input swells to; ``complete`` says whether its end was seen."""

    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(wbits=31)
        self.complete = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self.complete:  # another member follows
                self._decoder, self.complete = zlib.decompressobj(wbits=31), False
            try:
                piece = self._decoder.decompress(data, _PIECE)
            except zlib.error:
                raise _Again("the compressed file is damaged") from None
            self.complete = self._decoder.eof
            data = self._decoder.unused_data if self.complete else self._decoder.unconsumed_tail
            yield piece


def checked_url(url: str) -> str:
    """``url`` as it is, if a file may be fetched from it.

    Raises:
        ValueError: it is no http or https URL with a host, or holds credentials. The text has no secret.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        raise ValueError("it is no URL") from None
    if not usable:
        shown = repr(safe_url(url)) if "://" in url else "the address"  # what is no URL at all may be a key
        raise ValueError(f"{shown} is no http or https URL with a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"{safe_url(url)!r} must have no credentials")
    return url


def safe_url(url: str) -> str:
    """``url`` without query, fragment and credentials."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _described(error: Exception, url: str) -> str:
    query = urlsplit(url).query
    text = f"{type(error).__name__}: {error}".removesuffix(": ")
    return text.replace(query, "...") if query else text
