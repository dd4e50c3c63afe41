"""Processes that work on a batch, which tests kill."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Callable, Iterable
from typing import Any, Self

from vimmerse.batch import BatchStoppedError, DbosBatch, Ledger, PlannedJob
from vimmerse.v2 import AsyncVimmerse

API_KEY = "canary-key-of-the-tests"
PRICE = 50
# Processes start as copies of one that has loaded everything.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__, "vimmerse.batch.engines"])


def planned(keys: Iterable[str]) -> list[PlannedJob]:
    """Jobs of one clip each."""
    return [PlannedJob(key=key, body={"prompt": key}, operation="POST /v2/media", estimate=PRICE) for key in keys]


def _work(database: str, batch: str, base_url: str, keys: list[str] | None, options: dict[str, Any]) -> None:
    async def run() -> None:
        with Ledger(database, batch=batch) as ledger:
            async with AsyncVimmerse(api_key=API_KEY, base_url=base_url) as client:
                worker = DbosBatch(client, ledger, interval=0.05, poll=0.05, **options)
                await worker.run(None if keys is None else planned(keys))

    try:
        asyncio.run(run())
    except BatchStoppedError as error:
        raise SystemExit(f"stopped: {error}") from None


class Fleet:
    """Processes with the same settings. In the end, those that still run are killed."""

    def __init__(self, database: str, batch: str, base_url: str, **options: Any) -> None:
        self._arguments = (database, batch, base_url)
        self._options = options
        self.running: list[multiprocessing.process.BaseProcess] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        while self.running:
            self.kill(0)

    def start(self, keys: list[str] | None = None) -> None:
        """Start a process, with these rows or without."""
        process = _PROCESSES.Process(target=_work, args=(*self._arguments, keys, self._options))
        process.start()
        self.running.append(process)

    def kill(self, number: int) -> None:
        """``kill -9`` for one of those that run."""
        process = self.running.pop(number)
        process.kill()
        process.join()

    def join(self) -> list[int | None]:
        """Wait until all have ended. Return how."""
        codes = []
        while self.running:
            process = self.running.pop()
            process.join()
            codes.append(process.exitcode)
        return codes


def wait_until(condition: Callable[[], object], what: str, timeout: float = 60) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"in vain waited until {what}"
        time.sleep(0.02)
