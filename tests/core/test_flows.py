"""Calls that take several requests: scenes merged into a story, lookups, uploads, composites."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from vimmerse.compat.core.errors import CreditLimitError, StrictModeError
from vimmerse.compat.core.messages import Multipart, Notice, Pairs, V1Request, V1Response, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.field_selection import V2_MEDIA
from vimmerse.compat.flows.translate import translate_request, translate_response
from vimmerse.compat.rules.storyboard import merge_scenes

from tests.cases.flow import start_flow
from tests.cases.rows import HOST, NEW_MEDIA, NEW_STORY, image, multipart

JSON: Pairs = (("Content-Type", "application/json"),)
Server = Callable[[V2Request], tuple[int, Any]]


class Played:
    """A flow that was run: its requests, notices and response."""

    def __init__(self, line: str, body: Any, server: Server, *, headers: Pairs = (), **policy: Any) -> None:
        method, _, path = line.partition(" ")
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        kind = JSON if not any(name == "Content-Type" for name, _ in headers) and content else ()
        self.sent: list[V2Request] = []
        self.notices: list[Notice] = []
        flow = start_flow(V1Request(method, HOST + path, (*headers, *kind), content), Policy(**policy))
        try:
            request = next(flow)
            while True:
                self.sent.append(request)
                self.notices += request.notices
                status, payload = server(request)
                content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
                request = flow.send(V2Response(status, JSON, content, object() if request.stream else None))
        except StopIteration as end:
            self.response: V1Response = end.value
            self.notices += self.response.notices

    @property
    def lines(self) -> list[str]:
        return [f"{one.method} {one.url.removeprefix(HOST)}" for one in self.sent]

    @property
    def data(self) -> Any:
        return json.loads(self.response.body)["data"]

    def body(self, number: int = -1) -> Any:
        content = self.sent[number].body
        assert isinstance(content, bytes)
        return json.loads(content)

    def of_kind(self, kind: str) -> list[Notice]:
        return [one for one in self.notices if one.kind == kind]


def serving(table: dict[str, tuple[int, Any]]) -> Server:
    """A server that responds by method and path."""

    def respond(request: V2Request) -> tuple[int, Any]:
        return table[f"{request.method} {request.url.removeprefix(HOST)}"]

    return respond


BOARD = {
    "characters": [{"name": "Reynard", "image_url": "https://i.example/r.png"}],
    "scenes": [
        {"name": "Dawn", "narrator": "mist", "image_url": "https://i.example/1.png", "video_description": "slow"},
        {"name": "Noon", "narrator": "sun", "image_url": "https://i.example/2.png", "video_description": "fast"},
    ],
}
STORY = NEW_STORY | {"id": "s", "storyboard": BOARD}
VIDEOS = {"GET /v2/story/s": (200, STORY), "POST /v2/story/s/videos": (200, STORY)}


# Scenes


def test_scenes_complete_the_storys_own_storyboard() -> None:
    given = {"scenes": json.dumps([{"prompt": "a pan"}, {}, {"name": "Dusk"}])}
    call = Played("POST /story/s/videos", given, serving(VIDEOS), mode="strict")
    assert call.lines == ["GET /v2/story/s", "POST /v2/story/s/videos"]
    assert [one.paid for one in call.sent] == [False, True]
    scenes = [BOARD["scenes"][0] | {"video_description": "a pan"}, BOARD["scenes"][1], {"name": "Dusk"}]
    assert call.body() == {"storyboard": BOARD | {"scenes": scenes}}
    assert call.of_kind("lossy") == []


def test_scenes_sent_back_from_a_response_change_nothing() -> None:
    shown = json.loads(translate_response("GET", "/story/s", 200, STORY).body)["data"]["scenes"]
    scenes = [
        {"image_url": scene["image_url"], "prompt": scene.get("prompt", scene.get("video_description"))}
        for scene in shown
    ]
    call = Played("POST /story/s/videos", {"scenes": scenes}, serving(VIDEOS), mode="strict")
    assert call.body() == {"storyboard": BOARD}


def test_scenes_override_the_callers_own_storyboard_with_one_warning() -> None:
    scenes = [{"prompt": "a pan", "name": "Dawn"}, {"prompt": "a tilt", "narrator": "rain"}]
    given = {"storyboard": BOARD, "scenes": {"scenes": scenes}}
    call = Played("POST /story/s/videos", given, serving(VIDEOS))
    assert call.lines == ["POST /v2/story/s/videos"]
    assert [one["video_description"] for one in call.body()["storyboard"]["scenes"]] == ["a pan", "a tilt"]
    assert [one["image_url"] for one in call.body()["storyboard"]["scenes"]] == [
        one["image_url"] for one in BOARD["scenes"]
    ]
    (lost,) = call.of_kind("lossy")
    assert "scenes.1.narrator" in lost.text
    assert "scenes.0.name" not in lost.text
    with pytest.raises(StrictModeError, match="narrator"):
        Played("POST /story/s/videos", given, serving(VIDEOS), mode="strict")


def test_a_storyboard_without_scenes_is_completed_too() -> None:
    given = {"storyboard": {"characters": []}, "scenes": [{"name": "Dusk"}]}
    call = Played("POST /story/s/videos", given, serving(VIDEOS))
    assert call.lines[0] == "GET /v2/story/s"
    board = call.body()["storyboard"]
    assert board["characters"] == []
    assert [scene["name"] for scene in board["scenes"]] == ["Dusk", "Noon"]


@pytest.mark.parametrize("scenes", ["{scenes", 7, {"a": 1}, True])
def test_scenes_that_are_not_a_list_are_left_for_v2_to_reject(scenes: Any) -> None:
    call = Played("POST /story/s/videos", {"scenes": scenes}, serving(VIDEOS | {"POST /v2/story/s/videos": (422, {})}))
    assert call.lines == ["POST /v2/story/s/videos"]
    assert call.body() == {"storyboard": {"scenes": scenes}}
    assert call.response.status == 422


@pytest.mark.parametrize("scenes", ["", "[]", [], None, "{}", {}])
def test_scenes_that_name_nothing_change_nothing(scenes: Any) -> None:
    assert Played("POST /story/s/videos", {"scenes": scenes}, serving(VIDEOS)).body() == {}


def test_the_newer_name_of_a_prompt_wins_with_a_warning() -> None:
    given = {
        "scenes": [{"prompt": "old", "video_description": "new"}, {"prompt": "only", "video_description": ""}, None]
    }
    call = Played("POST /story/s/videos", given, serving(VIDEOS))
    assert [one["video_description"] for one in call.body()["storyboard"]["scenes"][:2]] == ["new", "only"]
    assert [one.field for one in call.of_kind("lossy")] == ["scenes.0.prompt"]


@pytest.mark.parametrize("own", [None, [], "x", [1, None], [{"a": 1}, "x"]])
@pytest.mark.parametrize("entries", [[], [None], [1, {"a": 2}], [{}, {}, {}]])
def test_merging_accepts_any_value(own: Any, entries: Any) -> None:
    merged, _ = merge_scenes(own, entries)
    assert len(merged) == max(len(own) if isinstance(own, list) else 0, len(entries))


@pytest.mark.parametrize(("status", "code"), [(500, "X"), (401, "UNAUTHORIZED"), (429, "RATE_LIMITED")])
def test_a_story_that_can_not_be_looked_up_is_not_paid_for(status: int, code: str) -> None:
    table = {"GET /v2/story/s": (status, {"message": "m", "code": code})}
    call = Played("POST /story/s/videos", {"scenes": [{}]}, serving(table))
    assert (call.response.status, json.loads(call.response.body)["message"]) == (status, code)
    assert len(call.sent) == 1


# A 404 to a paid call

PAID = [
    ("POST /story/i/elements", "POST /v2/story/i/elements", "story"),
    ("POST /story/i/scenes", "POST /v2/story/i/scenes", "story"),
    ("POST /story/i/videos", "POST /v2/story/i/videos", "story"),
    ("POST /story/i/concat", "POST /v2/story/i/concat", "story"),
    ("PUT /media/i/edit", "PUT /v2/media/i", "media"),
    ("PUT /media/i", "PUT /v2/media/i", "media"),
]
GONE = (404, {"message": "m", "code": "NOT_FOUND"})


@pytest.mark.parametrize(("line", "sent", "kind"), PAID)
@pytest.mark.parametrize(
    ("of_v2", "of_v1", "passed"),
    [(404, 200, True), (404, 404, False), (404, 500, False), (200, 200, False), (500, 200, False), (401, 200, False)],
)
def test_a_404_is_forwarded_to_v1_only_if_v1_alone_has_the_id(
    line: str, sent: str, kind: str, of_v2: int, of_v1: int, passed: bool
) -> None:
    table = {
        sent: GONE,
        f"GET /v2/{kind}/i": (of_v2, {"id": "i"}),
        f"GET /{kind}/i": (of_v1, {"data": {"id": "i"}}),
        line: (200, {"data": {"id": "of-v1"}}),
    }
    body = {"prompt": "x"} if kind == "media" else None
    call = Played(line, body, serving(table))
    assert [one.paid for one in call.sent if one.method == "GET"] == [False] * (len(call.sent) - 1 - passed)
    assert (call.lines[-1] == line) is passed
    assert [one.kind for one in call.of_kind("passthrough")] == ["passthrough"] * passed
    if not passed:
        assert call.response.status == 404
    strict = Played(line, body, serving(table), mode="strict")
    assert (strict.lines, strict.response.status) == ([sent], 404)


def test_a_lookup_without_a_response_ends_in_the_404() -> None:
    for broken in (0, 1):
        flow = start_flow(V1Request("POST", f"{HOST}/story/i/scenes"), Policy())
        next(flow)
        flow.send(V2Response(404))
        if broken:
            flow.send(V2Response(404))
        with pytest.raises(StopIteration) as end:
            flow.throw(OSError("broken"))
        assert end.value.value.status == 404


def test_a_free_call_is_forwarded_to_v1_once() -> None:
    table = {"PUT /v2/media/i": GONE, "PUT /media/i/edit": (200, {})}
    call = Played("PUT /media/i/edit", {"title": "Fox"}, serving(table))
    assert call.lines == ["PUT /v2/media/i", "PUT /media/i/edit"]
    assert not any(one.paid for one in call.sent)


# Failures


@pytest.mark.parametrize("word", ["failed", "error", "cancelled", "canceled"])
@pytest.mark.parametrize(
    ("line", "requested", "field"),
    [
        ("GET /story/i", "GET /v2/story/i", "status"),
        ("GET /media/i", "GET /v2/media/i", "processing_status"),
        ("GET /media/i/processing-status", "GET /v2/media/i?fields=processing_status", "processing_status"),
    ],
)
def test_a_failure_notice_has_v2s_status_and_reason(line: str, requested: str, field: str, word: str) -> None:
    failed = {requested: (200, {"id": "i", field: word, "error": "bad \x1b[31m\nluck"})}
    (notice,) = Played(line, None, serving(failed), mode="strict").of_kind("failed")
    assert word in notice.text
    assert "luck" in notice.text
    assert notice.text.isprintable()
    assert (notice.value, "i" in notice.once.split()) == (word, True)
    well = {requested: (200, {"id": "i", field: "processing", "error": "none"})}
    assert Played(line, None, serving(well)).of_kind("failed") == []


def test_a_composite_names_the_members_that_failed() -> None:
    table = {
        "GET /v2/media/a?fields=processing_status": (200, {"processing_status": "success"}),
        "GET /v2/media/b?fields=processing_status": (200, {"processing_status": "cancelled"}),
    }
    (notice,) = Played("GET /media/a+b/processing-status", None, serving(table)).of_kind("failed")
    assert "b is 'cancelled'" in notice.text
    assert "a is" not in notice.text
    assert notice.once == "media a+b"


# ?fields=


@pytest.mark.parametrize(
    ("fields", "requested", "shown"),
    [
        ("progress_percentage", "processing_status", {"progress_percentage": 100}),
        (
            "progress_percentage,processing_status",
            "processing_status",
            {"progress_percentage": 100, "processing_status": "success"},
        ),
        ("rating,batch_id", "id", {"rating": "", "batch_id": ""}),
        ("is_transition,title", "media_items,title", {"title": "Fox", "is_transition": "No"}),
        (" id , title,title", "id,title", {"id": "i", "title": "Fox"}),
        ("nonsense", "id", {}),
    ],
)
def test_v1s_field_names_are_requested_by_their_v2_names(fields: str, requested: str, shown: dict[str, Any]) -> None:
    complete = NEW_MEDIA | {"id": "i", "title": "Fox", "processing_status": "success"}

    def server(request: V2Request) -> tuple[int, Any]:
        assert request.url.partition("?fields=")[2] == requested
        return 200, {name: complete[name] for name in requested.split(",")}

    media = Played(f"GET /media/i?fields={fields.replace(' ', '%20')}", None, server).data
    del media["data"]
    assert media.keys() == shown.keys()
    assert {name: media[name] for name in shown if name != "is_transition"} == {
        name: value for name, value in shown.items() if name != "is_transition"
    }


def test_every_value_of_a_repeated_fields_parameter_counts() -> None:
    """requests and httpx write a list so."""
    media = Played(
        "GET /media/i?fields=progress_percentage,id&fields=title",
        None,
        serving({"GET /v2/media/i?fields=processing_status,id,title": (200, NEW_MEDIA)}),
    )
    assert {"progress_percentage", "id", "title"} <= media.data.keys()


def test_the_fields_of_a_media_are_those_of_the_page() -> None:
    assert set(NEW_MEDIA) == V2_MEDIA


# Uploads


@pytest.mark.parametrize("status", [404, 405])
@pytest.mark.parametrize("wrapped", [True, False])
def test_an_upload_falls_back_to_v1(status: int, wrapped: bool) -> None:
    asset = {"id": "a", "results": ["https://cdn.example/a.png"]}
    table = {
        "POST /v2/image": (status, {}),
        "POST /image": (200, {"data": asset} if wrapped else asset),
        "POST /v2/media": (200, NEW_MEDIA),
    }
    files = (image("image_files", "a.png"), image("image_files", "b.png", b"second"))
    headers, body = multipart("POST /media", *files, prompt="x").encoded()
    call = Played("POST /media", body, serving(table), headers=headers, mode="strict")
    assert call.lines == ["POST /v2/image", "POST /image", "POST /image", "POST /v2/media"]
    for one, file in zip(call.sent[1:3], files, strict=True):
        assert isinstance(one.body, Multipart)
        assert [(part.name, part.content) for part in one.body.parts] == [("image_file", file.content)]
    assert [item["url"] for item in call.body()["media_items"]] == ["https://cdn.example/a.png"] * 2


# Composites


@pytest.mark.parametrize(
    "line",
    [
        "GET /media/{}",
        "GET /media/{}/processing-status",
        "PUT /media/{}/edit",
        "PUT /media/{}",
        "POST /media/{}/process",
        "GET /media/{}/download",
    ],
)
@pytest.mark.parametrize("id", ["a+a", "a+b+a", "a%2Ba", "+".join(map(str, range(17))), "+".join(["a"] * 100)])
def test_a_composite_has_few_members_and_each_once(line: str, id: str) -> None:
    call = Played(line.format(id), None, serving({}), max_credits=0)
    assert call.sent == []
    assert call.response.status == 400
    assert json.loads(call.response.body)["message"] == "BAD_REQUEST"


def test_sixteen_members_are_requested() -> None:
    call = Played(
        "GET /media/" + "+".join(map(str, range(16))) + "/processing-status",
        None,
        lambda request: (200, {"processing_status": "success"}),
    )
    assert (len(call.sent), call.data["processing_status"]) == (16, "success")


def test_too_many_motions_are_rejected_before_anything_is_sent() -> None:
    presets = [{"MotionType": "Auto"}] * 17
    call = Played("POST /media/prompt", {"pose_preset": presets}, serving({}))
    assert (call.sent, call.response.status) == ([], 400)
    call = Played("POST /media/prompt", {"pose_preset": presets[:16]}, lambda request: (200, NEW_MEDIA))
    assert len(call.sent) == 16


def test_a_translation_without_a_request_is_reported_as_such() -> None:
    with pytest.raises(Exception, match="400 without sending a request"):
        translate_request("GET", "/media/a+a")
    with pytest.raises(Exception, match="400 without sending a request"):
        translate_response("GET", "/media/a+a", 200, {})


def test_a_webhook_of_several_motions_posts_for_each() -> None:
    ids = iter(("m1", "m2"))
    body = {"pose_preset": [{"MotionType": "Auto"}] * 2, "webhook_url": "https://me.example/hook"}
    call = Played("POST /media/prompt", body, lambda request: (200, NEW_MEDIA | {"id": next(ids)}), mode="strict")
    (notice,) = [one for one in call.response.notices if one.field == "webhook_url"]
    assert "m1, m2" in notice.text


def test_an_unexpected_response_to_the_second_call_does_not_change_the_id() -> None:
    responses = iter(({"id": "m1"}, {"id": ["x"], "visibility_status": "0"}))
    call = Played("POST /media", {"prompt": "x", "visibility_status": "0"}, lambda request: (200, next(responses)))
    assert call.data["id"] == "m1"


# Pairs for one request

ONE: Pairs = (
    *(("X-Idempotency-Key", "k"), ("idempotency-KEY", "j"), ("If-Match", "e"), ("If-None-Match", "e")),
    *(("If-Modified-Since", "d"), ("If-Unmodified-Since", "d"), ("If-Range", "e"), ("Range", "bytes=0-9")),
)


def named(request: V2Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers if name.lower() not in ("content-type", "x-api-key")}


def test_an_idempotency_key_goes_unchanged_with_one_request() -> None:
    body = {"pose_preset": [{"MotionType": "Auto"}] * 3}
    calls = [Played("POST /media/prompt", body, lambda r: (200, NEW_MEDIA), headers=ONE) for _ in range(2)]
    keys = [[named(one)["x-idempotency-key"] for one in call.sent] for call in calls]
    assert keys == [["k", "k-2", "k-3"]] * 2
    assert [named(one)["idempotency-key"] for one in calls[0].sent] == ["j", "j-2", "j-3"]


def test_a_call_that_stays_on_v1_keeps_the_idempotency_key() -> None:
    body = {"idea": "x", "visibility_status": "0"}
    call = Played("POST /story/idea-2-video", body, lambda request: (200, {}), headers=ONE)
    (sent,) = call.sent
    assert (sent.kind, named(sent)["x-idempotency-key"], named(sent)["if-match"]) == ("v1", "k", "e")


def test_no_look_up_and_no_upload_has_headers_of_another_request() -> None:
    headers, body = multipart("POST /media", image("image_files", "a.png")).encoded()
    table = {"POST /v2/image": (200, {"results": ["u"]}), "POST /v2/media": (200, NEW_MEDIA)}
    call = Played("POST /media", body, serving(table), headers=(*ONE, *headers))
    assert named(call.sent[0]) == {}
    assert named(call.sent[1]).keys() == {name.lower() for name, _ in ONE}
    call = Played("POST /story/s/videos", {"scenes": [{}]}, serving(VIDEOS), headers=ONE)
    assert (named(call.sent[0]), named(call.sent[1])["idempotency-key"]) == ({}, "j")
    media = NEW_MEDIA | {"processing_status": "success", "result": ["https://f.example/1"]}
    call = Played("GET /media/m/download", None, lambda request: (200, media), headers=ONE)
    assert named(call.sent[0]) == {}
    assert named(call.sent[1])["range"] == "bytes=0-9"


# Money


def test_a_limit_causes_a_lookup_and_assumes_native_audio() -> None:
    for limit, sent in ((199, 1), (200, 2)):
        table = serving(VIDEOS)
        if sent == 1:
            with pytest.raises(CreditLimitError, match="200"):
                Played("POST /story/s/videos", None, table, max_credits=limit)
        else:
            assert len(Played("POST /story/s/videos", None, table, max_credits=limit).sent) == sent
    quiet = VIDEOS | {"GET /v2/story/s": (200, STORY | {"audio_option": {"native_audio": False}})}
    assert len(Played("POST /story/s/videos", None, serving(quiet), max_credits=100).sent) == 2


@pytest.mark.parametrize("story", [{}, {"storyboard": None}, {"storyboard": {"scenes": "x"}}])
def test_a_story_without_scenes_can_not_be_priced(story: Any) -> None:
    with pytest.raises(CreditLimitError, match="number of scenes"):
        Played("POST /story/s/videos", None, serving({"GET /v2/story/s": (200, story)}), max_credits=1e9)


@pytest.mark.parametrize("board", [5, ["x"], "x"])
def test_a_storyboard_that_is_none_can_not_be_priced(board: Any) -> None:
    """The story's own scenes are not what this call would make."""
    with pytest.raises(CreditLimitError, match="number of scenes"):
        Played("POST /story/s/videos", {"storyboard": board}, serving(VIDEOS), max_credits=1e9)


