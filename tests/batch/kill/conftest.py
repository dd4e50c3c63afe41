"""The programs, and the service that they pay."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from vimmerse.emulator import AT_ONCE, Emulator

from tests.batch.kill.runs import Programs, Service, rows_of


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    with Emulator(transition=AT_ONCE) as emulator:
        yield Service(emulator)


@pytest.fixture(scope="session")
def programs(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    programs = Programs()
    folder = tmp_path_factory.mktemp("kill")
    for program in ("run", "run_async"):
        task = service.task(rows_of(program), str(folder / f"{program}.sqlite"), folder / program)
        programs.run(program, **task, warm_up=True)
    yield programs
    programs.close()
