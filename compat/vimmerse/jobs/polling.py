"""Wait for one job: look it up, sleep, look it up again.

Rules:

* A wait ends with a final status, at the deadline, or with a response that a retry would not change.
* The last lookup is at the deadline itself, so a job that ends shortly before is not missed.
* A failed lookup is not a failed job: broken connections, 429, 5xx, HTML pages and the like are retried.
* A story is finished when it has a ``video_url``: v1's documentation says that composing the video takes some seconds
  after ``success``.
* A webhook may not say whether its job is a story or a media. It is looked up as a story, and after a 404 as a media.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypedDict, TypeVar

from vimmerse._http.retries import is_transient_error, is_transient_status
from vimmerse.jobs.errors import JobCancelledError, JobFailedError, JobLookupError, JobTimeoutError
from vimmerse.jobs.schedule import DEFAULT_INTERVAL, Interval, Sleep, bounded
from vimmerse.jobs.states import CANCELLED, FAILED, KNOWN, SUCCEEDED, Kind, MaybeKind, is_kind, normalised, unusable_id
from vimmerse.jobs.webhooks import WebhookEvent
from vimmerse.v2.errors import ApiError, InvalidAnswerError
from vimmerse.v2.models.media import Media
from vimmerse.v2.models.story import Story

Snapshot = Story | Media
JobSource = Story | Media | WebhookEvent | str
Timeout = float | Literal["default"] | None
Slept = TypeVar("Slept")

#: Seconds until a wait gives up, by default.
TIMEOUTS: dict[MaybeKind, float] = {"story": 3600.0, "media": 1800.0, "unknown": 3600.0}
#: Seconds in which a new job may still be unknown to the server.
GRACE = 15.0

# Undocumented fields in which a failed job may say why.
_REASONS = ("error_message", "error", "fail_reason", "reason", "message", "detail")
_MAX_REASON = 300  # characters


@dataclass(frozen=True, slots=True)
class JobRef:
    """Which job is waited for. ``kind`` is ``"unknown"`` for a webhook event that does not say."""

    id: str
    kind: MaybeKind

    @classmethod
    def of(cls, job: JobSource, kind: Kind | None) -> JobRef:
        """The job that the caller's arguments name. Raises ``TypeError`` or ``ValueError``, see ``wait``."""
        if kind is not None and not is_kind(kind):
            raise ValueError(f"kind is {kind!r}; it must be 'story' or 'media'")
        identifier: object
        own_kind: MaybeKind | None
        if isinstance(job, Story | Media):
            identifier, own_kind = job.id or "", "story" if isinstance(job, Story) else "media"
        elif isinstance(job, WebhookEvent):
            identifier, own_kind = job.id, job.kind
        elif not isinstance(job, str):
            hint = "; await the call that creates it first" if hasattr(job, "__await__") else ""
            raise TypeError(f"a job is a Story, a Media, a WebhookEvent or an id, not {type(job).__name__}{hint}")
        elif kind is None:
            raise TypeError(f"{job!r} is an id: pass kind='story' or kind='media' too")
        else:
            identifier, own_kind = job, kind
        if kind and is_kind(own_kind) and own_kind != kind:
            raise ValueError(f"kind is {kind!r}, but {identifier!r} is a {own_kind}")
        ref = cls(str(identifier), own_kind if is_kind(own_kind) else kind or "unknown")
        reason = unusable_id(identifier)
        if reason:
            raise ValueError(f"this {ref.kind if is_kind(ref.kind) else 'job'} has no usable id: {reason}")
        return ref

    def seen_as(self, snapshot: Snapshot) -> JobRef:
        """The same job, of the kind that a lookup has shown."""
        return self if self.kind != "unknown" else JobRef(self.id, "story" if isinstance(snapshot, Story) else "media")

    def __str__(self) -> str:
        return f"{self.kind} {self.id}" if is_kind(self.kind) else f"job {self.id}"

    def wait_call(self) -> str:
        """The call that continues the wait, for a message."""
        if is_kind(self.kind):
            return f"wait(client, {self.id!r}, kind={self.kind!r})"
        return f"wait(client, {self.id!r}, kind='story'), or kind='media'"

    def note(self) -> str:
        """The note on an exception that interrupts the wait."""
        return f"The {self} is still running on the server. To go on waiting, at no cost: {self.wait_call()}"


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of a job after a lookup.

    ``id``: the story's or media's.
    ``status``: as the server spelled it; after a failed lookup the last known one; empty if none is known yet.
    ``known``: whether that status is documented. The wait continues on one that is not.
    ``percent``: 0 to 100, or None where the server does not say (it does for stories).
    ``elapsed``: seconds since the wait began. ``polls``: lookups so far, including this one.
    ``finished``: whether this was the last lookup.
    ``error``: why this lookup failed, or None.
    ``kind``: ``"unknown"`` until a lookup has shown the kind of a job that a webhook named without it.
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


