"""Both specs against the rules: a change of one that the other does not follow fails here, and says what to do."""

from __future__ import annotations

from typing import Any

import pytest
from vimmerse.compat.flows.routing import OPERATIONS
from vimmerse.compat.rules.params import KEYS
from vimmerse.compat.rules.response_fields import MEDIA_STATUS, STORY_STATUS
from vimmerse.compat.rules.targets import V2_FIELDS
from vimmerse.compat.rules.values import IMAGE_TOOLS, VIDEO_TOOLS
from vimmerse.jobs.states import CANCELLED, FAILED, KNOWN, RUNNING, SUCCEEDED
from vimmerse.pricing import RATES

from tests.specs.rule_coverage import (
    contradicting_words,
    lost_values,
    uncovered_fields,
    uncovered_operations,
    unknown_states,
    wrong_v2_fields,
    wrong_values,
)
from tests.specs.spec import VERSIONS, load, none_left
from tests.specs.translated_values import missing_fields, rejected_translations

V1 = load("v1")
V2 = load("v2")
VIDEO = (VIDEO_TOOLS, ("MotionType", "VideoTool"), "VideoTool")
IMAGE = (IMAGE_TOOLS, ("ImageOption", "ImageTool"), "ImageTool")


def test_every_operation_has_rules() -> None:
    none_left(uncovered_operations(V1, OPERATIONS))


def test_every_field_has_one_rule_and_every_rule_a_field_and_a_target() -> None:
    none_left(uncovered_fields(V1, V2, OPERATIONS))


def test_v2_accepts_what_becomes_of_v1s_values() -> None:
    none_left(rejected_translations(V1, V2, OPERATIONS))


def test_calls_have_what_v2_requires() -> None:
    none_left(missing_fields(V1, V2, OPERATIONS))


def test_targets_are_the_bodies_of_v2() -> None:
    none_left(wrong_v2_fields(V2, V2_FIELDS))


@pytest.mark.parametrize("table", [VIDEO, IMAGE], ids=["video tools", "image tools"])
def test_every_documented_value_is_in_a_table(table: Any) -> None:
    none_left(wrong_values(V1, V2, *table))


def test_values_that_both_versions_have_pass() -> None:
    none_left(lost_values(V1, V2))


OUTCOMES = {"succeeded": SUCCEEDED, "failed": FAILED, "cancelled": CANCELLED, "running": RUNNING}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_status_is_known_to_a_wait(version: str) -> None:
    none_left(unknown_states(version, load(version), KNOWN))


@pytest.mark.parametrize(("kind", "words"), [("story", STORY_STATUS), ("media", MEDIA_STATUS)])
def test_a_job_has_ended_in_v1_as_in_v2(kind: str, words: dict[str, str]) -> None:
    none_left(contradicting_words(kind, words, OUTCOMES))


def test_the_keys_of_params_are_those_of_the_spec() -> None:
    declared = V1["components"]["schemas"]["PosePreset"]["properties"]["Params"]["x-params"]
    assert sorted(KEYS) == sorted(declared)


def test_every_tool_of_v2_has_a_price() -> None:
    tools = set(V2["components"]["schemas"]["VideoTool"]["enum"])
    assert set(RATES) == tools, f"state in vimmerse.pricing what these cost: {sorted(tools ^ set(RATES))}"


def test_notes_are_sentences() -> None:
    """The migration guide prints them."""
    for operation in OPERATIONS.values():
        for rule in [*operation.rules, *(rule for rules in operation.nested.values() for rule in rules)]:
            assert rule.note.endswith("."), rule
