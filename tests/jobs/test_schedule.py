"""The time of the next lookup."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vimmerse.jobs import Interval
from vimmerse.jobs.schedule import LONGEST_RETRY_AFTER, retry_after

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


NOW = 1_700_000_000.0


def http_date(moment: float) -> str:
    return format_datetime(datetime.fromtimestamp(moment, UTC), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "1e9"}, LONGEST_RETRY_AFTER),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": http_date(NOW + 90)}, 90),
        ({"retry-after": http_date(NOW - 90)}, 0),
        ({"retry-after": http_date(NOW + 90).replace("GMT", "-0000")}, 90),
        # By the server's own clock, which is an hour behind this one.
        ({"retry-after": http_date(NOW - 3570), "date": http_date(NOW - 3600)}, 30),
        ({"retry-after": http_date(NOW + 90), "date": "yesterday"}, 90),
        ({"retry-after": "Mon, 99 Xyz 2023 00:00:00 GMT"}, None),
    ],
)
def test_retry_after(headers: dict[str, str], expected: float | None) -> None:
    assert retry_after(headers, NOW) == expected


@given(st.text(max_size=40))
def test_retry_after_accepts_any_text(text: str) -> None:
    result = retry_after({"retry-after": text}, NOW)

    assert result is None or 0 <= result <= LONGEST_RETRY_AFTER
