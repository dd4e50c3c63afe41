"""What a run would cost, and what it would do, before anything is sent or written."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vimmerse.batch.states import PAID, UNPAID
from vimmerse.batch.states import State as JobState
from vimmerse.cli.console import Console
from vimmerse.cli.errors import CommandError
from vimmerse.cli.exit_codes import USAGE

if TYPE_CHECKING:
    from vimmerse.batch import JobRecord, Reader, Row

_MAX_SHOWN = 20


@dataclass
class Price:
    """The price of a table.

    ``groups``: rows and credits by operation and video tool. ``assumptions``: of the estimates.
    ``known``: rows that are in the ledger already, by state.
    ``to_send``, ``due``: how many jobs a run would send, and their credits. ``others``: those in the ledger only.
    ``repeated``: rows with new keys that ask for what was paid under keys that are not in the table.
    ``budget``, ``left``: of the batch, in credits; None without a limit.
    """

    groups: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)
    assumptions: dict[str, None] = field(default_factory=dict)
    known: Counter[JobState] = field(default_factory=Counter)
    to_send: int = 0
    others: int = 0
    repeated: int = 0
    due: float = 0.0
    budget: float | None = None
    left: float | None = None

    @property
    def rows(self) -> int:
        """The rows of the table."""
        return sum(rows for rows, _ in self.groups.values())

    @property
    def credits(self) -> float:
        """The credits of all rows, whether they were sent before or not."""
        return sum(credits for _, credits in self.groups.values())

    @property
    def fits(self) -> bool:
        """Whether the budget covers all of it."""
        return self.left is None or self.due <= self.left

    def document(self) -> dict[str, Any]:
        """Return it for ``--json``."""
        return {
            "rows": self.rows,
            "credits": self.credits,
            "by_tool": [
                {"operation": operation, "video_tool": tool, "rows": rows, "credits": credits}
                for (operation, tool), (rows, credits) in self.groups.items()
            ],
            "assumptions": list(self.assumptions),
            "known": {state.value: count for state, count in self.known.items()},
            "to_send": self.to_send,
            "to_send_credits": self.due,
            "budget": self.budget,
            "left": self.left,
            "fits": self.fits,
        }

    def print(self, console: Console) -> None:
        """Print it as a result."""
        from vimmerse.batch.overview import amount

        lines = [
            (operation, tool, f"{rows:,}", amount(credits))
            for (operation, tool), (rows, credits) in self.groups.items()
        ]
        lines.append(("all", "", f"{self.rows:,}", amount(self.credits)))
        console.print_table(("operation", "video tool", "#rows", "#credits"), lines)
        for assumption in self.assumptions:
            console.print(f"assuming: {assumption}")
        if self.known:
            states = ", ".join(f"{count:,} {state}" for state, count in self.known.items())
            console.print(f"In the ledger already: {states}")
        console.print(self.sentence())

    def sentence(self) -> str:
        """Return what a run would send, and whether the budget covers it."""
        from vimmerse.batch.overview import amount

        others = f" ({self.others:,} of them from the ledger only)" if self.others else ""
        text = f"To send: {self.to_send:,}{others}, for about {amount(self.due)} credits"
        if self.left is None or self.budget is None:
            return f"{text}; no budget"
        budget = f"{amount(self.left)} of the budget of {amount(self.budget)} are left"
        return f"{text}; {budget}" + ("" if self.fits else ", which does not cover all")


def price_of(rows: Iterable[Row], batch: Reader | None, *, replace_unpaid: bool) -> Price:
    """Return the price of rows, in view of what is in the ledger already.

    Args:
        rows: Of a table without errors.
        batch: The batch, if it exists.
        replace_unpaid: Whether jobs that were not paid may get other bodies.

    Raises:
        CommandError: A key is in the ledger with another body. Nothing was changed.
    """
    from vimmerse.batch.records import body_hash, canonical
    from vimmerse.pricing import default, estimate_call

    price = Price()
    there = {job.key: (job.state, job.body_hash, job.operation, _due(job)) for job in batch.jobs()} if batch else {}
    seen: set[str] = set()
    new: Counter[str] = Counter()  # bodies, by their hash
    conflicts: list[str] = []
    for row in rows:
        job = row.planned()
        asked_hash = body_hash(canonical(job.body))
        tool = str(row.body.get("video_tool") or default(job.operation, "video_tool"))
        count, credits = price.groups.get((row.operation, tool), (0, 0.0))
        price.groups[row.operation, tool] = count + 1, credits + job.estimate
        price.assumptions |= dict.fromkeys(estimate_call(job.operation, job.body).assumptions)
        state, known_hash, operation, _ = there.get(row.key, (None, "", "", None))
        if state is None:
            price.to_send += 1
            price.due += job.estimate
            new[asked_hash] += 1
            continue
        price.known[state] += 1
        seen.add(row.key)
        same = known_hash == asked_hash and operation in ("", job.operation)
        if not same and replace_unpaid and state in UNPAID:
            there[row.key] = (JobState.PLANNED, "", "", job.estimate)
        elif not same:
            conflicts.append(f"{row.place} ({row.key}, {state})")
    if conflicts:
        raise CommandError(USAGE, _conflict(conflicts))
    for key, (state, known_hash, _, due) in there.items():
        if key not in seen and state in (*PAID, JobState.AMBIGUOUS):
            price.repeated += new.pop(known_hash, 0)
        if due is not None:
            price.to_send += 1
            price.others += key not in seen
            price.due += due
    return price


def note_copies(rows: Iterable[Row], batches: Iterable[Reader], console: Console) -> None:
    """Say so if rows of a new batch are paid jobs of another one: its table may have been renamed."""
    from vimmerse.batch.records import body_hash, canonical

    for batch in batches:
        paid = {job.body_hash for job in batch.jobs(*PAID, JobState.AMBIGUOUS)}
        count = sum(body_hash(canonical(row.body)) in paid for row in rows) if paid else 0
        if count:
            what = "1 row is a job" if count == 1 else f"{count:,} rows are jobs"
            console.note(
                f"{what} of the batch {batch.batch!r} already, and paid. A table with another name is another batch: "
                f"they are paid again. To go on with that one: --name {shlex.quote(batch.batch)}"
            )


def _due(job: JobRecord) -> float | None:
    """Return what a job costs if a run sends it, or None if no run does."""
    is_due = job.state in (JobState.PLANNED, JobState.RESERVED) or (job.state is JobState.REFUSED and job.transient)
    return job.estimate if is_due else None


def _conflict(conflicts: list[str]) -> str:
    shown = ", ".join(conflicts[:_MAX_SHOWN]) + (", ..." if len(conflicts) > _MAX_SHOWN else "")
    what = "1 row differs" if len(conflicts) == 1 else f"{len(conflicts):,} rows differ"
    return (
        f"{what} from the job with the same key in the ledger: {shown}. Nothing was sent or changed. Give new jobs new "
        "keys; --replace-unpaid changes jobs that were not paid."
    )


def set_budget(price: Price, batch: Reader | None, budget: float | None) -> None:
    """Compute what is left of a budget for what is to be sent."""
    price.budget = budget
    if budget is not None:
        committed = batch.summary().committed if batch else 0.0
        booked = sum(job.booked for job in _reserved(batch))  # the run sends these, too
        price.left = max(0.0, budget - committed + booked)


def _reserved(batch: Reader | None) -> Iterator[JobRecord]:
    return batch.jobs(JobState.RESERVED) if batch else iter(())
