"""Which row of a batch does what next. It does no I/O: ``vimmerse.jobs.loop`` performs its tasks.

Rules:

* A job that is being sent, or is on the server, counts against the limit. So does a row that is about to be sent.
* Jobs that earlier runs have left on the server come first, then the planned ones, in their order.
* The first job that the budget doesn't cover ends the submissions, unless a running one may give credits back: later
  jobs that would fit don't overtake it.
* What is wrong with one row ends that row. What every other row would meet, too, ends the submissions: the key, the
  balance, no connection for a long time, several calls in a row without an answer.
* When no row is left, jobs whose id became known meanwhile are waited for, and files that are missing are downloaded.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeAlias

from vimmerse.batch import events
from vimmerse.batch.errors import BudgetError
from vimmerse.batch.events import Event
from vimmerse.batch.records import JobRecord
from vimmerse.batch.runner.limit import AdaptiveLimit
from vimmerse.batch.runner.rows import Context, RowFlow, named, row_flow
from vimmerse.batch.runner.source import Source
from vimmerse.batch.runner.steps import Call, Download, Refuse, Step, Submit, Upload, Verdict
from vimmerse.batch.states import State
from vimmerse.jobs.many import Lookup, Outcome, Waits
from vimmerse.jobs.polling import JobRef

#: Calls in a row without an answer that end the submissions: each of them is a job for its owner to look for.
MAX_UNANSWERED = 5
#: Uploads at a time, and downloads at a time.
MAX_FILES = 8

Stage: TypeAlias = Literal["new", "busy", "ended"]


@dataclass(slots=True, eq=False)
class Row:
    """A row that is being dealt with.

    ``stage``: ``new`` until it is sent, ``busy`` while it is sent or on the server, then ``ended``.
    ``step``: what its flow waits for. ``is_performed``: whether that is in progress.
    ``begun``: what :meth:`AdaptiveLimit.begin` returned for it.
    """

    job: JobRecord
    flow: RowFlow
    stage: Stage
    step: Step | JobRef | None = None
    is_performed: bool = False
    begun: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Phase:
    """Where jobs come from. ``waits``: whether all rows have to end first. ``sends``: whether its jobs are sent."""

    take: Callable[[], JobRecord | None]
    waits: bool = False
    sends: bool = False


@dataclass(frozen=True, slots=True)
class Take:
    """Task: take the next job of a phase."""

    phase: Phase


@dataclass(frozen=True, slots=True)
class RowTask:
    """Task: perform the step of a row."""

    row: Row
    step: Step


Task: TypeAlias = Take | RowTask | Lookup
#: What is performed to its end, also if the run is stopped: it changes the ledger.
TO_THE_END = (Take, Submit, Call, Refuse)


class Scheduler:
    """The work of a run, see :class:`vimmerse.jobs.loop.Work`.

    ``stop_reason``: why no job is submitted any more, or empty. ``stop_error``: the exception behind that, or None.
    ``patience``: seconds of refusals in a row, for the time being, after which the submissions end.
    """

    def __init__(
        self, source: Source, waits: Waits, limit: AdaptiveLimit, context: Context, *, patience: float
    ) -> None:
        self.concurrency = waits.concurrency
        self.stop_reason = ""
        self.stop_error: Exception | None = None
        self._source = source
        self._waits = waits
        self._limit = limit
        self._context = context
        self._patience = patience
        self._phases = deque(
            [
                Phase(source.accepted),
                Phase(source.planned, sends=True),
                Phase(source.accepted, waits=True),
                Phase(source.finished, waits=True),
            ]
        )
        self._has_begun = False  # the first of the phases
        self._rows: set[Row] = set()
        self._stages: Counter[Stage] = Counter()
        self._waiting: dict[int, Row] = {}  # by the index of the wait
        self._ready: deque[RowTask] = deque()
        self._outgoing: deque[RowTask] = deque()  # uploads and submissions, which a pause holds up
        self._downloads: deque[RowTask] = deque()
        self._uploading: dict[str, list[RowTask]] = {}  # by content; the others wait until it is uploaded
        self._in_progress: Counter[type[Take | Step]] = Counter()
        self._is_paused = False  # and nothing else held up the next submission
        self._unanswered = 0
        self._over_budget: tuple[str, bool] | None = None  # until a job has ended: which one, and whether it waits
        self._abandon_requested = False
        self._is_abandoned = False

    def abandon(self) -> None:
        """End the run as soon as what is being sent is recorded. May be called in a signal handler."""
        self._abandon_requested = True

    # What the loop asks

    @property
    def running(self) -> int:
        return self._waits.running + self._in_progress.total()

    def unfinished(self) -> bool:
        self._abandon_if_requested()
        if self._is_abandoned:
            return bool(self._ready) or any(self._in_progress[kind] for kind in TO_THE_END)
        return bool(self._rows or self._phases)

    def delay(self) -> float:
        timeout = self.timeout()
        return float("inf") if timeout is None else timeout

    def timeout(self) -> float | None:
        times = [] if self._is_abandoned else [self._waits.timeout()]
        if self._is_paused:
            times.append(self._limit.delay())
        return min((time for time in times if time is not None), default=None)

    def note(self) -> str:
        count = self._stages["busy"]
        running = f"{count} of its jobs are on the server. " if count else ""
        return f"The batch was interrupted. {running}Run it again to go on; nothing is sent or paid twice."

    def next_task(self) -> Task | None:
        self._abandon_if_requested()
        if not self._is_abandoned and (lookup := self._waits.next_task()):
            return lookup
        task = self._next_of_rows()
        if task is not None:
            self._in_progress[_kind(task)] += 1
        if isinstance(task, RowTask):
            task.row.is_performed = True
        return task

    def _next_of_rows(self) -> Take | RowTask | None:
        self._is_paused = False
        if self._ready:
            return self._ready.popleft()
        if self._is_abandoned:
            return None
        if self._downloads and self._in_progress[Download] < MAX_FILES:
            return self._downloads.popleft()
        while self._outgoing:
            task = self._outgoing[0]
            if isinstance(task.step, Upload) and task.step.sha256 in self._uploading:
                self._uploading[task.step.sha256].append(self._outgoing.popleft())
                continue
            return self._outgoing.popleft() if self._starts(task) else None
        if self._may_take():
            self._has_begun = True
            return Take(self._phases[0])
        return None

    def _starts(self, task: RowTask) -> bool:
        step = task.step
        if self._stages["busy"] >= self._limit.size if isinstance(step, Submit) else len(self._uploading) >= MAX_FILES:
            return False
        self._is_paused = self._limit.delay() > 0
        if self._is_paused:
            return False
        task.row.begun = self._limit.begin()
        if isinstance(step, Submit):
            self._move(task.row, "busy")
        if isinstance(step, Upload):
            self._uploading[step.sha256] = []
        return True

    def _may_take(self) -> bool:
        if not self._phases or self._in_progress[Take] or len(self._downloads) >= MAX_FILES:
            return False
        phase = self._phases[0]
        if phase.waits and not self._has_begun:
            return not self._rows
        if self._stages["new"] + self._stages["busy"] >= self._limit.size:
            return False
        if not phase.sends:
            return True
        if self._over_budget is not None:
            return False
        self._is_paused = self._limit.delay() > 0
        return not self._is_paused

    # What becomes of a task

    def finish_task(self, task: Task, result: object) -> Iterator[Event]:
        if isinstance(task, Lookup):
            yield from self._finish_lookup(task, result)
            return
        self._in_progress[_kind(task)] -= 1
        if isinstance(task, Take):
            yield from self._finish_take(task, result)
            return
        row, step = task.row, task.step
        row.is_performed = False
        if isinstance(step, Upload):
            for other in self._uploading.pop(step.sha256, ()):
                yield from self._queue(other)
        if isinstance(step, Submit | Refuse):
            self._source.reserved.discard(row.job.key)
        if row.step is not step:
            return  # it was abandoned
        if isinstance(step, Call):
            self._move(row, "ended")  # only now its credits are given back
        if isinstance(result, Verdict):
            yield from self._judge(row, step, result)
        yield from self._advance(row, result)

    def _finish_lookup(self, lookup: Lookup, result: object) -> Iterator[Event]:
        for event in self._waits.finish_task(lookup, result):
            row = self._waiting.get(lookup.index)
            if isinstance(event, Outcome):
                del self._waits.unreported[lookup.index]
                if row is not None:
                    del self._waiting[lookup.index]
                    yield from self._advance(row, event)
            elif row is not None:
                yield events.Progressed(**named(row.job), progress=event)

    def _finish_take(self, task: Take, result: object) -> Iterator[Event]:
        if isinstance(result, BudgetError):
            yield from self._pass_budget(result)
        elif isinstance(result, Exception):
            raise result
        elif isinstance(result, JobRecord):
            stage: Stage = "new" if result.state is State.RESERVED else "busy"
            row = Row(result, row_flow(result, self._context), "ended" if result.state is State.FINISHED else stage)
            self._rows.add(row)
            self._stages[row.stage] += 1
            yield from self._advance(row, None)
        elif self._phases and self._phases[0] is task.phase:
            self._phases.popleft()
            self._has_begun = False

    def _judge(self, row: Row, step: Step, verdict: Verdict) -> Iterator[Event]:
        """Draw the conclusions for all rows from what became of an upload or a submission."""
        if isinstance(step, Submit):
            stages: dict[str, Stage] = {"accepted": "busy", "again": "new"}
            self._move(row, stages.get(verdict.end, "ended"))
            if verdict.end in ("accepted", "refused"):
                self._unanswered = 0
        if verdict.end == "accepted" and isinstance(step, Submit):
            self._limit.accepted()
        elif verdict.end in ("accepted", "refused"):
            self._limit.answered()
        elif verdict.end == "budget" and isinstance(verdict.error, BudgetError):
            yield from self._pass_budget(verdict.error)
        elif verdict.end == "stop":
            yield from self._stop(f"The service refuses all jobs: {verdict.reason}.", verdict.error)
        elif verdict.end in ("again", "ambiguous"):
            pause = self._limit.refused(row.begun, verdict.retry_after, too_many=verdict.is_too_many)
            yield events.Paused(seconds=pause, reason=verdict.reason, limit=self._limit.size)
            self._unanswered += verdict.end == "ambiguous"
            if self._unanswered >= MAX_UNANSWERED:
                text = f"{self._unanswered} calls in a row got no answer, the last one: {verdict.reason}."
                yield from self._stop(text, verdict.error)
            elif verdict.end == "again" and self._limit.outage() >= self._patience:
                text = f"For {self._limit.outage():.0f} s the service has accepted no job: {verdict.reason}."
                yield from self._stop(text, verdict.error)

    def _pass_budget(self, error: BudgetError) -> Iterator[Event]:
        waits = self._stages["new"] + self._stages["busy"] > 0
        known, self._over_budget = self._over_budget, (error.key, waits)
        if known != self._over_budget:
            yield events.BudgetReached(key=error.key, estimate=error.estimate, left=error.left, waits=waits)
        if not waits:
            yield from self._stop(error.message, None)

    def _stop(self, reason: str, error: Exception | None) -> Iterator[Event]:
        """Submit no other job."""
        if self.stop_reason:
            return
        self.stop_reason, self.stop_error, self._context.is_stopped = reason, error, True
        self._phases = deque(phase for phase in self._phases if not phase.sends)
        yield events.Stopped(reason=reason)
        tasks, self._outgoing = self._outgoing, deque()
        for task in tasks:
            yield from self._drop(task.row)

    # Rows

    def _advance(self, row: Row, result: object) -> Iterator[Event]:
        """Continue a row with the result of its step, up to its next one."""
        try:
            step = row.flow.throw(result) if isinstance(result, Exception) else row.flow.send(result)
            while not isinstance(step, Step | JobRef):
                yield step
                step = next(row.flow)
        except StopIteration:
            self._end(row)
            return
        row.step = step
        if isinstance(step, JobRef) and not self._is_abandoned:
            self._waiting[self._waits.add(step)] = row
        elif isinstance(step, JobRef):
            self._end(row)
        else:
            yield from self._queue(RowTask(row, step))

    def _queue(self, task: RowTask) -> Iterator[Event]:
        step = task.step
        if isinstance(step, Upload | Submit):
            if self._context.is_stopped:
                yield from self._drop(task.row)
            else:
                self._outgoing.append(task)
        elif not isinstance(step, Download):
            self._ready.append(task)
        elif self._is_abandoned:
            yield from self._drop(task.row)
        else:
            self._downloads.append(task)

    def _drop(self, row: Row) -> Iterator[Event]:
        """Deal with a row no more, but release what is reserved for it."""
        row.flow.close()
        if row.job.key in self._source.reserved:
            row.flow = self._release(row.job)
            yield from self._advance(row, None)
        else:
            self._end(row)

    def _release(self, job: JobRecord) -> Generator[Any, Any, None]:
        yield Call(partial(self._context.ledger.unreserve, job.key))
        self._source.reserved.discard(job.key)
        yield events.Released(**named(job), estimate=job.booked)

    def _end(self, row: Row) -> None:
        self._move(row, "ended")
        self._stages["ended"] -= 1
        self._rows.discard(row)
        row.step = None

    def _move(self, row: Row, stage: Stage) -> None:
        self._stages[row.stage] -= 1
        self._stages[stage] += 1
        row.stage = stage
        if stage == "ended":
            self._over_budget = None  # it may have given credits back

    def _abandon_if_requested(self) -> None:
        if not self._abandon_requested or self._is_abandoned:
            return
        self._is_abandoned = self._context.is_stopped = True
        self.stop_reason = self.stop_reason or "The run was stopped."
        for queue in (self._phases, self._outgoing, self._downloads, self._uploading, self._waiting):
            queue.clear()
        kept = {task.row for task in self._ready}
        kept.update(row for row in self._rows if row.is_performed and isinstance(row.step, TO_THE_END))
        for row in self._rows - kept:
            deque(self._drop(row), maxlen=0)  # its first event comes after its next step


def _kind(task: Take | RowTask) -> type[Take | Step]:
    return type(task.step) if isinstance(task, RowTask) else type(task)
