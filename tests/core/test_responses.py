"""v2's responses in v1's shape: edge cases that no row of the case table has."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vimmerse.compat.core.errors import UpstreamError
from vimmerse.compat.core.messages import V1Request, V1Response, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows import responses
from vimmerse.compat.flows.field_selection import select_fields
from vimmerse.compat.flows.responses import motion_of
from vimmerse.compat.flows.translate import translate_response

from tests.cases.flow import start_flow
from tests.cases.rows import HOST, NEW_MEDIA, Played, bare, case, v2
from tests.core.play import play
from tests.sampling import sampled


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        ("2025-04-01T18:57:37.355064+00:00", "2025-04-01 18:57:37.355064+00:00"),
        ("2025-04-01 18:57:37", "2025-04-01 18:57:37"),
        ("2025-04-01", "2025-04-01"),
        ("Tuesday, T12:00", "Tuesday, T12:00"),
        ("", ""),
        (None, None),
        (1743533857, 1743533857),
    ],
)
def test_times(time: Any, shown: Any) -> None:
    assert responses.v1_time(time) == shown
    assert type(responses.v1_time(time)) is type(shown)


@pytest.mark.parametrize(
    ("element", "shown"),
    [
        ("Reynard", "Reynard"),
        ({}, {"URL": ""}),
        ({"URL": None}, {"URL": ""}),
        ({"URL": "a"}, {"URL": "a"}),
        ({"image_url": "a", "URL": ""}, {"URL": "a"}),
        ({"image_url": "a", "URL": "b"}, {"URL": "a"}),
        ({"image_url": "", "URL": "b", "name": "R"}, {"URL": "b", "name": "R"}),
    ],
)
def test_elements(element: Any, shown: Any) -> None:
    lists = ("characters", "environments", "objects")
    board = {name: [element] for name in lists}
    assert responses.story({"storyboard": board})["storyboard"] == {name: [shown] for name in lists}


@pytest.mark.parametrize(
    ("scene", "shown", "beside"),
    [
        ("Dawn", "Dawn", "Dawn"),
        ({}, {"image_url": ""}, {"image_url": "", "prompt": "", "narration_url": ""}),
        (
            {"name": "Dawn", "URL": "a", "video_description": "mist", "narration_url": None},
            {"name": "Dawn", "image_url": "a", "video_description": "mist", "narration_url": None},
            {"image_url": "a", "prompt": "mist", "narration_url": ""},
        ),
        (
            {"image_url": "a", "narration_url": "n"},
            {"image_url": "a", "narration_url": "n"},
            {"image_url": "a", "prompt": "", "narration_url": "n"},
        ),
    ],
)
def test_scenes(scene: Any, shown: Any, beside: Any) -> None:
    """Whole in the storyboard, and in v1's own keys beside it."""
    story = responses.story({"storyboard": {"scenes": [scene]}})
    assert (story["storyboard"]["scenes"], story["scenes"]) == ([shown], [beside])


def test_a_storys_media_has_both_ids() -> None:
    story = responses.story({"all_medias": [{"id": "m-1", "processing_status": "cancelled"}, {}, "m-2"]})
    assert [item if isinstance(item, str) else item.get("media_id") for item in story["medias"]] == ["m-1", None, "m-2"]
    assert story["medias"][0]["progress_percentage"] == 100
    assert "media_id" not in story["all_medias"][0]


def test_a_storyboard_of_another_kind_stays() -> None:
    board: Any = {"scenes": "none", "mood": [{"URL": "x"}]}
    assert responses.story({"storyboard": board})["storyboard"] == board


@pytest.mark.parametrize(
    ("given", "effects", "native"),
    [
        ({}, "No", False),
        ({"native_audio": True}, "Yes", True),
        ({"native_audio": False}, "No", False),
        ({"native_audio": None}, "No", None),
        ({"native_audio": "yes"}, "Yes", "yes"),
        ({"sound_effects": "yes"}, "yes", True),
        ({"sound_effects": "No", "native_audio": True}, "No", True),
    ],
)
def test_both_audio_fields(given: dict[str, Any], effects: str, native: bool) -> None:
    shown = responses.media({"submit_params": given})["submit_params"]
    assert (shown["sound_effects"], shown["native_audio"]) == (effects, native)


