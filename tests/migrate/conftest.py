"""The programs of the corpus are input: their own tests are run by the tests here, not by pytest's collection.

``known_failures.txt`` lists the tests that do not pass yet, one a line: where ``CI`` is set, each must fail.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.migrate.engine import Engine, git, write

collect_ignore = ["corpus", "refusals"]

HERE = Path(__file__).parent
KNOWN_FAILURES = frozenset((HERE / "known_failures.txt").read_text(encoding="utf-8").splitlines())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == HERE and item.name in KNOWN_FAILURES:
            item.add_marker(pytest.mark.xfail(reason="known_failures.txt", strict=bool(os.environ.get("CI"))))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The stand-in, in the engine's place."""
    return Engine.in_place(monkeypatch)


@pytest.fixture
def repository(tmp_path: Path, engine: Engine) -> Path:
    """A clean work tree with two programs."""
    folder = tmp_path / "repository"
    for name in ("a.py", "sub/b [1].py"):
        write(folder, name)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "a")
    return folder
