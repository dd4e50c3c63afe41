"""What waiting, downloading and webhooks raise. All of these exceptions can be pickled and copied.

A job has been paid for, so its id is in the message of every ``JobError``, and in a note on anything else that ends a
wait: Ctrl-C, a cancelled task, an exception of your own callback.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vimmerse.v2.models import Media, Story


class JobError(Exception):
    """A wait ended without the job's result.

    ``job_id``, ``kind``: the job; kind is ``"story"`` or ``"media"``, or ``"unknown"`` where a webhook did not say and
    no lookup succeeded.
    ``status``: the last known one, as the server spelled it, or empty.
    ``snapshot``: the story or media as last seen, or None.
    """

    # Arguments have defaults so that an exception can be unpickled from its message; the attributes are set afterwards.
    def __init__(
        self, message: str, *, job_id: str = "", kind: str = "", status: str = "", snapshot: Story | Media | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.job_id = job_id
        self.kind = kind
        self.status = status
        self.snapshot = snapshot


class JobFailedError(JobError):
    """The job failed on the server; ``snapshot`` is everything that the server says about it."""


class JobCancelledError(JobError):
    """The job was cancelled on the server."""


class JobTimeoutError(JobError, TimeoutError):
    """The deadline passed before the job ended. It is still running: wait for the same id again, at no cost."""


class JobLookupError(JobError):
    """The job can't be looked up, and a retry would not help; ``__cause__`` is the server's response.

    ``http_status``: its HTTP status, or None if there was no response. ``attributes``: those of :class:`JobError`.
    """

    def __init__(self, message: str, *, http_status: int | None = None, **attributes: Any) -> None:
        super().__init__(message, **attributes)
        self.http_status = http_status


class DownloadError(Exception):
    """A file was not downloaded. Its final name is as it was before.

    ``url``: its URL without query, fragment and credentials, which may grant access.
    ``path``: where it was to be saved.
    ``received``: bytes that were received; they have been discarded.
    ``total``: its length in bytes, or None if the host did not say.
    ``http_status``: the host's response, if that was the reason.
    ``job_id``: the story's or media's id, or empty if a URL was given.
    """

    def __init__(
        self,
        message: str,
        *,
        url: str = "",
        path: str = "",
        received: int = 0,
        total: int | None = None,
        http_status: int | None = None,
        job_id: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.url = url
        self.path = path
        self.received = received
        self.total = total
        self.http_status = http_status
        self.job_id = job_id


class WebhookError(ValueError):
    """A request's body is not a webhook of this service. ``status``: the HTTP status to respond with, 400 or 413."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


@contextmanager
def add_note_unless(own: type[BaseException], text: Callable[[], str]) -> Iterator[None]:
    """Add a note to an exception that leaves the block, unless its type is ``own``: those say it in their message."""
    try:
        yield
    except BaseException as error:
        if not isinstance(error, own | GeneratorExit):
            error.add_note(text())
        raise
