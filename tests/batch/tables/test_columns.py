"""Columns: their names, what cells become, and what can't be sent."""

from __future__ import annotations

import copy
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from vimmerse.batch import Problem, Table, TableCheck, TableWarning
from vimmerse.batch.tables import fields, read_table, table_of
from vimmerse.v2 import openapi

from tests.batch.tables.reading import problem, problems, rows_of, write


def body(**cells: Any) -> dict[str, Any]:
    """The body of a row with an idea and these cells; two underscores stand for a dot."""
    (row,) = rows_of(table(**cells))
    return row.body


def table(**cells: Any) -> Table:
    return table_of([{"idea": "boat", **{name.replace("__", "."): value for name, value in cells.items()}}])


def wrong(**cells: Any) -> str:
    return problem(table(**cells)).removeprefix("rows:1: ")


@pytest.mark.parametrize("name", ["scene_count", "Scene count", " SCENE_COUNT ", "scene-count", "scene  count"])
def test_case_spaces_and_hyphens_do_not_matter(name: str) -> None:
    (row,) = rows_of(table_of([{"idea": "boat", name: 3}]))
    assert row.body == {"idea": "boat", "scene_count": 3}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("scene_cout", "did you mean scene_count?"),
        ("naration", "did you mean audio_option.narration?"),
        ("audio_option.narator", "did you mean audio_option.narrator?"),
        ("media_item.1.url", "did you mean media_items.1.url?"),
        ("narrator", "did you mean audio_option.narrator?"),
        ("colour", "Name it extra.FIELD to send it as it is, or begin it with # to ignore it"),
        ("audio_option.", "did you mean audio_option"),
        ("scene_count.1", "did you mean scene_count?"),
        ("extra.", "write extra.FIELD"),
        ("x" * 5000, "Name it extra.FIELD"),
    ],
)
def test_an_unknown_column_is_an_error_with_the_nearest_name(name: str, hint: str) -> None:
    (found,) = problems(table_of([{"idea": "boat", name: "5"}]))
    assert found.column == name
    assert hint in found.message


def test_columns_of_all_operations_may_stand_beside_each_other() -> None:
    rows = rows_of(
        table_of(
            [
                {"idea": "boat", "prompt": "", "quantity": None, "scene_count": 2},
                {"idea": None, "prompt": "kite", "quantity": 2, "scene_count": ""},
            ]
        )
    )
    assert [(row.operation, row.body) for row in rows] == [
        ("idea", {"idea": "boat", "scene_count": 2}),
        ("media", {"prompt": "kite", "quantity": 2}),
    ]


def test_a_field_of_another_operation_is_an_error() -> None:
    assert wrong(quantity=2) == (
        "quantity: idea (POST /v2/story/idea-2-video) has no such field; it is a field of media. Leave the cell empty"
    )
    assert "it is a field of idea, url and images" in problem(table_of([{"operation": "media", "idea": "boat"}]))
    assert "it is a field of images and media" in wrong(operation="idea", image="https://e.com/a.png")


def test_an_operation_is_chosen_by_name_before_the_fields() -> None:
    cells = {"image_urls": "https://e.com/a.png", "operation": "Images"}
    assert [row.operation for row in rows_of(table_of([cells], operation="media"))] == ["images"]
    assert [row.operation for row in rows_of(table_of([{"title": "x", "prompt": "a"}], operation="media"))] == ["media"]
    assert "operation: 'movie' is not an operation; it must be idea, url, images or media" in wrong(operation="movie")
    with pytest.raises(ValueError, match="'movie' is not an operation"):
        table_of([], operation="movie")


