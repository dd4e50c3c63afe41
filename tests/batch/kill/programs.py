"""Programs that are killed, and started again until they end. Each gets the task of ``child.py``.

``location``: of the ledger. ``client``: arguments of the client. ``folder``: for downloads. ``rows``: keys with the
operation and the body of their calls. ``budget``: in credits.
"""

from __future__ import annotations

import asyncio
import os
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from vimmerse.batch import AlreadyPaidError, AmbiguousError, AsyncBatch, Batch, BudgetError, Ledger, PlannedJob, State
from vimmerse.pricing import estimate_call
from vimmerse.v2 import AsyncVimmerse, Vimmerse

from tests.batch.concurrency.workers import WORKERS

MEDIA = "POST /v2/media"
IDEA = "POST /v2/story/idea-2-video"

Task = dict[str, Any]


def planned_jobs(task: Task) -> list[PlannedJob]:
    return [
        PlannedJob(key=key, body=body, operation=operation, estimate=estimate_call(operation, body).credits)
        for key, (operation, body) in task["rows"].items()
    ]


def _create(client: Vimmerse, operation: str, body: dict[str, Any]) -> str:
    created = client.media.create(**body) if operation == MEDIA else client.stories.create(**body)
    return str(created.id)


def _end_all(client: Vimmerse, ledger: Ledger) -> None:
    for job in ledger.jobs(State.ACCEPTED):
        read = client.media.get if job.operation == MEDIA else client.stories.get
        used = getattr(read(job.job_id), "used_credits", None)  # a media has none
        ledger.end(job.key, State.FINISHED, used_credits=used or None)


def paid(task: Task) -> None:
    """``Ledger.paid`` around each call, as in the documentation."""
    with Ledger(task["location"], budget=task["budget"]) as ledger, Vimmerse(**task["client"]) as client:
        ledger.recover()
        for key, (operation, body) in task["rows"].items():
            try:
                with ledger.paid(key, body, operation=operation) as attempt:
                    attempt.accepted(_create(client, operation, body))
            except (AlreadyPaidError, AmbiguousError, BudgetError):
                continue
        _end_all(client, ledger)


def taken(task: Task) -> None:
    """The parts of ``paid``, one by one: everything is planned, then one job after the other is taken."""
    with Ledger(task["location"], budget=task["budget"]) as ledger, Vimmerse(**task["client"]) as client:
        ledger.plan(planned_jobs(task))
        ledger.recover()
        while job := ledger.take():
            attempt = ledger.begin(job.key)
            attempt.accepted(_create(client, job.operation, dict(job.body)))
        _end_all(client, ledger)


def _listed(task: Task) -> list[dict[str, Any]]:
    return [{"key": key, **body} for key, (_, body) in task["rows"].items()]


def run(task: Task) -> None:
    """``Batch.run`` with downloads, in its threads."""
    with Ledger(task["location"], budget=task["budget"]) as ledger, Vimmerse(**task["client"]) as client:
        Batch(client, ledger, concurrency=2, download=task["folder"], interval=0.01).run(_listed(task))


def run_async(task: Task) -> None:
    """The same on asyncio."""

    async def main() -> None:
        with Ledger(task["location"], budget=task["budget"]) as ledger:
            async with AsyncVimmerse(**task["client"]) as client:
                await AsyncBatch(client, ledger, concurrency=2, download=task["folder"], interval=0.01).run(
                    _listed(task)
                )

    asyncio.run(main())


# Operations of the ledger alone, on jobs in all states

_FIRST = [PlannedJob(key=state, body={"prompt": state}, estimate=10) for state in State]
_SECOND = [PlannedJob(key=f"{state} 2", body={"prompt": state}, estimate=15) for state in State]


