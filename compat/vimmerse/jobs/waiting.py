"""Waiting for one job: :func:`wait` and :func:`wait_async`."""

from __future__ import annotations

import asyncio
import random as _random
import time
from collections.abc import Awaitable, Callable
from typing import Literal, TypedDict, Unpack, overload

from vimmerse.jobs.driving import Sleep, drive, drive_async, noting, tell, tell_async
from vimmerse.jobs.errors import JobError
from vimmerse.jobs.polling import GRACE, Fetch, Given, Job, Pace, Progress, Snapshot, Tell, Timeout, poll
from vimmerse.jobs.schedule import DEFAULT_INTERVAL, Interval
from vimmerse.jobs.states import Kind
from vimmerse.jobs.webhooks import WebhookEvent
from vimmerse.v2.api.media import get_media
from vimmerse.v2.api.story import get_story
from vimmerse.v2.client import AuthenticatedClient
from vimmerse.v2.errors import ApiError
from vimmerse.v2.models.media import Media
from vimmerse.v2.models.story import Story


class _Options(TypedDict, total=False):
    """The keyword arguments of :func:`wait` and :func:`wait_async`, except ``kind`` and ``sleep``."""

    timeout: Timeout
    interval: Interval | float
    on_progress: Callable[[Progress], object] | None
    grace: float
    clock: Callable[[], float] | None
    random: Callable[[], float] | None


class WaitOptions(_Options, total=False):
    """The keyword arguments of :func:`wait`, except ``kind``."""

    sleep: Callable[[float], object] | None


class WaitOptionsAsync(_Options, total=False):
    """The keyword arguments of :func:`wait_async`, except ``kind``."""

    sleep: Callable[[float], Awaitable[object]] | None


@overload
def wait(
    client: AuthenticatedClient, job: Story, *, kind: Literal["story"] | None = None, **options: Unpack[WaitOptions]
) -> Story: ...
@overload
def wait(
    client: AuthenticatedClient, job: Media, *, kind: Literal["media"] | None = None, **options: Unpack[WaitOptions]
) -> Media: ...
@overload
def wait(
    client: AuthenticatedClient, job: WebhookEvent | str, *, kind: Literal["story"], **options: Unpack[WaitOptions]
) -> Story: ...
@overload
def wait(
    client: AuthenticatedClient, job: WebhookEvent | str, *, kind: Literal["media"], **options: Unpack[WaitOptions]
) -> Media: ...
@overload
def wait(
    client: AuthenticatedClient, job: Given, *, kind: Kind | None = None, **options: Unpack[WaitOptions]
) -> Story | Media: ...
def wait(
    client: AuthenticatedClient,
    job: Given,
    *,
    kind: Kind | None = None,
    timeout: Timeout = "default",
    interval: Interval | float = DEFAULT_INTERVAL,
    on_progress: Callable[[Progress], object] | None = None,
    grace: float = GRACE,
    clock: Callable[[], float] | None = None,
    sleep: Callable[[float], object] | None = None,
    random: Callable[[], float] | None = None,
) -> Story | Media:
    """Wait until a story or media is finished, and give it as it is then. Waiting is free.

    A media is finished on ``success``; a story when its film's address (``video_url``) is there too.

    ``job``: a story, a media, a webhook's event, or an id together with ``kind``, ``"story"`` or ``"media"``. An event
    that does not say its job's kind is looked up as a story, and where there is none (404) as a media.
    ``timeout``: seconds until the deadline; by default an hour for a story and half an hour for a media. 0 looks
    once. None waits for ever. A look that is under way at the deadline is let finish: the client's timeout bounds it.
    ``interval``: an :class:`Interval`, or a constant number of seconds; a ``Retry-After`` of the server goes before it.
    ``on_progress``: gets a :class:`Progress` after each look. What it raises ends the wait.
    ``grace``: seconds in which "not found" is taken for a job so new that not every server knows it.
    ``clock``, ``sleep``, ``random``: in place of ``time.monotonic``, ``time.sleep`` and ``random.random``.

    Looks that fail for a passing reason -- no connection, a timeout, 429, 5xx, a page of HTML -- are repeated until
    the deadline. Statuses that are in no list are waited on.

    Raises:
        JobFailedError, JobCancelledError: so it ended at the server.
        JobTimeoutError: the deadline came first; the job goes on, and so can the wait.
        JobLookupError: the job can't be looked up: 401, 403, 404, 422, ...
        TypeError, ValueError: the arguments make no sense; nothing was asked.
    """
    found = Job.of(job, kind)
    pace = Pace(Interval.of(interval), timeout, grace, clock or time.monotonic, random or _random.random)
    pause = sleep or time.sleep

    def perform(step: Fetch | Sleep | Tell) -> object:
        if isinstance(step, Fetch):
            return fetch(client, step.job)
        if isinstance(step, Sleep):
            return pause(step.seconds)
        tell(on_progress, step.progress)
        return None

    with noting(found.left, JobError):
        return drive(poll(found, pace, pace.clock(), keep=True), perform)


