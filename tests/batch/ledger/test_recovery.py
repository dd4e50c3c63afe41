"""After a crash, and when a person settles what nobody can know."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from vimmerse.batch import BatchError, Ledger, LedgerError, PlannedJob, State
from vimmerse.batch.ledger import owners

Open = Callable[..., Ledger]

# Leaves a job in each state that a crash can leave.
CRASH = """
import json, os, signal, sys
from vimmerse.batch import Ledger, PlannedJob

ledger = Ledger(sys.argv[1], budget=1000)
ledger.plan(PlannedJob(key=key, body={"n": key}, estimate=10) for key in "abcdef")
ledger.take()                                     # a: reserved
ledger.begin("b")                                 # sending
ledger.begin("c").accepted("id-c")
ledger.begin("d").refused("busy", transient=True)
ledger.begin("e").refused("invalid")
os.kill(os.getpid(), signal.SIGKILL)
"""


def states(ledger: Ledger) -> dict[str, str]:
    return {job.key: str(job.state) for job in ledger.jobs()}


def test_a_killed_process_leaves_nothing_to_guess(location: str, open_ledger: Open) -> None:
    subprocess.run([sys.executable, "-c", CRASH, location], check=False)
    ledger = open_ledger()
    assert states(ledger) == dict(
        zip("abcdef", ["reserved", "sending", "accepted", "refused", "refused", "planned"], strict=True)
    )
    assert ledger.summary().committed == 30

    assert ledger.recover() == (1, 2)

    after = ["planned", "ambiguous", "accepted", "planned", "refused", "planned"]
    assert states(ledger) == dict(zip("abcdef", after, strict=True))
    assert ledger.summary().committed == 20
    assert "ended before the answer was recorded" in ledger.get("b").error  # type: ignore[union-attr]
    assert ledger.recover() == (0, 0)


def test_jobs_of_running_processes_stay(location: str, open_ledger: Open) -> None:
    program = "import sys; from vimmerse.batch import Ledger, PlannedJob; ledger = Ledger(sys.argv[1])\n"
    program += "ledger.plan(PlannedJob(key=key, body={}) for key in 'ab'); ledger.take(); ledger.begin('b')\n"
    program += "print(flush=True); sys.stdin.read()"
    other = subprocess.Popen([sys.executable, "-c", program, location], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with other:
        assert other.stdout is not None
        other.stdout.readline()
        ledger = open_ledger()
        ledger.plan([PlannedJob(key="c", body={})])
        ledger.begin("c")

        assert ledger.recover() == (0, 0)
        assert states(ledger) == {"a": "reserved", "b": "sending", "c": "sending"}
        other.kill()
        while other.poll() is None and owners.start_of(other.pid) != "ended":
            pass
        assert ledger.recover() == (1, 1)


@pytest.mark.parametrize("seconds", [0, owners.LEASE + 1, -owners.LEASE - 1, 10**9])
def test_a_process_on_another_machine_has_ended_after_a_while(
    seconds: float, open_ledger: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 2_000_000_000.0
    ledger = open_ledger(clock=lambda: now)
    ledger.plan([PlannedJob(key="a", body={})])
    monkeypatch.setattr(owners, "this_process", lambda: "other-machine/1/2/abc")
    monkeypatch.setattr("vimmerse.batch.ledger.rows.this_process", lambda: "other-machine/1/2/abc")
    attempt = ledger.begin("a")
    monkeypatch.undo()

    now += seconds
    assert ledger.recover() == (1 if seconds else 0, 0)

    # It was running, after all.
    attempt.accepted("id-a")
    assert states(ledger) == {"a": "accepted"}


def test_a_process_id_that_was_given_again_is_another_process(open_ledger: Open) -> None:
    host = socket.gethostname()
    assert owners.is_running(owners.this_process(), None, 0)
    assert owners.is_running(f"{host}/{os.getppid()}/{owners.start_of(os.getppid())}/x", None, 0)
    if sys.platform == "linux":
        assert not owners.is_running(f"{host}/{os.getppid()}/1/x", None, 0)
    assert not owners.is_running(f"{host}/{os.getpid()}/{owners.start_of(os.getpid())}/x", None, 0)
    assert not owners.is_running(f"{host}/{2**22 + 1}/1/x", None, 0)
    assert not owners.is_running("", None, 0)


def test_a_forked_child_is_a_process_of_its_own(open_ledger: Open) -> None:
    ledger = open_ledger()
    ledger.plan([PlannedJob(key="a", body={}), PlannedJob(key="b", body={})])
    child = os.fork()
    if child == 0:
        try:
            ledger.begin("a")
        finally:
            os._exit(0)
    os.waitpid(child, 0)

    assert ledger.recover() == (1, 0)
    ledger.begin("b").accepted("id-b")
    assert states(ledger) == {"a": "ambiguous", "b": "accepted"}


def test_a_fork_during_a_transaction(open_ledger: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child does not wait for a lock that only a thread of the parent could release."""
    monkeypatch.setattr("vimmerse.batch.ledger.database.LOCK_TIMEOUT", 0.05)
    ledger = open_ledger()
    ledger.plan([PlannedJob(key="a", body={})])

    def fork() -> Iterator[PlannedJob]:
        yield PlannedJob(key="b", body={})
        child = os.fork()
        if child == 0:
            try:
                ledger.begin("a")
            except LedgerError:
                os._exit(3)
            finally:
                os._exit(0)
        exits.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))

    exits: list[int] = []
    ledger.plan(fork())

    assert exits[0] in (0, 3)  # PostgreSQL locks rows, SQLite the file
    assert states(ledger)["b"] == "planned"


