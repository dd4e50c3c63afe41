"""The inverse of the response mapping: mapped again, it gives the v1 response that it was made from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from vimmerse.compat.flows import inverse, responses
from vimmerse.compat.flows.inverse import V2_STORY
from vimmerse.compat.migrate.cassettes.differences import differences

from tests.cassettes_convert.conftest import HOME, Json
from tests.specs.spec import LOADER, load, response_errors


def _documented(version: str) -> Iterator[Any]:
    text = (HOME / "tests" / "data" / "documented_examples.json").read_text(encoding="utf-8")
    for entry in json.loads(text):
        if entry["version"] == version and entry["kind"] == "response":
            value = entry["value"]
            while isinstance(value, dict) and isinstance(value.get("data"), dict):
                value = value["data"]
            if isinstance(value, dict) and value:
                yield pytest.param(entry["operation"], value, id=f"{entry['operation']}-{entry['title']}")


def _round_trip(operation: str, v1: Json) -> Json:
    if "processing-status" in operation:
        return responses.media_status(inverse.media_status(v1))
    if "story" in operation:
        return responses.story(inverse.story(v1))
    listed = operation.startswith("POST") and isinstance(v1.get("pose_preset"), list)
    return responses.media(inverse.media(v1, listed=listed), listed=listed)


@pytest.mark.parametrize(("operation", "v1"), list(_documented("v1")))
def test_documented_responses_of_v1_come_back(operation: str, v1: Json) -> None:
    assert [each for each in differences(v1, _round_trip(operation, v1)) if not each.why] == []


@pytest.mark.parametrize(("operation", "v2"), list(_documented("v2")))
def test_documented_responses_of_v2_are_shown_the_same(operation: str, v2: Json) -> None:
    mapping, back = (responses.story, inverse.story) if "story" in operation else (responses.media, inverse.media)
    shown = mapping(v2)

    assert mapping(back(shown)) == shown


@pytest.mark.parametrize(("operation", "v1"), list(_documented("v1")))
def test_an_inverse_is_valid_in_v2(operation: str, v1: Json) -> None:
    if "processing-status" in operation:
        return
    name = "get_story" if "story" in operation else "get_media"
    v2 = inverse.story(v1) if name == "get_story" else inverse.media(v1)

    assert response_errors("v2", name, v2) == []


def test_the_fields_of_a_story_are_those_of_the_spec() -> None:
    assert set(load("v2")["components"]["schemas"]["Story"]["properties"]) == V2_STORY


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_PRESET = st.fixed_dictionaries(
    {},
    optional={
        "MotionType": st.sampled_from(["Auto", "Kling2", "Vidu", "Prompt", "New"]),
        "Params": st.sampled_from(["", "Prompt=a|b|Quantity=2", "Prompt=x|CameraPath=|Quantity=1", "Loop=x|Zoom=1"]),
        "other": JSON,
    },
)
_MEDIA = st.fixed_dictionaries(
    {"id": st.text()},
    optional={
        "processing_status": st.sampled_from(
            ["queue_bullet", "processing_bullet", "success", "fail", "cancel", "new2"]
        ),
        "progress_percentage": st.sampled_from([0, 20, 50, 60, 100, "100", None]),
        "pose_preset": _PRESET | st.lists(_PRESET, max_size=2) | JSON,
        "submit_params": st.dictionaries(
            st.sampled_from(["sound_effects", "native_audio", "pipeline_preset", "file_size", "scale_factor", "x"]),
            st.sampled_from(["Yes", "No", "yes", "", "1", "Fast", True, False, None]),
        ),
        "result": st.lists(st.fixed_dictionaries({"url": st.text()}) | JSON, max_size=2) | JSON,
        "is_transition": st.sampled_from(["Yes", "No", None, ""]),
        "rating": JSON,
        "video_history": JSON,
        "visibility_status": st.sampled_from(["0", "1", None]),
        "media_items": JSON,
        "created_at": st.sampled_from(["2025-04-01 18:57:37.355064+00:00", "", None, "soon"]),
    },
)
#: v1's forms of these are not those of v2, so that a value can come back in v2's form alone.
_IN_V2_FORM = ("result", "pose_preset", "progress_percentage")


@given(_MEDIA)
def test_a_media_comes_back(v1: Json) -> None:
    found = differences(v1, responses.media(inverse.media(v1)))

    assert [each for each in found if not each.why and each.field.split(".")[0] not in _IN_V2_FORM] == []


@given(_MEDIA, st.booleans())
def test_a_media_of_a_story_comes_back(v1: Json, has_v1_id: bool) -> None:
    item = {**v1, "media_id": v1["id"]} if has_v1_id else v1
    v1_story = {"id": "s", "medias": [item]}

    found = differences(v1_story, responses.story(inverse.story(v1_story)))

    parts = [each.field.split(".") for each in found if not each.why]
    assert [path for path in parts if path[2:3] not in [[name] for name in _IN_V2_FORM]] == []


_ENTRY = st.fixed_dictionaries({"name": st.text()}, optional={"URL": st.sampled_from(["", "u"]), "prompt": JSON})


@given(
    st.fixed_dictionaries(
        {"id": st.text()},
        optional={
            "status": st.sampled_from(["new", "processing", "success", "fail", "other"]),
            "progress_percentage": st.sampled_from([0, 50, 100]),
            "storyboard": st.fixed_dictionaries(
                {},
                optional={
                    "characters": st.lists(_ENTRY, max_size=2) | JSON,
                    "scenes": st.lists(_ENTRY, max_size=2) | JSON,
                    "music": JSON,
                },
            )
            | JSON,
            "scenes": JSON,
            "medias": JSON,
            "all_medias": JSON,
            "video_url": st.sampled_from(["", "u"]),
            "updated_at": st.sampled_from(["2025-04-01 18:57:37.355064+00:00", None]),
        },
    )
)
def test_a_story_comes_back(v1: Json) -> None:
    found = differences(v1, responses.story(inverse.story(v1)))

    assert [each for each in found if not each.why] == []


@pytest.mark.parametrize(
    ("v1", "v2"),
    [
        ({"message": "INSUFFICIENT_CREDIT"}, {"message": "INSUFFICIENT_CREDIT", "code": "INSUFFICIENT_CREDIT"}),
        ({"message": "NO_X", "detail": "No x.", "code": "NO_X"}, {"message": "No x.", "code": "NO_X"}),
        ({"message": "Not authorized"}, {"message": "Not authorized"}),
        ({"detail": [{"loc": ["body", "idea"]}]}, {"detail": [{"loc": ["body", "idea"]}]}),
        ({"message": "a", "code": "B"}, {"message": "a", "code": "B"}),
        ({"message": None, "detail": "", "code": None}, {"message": None, "detail": "", "code": None}),
    ],
)
def test_errors(v1: Json, v2: Json) -> None:
    assert inverse.error(v1) == v2


@given(st.dictionaries(st.sampled_from(["message", "detail", "code", "x"]), JSON))
def test_an_error_without_a_code_of_its_own_comes_back(v1: Json) -> None:
    if "code" in v1:
        v1 = {**v1, "message": v1["code"]}
    shown = responses.error(400, json.dumps(inverse.error(v1)).encode(), "application/json", {})

    assert differences(v1, shown) == []


def test_a_tool_that_v2_lacks_is_named_as_v2_names_it() -> None:
    v1 = {"pose_preset": {"MotionType": "Kling2", "Params": "Prompt=Rain|Quantity=2|MotionLength=x|AspectRatio=1:1"}}

    assert inverse.media(v1)["pose_preset"] == {
        "motion_type": "KlingAI",
        "prompt": "Rain",
        "quantity": 2,
        "motion_length": "x",
        "loop": 1,
        "aspect_ratio": "1:1",
        **v1["pose_preset"],
    }


@pytest.mark.parametrize("value", [None, 5, [], {}, "new2"])
def test_what_is_of_another_type_stays(value: Any) -> None:
    assert inverse.media_status({"processing_status": value}) == {"processing_status": value}
    assert inverse.story({"id": "s", "medias": [value]})["all_medias"] == [value]


def test_recorded_responses_of_v1_are_understood() -> None:
    """Nothing in the recorded cassettes has a form that the inverse does not know."""
    for path in (HOME / "cassettes" / "v1").iterdir():
        for each in yaml.load(path.read_text(encoding="utf-8"), LOADER)["interactions"]:
            text = each["response"]["body"]["string"]
            if isinstance(text, str):
                data = json.loads(text)["data"]
                data.pop("data", None)
                operation = each["request"]["method"] + each["request"]["uri"]
                assert [d for d in differences(data, _round_trip(operation, data)) if not d.why] == []