@pytest.mark.parametrize(
    ("column", "given", "expected"),
    [
        *(("is_transition", each, True) for each in (True, "true", "TRUE", " Yes ", "y", "on", "1", 1, 1.0)),
        *(("is_transition", each, False) for each in (False, "false", "No", "n", "off", "0", 0, 0.0)),
        *(("scene_count", each, 7) for each in (7, 7.0, "7", " +7 ", "7.0", "07", "7.")),
        ("title", "  A title ", "A title"),
        ("title", 5, "5"),
        ("title", "5.0", "5.0"),
        ("aspect_ratio", "16:9", "16:9"),
        ("aspect_ratio", "16:09", "16:9"),
        ("aspect_ratio", "09:16:00", "9:16"),
        ("aspect_ratio", "16:10", "16:10"),
        ("aspect_ratio", "2.39:1", "2.39:1"),
        ("aspect_ratio", dt.time(4, 3), "4:3"),
        ("aspect_ratio", dt.timedelta(hours=32, minutes=9), "32:9"),
        ("aspect_ratio", dt.datetime(1900, 1, 1, 8, 9), "32:9"),
        ("webhook_url", "HTTPS://e.com/?a=b", "HTTPS://e.com/?a=b"),
        ("video_tool", "BrandNewTool", "BrandNewTool"),
        ("elements", '{"characters": [{"name": "Bill", "description": "A goat"}]}', ...),
        ("elements", {"characters": [{"name": "Bill", "description": "A goat"}]}, ...),
    ],
)
def test_cells_are_converted(column: str, given: Any, expected: Any) -> None:
    if expected is ...:
        expected = {"characters": [{"name": "Bill", "description": "A goat"}]}
    found = body(**{column: given})[column]
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("column", "given", "message"),
    [
        ("scene_count", "three", "it must be a whole number, not 'three'"),
        ("scene_count", "3,000", "it must be a whole number, not '3,000'"),
        ("scene_count", "٣", "it must be a whole number, not '٣'"),
        ("scene_count", "9" * 17, "it is a number of more than 15 digits"),
        ("scene_count", "9" * 400, f"it must be a whole number, not '{'9' * 55}..."),
        ("scene_count", 10**400, "it is a number of more than 15 digits"),
        ("scene_count", 10**9, ""),
        ("scene_count", 10**10, "it has no price: scene_count is 10000000000"),
        ("is_transition", [10**5000], "it must be true or false (or yes, no, 1, 0), not list"),
        ("extra", {"a": 10**5000}, "it can't be sent: Exceeds the limit"),
        ("scene_count", 0, "it must be 1 or more, not 0"),
        ("scene_count", "-1", "it must be 1 or more, not -1"),
        ("scene_count", "", None),
        ("scene_duration", 7, "it must be 5 or 10, not 7"),
        ("scene_duration", 15, "it must be 5 or 10, not 15"),
        ("is_transition", "maybe", "it must be true or false (or yes, no, 1, 0), not 'maybe'"),
        ("is_transition", [], "it must be true or false (or yes, no, 1, 0), not []"),
        ("title", {"a": 1}, "it must be text, not {'a': 1}"),
        ("webhook_url", "e.com/hook", "it must be a URL that begins with http:// or https://, not 'e.com/hook'"),
        ("webhook_url", "https://e.com/my hook", "a URL has no spaces: 'https://e.com/my hook'"),
        ("elements", '{"characters": {}}', "it must be a JSON array, not {}"),
        ("elements", '{"characters": ["Bill"]}', "it must be a JSON object: Expecting value"),
        ("elements", '{"characters": [5]}', "it must be a JSON object, not 5"),
        ("audio_option", '{"narrator": 1e400}', "1e400 is too large a number"),
    ],
)
def test_what_a_field_can_not_be_is_an_error(column: str, given: Any, message: str | None) -> None:
    if message == "":
        assert body(**{column: given})[column] == given
    elif message is None:
        assert column not in body(**{column: given})
    else:
        assert message in wrong(**{column: given})


def test_bounds_of_media() -> None:
    found = problems(table_of([{"prompt": "boat", "quantity": 5, "duration": "11", "loop": 0}]))
    assert [str(each) for each in found] == [
        "rows:1: quantity: it must be 1 to 4, not 5",
        "rows:1: duration: it must be 1 to 10, not 11",
        "rows:1: loop: it must be 1 to 6, not 0",
    ]


def test_a_name_that_looks_misspelled_is_sent_with_one_remark() -> None:
    found = table_of([{"idea": f"boat {number}", "Video Tool": "KlingAi"} for number in range(5)]).check()
    assert [str(each) for each in found.remarks] == [
        "rows:1: Video Tool: 'KlingAi' is not a known name; did you mean KlingAI? It is sent as it is (and in 4 more)"
    ]
    assert found.remarks[0] == Problem("rows:1", "Video Tool", found.remarks[0].message, rows=5)