DEAR = NEW_MEDIA | {
    "pose_preset": {"motion_type": "Auto", "prompt": "p", "quantity": 4, "motion_length": 10},
    "submit_params": {"native_audio": True},
}


@pytest.mark.parametrize(("line", "body"), [("PUT /media/m/edit", {"prompt": "x"}), ("POST /media/m/process", None)])
def test_what_a_media_keeps_is_part_of_the_price(line: str, body: Any) -> None:
    with pytest.raises(CreditLimitError, match="800"):
        Played(line, body, lambda request: (200, DEAR), max_credits=799)
    assert Played(line, body, lambda request: (200, DEAR), max_credits=800).lines[-1] == "PUT /v2/media/m"


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("POST /story/idea-2-video", {"idea": "x", "audio_option": "{native"}),
        ("POST /story/idea-2-video", {"idea": "x", "scene_count": "many"}),
        ("POST /media", {"prompt": "x", "quantity": -1}),
        ("POST /media", b'{"prompt": NaN}'),
        ("POST /media/upload", {"data": '{"pose_preset": NaN}'}),
        ("PUT /media/m/edit", b'{"prompt": 1e999}'),
    ],
)
def test_what_can_not_be_priced_is_rejected(line: str, body: Any) -> None:
    with pytest.raises(CreditLimitError):
        Played(line, body, lambda request: (200, NEW_MEDIA), max_credits=1e9)


