"""Columns with the names of v1: the rules of the compat layer translate each row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from vimmerse.batch import Problem, Table
from vimmerse.batch.tables import table_of
from vimmerse.compat import Policy, translate_request
from vimmerse.compat.migrate.columns import V1Columns

from tests.batch.tables.reading import bodies, problem, problems, rows_of, write

V1 = V1Columns(Policy())


def table(*rows: dict[str, Any], policy: Policy | None = None, **settings: Any) -> Table:
    return table_of(rows, translate=V1Columns(policy or Policy()), **settings)


def remarks(*rows: dict[str, Any]) -> list[str]:
    return [str(each) for each in table(*rows).check().remarks]


ROWS: list[tuple[str, dict[str, Any]]] = [
    ("/story/idea-2-video", {"idea": "boat", "motion_type": "KlingAI", "duration": "5"}),
    ("/story/idea-2-video", {"idea": "boat", "motion_type": "Kling2", "duration": "7", "narrator": "Sarah"}),
    ("/story/idea-2-video", {"idea": "boat", "background_music": "no", "sound_effects": "Yes"}),
    ("/story/idea-2-video", {"idea": "boat", "option": "Auto", "is_transition": "Yes", "scene_count": "4"}),
    ("/story/idea-2-video", {"idea": "boat", "narrator": "Bill", "audio_option": '{"has_bg_music": false}'}),
    ("/story/images-2-video", {"idea": "x", "image_urls": "https://e.com/a.png", "motion_type": "Vidu"}),
    ("/media", {"prompt": "boat", "motion_type": "Sora", "duration": "7", "quantity": "2"}),
    ("/media", {"prompt": "boat", "image_urls": "https://e.com/a.png", "sound_effects": "Yes"}),
    ("/media", {"prompt": "boat", "narrator": "Bill", "narration": "Ahoy", "camera_control": "Static"}),
    ("/media", {"prompt": "boat", "bg_music_prompt": "calm", "visibility_status": "1"}),
]


@pytest.mark.parametrize(("path", "fields"), ROWS, ids=[" ".join(fields) for _, fields in ROWS])
def test_a_row_is_what_the_compat_layer_makes_of_the_call(path: str, fields: dict[str, Any]) -> None:
    request = translate_request("POST", path, data=fields, policy=Policy())
    (row,) = rows_of(table(fields))
    assert isinstance(request.body, bytes)
    assert row.body == json.loads(request.body)
    assert f"/v2{path}" in request.url


def test_the_website_of_v1_is_a_column_or_an_operation() -> None:
    fields = {"idea": "An ad for https://e.com", "motion_type": "KlingAI"}
    request = translate_request("POST", "/story/url-2-video", data=fields, policy=Policy())
    expected = json.loads(request.body)  # type: ignore[arg-type]
    assert rows_of(table({**fields, "operation": "url"}))[0].body == expected
    (row,) = rows_of(table({"url": "https://e.com", "idea": "An ad for", "motion_type": "KlingAI"}))
    assert row.body == expected


def test_a_column_is_one_remark_whatever_its_rows_say() -> None:
    rows = [{"idea": f"boat {number}", "Motion Type": tool} for number, tool in enumerate(["KlingAI", "Vidu"] * 5)]
    assert remarks(*rows) == [
        "rows:1: Motion Type: this column is v1's; in v2 it is video_tool (and in 9 more)",
        "rows:1: rows with columns of v1 that name no narrator get v1's default, Rachel; v2's is AutoV (and in 9 more)",
    ]


def test_what_is_lost_is_a_remark_on_its_rows() -> None:
    rows = [{"idea": str(number), "duration": 5 + number, "seed": 7} for number in range(3)]
    found = table(*rows).check().remarks
    assert [(each.place, each.column, each.rows) for each in found] == [
        ("rows:1", "duration", 3),
        ("rows:1", "", 3),
        ("rows:1", "seed", 3),
        ("rows:2", "duration", 1),
        ("rows:3", "duration", 1),
    ]
    assert found[2].message == "seed=7 is left out: v2 picks its own seed"
    assert found[3].message == "duration=6 becomes scene_duration=5: a v2 scene lasts 5 or 10 seconds"


def test_in_strict_mode_a_loss_is_an_error() -> None:
    rows: list[dict[str, Any]] = [{"idea": "x", "seed": 7}, {"idea": "x", "motion_type": "KlingAI"}]
    found = problem(table(*rows, policy=Policy(mode="strict")))
    assert found == "rows:1: seed: seed=7 is left out: v2 picks its own seed"


@pytest.mark.parametrize(
    ("fields", "column", "message"),
    [
        ({"idea": "x", "motion_type": "StaticMotion"}, "motion_type", "v2 can't do this: motion_type='StaticMotion'"),
        ({"idea": "x", "visibility_status": "0"}, "visibility_status", "v2 has no private stories"),
        ({"prompt": "x", "visibility_status": "0"}, "visibility_status", "v2 sets it by a second call"),
        ({"prompt": "x", "rating": "G"}, "rating", "v2 sets it by a second call"),
        ({"prompt": "x", "model": "KlingTryOn"}, "model", "v2 has no try-on"),
        ({"idea": "x", "duration": "long"}, "duration", "it must be a whole number, not 'long'"),
        ({"idea": "x", "duration": 40}, "duration", "it must be 5 or 10, not 40"),
        ({"prompt": "x", "sound_effects": "perhaps"}, "sound_effects", "it must be true or false"),
        ({"prompt": "x", "sound_effects": "Yes", "quantity": 9}, "quantity", "it must be 1 to 4, not 9"),
        ({"idea": "x", "background_music": "loud"}, "background_music", "it must be true or false"),
    ],
)
def test_what_v2_can_not_do_is_an_error(fields: dict[str, Any], column: str, message: str) -> None:
    (found,) = problems(table(fields))
    assert found.column == column
    assert message in found.message


def test_the_policy_translates_tools() -> None:
    policy = Policy(video_tools={"StaticMotion": "PVideo"})
    (row,) = rows_of(table({"idea": "x", "motion_type": "StaticMotion"}, policy=policy))
    assert row.body["video_tool"] == "PVideo"


def test_the_environment_says_how_if_there_is_no_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_COMPAT_MODE", "strict")
    assert "seed" in problem(table_of([{"idea": "x", "seed": 7}], translate=V1Columns()))


def test_columns_of_both_versions_may_be_mixed_and_the_newer_name_wins() -> None:
    (row,) = rows_of(
        table(
            {
                "idea": "x",
                "motion_type": "Sora",
                "video_tool": "Vidu",
                "scene_duration": 10,
                "audio_option.native_audio": "no",
                "background_music": "no",
                "is_transition": "yes",
            }
        )
    )
    assert row.body == {
        "idea": "x",
        "video_tool": "Vidu",
        "scene_duration": 10,
        "is_transition": True,
        "audio_option": {"has_bg_music": False, "native_audio": False, "has_narration": True, "narrator": "Rachel"},
    }


def test_a_value_of_v1_that_gives_way_to_a_newer_name_is_a_remark() -> None:
    rows: list[dict[str, Any]] = [
        {"idea": "x", "narrator": "Bill", "audio_option.narrator": "Ann"},
        {"idea": "y", "narrator": "Ann", "audio_option.narrator": "Ann"},
        {
            "prompt": "x",
            "image_urls": "https://a.b/1.png",
            "media_items": '[{"type": "image", "url": "https://a.b/2.png"}]',
        },
    ]
    assert remarks(*rows) == [
        "rows:1: narrator: it is left out: audio_option.narrator, its name in v2, is given too",
        "rows:3: image_urls: it is left out: media_items, its name in v2, is given too",
    ]
    assert "narrator: it is left out" in problem(table(rows[0], policy=Policy(mode="strict")))


def test_a_row_without_a_value_of_v1_is_v2s() -> None:
    first, second = rows_of(table({"idea": "x", "motion_type": ""}, {"idea": "x", "motion_type": "Vidu"}))
    assert first.body == {"idea": "x"}
    assert second.body["audio_option"]["narrator"] == "Rachel"


def test_a_row_does_not_depend_on_the_others() -> None:
    alone = rows_of(table({"idea": "x"}))[0]
    beside = rows_of(table({"idea": "y", "motion_type": "Vidu"}, {"idea": "x", "narrator": None}))[1]
    assert (beside.key, beside.body) == (alone.key, alone.body)


def test_no_remark_on_a_narrator_that_is_named() -> None:
    assert remarks({"idea": "x", "narrator": "Bill"}) == [
        "rows:1: narrator: this column is v1's; in v2 it is audio_option.narrator"
    ]
    assert remarks({"idea": "x", "duration": 5, "audio_option": {"narrator": "Bill"}}) == [
        "rows:1: duration: this column is v1's; in v2 it is scene_duration"
    ]


def test_images_of_v1_may_be_local_files(tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / f"{name}.png", name)
    (media,) = rows_of(table({"prompt": "x", "image_files": "a.png|b.png"}, folder=tmp_path))
    assert [(image.field, Path(image.path).name) for image in media.images] == [
        ("media_items.0.url", "a.png"),
        ("media_items.1.url", "b.png"),
    ]
    assert [item["position"] for item in media.body["media_items"]] == ["First", "Last"]
    (story,) = rows_of(table({"idea": "x", "image_files": ["a.png", "c.png"]}, folder=tmp_path))
    assert story.operation == "images"
    assert [image.field for image in story.images] == ["image_urls.0", "image_urls.1"]
    (found,) = problems(table({"prompt": "x", "image_files": "a.png|d.png"}, folder=tmp_path))
    assert found.column == "image_files"
    assert "there is no file d.png" in found.message


@pytest.mark.parametrize("fields", [{"prompt": "x"}, {"idea": "x"}], ids=["media", "images"])
def test_images_of_v1_come_from_one_column(tmp_path: Path, fields: dict[str, Any]) -> None:
    write(tmp_path / "a.png", "a")
    found = problem(table({**fields, "image_urls": ["a.png"], "image_files": ["a.png"]}, folder=tmp_path))
    assert "image_files: image_urls gives images, too; use one of them" in found


def test_v1_images_alone_may_be_a_story_or_a_media() -> None:
    fields = {"image_urls": "https://e.com/a.png", "motion_type": "Vidu"}
    assert "it fits two operations" in problem(table(fields))
    assert [row.operation for row in rows_of(table(fields, operation="media"))] == ["media"]
    assert [row.operation for row in rows_of(table({"image_urls": "https://e.com/a.png"}))] == ["images"]


def test_without_a_translator_columns_of_v1_are_unknown(tmp_path: Path) -> None:
    found = problems(table_of([{"idea": "x", "motion_type": "Vidu", "narrator": "Bill"}]))
    assert [each.column for each in found] == ["motion_type", "narrator"]
    assert "did you mean audio_option.narrator?" in found[1].message


def test_a_file_of_v1(tmp_path: Path) -> None:
    content = "idea;motion_type;duration;background_music;webhook_url\nA boat;Veo;5;nein;\nA kite;Auto;10;no;\n"
    found = problem(tmp_path / "a.csv", content, translate=V1)
    assert found.startswith("a.csv:2: background_music: it must be true or false")
    first, second = bodies(tmp_path / "a.csv", content.replace("nein", "Yes"), translate=V1)
    assert first["video_tool"] == "VeoFast"
    assert second == {
        "idea": "A kite",
        "video_tool": "Auto",
        "scene_duration": 10,
        "audio_option": {"has_bg_music": False, "native_audio": False, "has_narration": True, "narrator": "Rachel"},
    }


def test_a_hint_of_the_rules_is_a_remark() -> None:
    found = table({"idea": "x", "motion_type": "KlngAI"}).check().remarks
    assert any("did you mean KlingAI" in each.message for each in found)
    assert all(isinstance(each, Problem) for each in found)
