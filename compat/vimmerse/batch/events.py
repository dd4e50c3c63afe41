"""What happens during a run of a batch, as ``on_event`` gets it.

Each event of a job is a :class:`JobEvent`. :class:`Started` has the numbers at the start, and every later change of a
job's state is an event, so that a display needs nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from vimmerse.batch.records import Summary

if TYPE_CHECKING:
    from vimmerse.jobs.polling import Progress

__all__ = [
    "Ambiguous",
    "BudgetReached",
    "DownloadFailed",
    "Downloaded",
    "Event",
    "Failed",
    "Finished",
    "JobEvent",
    "Paused",
    "Progressed",
    "Refused",
    "Released",
    "Reserved",
    "Resumed",
    "Started",
    "Stopped",
    "Submitted",
    "Unfinished",
    "Uploaded",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The run begins. ``summary``: the batch as it is now, after planning."""

    summary: Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEvent:
    """The base of the events of one job.

    ``key``: the job's. ``number``: its place in the batch, from 1. ``place``: where it comes from, ``clips.csv:17``, or
    empty.
    """

    key: str
    number: int
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved(JobEvent):
    """The job was planned, and is the next to be sent. ``estimate``: booked credits."""

    estimate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded(JobEvent):
    """An image of the job was uploaded. ``path``: the file. ``url``: where it is now."""

    path: Path
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(JobEvent):
    """The service has created the job. ``job_id``: the story's or media's id. ``estimate``: booked credits."""

    job_id: str
    estimate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(JobEvent):
    """The job was created by an earlier run, and is waited for again. ``job_id``: the story's or media's id."""

    job_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed(JobEvent):
    """The job was looked up. ``progress``: what that has shown."""

    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished(JobEvent):
    """The job is finished.

    ``job_id``: the story's or media's id.
    ``estimate``: credits that were booked. ``credits``: what it cost, or None if the service does not say.
    """

    job_id: str
    estimate: float
    credits: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(JobEvent):
    """The job has ended without a video.

    ``job_id``: the story's or media's id.
    ``state``: ``failed`` or ``cancelled``. ``reason``: a sentence. ``estimate``, ``credits``: as in :class:`Finished`.
    """

    job_id: str
    state: Literal["failed", "cancelled"]
    reason: str
    estimate: float
    credits: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished(JobEvent):
    """The run no longer waits for the job, which is still running, or can't be looked up. The next run does.

    ``job_id``: the story's or media's id.
    ``reason``: a sentence.
    """

    job_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(JobEvent):
    """The service has surely not created the job, which costs nothing.

    ``reason``: why. ``estimate``: credits that are no longer booked. ``will_retry``: ``"now"`` if this run sends it
    again, ``"later"`` if the next run does, else ``"no"``.
    """

    reason: str
    estimate: float
    will_retry: Literal["now", "later", "no"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous(JobEvent):
    """Whether the service has created the job is unknown. It is not sent again until it is resolved.

    ``reason``: what happened to the call.
    """

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(JobEvent):
    """The job was reserved, and is planned again, since the run ends. ``estimate``: credits no longer booked."""

    estimate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded(JobEvent):
    """A file of the job was saved. ``path``: where."""

    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadFailed(JobEvent):
    """A file of the job was not saved. The next run tries again. ``reason``: a sentence."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """No job is submitted for ``seconds``. ``reason``: what the service said. ``limit``: jobs at a time from now on."""

    seconds: float
    reason: str
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetReached:
    """The budget does not cover the next job.

    ``key``, ``estimate``: the job, and its price in credits. ``left``: credits that are left.
    ``waits``: whether running jobs may cost less than was booked. If not, no other job is submitted.
    """

    key: str
    estimate: float
    left: float
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """No other job is submitted by this run. ``reason``: why, as a sentence. Running jobs are waited for."""

    reason: str


#: What ``on_event`` gets.
Event: TypeAlias = (
    Started
    | Reserved
    | Uploaded
    | Submitted
    | Resumed
    | Progressed
    | Finished
    | Failed
    | Unfinished
    | Refused
    | Ambiguous
    | Released
    | Downloaded
    | DownloadFailed
    | Paused
    | BudgetReached
    | Stopped
)