def test_remarks_are_warnings_that_name_the_line(tmp_path: Path) -> None:
    content = "idea,video_tool\nboat,KlingAi\nkite,KlingAi\nfox,Vidu2\n"
    check = read_table(write(tmp_path / "a.csv", content)).check()
    with pytest.warns(TableWarning) as caught:
        check.warn()
    assert [(each.filename, each.lineno, str(each.message)) for each in caught] == [
        (
            "a.csv",
            2,
            "video_tool: 'KlingAi' is not a known name; did you mean KlingAI? It is sent as it is (and in 1 more)",
        ),
        ("a.csv", 4, "video_tool: 'Vidu2' is not a known name; did you mean Vidu? It is sent as it is"),
    ]
    named = TableCheck(1, {}, (Problem("a.json, item 2", "", "Look"),))
    with pytest.warns(TableWarning, match="Look") as caught:
        named.warn()
    assert (caught[0].filename, caught[0].lineno) == ("a.json, item 2", 1)


def test_very_many_remarks_are_not_all_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vimmerse.batch.tables.report.MAX_PROBLEMS", 3)
    rows = [{"idea": "boat", "video_tool": f"KlingAI{number}"} for number in range(5)]
    assert len(table_of(rows).check().remarks) == 3


def test_objects_are_made_of_dotted_columns() -> None:
    assert body(audio_option__narrator="Bill", audio_option__native_audio="no", Audio_Option__has_bg_music="1") == {
        "idea": "boat",
        "audio_option": {"narrator": "Bill", "native_audio": False, "has_bg_music": True},
    }
    assert body(audio_option='{"narrator": "Bill"}', audio_option__native_audio="no")["audio_option"] == {
        "narrator": "Bill",
        "native_audio": False,
    }


def test_an_empty_object_takes_nothing_from_its_columns() -> None:
    assert body(audio_option__narrator="Bill", audio_option="{}")["audio_option"] == {"narrator": "Bill"}


@pytest.mark.parametrize("first", [0, 1, 7])
def test_lists_are_made_of_numbered_columns(first: int) -> None:
    cells = {
        f"media_items.{first + 10}.url": "https://e.com/b.png",
        f"media_items.{first}.type": "image",
        f"media_items.{first}.url": "https://e.com/a.png",
        f"media_items.{first + 10}.type": "image",
        f"media_items.{first + 3}.url": "",
    }
    assert rows_of(table_of([cells]))[0].body == {
        "media_items": [
            {"type": "image", "url": "https://e.com/a.png"},
            {"type": "image", "url": "https://e.com/b.png"},
        ]
    }


@pytest.mark.parametrize(
    "cells",
    [
        {"image_urls": "https://e.com/a.png | https://e.com/b.png"},
        {"image_urls": "https://e.com/a.png\nhttps://e.com/b.png\r\n"},
        {"image_urls": '["https://e.com/a.png", "https://e.com/b.png"]'},
        {"image_urls": ["https://e.com/a.png", "https://e.com/b.png"]},
        {"image_urls.2": "https://e.com/b.png", "image_urls.1": "https://e.com/a.png"},
    ],
)
def test_a_list_of_texts_has_several_forms(cells: dict[str, Any]) -> None:
    assert rows_of(table_of([cells]))[0].body == {"image_urls": ["https://e.com/a.png", "https://e.com/b.png"]}


@pytest.mark.parametrize(
    "cells",
    [
        {"audio_option": {"narrator": "Bill"}, "audio_option.narrator": "Sarah"},
        {"audio_option.narrator": "Sarah", "audio_option": {"narrator": "Bill"}},
        {"image_urls": ["https://e.com/a.png"], "image_urls.1": "https://e.com/b.png"},
        {"image_urls.1": "https://e.com/b.png", "image_urls": ["https://e.com/a.png"]},
    ],
)
def test_a_field_that_two_columns_give_is_an_error(cells: dict[str, Any]) -> None:
    assert "another column gives this field, too" in problem(table_of([{"idea": "boat", **cells}]))


def test_two_numbers_for_one_item_are_the_same_column() -> None:
    cells = {"image_urls.1": "https://e.com/a.png", "image_urls.01": "https://e.com/b.png"}
    assert "another column gives this field, too" in problem(table_of([cells]))


def test_a_problem_inside_a_list_names_its_column(tmp_path: Path) -> None:
    content = "prompt,media_items.1.type,media_items.1.url,Media items.2.url\nboat,image,https://e.com/a.png,b\n"
    found = problems(write(tmp_path / "a.csv", content))
    assert [each.column for each in found] == ["Media items.2.url", "media_items.1.type"]


