"""``DbosBatch`` in one process: what it does with what the service says, and that it goes on."""

from __future__ import annotations

import asyncio
import base64
import binascii
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from vimmerse.batch import (
    BatchError,
    BatchStoppedError,
    DbosBatch,
    Ledger,
    LedgerError,
    RunSummary,
    State,
    events,
    table_of,
)
from vimmerse.batch.engines.presence import Presence
from vimmerse.batch.ledger.owners import this_process
from vimmerse.emulator import AfterSeconds, Emulator, Never
from vimmerse.jobs import Interval
from vimmerse.v2 import AsyncVimmerse

from tests.batch.engines.fleet import API_KEY, PRICE, Fleet, planned, wait_until

pytest.importorskip("dbos", reason="DBOS is not installed")

CREATE = ("POST", "/v2/media")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


class Runner:
    """Runs batches on the emulator, each time with a client of its own."""

    def __init__(self, emulator: Emulator, database: str, batch: str) -> None:
        self.emulator = emulator
        self.events: list[events.Event] = []
        self.ledger = Ledger(database, batch=batch)
        self.batch: DbosBatch | None = None

    def run(self, rows: Any = None, *, on_event: Callable[[Any], object] = bool, **options: Any) -> RunSummary:
        async def run() -> RunSummary:
            async with AsyncVimmerse(api_key=API_KEY, base_url=self.emulator.base_url) as client:
                self.batch = DbosBatch(client, self.ledger, **{"interval": 0.05, "poll": 0.05} | options)
                return await self.batch.run(rows, on_event=show)

        def show(event: events.Event) -> object:
            self.events.append(event)
            return on_event(event)

        self.events.clear()
        return asyncio.run(run())

    def shown(self) -> Counter[str]:
        """The events, without those of lookups."""
        return Counter(type(event).__name__ for event in self.events if not isinstance(event, events.Progressed))

    def only(self, kind: type[Any]) -> Any:
        (event,) = (event for event in self.events if isinstance(event, kind))
        return event


