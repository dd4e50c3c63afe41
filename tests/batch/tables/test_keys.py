"""Keys: given or derived, and never the same for two rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from vimmerse.batch.tables import table_of
from vimmerse.batch.tables.keys import key_problem

from tests.batch.tables.reading import problem, rows_of


def keys(*rows: dict[str, Any]) -> list[str]:
    return [row.key for row in rows_of(table_of(rows))]


def test_a_key_is_text_without_outer_spaces() -> None:
    assert keys({"key": " a b ", "idea": "x"}, {"key": 7, "idea": "x"}, {"Key": 8.0, "idea": "x"}) == ["a b", "7", "8"]
    assert keys({"key": "日本", "idea": "x"}) == ["日本"]


def test_a_key_follows_from_what_the_row_asks_for() -> None:
    first, same, other, another = keys(
        {"idea": "boat", "scene_count": 3, "title": "A"},
        {"title": " A ", "scene_count": "3.0", "idea": "boat", "operation": "idea", "webhook_url": ""},
        {"idea": "boat", "scene_count": 4, "title": "A"},
        {"idea": "boat", "scene_count": 3, "title": "A", "operation": "url", "url": "https://e.com"},
    )
    assert same == f"{first}-2"
    assert len({first, other, another}) == 3
    assert first.startswith("idea-")


def test_equal_rows_are_a_remark_since_both_are_paid() -> None:
    rows = [{"idea": "boat"}, {"idea": "kite"}, {"idea": " boat "}, {"idea": "boat"}]
    (remark,) = table_of(rows).check().remarks
    assert str(remark) == (
        "rows:3: it asks for the same as rows:1, and is paid too; if that is meant, keys make it clear (and in 1 more)"
    )
    named = [{"key": str(number), "idea": "boat"} for number in range(2)]
    assert table_of(named).check().remarks == ()


def test_derived_keys_do_not_depend_on_the_order_of_rows() -> None:
    rows = [{"idea": f"boat {number % 7}"} for number in range(20)]
    assert sorted(keys(*rows)) == sorted(keys(*reversed(rows)))


def test_a_derived_key_is_the_same_for_ever() -> None:
    # A change would pay for the rows of every table once more.
    assert keys({"idea": "A paper boat", "scene_count": 2}) == ["idea-7c5600571e4f61b901d3"]


def test_two_rows_with_one_key_are_an_error_that_names_both() -> None:
    rows = [{"key": "a", "idea": "x"}, {"key": "b", "idea": "x"}, {"key": " a", "idea": "y"}]
    assert problem(table_of(rows)) == "rows:3: key: 'a' is the key of rows:1, too; each row needs its own"


@pytest.mark.parametrize(("one", "other"), [("Boat", "boat"), ("caf\u00e9", "cafe\u0301"), ("straße", "STRASSE")])
def test_keys_that_some_systems_take_for_the_same_file_are_an_error(one: str, other: str) -> None:
    assert "is the key of rows:1, too" in problem(table_of([{"key": one, "idea": "x"}, {"key": other, "idea": "y"}]))


def test_a_key_may_not_be_one_that_is_derived_from_another_row() -> None:
    (derived,) = keys({"idea": "boat"})
    assert "is the key of rows:1, too" in problem(table_of([{"key": derived, "idea": "x"}, {"idea": "boat"}]))


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("a/b", "it contains '/', which no file's name can have"),
        ("..\\b", "it contains '\\\\'"),
        ("a\nb", "it contains '\\n'"),
        ("a\tb", "it contains '\\t'"),
        ("a\x1b[31mb", "it contains '\\x1b'"),
        ("a\u202eb", "it contains '\\u202e'"),
        ("a:b", "it contains ':'"),
        ("..", "it begins with a dot or hyphen"),
        (".hidden", "it begins with a dot or hyphen"),
        ("-rf", "it begins with a dot or hyphen"),
        ("a.", "or ends with a dot or space"),
        ("x" * 101, "it is too long; at most 100 characters"),
        ("日" * 90, "it is too long; at most 100 characters and 200 bytes"),
        ("\ud800", "half a surrogate pair"),
        ("#REF!", "the cell has the error #REF! of a spreadsheet"),
        (True, "it must be text, not True"),
        (["a"], "it must be text, not ['a']"),
    ],
)
def test_a_key_names_files(key: Any, message: str) -> None:
    found = problem(table_of([{"key": key, "idea": "x"}]))
    assert found.startswith("rows:1: key: ")
    assert message in found


def test_what_names_files_may_be_asked() -> None:
    assert key_problem("") == "it is empty"
    assert key_problem("clip 1") == ""


def test_an_empty_key_is_derived(tmp_path: Path) -> None:
    assert keys({"key": " ", "idea": "x"}) == keys({"idea": "x"}) == keys({"key": None, "idea": "x"})
