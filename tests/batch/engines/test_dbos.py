"""``DbosBatch`` in one process: what it does with what the service says, and that it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from vimmerse.batch import DbosBatch, Ledger, PlannedJob, RunSummary, State, events
from vimmerse.emulator import Emulator
from vimmerse.v2 import AsyncVimmerse

pytest.importorskip("dbos", reason="DBOS is not installed")

CREATE = ("POST", "/v2/media")
API_KEY = "canary-key-of-the-tests"
PRICE = 50.0


def rows(count: int) -> list[PlannedJob]:
    return [
        PlannedJob(key=f"k{number}", body={"prompt": f"clip {number}"}, operation="POST /v2/media", estimate=PRICE)
        for number in range(count)
    ]


class Runner:
    """Runs batches on the emulator, each time with a client of its own."""

    def __init__(self, emulator: Emulator, database: str) -> None:
        self.emulator = emulator
        self.events: list[events.Event] = []
        self.ledger = Ledger(database, batch="tests")
        self.batch: DbosBatch | None = None

    def run(
        self, jobs: list[PlannedJob] | None = None, *, on_event: Callable[[Any], object] = bool, **options: Any
    ) -> RunSummary:
        async def run() -> RunSummary:
            async with AsyncVimmerse(api_key=API_KEY, base_url=self.emulator.base_url) as client:
                self.batch = DbosBatch(client, self.ledger, **{"interval": 0.05, "poll": 0.05} | options)

                def show(event: events.Event) -> object:
                    self.events.append(event)
                    return on_event(event)

                return await self.batch.run(jobs, on_event=show)

        self.events.clear()
        return asyncio.run(run())

    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.events]


@pytest.fixture
def runner(emulator: Emulator, postgres_url: str) -> Iterator[Runner]:
    runner = Runner(emulator, postgres_url)
    yield runner
    runner.ledger.close()


def test_a_batch(runner: Runner, emulator: Emulator) -> None:
    summary = runner.run(rows(3), budget=1000)
    assert summary.counts == {State.FINISHED: 3}
    assert summary.stop_reason == ""
    assert len(emulator.jobs) == 3
    assert runner.names()[0] == "Started"
    assert sorted(runner.names()[1:]) == sorted(["Reserved", "Submitted", "Finished", "Progressed"] * 3)
    assert summary.committed == emulator.credits_used
    again = runner.run(rows(3))
    assert again.counts == summary.counts
    assert runner.names() == ["Started"]
