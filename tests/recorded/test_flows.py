"""Whole flows: a story by a v1 program, the same by v2's typed client, and media from a prompt to the file."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Iterator

import pytest
from vimmerse.compat import requests as compat_requests
from vimmerse.jobs import download, wait
from vimmerse.v2 import AuthenticatedClient
from vimmerse.v2.api.media import create_media, update_media
from vimmerse.v2.api.story import create_elements, create_scenes, create_storyboard, create_videos, idea_to_video
from vimmerse.v2.models import (
    CreateElementsRequest,
    CreateMediaRequest,
    CreateScenesRequest,
    CreateStoryboardRequest,
    CreateVideosRequest,
    IdeaToVideoRequest,
    Story,
    UpdateMediaRequest,
)

from tests.recorded.conftest import Service

pytestmark = [pytest.mark.block_network, pytest.mark.vcr]


@pytest.fixture
def client(service: Service) -> Iterator[AuthenticatedClient]:
    """The typed v2 client."""
    with AuthenticatedClient(base_url=service.base_url, token=service.key) as client:
        yield client


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cassettes and the emulator respond at once."""
    if os.environ.get("RECORD_FROM") != "live":
        monkeypatch.setattr("time.sleep", lambda seconds: None)


@pytest.mark.default_cassette("story.v1")
def test_a_story_in_v1s_shape(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_BASE_URL", service.base_url)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        response = compat_requests.post(
            "https://api.vimmerse.net/story/idea-2-video",
            headers=service.headers,
            data={"idea": "A paper boat finds the sea", "title": "Boat", "aspect_ratio": "9:16"},
        )
        story = response.json()["data"]
        while story["status"] != "success":
            time.sleep(10)
            story = compat_requests.get(
                f"https://api.vimmerse.net/story/{story['id']}", headers=service.headers
            ).json()["data"]
        video = compat_requests.get(story["video_url"], stream=True)
    assert video.headers["content-type"] == "video/mp4"
    assert video.content[4:8] == b"ftyp"


@pytest.mark.default_cassette("story.v2")
def test_a_story_by_the_typed_client(client: AuthenticatedClient) -> None:
    story = idea_to_video.sync(
        client=client, body=IdeaToVideoRequest(idea="A paper boat finds the sea", title="Boat", aspect_ratio="9:16")
    )
    done = wait(client, story)
    assert isinstance(done, Story)
    assert str(done.video_url).endswith(".mp4")


@pytest.mark.default_cassette("steps.v2")
def test_a_story_step_by_step(client: AuthenticatedClient) -> None:
    story = create_storyboard.sync(
        client=client, body=CreateStoryboardRequest(idea="A bunny finds honey", scene_count=3)
    )
    id = str(story.id)
    create_elements.sync(id, client=client, body=CreateElementsRequest(image_tool="Seedream"))
    create_scenes.sync(id, client=client, body=CreateScenesRequest(image_tool="Seedream"))
    create_videos.sync(id, client=client, body=CreateVideosRequest(video_tool="VeoLite", duration=5))
    assert wait(client, story).status == "success"


@pytest.mark.default_cassette("media.v2")
def test_a_media_from_prompt_to_file(client: AuthenticatedClient, tmp_path) -> None:
    media = create_media.sync(client=client, body=CreateMediaRequest(prompt="A kite in the wind", duration=5))
    edited = update_media.sync(str(media.id), client=client, body=UpdateMediaRequest(title="Kite"))
    assert edited.title == "Kite"
    done = wait(client, media)
    path = download(done, tmp_path / "kite.mp4")
    assert (tmp_path / "kite.mp4").read_bytes()[4:8] == b"ftyp", path
