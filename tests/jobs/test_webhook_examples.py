"""The receivers of examples/webhooks, run against the emulator."""

from __future__ import annotations

import asyncio
import importlib
import json
import socket
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
import uvicorn
from vimmerse.emulator import Emulator
from vimmerse.jobs import wait
from vimmerse.v2 import AuthenticatedClient
from vimmerse.v2.api.media import create_media
from vimmerse.v2.api.story import idea_to_video
from vimmerse.v2.models import CreateMediaRequest, IdeaToVideoRequest, Media, Story

EXAMPLES = Path(__file__).parents[2] / "examples" / "webhooks"
MODULES = ("receiving", "starlette_app", "fastapi_app", "flask_app")
SECRET = "a-secret-of-the-tests"


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    with Emulator() as running:
        monkeypatch.setenv("VIMMERSE_BASE_URL", running.base_url)
        monkeypatch.setenv("VIMMERSE_API_KEY", "key-for-tests-0123456789")
        monkeypatch.setenv("WEBHOOK_SECRET", SECRET)
        monkeypatch.syspath_prepend(str(EXAMPLES))
        for name in MODULES:
            sys.modules.pop(name, None)
        yield running
        for name in MODULES:
            sys.modules.pop(name, None)


class Receiver(ABC):
    """One of the three receivers, called without a network. Its background work is done when ``post`` returns."""

    def __init__(self, name: str) -> None:
        pytest.importorskip(name.removesuffix("_app"))
        self.module: ModuleType = importlib.import_module(name)
        self.receiving: ModuleType = sys.modules["receiving"]

    @abstractmethod
    def post(self, body: bytes, *, secret: str = SECRET, headers: dict[str, str] | None = None) -> int:
        """Returns the HTTP status."""

    def handled(self) -> set[str]:
        instance: set[str] = self.receiving.handled
        return instance


class OnAsgi(Receiver):
    def post(self, body: bytes, *, secret: str = SECRET, headers: dict[str, str] | None = None) -> int:
        async def call() -> int:
            app: Any = self.module.app
            async with (
                app.router.lifespan_context(app),
                httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://receiver") as client,
            ):
                return (await client.post(f"/vimmerse/{secret}", content=body, headers=headers)).status_code

        return asyncio.run(call())


class OnWsgi(Receiver):
    def post(self, body: bytes, *, secret: str = SECRET, headers: dict[str, str] | None = None) -> int:
        app: Any = self.module.app
        status: int = app.test_client().post(f"/vimmerse/{secret}", data=body, headers=headers).status_code
        workers: Any = self.module.workers
        workers.shutdown()
        self.module.client.close()
        importlib.reload(self.module)
        return status


@pytest.fixture(params=["starlette_app", "fastapi_app", "flask_app"])
def receiver(request: pytest.FixtureRequest, emulator: Emulator) -> Iterator[Receiver]:
    name: str = request.param
    instance = OnWsgi(name) if name == "flask_app" else OnAsgi(name)
    yield instance
    if name == "flask_app":
        instance.module.client.close()


@pytest.fixture
def client(emulator: Emulator) -> Iterator[AuthenticatedClient]:
    with AuthenticatedClient() as instance:
        yield instance


@pytest.fixture
def media(client: AuthenticatedClient) -> Media:
    return create_media.sync(client=client, body=CreateMediaRequest(prompt="A fox"))


def payload(**fields: object) -> bytes:
    return json.dumps({"customer_id": "c1", **fields}).encode()


def test_a_webhook_is_confirmed_and_handled_once(receiver: Receiver, emulator: Emulator, media: Media) -> None:
    emulator.finish(str(media.id))
    body = payload(media_id=media.id, status="success")

    assert [receiver.post(body), receiver.post(body)] == [204, 204]
    assert receiver.handled() == {media.id}
    assert [request.path for request in emulator.requests[1:]] == [f"/v2/media/{media.id}"] * 2


@pytest.mark.parametrize("name", ["batch_id", "id"])
def test_an_id_of_unknown_kind_may_be_a_story(
    receiver: Receiver, emulator: Emulator, client: AuthenticatedClient, name: str
) -> None:
    story = idea_to_video.sync(client=client, body=IdeaToVideoRequest(idea="A fox"))
    emulator.finish(str(story.id))

    assert receiver.post(payload(**{name: story.id, "status": "success"})) == 204
    assert receiver.handled() == {story.id}
    assert [request.path for request in emulator.requests[1:]] == [f"/v2/story/{story.id}"]


@pytest.mark.parametrize("name", ["batch_id", "id"])
def test_an_id_of_unknown_kind_may_be_a_media(receiver: Receiver, emulator: Emulator, media: Media, name: str) -> None:
    emulator.finish(str(media.id))

    assert receiver.post(payload(**{name: media.id, "status": "success"})) == 204
    assert receiver.handled() == {media.id}
    assert [request.path for request in emulator.requests[1:]] == [f"/v2/story/{media.id}", f"/v2/media/{media.id}"]


def test_a_forged_webhook_is_not_handled(receiver: Receiver, emulator: Emulator, media: Media) -> None:
    """It says that the job has succeeded; the service says that it has failed."""
    emulator.finish(str(media.id), "failed")

    assert receiver.post(payload(media_id=media.id, status="success")) == 204
    assert receiver.handled() == set()


def test_a_wrong_secret(receiver: Receiver, emulator: Emulator, media: Media) -> None:
    requested = len(emulator.requests)

    assert receiver.post(payload(media_id=media.id, status="success"), secret="guessed") == 404
    assert len(emulator.requests) == requested


@pytest.mark.parametrize(
    ("body", "status"), [(b"<html>", 400), (b"{}", 400), (b"[]", 400), (b" " * 70_000 + b"{}", 413)]
)
def test_a_bad_body(receiver: Receiver, emulator: Emulator, body: bytes, status: int) -> None:
    assert receiver.post(body) == status
    assert emulator.requests == ()


def test_a_form(receiver: Receiver, emulator: Emulator, media: Media) -> None:
    emulator.finish(str(media.id))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    assert receiver.post(f"media_id={media.id}&status=success".encode(), headers=headers) == 204
    assert receiver.handled() == {media.id}


def test_starlette_receives_from_the_service_itself(emulator: Emulator, client: AuthenticatedClient) -> None:
    """Over sockets: the service posts when the job ends, and the receiver looks the job up."""
    module = importlib.import_module("starlette_app")
    handled_jobs: list[Story | Media] = []
    done = threading.Event()

    def handle(job: Story | Media) -> None:
        handled_jobs.append(job)
        done.set()

    sys.modules["receiving"].__dict__["handle"] = handle
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(module.__dict__["app"], log_level="critical", lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}/vimmerse/{SECRET}"
            story = idea_to_video.sync(client=client, body=IdeaToVideoRequest(idea="A fox", webhook_url=url))
            finished = wait(client, story, interval=0.001)
            (call,) = emulator.wait_for_webhooks()
            assert call.status == 204
            assert done.wait(20)
        finally:
            server.should_exit = True
            thread.join(20)

    assert [job.id for job in handled_jobs] == [story.id]
    assert isinstance(handled_jobs[0], Story)
    assert handled_jobs[0].video_url == finished.video_url
