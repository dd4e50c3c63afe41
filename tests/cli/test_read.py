"""Showing, deleting, waiting, downloading."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from vimmerse.emulator import AT_ONCE, Emulator, Never

from tests.cli.conftest import Vimmerse

QUICK = ("--interval", "0.01")


@pytest.fixture
def media(emulator: Emulator, vimmerse: Vimmerse) -> str:
    """The id of a finished media with two clips."""
    emulator.next_job(transition=AT_ONCE)
    created = vimmerse("media", "create", "--prompt", "Waves", "--title", "Sea", "--quantity", 2, "--json")
    return str(created.json["id"])


@pytest.fixture
def story(emulator: Emulator, vimmerse: Vimmerse) -> str:
    """The id of a story that is finished when it is read for the second time."""
    return str(vimmerse("story", "create", "--idea", "A cat", "--title", "Cat", "--json").json["id"])


def test_shows_a_media(emulator: Emulator, vimmerse: Vimmerse, media: str) -> None:
    done = vimmerse("media", "get", media)

    first, *rest = done.out.splitlines()
    assert done.code == 0
    assert first == f"Media {media}: success"
    assert "  title: Sea" in rest
    assert [line.split(": ")[0] for line in rest].count("  result") == 2


def test_shows_the_requested_fields(emulator: Emulator, vimmerse: Vimmerse, media: str) -> None:
    done = vimmerse("media", "get", media, "--fields", "processing_status, title,", "--json")
    shown = vimmerse("media", "get", media, "--fields", "title")

    assert done.json == {"processing_status": "success", "title": "Sea"}
    assert shown.out == f"Media {media}: no status\n  title: Sea\n"


def test_shows_a_story(emulator: Emulator, vimmerse: Vimmerse, story: str) -> None:
    vimmerse("wait", "story", story, *QUICK)

    done = vimmerse("story", "get", story)

    assert done.code == 0
    assert f"Story {story}: success, 100 %\n  title: Cat\n  idea: A cat\n  used_credits: 150\n" in done.out
    assert "  video_url: http" in done.out
    assert "  scenes: 3\n" in done.out


def test_shows_results_that_are_objects(emulator: Emulator, vimmerse: Vimmerse) -> None:
    emulator.faults.add(status=200, body={"id": "m", "result": [{"url": "https://example.com/1.mp4"}]})

    assert "  result: https://example.com/1.mp4\n" in vimmerse("media", "get", "m").out


def test_deletes_a_story(emulator: Emulator, vimmerse: Vimmerse, story: str) -> None:
    done = vimmerse("story", "delete", story)

    assert done.code == 0
    assert done.out == f"Story {story}: deleted\n"
    assert vimmerse("story", "get", story).code == 3


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 6)])
def test_asks_before_deleting(
    emulator: Emulator, vimmerse: Vimmerse, story: str, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    monkeypatch.setattr("vimmerse.cli.console.Console.can_ask", True)
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))

    done = vimmerse("story", "delete", story)

    assert done.code == code
    assert f"Delete the story {story} permanently? [y/N]" in done.err
    assert any(each.method == "DELETE" for each in emulator.requests) == (code == 0)


def test_waits_and_saves(emulator: Emulator, vimmerse: Vimmerse, story: str, tmp_path: Path) -> None:
    out = tmp_path / "video.mp4"

    done = vimmerse("wait", "story", story, "--download", out, "--json", *QUICK)

    assert done.code == 0
    assert done.json["status"] == "success"
    assert done.json["downloaded"] == [str(out)]
    assert done.err == f"Story {story}: processing, 50 %\n"


def test_waits_and_shows(emulator: Emulator, vimmerse: Vimmerse, story: str) -> None:
    done = vimmerse("wait", "story", story, *QUICK)

    assert done.code == 0
    assert done.out.startswith(f"Story {story}: success, 100 %\n  title: Cat\n")


@pytest.mark.parametrize("outcome", ["failed", "cancelled"])
def test_a_failed_job_is_an_error(emulator: Emulator, vimmerse: Vimmerse, outcome: str) -> None:
    emulator.next_job(outcome, transition=AT_ONCE)
    media = vimmerse("media", "create", "--prompt", "x", "--json").json["id"]

    done = vimmerse("wait", "media", media, "--json")

    assert done.code == 1
    assert done.json["error"] == {
        "exit_code": 1,
        "message": done.error.removeprefix("vimmerse: "),
        "job_status": outcome,
        "kind": "media",
        "id": media,
    }
    assert f"The media {media}" in done.error


def test_a_failed_poll_is_reported(emulator: Emulator, vimmerse: Vimmerse, story: str) -> None:
    emulator.faults.add(("GET", "/v2/story/{id}"), status=503, times=2)

    done = vimmerse("wait", "story", story, *QUICK)

    assert done.code == 0
    reported = [line for line in done.err.splitlines() if "trying again" in line]
    assert reported == [f"Story {story}: this poll failed (ServerError), trying again"]


def test_an_unknown_job_is_waited_for(emulator: Emulator, vimmerse: Vimmerse, media: str) -> None:
    done = vimmerse("wait", "story", media, "--wait-timeout", 0)

    assert done.code == 5  # a moment after its creation it may be unknown still
    assert f"vimmerse wait story {media}" in done.error


def test_a_job_that_is_deleted_during_the_wait(emulator: Emulator, vimmerse: Vimmerse, story: str) -> None:
    emulator.faults.add(("GET", "/v2/story/{id}"), status=404, after=1)

    done = vimmerse("wait", "story", story, *QUICK)

    assert done.code == 3
    assert f"There is no story {story}: it was deleted, belongs to another account, or is a media" in done.error
    assert f"(then: vimmerse wait media {story})" in done.error


def test_a_rejected_key_ends_the_wait(emulator: Emulator, vimmerse: Vimmerse, story: str) -> None:
    emulator.faults.add(("GET", "/v2/story/{id}"), status=401, body={"message": "No", "code": "UNAUTHORIZED"})

    done = vimmerse("wait", "story", story)

    assert done.code == 3
    assert "Check VIMMERSE_API_KEY, or the file of --api-key-file." in done.error


def test_saves_all_results_or_one(
    emulator: Emulator, vimmerse: Vimmerse, media: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    both = vimmerse("download", "media", media)
    second = vimmerse("download", "media", media, "two.mp4", "--index", 2, "--json")

    assert both.code == second.code == 0
    names = [f"{media}.mp4", f"{media}-2.mp4"]
    assert [line.split(" (")[0] for line in both.out.splitlines()] == [f"Saved {name}" for name in names]
    assert second.json["downloaded"] == [str(tmp_path / "two.mp4")]
    assert (tmp_path / "two.mp4").read_bytes() == (tmp_path / names[1]).read_bytes()


def test_an_index_without_a_result(emulator: Emulator, vimmerse: Vimmerse, media: str, tmp_path: Path) -> None:
    done = vimmerse("download", "media", media, tmp_path / "x.mp4", "--index", 3)

    assert done.code == 2
    assert "there is no result number 3: it has 2" in done.error


def test_a_job_without_a_file_is_not_finished(emulator: Emulator, vimmerse: Vimmerse, tmp_path: Path) -> None:
    emulator.next_job(transition=Never())
    media = vimmerse("media", "create", "--prompt", "x", "--json").json["id"]
    out = tmp_path / "my clip.mp4"

    done = vimmerse("download", "media", media, out)

    assert done.code == 5
    assert f"There is no file yet: Media {media}: processing." in done.error
    assert done.error.endswith(f"vimmerse wait media {media} --download '{out}'")


@pytest.mark.parametrize(("status", "code"), [(403, 3), (429, 4)])
def test_a_host_that_denies_the_file(
    emulator: Emulator,
    vimmerse: Vimmerse,
    media: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    code: int,
) -> None:
    monkeypatch.setattr("vimmerse.jobs.downloads.RETRIES", 0)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    emulator.file_faults.add(status=status, times=None)
    out = tmp_path / "out.mp4"

    done = vimmerse("download", "media", media, out, "--json")

    assert done.code == code
    assert done.json["error"]["status"] == status
    assert done.error.endswith(f"To try again: vimmerse download media {media} {out}")
    assert "Call download()" not in done.error
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_a_local_error(
    emulator: Emulator, vimmerse: Vimmerse, media: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(self: object, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vimmerse.jobs.target.Target.write", write)

    done = vimmerse("download", "media", media, tmp_path / "out.mp4")

    assert done.code == 2
    assert "No space left on device" in done.error


def test_an_existing_file_is_kept(emulator: Emulator, vimmerse: Vimmerse, media: str, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    out.write_text("mine")
    before = len(emulator.requests)

    done = vimmerse("download", "media", media, out)

    assert done.code == 2
    assert out.read_text() == "mine"
    assert len(emulator.requests) == before


def test_the_key_from_a_file_or_standard_input(
    emulator: Emulator, vimmerse: Vimmerse, media: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIMMERSE_API_KEY")
    path = tmp_path / "key.txt"
    path.write_text("﻿a-key-in-a-file-0123\n# mine\n", encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("a-key-on-stdin-0123\n"))

    assert vimmerse("media", "get", media, "--api-key-file", path).code == 0
    assert vimmerse("media", "get", media, "--api-key-file", "-").code == 0

    keys = [dict(each.headers)["x-api-key"] for each in emulator.requests[-2:]]
    assert keys == ["a-key-in-a-file-0123", "a-key-on-stdin-0123"]
    missing = vimmerse("media", "get", media)
    assert missing.code == 2
    assert "there is no API key: set VIMMERSE_API_KEY, or use --api-key-file FILE" in missing.error