def test_fields_that_the_specification_does_not_know_are_extra() -> None:
    assert body(
        extra__camera="wide", extra__levels="[1, 2]", extra__audio_option__mood="calm", audio_option__narrator="Bill"
    ) == {
        "idea": "boat",
        "camera": "wide",
        "levels": [1, 2],
        "audio_option": {"narrator": "Bill", "mood": "calm"},
    }
    assert body(extra={"camera": "wide"}, extra__zoom="2") == {"idea": "boat", "camera": "wide", "zoom": 2}


def test_extra_sends_what_the_specification_rejects() -> None:
    assert body(extra__scene_duration="7") == {"idea": "boat", "scene_duration": 7}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("extra", "wide", "extra: it must be a JSON object; or name a column extra.FIELD"),
        ("extra.media_items.1", "x", "extra.media_items.1: a list can't be given in parts here"),
        ("extra.scene_count", "many", "it can't be sent: body.scene_count must be int, not str"),
        ("extra.scene_count", "0", "it has no price: scene_count is 0"),
        ("extra.title", '"\\ud800"', "it can't be sent: 'utf-8' codec can't encode character"),
        ("extra.title", " #N/A", "extra.title: the cell has the error #N/A of a spreadsheet"),
    ],
)
def test_extra_has_to_be_priced_and_sent(name: str, value: Any, message: str) -> None:
    assert message in problem(table_of([{"idea": "boat", name: value}]))


@pytest.mark.parametrize("column", ["extra", "extra.new", "elements", "audio_option", "idea"])
def test_what_is_nested_too_deeply_is_an_error(column: str) -> None:
    deep: dict[str, Any] = {}
    for _ in range(400):
        deep = {"a": [deep]}
    endless: dict[str, Any] = {}
    endless["a"] = endless
    for value in (deep, endless):
        found = problems(table_of([{"prompt": "boat", "operation": "idea", "idea": "boat", column: value}]))
        assert any(each.column == column for each in found)


def test_the_rows_of_the_caller_are_not_changed() -> None:
    rows: list[dict[str, Any]] = [
        {"idea": "x", "extra": {"a": {"b": 1}}, "extra.a.c": 2, "audio_option": {}, "audio_option.narrator": "Bill"}
    ]
    before = copy.deepcopy(rows)
    (row,) = rows_of(table_of(rows))
    assert row.body == {"idea": "x", "a": {"b": 1, "c": 2}, "audio_option": {"narrator": "Bill"}}
    row.body["a"]["b"] = 5
    assert rows == before


def test_the_website_of_a_story_has_a_column() -> None:
    assert rows_of(table_of([{"url": "https://e.com", "idea": "An ad"}]))[0].body == {"idea": "An ad https://e.com"}
    assert rows_of(table_of([{"url": "https://e.com"}]))[0].body == {"idea": "https://e.com"}
    same = {"url": "https://e.com", "idea": "An ad for https://e.com now"}
    assert rows_of(table_of([same]))[0].body == {"idea": "An ad for https://e.com now"}
    named = {"operation": "url", "idea": "An ad for https://e.com"}
    assert [row.operation for row in rows_of(table_of([named]))] == ["url"]
    assert "url: it must be a URL" in problem(table_of([{"url": "e.com"}]))
    assert "idea: it has no URL" in problem(table_of([{"operation": "url", "idea": "An ad"}]))


def test_a_row_without_what_its_operation_needs_is_an_error() -> None:
    assert "idea: it is missing; idea needs idea" in problem(table_of([{"title": "x"}], operation="idea"))
    assert "prompt: it is missing; media needs prompt or media_items" in problem(
        table_of([{"operation": "media", "media_items": "[]"}])
    )


def test_what_requests_need_inside_is_what_the_specification_says() -> None:
    schemas = openapi()["components"]["schemas"]
    for name, required in fields.REQUIRED_INSIDE.items():
        assert f"In requests, {' and '.join(required)} are required" in " ".join(schemas[name]["description"].split())
    described = {name for name, schema in schemas.items() if "In requests, " in schema.get("description", "")}
    assert described == set(fields.REQUIRED_INSIDE)


def test_a_row_becomes_a_job_of_the_ledger(tmp_path: Path) -> None:
    write(tmp_path / "a.png", "an image")
    content = "key,prompt,image,duration\na,boat,a.png,10\n"
    (row,) = read_table(write(tmp_path / "a.csv", content))
    job = row.planned()
    assert (job.key, job.operation, job.estimate, job.number) == ("a", "POST /v2/media", 100, 1)
    assert (job.place, job.body, job.images) == ("a.csv:2", row.body, row.images)
