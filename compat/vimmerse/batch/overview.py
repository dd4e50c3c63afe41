"""A batch at a glance: credits by state, and the first of the jobs that need somebody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vimmerse.batch import commands
from vimmerse.batch.records import JobRecord, Summary
from vimmerse.batch.states import State

if TYPE_CHECKING:
    from vimmerse.batch.events import JobEvent
    from vimmerse.batch.ledger import Reader

#: Jobs that are shown of each state that needs somebody.
MAX_SHOWN = 20
#: The states that need somebody, the most urgent one first.
NEED_ATTENTION = (State.AMBIGUOUS, State.REFUSED, State.FAILED, State.CANCELLED)

_MEANINGS = {
    State.AMBIGUOUS: "The service may have created these jobs, so they are not sent again. "
    "Look for them in your account, and say what has happened:",
    State.REFUSED: "The service has not created these jobs, and they cost nothing.",
    State.FAILED: "These jobs have failed on the service. Another attempt is paid again.",
    State.CANCELLED: "These jobs were cancelled on the service. Another attempt is paid again.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A batch at a glance.

    ``summary``: the batch in numbers. ``credits``: what the jobs of each state count against the budget.
    ``jobs``: of each state that needs somebody, the first 20 jobs.
    """

    summary: Summary
    credits: Mapping[State, float]
    jobs: Mapping[State, tuple[JobRecord, ...]]


def overview_of(batch: Reader) -> Overview:
    """Return a batch at a glance. Reads every job once; memory does not grow with them."""
    summary = batch.summary()
    credits = dict.fromkeys(summary.counts, 0.0)
    shown: dict[State, list[JobRecord]] = {}
    for job in batch.jobs():
        credits[job.state] = credits.get(job.state, 0.0) + job.credits
        if job.state in NEED_ATTENTION and len(shown.setdefault(job.state, [])) < MAX_SHOWN:
            shown[job.state].append(job)
    return Overview(
        summary=summary,
        credits=credits,
        jobs={state: tuple(shown[state]) for state in NEED_ATTENTION if state in shown},
    )


def advice(batch: Reader, state: State, jobs: Sequence[JobRecord]) -> Iterator[str]:
    """Yield what the jobs of a state need: what the state means, and the commands.

    ``jobs``: those that are shown. The first one is the example of commands for one job.
    """
    yield _MEANINGS[state]
    if state is State.AMBIGUOUS:
        each = "" if len(jobs) == 1 else ", for each of them"
        yield f"It was created{each}: " + command(batch, "resolve", "--job-id", "ID", row=jobs[0].key)
        yield f"It was not{each}: " + command(batch, "resolve", "--not-created", row=jobs[0].key)
        return
    if state is State.REFUSED:
        yield "A refusal that may pass, such as too many calls, is sent again by the next run."
    yield "To try again: " + command(batch, "retry", f"--{state}") + " and then " + command(batch, "run")


def command(batch: Reader, name: str, *options: str, row: str = "") -> str:
    """Return a command line about a batch. It has nothing of a database's URL, which may contain a password."""
    if name == "run" and batch.summary().budget is None:
        options = (*options, "--budget", "none")
    named = batch.batch if len(batch.batch_names()) > 1 else ""
    return commands.command(name, *options, location=batch.location, batch=named, row=row)


def label(job: JobRecord | JobEvent) -> str:
    """Return how people know a job: its place in the table, and its key."""
    return f"{job.place or f'row {job.number}'} ({job.key})"


def amount(credits: float) -> str:
    """Return a number of credits as text."""
    text = f"{credits:,.2f}"
    return text.rstrip("0").rstrip(".")
