"""The adaptive limit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vimmerse.batch.runner.limit import BACKOFF, AdaptiveLimit

from tests.jobs.callers import Clock


def limit_of(maximum: int, random: float = 0.0) -> tuple[AdaptiveLimit, Clock]:
    clock = Clock()
    return AdaptiveLimit(maximum, clock=clock, random=lambda: random), clock


def test_a_refusal_halves_it_and_pauses() -> None:
    limit, clock = limit_of(8)
    assert limit.allows(7)
    assert not limit.allows(8)

    assert limit.refused(limit.begin(), 30, too_many=True) == 30

    assert (limit.size, limit.delay()) == (4, 30)
    assert not limit.allows(0)
    clock.now += 30
    assert limit.allows(3)
    assert not limit.allows(4)


def test_it_never_falls_below_one() -> None:
    limit, _ = limit_of(3)
    for expected in (1, 1, 1):
        limit.refused(limit.begin(), 0, too_many=True)
        assert limit.size == expected


def test_submissions_that_began_before_a_reduction_cause_no_other() -> None:
    limit, _ = limit_of(16)
    begun = [limit.begin() for _ in range(4)]
    for each in begun:
        limit.refused(each, 10, too_many=True)
    assert limit.size == 8
    limit.refused(limit.begin(), 10, too_many=True)
    assert limit.size == 4


def test_it_grows_by_one_after_as_many_acceptances_as_its_size() -> None:
    limit, _ = limit_of(4)
    limit.refused(limit.begin(), 0, too_many=True)
    sizes = []
    for _ in range(8):
        limit.accepted()
        sizes.append(limit.size)
    assert sizes == [2, 3, 3, 3, 4, 4, 4, 4]


def test_a_refusal_restarts_the_count() -> None:
    limit, _ = limit_of(4)
    limit.refused(limit.begin(), 0, too_many=True)
    limit.accepted()
    limit.refused(limit.begin(), 0, too_many=True)
    assert limit.size == 1
    limit.accepted()
    assert limit.size == 2


def test_no_connection_pauses_longer_each_time_and_does_not_halve() -> None:
    limit, clock = limit_of(8)
    pauses = []
    for _ in range(8):
        pauses.append(limit.refused(limit.begin(), too_many=False))
        clock.now += pauses[-1]
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert limit.size == 8
    limit.accepted()
    assert limit.refused(limit.begin(), too_many=False) == 1


def test_pauses_are_random_and_a_longer_one_stays() -> None:
    limit, clock = limit_of(2, random=1.0)
    assert limit.refused(limit.begin(), too_many=True) == BACKOFF.first * (1 - BACKOFF.jitter)
    limit.refused(limit.begin(), 50, too_many=True)
    assert limit.refused(limit.begin(), 5, too_many=True) == 50
    clock.now += 49
    assert limit.delay() == 1


def test_a_pause_of_days_is_cut() -> None:
    limit, _ = limit_of(2)
    assert limit.refused(limit.begin(), 86400.0, too_many=True) == 3600


def test_an_outage_is_measured_from_the_first_refusal() -> None:
    limit, clock = limit_of(2)
    assert limit.outage() == 0
    for _ in range(3):
        limit.refused(limit.begin(), 20, too_many=False)
        clock.now += 20
    assert limit.outage() == 60
    limit.answered()
    assert limit.outage() == 0


@pytest.mark.parametrize(("maximum", "error"), [(0, ValueError), (-1, ValueError), (1.5, TypeError), (True, TypeError)])
def test_rejects_a_maximum_that_is_no_number_of_jobs(maximum: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="concurrency"):
        AdaptiveLimit(maximum)


@given(st.integers(1, 40), st.lists(st.sampled_from(["accepted", "429", "no connection", "answered"]), max_size=60))
def test_it_stays_within_its_bounds(maximum: int, calls: list[str]) -> None:
    limit, clock = limit_of(maximum)
    for call in calls:
        before = limit.size
        if call == "accepted":
            limit.accepted()
            assert limit.size in (before, before + 1)
        elif call == "answered":
            limit.answered()
        else:
            pause = limit.refused(limit.begin(), too_many=call == "429")
            assert 0 < pause <= BACKOFF.longest
            assert limit.size == (max(1, before // 2) if call == "429" else before)
            assert not limit.allows(0)
            clock.now += pause
        assert 1 <= limit.size <= maximum
        assert limit.allows(limit.size - 1)
        assert not limit.allows(limit.size)
