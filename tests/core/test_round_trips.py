"""Round trips: a response that is sent back unchanged keeps its meaning.

Responses are generated as v2 returns them, and taken from the vendor's examples. Each part of the v1
answer goes back into the field where v1 takes it, in strict mode, which refuses whatever would be lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vimmerse.compat.core.messages import V2Request
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows import responses
from vimmerse.compat.flows.routing import OPERATIONS
from vimmerse.compat.rules.values import VIDEO_TOOLS

from tests.cases.check import Record
from tests.cases.rows import FORM, JSON, NEW_MEDIA, NEW_STORY, Played, json_response
from tests.core.play import run_flow
from tests.core.strategies import MULTIPART, Upload, encoded, request
from tests.specs.spec import HOME

STRICT = Policy(mode="strict")
EXAMPLES = [
    example
    for example in json.loads((HOME / "tests/data/documented_examples.json").read_text(encoding="utf-8"))
    if example["version"] == "v2" and example["kind"] == "response" and example["value"]
]
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
# A prompt may look like v1's Params.
prompts = texts | st.lists(
    st.sampled_from(
        ["a fox", "|", "Prompt=", "Loop=3", "Zoom=2", "OriginalPrompt=", "Seed=1", "=", "|Prompt=x|Loop=9"]
    ),
    max_size=6,
).map("".join)
urls = st.sampled_from(["", None, "https://i.example/1.png", "https://i.example/2.png"])
tools = st.sampled_from(sorted(VIDEO_TOOLS.same)) | texts.filter(VIDEO_TOOLS.is_v2)
elements = st.fixed_dictionaries({"name": texts, "description": texts}, optional={"image_url": urls, "mood": texts})
scenes = st.fixed_dictionaries(
    {"name": texts},
    optional={
        "image_url": urls,
        "narration_url": urls,
        **dict.fromkeys(("video_description", "image_description", "narrator"), texts),
    },
)
boards = st.fixed_dictionaries(
    {"scenes": st.lists(scenes, max_size=3)},
    optional={
        **dict.fromkeys(("characters", "environments", "objects"), st.lists(elements, max_size=3) | st.none()),
        "music": st.fixed_dictionaries({"description": texts, "lyrics": texts}),
    },
)
stories = st.fixed_dictionaries(
    {
        "title": texts,
        "idea": texts,
        "is_transition": st.booleans(),
        "status": st.sampled_from(["new", "processing", "success", "failed", "cancelled"]),
        "aspect_ratio": st.sampled_from(["16:9", "1:1"]),
    },
    optional={"storyboard": boards | st.none(), "video_url": texts | st.none()},
).map(lambda changes: NEW_STORY | changes)
presets = st.fixed_dictionaries(
    {"motion_type": tools, "prompt": prompts | st.none()},
    optional={
        "quantity": st.integers(1, 4) | st.none(),
        "motion_length": st.integers(1, 10),
        "loop": st.integers(1, 6),
        "aspect_ratio": st.sampled_from(["16:9", "9:16", "", None]),
        "mood": texts,
    },
)
submitted = st.fixed_dictionaries(
    {"native_audio": st.booleans()}, optional={"file_size": texts, "scale_factor": texts, "mood": texts}
)
items = st.lists(
    st.fixed_dictionaries({"type": st.just("image"), "url": texts, "position": st.sampled_from(["First", "Last"])}),
    max_size=2,
)
medias = st.fixed_dictionaries(
    {"title": texts, "description": texts, "pose_preset": presets, "submit_params": submitted},
    optional={
        "media_items": items | st.none(),
        "visibility_status": st.sampled_from(["0", "1", "2"]),
        "rating": texts,
        "result": st.lists(texts, max_size=2),
        "webhook_url": st.sampled_from(["", "https://me.example/hook"]),
    },
).map(lambda changes: NEW_MEDIA | changes)
forms = st.sampled_from([FORM, JSON])
soon = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def kind_server(request: V2Request, number: int) -> Played:
    """A server that accepts everything."""
    if request.url.endswith("/v2/image"):
        return json_response({"id": "asset-1", "results": [f"https://cdn.example/{number}.png"]})
    return json_response(NEW_MEDIA | {"id": f"m-{number}"} if "/media" in request.url else NEW_STORY)


def send(operation: str, fields: dict[str, Any], kind: str = JSON, policy: Policy = STRICT) -> Record:
    """Make this call and require that no field is lost."""
    content_type, body = encoded(kind, fields)
    record = run_flow(request(operation, "s-1", content_type, body), policy, kind_server)
    assert record.error is None, f"{operation} {fields}: {record.error!r}"
    assert [notice for notice in record.notices if notice.kind != "deprecated"] == []
    assert not any("neither v1 nor v2" in notice.text for notice in record.notices)
    return record


def bodies(record: Record, path: str = "") -> list[dict[str, Any]]:
    """The JSON bodies that went to v2, of the requests to ``path``."""
    return [json.loads(sent.body) for sent in record.sent if sent.upload is None and sent.url.endswith(path)]


def lenient(operation: str, fields: dict[str, Any]) -> Record:
    content_type, body = encoded(JSON, fields)
    return run_flow(request(operation, "", content_type, body), Policy(), kind_server)


def about_fields(record: Record, *but: str) -> list[str]:
    return [notice.text for notice in record.notices if notice.field not in ("", *but)]


# Storyboards


def modern(board: Any) -> Any:
    """A v2 storyboard with what v1 clients read: every element and scene has a picture, if an empty one."""
    if not isinstance(board, dict):
        return board
    return {
        key: [{**each, "image_url": each.get("image_url") or ""} for each in value]
        if key in ("characters", "environments", "objects", "scenes") and isinstance(value, list)
        else value
        for key, value in board.items()
    }


@soon
@given(boards, st.sampled_from(["elements", "scenes", "videos"]), forms)
def test_a_storyboard(board: dict[str, Any], step: str, kind: str) -> None:
    shown = responses.story(NEW_STORY | {"storyboard": board})["storyboard"]
    text = kind == FORM
    record = send(f"POST /story/{{story_id}}/{step}", {"storyboard": json.dumps(shown) if text else shown}, kind)
    (body,) = bodies(record)
    assert body["storyboard"] == modern(board)
    assert text or about_fields(record) == []
    # And it stays so, however often it goes to and fro.
    assert responses.story({"storyboard": body["storyboard"]})["storyboard"] == shown


@soon
@given(boards, st.sampled_from(["POST /story", "POST /story/idea-2-video"]))
def test_elements(board: dict[str, Any], operation: str) -> None:
    shown = responses.story(NEW_STORY | {"storyboard": board})["storyboard"]
    lists = {name: value for name, value in shown.items() if name in ("characters", "environments", "objects")}
    (body,) = bodies(send(operation, {"idea": "A fox", "elements": json.dumps(lists)}, FORM))
    assert body["elements"] == {name: value for name, value in modern(board).items() if name in lists}


@pytest.mark.parametrize("key", ["characters", "environments", "objects"])
@pytest.mark.parametrize("new", ["https://i.example/new.png", ""])
def test_a_picture_that_the_caller_changes_in_a_response_is_used(key: str, new: str) -> None:
    shown = responses.story({"storyboard": {key: [{"name": "R", "image_url": "https://i.example/old.png"}]}})
    shown["storyboard"][key][0]["URL"] = new
    (body,) = bodies(send("POST /story/{story_id}/elements", {"storyboard": shown["storyboard"]}))
    assert body["storyboard"] == {key: [{"name": "R", "image_url": new}]}


# Pose presets and submit_params


NAMES = {"motion_type": "video_tool", "motion_length": "duration"}
NAMES |= {name: name for name in ("prompt", "quantity", "loop", "aspect_ratio")}


def motion(preset: dict[str, Any]) -> dict[str, Any]:
    """A v2 preset as the fields of v2's own calls."""
    return {to: preset[name] for name, to in NAMES.items() if preset.get(name) not in (None, "")}


