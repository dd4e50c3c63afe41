"""Each check of ``rule_coverage.py`` and ``translated_values.py`` reports a break, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from inspect import signature
from typing import Any

import pytest
from vimmerse.compat.flows.routing import OPERATIONS
from vimmerse.compat.rules.engine import Operation
from vimmerse.compat.rules.kinds import dropped, same
from vimmerse.compat.rules.response_fields import MEDIA_STATUS
from vimmerse.compat.rules.targets import V2_FIELDS
from vimmerse.compat.rules.values import IMAGE_TOOLS, VIDEO_TOOLS
from vimmerse.jobs.states import CANCELLED, FAILED, KNOWN, RUNNING, SUCCEEDED

from tests.specs.rule_coverage import (
    contradicting_words,
    fields,
    lost_values,
    uncovered_fields,
    uncovered_operations,
    unknown_states,
    wrong_v2_fields,
    wrong_values,
)
from tests.specs.spec import load, none_left
from tests.specs.translated_values import missing_fields, rejected_translations

V1 = load("v1")
V2 = load("v2")
VIDEO = (VIDEO_TOOLS, ("MotionType", "VideoTool"), "VideoTool")
IMAGE = (IMAGE_TOOLS, ("ImageOption", "ImageTool"), "ImageTool")
OUTCOMES = {"succeeded": SUCCEEDED, "failed": FAILED, "cancelled": CANCELLED, "running": RUNNING}


def all_faults(v1: Any = V1, v2: Any = V2, covered: Any = OPERATIONS) -> list[str]:
    return [*uncovered_operations(v1, covered), *uncovered_fields(v1, v2, covered)]


def schemas(spec: Any) -> Any:
    return spec["components"]["schemas"]


def body(spec: Any, path: str, kind: str, method: str = "post") -> Any:
    """The properties of a body's schema."""
    schema = spec["paths"][path][method]["requestBody"]["content"][kind]["schema"]
    return schemas(spec)[schema["$ref"].rpartition("/")[2]]["properties"]


FORM = "application/x-www-form-urlencoded"
TEXT = {"type": "string"}


def new_field(v1: Any, v2: Any) -> None:
    body(v1, "/story/{story_id}/scenes", FORM)["mood"] = TEXT


def new_query(v1: Any, v2: Any) -> None:
    v1["paths"]["/media/{media_id}/download"]["get"]["parameters"].append(
        {"name": "codec", "in": "query", "schema": TEXT}
    )


def lost_field(v1: Any, v2: Any) -> None:
    del body(v1, "/story/{story_id}/elements", FORM)["seed"]


def new_inner_field(v1: Any, v2: Any) -> None:
    schemas(v1)["SubmitParams"]["properties"]["codec"] = TEXT


def new_params_key(v1: Any, v2: Any) -> None:
    schemas(v1)["PosePreset"]["properties"]["Params"]["x-params"]["Speed"] = {}


def new_field_of_an_object_that_is_passed_on(v1: Any, v2: Any) -> None:
    schemas(v1)["Music"]["properties"]["tempo"] = TEXT


def lost_target(v1: Any, v2: Any) -> None:
    del body(v2, "/v2/story/{story_id}/videos", "application/json")["video_tool"]


def lost_inner_target(v1: Any, v2: Any) -> None:
    del schemas(v2)["StoryAudioOption"]["properties"]["has_narration"]


def lost_second_call(v1: Any, v2: Any) -> None:
    del body(v2, "/v2/media/{media_id}", "application/json", "put")["rating"]


def new_operation(v1: Any, v2: Any) -> None:
    v1["paths"]["/media/{media_id}"]["delete"] = {"x-replaced-by": None, "responses": {}}


def lost_operation(v1: Any, v2: Any) -> None:
    del v1["paths"]["/story/{story_id}/concat"]


def other_successor(v1: Any, v2: Any) -> None:
    v1["paths"]["/story"]["post"]["x-replaced-by"] = "POST /v2/story/idea-2-video"


