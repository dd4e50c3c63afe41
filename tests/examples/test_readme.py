"""README.md: its first two programs, copied out of the page into files of their own, do what the page says."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from vimmerse.emulator import Emulator

pytestmark = pytest.mark.slow

BLOCKS = re.findall(
    r"^```(python|text)\n(.*?)^```$", Path(__file__).parents[2].joinpath("README.md").read_text("utf-8"), re.M | re.S
)
V2, V1, *_ = [text for language, text in BLOCKS if language == "python"]
WARNINGS = next(text for language, text in BLOCKS if language == "text")


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    with Emulator() as emulator:
        monkeypatch.setenv("VIMMERSE_BASE_URL", emulator.base_url)
        monkeypatch.setenv("VIMMERSE_API_KEY", "a key")
        yield emulator


def run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    folder.joinpath("make_video.py").write_text(program, "utf-8")
    return subprocess.run([sys.executable, "make_video.py"], cwd=folder, capture_output=True, encoding="utf-8")


def test_the_program_for_v2_saves_a_video(emulator: Emulator, tmp_path: Path) -> None:
    done = run(V2, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert tmp_path.joinpath("boat.mp4").read_bytes()[4:8] == b"ftyp"
    assert emulator.requests[0].path == "/v2/story/idea-2-video"


def test_the_program_for_v1_is_translated_and_warned_of_as_the_page_says(emulator: Emulator, tmp_path: Path) -> None:
    done = run(V1, tmp_path)
    assert done.returncode == 0
    assert done.stdout.endswith(" new\n")
    assert [request.path for request in emulator.requests] == ["/v2/story/idea-2-video"]
    shown = " ".join(line for line in done.stderr.split("\n") if not line.startswith("  ")).split()
    assert shown == WARNINGS.replace("make_video.py", str(tmp_path / "make_video.py")).split()
