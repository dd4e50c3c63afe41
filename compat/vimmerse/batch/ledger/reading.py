"""What is in a ledger, without changing it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, func, or_, select
from vimmerse.batch.ledger.database import Database
from vimmerse.batch.ledger.rows import to_record
from vimmerse.batch.ledger.schema import batches, jobs
from vimmerse.batch.records import JobRecord, Summary
from vimmerse.batch.states import State

_CHUNK = 500  # rows that are read at a time


class Reader:
    """A batch in a ledger that is only read. :func:`read_ledger` returns it.

    ``batch``: the name of the batch. ``database``: the open database.
    """

    def __init__(self, database: Database, batch: str) -> None:
        self.batch = batch
        self._database = database

    @property
    def location(self) -> str:
        """The database, without a password."""
        return self._database.name

    @property
    def url(self) -> URL:
        """The database's URL with its password, which its text hides."""
        return self._database.url

    def batch_names(self) -> list[str]:
        """Return the names of all batches in the database, the oldest first."""
        with self._database.read() as connection:
            query = select(batches.c.name).order_by(batches.c.created_at, batches.c.name)
            return list(connection.execute(query).scalars())

    def get(self, key: str) -> JobRecord | None:
        """Return the job with this key, or None."""
        with self._database.read() as connection:
            row = connection.execute(select(jobs).where(jobs.c.batch == self.batch, jobs.c.key == key)).one_or_none()
        return None if row is None else to_record(row)

    def jobs(self, *states: State) -> Iterator[JobRecord]:
        """Yield the jobs in these states, or all, in the order of their numbers. Memory does not grow with them."""
        conditions = [jobs.c.batch == self.batch, *([jobs.c.state.in_(states)] if states else [])]
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
            rows = connection.execute(
                select(jobs.c.state, *amounts).where(jobs.c.batch == self.batch).group_by(jobs.c.state)
            ).all()
            batch = connection.execute(select(batches).where(batches.c.name == self.batch)).one()
        return Summary(
            batch=self.batch,
            counts={State(state): count for state, count, _, _ in rows},
            budget=batch.budget,
            committed=round(batch.committed, 6),  # sums of decimals are not exact
            spent=sum(spent for _, _, spent, _ in rows),
            planned=sum(estimate for state, _, _, estimate in rows if state == State.PLANNED),
        )


@contextmanager
def read_ledger(location: str | os.PathLike[str] = "batch.sqlite") -> Iterator[list[Reader]]:
    """Open a ledger that exists, only to read it; return its batches, the oldest first.

        with read_ledger() as batches:
            print([batch.summary() for batch in batches])

    Args:
        location: As for :class:`Ledger`.

    Raises:
        ImportError: The extra ``batch`` (or ``postgresql``) is not installed.
        LedgerNotFoundError: There is no ledger.
        LedgerError: It can't be used, or it is of a newer version.
        ValueError: ``location`` is invalid.
    """
    database = Database(location, create=False)
    try:
        yield [Reader(database, name) for name in Reader(database, "").batch_names()]
    finally:
        database.close()
