"""On a terminal: progress bars and questions; and Ctrl-C at every stage."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest
from vimmerse.emulator import AT_ONCE, AfterPolls, Emulator, Never

from tests.cli.terminal import Terminal, piped, until

pytestmark = pytest.mark.slow

CREATE = ("media", "create", "--prompt", "The sun rises")


def test_progress_bars(emulator: Emulator, image: Path, tmp_path: Path) -> None:
    emulator.next_job(transition=AfterPolls(4))
    out = tmp_path / "out.mp4"
    terminal = Terminal(
        *CREATE, "--yes", "--image", str(image), "--wait", "--download", str(out), "--interval", "0.05", columns=80
    )

    code = terminal.end()

    (media,) = [each.id for each in emulator.jobs]
    frames = terminal.frames
    assert code == 0
    assert any("Uploading a.png" in line and "100.0/100.0 kB" in line for line in frames)
    assert any(f"Media {media[:8]}… ━" in line and "processing 0:00:0" in line for line in frames)
    assert any(f"Media {media[:8]}… ━" in line and "success, 100 % 0:00:0" in line for line in frames)
    assert any("Downloading out.mp4" in line and "4.6/4.6 kB" in line for line in frames)
    assert frames[0].startswith("Estimate: about 50 credits")
    assert f"Media {media}: new" in frames
    assert frames[-1].endswith(f"out.mp4 ({out.stat().st_size:,} bytes)")
    assert "\x1b[?25h" in terminal.raw  # the cursor is back
    assert "key-of-the-tests" not in terminal.raw


def test_the_bar_of_a_story_shows_its_percentage(emulator: Emulator) -> None:
    emulator.next_job(transition=AfterPolls(4))
    terminal = Terminal("story", "create", "--idea", "A cat", "--yes", "--wait", "--interval", "0.05", columns=160)

    assert terminal.end() == 0
    assert any("processing, 25 %" in line for line in terminal.frames)


def test_the_bar_of_a_failed_job_stops(emulator: Emulator) -> None:
    emulator.next_job("failed", transition=AT_ONCE)
    terminal = Terminal(*CREATE, "--yes", "--wait", "--interval", "0.05", columns=160)

    assert terminal.end() == 1
    assert "vimmerse: The media " in terminal.frames[-1] or "a price of its own" in terminal.frames[-1]


def test_a_dumb_terminal_gets_lines(emulator: Emulator) -> None:
    terminal = Terminal(*CREATE, "--yes", "--wait", "--interval", "0.05", TERM="dumb")

    assert terminal.end() == 0
    assert "\x1b" not in terminal.raw
    (media,) = [each.id for each in emulator.jobs]
    assert f"Media {media}: processing" in terminal.frames


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 6)])
def test_asks_before_spending_credits(emulator: Emulator, answer: str, code: int) -> None:
    terminal = Terminal(*CREATE)

    terminal.read_until("Continue? [y/N] ")
    before = emulator.requests
    terminal.write(answer)

    assert terminal.end() == code
    assert before == ()
    assert len(emulator.jobs) == (code == 0)


# Ctrl-C


def test_interrupt_at_the_question(emulator: Emulator) -> None:
    terminal = Terminal(*CREATE)

    terminal.read_until("Continue? [y/N] ")
    terminal.interrupt()

    assert terminal.end() == 130
    assert terminal.frames[-1].endswith("Stopped. Nothing was created and nothing was charged.")
    assert emulator.requests == ()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/v2/image", "Stopped. Nothing was created and nothing was charged."),
        ("/v2/media", "Stopped. It may have been carried out and charged: check before you send it again."),
    ],
)
def test_interrupt_while_sending(emulator: Emulator, image: Path, path: str, text: str) -> None:
    fault = emulator.faults.add(("POST", path), "hang")

    with piped(*CREATE, "--image", str(image)) as program:
        until(lambda: fault.hits > 0)
        program.send_signal(signal.SIGINT)
        out, err = program.communicate()

    assert program.returncode == 130
    assert err.splitlines()[-1] == f"vimmerse: {text}"
    assert out == ""


@pytest.mark.parametrize("as_json", [False, True])
def test_interrupt_while_waiting(emulator: Emulator, tmp_path: Path, as_json: bool) -> None:
    emulator.next_job(transition=Never())
    out = tmp_path / "out.mp4"
    arguments = [*CREATE, "--download", str(out), "--interval", "60", *(["--json"] if as_json else [])]

    with piped(*arguments) as program:
        stream: Any = program.stderr if as_json else program.stdout
        lines = [stream.readline()]
        while not lines[-1].startswith("Media "):
            lines.append(stream.readline())
        (media,) = [each.id for each in emulator.jobs]
        until(lambda: any(each.path == f"/v2/media/{media}" for each in emulator.requests))
        program.send_signal(signal.SIGINT)
        rest, err = program.communicate()

    assert lines[-1] == f"Media {media}: new\n"
    assert program.returncode == 130
    assert err.splitlines()[-1] == (
        f"vimmerse: Stopped. The media {media} continues on the server. To keep waiting (free): "
        f"vimmerse wait media {media} --download {out}"
    )
    assert ('"exit_code": 130' in rest) == as_json
    assert (f'"id": "{media}"' in rest) == as_json


def test_interrupt_while_downloading(emulator: Emulator, tmp_path: Path) -> None:
    emulator.next_job(transition=AT_ONCE)
    fault = emulator.file_faults.add(kind="hang")
    out = tmp_path / "out.mp4"

    with piped(*CREATE, "--download", str(out)) as program:
        until(lambda: fault.hits > 0)
        program.send_signal(signal.SIGINT)
        _, err = program.communicate()

    (media,) = [each.id for each in emulator.jobs]
    assert program.returncode == 130
    assert err.splitlines()[-1] == (
        f"vimmerse: Stopped. The media {media} is finished. To download it: vimmerse download media {media} {out}"
    )
    assert list(tmp_path.glob("*out*")) == []
