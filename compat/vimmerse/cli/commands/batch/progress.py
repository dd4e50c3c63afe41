"""The progress of a run: one bar on a terminal, elsewhere lines."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vimmerse.batch import events
from vimmerse.batch.events import Event, JobEvent
from vimmerse.batch.overview import amount, label
from vimmerse.batch.states import State as JobState
from vimmerse.cli.console import Console
from vimmerse.cli.errors import one_line

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.progress import Progress
    from vimmerse.batch import Reader, Summary

#: Seconds between two lines about all jobs, where there is no bar.
INTERVAL = 60.0
#: Seconds between two looks into the ledger.
REFRESH = 5.0
_MAX_ERRORS = 3
_MAX_FILES = 20
_OPEN = (JobState.PLANNED, JobState.RESERVED, JobState.SENDING, JobState.ACCEPTED)


class Tally:
    """A batch in numbers, kept up to date by the events of a run.

    ``counts``: jobs by state. ``spent``, ``booked``: credits. ``errors``: the last ones.
    ``pause``: why nothing is sent at the moment. ``stop``: why nothing more is sent.
    ``lost_files``: the first downloads that failed. ``over_budget``: whether the budget ended the run.
    """

    def __init__(self) -> None:
        self.counts: Counter[JobState] = Counter()
        self.spent = self.booked = 0.0
        self.budget: float | None = None
        self.errors: tuple[str, ...] = ()
        self.pause = self.stop = ""
        self.lost_files: list[str] = []
        self.over_budget = self._waits_for_credits = False
        # Of the jobs that this run deals with now.
        self._states: dict[str, JobState] = {}
        self._bookings: dict[str, float] = {}

    def set(self, summary: Summary) -> None:
        """Take the numbers of the ledger."""
        self.counts = Counter(summary.counts)
        self.spent, self.booked = summary.spent, summary.committed - summary.spent
        self.budget = summary.budget

    def end(self, reason: str) -> None:
        """Say why nothing more is sent."""
        self.stop = reason

    @property
    def ended(self) -> int:
        """Jobs that need nothing more from this run."""
        return self.counts.total() - sum(self.counts[state] for state in _OPEN)

    def lines(self) -> Iterator[str]:
        """Yield the jobs by state, and the credits."""
        left = "" if self.budget is None else f", {amount(max(0.0, self.budget - self.spent - self.booked))} left"
        yield ", ".join(f"{self.counts[state]:,} {state}" for state in JobState if self.counts[state] > 0) or "no jobs"
        yield f"credits: {amount(self.spent)} spent, {amount(self.booked)} booked{left}"

    def add(self, event: Event) -> str:
        """Count an event. Return what there is to say about it, or empty text."""
        match event:
            case events.Started(summary=summary):
                self.set(summary)
            case events.Reserved(estimate=estimate):
                self._move(event, JobState.RESERVED)
                self._book(event, estimate)
            case events.Submitted(estimate=estimate):
                self._move(event, JobState.ACCEPTED)
                self._book(event, estimate)
                self.pause = ""
            case events.Resumed():
                self._states[event.key] = JobState.ACCEPTED
            case events.Released():
                self._move(event, JobState.PLANNED)
                self._book(event, 0.0)
            case events.Refused(reason=reason, will_retry="now"):
                self._move(event, JobState.PLANNED)
                self._book(event, 0.0)
            case events.Refused(reason=reason):
                self._move(event, JobState.REFUSED)
                self._book(event, 0.0)
                return self._error(event, f"refused: {reason}")
            case events.Ambiguous(reason=reason):
                self._move(event, JobState.AMBIGUOUS)
                self._bookings.pop(event.key, None)  # it stays booked
                return self._error(event, f"ambiguous: {reason}")
            case events.Finished(estimate=estimate, credits=credits):
                self._end(event, JobState.FINISHED, estimate, credits)
                return f"{label(event)}: finished{'' if credits is None else f', {amount(credits)} credits'}"
            case events.Failed(estimate=estimate, credits=credits, state=state, reason=reason):
                self._end(event, JobState(state), estimate, credits)
                return self._error(event, f"{state}: {reason}")
            case events.Unfinished(reason=reason):
                return self._error(event, f"not finished: {reason}")
            case events.DownloadFailed(reason=reason):
                text = self._error(event, f"not downloaded: {reason}")
                if len(self.lost_files) < _MAX_FILES:
                    self.lost_files.append(text)
                return text
            case events.Paused(seconds=seconds, reason=reason, limit=limit):
                self.pause = f"Nothing is sent for {seconds:.0f} s, then up to {limit} at a time: {reason}"
                return self.pause
            case events.BudgetReached(left=left, estimate=estimate, waits=waits):
                self.over_budget = not waits
                known, self._waits_for_credits = self._waits_for_credits, waits
                if known or not waits:
                    return ""
                text = f"{amount(left)} credits are left, and the next job costs {amount(estimate)}"
                self.pause = f"{text}; waiting for running jobs, which may cost less"
                return self.pause
            case events.Stopped(reason=reason):
                self.stop = f"Nothing more is sent: {reason}"
                return self.stop
            case _:
                pass
        return ""

    def _error(self, event: JobEvent, text: str) -> str:
        text = f"{label(event)}: {text}"
        self.errors = (*self.errors, text)[-_MAX_ERRORS:]
        return text

    def _move(self, event: JobEvent, now: JobState) -> None:
        before = JobState.PLANNED if now is JobState.RESERVED else JobState.RESERVED
        self.counts[self._states.pop(event.key, before)] -= 1
        self.counts[now] += 1
        if now in _OPEN:
            self._states[event.key] = now

    def _book(self, event: JobEvent, credits: float) -> None:
        self.booked += credits - self._bookings.pop(event.key, 0.0)
        if credits:
            self._bookings[event.key] = credits

    def _end(self, event: JobEvent, now: JobState, estimate: float, credits: float | None) -> None:
        self._move(event, now)
        booked = self._bookings.pop(event.key, estimate)
        self.booked -= booked
        self.spent += booked if credits is None else credits


@contextmanager
def shown(
    console: Console, tally: Tally, batch: Reader, *, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[Event], None]]:
    """Show the progress of a run: yields its ``on_event``.

    Args:
        console: Where to.
        tally: Is kept up to date.
        batch: What is run. Other processes may run it, too, so its numbers are looked up now and then.
        clock: Replaces ``time.monotonic``.
    """
    refreshed = printed = clock()

    def add(event: Event) -> str:
        nonlocal refreshed
        text = tally.add(event)
        if clock() - refreshed >= REFRESH:
            tally.set(batch.summary())
            refreshed = clock()
        return text

    if console.shows_bars:
        with _batch_bar(tally) as bar:
            task = bar.add_task(one_line(batch.batch), total=None)

            def move(event: Event) -> None:
                add(event)
                bar.update(task, total=tally.counts.total(), completed=tally.ended)

            yield move
            tally.set(batch.summary())
            bar.update(task, total=tally.counts.total(), completed=tally.ended)
        return

    def print_lines(event: Event) -> None:
        nonlocal printed
        text = add(event)
        if text:
            console.note(text)
        if isinstance(event, events.Started) or clock() - printed >= INTERVAL:
            printed = clock()
            console.note("; ".join(tally.lines()))

    yield print_lines


def _batch_bar(tally: Tally) -> Progress:
    from rich import console, progress
    from rich.table import Column
    from rich.text import Text

    class BatchBar(progress.Progress):
        def get_renderables(self) -> Iterable[RenderableType]:
            yield self.make_tasks_table(self.tasks)
            for line in filter(None, (*tally.lines(), *tally.errors, tally.pause, tally.stop)):
                yield Text(f"  {one_line(line)}", no_wrap=True, overflow="ellipsis")

    return BatchBar(
        progress.SpinnerColumn(finished_text=" "),
        progress.TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True)),
        progress.BarColumn(bar_width=24),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
        progress.TextColumn("ETA", markup=False),
        progress.TimeRemainingColumn(),
        console=console.Console(stderr=True),
        speed_estimate_period=3600.0,  # jobs take minutes
    )
