"""A fake of the v2 API for httpx's MockTransport, and a helper that makes calls with either client."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
from vimmerse.compat import AsyncCompatClient, CompatClient, Notice, Policy
from vimmerse.compat.client import CompatMedia, CompatStory

KEY = "key-of-the-tests"
VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 1000

STORY = {
    "id": "s1",
    "title": "Example Story",
    "is_transition": True,
    "status": "processing",
    "storyboard": {"characters": [{"name": "Melody", "image_url": "https://x.example/melody.png"}], "scenes": []},
    "all_medias": [{"id": "m1", "processing_status": "queued", "result": []}],
    "created_at": "2025-04-01T18:57:37.355064+00:00",
    "later": {"field": [1]},
}
MEDIA = {
    "id": "m1",
    "title": "Example Media",
    "processing_status": "processing",
    "pose_preset": {"motion_type": "Auto", "prompt": "A bunny", "quantity": 2, "motion_length": 5, "loop": 1},
    "submit_params": {"native_audio": True},
    "result": ["https://files.example/1.mp4", "https://files.example/2.mp4"],
    "created_at": "2025-04-01T18:57:37.355064+00:00",
}


@dataclass
class Sent:
    """A request that reached the service."""

    method: str
    url: str
    headers: httpx.Headers = field(repr=False)
    body: bytes

    @property
    def path(self) -> str:
        return httpx.URL(self.url).path

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def comparable(self) -> tuple[str, str, str, Any]:
        """The request without the order of an object's keys and the boundary of a form."""
        kind, _, options = self.headers.get("content-type", "").partition("; boundary=")
        body = self.json if kind == "application/json" else self.body.replace(options.encode() or b"\0", b"(boundary)")
        return self.method, self.url, kind, body


@dataclass
class Service:
    """A fake API. Responds from ``responses`` first, by method and path. Records the requests."""

    responses: dict[str, Any] = field(default_factory=dict)  # an object, a response, an error, or a list of them
    sent: list[Sent] = field(default_factory=list)

    def respond(self, request: httpx.Request, body: bytes) -> httpx.Response:
        sent = Sent(request.method, str(request.url), request.headers, body)
        self.sent.append(sent)
        prepared = self.responses.get(f"{sent.method} {sent.path}")
        if isinstance(prepared, list):
            prepared = prepared.pop(0)
        if isinstance(prepared, Exception):
            raise prepared
        if isinstance(prepared, httpx.Response):
            return prepared
        if prepared is not None:
            return httpx.Response(200, json=prepared)
        if sent.path == "/v2/image":
            number = sum(each.path == "/v2/image" for each in self.sent)
            return httpx.Response(200, json={"id": "i", "results": [f"https://images.example/{number}.png"]})
        if request.url.host == "files.example":
            return httpx.Response(200, headers={"content-type": "video/mp4"}, content=VIDEO)
        if re.match(r"/v2/(story|media)\b", sent.path):
            return httpx.Response(200, json=STORY if sent.path.startswith("/v2/story") else MEDIA)
        return httpx.Response(404, json={"message": "No such path.", "code": "NOT_FOUND"})

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(lambda request: self.respond(request, request.read()))

    def async_transport(self) -> httpx.MockTransport:
        async def respond(request: httpx.Request) -> httpx.Response:
            return self.respond(request, await request.aread())

        return httpx.MockTransport(respond)


Kind = Literal["sync", "async"]
KINDS: tuple[Kind, ...] = ("sync", "async")


class Caller:
    """Makes one call with either client."""

    def __init__(self, kind: Kind, service: Service, **settings: Any) -> None:
        self.kind = kind
        self.service = service
        self.notices: list[Notice] = []
        self._policy = Policy(**{"api_key": KEY, "on_warning": self.notices.append, **settings})

    def call(self, name: str, *arguments: Any, **fields: Any) -> CompatStory | CompatMedia:
        def ask(client: Any) -> Any:
            return getattr(client, name)(*arguments, **fields)

        result = self.use(ask)
        assert isinstance(result, CompatStory | CompatMedia)
        return result

    def use(self, ask: Callable[[Any], Any]) -> Any:
        """Return the result of ``ask(client)``, awaited for the async client."""
        if self.kind == "sync":
            with CompatClient(policy=self._policy, transport=self.service.transport()) as client:
                return ask(client)

        async def run() -> Any:
            transport = self.service.async_transport()
            async with AsyncCompatClient(policy=self._policy, transport=transport) as client:
                return await ask(client)

        return asyncio.run(run())