def in_data(fields: dict[str, Any]) -> dict[str, Any]:
    return {"data": json.dumps(fields), "image": Upload("a.png", b"a")}


def prompt_or_upload(fields: dict[str, Any], operation: str) -> Record:
    if operation == "POST /media/prompt":
        return send(operation, fields)
    return send(operation, in_data(fields), MULTIPART)


CREATES = st.sampled_from(["POST /media/prompt", "POST /media/upload"])


@soon
@given(medias, CREATES, st.booleans())
def test_a_media(media: dict[str, Any], operation: str, listed: bool) -> None:
    shown = responses.media(media, listed=listed)
    sent = {name: shown[name] for name in ("pose_preset", "submit_params")}
    record = prompt_or_upload(sent, operation)
    (body,) = bodies(record, "/v2/media")
    body.pop("media_items", None)  # of the upload
    assert body == motion(media["pose_preset"]) | {
        "audio_option": {"native_audio": media["submit_params"]["native_audio"]}
    }
    assert about_fields(record, "image") == []


@soon
@given(st.lists(medias, min_size=2, max_size=3), CREATES)
def test_several_motions(parts: list[dict[str, Any]], operation: str) -> None:
    shown = responses.merge_media(parts, "a+b")
    record = prompt_or_upload({"pose_preset": shown["pose_preset"]}, operation)
    created = bodies(record, "/v2/media")
    for body in created:
        body.pop("media_items", None)
    assert created == [motion(part["pose_preset"]) for part in parts]
    assert about_fields(record, "image") == []


