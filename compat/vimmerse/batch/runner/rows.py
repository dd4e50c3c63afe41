"""The order of things for one job: upload its images, send it, wait, record its end, download its files.

It is a generator without I/O. It yields steps, whose results it is sent, and the events that they make.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypedDict

from vimmerse.batch import events
from vimmerse.batch.errors import LedgerError
from vimmerse.batch.events import Event
from vimmerse.batch.ledger import Ledger
from vimmerse.batch.records import MAX_CREDITS, JobRecord
from vimmerse.batch.runner.source import missing
from vimmerse.batch.runner.steps import Call, Download, Refuse, Step, Submit, Upload, Verdict, file_urls
from vimmerse.batch.states import State
from vimmerse.jobs.errors import JobCancelledError, JobFailedError
from vimmerse.jobs.many import Outcome
from vimmerse.jobs.polling import JobRef, Snapshot
from vimmerse.jobs.states import Kind
from vimmerse.v2.models.story import Story

#: A row yields events, steps, and the job that it waits for.
RowFlow: TypeAlias = Generator[Event | Step | JobRef, Any, None]


class Named(TypedDict):
    """What each event of a job has."""

    key: str
    number: int
    place: str


def named(job: JobRecord) -> Named:
    return {"key": job.key, "number": job.number, "place": job.place}


@dataclass(slots=True)
class Context:
    """What the rows of a run share.

    ``directory``: where files are saved, or None. ``webhook_url``: the receiver's address, or empty.
    ``left``: keys of jobs that this run has given up, for the next one.
    ``is_stopped``: whether no job is sent any more.
    """

    ledger: Ledger
    directory: Path | None
    webhook_url: str
    left: set[str]
    is_stopped: bool = False


def row_flow(job: JobRecord, run: Context) -> RowFlow:
    """Deal with a job, from the state in which it is."""
    if job.state is State.FINISHED:
        assert run.directory is not None  # else there is nothing to do for it
        ref = JobRef(job.job_id, kind_of(job))
        if not job.result:  # the service named no file when the job ended; perhaps it does now
            outcome: Outcome = yield ref
            job = replace(job, result=tuple(file_urls(outcome.value)) if outcome.value is not None else ())
        yield from _download(job, ref, job.result, missing(job, run.directory), run)
        return
    if job.state is State.ACCEPTED:
        yield events.Resumed(**named(job), job_id=job.job_id)
        yield from _wait(job, run)
    else:
        yield events.Reserved(**named(job), estimate=job.booked)
        urls = yield from _upload(job, run)
        accepted = None if urls is None else (yield from _submit(job, urls, run))
        if accepted is not None:
            yield from _wait(accepted, run)


def _upload(job: JobRecord, run: Context) -> Generator[Any, Any, dict[str, str] | None]:
    """Upload the images. Return their addresses by the hash of their content, or None if that failed."""
    urls: dict[str, str] = {}
    for _, name, sha256 in job.images:
        path = Path(name)
        while sha256 not in urls:
            verdict: Verdict = yield Upload(run.ledger, path, sha256)
            if verdict.end == "accepted":
                urls[sha256] = verdict.value
                if verdict.reason:
                    yield events.Uploaded(**named(job), path=path, url=verdict.value)
            elif verdict.end == "refused":
                yield Refuse(run.ledger, job.key, verdict.reason)
                yield _refused(job, verdict, "later")
                return None
    return urls


def _submit(job: JobRecord, urls: dict[str, str], run: Context) -> Generator[Any, Any, JobRecord | None]:
    """Send the job. Return it with its id and attempt, or None if it is not on the server."""
    while True:
        verdict: Verdict = yield Submit(run.ledger, job, urls, run.webhook_url)
        if verdict.end == "accepted":
            yield events.Submitted(**named(job), job_id=verdict.value, estimate=job.estimate)
            return replace(job, job_id=verdict.value, attempts=verdict.attempt)
        if verdict.end == "ambiguous":
            yield events.Ambiguous(**named(job), reason=verdict.reason)
        elif verdict.end == "stop":
            yield _refused(job, verdict, "later")
        elif verdict.end == "refused":
            yield _refused(job, verdict, "no")
        elif verdict.end == "again":
            yield _refused(job, verdict, "later" if run.is_stopped else "now")
        if verdict.end not in ("again", "budget"):
            return None


def _refused(job: JobRecord, verdict: Verdict, will_retry: Literal["now", "later", "no"]) -> Event:
    return events.Refused(**named(job), reason=verdict.reason, estimate=job.estimate, will_retry=will_retry)


def _wait(job: JobRecord, run: Context) -> RowFlow:
    job_id = job.job_id
    ref = JobRef(job_id, kind_of(job))
    outcome: Outcome = yield ref
    error = outcome.error
    if error is not None and not isinstance(error, JobFailedError | JobCancelledError):
        run.left.add(job.key)
        yield events.Unfinished(**named(job), job_id=job_id, reason=error.message)
        return
    snapshot = outcome.value if error is None else error.snapshot
    assert snapshot is not None  # a job that has ended was seen
    credits = used_credits(snapshot)
    status = snapshot.status if isinstance(snapshot, Story) else snapshot.processing_status
    end = partial(run.ledger.end, job.key, status=str(status), attempt=job.attempts)
    if error is None:
        if not credits:
            credits = None  # no video is free: the service does not say
        urls = file_urls(snapshot)
        yield Call(partial(end, State.FINISHED, used_credits=credits, result=urls))
        yield events.Finished(**named(job), job_id=job_id, estimate=job.estimate, credits=credits)
        yield from _download(job, ref, urls, range(len(urls)), run)
        return
    state = State.FAILED if isinstance(error, JobFailedError) else State.CANCELLED
    yield Call(partial(end, state, used_credits=credits, error=error.message))
    yield events.Failed(
        **named(job),
        job_id=job_id,
        state="failed" if state is State.FAILED else "cancelled",
        reason=error.message,
        estimate=job.estimate,
        credits=credits,
    )


def _download(job: JobRecord, ref: JobRef, urls: Sequence[str], indexes: Iterable[int], run: Context) -> RowFlow:
    if run.directory is None:
        return
    if not urls:
        run.left.add(job.key)
        yield events.DownloadFailed(**named(job), reason=f"the service names no file of {ref.id}")
        return
    for index in indexes:
        try:
            path: Path = yield Download(run.ledger, run.directory, job.key, ref, urls[index], index)
        except LedgerError:
            raise
        except Exception as error:  # also what a host answers that nobody has thought of: the others go on
            run.left.add(job.key)
            yield events.DownloadFailed(**named(job), reason=str(error) or type(error).__name__)
        else:
            yield events.Downloaded(**named(job), path=path)


def kind_of(job: JobRecord) -> Kind:
    """Return what the operation of a job creates."""
    return "media" if job.operation.endswith("/media") else "story"


def used_credits(snapshot: Snapshot) -> float | None:
    """Return what a job has cost, if the service says so. The vendor documents it for stories."""
    value: object
    value = snapshot.used_credits if isinstance(snapshot, Story) else snapshot.additional_properties.get("used_credits")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_CREDITS:
        return None
    return value
