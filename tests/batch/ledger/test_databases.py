"""Databases that are full, locked, damaged, newer or gone: a clear error, and nothing is lost."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import Pool, event
from vimmerse.batch import BudgetError, Ledger, LedgerError, PlannedJob, State, read_ledger
from vimmerse.batch.ledger import database as database_module

Open = Callable[..., Ledger]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "batch.sqlite"


def rows(count: int) -> list[PlannedJob]:
    return [PlannedJob(key=f"row {number}", body={"prompt": "x" * 500}, estimate=10) for number in range(count)]


FULL = """
import resource, signal, sys
from pathlib import Path
from vimmerse.batch import Ledger, LedgerError, PlannedJob

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
ledger = Ledger(sys.argv[1])
ledger.plan([PlannedJob(key="a", body={}), PlannedJob(key="b", body={})])
first = ledger.begin("a")
limit = max(file.stat().st_size for file in Path(sys.argv[1]).parent.iterdir())
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    for number in range(100):
        ledger.plan([PlannedJob(key=f"c {number}", body={"prompt": "x" * 50_000})])
except LedgerError as error:
    print("plan:", error)
try:
    ledger.begin("b")
    print("sent")
except LedgerError as error:
    print("begin:", error)
try:
    first.accepted("the-id-of-a")
except LedgerError as error:
    print("accepted:", error, *error.__notes__)
"""


def test_a_full_disk(path: Path) -> None:
    result = subprocess.run([sys.executable, "-c", FULL, path], check=True, capture_output=True, text=True)

    lines = result.stdout.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["plan", "begin", "accepted"]
    assert all("the disk is full or broken" in line for line in lines)
    assert "resolve a --job-id the-id-of-a" in lines[2]
    with Ledger(path) as ledger:
        assert ledger.recover() == (1, 0)
        assert {job.key: job.state for job in ledger.jobs() if job.key in "ab"} == {
            "a": State.AMBIGUOUS,
            "b": State.PLANNED,
        }
        assert ledger.resolve("a", job_id="the-id-of-a").state is State.ACCEPTED


def test_a_database_that_another_program_has_locked(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "LOCK_TIMEOUT", 0.05)
    with Ledger(path) as ledger, sqlite3.connect(path, isolation_level=None) as other:
        ledger.plan(rows(1))
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="another program has locked it"):
            ledger.begin("row 0")
        with pytest.raises(LedgerError, match="another program has locked it"):
            Ledger(path, batch="other")
        assert ledger.summary().total == 1  # reading goes on
        other.execute("COMMIT")

        ledger.begin("row 0").accepted("id")
    other.close()


def test_a_new_file_in_which_another_program_is_writing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite does not wait by itself when the journal of a file is changed."""
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE of_another_program (x)")
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO of_another_program VALUES (1)")
    monkeypatch.setattr(time, "sleep", lambda seconds: other.commit())
    with Ledger(path) as ledger:
        assert ledger.summary().total == 0

    other.execute("PRAGMA journal_mode=DELETE")
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    monkeypatch.setattr(database_module, "LOCK_TIMEOUT", 0.05)
    with pytest.raises(LedgerError, match="another program has locked it"):
        Ledger(path)
    other.close()


