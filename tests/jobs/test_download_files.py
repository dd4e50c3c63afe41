"""Downloads: the file that is made, and that nothing else is left of a download that is broken off."""

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

from tests.jobs.doors import Door
from tests.jobs.hosts import CONTENT, URL, Host

# ---- the file


def test_never_overwrites_unless_told(door: Door, path: Path) -> None:
    path.write_bytes(b"old")
    host = Host()
    with pytest.raises(FileExistsError, match="overwrite=True replaces it"):
        door.download(host, URL, path)

    assert host.requests == []
    assert path.read_bytes() == b"old"


def test_a_dangling_link_is_something_too(door: Door, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        door.download(Host(), URL, tmp_path / "film.mp4")


def test_overwrites_if_told(door: Door, path: Path) -> None:
    path.write_bytes(b"old")
    door.download(Host(), URL, path, overwrite=True)
    assert path.read_bytes() == CONTENT


def test_a_failure_leaves_the_old_file(door: Door, path: Path) -> None:
    path.write_bytes(b"old")
    with pytest.raises(DownloadError):
        door.download(Host(cuts=[500] * 9, ranges=False), URL, path, overwrite=True, retries=2)
    assert path.read_bytes() == b"old"


def test_a_file_that_appears_meanwhile_stays(door: Door, path: Path) -> None:
    with pytest.raises(FileExistsError) as caught:
        door.download(Host(), URL, path, on_progress=lambda progress: path.write_bytes(b"theirs"))
    assert path.read_bytes() == b"theirs"
    assert "was broken off" in caught.value.__notes__[0]


def test_nowhere_to_put_it(door: Door, path: Path) -> None:
    host = Host()
    with pytest.raises(FileNotFoundError, match="make it first"):
        door.download(host, URL, path / "below" / "film.mp4")
    with pytest.raises(IsADirectoryError, match="name the file in it"):
        door.download(host, URL, path.parent, overwrite=True)
    assert host.requests == []


def test_the_mode_is_that_of_any_new_file(door: Door, path: Path) -> None:
    old = os.umask(0o027)
    try:
        door.download(Host(), URL, path)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_very_long_name(door: Door, tmp_path: Path) -> None:
    target = tmp_path / ("ä" * 120 + ".mp4")
    door.download(Host(), URL, target)
    assert os.listdir(tmp_path) == [target.name]


@pytest.mark.parametrize("name", ["open", "write", "restart", "seal", "publish"])
def test_a_disk_that_fails(door: Door, path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Target, name, fail)
    with pytest.raises(DownloadError, match="it can't be written: No space left on device") as caught:
        door.download(Host(), URL, path)
    assert isinstance(caught.value.__cause__, OSError)
    assert door.clock.slept == []


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP])
def test_a_disk_without_links(door: Door, path: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refuse)
    door.download(Host(), URL, path)
    assert path.read_bytes() == CONTENT
    path.unlink()

    with pytest.raises(FileExistsError, match="has appeared there meanwhile"):
        door.download(Host(), URL, path, on_progress=lambda progress: path.write_bytes(b"theirs"))
    assert path.read_bytes() == b"theirs"


# ---- being broken off


def test_an_error_of_the_callback(door: Door, path: Path) -> None:
    def fail(progress: DownloadProgress) -> None:
        raise OSError("the terminal is gone")

    with pytest.raises(OSError, match="the terminal is gone") as caught:
        door.download(Host(), URL, path, on_progress=fail)

    (note,) = caught.value.__notes__
    assert note == (
        f"The download of https://files.example/videos/film.mp4 to {path} was broken off. Nothing was put there; it "
        "can be had again."
    )


@pytest.mark.parametrize("when", ["before", "after"])
def test_ctrl_c_at_every_step(door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """No partial file under the final name, and nothing left over, whenever it comes."""
    from vimmerse.jobs import downloads

    steps: list[str] = []
    stop_at = 0

    def strike(moment: str) -> None:
        if len(steps) == stop_at and moment == when:
            raise KeyboardInterrupt

    class Hands(downloads._Hands):
        def perform(self, step: Any) -> object:
            steps.append(type(step).__name__)
            strike("before")
            try:
                return super().perform(step)
            finally:
                strike("after")

    class AsyncHands(downloads._AsyncHands):
        async def perform(self, step: Any) -> object:
            steps.append(type(step).__name__)
            strike("before")
            try:
                return await super().perform(step)
            finally:
                strike("after")

    monkeypatch.setattr(downloads, "_Hands", Hands)
    monkeypatch.setattr(downloads, "_AsyncHands", AsyncHands)
    path = tmp_path / "film.mp4"

    door.download(Host(cuts=[2500], piece=2000), URL, path)
    whole = len(steps)
    assert set(steps) == {"Open", "Read", "Report", "Do", "Sleep"}
    path.unlink()
    for number in range(1, whole + 1):
        steps.clear()
        stop_at = number
        host = Host(cuts=[2500], piece=2000)
        with pytest.raises(KeyboardInterrupt) as caught:
            door.download(host, URL, path)
        assert "was broken off" in caught.value.__notes__[0]
        assert all(body.closed for body in host.bodies)
        if number == whole and when == "after":  # it has its name already, and is complete
            assert path.read_bytes() == CONTENT
        else:
            assert os.listdir(tmp_path) == []


def test_cancelling_waits_for_the_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cancellation while the file is being published: it is there whole or not at all, and nothing is left."""

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

    Door(asynchronous=True).download(Host(piece=6000), URL, path, on_progress=note)
    assert seen == [0, 6000, 10240]
