"""Every test that uses ``caller`` runs through the sync and the async functions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.callers import Caller


@pytest.fixture(params=["sync", "async"])
def caller(request: pytest.FixtureRequest) -> Caller:
    return Caller(asynchronous=request.param == "async")


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """Where a download goes. Whatever happened, no partial file is left anywhere."""
    yield tmp_path / "video.mp4"
    assert os.listdir(tmp_path) in ([], ["video.mp4"])
