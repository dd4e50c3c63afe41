"""DBOS in this process: its one workflow, the queue of a batch, and what became of other processes.

What DBOS stores are the name of the batch, keys, and pauses. The steps raise nothing that it would store.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from vimmerse.batch.errors import BatchError

try:
    from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID
except ModuleNotFoundError as error:
    raise ImportError("many machines need DBOS: pip install 'vimmerse[dbos]'") from error

# Batches in progress depend on these. A worker leaves the workflows of other versions alone.
_APPLICATION = "vimmerse-batch"
_WORKFLOW = "vimmerse.batch.job"
_VERSION = "1"
_SCHEMA = "vimmerse_dbos"

_LIVE = ["ENQUEUED", "DELAYED", "PENDING"]
# Of each worker: how many of its threads use the database, and the connections of DBOS.
_THREADS = 8
_CONNECTIONS = 4


class Steps(Protocol):
    """The steps of the workflow of a job. They raise nothing but ``CancelledError``, which leaves it to others."""

    async def create(self, key: str) -> float | None:
        """Send the job if it has to be sent.

        Return 0 if it is on the server, or the seconds after which to try again, or None if nothing is left to do.
        """
        ...

    async def complete(self, key: str) -> None:
        """Wait for the job, and download its files."""
        ...


_steps: Steps  # DBOS is one for each process, and so is what its workflow calls
_in_progress: set[asyncio.Task[object]] = set()


@DBOS.workflow(name=_WORKFLOW)
async def _job(batch: str, key: str) -> None:
    """One job. The ledger knows what has become of it, so each step may be repeated, here or elsewhere."""
    steps, task = _steps, asyncio.current_task()
    assert task is not None
    _in_progress.add(task)
    try:
        while pause := await DBOS.run_step_async({"name": "create"}, steps.create, key):
            await DBOS.sleep_async(pause)
        if pause is not None:
            await DBOS.run_step_async({"name": "complete"}, steps.complete, key)
    finally:
        _in_progress.discard(task)


class Engine:
    """DBOS, as long as it runs in this process.

    Args:
        url: The database: ``postgresql://...``.
        schema: The schema of the ledger's tables. DBOS gets one of its own.
        batch: The name of the batch. Each has a queue.
        process: The name of this process.

    Raises:
        BatchError: The process uses DBOS already.
    """

    def __init__(self, url: str, schema: str, batch: str, process: str) -> None:
        self._queue = f"vimmerse/{batch}"
        self._batch = batch
        self._process = process
        config: DBOSConfig = {
            "name": _APPLICATION,
            "system_database_url": url,
            "dbos_system_schema": _SCHEMA if schema == "public" else f"{schema}_{_SCHEMA}",
            "application_version": _VERSION,
            "executor_id": process,
            "sys_db_pool_size": _CONNECTIONS,
            "max_executor_threads": _THREADS,
            "log_level": "ERROR",
        }
        logger = logging.getLogger("dbos")
        if not logger.handlers:  # DBOS would add one that writes to the terminal, or to what stands for it now
            logger.addHandler(logging.NullHandler())
        DBOS(config=config)
        if DBOS.executor_id != process:  # DBOS() has returned the one that was there
            raise BatchError("This process uses DBOS already: run the batch in another one.")
        DBOS.listen_queues([self._queue])

    async def start(self, steps: Steps, concurrency: int | None, default: int, interval: float) -> int:
        """Begin to work on the queue, in this event loop.

        Args:
            steps: The steps of its workflow.
            concurrency: Jobs in progress, on all machines.
            default: The same, if it is None and no other process has set it.
            interval: Seconds between two looks into the queue.

        Returns:
            int: The jobs in progress, at most.
        """
        global _steps
        _steps = steps
        DBOS.launch()
        queue = await DBOS.register_queue_async(
            self._queue,
            global_concurrency=concurrency or default,
            polling_interval_sec=interval,
            on_conflict="always_update" if concurrency else "never_update",
        )
        return await queue.get_global_concurrency_async() or default

    async def stop(self) -> None:
        """Stop DBOS. The workflows in progress here are left to other processes."""
        tasks = [*_in_progress]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(DBOS.destroy)
        # DBOS has replaced the loop's threads by its own, which have ended.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())

    async def enqueue(self, key: str) -> None:
        """Enqueue the workflow of a job, unless it is in the queue."""
        with (
            SetWorkflowID(f"{self._batch}/{key}/{uuid.uuid4()}"),
            SetEnqueueOptions(deduplication_id=key, duplication_policy="return-existing"),
        ):
            await DBOS.enqueue_workflow_async(self._queue, _job, self._batch, key)

    async def is_idle(self) -> bool:
        """Whether no workflow of the batch is in the queue or in progress, on any machine."""
        return not await self._workflows(_LIVE, limit=1)

    async def live_keys(self) -> set[str]:
        """The keys of the jobs whose workflow is in the queue or in progress."""
        prefix = f"{self._batch}/"
        return {name.removeprefix(prefix).rpartition("/")[0] for name, _ in await self._workflows(_LIVE)}

    async def other_processes(self) -> set[str]:
        """The names of the other processes that have workflows in progress, or have had them when they ended."""
        return {process for _, process in await self._workflows(["PENDING"])} - {self._process}

    async def take_over(self, process: str) -> None:
        """Put the workflows of a process that has ended back into the queue."""
        names = [name for name, _ in await self._workflows(["PENDING"], process=process)]
        if names:
            await DBOS.resume_workflows_async(names, queue_name=self._queue)

    async def _workflows(
        self, status: list[str], *, process: str | None = None, limit: int | None = None
    ) -> list[tuple[str, str]]:
        """The names of workflows, and of the processes that run them."""
        found = await DBOS.list_workflows_async(
            queue_name=self._queue,
            status=status,
            executor_id=process,
            limit=limit,
            load_input=False,
            load_output=False,
        )
        return [(workflow.workflow_id, workflow.executor_id or "") for workflow in found]
