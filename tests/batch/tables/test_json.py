"""JSON Lines, JSON arrays, dicts, and standard input."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from vimmerse.batch.errors import TableError
from vimmerse.batch.tables import read_table, table_of

from tests.batch.tables.reading import bodies, json_lines, problem, problems, rows_of, write

ROWS: list[dict[str, Any]] = [
    {"key": "a", "idea": "A boat", "scene_count": 3, "audio_option": {"narrator": "Bill", "native_audio": False}},
    {"key": "b", "idea": "A kite", "title": None, "language": "", "audio_option": {"narrator": None}},
]
EXPECTED = [
    {"idea": "A boat", "scene_count": 3, "audio_option": {"narrator": "Bill", "native_audio": False}},
    {"idea": "A kite", "audio_option": {}},
]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", json_lines(*ROWS)),
        ("a.ndjson", "\ufeff\n" + json_lines(*ROWS).replace("\n", "\r\n\r\n")),
        ("a.json", json_lines(*ROWS).rstrip()),
        ("a", json_lines(*ROWS)),
        ("a.json", json.dumps(ROWS)),
        ("a.json", json.dumps(ROWS, indent=2)),
        ("a", "\n " + json.dumps(ROWS, indent=2)),
        ("a.jsonl", json_lines(*ROWS).encode("utf-16")),
    ],
)
def test_objects_are_rows_one_a_line_or_in_an_array(tmp_path: Path, name: str, content: str | bytes) -> None:
    assert bodies(tmp_path / name, content) == EXPECTED


def test_dicts_are_rows() -> None:
    rows = rows_of(table_of(iter(ROWS)))
    assert [row.body for row in rows] == EXPECTED
    assert [(row.key, row.place) for row in rows] == [("a", "rows:1"), ("b", "rows:2")]


def test_a_row_has_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", "\n" + json_lines(*ROWS).replace("\n", "\n\n"))
    assert [(row.place, row.number) for row in read_table(path)] == [("a.jsonl:2", 1), ("a.jsonl:4", 2)]


def test_values_are_converted_as_those_of_a_spreadsheet(tmp_path: Path) -> None:
    row = {"idea": " A boat ", "scene_count": "3", "is_transition": "yes", "title": 2026, "scene_duration": 5.0}
    expected = {"idea": "A boat", "scene_count": 3, "is_transition": True, "title": "2026", "scene_duration": 5}
    assert bodies(tmp_path / "a.jsonl", json_lines(row)) == [expected]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"idea": "boat"\n', "a.jsonl:1: it is not a JSON object on one line: Expecting"),
        ('{"idea":\n', "a.jsonl:1: it is not a JSON object on one line"),
        ('{"idea": "a", "idea": "b"}\n', "a.jsonl:1: it is not a JSON object on one line: 'idea' is there twice"),
        ('{"idea": "a"}\n"boat"\n', "a.jsonl:2: it must be a JSON object, not str"),
        ('{"idea": "a"}\n[1]\n', "a.jsonl:2: it must be a JSON object, not list"),
        ('{"idea": "a", "Idea": "b"}\n', "a.jsonl:1: Idea: columns 1 and 2 have the same name"),
        ('{"idea": NaN}\n', "NaN is not JSON"),
        ('{"idea": 1e999}\n', "1e999 is too large a number"),
        ('{"idea": ' + "[" * 100_000 + "\n", "nested too deeply"),
        ('{"idea": ["a"]}\n', "a.jsonl:1: idea: it must be text, not ['a']"),
        ('{"idea": true}\n', "a.jsonl:1: idea: it must be text, not True"),
        ('{"idea": "\\u0000"}\n', "a.jsonl:1: idea: it contains a NUL character"),
        ('{"idea": "\\ud800"}\n', "a.jsonl:1: idea: it contains half a surrogate pair"),
        ('{"idea": "a", "audio_option": [1]}\n', "audio_option: it must be a JSON object, not [1]"),
        ('{"idea": "a", "audio_option": "loud"}\n', "audio_option: it must be a JSON object: Expecting value"),
        (
            '{"idea": "a", "audio_option": {"narator": "x"}}\n',
            "audio_option.narator: there is no such field; did you mean narrator?",
        ),
        ('{"idea": "a", "audio_option": {"colour": "x"}}\n', "audio_option.colour: there is no such field"),
        (
            '{"idea": "a", "audio_option": {"native_audio": "loud"}}\n',
            "audio_option.native_audio: it must be true or false (or yes, no, 1, 0), not 'loud'",
        ),
        (
            '{"idea": "a", "elements": {"characters": [{"name": "Bill"}]}}\n',
            "elements.characters.0.description: it is missing, and needed here",
        ),
        ('{"image_urls": ["https://e.com/1.png", ""]}\n', "image_urls.1: it is empty; leave it out"),
        ('{"image_urls": {"a": 1}}\n', "image_urls: it must be a JSON array, not {'a': 1}"),
        ('{"image_urls": "[1"}\n', "image_urls: it must be a JSON array: Expecting"),
        ("[1,", "a.jsonl: it is not a JSON array"),
        ('[{"idea": "a"}, 2]', "a.jsonl, item 2: it must be a JSON object, not int"),
        ("[]", "a.jsonl: it has no rows"),
        ("\n\n", "a.jsonl: it has no rows"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, content: str, expected: str) -> None:
    assert expected in problem(tmp_path / "a.jsonl", content)


def test_a_bad_line_hides_no_other(tmp_path: Path) -> None:
    found = problems(tmp_path / "a.jsonl", '{"idea": 1\n{"idea": "a", "scene_count": 0}\n{"idea": "a", "x": 1}\n')
    assert [each.place for each in found] == ["a.jsonl:1", "a.jsonl:2", "a.jsonl:3"]


def test_an_unknown_column_is_one_problem_for_all_rows(tmp_path: Path) -> None:
    content = json_lines(*({"idea": "a", "langauge": "English"} for _ in range(5)))
    assert problem(tmp_path / "a.jsonl", content) == (
        "a.jsonl:1: langauge: there is no such field; did you mean language?"
    )


def test_an_array_may_not_be_endless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vimmerse.batch.tables.texts.MAX_ARRAY", 100)
    text = json.dumps([{"idea": "boat"}] * 20, indent=1)
    assert "write one object a line instead" in problem(tmp_path / "a.json", text)


@pytest.mark.parametrize("content", ["idea,key\nboat,a\n", '{"idea": "boat", "key": "a"}\n', '[{"idea": "boat"}]'])
def test_standard_input_is_what_it_looks_like(monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(content.encode())))
    table = read_table("-")
    assert [row.body for row in rows_of(table)] == [{"idea": "boat"}]
    assert next(iter(table)).place.startswith("standard input")


def test_standard_input_may_be_replaced_by_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("idea\nCafé\n"))
    assert [row.body for row in read_table("-")] == [{"idea": "Café"}]


def test_images_of_standard_input_lie_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.png", "an image")
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b'{"prompt": "boat", "image": "a.png"}\n')))
    (row,) = read_table("-")
    assert row.images[0].path == str(tmp_path / "a.png")


@pytest.mark.parametrize("row", [3, {1: "boat"}, ["idea"]])
def test_a_row_that_is_no_dict_with_names_is_an_error(row: Any) -> None:
    with pytest.raises(TableError, match="rows:1: it must be a JSON object"):
        table_of([row]).check()


def test_not_a_number_is_an_empty_cell_and_nothing_else() -> None:
    """pandas has it in place of empty cells: DataFrame.to_dict("records")."""
    nan = float("nan")
    rows = [{"key": nan, "idea": nan, "prompt": "A boat", "duration": 5.0, "image": nan, "extra.title": nan}]
    (row,) = table_of(rows)
    assert row.body == {"prompt": "A boat", "duration": 5}
    assert row.key.startswith("media-")
    inside = {"idea": "boat", "audio_option": {"narrator": nan}}
    assert problem(table_of([inside])) == "rows:1: audio_option.narrator: it must be text, not nan"


def test_a_value_that_json_can_not_hold_is_an_error() -> None:
    with pytest.raises(TableError, match=r"it can't be sent: .*set is not JSON serializable"):
        table_of([{"idea": "boat", "extra": {"new": {1}}}]).check()
