"""What ``Batch.run`` takes, as jobs of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain, islice
from typing import Any, TypeAlias, cast

from vimmerse.batch.records import PlannedJob
from vimmerse.batch.tables import Row, Table, table_of

#: A table, or its rows, or dicts by the names of columns, or jobs as ``Ledger.plan`` takes them.
Rows: TypeAlias = Table | Iterable[Row | PlannedJob] | Iterable[Mapping[str, Any]]


def planned_jobs(rows: Rows) -> Iterable[PlannedJob]:
    """Return the jobs. A table, and dicts, are checked as a whole first; remarks on them are warnings.

    Raises:
        TableError: something is wrong with a row; ``problems`` are all of it.
        TypeError: ``rows`` are something else.
    """
    if isinstance(rows, str | bytes | Mapping) or not isinstance(rows, Iterable):
        raise TypeError(f"rows is a table, or rows, or dicts, not {type(rows).__name__}: read_table() reads a file")
    if not isinstance(rows, Table):
        iterator = iter(rows)
        first = [*islice(iterator, 1)]
        if not first or not isinstance(first[0], Mapping):
            return map(_planned, chain(first, iterator))
        rows = table_of(cast("Iterable[Mapping[str, Any]]", chain(first, iterator)))
    rows.check().warn()
    return map(_planned, rows)


def _planned(row: object) -> PlannedJob:
    if isinstance(row, PlannedJob):
        return row
    if isinstance(row, Row):
        return row.planned()
    raise TypeError(f"a row is a Row, a PlannedJob, or a dict if all of them are, not {type(row).__name__}")