def remembering(request: V2Request, number: int) -> Played:
    """A server that returns the preset and parameters of a media, as v2 does."""
    assert isinstance(request.body, bytes)
    body = json.loads(request.body)
    defaults = {"motion_type": "Auto", "prompt": "", "quantity": 1, "motion_length": 5, "loop": 1, "aspect_ratio": ""}
    preset = {name: body.get(to, defaults[name]) for name, to in NAMES.items()}
    native = body.get("audio_option", {}).get("native_audio", False)
    params = {"native_audio": native, "file_size": "", "scale_factor": "1"}
    return json_response(NEW_MEDIA | {"id": f"m-{number}", "pose_preset": preset, "submit_params": params})


@soon
@given(
    st.lists(presets.filter(lambda preset: preset["motion_type"]), min_size=1, max_size=3),
    st.booleans(),
    st.sampled_from(["Yes", "No"]),
)
def test_a_call_repeated_from_its_response_is_the_same_call(
    given: list[dict[str, Any]], listed: bool, sound: str
) -> None:
    """From v1's own words to v2's, back, and once more."""
    old = [
        {
            "MotionType": preset["motion_type"],
            "Params": f"Quantity={preset.get('quantity') or 1}|MotionLength={preset.get('motion_length', 5)}|Loop=1",
        }
        for preset in given
    ]
    first = {"pose_preset": old if listed or len(old) > 1 else old[0], "submit_params": {"sound_effects": sound}}
    content_type, body = encoded(JSON, first)
    once = run_flow(request("POST /media/prompt", "", content_type, body), STRICT, remembering)
    data = json.loads(once.body)["data"]
    assert isinstance(data["pose_preset"], list) == isinstance(first["pose_preset"], list)
    second = {name: data[name] for name in first}
    content_type, body = encoded(JSON, second)
    repeated = run_flow(request("POST /media/prompt", "", content_type, body), STRICT, remembering)
    assert bodies(repeated) == bodies(once)
    assert about_fields(repeated) == []


def test_what_the_caller_changes_in_a_preset_counts() -> None:
    shown = responses.media(NEW_MEDIA)["pose_preset"]
    changed = {**shown, "Params": shown["Params"].replace("A fox", "A dog")}
    (body,) = bodies(send("POST /media/prompt", {"pose_preset": changed}))
    assert body == {"video_tool": "Auto", "prompt": "A dog", "quantity": 1, "duration": 5, "loop": 1}
    (body,) = bodies(send("POST /media/prompt", {"pose_preset": {**shown, "MotionType": "KlingAI"}}))
    assert body == {"video_tool": "KlingAI", "prompt": "A fox", "quantity": 1, "duration": 5, "loop": 1}
    (body,) = bodies(
        send("POST /media/prompt", {"pose_preset": {"MotionType": "Vidu", "prompt": "A dog", "Params": ""}})
    )
    assert body == {"video_tool": "Vidu", "prompt": "A dog"}