def ambiguous(ledger: Ledger, key: str = "a") -> None:
    ledger.plan([PlannedJob(key=key, body={"n": key}, estimate=10)])
    ledger.settle(ledger.begin(key), RuntimeError())


def test_an_id_settles_an_ambiguous_job(open_ledger: Open) -> None:
    ledger = open_ledger()
    ambiguous(ledger)

    job = ledger.resolve("a", job_id="id-a")

    assert (job.state, job.job_id, job.booked, job.error) == (State.ACCEPTED, "id-a", 10, "")


def test_a_job_that_was_not_created_is_sent_again(open_ledger: Open) -> None:
    ledger = open_ledger(budget=10)
    ambiguous(ledger)

    job = ledger.resolve("a", not_created=True)

    assert (job.state, job.transient, ledger.summary().committed) == (State.REFUSED, True, 0)
    ledger.recover()
    again = ledger.take()
    assert again is not None
    assert again.key == "a"


def test_what_is_not_ambiguous_is_not_changed(open_ledger: Open) -> None:
    ledger = open_ledger()
    ambiguous(ledger)
    ambiguous(ledger, "b")
    ledger.plan([PlannedJob(key="c", body={})])
    ledger.resolve("a", job_id="id-a")
    before = list(ledger.jobs())

    for key, arguments in (
        ("a", {"job_id": "other"}),
        ("a", {"not_created": True}),
        ("b", {"job_id": "id-a"}),
        ("c", {"job_id": "id-c"}),
        ("no such key", {"not_created": True}),
    ):
        with pytest.raises(BatchError):
            ledger.resolve(key, **arguments)
    with pytest.raises(ValueError, match="either"):
        ledger.resolve("b")
    with pytest.raises(ValueError, match="either"):
        ledger.resolve("b", job_id="id-b", not_created=True)

    assert list(ledger.jobs()) == before


def test_a_late_id_is_never_lost(open_ledger: Open) -> None:
    ledger = open_ledger(budget=10)
    ledger.plan([PlannedJob(key="a", body={}, estimate=10)])
    first = ledger.begin("a")
    ledger.settle(first, RuntimeError())
    ledger.resolve("a", not_created=True)

    first.accepted("id-1")  # it was created

    job = ledger.get("a")
    assert job is not None
    assert (job.state, job.job_id, ledger.summary().committed) == (State.ACCEPTED, "id-1", 10)

    ambiguous(ledger := ledger.of("second"))
    late = ledger.get("a")
    assert late is not None
    ledger.resolve("a", not_created=True)
    ledger.begin("a").accepted("id-2")
    ledger.record_accepted(late, "id-1")
    job = ledger.get("a")
    assert job is not None
    assert (job.job_id, job.earlier_ids) == ("id-2", ("id-1",))
    assert "more than once" in job.error