def prepare(task: Task) -> None:
    """Two jobs in each state, as processes leave them that have ended."""
    with Ledger(task["location"]) as ledger:
        ledger.plan([*_FIRST, *_SECOND])
        for job in (*_FIRST, *_SECOND):
            state = State(job.key.partition(" ")[0])
            if state is State.PLANNED:
                continue
            ledger.reserve(job.key)
            if state is State.RESERVED:
                continue
            attempt = ledger.begin(job.key)
            if state is State.AMBIGUOUS:
                attempt.settle(TimeoutError())
            elif state is State.REFUSED:
                attempt.refused("no", transient=job in _SECOND)
            elif state is not State.SENDING:
                attempt.accepted(f"id of {job.key}")
            if state in (State.FINISHED, State.FAILED, State.CANCELLED):
                ledger.end(job.key, state, used_credits=12)


def create(ledger: Ledger) -> None:
    """Opening it is all."""


def plan(ledger: Ledger) -> None:
    ledger.plan(PlannedJob(key=f"new {number}", body={"prompt": "new"}, estimate=1) for number in range(1200))


def replace(ledger: Ledger) -> None:
    """Give all jobs that were not paid another body and price."""
    unpaid = [f"{state}{end}" for state in (State.PLANNED, State.RESERVED, State.REFUSED) for end in ("", " 2")]
    jobs = [PlannedJob(key=key, body={"prompt": "other"}, estimate=11) for key in unpaid]
    ledger.plan([*jobs, *(PlannedJob(key=f"new {n}", body={}, estimate=1) for n in range(600))], replace_unpaid=True)


def recover(ledger: Ledger) -> None:
    ledger.recover()


def resolve(ledger: Ledger) -> None:
    for key, job_id in ((State.AMBIGUOUS, "resolved"), (f"{State.AMBIGUOUS} 2", "")):
        job = ledger.get(key)
        assert job is not None
        if job.state is State.AMBIGUOUS:
            ledger.resolve(key, job_id=job_id, not_created=not job_id)


def receive(ledger: Ledger) -> None:
    """A webhook of a job that is ambiguous, and of one that is being sent."""
    for key in (State.AMBIGUOUS, State.SENDING):
        job = ledger.get(key)
        assert job is not None
        ledger.resolve_token(f"{job.token}.{job.attempts}", f"received {key}")


def retry(ledger: Ledger) -> None:
    ledger.retry(State.FAILED, State.CANCELLED, State.REFUSED)


def end(ledger: Ledger) -> None:
    ledger.end(State.ACCEPTED, State.FINISHED, used_credits=8, result=["https://example.com/a.mp4"])
    ledger.end(f"{State.ACCEPTED} 2", State.FAILED)


def add_file(ledger: Ledger) -> None:
    ledger.add_file(State.FINISHED, "a.mp4")


def upload(ledger: Ledger) -> None:
    ledger.add_upload("0" * 64, "https://example.com/a.png")


def unreserve(ledger: Ledger) -> None:
    ledger.unreserve(State.RESERVED)


OPERATIONS: dict[str, Callable[[Ledger], None]] = {
    function.__name__: function
    for function in (create, plan, replace, recover, resolve, receive, retry, end, add_file, upload, unreserve)
}


def operate(task: Task) -> None:
    with Ledger(task["location"], budget=1000) as ledger:
        OPERATIONS[task["operation"]](ledger)


# Many workers on one ledger


def compete(task: Task) -> None:
    """Run a function of ``workers.py`` in forked processes, each with several threads, on the same ledger."""
    children = []
    for process in range(task["processes"]):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                _compete(task, process)
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * len(children), "see standard error"


def _compete(task: Task, process: int) -> None:
    worker = WORKERS[task["worker"]]
    numbers = [process * task["threads"] + thread for thread in range(task["threads"])]
    with Ledger(task["location"], batch=task["batch"]) as ledger, ThreadPoolExecutor(len(numbers)) as threads:
        for done in [threads.submit(worker, ledger, task, number) for number in numbers]:
            done.result()


PROGRAMS: dict[str, Callable[[Task], None]] = {
    function.__name__: function for function in (paid, taken, run, run_async, prepare, operate, compete)
}
