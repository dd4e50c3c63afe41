"""``vimmerse batch run``: from the table to the files, and what ends a run."""

from __future__ import annotations

import io
import json
import os
import shlex
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from vimmerse.batch import Batch, Ledger, LedgerError, PlannedJob, State, events, read_ledger
from vimmerse.cli.base import State as CommandState
from vimmerse.cli.commands.batch.ledgers import same_command
from vimmerse.cli.commands.batch.progress import Tally, shown
from vimmerse.cli.commands.batch.stopping import stopped_by_signals
from vimmerse.cli.console import Console
from vimmerse.cli.errors import JobContext, report_of
from vimmerse.emulator import AT_ONCE, Emulator, Never
from vimmerse.jobs import Interval
from vimmerse.v2 import Vimmerse as Client

from tests.cli.conftest import KEY, Vimmerse
from tests.cli.terminal import Terminal, piped, until
from tests.jobs.callers import Clock

QUICK = ("--interval", "0.01")
RUN = ("batch", "run", "clips.csv", *QUICK)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: an empty one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VIMMERSE_DATABASE_URL", raising=False)
    return tmp_path


@pytest.fixture
def table(folder: Path) -> Path:
    """Three stories of 50 credits."""
    return write(folder, *(f"{key},A {key},1" for key in ("boat", "cat", "dog")))


def write(folder: Path, *rows: str, header: str = "key,idea,scene_count") -> Path:
    path = folder / "clips.csv"
    path.write_text("\n".join([header, *rows, ""]))
    return path


def creations(emulator: Emulator) -> int:
    return len([each for each in emulator.requests if each.method == "POST" and each.path != "/v2/image"])


def states() -> dict[str, State]:
    with read_ledger() as (batch,):
        return {job.key: job.state for job in batch.jobs()}


# From the table to the files


def test_a_table_becomes_files(emulator: Emulator, vimmerse: Vimmerse, table: Path, folder: Path) -> None:
    done = vimmerse(*RUN, "--budget", 500, "--download", "out")

    assert done.code == 0
    assert done.out.splitlines() == [
        "state     jobs  credits",
        "finished     3      150",
        "all          3      150",
        "Budget: 500 credits; 150 spent, 0 booked, 350 left",
    ]
    lines = done.err.splitlines()
    assert lines[:2] == [
        "To send: 3, for about 150 credits; 500 of the budget of 500 are left",
        "3 planned; credits: 0 spent, 0 booked, 500 left",
    ]
    assert sorted(lines[2:]) == [
        f"clips.csv:{line} ({key}): finished, 50 credits" for line, key in ((2, "boat"), (3, "cat"), (4, "dog"))
    ]
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["boat.mp4", "cat.mp4", "dog.mp4"]


def test_running_it_again_sends_nothing(emulator: Emulator, vimmerse: Vimmerse, table: Path) -> None:
    vimmerse(*RUN, "--budget", 500)
    again = vimmerse(*RUN)  # the batch has a budget

    assert again.code == 0
    assert again.err == "3 finished; credits: 150 spent, 0 booked, 350 left\n"
    assert creations(emulator) == 3


def test_a_run_for_programs(emulator: Emulator, vimmerse: Vimmerse, table: Path) -> None:
    done = vimmerse(*RUN, "--budget", "none", "--download", "out", "--concurrency", 1, "--json")

    document = done.json
    assert document.pop("states") == dict.fromkeys(State, 0) | {"finished": 3}
    assert document == {
        "batch": "clips", "jobs": 3, "budget": None, "committed": 150, "spent": 150, "left": None, "planned": 0,
        "attention": {}, "downloaded": 3, "not_downloaded": 0, "exit_code": 0, "message": "",
    }  # fmt: skip


def test_an_image_is_uploaded(emulator: Emulator, vimmerse: Vimmerse, image: Path, folder: Path) -> None:
    write(folder, "The sun rises,a.png", header="prompt,image")

    assert vimmerse(*RUN, "--budget", "100").code == 0
    assert emulator.uploads[0].content == image.read_bytes()


def test_rows_from_standard_input(
    emulator: Emulator, vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    def run(*arguments: str) -> Any:
        text = io.BytesIO(b'{"prompt": "Waves"}\n{"idea": "Waves", "operation": "idea"}\n')
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(text))
        return vimmerse("batch", "run", "-", "--budget", 50, *QUICK, *arguments)

    done = run("--name", "waves")

    assert done.code == 6
    assert done.error.endswith("To go on, raise --budget: vimmerse batch run")
    assert run().code == 6
    assert [line.split(":")[0] for line in vimmerse("batch", "status").out.splitlines()[::2]] == ["waves", "default"]


