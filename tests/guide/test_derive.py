"""scripts/derive: the committed files are up to date, and a difference is named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sampling import sampled

pytestmark = pytest.mark.slow

HOME = Path(__file__).resolve().parents[2]
METHODS = "generated/vimmerse/_compat_methods"
GUIDE = "docs/migration.md"


def derive(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(HOME / "scripts" / "derive"), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env={**os.environ, **environment})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The specifications and what was written from them, to be changed."""
    for folder in ("openapi", METHODS):
        shutil.copytree(HOME / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "docs").mkdir()
    shutil.copy(HOME / GUIDE, tmp_path / GUIDE)
    return tmp_path


def test_generated_files_are_up_to_date_on_any_machine() -> None:
    """Whatever the hash seed, the settings and the locale are. Without them: scripts/test --only regenerate."""
    settings = {"VIMMERSE_COMPAT_MODE": "strict", "VIMMERSE_BASE_URL": "?"}
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = derive("--check", PYTHONHASHSEED="1", **settings, **locale)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_is_written_is_formatted() -> None:
    command = [sys.executable, "-m", "ruff", "format", "--no-cache", "--diff", str(HOME / METHODS)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (0, "")


def test_drift_is_named_and_put_right(project: Path) -> None:
    changed, missing, extra = project / METHODS / "story.py", project / METHODS / "media.py", project / METHODS / "x.py"
    before = {path: path.read_bytes() for path in (changed, missing, project / GUIDE)}
    changed.write_bytes(changed.read_bytes().replace(b"Delete a story.", b"Delete it."))
    missing.unlink()
    extra.write_text("")
    (project / GUIDE).write_text("")

    done = derive("--check", "--root", str(project))
    assert done.returncode == 1
    assert set(done.stderr.splitlines()[:-1]) == {
        f"{METHODS}/story.py: changed",
        f"{METHODS}/media.py: missing",
        f"{METHODS}/x.py: extra",
        f"{GUIDE}: changed",
    }
    assert done.stderr.splitlines()[-1] == "scripts/derive: 4 files are not up to date. To write them: scripts/derive"
    assert extra.exists()

    assert derive("--root", str(project)).returncode == 0
    assert {path: path.read_bytes() for path in before} == before
    assert not extra.exists()
    second = derive("--root", str(project))
    assert (second.returncode, second.stdout) == (0, "")


def test_a_change_of_the_specification_is_drift(project: Path) -> None:
    spec = project / "openapi" / "v1.yaml"
    old = "description: What the video is about;"
    assert old in spec.read_text("utf-8")
    spec.write_text(spec.read_text("utf-8").replace(old, "description: What happens;"), "utf-8")
    done = derive("--check", "--root", str(project))
    assert done.returncode == 1
    assert f"{METHODS}/one_call.py: changed" in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "words"),
    sampled(
        [
            (
                "        concat_video_urls:\n          type: array",
                "        colour: {type: string, description: '?'}\n        concat_video_urls:\n          type: array",
                "POST /story/{story_id}/concat: compat/vimmerse/compat/rules/ has no rule for colour",
            ),
            (
                "  /story/{story_id}/concat:",
                "  /story/{story_id}/join:",
                "POST /story/{story_id}/join has no operation in",
            ),
            ("openapi: ", "openapi: [", "openapi/v1.yaml can't be read"),
            (
                "              models:\n                summary: Original v1",
                "              others:\n                summary: Original v1",
                "POST /story/idea-2-video has no example 'models'",
            ),
        ],
        4,
    ),
    ids=["a field without a rule", "a call without rules", "no YAML", "an example that the guide wants"],
)
def test_what_does_not_fit_is_an_error(project: Path, old: str, new: str, words: str) -> None:
    spec = project / "openapi" / "v1.yaml"
    text = spec.read_text("utf-8")
    assert old in text
    spec.write_text(text.replace(old, new, 1), "utf-8")
    files = {path: path.read_bytes() for path in [project / GUIDE, *(project / METHODS).iterdir()]}
    done = derive("--root", str(project))
    assert done.returncode == 1
    assert done.stderr.startswith("scripts/derive: ")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in files} == files
