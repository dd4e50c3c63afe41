"""A few hundred inputs of the long runs in docs/reliability.md."""

from __future__ import annotations

import logging

import pytest

from tests.fuzz import money, mutated

pytestmark = pytest.mark.slow


def test_a_call_raises_no_exception_of_another_type(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)  # python-multipart has a word for each odd byte
    totals = mutated.run(600, seed=7)
    assert totals.foreign == []
    assert totals.calls == 600
    assert totals.most_requests <= 20


def test_nothing_is_charged_beyond_its_estimate_or_its_limit() -> None:
    totals = money.run(400, seed=7)
    assert totals.wrong == []
    assert totals.charged > 20
    assert 0 < totals.worst <= 1