@overload
async def wait_async(
    client: AuthenticatedClient,
    job: Story,
    *,
    kind: Literal["story"] | None = None,
    **options: Unpack[WaitOptionsAsync],
) -> Story: ...
@overload
async def wait_async(
    client: AuthenticatedClient,
    job: Media,
    *,
    kind: Literal["media"] | None = None,
    **options: Unpack[WaitOptionsAsync],
) -> Media: ...
@overload
async def wait_async(
    client: AuthenticatedClient, job: WebhookEvent | str, *, kind: Literal["story"], **options: Unpack[WaitOptionsAsync]
) -> Story: ...
@overload
async def wait_async(
    client: AuthenticatedClient, job: WebhookEvent | str, *, kind: Literal["media"], **options: Unpack[WaitOptionsAsync]
) -> Media: ...
@overload
async def wait_async(
    client: AuthenticatedClient, job: Given, *, kind: Kind | None = None, **options: Unpack[WaitOptionsAsync]
) -> Story | Media: ...
async def wait_async(
    client: AuthenticatedClient,
    job: Given,
    *,
    kind: Kind | None = None,
    timeout: Timeout = "default",  # noqa: ASYNC109  # it looks once more at the deadline, then tells what it saw
    interval: Interval | float = DEFAULT_INTERVAL,
    on_progress: Callable[[Progress], object] | None = None,
    grace: float = GRACE,
    clock: Callable[[], float] | None = None,
    sleep: Callable[[float], Awaitable[object]] | None = None,
    random: Callable[[], float] | None = None,
) -> Story | Media:
    """As :func:`wait`. ``on_progress`` may be a coroutine function; ``sleep`` is in place of ``asyncio.sleep``."""
    found = Job.of(job, kind)
    pace = Pace(Interval.of(interval), timeout, grace, clock or time.monotonic, random or _random.random)
    pause = sleep or asyncio.sleep

    async def perform(step: Fetch | Sleep | Tell) -> object:
        if isinstance(step, Fetch):
            return await fetch_async(client, step.job)
        if isinstance(step, Sleep):
            return await pause(step.seconds)
        await tell_async(on_progress, step.progress)
        return None

    with noting(found.left, JobError):
        return await drive_async(poll(found, pace, pace.clock(), keep=True), perform)


def fetch(client: AuthenticatedClient, job: Job) -> Snapshot:
    """One look at a job."""
    if job.kind == "media":
        return get_media.sync(job.id, client=client)
    try:
        return get_story.sync(job.id, client=client)
    except ApiError as error:
        if job.kind == "story" or error.status != 404:
            raise
    return get_media.sync(job.id, client=client)


async def fetch_async(client: AuthenticatedClient, job: Job) -> Snapshot:
    """One look at a job."""
    if job.kind == "media":
        return await get_media.asyncio(job.id, client=client)
    try:
        return await get_story.asyncio(job.id, client=client)
    except ApiError as error:
        if job.kind == "story" or error.status != 404:
            raise
    return await get_media.asyncio(job.id, client=client)
