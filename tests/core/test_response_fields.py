"""The tables of response fields are what the mapping does: each row, of every object."""

from __future__ import annotations

from typing import Any

import pytest
from vimmerse.compat.flows import inverse
from vimmerse.compat.rules.params import parse_params
from vimmerse.compat.rules.response_fields import (
    MEDIA_STATUS,
    OBJECTS,
    STORY_STATUS,
    ResponseField,
    is_primary,
    to_v2_words,
)

from tests.specs.response_mappings import MAPPINGS, Json

ROWS = [
    pytest.param(name, row, id=f"{name}-{row.v1}-{row.v2 or row.kind}")
    for name, table in OBJECTS.items()
    for row in table.fields
]


def value_of(name: str, shown: Json, row: ResponseField) -> Any:
    """What v1's format has for a row; a key of Params as text."""
    outer, _, inner = row.v1.partition(".")
    if name == "pose_preset" and inner:
        return parse_params(shown[outer]).get(inner)
    return shown.get(outer)


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_a_row_is_what_the_mapping_does(name: str, row: ResponseField) -> None:
    mapping = MAPPINGS[name]
    if row.kind == "request-only":
        assert row.v1 not in mapping({row.v1: None} if name == "element" else {row.v1: "x"})
    elif row.v2 == ".":
        assert mapping("https://v.example/1.mp4") == {row.v1: "https://v.example/1.mp4"}  # type: ignore[arg-type]
    elif row.words:
        assert {word: value_of(name, mapping({row.v2: word}), row) for word in row.words} == row.words
    elif row.table and "." not in row.v2:
        assert value_of(name, mapping({row.v2: []}), row) == []
    elif row.kind in ("same", "renamed", "nested"):
        assert value_of(name, mapping({row.v2: "x"}), row) == "x"
    elif row.kind != "v1-only":  # other tests have the values
        assert row.v1 in mapping({row.v2: "x"} if "." not in row.v2 else {})
    elif not row.default and name != "media_detail":
        assert value_of(name, mapping({}), row) is None


@pytest.mark.parametrize(("name", "row"), [each for each in ROWS if each.values[1].default])  # type: ignore[union-attr]
def test_a_missing_value_has_the_default_of_its_row(name: str, row: ResponseField) -> None:
    default = row.default[0]
    assert value_of(name, MAPPINGS[name]({}), row) == (str(default) if "." in row.v1 else default)


@pytest.mark.parametrize("name", sorted(set(OBJECTS) - {"element", "story_scene", "error"}))
def test_v2s_fields_stay_beside_v1s(name: str) -> None:
    for row in OBJECTS[name].fields:
        if is_primary(row) and row.v2 != ".":
            value: Any = [] if row.table else "x"
            assert MAPPINGS[name]({row.v2: value})[row.v2] in (value, {})


@pytest.mark.parametrize(("table", "words"), [("story", STORY_STATUS), ("media", MEDIA_STATUS)])
def test_the_inverse_of_a_status_is_the_first_word_of_its_table(table: str, words: dict[str, str]) -> None:
    back = inverse.story if table == "story" else inverse.media
    field = "status" if table == "story" else "processing_status"
    assert {v1: back({"id": "1", field: v1})[field] for v1 in words.values()} == to_v2_words(words)
    assert to_v2_words(words)["fail"] == "failed"
