"""Answers that no service should give: one bad row does not stop the others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from vimmerse.batch import State, events

from tests.batch.runner.runs import Runner, clips
from tests.sampling import sampled

MEDIA = ("POST", "/v2/media")


@pytest.mark.parametrize("identifier", sampled([5, " ", "", None, ["m"], {"id": "m"}], 3))
def test_an_answer_without_a_usable_id_is_ambiguous(runner: Runner, identifier: Any) -> None:
    body: dict[str, object] = {"id": identifier, "processing_status": "new"}
    runner.emulator.faults.add(MEDIA, "status", status=200, body=body)
    summary = runner.run(clips(2), concurrency=1)
    assert summary.counts == {State.AMBIGUOUS: 1, State.FINISHED: 1}
    assert len(runner.emulator.jobs) == 1
    (event,) = runner.of(events.Ambiguous)
    assert "no id that is a text" in event.reason or "not the documented response" in event.reason
    assert identifier != 5 or "but 5" in event.reason


@pytest.mark.parametrize("identifier", sampled(["../../v2/story/1", "a/b", "..", "x" * 400, "m\u0000\n"], 2))
def test_an_id_that_cannot_be_looked_up_is_kept(runner: Runner, identifier: str) -> None:
    body: dict[str, object] = {"id": identifier, "processing_status": "new"}
    runner.emulator.faults.add(MEDIA, "status", status=200, body=body)
    summary = runner.run(clips(2), concurrency=1, grace=0)
    assert summary.counts == {State.ACCEPTED: 1, State.FINISHED: 1}
    assert len(runner.of(events.Unfinished)) == 1


URLS = ["file:///etc/passwd", "http://[::1", "http://", "not a url", "http://\u0000/", "http://a" + "b" * 70_000, ""]


@pytest.mark.parametrize("url", sampled(URLS, 3))
def test_an_address_that_is_none_is_a_failed_download(runner: Runner, tmp_path: Path, url: str) -> None:
    def answer(event: events.Event) -> None:
        if isinstance(event, events.Submitted) and event.key == "clip1":
            body: dict[str, object] = {"id": event.job_id, "processing_status": "success", "result": [url, 3, None]}
            runner.emulator.faults.add(
                ("GET", f"/v2/media/{event.job_id}"), "status", status=200, body=body, times=None
            )

    summary = runner.run(clips(2), concurrency=1, download=tmp_path / "out", on_event=answer)
    assert summary.counts == {State.FINISHED: 2}
    assert summary.downloaded == 1
    assert summary.not_downloaded == 1
    assert not any("passwd" in path.name for path in tmp_path.rglob("*"))
    assert all(event.reason for event in runner.of(events.DownloadFailed))


def test_a_result_that_is_one_text(runner: Runner, tmp_path: Path) -> None:
    def answer(event: events.Event) -> None:
        if isinstance(event, events.Submitted):
            body: dict[str, object] = {"id": event.job_id, "processing_status": "success", "result": "file:///clip.mp4"}
            runner.emulator.faults.add(
                ("GET", f"/v2/media/{event.job_id}"), "status", status=200, body=body, times=None
            )

    summary = runner.run(clips(1), download=tmp_path / "out", on_event=answer)
    assert (summary.downloaded, summary.not_downloaded) == (0, 1)


@pytest.mark.parametrize("credits", sampled([-5, "many", True, 1e400, None, [3], 10**400], 3))
def test_credits_that_are_no_number_leave_the_estimate(runner: Runner, credits: Any) -> None:
    def answer(event: events.Event) -> None:
        if isinstance(event, events.Submitted):
            shown = "1e400" if credits == 1e400 else json.dumps(credits)
            body = f'{{"id": "{event.job_id}", "processing_status": "success", "used_credits": {shown}}}'
            runner.emulator.faults.add(("GET", f"/v2/media/{event.job_id}"), "status", status=200, body=body)

    summary = runner.run(clips(1), on_event=answer)
    assert (summary.committed, summary.spent) == (50, 50)
    assert [event.credits for event in runner.of(events.Finished)] == [None]


def test_a_finished_media_without_a_file_is_looked_up_again_by_the_next_run(runner: Runner, tmp_path: Path) -> None:
    """The service may name the file later. Until then, the run must not pass for a success."""
    body: dict[str, object] = {"id": "x", "processing_status": "success", "result": None}
    fault = runner.emulator.faults.add(("GET", "/v2/media/{id}"), status=200, body=body, times=None)

    first = runner.run(clips(1), download=tmp_path / "out")
    second = runner.run(download=tmp_path / "out")
    assert fault.hits >= 2
    runner.emulator.faults.clear()
    third = runner.run(download=tmp_path / "out")

    for summary in (first, second):
        assert summary.counts == {State.FINISHED: 1}
        assert (summary.downloaded, summary.not_downloaded, summary.is_complete) == (0, 1, False)
    assert "names no file" in runner.of(events.DownloadFailed)[0].reason
    assert (third.downloaded, third.is_complete) == (1, True)
    assert runner.run(download=tmp_path / "out").downloaded == 0
    assert len(runner.emulator.jobs) == 1


def test_a_job_without_a_file_that_can_not_be_looked_up(runner: Runner, tmp_path: Path) -> None:
    body: dict[str, object] = {"id": "x", "processing_status": "success"}
    runner.emulator.faults.add(("GET", "/v2/media/{id}"), status=200, body=body)
    runner.run(clips(1))
    runner.emulator.faults.add(("GET", "/v2/media/{id}"), status=404, times=None)

    summary = runner.run(download=tmp_path, grace=0)

    assert summary.not_downloaded == 1
    assert runner.states() == {"clip1": State.FINISHED}
