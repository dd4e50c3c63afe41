"""A fault in any rule fails a replay. ``scripts/mutate --replay`` tries every fault and prints the figures."""

from __future__ import annotations

import pytest

from tests.recorded.fields import OPERATIONS
from tests.recorded.mutants import MUTANTS
from tests.recorded.replaying import Mutant
from tests.recorded.scrub import HOME
from tests.sampling import sampled

pytestmark = pytest.mark.block_network


@pytest.mark.parametrize("mutant", sampled(MUTANTS, 80), ids=[each.id for each in MUTANTS])
def test_a_fault_is_noticed(mutant: Mutant) -> None:
    assert mutant.is_noticed(), "no recording shows the difference"


def test_every_rule_of_requests_has_faults() -> None:
    faulty = {each.rule for each in MUTANTS if each.group == "requests"}
    rules = {
        f"{operation.v1} {path}.{rule.field}" if path else f"{operation.v1} {rule.field}"
        for operation in OPERATIONS.values()
        for path, rules in (("", (*operation.rules, *operation.extra_rules)), *operation.nested.items())
        for rule in rules
    }
    assert faulty == rules


@pytest.mark.parametrize("group", ["requests", "values", "responses", "key"])
def test_the_page_states_how_many_there_are(group: str) -> None:
    faults = [each for each in MUTANTS if each.group == group]
    row = f"| {len({each.rule for each in faults}):,} | {len(faults):,} | all |"
    assert row in (HOME / "docs" / "reliability.md").read_text(encoding="utf-8"), "scripts/mutate --replay"


def test_without_a_fault_nothing_differs() -> None:
    first = MUTANTS[0]
    assert not Mutant(first.group, first.rule, "", first.cassettes, pytest.MonkeyPatch.context).is_noticed()
