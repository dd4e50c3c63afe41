"""A process that works on a batch: ``python dbos_worker.py`` with settings as JSON in the environment."""

from __future__ import annotations

import asyncio
import json
import os

from vimmerse.batch import BatchStoppedError, DbosBatch, Ledger, PlannedJob, events
from vimmerse.v2 import AsyncVimmerse


async def main() -> None:
    settings = json.loads(os.environ["SETTINGS"])
    rows = settings["rows"]
    jobs = None
    if rows is not None:
        jobs = [PlannedJob(key=key, body={"prompt": key}, operation="POST /v2/media", estimate=50.0) for key in rows]
    with Ledger(settings["database"], batch=settings["batch"]) as ledger:
        async with AsyncVimmerse() as client:
            batch = DbosBatch(client, ledger, interval=0.05, poll=0.05, **settings["options"])

            def show(event: events.Event) -> None:
                if not isinstance(event, events.Progressed):
                    print(type(event).__name__, getattr(event, "key", ""), flush=True)

            try:
                summary = await batch.run(jobs, on_event=show)
            except BatchStoppedError as error:
                summary = error.summary
            print("end", json.dumps({"counts": summary.counts, "reason": summary.stop_reason}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
