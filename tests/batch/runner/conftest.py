"""A runner for each kind of client, with an emulator and a ledger of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from vimmerse.emulator import AT_ONCE, Emulator

from tests.batch.runner.runs import Runner


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(transition=AT_ONCE) as emulator:
        yield emulator


@pytest.fixture(params=["sync", "async"])
def runner(request: pytest.FixtureRequest, emulator: Emulator, tmp_path: Path) -> Runner:
    return Runner(emulator, str(tmp_path / "batch.sqlite"), asynchronous=request.param == "async")


@pytest.fixture
def sync_runner(emulator: Emulator, tmp_path: Path) -> Runner:
    return Runner(emulator, str(tmp_path / "batch.sqlite"), asynchronous=False)


@pytest.fixture
def async_runner(emulator: Emulator, tmp_path: Path) -> Runner:
    return Runner(emulator, str(tmp_path / "batch.sqlite"), asynchronous=True)