@pytest.fixture
def runner(emulator: Emulator, database: str, request: pytest.FixtureRequest) -> Iterator[Runner]:
    runner = Runner(emulator, database, request.node.name)
    yield runner
    runner.ledger.close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short pauses after calls that were refused, or got no answer."""
    monkeypatch.setattr("vimmerse.batch.runner.limit.BACKOFF", Interval.of(0.01))


def everything(url: str) -> str:
    """All that is in the database, with what DBOS has encoded."""
    import psycopg
    from psycopg import sql

    texts = []
    query = "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
    with psycopg.connect(url) as connection:
        for schema, table in connection.execute(query).fetchall():
            rows = connection.execute(sql.SQL("select * from {}").format(sql.Identifier(schema, table)))
            for value in map(str, chain.from_iterable(rows)):
                texts.append(value)
                with suppress(binascii.Error, ValueError):
                    texts.append(base64.b64decode(value, validate=True).decode("latin-1"))
    return "\n".join(texts)


def test_a_batch_is_run_and_run_again(runner: Runner, emulator: Emulator, tmp_path: Path) -> None:
    summary = runner.run([{"key": f"k{n}", "prompt": f"A kite, {n}"} for n in range(3)], download=tmp_path, budget=1000)
    assert summary.counts == {State.FINISHED: 3}
    assert (summary.stop_reason, summary.downloaded, summary.is_complete) == ("", 3, True)
    assert summary.committed == emulator.credits_used == 3 * PRICE
    names = ["Reserved", "Submitted", "Finished", "Downloaded"]
    assert runner.shown() == {"Started": 1} | dict.fromkeys(names, 3)
    assert {path.name for path in tmp_path.iterdir()} == {"k0.mp4", "k1.mp4", "k2.mp4"}

    assert runner.run(download=tmp_path).counts == summary.counts
    assert runner.shown() == {"Started": 1}


def test_the_budget_is_kept_and_can_be_raised(runner: Runner, emulator: Emulator) -> None:
    summary = runner.run(planned("abcde"), budget=3.5 * PRICE)
    assert summary.counts == {State.FINISHED: 3, State.PLANNED: 2}
    assert "budget" in summary.stop_reason
    assert emulator.credits_used == 3 * PRICE
    reached = [event for event in runner.events if isinstance(event, events.BudgetReached)]
    assert [(event.key, event.left, event.waits) for event in reached] == [("d", 25, True), ("d", 25, False)]
    assert runner.run(budget=5 * PRICE).counts == {State.FINISHED: 5}
    assert len(emulator.jobs) == 5


@pytest.mark.exhaustive
def test_what_goes_wrong_with_one_job_does_not_stop_the_others(
    runner: Runner, emulator: Emulator, database: str, quick: None
) -> None:
    emulator.faults.add(CREATE, "rate_limit", retry_after=0.1)
    emulator.faults.add(CREATE, "reset_accepted")
    emulator.faults.add(
        CREATE, "status", status=422, body={"detail": f"your key {API_KEY} is fine, your prompt is not"}
    )
    summary = runner.run(planned("abcdef"), concurrency=2)
    assert summary.counts == {State.FINISHED: 4, State.AMBIGUOUS: 1, State.REFUSED: 1}
    assert summary.stop_reason == ""
    assert runner.shown()["Paused"] == 2  # after the refusal and the lost answer
    assert len(emulator.jobs) == 5
    # Nothing of this is sent again, nor is the key in the database.
    runner.run()
    assert len(emulator.jobs) == 5
    assert API_KEY not in everything(
        runner.ledger.url.set(drivername="postgresql").render_as_string(hide_password=False)
    )


@pytest.mark.exhaustive
def test_a_job_that_fails(runner: Runner, emulator: Emulator) -> None:
    emulator.next_job(outcome="failed")
    summary = runner.run(planned("ab"), concurrency=1)
    assert summary.counts == {State.FINISHED: 1, State.FAILED: 1}
    assert runner.only(events.Failed).key in "ab"


@pytest.mark.exhaustive
@pytest.mark.parametrize("status", [401, 402])
def test_a_refusal_of_all_jobs_stops_the_process(status: int, runner: Runner, emulator: Emulator) -> None:
    emulator.faults.add(CREATE, "status", status=status, times=None)
    with pytest.raises(BatchStoppedError, match="refuses all jobs") as caught:
        runner.run(planned("abcdef"), concurrency=1)
    assert caught.value.summary.count(State.FINISHED) == 0
    assert runner.shown()["Stopped"] == 1
    emulator.reset()
    assert runner.run().counts == {State.FINISHED: 6}


@pytest.mark.exhaustive
def test_many_calls_without_an_answer_stop_the_process(runner: Runner, emulator: Emulator, quick: None) -> None:
    emulator.faults.add(CREATE, "reset_accepted", times=None)
    with pytest.raises(BatchStoppedError, match="5 calls in a row got no answer"):
        runner.run(planned(f"k{number}" for number in range(9)), concurrency=1)
    assert len(emulator.jobs) == 5 == runner.ledger.summary().count(State.AMBIGUOUS)


@pytest.mark.exhaustive
def test_it_is_stopped_and_goes_on(runner: Runner, emulator: Emulator) -> None:
    def stop(event: events.Event) -> None:
        if isinstance(event, events.Submitted) and runner.shown()["Submitted"] == 2:
            assert runner.batch is not None
            runner.batch.stop()

    emulator.next_job(transition=Never())
    emulator.next_job(transition=Never())
    summary = runner.run(planned("abcd"), on_event=stop, concurrency=2)
    assert summary.stop_reason == "The run was stopped."
    assert summary.count(State.ACCEPTED) == 2
    for job in emulator.jobs:
        emulator.finish(job.id)
    assert runner.run().counts == {State.FINISHED: 4}
    assert runner.shown()["Resumed"] == 2
    assert len(emulator.jobs) == 4


@pytest.mark.exhaustive
def test_images_are_uploaded_where_they_are_and_sent_from_anywhere(
    runner: Runner, emulator: Emulator, tmp_path: Path
) -> None:
    for name in ("a.png", "b.png", "gone.png"):
        tmp_path.joinpath(name).write_bytes(PNG + name.encode())
    names = ("a.png", "b.png", "gone.png", "a.png")
    rows = [{"key": f"k{n}", "prompt": "It moves", "image": str(tmp_path / name)} for n, name in enumerate(names)]
    runner.ledger.plan(row.planned() for row in table_of(rows))
    tmp_path.joinpath("gone.png").unlink()

    summary = runner.run()
    assert summary.counts == {State.FINISHED: 3, State.PLANNED: 1}
    assert runner.shown()["Uploaded"] == 2 == len(emulator.uploads)
    refused = runner.only(events.Refused)
    assert (refused.key, refused.will_retry, refused.estimate) == ("k2", "later", 0)

    # Another machine has the picture, and not the others.
    tmp_path.joinpath("gone.png").write_bytes(PNG + b"gone.png")
    tmp_path.joinpath("a.png").unlink()
    assert runner.run().counts == {State.FINISHED: 4}


@pytest.mark.exhaustive
def test_an_upload_is_tried_again_and_ends_the_run_if_the_key_is_refused(
    runner: Runner, emulator: Emulator, tmp_path: Path, quick: None
) -> None:
    tmp_path.joinpath("a.png").write_bytes(PNG)
    emulator.faults.add(("POST", "/v2/image"), "rate_limit")
    emulator.faults.add(("POST", "/v2/image"), "status", status=401)
    with pytest.raises(BatchStoppedError, match="refuses all jobs"):
        runner.run([{"key": "k", "prompt": "It moves", "image": str(tmp_path / "a.png")}])
    assert runner.ledger.summary().counts == {State.PLANNED: 1}
    assert runner.run().counts == {State.FINISHED: 1}


@pytest.mark.exhaustive
def test_a_job_that_takes_too_long_is_left_to_the_next_run(runner: Runner, emulator: Emulator) -> None:
    emulator.next_job(transition=Never())
    summary = runner.run(planned("ab"), timeout=0.2)
    assert summary.counts == {State.FINISHED: 1, State.ACCEPTED: 1}
    assert summary.stop_reason == ""
    assert runner.shown()["Unfinished"] == 1


@pytest.mark.exhaustive
def test_a_finished_media_without_a_file_is_looked_up_again_by_the_next_run(
    runner: Runner, emulator: Emulator, tmp_path: Path
) -> None:
    body: dict[str, object] = {"id": "x", "processing_status": "success", "result": []}
    emulator.faults.add(("GET", "/v2/media/{id}"), status=200, body=body, times=None)
    first = runner.run([{"key": "one", "prompt": "A kite"}], download=tmp_path)
    emulator.faults.clear()
    second = runner.run(download=tmp_path)

    assert (first.counts, first.not_downloaded, first.is_complete) == ({State.FINISHED: 1}, 1, False)
    assert (second.downloaded, second.is_complete) == (1, True)
    assert len(emulator.jobs) == 1


@pytest.mark.exhaustive
def test_the_process_gives_up_if_nothing_can_be_reached(runner: Runner, quick: None) -> None:
    runner.emulator.stop()
    with pytest.raises(BatchStoppedError, match="has accepted no job"):
        runner.run(planned("ab"), patience=0.1)
    assert runner.ledger.summary().counts[State.REFUSED] >= 1


@pytest.mark.exhaustive
def test_a_stop_before_the_run_ends_it_at_once(runner: Runner, emulator: Emulator) -> None:
    def stop(event: events.Event) -> None:
        assert runner.batch is not None
        runner.batch.stop()

    summary = runner.run(planned("ab"), on_event=stop)
    assert (summary.counts, summary.stop_reason) == ({State.PLANNED: 2}, "The run was stopped.")
    assert not emulator.jobs


@pytest.mark.exhaustive
def test_a_ledger_that_fails_ends_the_run_and_the_id_is_logged(
    runner: Runner, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*arguments: object) -> None:
        error = LedgerError("The ledger can't be used.")
        error.add_note("The id is 4711.")
        raise error

    monkeypatch.setattr(Ledger, "record_accepted", fail)
    with pytest.raises(LedgerError, match="can't be used"):
        runner.run(planned("a"))
    assert "4711" in caplog.text
    assert runner.ledger.summary().counts == {State.SENDING: 1}


@pytest.mark.exhaustive
def test_a_wait_that_the_ledger_ends(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise LedgerError("The ledger can't be used.")

    monkeypatch.setattr(Ledger, "end", fail)
    with pytest.raises(LedgerError, match="can't be used"):
        runner.run(planned("a"))
    monkeypatch.undo()
    assert runner.run().counts == {State.FINISHED: 1}


def test_unusable_arguments(emulator: Emulator, database: str, tmp_path: Path) -> None:
    client = AsyncVimmerse(api_key=API_KEY, base_url=emulator.base_url)
    with Ledger(tmp_path / "batch.sqlite") as ledger, pytest.raises(ValueError, match="many machines need one in"):
        DbosBatch(client, ledger)
    with Ledger(database, batch="arguments") as ledger:
        options: list[dict[str, Any]] = [
            {"poll": 0},
            {"patience": -1},
            {"concurrency": 0},
            {"webhook_url": "a.example"},
        ]
        for each in options:
            with pytest.raises(ValueError, match=next(iter(each))):
                DbosBatch(client, ledger, **each)


@pytest.mark.exhaustive
def test_a_process_that_uses_dbos_itself(runner: Runner) -> None:
    from dbos import DBOS

    DBOS(config={"name": "another", "system_database_url": "sqlite:///:memory:", "log_level": "ERROR"})
    try:
        with pytest.raises(BatchError, match="uses DBOS already"):
            runner.run(planned("a"))
    finally:
        DBOS.destroy()
    assert runner.ledger.summary().counts == {State.PLANNED: 1}


@pytest.mark.exhaustive
def test_the_jobs_of_a_process_that_was_killed_while_they_ran(runner: Runner, database: str) -> None:
    runner.emulator.next_job(transition=Never(), times=2)
    with Fleet(database, runner.ledger.batch, runner.emulator.base_url) as fleet:
        fleet.start(["a", "b"])
        wait_until(lambda: runner.ledger.summary().counts == {State.ACCEPTED: 2}, "both jobs are on the server")
        fleet.kill(0)
    for job in runner.emulator.jobs:
        runner.emulator.finish(job.id)
    assert runner.run().counts == {State.FINISHED: 2}
    assert len(runner.emulator.jobs) == 2


@pytest.mark.exhaustive
def test_the_schema_of_dbos_may_be_dropped_while_no_process_runs(runner: Runner, database: str) -> None:
    import psycopg

    def stop(event: events.Event) -> None:
        if isinstance(event, events.Submitted):
            assert runner.batch is not None
            runner.batch.stop()

    runner.emulator.next_job(transition=Never())
    assert runner.run(planned("ab"), on_event=stop, concurrency=1).counts == {State.ACCEPTED: 1, State.PLANNED: 1}
    with psycopg.connect(database) as connection:
        connection.execute("DROP SCHEMA engines_vimmerse_dbos CASCADE")
    runner.emulator.finish(runner.emulator.jobs[0].id)
    assert runner.run().counts == {State.FINISHED: 2}
    assert len(runner.emulator.jobs) == 2


@pytest.mark.exhaustive
def test_a_process_that_runs_keeps_its_jobs(runner: Runner, database: str) -> None:
    runner.emulator.next_job(transition=AfterSeconds(2))
    with Fleet(database, runner.ledger.batch, runner.emulator.base_url) as fleet:
        fleet.start(["a"])
        wait_until(lambda: runner.ledger.summary().counts == {State.ACCEPTED: 1}, "the job is on the server")
        assert runner.run().counts == {State.FINISHED: 1}
        assert fleet.join() == [0]
    assert runner.shown() == {"Started": 1}


@pytest.mark.exhaustive
def test_a_database_that_cannot_be_asked_about_others_for_a_moment(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keep = Presence.keep
    answers = iter([lambda: True, lambda: 1 / 0, lambda: False])

    def fail(presence: Presence) -> bool:
        return bool(next(answers, lambda: True)()) and keep(presence)

    monkeypatch.setattr(Presence, "keep", fail)
    runner.emulator.next_job(transition=AfterSeconds(1))
    assert runner.run(planned("a")).counts == {State.FINISHED: 1}
    assert "can't be looked at now: ZeroDivisionError" in caplog.text


@pytest.mark.exhaustive
def test_the_same_batch_twice_in_a_process(runner: Runner) -> None:
    first = Presence(runner.ledger.url, this_process())
    assert first.keep()
    with pytest.raises(BatchError, match="running in this process already"):
        runner.run(planned("a"))
    first.close()


@pytest.mark.exhaustive
def test_a_long_pause_does_not_hold_up_a_stop(runner: Runner, emulator: Emulator) -> None:
    async def stop(event: events.Event) -> None:
        if isinstance(event, events.Paused):
            assert runner.batch is not None
            runner.batch.stop()

    emulator.faults.add(CREATE, "rate_limit", retry_after=3000, times=None)
    summary = runner.run(planned("abc"), on_event=stop, concurrency=1)
    assert summary.stop_reason == "The run was stopped."
    assert summary.count(State.REFUSED) == 1
    assert len(emulator.requests) == 1


@pytest.mark.exhaustive
@pytest.mark.parametrize("state", [State.SENDING, State.REFUSED, State.FINISHED])
def test_another_process_was_faster(state: State, runner: Runner, tmp_path: Path) -> None:
    """It takes the first job after this one has put it into the queue."""
    tmp_path.joinpath("a.png").write_bytes(PNG)

    def take(event: events.Event) -> None:
        if (
            isinstance(event, events.Uploaded if state is not State.FINISHED else events.Submitted)
            and event.key == "k0"
        ):
            if state is State.FINISHED:
                runner.ledger.end("k0", State.FINISHED)
                return
            attempt = runner.ledger.begin("k0")
            if state is State.REFUSED:
                attempt.refused("It is a bad one.")

    rows = [{"key": f"k{n}", "prompt": "It moves", "image": str(tmp_path / "a.png")} for n in range(2)]
    assert runner.run(rows, on_event=take, concurrency=1).counts in (
        {state: 1, State.FINISHED: 1},
        {State.FINISHED: 2},
    )


@pytest.mark.exhaustive
def test_a_stop_while_the_queue_is_filled(runner: Runner, tmp_path: Path) -> None:
    def stop(event: events.Event) -> None:
        if isinstance(event, events.Uploaded):
            assert runner.batch is not None
            runner.batch.stop()

    for name in ("a.png", "b.png"):
        tmp_path.joinpath(name).write_bytes(PNG + name.encode())
    rows = [{"key": name, "prompt": "It moves", "image": str(tmp_path / f"{name}.png")} for name in ("a", "b")]
    assert runner.run(rows, on_event=stop).counts == {State.PLANNED: 2}
    assert len(runner.emulator.uploads) == 1


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("vimmerse.batch.engines")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "dbos", None)
    with pytest.raises(ImportError, match=r"pip install 'vimmerse\[dbos\]'"):
        import_module("vimmerse.batch.engines")


@pytest.mark.exhaustive
def test_a_user_of_the_database_who_may_not_create_a_schema(emulator: Emulator, postgres_server: str) -> None:
    import psycopg

    with psycopg.connect(postgres_server) as connection:
        connection.execute("CREATE SCHEMA poor")
        connection.execute("CREATE ROLE poor LOGIN")
        connection.execute("GRANT ALL ON SCHEMA poor TO poor")
    url = make_url(f"{postgres_server}&options=-csearch_path%3Dpoor").set(username="poor")
    runner = Runner(emulator, url.render_as_string(hide_password=False), "poor")
    with pytest.raises(LedgerError, match="permission denied"):
        runner.run(planned("a"))
    assert runner.ledger.summary().counts == {State.PLANNED: 1}
    runner.ledger.close()


@pytest.mark.exhaustive
def test_an_event_handler_that_raises_ends_the_run(runner: Runner) -> None:
    def fail(event: events.Event) -> None:
        if isinstance(event, events.Submitted):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        runner.run(planned("a"), on_event=fail)
    assert runner.ledger.summary().counts == {State.ACCEPTED: 1}
    assert runner.run().counts == {State.FINISHED: 1}
    assert len(runner.emulator.jobs) == 1


@pytest.mark.exhaustive
def test_a_call_in_progress_is_recorded_when_the_run_is_cancelled(runner: Runner, emulator: Emulator) -> None:
    async def cancel() -> None:
        async with AsyncVimmerse(api_key=API_KEY, base_url=emulator.base_url) as client:
            batch = DbosBatch(client, runner.ledger, poll=0.05)
            run = asyncio.create_task(batch.run(planned("a")))
            await asyncio.to_thread(wait_until, lambda: emulator.jobs, "the call is in progress")
            with pytest.raises(RuntimeError, match="running already"):
                await batch.run()
            run.cancel()
            with pytest.raises(asyncio.CancelledError):
                await run
            assert await asyncio.to_thread(lambda: 1) == 1, "the loop has threads again"

    emulator.faults.add(CREATE, "slow", chunk=32, interval=0.05)
    emulator.next_job(transition=Never())
    asyncio.run(cancel())
    assert runner.ledger.summary().counts == {State.ACCEPTED: 1}
