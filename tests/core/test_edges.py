"""Edges that no row of the table stands on: each of these was a change that no other test noticed."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote_plus

import pytest
from vimmerse.compat.core.errors import CreditLimitError
from vimmerse.compat.core.forms import CHUNK, Limits, UnreadableBody, read
from vimmerse.compat.core.messages import V1Request, V1Response, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.responses import motion_of
from vimmerse.compat.flows.translate import translate_request, translate_response
from vimmerse.compat.rules.engine import shorten
from vimmerse.emulator import prices
from vimmerse.pricing import RATES

from tests.cases.flow import start_flow

V1 = "https://api.vimmerse.net"
FORM = ("Content-Type", "application/x-www-form-urlencoded")
JSON = (("Content-Type", "application/json"),)


def test_the_rates_are_the_pages_and_the_emulators() -> None:
    standard = dict.fromkeys(("Auto", "KlingAI", "Seedance", "Pixverse", "VeoFast", "Vidu"), 10)
    assert standard | dict.fromkeys(("AutoT1", "PVideo", "VeoLite"), 5) == RATES
    assert {tool: prices.rate(tool) for tool in RATES} == RATES


@pytest.mark.parametrize(("method", "path"), [("PUT", "/media/m/edit"), ("POST", "/media")])
def test_an_unreadable_body_of_what_may_cost_is_over_any_limit(method: str, path: str) -> None:
    request = V1Request(method, V1 + path, (("Content-Type", "text/plain"),), b"?")
    with pytest.raises(CreditLimitError, match="its body can't be read"):
        next(start_flow(request, Policy(max_credits=1e9)))
    assert next(start_flow(request, Policy())).kind == "v1"


def test_an_unreadable_body_of_what_is_free_is_not() -> None:
    request = V1Request("PUT", f"{V1}/story/s", (("Content-Type", "text/plain"),), b"?")
    sent = next(start_flow(request, Policy(max_credits=0)))
    assert (sent.kind, sent.paid) == ("v1", False)


def test_an_error_that_is_a_page_names_its_type() -> None:
    talk = start_flow(V1Request("GET", f"{V1}/story/s"), Policy())
    next(talk)
    with pytest.raises(StopIteration) as end:
        talk.send(V2Response(500, (("Server", "x"), ("Content-Type", "text/html")), b"<p>Oh</p>"))
    answer: V1Response = end.value.value
    assert json.loads(answer.body)["detail"] == "The server answered 500 with text/html, not JSON: Oh"


def test_a_range_that_is_none_is_handed_on() -> None:
    talk = start_flow(V1Request("GET", f"{V1}/media/m/download", (("Range", "bytes=9-"),)), Policy())
    next(talk)
    found = {"id": "m", "processing_status": "success", "result": ["https://files.example/a.mp4"]}
    talk.send(V2Response(200, (), json.dumps(found).encode()))
    with pytest.raises(StopIteration) as end:
        talk.send(V2Response(416, (("Content-Range", "bytes */5"),)))
    assert (end.value.value.status, end.value.value.headers) == (416, (("Content-Range", "bytes */5"),))


def test_a_request_costs_nothing_unless_it_says_so() -> None:
    assert not V2Request("GET", V1).paid


@pytest.mark.parametrize(("given", "named"), [(["a"], "a"), (["a", "b"], "['a', 'b']")])
def test_one_url_is_named_as_it_was_given(given: list[str], named: str) -> None:
    request = translate_request("POST", "/media", data={"image_urls": given})
    assert [one.value for one in request.notices if one.field == "image_urls"] == [named]


@pytest.mark.parametrize("given", ["", "1", "2", "-1"])
def test_only_a_private_story_is_v1s(given: str) -> None:
    request = translate_request("POST", "/story/idea-2-video", data={"idea": "x", "visibility_status": given})
    assert request.kind == "v2"


@pytest.mark.parametrize("given", [5, "", None, ["Auto"]])
def test_a_motion_without_a_name_is_auto(given: Any) -> None:
    assert motion_of({"pose_preset": {"motion_type": given}}) == "Auto"


def test_what_fits_is_not_shortened() -> None:
    assert shorten("x" * 200) == "x" * 200
    assert shorten("x" * 201) == "x" * 200 + "..."


@pytest.mark.parametrize("before", range(CHUNK - 8, CHUNK + 2))
def test_a_long_text_is_unquoted_as_a_whole(before: int) -> None:
    text = "x" * before + "%C3%BC+%e2%82%ac%zz%" + "y" * 10
    assert read((FORM,), f"a={text}".encode())["a"] == unquote_plus(text)


def test_a_field_may_be_as_long_as_the_limit() -> None:
    boundary = (("Content-Type", "multipart/form-data; boundary=b"),)
    body = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n12345\r\n--b--\r\n'
    assert read(boundary, body, Limits(field_size=5))["a"] == "12345"
    with pytest.raises(UnreadableBody):
        read(boundary, body, Limits(field_size=4))


def test_a_key_of_six_letters_is_not_told() -> None:
    request = translate_request("POST", "/story", data={"seed": "secret"}, headers={"X-Api-Key": "secret"})
    assert not any("secret" in one.text for one in request.notices)


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
def test_what_is_left_empty_is_not_sent_and_nothing_is_lost(given: dict[str, Any], sent: list[Any]) -> None:
    talk = start_flow(V1Request("POST", f"{V1}/media/prompt", JSON, json.dumps(given).encode()), Policy(mode="strict"))
    asked = next(talk)
    found = []
    for number in range(len(sent)):
        assert isinstance(asked.body, bytes)
        found.append(json.loads(asked.body))
        if number + 1 < len(sent):
            asked = talk.send(V2Response(200, JSON, b'{"id": "m"}'))
    assert found == sent


def test_audio_that_is_no_object_is_for_v2_to_refuse() -> None:
    """Not replaced by what another field says of it."""
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


def test_an_answer_without_the_flag_has_no_transition_when_partial() -> None:
    answer = translate_response("GET", "/media/m?fields=title", 200, {"title": "x"})
    assert json.loads(answer.body)["data"] == {"title": "x", "data": {"title": "x"}}