def test_v1_accepts_and_prices_any_length() -> None:
    body = {"idea": "x", "duration": 7, "visibility_status": "0"}
    with pytest.raises(CreditLimitError, match="210"):
        Played("POST /story/idea-2-video", body, serving({}), max_credits=209)


@pytest.mark.parametrize("payload", [b"<html>", b"[]", b'"x"'])
def test_a_v1_response_that_is_not_an_object_is_unknown(payload: bytes) -> None:
    table = {"POST /v2/story/i/scenes": GONE, "GET /v2/story/i": GONE, "GET /story/i": (200, payload)}
    assert Played("POST /story/i/scenes", None, serving(table)).response.status == 404


@pytest.mark.parametrize(
    ("line", "kind"), [("POST /story/i/videos", "story"), ("PUT /media/i/edit", "media")], ids=["videos", "edit"]
)
def test_a_call_to_v1_with_an_unknown_id_can_not_be_priced(line: str, kind: str) -> None:
    body = {"motion_type": "Parallax", "duration": 7}
    table: dict[str, tuple[int, Any]] = {f"GET /v2/{kind}/i": GONE, f"GET /{kind}/i": GONE}
    with pytest.raises(CreditLimitError, match="neither v2 nor v1"):
        Played(line, body, serving(table), max_credits=1e9)
    preset = {"MotionType": "Auto", "Params": "Prompt=x|Quantity=2|MotionLength=5"}
    known = {"id": "i", "pose_preset": preset, "storyboard": {"scenes": [{}] * 2}}
    table |= {f"GET /{kind}/i": (200, {"data": {"data": known}}), line: (200, {})}
    with pytest.raises(
        CreditLimitError, match="280"
    ):  # two videos of 7 seconds, with native audio for all that is known
        Played(line, body, serving(table), max_credits=279)
    assert Played(line, body, serving(table), max_credits=280).lines[-1] == line


