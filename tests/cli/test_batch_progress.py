"""``vimmerse batch run``: the bar, and lines where there is none."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest
from vimmerse.batch import Batch, Ledger, PlannedJob, State, events
from vimmerse.cli.commands.batch.progress import Tally, shown
from vimmerse.cli.console import Console
from vimmerse.emulator import Emulator
from vimmerse.v2 import Vimmerse as Client

from tests.cli.batches import RUN, write
from tests.cli.conftest import KEY, Vimmerse
from tests.cli.terminal import Terminal
from tests.jobs.callers import Clock

pytestmark = pytest.mark.usefixtures("batch_folder")


@pytest.mark.slow
def test_one_bar_for_all_jobs(emulator: Emulator, table: Path) -> None:
    emulator.next_job("failed")
    terminal = Terminal(*RUN, "--budget", "500", "--download", "out", columns=120)

    terminal.read_until("Continue? [y/N] ")
    assert emulator.requests == ()
    terminal.write("y\n")

    assert terminal.end() == 1
    frames = [line.strip() for line in terminal.frames]
    assert any(line.startswith("clips ━") and "3/3" in line for line in frames)
    assert "1 failed, 2 finished" in frames or "2 finished, 1 failed" in frames
    assert any(line.startswith("credits: ") and line.endswith("left") for line in frames)
    assert any("): failed: " in line for line in frames)
    assert "\x1b[?25h" in terminal.raw
    assert KEY not in terminal.raw


@pytest.mark.slow
def test_ctrl_c_below_the_bar(emulator: Emulator, batch_folder: Path) -> None:
    write(batch_folder, "a,A cat,1")
    emulator.faults.add(("POST", "/v2/story/idea-2-video"), status=429, headers=[("Retry-After", "60")])
    terminal = Terminal(*RUN, "--budget", "500", "--yes", columns=120)

    terminal.read_until("Nothing is sent for 60 s, then up to 2 at a time: ")
    terminal.interrupt()

    assert terminal.end() == 130
    assert "  Stopping: what is being sent is completed first. Ctrl-C again leaves at once." in terminal.frames
    assert "vimmerse: Stopped. Nothing is sent or paid twice. 1 job left. To go on: vimmerse batch run" in terminal.text


def test_a_run_that_is_declined_leaves_no_ledger(
    emulator: Emulator, vimmerse: Vimmerse, table: Path, batch_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Console, "can_ask", True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))

    done = vimmerse(*RUN, "--budget", 500)

    assert done.code == 6
    assert done.error == "Continue? [y/N] vimmerse: Declined: nothing was sent. Use --yes to skip the question."
    assert emulator.requests == ()
    assert [path.name for path in batch_folder.iterdir()] == ["clips.csv"]


def test_the_numbers_of_a_display_are_those_of_the_ledger(emulator: Emulator, batch_folder: Path) -> None:
    emulator.next_job("failed")
    emulator.next_job("cancelled")
    emulator.faults.add(("POST", "/v2/media"), status=422, after=3)
    emulator.faults.add(("POST", "/v2/media"), "reset", after=3)
    emulator.faults.add(("POST", "/v2/media"), status=429, headers=[("Retry-After", "0")], after=3)
    tally, seen, clock = Tally(), [], Clock()

    def add(event: Any) -> None:
        tally.add(event)
        seen.append(type(event))
        assert min(tally.counts.values(), default=0) >= 0
        assert tally.booked >= 0

    with Client() as client, Ledger("a.sqlite", budget=500) as ledger:
        batch = Batch(client, ledger, concurrency=2, clock=clock, sleep=clock.sleep)
        summary = batch.run([{"prompt": f"Clip {number}"} for number in range(14)], on_event=add)

    assert {events.Refused, events.Ambiguous, events.Failed, events.BudgetReached} <= set(seen)
    assert {state: count for state, count in tally.counts.items() if count} == summary.counts
    assert (tally.spent, tally.spent + tally.booked) == (summary.spent, summary.committed)
    assert tally.over_budget
    assert tally.ended == summary.total - summary.count(State.PLANNED, State.RESERVED, State.ACCEPTED)


def test_lines_about_all_jobs_now_and_then(capsys: pytest.CaptureFixture[str], batch_folder: Path) -> None:
    now = 0.0
    job: Any = {"key": "k", "number": 1, "place": ""}
    with Ledger("a.sqlite") as ledger, shown(Console(False), Tally(), ledger, clock=lambda: now) as show:
        show(events.Started(summary=ledger.summary()))
        show(events.Resumed(**job, job_id="s1"))
        now = 60.0
        show(events.Resumed(**job, job_id="s1"))
        now = 61.0
        show(events.Unfinished(**job, job_id="s1", reason="it takes long"))

    assert capsys.readouterr().err.splitlines() == [
        "no jobs; credits: 0 spent, 0 booked",
        "no jobs; credits: 0 spent, 0 booked",
        "row 1 (k): not finished: it takes long",
    ]


def test_what_other_machines_do_is_counted(batch_folder: Path) -> None:
    now, tally = 0.0, Tally()
    job: Any = {"key": "k", "number": 1, "place": ""}
    with (
        Ledger("a.sqlite") as ledger,
        shown(Console(False), tally, ledger, clock=lambda: now) as show,
    ):
        show(events.Started(summary=ledger.summary()))
        ledger.plan([PlannedJob(key="k", body={}), PlannedJob(key="other", body={}, estimate=50)])
        ledger.begin("other").accepted("s1")
        before = dict(tally.counts)
        now = 5.0
        show(events.Resumed(**job, job_id="s1"))

    assert (before, tally.counts) == ({}, {State.PLANNED: 1, State.ACCEPTED: 1})
    assert tally.booked == 50


def test_of_many_lost_files_the_first_are_listed() -> None:
    tally = Tally()
    for number in range(30):
        tally.add(events.DownloadFailed(key=f"k{number}", number=number, place="", reason="gone"))

    assert tally.lost_files == [f"row {number} (k{number}): not downloaded: gone" for number in range(20)]
    assert len(tally.errors) == 3
