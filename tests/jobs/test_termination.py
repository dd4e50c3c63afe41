"""A program that is terminated during a download, by SIGTERM or SIGKILL, leaves no file behind."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from vimmerse.cli.signals import sigterm_raises
from vimmerse.emulator import Emulator
from vimmerse.jobs import DownloadError, wait
from vimmerse.jobs.target import Target
from vimmerse.v2 import AuthenticatedClient
from vimmerse.v2.api.media import create_media
from vimmerse.v2.models import CreateMediaRequest

from tests.jobs.callers import Caller
from tests.jobs.hosts import CONTENT, URL, Host
from tests.sampling import sampled

KEY = "key-of-the-tests"

LIBRARY = """
import sys
from vimmerse.jobs import download
download(sys.argv[1], sys.argv[2], on_progress=lambda progress: print(progress.received, flush=True))
"""
# A program that turns the signal into an exception.
EXITING = "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))\n" + LIBRARY
ASYNC = """
import asyncio, sys
from vimmerse.jobs import download_async
asyncio.run(download_async(sys.argv[1], sys.argv[2], on_progress=lambda p: print(p.received, flush=True)))
"""
CLIENT = """
import sys
from vimmerse.compat import CompatClient
with CompatClient() as client, client.download_media(sys.argv[1]) as file:
    print(1, flush=True)
    file.save(sys.argv[2])
"""
PROGRAMS = {"library": LIBRARY, "exiting": EXITING, "async": ASYNC, "client": CLIENT}


pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")]


def media_of(emulator: Emulator) -> tuple[str, str]:
    """A finished media's id, and the address of its file."""
    with AuthenticatedClient(base_url=emulator.base_url, token=KEY) as client:
        media = create_media.sync(client=client, body=CreateMediaRequest(prompt="A fox"))
        assert isinstance(media.id, str)
        emulator.finish(media.id)
        job = wait(client, media.id, kind="media")
    assert isinstance(job.result, list)
    return media.id, str(job.result[0])


def until(true: Callable[[], object], text: str) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, text
        time.sleep(0.01)


