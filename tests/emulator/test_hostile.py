"""Whatever a client sends, it gets a response, and never a 500."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vimmerse.emulator import AT_ONCE, Emulator
from vimmerse.emulator.files import parse_range

from tests.sampling import sampled

from .conftest import KEY

pytestmark = pytest.mark.slow

JSON = {"Content-Type": "application/json"}
DIGITS = "9" * 5000
# JSON documents, each of which goes to every call that takes JSON.
BODIES = {
    "a long integer": f'{{"prompt": "x", "idea": "x", "duration": {DIGITS}}}',
    "a long negative integer": f'{{"prompt": "x", "idea": "x", "scene_count": -{DIGITS}}}',
    "a long integer in an unknown field": f'{{"prompt": "x", "idea": "x", "sparkle": [{{"a": {DIGITS}}}]}}',
    "an integer just below Python's limit": f'{{"prompt": "x", "idea": "x", "quantity": {"9" * 4299}}}',
    "half a pair": '{"prompt": "\\ud800", "idea": "\\ud800", "title": "x"}',
    "the other half": '{"prompt": "x", "idea": "x", "title": "\\udfff"}',
    "half a pair in a name": '{"prompt": "x", "idea": "x", "\\ud800": 1}',
    "half a pair far below": '{"prompt": "x", "idea": "x", "elements": {"characters": [{"name": "\\ud800"}]}}',
    "NaN": '{"prompt": "x", "idea": "x", "duration": NaN}',
    "an infinity": '{"prompt": "x", "idea": "x", "sparkle": -Infinity}',
    "a huge exponent": '{"prompt": "x", "idea": "x", "scene_count": 1e999}',
    "a huge negative exponent": '{"prompt": "x", "idea": "x", "sparkle": -1e999999}',
    "deep lists": '{"prompt": "x", "idea": "x", "sparkle": ' + "[" * 500 + "]" * 500 + "}",
    "very deep lists": '{"prompt": "x", "idea": "x", "sparkle": ' + "[" * 50_000 + "]" * 50_000 + "}",
    "deep objects": '{"prompt": "x", "idea": "x", "storyboard": ' + '{"a": ' * 400 + "1" + "}" * 400 + "}",
}
CALLS = [
    ("POST", "/v2/story/idea-2-video"),
    ("POST", "/v2/story/images-2-video"),
    ("POST", "/v2/story"),
    ("POST", "/v2/story/{story}/elements"),
    ("POST", "/v2/story/{story}/scenes"),
    ("POST", "/v2/story/{story}/videos"),
    ("POST", "/v2/media"),
    ("PUT", "/v2/media/{media}"),
    ("POST", "/story/idea-2-video"),
    ("POST", "/media/prompt"),
    ("PUT", "/media/{old_media}"),
    ("PUT", "/story/{old_story}"),
]


@pytest.fixture
def ids(client: httpx.Client) -> dict[str, str]:
    return {
        "story": client.post("/v2/story", json={"idea": "Cats"}).json()["id"],
        "media": client.post("/v2/media", json={"prompt": "Rain"}).json()["id"],
        "old_story": client.post("/story", data={"idea": "Cats"}).json()["data"]["id"],
        "old_media": client.post("/media", data={"prompt": "Rain"}).json()["data"]["id"],
    }


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_json_that_no_response_could_repeat(emulator: Emulator, client: httpx.Client, ids: dict[str, str], body: str):
    before = emulator.jobs
    for method, path in CALLS:
        response = client.request(method, path.format(**ids), content=body.encode(), headers=JSON)
        assert response.status_code == 422, (path, response.text)
        (error,) = response.json()["detail"]
        assert error["type"] == "json_invalid"
    assert emulator.jobs == before


TEXT_FIELDS = [
    ("/media", "audio_option"),
    ("/media", "media_items"),
    ("/story", "elements"),
    ("/story/{old_story}/scenes", "storyboard"),
    ("/story/{old_story}/videos", "scenes"),
]


@pytest.mark.parametrize(
    ("path", "field", "body"),
    sampled(
        (pytest.param(*pair, body, id=f"{pair[1]}-{name}") for name, body in BODIES.items() for pair in TEXT_FIELDS), 4
    ),
)
def test_json_text_of_a_form_that_no_response_could_repeat(
    client: httpx.Client, ids: dict[str, str], path: str, field: str, body: str
):
    response = client.post(path.format(**ids), data={"prompt": "x", "idea": "x", field: body})
    assert (response.status_code, response.json()["detail"][0]["loc"]) == (422, ["body", field])


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_the_data_of_an_upload(client: httpx.Client, body: str):
    response = client.post("/media/upload", data={"data": body}, files={"image": ("a.png", b"x", "image/png")})
    assert (response.status_code, response.json()["detail"][0]["loc"]) == (422, ["body", "data"])


@pytest.mark.parametrize("text", [DIGITS, f"-{DIGITS}", "1e999", "-1e999", "nan", "1e308", "9" * 309, "٣٣٣٣", "²"])
@pytest.mark.parametrize("field", ["duration", "quantity", "loop", "motion_range"])
def test_numbers_of_a_form(client: httpx.Client, field: str, text: str):
    response = client.post("/media", data={"prompt": "x", field: text})
    assert (response.status_code, response.json()["detail"][0]["loc"]) == (422, ["body", field])


@pytest.mark.parametrize("text", [DIGITS, "-1e999", "1e308", "nan"])
def test_the_number_of_scenes_on_a_form(emulator: Emulator, client: httpx.Client, text: str):
    for field in ("scene_count", "scene_duration", "duration", "seed"):
        response = client.post("/story/idea-2-video", data={"idea": "x", field: text})
        assert response.status_code in ((200, 422) if field == "seed" else (422,)), field
        response.json()
    assert all(0 < job.credits < 1000 for job in emulator.jobs)


@pytest.mark.parametrize("text", [DIGITS, f"Auto{DIGITS}", "1" * 30_000 + "x", "Auto" + "1" * 30_000 + "x"])
def test_a_motion_name_of_many_digits(emulator: Emulator, client: httpx.Client, text: str):
    emulator.next_job(transition=AT_ONCE)
    media_id = client.post("/media", data={"prompt": "x"}).json()["data"]["id"]
    begun = time.process_time()
    response = client.get(f"/media/{media_id}/download", params={"motion_type": text})
    # Quadratic work took more than ten seconds; both sides of the call run in this process.
    assert time.process_time() - begun < 2
    assert response.status_code == 400


def test_numbers_in_a_query(client: httpx.Client):
    for text in (DIGITS, "1e999", "nan"):
        assert client.get("/media/x/download", params={"width": text}).status_code == 422
        assert client.get("/media/x/download", params={"file_size": text}).status_code == 422


@pytest.mark.parametrize("text", ["inf", "-inf", "1e999", "nan", DIGITS])
def test_numbers_within_params(client: httpx.Client, text: str):
    preset = {"MotionType": "Auto", "Params": f"Quantity={text}|MotionLength={text}|Loop={text}"}
    assert client.post("/media/prompt", json={"pose_preset": preset}).status_code == 200


def test_ranges_of_many_digits(emulator: Emulator, client: httpx.Client):
    emulator.next_job(transition=AT_ONCE)
    (url,) = client.post("/v2/media", json={"prompt": "x"}).json()["result"]
    for value in (f"bytes={DIGITS}-", f"bytes=0-{DIGITS}", f"bytes=-{DIGITS}", "bytes=²-"):
        assert httpx.get(url, headers={b"Range": value.encode("latin-1")}).status_code == 200
    assert parse_range("bytes=-99999999999999999999", 10) == (0, 10)


@pytest.mark.parametrize("key", ["l", '"', "\\", "type", "[", "e", "0", "body"])
def test_a_key_that_is_part_of_an_error(client: httpx.Client, key: str):
    """The key is taken out of errors, and what is left is still an error."""
    response = client.post("/v2/media", json={"prompt": "x", "duration": None}, headers={"X-Api-Key": key})
    assert (response.status_code, len(response.json()["detail"])) == (422, 1)


def test_json_within_the_depth_limit_is_kept(client: httpx.Client, ids: dict[str, str]):
    deep: Any = 1
    for _ in range(95):
        deep = [deep]
    board = {"scenes": [{"name": "One", "image_url": "https://example.com/1.png", "sparkle": deep}]}
    created = client.post(f"/v2/story/{ids['story']}/videos", json={"storyboard": board}).json()
    assert created["storyboard"]["scenes"][0]["sparkle"] == deep
    response = client.post(f"/story/{ids['old_story']}/videos", data={"storyboard": json.dumps(board)})
    assert response.json()["data"]["scenes"][0]["sparkle"] == deep


# Anything at all

NAMELESS = b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\nx\r\n--b--\r\n'
TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**320), 10**320) | st.floats() | TEXTS | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
_FIELDS = """
    idea title prompt scene_count scene_duration duration quantity loop image_urls media_items audio_option elements
    storyboard scenes narrator video_tool motion_type option aspect_ratio is_transition webhook_url pose_preset
    submit_params data story_id image_files concat_video_urls audio_urls seed rating visibility_status