def test_columns_of_v1(emulator: Emulator, vimmerse: Vimmerse, folder: Path) -> None:
    write(folder, "A cat,Kling2,1", "A dog,Kling2,2", header="idea,motion_type,scene_count")

    done = vimmerse(*RUN, "--budget", 1000)

    assert done.code == 0
    assert "motion_type" in done.err.splitlines()[0]
    assert json.loads(emulator.requests[0].body)["video_tool"] == "KlingAI"


def test_each_job_has_an_address_for_its_webhook(emulator: Emulator, vimmerse: Vimmerse, table: Path) -> None:
    vimmerse(*RUN, "--budget", 500, "--webhook-url", "https://hooks.example.com/in/")

    urls = {json.loads(each.body)["webhook_url"] for each in emulator.requests if each.method == "POST"}
    assert len(urls) == 3
    assert all(url.startswith("https://hooks.example.com/in/") for url in urls)


def test_a_run_in_a_thread_handles_no_signals(emulator: Emulator, vimmerse: Vimmerse, table: Path) -> None:
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(vimmerse(*RUN, "--budget", 500).code))
    thread.start()
    thread.join()

    assert codes == [0]


# Before anything is sent


def test_a_dry_run_prices_the_table(
    vimmerse: Vimmerse, table: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIMMERSE_API_KEY", raising=False)
    with table.open("a") as file:
        file.write(",A story of three scenes,\n")

    done = vimmerse("batch", "run", "clips.csv", "--dry-run", "--budget", 500)

    assert done.code == 0
    assert done.out.splitlines() == [
        "operation  video tool  rows  credits",
        "idea       Auto           4      300",
        "all                       4      300",
        "To send: 4, for about 300 credits; 500 of the budget of 500 are left",
        "Nothing was sent.",
    ]
    assert [path.name for path in folder.iterdir()] == ["clips.csv"]


def test_a_dry_run_for_programs(vimmerse: Vimmerse, folder: Path) -> None:
    write(folder, "A cat,KlingAI", "A dog,NewTool", header="prompt,video_tool")

    done = vimmerse("batch", "run", "clips.csv", "--dry-run", "--budget", 60, "--json")

    assert done.code == 6
    by_tool = done.json["by_tool"]
    assert [(each["operation"], each["video_tool"], each["rows"]) for each in by_tool] == [
        ("media", "KlingAI", 1),
        ("media", "NewTool", 1),
    ]
    assert any("'NewTool' costs" in assumption for assumption in done.json["assumptions"])
    assert (done.json["fits"], done.json["left"], done.json["to_send"]) == (False, 60, 2)
    assert "assuming: 'NewTool' costs" in vimmerse("batch", "run", "clips.csv", "--dry-run").out


def test_a_dry_run_knows_the_ledger(emulator: Emulator, vimmerse: Vimmerse, table: Path, folder: Path) -> None:
    vimmerse(*RUN, "--budget", 100, "--concurrency", 1)
    with table.open("a") as file:
        file.write("eel,An eel,2\n")
    sent = creations(emulator)

    done = vimmerse("batch", "run", "clips.csv", "--dry-run")
    rest = vimmerse("batch", "run", "--dry-run", "--budget", 200)

    assert done.code == 6
    assert done.out.splitlines()[-3:] == [
        "In the ledger already: 2 finished, 1 planned",
        "To send: 2, for about 150 credits; 0 of the budget of 100 are left, which does not cover all",
        "Nothing was sent.",
    ]
    assert "To send: 1 (1 of them from the ledger only), for about 50 credits; 100 of the budget of 200" in rest.out
    assert creations(emulator) == sent


def test_a_row_that_was_removed_is_still_sent_and_a_note_says_so(
    emulator: Emulator, vimmerse: Vimmerse, table: Path, folder: Path
) -> None:
    vimmerse(*RUN, "--budget", 0)
    write(folder, "boat,A boat,1")

    done = vimmerse("batch", "run", "clips.csv", "--dry-run", "--budget", 500)

    assert "2 jobs of the ledger have no row in this table: changed or removed since" in done.err
    hint = next(line for line in done.err.splitlines() if "no row" in line).partition("To see them: vimmerse ")[2]
    listed = vimmerse(*shlex.split(hint))
    assert [line.partition(",")[0] for line in listed.out.splitlines()] == ["key", "boat", "cat", "dog"]
    write(folder, "boat,A boat,1", "cat,A cat,1")
    one = vimmerse("batch", "run", "clips.csv", "--dry-run", "--budget", 500)
    assert "1 job of the ledger has no row in this table" in one.err
    assert creations(emulator) == 0


def test_all_errors_are_shown_at_once(emulator: Emulator, vimmerse: Vimmerse, folder: Path) -> None:
    write(folder, "a,A cat,1", "a,A dog,1", "b,A cat,zwei", ",,1")

    done = vimmerse(*RUN, "--budget", 500)

    assert done.code == 2
    assert "clips.csv:4: scene_count: " in done.err
    assert "clips.csv:3: key: 'a' is the key of clips.csv:2, too" in done.err
    assert done.error == "vimmerse: The table can't be used: 3 problems. Nothing was sent."
    assert emulator.requests == ()
    assert [path.name for path in folder.iterdir()] == ["clips.csv"]


def test_of_many_errors_the_first_are_shown(vimmerse: Vimmerse, folder: Path) -> None:
    write(folder, *(f"k{number},A cat,x" for number in range(50)))

    done = vimmerse("batch", "run", "clips.csv", "--dry-run")

    assert len(done.err.splitlines()) == 21
    assert done.error == "vimmerse: The table can't be used: 50 problems, the first 20 of them above. Nothing was sent."


def test_of_many_remarks_the_first_are_shown(vimmerse: Vimmerse, folder: Path) -> None:
    write(folder, *(f"k{number},A cat,KlingAI{number}" for number in range(30)), header="key,idea,video_tool")

    done = vimmerse("batch", "run", "clips.csv", "--dry-run")

    assert done.code == 0
    assert len(done.err.splitlines()) == 21
    assert done.error.endswith(" more remarks")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.csv"], "none.csv: there is no such file"),
        (["clips.csv", "--budget", "-1"], "is not a number of credits, 0 or more"),
        (["clips.csv"], "--budget is missing: credits that this batch may cost, or none for no limit"),
        (["clips.csv", "--budget", "inf"], "say none for no limit"),
        (["clips.csv", "--encoding", "latin-99"], "latin-99"),
        (["clips.csv", "--budget", "1", "--engine", "dbos"], "--engine dbos needs a ledger in PostgreSQL"),
        (["clips.csv", "--webhook-url", "example.com"], "it must begin with http:// or https://"),
        (["clips.csv", "--download", "clips.csv"], "is a file"),
        (["clips.csv", "--concurrency", "0"], "--concurrency"),
        ([], "There is no ledger batch.sqlite."),
        (["clips.csv", "--db", "none/batch.sqlite", "--budget", "1"], "its folder does not exist"),
        (["clips.csv", "--name", "a\nb", "--budget", "1"], "batch is 'a\\nb'"),
        (["clips.csv", "--budget", "1", "--api-key-file", "none"], "--api-key-file none"),
        (["clips.csv", "--budget", "1", "--base-url", "ftp://x"], "base_url must be an http or https URL"),
    ],
)
def test_an_error_before_anything_is_sent(
    emulator: Emulator, vimmerse: Vimmerse, table: Path, arguments: list[str], message: str
) -> None:
    done = vimmerse("batch", "run", *arguments)

    assert done.code == 2
    assert message in done.err
    assert emulator.requests == ()
    assert not Path("batch.sqlite").exists()


