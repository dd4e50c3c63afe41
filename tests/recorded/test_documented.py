"""The vendor's documented v2 responses, played to the typed client, which returns them unchanged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from vimmerse.v2 import AuthenticatedClient, models
from vimmerse.v2.api.media import create_media, get_media, update_media
from vimmerse.v2.api.story import (
    create_elements,
    create_scenes,
    create_storyboard,
    create_videos,
    delete_story,
    get_story,
    idea_to_video,
    images_to_video,
    url_to_video,
)
from vimmerse.v2.errors import ApiError

from tests.recorded.conftest import Service
from tests.recorded.documented import FOLDER, Documented, documented

Client = AuthenticatedClient
CALLS: dict[str, Callable[[Client], Any]] = {
    "POST /v2/story/idea-2-video": lambda c: idea_to_video.sync(client=c, body=models.IdeaToVideoRequest(idea="x")),
    "POST /v2/story/url-2-video": lambda c: url_to_video.sync(client=c, body=models.UrlToVideoRequest(idea="x")),
    "POST /v2/story/images-2-video": lambda c: images_to_video.sync(
        client=c, body=models.ImagesToVideoRequest(image_urls=["https://example.com/a.png"])
    ),
    "POST /v2/story": lambda c: create_storyboard.sync(client=c, body=models.CreateStoryboardRequest()),
    "POST /v2/story/{story_id}/elements": lambda c: create_elements.sync(
        "a-story", client=c, body=models.CreateElementsRequest()
    ),
    "POST /v2/story/{story_id}/scenes": lambda c: create_scenes.sync(
        "a-story", client=c, body=models.CreateScenesRequest()
    ),
    "POST /v2/story/{story_id}/videos": lambda c: create_videos.sync(
        "a-story", client=c, body=models.CreateVideosRequest()
    ),
    "GET /v2/story/{story_id}": lambda c: get_story.sync("a-story", client=c),
    "DELETE /v2/story/{story_id}": lambda c: delete_story.sync("a-story", client=c),
    "POST /v2/media": lambda c: create_media.sync(client=c, body=models.CreateMediaRequest()),
    "PUT /v2/media/{media_id}": lambda c: update_media.sync("a-media", client=c, body=models.UpdateMediaRequest()),
    "GET /v2/media/{media_id}": lambda c: get_media.sync("a-media", client=c),
}
ALL = list(documented())


@pytest.fixture
def vcr_config() -> dict[str, Any]:
    """The pages show responses without their requests."""
    return {"match_on": ["method", "scheme", "host", "path"], "record_mode": "none"}


@pytest.fixture(scope="session")
def record_mode() -> str:
    """Never recorded: written."""
    return "none"


@pytest.mark.block_network
@pytest.mark.vcr
@pytest.mark.parametrize(
    "one", [pytest.param(one, id=one.name, marks=pytest.mark.default_cassette(one.name)) for one in ALL]
)
def test_documented(one: Documented, service: Service) -> None:
    with AuthenticatedClient(base_url=service.base_url, token=service.key) as client:
        if one.status < 400:
            assert CALLS[one.operation](client).to_dict() == one.response
            return
        with pytest.raises(ApiError) as refused:
            CALLS[one.operation](client)
    assert (refused.value.status, refused.value.code) == (one.status, one.response["code"])
    assert refused.value.message == one.response["message"]
    assert one.response["message"].rstrip(".") in str(refused.value)


def test_the_cassettes_are_those_of_the_examples() -> None:
    written = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.yaml")}
    assert written == {one.name: one.text() for one in ALL}, "run scripts/record"
