"""After a crash, and after a person has looked: corrections of what the ledger says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Connection, select
from vimmerse.batch.errors import BatchError
from vimmerse.batch.ledger.database import Database
from vimmerse.batch.ledger.owners import is_running
from vimmerse.batch.ledger.reading import Reader
from vimmerse.batch.ledger.rows import Rows, storable
from vimmerse.batch.ledger.schema import jobs
from vimmerse.batch.operations import kind_of
from vimmerse.batch.records import WEBHOOK_TOKEN, JobRecord, Recovered
from vimmerse.batch.states import PAID, RETRYABLE, State


class Corrections(Reader):
    """The corrections of a ledger. ``clock``: returns the time, a timestamp."""

    def __init__(self, database: Database, batch: str, clock: Callable[[], float]) -> None:
        super().__init__(database, batch)
        self._clock = clock

    def recover(self, *, ended: Collection[str] = ()) -> Recovered:
        """Settle what processes that have ended left behind. Call it before sending; it is safe at any time.

        Jobs in ``sending`` become ambiguous. Jobs that were reserved, or refused for the time being, become planned.
        Jobs of processes that are still running stay as they are; a process on another machine is taken for ended 15
        minutes after it began to send.

        Args:
            ended: Processes that have surely ended, by their names as in ``JobRecord.owner``.
        """
        ambiguous = planned = 0
        for job in self.jobs(State.SENDING, State.RESERVED, State.REFUSED):
            if job.state is State.REFUSED and not job.transient:
                continue
            since = job.reserved_at if job.state is State.RESERVED else job.sent_at
            is_known = job.state is State.REFUSED or job.owner in ended
            if not is_known and is_running(job.owner, since, self._clock()):
                continue
            with self._transaction() as rows:
                now = rows.require(job.key)
                if (now.state, now.attempts, now.owner) != (job.state, job.attempts, job.owner):
                    continue
                if job.state is State.SENDING:
                    reason = f"the process that sent it ended before the answer was recorded ({job.owner})"
                    ambiguous += rows.mark_ambiguous(job, reason)
                else:
                    rows.plan_again(now)
                    planned += 1
        return Recovered(ambiguous, planned)

    def resolve(self, key: str, *, job_id: str = "", not_created: bool = False) -> JobRecord:
        """Settle an ambiguous job by what you know, and return it as it is then.

        Args:
            key: The job's.
            job_id: The id of the story or media that it has become. The job is accepted.
            not_created: The service has not created it. The job is refused, and sent again by the next run.

        Raises:
            BatchError: There is no such job, it is not ambiguous, or ``job_id`` belongs to another job.
            ValueError: Not exactly one of the two was given.
        """
        if bool(job_id) == not_created:
            raise ValueError("pass either job_id, or not_created=True")
        self.recover()
        with self._database.write() as connection:
            rows = self._rows(connection)
            job = rows.require(key)
            if job.state is not State.AMBIGUOUS:
                hint = f"; its id is {job.job_id}" if job.job_id else ""
                raise BatchError(f"The job {key!r} is {job.state}, not ambiguous{hint}. Nothing was changed.")
            if not_created:
                rows.refuse(job, "resolved: it was not created", transient=True)
                return rows.require(key)
            known = storable(job_id)
            other = connection.execute(select(jobs.c.batch, jobs.c.key).where(jobs.c.job_id == known)).first()
            if other is not None:
                raise BatchError(f"The id {known} belongs to the job {other.key!r} of the batch {other.batch!r}.")
            rows.accept(job, known)
            return rows.require(key)

    def resolve_token(self, token: str, job_id: str, *, kind: str = "unknown") -> JobRecord | None:
        """Record the id that came with the webhook of a job of any batch.

        The job is accepted, even if it was thought not to have been created. A job that was sent again since keeps its
        own id, and has this one among its ``earlier_ids``: both were paid. Nothing changes if this attempt has brought
        another id, if another job has this one, or if the webhook is about the other kind.

        Args:
            token: The end of the webhook's address (:meth:`Attempt.webhook_url`): the secret, and which attempt it was.
            job_id: The id that the webhook names.
            kind: What it is of: ``story``, ``media`` or ``unknown``.

        Returns:
            JobRecord | None: The job as it is then; None if no job has this secret.
        """
        address = WEBHOOK_TOKEN.fullmatch(token)
        if address is None:
            return None
        secret, attempt = address[1], int(address[2])
        query = select(jobs.c.batch, jobs.c.key).where(jobs.c.token == secret)
        with self._database.read() as connection:
            found = connection.execute(query).one_or_none()
        if found is None:
            return None
        known = storable(job_id)
        with self._database.write() as connection:
            rows = Rows(connection, found.batch, self._clock(), self.location)
            job = rows.require(found.key)
            is_known = connection.execute(select(jobs.c.key).where(jobs.c.job_id == known)).first()
            if job.token == secret and not is_known and _may_be_of(job, attempt, kind):
                rows.accept(replace(job, attempts=attempt), known)
            return rows.require(found.key)

    def retry(self, *states: State, keys: Collection[str] = ()) -> int:
        """Put jobs that have ended without success back to planned, and return how many. They will be paid again.

        Args:
            states: Some of ``failed``, ``cancelled`` and ``refused``.
            keys: Only these jobs; by default all in these states.
        """
        if not states or not set(states) <= set(RETRYABLE):
            raise ValueError(f"jobs can be retried that are {', '.join(RETRYABLE)}")
        count = 0
        for job in self.jobs(*states):
            if keys and job.key not in keys:
                continue
            with self._transaction() as rows:
                now = rows.require(job.key)
                if now.state in states:
                    rows.plan_again(now)
                    count += 1
        return count

    @contextmanager
    def _transaction(self, *, synced: bool = True) -> Iterator[Rows]:
        with self._database.write(synced=synced) as connection:
            yield self._rows(connection)

    def _rows(self, connection: Connection) -> Rows:
        return Rows(connection, self.batch, self._clock(), self.location)


def _may_be_of(job: JobRecord, attempt: int, kind: str) -> bool:
    """Return whether the id in a webhook may be the one that an attempt has brought, and is not known yet."""
    is_open = job.state in (State.SENDING, State.AMBIGUOUS)
    if attempt > job.attempts or kind not in ("unknown", kind_of(job.operation) or kind):
        return False
    if attempt == job.attempts and (is_open or job.state in PAID):
        return is_open
    # Each attempt brings one id, so there can't be more of them.
    ids = len(job.earlier_ids) + bool(job.job_id)
    return ids < job.attempts - is_open
