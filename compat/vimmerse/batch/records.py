"""What goes into the ledger and what comes out of it, as plain values."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from vimmerse.batch.states import State

#: The end of a webhook's address: the secret of the job, and which attempt it is about.
WEBHOOK_TOKEN = re.compile(r"([A-Za-z0-9_-]{1,64})\.([0-9]{1,9})")

#: No job costs more credits. A service that says so is not believed: sums of such numbers overflow, or lose digits.
MAX_CREDITS = 1e12


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedJob:
    """A job to put into the ledger.

    ``key``: names the job in its batch, for ever.
    ``body``: the JSON body of the call, as a dict.
    ``operation``: the call by its template, such as ``POST /v2/media``; empty for code of your own.
    ``estimate``: its price in credits; 0 is what the operation costs by its fields, if that is known.
    ``number``: its place in the batch, from 1; 0 puts it at the end. ``place``: where it comes from: ``clips.csv:17``.
    ``images``: local files that the body needs, as (field, path, SHA-256).
    """

    key: str
    body: Mapping[str, Any]
    operation: str = ""
    estimate: float = 0.0
    number: int = 0
    place: str = ""
    images: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """A job as it is in the ledger.

    ``key``, ``batch``, ``number``, ``place``, ``operation``, ``body``, ``images``, ``estimate``: as planned.
    ``body_hash``: the SHA-256 of the body. ``token``: the secret of its webhook.
    ``state``: see :class:`State`. ``attempts``: how often it was sent, or was about to be.
    ``booked``: credits that count against the budget for the current attempt. ``spent``: those of ended attempts.
    ``job_id``: the story's or media's id, or empty. ``earlier_ids``: those of earlier attempts.
    ``status``: the service's last word, as the service spells it. ``result``: the URLs of the files.
    ``files``: paths that were downloaded. ``error``: why it was refused, failed or is ambiguous.
    ``transient``: whether a refused job is sent again without being asked (429, no connection).
    ``created_at``, ``reserved_at``, ``sent_at``, ``accepted_at``, ``ended_at``: Unix timestamps, or None.
    ``owner``: the process that has reserved or sent it.
    """

    key: str
    batch: str
    number: int
    place: str
    operation: str
    body: Mapping[str, Any] = field(repr=False)
    body_hash: str = field(repr=False)
    images: tuple[tuple[str, str, str], ...] = ()
    state: State
    attempts: int
    estimate: float
    booked: float
    spent: float
    job_id: str = ""
    earlier_ids: tuple[str, ...] = ()
    token: str = field(default="", repr=False)
    owner: str = ""
    status: str = ""
    result: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    error: str = ""
    transient: bool = False
    created_at: float | None = None
    reserved_at: float | None = None
    sent_at: float | None = None
    accepted_at: float | None = None
    ended_at: float | None = None

    @property
    def credits(self) -> float:
        """What the job counts against the budget, in credits."""
        return self.booked + self.spent


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A batch in numbers.

    ``counts``: jobs by state; states without jobs are missing.
    ``budget``: in credits, or None. ``committed``: what counts against it: bookings and real credits.
    ``spent``: the part of ``committed`` whose jobs have ended. ``planned``: the estimates of what was not sent yet.
    """

    batch: str
    counts: Mapping[State, int]
    budget: float | None
    committed: float
    spent: float
    planned: float

    @property
    def total(self) -> int:
        """The number of jobs."""
        return sum(self.counts.values())

    @property
    def left(self) -> float | None:
        """Credits left of the budget, at least 0, or None."""
        return None if self.budget is None else max(0.0, self.budget - self.committed)

    def count(self, *states: State) -> int:
        """Return the number of jobs in any of these states."""
        return sum(self.counts.get(state, 0) for state in states)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary(Summary):
    """The batch in numbers, after a run.

    ``stop_reason``: why the run has not sent all jobs, as a sentence: the budget, :meth:`Batch.stop`; else empty.
    ``downloaded``: files that this run has saved. ``not_downloaded``: files that it could not save.
    The other arguments are those of :class:`Summary`: ``count(State.PLANNED)`` jobs are left, for about ``planned``
    credits.
    """

    stop_reason: str = ""
    downloaded: int = 0
    not_downloaded: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether every job of the batch is finished, and no download of this run has failed."""
        return self.count(State.FINISHED) == self.total and not self.not_downloaded


class PlanResult(NamedTuple):
    """How many jobs were ``added``, were there already (``known``), or got another body (``replaced``)."""

    added: int
    known: int
    replaced: int = 0


class Recovered(NamedTuple):
    """What processes that have ended left behind: jobs now ``ambiguous``, and jobs now ``planned`` again."""

    ambiguous: int
    planned: int


def canonical(body: object) -> str:
    """Return a body as JSON, equal for equal bodies.

    Raises:
        TypeError, ValueError: it is not a JSON object.
    """
    to_dict = getattr(body, "to_dict", None)
    value = to_dict() if callable(to_dict) else body
    if not isinstance(value, Mapping):
        raise TypeError(f"a body is a dict or a model of vimmerse.v2, not {type(body).__name__}")
    # Read again, so that equal numbers and keys of other types look the same.
    text = json.dumps(dict(value), allow_nan=False)
    return json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))


def body_hash(text: str) -> str:
    """Return the SHA-256 of a body in canonical form."""
    return hashlib.sha256(text.encode()).hexdigest()
