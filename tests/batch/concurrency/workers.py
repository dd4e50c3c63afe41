"""What each of many workers does on one ledger. A file has a line for each call that would have been sent.

``task``: ``jobs``, keys with an estimate, and the real credits in the end; ``sends``, the file; ``seed``.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from vimmerse.batch import (
    AlreadyPaidError,
    AmbiguousError,
    Attempt,
    BatchError,
    BudgetError,
    Ledger,
    LedgerError,
    PlannedJob,
    State,
)

Task = dict[str, Any]


def send(task: Task, attempt: Attempt) -> str:
    """Write what would be sent, and return the id of the job that it has created. Lines are written as a whole."""
    descriptor = os.open(task["sends"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(descriptor, f"{attempt.job.key} {attempt.job.attempts}\n".encode())
    finally:
        os.close(descriptor)
    return f"id of {attempt.job.key} {attempt.job.attempts}"


def pay(ledger: Ledger, task: Task, number: int) -> None:
    """Pay for every job that the budget covers, until a round brings none."""
    jobs = [(key, (estimate, used)) for key, (estimate, used) in task["jobs"].items()]
    random.Random(task["seed"] + number).shuffle(jobs)
    progress = True
    while progress:
        progress = False
        for key, (estimate, used) in [*jobs]:
            try:
                with ledger.paid(key, {"prompt": key}, estimate=estimate) as attempt:
                    attempt.accepted(send(task, attempt))
            except BudgetError:
                continue
            except (AlreadyPaidError, AmbiguousError):
                pass
            else:
                ledger.end(key, State.FINISHED, used_credits=used)
                progress = True
            jobs.remove((key, (estimate, used)))


def take(ledger: Ledger, task: Task, number: int) -> None:
    """Take jobs until none is planned."""
    while job := ledger.take():
        with ledger.sending(job.key) as attempt:
            attempt.accepted(send(task, attempt))


def mix(ledger: Ledger, task: Task, number: int) -> None:
    """Everything that may happen to jobs, by chance. Only the database must not complain."""
    chance = random.Random(task["seed"] + number)
    keys = list(task["jobs"])
    steps = _steps(ledger, task, chance)
    for _ in range(task["steps"]):
        try:
            chance.choice(steps)(chance.choice(keys))
        except LedgerError:
            raise
        except (BatchError, TimeoutError):
            pass


def _steps(ledger: Ledger, task: Task, chance: random.Random) -> list[Callable[[str], object]]:
    def plan(key: str) -> None:
        jobs = [PlannedJob(key=key, body={"prompt": key}, estimate=e) for key, (e, _) in task["jobs"].items()]
        chance.shuffle(jobs)
        ledger.plan(jobs)

    def replace(key: str) -> None:
        keys = chance.sample(list(task["jobs"]), 5)
        jobs = [PlannedJob(key=key, body={"prompt": key, "n": chance.random()}, estimate=7) for key in keys]
        ledger.plan(jobs, replace_unpaid=True)

    def attempt(key: str) -> None:
        with ledger.sending(key) as attempt:
            created = send(task, attempt)
            end = chance.randrange(4)
            if end == 0:
                raise TimeoutError
            if end == 1:
                attempt.refused("no", transient=chance.random() < 0.5)
            else:
                attempt.accepted(created)

    def take_next(key: str) -> None:
        if job := ledger.take():
            (attempt if chance.random() < 0.8 else ledger.unreserve)(job.key)

    def resolve(key: str) -> None:
        for job in ledger.jobs(State.AMBIGUOUS):
            with suppress(BatchError):
                ledger.resolve(job.key, job_id=f"id of {job.key} {job.attempts}")

    def end(key: str) -> None:
        ledger.end(key, chance.choice([State.FINISHED, State.FAILED]), used_credits=chance.choice([None, 1, 5]))

    def webhook(key: str) -> None:
        if (job := ledger.get(key)) and job.state is State.SENDING:
            ledger.resolve_token(f"{job.token}.{job.attempts}", f"id of {job.key} {job.attempts}")

    return [
        plan,
        replace,
        *[attempt] * 6,
        *[take_next] * 6,
        *[end] * 4,
        resolve,
        webhook,
        ledger.reserve,
        ledger.unreserve,
        lambda key: ledger.recover(),
        lambda key: ledger.retry(State.FAILED, State.REFUSED),
        lambda key: ledger.summary(),
    ]


WORKERS: dict[str, Callable[[Ledger, Task, int], None]] = {"pay": pay, "take": take, "mix": mix}
