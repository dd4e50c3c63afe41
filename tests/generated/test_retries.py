"""When a call is repeated: the policy as a table, and calls against servers that fail."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vimmerse._http.retries import retry_after

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
        ({"retry-after": "1e9"}, 1e9),
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

    assert result is None or 0 <= result < math.inf
