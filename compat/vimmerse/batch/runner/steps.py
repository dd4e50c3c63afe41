"""The steps of a row, and how each is performed, as generators without I/O of their own.

A step yields what it needs, one after the other: a function that waits for the disk or the database, or a request. It
is performed as a whole, by one thread or one task of asyncio (``performing.py``).
"""

from __future__ import annotations

import contextlib
import filecmp
import hashlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

from vimmerse._http.errors import ApiError, AuthenticationError, InsufficientCreditError, RateLimitError
from vimmerse._http.retries import never_arrived
from vimmerse.batch.errors import AlreadyPaidError, AmbiguousError, BatchError, BudgetError
from vimmerse.batch.ledger import Attempt, Ledger, outcomes
from vimmerse.batch.records import JobRecord
from vimmerse.batch.runner.names import targets
from vimmerse.batch.tables import insert_urls
from vimmerse.jobs.errors import DownloadError
from vimmerse.jobs.polling import JobRef, Snapshot
from vimmerse.v2.models.media_result import MediaResult
from vimmerse.v2.models.story import Story

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Send:
    """Request: create a job, once. The result is its story or media."""

    operation: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class UploadFile:
    """Request: upload an image. The result is its URL."""

    path: Path


@dataclass(frozen=True, slots=True)
class Save:
    """Request: download a file, without replacing another. The result is its path."""

    url: str
    path: Path


