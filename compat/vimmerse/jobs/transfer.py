"""Download one file: open it, read it, and resume after an interruption.

Rules:

* The host gets no API key, no cookie and no credentials. Every request is built from nothing, redirects too.
* What was received is only continued if the host proves that the file is still the same (``If-Range``,
  ``Content-Range``). Otherwise the download starts again.
* A part (206) is only accepted if it was requested and the length of the complete file is known.
* A download is complete when the announced length has arrived, neither less nor more.
"""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx
from vimmerse._http.retries import is_transient_error, is_transient_status, retry_after
from vimmerse.jobs.errors import DownloadError
from vimmerse.jobs.schedule import Interval, Sleep, bounded
from vimmerse.jobs.target import Target
from vimmerse.v2.client import USER_AGENT

#: Seconds to connect, and to wait for data.
CONNECT_TIMEOUT, READ_TIMEOUT = 10.0, 60.0
MAX_REDIRECTS = 10
BACKOFF = Interval(first=0.5, longest=30.0, factor=2.0)
_PIECE = 64 * 1024  # bytes
# At most 19 digits: int() raises ValueError for thousands of them.
_RANGE = re.compile(r"bytes\s+([0-9]{1,19})-([0-9]{1,19})/([0-9]{1,19}|\*)", re.IGNORECASE)
_LENGTH = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """The state of a download.

    ``received``: bytes of the file so far. ``total``: its length, or None if the host did not say.
    ``elapsed``: seconds. ``attempts``: requests so far, not counting redirects.
    """

    received: int
    total: int | None
    elapsed: float
    attempts: int


# The steps of a download: send this request, after closing the last response; read some bytes of this response, as they
# come, or None at its end; sleep; show this progress to the caller; call this function, which may wait for the disk.
Step = httpx.Request | httpx.Response | Sleep | DownloadProgress | Callable[[], None]
Flow = Generator[Step, Any, None]


class _Retry(Exception):
    """This attempt has failed; another one may succeed. ``after``: not before so many seconds."""

    def __init__(self, reason: str, *, after: float = 0.0, status: int | None = None) -> None:
        super().__init__(reason)
        self.after = after
        self.status = status


@dataclass(slots=True)
class _RemoteFile:
    """What the host has reported about the file since the download last started at the first byte."""

    etag: str = ""
    modified: str = ""
    total: int | None = None
    part_end: int | None = None  # where the part that is being read ends
    gunzip: _Gunzip | None = None

    @property
    def validator(self) -> str:
        """What proves that the file is still the same. A weak ETag stands for a similar file, not the same bytes."""
        return self.etag if self.etag.startswith('"') else self.modified


@dataclass(frozen=True, slots=True)
class DownloadOptions:
    """The options of ``download`` that its attempts depend on."""

    timeout: float | None
    retries: int
    resume: bool
    expected_size: int | None
    clock: Callable[[], float]
    random: Callable[[], float]

    def __post_init__(self) -> None:
        if self.timeout is not None and not self.timeout > 0:
            raise ValueError(f"timeout is {self.timeout!r}; it must be a number of seconds, or None for no limit")
        if self.retries < 0:
            raise ValueError(f"retries is {self.retries!r}; it must be 0 or more")