def terminated(emulator: Emulator, arguments: list[str], number: int) -> tuple[int, str]:
    """Run a program whose download stalls half-way, send it a signal, and return its exit code and output."""
    fault = emulator.file_faults.add(kind="slow", chunk=1000, interval=600)
    environment = {**os.environ, "VIMMERSE_BASE_URL": emulator.base_url, "VIMMERSE_API_KEY": KEY}
    with subprocess.Popen(
        [sys.executable, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        until(lambda: fault.hits or program.poll() is not None, "it asked for no file")
        if arguments[0] == "-c":
            assert program.stdout is not None
            program.stdout.readline()  # the file has begun
        program.send_signal(number)
        _, err = program.communicate(timeout=60)
    return program.returncode, err


@pytest.mark.skipif(sys.platform != "linux", reason="files without names are Linux's")
@pytest.mark.parametrize(
    ("name", "number"),
    [
        one
        for row, name in enumerate(PROGRAMS)
        for one in sampled(((name, number) for number in (signal.SIGTERM, signal.SIGKILL)), 2, row=row)
    ],
)
def test_a_killed_program_leaves_no_file(tmp_path: Path, name: str, number: int) -> None:
    with Emulator() as emulator:
        identifier, url = media_of(emulator)
        source = identifier if name == "client" else url
        returned, _ = terminated(emulator, ["-c", PROGRAMS[name], source, str(tmp_path / "video.mp4")], number)

    assert returned == (143 if name == "exiting" and number == signal.SIGTERM else -number)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("named", [False, True], ids=["without a name", "with one"])
def test_the_command_line_cleans_up_and_says_how_to_continue(tmp_path: Path, named: bool) -> None:
    """Also where the file has a name of its own while it is made: not on Linux, say."""
    start = "import os, sys\n" + ("vars(os).pop('O_TMPFILE', None)\n" if named else "")
    start += "from vimmerse.cli import main\nprint(flush=True)\nsys.exit(main(sys.argv[1:]))"
    out = tmp_path / "video.mp4"
    with Emulator() as emulator:
        identifier, _ = media_of(emulator)
        arguments = ["-c", start, "wait", "media", identifier, "--download", str(out)]
        returned, err = terminated(emulator, arguments, signal.SIGTERM)

    assert returned == 143
    second = f"vimmerse download media {identifier} {out}"
    assert err.splitlines()[-1] == f"vimmerse: Stopped. The media {identifier} is finished. To download it: {second}"
    assert os.listdir(tmp_path) == []


# What the file system can't do


def test_a_file_left_by_a_killed_process_does_no_harm(
    caller: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    path = tmp_path / "video.mp4"
    left = Target(path, overwrite=False)
    left.open()
    left.write(b"some bytes of an older file" * 10_000)  # more than is buffered
    (stale,) = os.listdir(tmp_path)

    caller.download(Host(cuts=[2500]), URL, path)

    assert path.read_bytes() == CONTENT
    assert (tmp_path / stale).read_bytes() == b"some bytes of an older file" * 10_000
    assert sorted(os.listdir(tmp_path)) == sorted([stale, "video.mp4"])
    left.discard()


@pytest.mark.parametrize("missing", ["system", "file system", "proc", "links"])
@pytest.mark.parametrize("overwrite", [False, True])
def test_without_support_for_unnamed_files(
    caller: Caller, path: Path, missing: str, overwrite: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vimmerse.jobs import target

    def refuse(*_: object) -> None:
        raise OSError(95, "not supported")

    if missing == "system":
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    elif missing == "file system":
        monkeypatch.setattr(os, "O_TMPFILE", os.O_DIRECTORY | os.O_CREAT)  # which no directory can be opened with
    elif missing == "proc":
        exists = os.path.exists
        monkeypatch.setattr(os.path, "exists", lambda path: not str(path).startswith("/proc/") and exists(path))
    else:
        monkeypatch.setattr(target, "_link_open_file", refuse)
    if overwrite:
        path.write_bytes(b"old")

    caller.download(Host(cuts=[2500]), URL, path, overwrite=overwrite)
    assert path.read_bytes() == CONTENT

    path.unlink()
    with pytest.raises(FileExistsError, match="has appeared there in the meantime"):
        caller.download(Host(), URL, path, on_progress=lambda progress: path.write_bytes(b"theirs"))
    assert path.read_bytes() == b"theirs"


@pytest.mark.parametrize("error", ["EPERM", "ENOSPC"])
def test_a_file_system_without_links(caller: Caller, path: Path, error: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the file is renamed; any other reason is an error, and leaves nothing behind."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(getattr(errno, error), error)

    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    monkeypatch.setattr(os, "link", refuse)
    if error == "EPERM":
        caller.download(Host(), URL, path)
        assert path.read_bytes() == CONTENT
    else:
        with pytest.raises(DownloadError, match=f"it can't be written: {error}"):
            caller.download(Host(), URL, path)
    assert os.listdir(path.parent) == ([path.name] if error == "EPERM" else [])


def test_an_existing_file_is_replaced_in_one_step(path: Path) -> None:
    path.write_bytes(b"old")
    seen: set[bytes] = set()
    target = Target(path, overwrite=True)
    target.open()
    target.write(b"new")
    seen.add(path.read_bytes())
    target.publish()
    target.discard()

    assert seen == {b"old"}
    assert path.read_bytes() == b"new"


@pytest.mark.skipif(sys.platform != "linux", reason="it counts in /proc")
@pytest.mark.parametrize("overwrite", [False, True])
def test_no_file_stays_open(caller: Caller, path: Path, overwrite: bool) -> None:
    if overwrite:
        path.write_bytes(b"old")
    caller.download(Host(), URL, path, overwrite=overwrite)
    opened = {os.readlink(each) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()}

    assert not [each for each in opened if str(path.parent) in each]


def test_a_handler_of_the_programs_own_stays() -> None:
    """The command line can be called from a program: its signals are its own."""

    def own(number: int, frame: object) -> None:
        raise AssertionError

    before = signal.signal(signal.SIGTERM, own)
    try:
        with sigterm_raises():
            assert signal.getsignal(signal.SIGTERM) is own
        assert signal.getsignal(signal.SIGTERM) is own
    finally:
        signal.signal(signal.SIGTERM, before)


def test_the_signal_is_an_interrupt_once() -> None:
    with sigterm_raises(), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
