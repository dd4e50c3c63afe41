"""What ends a run early: ``stop()``, Ctrl-C, cancellation, and an exception of ``on_event``."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest
from vimmerse.batch import AsyncBatch, Batch, Ledger, LedgerError, State, events
from vimmerse.batch.runner.performing import Performer
from vimmerse.emulator import Emulator, Never
from vimmerse.v2 import AsyncVimmerse, Vimmerse

from tests.batch.runner.runs import Runner, clips
from tests.sampling import sampled

KEY = "key-of-tests-0123"


def on_first(kind: type[events.Event], act: Callable[[], object]) -> Callable[[events.Event], None]:
    def watch(event: events.Event) -> None:
        if isinstance(event, kind):
            act()

    return watch


def stopping(batch: Batch | AsyncBatch, when: threading.Event) -> threading.Thread:
    """A thread that stops a run."""

    def stop() -> None:
        when.wait(20)
        batch.stop()

    thread = threading.Thread(target=stop)
    thread.start()
    return thread


def assert_goes_on(runner: Runner, count: int) -> None:
    """The next run deals with what is left, and nothing was sent twice."""

    def finish(event: events.Event) -> None:
        if isinstance(event, events.Submitted | events.Resumed):
            with suppress(ValueError):  # it may have ended already
                runner.emulator.finish(event.job_id)

    assert runner.run(on_event=finish).is_complete
    assert runner.created() == sorted(f"Boat {number}" for number in range(1, count + 1))


KINDS = [events.Started, events.Reserved, events.Submitted, events.Progressed]


@pytest.mark.parametrize("kind", sampled(KINDS, 2, row=1))
def test_stop(runner: Runner, kind: type[events.Event]) -> None:
    runner.emulator.next_job(transition=Never(), times=6)

    def stop() -> None:
        assert runner.batch is not None
        runner.batch.stop()

    summary = runner.run(clips(6), concurrency=2, on_event=on_first(kind, stop), budget=1000)

    assert summary.stop_reason == "The run was stopped."
    assert len(runner.emulator.jobs) <= 2
    assert summary.count(State.ACCEPTED) == len(runner.emulator.jobs)
    assert summary.count(State.PLANNED) == 6 - len(runner.emulator.jobs)
    assert summary.committed == 50 * len(runner.emulator.jobs)
    assert_goes_on(runner, 6)


def test_stop_before_the_run(emulator: Emulator, tmp_path: Path) -> None:
    runner = Runner(emulator, str(tmp_path / "batch.sqlite"), asynchronous=False)
    with Vimmerse(base_url=emulator.base_url, token=KEY) as client, Ledger(runner.location) as ledger:
        batch = Batch(client, ledger)
        batch.stop()
        assert batch.run(clips(2)).counts == {State.PLANNED: 2}
        assert emulator.requests == ()
        assert batch.run().is_complete


def test_stop_from_another_thread_ends_a_long_pause(emulator: Emulator, tmp_path: Path) -> None:
    emulator.next_job(transition=Never())
    with Vimmerse(base_url=emulator.base_url, token=KEY) as client, Ledger(tmp_path / "batch.sqlite") as ledger:
        batch = Batch(client, ledger, interval=1000)
        looked_up = threading.Event()
        thread = stopping(batch, looked_up)
        summary = batch.run(clips(1), on_event=on_first(events.Progressed, looked_up.set))
        thread.join()
    assert summary.counts == {State.ACCEPTED: 1}


def test_stop_from_another_thread_ends_a_long_pause_on_asyncio(emulator: Emulator, tmp_path: Path) -> None:
    emulator.next_job(transition=Never())
    looked_up = threading.Event()

    async def main(ledger: Ledger) -> Any:
        async with AsyncVimmerse(base_url=emulator.base_url, token=KEY) as client:
            batch = AsyncBatch(client, ledger, interval=1000)
            thread = stopping(batch, looked_up)
            try:
                return await batch.run(clips(1), on_event=on_first(events.Progressed, looked_up.set))
            finally:
                thread.join()

    with Ledger(tmp_path / "batch.sqlite") as ledger:
        assert asyncio.run(main(ledger)).counts == {State.ACCEPTED: 1}


def test_stop_in_a_signal_handler(emulator: Emulator, tmp_path: Path) -> None:
    emulator.next_job(transition=Never())
    with Vimmerse(base_url=emulator.base_url, token=KEY) as client, Ledger(tmp_path / "batch.sqlite") as ledger:
        batch = Batch(client, ledger, interval=1000)
        before = signal.signal(signal.SIGUSR1, lambda *_: batch.stop())
        try:
            on_event = on_first(events.Progressed, lambda: os.kill(os.getpid(), signal.SIGUSR1))
            summary = batch.run(clips(1), on_event=on_event)
        finally:
            signal.signal(signal.SIGUSR1, before)
    assert summary.counts == {State.ACCEPTED: 1}


@pytest.mark.parametrize(("kind", "error"), sampled(product(KINDS, [KeyboardInterrupt, RuntimeError("no more")]), 3))
def test_an_exception_of_on_event_ends_the_run(
    runner: Runner, kind: type[events.Event], error: BaseException | type[BaseException]
) -> None:
    runner.emulator.next_job(transition=Never(), times=6)

    def fail() -> None:
        raise error

    with pytest.raises((KeyboardInterrupt, RuntimeError)) as caught:
        runner.run(clips(6), concurrency=2, on_event=on_first(kind, fail))

    if kind is not events.Started:
        assert any("Run it again to go on" in note for note in caught.value.__notes__)
    states = list(runner.states().values())
    assert states.count(State.ACCEPTED) == len(runner.emulator.jobs) <= 2
    assert states.count(State.PLANNED) == 6 - len(runner.emulator.jobs)
    assert_goes_on(runner, 6)


class Slow(httpx.HTTPTransport):
    """Sends a submission when it is told to; ``started`` says that it has begun."""

    def __init__(self) -> None:
        super().__init__()
        self.started, self.may_go_on = threading.Event(), threading.Event()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self.started.set()
            assert self.may_go_on.wait(20)
        return super().handle_request(request)


def go_on(slow: Slow, when: threading.Event) -> None:
    when.wait(20)
    slow.may_go_on.set()


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Says that a run waits for what is being sent."""
    event, finish = threading.Event(), Performer.finish

    def note(performer: Performer) -> None:
        event.set()
        finish(performer)

    monkeypatch.setattr(Performer, "finish", note)
    return event


