"""What one worker does with a job that DBOS gives to it: the rows of the runner, one at a time.

The order of things, the ledger inside of the steps, and the events are those of ``vimmerse.batch.runner``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from vimmerse.batch import events
from vimmerse.batch.errors import AlreadyPaidError, AmbiguousError, BudgetError
from vimmerse.batch.events import Event
from vimmerse.batch.ledger import outcomes
from vimmerse.batch.records import JobRecord
from vimmerse.batch.runner.limit import AdaptiveLimit
from vimmerse.batch.runner.performing import AsyncPerformer
from vimmerse.batch.runner.rows import Context, kind_of, named, row_flow
from vimmerse.batch.runner.scheduler import MAX_FILES, MAX_UNANSWERED
from vimmerse.batch.runner.steps import Download, Step, Submit, Upload, Verdict
from vimmerse.batch.states import State
from vimmerse.jobs.errors import JobError
from vimmerse.jobs.many import Outcome
from vimmerse.jobs.polling import JobRef, Progress
from vimmerse.jobs.waiting import AsyncOptions, wait_async
from vimmerse.v2.resources import AsyncVimmerse

_logger = logging.getLogger("vimmerse.batch")
_RECHECK = 1.0  # seconds


class JobWorker:
    """The steps of the workflow of a job, see :class:`vimmerse.batch.engines.workflows.Steps`.

    ``stop_reason``: why this worker sends no job any more, or empty. ``stop_error``: what the last call met, if that is
    why. ``failure``: an exception that is not about a call. ``stopped``: is set with the first of these.
    """

    def __init__(
        self,
        client: AsyncVimmerse,
        context: Context,
        perform: AsyncPerformer,
        limit: AdaptiveLimit,
        options: AsyncOptions,
        show: Callable[[Event], Awaitable[object]],
        *,
        patience: float,
    ) -> None:
        self.stop_reason = ""
        self.stop_error: Exception | None = None
        self.failure: Exception | None = None
        self.stopped = asyncio.Event()
        self._client = client
        self._ledger = context.ledger
        self._perform = perform
        self._context = context
        self.limit = limit
        self._options = options
        self._show = show
        self._patience = patience
        self._files = asyncio.Semaphore(MAX_FILES)
        self._sends: set[asyncio.Task[float | None]] = set()
        self._sent: set[str] = set()  # by this process
        self._unreadable: set[str] = set()  # whose images are not on this machine
        self._completing = 0
        self._unanswered = 0

    def stop(self, reason: str, error: Exception | None = None) -> None:
        """Send no other job. What is being sent goes on."""
        if not self.stopped.is_set():
            self.stop_reason, self.stop_error, self._context.is_stopped = reason, error, True
            self.stopped.set()

    async def close(self) -> None:
        """Send nothing any more, and wait until what is being sent is recorded."""
        self.stopped.set()
        await asyncio.gather(*self._sends, return_exceptions=True)

    # The steps. DBOS would store what they raise, but not CancelledError: then another worker repeats the step.

    async def create(self, key: str) -> float | None:
        if not await self._may_send():
            raise asyncio.CancelledError
        # If the workflow is cancelled, the call goes on, and is recorded.
        task = asyncio.create_task(self._create(key))
        self._sends.add(task)
        task.add_done_callback(self._sends.discard)
        return await asyncio.shield(task)

    async def complete(self, key: str) -> None:
        if self.stopped.is_set():
            raise asyncio.CancelledError
        self._completing += 1
        try:
            job = await asyncio.to_thread(self._ledger.get, key)
            if job is not None and self.has_work(job):
                await self._drive(job)
        except Exception as error:
            self._fail(key, error)
            raise asyncio.CancelledError from error
        finally:
            self._completing -= 1
            self._sent.discard(key)

    async def _create(self, key: str) -> float | None:
        try:
            job = await asyncio.to_thread(self._reserve, key)
            if job is None or job.state is not State.RESERVED:
                return None if job is None else 0
            pause = None
            try:
                pause = await self._drive(job)
                return pause
            finally:
                if pause != 0:
                    await asyncio.to_thread(self._ledger.unreserve, key)  # if it was not sent
        except Exception as error:
            self._fail(key, error)
            raise asyncio.CancelledError from error

    def _reserve(self, key: str) -> JobRecord | None:
        """Return the job, reserved if it is to be sent; None if it can't be sent now."""
        job = self._ledger.get(key)
        if job is None or (job.state is State.REFUSED and not job.transient):
            return None
        try:
            return self._ledger.reserve(key)
        except AlreadyPaidError as error:
            return error.job
        except (AmbiguousError, BudgetError):
            return None

    def has_work(self, job: JobRecord) -> bool:
        """Whether there is anything to do for a job that this worker has not given up."""
        if job.key in self._context.left:
            return False
        if job.state is State.REFUSED:
            return job.transient
        if job.state is State.FINISHED:
            # Where other machines have saved files is not known here. If the service has named none, it may do so now.
            return self._context.directory is not None and len(job.files) < max(1, len(job.result))
        return job.state in (State.PLANNED, State.RESERVED, State.ACCEPTED)

    async def upload(self, job: JobRecord) -> bool:
        """Upload the images of a job from this machine. Return whether all of them have been uploaded."""
        for _, path, sha256 in job.images:
            while True:
                if job.key in self._unreadable or not await self._may_send():
                    return False
                begun = self.limit.begin()
                step = Upload(self._ledger, Path(path), sha256)
                verdict = await self._perform.perform_step(step)
                assert isinstance(verdict, Verdict)
                await self._judge(step, verdict, begun)
                if verdict.end == "accepted":
                    if verdict.reason:
                        await self._show(events.Uploaded(**named(job), path=Path(path), url=verdict.value))
                    break
                if verdict.end == "refused":
                    self._unreadable.add(job.key)
                    await self._show(
                        events.Refused(**named(job), reason=verdict.reason, estimate=0.0, will_retry="later")
                    )
                    return False
        return True

    async def _may_send(self) -> bool:
        """Wait while the service wants a pause, or refuses more jobs at a time. Return whether this worker goes on."""
        while not self.stopped.is_set():
            pause = self.limit.delay()
            if not pause:
                if self.limit.allows(len(self._sends) + self._completing):
                    return True
                pause = _RECHECK
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self.stopped.wait()
        return False

    async def _drive(self, job: JobRecord) -> float | None:
        """Perform the steps of a job: up to the wait of one that is reserved, all of another.

        Return 0 if it was sent, or the seconds after which to try again, or None.
        """
        flow = row_flow(job, self._context)
        pause = 0.0
        result: object = None
        try:
            while True:
                try:
                    item = flow.throw(result) if isinstance(result, Exception) else flow.send(result)
                except StopIteration:
                    return None
                result = None
                if isinstance(item, JobRef):
                    if job.state is State.RESERVED:
                        self._sent.add(job.key)
                        return 0
                    result = await self._wait(job, item)
                elif isinstance(item, Step):
                    if pause:
                        return pause
                    if isinstance(item, Upload | Submit) and self.stopped.is_set():
                        raise asyncio.CancelledError
                    begun = self.limit.begin()
                    result = await self._step(item)
                    if isinstance(result, Verdict):
                        pause = await self._judge(item, result, begun)
                elif not isinstance(item, events.Resumed) or job.key not in self._sent:
                    await self._show(item)
        finally:
            flow.close()

    async def _step(self, step: Step) -> object:
        try:
            if not isinstance(step, Download):
                return await self._perform.perform_step(step)
            async with self._files:
                return await self._perform.perform_step(step)
        except Exception as error:
            return error

    async def _wait(self, job: JobRecord, ref: JobRef) -> Outcome:
        async def show(progress: Progress) -> None:
            await self._show(events.Progressed(**named(job), progress=progress))

        options: AsyncOptions = {**self._options, "on_progress": show}
        try:
            value = await wait_async(self._client, ref.id, kind=kind_of(job), **options)
        except JobError as error:
            return Outcome(0, ref.id, ref.kind, error=error)
        return Outcome(0, ref.id, ref.kind, value=value)

    async def _judge(self, step: Step, verdict: Verdict, begun: int) -> float:
        """Draw the conclusions for all jobs. Return the seconds after which to try again, or 0."""
        if verdict.end in ("accepted", "refused"):
            if isinstance(step, Submit):
                self._unanswered = 0
            if verdict.end == "accepted" and isinstance(step, Submit):
                self.limit.accepted()
            else:
                self.limit.answered()
        elif verdict.end == "stop":
            await self._give_up(f"The service refuses all jobs: {verdict.reason}.", verdict)
        elif verdict.end in ("again", "ambiguous"):
            pause = self.limit.refused(begun, verdict.retry_after, too_many=verdict.is_too_many)
            await self._show(events.Paused(seconds=pause, reason=verdict.reason, limit=self.limit.size))
            self._unanswered += verdict.end == "ambiguous"
            if self._unanswered >= MAX_UNANSWERED:
                text = f"{self._unanswered} calls in a row got no answer, the last one: {verdict.reason}."
                await self._give_up(text, verdict)
            elif verdict.end == "again" and self.limit.outage() >= self._patience:
                text = f"For {self.limit.outage():.0f} s the service has accepted no job: {verdict.reason}."
                await self._give_up(text, verdict)
            if verdict.end == "again":
                return pause
        return 0.0

    async def _give_up(self, reason: str, verdict: Verdict) -> None:
        self.stop(reason, verdict.error)
        if self.stop_error is verdict.error:  # and not another one before
            await self._show(events.Stopped(reason=reason))

    def _fail(self, key: str, error: Exception) -> None:
        """Stop, since the ledger can't be used, or something is wrong with this program."""
        self.failure = self.failure or error
        # One error is raised in the end; the notes of each may name an id that could not be written.
        notes = " ".join(getattr(error, "__notes__", ()))
        _logger.error("The job %r can't go on for now: %s %s", key, outcomes.describe(error), notes)
        self.stop(f"The job {key!r} can't go on.")
