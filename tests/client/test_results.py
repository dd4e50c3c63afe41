"""The results of the methods: v2's models, and v1's data under ``["data"]``."""

from __future__ import annotations

import asyncio
import copy
import inspect
import pickle
import warnings
from typing import Any

import httpx
import pytest
from vimmerse.compat import AsyncCompatClient, CompatClient, Notice, Policy, V1DeprecationWarning
from vimmerse.compat.client import CompatMedia, CompatStory
from vimmerse.compat.client.results import media_from_v1, story_from_v1
from vimmerse.v2.models import Media, Story

from tests.client.service import KEY, MEDIA, STORY, Caller, Service


def test_a_story_has_v2_fields(caller: Caller) -> None:
    failed = {**STORY, "status": "failed"}
    caller.service.responses["GET /v2/story/s1"] = failed
    story = caller.call("get_story", "s1")
    assert isinstance(story, Story)
    assert story.to_dict() == failed
    assert (story.status, story.is_transition) == ("failed", True)
    assert story["later"] == {"field": [1]}


def test_the_data_of_a_story_has_v1_fields(caller: Caller) -> None:
    caller.service.responses["GET /v2/story/s1"] = {**STORY, "status": "failed"}
    data = caller.call("get_story", "s1")["data"]
    assert (data["status"], data["is_transition"]) == ("fail", True)
    assert data["created_at"] == "2025-04-01 18:57:37.355064+00:00"
    assert data["storyboard"]["characters"][0]["URL"] == "https://x.example/melody.png"
    assert data["medias"][0]["processing_status"] == "queue_bullet"
    assert data["later"] == {"field": [1]}


def test_a_media_has_v2_fields(caller: Caller) -> None:
    media = caller.call("get_media", "m1")
    assert isinstance(media, Media)
    assert media.to_dict() == MEDIA


def test_the_data_of_a_media_may_be_nested(caller: Caller) -> None:
    media = caller.call("get_media", "m1")
    for data in (media["data"], media["data"]["data"]):
        assert data["processing_status"] == "processing_bullet"
        assert data["result"][1] == {"url": "https://files.example/2.mp4"}
        assert data["pose_preset"]["MotionType"] == "Auto"


def test_a_media_status(caller: Caller) -> None:
    caller.service.responses["GET /v2/media/m1"] = {"processing_status": "processing"}
    media = caller.call("get_media_status", "m1")
    assert isinstance(media, Media)
    assert (media.processing_status, media.id) == ("processing", "m1")
    assert media["data"] == {"processing_status": "processing_bullet", "progress_percentage": "50"}


def test_the_result_includes_the_follow_up_call(caller: Caller) -> None:
    caller.service.responses["PUT /v2/media/m1"] = {**MEDIA, "visibility_status": "2"}
    media = caller.call("create_media", title="t", visibility_status="2")
    assert media["visibility_status"] == "2"
    assert media["data"]["visibility_status"] == "2"


def test_the_result_excludes_the_lookup_before_a_change(caller: Caller) -> None:
    caller.service.responses["GET /v2/media/m1"] = {**MEDIA, "processing_status": "success"}
    caller.service.responses["PUT /v2/media/m1"] = {"id": "m1", "processing_status": "queued"}
    media = caller.call("process_media", "m1")
    assert media.to_dict() == {"id": "m1", "processing_status": "queued"}


def test_several_motions_are_one_media(caller: Caller) -> None:
    first, second = {**MEDIA, "id": "a"}, {**MEDIA, "id": "b", "processing_status": "queued", "result": []}
    caller.service.responses["POST /v2/media"] = [first, second]
    presets = [{"MotionType": "Auto", "Params": "Prompt=A bunny|Quantity=2"}, {"MotionType": "KlingAI"}]
    media = caller.call("create_media_from_prompt", pose_preset=presets)
    assert isinstance(media, Media)
    assert (media.id, media.processing_status) == ("a+b", "queued")
    assert media.created_at == MEDIA["created_at"]
    assert isinstance(media.result, list)
    assert [each if isinstance(each, str) else each.to_dict() for each in media.result] == [
        {"url": "https://files.example/1.mp4", "motion_type": "Auto1"},
        {"url": "https://files.example/2.mp4", "motion_type": "Auto2"},
    ]
    assert media["data"]["processing_status"] == "queue_bullet"

    caller.service.responses |= {"GET /v2/media/a": first, "GET /v2/media/b": second}
    repeated = caller.call("get_media", "a+b")
    assert isinstance(repeated, Media)
    assert (repeated.id, repeated.processing_status) == ("a+b", "queued")
    caller.service.responses |= {
        "GET /v2/media/a": {"processing_status": "success"},
        "GET /v2/media/b": {"processing_status": "failed"},
    }
    status = caller.call("get_media_status", "a+b")
    assert isinstance(status, Media)
    assert status.processing_status == "failed"