# The steps of a wait: look this job up (the result is a story or a media), sleep, show this progress to the caller.
Step = JobRef | Sleep | Progress
Flow = Generator[Step, Any, Snapshot]


class WaitOptions(TypedDict, Generic[Slept], total=False):
    """The keyword arguments that ``wait``, ``wait_all`` and their async counterparts share."""

    timeout: Timeout
    interval: Interval | float
    on_progress: Callable[[Progress], object] | None
    grace: float
    clock: Callable[[], float] | None
    sleep: Callable[[float], Slept] | None
    random: Callable[[], float] | None


class PollSettings(Generic[Slept]):
    """How to wait: what all jobs of a call share."""

    def __init__(self, options: WaitOptions[Slept]) -> None:
        for name in options.keys() - WaitOptions.__annotations__:
            raise TypeError(f"got an unexpected keyword argument {name!r}")
        self.timeout: Timeout = options.get("timeout", "default")
        self.interval = Interval.of(options.get("interval", DEFAULT_INTERVAL))
        self.on_progress = options.get("on_progress")
        self.grace = options.get("grace", GRACE)
        self.clock = options.get("clock") or time.monotonic
        self.sleep = options.get("sleep")
        self.random = options.get("random") or random.random
        timeout = self.timeout
        if timeout != "default" and timeout is not None and not (math.isfinite(timeout) and timeout >= 0):
            raise ValueError(f"timeout is {timeout!r}; it must be a number of seconds, or None to wait forever")
        if not self.grace >= 0:
            raise ValueError(f"grace is {self.grace!r}; it must be a number of seconds, 0 or more")


def poll(job: JobRef, settings: PollSettings[Any], started: float, *, keep_snapshot: bool) -> Flow:
    """Wait for ``job`` from the clock's moment ``started`` on. Return the story or media, or raise a ``JobError``.

    ``keep_snapshot``: keep the last one for an error that may come later; ten thousand waits can't afford it.
    """
    polls = 0
    status = ""
    percent: float | None = None
    last_snapshot: Snapshot | None = None
    while True:
        snapshot: Snapshot | None = None
        failure: Exception | None = None
        try:
            snapshot = yield job
        except Exception as error:
            # A job that was seen before and is gone has been deleted.
            is_new = not status and settings.clock() - started <= settings.grace
            if not _is_transient(error, is_new):
                raise _lookup_error(job, error, status, last_snapshot) from error
            failure = error
        polls += 1
        if snapshot is not None:
            job = job.seen_as(snapshot)
            status, percent = _status(snapshot), _percent(snapshot)
            last_snapshot = snapshot if keep_snapshot else None
        finished = snapshot is not None and _is_final(snapshot, status)
        known = normalised(status) in KNOWN
        elapsed = settings.clock() - started
        yield Progress(job.id, job.kind, status, known, percent, elapsed, polls, finished, failure)
        if snapshot is not None and finished:
            return _result(job, snapshot, status)
        elapsed = settings.clock() - started
        delay = settings.interval.seconds(polls - 1, settings.random())
        pause = bounded(failure.retry_after) if isinstance(failure, ApiError) else None
        timeout = TIMEOUTS[job.kind] if settings.timeout == "default" else settings.timeout
        if timeout is not None:
            remaining = timeout - elapsed
            if remaining <= 0 or (pause is not None and pause > remaining):
                text = _timeout_text(job, elapsed, status, percent, pause if remaining > 0 else None)
                attributes = _attributes(job, status, snapshot or last_snapshot)
                raise JobTimeoutError(text, **attributes) from failure
            delay = min(delay, remaining)
        # An exception's traceback holds this frame, and this frame the exception: free both before a long sleep.
        snapshot = failure = None
        yield Sleep(delay) if pause is None else Sleep(max(delay, pause), shared=True)


