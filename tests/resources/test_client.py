"""``Vimmerse`` and ``AsyncVimmerse``: how they are opened, shown and closed; waiting, downloads and estimates."""

from __future__ import annotations

import asyncio
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from vimmerse import jobs, pricing
from vimmerse.emulator import Emulator
from vimmerse.jobs import JobTimeoutError, wait
from vimmerse.v2 import AsyncVimmerse, AuthenticatedClient, Vimmerse
from vimmerse.v2.api.story import get_story
from vimmerse.v2.models import Media, Scene, Story, Storyboard
from vimmerse.v2.resources import AsyncStoriesResource, StoriesResource

from tests.resources.calls import KEY, KINDS, PNG, Kind, Service, call, resolve

both_clients = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(scope="module")
def service() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture(autouse=True)
def settings(service: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_BASE_URL", service.base_url)
    monkeypatch.setenv("VIMMERSE_API_KEY", KEY)


def test_the_smallest_program(tmp_path: Path) -> None:
    with Vimmerse() as client:
        story = client.stories.create(idea="A paper boat finds the sea", scene_count=3, video_tool="KlingAI")
        story = client.wait(story, interval=0.01)
        path = client.download(story, tmp_path / "boat.mp4")
    assert path.read_bytes()[4:8] == b"ftyp"


def test_the_smallest_async_program(tmp_path: Path) -> None:
    async def main() -> Path:
        async with AsyncVimmerse() as client:
            story = await client.stories.create(idea="A paper boat finds the sea", scene_count=3)
            story = await client.wait(story, interval=0.01)
            return await client.download(story, tmp_path / "boat.mp4")

    assert asyncio.run(main()).read_bytes()[4:8] == b"ftyp"


def test_the_blocking_client_works_where_a_loop_is_running() -> None:
    async def cell() -> Story:
        with Vimmerse() as client:
            return client.wait(client.stories.create(idea="A boat"), interval=0.01)

    assert asyncio.run(cell()).status == "success"


def test_the_steps_of_a_story() -> None:
    with Vimmerse() as client:
        image = client.images.upload(PNG, file_name="boat.png")
        assert image.results
        story = client.stories.create_storyboard(idea="A boat", image_urls=image.results)
        story = client.stories.create_elements(story, image_tool="Seedream")
        story = client.stories.create_scenes(story)
        story = client.stories.create_videos(story, video_tool="VeoLite", duration=5)
        assert client.wait(story, interval=0.01).video_url
        assert client.stories.concat(story).id == story.id
        client.stories.delete(story)


def test_many_waits(tmp_path: Path) -> None:
    with Vimmerse() as client:
        created = [client.media.create(prompt=f"Kite {number}") for number in range(3)]
        outcomes = list(client.wait_all(created, interval=0.01))
    assert {outcome.id for outcome in outcomes} == {media.id for media in created}
    assert all(isinstance(outcome.result(), Media) for outcome in outcomes)


def test_many_async_waits() -> None:
    async def main() -> set[str]:
        async with AsyncVimmerse() as client:
            created = await asyncio.gather(*(client.media.create(prompt=f"Kite {number}") for number in range(3)))
            found = {outcome.id async for outcome in client.wait_all(created, interval=0.01)}
            return {media.id for media in created} ^ found

    assert asyncio.run(main()) == set()


def test_it_serves_the_functions_of_the_layers_below() -> None:
    with Vimmerse() as client:
        story = client.stories.create(idea="A boat")
        assert get_story.sync(story.id, client=client).id == story.id
        assert wait(client, story, interval=0.01).status == "success"
        with pytest.raises(TypeError, match="kind="):
            client.wait(story.id)


@both_clients
def test_a_wait_looks_a_job_up_as_often_as_it_says(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    """The retries of the client would multiply those of the wait."""
    service = Service(status=503)
    client = service.client(kind)
    with pytest.raises(JobTimeoutError):
        resolve(client.wait("s1", kind="story", timeout=0))
    assert len(service.requests) == 1


# --- Opening and closing -------------------------------------------------------------------------


def test_the_wrong_kind_of_with_names_the_right_client() -> None:
    client: Any = AsyncVimmerse()
    with pytest.raises(TypeError, match="for `with` there is Vimmerse"), client:
        pass

    async def enter() -> None:
        async with Vimmerse():
            pass

    with pytest.raises(TypeError, match="for `async with` there is AsyncVimmerse"):
        asyncio.run(enter())


def test_a_closed_client_says_so() -> None:
    with Vimmerse() as client:
        pass
    with pytest.raises(RuntimeError, match="closed"):
        client.stories.get("s1")

    async def main() -> None:
        async with AsyncVimmerse() as client:
            pass
        with pytest.raises(RuntimeError, match="closed"):
            await client.stories.get("s1")

    asyncio.run(main())


@pytest.mark.parametrize("client_class", [Vimmerse, AsyncVimmerse])
def test_arguments_are_keywords_and_a_key_is_needed(client_class: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TypeError, match="positional"):
        client_class(KEY)
    monkeypatch.delenv("VIMMERSE_API_KEY")
    with pytest.raises(ValueError, match="VIMMERSE_API_KEY"):
        client_class()
    assert isinstance(client_class(api_key=KEY), AuthenticatedClient)


@both_clients
def test_reprs_are_short_and_show_no_key(kind: Kind) -> None:
    client = Service().client(kind, base_url="https://api.example")
    prefix = "" if kind == "sync" else "Async"
    assert repr(client) == f"{prefix}Vimmerse(base_url='https://api.example')"
    assert repr(client.stories) == f"{prefix}StoriesResource({client!r})"
    assert KEY not in repr(client.media) + repr(vars(client.images)) + repr(client.stories.with_raw_response)


@both_clients
def test_resources_are_made_once(kind: Kind) -> None:
    client = Service().client(kind)
    assert client.stories is client.stories
    assert client.stories.with_raw_response is client.stories.with_raw_response
    assert isinstance(client.stories, StoriesResource if kind == "sync" else AsyncStoriesResource)


# --- Estimates -----------------------------------------------------------------------------------


BOARD = Storyboard(scenes=[Scene(), Scene(), Scene(), Scene()])


@both_clients
@pytest.mark.parametrize(
    ("method", "args", "arguments", "credits"),
    [
        ("stories.create", (), {"idea": "x", "scene_count": 3, "video_tool": "KlingAI"}, 150),
        ("stories.create", (), {"idea": "x", "audio_option": {"native_audio": True}}, 300),
        ("stories.create", (), {"idea": "x", "extra_body": {"scene_count": 1}, "timeout": 3}, 50),
        ("stories.create", (), {"idea": "x", "scene_count": 1, "extra_body": {"style": "noir"}}, 50),
        ("stories.create_from_images", (), {"image_urls": ["a", "b"], "scene_duration": 10}, 200),
        ("stories.create_storyboard", (), {"idea": "x"}, 0),
        ("stories.create_videos", ("s1",), {"storyboard": BOARD}, 200),
        ("stories.create_videos", (Story(id="s1", status="new", storyboard=BOARD),), {"duration": 1}, 40),
        ("stories.create_videos", (), {"story_id": Story(id="s1", status="new", storyboard=BOARD)}, 200),
        ("stories.create_videos", ("s1",), {}, 150),
        ("stories.get", ("s1",), {}, 0),
        ("stories.delete", ("s1",), {}, 0),
        ("media.create", (), {"prompt": "x", "quantity": 2}, 100),
        ("media.update", ("m1",), {"title": "x"}, 0),
        ("media.update", ("m1",), {"prompt": "x"}, 50),
        ("images.upload", (PNG,), {}, 0),
    ],
)
def test_an_estimate_takes_a_call_and_sends_nothing(
    kind: Kind, method: str, args: tuple[Any, ...], arguments: dict[str, Any], credits: int
) -> None:
    service = Service()
    client = service.client(kind)
    resource, _, name = method.partition(".")
    for target in (getattr(client, resource), getattr(client, resource).with_raw_response):
        assert client.estimate(getattr(target, name), *args, **arguments).credits == credits
    assert service.requests == []


def test_an_estimate_says_where_no_price_is_published() -> None:
    client = Service().client()
    for price in (client.estimate(client.images.upload, PNG), client.estimate(client.stories.concat, "s1")):
        assert str(price) == "about 0 credits (assuming: this call is free, since the vendor publishes no price for it)"
    assert client.estimate(client.stories.get, "s1").assumptions == ()


@both_clients
def test_an_estimate_takes_the_factors_of_a_price(kind: Kind) -> None:
    client = Service().client(kind)
    assert client.estimate(scene_count=3, video_tool="KlingAI") == pricing.estimate(scene_count=3, video_tool="KlingAI")
    assert client.estimate() == pricing.estimate()
    assert str(client.estimate(client.stories.get, "s1")) == "about 0 credits"


@both_clients
def test_an_estimate_rejects_what_the_call_would_reject(kind: Kind) -> None:
    service = Service()
    client = service.client(kind)
    for error, args, arguments in (
        (TypeError, (client.stories.create,), {"idea": None}),
        (TypeError, (client.stories.create,), {"idea": "x", "nonsense": 1}),
        (ValueError, (client.stories.get, " "), {}),
        (FileNotFoundError, (client.images.upload, "missing.png"), {}),
        (TypeError, (client.wait, "s1"), {}),
        (TypeError, (len,), {}),
        (TypeError, (), {"scenes": 3}),
        (ValueError, (), {"scene_count": 0}),
    ):
        with pytest.raises(error):
            client.estimate(*args, **arguments)
    assert service.requests == []


def test_an_estimate_needs_no_free_event_loop() -> None:
    service = Service()

    async def main() -> float:
        async with service.client("async") as client:
            credits: float = client.estimate(client.stories.create, idea="x").credits
            return credits

    assert asyncio.run(main()) == 150
    assert service.requests == []


# --- The layers below ----------------------------------------------------------------------------


@pytest.mark.parametrize("function", ["download", "download_async"])
def test_a_download_has_all_arguments_of_jobs_download(function: str) -> None:
    """They are declared a second time, as types."""
    from vimmerse._resources.client import DownloadArguments

    parameters = inspect.signature(getattr(jobs, function)).parameters
    assert set(DownloadArguments.__annotations__) == set(parameters) - {"source", "path"}


@pytest.mark.parametrize("suffix", ["", "_async"])
@pytest.mark.parametrize("name", ["wait", "wait_all"])
def test_waits_have_the_arguments_of_jobs(name: str, suffix: str) -> None:
    function = getattr(jobs, name + suffix)
    method = getattr(AsyncVimmerse if suffix else Vimmerse, name)
    arguments = [
        {
            key: each.default
            for key, each in inspect.signature(target).parameters.items()
            if key not in ("client", "self")
        }
        for target in (function, method)
    ]
    assert arguments[0] == arguments[1]


@pytest.mark.slow
def test_an_import_loads_only_what_is_used() -> None:
    program = """
import sys
import vimmerse.v2
assert not {"httpx", "attrs", "typing_extensions", "vimmerse.v2.resources"} & set(sys.modules), "v2"
from vimmerse.v2 import Vimmerse, AsyncVimmerse
def loaded(prefix): return {name for name in sys.modules if name.startswith(prefix)}
assert not loaded("vimmerse.jobs") | loaded("vimmerse.pricing") | loaded("vimmerse.v2.models"), "Vimmerse"
client = Vimmerse(api_key="k")
client.stories
assert not loaded("vimmerse.jobs") | loaded("vimmerse.v2.models.") | loaded("vimmerse.v2.api.story."), "stories"
client.estimate(client.stories.create, idea="x")
assert loaded("vimmerse.v2.api.story.") == {"vimmerse.v2.api.story.idea_to_video"}
assert "vimmerse.v2.models.media_item" not in sys.modules and not loaded("vimmerse.jobs"), "create"
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_calls_of_the_two_clients_have_the_same_arguments() -> None:
    clients = Service().client("sync"), Service().client("async")
    for resource in ("stories", "media", "images"):
        blocking, asynchronous = (getattr(client, resource) for client in clients)
        names = [name for name, value in inspect.getmembers(blocking, inspect.ismethod) if not name.startswith("_")]
        for name in names:
            signatures = {str(inspect.signature(getattr(each, name))) for each in (blocking, asynchronous)}
            assert len(signatures) == 1, name
            assert inspect.iscoroutinefunction(getattr(asynchronous, name)), name


def test_every_method_has_complete_documentation() -> None:
    client = Service().client()
    for method in ("stories.create", "stories.concat", "media.get", "images.upload"):
        resource, _, name = method.partition(".")
        function = getattr(getattr(client, resource), name)
        text = inspect.getdoc(function) or ""
        for parameter in inspect.signature(function).parameters:
            assert f"\n    {parameter}: " in text, (method, parameter)
        assert all(f"\n{section}:\n" in text for section in ("Args", "Returns", "Raises"))
        assert max(map(len, text.splitlines())) <= 100
    create = inspect.getdoc(client.stories.create) or ""
    assert create.startswith("Create a video from an idea.\n")
    for words in ("Paid: about rate x scene_count", "Known values: Auto, KlingAI", "client.wait(story)", "in seconds"):
        assert words in " ".join(create.split())
    for name, resource in (("create", client.stories), ("create_from_url", client.stories), ("create", client.media)):
        assert not re.search("Poll|[A-Z]+ /v2|idea-2-video", text := inspect.getdoc(getattr(resource, name)) or "")
        assert re.search("`client.(stories|media).(get|create)`", text)
    assert call(client, "stories.get", "s1").id == "s1"
    assert (inspect.getdoc(Vimmerse) or "").count("client.stories.create") == 1
    assert "async with AsyncVimmerse()" in (inspect.getdoc(AsyncVimmerse) or "")
