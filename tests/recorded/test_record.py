"""scripts/record replaces the cassettes whole or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.recorded.scrub import HOME

ENVIRONMENT = """root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
ensure_env() { :; }
"""
# In the place of Python: writes a new cassette and the table, and fails where it is told to.
PYTHON = """#!/usr/bin/env bash
step="$*"
case "$step" in
    *documented*) name=documented ;; *record-mode*) name=record ;; *table*) name=table ;; *) name=play ;;
esac
echo "$name into $RECORD_INTO live=${RECORD_FROM:-}" >>"$CALLS"
if [ "$name" = record ]; then echo new >"$RECORD_INTO/shim/a.yaml"; rm "$RECORD_INTO/shim/b.yaml"; fi
[ "$name" != "$FAILS" ]
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A repository with two cassettes, and stand-ins for what the script calls."""
    for name, text in (("scripts/_env.sh", ENVIRONMENT), (".venv/bin/python", PYTHON)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / ".venv/bin/python").chmod(0o755)
    shutil.copy(HOME / "scripts" / "record", tmp_path / "scripts")
    (tmp_path / "cassettes/shim").mkdir(parents=True)
    for name in ("a", "b"):
        (tmp_path / f"cassettes/shim/{name}.yaml").write_text("old\n", encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def record(copy: Path, fails: str = "", *arguments: str) -> tuple[int, dict[str, str], list[str]]:
    """The exit status, the cassettes afterwards, and what was called."""
    environment = {**os.environ, "FAILS": fails, "CALLS": str(copy / "calls"), "VIMMERSE_API_KEY": "a-key"}
    status = subprocess.run(["bash", "scripts/record", *arguments], cwd=copy, env=environment, capture_output=True)
    cassettes = {path.stem: path.read_text().strip() for path in sorted((copy / "cassettes/shim").iterdir())}
    assert list((copy / ".tools").iterdir()) == []
    return status.returncode, cassettes, (copy / "calls").read_text().splitlines()


@pytest.mark.parametrize("step", ["documented", "record", "table", "play"])
def test_nothing_changes_if_a_step_fails(copy: Path, step: str) -> None:
    status, cassettes, _ = record(copy, step)
    assert status != 0
    assert cassettes == {"a": "old", "b": "old"}


def test_a_recording_that_plays_replaces_all(copy: Path) -> None:
    status, cassettes, calls = record(copy)
    assert (status, cassettes) == (0, {"a": "new"})
    assert [call.split()[0] for call in calls] == ["documented", "record", "table", "play"]
    assert not any(f"into {copy}/cassettes" in call for call in calls)


def test_a_live_recording_is_played_without_the_service(copy: Path) -> None:
    status, cassettes, calls = record(copy, "", "--live", "--yes")
    assert (status, cassettes) == (0, {"a": "new"})
    assert [call.rpartition("=")[2] for call in calls] == ["live", "live", "live", ""]
