"""Downloads: the file that is written, and that an interrupted download leaves nothing else."""

from __future__ import annotations

import asyncio
import errno
import os
import stat
from pathlib import Path
from typing import Any

import httpx
import pytest
from vimmerse.jobs import DownloadError, DownloadProgress, download_async
from vimmerse.jobs.target import Target

from tests.jobs.callers import Caller
from tests.jobs.hosts import CONTENT, URL, Host

# ---- the file


def test_does_not_overwrite_by_default(caller: Caller, path: Path) -> None:
    path.write_bytes(b"old")
    host = Host()
    with pytest.raises(FileExistsError, match="overwrite=True replaces it"):
        caller.download(host, URL, path)

    assert host.requests == []
    assert path.read_bytes() == b"old"


def test_a_dangling_link_is_something_too(caller: Caller, tmp_path: Path) -> None:
    (tmp_path / "video.mp4").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        caller.download(Host(), URL, tmp_path / "video.mp4")


def test_overwrites_on_request(caller: Caller, path: Path) -> None:
    path.write_bytes(b"old")
    caller.download(Host(), URL, path, overwrite=True)
    assert path.read_bytes() == CONTENT


def test_a_failure_leaves_the_old_file(caller: Caller, path: Path) -> None:
    path.write_bytes(b"old")
    with pytest.raises(DownloadError):
        caller.download(Host(cuts=[500] * 9, ranges=False), URL, path, overwrite=True, retries=2)
    assert path.read_bytes() == b"old"


def test_a_file_that_appears_meanwhile_stays(caller: Caller, path: Path) -> None:
    with pytest.raises(FileExistsError) as caught:
        caller.download(Host(), URL, path, on_progress=lambda progress: path.write_bytes(b"theirs"))
    assert path.read_bytes() == b"theirs"
    assert "was interrupted" in caught.value.__notes__[0]


def test_a_path_without_directory(caller: Caller, path: Path) -> None:
    host = Host()
    with pytest.raises(FileNotFoundError, match="create it first"):
        caller.download(host, URL, path / "below" / "video.mp4")
    with pytest.raises(IsADirectoryError, match="name the file in it"):
        caller.download(host, URL, path.parent, overwrite=True)
    assert host.requests == []


def test_the_mode_is_that_of_any_new_file(caller: Caller, path: Path) -> None:
    old = os.umask(0o027)
    try:
        caller.download(Host(), URL, path)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_very_long_name(caller: Caller, tmp_path: Path) -> None:
    target = tmp_path / ("ä" * 120 + ".mp4")
    caller.download(Host(), URL, target)
    assert os.listdir(tmp_path) == [target.name]


@pytest.mark.parametrize("name", ["open", "write", "truncate", "publish"])
def test_a_disk_that_fails(caller: Caller, path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Target, name, fail)
    with pytest.raises(DownloadError, match="it can't be written: No space left on device") as caught:
        caller.download(Host(), URL, path)
    assert isinstance(caught.value.__cause__, OSError)
    assert caller.clock.slept == []


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP])
def test_a_disk_without_links(caller: Caller, path: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refuse)
    caller.download(Host(), URL, path)
    assert path.read_bytes() == CONTENT
    path.unlink()

    with pytest.raises(FileExistsError, match="has appeared there in the meantime"):
        caller.download(Host(), URL, path, on_progress=lambda progress: path.write_bytes(b"theirs"))
    assert path.read_bytes() == b"theirs"


# ---- interruptions


def test_an_error_of_the_callback(caller: Caller, path: Path) -> None:
    def fail(progress: DownloadProgress) -> None:
        raise OSError("the terminal is gone")

    with pytest.raises(OSError, match="the terminal is gone") as caught:
        caller.download(Host(), URL, path, on_progress=fail)

    (note,) = caught.value.__notes__
    assert note == (
        f"The download of https://files.example/videos/video.mp4 to {path} was interrupted. Nothing was "
        "saved; you can download it again."
    )


@pytest.mark.parametrize("when", ["before", "after"])
def test_ctrl_c_at_every_step(caller: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """No partial file under the final name, and no other file, whenever it comes."""
    from vimmerse.jobs import downloads

    steps: list[str] = []
    stop_at = 0

    def strike(moment: str) -> None:
        if len(steps) == stop_at and moment == when:
            raise KeyboardInterrupt

    class Connection(downloads._Connection):  # noqa: SLF001  # each step of a download passes here
        def perform(self, step: Any) -> object:
            steps.append(type(step).__name__)
            strike("before")
            try:
                return super().perform(step)
            finally:
                strike("after")

    class AsyncConnection(downloads._AsyncConnection):  # noqa: SLF001  # as above
        async def perform(self, step: Any) -> object:
            steps.append(type(step).__name__)
            strike("before")
            try:
                return await super().perform(step)
            finally:
                strike("after")

    monkeypatch.setattr(downloads, "_Connection", Connection)
    monkeypatch.setattr(downloads, "_AsyncConnection", AsyncConnection)
    path = tmp_path / "video.mp4"

    caller.download(Host(cuts=[2500], piece=2000), URL, path)
    total = len(steps)
    assert set(steps) == {"Request", "Response", "DownloadProgress", "method", "Sleep"}
    path.unlink()
    for number in range(1, total + 1):
        steps.clear()
        stop_at = number
        host = Host(cuts=[2500], piece=2000)
        with pytest.raises(KeyboardInterrupt) as caught:
            caller.download(host, URL, path)
        assert "was interrupted" in caught.value.__notes__[0]
        assert all(body.closed for body in host.bodies)
        if number == total and when == "after":  # it has its name already, and is complete
            assert path.read_bytes() == CONTENT
        else:
            assert os.listdir(tmp_path) == []


def test_cancelling_waits_for_the_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cancellation while the file is published: the file is complete or absent, and nothing else is left."""

    async def main() -> None:
        publish = Target.publish
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None

        def slow(target: Target) -> None:
            loop.call_soon_threadsafe(task.cancel)
            publish(target)

        monkeypatch.setattr(Target, "publish", slow)
        async with httpx.AsyncClient(transport=Host()) as client:
            await download_async(URL, path, client=client)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(main())
    assert path.read_bytes() == CONTENT


def test_a_callback_may_be_a_coroutine_function(path: Path) -> None:
    seen: list[int] = []

    async def note(progress: DownloadProgress) -> None:
        await asyncio.sleep(0)
        seen.append(progress.received)

    Caller(asynchronous=True).download(Host(piece=6000), URL, path, on_progress=note)
    assert seen == [0, 6000, 10240]
