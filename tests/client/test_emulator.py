"""Both clients against the emulator, over real connections: a story and a media from beginning to end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from vimmerse.compat import AsyncCompatClient, CompatClient, Policy
from vimmerse.compat.client import CompatMedia, CompatStory
from vimmerse.emulator import Emulator
from vimmerse.v2 import errors

KEY = "key-of-the-tests"
SILENT = Policy(api_key=KEY, on_warning=lambda notice: None)
IMAGES = Path(__file__).resolve().parents[2] / "examples" / "v1" / "images"
ROUNDS = range(100)  # of polling; the emulator is done after a few


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with Emulator() as emulator:
        yield emulator.base_url


@pytest.fixture
def client(base_url: str) -> Iterator[CompatClient]:
    with CompatClient(policy=SILENT, base_url=base_url) as client:
        yield client


def finished_story(client: CompatClient, id: Any) -> CompatStory:
    for _ in ROUNDS:
        story = client.get_story(id)
        if story.status == "success" and story.video_url:
            return story
    raise AssertionError("the story does not end")


def finished_media(client: CompatClient, id: Any) -> CompatMedia:
    for _ in ROUNDS:
        if client.get_media_status(id).processing_status == "success":
            return client.get_media(id)
    raise AssertionError("the media does not end")


def test_a_story_in_one_call(client: CompatClient) -> None:
    story = client.idea_to_video(idea="A paper boat", scene_count=2, option="FluxKontextPro", duration=4)
    assert isinstance(story.id, str)
    finished = finished_story(client, story.id)
    assert finished["data"]["video_url"] == finished.video_url
    assert len(finished["data"]["medias"]) == 2
    assert client.delete_story(story.id).id == story.id


def test_a_story_step_by_step(client: CompatClient) -> None:
    story = client.create_storyboard(idea="A paper boat", scene_count=2, image_files=[IMAGES / "start_frame.png"])
    drawn = client.create_elements(story.id, storyboard=story.to_dict()["storyboard"])
    painted = client.create_scenes(drawn.id, narrator="Aria")
    client.create_videos(painted.id, title="Boat", motion_type="KlingAI")
    finished = finished_story(client, story.id)
    assert client.concat_story(finished.id).id == story.id
    assert finished.title == "Boat"


def test_a_media_from_files(client: CompatClient, tmp_path: Path) -> None:
    images = [IMAGES / "start_frame.png", IMAGES / "end_frame.png"]
    media = client.create_media(title="Two", image_files=images, quantity=2, visibility_status="0")
    finished = finished_media(client, media.id)
    assert isinstance(finished.result, list)
    assert len(finished.result) == 2
    saved = client.download_media(finished.id, motion_type="Auto2").save(tmp_path / "video.mp4")
    assert saved.read_bytes() == httpx.get(str(finished.result[1])).content
    assert client.edit_media(finished.id, title="Other").title == "Other"
    assert client.process_media(finished.id).id == media.id


def test_several_motions(client: CompatClient, tmp_path: Path) -> None:
    presets = [{"MotionType": "Auto", "Params": "Prompt=A boat|Quantity=2"}, {"MotionType": "KlingAI"}]
    media = client.upload_media(image=IMAGES / "start_frame.png", data={"title": "Two", "pose_preset": presets})
    finished = finished_media(client, media.id)
    assert "+" in str(finished.id)
    assert [each["motion_type"] for each in finished["data"]["result"]] == ["Auto1", "Auto2", "KlingAI1"]
    with client.download_media(finished.id, motion_type="KlingAI1") as file:
        assert file.content_type == "video/mp4"
        assert len(file.read()) == file.size


def test_a_call_that_only_v1_can_do(client: CompatClient) -> None:
    story = client.idea_to_video(idea="A secret", visibility_status="0")
    assert client.update_story(story.id, title="Still secret").title == "Still secret"
    assert client.get_story(story.id).title == "Still secret"
    media = client.create_media_from_prompt(title="Arc", pose_preset={"MotionType": "Parallax", "Params": "Prompt=x"})
    assert client.get_media(media.id).title == "Arc"


def test_errors(client: CompatClient) -> None:
    with pytest.raises(errors.NotFoundError):
        client.get_story("no-such-story")
    with pytest.raises(errors.BadRequestError):
        client.create_videos(client.create_storyboard(idea="A boat").id)  # no scene has an image yet
    with pytest.raises(errors.ValidationError, match="prompt"):
        client.create_media(title="Of nothing")
    with pytest.raises(errors.ValidationError, match="duration"):
        client.create_media(prompt="A boat", duration=99)


def test_async(base_url: str, tmp_path: Path) -> None:
    async def run() -> None:
        async with AsyncCompatClient(policy=SILENT, base_url=base_url) as client:
            stories = await asyncio.gather(*(client.idea_to_video(idea=f"Boat {n}", scene_count=1) for n in range(3)))
            assert len({story.id for story in stories}) == 3
            media = await client.create_media(image_files=IMAGES / "start_frame.png")
            for _ in ROUNDS:
                if (await client.get_media_status(media.id)).processing_status == "success":
                    break
            async with client.download_media(media.id) as file:
                saved = await file.save(tmp_path / "video.mp4")
            assert saved.stat().st_size == file.size
            with pytest.raises(errors.NotFoundError):
                await client.get_media("no-such-media")

    asyncio.run(run())
