"""cassettes/README.md and the cassettes' headers match, and none of them contains a secret."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.recorded import table
from tests.recorded.scrub import CASSETTES

ALL = sorted(CASSETTES.rglob("*.yaml"))
SOURCES = (
    "# Recorded from the vimmerse emulator,",
    "# Recorded from the live service.",
    "# Written from a documented example of ",
)
#: The date and the beginning of the hash of each spec when it was recorded.
SPECS = re.compile(r"# Specs: v1 \d{4}-\d\d-\d\d\.[0-9a-f]{12}, v2 \d{4}-\d\d-\d\d\.[0-9a-f]{12}\. Made anew by: ")


def test_the_table_is_current() -> None:
    assert table.README.read_text(encoding="utf-8") == table.text(), "run scripts/record"


@pytest.mark.parametrize("folder", sorted({path.parent for path in ALL}), ids=lambda folder: folder.name)
def test_a_cassette_names_its_origin_and_contains_no_secret(folder: Path) -> None:
    for path in sorted(folder.glob("*.yaml")):
        content = path.read_text(encoding="utf-8")
        assert content.startswith(SOURCES), path
        assert content.startswith(SOURCES[2]) or SPECS.match(content.split("\n")[1]), path
        for key in re.findall(r"x-api-key:\n\s+- (.*)", content, re.IGNORECASE):
            assert key == "KEY", path
        assert "a-key-of" not in content, path
        assert "127.0.0.1" not in content, path
        assert not re.search(r"set-cookie|authorization", content, re.IGNORECASE), path
