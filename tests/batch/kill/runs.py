"""Running programs that are killed, and comparing what the ledger says with what the service has done."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vimmerse.batch import JobRecord, Ledger, State
from vimmerse.emulator import Emulator
from vimmerse.pricing import estimate_call

from tests.batch.kill.programs import IDEA, MEDIA

ROOT = Path(__file__).parents[3]
BOOKED = {State.RESERVED, State.SENDING, State.ACCEPTED, State.AMBIGUOUS}
PAID = {State.ACCEPTED, State.FINISHED, State.FAILED, State.CANCELLED}

#: Keys with the operation and the body of their calls.
Rows = dict[str, tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Run:
    """A run of a program. ``passed``: the names of the boundaries up to its end."""

    killed: bool
    passed: list[str]
    error: str = ""


class Programs:
    """Starts the programs of ``programs.py`` in processes of their own."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.batch.kill.child"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        assert self._server.stdin is not None
        self._server.stdin.close()
        self._server.wait(30)
        assert self._server.stdout is not None
        self._server.stdout.close()

    def run(self, program: str, **task: Any) -> Run:
        """Run a program. ``task``: as in ``child.py``; with ``kill_at`` it is killed there, if it comes so far."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps({"program": program, **task}) + "\n")
        self._server.stdin.flush()
        run = Run(**json.loads(self._server.stdout.readline()))
        assert not run.error, run.error
        return run


class Service:
    """What the emulator has done, row by row. A row is told by the text of its call."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator

    def task(self, rows: Rows, location: str, folder: Path | None = None) -> dict[str, Any]:
        """A task whose budget is just enough for its rows."""
        client = {"base_url": self.emulator.base_url, "api_key": "key-of-the-tests"}
        task: dict[str, Any] = {"location": location, "budget": price_of(rows), "rows": rows, "client": client}
        return task | ({"folder": str(folder)} if folder else {})

    def created(self) -> dict[str, list[tuple[str, int]]]:
        """The ids and credits of what was created, by text."""
        texts: dict[str, str] = {}
        for request in self.emulator.requests:
            if isinstance(request.json, dict) and request.method == "POST":
                texts |= dict.fromkeys(request.ids, _text(request.json))
        found: dict[str, list[tuple[str, int]]] = {}
        for charge in self.emulator.jobs:
            found.setdefault(texts[charge.id], []).append((charge.id, charge.credits))
        return found

    def wait_for(self, texts: Iterable[str]) -> None:
        """Wait until the service has handled calls whose last byte has been sent."""
        end = time.monotonic() + 30
        while missing := set(texts) - self.created().keys():
            assert time.monotonic() < end, f"{missing} was sent and not created"
            time.sleep(0.002)


def rows_of(point: str, count: int = 2) -> Rows:
    """Calls with different prices, whose texts are unique to ``point``."""
    rows: Rows = {}
    for number in range(count):
        text = f"{point}-{number}"
        media = (MEDIA, {"prompt": text, "duration": 5 + 5 * (number % 2)})
        rows[f"row {number}"] = (IDEA, {"idea": text, "scene_count": 1}) if number % 3 == 1 else media
    return rows


def text_of(job: JobRecord) -> str:
    return _text(job.body)


def _text(body: Mapping[str, Any]) -> str:
    return str(body.get("prompt") or body.get("idea"))


def price_of(rows: Rows) -> float:
    return sum(estimate_call(operation, body).credits for operation, body in rows.values())


def calls(runs: Iterable[Run]) -> Counter[str]:
    """How often each row was sent, or was about to be, by text."""
    found = (re.fullmatch(r"POST \S+ (.+): called", name) for run in runs for name in run.passed)
    return Counter(match[1] for match in found if match)


def sent(runs: Iterable[Run], step: str = "body.complete") -> set[str]:
    """The texts of the calls whose last byte has been sent; with ``headers.started`` perhaps their first one."""
    pattern = rf"POST \S+ (.+): http11.send_request_{step}"
    found = (re.fullmatch(pattern, name) for run in runs for name in run.passed)
    return {match[1] for match in found if match}


def check_books(ledger: Ledger) -> dict[str, JobRecord]:
    """What holds at any moment, after any crash. Return the jobs by key."""
    jobs = {job.key: job for job in ledger.jobs()}
    summary = ledger.summary()
    assert math.isclose(summary.committed, sum(job.credits for job in jobs.values()), abs_tol=1e-6)
    assert summary.budget is None or summary.committed <= summary.budget
    assert summary.total == len(jobs)
    for job in jobs.values():
        assert (job.booked > 0) == (job.state in BOOKED), job
        assert bool(job.job_id) == (job.state in PAID), job
        assert job.attempts > 0 or job.state in (State.PLANNED, State.RESERVED), job
    return jobs


def check_service(service: Service, jobs: Iterable[JobRecord]) -> None:
    """What the ledger says is what the service has done, as far as the ledger claims to know it."""
    created = service.created()
    for job in jobs:
        ids = [identifier for identifier, _ in created.get(text_of(job), [])]
        if job.state in PAID:
            assert ids == [job.job_id], job
        elif job.state in (State.SENDING, State.AMBIGUOUS):
            assert len(ids) <= 1, job
        else:
            assert ids == [], job
