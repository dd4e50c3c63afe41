"""A batch as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vimmerse.batch.states import State as JobState
from vimmerse.cli.commands.check import plural
from vimmerse.cli.console import Console

if TYPE_CHECKING:
    from vimmerse.batch import Reader, Summary


def states_line(summary: Summary) -> str:
    """Return how many jobs there are in each state."""
    counts = [f"{summary.counts[state]:,} {state}" for state in JobState if state in summary.counts]
    return f"{plural(summary.total, 'job')}{': ' if counts else ''}{', '.join(counts)}"


def numbers_line(summary: Summary) -> str:
    """Return the budget, and what has become of it."""
    from vimmerse.batch.overview import amount

    budget = "No budget" if summary.budget is None else f"Budget: {amount(summary.budget)} credits"
    parts = [f"{amount(summary.spent)} spent", f"{amount(summary.committed - summary.spent)} booked"]
    if summary.left is not None:
        parts.append(f"{amount(summary.left)} left")
    if summary.planned:
        parts.append(f"{amount(summary.planned)} more for what was not sent yet")
    return f"{budget}; {', '.join(parts)}"


def document(summary: Summary) -> dict[str, Any]:
    """Return a batch in numbers for ``--json``."""
    return {
        "batch": summary.batch,
        "jobs": summary.total,
        "states": {state.value: summary.counts.get(state, 0) for state in JobState},
        "budget": summary.budget,
        "committed": summary.committed,
        "spent": summary.spent,
        "left": summary.left,
        "planned": summary.planned,
    }


def print_overview(batch: Reader, console: Console) -> dict[str, Any]:
    """Print the states and credits of a batch, and what to do; return the same for ``--json``."""
    from vimmerse.batch.exporting import row_of
    from vimmerse.batch.overview import advice, amount, command, label, overview_of

    overview = overview_of(batch)
    summary = overview.summary
    rows: list[tuple[str, ...]] = [
        (state, f"{summary.counts[state]:,}", amount(overview.credits[state]))
        for state in JobState
        if state in summary.counts
    ]
    rows.append(("all", f"{summary.total:,}", amount(sum(overview.credits.values()))))
    console.print_table(("state", "#jobs", "#credits"), rows)
    console.print(numbers_line(summary))
    result: dict[str, Any] = document(summary) | {"attention": {}}
    for state, jobs in overview.jobs.items():
        lines = list(advice(batch, state, jobs))
        result["attention"][state] = {"advice": lines, "jobs": [row_of(job) for job in jobs]}
        count = max(len(jobs), summary.count(state))
        console.print(f"{plural(count, 'job')} {state}:")
        for job in jobs:
            console.print(f"  {label(job)}: {job.error or 'no reason is known'}")
        if count > len(jobs):
            console.print(f"  and {count - len(jobs):,} more: {command(batch, 'export', 'FILE.csv', '--state', state)}")
        for line in lines:
            console.print(f"  {line}")
    return result