class Transfer:
    """One download."""

    def __init__(self, url: str, target: Target, options: DownloadOptions, job_id: str) -> None:
        self.path = target.path
        self.url = checked_url(url)
        self._target = target
        self._options = options
        self.job_id = job_id
        self._started = options.clock()
        self._deadline = self._started + (float("inf") if options.timeout is None else options.timeout)
        self._remote = _RemoteFile()
        self._received = 0
        self._attempts = 0

    def run(self) -> Flow:
        """Download the file, or raise ``DownloadError``, or ``FileExistsError`` if another file has taken its name."""
        try:
            with self._writing():
                yield self._target.open
            yield from self._receive()
            with self._writing():
                yield self._target.publish
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

    def _receive(self) -> Flow:
        failures = most_received = 0
        while True:
            try:
                yield from self._attempt()
                return
            except _Retry as error:
                if self._received > most_received:
                    failures, most_received = 0, self._received
                failures += 1
                delay = max(error.after, BACKOFF.seconds(failures - 1, self._options.random()))
                if failures > self._options.retries:
                    self._fail(f"{error}; {failures} attempts in a row failed", error.status, error.__cause__)
                if self._remaining() <= delay:
                    self._fail(f"{error}, and the timeout has expired", error.status, error.__cause__)
            yield Sleep(delay)

    def _attempt(self) -> Flow:
        self._attempts += 1
        can_resume = bool(self._received and self._options.resume and self._remote.validator)
        response = yield from self._open(can_resume)
        if response.status_code == 206:
            self._continue(response, can_resume)
        else:
            self._start(response)
        yield self.progress()
        while (chunk := (yield from self._perform(response))) is not None:
            for piece in self._remote.gunzip.pieces(chunk) if self._remote.gunzip else (chunk,):
                self._write(piece)
            yield self.progress()
            if self._remaining() <= 0 and self._received != self._remote.total:
                self._fail("the timeout has expired")
        self._check_complete()

    def _perform(self, step: httpx.Request | httpx.Response) -> Generator[Step, Any, Any]:
        try:
            return (yield step)
        except Exception as error:
            reason = f"the connection failed ({_description(error, self.url)})"
            if is_transient_error(error):
                raise _Retry(reason) from error
            self._fail(reason, cause=error)

    def _open(self, can_resume: bool) -> Generator[Step, Any, httpx.Response]:
        headers = {
            "Accept": "*/*",
            "Accept-Encoding": "identity",  # so that ranges and lengths count the file's own bytes
            "User-Agent": USER_AGENT,
        }
        if can_resume:
            headers["Range"] = f"bytes={self._received}-"
            headers["If-Range"] = self._remote.validator
        url = self.url
        for _ in range(MAX_REDIRECTS + 1):
            remaining = self._remaining()
            if remaining <= 0:
                self._fail("the timeout has expired")
            timeout = httpx.Timeout(min(READ_TIMEOUT, remaining), connect=min(CONNECT_TIMEOUT, remaining))
            request = httpx.Request("GET", url, headers=headers, extensions={"timeout": timeout.as_dict()})
            response: httpx.Response = yield from self._perform(request)
            if response.status_code not in (301, 302, 303, 307, 308):
                return response
            try:
                url = checked_url(urljoin(url, response.headers.get("location", "")))
            except ValueError as error:
                self._fail(f"the host redirects to an address that is not followed: {error}")
        self._fail(f"the host redirects more than {MAX_REDIRECTS} times")

    def _start(self, response: httpx.Response) -> None:
        """Check a response that should contain the entire file, and truncate the target for it."""
        status, headers = response.status_code, response.headers
        if status == 416:
            self._start_again("the host has no such range")
        if is_transient_status(status):
            after = bounded(retry_after(headers, time.time())) or 0.0
            raise _Retry(f"the host returned {status}", after=after, status=status)
        if status in (401, 403, 404, 410):
            self._fail(f"the host returned {status} (the URL may have expired: look the job up for a new one)", status)
        if status != 200:
            self._fail(f"the host returned {status}", status)
        if headers.get("content-type", "").lower().startswith("text/html"):
            self._fail("the host returned a web page instead of the file", status)
        self._remote = _RemoteFile()
        with self._writing():
            self._target.truncate()
        self._received = 0
        encoding = _header(response, "content-encoding").lower()
        if encoding in ("gzip", "x-gzip"):
            # Lengths and ranges count the compressed bytes, which are not kept.
            self._remote.gunzip = _Gunzip()
            return
        if encoding not in ("", "identity"):
            self._fail(f"the host sends it compressed ({encoding!r}), although it was asked not to", status)
        length = _header(response, "content-length")
        if length and not _LENGTH.fullmatch(length):
            self._fail("the host announces a length that is not a number of bytes", status)
        self._remote.etag, self._remote.modified = _header(response, "etag"), _header(response, "last-modified")
        if length:
            self._remote.total = int(length)
            self._check_expected(int(length))

    def _continue(self, response: httpx.Response, can_resume: bool) -> None:
        """Check a response with a part of the file: it must continue what was received."""
        if not can_resume:
            self._start_again("the host sent part of the file, although all of it was requested")
        match = _RANGE.fullmatch(_header(response, "content-range"))
        is_multipart = _header(response, "content-type").lower().startswith("multipart/")
        is_encoded = _header(response, "content-encoding").lower() not in ("", "identity")
        if match is None or is_multipart or is_encoded:
            self._start_again("the host sent a part that can't be used")
        remote = self._remote
        first, last = int(match[1]), int(match[2])
        total = remote.total if match[3] == "*" else int(match[3])
        # A part has to repeat the ETag, and may leave out the date of modification (RFC 9110, section 15.3.7).
        changed = (
            _header(response, "etag") != remote.etag
            or (remote.modified and _header(response, "last-modified") not in ("", remote.modified))
            or (remote.total is not None and total != remote.total)
        )
        if changed or first != self._received or last < first or (total is not None and last >= total):
            self._start_again("the host sent a part other than the requested one")
        if total is None:
            # Then it is unknown whether the part ends where the file does.
            self._start_again("the host sent part of a file without its total length")
        remote.total, remote.part_end = total, last + 1

    def _start_again(self, reason: str) -> NoReturn:
        """End this attempt; the next one starts at the first byte."""
        self._remote = _RemoteFile()
        raise _Retry(reason)

    def _write(self, piece: bytes) -> None:
        size = self._received + len(piece)
        if self._remote.total is not None and size > self._remote.total:
            self._fail(f"the host sends more than the {self._remote.total} bytes that it announced")
        if self._remote.part_end is not None and size > self._remote.part_end:
            self._start_again("the host sent more than the part that it announced")
        if self._options.expected_size is not None and size > self._options.expected_size:
            self._check_expected(size)
        with self._writing():
            self._target.write(piece)
        self._received = size

    def _check_complete(self) -> None:
        gunzip, total = self._remote.gunzip, self._remote.total
        if gunzip is not None and not gunzip.complete:
            raise _Retry("the compressed file ended early")
        if total is not None and self._received < total:
            raise _Retry(f"the file ended after {self._received} of {total} bytes")
        if not self._received:
            raise _Retry("the host sent an empty file")
        self._check_expected(self._received)

    def _check_expected(self, size: int) -> None:
        expected = self._options.expected_size
        if expected is not None and size != expected:
            self._fail(f"its size is not the {expected} bytes that were expected, but {size} or more")

    def progress(self) -> DownloadProgress:
        """The state of the download."""
        elapsed = self._options.clock() - self._started
        return DownloadProgress(self._received, self._remote.total, elapsed, self._attempts)

    def _remaining(self) -> float:
        return self._deadline - self._options.clock()

    def note(self) -> str:
        """The note on an exception that interrupts the download."""
        return f"The download of {self._description()} was interrupted. Nothing was saved; you can download it again."

    def _description(self) -> str:
        job = f" of {self.job_id}" if self.job_id else ""
        return f"{safe_url(self.url)}{job} to {self.path}"

    def _fail(self, reason: str, status: int | None = None, cause: BaseException | None = None) -> NoReturn:
        received, total = self._received, self._remote.total
        arrived = f"{received} bytes" + ("" if total is None else f" of {total}")
        raise DownloadError(
            f"Download of {self._description()}: {reason}. {arrived} were received and discarded; nothing was saved. "
            "Call download() again, or look the job up first: file URLs expire.",
            url=safe_url(self.url),
            path=str(self.path),
            received=received,
            total=total,
            http_status=status,
            job_id=self.job_id,
        ) from cause


def _header(response: httpx.Response, name: str) -> str:
    value: str = response.headers.get(name, "")
    return value.strip()


class _Gunzip:
    """Decompresses gzip in pieces of limited size; ``complete`` says whether the end was seen."""

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
                raise _Retry("the compressed file is damaged") from None
            self.complete = self._decoder.eof
            data = self._decoder.unused_data if self.complete else self._decoder.unconsumed_tail
            yield piece


def checked_url(url: str) -> str:
    """Return ``url``, or raise ``ValueError`` if no file may be downloaded from it. The message has no secret."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        raise ValueError("it is not a URL") from None
    if not usable:
        shown = repr(safe_url(url)) if "://" in url else "the address"  # text that is not a URL may be a key
        raise ValueError(f"{shown} is not an http or https URL with a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"{safe_url(url)!r} must have no credentials")
    return url


def safe_url(url: str) -> str:
    """``url`` without query, fragment and credentials."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _description(error: Exception, url: str) -> str:
    query = urlsplit(url).query
    text = f"{type(error).__name__}: {error}".removesuffix(": ")
    return text.replace(query, "...") if query else text
