"""Sixteen workers on one ledger: threads of one process, or of four."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from vimmerse.batch import Ledger

from tests.batch.kill.runs import Programs

Compete = Callable[..., list[tuple[str, int]]]


@pytest.fixture(scope="session")
def programs() -> Iterator[Programs]:
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    programs = Programs()
    yield programs
    programs.close()


@pytest.fixture(params=[pytest.param(1, marks=pytest.mark.exhaustive), 4], ids=["one process", "four processes"])
def compete(request: pytest.FixtureRequest, programs: Programs, location: str, tmp_path: Path) -> Compete:
    """Lets 16 workers do their work, and returns what they have sent: keys, and numbers of attempts."""

    def compete(worker: str, ledger: Ledger, jobs: dict[str, tuple[float, float | None]], **task: Any) -> Any:
        sends = tmp_path / "sends"
        sends.touch()
        task = {"seed": 16, "steps": 0, "jobs": jobs, "sends": str(sends), "batch": ledger.batch, **task}
        workers = {"processes": request.param, "threads": 16 // request.param}
        programs.run("compete", location=location, worker=worker, **workers, **task)
        lines = (line.rpartition(" ") for line in sends.read_text().splitlines())
        return [(key, int(attempt)) for key, _, attempt in lines]

    return compete
