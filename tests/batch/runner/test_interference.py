"""What others do to the ledger, and what stop() finds in progress."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from vimmerse.batch import Ledger, LedgerError, PlannedJob, State, events
from vimmerse.batch.runner.performing import Abandoned, Performer
from vimmerse.batch.runner.scheduler import Phase, Take
from vimmerse.batch.runner.steps import Send, Submit
from vimmerse.v2 import Vimmerse

from tests.batch.runner.runs import Runner, clip, clips
from tests.batch.runner.test_resuming import create, jobs_of
from tests.batch.runner.test_runs import PNG


def test_a_job_that_another_process_has_sent_is_not_sent(runner: Runner) -> None:
    def send(event: events.Event) -> None:
        if isinstance(event, events.Reserved) and event.key == "clip1":
            with Ledger(runner.location) as ledger:
                ledger.begin("clip1").accepted(create(runner, "Boat 1"))

    summary = runner.run(clips(2), concurrency=1, on_event=send)
    assert summary.is_complete
    assert runner.created() == ["Boat 1", "Boat 2"]
    assert [event.key for event in runner.of(events.Resumed)] == ["clip1"]


def test_a_budget_that_is_lowered_while_a_job_waits_to_be_sent_again(runner: Runner) -> None:
    runner.emulator.faults.add(("POST", "/v2/media"), "rate_limit", retry_after=5)

    def lower(event: events.Event) -> None:
        if isinstance(event, events.Refused):
            with Ledger(runner.location, budget=10):
                pass

    summary = runner.run(clips(3), concurrency=1, on_event=lower, budget=1000)
    assert summary.counts == {State.REFUSED: 1, State.PLANNED: 2}
    assert "'clip1' would cost about 50 credits, and 10 of the budget of 10" in summary.stop_reason
    assert runner.emulator.jobs == ()
    assert runner.run(budget=150).is_complete


@pytest.mark.parametrize("name", ["take", "upload_of", "add_upload", "add_file", "unreserve"])
def test_a_ledger_that_fails_at_another_point(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    def fail(*_: object) -> None:
        raise LedgerError("the disk is full")

    (tmp_path / "a.png").write_bytes(PNG)
    rows = [clip(1), {"key": "two", "image_urls": [str(tmp_path / "a.png")]}]
    if name == "unreserve":
        runner.emulator.faults.add(("POST", "/v2/image"), "status", status=401)
    with monkeypatch.context() as patched:
        patched.setattr(Ledger, name, fail)
        with pytest.raises(LedgerError, match="the disk is full"):
            runner.run(rows, concurrency=1, download=tmp_path / "out")
    # What could not be released stays reserved as long as this process runs.
    if name != "unreserve":
        assert runner.run(download=tmp_path / "out").is_complete
    assert len(runner.emulator.jobs) <= 2


@pytest.mark.parametrize("kind", [events.Uploaded, events.Finished, events.Downloaded])
def test_stop_amid_files(runner: Runner, tmp_path: Path, kind: type[events.Event]) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    image = {"image_urls": [str(tmp_path / "a.png")]}
    rows = [{"key": f"k{number}", **image} for number in range(4)]

    def stop(event: events.Event) -> None:
        if isinstance(event, kind):
            assert runner.batch is not None
            runner.batch.stop()

    summary = runner.run(rows, concurrency=2, on_event=stop, download=tmp_path / "out")
    assert "stopped" in summary.stop_reason  # whether jobs are left depends on how fast files are saved
    assert summary.count(State.RESERVED, State.SENDING) == 0
    summary = runner.run(download=tmp_path / "out")
    assert summary.is_complete
    assert len(list((tmp_path / "out").iterdir())) == 4
    assert len(runner.emulator.jobs) == 4


def test_a_submission_that_is_left_in_the_middle_stays_as_it_is(tmp_path: Path) -> None:
    """As when the interpreter ends: nothing is recorded, so the next start finds it."""
    with Ledger(tmp_path / "batch.sqlite") as ledger:
        ledger.plan(jobs_of(1))
        job = ledger.take()
        assert job is not None
        flow = Submit(ledger, job, {}, "").flow()
        begin = next(flow)
        assert callable(begin)
        assert isinstance(flow.send(begin()), Send)
        flow.close()
        assert ledger.summary().counts == {State.SENDING: 1}


def test_nothing_begins_once_a_run_has_ended(sync_runner: Runner) -> None:
    with Vimmerse(base_url=sync_runner.base_url, token="key-of-tests-0123") as client, httpx.Client() as files:
        performer = Performer(client, files, None)
        performer.finish()
        with pytest.raises(Abandoned):
            performer(Take(Phase(lambda: pytest.fail("it has ended"))))


def test_a_row_that_is_replaced_before_it_is_sent(runner: Runner) -> None:
    """What is sent is what the ledger says, and what it has booked."""

    def change(event: events.Event) -> None:
        if isinstance(event, events.Reserved) and not runner.of(events.Submitted):
            with Ledger(runner.location) as other:
                body = {"prompt": "Another boat", "duration": 5}
                job = PlannedJob(key="clip1", body=body, operation="POST /v2/media", estimate=50)
                other.plan([job], replace_unpaid=True)

    assert runner.run(clips(1), on_event=change, concurrency=1).counts == {State.FINISHED: 1}

    (request,) = [each for each in runner.emulator.requests if each.method == "POST"]
    assert b"Another boat" in request.content.raw


def test_a_row_that_becomes_another_operation_before_it_is_sent(runner: Runner) -> None:
    def change(event: events.Event) -> None:
        if isinstance(event, events.Reserved):
            with Ledger(runner.location) as other:
                job = PlannedJob(key="clip1", body={"idea": "A boat"}, operation="POST /v2/story/idea-2-video")
                other.plan([job], replace_unpaid=True)

    assert runner.run(clips(1), on_event=change, concurrency=1).counts == {State.REFUSED: 1}
    assert not runner.emulator.jobs

    assert runner.run().counts == {State.FINISHED: 1}