def test_jobs_that_have_ended_without_success_are_paid_again(open_ledger: Open) -> None:
    ledger = open_ledger(budget=100)
    ledger.plan(PlannedJob(key=key, body={}, estimate=10) for key in "abcd")
    ledger.begin("a").accepted("id-a")
    ledger.begin("b").accepted("id-b")
    ledger.begin("c").refused("no")
    ledger.begin("d").accepted("id-d")
    ledger.end("a", State.FAILED, error="too dark", used_credits=4)
    ledger.end("b", State.FINISHED)
    ledger.end("d", State.CANCELLED)

    assert ledger.retry(State.FAILED, State.REFUSED, State.CANCELLED, keys=["a", "c"]) == 2

    assert states(ledger) == {"a": "planned", "b": "finished", "c": "planned", "d": "cancelled"}
    assert ledger.summary().committed == 4 + 10 + 10
    ledger.begin("a").accepted("id-a2")
    job = ledger.get("a")
    assert job is not None
    assert (job.attempts, job.job_id, job.earlier_ids, job.credits) == (2, "id-a2", ("id-a",), 14)
    for wrong in ((), (State.FINISHED,), (State.AMBIGUOUS, State.FAILED)):
        with pytest.raises(ValueError, match="retried"):
            ledger.retry(*wrong)


def test_a_webhook_settles_a_job_of_any_batch(open_ledger: Open) -> None:
    ledger = open_ledger()
    ambiguous(ledger)
    job = ledger.get("a")
    assert job is not None
    other = open_ledger(batch="other")

    assert other.resolve_token("", "id-a") is None
    assert other.resolve_token("unknown", "id-a") is None
    settled = other.resolve_token(f"{job.token}.1", "id-a")
    again = other.resolve_token(f"{job.token}.1", "another")

    assert settled is not None
    assert (settled.batch, settled.state, settled.job_id) == ("default", State.ACCEPTED, "id-a")
    assert again == settled


def plan(*pairs: tuple[str, Any], **options: Any) -> list[PlannedJob]:
    return [PlannedJob(key=key, body=body, **options) for key, body in pairs]


def test_planning_is_all_or_nothing(open_ledger: Open) -> None:
    ledger = open_ledger()
    ledger.plan(plan(("a", {"x": 1}), ("b", {"x": 2})))
    before = list(ledger.jobs())

    with pytest.raises(BatchError, match="1 key is there with another body: 'b'"):
        ledger.plan(plan(("c", {}), ("b", {"x": 3})))
    with pytest.raises(BatchError, match="'d'"):
        ledger.plan(plan(("d", {"x": 1}), ("d", {"x": 2})))
    with pytest.raises(ValueError, match="key"):
        ledger.plan(plan(("e", {}), ("", {})))

    def broken() -> Any:
        yield from plan(*((str(number), {}) for number in range(1200)))
        raise OSError("the table can't be read any more")

    with pytest.raises(OSError, match="table"):
        ledger.plan(broken())
    assert list(ledger.jobs()) == before


def test_planning_again_adds_only_what_is_new(open_ledger: Open) -> None:
    ledger = open_ledger()
    rows = plan(*((f"row {number}", {"n": number}) for number in range(1, 1201)))

    assert ledger.plan(rows) == (1200, 0, 0)
    assert ledger.plan([*rows, *plan(("new", {}))]) == (1, 1200, 0)

    assert [job.key for job in ledger.jobs()] == [*(f"row {number}" for number in range(1, 1201)), "new"]
    first = ledger.take()
    assert first is not None
    assert first.number == 1


