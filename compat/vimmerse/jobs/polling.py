"""Waiting for one job, as a conversation: look it up, sleep, look again.

Laws:

* It ends with a final status, at the deadline, or with an answer that asking again won't change; with nothing else.
* The last look is at the deadline itself, so a job that ends shortly before it is not missed.
* A failed look is no failed job: connections that break, 429, 5xx, pages of HTML and the like are tried again.
* A story is finished when its film's address is there: composition goes on for some seconds after ``success``
  (``api/v1-story.txt``).
* A webhook may not say whether its job is a story or a media: it is looked up as a story, and where there is none
  (404, no other error) as a media.
* Nothing big is held while it sleeps, unless ``keep`` is set: ten thousand of them fit into one loop.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Literal

from vimmerse.jobs.driving import Sleep
from vimmerse.jobs.errors import JobCancelledError, JobError, JobFailedError, JobLookupError, JobTimeoutError
from vimmerse.jobs.schedule import Interval, retry_after
from vimmerse.jobs.states import CANCELLED, FAILED, KNOWN, SUCCEEDED, Kind, MaybeKind, is_kind, normalised, unusable_id
from vimmerse.jobs.transient import passing_error, passing_status
from vimmerse.jobs.webhooks import WebhookEvent
from vimmerse.v2.errors import ApiError, InvalidAnswerError
from vimmerse.v2.models.media import Media
from vimmerse.v2.models.story import Story

Snapshot = Story | Media
Given = Story | Media | WebhookEvent | str

#: Seconds until a wait gives up, by default.
TIMEOUTS: dict[Kind, float] = {"story": 3600.0, "media": 1800.0}
#: Seconds in which a job that was just created may be unknown to the server that is asked.
GRACE = 15.0

Timeout = float | Literal["default"] | None

# Where a failed job's record may say why; none of them is documented.
_REASONS = ("error_message", "error", "fail_reason", "reason", "message", "detail")
_SHOWN = 300  # characters of a server's text that a message quotes


@dataclass(frozen=True, slots=True)
class Job:
    """What is waited for. ``kind`` is ``"unknown"`` for a webhook's event that does not say it."""

    id: str
    kind: MaybeKind

    @classmethod
    def of(cls, given: Given, kind: Kind | None) -> Job:
        """The job that the caller means.

        Raises:
            TypeError: it is no story, media, webhook event or id, or it is an id without ``kind``.
            ValueError: it has no usable id, or it is of another kind than ``kind``.
        """
        if kind is not None and not is_kind(kind):
            raise ValueError(f"kind is {kind!r}; it must be 'story' or 'media'")
        found: str | None = kind
        if isinstance(given, Story | Media):
            identifier: object = given.id or ""
            found = "story" if isinstance(given, Story) else "media"
        elif isinstance(given, WebhookEvent):
            identifier = given.id
            found = given.kind if is_kind(given.kind) else kind or "unknown"
        elif isinstance(given, str):
            identifier = given
        else:
            raise TypeError(
                f"a job is a Story, a Media, a WebhookEvent or an id, not {type(given).__name__}"
                + ("; await the call that creates it first" if hasattr(given, "__await__") else "")
            )
        if found is None:
            raise TypeError(f"say what {identifier!r} is: kind='story' or kind='media'")
        if kind is not None and found != kind:
            raise ValueError(f"kind is {kind!r}, but {identifier!r} is a {found}")
        why = unusable_id(identifier)
        if why or not isinstance(identifier, str):
            raise ValueError(f"this {found if is_kind(found) else 'job'} has no usable id: {why}")
        return cls(identifier, found if is_kind(found) else "unknown")

    def seen(self, found: Snapshot) -> Job:
        """The same job, once a look-up has shown of which kind it is."""
        return self if self.kind != "unknown" else Job(self.id, "story" if isinstance(found, Story) else "media")

    def __str__(self) -> str:
        return f"{self.kind} {self.id}" if is_kind(self.kind) else f"job {self.id}"

    def again(self) -> str:
        """How to go on waiting, for a message."""
        if is_kind(self.kind):
            return f"wait(client, {self.id!r}, kind={self.kind!r})"
        return f"wait(client, {self.id!r}, kind='story'), or kind='media'"

    def left(self) -> str:
        """What to know of a wait that was broken off, for a note."""
        return f"The {self} goes on at the server. To go on waiting, which costs nothing: {self.again()}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is, after each look at it.

    ``status``: as the server spelled it; after a failed look the last known one; empty if there was none yet.
    ``known``: whether that status is one that is documented. One that is not is waited on.
    ``percent``: 0 to 100, or None where the server does not say (it does for stories).
    ``elapsed``: seconds since the wait began. ``polls``: looks so far, this one included.
    ``finished``: whether this was the last look.
    ``error``: why this look failed, or None.
    ``kind``: ``"unknown"`` until a look has shown the kind of a job that a webhook named without it.
    """

    id: str
    kind: MaybeKind
    status: str
    known: bool
    percent: float | None
    elapsed: float
    polls: int
    finished: bool = False
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Fetch:
    """Look the job up; the outcome is a story or a media, or an exception."""

    job: Job


@dataclass(frozen=True, slots=True)
class Tell:
    """Show the progress to the caller."""

    progress: Progress


Steps = Generator[Fetch | Sleep | Tell, Any, Snapshot]


@dataclass(frozen=True, slots=True)
class Pace:
    """How to wait: what all jobs of a call have in common.

    ``clock``, ``wall``: seconds, monotonic and since 1970. ``random``: 0 to 1.
    """

    interval: Interval
    timeout: Timeout
    grace: float
    clock: Callable[[], float]
    random: Callable[[], float]
    wall: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        timeout = self.timeout
        if timeout != "default" and timeout is not None and not (math.isfinite(timeout) and timeout >= 0):
            raise ValueError(f"timeout is {timeout!r}; it must be a number of seconds, or None to wait for ever")
        if not self.grace >= 0:
            raise ValueError(f"grace is {self.grace!r}; it must be a number of seconds, 0 or more")

    def patience(self, job: Job) -> float | None:
        """Seconds until the deadline; None is no deadline."""
        if self.timeout != "default":
            return self.timeout
        return TIMEOUTS[job.kind] if job.kind != "unknown" else max(TIMEOUTS.values())


def poll(job: Job, pace: Pace, started: float, *, keep: bool, told: bool = True) -> Steps:
    """Wait for ``job`` from the moment ``started`` of the clock; the result is the finished story or media.

    ``keep``: hold the last snapshot for an error that may come later. ``told``: whether progress is shown to anybody.

    Raises:
        JobError: see :mod:`vimmerse.jobs.errors`.
    """
    polls = 0
    status = ""
    percent: float | None = None
    kept: Snapshot | None = None
    while True:
        found: Snapshot | None = None
        failure: Exception | None = None
        try:
            found = yield Fetch(job)
        except Exception as error:
            # A job that has been seen is there, or has been deleted since.
            early = not status and pace.clock() - started <= pace.grace
            if not _passes(error, early):
                raise _lost(job, error, status, kept) from error
            failure = error
        polls += 1
        finished = False
        if found is not None:
            job = job.seen(found)
            status, percent = _status(found), _percent(found)
            finished = _is_final(found, status)
            kept = found if keep else None
        if told:
            elapsed = pace.clock() - started
            known = normalised(status) in KNOWN
            yield Tell(Progress(job.id, job.kind, status, known, percent, elapsed, polls, finished, failure))
        if found is not None and finished:
            return _conclude(job, found, status)
        elapsed = pace.clock() - started
        delay = pace.interval.seconds(polls - 1, pace.random())
        asked = retry_after(failure.headers, pace.wall()) if isinstance(failure, ApiError) else None
        patience = pace.patience(job)
        if patience is not None:
            left = patience - elapsed
            if left <= 0 or (asked is not None and asked > left):
                raise _timeout(job, elapsed, status, percent, found or kept, asked if left > 0 else None) from failure
            delay = min(delay, left)
        # They refer to each other through the traceback: let go of them before the long sleep.
        found = failure = None
        yield Sleep(delay) if asked is None else Sleep(max(delay, asked), shared=True)


def _passes(error: Exception, early: bool) -> bool:
    if isinstance(error, ApiError):
        return (
            isinstance(error, InvalidAnswerError)
            or passing_status(error.status)
            or (early and error.status == 404)  # a server that has not heard of the new job yet
        )
    return passing_error(error)


def _status(found: Snapshot) -> str:
    status = found.status if isinstance(found, Story) else found.processing_status
    return status.strip() if isinstance(status, str) else ""


def _percent(found: Snapshot) -> float | None:
    percent: object
    if isinstance(found, Story):
        percent = found.progress_percentage
    else:
        # No field of version 2; a server that sends it all the same is believed.
        percent = found.additional_properties.get("progress_percentage")
        if percent is None and normalised(_status(found)) in SUCCEEDED:
            return 100
    if isinstance(percent, bool) or not isinstance(percent, int | float) or not 0 <= percent <= 100:
        return None
    return percent


def _is_final(found: Snapshot, status: str) -> bool:
    meaning = normalised(status)
    if meaning in SUCCEEDED:
        return not isinstance(found, Story) or bool(found.video_url)
    return meaning in FAILED or meaning in CANCELLED


def _conclude(job: Job, found: Snapshot, status: str) -> Snapshot:
    meaning = normalised(status)
    if meaning in SUCCEEDED:
        return found
    reasons = (found.additional_properties.get(name) for name in _REASONS)
    reason = next((text.strip().rstrip(".") for text in reasons if isinstance(text, str) and text.strip()), "")
    # A server's text goes to terminals and logs: no line of its own making, no escape codes.
    reason = "".join(sign if sign.isprintable() else " " for sign in reason[:_SHOWN])
    why = f": {' '.join(reason.split())}" if reason else ""
    if meaning in CANCELLED:
        raise JobCancelledError(
            f"The {job} was cancelled (status {status!r}){why}. To have it after all, create it anew.",
            job_id=job.id,
            kind=job.kind,
            status=status,
            snapshot=found,
        )
    raise JobFailedError(
        f"The {job} failed (status {status!r}){why or '; the server gives no reason'}. "
        "Creating it anew is a new job with a price of its own.",
        job_id=job.id,
        kind=job.kind,
        status=status,
        snapshot=found,
    )


def _lost(job: Job, error: Exception, status: str, kept: Snapshot | None) -> JobError:
    http_status = error.status if isinstance(error, ApiError) else None
    if http_status in (401, 403):
        hint = "The API key was refused"
    elif http_status == 404 and job.kind == "unknown":
        hint = "No story and no media has this id: it was deleted, or is another account's"
    elif http_status == 404:
        other = "media" if job.kind == "story" else "story"
        hint = f"It was deleted, is another account's, or is a {other}: then say kind={other!r}"
    else:
        hint = "Asking again would not help"
    return JobLookupError(
        f"The {job} can't be looked up: {_text(error)}. {hint}. Once that is set right, go on with {job.again()}.",
        job_id=job.id,
        kind=job.kind,
        status=status,
        snapshot=kept,
        http_status=http_status,
    )


def _timeout(
    job: Job, elapsed: float, status: str, percent: float | None, found: Snapshot | None, asked: float | None
) -> JobError:
    if normalised(status) in SUCCEEDED:
        seen = "its clips are done, but its film is not composed yet"
    elif status:
        seen = f"last status {status!r}" + ("" if percent is None else f", {percent:g} %")
    else:
        seen = "no look at it succeeded"
    when = f"after {elapsed:.0f} s"
    if asked is not None:
        when += f", and the server wants no call for {asked:.0f} s, which is after the deadline"
    return JobTimeoutError(
        f"The {job} is not finished {when} ({seen}). It goes on at the server. "
        f"To go on waiting, which costs nothing: {job.again()}, perhaps with a longer timeout=.",
        job_id=job.id,
        kind=job.kind,
        status=status,
        snapshot=found,
    )


def _text(error: Exception) -> str:
    text = str(error).rstrip(".")
    return text if isinstance(error, ApiError) else f"{type(error).__name__}: {text}".removesuffix(": ")
