"""One attempt to send a job."""

from __future__ import annotations

from typing import Protocol

from vimmerse.batch.ledger import outcomes
from vimmerse.batch.records import JobRecord


class _Ledger(Protocol):
    def record_accepted(self, job: JobRecord, job_id: str) -> None: ...
    def record_refused(self, job: JobRecord, reason: str, *, transient: bool) -> None: ...
    def record_ambiguous(self, job: JobRecord, reason: str) -> None: ...


class Attempt:
    """The one attempt that may send a job now. ``Ledger.paid`` and ``Ledger.sending`` return it.

    ``job``: the job as it was when the attempt began, in the state ``sending``.
    ``ledger``: where it is recorded.
    ``job_id``: what :meth:`accepted` was told, or empty. ``is_settled``: whether its outcome is recorded.
    """

    job_id: str
    is_settled: bool

    def __init__(self, ledger: _Ledger, job: JobRecord) -> None:
        self.job = job
        self.job_id = ""
        self.is_settled = False
        self._ledger = ledger

    def __repr__(self) -> str:
        return f"<Attempt {self.job.attempts} of {self.job.key!r}>"

    def webhook_url(self, base: str) -> str:
        """Return the address of this attempt's webhook: ``base``, the receiver's, with a secret of the job's own.

        If the answer to the call is lost, the webhook brings the id. See ``vimmerse.batch.webhook_receiver``.
        """
        return f"{base.rstrip('/')}/{self.job.token}.{self.job.attempts}"

    def accepted(self, job_id: str) -> None:
        """Record that the service has created the job. Committed when this returns.

        Args:
            job_id: The story's or media's id.

        Raises:
            ValueError: ``job_id`` is empty; the job is ambiguous.
            LedgerError: The id could not be written. The message names it.
        """
        if not isinstance(job_id, str) or not job_id:
            raise ValueError("accepted() takes the id of the story or media")
        self.job_id, self.is_settled = job_id, True
        self._ledger.record_accepted(self.job, job_id)

    def refused(self, reason: str, *, transient: bool = False) -> None:
        """Record that the service has surely not created the job, which releases its booking.

        Args:
            reason: Why, for the report.
            transient: Whether the same call may succeed later.
        """
        self.is_settled = True
        self._ledger.record_refused(self.job, reason, transient=transient)

    def settle(self, error: BaseException) -> None:
        """Record what ``error`` says about the call. Does nothing after :meth:`accepted` and :meth:`refused`.

        Without a connection, and after a 4xx other than 408, the job is refused. Otherwise it is ambiguous.
        """
        if self.is_settled:
            return
        job_id, refusal = outcomes.id_of(error), outcomes.refusal_of(error)
        if job_id:
            self.accepted(job_id)
        elif refusal is not None:
            self.refused(refusal.reason, transient=refusal.transient)
        else:
            self.is_settled = True
            self._ledger.record_ambiguous(self.job, outcomes.describe(error))
