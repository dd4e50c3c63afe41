"""A program that is killed at any point, and started again, has paid for each row at most once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from vimmerse.batch import JobRecord, Ledger, State

from tests.batch.kill import runs
from tests.batch.kill.runs import Programs, Run, Service
from tests.sampling import sampled

pytestmark = pytest.mark.slow

NewLocation = Callable[[], str]

#: They work in several threads, and download.
THREADS = ("run", "run_async")
PROGRAMS = ("paid", "taken", "run", "run_async")
EVERY = 24
SHARES = [
    one
    for row, program in enumerate(PROGRAMS)
    for one in sampled(
        ((program, share, database) for share in range(EVERY) for database in ("sqlite", "postgresql")),
        2 * EVERY,
        row=7 * row,
    )
]


@dataclass
class Batch:
    """A batch of a program, from its first start until everything is done."""

    programs: Programs
    service: Service
    program: str
    location: str
    folder: Path
    rows: runs.Rows
    runs: list[Run] = field(default_factory=list)

    def start(self, kill_at: int = 0) -> Run:
        """Run the program, and see that the ledger is in order, and agrees with the service, wherever it has ended."""
        task = self.service.task(self.rows, self.location, self.folder)
        self.runs.append(self.programs.run(self.program, **task, kill_at=kill_at))
        self.jobs()
        return self.runs[-1]

    def jobs(self) -> dict[str, JobRecord]:
        with Ledger(self.location) as ledger:
            jobs = runs.check_books(ledger)
        runs.check_service(self.service, jobs.values())
        return jobs

    def check_end(self) -> list[JobRecord]:
        """The program has come to its end: every row is finished or ambiguous, and was sent once. Return the latter."""
        jobs = self.jobs()
        assert jobs.keys() == self.rows.keys()
        assert {job.state for job in jobs.values()} <= {State.FINISHED, State.AMBIGUOUS}
        sent = runs.calls(self.runs)
        for job in jobs.values():
            assert sent[runs.text_of(job)] in ((1,) if job.state is State.FINISHED else (0, 1)), job
        return [job for job in jobs.values() if job.state is State.AMBIGUOUS]

    def resolve(self, ambiguous: list[JobRecord]) -> None:
        """Settle what is ambiguous by what the service has done, run the program again, and compare the bills."""
        texts = {runs.text_of(job) for job in ambiguous}
        self.service.wait_for(runs.sent(self.runs) & texts)
        created = self.service.created()
        # Where another thread was killed, nobody knows how many bytes this one has sent: the call may be under way.
        unknown = runs.sent(self.runs, "headers.started") - created.keys() if self.program in THREADS else set[str]()
        with Ledger(self.location) as ledger:
            for job in ambiguous:
                (job_id, _), *more = created.get(runs.text_of(job), [("", 0)])
                assert not more
                if runs.text_of(job) not in unknown:
                    ledger.resolve(job.key, job_id=job_id, not_created=not job_id)
        self.start()

        jobs = [job for job in self.jobs().values() if runs.text_of(job) not in unknown]
        assert {job.state for job in jobs} <= {State.FINISHED}
        price = runs.price_of({job.key: self.rows[job.key] for job in jobs})
        bills = [credits for text, made in self.service.created().items() if text not in unknown for _, credits in made]
        assert (len(bills), sum(bills), sum(job.spent for job in jobs)) == (len(jobs), price, price)
        if self.program in THREADS:
            files = {Path(file) for job in jobs for file in job.files}
            assert len(files) == len(jobs)
            assert {path for path in self.folder.iterdir() if path.stat().st_size} == files


@contextmanager
def at(batch: Batch) -> Iterator[None]:
    """Add to an error where the program was killed."""
    try:
        yield
    except Exception as error:
        error.add_note(
            f"killed {', '.join(f'{run.passed[-1]} (the {len(run.passed)}th)' for run in batch.runs if run.killed)}"
        )
        raise


Start = Callable[[str, str], Batch]


@pytest.fixture
def new_batch(programs: Programs, service: Service, new_location: NewLocation, tmp_path: Path) -> Start:
    """Makes batches of a program, with rows whose texts are unique to a point."""

    def new(program: str, point: str) -> Batch:
        service.emulator.reset()
        rows = runs.rows_of(f"{program} {point}")
        return Batch(programs, service, program, new_location(), tmp_path / point, rows)

    return new


@pytest.mark.parametrize(("program", "share", "new_location"), SHARES, indirect=["new_location"])
def test_a_program_that_is_killed_anywhere(program: str, share: int, new_batch: Start) -> None:
    """Each test kills at one boundary in 24; all of them together at every one."""
    point = 1 + share
    while True:
        batch = new_batch(program, f"at {point}")
        if not batch.start(point).killed:
            break
        with at(batch):
            batch.start()
            batch.resolve(batch.check_end())
        point += EVERY
    assert point > 30, "there were boundaries enough"


@pytest.mark.exhaustive
@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("first", range(1, 60, 12))
def test_a_program_that_is_killed_again_while_it_recovers(program: str, first: int, new_batch: Start) -> None:
    batch = new_batch(program, f"at {first}, again")
    assert batch.start(first).killed
    with at(batch):
        batch.start(1 + first * 7 % 23)
        batch.start(1 + first * 5 % 17)
        batch.start()
        batch.resolve(batch.check_end())