def interrupting(*steps: Callable[[], object]) -> threading.Thread:
    """A thread that sends Ctrl-C after each step but the last one."""

    def act() -> None:
        for number, step in enumerate(steps):
            step()
            if number < len(steps) - 1:
                os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=act)
    thread.start()
    return thread


def test_ctrl_c_completes_what_is_being_sent(emulator: Emulator, tmp_path: Path, waiting: threading.Event) -> None:
    slow = Slow()
    with Vimmerse(base_url=emulator.base_url, token=KEY, transport=slow) as client, Ledger(tmp_path / "b") as ledger:
        thread = interrupting(lambda: slow.started.wait(20), lambda: go_on(slow, waiting))
        with pytest.raises(KeyboardInterrupt):
            Batch(client, ledger, concurrency=1).run(clips(3))
        thread.join()
        assert ledger.summary().counts == {State.ACCEPTED: 1, State.PLANNED: 2}
    assert len(emulator.jobs) == 1


def test_a_second_ctrl_c_does_not_wait(
    emulator: Emulator, tmp_path: Path, waiting: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow()
    recorded, record = threading.Event(), Ledger.record_accepted

    def note(*about: Any) -> None:
        record(*about)
        recorded.set()

    monkeypatch.setattr(Ledger, "record_accepted", note)
    with Vimmerse(base_url=emulator.base_url, token=KEY, transport=slow) as client, Ledger(tmp_path / "b") as ledger:
        thread = interrupting(lambda: slow.started.wait(20), lambda: waiting.wait(20), lambda: None)
        with pytest.raises(KeyboardInterrupt):
            Batch(client, ledger, concurrency=1).run(clips(3))
        thread.join()
        assert ledger.summary().count(State.SENDING) == 1
        # The thread that sends it lives as long as the process, and still records what it gets.
        slow.may_go_on.set()
        assert recorded.wait(20)
        assert ledger.summary().counts == {State.ACCEPTED: 1, State.PLANNED: 2}


class AsyncSlow(httpx.AsyncHTTPTransport):
    """As :class:`Slow`."""

    def __init__(self) -> None:
        super().__init__()
        self.started, self.may_go_on = asyncio.Event(), asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self.started.set()
            await self.may_go_on.wait()
        return await super().handle_async_request(request)


@pytest.mark.parametrize("times", [1, 2])
def test_a_cancellation_completes_what_is_being_sent(emulator: Emulator, tmp_path: Path, times: int) -> None:
    async def main(ledger: Ledger) -> None:
        slow = AsyncSlow()
        async with AsyncVimmerse(base_url=emulator.base_url, token=KEY, async_transport=slow) as client:
            task = asyncio.create_task(AsyncBatch(client, ledger, concurrency=1).run(clips(3)))
            await slow.started.wait()
            for _ in range(times):
                task.cancel()
                for _ in range(10):
                    await asyncio.sleep(0)
            if times == 1:
                assert not task.done()
                slow.may_go_on.set()
            with pytest.raises(asyncio.CancelledError):
                await task

    with Ledger(tmp_path / "b") as ledger:
        asyncio.run(main(ledger))
        state = State.ACCEPTED if times == 1 else State.AMBIGUOUS
        assert ledger.summary().counts == {state: 1, State.PLANNED: 2}
    assert len(emulator.jobs) == (times == 1)


def test_a_ledger_that_fails_ends_the_run(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(*_: object, **__: object) -> None:
        raise LedgerError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "end", end)
        with pytest.raises(LedgerError, match="the disk is full"):
            runner.run(clips(3), concurrency=1)
    assert_goes_on(runner, 3)


def test_an_id_that_cannot_be_written_is_named(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    from vimmerse.batch.ledger.rows import Rows

    def accept(*_: object) -> None:
        raise LedgerError("the disk is full")

    monkeypatch.setattr(Rows, "accept", accept)
    with pytest.raises(LedgerError, match="the disk is full") as caught:
        runner.run(clips(3), concurrency=1)
    (charge,) = runner.emulator.jobs
    assert any(charge.id in note for note in caught.value.__notes__)


def test_a_batch_runs_once_at_a_time(runner: Runner) -> None:
    def again(event: events.Event) -> None:
        assert runner.batch is not None
        started = runner.batch.run()
        try:
            if asyncio.iscoroutine(started):
                started.send(None)
        finally:
            if asyncio.iscoroutine(started):
                started.close()

    with pytest.raises(RuntimeError, match="running already"):
        runner.run(clips(1), on_event=again)
