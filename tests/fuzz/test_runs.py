"""A few hundred of what the commands run by the thousand; see docs/reliability.md."""

from __future__ import annotations

import logging

import pytest

from tests.fuzz import money, mutated

pytestmark = pytest.mark.slow


def test_no_foreign_exception_comes_out_of_a_conversation(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)  # python-multipart has a word for each odd byte
    found = mutated.run(600, seed=7)
    assert found.foreign == []
    assert found.conversations == 600
    assert found.most_requests <= 20


def test_nothing_is_charged_beyond_its_estimate_or_its_limit() -> None:
    found = money.run(400, seed=7)
    assert found.wrong == []
    assert found.charged > 20
    assert 0 < found.worst <= 1
