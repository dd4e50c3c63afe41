"""The two clients over a mock transport, and one call of each method."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
from vimmerse.v2 import AsyncVimmerse, Vimmerse

KEY = "a-secret-key-0123456789"
Kind = Literal["sync", "async"]
KINDS: tuple[Kind, ...] = ("sync", "async")
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Row:
    """A call of a method, and the request that it must make."""

    method: str  # stories.create
    arguments: Mapping[str, Any]
    request: str  # POST /v2/story
    body: object = None
    response: Mapping[str, Any] = field(default_factory=lambda: {"id": "s1", "status": "new"})

    @property
    def resource(self) -> str:
        return self.method.partition(".")[0]

    @property
    def name(self) -> str:
        return self.method.partition(".")[2]


STORY = {"id": "s1", "status": "new"}
MEDIA = {"id": "m1", "processing_status": "new"}

ROWS = [
    Row(
        "stories.create",
        {"idea": "A boat", "scene_count": 3, "audio_option": {"narrator": "Rachel"}},
        "POST /v2/story/idea-2-video",
        {"idea": "A boat", "scene_count": 3, "audio_option": {"narrator": "Rachel"}},
    ),
    Row(
        "stories.create_from_url",
        {"idea": "About https://example.com/", "video_tool": "KlingAI"},
        "POST /v2/story/url-2-video",
        {"idea": "About https://example.com/", "video_tool": "KlingAI"},
    ),
    Row(
        "stories.create_from_images",
        {"image_urls": ("https://example.com/1.png", "https://example.com/2.png"), "is_transition": False},
        "POST /v2/story/images-2-video",
        {"image_urls": ["https://example.com/1.png", "https://example.com/2.png"], "is_transition": False},
    ),
    Row("stories.create_storyboard", {"idea": "A boat"}, "POST /v2/story", {"idea": "A boat"}),
    Row(
        "stories.create_elements",
        {"story_id": "s1", "image_tool": "Seedream"},
        "POST /v2/story/s1/elements",
        {"image_tool": "Seedream"},
    ),
    Row("stories.create_scenes", {"story_id": "s1"}, "POST /v2/story/s1/scenes", {}),
    Row("stories.create_videos", {"story_id": "s1", "duration": 5}, "POST /v2/story/s1/videos", {"duration": 5}),
    Row("stories.concat", {"story_id": "s1", "audio_urls": []}, "POST /v2/story/s1/concat", {"audio_urls": []}),
    Row("stories.get", {"story_id": "a/b"}, "GET /v2/story/a%2Fb"),
    Row("stories.delete", {"story_id": "s1"}, "DELETE /v2/story/s1", response={}),
    Row(
        "media.create",
        {"prompt": "A kite", "media_items": [{"type": "image", "url": "https://example.com/1.png"}]},
        "POST /v2/media",
        {"prompt": "A kite", "media_items": [{"type": "image", "url": "https://example.com/1.png"}]},
        MEDIA,
    ),
    Row("media.update", {"media_id": "m1", "title": ""}, "PUT /v2/media/m1", {"title": ""}, MEDIA),
    Row("media.get", {"media_id": "m1"}, "GET /v2/media/m1", None, MEDIA),
    Row(
        "media.get",
        {"media_id": "m1", "fields": ["processing_status", "result"]},
        "GET /v2/media/m1?fields=processing_status%2Cresult",
        None,
        {"processing_status": "success"},
    ),
    Row("images.upload", {"image": PNG, "file_name": "a.png"}, "POST /v2/image", response={"id": "a1"}),
]
NAMES = [f"{row.method}-{index}" for index, row in enumerate(ROWS)]


class Service:
    """A service that gives each request the same response, and keeps the requests."""

    def __init__(self, response: object = None, status: int = 200, **headers: str) -> None:
        self.requests: list[httpx.Request] = []
        self.response = STORY if response is None else response
        self.status = status
        self.headers = headers

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        return httpx.Response(self.status, json=self.response, headers=self.headers)

    @property
    def request(self) -> httpx.Request:
        (request,) = self.requests
        return request

    @property
    def body(self) -> Any:
        return json.loads(self.request.content)

    def client(self, kind: Kind = "sync", **settings: Any) -> Any:
        transport = httpx.MockTransport(self)
        package: Callable[..., Any] = Vimmerse if kind == "sync" else AsyncVimmerse
        return package(**{"api_key": KEY, "transport": transport, "async_transport": transport} | settings)


def resolve(result: Any) -> Any:
    """Return the result, or that of the coroutine."""
    return asyncio.run(result) if inspect.iscoroutine(result) else result


def call(client: Any, method: str, *args: Any, raw: bool = False, **arguments: Any) -> Any:
    resource, _, name = method.partition(".")
    target = getattr(client, resource)
    return resolve(getattr(target.with_raw_response if raw else target, name)(*args, **arguments))
