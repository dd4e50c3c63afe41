"""The rules engine: what a table may contain, conversions, and how values are shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vimmerse.compat.core.fields import Fields
from vimmerse.compat.core.messages import UploadPart
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows import responses
from vimmerse.compat.flows.routing import OPERATIONS
from vimmerse.compat.flows.translate import translate_request
from vimmerse.compat.rules.conversions import as_is, boolean, from_text, integer, json_value
from vimmerse.compat.rules.engine import Operation, Rule, shorten, show, translate_body
from vimmerse.compat.rules.kinds import ValueTable, choice, dropped, renamed, same, unsupported
from vimmerse.compat.rules.targets import V2_FIELDS

FILE = UploadPart("image", "fox.png", "image/png", b"secret bytes")
POLICY = Policy()


def nothing(translation: Any, value: Any) -> None:
    """A rule that is only looked at."""


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ((same("idea"), same("idea")), "'idea' has two rules"),
        ((Rule("idea", "same", "idea", "", nothing),), "'idea' has no note"),
        ((Rule("idea", "renamed", "", "Renamed.", nothing),), "says renamed, but not to which v2 field"),
    ],
)
def test_an_invalid_table_is_rejected_on_creation(rules: tuple[Rule, ...], why: str) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        Operation(v1="POST /story", v2="POST /v2/story", rules=rules)
    assert "POST /story" in str(caught.value)


def test_an_operation_has_its_method_and_path() -> None:
    v1, v2 = "POST /story/{story_id}/videos", "POST /v2/story/{story_id}/videos"
    operation = Operation(v1=v1, v2=v2, rules=(same("title"),))
    assert (operation.method, operation.path) == ("POST", "/story/{story_id}/videos")
    assert operation.by_field.keys() == {"title"}


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("3", 3),
        (" 3 ", 3),
        ("3.0", 3),
        ("3.5", 3.5),
        ("-1", -1),
        ("three", "three"),
        ("nan", "nan"),
        ("Infinity", "Infinity"),
        ("9" * 5000, "9" * 5000),
        (3.0, 3),
        (3.5, 3.5),
        (3, 3),
        (True, True),
        (None, None),
        ([3], [3]),
    ],
)
def test_integer(value: Any, number: Any) -> None:
    converted = integer(value)
    assert converted == number
    assert type(converted) is type(number)


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        ("True", True),
        ("YES", True),
        (" on ", True),
        ("y", True),
        ("1", True),
        ("False", False),
        ("n", False),
        ("off", False),
        ("0", False),
        ("maybe", "maybe"),
        ("", ""),
        (1, True),
        (0, False),
        (2, 2),
        (True, True),
        (1.0, 1.0),
        (None, None),
    ],
)
def test_boolean(value: Any, truth: Any) -> None:
    converted = boolean(value)
    assert converted == truth
    assert type(converted) is type(truth)


@pytest.mark.parametrize(
    ("value", "expected"),
    [('{"a": 1}', {"a": 1}), ("[1]", [1]), ("7", 7), ("{a", "{a"), ("", ""), ([1], [1]), (None, None)],
)
def test_json_value(value: Any, expected: Any) -> None:
    assert json_value(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [('{"a": 1}', {"a": 1}), ("[1]", [1]), ("7", "7"), ("{a", "{a"), (7, 7)]
)
def test_from_text(value: Any, expected: Any) -> None:
    assert from_text(value) == expected


def test_as_is() -> None:
    assert as_is(FILE) is FILE


def test_values_are_shown_in_one_short_line() -> None:
    assert show("a\nb") == "'a\\nb'"
    assert show(FILE) == "<file 'fox.png'>"
    assert len(show("x" * 1000)) <= 60
    assert show("x" * 1000).endswith("...'")


@pytest.mark.parametrize(
    ("value", "short"),
    [(None, None), (True, True), (7, 7), (1.5, 1.5), ("x", "x"), ("x" * 300, "x" * 200 + "..."), ([1], "[1]")],
)
def test_values_are_kept_in_short(value: Any, short: Any) -> None:
    assert shorten(value) == short


def test_a_file_is_never_shown_with_its_bytes() -> None:
    assert shorten(FILE) == "<file 'fox.png'>"
    assert "secret" not in repr(FILE)


TABLE = ValueTable(
    name="tools",
    setting="video_tools",
    same=frozenset({"A"}),
    renames={"B": "A"},
    near={"C": "A"},
    unsupported={"D": "v2 has none"},
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("A", ("A", "same")),
        ("B", ("A", "renamed")),
        ("C", ("A", "approximated")),
        ("D", ("D", "unsupported")),
        ("E", ("E", "same")),
        ("F", ("A", "renamed")),
        ("G", ("G", "same")),
        ("a", ("A", "renamed")),
        ("b", ("A", "renamed")),
        ("c", ("A", "approximated")),
        ("d", ("D", "unsupported")),
        ("f", ("A", "renamed")),
        ("g", ("G", "renamed")),
    ],
)
def test_a_value_table(value: str, expected: tuple[str, str]) -> None:
    assert TABLE.look_up(value, Policy(video_tools={"F": "A", "G": "G"})) == expected


def translate(rule: Rule, *, fields: dict[str, Any]) -> Any:
    operation = Operation(v1="POST /story", v2="POST /v2/story", rules=(rule,))
    return translate_body(operation, Fields({name: [value] for name, value in fields.items()}, "json"), POLICY)


@pytest.mark.parametrize(
    ("rule", "value", "body"),
    [
        (same("x"), "", {}),
        (same("x", keep_empty=True), "", {"x": ""}),
        (same("x"), None, {}),
        (renamed("x", "y.z", note="Moved."), "", {}),
        (renamed("x", "y.z", note="Moved."), "1", {"y": {"z": "1"}}),
        (choice("x", "y", TABLE, note="A choice."), "", {}),
        (choice("x", "y", TABLE, note="A choice."), 7, {"y": 7}),
        (choice("x", "y", TABLE, note="A choice."), "A", {"y": "A"}),
        (dropped("x", (1,), "none"), 1, {}),
        (unsupported("x", lambda value: True, "none"), "", {}),
    ],
)
def test_kinds(rule: Rule, value: Any, body: dict[str, Any]) -> None:
    assert translate(rule, fields={"x": value}).body == body


def test_the_newer_name_wins() -> None:
    assert translate(renamed("x", "y", note="Renamed."), fields={"x": 1, "y": ""}).body == {"y": 1}
    assert "x" not in translate(renamed("x", "y", note="Renamed."), fields={"x": 1, "y": 2}).body


@pytest.mark.parametrize(
    ("value", "reported"), [(1, False), (True, True), ("1", True), ("", False), ([], False), ({}, False), (None, False)]
)
def test_a_default_is_no_loss_and_true_is_not_1(value: Any, reported: bool) -> None:
    assert bool(translate(dropped("x", (1,), "v2 has none"), fields={"x": value}).losses) is reported


def test_only_the_first_obstacle_is_reported() -> None:
    translation = translate(unsupported("x", lambda value: True, "first"), fields={"x": 1})
    translation.require_passthrough("second")
    assert translation.passthrough_reason == "x=1: first"


def test_what_fits_is_not_shortened() -> None:
    assert shorten("x" * 200) == "x" * 200
    assert shorten("x" * 201) == "x" * 200 + "..."


# Fields that v2 has and no rule mentions


@pytest.fixture
def moody(monkeypatch: pytest.MonkeyPatch) -> None:
    """v2 takes a ``mood``, and nobody has thought of v1 programs that send one."""
    for name in ("POST /v2/media", "PUT /v2/media/{media_id}"):
        monkeypatch.setitem(V2_FIELDS, name, V2_FIELDS[name] | {"mood"})


@pytest.mark.usefixtures("moody")
@pytest.mark.parametrize("mode", ["lenient", "strict"])
@pytest.mark.parametrize(("form", "sent"), [("calm", "calm"), ('{"calm": true}', {"calm": True})])
def test_a_field_that_v2_has_and_v1_had_not_is_sent_with_a_notice(mode: Any, form: str, sent: Any) -> None:
    request = translate_request("POST", "/media", data={"prompt": "A fox", "mood": form}, policy=Policy(mode=mode))
    assert isinstance(request.body, bytes)
    assert json.loads(request.body) == {"prompt": "A fox", "mood": sent}
    (notice,) = [each for each in request.notices if each.field]
    assert (notice.kind, notice.field) == ("deprecated", "mood")
    assert notice.text.endswith("v1 has no such field, and ignored it; v2 has it.")


@pytest.mark.usefixtures("moody")
def test_such_a_field_makes_a_free_edit_a_paid_one_and_the_notice_says_so() -> None:
    request = translate_request("PUT", "/media/m/edit", data={"title": "A fox", "mood": "calm"})
    assert isinstance(request.body, bytes)
    assert (request.paid, json.loads(request.body)) == (True, {"title": "A fox", "mood": "calm"})
    assert request.notices[-1].text.endswith("v2 has it. It starts a new, paid generation.")


@pytest.mark.usefixtures("moody")
def test_such_a_field_of_a_response_does_not() -> None:
    media = responses.media({"id": "m", "title": "A fox", "processing_status": "success", "mood": "calm"})
    request = translate_request("PUT", "/media/m/edit", json=media, policy=Policy(mode="strict"))
    assert isinstance(request.body, bytes)
    assert (request.paid, "mood" in json.loads(request.body)) == (False, False)
    assert [each for each in request.notices if each.field] == []


@pytest.mark.usefixtures("moody")
def test_such_a_field_of_a_response_creates_the_same_again() -> None:
    media = responses.media({"id": "m", "title": "A fox", "processing_status": "success", "mood": "calm"})
    request = translate_request("POST", "/media/prompt", json=media, policy=Policy(mode="strict"))
    assert isinstance(request.body, bytes)
    assert json.loads(request.body)["mood"] == "calm"
    assert [each for each in request.notices if each.field == "mood"] == []


def test_a_field_that_v2_has_already_needs_no_notice() -> None:
    """Programs between the versions send it to v1's calls, and mean it."""
    for path, method in (("/media", "POST"), ("/media/m/edit", "PUT")):
        request = translate_request(method, path, data={"pipeline_mode": "Quick"})
        assert request.paid
        assert [each for each in request.notices if each.field] == []


def test_a_call_that_has_no_body_in_v1_needs_no_notice_either() -> None:
    """v1 ignores it, and so does the flow, which sends the media's own settings."""
    request = translate_request("POST", "/media/m/process", json={"title": "A fox"})
    assert (request.method, [each for each in request.notices if each.field]) == ("GET", [])


def test_texts_of_an_upload_beside_its_data_are_sent() -> None:
    texts = {"title": "A fox", "description": "Red", "webhook_url": "https://me.example/hook"}
    request = translate_request("POST", "/media/upload", data=texts, policy=Policy(mode="strict"))
    assert isinstance(request.body, bytes)
    assert json.loads(request.body) == texts


@pytest.mark.usefixtures("moody")
def test_such_a_field_that_is_a_file_is_left_to_v1() -> None:
    translation = translate_body(OPERATIONS["POST /media"], Fields({"mood": [FILE]}, "multipart"), POLICY)
    assert translation.passthrough_reason.startswith("mood is a file, but must be text")
