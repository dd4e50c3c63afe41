"""Both specs against the tables of response fields: a change of one that the other does not follow fails here."""

from __future__ import annotations

import pytest
from vimmerse.compat.flows.routing import OPERATIONS
from vimmerse.compat.rules.response_fields import (
    KINDS,
    OBJECTS,
    PROGRESS,
)

from tests.specs.response_coverage import (
    WITHOUT_TABLE,
    uncovered_objects,
    uncovered_response_fields,
    wrong_words,
)
from tests.specs.response_mappings import MAPPINGS, rejected_responses
from tests.specs.spec import VERSIONS, load, none_left

V1 = load("v1")
V2 = load("v2")
SPECS = {"v1": V1, "v2": V2}


def test_every_response_field_has_a_row_and_every_row_a_field() -> None:
    none_left(uncovered_response_fields(V1, V2, OBJECTS))


def test_v1_allows_what_becomes_of_v2s_values() -> None:
    none_left(rejected_responses(V1, V2, OBJECTS))


def test_every_table_has_a_mapping() -> None:
    assert set(MAPPINGS) == set(OBJECTS)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_of_a_response_has_a_table(version: str) -> None:
    none_left(uncovered_objects(version, SPECS[version], OBJECTS))


@pytest.mark.parametrize("version", VERSIONS)
def test_what_has_no_table_is_in_the_spec(version: str) -> None:
    assert set(WITHOUT_TABLE[version]) <= set(SPECS[version]["components"]["schemas"])


@pytest.mark.parametrize("kind", ["story", "media"])
def test_every_status_has_a_word_in_v1(kind: str) -> None:
    names = ("StoryStatus", "StoryStatus") if kind == "story" else ("MediaStatus", "MediaStatus")
    none_left(wrong_words(V1, V2, OBJECTS[kind], *names))


def test_every_status_of_v1_has_a_progress() -> None:
    assert sorted(PROGRESS) == sorted(V1["components"]["schemas"]["MediaStatus"]["enum"])


def test_every_response_of_v1_has_a_table() -> None:
    assert {operation.response_kind for operation in OPERATIONS.values()} - {"bytes"} <= set(OBJECTS)


def test_notes_are_sentences() -> None:
    """The migration guide prints them."""
    for table in OBJECTS.values():
        for row in table.fields:
            assert row.note.endswith(".") or (row.kind in ("same", "renamed") and not row.note), row
            assert row.kind in KINDS


def test_rows_are_found_by_v1s_name_and_words_by_v1s_word() -> None:
    story = OBJECTS["story"]
    medias = story.of_v1("medias")
    assert medias is not None
    assert (medias.v2, medias.kind, medias.table) == ("all_medias", "renamed", "story_media")
    assert story.of_v1("colour") is None
    assert story.source("scenes") == "storyboard.scenes"
    with pytest.raises(KeyError, match="colour"):
        story.source("colour")
    status = story.of_v1("status")
    assert status is not None
    assert status.v2_words("fail") == ("failed", "error", "cancelled", "canceled")
    assert status.v2_words("resting") == ("resting",)
    assert OBJECTS["element"].of_v1("URL") == OBJECTS["element"].fields[2]
