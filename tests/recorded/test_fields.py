"""A call for each rule of the compat layer: every field of every v1 operation, and every value of the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from tests.recorded.calls import Row
from tests.recorded.compat_calls import Answer
from tests.recorded.fields import FIELD_ROWS, OPERATIONS, PLACES, ROWS
from tests.recorded.scrub import CASSETTES
from tests.sampling import sampled

pytestmark = pytest.mark.block_network


@pytest.mark.parametrize(
    "row",
    sampled(
        (
            pytest.param(row, id=row.id, marks=pytest.mark.default_cassette(f"{row.name}/{row.revision}"))
            for row in ROWS
        ),
        3,
    ),
)
@pytest.mark.vcr
def test_field(row: Row, answered: Callable[[Row], Answer]) -> None:
    assert answered(row).response.status_code < 500


def test_every_rule_has_a_row() -> None:
    recorded = Counter((each.place.v1, each.path, each.rule.field) for each in FIELD_ROWS if each.rule)
    expected = {
        (operation.v1, path, rule.field)
        for operation in OPERATIONS.values()
        for path, rules in (("", (*operation.rules, *operation.extra_rules)), *operation.nested.items())
        for rule in rules
    }
    assert recorded.keys() == expected
    assert len({place.name for place in PLACES}) == len(PLACES)


def test_every_cassette_belongs_to_a_row() -> None:
    folder = CASSETTES / "fields"
    written = {str(path.relative_to(folder).with_suffix("")) for path in folder.rglob("*.yaml")}
    assert written == {f"{row.name}/{row.revision}" for row in ROWS}, "run scripts/record"
