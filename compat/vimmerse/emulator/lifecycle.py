"""When a job ends, and how: transitions, plans and jobs.

Nothing here reads a clock: the store passes the time in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

# The emulator's own names, which the wire modules turn into each version's.
NEW, PROCESSING, SUCCESS, FAILED, CANCELLED = "new", "processing", "success", "failed", "cancelled"


@dataclass(frozen=True, slots=True)
class AfterPolls:
    """The ``count``-th read of the job shows its end; ``AfterPolls(0)`` ends with the creation itself."""

    count: int = 2

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError(f"AfterPolls({self.count}): the number of polls must be 0 or more")


@dataclass(frozen=True, slots=True)
class AfterSeconds:
    """The job ends this many seconds (by the emulator's clock) after it was created."""

    seconds: float

    def __post_init__(self) -> None:
        if not self.seconds >= 0:
            raise ValueError(f"AfterSeconds({self.seconds}): the number of seconds must be 0 or more")


@dataclass(frozen=True, slots=True)
class Never:
    """The job stays as it is until :meth:`Emulator.finish` is called for it."""


Transition = AfterPolls | AfterSeconds | Never
AT_ONCE = AfterPolls(0)
"""The job ends with its creation: the response to that call shows its end."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When one job ends, and how.

    ``outcome`` is its last status: ``success``, ``failed``, ``cancelled``, or any other text, which both versions then
    show as it is. ``on_the_way`` are the statuses before, spread evenly.
    """

    transition: Transition = AfterPolls()
    outcome: str = SUCCESS
    on_the_way: tuple[str, ...] = (NEW, PROCESSING)

    def __post_init__(self) -> None:
        if not self.on_the_way:
            raise ValueError("on_the_way must name at least one status")


@dataclass(slots=True, eq=False)
class GenerationJob:
    """One asynchronous generation: of a media, or of a story and all its media."""

    plan: Plan
    started_at: float
    polls: int = 0
    polls_since_end: int = 0
    final_status: str | None = None
    settled: bool = False  # its results exist and its webhook has been called

    def poll(self) -> None:
        """Count one read by a client."""
        self.polls += 1
        if self.settled:
            self.polls_since_end += 1

    def fraction(self, now: float) -> float:
        """How far the job is, from 0.0 to 1.0; 1.0 means ended."""
        if self.final_status is not None:
            return 1.0
        transition = self.plan.transition
        if isinstance(transition, AfterPolls):
            done, total = float(self.polls), float(transition.count)
        elif isinstance(transition, AfterSeconds):
            done, total = now - self.started_at, transition.seconds
        else:
            # A job that never ends still starts: its first read finds it processing.
            return 0.5 if self.polls else 0.0
        return 1.0 if done >= total else max(0.0, done / total)

    def status(self, now: float) -> str:
        """The status by the emulator's own names."""
        fraction = self.fraction(now)
        if fraction >= 1.0:
            return self.plan.outcome if self.final_status is None else self.final_status
        statuses = self.plan.on_the_way
        return statuses[math.ceil(fraction * (len(statuses) - 1))]
