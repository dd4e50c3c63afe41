"""The rows of one batch inside a transaction: each change of a job's state, and the booking that belongs to it.

The row of a job is locked before the row of its batch, so that no two transactions wait for each other.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, Connection, Float, Row, bindparam, or_, select, update
from vimmerse._http.redaction import one_line
from vimmerse.batch.commands import command
from vimmerse.batch.errors import AlreadyPaidError, AmbiguousError, BatchError, BudgetError
from vimmerse.batch.ledger.owners import this_process
from vimmerse.batch.ledger.schema import batches, jobs
from vimmerse.batch.records import JobRecord
from vimmerse.batch.states import PAID, UNPAID, State

# Made once: it takes SQLAlchemy longer to build a statement than to execute it.
_THIS_JOB = (jobs.c.batch == bindparam("this_batch"), jobs.c.key == bindparam("this_key"))
_GET = select(jobs).where(*_THIS_JOB).with_for_update()
_UPDATE = update(jobs).where(*_THIS_JOB)
_THIS_BATCH = batches.c.name == bindparam("this_batch")
_CREDITS: BindParameter[float] = bindparam("credits", type_=Float)
_SUM = batches.c.committed + _CREDITS
_ADD = update(batches).where(_THIS_BATCH).values(committed=_SUM)
_ROUNDING = 1e-6  # credits: sums of decimals are not exact
_BOOK = _ADD.where(or_(batches.c.budget.is_(None), batches.c.budget + _ROUNDING >= _SUM))
_BATCH = select(batches).where(_THIS_BATCH)

_LISTS = ("images", "earlier_ids", "result", "files")


class Rows:
    """The rows of a batch.

    ``connection``: in a transaction. ``now``: the time of its changes, a timestamp. ``location``: as of the ledger.
    """

    def __init__(self, connection: Connection, batch: str, now: float, location: str) -> None:
        self._connection = connection
        self._batch = batch
        self._now = now
        self._location = location

    def get(self, key: str) -> JobRecord | None:
        """Return a job, whose row is locked until the end of the transaction, or None."""
        row = self._connection.execute(_GET, {"this_batch": self._batch, "this_key": key}).one_or_none()
        return None if row is None else to_record(row)

    def require(self, key: str) -> JobRecord:
        """Return a job. Raises ``BatchError`` if there is none."""
        job = self.get(key)
        if job is None:
            raise BatchError(f"The batch {self._batch!r} has no job {key!r}.")
        return job

    def update(self, key: str, **values: Any) -> None:
        """Set columns of a job."""
        self._connection.execute(_UPDATE, {"this_batch": self._batch, "this_key": key, **values})

    # The budget

    def book(self, credits: float, key: str) -> None:
        """Add credits to what is committed. Raises ``BudgetError`` if the budget does not cover them."""
        parameters = {"this_batch": self._batch, "credits": credits}
        if self._connection.execute(_BOOK, parameters).rowcount == 1:
            return
        batch = self._connection.execute(_BATCH, {"this_batch": self._batch}).one()
        left = max(0.0, batch.budget - batch.committed)
        raise BudgetError(
            f"The job {key!r} would cost about {credits:g} credits, and {left:g} of the budget of {batch.budget:g} are "
            "left. It was not sent: raise the budget.",
            key=key,
            estimate=credits,
            left=left,
        )

    def add_committed(self, credits: float) -> None:
        """Add credits to what is committed, or take them off, whatever the budget is."""
        self._connection.execute(_ADD, {"this_batch": self._batch, "credits": credits})

    def release(self, job: JobRecord) -> None:
        """Take the booking of a job off."""
        if job.booked:
            self.add_committed(-job.booked)
            self.update(job.key, booked=0.0)

    # The states

    def check_unpaid(self, job: JobRecord) -> None:
        """Raise ``AlreadyPaidError`` or ``AmbiguousError`` unless a job may be sent."""
        if job.state in PAID:
            text = f"The job {job.key!r} was sent before: it is {job.state}, with the id {job.job_id}."
            raise AlreadyPaidError(text, job)
        if job.state not in UNPAID:
            what = "is being sent, or its process has ended" if job.state is State.SENDING else "may have been created"
            resolve = command("resolve", "--job-id", "ID", location=self._location, batch=self._batch, row=job.key)
            advice = f"When you know what became of it: {resolve} (or --not-created in place of --job-id ID)."
            raise AmbiguousError(f"The job {job.key!r} {what}, so it is not sent again. {advice}", job)

    def reserve(self, job: JobRecord) -> JobRecord:
        """Book the estimate of a job that may be sent. Raises ``BudgetError``."""
        self.book(job.estimate, job.key)
        reserved: dict[str, Any] = {
            "state": State.RESERVED,
            "booked": job.estimate,
            "owner": this_process(),
            "reserved_at": self._now,
            "error": "",
            "transient": False,
        }
        self.update(job.key, **reserved)
        return replace(job, **reserved)

    def begin(self, key: str) -> JobRecord:
        """Set a job that may be sent to ``sending``. Raises as ``Ledger.reserve``."""
        job = self.require(key)
        self.check_unpaid(job)
        if job.state is not State.RESERVED:
            job = self.reserve(job)
        changes: dict[str, Any] = {
            "state": State.SENDING,
            "attempts": job.attempts + 1,
            "owner": this_process(),
            "sent_at": self._now,
        }
        self.update(key, **changes)
        return replace(job, **changes)

    def accept(self, job: JobRecord, job_id: str) -> None:
        """Record the id that an attempt brought. ``job``: as it was during the attempt."""
        now = self.require(job.key)
        if job_id == now.job_id:
            return
        is_earlier = now.attempts != job.attempts or now.body_hash != job.body_hash
        if job_id in now.earlier_ids and (is_earlier or now.state not in (State.SENDING, State.AMBIGUOUS)):
            return
        if is_earlier or now.state in PAID:
            # There is a later attempt, or another id. This one was paid too: it must not get lost.
            if is_earlier:
                self.add_committed(job.estimate)
                self.update(job.key, spent=now.spent + job.estimate)
            ids = [*now.earlier_ids, job_id]
            error = f"the service has created it more than once: {', '.join(filter(None, [*ids, now.job_id]))}"
            self.update(job.key, earlier_ids=json.dumps(ids), error=error)
            return
        if now.state not in (State.SENDING, State.AMBIGUOUS):
            # Somebody has said that it was not created. It was, so it counts, whatever is left of the budget.
            self.release(now)
            self.add_committed(now.estimate)
            self.update(job.key, booked=now.estimate)
        accepted = {"state": State.ACCEPTED, "job_id": job_id, "accepted_at": self._now}
        self.update(job.key, **accepted, error="", transient=False)

    def refuse(self, job: JobRecord, reason: str, *, transient: bool) -> None:
        """Record that an attempt has created nothing. ``job``: as it was during the attempt."""
        now = self.require(job.key)
        if now.attempts == job.attempts and now.state in (State.SENDING, State.AMBIGUOUS):
            self.release(now)
            self.update(job.key, state=State.REFUSED, error=storable(reason), transient=transient)

    def mark_ambiguous(self, job: JobRecord, reason: str) -> bool:
        """Record that nobody knows what an attempt has done; return whether it was the last word on the job."""
        now = self.require(job.key)
        if (now.state, now.attempts) != (State.SENDING, job.attempts):
            return False
        self.update(job.key, state=State.AMBIGUOUS, error=storable(reason))
        return True

    def plan_again(self, job: JobRecord) -> None:
        """Put a job that is not under way back to ``planned``."""
        self.release(job)
        ids = [*job.earlier_ids, *filter(None, [job.job_id])]
        self.update(
            job.key,
            **dict.fromkeys(("job_id", "owner", "status", "error"), ""),
            **dict.fromkeys(("reserved_at", "sent_at", "accepted_at", "ended_at")),
            state=State.PLANNED,
            transient=False,
            earlier_ids=json.dumps(ids),
            result="[]",
            files="[]",
        )


def to_record(row: Row[Any]) -> JobRecord:
    """Return a row of ``jobs`` as a record."""
    values = dict(row._mapping)
    for name in _LISTS:
        values[name] = tuple(tuple(item) if isinstance(item, list) else item for item in json.loads(values[name]))
    return JobRecord(**{**values, "state": State(values["state"]), "body": json.loads(values["body"])})


def new_token() -> str:
    """Return a secret for the address of a webhook."""
    return secrets.token_urlsafe(24)


def storable(text: str) -> str:
    """Return text that every database can hold: without NUL and half surrogate pairs."""
    return one_line(text)
