"""The types of each method, which mypy and basedpyright check; nothing here runs but the last test."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import assert_type

from vimmerse.jobs import Outcome
from vimmerse.pricing import Estimate
from vimmerse.v2 import AsyncVimmerse, Vimmerse
from vimmerse.v2.models import Asset, DeletedStory, Media, PartialMedia, Story, StoryAudioOption
from vimmerse.v2.params import ElementParams, StoryAudioOptionParams
from vimmerse.v2.types import Response


def blocking(client: Vimmerse, story: Story, media: Media) -> None:
    stories = client.stories
    assert_type(stories.create(idea="x", scene_count=3, video_tool="KlingAI", timeout=3), Story)
    assert_type(stories.create_from_url(idea="x", language="English", max_retries=1), Story)
    assert_type(stories.create_from_images(image_urls=["x"], idea=None), Story)
    assert_type(stories.create_storyboard(image_urls=("x", "y")), Story)
    assert_type(stories.create_elements(story, image_tool="Brandnew"), Story)
    assert_type(stories.create_scenes("s1", storyboard={"scenes": [{"name": "x"}]}), Story)
    assert_type(stories.create_videos(story_id=story, retry_refused=True), Story)
    assert_type(stories.concat(story, audio_urls=[]), Story)
    assert_type(stories.get(story), Story)
    assert_type(stories.delete(story, extra_headers={"X-Team": "films"}), DeletedStory)
    assert_type(client.media.create(prompt="x", extra_body={"style": "noir"}), Media)
    assert_type(client.media.update(media, title="x"), Media)
    assert_type(client.media.get(media), Media)
    assert_type(client.media.get("m1", fields=["id", "brand_new"]), PartialMedia)
    assert_type(client.images.upload("x.png"), Asset)
    assert_type(client.images.upload(Path("x.png"), file_name="y.png"), Asset)


def blocking_raw(client: Vimmerse, story: Story, media: Media) -> None:
    stories = client.stories.with_raw_response
    assert_type(stories.create(idea="x"), Response[Story])
    assert_type(stories.create_from_url(idea="x"), Response[Story])
    assert_type(stories.create_from_images(image_urls=["x"]), Response[Story])
    assert_type(stories.create_storyboard(idea="x"), Response[Story])
    assert_type(stories.create_elements(story), Response[Story])
    assert_type(stories.create_scenes(story), Response[Story])
    assert_type(stories.create_videos(story), Response[Story])
    assert_type(stories.concat(story), Response[Story])
    assert_type(stories.get(story).parsed.id, str)
    assert_type(stories.delete(story), Response[DeletedStory])
    assert_type(client.media.with_raw_response.create(prompt="x"), Response[Media])
    assert_type(client.media.with_raw_response.update(media), Response[Media])
    assert_type(client.media.with_raw_response.get(media), Response[Media])
    assert_type(client.media.with_raw_response.get("m1", fields=["id"]), Response[PartialMedia])
    assert_type(client.images.with_raw_response.upload(b"x"), Response[Asset])


async def asynchronous(client: AsyncVimmerse, story: Story, media: Media) -> None:
    stories = client.stories
    assert_type(await stories.create(idea="x"), Story)
    assert_type(await stories.create_from_url(idea="x"), Story)
    assert_type(await stories.create_from_images(image_urls=["x"]), Story)
    assert_type(await stories.create_storyboard(idea="x"), Story)
    assert_type(await stories.create_elements(story), Story)
    assert_type(await stories.create_scenes(story), Story)
    assert_type(await stories.create_videos(story), Story)
    assert_type(await stories.concat(story), Story)
    assert_type(await stories.get(story), Story)
    assert_type(await stories.delete(story), DeletedStory)
    assert_type(await client.media.create(prompt="x"), Media)
    assert_type(await client.media.update(media), Media)
    assert_type(await client.media.get(media), Media)
    assert_type(await client.media.get("m1", fields=["id"]), PartialMedia)
    assert_type(await client.images.upload(b"x"), Asset)


async def asynchronous_raw(client: AsyncVimmerse, story: Story, media: Media) -> None:
    stories = client.stories.with_raw_response
    assert_type(await stories.create(idea="x"), Response[Story])
    assert_type(await stories.create_from_url(idea="x"), Response[Story])
    assert_type(await stories.create_from_images(image_urls=["x"]), Response[Story])
    assert_type(await stories.create_storyboard(idea="x"), Response[Story])
    assert_type(await stories.create_elements(story), Response[Story])
    assert_type(await stories.create_scenes(story), Response[Story])
    assert_type(await stories.create_videos(story), Response[Story])
    assert_type(await stories.concat(story), Response[Story])
    assert_type((await stories.get(story)).parsed.id, str)
    assert_type(await stories.delete(story), Response[DeletedStory])
    assert_type(await client.media.with_raw_response.create(prompt="x"), Response[Media])
    assert_type(await client.media.with_raw_response.update(media), Response[Media])
    assert_type(await client.media.with_raw_response.get(media), Response[Media])
    assert_type(await client.media.with_raw_response.get("m1", fields=["id"]), Response[PartialMedia])
    assert_type(await client.images.with_raw_response.upload(b"x"), Response[Asset])


def beside_the_resources(client: Vimmerse, story: Story, media: Media) -> None:
    assert_type(client.wait(story, timeout=60, on_progress=print), Story)
    assert_type(client.wait(media), Media)
    assert_type(client.wait("s1", kind="story"), Story)
    assert_type(client.wait("m1", kind="media"), Media)
    assert_type(client.wait_all([story, media], concurrency=2), Iterator[Outcome])
    assert_type(client.download(story, "x.mp4", overwrite=True, on_progress=print), Path)
    assert_type(client.estimate(client.stories.create, idea="x", scene_count=3), Estimate)
    assert_type(client.estimate(client.stories.with_raw_response.create, idea="x"), Estimate)
    assert_type(client.estimate(client.images.upload, b"x"), Estimate)
    assert_type(client.estimate(scene_count=3, video_tool="KlingAI"), Estimate)
    assert_type(client.with_timeout(3).stories.get("s1"), Story)
    with client as opened:
        assert_type(opened, Vimmerse)


async def beside_the_resources_async(client: AsyncVimmerse, story: Story) -> None:
    async def on_progress(progress: object) -> None: ...

    assert_type(await client.wait(story, on_progress=on_progress), Story)
    assert_type(await client.wait("m1", kind="media"), Media)
    assert_type(client.wait_all([story]), AsyncIterator[Outcome])
    assert_type(await client.download(story, "x.mp4", on_progress=on_progress), Path)
    assert_type(client.estimate(client.stories.create, idea="x"), Estimate)
    async with client as opened:
        assert_type(opened, AsyncVimmerse)


def nested(client: Vimmerse) -> None:
    audio: StoryAudioOptionParams = {"narrator": "Rachel", "has_bg_music": False}
    characters: list[ElementParams] = [{"name": "Pip", "description": "A mouse"}]
    client.stories.create(idea="x", audio_option=audio, elements={"characters": characters})
    client.stories.create(idea="x", audio_option=StoryAudioOption(narrator="A new voice"))


def mistakes(client: Vimmerse, story: Story) -> None:
    """Each of these is an error of both type checkers: else the comment that ignores it would be one."""
    client.stories.create()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.stories.create(idea=None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.stories.create(idea="x", video_tol="Auto")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.stories.create(idea="x", scene_count="3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.stories.create_from_images(image_urls="x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.media.get(story)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    client.estimate(client.stories.create)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    unknown = {"narator": "Rachel"}
    client.stories.create(idea="x", audio_option=unknown)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_each_method_has_its_types_checked() -> None:
    from tests.resources.calls import ROWS

    for function in (blocking, blocking_raw, asynchronous, asynchronous_raw):
        source = inspect.getsource(function)
        missing = [row.method for row in ROWS if f".{row.name}(" not in source]
        assert missing == []
