"""The OpenTelemetry spans of waits and downloads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vimmerse._http import tracing
from vimmerse.v2.client import AuthenticatedClient

if TYPE_CHECKING:
    from vimmerse.jobs.polling import JobRef, Progress
    from vimmerse.jobs.transfer import Transfer


def start_wait_span(client: AuthenticatedClient, job: JobRef) -> tracing.Span:
    """Start the span of a wait; its lookups are below it."""
    attributes = {tracing.JOB_ID: job.id, tracing.JOB_KIND: job.kind}
    return tracing.start_span(f"vimmerse.wait {job.kind}", attributes, redact=tracing.without_key(client))


def describe_wait(span: tracing.Span, progress: Progress) -> None:
    """Set what is known of the job after a lookup."""
    if not span:
        return
    span.set(
        {
            tracing.JOB_KIND: progress.kind,
            tracing.JOB_STATUS: progress.status,
            "vimmerse.wait.polls": progress.polls,
        }
    )


@contextmanager
def download_span(transfer: Transfer) -> Iterator[None]:
    """The span of a download."""
    attributes = {tracing.JOB_ID: transfer.job_id, **tracing.url_attributes(transfer.url)}
    with tracing.start_span("vimmerse.download", attributes) as span:
        try:
            yield
        finally:
            if span:
                progress = transfer.progress()
                span.set(
                    {
                        "vimmerse.download.bytes": progress.received,
                        "vimmerse.download.attempts": progress.attempts,
                    }
                )
