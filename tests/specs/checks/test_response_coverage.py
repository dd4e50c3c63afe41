"""Each check of ``response_coverage.py`` and ``response_mappings.py`` reports a break, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from vimmerse.compat.rules.response_fields import (
    MEDIA_STATUS,
    OBJECTS,
    STORY_STATUS,
    ResponseField,
    ResponseObject,
)

from tests.specs.response_coverage import (
    uncovered_objects,
    uncovered_response_fields,
    wrong_words,
)
from tests.specs.response_mappings import rejected_responses
from tests.specs.spec import load

V1 = load("v1")
V2 = load("v2")
SPECS = {"v1": V1, "v2": V2}


def properties(spec: Any, name: str) -> Any:
    return spec["components"]["schemas"][name]["properties"]


TEXT = {"type": "string"}


def new_v2_field(v1: Any, v2: Any) -> None:
    properties(v2, "Story")["mood"] = TEXT


def renamed_v2_field(v1: Any, v2: Any) -> None:
    properties(v2, "Story")["videos"] = properties(v2, "Story").pop("all_medias")


def lost_inner_field(v1: Any, v2: Any) -> None:
    del properties(v2, "PosePreset")["motion_length"]


def new_v1_field(v1: Any, v2: Any) -> None:
    properties(v1, "Media")["codec"] = TEXT


def lost_v1_field(v1: Any, v2: Any) -> None:
    del properties(v1, "SubmitParams")["scale_factor"]


def new_params_key(v1: Any, v2: Any) -> None:
    properties(v1, "PosePreset")["Params"]["x-params"]["Speed"] = {}


def object_in_place_of_a_text(v1: Any, v2: Any) -> None:
    properties(v2, "Media")["duration_time"] = {"$ref": "#/components/schemas/Music"}


def other_object(v1: Any, v2: Any) -> None:
    properties(v2, "Storyboard")["music"] = {"$ref": "#/components/schemas/Element"}


def new_object(v1: Any, v2: Any) -> None:
    v2["components"]["schemas"]["Usage"] = {"type": "object", "properties": {"credits": TEXT}}
    properties(v2, "Story")["usage"] = {"$ref": "#/components/schemas/Usage"}


def lost_schema(v1: Any, v2: Any) -> None:
    v2["components"]["schemas"]["Tune"] = v2["components"]["schemas"].pop("Music")
    properties(v2, "Storyboard")["music"] = {"$ref": "#/components/schemas/Tune"}


MISSING = "does not say what it is in"


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        (new_v2_field, [f"Story in v2.yaml has 'mood', and the table 'story' {MISSING} v1"]),
        (
            renamed_v2_field,
            [
                f"Story in v2.yaml has 'videos', and the table 'story' {MISSING} v1",
                "story: the row of 'medias' points to 'all_medias', which Story does not have in v2.yaml; v1 programs",
                "story: the row of 'all_medias' points to 'all_medias', which Story does not have",
            ],
        ),
        (lost_inner_field, ["pose_preset: the row of 'Params.MotionLength' points to 'motion_length'"]),
        (
            new_v1_field,
            [
                f"{name} in v1.yaml has 'codec', and the table {table!r} {MISSING} v2"
                for name, table in (("Media", "media"), ("StoryMedia", "story_media"), ("MediaDetail", "media_detail"))
            ],
        ),
        (lost_v1_field, ["submit_params: SubmitParams in v1.yaml has no 'scale_factor'"]),
        (new_params_key, [f"PosePreset in v1.yaml has 'Params.Speed', and the table 'pose_preset' {MISSING} v2"]),
        (
            object_in_place_of_a_text,
            [
                f"{table}: 'duration_time' holds 'Music' in v2.yaml"
                for table in ("media", "story_media", "media_detail")
            ],
        ),
        (other_object, ["storyboard: the row of 'music' names the table 'music', of Music, and v2.yaml has Element"]),
        (
            new_object,
            [
                f"Story in v2.yaml has 'usage', and the table 'story' {MISSING} v1",
                "Usage in v2.yaml is part of a response and has no table",
            ],
        ),
        (
            lost_schema,
            [
                "music: v2.yaml has no schema 'Music'",
                *(f"music: the row of {name!r} points to" for name in ("description", "lyrics", "music_url")),
                "storyboard: the row of 'music' names the table 'music', of Music, and v2.yaml has Tune there",
                "Tune in v2.yaml is part of a response and has no table",
            ],
        ),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_changed_spec_is_reported(change: Callable[[Any, Any], None], reported: list[str]) -> None:
    v1, v2 = deepcopy(V1), deepcopy(V2)
    change(v1, v2)
    faults = [
        *uncovered_response_fields(v1, v2, OBJECTS),
        *uncovered_objects("v1", v1, OBJECTS),
        *uncovered_objects("v2", v2, OBJECTS),
    ]
    assert len(faults) == len(reported), faults
    for expected in reported:
        assert any(fault.startswith(expected) for fault in faults), (expected, faults)
    for fault in faults:
        assert "; " in fault, "says what to do"


def test_wrong_tables_are_reported() -> None:
    rows = (ResponseField("music", "music", "same", table="tune"), ResponseField("music", "music", "same"))
    table = ResponseObject("Storyboard", "Storyboard", rows)
    faults = [
        fault for fault in uncovered_response_fields(V1, V2, {**OBJECTS, "storyboard": table}) if "storyboard:" in fault
    ]
    assert [fault.partition(";")[0] for fault in faults] == [
        "storyboard: the v2 field 'music' has 2 rows that are not computed",
        "storyboard: the row of 'music' names the table 'tune', which "
        "compat/vimmerse/compat/rules/response_fields.py does not have",
        "storyboard: 'music' holds 'Music' in v2.yaml",
    ]


def test_a_changed_status_is_reported() -> None:
    v1, v2 = deepcopy(V1), deepcopy(V2)
    v2["components"]["schemas"]["MediaStatus"]["enum"].append("expired")
    v2["components"]["schemas"]["MediaStatus"]["enum"].remove("error")
    v1["components"]["schemas"]["MediaStatus"]["enum"].remove("cancel")
    faults = [fault.partition(";")[0] for fault in wrong_words(v1, v2, OBJECTS["media"], "MediaStatus", "MediaStatus")]
    file = "compat/vimmerse/compat/rules/response_fields.py"
    assert faults == [
        f"MediaStatus in v2.yaml has 'expired', and {file} does not say what it is in v1",
        f"{file} has the status 'error', and MediaStatus in v2.yaml does not",
        f"{file}: 'cancelled' becomes 'cancel', which MediaStatus in v1.yaml does not have",
        f"{file}: 'canceled' becomes 'cancel', which MediaStatus in v1.yaml does not have",
    ]


@pytest.mark.parametrize(
    ("table", "schema", "name"),
    [
        ("story", "Story", "used_credits"),
        ("story", "Story", "progress_percentage"),
        ("pose_preset", "PosePreset", "loop"),
    ],
)
def test_a_changed_type_is_reported(table: str, schema: str, name: str) -> None:
    v2 = deepcopy(V2)
    properties(v2, schema)[name] = {"anyOf": [{"type": "boolean"}, {"type": "null"}]}
    faults = list(rejected_responses(V1, v2, {table: OBJECTS[table]}))
    if table == "pose_preset":  # a key of a text, which may be anything
        assert faults == []
    else:
        assert faults[0].startswith(f"{table}: {name}=True of v2 is shown as {name}=True, which Story in v1.yaml does")


def test_a_final_status_needs_a_word_of_v1() -> None:
    v2 = deepcopy(V2)
    v2["components"]["schemas"]["StoryStatus"]["enum"].append("expired")
    table = ResponseObject(
        "Story",
        "Story",
        (ResponseField("status", "status", "converted", words={**STORY_STATUS, "expired": "expired"}),),
    )
    (fault,) = wrong_words(V1, v2, table, "StoryStatus", "StoryStatus")
    assert "'expired' becomes 'expired', which StoryStatus in v1.yaml does not have; choose another" in fault


def test_the_tables_of_statuses_are_those_of_their_rows() -> None:
    words = {key: row.words for key in ("story", "media", "status") for row in OBJECTS[key].fields if row.words}
    assert words == {"story": STORY_STATUS, "media": MEDIA_STATUS, "status": MEDIA_STATUS}
