"""The newest release of the generator writes what the pinned one writes: upstream may change its templates at any time.

Needs ``.tools/newest.txt`` and its environment, which ``scripts/contract`` makes.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
NEWEST = HOME / ".tools" / "newest.txt"
PINNED = HOME / "openapi" / "tools.txt"
TEMPLATES = HOME / "openapi" / "templates"


def generator(lock: Path) -> str:
    """The version of the generator in a lock."""
    match = re.search(r"^openapi-python-client==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    assert match
    return match[1]


@pytest.mark.exhaustive
@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(not NEWEST.exists(), reason="the newest generator is not locked: scripts/contract does it")
def test_the_newest_generator_writes_the_same() -> None:
    command = [sys.executable, "scripts/regenerate", "--check", "--tools", str(NEWEST)]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True)
    releases = f"openapi-python-client {generator(NEWEST)}; {generator(PINNED)} is pinned"
    print(releases)
    assert done.returncode == 0, f"{releases}\n{done.stdout}{done.stderr}"


#: Upstream's: apiKey (600), errors as exceptions (254), any status (1442), ``explode`` (197; #1296 would close it),
#: ``deprecated``, which templates can't see (1412).
ISSUES = {"client.py": {600}, "endpoint_module.py": {197, 254, 1412, 1442}, "errors.py": {254}, "types.py": {1442}}


def test_each_template_says_what_would_make_it_unnecessary() -> None:
    for path in sorted(TEMPLATES.rglob("*.jinja")):
        head = " ".join(path.read_text(encoding="utf-8").partition("#}")[0].split())
        assert re.search(r"Not needed once upstream |until when: (as|see) ", head, re.IGNORECASE), path.name
        assert {int(number) for number in re.findall(r"#(\d+)", head)} == ISSUES.get(path.stem, set()), path.name


def test_the_templates_stay_small() -> None:
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in TEMPLATES.rglob("*.jinja"))
    assert lines <= 400
