"""A batch as Celery tasks: each clip is paid at most once, however often its task is delivered.

    export VIMMERSE_API_KEY=... CELERY_BROKER_URL=redis://...
    export LEDGER_URL=postgresql://user:password@host/name BUDGET=5000
    celery -A celery_tasks worker --concurrency 8      # on any number of machines
    python celery_tasks.py clips.jsonl                 # a task for each line: {"key": "boat", "prompt": "A paper boat"}

Celery delivers a task at least once: if a worker dies, another gets its task again. The ledger, in a database that all
workers share, knows whether the clip was paid. Running the second command again is safe, too.
"""

from __future__ import annotations

import json
import os
import sys
from functools import cache, partial
from typing import Any

from celery import Celery, Task
from vimmerse.batch import AlreadyPaidError, Ledger, State
from vimmerse.jobs import JobCancelledError, JobFailedError, JobTimeoutError
from vimmerse.v2 import Vimmerse

app = Celery("clips", broker=os.environ["CELERY_BROKER_URL"])
app.conf.update(
    task_acks_late=True,  # a task whose worker dies is delivered again,
    task_reject_on_worker_lost=True,  # also if only the child process dies
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
)


@cache
def ledger() -> Ledger:
    ledger = Ledger(os.environ["LEDGER_URL"], batch="clips", budget=float(os.environ["BUDGET"]))
    ledger.recover()  # what a worker that died was sending is ambiguous now
    return ledger


@cache
def client() -> Vimmerse:
    return Vimmerse()


# No autoretry_for: it would repeat calls that may have been carried out, too.
@app.task(name="make_clip", bind=True, max_retries=None)
def make_clip(self: Task, key: str, body: dict[str, Any]) -> None:
    """Create a media, unless the ledger knows that this was done."""
    try:
        with ledger().paid(key, body, operation="POST /v2/media") as attempt:
            attempt.accepted(client().media.create(**body).id)
    except AlreadyPaidError:
        pass  # by an earlier delivery of this task: only wait for it
    except Exception as error:
        job = ledger().get(key)
        if job is not None and job.transient:  # refused for the time being (429, no connection): surely not created
            raise self.retry(countdown=getattr(error, "retry_after", None) or 30) from error
        raise  # Celery logs it, and the ledger has it: ambiguous rows, and those beyond the budget, stay as they are
    app.send_task("finish_clip", [key])


@app.task(name="finish_clip", bind=True, max_retries=None)
def finish_clip(self: Task, key: str) -> None:
    """Look the media up once, at no cost, and record how it ended. Between two looks, the worker is free."""
    job = ledger().get(key)
    if job is None or job.state is not State.ACCEPTED:
        return
    end = partial(ledger().end, key, attempt=job.attempts)  # the job may have been retried meanwhile
    try:
        media = client().wait(job.job_id, kind="media", timeout=0)
    except JobTimeoutError as error:  # it is still running
        raise self.retry(countdown=15) from error
    except JobFailedError as error:
        end(State.FAILED, status=error.status, error=str(error))
    except JobCancelledError as error:
        end(State.CANCELLED, status=error.status, error=str(error))
    else:
        client().download(media, f"{key}.mp4", overwrite=True)
        end(State.FINISHED, status=str(media.processing_status))


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            app.send_task("make_clip", [row.pop("key"), row])
