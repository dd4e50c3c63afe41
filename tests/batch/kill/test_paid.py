"""A program that is killed at any point, and started again, has paid for each row at most once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from vimmerse.batch import JobRecord, Ledger, State

from tests.batch.kill import runs
from tests.batch.kill.runs import Programs, Run, Service
from tests.sampling import sampled

pytestmark = pytest.mark.slow

NewLocation = Callable[[], str]

EVERY = 20
SHARES = [
    one
    for row, program in enumerate(("paid", "taken"))
    for one in sampled(((program, share) for share in range(EVERY)), EVERY, row=7 * row)
]


@dataclass
class Batch:
    """A batch of a program, from its first start until everything is done."""

    programs: Programs
    service: Service
    program: str
    location: str
    rows: runs.Rows
    runs: list[Run] = field(default_factory=list)

    def start(self, kill_at: int = 0) -> Run:
        """Run the program, and see that the ledger is in order, and agrees with the service, wherever it has ended."""
        task = self.service.task(self.rows, self.location)
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
        self.service.wait_for(runs.sent(self.runs) & {runs.text_of(job) for job in ambiguous})
        created = self.service.created()
        with Ledger(self.location) as ledger:
            for job in ambiguous:
                (job_id, _), *more = created.get(runs.text_of(job), [("", 0)])
                assert not more
                ledger.resolve(job.key, job_id=job_id, not_created=not job_id)
        self.start()

        jobs, price = self.jobs(), runs.price_of(self.rows)
        assert {job.state for job in jobs.values()} == {State.FINISHED}
        assert sum(job.spent for job in jobs.values()) == price
        bills = [credits for made in self.service.created().values() for _, credits in made]
        assert (len(bills), sum(bills)) == (len(self.rows), price)


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
def new_batch(programs: Programs, service: Service, new_location: NewLocation) -> Start:
    """Makes batches of a program, with rows whose texts are unique to a point."""

    def new(program: str, point: str) -> Batch:
        service.emulator.reset()
        return Batch(programs, service, program, new_location(), runs.rows_of(f"{program} {point}"))

    return new


@pytest.mark.parametrize(("program", "share"), SHARES)
def test_a_program_that_is_killed_anywhere(program: str, share: int, new_batch: Start) -> None:
    """Each test kills at every twentieth boundary; all of them together at every one."""
    for point in range(1 + share, 1000, EVERY):
        batch = new_batch(program, f"at {point}")
        if not batch.start(point).killed:
            break
        with at(batch):
            batch.start()
            batch.resolve(batch.check_end())
    assert point > 50, "there were boundaries enough"


@pytest.mark.exhaustive
@pytest.mark.parametrize(("program", "share"), [("paid", 0), ("taken", 7)])
def test_a_program_that_is_killed_again_while_it_recovers(program: str, share: int, new_batch: Start) -> None:
    for point in range(1 + share, 1000, 3):
        batch = new_batch(program, f"at {point}, again")
        if not batch.start(point).killed:
            break
        with at(batch):
            batch.start(1 + point * 7 % 23)
            batch.start(1 + point * 5 % 17)
            batch.start()
            batch.resolve(batch.check_end())
