"""Reading valid and invalid webhooks."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vimmerse.compat.rules.response_fields import MEDIA_STATUS, STORY_STATUS
from vimmerse.jobs import WebhookError, WebhookEvent, parse_webhook, v1_payload

STORY = {"customer_id": "c1", "batch_id": "s1", "status": "success"}
MEDIA = {"customer_id": "c1", "media_id": "m1", "status": "success"}


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(STORY),
        json.dumps(STORY).encode(),
        bytearray(json.dumps(STORY).encode()),
        memoryview(json.dumps(STORY).encode()),
        json.dumps(STORY).encode("utf-16"),
        b"\xef\xbb\xbf" + json.dumps(STORY).encode(),
        STORY,
        {"data": STORY},
    ],
    ids=["str", "bytes", "bytearray", "memoryview", "utf-16", "BOM", "mapping", "wrapped"],
)
def test_a_body_of_any_type(body: Any) -> None:
    event = parse_webhook(body)

    assert event == WebhookEvent("unknown", "s1", "c1", "success", STORY)
    assert event.raw["batch_id"] == "s1"


def test_a_form() -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    event = parse_webhook(b"customer_id=c1&media_id=m1&status=", headers=headers)

    assert event == WebhookEvent("media", "m1", "c1", "", {})


@pytest.mark.parametrize(
    ("body", "kind", "identifier"),
    [
        (STORY, "unknown", "s1"),
        ({"batch_id": "s1", "storyboard": {}}, "story", "s1"),
        ({"batch_id": "m1", "processing_status": "success"}, "unknown", "m1"),
        ({"id": "m1", "batch_id": "s1", "processing_status": "success"}, "media", "m1"),
        ({"data": {"data": {"id": "m1", "batch_id": "s1", "processing_status": "success"}}}, "media", "m1"),
        ({"data": {"id": "m1", "processing_status": "success", "data": {"id": "m1"}}}, "media", "m1"),
        ({"id": "s1", "batch_id": "s1", "video_url": ""}, "story", "s1"),
        ({"id": "event", "batch_id": "x1", "status": "success"}, "unknown", "x1"),
        (MEDIA, "media", "m1"),
        ({"story_id": "s1"}, "story", "s1"),
        ({"story_id": "s1", "batch_id": "s1"}, "story", "s1"),
        ({"story_id": "s1", "batch_id": ""}, "story", "s1"),
        ({"story_id": "s1", "batch_id": None}, "story", "s1"),
        ({"media_id": "m1", "batch_id": "s1"}, "media", "m1"),
        ({"id": "x1", "status": "success"}, "unknown", "x1"),
        ({"id": "x1", "story_id": "s1"}, "story", "s1"),
        ({"id": "x1", "processing_status": "success"}, "media", "x1"),
        ({"id": "x1", "status": "success", "video_url": "https://files.example/f"}, "story", "x1"),
        ({"id": "x1", "storyboard": {}}, "story", "x1"),
        ({"data": {"id": "x1", "all_medias": []}}, "story", "x1"),
        ({"id": "x1", "data": {"media_id": "other"}}, "unknown", "x1"),
    ],
)
def test_either_id(body: dict[str, object], kind: str, identifier: str) -> None:
    event = parse_webhook(body)

    assert (event.kind, event.id) == (kind, identifier)


@pytest.mark.parametrize(
    ("status", "succeeded", "failed"),
    [
        ("success", True, False),
        (" Success ", True, False),
        ("fail", False, True),
        ("failed", False, True),
        ("error", False, True),
        ("cancel", False, True),
        ("cancelled", False, True),
        ("canceled", False, True),
        ("processing", False, False),
        ("dreaming", False, False),
        ("", False, False),
    ],
)
@pytest.mark.parametrize("name", ["status", "processing_status"])
def test_the_status(name: str, status: str, succeeded: bool, failed: bool) -> None:
    event = parse_webhook({"media_id": "m1", name: status})

    assert event.status == status
    assert (event.succeeded, event.failed, event.finished) == (succeeded, failed, succeeded or failed)


def test_the_same_news_has_the_same_key() -> None:
    first = parse_webhook({**STORY, "attempt": 1})
    second = parse_webhook({**STORY, "attempt": 2, "status": "SUCCESS"})

    assert first.idempotency_key == second.idempotency_key == "story:s1:success"
    assert parse_webhook({**STORY, "status": "fail"}).idempotency_key == "story:s1:fail"
    assert parse_webhook({**STORY, "story_id": "s1"}).idempotency_key == "story:s1:success"
    assert parse_webhook({"id": "s1", "status": "success"}).idempotency_key == "unknown:s1:success"


def test_an_event_travels() -> None:
    event = parse_webhook(MEDIA)
    restored = pickle.loads(pickle.dumps(event))

    assert restored == event
    assert restored.raw == MEDIA
    assert hash(restored) == hash(event)
    assert repr(event) == "WebhookEvent(kind='media', id='m1', customer_id='c1', status='success')"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", "not JSON: JSONDecodeError"),
        (b"<html>", "not JSON"),
        (b'{"media_id": "m1"', "not JSON"),
        (b"\xff\xfe\xfd", "not JSON: UnicodeDecodeError"),
        ("\ud800", "not JSON"),
        (b"[" * 60_000, "not JSON: RecursionError"),
        (b"1" * 5000, "not JSON: ValueError"),
        (b"null", "must be a JSON object, not NoneType"),
        (b'["media_id"]', "not list"),
        (b'"media_id"', "not str"),
        ({}, "names no job: it has none of media_id, story_id, batch_id, id"),
        ({"status": "success"}, "names no job"),
        ({"data": "m1"}, "names no job"),
        ({"media_id": ""}, "names no job"),
        ({"media_id": 5}, "The field media_id must be text, not int"),
        ({"id": ["x"]}, "The field id must be text, not list"),
        ({"media_id": " "}, "id is unusable: it is ' '"),
        ({"media_id": ".."}, "id is unusable"),
        ({"media_id": "a\r\nb"}, "control characters"),
        ({"media_id": "a" * 257}, "too long"),
        ({"batch_id": "s1", "story_id": "s2"}, "two different stories"),
        ({**MEDIA, "status": 1}, "The field status must be text, not int"),
        ({**MEDIA, "status": None, "processing_status": {}}, "processing_status must be text, not dict"),
        ({**MEDIA, "customer_id": 1}, "The field customer_id must be text, not int"),
    ],
)
def test_rejects_an_invalid_webhook(body: Any, text: str) -> None:
    with pytest.raises(WebhookError, match=text) as caught:
        parse_webhook(body)
    assert caught.value.status == 400


def test_a_form_without_headers() -> None:
    assert parse_webhook(b"customer_id=c%201&batch_id=s1&status=success") == WebhookEvent(
        "unknown", "s1", "c 1", "success", {}
    )
    assert parse_webhook("media_id=m1&status=fail", headers={"Content-Type": "text/plain"}).id == "m1"


class OfLists(dict[str, Any]):
    """Holds a list for each key, and gives its first item: what frameworks have for a form."""

    def __getitem__(self, key: str) -> Any:
        return super().__getitem__(key)[0]


def test_a_form_that_a_framework_has_read() -> None:
    event = parse_webhook(OfLists({"media_id": ["m1"], "status": ["success"]}))
    assert (event.kind, event.id, event.status) == ("media", "m1", "success")


def test_an_invalid_form() -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    with pytest.raises(WebhookError, match="not JSON"):
        parse_webhook(b"a=b&" * 101, headers=headers)


@pytest.mark.parametrize("body", [b"x" * 101, "x" * 101, "ä" * 51])
def test_a_body_that_is_too_long(body: bytes | str) -> None:
    with pytest.raises(WebhookError, match="at most 100 are read") as caught:
        parse_webhook(body, max_size=100)
    assert caught.value.status == 413


def test_a_compressed_body() -> None:
    with pytest.raises(WebhookError, match=r"compressed \('gzip'\): decompress it first"):
        parse_webhook(b"x", headers={"Content-Encoding": "gzip"})
    assert parse_webhook(json.dumps(MEDIA), headers={"Content-Encoding": "identity"}).id == "m1"


# ---- in version 1's shape


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (STORY, STORY),
        (MEDIA, MEDIA),
        (json.dumps(MEDIA).encode(), MEDIA),
        ("customer_id=c1&batch_id=s1&status=success", STORY),
        ({"data": STORY}, STORY),
        ({**MEDIA, "batch_id": "s1", "more": 1}, MEDIA),
        ({"customer_id": "c1", "story_id": "s1", "status": "success"}, STORY),
        ({"customer_id": "c1", "id": "s1", "status": "success", "video_url": "https://f.example", "x": [1]}, STORY),
        ({"customer_id": "c1", "id": "m1", "processing_status": "success", "batch_id": "s1", "result": []}, MEDIA),
        ({"data": {"data": {"customer_id": "c1", "id": "m1", "processing_status": "success"}}}, MEDIA),
        ({"customer_id": "c1", "id": "s1", "status": "success"}, STORY),  # unknown: as v1 sends it
        (parse_webhook(MEDIA), MEDIA),
        (WebhookEvent("story", "s1", "c1", "success", {}), STORY),
        ({"media_id": "a+b"}, {"customer_id": "", "media_id": "a+b", "status": ""}),
    ],
)
def test_every_shape_in_version_1s(body: Any, expected: dict[str, str]) -> None:
    assert v1_payload(body) == expected


V1_WORDS = [
    # v2's word, a story's, a media's, and where the kind is not known
    ("success", "success", "success", "success"),
    (" Success", "success", "success", "success"),
    ("failed", "fail", "fail", "fail"),
    ("error", "fail", "fail", "fail"),
    ("fail", "fail", "fail", "fail"),
    ("cancelled", "fail", "cancel", "fail"),
    ("canceled", "fail", "cancel", "fail"),
    ("cancel", "fail", "cancel", "fail"),
    ("new", "new", "queue_bullet", "new"),
    ("queued", "queued", "queue_bullet", "queued"),
    ("processing", "processing", "processing_bullet", "processing"),
    ("queue_bullet", "queue_bullet", "queue_bullet", "queue_bullet"),
    ("Archived ", "Archived ", "Archived ", "Archived "),
    ("", "", "", ""),
]


@pytest.mark.parametrize(("status", "story", "media", "unknown"), V1_WORDS)
def test_the_status_in_version_1s_words(status: str, story: str, media: str, unknown: str) -> None:
    assert v1_payload({"story_id": "s1", "status": status})["status"] == story
    assert v1_payload({"media_id": "m1", "status": status})["status"] == media
    assert v1_payload({"id": "m1", "processing_status": status})["status"] == media
    assert v1_payload({"batch_id": "x1", "status": status})["status"] == unknown


@pytest.mark.parametrize("word", [*MEDIA_STATUS, "success", "archived"])
def test_the_words_are_those_of_the_translation(word: str) -> None:
    assert v1_payload({"media_id": "m1", "status": word})["status"] == MEDIA_STATUS.get(word, word)
    assert v1_payload({"story_id": "s1", "status": word})["status"] == STORY_STATUS.get(word, word)


def test_converting_a_v1_payload_changes_nothing() -> None:
    media = {"id": "m1", "processing_status": "cancelled"}
    for body in (STORY, MEDIA, media, {"story_id": "s1", "status": "canceled"}):
        once = v1_payload(body)
        assert v1_payload(once) == once


def test_v1_payload_rejects_an_invalid_webhook() -> None:
    with pytest.raises(WebhookError, match="names no job"):
        v1_payload(b"{}")
    with pytest.raises(WebhookError) as caught:
        v1_payload(json.dumps(MEDIA), max_size=10)
    assert caught.value.status == 413
    with pytest.raises(WebhookError, match="compressed"):
        v1_payload(b"x", headers={"Content-Encoding": "br"})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(
    ["id", "media_id", "batch_id", "story_id", "status", "processing_status", "customer_id", "data"]
)


@given(st.binary(max_size=200) | st.text(max_size=200) | st.dictionaries(names, json_values, max_size=5))
def test_any_body_is_read_or_rejected(body: Any) -> None:
    try:
        event = parse_webhook(body)
    except WebhookError:
        return
    assert event.id
    assert event.kind in ("story", "media", "unknown")
    payload = v1_payload(body)
    assert payload == v1_payload(event) == v1_payload(payload)
    assert len(payload) == 3
    assert event.id in payload.values()


@pytest.mark.parametrize("body", [None, 5, 10**15, -1, 1.5, True, ["x"]])
def test_parsed_json_that_is_not_an_object(body: Any) -> None:
    """As a framework gives it: None where there was no JSON."""
    for read in (parse_webhook, v1_payload):
        with pytest.raises(WebhookError, match=f"must be a JSON object, not {type(body).__name__}"):
            read(body)


def test_a_header_without_a_value() -> None:
    headers: Any = {"Content-Type": None, "Content-Encoding": None}
    assert parse_webhook(b'{"media_id": "m"}', headers=headers).id == "m"
