"""Waiting for one job: :func:`wait` and :func:`wait_async`."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from inspect import isawaitable
from typing import Literal, TypeVar, Unpack, overload

from vimmerse._flow import drive, drive_async
from vimmerse.jobs.errors import JobError, add_note_unless
from vimmerse.jobs.polling import JobRef, JobSource, PollSettings, Snapshot, Step, WaitOptions, poll
from vimmerse.jobs.schedule import Sleep
from vimmerse.jobs.spans import describe_wait, start_wait_span
from vimmerse.jobs.states import Kind
from vimmerse.jobs.webhooks import WebhookEvent
from vimmerse.v2.api.media import get_media
from vimmerse.v2.api.story import get_story
from vimmerse.v2.client import AuthenticatedClient
from vimmerse.v2.errors import ApiError
from vimmerse.v2.models.media import Media
from vimmerse.v2.models.partial_media import PartialMedia
from vimmerse.v2.models.story import Story

SnapshotT = TypeVar("SnapshotT", Story, Media)
Options = WaitOptions[object]
AsyncOptions = WaitOptions[Awaitable[object]]


@overload
def wait(
    client: AuthenticatedClient, job: SnapshotT, *, kind: Kind | None = None, **options: Unpack[Options]
) -> SnapshotT: ...
@overload
def wait(
    client: AuthenticatedClient, job: WebhookEvent | str, *, kind: Literal["story"], **options: Unpack[Options]
) -> Story: ...
@overload
def wait(
    client: AuthenticatedClient, job: WebhookEvent | str, *, kind: Literal["media"], **options: Unpack[Options]
) -> Media: ...
@overload
def wait(
    client: AuthenticatedClient, job: JobSource, *, kind: Kind | None = None, **options: Unpack[Options]
) -> Story | Media: ...
def wait(
    client: AuthenticatedClient, job: JobSource, *, kind: Kind | None = None, **options: Unpack[Options]
) -> Story | Media:
    """Wait until a story or media is finished, and return it in its final state. Waiting is free.

    A media is finished on ``success``, a story when it has a ``video_url`` too.

    ``client``: looks the job up.
    ``job``: a story, a media, a webhook's event, or an id together with ``kind``, ``"story"`` or ``"media"``. An event
    that does not say its job's kind is looked up as a story, and after a 404 as a media.
    ``options``: any of the following.
    ``timeout``: seconds until the deadline; by default an hour for a story and half an hour for a media. 0 looks the
    job up once. None waits forever. A lookup in progress at the deadline is allowed to complete: the client's own
    timeout limits it.
    ``interval``: an :class:`Interval` (by default 3 seconds, growing to 30), or a constant number of seconds. A longer
    ``Retry-After`` of the server wins.
    ``on_progress``: is called with a :class:`Progress` after each lookup. An exception that it raises ends the wait.
    ``grace``: seconds (15) in which "not found" means that the job is too new to be known to every server.
    ``clock``, ``sleep``, ``random``: replace ``time.monotonic``, ``time.sleep`` and ``random.random``.

    Transient failures of a lookup are retried until the deadline: no connection, a timeout, 429, 5xx, a page of HTML.
    A status that is not documented is not final.

    Raises:
        JobFailedError, JobCancelledError: the job ended so on the server.
        JobTimeoutError: the deadline passed; the job is still running, and you can wait for it again.
        JobLookupError: the job can't be looked up: 401, 403, 404, 422, ...
        TypeError, ValueError: an argument is invalid; nothing was sent.
    """
    ref, settings = JobRef.of(job, kind), PollSettings(options)
    sleep = settings.sleep or time.sleep

    def perform(step: Step) -> object:
        if isinstance(step, JobRef):
            return fetch(client, step)
        if isinstance(step, Sleep):
            sleep(step.seconds)
        else:
            describe_wait(span, step)
            if settings.on_progress is not None:
                settings.on_progress(step)
        return None

    with add_note_unless(JobError, ref.note), start_wait_span(client, ref) as span:
        return drive(poll(ref, settings, settings.clock(), keep_snapshot=True), perform)


@overload
async def wait_async(
    client: AuthenticatedClient, job: SnapshotT, *, kind: Kind | None = None, **options: Unpack[AsyncOptions]
) -> SnapshotT: ...
@overload
async def wait_async(
    client: AuthenticatedClient, job: WebhookEvent | str, *, kind: Literal["story"], **options: Unpack[AsyncOptions]
) -> Story: ...
@overload
async def wait_async(
    client: AuthenticatedClient, job: WebhookEvent | str, *, kind: Literal["media"], **options: Unpack[AsyncOptions]
) -> Media: ...
@overload
async def wait_async(
    client: AuthenticatedClient, job: JobSource, *, kind: Kind | None = None, **options: Unpack[AsyncOptions]
) -> Story | Media: ...
async def wait_async(
    client: AuthenticatedClient, job: JobSource, *, kind: Kind | None = None, **options: Unpack[AsyncOptions]
) -> Story | Media:
    """Like :func:`wait`. ``on_progress`` may be a coroutine function; ``sleep`` replaces ``asyncio.sleep``."""
    import asyncio

    ref, settings = JobRef.of(job, kind), PollSettings(options)
    sleep = settings.sleep or asyncio.sleep

    async def perform(step: Step) -> object:
        if isinstance(step, JobRef):
            return await fetch_async(client, step)
        if isinstance(step, Sleep):
            await sleep(step.seconds)
        else:
            describe_wait(span, step)
            if settings.on_progress is not None:
                result = settings.on_progress(step)
                return await result if isawaitable(result) else result
        return None

    with add_note_unless(JobError, ref.note), start_wait_span(client, ref) as span:
        return await drive_async(poll(ref, settings, settings.clock(), keep_snapshot=True), perform)


def fetch(client: AuthenticatedClient, job: JobRef) -> Snapshot:
    """Look a job up once; the wait itself decides when to look again."""
    if job.kind != "media":
        try:
            return get_story.sync(job.id, client=client, max_retries=0)
        except ApiError as error:
            if job.kind == "story" or error.status != 404:
                raise
    return _complete(get_media.sync(job.id, client=client, max_retries=0), job)


async def fetch_async(client: AuthenticatedClient, job: JobRef) -> Snapshot:
    """Look a job up once."""
    if job.kind != "media":
        try:
            return await get_story.asyncio(job.id, client=client, max_retries=0)
        except ApiError as error:
            if job.kind == "story" or error.status != 404:
                raise
    return _complete(await get_media.asyncio(job.id, client=client, max_retries=0), job)


def _complete(media: Media | PartialMedia, job: JobRef) -> Media:
    """Return a media to which the response may have given no id or status."""
    return media if isinstance(media, Media) else Media.from_dict(media.to_dict() | {"id": media.id or job.id})
