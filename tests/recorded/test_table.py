"""cassettes/README.md and the cassettes' headers match, and none of them contains a secret."""

from __future__ import annotations

import re

import pytest

from tests.recorded import table
from tests.recorded.scrub import CASSETTES

ALL = sorted(CASSETTES.rglob("*.yaml"))
SOURCES = (
    "# Recorded from the vimmerse emulator,",
    "# Recorded from the live service.",
    "# Written from a documented example of ",
)


def test_the_table_is_current() -> None:
    assert table.README.read_text(encoding="utf-8") == table.text(), "run scripts/record"


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_cassette_names_its_origin_and_contains_no_secret(path) -> None:
    content = path.read_text(encoding="utf-8")
    assert content.startswith(SOURCES)
    for key in re.findall(r"x-api-key:\n\s+- (.*)", content, re.IGNORECASE):
        assert key == "KEY"
    assert "a-key-of" not in content
    assert "127.0.0.1" not in content
    assert not re.search(r"set-cookie|authorization", content, re.IGNORECASE)
