"""Operations of a ledger that are killed at any point: each job is as before or as after, and repeating is safe."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from vimmerse.batch import Ledger
from vimmerse.batch.ledger.schema import metadata

from tests.batch.kill.programs import OPERATIONS
from tests.batch.kill.runs import Programs, check_books
from tests.sampling import sampled

pytestmark = pytest.mark.slow

ALL_OR_NOTHING = ("plan", "replace", "unreserve", "add_file", "upload")
EVERY = 8
OPENING = 6  # boundaries of opening the ledger, which create covers
TIMES = ("created_at", "reserved_at", "sent_at", "accepted_at", "ended_at")

Content = dict[str, Any]


def content(location: str) -> Content:
    """What is in a ledger, but for what differs between two ledgers with the same history."""
    with Ledger(location) as ledger:
        jobs = check_books(ledger)
        others: Content = {"an upload": ledger.upload_of("0" * 64)}
    varying: Content = {**dict.fromkeys(TIMES), "token": "", "owner": "", "error": ""}
    return others | {key: replace(job, **varying) for key, job in jobs.items()}


def restoring(location: str) -> Callable[[], None]:
    """Return what puts all rows of a database back to what they are now."""
    url = location if "://" in location else f"sqlite:///{location}"
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    tables = [table for table in metadata.sorted_tables if sa.inspect(engine).has_table(table.name)]
    with engine.connect() as connection:
        rows = {table: [dict(row) for row in connection.execute(sa.select(table)).mappings()] for table in tables}
    engine.dispose()

    def restore() -> None:
        with engine.begin() as connection:
            for table, values in rows.items():
                connection.execute(sa.delete(table))
                if values:
                    connection.execute(sa.insert(table), values)
        engine.dispose()

    return restore


@pytest.mark.parametrize(
    ("operation", "new_location"),
    [
        one
        for row, operation in enumerate(OPERATIONS)
        for one in sampled(((operation, database) for database in ("sqlite", "postgresql")), 2, row=row)
    ],
    indirect=["new_location"],
)
def test_an_operation_that_is_killed_anywhere(
    operation: str, programs: Programs, new_location: Callable[[], str]
) -> None:
    """At each boundary where ``CI`` is set, else at a few."""
    location = new_location()
    if operation != "create":
        programs.run("prepare", location=location)
        with Ledger(location, budget=1000):
            pass
    restore = restoring(location)

    def operate(kill_at: int = 0) -> bool:
        return programs.run("operate", location=location, operation=operation, kill_at=kill_at).killed

    before = content(location)
    operate()
    after = content(location)
    assert (before == after) == (operation == "create")

    point = 1 + (0 if operation == "create" else OPENING)
    while True:
        location = new_location() if operation == "create" else location
        restore()
        if not operate(point):
            break
        between = content(location)
        if operation in ALL_OR_NOTHING:
            assert between in (before, after), point
        assert between.keys() in (before.keys(), after.keys())
        for name, value in between.items():
            assert value in (before.get(name), after.get(name)), point
        operate()
        assert content(location) == after, point
        point += 1 if os.environ.get("CI") else EVERY
    assert point > OPENING
