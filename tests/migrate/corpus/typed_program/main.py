from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final, TypedDict, cast

import requests

API: Final = "https://api.vimmerse.net"
HEADERS: Final[Mapping[str, str]] = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}


class Story(TypedDict):
    id: str
    status: str
    video_url: str


def create_story(idea: str, scene_count: int = 3) -> Story:
    """Create a story.

    Sends ``POST https://api.vimmerse.net/story/idea-2-video``.
    """
    payload: dict[str, Any] = {"idea": idea, "scene_count": scene_count, "narrator": "Eric"}
    response: requests.Response = requests.post(f"{API}/story/idea-2-video", headers=HEADERS, data=payload)
    response.raise_for_status()
    body: dict[str, Any] = response.json()
    return cast("Story", body["data"])


def get_story(story_id: str) -> Story:
    response = requests.get(f"{API}/story/{story_id}", headers=HEADERS)
    response.raise_for_status()
    data: Story = response.json()["data"]
    return data


story: Story = create_story("A spider knits a ladder", 2)
print(story["id"])
story = get_story(story["id"])
print(story.get("video_url") or "later")
