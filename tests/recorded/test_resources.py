"""Each method of ``Vimmerse``, and the same calls by ``AsyncVimmerse``, which play the same cassettes."""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import Iterator
from typing import Any

import pytest
from vimmerse.v2 import AsyncVimmerse, Vimmerse
from vimmerse.v2.models import PartialMedia

from tests.recorded.conftest import Service
from tests.recorded.images import PNG

LIVE = os.environ.get("RECORD_FROM") == "live"
INTERVAL = 10 if LIVE else 0.01  # seconds; cassettes and the emulator respond at once
pytestmark = [pytest.mark.block_network, pytest.mark.vcr]


class Caller:
    """Calls the methods of either client."""

    def __init__(self, client: Vimmerse | AsyncVimmerse, runner: asyncio.Runner) -> None:
        self.client: Any = client
        self._runner = runner

    def __call__(self, result: Any) -> Any:
        return self._runner.run(result) if inspect.iscoroutine(result) else result


@pytest.fixture(params=[Vimmerse, AsyncVimmerse])
def call(request: pytest.FixtureRequest, service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Caller]:
    if not LIVE:
        monkeypatch.setattr("time.sleep", lambda seconds: None)
    with asyncio.Runner() as runner:
        client = request.param(base_url=service.base_url, api_key=service.key)
        yield Caller(client, runner)
        client.close()
        runner.run(client.aclose())


@pytest.mark.default_cassette("one_call")
def test_stories_from_one_call(call: Caller) -> None:
    stories = call.client.stories
    story = call(
        stories.create(
            idea="A paper boat finds the sea",
            scene_count=2,
            audio_option={"narrator": "Rachel", "has_bg_music": False},
            elements={"characters": [{"name": "Pip", "description": "A round grey mouse"}]},
        )
    )
    assert call(stories.get(story)).id == story.id
    assert call(stories.create_from_url(idea="A film about https://example.com/", video_tool="VeoFast")).id
    raw = call(stories.with_raw_response.create_from_images(image_urls=["https://example.com/1.png"], idea="One"))
    assert (raw.status_code, raw.parsed.status) == (200, "new")
    finished = call(call.client.wait(story, interval=INTERVAL))
    assert finished.video_url
    assert call(stories.concat(finished)).id == story.id
    call(stories.delete(finished))


@pytest.mark.default_cassette("steps")
def test_a_story_step_by_step(call: Caller) -> None:
    stories = call.client.stories
    story = call(stories.create_storyboard(idea="A bunny finds honey", scene_count=3))
    story = call(stories.create_elements(story, image_tool="Seedream"))
    story = call(stories.create_scenes(story, storyboard=story.storyboard))
    story = call(stories.create_videos(story, video_tool="VeoLite", duration=5))
    assert call(call.client.wait(story, interval=INTERVAL)).status == "success"


@pytest.mark.default_cassette("media")
def test_a_media_from_an_image(call: Caller) -> None:
    image = call(call.client.images.upload(PNG, file_name="kite.png"))
    media = call(call.client.media.create(prompt="A kite", media_items=[{"type": "image", "url": image.url}]))
    media = call(call.client.media.update(media, title="Kite"))
    assert media.title == "Kite"
    partial = call(call.client.media.get(media, fields=["processing_status"]))
    assert type(partial) is PartialMedia
    assert partial.id is None
    assert call(call.client.media.get(media)).id == media.id
