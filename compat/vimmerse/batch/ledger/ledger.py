""":class:`Ledger`: what was planned, sent and paid, in a database that survives the process."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Self

from sqlalchemy import select, update
from vimmerse.batch.commands import command
from vimmerse.batch.errors import AmbiguousError
from vimmerse.batch.ledger import planning
from vimmerse.batch.ledger.attempt import Attempt
from vimmerse.batch.ledger.corrections import Corrections
from vimmerse.batch.ledger.database import Database
from vimmerse.batch.ledger.planning import check_credits, check_name
from vimmerse.batch.ledger.rows import storable, to_record
from vimmerse.batch.ledger.schema import batches, jobs, uploads
from vimmerse.batch.operations import choose_operation
from vimmerse.batch.records import MAX_CREDITS, JobRecord, PlannedJob, PlanResult, canonical
from vimmerse.batch.states import ENDED, State
from vimmerse.pricing import estimate_call, unpriced

logger = logging.getLogger("vimmerse.batch")


class Ledger(Corrections):
    """Jobs that cost credits, each paid at most once, within the budget of their batch.

        with Ledger("batch.sqlite", batch="spring", budget=5000) as ledger:
            with ledger.paid("boat", body) as attempt:
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
        super().__init__(database, batch, clock)
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

    # Planning

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

    # Sending

    @contextmanager
    def paid(self, key: str, body: Any, *, operation: str = "", estimate: float | None = None) -> Iterator[Attempt]:
        """Send a paid call inside the block, at most once for this key.

            with ledger.paid("boat", body) as attempt:
                attempt.accepted(client.media.create(**body).id)

        The job's estimate is booked, and the row committed, before the block begins. An exception in the block, and the
        end of the process, leave the job ``refused`` if the service has surely not created it (no connection, 4xx other
        than 408), else ``ambiguous``. A refused job may be sent again. So put nothing but the paid call into the block.

        Args:
            key: Names the job in its batch.
            body: The JSON body of the call, or its model.
            operation: The call by its template, such as ``POST /v2/media``, from which the estimate comes. By default,
                what the fields of the body say.
            estimate: The price in credits, of a call that is none of the service's documented ones.

        Raises:
            AlreadyPaidError: The job was accepted before; ``error.job.job_id`` is its id.
            AmbiguousError: It may have been accepted, or is being sent by another thread or process.
            BudgetError: The budget does not cover it.
            KeyConflictError: The key is in the batch with another body.
            ValueError: The batch has a budget, and the call has no estimate.
        """
        check_name("the key", key)
        credits = self._estimate(key, operation, body, estimate)
        job = PlannedJob(key=key, body=body, operation=operation, estimate=credits)
        planning.plan(self._database, self.batch, [job], now=self._clock(), synced=False)  # the next commit is synced
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
        try:
            call = choose_operation(json.loads(canonical(body))).call
        except ValueError as error:
            if self.budget is None:
                return 0.0
            text = f"the batch has a budget, and the price of this call is not known: {error}"
            raise ValueError(f"{text}. Pass operation=, or estimate= in credits") from None
        return self._estimate(key, call, body, None)

    @contextmanager
    def sending(self, key: str) -> Iterator[Attempt]:
        """Like :meth:`paid`, for a job that is in the batch already.

        Args:
            key: The job's.

        Raises:
            AlreadyPaidError, AmbiguousError, BudgetError, BatchError: As :meth:`reserve`.
        """
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
        planned = (
            select(jobs)
            .where(jobs.c.batch == self.batch, jobs.c.state == State.PLANNED)
            .order_by(jobs.c.number)
            .limit(1)
        )
        while True:
            with self._database.write(synced=False) as connection:
                row = connection.execute(planned.with_for_update(skip_locked=True)).one_or_none()
                if row is not None:
                    return self._rows(connection).reserve(to_record(row))
            # Others have locked those that are left, and may give them back. PostgreSQL keeps the lock of a row that
            # it has waited for in vain, so each wait is a transaction of its own.
            with self._database.read() as connection:
                row = connection.execute(planned).one_or_none()
            if row is None:
                return None
            with self._transaction(synced=False) as rows:
                job = rows.require(row.key)
                if job.state is State.PLANNED:
                    return rows.reserve(job)

    def reserve(self, key: str) -> JobRecord:
        """Book the estimate of a job that is planned or refused, and return the job.

        Args:
            key: The job's.

        Raises:
            AlreadyPaidError, AmbiguousError, BudgetError: As :meth:`paid`.
            BatchError: There is no such job.
        """
        with self._transaction(synced=False) as rows:
            job = rows.require(key)
            rows.check_unpaid(job)
            return job if job.state is State.RESERVED else rows.reserve(job)

    def unreserve(self, key: str) -> None:
        """Release a reserved job that is not going to be sent now: it is planned again. ``key``: the job's."""
        with self._transaction(synced=False) as rows:
            job = rows.require(key)
            if job.state is State.RESERVED:
                rows.plan_again(job)

    def begin(self, key: str) -> Attempt:
        """Commit that a job is about to be sent; return its attempt, which must be settled. See :meth:`sending`.

        Args:
            key: The job's.

        Raises:
            AlreadyPaidError, AmbiguousError, BudgetError, BatchError: As :meth:`reserve`.
        """
        self._database.check_file()
        with self._transaction() as rows:
            job = rows.begin(key)
        return Attempt(self, job)

    def settle(self, attempt: Attempt, error: BaseException) -> None:
        """Record what an exception says about an attempt, and add to it where the job stands. Raises nothing.

        Args:
            attempt: What :meth:`begin` returned.
            error: What has ended the call.
        """
        try:
            attempt.settle(error)
        except Exception as failure:
            error.add_note(f"The ledger could not record this: {failure}")
        if attempt.job_id:
            error.add_note(f"The job {attempt.job.key!r} was created; its id is {attempt.job_id}.")

    def record_accepted(self, job: JobRecord, job_id: str) -> None:
        """Record the ``job_id`` that an attempt brought; :meth:`Attempt.accepted` calls it. ``job``: as it was then."""
        shown = storable(job_id)
        try:
            with self._transaction() as rows:
                rows.accept(job, shown)
        except Exception as error:
            resolve = command("resolve", "--job-id", shown, location=self.location, batch=self.batch, row=job.key)
            text = (
                f"The service has created the job {job.key!r}, and its id {shown} could not be written. Keep it, and "
                f"settle the job later: {resolve}"
            )
            error.add_note(text)
            logger.error(text)  # a run that ends because of another error drops this one
            raise

    def record_refused(self, job: JobRecord, reason: str, *, transient: bool) -> None:
        """Record that an attempt has created nothing; :meth:`Attempt.refused` calls it.

        Args:
            job: As it was during the attempt.
            reason: Why.
            transient: Whether the same call may succeed later.
        """
        with self._transaction() as rows:
            rows.refuse(job, reason, transient=transient)

    def record_ambiguous(self, job: JobRecord, reason: str) -> None:
        """Record that nobody knows what an attempt has done; :meth:`Attempt.settle` calls it.

        Args:
            job: As it was during the attempt.
            reason: What has happened to the call.
        """
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
        attempt: int | None = None,
    ) -> bool:
        """Record how an accepted job has ended on the service.

        Args:
            key: The job's.
            state: ``finished``, ``failed`` or ``cancelled``.
            status: The service's word for it.
            used_credits: What it really cost, which replaces the estimate in the budget; None if that is unknown.
            result: The URLs of its files.
            error: Why it failed.
            attempt: Which attempt has ended so (``JobRecord.attempts``), if the job may have been sent again meanwhile.

        Returns:
            bool: Whether the job was in the state accepted, by this attempt; otherwise nothing has changed.
        """
        if state not in ENDED:
            raise ValueError(f"a job ends as one of {', '.join(ENDED)}, not as {state}")
        with self._transaction(synced=False) as rows:
            job = rows.require(key)
            if job.state is not State.ACCEPTED or attempt not in (None, job.attempts):
                return False
            is_known = used_credits is not None and 0 <= used_credits <= MAX_CREDITS
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
        """Record that a file of a job was downloaded. ``key``: the job's. ``path``: the file."""
        with self._transaction(synced=False) as rows:
            job = rows.require(key)
            if path not in job.files:
                rows.update(key, files=json.dumps([*job.files, path]))

    def upload_of(self, sha256: str) -> str:
        """Return the URL of an image that was uploaded for this batch, or empty text. ``sha256``: of its content."""
        query = select(uploads.c.url).where(uploads.c.batch == self.batch, uploads.c.sha256 == sha256)
        with self._database.read() as connection:
            return connection.execute(query).scalar() or ""

    def add_upload(self, sha256: str, url: str) -> None:
        """Record that an image was uploaded. The first one stays.

        Args:
            sha256: Of its content, in hexadecimal digits.
            url: Where it is now.
        """
        row = {"batch": self.batch, "sha256": sha256, "url": url}
        with self._database.write(synced=False) as connection:
            connection.execute(self._database.insert(uploads).values(row))