IN_BOTH = ("PUT /media/{media_id}", "PUT /media/{media_id}/edit")
IN_PROMPT = ("POST /media/prompt", "POST /media/upload")


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        (new_field, ["POST /story/{story_id}/scenes: the field 'mood' has no rule"]),
        (new_query, ["GET /media/{media_id}/download: the field 'codec' has no rule"]),
        (lost_field, ["POST /story/{story_id}/elements: the rule of 'seed' has no field"]),
        (
            new_inner_field,
            [
                "POST /media/prompt: the field 'codec' inside 'submit_params' has no rule",
                "POST /media/upload: the field 'codec' inside 'data.submit_params' has no rule",
            ],
        ),
        (
            new_params_key,
            [
                "POST /media/prompt: the field 'Speed' inside 'pose_preset.Params' has no rule",
                "POST /media/upload: the field 'Speed' inside 'data.pose_preset.Params' has no rule",
            ],
        ),
        (
            new_field_of_an_object_that_is_passed_on,
            [
                f"POST /story/{{story_id}}/{step}: the field 'tempo' inside 'storyboard.music' goes to v2 as it is"
                for step in ("elements", "scenes", "videos")
            ],
        ),
        (
            lost_target,
            [
                f"POST /story/{{story_id}}/videos: the rule of {name!r} points to 'video_tool'"
                for name in ("motion_type", "video_tool")
            ],
        ),
        (
            lost_second_call,
            [
                *(f"{key}: the rule of 'rating' points to 'rating'" for key in IN_BOTH),
                "POST /media: the rule of 'rating' points to 'rating'",
                *(f"{key}: the rule of 'rating' points to 'rating'" for key in IN_PROMPT),
            ],
        ),
        (new_operation, ["DELETE /media/{media_id}: v1.yaml has it and"]),
        (lost_operation, ["POST /story/{story_id}/concat: compat/vimmerse/compat/rules has it and v1.yaml has not"]),
        (other_successor, ["POST /story: v1.yaml says x-replaced-by POST /v2/story/idea-2-video"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_changed_spec_is_reported(change: Callable[[Any, Any], None], reported: list[str]) -> None:
    v1, v2 = deepcopy(V1), deepcopy(V2)
    change(v1, v2)
    faults = [fault for fault in all_faults(v1, v2) if fault not in all_faults()]
    assert len(faults) == len(reported), faults
    for expected in reported:
        assert any(fault.startswith(expected) for fault in faults), (expected, faults)
    for fault in faults:
        assert "; " in fault, "says what to do"


def test_a_changed_type_of_a_target_is_reported() -> None:
    v2 = deepcopy(V2)
    body(v2, "/v2/story", "application/json")["scene_count"] = TEXT
    schemas(v2)["StoryAudioOption"]["properties"]["has_bg_music"] = TEXT
    schemas(v2)["MediaItem"]["properties"]["position"] = {"type": "integer"}
    del body(v2, "/v2/media/{media_id}", "application/json", "put")["rating"]
    covered = {key: OPERATIONS[key] for key in ("POST /story", "POST /media", "POST /story/{story_id}/scenes")}
    faults = [fault.partition(", or the type in v2.yaml")[0] for fault in rejected_translations(V1, v2, covered)]
    correct = "; correct the rule of {!r} in compat/vimmerse/compat/rules"
    number = 'what becomes of scene_count=3 is rejected by POST /v2/story at /scene_count: 3 is not of type "string"'
    assert f"POST /story: {number}{correct.format('scene_count')}" in faults
    always = [fault for fault in faults if "every call is rejected" in fault]
    place = 'POST /v2/story at /audio_option/has_bg_music: true is not of type "string"'
    assert always == [f"POST /story: every call is rejected by {place}; correct compat/vimmerse/compat/rules"]
    of_fields = [fault for fault in faults if fault not in always]
    assert not [fault for fault in of_fields if place.partition(":")[0] in fault], "said once, and not of each field"
    about = [fault.partition(": ")[0] + " " + fault.rpartition("rule of ")[2].split("'")[1] for fault in of_fields]
    assert "POST /story/{story_id}/scenes has_bg_music" in about
    assert "POST /media image_urls" in about
    assert "POST /media media_items" in about
    assert "POST /media rating" in about


def test_a_lower_maximum_of_a_target_is_reported() -> None:
    v2 = deepcopy(V2)
    body(v2, "/v2/media", "application/json")["duration"]["maximum"] = 5
    (fault,) = rejected_translations(V1, v2, {"POST /media": OPERATIONS["POST /media"]})
    assert fault.startswith("POST /media: what becomes of duration=10 is rejected by POST /v2/media at /duration: 10 ")


def test_a_lost_inner_target_is_reported_for_every_rule_that_points_there() -> None:
    v2 = deepcopy(V2)
    lost_inner_target(V1, v2)
    faults = [fault for fault in all_faults(v2=v2) if fault not in all_faults()]
    about = [fault for fault in faults if "the rule of 'has_narration' points to 'audio_option.has_narration'" in fault]
    assert len(about) == 5  # three one-call flows, step 1 and scenes
    assert [
        fault for fault in faults if fault not in about and "'has_narration' inside 'audio_option'" not in fault
    ] == []


def changed(key: str, **fields: Any) -> dict[str, Operation]:
    operation = OPERATIONS[key]
    arguments = {name: getattr(operation, name) for name in signature(Operation).parameters}
    return {**OPERATIONS, key: Operation(**{**arguments, **fields})}


def test_a_rule_without_a_field_is_reported() -> None:
    rules = (*OPERATIONS["POST /story"].rules, same("mood"))
    faults = [fault for fault in all_faults(covered=changed("POST /story", rules=rules)) if fault not in all_faults()]
    assert [fault.partition(";")[0] for fault in faults] == [
        "POST /story: the rule of 'mood' has no field in v1.yaml",
        "POST /story: the rule of 'mood' points to 'mood', which POST /v2/story does not have in v2.yaml",
    ]


def test_rules_inside_nothing_are_reported() -> None:
    inside = {"title.words": (dropped("mood", (), "v2 has no moods"),)}
    faults = [fault for fault in all_faults(covered=changed("POST /story", nested=inside)) if fault not in all_faults()]
    assert faults == [
        "POST /story: compat/vimmerse/compat/rules has rules inside 'title.words' and v1.yaml has no such object; "
        "remove them"
    ]


def test_a_wrong_list_of_v2_fields_is_reported() -> None:
    listed = {**V2_FIELDS, "POST /v2/story": V2_FIELDS["POST /v2/story"] - {"idea"} | {"mood"}}
    del listed["POST /v2/media"]
    faults = list(wrong_v2_fields(V2, listed))
    assert len(faults) == 3
    assert faults[0].startswith("POST /v2/media: v2.yaml has ['aspect_ratio', 'audio_option'")
    assert faults[1].startswith("POST /v2/story: v2.yaml has ['idea'] and ")
    assert faults[2].startswith("POST /v2/story: compat/vimmerse/compat/rules/targets.py has ['mood'] and ")


def test_wrong_values_are_reported() -> None:
    v1, v2 = deepcopy(V1), deepcopy(V2)
    schemas(v1)["MotionType"]["enum"].append("Sora3")
    schemas(v1)["MotionType"]["enum"].remove("Veo")
    schemas(v2)["VideoTool"]["enum"].remove("VeoFast")
    schemas(v2)["VideoTool"]["enum"] += ["Wan", "Parallax", "Kling3"]
    table = VIDEO_TOOLS._replace(unsupported={**VIDEO_TOOLS.unsupported, "Sora": "twice"})
    faults = [fault.partition(";")[0] for fault in wrong_values(v1, v2, table, *VIDEO[1:])]
    assert faults == [
        "motion types: 'Sora3' is in v1.yaml and in no table",
        "motion types: 'Veo' is in compat/vimmerse/compat/rules/values.py and in no enum of v1.yaml",
        "motion types: VideoTool in v2.yaml has 'Kling3', and no table does",
        "motion types: VideoTool in v2.yaml has 'Wan' now, and v1's 'Wan' still becomes 'Auto'",
        "motion types: VideoTool in v2.yaml has 'Parallax' now, and v1's 'Parallax' still becomes 'a call to v1'",
        "motion types: 'Sora' stands in two tables",
        "motion types: 'VeoFast' is a target, and VideoTool in v2.yaml does not have it",
    ]


def test_a_tool_that_v2_has_now_is_no_longer_replaced() -> None:
    v2 = deepcopy(V2)
    schemas(v2)["VideoTool"]["enum"].append("Wan")
    (fault,) = wrong_values(V1, v2, *VIDEO)
    assert fault.endswith("move it from `near` to `same` in compat/vimmerse/compat/rules/values.py")
    corrected = VIDEO_TOOLS._replace(
        near={name: to for name, to in VIDEO_TOOLS.near.items() if name != "Wan"}, same=VIDEO_TOOLS.same | {"Wan"}
    )
    none_left(wrong_values(V1, v2, corrected, *VIDEO[1:]))


def test_a_voice_that_v2_loses_is_reported_and_one_that_it_gains_is_not() -> None:
    v2 = deepcopy(V2)
    schemas(v2)["Narrator"]["enum"].remove("Bill")
    schemas(v2)["Narrator"]["enum"].append("Zoe")
    assert [fault.partition(",")[0] for fault in lost_values(V1, v2)] == ["Narrator: v1.yaml has 'Bill'"]


def test_a_status_that_a_wait_does_not_know_is_reported() -> None:
    v2 = deepcopy(V2)
    schemas(v2)["StoryStatus"]["enum"].append("expired")
    (fault,) = unknown_states("v2", v2, KNOWN)
    assert fault.startswith(
        "StoryStatus in v2.yaml has 'expired', and vimmerse.jobs.states does not; say there whether"
    )
    wrong = {**MEDIA_STATUS, "failed": "processing_bullet", "expired": "expired"}
    assert [each.partition(";")[0] for each in contradicting_words("media", wrong, OUTCOMES)] == [
        "media: 'failed' is failed and becomes 'processing_bullet', which is running"
    ]


def test_fields_are_resolved_through_every_wrapping() -> None:
    spec: Any = {"components": {"schemas": {"A": {"allOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]}}}}
    wrapped: Any = {"anyOf": [{"type": "null"}, {"items": {"$ref": "#/components/schemas/A"}}], "properties": {"c": {}}}
    assert sorted(fields(spec, {"oneOf": [{"contentSchema": wrapped}]})) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("schema", "field", "calls"),
    [
        ("CreateMediaRequest", "pipeline_mode", ["POST /media", "POST /media/prompt", "POST /media/upload"]),
        ("CreateVideosRequest", "duration", ["POST /story/{story_id}/videos"]),
        ("StoryAudioOption", "mood", ["POST /story/idea-2-video"]),  # within an object that the rules send
        ("UpdateMediaRequest", "title", ["PUT /media/{media_id}", "PUT /media/{media_id}/edit"]),
    ],
)
def test_a_field_that_v2_requires_and_a_v1_call_may_lack_is_reported(schema: str, field: str, calls: list[str]) -> None:
    v2 = deepcopy(V2)
    schemas(v2)[schema]["required"] = [field]
    faults = list(missing_fields(V1, v2, OPERATIONS))
    assert {fault.partition(": ")[0] for fault in faults} >= set(calls)
    assert all(f'"{field}" is a required property; send a value by a rule' in fault for fault in faults)


def test_a_field_that_v1_requires_too_is_not() -> None:
    v1, v2 = deepcopy(V1), deepcopy(V2)
    for spec, name in ((v1, "IdeaToVideoForm"), (v1, "IdeaToVideoJson"), (v2, "IdeaToVideoRequest")):
        schemas(spec)[name]["required"] = ["idea", "aspect_ratio"]
    none_left(missing_fields(v1, v2, OPERATIONS))