@pytest.mark.parametrize("params", [None, "Fast", []])
def test_submit_params_of_another_kind_stay(params: Any) -> None:
    assert responses.media({"submit_params": params})["submit_params"] == params


@pytest.mark.parametrize("preset", [None, "Auto", [], {"MotionType": "Auto", "Params": "Prompt=x"}])
def test_a_preset_that_is_v1s_or_none_stays(preset: Any) -> None:
    assert responses.media({"pose_preset": preset})["pose_preset"] == preset


def test_a_preset_without_a_tool_is_auto() -> None:
    assert responses.media({"pose_preset": {"motion_type": None}})["pose_preset"]["MotionType"] == "Auto"


@pytest.mark.parametrize(
    ("items", "shown"),
    [
        ([{"position": "First"}, {"position": "Last"}], "Yes"),
        ([{"position": "First"}], "No"),
        ([7, None], "No"),
        (None, "No"),
    ],
)
def test_first_and_last_frame_are_a_transition(items: Any, shown: str) -> None:
    assert responses.media({"media_items": items})["is_transition"] == shown


def test_a_selection_has_only_the_requested_fields() -> None:
    media = {"processing_status": "new"}
    assert select_fields(responses.media(media), media, ["processing_status"]) == {"processing_status": "queue_bullet"}


def test_an_empty_response_stays_empty() -> None:
    assert responses.media({}) == {}
    assert responses.story({}) == {}


def test_v2s_values_override_v1s_empty_values() -> None:
    shown = responses.media(
        {"rating": "5", "progress_percentage": 42, "processing_status": "new", "is_transition": True}
    )
    assert (shown["rating"], shown["progress_percentage"], shown["is_transition"]) == ("5", 42, "Yes")
    assert responses.media_status({"processing_status": "new", "progress_percentage": 42}) == {
        "processing_status": "queue_bullet",
        "progress_percentage": "42",
    }


@pytest.mark.parametrize("status", ["success", "failed", "error", "cancelled", "canceled"])
def test_a_finished_job_is_at_100_percent_whatever_v2_returns(status: str) -> None:
    """v1 programs wait for 100."""
    media = {"processing_status": status, "progress_percentage": 42}
    assert responses.media(media)["progress_percentage"] == 100
    assert responses.media_status(media)["progress_percentage"] == "100"
    assert responses.merge_media([media, {"processing_status": "new"}], "a+b")["progress_percentage"] == (
        60 if status == "success" else 100
    )


def test_two_responses_share_no_list() -> None:
    first, second = responses.media({"id": "1"}), responses.media({"id": "2"})
    first["file_map"].append(1)
    assert second["file_map"] == []


@pytest.mark.parametrize(("status", "shown"), [(["x"], 20), (None, 20), ("resting", 20), ("success", 100)])
def test_progress(status: Any, shown: int) -> None:
    assert responses.progress(status) == shown


def test_results_of_several_that_are_objects_keep_what_they_say() -> None:
    parts: list[dict[str, Any]] = [
        {"result": [{"url": "a", "size": 1}, 7]},
        {"result": None},
        {"pose_preset": {"MotionType": "Vidu"}, "result": ["b"]},
    ]
    assert responses.numbered_results(parts) == [
        {"url": "a", "size": 1, "motion_type": "Auto1"},
        {"url": 7, "motion_type": "Auto2"},
        {"url": "b", "motion_type": "Vidu1"},
    ]


@pytest.mark.parametrize(
    ("parts", "status"),
    [(["cancelled", "success"], "fail"), (["cancelled", "failed"], "fail"), (["resting", "processing"], "resting")],
)
def test_several_statuses(parts: list[str], status: str) -> None:
    assert responses.merge_status([{"processing_status": part} for part in parts])["processing_status"] == status


