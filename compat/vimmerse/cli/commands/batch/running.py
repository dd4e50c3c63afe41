"""A batch that is planned: the engines that run it, and how a run ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import click
from vimmerse.batch.states import State as JobState
from vimmerse.cli.base import State
from vimmerse.cli.commands.batch.ledgers import usage_errors
from vimmerse.cli.commands.batch.texts import print_overview
from vimmerse.cli.commands.check import plural
from vimmerse.cli.console import Console
from vimmerse.cli.exit_codes import DONE, FAILED, NETWORK, NOT_SENT, REJECTED, UNFINISHED
from vimmerse.cli.service import new_client

if TYPE_CHECKING:
    from vimmerse.batch import BatchStoppedError, Ledger, RunSummary
    from vimmerse.batch.events import Event
    from vimmerse.cli.commands.batch.progress import Tally

# The arguments of a batch, and their options.
_SETTINGS = {
    "concurrency": "concurrency",
    "download": "download",
    "interval": "interval",
    "patience": "patience",
    "timeout": "wait_timeout",
    "webhook_url": "webhook_url",
}


class Engine(Protocol):
    """Runs one batch."""

    def open(self, ledger: Ledger, settings: Mapping[str, Any]) -> Callable[[], object]:
        """Prepare a run; return the function that stops it, also in a signal handler."""
        ...

    def run(self, on_event: Callable[[Event], object]) -> RunSummary:
        """Run the batch to its end."""
        ...


class LocalEngine:
    """Runs a batch in threads of this process."""

    def __init__(self, state: State, options: Mapping[str, Any]) -> None:
        from vimmerse.v2 import Vimmerse

        self._client = new_client(Vimmerse, state, options)
        click.get_current_context().call_on_close(self._client.close)

    def open(self, ledger: Ledger, settings: Mapping[str, Any]) -> Callable[[], object]:
        from vimmerse.batch import Batch

        self._batch = Batch(self._client, ledger, **settings)
        return self._batch.stop

    def run(self, on_event: Callable[[Event], object]) -> RunSummary:
        return self._batch.run(on_event=on_event)


class DbosEngine:
    """Runs a batch together with other machines."""

    def __init__(self, state: State, options: Mapping[str, Any]) -> None:
        from vimmerse.batch import DbosBatch
        from vimmerse.v2 import AsyncVimmerse

        self._type = DbosBatch
        self._client = new_client(AsyncVimmerse, state, options)

    def open(self, ledger: Ledger, settings: Mapping[str, Any]) -> Callable[[], object]:
        self._batch = self._type(self._client, ledger, **settings)
        return self._batch.stop

    def run(self, on_event: Callable[[Event], object]) -> RunSummary:
        async def work() -> RunSummary:
            async with self._client:
                return await self._batch.run(on_event=on_event)

        return asyncio.run(work())


ENGINES: dict[str, Callable[[State, Mapping[str, Any]], Engine]] = {"local": LocalEngine, "dbos": DbosEngine}


def run_batch(ledger: Ledger, engine: Engine, options: Mapping[str, Any], console: Console, again: str) -> int:
    """Run a batch that is planned, show how it ends, and return the exit code. ``again``: the command to go on."""
    from vimmerse.batch import BatchStoppedError
    from vimmerse.cli.commands.batch.progress import Tally, shown
    from vimmerse.cli.commands.batch.stopping import stopped_by_signals

    given = {name: options[option] for name, option in _SETTINGS.items() if options[option] is not None}
    with usage_errors():
        stop = engine.open(ledger, given)
    tally, failure = Tally(), None
    with stopped_by_signals(stop, tally.end, console) as stopped, shown(console, tally, ledger) as on_event:
        try:
            summary = engine.run(on_event)
        except BatchStoppedError as error:
            summary, failure = error.summary, error
    document = print_overview(ledger, console)
    for line in tally.lost_files:
        console.print(line)
    unfinished = summary.count(JobState.PLANNED, JobState.RESERVED, JobState.SENDING, JobState.ACCEPTED)
    unfinished += sum(job.transient for job in ledger.jobs(JobState.REFUSED))  # the next run sends them again
    code, text = _end(summary, unfinished, failure, tally, stopped.exit_code)
    if code not in (DONE, FAILED) or summary.not_downloaded:
        text = f"{text} To go on{', raise --budget' if code == NOT_SENT else ''}: {again}".lstrip()
    if text:
        console.note(f"vimmerse: {text}")
    files = {"downloaded": summary.downloaded, "not_downloaded": summary.not_downloaded}
    console.print_json({**document, **files, "exit_code": code, "message": text})
    return code


def _end(
    summary: RunSummary, unfinished: int, failure: BatchStoppedError | None, tally: Tally, signal_code: int
) -> tuple[int, str]:
    """Return the exit code of a run, and why it has ended before all jobs were finished, or empty text."""
    left = f"{plural(unfinished, 'job')} left." if unfinished else ""
    if signal_code and not summary.is_complete:
        return signal_code, f"Stopped. Nothing is sent or paid twice. {left}"
    if failure is not None:
        from vimmerse.v2.errors import ApiError

        code = REJECTED if isinstance(failure.__cause__, ApiError) else NETWORK
        return code, f"{summary.stop_reason} {left}"
    if tally.over_budget and summary.count(JobState.PLANNED):
        return NOT_SENT, f"{summary.stop_reason} {left}"
    if unfinished:
        return UNFINISHED, f"Not finished: {left}"
    if summary.not_downloaded:
        return FAILED, f"{plural(summary.not_downloaded, 'file')} not downloaded."
    return (DONE if summary.is_complete else FAILED), ""
