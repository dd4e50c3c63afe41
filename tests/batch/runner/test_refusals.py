"""Jobs that the service does not accept, and calls without an answer: what is sent again, and what ends a run."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from vimmerse.batch import BatchStoppedError, Ledger, State, events
from vimmerse.v2.errors import ApiError

from tests.batch.runner.runs import Network, Runner, clip, clips
from tests.sampling import sampled

MEDIA = ("POST", "/v2/media")


def moments(runner: Runner) -> list[tuple[float, float]]:
    """The pauses of a run: what the event said, and what was slept."""
    return [(event.seconds, slept) for event, slept in zip(runner.of(events.Paused), runner.clock.slept, strict=False)]


def test_a_429_pauses_all_submissions(runner: Runner) -> None:
    runner.emulator.faults.add(MEDIA, "rate_limit", retry_after=30, after=2)
    seen: list[tuple[str, float]] = []
    summary = runner.run(clips(5), concurrency=1, on_event=lambda e: seen.append((type(e).__name__, runner.clock.now)))

    assert summary.is_complete
    assert len(runner.emulator.jobs) == 5
    (refused,) = runner.of(events.Refused)
    assert (refused.key, refused.will_retry, refused.estimate) == ("clip3", "now", 50)
    assert "429" in refused.reason
    (paused,) = runner.of(events.Paused)
    assert (paused.seconds, paused.limit) == (30, 1)
    assert runner.clock.slept == [30]
    submitted = [moment - 1000 for name, moment in seen if name == "Submitted"]
    assert submitted == [0, 0, 30, 30, 30]
    with Ledger(runner.location) as ledger:
        job = ledger.get("clip3")
    assert job is not None
    assert (job.attempts, job.state) == (2, State.FINISHED)


def test_a_429_halves_the_jobs_at_a_time(runner: Runner) -> None:
    runner.emulator.faults.add(MEDIA, "rate_limit", retry_after=5, times=1)
    runner.run(clips(6), concurrency=4)
    (paused,) = runner.of(events.Paused)
    assert paused.limit == 2
    assert len(runner.emulator.jobs) == 6


def test_no_connection_is_no_answer_about_any_job(runner: Runner) -> None:
    network = Network(runner, down=4)
    summary = runner.run(clips(3), concurrency=1)

    assert summary.is_complete
    assert network.tried == [0, 1, 3, 7, 15, 15, 15]
    assert runner.clock.slept == [1, 2, 4, 8]
    assert [event.will_retry for event in runner.of(events.Refused)] == ["now"] * 4
    assert {event.key for event in runner.of(events.Refused)} == {"clip1"}
    assert runner.of(events.Ambiguous) == []


def test_a_network_that_is_gone_ends_the_run(runner: Runner) -> None:
    network = Network(runner, down=None)
    with pytest.raises(BatchStoppedError, match=r"has accepted no job.*no route to host") as caught:
        runner.run(clips(12), patience=100, budget=10_000)

    assert len(network.tried) < 40
    assert set(runner.states().values()) <= {State.PLANNED, State.REFUSED}
    assert caught.value.summary.stop_reason in str(caught.value)
    assert caught.value.summary.committed == 0
    assert "run the batch again" in str(caught.value)
    assert [type(event) for event in runner.events].count(events.Stopped) == 1
    assert pickle.loads(pickle.dumps(caught.value)).summary == caught.value.summary

    network.down = 0
    assert runner.run().is_complete
    assert len(runner.emulator.jobs) == 12


def test_endless_429s_end_the_run(runner: Runner) -> None:
    runner.emulator.faults.add(MEDIA, "rate_limit", retry_after=600, times=None)
    with pytest.raises(BatchStoppedError, match="429"):
        runner.run(clips(3), concurrency=2)
    assert runner.clock.slept == [600, 600]
    assert len(runner.emulator.requests) in (3, 4)  # the first answer may come before the second call
    runner.emulator.faults.clear()
    assert runner.run().is_complete


STATUSES = [(401, "UNAUTHORIZED"), (402, "INSUFFICIENT_CREDIT"), (403, "FORBIDDEN")]


@pytest.mark.parametrize(("status", "code"), sampled(STATUSES, 3, row=2))
def test_what_every_job_would_meet_ends_the_submissions(runner: Runner, status: int, code: str) -> None:
    body: dict[str, object] = {"message": "no", "code": code}
    fault = runner.emulator.faults.add(MEDIA, "status", status=status, body=body, after=1, times=None)
    with pytest.raises(BatchStoppedError, match=f"refuses all jobs.*{status}.*{code}") as caught:
        runner.run(clips(6), concurrency=1, budget=5000)

    assert fault.hits == 1
    assert isinstance(caught.value.__cause__, ApiError)
    summary = caught.value.summary
    # The job that was sent before is waited for; what was refused is not lost for the next run.
    assert (summary.count(State.FINISHED), summary.count(State.PLANNED), summary.count(State.REFUSED)) == (1, 4, 1)
    assert summary.committed == 50
    assert [event.will_retry for event in runner.of(events.Refused)] == ["later"]
    runner.emulator.faults.clear()
    assert runner.run().is_complete
    assert len(runner.emulator.jobs) == 6


def test_a_certificate_that_is_not_trusted_ends_the_submissions(runner: Runner) -> None:
    import ssl

    import httpx

    class Untrusted(Network):
        def check(self, request: httpx.Request) -> None:
            if request.method == "POST":
                error = httpx.ConnectError("certificate verify failed", request=request)
                raise error from ssl.SSLCertVerificationError("self-signed")

    Untrusted(runner)
    with pytest.raises(BatchStoppedError, match="certificate verify failed"):
        runner.run(clips(3), concurrency=1)
    assert sorted(runner.states().values()) == [State.PLANNED, State.PLANNED, State.REFUSED]
    assert runner.clock.slept == []


@pytest.mark.parametrize("status", sampled([400, 404, 409, 422], 4))
def test_a_job_that_is_refused_for_good_is_not_sent_again(runner: Runner, status: int) -> None:
    runner.emulator.faults.add(MEDIA, "status", status=status, body={"message": "no such voice"}, after=1)
    summary = runner.run(clips(3), concurrency=1)

    assert runner.states() == {"clip1": State.FINISHED, "clip2": State.REFUSED, "clip3": State.FINISHED}
    (refused,) = runner.of(events.Refused)
    assert (refused.key, refused.will_retry) == ("clip2", "no")
    assert "no such voice" in refused.reason
    assert summary.committed == 100
    runner.run()
    assert len(runner.emulator.jobs) == 2


ACCEPTED = [("reset_accepted", 1), ("cut", 1), ("truncated", 1), ("content_type", 0)]
REJECTED = [("reset", 1), ("status", 1), ("html", 1), ("null", 1), ("unknown_status", 1)]


@pytest.mark.parametrize(("kind", "ambiguous"), sampled(ACCEPTED + REJECTED, 3))
def test_a_call_without_an_answer_is_never_sent_again(runner: Runner, kind: Any, ambiguous: int) -> None:
    runner.emulator.faults.add(MEDIA, kind, after=1)
    summary = runner.run(clips(3), concurrency=1, budget=500)

    assert summary.count(State.AMBIGUOUS) == ambiguous
    assert summary.count(State.FINISHED) == 3 - ambiguous
    assert [event.key for event in runner.of(events.Ambiguous)] == ["clip2"] * ambiguous
    assert summary.committed == 150
    runner.run()
    runner.run(clips(3))
    sent = [request for request in runner.emulator.requests if request.method == "POST"]
    assert len(sent) == 3

    if ambiguous:
        with Ledger(runner.location) as ledger:
            ledger.resolve("clip2", not_created=True)
        assert runner.run().is_complete
        assert len([request for request in runner.emulator.requests if request.method == "POST"]) == 4


def test_408_may_have_been_carried_out(runner: Runner) -> None:
    runner.emulator.faults.add(MEDIA, "status", status=408)
    assert runner.run(clips(1)).count(State.AMBIGUOUS) == 1


def test_an_answer_that_names_the_id_is_an_acceptance(runner: Runner) -> None:
    """The body is not the documented one, but it has an id."""
    runner.emulator.faults.add(MEDIA, "status", status=200, body={"data": {"id": "m-77"}})
    runner.emulator.faults.add(("GET", "/v2/media/m-77"), "status", status=404)
    summary = runner.run(clips(1), grace=0)
    assert summary.count(State.ACCEPTED) == 1
    assert [event.job_id for event in runner.of(events.Submitted)] == ["m-77"]


def test_a_service_that_only_fails_does_not_get_all_jobs(runner: Runner) -> None:
    """Each job without an answer is one that its owner has to look for."""
    fault = runner.emulator.faults.add(MEDIA, "status", status=503, times=None)
    with pytest.raises(BatchStoppedError, match=r"5 calls in a row got no answer.*503") as caught:
        runner.run(clips(30), concurrency=1)
    assert fault.hits == 5
    assert caught.value.summary.count(State.AMBIGUOUS) == 5
    assert caught.value.summary.count(State.PLANNED) == 25
    assert runner.clock.slept == [1, 2, 4, 8]


def test_a_client_that_repeats_refused_calls_does_not_do_it_here(runner: Runner) -> None:
    runner.client_options.update(max_retries=5, retry_refused=True)
    fault = runner.emulator.faults.add(MEDIA, "rate_limit", retry_after=7, times=2)
    runner.run([clip(1)])
    assert fault.hits == 2
    assert len(runner.of(events.Refused)) == 2
    assert runner.clock.slept == [7, 7]
