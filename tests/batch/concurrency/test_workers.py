"""Sixteen workers on one ledger: the budget holds at any moment, and no job is sent twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from vimmerse.batch import Ledger, PlannedJob, State

from tests.batch.concurrency.conftest import Compete
from tests.batch.kill.runs import check_books

pytestmark = pytest.mark.slow

Open = Callable[..., Ledger]


@contextmanager
def watched(ledger: Ledger, limit: float) -> Iterator[None]:
    """Read what is committed, again and again: it must never be above ``limit``."""
    seen, stopped = [0.0], threading.Event()

    def watch() -> None:
        while not stopped.is_set():
            seen.append(ledger.summary().committed)
            stopped.wait(0.002)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
    assert max(seen) <= limit


def test_a_budget_is_used_up_and_never_exceeded(open_ledger: Open, compete: Compete) -> None:
    ledger = open_ledger(budget=50)

    with watched(ledger, 50):
        sends = compete("pay", ledger, {f"job {number}": (5, None) for number in range(14)})

    check_books(ledger)
    assert len(sends) == len(set(sends)) == 10
    assert ledger.summary().committed == 50


@pytest.mark.exhaustive
def test_what_jobs_really_cost_less_pays_for_others(open_ledger: Open, compete: Compete) -> None:
    ledger = open_ledger(budget=30)
    jobs: dict[str, tuple[float, float | None]] = {f"job {n}": (5 + 3 * (n % 4), 2 + n % 3) for n in range(18)}

    with watched(ledger, 30):
        sends = compete("pay", ledger, jobs)

    left = ledger.summary().left
    assert left is not None
    unpaid = [job.estimate for job in check_books(ledger).values() if job.state is State.PLANNED]
    assert len(sends) == len(set(sends)) == 18 - len(unpaid)
    assert unpaid
    assert min(unpaid) > left, "every credit that fits is used"


@pytest.mark.exhaustive
def test_what_jobs_really_cost_more_leaves_less_for_others(open_ledger: Open, compete: Compete) -> None:
    """Nobody knows that before they have ended: at most 16 are under way then."""
    ledger = open_ledger(budget=50)

    with watched(ledger, 50 + 16 * 4):
        sends = compete("pay", ledger, {f"job {number}": (5, 9) for number in range(14)})

    summary = ledger.summary()
    assert summary.committed == summary.spent == sum(job.spent for job in ledger.jobs()) == 9 * len(sends)
    assert summary.committed > 50 - 5
    assert len(sends) == len(set(sends))


@pytest.mark.exhaustive
def test_credits_with_decimals_fit_exactly(open_ledger: Open, compete: Compete) -> None:
    ledger = open_ledger(budget=0.3)

    sends = compete("pay", ledger, {f"job {number}": (0.1, None) for number in range(5)})

    assert len(sends) == 3
    assert ledger.summary().committed == pytest.approx(0.3)


def test_a_key_that_all_want_is_sent_once(open_ledger: Open, compete: Compete) -> None:
    ledger = open_ledger(budget=100)

    for number in range(3):
        sends = compete("pay", ledger, {f"boat {number}": (5, None)}, seed=number)

        assert sends[number:] == [(f"boat {number}", 1)]


@pytest.mark.exhaustive
def test_each_planned_job_is_taken_once(open_ledger: Open, compete: Compete) -> None:
    ledger = open_ledger(budget=100)
    ledger.plan(PlannedJob(key=f"job {n}", body={"prompt": "A boat"}, estimate=2) for n in range(30))

    sends = compete("take", ledger, {})

    assert sorted(sends) == sorted((f"job {n}", 1) for n in range(30))
    assert {job.state for job in check_books(ledger).values()} == {State.ACCEPTED}


@pytest.mark.parametrize("seed", [0, *(pytest.param(100 * n, marks=pytest.mark.exhaustive) for n in range(1, 4))])
def test_whatever_happens_at_once_the_books_are_right(seed: int, open_ledger: Open, compete: Compete) -> None:
    """No transaction waits for another for ever, either: the database would report that."""
    ledger = open_ledger()
    jobs: dict[str, tuple[float, float | None]] = {f"job {number}": (5, None) for number in range(20)}
    ledger.plan(PlannedJob(key=key, body={"prompt": key}, estimate=5) for key in jobs)

    sends = compete("mix", ledger, jobs, seed=seed, steps=25)

    assert len(sends) == len(set(sends)) > 20
    found = list(ledger.jobs())
    assert ledger.summary().committed == pytest.approx(sum(job.credits for job in found))
    for key in jobs:
        attempts = sorted(attempt for name, attempt in sends if name == key)
        assert attempts == list(range(1, len(attempts) + 1)), "no attempt was made twice, and none was forgotten"


def test_sixteen_workers_create_one_ledger(location: str) -> None:
    with_errors: list[BaseException] = []
    barrier = threading.Barrier(16)

    def create() -> None:
        barrier.wait()
        try:
            with Ledger(location, budget=5) as ledger:
                ledger.plan([PlannedJob(key="boat", body={}, estimate=5)])
        except BaseException as error:
            with_errors.append(error)

    threads = [threading.Thread(target=create) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert with_errors == []
    with Ledger(location) as ledger:
        assert [job.key for job in ledger.jobs()] == ["boat"]
