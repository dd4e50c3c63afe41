"""What batches raise. All of these exceptions can be pickled and copied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vimmerse._http.redaction import one_line

if TYPE_CHECKING:
    from vimmerse.batch.records import JobRecord, RunSummary


class BatchError(Exception):
    """The base of the errors of ``vimmerse.batch``."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class LedgerError(BatchError):
    """The ledger's database can't be used: it is locked, full, damaged, of a newer version or can't be reached.

    What was committed before is not lost.
    """


class LedgerNotFoundError(LedgerError):
    """There is no ledger in this place, and none was to be created."""


class KeyConflictError(BatchError, ValueError):
    """A key is in the ledger with another body. ``keys``: all such keys."""

    def __init__(self, message: str = "", keys: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.keys = keys


class BudgetError(BatchError):
    """The budget does not cover a job, which was not sent.

    ``key``: the job's. ``estimate``: what it would cost, in credits. ``left``: what the budget has left.
    """

    def __init__(self, message: str = "", *, key: str = "", estimate: float = 0.0, left: float = 0.0) -> None:
        super().__init__(message)
        self.key = key
        self.estimate = estimate
        self.left = left


class _JobStateError(BatchError):
    """``job``: the job as it is in the ledger."""

    job: JobRecord

    def __init__(self, message: str = "", job: JobRecord | None = None) -> None:
        super().__init__(message)
        if job is not None:
            self.job = job


class AlreadyPaidError(_JobStateError):
    """The job was sent and accepted before, so it was not sent again. ``job.job_id`` is its id: go on with that."""


class AmbiguousError(_JobStateError):
    """The job may have been accepted, or another process is sending it now: it was not sent again.

    ``job.state`` is ``ambiguous`` or ``sending``. ``Ledger.resolve()`` settles an ambiguous job.
    """


class BatchStoppedError(BatchError):
    """A run has ended early, since no other job could be sent. What was sent was waited for.

    ``summary``: the batch after the run. ``__cause__``: what the last call met.
    """

    summary: RunSummary

    def __init__(self, message: str = "", summary: RunSummary | None = None) -> None:
        super().__init__(message)
        if summary is not None:
            self.summary = summary


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with a table, or worth knowing. ``str(problem)`` is one line.

    ``place``: where it is, as ``clips.csv:17`` or ``clips.csv``.
    ``column``: the column as the table spells it, or empty.
    ``message``: what is wrong, and what to do.
    ``rows``: how many rows a remark is about; ``place`` is the first of them.
    """

    place: str
    column: str
    message: str
    rows: int = 1

    def __post_init__(self) -> None:
        for name in ("place", "column", "message"):  # they quote what is in the table, which may move the cursor
            object.__setattr__(self, name, one_line(getattr(self, name)))

    def __str__(self) -> str:
        column = f"{self.column}: " if self.column else ""
        more = f" (and in {self.rows - 1:,} more)" if self.rows > 1 else ""
        return f"{self.place}: {column}{self.message}{more}"


class TableWarning(UserWarning):
    """A remark on a table that can be used: a name looks misspelled, a column is v1's, a value of v1 is lost."""


class TableError(BatchError, ValueError):
    """A table can't be used; nothing was sent.

    ``problems``: all that is wrong, in the order of the table; of very many, the first 10,000.
    ``count``: how many there are.
    """

    problems: tuple[Problem, ...]
    count: int

    def __init__(self, message: str = "", problems: Iterable[Problem] = (), count: int = 0) -> None:
        self.problems = tuple(problems)
        self.count = max(count, len(self.problems))
        if not message and self.problems:
            more = f" (and {self.count - 1:,} more problems)" if self.count > 1 else ""
            message = f"{self.problems[0]}{more}"
        super().__init__(message)