def test_images_of_a_story_forwarded_to_v1_are_its_scenes() -> None:
    body = {"idea": "x", "visibility_status": "0", "image_urls": ["a"] * 5}
    with pytest.raises(CreditLimitError, match="250"):
        Played("POST /story/url-2-video", body, serving({}), max_credits=249)


def test_a_header_that_cannot_be_sent_is_left_for_v1_to_reject() -> None:
    headers = (("Content-Type", "multipart/form-data; boundary=\u0436"),)
    call = Played("POST /media", b"x", serving({"POST /media": (422, {})}), headers=headers)
    assert call.lines == ["POST /media"]


def test_an_uploads_result_may_be_an_object() -> None:
    headers, body = multipart("POST /media", image("image_files", "a.png")).encoded()
    table = {"POST /v2/image": (200, {"results": [{"url": "u"}]}), "POST /v2/media": (200, NEW_MEDIA)}
    assert Played("POST /media", body, serving(table), headers=headers).body()["media_items"][0]["url"] == "u"


def test_the_most_requests_that_one_call_makes() -> None:
    """16 motions of two images, with every detour: three uploads, 16 media, two tries at each visibility, twice."""
    data = {"pose_preset": [{"MotionType": "Auto"}] * 16, "visibility_status": "0"}
    files = (image("image", "a.png"), image("image", "b.png"))
    headers, body = multipart("POST /media/upload", *files, data=json.dumps(data)).encoded()

    def server(request: V2Request) -> tuple[int, Any]:
        if request.method != "POST" or request.url.endswith("/v2/image"):
            return {"PUT": 405, "PATCH": 500, "POST": 404}[request.method], {}
        return 200, NEW_MEDIA | {"results": ["u"]}

    assert len(Played("POST /media/upload", body, server, headers=headers).sent) == 83
    both = Played(f"PUT /media/{'+'.join(map(str, range(16)))}/edit", {"prompt": "x"}, detour)
    assert len(both.sent) == 48


def detour(request: V2Request) -> tuple[int, Any]:
    """A server that takes no PUT."""
    return (405, {}) if request.method == "PUT" else (200, NEW_MEDIA)


def test_a_range_that_is_none_is_handed_on() -> None:
    flow = start_flow(V1Request("GET", f"{HOST}/media/m/download", (("Range", "bytes=9-"),)), Policy())
    next(flow)
    media = {"id": "m", "processing_status": "success", "result": ["https://files.example/a.mp4"]}
    flow.send(V2Response(200, (), json.dumps(media).encode()))
    with pytest.raises(StopIteration) as end:
        flow.send(V2Response(416, (("Content-Range", "bytes */5"),)))
    assert (end.value.value.status, end.value.value.headers) == (416, (("Content-Range", "bytes */5"),))
