"""The files of a SQLite ledger, as a power failure leaves them at any point, open and tell the truth."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from vimmerse.batch import JobRecord, Ledger, State

from tests.batch.kill.runs import Programs, Run, Service, calls, check_books, rows_of, text_of
from tests.sampling import sampled

pytestmark = pytest.mark.slow

ORDER = [State.PLANNED, State.RESERVED, State.SENDING, State.ACCEPTED, State.FINISHED]


def opened(copy: Path) -> dict[str, JobRecord]:
    """Open a copy, and return its jobs by text."""
    with Ledger(copy / "batch.sqlite") as ledger:
        jobs = check_books(ledger)
    return {text_of(job): job for job in jobs.values()}


@pytest.mark.parametrize("program", sampled(["paid", "taken"], 2))
def test_a_copy_from_any_point_tells_the_truth(
    program: str, programs: Programs, service: Service, tmp_path: Path
) -> None:
    service.emulator.reset()
    rows = rows_of(f"{program} without power")
    copies = tmp_path / "copies"
    copies.mkdir()
    task = service.task(rows, str(tmp_path / "batch.sqlite"))

    passed = programs.run(program, **task, copies=str(copies)).passed

    assert len(passed) >= 30
    reached: dict[str, int] = {}
    for number in range(1, len(passed) + 1):
        jobs = opened(copies / str(number))
        called = calls([Run(killed=False, passed=passed[:number])])
        assert called.keys() <= jobs.keys(), "what was sent is in the ledger"
        for text, job in jobs.items():
            state = ORDER.index(job.state)
            assert state >= 2 * called[text], "before its first byte is sent, a job is in the state sending"
            assert state >= reached.get(text, 0), "what was once committed stays"
            reached[text] = state
    assert set(reached.values()) == {4}
    assert len(reached) == len(rows)


def test_a_log_that_was_cut_off_anywhere_is_a_ledger_of_an_earlier_time(
    programs: Programs, service: Service, tmp_path: Path
) -> None:
    service.emulator.reset()
    (tmp_path / "copies").mkdir()
    task = service.task(rows_of("cut off"), str(tmp_path / "batch.sqlite"))
    points = len(programs.run("taken", **task, copies=str(tmp_path / "copies")).passed)
    last = tmp_path / "copies" / str(points)
    log = (last / "batch.sqlite-wal").read_bytes()

    states = []
    for size in [*range(0, len(log), len(log) // 40), len(log)]:
        copy = tmp_path / f"cut at {size}"
        shutil.copytree(last, copy)
        (copy / "batch.sqlite-wal").write_bytes(log[:size])
        states.append(sorted(ORDER.index(job.state) for job in opened(copy).values()))

    assert states == sorted(states)
    assert (states[0], states[-1]) == ([], sorted(ORDER.index(job.state) for job in opened(last).values()))
    assert states[-1] != []


def test_the_commits_that_count_are_synced(new_location: Callable[[], str]) -> None:
    """Before a request is sent, and when its id is known: whatever the server's default, and SQLite's own."""
    location = new_location()
    setting = "PRAGMA synchronous"
    if "://" in location:
        location, setting = f"{location.replace('-c', '-csynchronous_commit%3Doff%20-c')}", "SHOW synchronous_commit"
    commits: list[object] = []

    def committing(connection: sa.Connection) -> None:
        commits.append(connection.exec_driver_sql(setting).scalar())

    event.listen(sa.Engine, "commit", committing)
    try:
        with Ledger(location) as ledger, ledger.paid("boat", {"prompt": "A boat"}) as attempt:
            before_the_request = commits[-1]
            attempt.accepted("m-1")
            after_it = commits[-1]
            count = len(commits)
    finally:
        event.remove(sa.Engine, "commit", committing)

    assert count >= 4
    assert (before_the_request, after_it) in ((2, 2), ("on", "on"))
