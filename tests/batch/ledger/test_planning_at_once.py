"""Several workers that plan and send the same jobs at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from vimmerse.batch import (
    AlreadyPaidError,
    AmbiguousError,
    BudgetError,
    JobRecord,
    KeyConflictError,
    Ledger,
    PlannedJob,
)

if TYPE_CHECKING:
    import psycopg

Open = Callable[..., Ledger]


def at_once(count: int, work: Callable[[int], None]) -> None:
    barrier = threading.Barrier(count)

    def run(number: int) -> None:
        barrier.wait()
        work(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_call_that_all_make_at_once_is_made_once(open_ledger: Open) -> None:
    ledgers = [open_ledger() for _ in range(4)]
    outcomes: list[str] = []

    def work(number: int) -> None:
        try:
            with ledgers[number % 4].paid("boat", {"prompt": "A boat"}) as attempt:
                attempt.accepted(f"id of {number}")
                outcomes.append("sent")
        except (AlreadyPaidError, AmbiguousError) as error:
            outcomes.append(type(error).__name__)

    at_once(12, work)

    assert outcomes.count("sent") == 1
    assert len(outcomes) == 12


def test_all_may_plan_the_same_table(open_ledger: Open) -> None:
    ledgers = [open_ledger() for _ in range(4)]
    rows = [PlannedJob(key=str(number), body={"n": number}, estimate=1) for number in range(100)]
    added: list[int] = []

    at_once(4, lambda number: added.append(ledgers[number].plan(rows[number:] + rows[:number]).added))

    assert sorted(added) == [0, 0, 0, 100]


def test_bodies_that_differ_are_noticed_at_once_too(open_ledger: Open) -> None:
    ledgers = [open_ledger() for _ in range(4)]
    outcomes: list[str] = []

    def work(number: int) -> None:
        try:
            ledgers[number].plan([PlannedJob(key="a", body={"n": number})])
            outcomes.append("planned")
        except KeyConflictError:
            outcomes.append("conflict")

    at_once(4, work)

    assert sorted(outcomes) == ["conflict"] * 3 + ["planned"]


def test_replacing_and_sending_do_not_wait_for_each_other(open_ledger: Open) -> None:
    ledger = open_ledger(budget=10_000)
    ledger.plan(PlannedJob(key=str(number), body={"n": 0}, estimate=1) for number in range(40))
    conflicts: list[int] = []

    def work(number: int) -> None:
        for key in range(40):
            if number:
                ledger.reserve(str(key))
            else:
                try:
                    rows = [PlannedJob(key=str(each), body={"n": key + 1}, estimate=2) for each in range(40)]
                    ledger.plan(rows, replace_unpaid=True)
                except KeyConflictError:
                    conflicts.append(key)

    at_once(4, work)

    assert not conflicts
    booked = sum(job.booked for job in ledger.jobs())
    assert ledger.summary().committed == booked


def until_blocked(thread: threading.Thread, other: psycopg.Connection) -> None:
    """Wait until the worker in ``thread`` waits for ``other``, or has ended."""
    import psycopg

    blocked = "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid))"
    with psycopg.connect(other.info.dsn, autocommit=True) as observer:
        while thread.is_alive() and observer.execute(blocked, [other.info.backend_pid]).fetchone() == (0,):
            pass


def test_a_job_that_another_worker_gives_back_is_taken(postgres_url: str) -> None:
    """Taking the next job passes over those that others have locked, but not over the last."""
    import psycopg

    taken: list[JobRecord | None] = []
    with Ledger(postgres_url) as ledger, psycopg.connect(postgres_url) as other:
        ledger.plan([PlannedJob(key="a", body={})])
        other.execute("SELECT * FROM vimmerse_jobs FOR UPDATE")
        thread = threading.Thread(target=lambda: taken.append(ledger.take()))
        thread.start()
        until_blocked(thread, other)
        other.rollback()
        thread.join()

    assert [job and job.key for job in taken] == ["a"]


def test_a_worker_that_waits_for_a_job_has_locked_no_other(postgres_url: str) -> None:
    """PostgreSQL keeps the lock of a row that turns out not to be planned any more. Two such workers would deadlock."""
    import psycopg

    taken: list[JobRecord | None] = []
    lock = "SELECT * FROM vimmerse_jobs WHERE key = %s FOR UPDATE NOWAIT"
    with (
        Ledger(postgres_url) as ledger,
        psycopg.connect(postgres_url) as first,
        psycopg.connect(postgres_url) as second,
    ):
        ledger.plan([PlannedJob(key="a", body={}), PlannedJob(key="b", body={})])
        first.execute(lock, ["a"])
        second.execute(lock, ["b"])
        thread = threading.Thread(target=lambda: taken.append(ledger.take()))
        thread.start()
        until_blocked(thread, first)
        first.execute("UPDATE vimmerse_jobs SET state = 'sending' WHERE key = 'a'")
        first.commit()
        until_blocked(thread, second)

        first.execute(lock, ["a"])  # raises if the worker has it

        first.rollback()
        second.rollback()
        thread.join()

    assert [job and job.key for job in taken] == ["b"]


def test_a_server_whose_transactions_are_serializable_by_default(postgres_url: str) -> None:
    """There, what waits for another transaction would fail."""
    budget, outcomes = 5, []
    with Ledger(f"{postgres_url}%20-cdefault_transaction_isolation%3Dserializable", budget=budget) as ledger:

        def work(number: int) -> None:
            for key in range(4 * number, 4 * number + 4):
                try:
                    with ledger.paid(str(key), {"n": key}, estimate=1) as attempt:
                        attempt.accepted(f"id of {key}")
                        outcomes.append(key)
                except BudgetError:
                    pass

        at_once(4, work)

        assert len(outcomes) == ledger.summary().committed == budget
