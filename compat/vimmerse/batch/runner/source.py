"""The jobs of the ledger that a run has to deal with."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from vimmerse.batch.ledger import Ledger
from vimmerse.batch.ledger.owners import is_running, this_process
from vimmerse.batch.records import JobRecord
from vimmerse.batch.runner.names import targets
from vimmerse.batch.states import State


class Source:
    """Each method returns the next job, or None. They read the ledger; one thread at a time may call them.

    ``reserved``: keys of the jobs that this run has reserved, until they are sent or released.
    ``left``: keys of jobs that this run has given up, for the next one: it waited too long, or could not download.
    """

    def __init__(self, ledger: Ledger, directory: Path | None) -> None:
        self.reserved: set[str] = set()
        self.left: set[str] = set()
        self._ledger = ledger
        self._directory = directory
        self._accepted: Iterator[JobRecord] | None = None
        self._finished: Iterator[JobRecord] | None = None

    def accepted(self) -> JobRecord | None:
        """The next job that is on the server, and that nobody waits for."""
        if self._accepted is None:
            self._accepted = self._ledger.jobs(State.ACCEPTED)
        for job in self._accepted:
            if self._is_free(job, job.accepted_at):
                return job
        self._accepted = None  # may be asked again, later
        return None

    def planned(self) -> JobRecord | None:
        """The next job that is to be sent; it is reserved now. Raises ``BudgetError``."""
        job = self._ledger.take()
        if job is not None:
            self.reserved.add(job.key)
        return job

    def finished(self) -> JobRecord | None:
        """The next job of which a file is missing."""
        if self._directory is None:
            return None
        if self._finished is None:
            self._finished = self._ledger.jobs(State.FINISHED)
        for job in self._finished:
            if self._is_free(job, job.ended_at) and missing(job, self._directory):
                return job
        return None

    def _is_free(self, job: JobRecord, since: float | None) -> bool:
        if job.key in self.left:
            return False
        return job.owner == this_process() or not is_running(job.owner, since, time.time())


def missing(job: JobRecord, directory: Path) -> list[int]:
    """Return which files of a job have not been saved in this folder, or were removed from it.

    Of a job of which the service has named no file, the first one is missing.
    """
    if not job.result:
        return [0]
    saved = {path.name for path in map(Path, job.files) if path.parent == directory and path.exists()}
    return [
        index
        for index, url in enumerate(job.result)
        if saved.isdisjoint(path.name for path in targets(directory, job.key, index, url, job.job_id))
    ]