def test_what_was_not_paid_can_be_replaced(open_ledger: Open) -> None:
    ledger = open_ledger(budget=100)
    ledger.plan(plan(*((key, {"x": 1}) for key in "abcd"), estimate=10))
    ledger.begin("a").refused("invalid")
    ledger.reserve("b")
    ledger.begin("c").accepted("id-c")

    assert ledger.plan(plan(("a", {"x": 2}), ("b", {"x": 2}), ("d", {"x": 1}), estimate=20), replace_unpaid=True) == (
        0,
        1,
        2,
    )
    with pytest.raises(BatchError, match="'c'"):
        ledger.plan(plan(("c", {"x": 2})), replace_unpaid=True)

    found = {job.key: (str(job.state), job.body["x"], job.estimate) for job in ledger.jobs()}
    assert found == {
        "a": ("planned", 2, 20),
        "b": ("planned", 2, 20),
        "c": ("accepted", 1, 10),
        "d": ("planned", 1, 10),
    }
    assert ledger.summary().committed == 10


def test_batches_do_not_share_keys_or_budgets(open_ledger: Open) -> None:
    one, two = open_ledger(batch="one", budget=10), open_ledger(batch="two")

    for ledger in (one, two):
        ledger.plan(plan(("a", {"batch": ledger.batch}), estimate=10))
        ledger.begin("a").accepted(f"id-{ledger.batch}")

    assert one.batch_names() == ["one", "two"]
    assert [one.summary().left, two.summary().left] == [0, None]
    assert [job.job_id for job in one.of("two").jobs()] == ["id-two"]


def test_uploads_are_remembered_by_content(open_ledger: Open) -> None:
    ledger = open_ledger()

    assert ledger.upload_of("abc") == ""
    ledger.add_upload("abc", "https://files/1.png")
    ledger.add_upload("abc", "https://files/2.png")

    assert open_ledger().upload_of("abc") == "https://files/1.png"
    assert open_ledger(batch="other").upload_of("abc") == ""


def test_files_and_results_are_kept(open_ledger: Open) -> None:
    ledger = open_ledger()
    ledger.plan([PlannedJob(key="a", body={}, place="clips.csv:2", images=(("image_urls.0", "a.png", "ab"),))])
    ledger.begin("a").accepted("id")
    ledger.end("a", State.FINISHED, status="success", result=["https://x/1.mp4", "https://x/2.mp4"])

    for path in ("out/a.mp4", "out/a-2.mp4", "out/a.mp4"):
        ledger.add_file("a", path)

    job = ledger.get("a")
    assert job is not None
    assert job.files == ("out/a.mp4", "out/a-2.mp4")
    assert job.result == ("https://x/1.mp4", "https://x/2.mp4")
    assert (job.place, job.images) == ("clips.csv:2", (("image_urls.0", "a.png", "ab"),))
    assert json.dumps(job.body) == "{}"


def test_a_reservation_can_be_given_back(open_ledger: Open) -> None:
    ledger = open_ledger(budget=10)
    ledger.plan(plan(("a", {}), estimate=10))
    ledger.take()

    ledger.unreserve("a")
    ledger.unreserve("a")

    assert (states(ledger), ledger.summary().committed) == ({"a": "planned"}, 0)


@pytest.mark.parametrize("act", [Ledger.recover, lambda ledger: ledger.retry(State.REFUSED)])
def test_a_job_that_another_process_has_settled_meanwhile_stays(
    act: Callable[[Ledger], object], open_ledger: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = open_ledger()
    ledger.plan([PlannedJob(key="a", body={})])
    ledger.begin("a").refused("busy", transient=True)
    seen = list(ledger.jobs(State.REFUSED))
    ledger.begin("a").accepted("id-a")
    monkeypatch.setattr(Ledger, "jobs", lambda *_: iter(seen))  # read before the other process was done

    act(ledger)

    job = ledger.get("a")
    assert job is not None
    assert (job.state, job.job_id) == (State.ACCEPTED, "id-a")


def test_a_process_of_another_user(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_permitted(pid: int, number: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", not_permitted)
    parent = os.getppid()
    assert owners.is_running(f"{socket.gethostname()}/{parent}/{owners.start_of(parent)}/x", None, 0)
