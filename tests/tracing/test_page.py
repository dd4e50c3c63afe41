"""The example of docs/operating.md, run as a program of its own: a process can set its tracer provider once."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from vimmerse.emulator import Emulator

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operating.md"


@pytest.mark.slow
def test_the_example(emulator: Emulator, tmp_path: Path) -> None:
    (program,) = re.findall(r"^```py\n(from opentelemetry .*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    environment = {**os.environ, "VIMMERSE_BASE_URL": emulator.base_url, "VIMMERSE_API_KEY": "key-of-the-page"}
    result = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:vimmerse", "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        env=environment,
    )
    assert result.returncode == 0, result.stderr

    decoder, text, names = json.JSONDecoder(), result.stdout.strip(), []
    while text:
        span, end = decoder.raw_decode(text)
        text = text[end:].strip()
        names.append(span["name"])
    assert names == [
        "POST /v2/story/idea-2-video",
        "GET /v2/story/{story_id}",
        "vimmerse.wait story",
        "vimmerse.download",
    ]
    assert "key-of-the-page" not in result.stdout
    assert "paper boat" not in result.stdout
    assert (tmp_path / "boat.mp4").stat().st_size > 1000