def _is_transient(error: Exception, is_new: bool) -> bool:
    if not isinstance(error, ApiError):
        return is_transient_error(error)
    if error.status == 404:
        return is_new  # not every server may know it yet
    return isinstance(error, InvalidAnswerError) or is_transient_status(error.status)


def _status(snapshot: Snapshot) -> str:
    status = snapshot.status if isinstance(snapshot, Story) else snapshot.processing_status
    return status.strip() if isinstance(status, str) else ""


def _percent(snapshot: Snapshot) -> float | None:
    percent: object
    if isinstance(snapshot, Story):
        percent = snapshot.progress_percentage
    else:
        # v2 documents no such field for medias, but is believed if it sends one.
        percent = snapshot.additional_properties.get("progress_percentage")
        if percent is None and normalised(_status(snapshot)) in SUCCEEDED:
            return 100
    if isinstance(percent, bool) or not isinstance(percent, int | float) or not 0 <= percent <= 100:
        return None
    return percent


def _is_final(snapshot: Snapshot, status: str) -> bool:
    word = normalised(status)
    if word in SUCCEEDED:
        return not isinstance(snapshot, Story) or bool(snapshot.video_url)
    return word in FAILED or word in CANCELLED


def _result(job: JobRef, snapshot: Snapshot, status: str) -> Snapshot:
    """The snapshot of a job that has ended, if it succeeded."""
    word = normalised(status)
    if word in SUCCEEDED:
        return snapshot
    values = (snapshot.additional_properties.get(name) for name in _REASONS)
    reason = next((value.strip().rstrip(".") for value in values if isinstance(value, str) and value.strip()), "")
    # It is shown in terminals and logs: no line breaks, no escape codes.
    reason = "".join(character if character.isprintable() else " " for character in reason[:_MAX_REASON])
    reason = f": {' '.join(reason.split())}" if reason else ""
    attributes = _attributes(job, status, snapshot)
    if word in CANCELLED:
        raise JobCancelledError(
            f"The {job} was cancelled (status {status!r}){reason}. Create it again if you still need it.", **attributes
        )
    reason = reason or "; the server gives no reason"
    raise JobFailedError(
        f"The {job} failed (status {status!r}){reason}. Creating it again is a new job, which costs credits again.",
        **attributes,
    )


def _lookup_error(job: JobRef, error: Exception, status: str, snapshot: Snapshot | None) -> JobLookupError:
    http_status = None
    if isinstance(error, ApiError):
        text, http_status = error.summary, error.status
    else:
        text = f"{type(error).__name__}: {error}".removesuffix(": ").rstrip(".")
    if http_status in (401, 403):
        hint = "The API key was rejected"
    elif http_status == 404 and job.kind == "unknown":
        hint = "No story or media has this id: it was deleted, or belongs to another account"
    elif http_status == 404:
        other = "media" if job.kind == "story" else "story"
        hint = f"It was deleted, belongs to another account, or is a {other}: then pass kind={other!r}"
    else:
        hint = "A retry would not help"
    return JobLookupError(
        f"The {job} can't be looked up: {text}. {hint}. Once that is fixed, go on with {job.wait_call()}.",
        http_status=http_status,
        **_attributes(job, status, snapshot),
    )


def _timeout_text(job: JobRef, elapsed: float, status: str, percent: float | None, pause: float | None) -> str:
    if normalised(status) in SUCCEEDED:
        state = "its clips are done, but its video is not composed yet"
    elif status:
        state = f"last status {status!r}" + ("" if percent is None else f", {percent:g} %")
    else:
        state = "no lookup succeeded"
    when = f"after {elapsed:.0f} s"
    if pause is not None:
        when += f", and the server asks for a pause of {pause:.0f} s, which is beyond the deadline"
    return (
        f"The {job} is not finished {when} ({state}). It is still running on the server. "
        f"To go on waiting, at no cost: {job.wait_call()}, perhaps with a longer timeout=."
    )


def _attributes(job: JobRef, status: str, snapshot: Snapshot | None) -> dict[str, Any]:
    return {"job_id": job.id, "kind": job.kind, "status": status, "snapshot": snapshot}
