"""Every test that asks for ``door`` runs through the sync and the async functions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.doors import Door


@pytest.fixture(params=["sync", "async"])
def door(request: pytest.FixtureRequest) -> Door:
    return Door(asynchronous=request.param == "async")


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """Where a download goes. Whatever happened, no partial file is left anywhere."""
    yield tmp_path / "film.mp4"
    assert os.listdir(tmp_path) in ([], ["film.mp4"])
