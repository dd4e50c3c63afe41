"""What waiting, downloading and webhooks raise. All of it pickles and deep-copies.

    JobError                a wait ended without the job's result
    ├── JobFailedError      the job failed at the server
    ├── JobCancelledError   the job was cancelled at the server
    ├── JobTimeoutError     the deadline came first (also a TimeoutError); the job goes on
    └── JobLookupError      the job can't be looked up: unknown id, refused key, ...; the cause is the server's answer
    DownloadError           a file was not fetched; nothing is under the final name
    WebhookError            a request's body is no webhook

A job was paid for, so its id is in the text of every JobError, and in a note on whatever else ends a wait: Ctrl-C, a
cancelled task, an error of your own callback.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from vimmerse.v2.models import Media, Story


class _Portable(Exception):
    """Pickles and copies, whatever its constructor takes."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.args, dict(self.__dict__))

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        from copy import deepcopy

        copy = _rebuild(type(self), self.args, deepcopy(self.__dict__, memo))
        assert isinstance(copy, type(self))
        return copy


def _rebuild(cls: type[_Portable], args: tuple[object, ...], state: dict[str, object]) -> _Portable:
    error = cls.__new__(cls, *args)
    error.args = args  # a subclass of OSError would have lost them
    error.__dict__.update(state)
    return error


class JobError(_Portable):
    """A wait ended without the job's result.

    ``job_id``, ``kind``: the job; kind is ``"story"`` or ``"media"``, or ``"unknown"`` where a webhook did not say it
    and no look has shown it.
    ``status``: the last one that was seen, as the server spelled it; empty if none was.
    ``snapshot``: the story or media as it was last seen, or None.
    """

    def __init__(
        self, message: str, *, job_id: str, kind: str, status: str = "", snapshot: Story | Media | None = None
    ) -> None:
        super().__init__(message)
        self.job_id = job_id
        self.kind = kind
        self.status = status
        self.snapshot = snapshot


class JobFailedError(JobError):
    """The job failed at the server; ``snapshot`` is all that the server says about it."""


class JobCancelledError(JobError):
    """The job was cancelled at the server."""


class JobTimeoutError(JobError, TimeoutError):
    """The deadline came before the end of the job, which goes on: wait again with the same id, that costs nothing.

    If the last looks at it failed, ``__cause__`` is why.
    """


class JobLookupError(JobError):
    """The job can't be looked up, and asking again would not help; ``__cause__`` is the server's answer.

    ``http_status``: its HTTP status, or None where there was no answer.
    """

    def __init__(
        self,
        message: str,
        *,
        job_id: str,
        kind: str,
        status: str = "",
        snapshot: Story | Media | None = None,
        http_status: int | None = None,
    ) -> None:
        super().__init__(message, job_id=job_id, kind=kind, status=status, snapshot=snapshot)
        self.http_status = http_status


class DownloadError(_Portable):
    """A file was not fetched. Nothing is under its final name, unless something was before.

    ``url``: its address without query, fragment and credentials: they are often what gives access.
    ``path``: where it was to go.
    ``received``: bytes of it that had arrived; they are not kept.
    ``total``: its whole length in bytes, or None if the host did not say.
    ``http_status``: the host's answer, where that was the reason.
    ``job_id``: the story's or media's id where one was given, else empty.
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
        self.url = url
        self.path = path
        self.received = received
        self.total = total
        self.http_status = http_status
        self.job_id = job_id


class WebhookError(_Portable, ValueError):
    """A request's body is no webhook of this service. ``status``: what to answer it with, 400 or 413."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
