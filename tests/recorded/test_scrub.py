"""A live recording contains no key, no id of a customer and no signature of a URL."""

from __future__ import annotations

import json
from typing import Any

import pytest
import vcr.request

from tests.recorded.scrub import Scrubber

SIGNED = [
    "https://b.s3.amazonaws.com/1.mp4?X-Amz-Algorithm=A&X-Amz-Credential=AK%2F20&X-Amz-Signature=f00d&X-Amz-Expires=60",
    "https://d.cloudfront.net/1.mp4?Expires=1700000000&Signature=f00d~-&Key-Pair-Id=AK20&Policy=ey20_",
    "https://storage.googleapis.com/b/1.mp4?GoogleAccessId=AK20&Expires=1&Signature=f00d%3D",
    "https://a.blob.core.windows.net/1.mp4?sv=2024&se=2026-11-22T00%3A00%3A00Z&sig=f00d%3D",
    "https://cdn.example.com/1.mp4?width=720&token=f00d",
]
SECRETS = ("f00d", "AK20", "AK%2F20", "ey20_", "=1700000000")


def recorded(value: Any, scrubber: Scrubber | None = None) -> str:
    """What a cassette stores of a JSON response."""
    response = {"headers": {}, "body": {"string": json.dumps(value).encode()}}
    return str((scrubber or Scrubber({}, ())).response(response)["body"]["string"].decode())


@pytest.mark.parametrize("url", SIGNED)
def test_signatures_are_removed_wherever_a_url_is(url: str) -> None:
    scrubber = Scrubber({}, ())
    request = scrubber.request(vcr.request.Request("POST", url, "", {}))
    form = scrubber.request(vcr.request.Request("POST", "https://x/", "url=" + url.replace("&", "%26"), {}))
    redirect = scrubber.response({"headers": {"Location": [url]}, "body": {"string": b""}})["headers"]["location"][0]
    escaped = url.replace("&", "\\u0026")
    for text in (
        request.uri,
        str(form.body),
        redirect,
        recorded([url]),
        recorded(escaped),
        recorded({"data": escaped}),
    ):
        assert not any(secret in text for secret in SECRETS)
        assert "SIGNED" in text
    # What the response says is what the next request is compared with.
    assert json.loads(recorded([url])) == [request.uri] == [redirect]


def test_what_is_no_signature_stays() -> None:
    value = {"token": "a word", "note": "Expires=never", "url": "https://x/1.mp4?width=720&fields=id,title"}
    assert json.loads(recorded(value)) == value


def test_ids_of_customers_are_removed_wherever_they_come_up() -> None:
    scrubber = Scrubber({}, ())
    first = recorded({"customer_id": "cus_12345", "url": "https://x/cus_12345/1.mp4", "other": "cus_123456"}, scrubber)
    assert json.loads(first) == {"customer_id": "CUSTOMER", "url": "https://x/CUSTOMER/1.mp4", "other": "cus_123456"}
    later = scrubber.request(vcr.request.Request("GET", "https://x/cus_12345/1.mp4", None, {}))
    assert later.uri == "https://x/CUSTOMER/1.mp4"
    assert json.loads(recorded({"primary_user_id": "7", "scenes": "17 of 7"})) == {
        "primary_user_id": "CUSTOMER",
        "scenes": "17 of 7",
    }
    assert json.loads(recorded({"customer_id": 123456, "primary_user_id": None})) == {
        "customer_id": 0,
        "primary_user_id": None,
    }
    text = json.dumps({"customer_id": "cus_12345"})
    assert "cus_12345" not in recorded({"data": text})


@pytest.mark.parametrize(
    ("key", "kept"), [("the key", "KEY"), ("KEY", "KEY"), ("", "ANOTHER KEY"), ("x", "ANOTHER KEY")]
)
def test_only_the_callers_key_passes_for_it(key: str, kept: str) -> None:
    request = vcr.request.Request("GET", "https://x/?q=the%20key", b"the key", {"X-Api-Key": key})
    scrubbed = Scrubber({}, ("the key",)).request(request)
    assert dict(scrubbed.headers)["x-api-key"] == kept
    assert scrubbed.body == b"KEY"
    assert scrubbed.uri == "https://x/?q=KEY"


def test_scrubbing_twice_changes_nothing() -> None:
    once = recorded({"customer_id": "cus_12345", "url": SIGNED[0], "number": {"customer_id": 5}})
    assert recorded(json.loads(once)) == once