def test_a_lock_of_postgresql(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import psycopg

    monkeypatch.setattr(database_module, "LOCK_TIMEOUT", 0.05)
    with Ledger(postgres_url) as ledger, psycopg.connect(postgres_url) as other:
        ledger.plan(rows(1))
        other.execute("LOCK TABLE vimmerse_jobs")
        with pytest.raises(LedgerError, match="another program has locked it"):
            ledger.begin("row 0")
        other.commit()

        ledger.begin("row 0").accepted("id")


def test_nothing_is_kept_in_a_session_of_postgresql(postgres_url: str) -> None:
    """A pooler such as PgBouncer may give each transaction another one."""
    query = """
        SELECT name FROM pg_settings
        WHERE source = 'session' AND name ~ '^(lock_timeout|synchronous_commit|default_.*)$'
        UNION SELECT statement FROM pg_prepared_statements
        """
    kept: list[object] = []

    def record(connection: Any, pool_record: object) -> None:
        kept.append(connection.execute(query, prepare=False).fetchall())
        connection.rollback()

    event.listen(Pool, "checkin", record)
    try:
        with Ledger(postgres_url) as ledger:
            ledger.plan(rows(20))
            for number in range(20):
                ledger.begin(f"row {number}").accepted(f"id {number}")
    finally:
        event.remove(Pool, "checkin", record)

    assert len(kept) > 40
    assert not any(kept), kept[-1]


@pytest.mark.parametrize(
    "content", [b"not a database, but longer than the header of one " * 100, b"SQLite format 3\0", b"\0" * 5000]
)
def test_a_file_that_is_no_database(content: bytes, path: Path) -> None:
    path.write_bytes(content)

    with pytest.raises(LedgerError, match="damaged, or not a database"):
        Ledger(path)

    assert path.read_bytes() == content


def test_a_damaged_database(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.plan(rows(200))
    content = bytearray(path.read_bytes())
    content[8192:-4096] = b"\xff" * (len(content) - 12288)
    path.write_bytes(content)

    with pytest.raises(LedgerError, match="damaged"), Ledger(path) as ledger:
        ledger.begin("row 100")

    assert path.read_bytes()[8192:-4096] == content[8192:-4096]


def test_a_newer_database(open_ledger: Open, location: str) -> None:
    ledger = open_ledger()
    ledger.plan(rows(1))
    execute(location, "UPDATE vimmerse_ledger SET version = 99")

    with pytest.raises(LedgerError, match="upgrade vimmerse"):
        open_ledger()

    execute(location, "UPDATE vimmerse_ledger SET version = 1")
    assert open_ledger().summary().total == 1


def execute(location: str, statement: str) -> None:
    if location.startswith("postgresql"):
        import psycopg

        with psycopg.connect(location) as connection:
            connection.execute(statement)
    else:
        with sqlite3.connect(location) as file:
            file.execute(statement)
        file.close()


def test_tables_that_somebody_has_dropped(open_ledger: Open, location: str) -> None:
    ledger = open_ledger()
    execute(location, "DROP TABLE vimmerse_jobs")

    with pytest.raises(LedgerError, match="changed by another program"):
        ledger.plan(rows(1))


def test_a_server_that_is_restarted(postgres_url: str) -> None:
    """Connections that the server has closed are replaced; one that breaks in a transaction is an error."""
    import psycopg

    statement = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vimmerse'"
    with Ledger(postgres_url) as ledger:
        ledger.plan(rows(2))
        with psycopg.connect(postgres_url) as other:
            other.execute(statement)

        ledger.begin("row 0").accepted("id")

        def broken() -> Any:
            yield from rows(3)
            with psycopg.connect(postgres_url) as other:
                other.execute(statement)
            yield from rows(600)

        with pytest.raises(LedgerError, match="can't be used"):
            ledger.plan(broken())
        assert ledger.summary().total == 2


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(LedgerError, match="can't be used") as caught:
        Ledger("postgresql://user:secret-password@127.0.0.1:1/batch")

    assert (
        "secret-password" not in f"{caught.value!r} {caught.value} {caught.value.__cause__!r} {caught.value.__cause__}"
    )


def test_a_password_is_not_shown(postgres_url: str) -> None:
    with Ledger(postgres_url.replace("postgres:@", "postgres:secret-password@")) as ledger:
        assert "secret-password" not in f"{ledger!r} {ledger.location}"


@pytest.mark.parametrize(
    "location",
    ["", b"x.sqlite", "mysql://h/x", "sqlite://", "sqlite:///:memory:", ":memory:", "postgresql://h:port/x", "://"],
)
def test_a_location_must_be_a_file_or_a_server(location: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ValueError, match=r"PostgreSQL|postgresql://|a file"):
        Ledger(location)

    assert not list(tmp_path.iterdir())


def test_a_folder_that_does_not_exist_and_one_in_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="folder does not exist"):
        Ledger(tmp_path / "no" / "batch.sqlite")
    with pytest.raises(LedgerError, match="can't be opened"):
        Ledger(tmp_path)


def test_a_ledger_in_a_folder_that_can_not_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a ledger? #1.sqlite"
    with Ledger(path) as ledger:
        ledger.plan(rows(2))
    monkeypatch.setattr(os, "access", lambda folder, mode: False)  # root may write anywhere

    with read_ledger(path) as (batch,):
        assert batch.summary().total == 2
        assert list(tmp_path.iterdir()) == [path], "SQLite would write a file with the suffix -shm"


def test_a_clock_that_jumps(open_ledger: Open) -> None:
    now = 1_000_000_000.0
    ledger = open_ledger(budget=30, clock=lambda: now)
    ledger.plan(rows(3))
    attempts = []
    for jump in (0, 10**9, -2 * 10**9):
        now += jump
        job = ledger.take()
        assert job is not None
        attempts.append(ledger.begin(job.key))
        assert ledger.recover() == (0, 0)
    for number, attempt in enumerate(attempts):
        now -= 10**6
        attempt.accepted(f"id-{number}")
        assert ledger.end(attempt.job.key, State.FINISHED)

    assert [job.key for job in ledger.jobs(State.FINISHED)] == ["row 0", "row 1", "row 2"]
    assert ledger.summary().spent == 30


def test_several_processes_may_open_a_new_database_at_once(location: str) -> None:
    program = "import sys; from vimmerse.batch import Ledger, PlannedJob\n"
    program += "with Ledger(sys.argv[1]) as ledger: ledger.plan([PlannedJob(key=sys.argv[2], body={})])"
    started = [subprocess.Popen([sys.executable, "-c", program, location, str(number)]) for number in range(3)]

    assert [process.wait() for process in started] == [0, 0, 0]
    with Ledger(location) as ledger:
        assert sorted(job.key for job in ledger.jobs()) == ["0", "1", "2"]


def test_threads_share_a_ledger(open_ledger: Open) -> None:
    ledger = open_ledger(budget=100)
    ledger.plan(rows(16))
    taken: list[str] = []

    def work() -> None:
        with suppress(BudgetError):
            while job := ledger.take():
                send(job.key)

    def send(key: str) -> None:
        with ledger.sending(key) as attempt:
            attempt.accepted(f"id of {key}")
        taken.append(key)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == len(set(taken)) == 10
    assert ledger.summary().committed == 100


def test_many_jobs_are_read_in_pieces(open_ledger: Open) -> None:
    ledger = open_ledger()
    ledger.plan(rows(1203))

    assert [job.number for job in ledger.jobs()] == list(range(1, 1204))
    assert sum(1 for _ in ledger.jobs(State.PLANNED)) == 1203
    assert list(ledger.jobs(State.FINISHED)) == []


def test_more_threads_than_connections(location: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits for a connection, but not for ever."""
    create_engine = sqlalchemy.create_engine
    small = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.01}
    monkeypatch.setattr(sqlalchemy, "create_engine", lambda url, **options: create_engine(url, **{**options, **small}))
    with Ledger(location) as ledger:

        def rows_that_read() -> Iterator[PlannedJob]:
            yield PlannedJob(key=str(ledger.get("a")), body={})

        with pytest.raises(LedgerError, match="too many users at a time"):
            ledger.plan(rows_that_read())
        assert ledger.summary().total == 0


def test_without_the_driver_of_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(ImportError, match=r"pip install 'vimmerse\[postgresql\]'"):
        Ledger("postgresql://user@127.0.0.1:1/batch")