def test_an_invalid_setting_of_the_translation(
    vimmerse: Vimmerse, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIMMERSE_COMPAT_MODE", "loose")

    assert "loose" in vimmerse("batch", "run", "clips.csv", "--dry-run").error


def test_a_key_of_another_job(emulator: Emulator, vimmerse: Vimmerse, table: Path, folder: Path) -> None:
    vimmerse(*RUN, "--budget", 50, "--concurrency", 1)
    write(folder, "boat,A ship,1", "cat,A lion,1", "dog,A dog,1")

    done = vimmerse(*RUN, "--budget", 500)
    replaced = vimmerse(*RUN, "--budget", 500, "--replace-unpaid")
    write(folder, "cat,A lion,2", "dog,A dog,1")
    dry = vimmerse("batch", "run", "clips.csv", "--dry-run", "--replace-unpaid")
    fixed = vimmerse(*RUN, "--budget", 500, "--replace-unpaid")

    assert done.code == replaced.code == 2
    assert "2 rows differ from the job with the same key in the ledger: " in done.error
    assert "1 row differs from the job with the same key in the ledger: clips.csv:2 (boat, finished)." in replaced.error
    assert "To send: 2, for about 150 credits" in dry.out
    assert fixed.code == 0
    assert sorted(json.loads(each.body)["idea"] for each in emulator.requests if each.method == "POST") == [
        "A boat",
        "A dog",
        "A lion",
    ]


# What ends a run


def test_the_budget_ends_a_run(emulator: Emulator, vimmerse: Vimmerse, table: Path) -> None:
    done = vimmerse(*RUN, "--budget", 120)

    assert done.code == 6
    assert "1 job left. To go on, raise --budget: vimmerse batch run clips.csv --interval" in done.error
    assert "which does not cover all" in done.err.splitlines()[0]
    assert vimmerse(*RUN, "--budget", 150).code == 0
    assert creations(emulator) == 3


def test_jobs_without_success_are_listed(emulator: Emulator, vimmerse: Vimmerse, table: Path) -> None:
    emulator.next_job("failed", transition=AT_ONCE)
    emulator.faults.add(("POST", "/v2/story/idea-2-video"), status=422, after=1)
    emulator.faults.add(("POST", "/v2/story/idea-2-video"), "reset_accepted", after=1)

    done = vimmerse(*RUN, "--budget", 500, "--concurrency", 1)

    assert done.code == 1
    assert set(states().values()) == {State.FAILED, State.REFUSED, State.AMBIGUOUS}
    assert "1 job ambiguous:" in done.out
    assert "It was not: vimmerse batch resolve " in done.out
    assert "To try again: vimmerse batch retry --failed and then vimmerse batch run" in done.out
    for state in ("failed", "refused", "ambiguous"):
        assert f"): {state}: " in done.err


@pytest.mark.parametrize(("status", "code"), [(401, 3), (402, 3), (403, 3)])
def test_what_every_job_would_meet_ends_a_run(
    emulator: Emulator, vimmerse: Vimmerse, table: Path, status: int, code: int
) -> None:
    emulator.faults.add(("POST", "/v2/story/idea-2-video"), status=status, times=9)

    done = vimmerse(*RUN, "--budget", 500, "--concurrency", 1, "--json")

    assert done.code == done.json["exit_code"] == code
    assert creations(emulator) == 1
    assert "The service refuses all jobs" in done.json["message"]
    assert "To go on: vimmerse batch run clips.csv" in done.error


def test_no_answers_end_a_run(
    emulator: Emulator, vimmerse: Vimmerse, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vimmerse.batch.runner.limit.BACKOFF", Interval(0.01))
    write(folder, *(f"k{number},A cat,1" for number in range(9)))
    emulator.faults.add(("POST", "/v2/story/idea-2-video"), "reset", times=20)

    done = vimmerse(*RUN, "--budget", 500)

    assert done.code == 4
    assert "calls in a row got no answer" in done.error


def test_jobs_that_run_on_are_waited_for_by_the_next_run(emulator: Emulator, vimmerse: Vimmerse, table: Path) -> None:
    emulator.next_job(transition=Never())

    done = vimmerse(*RUN, "--budget", 500, "--wait-timeout", 0.2)

    assert done.code == 5
    assert done.error.startswith("vimmerse: Not finished: 1 job left. To go on: vimmerse batch run clips.csv")
    assert "): not finished: " in done.err
    assert vimmerse("batch", "run", "--wait-timeout", 0.1, *QUICK).code == 5
    assert creations(emulator) == 3


def test_a_file_that_is_not_downloaded(emulator: Emulator, vimmerse: Vimmerse, table: Path, folder: Path) -> None:
    emulator.file_faults.add(status=404, times=1)

    done = vimmerse(*RUN, "--budget", 500, "--download", "out")

    assert done.code == 1
    assert "): not downloaded: " in done.out
    assert "1 file not downloaded. To go on: vimmerse batch run clips.csv" in done.error
    assert vimmerse(*shlex.split(done.error.partition("To go on: vimmerse ")[2])).code == 0
    assert len(list((folder / "out").iterdir())) == 3


def test_the_id_of_a_job_that_could_not_be_recorded_is_shown() -> None:
    error = LedgerError("The disk is full.")
    error.add_note("The service has created the job 'boat', and its id s1 could not be written.")

    report = report_of(error, JobContext())

    assert (report.exit_code, report.message) == (2, f"The disk is full. {error.__notes__[0]}")


# Signals


@pytest.mark.slow
def test_ctrl_c_ends_a_run_in_order(emulator: Emulator, table: Path) -> None:
    emulator.next_job(transition=Never())
    emulator.next_job(transition=Never())
    with piped(*RUN, "--budget", "500", "--concurrency", "2", "--json") as program:
        until(lambda: len(emulator.jobs) == 2)
        program.send_signal(signal.SIGINT)
        out, err = program.communicate()

    document = json.loads(out)
    assert program.returncode == document["exit_code"] == 130
    assert document["states"]["accepted"] == 2
    assert document["states"]["planned"] == 1
    assert err.splitlines()[-1] == (
        "vimmerse: Stopped. Nothing is sent or paid twice. 3 jobs left. To go on: vimmerse batch run clips.csv "
        "--interval 0.01 --budget 500 --concurrency 2 --json"
    )
    assert "Stopping: what is being sent is completed first. Ctrl-C again leaves at once.\n" in err


@pytest.mark.slow
def test_a_second_signal_leaves_at_once(emulator: Emulator, vimmerse: Vimmerse, table: Path) -> None:
    fault = emulator.faults.add(("POST", "/v2/story/idea-2-video"), "hang")
    with piped(*RUN, "--budget", "500", "--concurrency", "1") as program:
        until(lambda: fault.hits > 0)
        program.send_signal(signal.SIGTERM)
        stream: Any = program.stderr
        until(lambda: "Stopping" in stream.readline())
        program.send_signal(signal.SIGINT)
        _, err = program.communicate()

    assert program.returncode == 130
    assert err.splitlines()[-1].startswith("vimmerse: Left at once. What was being sent is ambiguous now")
    emulator.faults.clear()
    assert vimmerse(*RUN).code == 1
    assert [*states().values()] == [State.AMBIGUOUS, State.FINISHED, State.FINISHED]
    assert creations(emulator) <= 3


def test_each_signal_has_its_exit_code(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    calls: list[object] = []

    def leave(code: int) -> None:
        calls.append(code)
        raise SystemExit

    monkeypatch.setattr(os, "_exit", leave)
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

    with stopped_by_signals(lambda: calls.append("stop"), calls.append, Console(False)) as stopped:
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(SystemExit):
            signal.raise_signal(signal.SIGINT)

    assert calls == ["stop", 130]
    assert stopped.exit_code == 143
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    assert "vimmerse: Left at once. What was being sent is ambiguous now" in capfd.readouterr().err


def test_signals_that_are_ignored_stay_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as nohup does
    try:
        with stopped_by_signals(bool, bool, Console(False)) as stopped:
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)

    assert stopped.exit_code == 0


# Progress


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
def test_ctrl_c_below_the_bar(emulator: Emulator, folder: Path) -> None:
    write(folder, "a,A cat,1")
    emulator.faults.add(("POST", "/v2/story/idea-2-video"), status=429, headers=[("Retry-After", "60")])
    terminal = Terminal(*RUN, "--budget", "500", "--yes", columns=120)

    terminal.read_until("Nothing is sent for 60 s, then up to 2 at a time: ")
    terminal.interrupt()

    assert terminal.end() == 130
    assert "  Stopping: what is being sent is completed first. Ctrl-C again leaves at once." in terminal.frames
    assert "vimmerse: Stopped. Nothing is sent or paid twice. 1 job left. To go on: vimmerse batch run" in terminal.text


def test_a_run_that_is_declined_leaves_no_ledger(
    emulator: Emulator, vimmerse: Vimmerse, table: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Console, "can_ask", True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))

    done = vimmerse(*RUN, "--budget", 500)

    assert done.code == 6
    assert done.error == "Continue? [y/N] vimmerse: Declined: nothing was sent. Use --yes to skip the question."
    assert emulator.requests == ()
    assert [path.name for path in folder.iterdir()] == ["clips.csv"]


def test_the_numbers_of_a_display_are_those_of_the_ledger(emulator: Emulator, folder: Path) -> None:
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


def test_lines_about_all_jobs_now_and_then(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
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


def test_what_other_machines_do_is_counted(folder: Path) -> None:
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


# How to go on


@pytest.mark.parametrize("words", [["--db", "URL"], ["--db=URL"], ["--database-url", "URL"], ["--database-url=URL"]])
def test_the_command_to_go_on_has_no_password(words: list[str]) -> None:
    url = "postgresql://u:secret-password@h/x"
    state = CommandState()
    state.arguments = ("batch", "run", "my clips.csv", *[word.replace("URL", url) for word in words], "--yes")

    assert same_command(state, url) == "vimmerse batch run 'my clips.csv' --yes"
    assert same_command(state, "batch.sqlite").startswith("vimmerse batch run 'my clips.csv' --d")