"""
_INNER_FIELDS = """
    name description image_url URL narrator native_audio has_narration type url position scenes characters music
    music_url narration_url prompt MotionType Params sound_effects
"""
NAMES = st.sampled_from(_FIELDS.split())
INNER = st.dictionaries(
    st.sampled_from(_INNER_FIELDS.split()),
    VALUES | st.lists(st.dictionaries(st.sampled_from(["name", "image_url", "URL"]), VALUES), max_size=2),
    max_size=4,
)
OBJECTS = st.dictionaries(NAMES, VALUES | INNER | st.lists(INNER, max_size=2) | st.just("x"), max_size=6)
FORM_CALLS = [
    ("POST", "/story/images-2-video"),
    ("POST", "/story"),
    ("POST", "/story/{old_story}/elements"),
    ("POST", "/story/{old_story}/scenes"),
    ("POST", "/story/{old_story}/videos"),
    ("POST", "/story/{old_story}/concat"),
    ("POST", "/media"),
    ("PUT", "/media/{old_media}/edit"),
]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=OBJECTS)
def test_any_json_gets_a_response(emulator: Emulator, client: httpx.Client, ids: dict[str, str], body: dict[str, Any]):
    content = json.dumps(body).encode()
    for method, path in [*CALLS, ("POST", "/v2/story/{story}/concat")]:
        response = client.request(method, path.format(**ids), content=content, headers=JSON)
        assert response.status_code < 500, (path, response.text)
        _strict(response)
    for identifier in (ids["story"], ids["old_story"]):
        prefix = "/v2" if identifier == ids["story"] else ""
        _strict(client.get(f"{prefix}/story/{identifier}"))
    assert all(job.credits > 0 for job in emulator.jobs)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=OBJECTS)
def test_any_form_gets_a_response(emulator: Emulator, client: httpx.Client, ids: dict[str, str], body: dict[str, Any]):
    form = {
        name: value if isinstance(value, str) and value.isprintable() else json.dumps(value)
        for name, value in body.items()
    }
    for method, path in FORM_CALLS:
        response = client.request(method, path.format(**ids), data=form)
        assert response.status_code < 500, (path, response.text)
        _strict(response)
    _strict(client.get(f"/story/{ids['old_story']}"))
    response = client.post("/media/upload", data={"data": json.dumps(body)}, files={"image": ("a", b"x", "image/png")})
    assert response.status_code < 500
    _strict(response)
    assert all(job.credits > 0 for job in emulator.jobs)


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=60)
    | st.just(b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\nx\r\n--b--\r\n'),
    kind=st.sampled_from(
        [
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=b",
            "multipart/form-data; boundary=",
            'multipart/form-data; boundary="\xe9"',
            "multipart/form-data; boundary=" + "b" * 300,
            "text/plain",
            "",
            "application/json; charset=utf-16",
        ]
    ),
)
def test_any_bytes_get_a_response(client: httpx.Client, content: bytes, kind: str):
    for path in ("/v2/media", "/v2/image", "/media", "/media/upload", "/media/prompt", "/story"):
        response = client.post(path, content=content, headers={b"Content-Type": kind.encode("latin-1")})
        assert response.status_code < 500, (path, response.text)
        _strict(response)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tail=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30))
def test_any_path_and_query_get_a_response(client: httpx.Client, tail: str):
    for head in ("/v2/media/", "/v2/story/", "/story/", "/media/", "/v2/media/x?fields=", "/media/x/download?"):
        url = httpx.URL(client.base_url.copy_with(raw_path=(head + tail.replace("#", "%23")).encode()))
        assert client.get(url).status_code < 500


def _strict(response: httpx.Response) -> None:
    """The response is JSON, and not just what Python takes for it."""

    def refuse(text: str) -> None:
        raise AssertionError(f"{text} is no JSON")

    json.loads(response.content.decode("utf-8"), parse_constant=refuse)
    assert KEY not in response.text


@pytest.mark.parametrize("tool", ["\x00", 'a"b', "Größe", "动作", "a\r\nX-Evil: 1", "../.."])
def test_a_video_of_a_tool_with_any_name_can_be_downloaded(emulator: Emulator, tool: str) -> None:
    with httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": "key"}) as client:
        created = client.post("/media", data={"prompt": "A bunny", "motion_type": tool}).json()["data"]
        emulator.finish(created["id"])
        response = client.get(f"/media/{created['id']}/download")
    assert response.status_code == 200
    assert response.content[4:8] == b"ftyp"
    assert "x-evil" not in response.headers
