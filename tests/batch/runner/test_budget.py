"""The budget of a run."""

from __future__ import annotations

import pytest
from vimmerse.batch import State, events
from vimmerse.batch.events import Event
from vimmerse.emulator import AfterPolls

from tests.batch.runner.runs import Runner, clip, clips


def test_the_first_job_that_does_not_fit_ends_the_submissions(runner: Runner) -> None:
    rows = [clip(1), clip(2), clip(3, duration=9), clip(4, duration=1)]
    summary = runner.run(rows, budget=150)

    assert runner.states() == {
        "clip1": State.FINISHED,
        "clip2": State.FINISHED,
        "clip3": State.PLANNED,
        "clip4": State.PLANNED,
    }
    assert (summary.committed, summary.left, summary.planned) == (100, 50, 100)
    assert "'clip3' would cost about 90 credits, and 50 of the budget of 150 are left" in summary.stop_reason
    reached = runner.of(events.BudgetReached)[-1]
    assert (reached.key, reached.estimate, reached.left, reached.waits) == ("clip3", 90, 50, False)
    assert runner.emulator.credits_used == 100

    assert runner.run(budget=200).is_complete


def test_it_waits_for_running_jobs_that_may_be_cheaper(runner: Runner) -> None:
    """A failed job costs nothing here, which pays for the last one."""
    runner.emulator.next_job(transition=AfterPolls(2))
    runner.emulator.next_job(transition=AfterPolls(3))
    runner.emulator.next_job(transition=AfterPolls(4))
    runner.emulator.faults.add(("POST", "/v2/media"), "status", status=422, body={"detail": "no"}, after=2)
    summary = runner.run(clips(4), budget=150, concurrency=3)

    assert summary.count(State.FINISHED) == 3
    assert summary.count(State.REFUSED) == 1
    assert summary.stop_reason == ""
    assert runner.emulator.credits_used == 150


def test_real_credits_replace_the_estimate(runner: Runner) -> None:
    """The service says that the first job was cheaper than estimated, so that another one fits."""

    def correct(event: Event) -> None:
        if isinstance(event, events.Submitted) and event.key == "one":
            body = {"id": event.job_id, "status": "success", "video_url": "https://f.example/v.mp4", "used_credits": 30}
            runner.emulator.faults.add(("GET", f"/v2/story/{event.job_id}"), "status", status=200, body=body)

    story = {"idea": "A boat", "scene_count": 1, "video_tool": "VeoLite"}
    rows = [{"key": key, **story} for key in ("one", "two", "three")]
    runner.emulator.next_job(transition=AfterPolls(2), times=3)
    summary = runner.run(rows, budget=55, concurrency=1, on_event=correct)

    (first, second) = runner.of(events.Finished)
    assert (first.estimate, first.credits) == (25, 30)
    assert (second.estimate, second.credits) == (25, 25)
    assert (summary.committed, summary.left) == (55, 0)
    assert summary.count(State.PLANNED) == 1
    assert "'three'" in summary.stop_reason


@pytest.mark.parametrize("concurrency", [1, 8])
def test_no_credit_more_than_the_budget(runner: Runner, concurrency: int) -> None:
    summary = runner.run(clips(16), budget=525, concurrency=concurrency)
    assert summary.count(State.FINISHED) == 10
    assert runner.emulator.credits_used == 500
    assert summary.count(State.PLANNED) == 6
    assert summary.planned == 300
