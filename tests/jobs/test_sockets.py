"""Waiting and downloading over real sockets, with the faults of the emulator."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from vimmerse.emulator import Emulator
from vimmerse.jobs import (
    DownloadError,
    JobError,
    JobFailedError,
    Progress,
    download,
    parse_webhook,
    wait,
    wait_all,
    wait_async,
)
from vimmerse.v2 import AuthenticatedClient
from vimmerse.v2.api.media import create_media
from vimmerse.v2.api.story import idea_to_video
from vimmerse.v2.models import CreateMediaRequest, IdeaToVideoRequest, Media, Story

from tests.jobs.callers import KEY, Caller

SIZE = 400_000  # bytes of a result: several reads


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(result_size=SIZE, compose_polls=1) as running:
        yield running


@pytest.fixture
def client(emulator: Emulator) -> Iterator[AuthenticatedClient]:
    with AuthenticatedClient(base_url=emulator.base_url, token=KEY) as instance:
        yield instance


def new_story(client: AuthenticatedClient) -> Story:
    return idea_to_video.sync(client=client, body=IdeaToVideoRequest(idea="A fox paints the sea"))


def new_media(client: AuthenticatedClient, **fields: Any) -> Media:
    return create_media.sync(client=client, body=CreateMediaRequest(prompt="A fox", **fields))


@pytest.fixture
def story(client: AuthenticatedClient) -> Story:
    return wait(client, new_story(client), interval=0.001)


FAULTS: list[dict[str, Any]] = [
    {"kind": "reset"},
    {"kind": "reset_accepted"},
    {"kind": "cut"},
    {"kind": "truncated"},
    {"kind": "slow", "chunk": 512, "interval": 0.0},
    {"kind": "rate_limit", "retry_after": 7},
    {"kind": "status", "status": 500},
    {"kind": "html", "status": 502},
    {"kind": "html", "status": 200},
    {"kind": "unknown_status"},
    {"kind": "null"},
    {"kind": "list"},
]
names = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault['kind']}-{fault.get('status', '')}")


@names
def test_a_wait_survives(
    caller: Caller, emulator: Emulator, client: AuthenticatedClient, fault: dict[str, Any]
) -> None:
    story = new_story(client)
    emulator.faults.add(("GET", "/v2/story/{id}"), **fault, times=2)
    job = caller.wait(AuthenticatedClient(base_url=emulator.base_url, token=KEY), story, interval=3)

    assert job.id == story.id
    assert job.video_url
    if "retry_after" in fault:
        assert caller.clock.slept[:2] == [7, 7]


@pytest.mark.parametrize(("outcome", "ends"), [("failed", "failed"), ("cancelled", "cancelled")])
def test_a_job_that_fails_or_is_cancelled(
    caller: Caller, emulator: Emulator, client: AuthenticatedClient, outcome: str, ends: str
) -> None:
    emulator.next_job(outcome)
    media = new_media(client)
    with pytest.raises(JobError, match=f"media {media.id} (failed|was cancelled)") as caught:
        caller.wait(AuthenticatedClient(base_url=emulator.base_url, token=KEY), media)
    assert caught.value.status == ends


def test_many_at_once(emulator: Emulator, client: AuthenticatedClient) -> None:
    emulator.next_job("failed")
    jobs = [new_media(client) for _ in range(5)] + [new_story(client)]
    emulator.faults.add(("GET", "*"), "reset", times=3)
    result = {outcome.id: outcome for outcome in wait_all(client, jobs, interval=0.001, concurrency=3)}

    assert result.keys() == {job.id for job in jobs}
    assert isinstance(result[str(jobs[0].id)].error, JobFailedError)
    assert [bool(result[str(job.id)].value) for job in jobs] == [False, True, True, True, True, True]


# Less those that are complete responses with other bytes: see below.
@pytest.mark.parametrize(
    "fault",
    [fault for fault in FAULTS if fault["kind"] not in ("null", "list", "truncated") and fault.get("status") != 200],
    ids=lambda fault: f"{fault['kind']}-{fault.get('status', '')}",
)
def test_a_download_survives(
    caller: Caller, emulator: Emulator, story: Story, tmp_path: Path, fault: dict[str, Any]
) -> None:
    emulator.file_faults.add(("GET", "*"), **{"chunk": 65536, "interval": 0.0, **fault}, times=2)
    path = caller.download(None, story, tmp_path / "video.mp4")

    assert_is_the_file(emulator, story, path)
    assert os.listdir(tmp_path) == ["video.mp4"]


def assert_is_the_file(emulator: Emulator, story: Story, path: Path) -> None:
    stored = emulator.file(str(story.video_url))
    assert stored is not None
    assert stored.size == SIZE
    assert path.read_bytes() == b"".join(stored.chunks())
    for request in emulator.file_requests:
        held = {name.lower() for name, _ in request.headers}
        assert held & {"x-api-key", "authorization", "cookie"} == set()


def test_resumes_where_the_connection_broke(caller: Caller, emulator: Emulator, story: Story, tmp_path: Path) -> None:
    emulator.file_faults.add(("GET", "*"), "cut", times=3, keep=0.5)
    path = caller.download(None, story, tmp_path / "video.mp4")

    assert_is_the_file(emulator, story, path)
    ranges = [dict(request.headers).get("range") for request in emulator.file_requests]
    assert ranges == [None, "bytes=200000-", "bytes=300000-", "bytes=350000-"]
    assert [request.status for request in emulator.file_requests] == [200, 206, 206, 206]


@pytest.mark.parametrize("kind", ["null", "truncated"])
def test_the_expected_size_finds_what_a_host_hides(
    caller: Caller, emulator: Emulator, story: Story, tmp_path: Path, kind: Any
) -> None:
    """A response that looks complete, but is not the file."""
    emulator.file_faults.add(("GET", "*"), kind)
    with pytest.raises(DownloadError, match=f"not the {SIZE} bytes"):
        caller.download(None, story, tmp_path / "video.mp4", expected_size=SIZE)
    assert os.listdir(tmp_path) == []


def test_an_error_page_is_not_the_file(caller: Caller, emulator: Emulator, story: Story, tmp_path: Path) -> None:
    emulator.file_faults.add(("GET", "*"), "html", status=200)
    with pytest.raises(DownloadError, match="a web page instead of the file"):
        caller.download(None, story, tmp_path / "video.mp4")
    assert os.listdir(tmp_path) == []


def test_every_file_of_a_media(emulator: Emulator, client: AuthenticatedClient, tmp_path: Path) -> None:
    media = wait(client, new_media(client, quantity=2), interval=0.001)
    assert isinstance(media.result, list)
    paths = [download(media, tmp_path / f"{index}.mp4", index=index) for index in range(len(media.result))]

    assert len({path.read_bytes() for path in paths}) == 2


def test_a_webhook_of_the_service(emulator: Emulator, client: AuthenticatedClient) -> None:
    media = new_media(client, webhook_url=f"{emulator.files_url}/hook")
    done = wait(client, media, interval=0.001)
    (call,) = emulator.wait_for_webhooks()
    event = parse_webhook(call.payload)

    assert (event.kind, event.id, event.succeeded) == ("media", media.id, True)
    assert wait(client, event, timeout=0) == done


# ---- Ctrl-C, as the operating system sends it


def strike(_: object) -> None:
    signal.raise_signal(signal.SIGINT)


def test_ctrl_c_while_waiting(client: AuthenticatedClient) -> None:
    story = new_story(client)
    with pytest.raises(KeyboardInterrupt) as caught:
        wait(client, story, on_progress=strike)
    assert f"wait(client, {story.id!r}, kind='story')" in caught.value.__notes__[0]


def test_ctrl_c_while_waiting_on_asyncio(emulator: Emulator, client: AuthenticatedClient) -> None:
    """asyncio cancels the task and raises KeyboardInterrupt anew: the note is on the cancellation in its traceback."""
    story = new_story(client)

    async def main() -> None:
        async with AuthenticatedClient(base_url=emulator.base_url, token=KEY) as own:
            await wait_async(own, story, on_progress=strike)

    with pytest.raises(KeyboardInterrupt) as caught:
        asyncio.run(main())
    assert isinstance(caught.value.__context__, asyncio.CancelledError)
    assert f"wait(client, {story.id!r}, kind='story')" in caught.value.__context__.__notes__[0]


def test_ctrl_c_while_downloading(caller: Caller, emulator: Emulator, story: Story, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt) as caught:
        caller.download(None, story, tmp_path / "video.mp4", on_progress=strike)
    assert os.listdir(tmp_path) == []
    del caught
    gc.collect()  # a connection that was left open would warn now


def test_the_progress_of_a_real_story(client: AuthenticatedClient) -> None:
    seen: list[Progress] = []
    wait(client, new_story(client), interval=0.001, on_progress=seen.append)

    assert [progress.status for progress in seen] == ["processing", "success", "success"]
    assert [progress.finished for progress in seen] == [False, False, True]