V1_STORY = {
    "id": "s1",
    "is_transition": "Yes",
    "status": "fail",
    "storyboard": {"characters": [{"name": "Melody", "URL": "https://x.example/melody.png"}]},
    "medias": [{"id": "m1", "processing_status": "processing_bullet", "result": [{"url": "https://x.example/1.mp4"}]}],
    "created_at": "2025-04-01 18:57:37.355064+00:00",
    "webhook_url": "",
}


def test_a_v1_story_is_converted(caller: Caller) -> None:
    caller.service.responses["PUT /story/s1"] = {"data": V1_STORY}
    story = caller.call("update_story", "s1", title="New")
    assert isinstance(story, CompatStory)
    assert (story.status, story.is_transition) == ("failed", True)
    assert story.created_at == "2025-04-01T18:57:37.355064+00:00"
    assert isinstance(story.storyboard, object)
    fields = story.to_dict()
    assert fields["storyboard"]["characters"] == [{"name": "Melody", "image_url": "https://x.example/melody.png"}]
    assert fields["all_medias"] == [
        {"id": "m1", "processing_status": "processing", "result": ["https://x.example/1.mp4"]}
    ]
    assert fields["webhook_url"] == ""
    assert "medias" not in fields
    assert story["data"] == V1_STORY


V1_MEDIA = {
    "id": "m1",
    "processing_status": "queue_bullet",
    "progress_percentage": 20,
    "pose_preset": {"MotionType": "Parallax", "Params": "Prompt=A|b|Quantity=2|MotionLength=5|Loop=x|AspectRatio=1:1"},
    "submit_params": {"sound_effects": "yes"},
    "result": [{"url": "https://x.example/1.mp4"}, {"url": "https://x.example/2.mp4", "motion_type": "Auto"}],
    "created_at": "2025-04-01 18:57:37.355064+00:00",
}


@pytest.mark.parametrize("data", [V1_MEDIA, {"data": V1_MEDIA}], ids=["wrapped once", "wrapped twice"])
def test_a_v1_media_is_converted(caller: Caller, data: dict[str, Any]) -> None:
    caller.service.responses["GET /v2/media/m1"] = httpx.Response(404, json={"message": "?", "code": "MEDIA_NOT_FOUND"})
    caller.service.responses["GET /media/m1"] = {"data": data}
    media = caller.call("get_media", "m1")
    assert isinstance(media, CompatMedia)
    assert (media.id, media.processing_status, media["progress_percentage"]) == ("m1", "queued", 20)
    fields = media.to_dict()
    preset = {"motion_type": "Parallax", "prompt": "A|b", "quantity": 2, "motion_length": 5, "aspect_ratio": "1:1"}
    assert preset.items() <= fields["pose_preset"].items()
    assert "loop" not in fields["pose_preset"]
    assert fields["submit_params"]["native_audio"] is True
    assert fields["result"] == ["https://x.example/1.mp4", {"url": "https://x.example/2.mp4", "motion_type": "Auto"}]
    assert fields["created_at"] == "2025-04-01T18:57:37.355064+00:00"
    assert "data" not in fields
    assert media["data"] == data


@pytest.mark.parametrize("modern", [story_from_v1, media_from_v1])
@pytest.mark.parametrize("data", [None, [], "text", {}])
def test_data_that_is_not_an_object_has_no_fields(modern: Any, data: object) -> None:
    assert modern(data) == {}


def test_unexpected_values_are_kept() -> None:
    strange = {"id": 5, "status": 7, "processing_status": None, "storyboard": "?", "created_at": None, "result": None}
    assert story_from_v1(strange) == strange
    assert media_from_v1(strange) == strange
    presets = [{"MotionType": None}, "?"]
    assert media_from_v1({"pose_preset": presets})["pose_preset"] == [{"MotionType": None, "motion_type": None}, "?"]


@pytest.mark.parametrize("response", [{"data": {}}, {}, {"data": None}], ids=["empty", "bare", "null"])
def test_an_empty_response(caller: Caller, response: dict[str, Any]) -> None:
    caller.service.responses["PUT /story/s1"] = response
    story = caller.call("update_story", "s1", title="New")
    assert story.to_dict() == {"id": "s1"}
    assert story["data"] == response.get("data", {})


