"""Refused and failed calls through the compat layer, and every status of a job."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from vimmerse.compat.rules.response_fields import MEDIA_STATUS, STORY_STATUS

from tests.recorded.calls import Row
from tests.recorded.compat_calls import Answer
from tests.recorded.outcomes import ERRORS, JOBS, STATUSES

pytestmark = pytest.mark.block_network


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=row.id, marks=pytest.mark.default_cassette(row.id)) for row in (*ERRORS, *JOBS)]
)
@pytest.mark.vcr
def test_outcome(row: Row, answered: Callable[[Row], Answer]) -> None:
    status = answered(row).response.status_code
    assert status == (int(row.revision[:3]) if row.revision[0].isdigit() else 200)


def test_every_status_that_has_another_name_in_v1_is_recorded() -> None:
    assert STORY_STATUS.keys() | MEDIA_STATUS.keys() < set(STATUSES)
