"""The ledger's database: SQLite in a file, or PostgreSQL for several machines.

A request is sent only after the row that says so is on disk, where it survives a power failure. Commits whose loss
would cost nothing but work are not waited for: they survive the end of a process.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from vimmerse.batch.errors import LedgerError, LedgerNotFoundError
from vimmerse.batch.ledger.schema import VERSION, meta, metadata

#: Seconds to wait for another process that writes to the database.
LOCK_TIMEOUT = 30.0
_POOL_SIZE = 5
_MAX_OVERFLOW = 59  # connections are opened as threads need them

# Parts of what SQLite and PostgreSQL say, and what to do about it.
_REASONS = (
    (("database is locked", "lock timeout", "database table is locked"), "another program has locked it; try again"),
    (("disk is full", "disk i/o error", "no space left", "could not extend file"), "the disk is full or broken"),
    (("malformed", "not a database", "file is encrypted"), "it is damaged, or not a database: restore a backup"),
    (("readonly", "read-only"), "it can't be written to"),
    (("unable to open", "no such file"), "it can't be opened: check that its folder exists and may be written to"),
    (("no such table", "does not exist", "no such column", "undefined"), "it has been changed by another program"),
)


class Database:
    """The connection to a ledger's database. Threads may share it; forked children get connections of their own.

    ``location``: a path, ``sqlite:///PATH`` or ``postgresql://USER:PASSWORD@HOST/NAME``.
    ``create``: whether a ledger that does not exist is created; else it is an error.

    Raises:
        ImportError: the driver is not installed.
        LedgerError: the database can't be used.
        ValueError: ``location`` names no such database.
    """

    def __init__(self, location: str | os.PathLike[str], *, create: bool = True) -> None:
        self.url: URL = _parse(location)
        self.name: str = self.url.render_as_string(hide_password=True)
        self.is_sqlite: bool = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.name = self.url.database or ""
        self._path: str = os.path.abspath(self.name)  # the current folder may change
        self._engine: sa.Engine = self._create_engine(create)
        self._pid: int = os.getpid()
        # SQLite has one writer at a time, and lets others wait by polling.
        self._write_lock: AbstractContextManager[object] = threading.Lock() if self.is_sqlite else nullcontext()
        self._file: os.stat_result | None = None
        try:
            self._create_tables() if create else self._check_tables()
            self._file = os.stat(self._path) if self.is_sqlite else None
        except BaseException:
            self._engine.dispose()
            raise

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def write(self, *, synced: bool = True) -> Iterator[sa.Connection]:
        """A transaction that writes. It is committed when the block ends without an exception.

        ``synced``: whether it is on disk by then. If not, a later one that is synced brings it there, too.
        """
        engine = self._connections().execution_options(vimmerse_synced=synced)
        with self._write_lock, self._errors(), engine.begin() as connection:
            yield connection
        if synced:
            self.check_file()

    def check_file(self) -> None:
        """Raise ``LedgerError`` if the file is gone: SQLite would go on in it, and nobody find what it writes."""
        if self._file is None:
            return
        try:
            is_there = os.path.samestat(self._file, os.stat(self._path))
        except OSError:
            is_there = False
        if not is_there:
            raise LedgerError(
                f"The ledger {self.name} was moved, deleted or replaced while it was in use. Put the file back before "
                f"you go on: what was written last is in {self.name}-wal."
            )

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that only reads."""
        engine = self._connections().execution_options(vimmerse_read=True)
        with self._errors(), engine.begin() as connection:
            yield connection

    def lock(self, connection: sa.Connection, name: str) -> None:
        """Let one transaction at a time go on, of those that lock this name. SQLite's are so in any case."""
        if not self.is_sqlite:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"vimmerse {name}"))))

    def insert(self, table: sa.Table) -> Any:
        """Return an INSERT that leaves out rows whose primary key exists."""
        if self.is_sqlite:
            from sqlalchemy.dialects.sqlite import insert
        else:
            from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]  # the other dialect's class
        return insert(table).on_conflict_do_nothing()

    def _create_engine(self, create: bool) -> sa.Engine:
        if self.is_sqlite:
            arguments: dict[str, Any] = {"timeout": LOCK_TIMEOUT, "check_same_thread": False}
            options: dict[str, Any] = {}
        else:
            # Nothing is kept in a session: a pooler such as PgBouncer may give each transaction another one.
            arguments = {"connect_timeout": 10, "application_name": "vimmerse", "prepare_threshold": None}
            # A server may be configured to do otherwise; then a transaction that has waited for another would fail.
            options = {"isolation_level": "READ COMMITTED"}
        try:
            engine = sa.create_engine(
                self.url if create else self._url_to_read(),
                connect_args=arguments,
                poolclass=sa.QueuePool,
                pool_size=_POOL_SIZE,
                max_overflow=_MAX_OVERFLOW,
                pool_pre_ping=not self.is_sqlite,  # the server may have been restarted
                hide_parameters=True,  # errors don't show bodies
                **options,
            )
        except ImportError:
            raise ImportError("a ledger in PostgreSQL needs psycopg: pip install 'vimmerse[postgresql]'") from None
        if self.is_sqlite:
            event.listen(engine, "connect", _prepare_sqlite if create else _prepare_to_read)
            event.listen(engine, "begin", _begin_sqlite)
        else:
            event.listen(engine, "begin", _begin_postgresql)
        return engine

    def _url_to_read(self) -> URL:
        """Return the URL for a ledger that is only read. SQLite needs files beside it, unless it is told not to."""
        path = Path(self._path)
        if not self.is_sqlite or os.access(path.parent, os.W_OK) or Path(f"{path}-wal").exists():
            return self.url
        query = {"immutable": "1", "uri": "true"}
        return URL.create("sqlite", database=f"file:{quote(str(path))}", query=query)

    def _connections(self) -> sa.Engine:
        if self._pid != os.getpid():  # the parent goes on using its connections
            self._engine.dispose(close=False)
            self._pid = os.getpid()
            if self.is_sqlite:
                self._write_lock = threading.Lock()  # a thread of the parent may have held the old one
        return self._engine

    def _create_tables(self) -> None:
        if self.is_sqlite and not Path(self.name).parent.is_dir():
            raise LedgerError(f"The ledger {self.name} can't be created: its folder does not exist.")
        with self.write() as connection:
            self.lock(connection, "tables")
            if not self._is_ledger(connection):
                metadata.create_all(connection)
                connection.execute(sa.insert(meta).values(version=VERSION))

    def _check_tables(self) -> None:
        if self.is_sqlite and not Path(self.name).exists():
            raise LedgerNotFoundError(f"There is no ledger {self.name}.")
        with self.read() as connection:
            if not self._is_ledger(connection):
                raise LedgerNotFoundError(f"{self.name} is not a ledger: it has no batches.")

    def _is_ledger(self, connection: sa.Connection) -> bool:
        """Whether the tables exist. Raises ``LedgerError`` if they are of a newer version."""
        known = sa.inspect(connection).has_table(meta.name)
        version = connection.execute(sa.select(meta.c.version)).scalar() if known else None
        if version is not None and version > VERSION:
            raise LedgerError(
                f"The ledger {self.name} was written by a newer version of vimmerse (its format is {version}, this "
                f"one knows {VERSION}): upgrade vimmerse. Nothing was changed."
            )
        return version is not None

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Raise ``LedgerError`` for what goes wrong with the database."""
        try:
            yield
        except PoolTimeoutError as error:
            raise LedgerError(f"The ledger {self.name} has too many users at a time; try again.") from error
        except SQLAlchemyError as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            text = " ".join(str(cause).split())
            advice = next((what for parts, what in _REASONS if any(part in text.lower() for part in parts)), "")
            reason = f"{advice} ({text})" if advice else text
            raise LedgerError(f"The ledger {self.name} can't be used: {reason}. What was in it is not lost.") from error


def _parse(location: str | os.PathLike[str]) -> URL:
    text = os.fspath(location)
    expected = "a ledger is in a file of SQLite (PATH or sqlite:///PATH), or in postgresql://USER:PASSWORD@HOST/NAME"
    if not isinstance(text, str):
        raise ValueError(f"{expected}, not {type(location).__name__}")
    try:
        url = make_url(text) if "://" in text else URL.create("sqlite", database=text)
    except (ArgumentError, ValueError):
        raise ValueError(f"the location of the ledger can't be read: {expected}") from None
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    # A database in memory would be lost with the process.
    if url.drivername == "sqlite" and url.database and url.database != ":memory:" and not url.query:
        return url
    raise ValueError(expected)


def _prepare_to_read(connection: Any, record: object) -> None:
    connection.isolation_level = None  # sqlite3 begins no transactions of its own


def _prepare_sqlite(connection: Any, record: object) -> None:
    _prepare_to_read(connection, record)
    cursor = connection.cursor()
    deadline = time.monotonic() + LOCK_TIMEOUT
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError:  # SQLite does not wait here for a process that creates the same file
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if options.get("vimmerse_read"):
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if options.get('vimmerse_synced', True) else 'NORMAL'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_postgresql(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    settings = f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT:g}s'"
    if not options.get("vimmerse_read"):  # a server may be configured to do otherwise
        settings += f"; SET LOCAL synchronous_commit = {'on' if options.get('vimmerse_synced', True) else 'off'}"
    connection.exec_driver_sql(settings)
