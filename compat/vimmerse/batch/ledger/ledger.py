""":class:`Ledger`: what was planned, sent and paid, in a database that survives the process."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Self

from sqlalchemy import func, or_, select, update
from vimmerse.batch.errors import AmbiguousError, BatchError
from vimmerse.batch.ledger import planning
from vimmerse.batch.ledger.attempt import Attempt
from vimmerse.batch.ledger.database import Database
from vimmerse.batch.ledger.owners import is_running
from vimmerse.batch.ledger.planning import check_credits, check_name
from vimmerse.batch.ledger.rows import Rows, check_unpaid, storable, to_record
from vimmerse.batch.ledger.schema import batches, jobs, uploads
from vimmerse.batch.records import JobRecord, PlannedJob, PlanResult, Recovered, Summary, canonical
from vimmerse.batch.states import ENDED, RETRYABLE, State
from vimmerse.pricing import estimate_call, unpriced

_CHUNK = 500  # rows that are read at a time


class Ledger:
    """Jobs that cost credits, each paid at most once, within the budget of their batch.

        with Ledger("batch.sqlite", batch="spring", budget=5000) as ledger:
            with ledger.paid("boat", body, operation="POST /v2/media") as attempt:
                attempt.accepted(client.media.create(**body).id)

    A row is committed before the request is sent. So a crash at any moment leaves one of three: the job was surely not
    sent, or its id is known, or it is *ambiguous*, and then it is not sent again until :meth:`resolve` settles it.
    Threads may share a ledger; processes and machines may use the same database at the same time.

    Args:
        location: The file of a SQLite database, which is created, or ``postgresql://USER:PASSWORD@HOST/NAME``. A file
            must not be on a network drive.
        batch: The batch's name. Keys are unique in a batch, and each batch has a budget of its own.
        budget: Credits that the batch may cost, by estimate and, where the service tells it, in fact. None keeps what
            was set before; a new batch has no limit then.
        clock: Replaces ``time.time``.

    Raises:
        ImportError: The extra ``batch`` (or ``postgresql``) is not installed.
        LedgerError: The database can't be used, or is of a newer version.
        ValueError: An argument is invalid.
    """

    def __init__(
        self,
        location: str | os.PathLike[str] = "batch.sqlite",
        *,
        batch: str = "default",
        budget: float | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        check_name("batch", batch)
        if budget is not None:
            check_credits("budget", budget)
        self._open(Database(location), batch, clock)
        if budget is not None:
            self.budget = budget

    def _open(self, database: Database, batch: str, clock: Callable[[], float]) -> None:
        self.batch = batch
        self._clock = clock
        self._database = database
        self._mine = jobs.c.batch == batch
        row = {"name": batch, "budget": None, "committed": 0.0, "created_at": clock()}
        with database.write() as connection:
            connection.execute(database.insert(batches).values(row))

    def __repr__(self) -> str:
        return f"<Ledger {self.location}, batch {self.batch!r}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections to the database."""
        self._database.close()

    @property
    def location(self) -> str:
        """The database, without a password."""
        return self._database.name

    def batch_names(self) -> list[str]:
        """Return the names of all batches in the database, the oldest first."""
        with self._database.read() as connection:
            query = select(batches.c.name).order_by(batches.c.created_at, batches.c.name)
            return list(connection.execute(query).scalars())

    def of(self, batch: str) -> Ledger:
        """Return the ledger of another batch in the same database. It shares the connections: close only one."""
        check_name("batch", batch)
        other = object.__new__(type(self))
        other._open(self._database, batch, self._clock)
        return other

    @property
    def budget(self) -> float | None:
        """The budget of the batch in credits, or None. May be set; below what is committed, nothing more is sent."""
        with self._database.read() as connection:
            return connection.execute(select(batches.c.budget).where(batches.c.name == self.batch)).scalar()

    @budget.setter
    def budget(self, budget: float | None) -> None:
        if budget is not None:
            check_credits("budget", budget)
        with self._database.write() as connection:
            connection.execute(update(batches).where(batches.c.name == self.batch).values(budget=budget))

    # Planning and reading

    def plan(self, planned: Iterable[PlannedJob], *, replace_unpaid: bool = False) -> PlanResult:
        """Put jobs into the batch: all of them, or none if one raises.

        The same key with the same body is the same job, in whatever state it is.

        Args:
            planned: The jobs. Each is read once, so it may be a generator.
            replace_unpaid: Whether a job that was not paid, and is not being sent, gets another body.

        Raises:
            KeyConflictError: A key is there with another body, or twice in ``planned`` with different ones.
            ValueError, TypeError: A key, body or estimate is invalid.
        """
        return planning.plan(self._database, self.batch, planned, now=self._clock(), replace_unpaid=replace_unpaid)

    def get(self, key: str) -> JobRecord | None:
        """Return the job with this key, or None."""
        with self._database.read() as connection:
            row = connection.execute(select(jobs).where(self._mine, jobs.c.key == key)).one_or_none()
        return None if row is None else to_record(row)

    def jobs(self, *states: State) -> Iterator[JobRecord]:
        """Yield the jobs in these states, or all, in the order of their numbers. Memory does not grow with them."""
        conditions = [self._mine, *([jobs.c.state.in_(states)] if states else [])]
        after: list[Any] = []
        while True:
            with self._database.read() as connection:
                query = select(jobs).where(*conditions, *after).order_by(jobs.c.number, jobs.c.key).limit(_CHUNK)
                rows = connection.execute(query).all()
            for row in rows:
                yield to_record(row)
            if len(rows) < _CHUNK:
                return
            number, key = rows[-1].number, rows[-1].key
            after = [or_(jobs.c.number > number, (jobs.c.number == number) & (jobs.c.key > key))]

    def summary(self) -> Summary:
        """Return the batch in numbers."""
        amounts = (func.count(), func.sum(jobs.c.spent), func.sum(jobs.c.estimate))
        with self._database.read() as connection:
            rows = connection.execute(select(jobs.c.state, *amounts).where(self._mine).group_by(jobs.c.state)).all()
            batch = connection.execute(select(batches).where(batches.c.name == self.batch)).one()
        return Summary(
            batch=self.batch,
            counts={State(state): count for state, count, _, _ in rows},
            budget=batch.budget,
            committed=batch.committed,
            spent=sum(spent for _, _, spent, _ in rows),
            planned=sum(estimate for state, _, _, estimate in rows if state == State.PLANNED),
        )

    # Sending

    @contextmanager
    def paid(self, key: str, body: Any, *, operation: str = "", estimate: float | None = None) -> Iterator[Attempt]:
        """Send a paid call inside the block, at most once for this key.

            with ledger.paid("boat", body, operation="POST /v2/media") as attempt:
                attempt.accepted(client.media.create(**body).id)

        The job's estimate is booked, and the row committed, before the block begins. An exception in the block, and the
        end of the process, leave the job ``refused`` if the service has surely not created it (no connection, 4xx other
        than 408), else ``ambiguous``. A refused job may be sent again.

        Args:
            key: Names the job in its batch.
            body: The JSON body of the call, or its model.
            operation: The call by its template, such as ``POST /v2/story/idea-2-video``, from which the estimate comes.
            estimate: The price in credits, if there is no ``operation``.

        Raises:
            AlreadyPaidError: The job was accepted before; ``error.job.job_id`` is its id.
            AmbiguousError: It may have been accepted, or is being sent by another thread or process.
            BudgetError: The budget does not cover it.
            KeyConflictError: The key is in the batch with another body.
            ValueError: The batch has a budget, and the call has no estimate.
        """
        check_name("the key", key)
        credits = self._estimate(key, operation, body, estimate)
        self.plan([PlannedJob(key=key, body=body, operation=operation, estimate=credits)])
        with self.sending(key) as attempt:
            yield attempt

    def _estimate(self, key: str, operation: str, body: Any, estimate: float | None) -> float:
        if estimate is not None:
            return estimate
        if operation:
            fields = json.loads(canonical(body))
            if reason := unpriced(operation, fields):
                raise ValueError(f"{operation} can't be priced: {reason}. Pass estimate=, in credits.")
            return estimate_call(operation, fields).credits
        if known := self.get(key):
            return known.estimate
        if self.budget is not None:
            raise ValueError("the batch has a budget: pass operation=, or estimate= in credits")
        return 0.0

    @contextmanager
    def sending(self, key: str) -> Iterator[Attempt]:
        """Like :meth:`paid`, for a job that is in the batch already."""
        attempt = self.begin(key)
        try:
            yield attempt
        except BaseException as error:
            self.settle(attempt, error)
            raise
        if not attempt.is_settled:
            text = f"The block of {key!r} ended without accepted() or refused(), so the job may have been created."
            unknown = AmbiguousError(f"{text} It is ambiguous now.", attempt.job)
            attempt.settle(unknown)
            raise unknown

    def take(self) -> JobRecord | None:
        """Reserve the next planned job, and return it, or None if none is planned.

        Raises:
            BudgetError: The budget does not cover it. It stays planned.
        """
        query = select(jobs).where(self._mine, jobs.c.state == State.PLANNED).order_by(jobs.c.number).limit(1)
        with self._database.write() as connection:
            row = connection.execute(query.with_for_update(skip_locked=True)).one_or_none()
            return None if row is None else self._rows(connection).reserve(to_record(row))

    def reserve(self, key: str) -> JobRecord:
        """Book the estimate of a job that is planned or refused, and return the job.

        Raises:
            AlreadyPaidError, AmbiguousError, BudgetError: As :meth:`paid`.
            BatchError: There is no such job.
        """
        with self._transaction() as rows:
            job = rows.require(key)
            check_unpaid(job)
            return job if job.state is State.RESERVED else rows.reserve(job)

    def unreserve(self, key: str) -> None:
        """Release a reserved job that is not going to be sent now: it is planned again."""
        with self._transaction() as rows:
            job = rows.require(key)
            if job.state is State.RESERVED:
                rows.plan_again(job)

    def begin(self, key: str) -> Attempt:
        """Commit that a job is about to be sent; return its attempt, which must be settled. See :meth:`sending`.

        Raises:
            AlreadyPaidError, AmbiguousError, BudgetError, BatchError: As :meth:`reserve`.
        """
        with self._transaction() as rows:
            job = rows.begin(key)
        return Attempt(self, job)

    def settle(self, attempt: Attempt, error: BaseException) -> None:
        """Record what an exception says about an attempt, and add to it where the job stands. Raises nothing."""
        try:
            attempt.settle(error)
        except Exception as failure:
            error.add_note(f"The ledger could not record this: {failure}")
        if attempt.job_id:
            error.add_note(f"The job {attempt.job.key!r} was created; its id is {attempt.job_id}.")

    def record_accepted(self, job: JobRecord, job_id: str) -> None:
        """Record the id that an attempt brought; :meth:`Attempt.accepted` calls it. ``job``: as it was then."""
        shown = storable(job_id)
        try:
            with self._transaction() as rows:
                rows.accept(job, shown)
        except Exception as error:
            error.add_note(
                f"The service has created the job {job.key!r}, and its id {shown} could not be written. Keep it, and "
                f"settle the job later: vimmerse batch resolve {job.key} --job-id {shown}"
            )
            raise

    def record_refused(self, job: JobRecord, reason: str, *, transient: bool) -> None:
        """Record that an attempt has created nothing; :meth:`Attempt.refused` calls it."""
        with self._transaction() as rows:
            rows.refuse(job, reason, transient=transient)

    def record_ambiguous(self, job: JobRecord, reason: str) -> None:
        """Record that nobody knows what an attempt has done; :meth:`Attempt.settle` calls it."""
        with self._transaction() as rows:
            rows.mark_ambiguous(job, reason)

    # After a job is accepted

    def end(
        self,
        key: str,
        state: State,
        *,
        status: str = "",
        used_credits: float | None = None,
        result: Collection[str] = (),
        error: str = "",
    ) -> bool:
        """Record how an accepted job has ended on the service.

        Args:
            key: The job's.
            state: ``finished``, ``failed`` or ``cancelled``.
            status: The service's word for it.
            used_credits: What it really cost, which replaces the estimate in the budget; None if that is unknown.
            result: The URLs of its files.
            error: Why it failed.

        Returns:
            bool: Whether the job was in the state accepted; otherwise nothing has changed.
        """
        if state not in ENDED:
            raise ValueError(f"a job ends as one of {', '.join(ENDED)}, not as {state}")
        with self._transaction() as rows:
            job = rows.require(key)
            if job.state is not State.ACCEPTED:
                return False
            is_known = used_credits is not None and math.isfinite(used_credits) and used_credits >= 0
            credits = float(used_credits) if used_credits is not None and is_known else job.booked
            rows.add_committed(credits - job.booked)
            rows.update(
                key,
                state=state,
                booked=0.0,
                spent=job.spent + credits,
                status=storable(status),
                result=json.dumps(list(result)),
                error=storable(error),
                ended_at=self._clock(),
            )
            return True

    def add_file(self, key: str, path: str) -> None:
        """Record that a file of a job was downloaded."""
        with self._transaction() as rows:
            job = rows.require(key)
            if path not in job.files:
                rows.update(key, files=json.dumps([*job.files, path]))

    def upload_of(self, sha256: str) -> str:
        """Return the URL of an image that was uploaded for this batch, by the SHA-256 of its content, or empty text."""
        query = select(uploads.c.url).where(uploads.c.batch == self.batch, uploads.c.sha256 == sha256)
        with self._database.read() as connection:
            return connection.execute(query).scalar() or ""

    def add_upload(self, sha256: str, url: str) -> None:
        """Record that an image was uploaded. The first one stays."""
        row = {"batch": self.batch, "sha256": sha256, "url": url}
        with self._database.write() as connection:
            connection.execute(self._database.insert(uploads).values(row))

    # Crashes and corrections

    def recover(self) -> Recovered:
        """Settle what processes that have ended left behind. Call it before sending; it is safe at any time.

        Jobs in ``sending`` become ambiguous. Jobs that were reserved, or refused for the time being, become planned.
        Jobs of processes that are still running stay as they are; a process on another machine is taken for ended 15
        minutes after it began to send.
        """
        ambiguous = planned = 0
        for job in self.jobs(State.SENDING, State.RESERVED, State.REFUSED):
            if job.state is State.REFUSED and not job.transient:
                continue
            since = job.reserved_at if job.state is State.RESERVED else job.sent_at
            if job.state is not State.REFUSED and is_running(job.owner, since, self._clock()):
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

    def resolve_token(self, token: str, job_id: str) -> JobRecord | None:
        """Record the id that came with the webhook of a job of any batch.

        Args:
            token: The secret at the end of the webhook's address (:meth:`Attempt.webhook_url`).
            job_id: The id that the webhook names.

        Returns:
            JobRecord | None: The job; None if no job has this secret.
        """
        with self._database.read() as connection:
            row = connection.execute(select(jobs).where(jobs.c.token == token)).one_or_none() if token else None
        if row is None:
            return None
        job, ledger = to_record(row), self.of(row.batch)
        if job.state in (State.SENDING, State.AMBIGUOUS):
            ledger.record_accepted(job, job_id)
        return ledger.get(job.key)

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
    def _transaction(self) -> Iterator[Rows]:
        with self._database.write() as connection:
            yield self._rows(connection)

    def _rows(self, connection: Any) -> Rows:
        return Rows(connection, self.batch, self._clock())
