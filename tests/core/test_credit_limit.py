"""Calls that might bypass ``max_credits``: odd spellings, and responses that leave the price open."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from vimmerse.compat.core.errors import CreditLimitError
from vimmerse.compat.core.messages import Pairs, V1Request, V2Request, V2Response
from vimmerse.compat.core.policy import Policy

from tests.cases.flow import is_api_call, start_flow
from tests.cases.rows import HOST, NEW_MEDIA, NEW_STORY

API = "https://api.vimmerse.net"
JSON: Pairs = (("Content-Type", "application/json"),)
FORM: Pairs = (("Content-Type", "application/x-www-form-urlencoded"),)


def policy(limit: float, base_url: str = API) -> Policy:
    return Policy(base_url=base_url, max_credits=limit)


def requests_for(
    line: str, body: bytes, limit: float, *responses: tuple[int, Any], headers: Pairs = JSON
) -> list[V2Request]:
    """Return the requests of a call, until the responses are used up."""
    method, _, path = line.partition(" ")
    flow = start_flow(V1Request(method, API + path, headers, body), policy(limit))
    sent = [next(flow)]
    for status, payload in responses:
        sent.append(flow.send(V2Response(status, JSON, json.dumps(payload).encode())))
    return sent


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("http://localhost:8080", "http://localhost.:8080/media"),
        ("http://localhost.:8080", "http://LOCALHOST:8080/media"),
        ("http://bücher.example", "http://xn--bcher-kva.example/media"),
        ("http://Bücher.example.", "http://xn--bcher-kva.example/media"),
        ("http://127.0.0.1/em", "http://127.0.0.1//em/media"),
        ("http://127.0.0.1/em", "http://127.0.0.1/x/%2e%2e/em/media"),
        ("http://127.0.0.1/em", "http://127.0.0.1/%65m/media"),
        ("http://127.0.0.1/em/a", "http://127.0.0.1/em//a/media"),
        ("http://127.0.0.1/em/a", "http://127.0.0.1/em%2Fa/media"),
    ],
)
def test_the_base_url_is_known_in_every_spelling(base_url: str, url: str) -> None:
    request = V1Request("POST", url, JSON, b'{"prompt": "x"}')
    with pytest.raises(CreditLimitError):
        next(start_flow(request, policy(1, base_url)))
    allowed = policy(100, base_url)
    assert next(start_flow(request, allowed)).url.startswith(f"{allowed.base_url}/")


def test_a_base_url_that_no_library_accepts_matches_no_call() -> None:
    assert not is_api_call("GET", "http://elsewhere.example/media/m", policy(1, "http://-ü-.example"))


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_update_without_a_media_id_is_an_unknown_call(method: str) -> None:
    with pytest.raises(CreditLimitError, match="no price is known for calls of this kind"):
        requests_for(f"{method} /v2/media", b'{"prompt": "x"}', 1000)


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "x-http-method", "X-Method-Override"])
@pytest.mark.parametrize(
    "line", ["GET /v2/story/idea-2-video", "DELETE /v2/media", "PUT /v2/media/m", "GET /media/m", "DELETE /story/s"]
)
def test_a_header_that_changes_the_method_can_not_be_priced(header: str, line: str) -> None:
    with pytest.raises(CreditLimitError, match=header):
        requests_for(line, b"{}", 1000, headers=(*JSON, (header, "POST")))
    method = line.partition(" ")[0].lower()
    assert len(requests_for(line, b"{}", 1000, headers=(*JSON, (header, method)))) == 1  # its method is explicit


@pytest.mark.parametrize(
    "body",
    [
        b'{"prompt": "x", "quantity": 4, "quantity": 1}',
        b'{"prompt": "x", "audio_option": {"native_audio": true, "native_audio": false}}',
        b'{"prompt": "x", "media_items": [{"type": "image", "type": "video"}]}',
    ],
)
def test_json_with_a_duplicate_name_can_not_be_priced_if_it_is_passed_through(body: bytes) -> None:
    with pytest.raises(CreditLimitError, match="a duplicate name"):
        requests_for("POST /v2/media", body, 1000)


VIDEOS = (
    "POST /story/s/videos",
    "POST /v2/story/s/videos",
)
STORY = NEW_STORY | {"storyboard": {"scenes": [{"image_url": "https://i.example/1.png"}] * 3}}


@pytest.mark.parametrize("line", VIDEOS)
def test_an_empty_list_of_scenes_does_not_make_videos_free(line: str) -> None:
    body = b'{"storyboard": {"scenes": []}}'
    with pytest.raises(CreditLimitError, match="300"):
        requests_for(line, body, 299, (200, STORY))
    with pytest.raises(CreditLimitError, match="scenes is not known"):
        requests_for(line, body, 299, (200, NEW_STORY | {"storyboard": {"scenes": []}}))


@pytest.mark.parametrize("line", ["POST /v2/story/images-2-video", "POST /story/images-2-video"])
def test_an_empty_list_of_images_does_not_make_a_story_free(line: str) -> None:
    with pytest.raises(CreditLimitError):
        requests_for(line, b'{"image_urls": []}', 1)


@pytest.mark.parametrize("tool", ["KlingAI", "TryOnVideo"])
def test_scenes_that_v1_merges_into_its_own_storyboard_are_priced_with_the_rest_of_it(tool: str) -> None:
    body = urlencode({"scenes": '[{"prompt": "x"}]', "motion_type": tool}).encode()
    payload = {"data": STORY}
    sent = requests_for("POST /story/s/videos", body, 300, (404, {}), (200, payload), headers=FORM)
    assert [(one.method, one.kind) for one in sent] == [("GET", "v2"), ("GET", "v1"), ("POST", "v1")]
    with pytest.raises(CreditLimitError, match="300"):
        requests_for("POST /story/s/videos", body, 299, (404, {}), (200, payload), headers=FORM)


@pytest.mark.parametrize("line", ["PUT /media/m", "PUT /v2/media/m", "POST /media/m/process"])
@pytest.mark.parametrize("missing", ["quantity", "motion_length"])
def test_a_media_without_the_needed_fields_can_not_be_priced(line: str, missing: str) -> None:
    preset = {"motion_type": "Auto", "prompt": "x", "quantity": 1, "motion_length": 5}
    body = b"" if line.startswith("POST") else b'{"prompt": "x"}'
    complete = NEW_MEDIA | {"pose_preset": preset}
    assert requests_for(line, body, 100, (200, complete))[-1].method == "PUT"
    del preset[missing]
    with pytest.raises(CreditLimitError, match="generation settings"):
        requests_for(line, body, 1000, (200, complete))


def test_fields_in_the_edit_itself_need_not_be_looked_up() -> None:
    media = NEW_MEDIA | {"pose_preset": {"motion_type": "Auto"}}
    body = b'{"prompt": "x", "quantity": 1, "duration": 5}'
    assert requests_for("PUT /v2/media/m", body, 100, (200, media))[-1].body == body


@pytest.mark.parametrize("where", ["pose_preset", "list", "data"])
@pytest.mark.parametrize("key", ["Quantity", "MotionLength"])
def test_a_duplicate_key_can_not_be_priced_if_v1_reads_it(where: str, key: str) -> None:
    preset: Any = {"MotionType": "TryOnVideo", "Params": f"Prompt=x|{key}=4|{key}=1"}
    fields: Any = {"pose_preset": [preset] if where == "list" else preset}
    line = "POST /media/upload" if where == "data" else "POST /media/prompt"
    body = json.dumps({"data": json.dumps(fields)} if where == "data" else fields).encode()
    with pytest.raises(CreditLimitError, match=f"{key} twice"):
        requests_for(line, body, 1000)
    assert requests_for(line, body.replace(f"|{key}=4".encode(), b""), 1000)[-1].kind == "v1"
    assert (
        requests_for(line, body.replace(b"TryOnVideo", b"Auto"), 1000)[-1].kind == "v2"
    )  # which is sent as it is priced


@pytest.mark.parametrize("name", ["quantity", "duration"])
@pytest.mark.parametrize("line", ["POST /media/prompt", "POST /media/upload"])
def test_a_price_factor_beside_a_preset_can_not_be_priced(line: str, name: str) -> None:
    fields: Any = {"pose_preset": {"MotionType": "TryOnVideo", "Params": "Prompt=x"}, name: 1}
    if line.endswith("upload"):
        fields = {"data": fields}
    with pytest.raises(CreditLimitError, match=f"{name} is set in addition to"):
        requests_for(line, json.dumps(fields).encode(), 1000)


def test_an_edit_that_is_free_on_v2_and_may_not_be_on_v1() -> None:
    body = urlencode({"title": "x", "prompt": ""}).encode()
    media = {"data": {"id": "m", "pose_preset": {"MotionType": "Auto", "Params": "Prompt=x|Quantity=4"}}}
    responses: Any = ((404, {}), (404, {}), (200, media))
    with pytest.raises(CreditLimitError, match="400"):
        requests_for("PUT /media/m/edit", body, 399, *responses, headers=FORM)
    sent = requests_for("PUT /media/m/edit", body, 400, *responses, headers=FORM)
    assert [(one.method, one.kind, one.paid) for one in sent] == [
        ("PUT", "v2", False),
        ("GET", "v2", False),
        ("GET", "v1", False),
        ("PUT", "v1", True),
    ]
    plain = requests_for("PUT /media/m/edit", b"title=x", 0, (404, {}), headers=FORM)
    assert [(one.method, one.kind, one.paid) for one in plain] == [("PUT", "v2", False), ("PUT", "v1", False)]


# One call of the caller's, many of ours


@pytest.mark.parametrize(
    "other", ["6F9619FF-8B86-D011-B42D-00CF4FC964FF", "6f9619ff8b86d011b42d00cf4fc964ff", "%7b{}%7d", "%20{}", "{}%20"]
)
@pytest.mark.parametrize("line", ["PUT /media/{}/edit", "POST /media/{}/process", "GET /media/{}/processing-status"])
def test_a_member_in_another_spelling_is_the_same_member(line: str, other: str) -> None:
    id = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
    method, _, path = line.partition(" ")
    url = API + path.format(f"{id}%2B{other.format(id)}")
    with pytest.raises(StopIteration) as end:
        next(start_flow(V1Request(method, url, JSON, b'{"prompt": "x"}'), Policy(base_url=API)))
    assert end.value.value.status == 400


@pytest.mark.parametrize("payload", [{"data": None}, {"data": []}, {"data": {"data": None}}, []])
def test_an_empty_v1_response_does_not_confirm_an_id(payload: Any) -> None:
    flow = start_flow(V1Request("POST", f"{API}/story/s/scenes", FORM, b"option=Auto"), Policy(base_url=API))
    assert next(flow).paid
    assert flow.send(V2Response(404, JSON, b"{}")).url == f"{API}/v2/story/s"
    assert flow.send(V2Response(404, JSON, b"{}")).url == f"{API}/story/s"
    with pytest.raises(StopIteration) as end:
        flow.send(V2Response(200, JSON, json.dumps(payload).encode()))
    assert end.value.value.status == 404


@pytest.mark.parametrize(("method", "path"), [("PUT", "/media/m/edit"), ("POST", "/media")])
def test_an_unreadable_body_of_what_may_cost_is_over_any_limit(method: str, path: str) -> None:
    request = V1Request(method, HOST + path, (("Content-Type", "text/plain"),), b"?")
    with pytest.raises(CreditLimitError, match="its body can't be read"):
        next(start_flow(request, Policy(max_credits=1e9)))
    assert next(start_flow(request, Policy())).kind == "v1"


def test_an_unreadable_body_of_what_is_free_is_not() -> None:
    request = V1Request("PUT", f"{HOST}/story/s", (("Content-Type", "text/plain"),), b"?")
    sent = next(start_flow(request, Policy(max_credits=0)))
    assert (sent.kind, sent.paid) == ("v1", False)
