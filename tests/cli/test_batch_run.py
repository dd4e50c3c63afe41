"""``vimmerse batch run``: from the table to the files, and what ends a run."""

from __future__ import annotations

import io
import json
import shlex
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from vimmerse.batch import LedgerError, State
from vimmerse.cli.errors import JobContext, report_of
from vimmerse.emulator import AT_ONCE, Emulator, Never
from vimmerse.jobs import Interval

from tests.cli.batches import QUICK, RUN, creations, states, write
from tests.cli.conftest import Vimmerse

pytestmark = pytest.mark.usefixtures("batch_folder")


def test_a_table_becomes_files(emulator: Emulator, vimmerse: Vimmerse, table: Path, batch_folder: Path) -> None:
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
    assert sorted(path.name for path in (batch_folder / "out").iterdir()) == ["boat.mp4", "cat.mp4", "dog.mp4"]


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


def test_an_image_is_uploaded(emulator: Emulator, vimmerse: Vimmerse, image: Path, batch_folder: Path) -> None:
    write(batch_folder, "The sun rises,a.png", header="prompt,image")

    assert vimmerse(*RUN, "--budget", "100").code == 0
    assert emulator.uploads[0].content == image.read_bytes()


def test_rows_from_standard_input(
    emulator: Emulator, vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch, batch_folder: Path
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


def test_columns_of_v1(emulator: Emulator, vimmerse: Vimmerse, batch_folder: Path) -> None:
    write(batch_folder, "A cat,Kling2,1", "A dog,Kling2,2", header="idea,motion_type,scene_count")

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
    emulator: Emulator, vimmerse: Vimmerse, batch_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vimmerse.batch.runner.limit.BACKOFF", Interval(0.01))
    write(batch_folder, *(f"k{number},A cat,1" for number in range(9)))
    emulator.faults.add(("POST", "/v2/story/idea-2-video"), "reset", times=20)

    done = vimmerse(*RUN, "--budget", 500)

    assert done.code == 4
    assert "calls in a row got no answer" in done.error


def test_patience_ends_a_run(emulator: Emulator, vimmerse: Vimmerse, table: Path) -> None:
    emulator.faults.add(("POST", "*"), status=429, times=None, headers=[("Retry-After", "0")])

    done = vimmerse(*RUN, "--budget", 500, "--concurrency", 1, "--patience", 0)

    assert done.code == 3
    assert creations(emulator) == 1
    assert "the service has accepted no job: " in done.error
    emulator.faults.clear()
    assert vimmerse(*RUN).code == 0


def test_a_finished_job_without_a_file_is_no_success(
    emulator: Emulator, vimmerse: Vimmerse, batch_folder: Path
) -> None:
    write(batch_folder, "a,A cat", header="key,prompt")
    body: dict[str, object] = {"id": "x", "processing_status": "success", "result": []}
    emulator.faults.add(("GET", "/v2/media/{id}"), status=200, body=body)

    done = vimmerse(*RUN, "--budget", 500, "--download", "out")

    assert done.code == 1
    assert "clips.csv:2 (a): not downloaded: the service names no file of " in done.out
    assert vimmerse(*RUN, "--download", "out").code == 0
    assert [path.name for path in (batch_folder / "out").iterdir()] == ["a.mp4"]
    assert creations(emulator) == 1


def test_jobs_that_run_on_are_waited_for_by_the_next_run(emulator: Emulator, vimmerse: Vimmerse, table: Path) -> None:
    emulator.next_job(transition=Never())

    done = vimmerse(*RUN, "--budget", 500, "--wait-timeout", 0.2)

    assert done.code == 5
    assert done.error.startswith("vimmerse: Not finished: 1 job left. To go on: vimmerse batch run clips.csv")
    assert "): not finished: " in done.err
    assert vimmerse("batch", "run", "--wait-timeout", 0.1, *QUICK).code == 5
    assert creations(emulator) == 3


def test_a_file_that_is_not_downloaded(emulator: Emulator, vimmerse: Vimmerse, table: Path, batch_folder: Path) -> None:
    emulator.file_faults.add(status=404, times=1)

    done = vimmerse(*RUN, "--budget", 500, "--download", "out")

    assert done.code == 1
    assert "): not downloaded: " in done.out
    assert "1 file not downloaded. To go on: vimmerse batch run clips.csv" in done.error
    assert vimmerse(*shlex.split(done.error.partition("To go on: vimmerse ")[2])).code == 0
    assert len(list((batch_folder / "out").iterdir())) == 3


def test_the_id_of_a_job_that_could_not_be_recorded_is_shown() -> None:
    error = LedgerError("The disk is full.")
    error.add_note("The service has created the job 'boat', and its id s1 could not be written.")

    report = report_of(error, JobContext())

    assert (report.exit_code, report.message) == (2, f"The disk is full. {error.__notes__[0]}")
