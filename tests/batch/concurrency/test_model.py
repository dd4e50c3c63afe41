"""The ledger against a model of it: a dict, and what each call does to it in words of Python."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from vimmerse.batch import (
    AlreadyPaidError,
    AmbiguousError,
    Attempt,
    BatchError,
    BudgetError,
    KeyConflictError,
    Ledger,
    PlannedJob,
    State,
)

KEYS = st.sampled_from(["a", "b", "c"])
BODIES = st.sampled_from([1, 2])
CREDITS = st.sampled_from([0, 1, 2.5, 10])
ENDS = st.sampled_from([State.FINISHED, State.FAILED, State.CANCELLED])

UNPAID = {State.PLANNED, State.RESERVED, State.REFUSED}
PAID = {State.ACCEPTED, State.FINISHED, State.FAILED, State.CANCELLED}
_BATCHES = itertools.count()


#: The first is of no known operation. The others' estimates must not be 0: the ledger would price their bodies.
OPERATIONS = {"a": "", "b": "POST /v2/media", "c": "POST /v2/story/idea-2-video"}
KINDS = {"b": "media", "c": "story"}


@dataclass
class Job:
    body: int
    estimate: float
    state: State = State.PLANNED
    attempts: int = 0
    booked: float = 0
    spent: float = 0
    job_id: str = ""
    earlier_ids: tuple[str, ...] = ()
    transient: bool = False
    replaced: int = field(default=0, compare=False)

    def plan_again(self) -> None:
        self.state, self.booked, self.transient = State.PLANNED, 0, False
        self.earlier_ids += (self.job_id,) if self.job_id else ()
        self.job_id = ""

    def accept(self, attempt: int, body: int, job_id: str, estimate: float = 0) -> None:
        """``estimate``: of the attempt, if it may be an earlier one."""
        is_earlier = (attempt, body) != (self.attempts, self.body)
        if job_id == self.job_id:
            return
        if is_earlier or self.state in PAID:
            if job_id not in self.earlier_ids:
                self.earlier_ids += (job_id,)
                self.spent += estimate if is_earlier else 0
            return
        if self.state in UNPAID and job_id in self.earlier_ids:
            return
        if self.state in UNPAID:  # somebody was wrong
            self.booked = self.estimate
        self.state, self.job_id, self.transient = State.ACCEPTED, job_id, False


class LedgerMachine(RuleBasedStateMachine):
    """One batch. Attempts are kept, so that an answer may come late, or after another."""

    ledger: Ledger

    def __init__(self) -> None:
        super().__init__()
        self.ledger = self.ledger.of(f"batch {next(_BATCHES)}")
        self.jobs: dict[str, Job] = {}
        self.budget: float | None = None
        self.attempts: list[Attempt] = []
        self.replaced: list[int] = []  # how often the job had been replaced then, for each attempt
        self.ids = itertools.count(1)

    @property
    def committed(self) -> float:
        return sum(job.booked + job.spent for job in self.jobs.values())

    def fits(self, credits: float) -> bool:
        return self.budget is None or self.committed + credits <= self.budget

    def new_id(self) -> str:
        return f"{self.ledger.batch} {next(self.ids)}"

    # Planning

    @rule(key=KEYS, body=BODIES, estimate=CREDITS, replace=st.booleans())
    def plan(self, key: str, body: int, estimate: float, replace: bool) -> None:
        estimate = estimate if key == "a" else estimate or 1
        job = PlannedJob(key=key, body={"n": body}, operation=OPERATIONS[key], estimate=estimate)
        known = self.jobs.get(key)
        if known and known.body != body and not (replace and known.state in UNPAID):
            with pytest.raises(KeyConflictError):
                self.ledger.plan([PlannedJob(key="other", body={}), job], replace_unpaid=replace)
            return
        result = self.ledger.plan([job], replace_unpaid=replace)
        assert result == (known is None, known is not None and known.body == body, bool(known and known.body != body))
        if known is None:
            self.jobs[key] = Job(body, estimate)
        elif known.body != body:
            known.plan_again()
            known.body, known.estimate = body, estimate
            known.replaced += 1

    @rule(budget=st.sampled_from([None, 5, 20, 100]))
    def set_budget(self, budget: float | None) -> None:
        self.ledger.budget = self.budget = budget

    # Sending

    def expected(self, key: str) -> type[Exception] | None:
        """What sending a job raises."""
        job = self.jobs.get(key)
        if job is None:
            return BatchError
        if job.state in PAID:
            return AlreadyPaidError
        if job.state not in UNPAID:
            return AmbiguousError
        return None if job.state is State.RESERVED or self.fits(job.estimate) else BudgetError

    def book(self, job: Job, state: State) -> None:
        if job.state is not State.RESERVED:
            job.booked = job.estimate
        job.state, job.transient = state, False

    @rule(key=KEYS)
    def reserve(self, key: str) -> None:
        if error := self.expected(key):
            with pytest.raises(error):
                self.ledger.reserve(key)
            return
        self.ledger.reserve(key)
        self.book(self.jobs[key], State.RESERVED)

    @rule()
    def take(self) -> None:
        if State.PLANNED not in {job.state for job in self.jobs.values()}:
            assert self.ledger.take() is None
            return
        refused = taken = None
        try:
            taken = self.ledger.take()
        except BudgetError as error:
            refused = error.key
        job = self.jobs[taken.key if taken else refused or ""]
        assert job.state is State.PLANNED
        assert self.fits(job.estimate) == (taken is not None)
        if taken:
            self.book(job, State.RESERVED)

    @rule(key=KEYS)
    def unreserve(self, key: str) -> None:
        with suppress(BatchError):
            self.ledger.unreserve(key)
        if key in self.jobs and self.jobs[key].state is State.RESERVED:
            self.jobs[key].plan_again()

    @rule(key=KEYS)
    def begin(self, key: str) -> None:
        if error := self.expected(key):
            with pytest.raises(error):
                self.ledger.begin(key)
            return
        attempt = self.ledger.begin(key)
        job = self.jobs[key]
        self.book(job, State.SENDING)
        job.attempts += 1
        self.attempts.append(attempt)
        self.replaced.append(job.replaced)
        assert attempt.job.attempts == job.attempts

    @rule(key=KEYS, state=ENDS, used=st.sampled_from([None, 1, 30]))
    def pay(self, key: str, state: State, used: float | None) -> None:
        """A whole life at once: by chance alone it would be rare."""
        if key not in self.jobs:
            self.plan(key, 1, 10, replace=False)
        if self.jobs[key].state in (State.FAILED, State.CANCELLED):
            self.retry({self.jobs[key].state}, key)
        if self.expected(key) is None:
            self.begin(key)
            self.attempts[-1].accepted(job_id := self.new_id())
            self.jobs[key].accept(self.jobs[key].attempts, self.jobs[key].body, job_id)
            self.end(key, state, used)

    @precondition(lambda self: self.attempts)
    @rule(data=st.data())
    def accepted(self, data: st.DataObject) -> None:
        attempt = data.draw(st.sampled_from(self.attempts), "attempt")
        job_id = attempt.job_id or self.new_id()
        attempt.accepted(job_id)
        job = attempt.job
        self.jobs[job.key].accept(job.attempts, job.body["n"], job_id, job.estimate)

    @precondition(lambda self: self.attempts)
    @rule(data=st.data(), transient=st.booleans())
    def refused(self, data: st.DataObject, transient: bool) -> None:
        attempt = data.draw(st.sampled_from(self.attempts), "attempt")
        attempt.refused("no", transient=transient)
        job = self.jobs[attempt.job.key]
        if job.attempts == attempt.job.attempts and job.state in (State.SENDING, State.AMBIGUOUS):
            job.state, job.booked, job.transient = State.REFUSED, 0, transient

    @precondition(lambda self: self.attempts)
    @rule(data=st.data())
    def unknown(self, data: st.DataObject) -> None:
        attempt = data.draw(st.sampled_from(self.attempts), "attempt")
        is_settled = attempt.is_settled
        attempt.settle(TimeoutError())
        job = self.jobs[attempt.job.key]
        if not is_settled and (job.state, job.attempts) == (State.SENDING, attempt.job.attempts):
            job.state = State.AMBIGUOUS

    # Afterwards

    @rule(key=KEYS, state=ENDS, used=st.sampled_from([None, 0, 1, 30, -1, float("nan")]))
    def end(self, key: str, state: State, used: float | None) -> None:
        job = self.jobs.get(key)
        if job is None:
            with pytest.raises(BatchError):
                self.ledger.end(key, state)
            return
        assert self.ledger.end(key, state, used_credits=used) == (job.state is State.ACCEPTED)
        if job.state is State.ACCEPTED:
            job.spent += used if used is not None and used >= 0 else job.booked
            job.state, job.booked = state, 0

    @rule(states=st.sets(st.sampled_from([State.FAILED, State.CANCELLED, State.REFUSED]), min_size=1), key=KEYS)
    def retry(self, states: set[State], key: str) -> None:
        chosen = [job for name, job in self.jobs.items() if name == key and job.state in states]
        assert self.ledger.retry(*states, keys=[key]) == len(chosen)
        for job in chosen:
            job.plan_again()

    @rule()
    def recover(self) -> None:
        """Nobody has ended: only what was refused for the time being is planned again."""
        refused = [job for job in self.jobs.values() if job.state is State.REFUSED and job.transient]
        assert self.ledger.recover() == (0, len(refused))
        for job in refused:
            job.plan_again()

    @rule(key=KEYS, is_created=st.booleans())
    def resolve(self, key: str, is_created: bool) -> None:
        job, job_id = self.jobs.get(key), self.new_id() if is_created else ""
        if job is None or job.state is not State.AMBIGUOUS:
            with pytest.raises(BatchError):
                self.ledger.resolve(key, job_id=job_id, not_created=not is_created)
        else:
            self.ledger.resolve(key, job_id=job_id, not_created=not is_created)
        for one in self.jobs.values():  # it recovers before
            if one.state is State.REFUSED and one.transient:
                one.plan_again()
        if job and job.state is State.AMBIGUOUS:
            if is_created:
                job.accept(job.attempts, job.body, job_id)
            else:
                job.state, job.booked, job.transient = State.REFUSED, 0, True

    @precondition(lambda self: self.attempts)
    @rule(data=st.data(), kind=st.sampled_from(["media", "story", "unknown"]))
    def webhook(self, data: st.DataObject, kind: str) -> None:
        number = data.draw(st.integers(0, len(self.attempts) - 1), "attempt")
        attempt = self.attempts[number]
        job = self.jobs[attempt.job.key]
        job_id = data.draw(st.sampled_from([attempt.job_id or self.new_id(), self.new_id()]), "id")
        is_known = job_id in {one.job_id for one in self.jobs.values()}
        found = self.ledger.resolve_token(attempt.webhook_url("").strip("/"), job_id, kind=kind)
        assert (found is not None) == (job.replaced == self.replaced[number])
        if found is None or is_known:
            return
        is_last = attempt.job.attempts == job.attempts
        is_open = job.state in (State.SENDING, State.AMBIGUOUS)
        if kind not in ("unknown", KINDS.get(attempt.job.key, kind)) or (is_last and job.state in PAID):
            return
        if (is_last and is_open) or len({*job.earlier_ids, job.job_id} - {""}) < job.attempts - is_open:
            job.accept(attempt.job.attempts, job.body, job_id, attempt.job.estimate)

    # What holds after each step

    @invariant()
    def both_agree(self) -> None:
        found = {
            job.key: Job(
                job.body["n"],
                job.estimate,
                job.state,
                job.attempts,
                job.booked,
                job.spent,
                job.job_id,
                job.earlier_ids,
                job.transient,
            )
            for job in self.ledger.jobs()
        }
        assert found == self.jobs
        summary = self.ledger.summary()
        assert (summary.committed, summary.budget) == (self.committed, self.budget)
        assert summary.total == len(self.jobs)


def test_the_ledger_does_what_its_model_does(open_ledger: Callable[..., Ledger]) -> None:
    machine = type("Machine", (LedgerMachine,), {"ledger": open_ledger()})
    many = bool(os.environ.get("CI"))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30 if many else 8,
            stateful_step_count=40 if many else 30,
            phases=[Phase.generate],  # to shorten a failing example would take minutes
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
