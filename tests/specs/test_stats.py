"""openapi/stats.json: the numbers of the specs, and the ratchet of the templates."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from vimmerse import v1, v2

from scripts import _stats as stats
from tests.specs.spec import HOME, VERSIONS, load

TOOLS = {"generator": "1.0"}


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Templates, one of which upstream has too."""
    own, upstream = tmp_path / "own", tmp_path / "upstream"
    for folder in (own, upstream):
        folder.mkdir()
    (own / "model.jinja").write_text("theirs\nours\n")
    (upstream / "model.jinja").write_text("theirs\ntheirs alone\n")
    (own / "lazy.jinja").write_text("ours\n")
    return own, upstream


def measured(stored: Any, folders: tuple[Path, Path], spec: Any = None) -> Any:
    return stats.measured(stored, {"v2": spec or load("v2")}, TOOLS, *folders)


def test_the_clients_state_the_revision_of_their_spec() -> None:
    stored = json.loads((HOME / stats.PATH).read_text("utf-8"))["specs"]
    assert [stats.revision(stored[version]) for version in VERSIONS] == [v1.SPEC_REVISION, v2.SPEC_REVISION]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d\.[0-9a-f]{12}", v2.SPEC_REVISION)


def test_only_content_changes_the_revision(folders: tuple[Path, Path]) -> None:
    spec = load("v2")
    first = measured({}, folders)
    first["specs"]["v2"]["date"] = "2020-01-01"
    reordered = dict(reversed(spec.items()))
    assert measured(first, folders, reordered)["specs"] == first["specs"]
    other = measured(first, folders, {**spec, "info": {**spec["info"], "title": "Another"}})["specs"]["v2"]
    assert other["sha256"] != first["specs"]["v2"]["sha256"]
    assert other["date"] > "2020-01-01"


def test_lines_that_upstream_has_too_are_not_ours(folders: tuple[Path, Path]) -> None:
    assert measured({}, folders)["templates"] == {"lines": 3, "not_upstream": 2, "at_most": 2}


def test_templates_may_shrink_but_not_grow(folders: tuple[Path, Path]) -> None:
    stored = measured({}, folders)
    (folders[0] / "lazy.jinja").unlink()
    stored = measured(stored, folders)
    assert stored["templates"]["at_most"] == 1
    (folders[0] / "lazy.jinja").write_text("ours\n")
    with pytest.raises(stats.TooMany, match=r"2 lines are not upstream's, and 1 were.*raise `at_most`"):
        measured(stored, folders)


def test_the_fork_of_the_templates_stays_small() -> None:
    stored = json.loads((HOME / stats.PATH).read_text("utf-8"))["templates"]
    assert stored["not_upstream"] <= stored["at_most"]
    assert stored["lines"] <= 400