def test_other_keys_are_additional_properties(caller: Caller) -> None:
    story = caller.call("get_story", "s1")
    assert "data" in story
    assert "later" in story
    assert "earlier" not in story
    with pytest.raises(KeyError, match="earlier"):
        story["earlier"]
    story["earlier"] = 1
    assert story.to_dict()["earlier"] == 1
    media = caller.call("get_media", "m1")
    assert "data" in media
    assert "later" not in media


def test_results_compare_and_print_by_their_fields(caller: Caller) -> None:
    story, second = caller.call("get_story", "s1"), caller.call("get_story", "s1")
    assert story == second
    assert repr(story).startswith("CompatStory(id='s1'")
    assert "V1Data" not in repr(story)


@pytest.mark.parametrize("method", ["get_story", "get_media"])
def test_results_pickle_and_copy(caller: Caller, method: str) -> None:
    result = caller.call(method, "x1")
    for other in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result), copy.copy(result)):
        assert other == result
    with pytest.warns(V1DeprecationWarning, match="data"):
        assert pickle.loads(pickle.dumps(result))["data"] == result["data"]


# Warnings


def line() -> int:
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno


def test_reading_data_warns_at_the_users_line(service: Service) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with CompatClient(KEY, transport=service.transport()) as client:
            called = line() + 1
            story = client.get_story("s1")
        read = line() + 1
        story["data"]
    places = [(each.filename, each.lineno, each.category) for each in caught]
    assert places == [(__file__, called, V1DeprecationWarning), (__file__, read, V1DeprecationWarning)]
    text = str(caught[1].message)
    assert text.startswith('GET /story/{story_id}: ["data"] is v1; in v2 the result is the object itself')


def test_calls_warn_at_the_users_line(service: Service) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with CompatClient(KEY, transport=service.transport()) as client:
            first = line() + 1
            client.idea_to_video(
                idea="A boat",
                option="FluxKontextPro",
            )
    assert caught
    assert {each.filename for each in caught} == {__file__}
    assert {each.lineno for each in caught} == {first}


def test_async_calls_warn_at_the_users_line(service: Service) -> None:
    lines: list[int] = []

    async def run() -> None:
        async with AsyncCompatClient(KEY, transport=service.async_transport()) as client:
            lines.append(line() + 1)
            await client.get_story("s1")
            await asyncio.gather(client.get_story("s1"), client.get_story("s1"))

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        lines.append(line() + 1)
        asyncio.run(run())
    run_line, call_line = lines
    # The stack of a task starts at the line that runs the loop.
    assert [(each.filename, each.lineno) for each in caught] == [
        (__file__, call_line),
        (__file__, run_line),
        (__file__, run_line),
    ]


def test_a_warning_turned_into_an_error_sends_nothing(service: Service) -> None:
    with CompatClient(KEY, transport=service.transport()) as client, warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(V1DeprecationWarning):
            client.idea_to_video(idea="A boat")
    assert service.sent == []


def test_reading_data_ignores_the_environment(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    story = caller.call("get_story", "s1")
    monkeypatch.setenv("VIMMERSE_BASE_URL", "nonsense")
    assert story["data"]["id"] == "s1"


def test_reading_data_calls_on_warning(service: Service) -> None:
    notices: list[Notice] = []
    policy = Policy(api_key=KEY, on_warning=notices.append)
    with CompatClient(policy=policy, transport=service.transport()) as client:
        story = client.get_story("s1")
    notices.clear()
    assert story["data"]["id"] == "s1"
    assert [(each.kind, each.operation, each.field) for each in notices] == [
        ("deprecated", "GET /story/{story_id}", "data")
    ]


def test_a_model_that_was_constructed_by_hand_has_no_data() -> None:
    with pytest.warns(V1DeprecationWarning):
        assert CompatStory(id="s1")["data"] is None
    with pytest.warns(V1DeprecationWarning):
        assert CompatMedia(id="m1")["data"] is None


def test_keys_of_params_that_v2_lacks_are_no_fields() -> None:
    preset = {"MotionType": "Auto", "Params": "Prompt=A fox|Zoom=2|Loop=x"}
    media = media_from_v1({"id": "m1", "pose_preset": preset})
    assert media["pose_preset"] == {**preset, "motion_type": "Auto", "prompt": "A fox"}
