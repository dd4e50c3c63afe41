"""Starting again: after a crash, after a stop, and with another process at work."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from vimmerse.batch import Ledger, PlannedJob, State, events
from vimmerse.batch.ledger import owners, rows
from vimmerse.emulator import AT_ONCE, AfterPolls, Emulator, Never

from tests.batch.runner.runs import Runner, clip, clips
from tests.batch.runner.test_runs import PNG, names


@contextmanager
def another_process(monkeypatch: pytest.MonkeyPatch, *, alive: bool) -> Iterator[None]:
    """What is done here, another process does, which runs, or has ended."""
    pid = os.getppid() if alive else 2**22 + 5
    owner = f"{socket.gethostname()}/{pid}/{owners.start_of(pid)}/x"
    with monkeypatch.context() as patched:
        patched.setattr(rows, "this_process", lambda: owner)
        yield


def jobs_of(count: int) -> list[PlannedJob]:
    return [
        PlannedJob(key=f"clip{n}", operation="POST /v2/media", body={"prompt": f"Boat {n}", "duration": 5}, estimate=50)
        for n in range(1, count + 1)
    ]


def create(runner: Runner, prompt: str = "Boat") -> str:
    """A job that the service has created for somebody."""
    from vimmerse.v2 import Vimmerse

    with Vimmerse(base_url=runner.base_url, token="key-of-tests-0123") as client:
        return client.media.create(prompt=prompt, duration=5).id


def leave_behind(runner: Runner, monkeypatch: pytest.MonkeyPatch, *, alive: bool) -> str:
    """One job in each state in which a process may leave one. Return the id of the accepted one."""
    with Ledger(runner.location) as ledger:
        ledger.plan(jobs_of(4))
        with another_process(monkeypatch, alive=alive):
            ledger.take()
            ledger.begin("clip2")
            ledger.begin("clip3").accepted(identifier := create(runner, "Boat 3"))
    return identifier


def test_goes_on_after_a_crash(runner: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    identifier = leave_behind(runner, monkeypatch, alive=False)
    summary = runner.run(download=tmp_path / "out")

    assert runner.states() == {
        "clip1": State.FINISHED,
        "clip2": State.AMBIGUOUS,
        "clip3": State.FINISHED,
        "clip4": State.FINISHED,
    }
    assert runner.created() == ["Boat 1", "Boat 3", "Boat 4"]
    assert [event.job_id for event in runner.of(events.Resumed)] == [identifier]
    assert summary.downloaded == 3
    (started,) = runner.of(events.Started)
    assert started.summary.counts == {State.PLANNED: 2, State.AMBIGUOUS: 1, State.ACCEPTED: 1}


def test_leaves_the_jobs_of_a_running_process_alone(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    leave_behind(runner, monkeypatch, alive=True)
    runner.run(download=tmp_path / "out")

    assert runner.states() == {
        "clip1": State.RESERVED,
        "clip2": State.SENDING,
        "clip3": State.ACCEPTED,
        "clip4": State.FINISHED,
    }
    assert names(tmp_path / "out") == ["clip4.mp4"]


def test_a_job_whose_wait_ended_is_waited_for_again(runner: Runner) -> None:
    runner.emulator.next_job(transition=Never())
    summary = runner.run(clips(2), timeout=30, concurrency=1)

    assert runner.states() == {"clip1": State.ACCEPTED, "clip2": State.FINISHED}
    (unfinished,) = runner.of(events.Unfinished)
    assert unfinished.key == "clip1"
    assert "still running on the server" in unfinished.reason
    assert not summary.is_complete
    runner.emulator.finish(unfinished.job_id)
    assert runner.run().is_complete
    assert len(runner.emulator.jobs) == 2


def test_a_job_that_the_webhook_has_settled_is_waited_for(runner: Runner) -> None:
    """The answer to the call is lost, and its webhook brings the id while other jobs run."""
    runner.emulator.faults.add(("POST", "/v2/media"), "reset_accepted")

    def receive(event: events.Event) -> None:
        if isinstance(event, events.Submitted):
            (request,) = [each for each in runner.emulator.requests if each.fault]
            with Ledger(runner.location) as ledger:
                ledger.resolve("clip1", job_id=request.ids[0])

    summary = runner.run(clips(2), concurrency=1, on_event=receive)
    assert summary.is_complete
    assert len(runner.emulator.jobs) == 2
    assert [event.key for event in runner.of(events.Resumed)] == ["clip1"]


def test_downloads_what_is_missing(runner: Runner, tmp_path: Path) -> None:
    runner.run([*clips(2), clip(3, quantity=2)])
    assert runner.emulator.file_requests == ()

    summary = runner.run(download=tmp_path)
    assert summary.downloaded == 4
    assert set(names(tmp_path)) > {"clip1.mp4", "clip2.mp4", "clip3.mp4", "clip3-2.mp4"}
    assert runner.run(download=tmp_path).downloaded == 0
    (tmp_path / "clip3-2.mp4").unlink()
    requested = len(runner.emulator.file_requests)
    assert runner.run(download=tmp_path).downloaded == 1
    assert len(runner.emulator.file_requests) == requested + 1
    assert (tmp_path / "clip3-2.mp4").exists()
    assert len(runner.emulator.jobs) == 3


def test_another_folder_gets_all_files(runner: Runner, tmp_path: Path) -> None:
    runner.run(clips(2), download=tmp_path / "one")

    assert runner.run(download=tmp_path / "two").downloaded == 2
    assert names(tmp_path / "two") == names(tmp_path / "one")
    assert len(runner.emulator.jobs) == 2


def test_a_folder_in_which_no_file_can_be_saved_is_found_before_anything_is_paid(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write everywhere

    with pytest.raises(PermissionError, match="No file can be saved in this folder"):
        runner.run(clips(1), download=tmp_path / "out")
    assert runner.emulator.requests == ()
    assert runner.states() == {"clip1": State.PLANNED}


def test_a_download_that_fails_is_left_for_the_next_run(runner: Runner, tmp_path: Path) -> None:
    runner.emulator.file_faults.add(kind="status", status=418)
    summary = runner.run(clips(2), concurrency=1, download=tmp_path)
    assert (summary.downloaded, summary.not_downloaded, summary.is_complete) == (1, 1, False)
    (failed,) = runner.of(events.DownloadFailed)
    assert failed.key == "clip1"
    assert "418" in failed.reason
    assert len(runner.emulator.file_requests) == 2
    assert runner.run(download=tmp_path).is_complete


def test_an_address_that_has_expired_is_looked_up_again(runner: Runner, tmp_path: Path) -> None:
    runner.run(clips(1))
    with Ledger(runner.location) as ledger:
        job = ledger.get("clip1")
        assert job is not None
        old, new = job.result[0], job.result[0] + "?sig=new"
    runner.emulator.file_faults.add(kind="status", status=403)
    body: dict[str, object] = {"id": job.job_id, "processing_status": "success", "result": [new]}
    runner.emulator.faults.add(("GET", f"/v2/media/{job.job_id}"), "status", status=200, body=body)

    assert runner.run(download=tmp_path).downloaded == 1
    assert [request.query for request in runner.emulator.file_requests] == ["", "sig=new"]
    assert old != new


def test_an_address_that_is_still_refused_is_a_failed_download(runner: Runner, tmp_path: Path) -> None:
    runner.emulator.file_faults.add(kind="status", status=404, times=None)
    assert runner.run(clips(1), download=tmp_path).not_downloaded == 1
    assert runner.states() == {"clip1": State.FINISHED}


def test_a_file_of_another_is_not_replaced(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "clip1.mp4").write_bytes(b"mine")
    runner.run(clips(1), download=tmp_path)

    (submitted,) = runner.of(events.Submitted)
    assert (tmp_path / "clip1.mp4").read_bytes() == b"mine"
    (downloaded,) = runner.of(events.Downloaded)
    assert downloaded.path == tmp_path / f"clip1-{submitted.job_id}.mp4"
    assert runner.run(download=tmp_path).downloaded == 0


def test_a_file_that_was_saved_before_a_crash_is_recognised(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "add_file", lambda *_: None)
        runner.run(clips(1), download=tmp_path)
    before = set(names(tmp_path))
    runner.run(download=tmp_path)
    assert set(names(tmp_path)) == before
    with Ledger(runner.location) as ledger:
        job = ledger.get("clip1")
    assert job is not None
    assert job.files == (str(tmp_path / "clip1.mp4"),)


@pytest.mark.parametrize("kind", ["changed", "gone", "refused"])
def test_an_image_that_cannot_be_uploaded(runner: Runner, tmp_path: Path, kind: str) -> None:
    image = tmp_path / "a.png"
    image.write_bytes(PNG)
    with Ledger(runner.location) as ledger:
        from vimmerse.batch import table_of

        ledger.plan(row.planned() for row in table_of([{"key": "one", "image_urls": [str(image)]}, clip(2)]))
    if kind == "changed":
        image.write_bytes(PNG + b"more")
    elif kind == "gone":
        image.unlink()
    else:
        runner.emulator.faults.add(("POST", "/v2/image"), "status", status=422, body={"detail": "no image"})
    summary = runner.run(budget=1000)

    assert runner.states() == {"one": State.REFUSED, "clip2": State.FINISHED}
    (refused,) = runner.of(events.Refused)
    assert refused.will_retry == "later"
    assert str(image) in refused.reason
    assert {"changed": "has changed", "gone": "No such file", "refused": "no image"}[kind] in refused.reason
    assert summary.committed == 50
    image.write_bytes(PNG)
    assert runner.run().is_complete


def test_an_upload_that_is_refused_for_the_time_being(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    runner.emulator.faults.add(("POST", "/v2/image"), "rate_limit", retry_after=20)
    rows = [{"key": f"k{n}", "image_urls": [str(tmp_path / "a.png")]} for n in range(3)]
    summary = runner.run(rows, concurrency=3)

    assert summary.is_complete
    assert runner.clock.slept == [20]
    assert len(runner.emulator.uploads) == 1


def test_an_upload_with_a_wrong_key_ends_the_submissions(runner: Runner, tmp_path: Path) -> None:
    from vimmerse.batch import BatchStoppedError

    (tmp_path / "a.png").write_bytes(PNG)
    runner.emulator.faults.add(("POST", "/v2/image"), "status", status=401, times=None)
    rows = [{"key": f"k{n}", "image_urls": [str(tmp_path / "a.png")]} for n in range(3)]
    with pytest.raises(BatchStoppedError, match="401") as caught:
        runner.run(rows, concurrency=3)
    assert caught.value.summary.counts == {State.PLANNED: 3}
    assert caught.value.summary.committed == 0
    assert len(runner.of(events.Released)) == len(runner.of(events.Reserved))


def test_the_memory_does_not_grow_with_the_jobs(emulator: Emulator, tmp_path: Path) -> None:
    """Jobs are taken as others end: never more of them than may be on the server."""
    runner = Runner(emulator, str(tmp_path / "batch.sqlite"), asynchronous=False)
    alive, most = 0, 0

    def count(event: events.Event) -> None:
        nonlocal alive, most
        alive += isinstance(event, events.Reserved) - isinstance(event, events.Finished)
        most = max(most, alive)

    runner.run(clips(20), concurrency=2, on_event=count)
    assert most == 2


def test_jobs_of_an_earlier_run_count_against_the_limit(runner: Runner) -> None:
    with Ledger(runner.location) as ledger:
        ledger.plan(jobs_of(5))
        for number in (1, 2, 3):
            runner.emulator.next_job(transition=AfterPolls(3))
            ledger.begin(f"clip{number}").accepted(create(runner, f"Boat {number}"))
    runner.emulator.next_job(transition=AT_ONCE, times=2)
    busy, most = 0, 0

    def count(event: events.Event) -> None:
        nonlocal busy, most
        busy += isinstance(event, events.Resumed | events.Submitted) - isinstance(event, events.Finished)
        most = max(most, busy)

    assert runner.run(concurrency=2, on_event=count).is_complete
    assert most == 2
    kinds = [kind for kind in runner.kinds(events.Progressed) if kind in ("Resumed", "Submitted")]
    assert kinds == ["Resumed"] * 3 + ["Submitted"] * 2