# What a step needs: one of these requests, a lookup of a job, or the result of a function.
Need: TypeAlias = Send | UploadFile | Save | JobRef | Callable[[], Any]
Flow = Generator[Need, Any, T]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a submission or an upload.

    ``end``: ``accepted``; ``again`` (refused for the time being); ``stop`` (every other job would be refused, too);
    ``refused``; ``ambiguous``; ``budget`` (not sent); ``gone`` (not sent: another process has it, or had it).
    ``value``: the job's id, or the URL of the image. ``reason``: why not. ``error``: the exception that says so.
    ``attempt``: the number of the attempt that was accepted.
    """

    end: Literal["accepted", "again", "stop", "refused", "ambiguous", "budget", "gone"]
    value: str = ""
    reason: str = ""
    error: Exception | None = None
    attempt: int = 0

    @property
    def retry_after(self) -> float | None:
        """Seconds that the service asks to wait."""
        return self.error.retry_after if isinstance(self.error, ApiError) else None

    @property
    def is_too_many(self) -> bool:
        """Whether the reason is the number of calls or jobs."""
        return isinstance(self.error, RateLimitError)


def _refusal(error: Exception) -> Verdict | None:
    """What an exception says about a call that was surely not carried out; None if it may have been."""
    found = outcomes.refusal_of(error)
    if found is None:
        return None
    if found.transient:
        return Verdict("again", reason=found.reason, error=error)
    # The key, the balance, or a certificate that is not trusted.
    stops = isinstance(error, AuthenticationError | InsufficientCreditError) or never_arrived(error)
    return Verdict("stop" if stops else "refused", reason=found.reason, error=error)


@dataclass(frozen=True, slots=True)
class Call:
    """Step: call this function of the ledger."""

    function: Callable[[], Any]

    def flow(self) -> Flow[Any]:
        return (yield self.function)


@dataclass(frozen=True, slots=True)
class Upload:
    """Step: upload an image, once for each content and batch. The result is a :class:`Verdict`."""

    ledger: Ledger
    path: Path
    sha256: str

    def flow(self) -> Flow[Verdict]:
        known = yield partial(self.ledger.upload_of, self.sha256)
        if known:
            return Verdict("accepted", known)
        try:
            yield self._check
            url = yield UploadFile(self.path)
        except OSError as error:
            reason = f"{self.path} can't be read: {error.strerror or error}"
            return Verdict("refused", reason=reason, error=error)
        except Exception as error:
            refusal = _refusal(error)
            reason = refusal.reason if refusal else outcomes.describe(error)
            end = refusal.end if refusal else "refused"
            return Verdict(end, reason=f"{self.path} can't be uploaded: {reason}", error=error)
        yield partial(self.ledger.add_upload, self.sha256, url)
        return Verdict("accepted", url, reason="new")

    def _check(self) -> None:
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != self.sha256:
            raise OSError("it is not the image that was planned: its content has changed")


@dataclass(frozen=True, slots=True)
class Submit:
    """Step: send a job, and record what became of it. The result is a :class:`Verdict`.

    ``urls``: of its uploaded images, by the SHA-256 of their content. ``webhook_url``: the receiver's address.
    """

    ledger: Ledger
    job: JobRecord
    urls: Mapping[str, str]
    webhook_url: str

    def flow(self) -> Flow[Verdict]:
        ledger = self.ledger
        try:
            attempt: Attempt = yield partial(ledger.begin, self.job.key)
        except BudgetError as error:
            return Verdict("budget", reason=error.message, error=error)
        except (AlreadyPaidError, AmbiguousError) as error:
            return Verdict("gone", reason=error.message, error=error)
        now = attempt.job  # another process may have replaced it since it was taken
        if now.operation != self.job.operation or any(sha256 not in self.urls for *_, sha256 in now.images):
            reason = "its row was changed while it waited to be sent; the next run sends it"
            yield partial(attempt.refused, reason, transient=True)
            return Verdict("gone", reason=reason)
        try:
            created: Snapshot = yield Send(self.job.operation, self._body(attempt))
            if not isinstance(created.id, str) or not created.id.strip():
                shown = f", but {created.id}" if isinstance(created.id, int) else ""
                raise BatchError(f"the response has no id that is a text{shown}")
        except Exception as error:
            refusal = _refusal(error)
            if refusal is not None and refusal.end == "stop":
                # It is nothing about this job: the next run sends it.
                yield partial(attempt.refused, refusal.reason, transient=True)
                return refusal
            yield partial(ledger.settle, attempt, error)
            if attempt.job_id:
                return Verdict("accepted", attempt.job_id, attempt=attempt.job.attempts)
            return refusal or Verdict("ambiguous", reason=outcomes.describe(error), error=error)
        except BaseException as error:
            if not isinstance(error, GeneratorExit):
                yield partial(ledger.settle, attempt, error)
            raise
        yield partial(attempt.accepted, created.id)
        return Verdict("accepted", created.id, attempt=attempt.job.attempts)

    def _body(self, attempt: Attempt) -> dict[str, Any]:
        body = insert_urls(attempt.job.body, attempt.job.images, self.urls)
        if self.webhook_url and not body.get("webhook_url"):  # a row may have its own
            body["webhook_url"] = attempt.webhook_url(self.webhook_url)
        return body


@dataclass(frozen=True, slots=True)
class Refuse:
    """Step: record that a job can't be sent, since an image can't be uploaded. The next run tries again."""

    ledger: Ledger
    key: str
    reason: str

    def flow(self) -> Flow[None]:
        with contextlib.suppress(AlreadyPaidError, AmbiguousError):  # another process has it
            attempt: Attempt = yield partial(self.ledger.begin, self.key)
            yield partial(attempt.refused, self.reason, transient=True)


@dataclass(frozen=True, slots=True)
class Download:
    """Step: save a file of a finished job. The result is its path.

    ``url``: where it was when the job was last looked up. ``index``: which of the job's files, from 0.
    """

    ledger: Ledger
    directory: Path
    key: str
    job: JobRef
    url: str
    index: int

    def flow(self) -> Flow[Path]:
        try:
            path = yield from self._save(self.url)
        except DownloadError as error:
            if error.http_status not in (401, 403, 404, 410):
                raise
            urls = file_urls((yield self.job))  # addresses expire
            if self.index >= len(urls) or urls[self.index] == self.url:
                raise
            path = yield from self._save(urls[self.index])
        yield partial(self.ledger.add_file, self.key, str(path))
        return path

    def targets(self) -> tuple[Path, Path]:
        return targets(self.directory, self.key, self.index, self.url, self.job.id)

    def _save(self, url: str) -> Flow[Path]:
        plain, own = self.targets()
        path: Path
        try:
            path = yield Save(url, plain)
        except FileExistsError:  # it may be another's, and is not replaced
            with contextlib.suppress(FileExistsError):  # only this job's file has that name
                yield Save(url, own)
            path = yield partial(_without_duplicate, plain, own)
        return path


def file_urls(snapshot: Snapshot) -> list[str]:
    """Return the addresses of the files of a finished job."""
    if isinstance(snapshot, Story):
        return [snapshot.video_url] if snapshot.video_url else []
    result: object = snapshot.result
    items = result if isinstance(result, list) else [result]  # one text, of a service that does not keep to its page
    urls = [item.url if isinstance(item, MediaResult) else item for item in items]
    return [url for url in urls if isinstance(url, str) and url]


def _without_duplicate(plain: Path, own: Path) -> Path:
    """Keep one of two equal files: the process may have ended after it saved the first."""
    if not filecmp.cmp(plain, own, shallow=False):
        return own
    own.unlink()
    return plain


Step: TypeAlias = Call | Upload | Submit | Refuse | Download
