"""Operations of a ledger that are killed at any point: each job is as before or as after, and repeating is safe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from vimmerse.batch import Ledger

from tests.batch.kill.programs import OPERATIONS
from tests.batch.kill.runs import Programs, check_books
from tests.sampling import sampled

pytestmark = pytest.mark.slow

ALL_OR_NOTHING = ("plan", "replace", "unreserve", "upload")
EVERY = 8
TIMES = ("created_at", "reserved_at", "sent_at", "accepted_at", "ended_at")

Content = dict[str, Any]


def content(location: str) -> Content:
    """What is in a ledger, but for what differs between two ledgers with the same history."""
    with Ledger(location) as ledger:
        jobs = check_books(ledger)
        others: Content = {"an upload": ledger.upload_of("0" * 64)}
    varying: Content = {**dict.fromkeys(TIMES), "token": "", "owner": "", "error": ""}
    return others | {key: replace(job, **varying) for key, job in jobs.items()}


@pytest.mark.parametrize(
    ("operation", "share", "new_location"),
    [
        one
        for row, operation in enumerate(OPERATIONS)
        for one in sampled(
            ((operation, share, database) for share in range(EVERY) for database in ("sqlite", "postgresql")),
            2 * EVERY,
            row=3 * row,
        )
    ],
    indirect=["new_location"],
)
def test_an_operation_that_is_killed_anywhere(
    operation: str, share: int, programs: Programs, new_location: Callable[[], str]
) -> None:
    """Each test kills at every eighth boundary; all eight together at every one."""

    def prepared() -> str:
        location = new_location()
        if operation != "create":
            programs.run("prepare", location=location)
        return location

    def operate(kill_at: int = 0) -> bool:
        return programs.run("operate", location=location, operation=operation, kill_at=kill_at).killed

    location = prepared()
    before = content(location)
    operate()
    after = content(location)
    assert (before == after) == (operation == "create")

    point = 1 + share
    while True:
        location = prepared()
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
        point += EVERY
    assert point > 3