def test_a_tool_that_v2_only_returns_is_looked_up_in_the_table() -> None:
    shown = responses.media(NEW_MEDIA | {"pose_preset": {"motion_type": "RunwayML", "prompt": "A fox"}})["pose_preset"]
    record = lenient("POST /media/prompt", {"pose_preset": shown})
    assert bodies(record) == [{"video_tool": "Auto", "prompt": "A fox"}]
    assert [(notice.kind, notice.field) for notice in record.notices if notice.field] == [
        ("lossy", "pose_preset.MotionType")
    ]


@pytest.mark.parametrize(
    ("changed", "body"),
    [
        ({"pipeline_preset": "Normal"}, {"audio_option": {"native_audio": False}, "pipeline_mode": "Advanced"}),
        ({"sound_effects": "Yes", "native_audio": True}, {"audio_option": {"native_audio": True}}),
        ({"native_audio": None}, {"audio_option": {"native_audio": False}}),
    ],
)
def test_what_the_caller_changes_in_submit_params_counts(changed: dict[str, Any], body: dict[str, Any]) -> None:
    shown = responses.media(NEW_MEDIA)["submit_params"]
    assert bodies(send("POST /media/prompt", {"submit_params": {**shown, **changed}})) == [body]


def test_audio_keys_of_submit_params_that_differ_are_not_settled_in_silence() -> None:
    shown = responses.media(NEW_MEDIA)["submit_params"]
    record = lenient("POST /media/prompt", {"submit_params": {**shown, "sound_effects": "Yes"}})
    assert bodies(record) == [{"audio_option": {"native_audio": False}}]
    assert [(notice.kind, notice.field) for notice in record.notices if notice.field] == [
        ("lossy", "submit_params.sound_effects")
    ]


# Entire responses: every field of every call for which a response has a value

# v2 shows whose media it is, and takes that from the key: sent, it is dropped by the contract's own table.
NOT_TAKEN = {"primary_user_id"}
STORY_CALLS = [key for key in OPERATIONS if key.startswith("POST /story")]
MEDIA_CALLS = ["POST /media", "POST /media/prompt", "PUT /media/{media_id}", "PUT /media/{media_id}/edit"]


def taken(operation: str, shown: dict[str, Any]) -> dict[str, Any]:
    return {
        rule.field: shown[rule.field]
        for rule in OPERATIONS[operation].rules
        if rule.field in shown and rule.field not in NOT_TAKEN
    }


@soon
@given(stories, st.sampled_from(STORY_CALLS))
def test_a_story_in_every_call(story: dict[str, Any], operation: str) -> None:
    shown = responses.story(story)
    fields = taken(operation, shown)
    (body,) = bodies(send(operation, fields))
    for name in ("title", "idea", "aspect_ratio"):
        if name in fields:
            assert body.get(name, "") == story[name]
    if "is_transition" in fields:
        assert body.get("is_transition", False) is story["is_transition"]


@soon
@given(medias, st.sampled_from(MEDIA_CALLS))
def test_a_media_in_every_call(media: dict[str, Any], operation: str) -> None:
    record = send(operation, taken(operation, responses.media(media)))
    body = bodies(record)[0]
    for name in ("title", "description", "webhook_url"):
        assert body.get(name, "") == media[name]
    if "media_items" in taken(operation, media) and media["media_items"] is not None:
        assert body["media_items"] == media["media_items"]


def of(example: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The calls that reuse part of a documented response, and that part."""
    story = "/story" in example["operation"]
    shown = responses.story(example["value"]) if story else responses.media(example["value"])
    for operation in STORY_CALLS if story else MEDIA_CALLS:
        yield operation, taken(operation, shown)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example['operation']} {example['title']}")
@pytest.mark.parametrize("kind", [FORM, JSON])
def test_documented_responses(example: dict[str, Any], kind: str) -> None:
    for operation, fields in of(example):
        given = {name: value for name, value in fields.items() if value is not None}
        if kind == FORM:
            given = {
                name: json.dumps(value) if isinstance(value, dict | list) and name != "image_urls" else value
                for name, value in given.items()
            }
            if operation == "POST /media/prompt":
                continue  # takes JSON alone
        record = send(operation, given, kind)
        if "storyboard" in given:
            assert bodies(record)[0]["storyboard"].keys() == example["value"]["storyboard"].keys()
