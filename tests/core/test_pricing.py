"""Prices: the vendor's formula and examples, and what is assumed where it says nothing."""

from __future__ import annotations

from typing import Any

import pytest
from vimmerse.emulator import prices
from vimmerse.pricing import FREE, RATES, Estimate, estimate, estimate_call, unpriced


@pytest.mark.parametrize(
    ("given", "credits"),
    [
        ({}, 150),
        ({"video_tool": "Auto", "scene_count": 3, "scene_duration": 5, "native_audio": False}, 150),
        ({"video_tool": "AutoT1", "scene_count": 5, "scene_duration": 5, "native_audio": True}, 250),
        ({"video_tool": "VeoFast", "scene_count": 5, "scene_duration": 10, "native_audio": True}, 1000),
    ],
)
def test_the_vendors_examples(given: dict[str, Any], credits: int) -> None:
    price = estimate(**given)
    assert price == Estimate(credits)
    assert str(price) == f"about {credits} credits"


def test_vidu_is_estimated_at_the_higher_rate_with_an_assumption() -> None:
    """The page's table says 10, its example computes with 5."""
    price = estimate(video_tool="Vidu", scene_count=3, scene_duration=5)
    assert price.credits == 150
    assert "Vidu" in str(price)
    assert "10 and 5" in str(price)


def test_an_unknown_tool_is_assumed_to_be_a_standard_one() -> None:
    price = estimate(video_tool="Sora9")
    assert price.credits == 150
    assert "'Sora9'" in price.assumptions[0]


@pytest.mark.parametrize("given", [{"scene_count": 0}, {"scene_duration": 0}, {"scene_count": -1}])
def test_a_story_needs_a_scene(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        estimate(**given)


NATIVE: tuple[Any, ...] = ("true", 1, "yes", "maybe", [], 1.0)
NOT_NATIVE: tuple[Any, ...] = (False, None, "no", 0, "off")
FLOW = "POST /v2/story/idea-2-video"
VIDEOS = "POST /v2/story/{story_id}/videos"


@pytest.mark.parametrize(
    ("call", "body", "credits"),
    [
        (FLOW, {}, 150),
        (FLOW, {"scene_count": 2, "scene_duration": 10, "video_tool": "PVideo"}, 100),
        (FLOW, {"audio_option": {"native_audio": True}}, 300),
        *((FLOW, {"audio_option": {"native_audio": value}}, 300) for value in NATIVE),
        *((FLOW, {"audio_option": {"native_audio": value}}, 150) for value in NOT_NATIVE),
        (FLOW, {"audio_option": "loud", "video_tool": ["Auto"]}, 300),
        (FLOW, {"scene_count": "4"}, 200),
        (FLOW, {"scene_count": 2, "image_urls": ["a"] * 5}, 250),
        (FLOW, {"scene_count": 10**400}, float("inf")),
        (FLOW, {"scene_count": "many"}, 150),
        (FLOW, {"scene_count": True}, 150),
        ("POST /v2/story/url-2-video", {"scene_count": 4}, 200),
        ("POST /v2/story/images-2-video", {"image_urls": ["a", "b"]}, 100),
        ("POST /v2/story/images-2-video", {"image_urls": "a"}, 150),
        (VIDEOS, {}, 150),
        (VIDEOS, {"storyboard": {"scenes": [1, 2, 3, 4]}, "duration": 10}, 400),
        (VIDEOS, {"storyboard": {}}, 150),
        ("POST /v2/media", {}, 50),
        ("POST /v2/media", {"quantity": 2, "duration": 10, "video_tool": "VeoLite"}, 100),
        ("PUT /v2/media/{media_id}", {"prompt": "A dog"}, 50),
        ("PUT /v2/media/{media_id}", {"title": "Fox", "rating": "5"}, 0),
        ("PUT /v2/media/{media_id}", {}, 0),
        ("POST /v2/story", {"idea": "A fox"}, 0),
        ("POST /v2/story/{story_id}/elements", {}, 0),
        ("GET /v2/media/{media_id}", {}, 0),
    ],
)
def test_calls(call: str, body: dict[str, Any], credits: float) -> None:
    assert estimate_call(call, body).credits == credits


@pytest.mark.parametrize(
    ("call", "body", "why"),
    [
        (FLOW, {}, ""),
        (FLOW, {"scene_count": "4", "scene_duration": 10, "image_urls": ["a"]}, ""),
        (FLOW, {"scene_count": 0}, "scene_count is 0"),
        (FLOW, {"scene_duration": True}, "scene_duration is True"),
        (FLOW, {"image_urls": []}, "image_urls is not a list, or empty"),
        (FLOW, {"audio_option": "loud"}, "audio_option is not an object"),
        ("POST /v2/story/images-2-video", {"image_urls": "a"}, "image_urls is not a list, or empty"),
        ("POST /v2/story/images-2-video", {"image_urls": ["a"], "scene_count": "few"}, "scene_count is 'few'"),
        (VIDEOS, {}, "the number of scenes is not known"),
        (VIDEOS, {"storyboard": {"scenes": []}}, "the number of scenes is not known"),
        (VIDEOS, {"storyboard": {"scenes": [{}]}, "duration": 10**10}, "duration is 10000000000"),
        ("POST /v2/media", {"image_urls": []}, ""),  # it has no such field
        ("POST /v2/media", {"quantity": "0"}, "quantity is '0'"),
        ("PUT /v2/media/{media_id}", {"prompt": "A dog", "duration": -1}, "duration is -1"),
        ("PUT /v2/media/{media_id}", {"title": "Fox", "rating": None}, ""),
        ("POST /v2/image", {}, ""),
    ],
)
def test_what_can_not_be_priced_is_named(call: str, body: dict[str, Any], why: str) -> None:
    assert unpriced(call, body) == why


def test_assumptions_are_listed_once() -> None:
    one = estimate_call("POST /v2/media", {"quantity": "few"})
    both = one + one + FREE
    assert both.credits == 100
    assert both.assumptions == one.assumptions
    assert "quantity is 1, since 'few' is not a valid number" in str(both)


def test_the_rates_are_the_pages_and_the_emulators() -> None:
    standard = dict.fromkeys(("Auto", "KlingAI", "Seedance", "Pixverse", "VeoFast", "Vidu"), 10)
    assert standard | dict.fromkeys(("AutoT1", "PVideo", "VeoLite"), 5) == RATES
    assert {tool: prices.rate(tool) for tool in RATES} == RATES
