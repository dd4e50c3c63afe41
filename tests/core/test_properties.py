"""Properties of every call, whatever is in it. The calls are drawn from ``openapi/v1.yaml``."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vimmerse.compat.core.errors import TranslationError
from vimmerse.compat.core.messages import V2Request
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows import responses
from vimmerse.compat.flows.routing import OPERATIONS, find_v1_call
from vimmerse.compat.rules.targets import V2_FIELDS

from tests.cases.rows import FORM, HOST, JSON, KEY, NEW_MEDIA, NEW_STORY, Played, json_response, page
from tests.core.play import run_flow
from tests.core.strategies import MULTIPART, Drawn, encoded, plain_json, request, valid_calls, wild_calls
from tests.specs.spec import find_operation, load, same_path, validator

FREE = {"title", "description", "visibility_status", "rating", "webhook_url"}
EDITS = ("PUT /media/{media_id}", "PUT /media/{media_id}/edit")
LENIENT = Policy(api_key="the-configured-key")
POLICIES = st.sampled_from(
    [
        LENIENT,
        Policy(mode="strict"),
        Policy(max_credits=100, api_key="the-configured-key"),
        Policy(video_tools={"Parallax": "Auto"}, image_tools={"Auto": "Seedream"}, supply_key="status"),
    ]
)

objects = st.dictionaries(
    st.sampled_from([*NEW_STORY, *NEW_MEDIA, "storyboard", "video_url", "rating", "detail", "message", "code", "x"]),
    plain_json | st.sampled_from(["success", "failed", "2026-02-06T02:05:40", True]),
    max_size=8,
)
server_answers = st.one_of(
    objects.map(json_response),
    st.builds(json_response, objects, st.sampled_from([400, 404, 405, 422, 500])),
    plain_json.map(json_response),
    st.sampled_from([page(520), page(200), Played(200, b""), Played(302, b"", "", (("Location", "//x.example/"),))]),
)


def kind_server(request: V2Request, number: int) -> Played:
    """A server that accepts everything."""
    if request.kind == "file":
        return Played(200, b"bytes", "video/mp4")
    if request.url.endswith("/v2/image"):
        return json_response({"id": "asset-1", "results": [f"https://cdn.example/{number}.png"]})
    if "/media" not in request.url:
        return json_response(NEW_STORY)
    return json_response(NEW_MEDIA | {"id": f"media-{number}", "result": ["https://v.example/1.mp4"]})


#: Whole calls take Hypothesis long to draw.
large = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@large
@given(st.one_of(wild_calls(), valid_calls()), POLICIES, st.lists(server_answers, min_size=1, max_size=4))
def test_only_translation_errors_are_raised_and_results_are_deterministic(
    call: Drawn, policy: Policy, played: list[Played]
) -> None:
    """With arbitrary calls and servers, a flow ends, and repeating it gives the same result."""

    def server(request: V2Request, number: int) -> Played:
        assert number < 40, "the flow does not end"
        return played[number % len(played)]

    first, second = run_flow(call.call, policy, server), run_flow(call.call, policy, server)
    assert first.error is None or isinstance(first.error, TranslationError), repr(first.error)
    assert str(first.error) == str(second.error)
    first.error = second.error = None
    assert first == second
    if first.status and not any(sent.kind != "v2" for sent in first.sent):
        assert isinstance(json.loads(first.body), dict)


@large
@given(wild_calls())
def test_a_lenient_call_is_never_rejected(call: Drawn) -> None:
    """Translated, or passed to v1; with a server that accepts everything, never a translation error."""
    record = run_flow(call.call, LENIENT, kind_server)
    assert record.error is None, repr(record.error)
    assert record.sent


@large
@given(st.one_of(wild_calls(), valid_calls()), POLICIES)
def test_the_key_is_in_its_header_alone(call: Drawn, policy: Policy) -> None:
    record = run_flow(call.call, policy, kind_server)
    for sent in record.sent:
        keys = [value for name, value in sent.headers if name.lower() == "x-api-key"]
        assert keys == ([] if sent.kind == "file" else [KEY])
        assert sent.kind == "file" or sent.url.startswith(HOST)
        rest = [sent.url, repr(sent.body), *(value for name, value in sent.headers if name.lower() != "x-api-key")]
        assert not any(KEY in text for text in rest)
    texts = [notice.text for notice in record.notices] + [repr(record.error), repr(call.call), repr(policy)]
    assert not any(KEY in text or "the-configured-key" in text for text in texts)


@large
@given(st.one_of(wild_calls(), valid_calls()), POLICIES)
def test_money(call: Drawn, policy: Policy) -> None:
    """One paid request per motion, after the free ones; a call rejected by strict mode or the limit sends none."""
    record = run_flow(call.call, policy, kind_server)
    paid = [sent for sent in record.sent if sent.paid]
    motions = dict(call.fields).get("pose_preset")
    data = dict(call.fields).get("data")
    if isinstance(data, str):
        try:
            data = json.loads(data)
        except ValueError:
            data = None
    if isinstance(data, dict):
        motions = data.get("pose_preset")
    if isinstance(motions, str):
        try:
            motions = json.loads(motions)
        except ValueError:
            motions = None
    count = len(motions) if isinstance(motions, list) else 1
    members = call.call.url.count("%2B") + 1
    assert len(paid) <= max(1, count, members)
    if record.error is not None:
        assert paid == []
    if OPERATIONS[call.operation].paid == "never":
        assert paid == []


@large
@given(st.one_of(wild_calls(EDITS), valid_calls(EDITS)))
def test_an_edit_that_is_not_paid_holds_only_free_fields(call: Drawn) -> None:
    for sent in run_flow(call.call, LENIENT, kind_server).sent:
        if not sent.paid and sent.kind == "v2" and sent.method == "PUT":
            assert json.loads(sent.body).keys() <= FREE


@large
@given(
    st.sampled_from(EDITS),
    st.dictionaries(st.sampled_from(sorted(FREE)), st.text(max_size=20) | st.none() | st.integers(), max_size=5),
)
def test_a_metadata_edit_is_free(operation: str, fields: dict[str, Any]) -> None:
    """Not one of its fields is lost, and nothing is added."""
    call = request(operation, "m-1", "application/json", json.dumps(fields).encode())
    record = run_flow(call, Policy(max_credits=0, mode="strict"), kind_server)
    assert record.error is None
    assert [(sent.method, sent.kind, sent.paid) for sent in record.sent] == [("PUT", "v2", False)]
    assert json.loads(record.sent[0].body) == {name: value for name, value in fields.items() if value is not None}


V2 = load("v2")
BODIES = {
    key: validator(V2, find_operation(V2, key).node["requestBody"]["content"]["application/json"]["schema"])
    for key in V2_FIELDS
}


def v2_key(method: str, url: str) -> str:
    """The template of a v2 request."""
    path = url.removeprefix(HOST)
    steps = path.split("/")
    for key in BODIES:
        verb, _, template = key.partition(" ")
        expected = same_path(template).split("/")
        if (
            verb == method
            and len(expected) == len(steps)
            and all(a in (b, "{}") for a, b in zip(expected, steps, strict=True))
        ):
            return key
    raise AssertionError(f"{method} {path} is no v2 call with a body")


@large
@given(valid_calls(tuple(key for key in OPERATIONS if not key.startswith(("GET", "DELETE")))))
def test_valid_calls_make_valid_bodies(call: Drawn) -> None:
    """What v1's spec allows becomes what v2's spec allows, with no field that v2 does not know."""
    record = run_flow(call.call, LENIENT, kind_server)
    assert record.error is None
    for sent in record.sent:
        if sent.kind != "v2" or sent.upload is not None or sent.method == "GET":
            continue
        key = v2_key(sent.method, sent.url)
        body = json.loads(sent.body)
        try:
            BODIES[key].validate(body)
        except jsonschema_rs.ValidationError as error:
            raise AssertionError(f"{call.operation} {call.fields} made an invalid {key} {body}: {error}") from None
        assert body.keys() <= V2_FIELDS[key]


# Answers

STORY_CHANGES = {"is_transition", "status", "storyboard", "video_url", "created_at", "updated_at"}
MEDIA_CHANGES = {
    "processing_status",
    "pose_preset",
    "submit_params",
    "result",
    "is_transition",
    "created_at",
    "updated_at",
}


@large
@given(objects)
def test_responses_keep_v2s_values(payload: dict[str, Any]) -> None:
    before = json.dumps(payload)
    for shown, changes in ((responses.story(payload), STORY_CHANGES), (responses.media(payload), MEDIA_CHANGES)):
        json.dumps(shown, allow_nan=False)
        for name, value in payload.items():
            assert name in shown
            if name == "progress_percentage":
                continue  # of a media that has ended it is 100, whatever v2 says
            if name not in changes:
                assert shown[name] == value
            elif isinstance(value, dict):
                assert value.keys() <= shown[name].keys()
            elif isinstance(value, list):
                assert len(shown[name]) == len(value)
    assert json.dumps(payload) == before, "the answer itself was changed"


@large
@given(st.lists(objects, min_size=1, max_size=4))
def test_several_responses_are_merged(parts: list[dict[str, Any]]) -> None:
    merged = responses.merge_media(parts, "a+b")
    assert merged["id"] == "a+b"
    assert 0 <= merged["progress_percentage"] <= 100
    assert len(merged["result"]) == sum(len(part["result"]) for part in parts if isinstance(part.get("result"), list))
    status = responses.merge_status(parts)
    assert status["processing_status"] == merged["processing_status"]
    assert status["progress_percentage"] == str(merged["progress_percentage"])
    json.dumps([merged, status])


@large
@given(
    st.integers(400, 599),
    st.one_of(plain_json.map(lambda value: json.dumps(value).encode()), st.binary(max_size=40)),
    st.sampled_from(["application/json", "text/html", ""]),
    st.dictionaries(st.text(max_size=9), st.text(min_size=1, max_size=9), max_size=3),
)
def test_every_error_has_v1s_shape(status: int, body: bytes, kind: str, origins: dict[str, str]) -> None:
    shown = responses.error(status, body, kind, origins)
    assert "message" in shown or isinstance(shown["detail"], list)
    json.dumps(shown)


# Addresses


@large
@given(
    st.sampled_from(["GET", "POST", "PUT", "put", "DELETE", "X"]),
    st.one_of(
        st.text(max_size=40),
        st.text(max_size=20).map(lambda tail: f"{HOST}/media/{tail}"),
        st.text(max_size=20).map(lambda tail: f"{HOST}/story{tail}"),
        st.text(max_size=12).map(lambda host: f"https://{host}/media/m-1"),
    ),
)
def test_any_url_is_either_the_apis_or_not(method: str, url: str) -> None:
    call = find_v1_call(method, url, LENIENT)
    if call is not None:
        # The id is one path segment, and stays one in v2's path.
        assert call.v2_path().count("/") == call.operation.v2.count("/")


@pytest.mark.parametrize(
    "url", ["https://[/media/m", "https://api.vimmerse.net:x/media/m", "https:///media/m", "/media/m"]
)
def test_invalid_urls_are_not_the_apis(url: str) -> None:
    assert find_v1_call("GET", url, LENIENT) is None


# The keys of responses, with arbitrary values

_KEYS = st.sampled_from(
    [
        *(
            "MotionType",
            "Params",
            "motion_type",
            "prompt",
            "quantity",
            "camera_path",
            "URL",
            "image_url",
            "scenes",
            "x",
        ),
        *("sound_effects", "native_audio", "pipeline_preset", "scale_factor", "video_description", "characters"),
    ]
)
junk = st.recursive(
    plain_json | st.sampled_from(["Yes", "Fast", "Auto", "Prompt=A fox|Loop=1", "[", "{}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=10,
)
_FIELDS = ["pose_preset", "submit_params", "storyboard", "scenes", "elements", "audio_option", "media_items", "data"]


@large
@given(
    st.sampled_from([key for key in OPERATIONS if key.startswith(("POST", "PUT"))]),
    st.dictionaries(st.sampled_from(_FIELDS), junk, min_size=1, max_size=4),
    st.sampled_from([FORM, JSON, MULTIPART]),
)
def test_a_response_in_place_of_a_request_is_translated_or_passed_to_v1(
    operation: str, fields: dict[str, Any], kind: str
) -> None:
    content_type, body = encoded(kind, fields)
    record = run_flow(request(operation, "s-1", content_type, body), LENIENT, kind_server)
    assert record.error is None, repr(record.error)
    assert record.sent
