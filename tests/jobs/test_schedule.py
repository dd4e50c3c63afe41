"""The time of the next lookup."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vimmerse.jobs import Interval
from vimmerse.jobs.schedule import LONGEST_RETRY_AFTER, bounded

seconds = st.floats(0.001, 1e6)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    first = draw(seconds)
    longest = draw(st.floats(first, 1e7))
    return Interval(first, longest, draw(st.floats(1, 100)), draw(st.floats(0, 1)))


@given(intervals(), st.integers(0, 10**9), st.floats(0, 1))
def test_a_wait_is_within_its_bounds(interval: Interval, turn: int, random: float) -> None:
    wait = interval.seconds(turn, random)

    assert interval.first * (1 - interval.jitter) * (1 - 1e-9) <= wait <= interval.longest


@given(intervals(), st.integers(0, 1000), st.floats(0, 1))
def test_waits_never_shrink_but_by_jitter(interval: Interval, turn: int, random: float) -> None:
    assert interval.seconds(turn, random) <= interval.seconds(turn + 1, random) * (1 + 1e-9)


@given(intervals(), st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 1))
def test_jitter_only_shortens(interval: Interval, turn: int, one: float, other: float) -> None:
    low, high = sorted((one, other))

    assert interval.seconds(turn, high) <= interval.seconds(turn, low) <= interval.seconds(turn, 0)


def test_grows_by_the_factor_up_to_the_longest() -> None:
    interval = Interval(first=2, longest=10, factor=2, jitter=0.5)

    assert [interval.seconds(turn, 0) for turn in range(5)] == [2, 4, 8, 10, 10]
    assert interval.seconds(1, 1) == 2


def test_a_number_is_a_constant_interval() -> None:
    interval = Interval.of(5)

    assert [interval.seconds(turn, 0) for turn in (0, 1, 1000)] == [5, 5, 5]
    assert Interval.of(interval) is interval


@pytest.mark.parametrize(
    "values",
    [
        {"first": 0},
        {"first": -1},
        {"first": 5, "longest": 4},
        {"factor": 0.9},
        {"jitter": -0.1},
        {"jitter": 1.1},
        {"first": math.nan},
        {"longest": math.inf},
    ],
)
def test_refuses_an_interval_that_makes_no_sense(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="Interval"):
        Interval(**values)


@pytest.mark.parametrize(("pause", "expected"), [(None, None), (0.0, 0.0), (7.0, 7.0), (1e9, LONGEST_RETRY_AFTER)])
def test_obeys_an_hour_of_retry_after_at_most(pause: float | None, expected: float | None) -> None:
    assert bounded(pause) == expected
