"""Workers on DBOS that are killed with -9: the others go on, nothing is paid twice, and nothing is lost."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from subprocess import PIPE, STDOUT

import pytest
from vimmerse.batch import Ledger, State
from vimmerse.emulator import Emulator

from tests.batch.engines.fleet import API_KEY, PRICE, Fleet, wait_until

pytest.importorskip("dbos", reason="DBOS is not installed")
pytestmark = pytest.mark.slow

CREATE = ("POST", "/v2/media")


def created(emulator: Emulator) -> dict[str, str]:
    """The ids of the jobs by the keys of their rows. Nothing was created twice."""
    calls = [(request.content.json, request.ids) for request in emulator.requests if request.method == "POST"]
    ids = [(str(body["prompt"]), ids[0]) for body, ids in calls if isinstance(body, dict) and ids]
    assert [key for key, count in Counter(key for key, _ in ids).items() if count > 1] == []
    assert len(ids) == len(emulator.jobs)
    return dict(ids)


def wait_for_jobs(emulator: Emulator, count: int) -> None:
    wait_until(lambda: len(emulator.jobs) >= count, f"{count} jobs are created")


@pytest.mark.parametrize(
    ("count", "kills"),
    [
        pytest.param(30, 2, marks=pytest.mark.exhaustive),
        pytest.param(1000, 12, marks=[pytest.mark.exhaustive, pytest.mark.timeout(240)]),
    ],
)
def test_killed_at_random(count: int, kills: int, emulator: Emulator, database: str) -> None:
    """Three workers; one after the other is killed, and another one takes its place, which knows no rows."""
    name = f"killed-{count}"
    chance = random.Random(20261122)
    keys = [f"clip-{number}" for number in range(count)]
    hanging = emulator.faults.add(CREATE, "hang_accepted", after=count // 4)
    emulator.faults.add(CREATE, "slow", times=None, chunk=64)  # so that some are killed in between
    with (
        Ledger(database, batch=name, budget=count * PRICE) as ledger,
        Fleet(database, name, emulator.base_url, concurrency=20) as fleet,
    ):
        fleet.start(keys)
        fleet.start(keys)  # a second machine with the same table
        fleet.start()
        for kill in range(kills):
            wait_for_jobs(emulator, (kill + 1) * count // (kills + 2))
            fleet.kill(chance.randrange(3))
            fleet.start()
        # One call never gets a response: its process is killed, too.
        wait_until(lambda: hanging.hits, "a call hangs")
        for _ in range(3):
            fleet.kill(0)
        fleet.start()
        assert fleet.join() == [0]

        lost = [job.key for job in ledger.jobs(State.AMBIGUOUS)]
        summary = ledger.summary()
        assert summary.count(State.FINISHED) + summary.count(State.AMBIGUOUS) == summary.total == count
        assert lost
        ids = created(emulator)
        assert {job.key: job.job_id for job in ledger.jobs(State.FINISHED)} == {
            key: value for key, value in ids.items() if key not in lost
        }
        for key in lost:
            ledger.resolve(key, job_id=ids.get(key, ""), not_created=key not in ids)
        fleet.start()
        assert fleet.join() == [0]
        assert ledger.summary().counts == {State.FINISHED: count}
        assert sorted(created(emulator)) == sorted(keys)
        assert ledger.summary().committed == emulator.credits_used == count * PRICE


@pytest.mark.exhaustive
def test_two_shells_share_a_batch(emulator: Emulator, database: str, tmp_path: Path) -> None:
    tmp_path.joinpath("shells.csv").write_text("key,prompt\n" + "".join(f"k{n},A kite {n}\n" for n in range(12)))
    command = [sys.executable, "-m", "vimmerse", "batch", "run", "shells.csv", "--engine", "dbos", "--yes"]
    command += ["--budget", str(11 * PRICE), "--download", "out", "--interval", "0.1"]
    settings = {"VIMMERSE_DATABASE_URL": database, "VIMMERSE_API_KEY": API_KEY, "VIMMERSE_BASE_URL": emulator.base_url}
    shells = [
        subprocess.Popen(command, cwd=tmp_path, env=os.environ | settings, stdout=PIPE, stderr=STDOUT, text=True)
        for _ in range(2)
    ]
    outputs = [shell.communicate(timeout=100)[0] for shell in shells]
    assert [shell.returncode for shell in shells] == [6, 6], outputs  # the budget does not cover the last one
    assert len(created(emulator)) == 11 == len([*tmp_path.joinpath("out").glob("*.mp4")])
    assert all("raise --budget" in output and API_KEY not in output for output in outputs)
