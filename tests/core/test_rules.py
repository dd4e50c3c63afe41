"""Details of the rules beyond the case table: letter case, null as text, names in a 422, a failed story's progress."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from vimmerse.compat.core.messages import V1Request, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows import responses
from vimmerse.compat.flows.translate import translate_request

from tests.cases.check import Record
from tests.cases.flow import start_flow
from tests.cases.rows import FORM, HOST, JSON, NEW_MEDIA, NEW_STORY, Played, json_response
from tests.core.play import run_flow
from tests.core.strategies import MULTIPART, Upload, encoded, request

VIDEOS = "POST /story/{story_id}/videos"
LENIENT = Policy()
STRICT = Policy(mode="strict")
FILE = Upload("a.png", b"a")
RACHEL = {"has_bg_music": True, "native_audio": False, "has_narration": True, "narrator": "Rachel"}


def fine(request: V2Request, number: int) -> Played:
    if request.url.endswith("/v2/image"):
        return json_response({"id": "asset-1", "results": [f"https://cdn.example/{number}.png"]})
    return json_response(NEW_MEDIA | {"id": f"m-{number}"} if "/media" in request.url else NEW_STORY)


def send(
    operation: str,
    fields: dict[str, Any],
    kind: str = FORM,
    policy: Policy = LENIENT,
    respond: Callable[[V2Request, int], Played] = fine,
) -> Record:
    content_type, body = encoded(kind, fields)
    record = run_flow(request(operation, "s-1", content_type, body), policy, respond)
    assert record.error is None
    return record


def sent(record: Record) -> Any:
    """The body of the last request."""
    return json.loads(record.sent[-1].body)


def losses(record: Record) -> list[str]:
    return [notice.field for notice in record.notices if notice.kind == "lossy"]


def invalid(*locations: list[Any], after: int = 0) -> Callable[[V2Request, int], Played]:
    """A server that rejects these fields from the paid request of this number on."""
    paid = 0

    def respond(request: V2Request, number: int) -> Played:
        nonlocal paid
        if request.method == "GET" or request.url.endswith("/v2/image"):
            return fine(request, number)
        paid += 1
        if paid <= after:
            return fine(request, number)
        return json_response(
            {"detail": [{"loc": each, "msg": "wrong", "type": "value_error"} for each in locations]}, 422
        )

    return respond


def found_wrong(record: Record) -> list[list[Any]]:
    return [each["loc"] for each in json.loads(record.body)["detail"]]


# The caller's own tables


@pytest.mark.parametrize("key", ["RunwayML", "runwayml", "RUNWAYML"])
@pytest.mark.parametrize("value", ["RunwayML", "runwayml"])
def test_the_callers_table_of_tools_counts_however_it_is_written(key: str, value: str) -> None:
    policy = Policy(mode="strict", video_tools={key: "Vidu"})
    record = send("POST /media", {"prompt": "A fox", "motion_type": value}, policy=policy)
    assert sent(record)["video_tool"] == "Vidu"


def test_so_does_that_of_image_tools_and_of_tools_that_v2_lacks() -> None:
    policy = Policy(mode="strict", video_tools={"PARALLAX": "KlingAI"}, image_tools={"gptimage": "Seedream"})
    fields = {"idea": "A fox", "motion_type": "Parallax", "option": "GPTImage"}
    body = sent(send("POST /story/idea-2-video", fields, policy=policy))
    assert (body["video_tool"], body["image_tool"]) == ("KlingAI", "Seedream")


def test_an_exact_spelling_in_the_callers_table_takes_precedence() -> None:
    policy = Policy(video_tools={"sora": "Vidu", "Sora": "KlingAI"})
    for value, tool in (("Sora", "KlingAI"), ("sora", "Vidu")):
        assert sent(send("POST /media", {"prompt": "A", "motion_type": value}, policy=policy))["video_tool"] == tool


# Nothing, written as JSON text


def test_null_as_text_is_not_an_object() -> None:
    fields = {"idea": "A fox", "audio_option": "null", "elements": "null"}
    assert sent(send("POST /story/idea-2-video", fields)) == {"idea": "A fox", "audio_option": RACHEL}
    assert sent(send("POST /story/{story_id}/scenes", {"audio_option": "null", "storyboard": "null"})) == {}
    assert sent(send(VIDEOS, {"scenes": "null", "storyboard": "null"})) == {}
    assert sent(send("POST /media", {"prompt": "null", "media_items": "null", "audio_option": "null"})) == {
        "prompt": "null"
    }


def test_null_as_text_is_not_charged() -> None:
    record = send("PUT /media/{media_id}/edit", {"title": "A fox", "audio_option": "null"})
    assert (sent(record), record.sent[-1].paid) == ({"title": "A fox"}, False)


@pytest.mark.parametrize(("kind", "empty"), [(FORM, "[]"), (JSON, [])])
def test_an_empty_list_of_items_takes_nothing_from_the_images_beside_it(kind: str, empty: Any) -> None:
    record = send("POST /media", {"media_items": empty, "image_urls": ["https://i.example/1.png"]}, kind)
    assert sent(record)["media_items"] == [{"type": "image", "url": "https://i.example/1.png", "position": "First"}]


@pytest.mark.parametrize("operation", ["POST /story/images-2-video", "POST /story"])
def test_a_list_of_urls_as_json_text(operation: str) -> None:
    urls = ["https://i.example/1.png", "https://i.example/2.png"]
    assert sent(send(operation, {"idea": "A fox", "image_urls": json.dumps(urls)}))["image_urls"] == urls


def test_flat_fields_of_an_upload_are_those_of_post_media() -> None:
    fields = {"image": FILE, "prompt": "A fox", "motion_type": "KlingAI", "quantity": "2", "sound_effects": "Yes"}
    record = send("POST /media/upload", fields, MULTIPART, STRICT)
    body = sent(record)
    assert (body["video_tool"], body["quantity"], body["audio_option"]) == ("KlingAI", 2, {"native_audio": True})


def test_images_to_video_takes_files_as_step_1_does() -> None:
    record = send("POST /story/images-2-video", {"idea": "A fox", "image_files": [FILE, FILE]}, MULTIPART, STRICT)
    assert sent(record)["image_urls"] == ["https://cdn.example/0.png", "https://cdn.example/1.png"]


# Names in a 422


def test_a_422_names_the_keys_inside_a_storyboard_as_the_caller_wrote_them() -> None:
    board = {"characters": [{"URL": "a"}, {"image_url": "b"}], "scenes": [{"prompt": "c"}]}
    wrong = [["characters", 0, "image_url"], ["characters", 1, "image_url"], ["scenes", 0, "video_description"]]
    server = invalid(*(["body", "storyboard", *each] for each in wrong))
    record = send("POST /story/{story_id}/elements", {"storyboard": json.dumps(board)}, respond=server)
    assert found_wrong(record) == [
        ["body", "storyboard", "characters", 0, "URL"],
        ["body", "storyboard", "characters", 1, "image_url"],
        ["body", "storyboard", "scenes", 0, "prompt"],
    ]
    server = invalid(["body", "elements", "characters", 0, "image_url"])
    record = send("POST /story", {"idea": "A", "elements": {"characters": [{"URL": "a"}]}}, JSON, respond=server)
    assert found_wrong(record) == [["body", "elements", "characters", 0, "URL"]]


@pytest.mark.parametrize("beside", [{}, {"storyboard": {"scenes": [{"name": "a"}]}}])
def test_a_422_names_the_keys_inside_scenes_as_the_caller_wrote_them(beside: dict[str, Any]) -> None:
    scenes = [{"prompt": "c"}, {"video_description": "d", "URL": "e"}]
    wrong = [[0, "video_description"], [1, "video_description"], [1, "image_url"]]
    server = invalid(*(["body", "storyboard", "scenes", *each] for each in wrong))
    record = send(VIDEOS, {"scenes": scenes, **beside}, JSON, respond=server)
    assert found_wrong(record) == [
        ["body", "scenes", 0, "prompt"],
        ["body", "scenes", 1, "video_description"],
        ["body", "scenes", 1, "URL"],
    ]


@pytest.mark.parametrize("motion", [0, 1, 2])
@pytest.mark.parametrize("operation", ["POST /media/prompt", "POST /media/upload"])
def test_a_422_names_the_rejected_motion(motion: int, operation: str) -> None:
    presets = [
        {"MotionType": "Auto", "Params": "Prompt=x|Quantity=9"},
        {"MotionType": "Auto", "Params": "Prompt=x|Quantity=9"},
        {"motion_type": "Auto", "quantity": 9},
    ]
    server = invalid(["body", "quantity"], after=motion)
    fields: dict[str, Any] = {"pose_preset": presets}
    where: list[Any] = ["body"]
    if operation == "POST /media/upload":
        fields, where = {"data": json.dumps(fields), "image": FILE}, ["body", "data"]
    kind = MULTIPART if "data" in fields else JSON
    tail = ["quantity"] if motion == 2 else ["Params", "Quantity"]
    record = send(operation, fields, kind, respond=server)
    assert found_wrong(record) == [[*where, "pose_preset", motion, *tail]]
    # What was created before is named beside it.
    images = 1 if operation == "POST /media/upload" else 0
    created = [f"m-{images + number}" for number in range(motion)]
    reported = json.loads(record.body)
    assert reported.get("created_ids", []) == created
    assert all(id in reported.get("message", "") for id in created)


def test_a_422_about_the_last_frame_names_the_last_image() -> None:
    server = invalid(["body", "media_items", 1, "url"])
    record = send("POST /media", {"image_urls": ["a", "b", "c"]}, respond=server)
    assert found_wrong(record)[0][:3] == ["body", "image_urls", 2]


# The rest


def test_a_url_that_an_image_url_takes_the_place_of_in_scenes_is_a_loss() -> None:
    record = send(
        VIDEOS, {"scenes": [{"URL": "https://i.example/1.png", "image_url": "https://i.example/2.png"}]}, JSON
    )
    assert losses(record) == ["scenes.0.URL"]
    assert sent(record)["storyboard"]["scenes"] == [{"image_url": "https://i.example/2.png"}]


@pytest.mark.parametrize("status", ["failed", "error", "cancelled", "canceled", "fail"])
def test_a_story_that_ended_badly_is_at_100_percent(status: str) -> None:
    shown = responses.story(NEW_STORY | {"status": status, "progress_percentage": 40})
    assert (shown["status"], shown["progress_percentage"]) == ("fail", 100)
    assert responses.story(NEW_STORY | {"status": "processing", "progress_percentage": 40})["progress_percentage"] == 40


@pytest.mark.parametrize("fields", ["progress_percentage", "id,result", "rating", "processing_status,pose_preset"])
def test_some_fields_of_several_motions(fields: str) -> None:
    record = run_flow(request("GET /media/{media_id}", "a+b", "", b"", f"?fields={fields}"), LENIENT, fine)
    shown = json.loads(record.body)["data"]
    assert set(shown) == {*fields.split(","), "data"}
    assert set(shown["data"]) == set(fields.split(","))


# Entire responses sent back


MEDIA = NEW_MEDIA | {"title": "A fox", "result": ["https://v.example/1.mp4"], "processing_status": "success"}
STORY = NEW_STORY | {"title": "A fox", "status": "success", "storyboard": {"scenes": [{"name": "a"}]}}


@pytest.mark.parametrize("operation", ["PUT /media/{media_id}/edit", "PUT /media/{media_id}"])
def test_a_complete_media_with_another_title_is_a_free_edit(operation: str) -> None:
    shown = responses.media(MEDIA) | {"title": "A dog"}
    record = send(operation, shown, JSON, STRICT)
    free = {"description": "", "visibility_status": "1", "rating": "", "webhook_url": ""}
    assert (sent(record), record.sent[-1].paid) == (free | {"title": "A dog"}, False)
    assert [notice.field for notice in record.notices if notice.field] == []


@pytest.mark.parametrize("operation", ["POST /media/prompt", "POST /media/upload"])
def test_a_complete_media_creates_another(operation: str) -> None:
    shown = responses.media(MEDIA, listed=True)
    fields = shown if operation == "POST /media/prompt" else {"data": json.dumps(shown), "image": FILE}
    record = send(operation, fields, JSON if fields is shown else MULTIPART, STRICT)
    body = sent(record)
    assert body.pop("media_items", None) is None or fields is not shown
    assert body == {
        "title": "A fox",
        "audio_option": {"native_audio": False},
        "video_tool": "Auto",
        "prompt": "A fox",
        "quantity": 1,
        "duration": 5,
        "loop": 1,
    }


def test_a_complete_story_is_accepted_by_the_next_step() -> None:
    shown = responses.story(STORY)
    for operation in ("POST /story/{story_id}/elements", "POST /story/{story_id}/scenes", VIDEOS):
        record = send(operation, shown, JSON, STRICT)
        assert sent(record)["storyboard"] == {"scenes": [{"name": "a", "image_url": ""}]}
        assert losses(record) == []


@pytest.mark.parametrize(
    "fields", [{"colour": "red"}, {"id": "m-1", "colour": "red"}, {"status": "new", "colour": "red"}]
)
def test_an_unknown_field_is_still_a_loss(fields: dict[str, str]) -> None:
    assert set(losses(send("PUT /media/{media_id}", {"title": "A", **fields}))) == set(fields)


@pytest.mark.parametrize(("given", "named"), [(["a"], "a"), (["a", "b"], "['a', 'b']")])
def test_one_url_is_named_as_it_was_given(given: list[str], named: str) -> None:
    request = translate_request("POST", "/media", data={"image_urls": given})
    assert [one.value for one in request.notices if one.field == "image_urls"] == [named]


@pytest.mark.parametrize("given", ["", "1", "2", "-1"])
def test_only_a_private_story_is_v1s(given: str) -> None:
    request = translate_request("POST", "/story/idea-2-video", data={"idea": "x", "visibility_status": given})
    assert request.kind == "v2"


@pytest.mark.parametrize("given", [" 0", "00", "0.0", 0, 0.0, False, "private", "Private", "hidden"])
def test_what_may_mean_private_is_v1s(given: Any) -> None:
    request = translate_request("POST", "/story/idea-2-video", json={"idea": "x", "visibility_status": given})
    assert request.kind == "v1"


@pytest.mark.parametrize("given", [False, 0, [], {}])
def test_a_narrator_that_is_no_name_is_left_for_v2_to_reject(given: Any) -> None:
    request = translate_request("POST", "/story/idea-2-video", json={"idea": "x", "narrator": given})
    assert isinstance(request.body, bytes)
    assert json.loads(request.body)["audio_option"]["narrator"] == given


@pytest.mark.parametrize("field", ["extend_video", "character_animate"])
@pytest.mark.parametrize(("given", "kind"), [("maybe", "v1"), ("2", "v1"), ("No", "v2"), ("0", "v2"), ("", "v2")])
def test_only_v1_knows_what_a_flag_means_that_is_neither_yes_nor_no(field: str, given: str, kind: str) -> None:
    assert translate_request("POST", "/media", data={"prompt": "x", field: given}).kind == kind


@pytest.mark.parametrize(
    ("params", "fields", "lost"),
    [
        ("Prompt=a|Loop=2|", {"prompt": "a", "loop": 2}, []),
        ("Quantity=2||Loop=1 | ", {"quantity": 2, "loop": 1}, []),
        ("Prompt=a|b|Quantity=1|Speed=3", {"prompt": "a|b", "quantity": 1}, ["Speed=3"]),
        ("Speed=3|AspectRatio=1:1|Mood=calm|Loop=2", {"aspect_ratio": "1:1", "loop": 2}, ["Speed=3", "Mood=calm"]),
        ("Loop=2|Prompt=a|", {"loop": 2, "prompt": "a|"}, []),
    ],
)
def test_a_number_ends_where_the_next_part_of_params_begins(
    params: str, fields: dict[str, Any], lost: list[str]
) -> None:
    request = translate_request("POST", "/media/prompt", json={"pose_preset": {"Params": params}})
    assert isinstance(request.body, bytes)
    assert json.loads(request.body) == fields
    assert [one.value for one in request.notices if one.kind == "lossy"] == lost


@pytest.mark.parametrize("params", [["Prompt=a"], 7, True, []])
@pytest.mark.parametrize("preset", [lambda one: one, lambda one: [{"MotionType": "Auto"}, one]])
def test_params_that_are_no_text_are_v1s_to_reject(preset: Callable[[Any], Any], params: Any) -> None:
    request = translate_request("POST", "/media/prompt", json={"pose_preset": preset({"Params": params})})
    assert request.kind == "v1"
    assert any("Params=" in one.text for one in request.notices if one.kind == "passthrough")


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"scene_duration": "7"}, {"duration": 7}),
        ({"scene_duration": 5, "duration": 8}, {"duration": 8}),
        ({"scene_duration": "", "duration": "8"}, {"duration": 8}),
    ],
)
def test_a_length_of_scenes_has_its_one_call_name_on_step_3_too(given: dict[str, Any], sent: dict[str, Any]) -> None:
    request = translate_request("POST", "/story/s/videos", json=given)
    assert isinstance(request.body, bytes)
    assert json.loads(request.body) == sent
    assert not [one for one in request.notices if one.kind == "lossy"]


@pytest.mark.parametrize(("given", "lost"), [("0", []), ("1", ["pose_preset.Params.HorizontalCrop"])])
def test_no_crop_is_no_loss(given: str, lost: list[str]) -> None:
    preset = {"MotionType": "Auto", "Params": f"Prompt=a|HorizontalCrop={given}"}
    request = translate_request("POST", "/media/prompt", json={"pose_preset": preset})
    assert [one.field for one in request.notices if one.kind == "lossy"] == lost


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"pose_preset": [None, {"MotionType": "Vidu"}]}, [{}, {"video_tool": "Vidu"}]),  # one with all the defaults
        ({"pose_preset": {"prompt": "A fox"}}, [{"prompt": "A fox"}]),  # v2's names, and no motion
        ({"pose_preset": "", "title": "T"}, [{"title": "T"}]),
        ({"submit_params": "", "title": "T"}, [{"title": "T"}]),
        ({"submit_params": {"pipeline_preset": ""}}, [{}]),
        ({"submit_params": {"sound_effects": "", "native_audio": ""}}, [{}]),
    ],
)
def test_empty_fields_are_not_sent_and_give_no_warning(given: dict[str, Any], sent: list[Any]) -> None:
    flow = start_flow(
        V1Request("POST", f"{HOST}/media/prompt", (("Content-Type", JSON),), json.dumps(given).encode()),
        Policy(mode="strict"),
    )
    request = next(flow)
    bodies = []
    for number in range(len(sent)):
        assert isinstance(request.body, bytes)
        bodies.append(json.loads(request.body))
        if number + 1 < len(sent):
            request = flow.send(V2Response(200, (("Content-Type", JSON),), b'{"id": "m"}'))
    assert bodies == sent


def test_audio_that_is_not_an_object_is_left_for_v2_to_reject() -> None:
    """It is not replaced by another field."""
    form = {"audio_option": "loud", "data": json.dumps({"submit_params": {"native_audio": "Yes"}})}
    request = translate_request("POST", "/media/upload", data=form)
    assert isinstance(request.body, bytes)
    assert json.loads(request.body) == {"audio_option": "loud"}


def test_an_empty_old_name_does_not_replace_the_newer_one() -> None:
    board = {"characters": [{"name": "Reynard", "URL": None, "image_url": "https://i.example/r.png"}]}
    request = translate_request("POST", "/story/s/videos", json={"storyboard": board}, policy=Policy(mode="strict"))
    assert isinstance(request.body, bytes)
    assert json.loads(request.body) == {
        "storyboard": {"characters": [{"name": "Reynard", "image_url": "https://i.example/r.png"}]}
    }