# Errors


@pytest.mark.parametrize(
    ("status", "body", "shown"),
    [
        (400, {"message": "m", "code": "C", "detail": "d"}, {"message": "C", "code": "C", "detail": "d"}),
        (400, {"code": "C"}, {"message": "C", "code": "C", "detail": ""}),
        (400, {"message": "m", "code": ""}, {"message": "m", "code": ""}),
        (400, {"message": "m", "code": 7}, {"message": "m", "code": 7}),
        (404, {"detail": "Not Found"}, {"message": "NOT_FOUND", "detail": "Not Found"}),
        (599, {}, {"message": "HTTP_599"}),
        (422, {"detail": []}, {"detail": []}),
    ],
)
def test_errors(status: int, body: Any, shown: Any) -> None:
    assert responses.error(status, json.dumps(body).encode(), "application/json", {}) == shown


def test_the_longest_name_wins_in_a_422() -> None:
    payload = {"detail": [{"loc": ["body", "audio_option", "narrator"]}, {"loc": ["body", "audio_option", "x"]}]}
    origins = {"audio_option": "whole", "audio_option.narrator": "narrator"}
    shown = responses.error(422, json.dumps(payload).encode(), "application/json", origins)
    assert [item["loc"] for item in shown["detail"]] == [["body", "narrator"], ["body", "whole", "x"]]


def test_an_html_page_is_summarised() -> None:
    shown = responses.error(520, b"<html><style>x</style><h1>Web  server\n is down</h1>" + b"y" * 9000, "text/html", {})
    assert shown["message"] == shown["code"] == "HTTP_520"
    assert "Web server is down" in shown["detail"]
    assert "520" in shown["detail"]
    assert "<" not in shown["detail"]
    assert len(shown["detail"]) < 400


@pytest.mark.parametrize(("left", "right"), [("[", "]"), ('{"a":', "}")], ids=["list", "object"])
@pytest.mark.parametrize("first", sampled(range(400, 408), 8))
def test_a_deeply_nested_response_is_translated_or_rejected(left: str, right: str, first: int) -> None:
    """Wherever Python's own limit is: it differs between reading a response and writing it again."""
    for depth in (10, 200, *range(first, 1000, 8), 5000, 100_000):
        body = f'{{"id": "m", "x": {left * depth}1{right * depth}}}'.encode()
        record = play(case("deep", bare("GET /media/m"), v2("GET /v2/media/m", response=Played(200, body))))
        if record.error is None:
            assert b'"id":"m"' in record.body
        else:
            assert isinstance(record.error, UpstreamError)


def test_the_v2_response_is_not_modified() -> None:
    before = json.dumps(NEW_MEDIA)
    responses.merge_media([NEW_MEDIA, NEW_MEDIA], "a+b")
    assert json.dumps(NEW_MEDIA) == before


def test_an_error_that_is_a_page_names_its_type() -> None:
    flow = start_flow(V1Request("GET", f"{HOST}/story/s"), Policy())
    next(flow)
    with pytest.raises(StopIteration) as end:
        flow.send(V2Response(500, (("Server", "x"), ("Content-Type", "text/html")), b"<p>Oh</p>"))
    response: V1Response = end.value.value
    assert json.loads(response.body)["detail"] == "The server returned 500 with text/html, not JSON: Oh"


@pytest.mark.parametrize("given", [5, "", None, ["Auto"]])
def test_a_motion_without_a_name_is_auto(given: Any) -> None:
    assert motion_of({"pose_preset": {"motion_type": given}}) == "Auto"


def test_a_partial_response_without_the_flag_has_no_transition() -> None:
    response = translate_response("GET", "/media/m?fields=title", 200, {"title": "x"})
    assert json.loads(response.body)["data"] == {"title": "x", "data": {"title": "x"}}
