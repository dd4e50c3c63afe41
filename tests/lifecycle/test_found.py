"""Changes of the specs that somebody forgot to follow up: scripts/sync says what is left to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lifecycle.copies import Copy

pytestmark = [pytest.mark.slow]


def test_nothing_is_left_to_do(tmp_path: Path) -> None:
    done = Copy(tmp_path).sync()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 of them to write" in done.stdout
